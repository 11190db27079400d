//! Storing what has passed all checks: records, child rows, search texts, history, in as few statements as the databases allow.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use database::{DatabaseError, Query, Tx, Value, in_list, padded_in_list, quote_identifier};
use serde_json::Value as Json;

use super::draft::{Draft, Encoded, Intent};
use super::operation::Operation;
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::field_types::{child_rows, keeps_title, with_title_key};
use crate::query::load::MAX_IN_LIST;
use crate::record::Record;
use crate::schema_sync::{MERGED_INTO, SYSTEM_COLUMNS};
use crate::search_text;

/// In the history, the field id of "is in the trash".
pub(crate) const DELETED_FIELD_ID: i64 = 0;
/// In the history, the field id of "was merged into"; below those of the system fields.
pub(crate) const MERGED_FIELD_ID: i64 = -100;

/// In the history, the field id of "its personal data was erased".
pub(crate) const ERASED_FIELD_ID: i64 = -101;

/// Writes all drafts that have something to write, under the operation.
pub(super) fn write(
    tx: &mut Tx,
    context: &RequestContext,
    operation: &mut Operation,
    object_type: &ObjectType,
    drafts: &mut [Draft],
) -> Result<()> {
    let count = drafts.iter().filter(|draft| draft.is_written()).count();
    if count == 0 {
        return Ok(());
    }
    let is_continued = operation.is_continued();
    if let Some(only) = drafts
        .iter()
        .find(|draft| draft.is_written())
        .filter(|_| count == 1 && !is_continued && operation.title.is_none())
    {
        let title = only.after.get(object_type.definition.title_field).and_then(Json::as_str);
        operation.title = title.map(String::from);
    }
    let operation_id = operation.add(tx, context, count)?;
    create(tx, context, operation_id, object_type, drafts)?;
    let revisions: Vec<Revision<'_>> = drafts.iter().filter_map(|draft| Revision::of(object_type, draft)).collect();
    update(tx, context, object_type, &revisions)?;
    remember(tx, operation_id, is_continued, object_type, &revisions)
}

fn create(
    tx: &mut Tx,
    context: &RequestContext,
    operation_id: i64,
    object_type: &ObjectType,
    drafts: &mut [Draft],
) -> Result<()> {
    let mut new: Vec<&mut Draft> =
        drafts.iter_mut().filter(|draft| draft.is_written() && draft.intent == Intent::Create).collect();
    if new.is_empty() {
        return Ok(());
    }
    let ids = tx.allocate_ids(object_type.table(), new.len())?;
    for (draft, id) in new.iter_mut().zip(ids) {
        draft.id = Some(id);
    }
    let encoded: Vec<(i64, &Encoded)> = new.iter().filter_map(|draft| draft.id.zip(draft.encoded.as_deref())).collect();
    // Only the columns that some record of the batch fills: a type may have hundreds.
    let used: BTreeSet<usize> = encoded.iter().flat_map(|(_, encoded)| encoded.columns.keys().copied()).collect();
    let mut columns: Vec<String> = SYSTEM_COLUMNS.iter().map(|column| (*column).to_owned()).collect();
    let mut widths: Vec<(usize, usize)> = Vec::with_capacity(used.len());
    for place in used {
        let Some(field) = object_type.fields.get(place) else { continue };
        let own = field.behaviour().columns(field);
        widths.push((place, own.len()));
        columns.extend(own.into_iter().map(|column| column.name));
    }
    let user: Value = context.actor.user_id().into();
    let rows: Vec<Vec<Value>> = encoded
        .iter()
        .map(|(id, encoded)| {
            let now = Value::Integer(context.now_ms);
            let mut row = Vec::with_capacity(columns.len());
            row.extend([
                Value::Integer(*id),
                Value::Integer(1),
                now.clone(),
                user.clone(),
                operation_id.into(),
                now,
                user.clone(),
                Value::Null,
            ]);
            for (place, width) in &widths {
                match encoded.columns.get(place) {
                    Some(values) => row.extend(values.iter().cloned()),
                    None => row.extend(std::iter::repeat_n(Value::Null, *width)),
                }
            }
            row
        })
        .collect();
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    tx.insert_many(object_type.table(), &names, &rows)?;
    for (place, field) in object_type.fields.iter().enumerate() {
        let mut rows = Vec::new();
        for draft in &new {
            let entries = draft.encoded.as_ref().and_then(|encoded| encoded.children.get(&place).cloned());
            if let Some((id, entries)) = draft.id.zip(entries) {
                push_children(id, with_title_key(object_type, field, &draft.after, entries), &mut rows);
            }
        }
        insert_children(tx, object_type, field, &rows)?;
    }
    let texts = encoded.iter().map(|(id, encoded)| (*id, encoded.search_text.clone())).collect();
    search_text::insert(tx, object_type, texts)
}

/// Puts record and position before the entries of a many-valued field.
fn push_children(id: i64, entries: Vec<Vec<Value>>, rows: &mut Vec<Vec<Value>>) {
    for (position, entry) in entries.into_iter().enumerate() {
        let mut row = Vec::with_capacity(entry.len() + 2);
        row.push(Value::Integer(id));
        row.push(Value::Integer(i64::try_from(position).unwrap_or_default()));
        row.extend(entry);
        rows.push(row);
    }
}

fn insert_children(tx: &mut Tx, object_type: &ObjectType, field: &Field, rows: &[Vec<Value>]) -> Result<()> {
    let Some(child) = field.behaviour().child_table().filter(|_| !rows.is_empty()) else { return Ok(()) };
    let mut columns = vec!["record_id", "position"];
    columns.extend(child.columns.iter().map(|column| column.name.as_str()));
    tx.insert_many(&object_type.child_table(field), &columns, rows)?;
    Ok(())
}

/// A draft of a record that exists, and the fields of it that change, with old and new value.
struct Revision<'a> {
    draft: &'a Draft,
    before: &'a Record,
    changed: Vec<(&'a Field, &'a Json, &'a Json)>,
}

impl<'a> Revision<'a> {
    fn of(object_type: &'a ObjectType, draft: &'a Draft) -> Option<Revision<'a>> {
        let before = draft.before.as_ref().filter(|_| draft.is_written())?;
        Some(Revision { draft, before, changed: draft.changed(object_type) })
    }
}

fn update(tx: &mut Tx, context: &RequestContext, object_type: &ObjectType, revisions: &[Revision<'_>]) -> Result<()> {
    let mut changes: Vec<RowChange> = Vec::new();
    let mut children: BTreeMap<i64, Entries<'_>> = BTreeMap::new();
    let mut texts: BTreeMap<i64, String> = BTreeMap::new();
    for Revision { draft, before, changed } in revisions {
        RowChange::of(context, draft, changed).join(before.id, &mut changes);
        for field in moved_children(object_type, draft, changed) {
            let entries =
                children.entry(field.id).or_insert_with(|| Entries { field, ids: Vec::new(), rows: Vec::new() });
            let is_live = match draft.intent {
                Intent::Delete => false,
                Intent::Restore | Intent::Create => true,
                Intent::Update => before.deleted_at.is_none(),
            };
            entries.ids.push(Value::Integer(before.id));
            push_children(before.id, child_rows(object_type, field, &draft.after, is_live), &mut entries.rows);
        }
        if draft.intent == Intent::Update && changed.iter().any(|(field, ..)| field.is_searched) {
            texts.insert(before.id, draft.search_text(object_type));
        }
    }
    for change in changes {
        change.write(tx, object_type)?;
    }
    // What one record gives up another one of the batch may take, so all entries go before the first one comes.
    for Entries { field, ids, .. } in children.values() {
        for chunk in ids.chunks(MAX_IN_LIST) {
            let (list, params) = padded_in_list(chunk);
            tx.execute(&format!("DELETE FROM {} WHERE record_id IN {list}", object_type.child_table(field)), &params)?;
        }
    }
    for Entries { field, rows, .. } in children.values() {
        insert_children(tx, object_type, field, rows)?;
    }
    search_text::replace(tx, object_type, texts)
}

/// What changes in the row of a record, and the records in whose rows the same changes: a mass change sets one value in all of them.
struct RowChange {
    sets: String,
    params: Vec<Value>,
    ids: Vec<Value>,
}

/// How many different changes of rows are held against the next one. More different ones of one batch are hardly alike.
const COMPARED: usize = 8;

impl RowChange {
    fn of(context: &RequestContext, draft: &Draft, changed: &[(&Field, &Json, &Json)]) -> RowChange {
        let mut sets = "version = version + 1, updated_at = ?, updated_by = ?".to_owned();
        let mut params: Vec<Value> = vec![context.now_ms.into(), context.actor.user_id().into()];
        match draft.intent {
            Intent::Delete => {
                sets.push_str(&format!(", deleted_at = ?, {MERGED_INTO} = ?"));
                params.extend([context.now_ms.into(), draft.merged_into.into()]);
            }
            Intent::Restore => sets.push_str(&format!(", deleted_at = NULL, {MERGED_INTO} = NULL")),
            Intent::Create | Intent::Update => {}
        }
        for (field, _, new) in changed {
            for column in field.behaviour().columns(field) {
                sets.push_str(&format!(", {} = ?", quote_identifier(&column.name)));
            }
            field.behaviour().encode(field, new, &mut params);
        }
        RowChange { sets, params, ids: Vec::new() }
    }

    /// Adds the record to a change that is the same.
    fn join(mut self, id: i64, all: &mut Vec<RowChange>) {
        let id = Value::Integer(id);
        let same =
            all.iter_mut().rev().take(COMPARED).find(|other| other.sets == self.sets && other.params == self.params);
        match same {
            Some(same) => same.ids.push(id),
            None => {
                self.ids.push(id);
                all.push(self);
            }
        }
    }

    /// No version stands in the condition: the records were read for their change in this transaction, or read ahead of it and found at the same
    /// versions in it (`Ahead::if_unchanged`), and nobody else writes them until it ends.
    fn write(&self, tx: &mut Tx, object_type: &ObjectType) -> Result<()> {
        for ids in self.ids.chunks(MAX_IN_LIST) {
            let (list, ids_of_list) = padded_in_list(ids);
            let sql = format!("UPDATE {} SET {} WHERE id IN {list}", quote_identifier(object_type.table()), self.sets);
            let changed = tx.execute(&sql, &[self.params.clone(), ids_of_list].concat())?;
            if usize::try_from(changed) != Ok(ids.len()) {
                // It was removed for good between reading and writing; the whole transaction is tried again.
                return Err(EngineError::Database(DatabaseError::Serialization(
                    "a record changed while it was written".into(),
                )));
            }
        }
        Ok(())
    }
}

/// The entries of a many-valued field that are written anew, and the records whose entries they are.
struct Entries<'a> {
    field: &'a Field,
    ids: Vec<Value>,
    rows: Vec<Vec<Value>>,
}

/// The many-valued fields that a draft writes anew: those that change, those that keep a title that changes, and those with unique values of a
/// record that leaves for the trash or comes back, since uniqueness looks only at live records.
fn moved_children<'a>(
    object_type: &'a ObjectType,
    draft: &Draft,
    changed: &[(&'a Field, &Json, &Json)],
) -> Vec<&'a Field> {
    let is_moved = draft.intent != Intent::Update;
    let changed_children =
        changed.iter().map(|(field, ..)| *field).filter(|field| field.behaviour().child_table().is_some());
    let mut fields: Vec<&Field> = changed_children.collect();
    let is_renamed = changed.iter().any(|(field, ..)| field.name == object_type.definition.title_field);
    if is_moved || is_renamed {
        let unique = |field: &Field| field.behaviour().child_table().is_some_and(|child| child.unique.is_some());
        let known: BTreeSet<i64> = fields.iter().map(|field| field.id).collect();
        let others = object_type.value_fields().filter(|field| !known.contains(&field.id));
        fields.extend(others.filter(|field| is_moved && unique(field) || is_renamed && keeps_title(field)));
    }
    fields
}

/// The history: one row for each changed field. New records have none.
fn remember(
    tx: &mut Tx,
    operation_id: i64,
    is_continued: bool,
    object_type: &ObjectType,
    revisions: &[Revision<'_>],
) -> Result<()> {
    let mut changes: Vec<StoredChange> = Vec::new();
    let id_text = |id: Option<i64>| id.map_or(Value::Null, |id| Value::Text(id.to_string()));
    let text = |value: &Json| if value.is_null() { Value::Null } else { Value::Text(value.to_string()) };
    for Revision { draft, before, changed } in revisions {
        let change =
            |field_id, old, new| StoredChange { id: before.id, version: before.version + 1, field_id, old, new };
        match draft.intent {
            Intent::Delete => changes.push(change(DELETED_FIELD_ID, Value::Null, Value::from("true"))),
            Intent::Restore => changes.push(change(DELETED_FIELD_ID, Value::from("true"), Value::Null)),
            Intent::Create | Intent::Update => {}
        }
        let merged_into = if draft.intent == Intent::Update { before.merged_into } else { draft.merged_into };
        if merged_into != before.merged_into {
            changes.push(change(MERGED_FIELD_ID, id_text(before.merged_into), id_text(merged_into)));
        }
        changes.extend(changed.iter().map(|(field, old, new)| change(field.id, text(old), text(new))));
    }
    if changes.is_empty() {
        return Ok(());
    }
    if is_continued {
        changes = keep_first_old_values(tx, operation_id, object_type, changes)?;
    }
    let rows: Vec<Vec<Value>> = changes
        .into_iter()
        .map(|StoredChange { id, version, field_id, old, new }| {
            vec![object_type.id.into(), id.into(), operation_id.into(), field_id.into(), old, new, version.into()]
        })
        .collect();
    tx.insert_many(
        "changes",
        &["object_type_id", "record_id", "operation_id", "field_id", "old_value", "new_value", "record_version"],
        &rows,
    )?;
    Ok(())
}

/// A change of one field of a record.
struct StoredChange {
    id: i64,
    /// The version that the record has from then on. Operations say nothing about the order: a job keeps one number for minutes.
    version: i64,
    field_id: i64,
    old: Value,
    new: Value,
}

/// An operation that touches a field twice keeps its first old value; only the new one moves on.
fn keep_first_old_values(
    tx: &mut Tx,
    operation_id: i64,
    object_type: &ObjectType,
    changes: Vec<StoredChange>,
) -> Result<Vec<StoredChange>> {
    let ids: Vec<Value> =
        changes.iter().map(|change| change.id).collect::<BTreeSet<i64>>().into_iter().map(Value::Integer).collect();
    let mut known: HashMap<(i64, i64), ()> = HashMap::new();
    for chunk in ids.chunks(MAX_IN_LIST) {
        let mut params: Vec<Value> = vec![operation_id.into(), object_type.id.into()];
        params.extend_from_slice(chunk);
        let sql = format!(
            "SELECT record_id, field_id FROM changes WHERE operation_id = ? AND object_type_id = ? AND record_id IN {}",
            in_list(chunk.len())
        );
        for row in tx.query(&sql, &params)? {
            known.insert((row.integer(0)?, row.integer(1)?), ());
        }
    }
    let mut fresh = Vec::with_capacity(changes.len());
    for change in changes {
        if known.contains_key(&(change.id, change.field_id)) {
            tx.execute(
                "UPDATE changes SET new_value = ?, record_version = ? WHERE object_type_id = ? AND record_id = ? AND operation_id = ? AND field_id = ?",
                &[
                    change.new,
                    change.version.into(),
                    object_type.id.into(),
                    change.id.into(),
                    operation_id.into(),
                    change.field_id.into(),
                ],
            )?;
        } else {
            fresh.push(change);
        }
    }
    Ok(fresh)
}
