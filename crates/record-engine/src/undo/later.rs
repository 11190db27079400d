//! What was changed since an operation, field by field: the value that stands there now, the one that an undo would put there, who changed it
//! and when. It is read from the records and the history, so it says the same before the undo and after it, when it is what the undo kept.
//!
//! What must stay true: nothing is listed that its reader may not see; a page looks at a bounded number of records, however large the operation.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Value, in_list};
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
use crate::query::present::{References, Titles};
use crate::record::Record;

/// Most entries of a page.
pub const MAX_LATER: usize = 100;
/// Batches that one page looks through, for most records of a large operation were not touched since.
const MAX_BATCHES: usize = 20;

/// Whether a field holds neither what the operation put there nor what stood there before.
pub(super) fn is_changed_since(current: &Json, old: &Json, new: &Json) -> bool {
    current != new && current != old
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
        let sql = format!(
            "SELECT c.record_id, c.field_id, c.record_version, o.user_id, o.at FROM changes c JOIN operations o ON o.id = c.operation_id \
             WHERE c.object_type_id = ? AND c.operation_id <> ? AND c.record_id IN {} \
             ORDER BY c.record_id, c.field_id, COALESCE(c.record_version, 0), c.operation_id",
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
/// `NotFound`, `Forbidden` when it is somebody else's, `Invalid` for a cursor that is none.
pub fn later_changes(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    operation_id: i64,
    cursor: Option<&str>,
    limit: usize,
) -> Result<LaterPage> {
    let operation = find_operation(tx, operation_id)?.ok_or(EngineError::NotFound)?;
    if !operation.belongs_to(context) {
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
    let reader = Reader { context, catalog, operation: &operation, is_merge: parts_of(tx, &operation)?.len() > 1 };
    let limit = limit.clamp(1, MAX_LATER);
    for _ in 0..MAX_BATCHES {
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
            // A batch is shown whole: its records were read already.
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
        cursor.changed_after = (first, ids.last().copied().unwrap_or_default());
        cursor.looked_at += i64::try_from(ids.len()).unwrap_or_default();
        let Some(object_type) = self.catalog.object_type_by_id(first) else { return Ok(false) };
        let changes = changes_of(tx, self.operation.id, first, &ids)?;
        let records = load_records(tx, object_type, &ids, false)?;
        let see = Scope::of(self.context, object_type, Action::See)?;
        let mut found: Vec<Found<'_>> = Vec::new();
        for (id, fields) in changes {
            let Some(record) = records.get(&id) else { continue };
            found.extend(self.later_fields(object_type, &see, record, fields));
        }
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
        let Some(last) = ids.last() else {
            cursor.created_type += 1;
            cursor.created_after = 0;
            return Ok(cursor.created_type >= self.catalog.object_types.len());
        };
        cursor.created_after = *last;
        cursor.looked_at += i64::try_from(ids.len()).unwrap_or_default();
        let touched: Vec<i64> = touched_since(tx, self.operation.id, object_type.id, &ids)?.into_iter().collect();
        let records = load_records(tx, object_type, &touched, false)?;
        let last = touches(tx, self.operation.id, object_type.id, &touched)?;
        let found = records
            .values()
            .filter(|record| record.deleted_at.is_none())
            .map(|record| Found { record, field: None, last: last.get(&record.id).copied() })
            .collect();
        self.tell(tx, object_type, &Scope::of(self.context, object_type, Action::See)?, found, page)?;
        Ok(false)
    }

    fn tell(
        &self,
        tx: &mut dyn Query,
        object_type: &ObjectType,
        see: &Scope,
        mut found: Vec<Found<'_>>,
        page: &mut LaterPage,
    ) -> Result<()> {
        let seen = admitted(tx, see, object_type, found.iter().map(|found| found.record))?;
        found.retain(|found| seen.contains(&found.record.id));
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
        let grants = object_type.access().grants(self.context.actor);
        let mut may: BTreeMap<bool, BTreeSet<i64>> = BTreeMap::new();
        for (is_whole, action) in [(false, Action::Change), (true, Action::Delete)] {
            let of_kind = found.iter().filter(|found| found.field.is_none() == is_whole).map(|found| found.record);
            let scope = Scope::of(self.context, object_type, action)?;
            may.insert(is_whole, admitted(tx, &scope, object_type, of_kind)?);
        }
        for Found { record, field, last } in &found {
            let is_open =
                field.as_ref().is_none_or(|(field, _)| !grants.read_only_fields.contains(&field.name.as_str()));
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
