//! What was changed since an operation, field by field: the value that stands there now, the one that an undo would put there, who changed it
//! and when. It is read from the records and the history, so it says the same before the undo and after it, when it is what the undo kept.
//!
//! What must stay true: nothing is listed that its reader may not see; a page looks at a bounded number of records, however large the operation.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, ReadTx, Value, in_list};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::parts::parts_of;
use super::step::{FieldChange, changes_of, touched_since};
use super::walk::{changed_batch, created_batch};
use crate::access::{Action, Scope};
use crate::catalog::{Catalog, Field, ObjectType, USER_TYPE, journal};
use crate::context::{RequestContext, instant_text};
use crate::error::{EngineError, Result};
use crate::history::{StoredOperation, find_operation};
use crate::query::admitted;
use crate::query::load::{MAX_IN_LIST, load_records};
use crate::query::page::DEADLINE;
use crate::query::present::{References, Titles};
use crate::record::Record;
use crate::write::DELETED_FIELD_ID;

/// Most entries of a page.
pub const MAX_LATER: usize = 100;
/// Batches that one page looks through, for most records of a large operation were not touched since.
const MAX_BATCHES: usize = 20;

/// Whether a field holds neither what the operation put there nor what stood there before.
pub(super) fn is_changed_since(current: &Json, old: &Json, new: &Json) -> bool {
    current != new && current != old
}

/// What the undo in force put back, of records of one type: whatever stands there by now was written after it, so it is not what the undo kept.
#[derive(Debug, Default)]
pub(super) struct PutBack {
    places: BTreeSet<(i64, i64)>,
}

impl PutBack {
    /// Nothing for an operation that was not taken back.
    pub fn load(tx: &mut dyn Query, operation: &StoredOperation, type_id: i64, ids: &[i64]) -> Result<PutBack> {
        let mut places = BTreeSet::new();
        let Some(undo) = operation.undone_by else { return Ok(PutBack { places }) };
        for chunk in ids.chunks(MAX_IN_LIST) {
            let mut params: Vec<Value> = vec![undo.into(), type_id.into()];
            params.extend(chunk.iter().map(|id| Value::Integer(*id)));
            let sql = format!(
                "SELECT record_id, field_id FROM changes WHERE operation_id = ? AND object_type_id = ? AND record_id IN {}",
                in_list(chunk.len())
            );
            for row in tx.query(&sql, &params)? {
                places.insert((row.integer(0)?, row.integer(1)?));
            }
        }
        Ok(PutBack { places })
    }

    /// Leaves of the changes of an operation those that its undo kept.
    pub fn leave_kept(&self, changes: &mut BTreeMap<i64, Vec<FieldChange>>) {
        for (id, fields) in changes {
            fields.retain(|(field_id, ..)| !self.places.contains(&(*id, *field_id)));
        }
    }

    /// Leaves of the records that an operation made those that its undo did not put in the trash.
    pub fn leave_kept_records(&self, ids: &mut BTreeSet<i64>) {
        ids.retain(|id| !self.places.contains(&(*id, DELETED_FIELD_ID)));
    }
}

/// The last change of something.
#[derive(Clone, Copy, Debug)]
pub(super) struct LastChange {
    /// Version of the record since then; `None` for changes from before versions were kept.
    pub version: Option<i64>,
    user_id: Option<i64>,
    at_ms: i64,
}

/// The last change of each field of the records by other operations than this one; by record and field.
pub(super) fn last_changes(
    tx: &mut dyn Query,
    operation_id: i64,
    type_id: i64,
    ids: &[i64],
) -> Result<BTreeMap<(i64, i64), LastChange>> {
    let mut last = BTreeMap::new();
    for chunk in ids.chunks(MAX_IN_LIST) {
        let mut params: Vec<Value> = vec![type_id.into(), operation_id.into()];
        params.extend(chunk.iter().map(|id| Value::Integer(*id)));
        // Of a long history only the last row of each field leaves the database.
        let sql = format!(
            "SELECT l.record_id, l.field_id, l.record_version, o.user_id, o.at FROM (\
                 SELECT c.record_id, c.field_id, c.record_version, c.operation_id, ROW_NUMBER() OVER (\
                     PARTITION BY c.record_id, c.field_id ORDER BY COALESCE(c.record_version, 0) DESC, c.operation_id DESC) AS place \
                 FROM changes c WHERE c.object_type_id = ? AND c.operation_id <> ? AND c.record_id IN {}\
             ) l JOIN operations o ON o.id = l.operation_id WHERE l.place = 1",
            in_list(chunk.len())
        );
        for row in tx.query(&sql, &params)? {
            let change = LastChange {
                version: row.optional_integer(2)?,
                user_id: row.optional_integer(3)?,
                at_ms: row.integer(4)?,
            };
            last.insert((row.integer(0)?, row.integer(1)?), change);
        }
    }
    Ok(last)
}

/// The last change of anything about each of the records by other operations than this one.
pub(super) fn touches(
    tx: &mut dyn Query,
    operation_id: i64,
    type_id: i64,
    ids: &[i64],
) -> Result<BTreeMap<i64, LastChange>> {
    let mut last: BTreeMap<i64, LastChange> = BTreeMap::new();
    for ((id, _), change) in last_changes(tx, operation_id, type_id, ids)? {
        let known = last.entry(id).or_insert(change);
        if change.version > known.version {
            *known = change;
        }
    }
    Ok(last)
}

/// Where a page ends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// The changed records up to this one (type and id) are done.
    changed_after: (i64, i64),
    is_changed_done: bool,
    /// The types before this one are done, and of it the created records up to this id.
    created_type: usize,
    created_after: i64,
    /// Records looked at so far.
    #[serde(default)]
    looked_at: i64,
}

impl Cursor {
    /// Counts the records of a batch, ascending, up to this one or all of them as looked at; answers the last.
    fn pass(&mut self, ids: &[i64], end: Option<i64>) -> i64 {
        let passed = end.map_or(ids.len(), |end| ids.partition_point(|id| *id <= end));
        self.looked_at += i64::try_from(passed).unwrap_or_default();
        end.or(ids.last().copied()).unwrap_or_default()
    }
}

/// A page of what was changed since.
#[derive(Debug, Default)]
pub struct LaterPage {
    /// The entries; a page may have none and be followed by another.
    pub items: Vec<Json>,
    /// Where the next page starts; `None` at the end.
    pub next_cursor: Option<String>,
    /// Records of the operation looked at so far, all pages together.
    pub looked_at: i64,
}

/// Lists what was changed since an operation.
///
/// # Errors
/// `NotFound`, `Forbidden` when it is somebody else's, `Invalid` for a cursor that is none, `TimedOut` of the database after ten seconds.
pub fn later_changes(
    tx: &mut ReadTx,
    context: &RequestContext,
    catalog: &Catalog,
    operation_id: i64,
    cursor: Option<&str>,
    limit: usize,
) -> Result<LaterPage> {
    tx.set_deadline(DEADLINE)?;
    let operation = find_operation(tx, operation_id)?.ok_or(EngineError::NotFound)?;
    if !operation.belongs_to(context, catalog) {
        return Err(EngineError::Forbidden);
    }
    let mut cursor: Cursor = match cursor {
        None => Cursor::default(),
        Some(text) => serde_json::from_str(text)
            .map_err(|_| EngineError::field(crate::error::FieldError::new("cursor", "wrong_format")))?,
    };
    let mut page = LaterPage::default();
    if journal::is_of_catalog(tx, operation_id)? {
        // What was changed in the catalog since is told by the undo itself.
        return Ok(page);
    }
    let limit = limit.clamp(1, MAX_LATER);
    let is_merge = parts_of(tx, &operation)?.len() > 1;
    let reader = Reader { context, catalog, operation: &operation, is_merge, limit };
    // A type of which the operation made nothing is a step, too, and costs next to nothing.
    for _ in 0..MAX_BATCHES + catalog.object_types.len() {
        let is_done = if cursor.is_changed_done {
            reader.read_created(tx, &mut cursor, &mut page)?
        } else {
            reader.read_changed(tx, &mut cursor, &mut page)?
        };
        if is_done {
            page.looked_at = cursor.looked_at;
            return Ok(page);
        }
        if page.items.len() >= limit {
            break;
        }
    }
    page.looked_at = cursor.looked_at;
    page.next_cursor = serde_json::to_string(&cursor).ok();
    Ok(page)
}

struct Reader<'a> {
    context: &'a RequestContext,
    catalog: &'a Catalog,
    operation: &'a StoredOperation,
    /// Many-valued fields of a merge go back entry by entry, whatever was changed since.
    is_merge: bool,
    /// Entries of a page; what was changed of one record is never parted, so that there may be a few more.
    limit: usize,
}

/// Something that was changed since: a field with the value that it would get, or a record that would go to the trash.
struct Found<'a> {
    record: &'a Record,
    field: Option<(&'a Field, Json)>,
    last: Option<LastChange>,
}

impl Reader<'_> {
    /// One batch of changed records; never the end, for created ones follow.
    fn read_changed(&self, tx: &mut dyn Query, cursor: &mut Cursor, page: &mut LaterPage) -> Result<bool> {
        let Some((first, ids)) = changed_batch(tx, self.operation.id, cursor.changed_after)? else {
            cursor.is_changed_done = true;
            return Ok(false);
        };
        let Some(object_type) = self.catalog.object_type_by_id(first) else {
            cursor.changed_after = (first, cursor.pass(&ids, None));
            return Ok(false);
        };
        let mut changes = changes_of(tx, self.operation.id, first, &ids)?;
        PutBack::load(tx, self.operation, first, &ids)?.leave_kept(&mut changes);
        let records = load_records(tx, object_type, &ids, false)?;
        let see = Scope::of(self.context, object_type, Action::See)?;
        let mut found: Vec<Found<'_>> = Vec::new();
        for (id, fields) in changes {
            let Some(record) = records.get(&id) else { continue };
            found.extend(self.later_fields(object_type, &see, record, fields));
        }
        let end = self.cut(tx, object_type, &see, &mut found, page)?;
        cursor.changed_after = (first, cursor.pass(&ids, end));
        let touched: BTreeSet<i64> = found.iter().map(|found| found.record.id).collect();
        let last = last_changes(tx, self.operation.id, first, &touched.into_iter().collect::<Vec<i64>>())?;
        for found in &mut found {
            let place = found.field.as_ref().map(|(field, _)| (found.record.id, field.id));
            found.last = place.and_then(|place| last.get(&place).copied());
        }
        self.tell(tx, object_type, &see, found, page)?;
        Ok(false)
    }

    fn later_fields<'a>(
        &self,
        object_type: &'a ObjectType,
        see: &Scope,
        record: &'a Record,
        fields: Vec<FieldChange>,
    ) -> Vec<Found<'a>> {
        let later = fields.into_iter().filter_map(|(field_id, old, new)| {
            let field = object_type.field_by_id(field_id)?;
            let goes_by_entry = self.is_merge && field.behaviour().child_table().is_some();
            let is_told = !field.is_read_only && !goes_by_entry && see.shows(field);
            (is_told && is_changed_since(record.value(&field.name), &old, &new)).then_some(Found {
                record,
                field: Some((field, old)),
                last: None,
            })
        });
        later.collect()
    }

    /// One batch of records that the operation made; answers whether there are no more.
    fn read_created(&self, tx: &mut dyn Query, cursor: &mut Cursor, page: &mut LaterPage) -> Result<bool> {
        let Some(object_type) = self.catalog.object_types.get(cursor.created_type) else { return Ok(true) };
        let ids = created_batch(tx, self.operation.id, object_type, cursor.created_after)?;
        if ids.is_empty() {
            cursor.created_type += 1;
            cursor.created_after = 0;
            return Ok(cursor.created_type >= self.catalog.object_types.len());
        }
        let mut touched = touched_since(tx, self.operation.id, object_type.id, &ids)?;
        PutBack::load(tx, self.operation, object_type.id, &ids)?.leave_kept_records(&mut touched);
        let records = load_records(tx, object_type, &touched.into_iter().collect::<Vec<i64>>(), false)?;
        let live = records.values().filter(|record| record.deleted_at.is_none());
        let mut found: Vec<Found<'_>> = live.map(|record| Found { record, field: None, last: None }).collect();
        let see = Scope::of(self.context, object_type, Action::See)?;
        let end = self.cut(tx, object_type, &see, &mut found, page)?;
        cursor.created_after = cursor.pass(&ids, end);
        let told: Vec<i64> = found.iter().map(|found| found.record.id).collect();
        let last = touches(tx, self.operation.id, object_type.id, &told)?;
        for found in &mut found {
            found.last = last.get(&found.record.id).copied();
        }
        self.tell(tx, object_type, &see, found, page)?;
        Ok(false)
    }

    /// Leaves what the reader may see, and of that as many records, in their order, as the page has room for; answers the last of them when others follow.
    fn cut(
        &self,
        tx: &mut dyn Query,
        object_type: &ObjectType,
        see: &Scope,
        found: &mut Vec<Found<'_>>,
        page: &LaterPage,
    ) -> Result<Option<i64>> {
        let seen = admitted(tx, see, object_type, found.iter().map(|found| found.record))?;
        found.retain(|found| seen.contains(&found.record.id));
        let room = self.limit.saturating_sub(page.items.len()).max(1);
        let Some(last) = found.get(room - 1).map(|found| found.record.id) else { return Ok(None) };
        let end = found.partition_point(|found| found.record.id <= last);
        if end == found.len() {
            return Ok(None);
        }
        found.truncate(end);
        Ok(Some(last))
    }

    fn tell(
        &self,
        tx: &mut dyn Query,
        object_type: &ObjectType,
        see: &Scope,
        found: Vec<Found<'_>>,
        page: &mut LaterPage,
    ) -> Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let mut wanted = References::default();
        for Found { record, field, last } in &found {
            wanted.add_user(last.and_then(|last| last.user_id));
            if let Some((field, would_be)) = field {
                wanted.add_value(field, record.value(&field.name));
                wanted.add_value(field, would_be);
            }
        }
        let titles = Titles::load(tx, self.context, self.catalog, &wanted)?;
        let title_field = object_type.field(object_type.definition.title_field).filter(|field| see.shows(field));
        let permissions = self.context.permissions(object_type);
        let mut may: BTreeMap<bool, BTreeSet<i64>> = BTreeMap::new();
        for (is_whole, action) in [(false, Action::Change), (true, Action::Delete)] {
            let of_kind = found.iter().filter(|found| found.field.is_none() == is_whole).map(|found| found.record);
            let scope = Scope::of(self.context, object_type, action)?;
            may.insert(is_whole, admitted(tx, &scope, object_type, of_kind)?);
        }
        for Found { record, field, last } in &found {
            let is_open = field.as_ref().is_none_or(|(field, _)| permissions.writes(&field.name));
            let is_allowed = may.get(&field.is_none()).is_some_and(|ids| ids.contains(&record.id));
            page.items.push(json!({
                "type": object_type.name,
                "id": record.id,
                "version": record.version,
                "title": title_field.and_then(|field| record.value(&field.name).as_str()).unwrap_or_default(),
                "field": field.as_ref().map(|(field, _)| &field.name),
                "current": field.as_ref().map(|(field, _)| titles.value(field, record.value(&field.name))),
                "would_be": field.as_ref().map(|(field, would_be)| titles.value(field, would_be)),
                "changed_by": last.and_then(|last| last.user_id).map(|id| titles.reference(USER_TYPE, id)),
                "changed_at": last.map(|last| instant_text(last.at_ms)),
                "can_overwrite": is_open && is_allowed,
            }));
        }
        Ok(())
    }
}
