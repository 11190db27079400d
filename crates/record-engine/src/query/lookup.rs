//! Finding many records at once by what stands in a file: by a text, by a channel. One statement for hundreds of values.
//!
//! What must stay true: it does not rank and does not guess: equal sort keys or nothing. All but [`trashed_holders`] find live records only.

use std::collections::{BTreeSet, HashMap};

use database::{Query, Value, in_list, quote_identifier};
use filter_language::{CheckedExpr, sort_key};
use serde_json::Value as Json;

use super::compile::Predicate;
use super::load::MAX_IN_LIST;
use crate::access::{Action, Scope, compile};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::Result;
use crate::field_types::FieldKind;
use crate::record::Record;

/// A live record that has a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelHolder {
    /// The record.
    pub record_id: i64,
    /// Kind of the channel.
    pub kind: String,
    /// Sort key of its value.
    pub value_key: String,
    /// Whether it is marked as shared, so that others may have it too.
    pub is_shared: bool,
}

/// The live records that have one of the channel values, given as sort keys, whether the reader sees them or not.
///
/// # Errors
/// Those of the database.
pub fn channel_holders(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    field: &Field,
    value_keys: &BTreeSet<String>,
) -> Result<Vec<ChannelHolder>> {
    let keys: Vec<Value> = value_keys.iter().map(Value::from).collect();
    let mut holders = Vec::new();
    for chunk in keys.chunks(MAX_IN_LIST) {
        // Not a join: without statistics PostgreSQL reads the whole of the records for it.
        let sql = format!(
            "SELECT c.record_id, c.kind, c.value_key, c.is_shared FROM {} c WHERE c.value_key IN {} \
             AND (SELECT 1 FROM {} t WHERE t.id = c.record_id AND t.deleted_at IS NULL) = 1 ORDER BY c.record_id",
            object_type.child_table(field),
            in_list(chunk.len()),
            quote_identifier(object_type.table()),
        );
        for mut row in tx.query(&sql, chunk)? {
            holders.push(ChannelHolder {
                record_id: row.integer(0)?,
                kind: row.take_text(1)?,
                value_key: row.take_text(2)?,
                is_shared: row.boolean(3)?,
            });
        }
    }
    Ok(holders)
}

/// A record in the trash that has a channel of another record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrashedHolder {
    /// The record.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// The field of the channel.
    pub field: String,
    /// The channel as it is written.
    pub display: String,
}

/// The records in the trash, among those that the reader sees, that have a unique channel of this record: its author may have deleted
/// what he now makes anew. At most one for each channel, the last deleted.
///
/// # Errors
/// Those of the database.
pub fn trashed_holders(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    record: &Record,
) -> Result<Vec<TrashedHolder>> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let predicate = Predicate::new(object_type, scope.rows(), &CheckedExpr::all(), tx.backend()).and_sql();
    let mut found: Vec<TrashedHolder> = Vec::new();
    for field in object_type.value_fields().filter(|field| scope.shows(field)) {
        let FieldKind::Channels(settings) = &field.kind else { continue };
        let sql = format!(
            "SELECT t.id, t.{} FROM {} c JOIN {} t ON t.id = c.record_id \
             WHERE c.value_key = ? AND c.kind = ? AND c.is_shared = 0 AND t.deleted_at IS NOT NULL{} ORDER BY t.deleted_at DESC LIMIT 1",
            quote_identifier(object_type.definition.title_field),
            object_type.child_table(field),
            quote_identifier(object_type.table()),
            predicate.sql
        );
        for entry in record.value(&field.name).as_array().into_iter().flatten() {
            let text = |part: &str| entry.get(part).and_then(Json::as_str).unwrap_or_default();
            let is_unique = settings.kinds.iter().any(|kind| kind.is_unique && kind.key == text("kind"));
            if !is_unique || entry.get("is_shared") == Some(&Json::Bool(true)) {
                continue;
            }
            let mut params: Vec<Value> = vec![sort_key(text("value")).into(), text("kind").into()];
            params.extend_from_slice(&predicate.params);
            let Some(row) = tx.query_optional(&sql, &params)? else { continue };
            let id = row.integer(0)?;
            if !found.iter().any(|known| known.id == id) {
                let title = row.optional_text(1)?.unwrap_or_default();
                found.push(TrashedHolder { id, title, field: field.name.clone(), display: text("display").to_owned() });
            }
        }
    }
    Ok(found)
}

/// The live records that the reader sees whose text field has one of the sort keys, narrowed by a filter of the type: ids by key, ascending.
/// A field that cannot be sorted by, or is hidden from the reader, finds nothing.
///
/// # Errors
/// `Filter` for a filter that does not fit the type.
pub fn ids_by_text(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    field: &Field,
    keys: &BTreeSet<String>,
    filter: Option<&str>,
) -> Result<HashMap<String, Vec<i64>>> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let mut found: HashMap<String, Vec<i64>> = HashMap::new();
    let Some(column) = field.behaviour().sort_column(field).filter(|_| scope.shows(field)) else { return Ok(found) };
    let filter = match filter {
        Some(text) => compile(text, object_type, context)?,
        None => CheckedExpr::all(),
    };
    let predicate = Predicate::of_filter(tx, object_type, scope.rows(), &filter)?.and_sql();
    let column = quote_identifier(&column);
    let keys: Vec<Value> = keys.iter().filter(|key| !key.is_empty()).map(Value::from).collect();
    for chunk in keys.chunks(MAX_IN_LIST) {
        let mut params = chunk.to_vec();
        params.extend_from_slice(&predicate.params);
        let sql = format!(
            "SELECT t.id, t.{column} FROM {} t WHERE t.{column} IN {} AND t.deleted_at IS NULL{} ORDER BY t.id",
            quote_identifier(object_type.table()),
            in_list(chunk.len()),
            predicate.sql
        );
        for mut row in tx.query(&sql, &params)? {
            let id = row.integer(0)?;
            found.entry(row.take_text(1)?).or_default().push(id);
        }
    }
    Ok(found)
}
