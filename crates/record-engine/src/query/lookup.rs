//! Finding many records at once by what stands in a file: by a text, by a channel. One statement for hundreds of values.
//!
//! What must stay true: only live records are found. It does not rank and does not guess: equal sort keys or nothing.

use std::collections::{BTreeSet, HashMap};

use database::{Query, Value, in_list, quote_identifier};
use filter_language::CheckedExpr;

use super::compile::Predicate;
use super::load::MAX_IN_LIST;
use crate::access::{Action, Scope, compile};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::Result;

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
        let sql = format!(
            "SELECT c.record_id, c.kind, c.value_key, c.is_shared FROM {} c JOIN {} t ON t.id = c.record_id \
             WHERE c.value_key IN {} AND t.deleted_at IS NULL ORDER BY c.record_id",
            object_type.child_table(field),
            quote_identifier(object_type.table()),
            in_list(chunk.len())
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
    let predicate = Predicate::new(object_type, scope.rows(), &filter, tx.backend()).and_sql();
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
