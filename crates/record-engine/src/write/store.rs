//! Storing what has passed all checks: records, child rows, search texts, history, in as few statements as the databases allow.

use std::collections::{BTreeSet, HashMap};

use database::{DatabaseError, Query, Tx, Value, in_list, quote_identifier};
use serde_json::Value as Json;

use super::draft::{Draft, Encoded, Intent};
use super::operation::Operation;
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::query::load::MAX_IN_LIST;
use crate::schema_sync::{MERGED_INTO, SYSTEM_COLUMNS};
use crate::search_text;

/// In the history, the field id of "is in the trash".
pub(crate) const DELETED_FIELD_ID: i64 = 0;
/// In the history, the field id of "was merged into"; below those of the system fields.
pub(crate) const MERGED_FIELD_ID: i64 = -100;

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
    update(tx, context, object_type, drafts)?;
    remember(tx, operation_id, is_continued, object_type, drafts)
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
        for (id, encoded) in &encoded {
            push_children(*id, encoded.children.get(&place).cloned().unwrap_or_default(), &mut rows);
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

fn update(tx: &mut Tx, context: &RequestContext, object_type: &ObjectType, drafts: &[Draft]) -> Result<()> {
    for draft in drafts.iter().filter(|draft| draft.is_written()) {
        let Some(before) = &draft.before else { continue };
        let mut sets =
            vec!["version = version + 1".to_owned(), "updated_at = ?".to_owned(), "updated_by = ?".to_owned()];
        let mut params: Vec<Value> = vec![context.now_ms.into(), context.actor.user_id().into()];
        match draft.intent {
            Intent::Delete => {
                sets.push("deleted_at = ?".into());
                params.push(context.now_ms.into());
                sets.push(format!("{MERGED_INTO} = ?"));
                params.push(draft.merged_into.into());
            }
            Intent::Restore => sets.push(format!("deleted_at = NULL, {MERGED_INTO} = NULL")),
            Intent::Create | Intent::Update => {}
        }
        for (field, _, new) in draft.changed(object_type) {
            for column in field.behaviour().columns(field) {
                sets.push(format!("{} = ?", quote_identifier(&column.name)));
            }
            field.behaviour().encode(field, new, &mut params);
        }
        params.extend([Value::Integer(before.id), Value::Integer(before.version)]);
        let sql = format!(
            "UPDATE {} SET {} WHERE id = ? AND version = ?",
            quote_identifier(object_type.table()),
            sets.join(", ")
        );
        if tx.execute(&sql, &params)? != 1 {
            // Somebody else was faster between reading and writing; the whole transaction is tried again.
            return Err(EngineError::Database(DatabaseError::Serialization(
                "a record changed while it was written".into(),
            )));
        }
        update_children(tx, object_type, draft, before.id)?;
        let text = search_text::search_text(object_type, &draft.after);
        if draft.intent == Intent::Update && text != search_text::search_text(object_type, &before.values) {
            search_text::replace(tx, object_type, before.id, text)?;
        }
    }
    Ok(())
}

fn update_children(tx: &mut Tx, object_type: &ObjectType, draft: &Draft, id: i64) -> Result<()> {
    for field in object_type.value_fields() {
        let Some(child) = field.behaviour().child_table() else { continue };
        let is_changed = draft.changed(object_type).any(|(changed, _, _)| changed.id == field.id);
        // Uniqueness looks only at live records: leaving for the trash frees the values, coming back takes them again.
        let is_moved = child.unique.is_some() && draft.intent != Intent::Update;
        if is_changed || is_moved {
            tx.execute(&format!("DELETE FROM {} WHERE record_id = ?", object_type.child_table(field)), &[id.into()])?;
            let is_live = match draft.intent {
                Intent::Delete => false,
                Intent::Restore | Intent::Create => true,
                Intent::Update => draft.before.as_ref().is_none_or(|record| record.deleted_at.is_none()),
            };
            let mut rows = Vec::new();
            if let Some(value) = draft.after.get(&field.name) {
                push_children(id, field.behaviour().encode_children(field, value, is_live), &mut rows);
            }
            insert_children(tx, object_type, field, &rows)?;
        }
    }
    Ok(())
}

/// The history: one row for each changed field. New records have none.
fn remember(
    tx: &mut Tx,
    operation_id: i64,
    is_continued: bool,
    object_type: &ObjectType,
    drafts: &[Draft],
) -> Result<()> {
    let mut changes: Vec<StoredChange> = Vec::new();
    let id_text = |id: Option<i64>| id.map_or(Value::Null, |id| Value::Text(id.to_string()));
    let text = |value: &Json| if value.is_null() { Value::Null } else { Value::Text(value.to_string()) };
    for draft in drafts.iter().filter(|draft| draft.is_written()) {
        let Some(before) = &draft.before else { continue };
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
        changes.extend(draft.changed(object_type).map(|(field, old, new)| change(field.id, text(old), text(new))));
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
