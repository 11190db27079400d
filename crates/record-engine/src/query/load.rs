//! Loading whole records by id: one statement for the records, one for each many-valued field.

use std::collections::{BTreeMap, HashMap};

use database::{Backend, Query, Row, Value, in_list, padded_in_list, quote_identifier};
use serde_json::Value as Json;

use super::visible::admitted;
use crate::access::{Action, Scope};
use crate::catalog::{Field, FieldLayout, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::record::{Record, Values};
use crate::schema_sync::{ERASED_AT, MERGED_INTO, SYSTEM_COLUMNS};

/// Most values in one `IN` list.
pub const MAX_IN_LIST: usize = 500;
/// From so many records on it is worth while to see whether they follow each other.
const MIN_RANGE: usize = 32;

/// The columns that a query reads: those of the system, then those of the chosen fields.
pub struct Projection<'a> {
    fields: Vec<(&'a Field, &'a FieldLayout)>,
}

impl<'a> Projection<'a> {
    /// All fields, or those whose names are given.
    pub fn new(object_type: &'a ObjectType, names: Option<&[String]>) -> Projection<'a> {
        let is_wanted = |(field, _): &(&Field, &FieldLayout)| names.is_none_or(|names| names.contains(&field.name));
        Projection { fields: object_type.value_layouts().filter(is_wanted).collect() }
    }

    /// The select list with alias `t`.
    pub fn select_list(&self) -> String {
        let mut list: Vec<String> = SYSTEM_COLUMNS.iter().map(|column| format!("t.{column}")).collect();
        list.extend([MERGED_INTO, ERASED_AT].map(|column| format!("t.{column}")));
        list.extend(self.fields.iter().filter(|(_, layout)| layout.width > 0).map(|(_, layout)| layout.select.clone()));
        list.join(", ")
    }

    /// A record from a row of the select list; many-valued fields come later.
    ///
    /// # Errors
    /// When a system column cannot be read.
    pub fn record(&self, mut row: Row) -> Result<Record> {
        let mut values = Values::new();
        let mut at = SYSTEM_COLUMNS.len() + 2;
        for (field, FieldLayout { width, .. }) in &self.fields {
            if *width > 0 {
                let value = field.behaviour().decode(&mut row, at);
                if !value.is_null() {
                    values.insert(field.name.clone(), value);
                }
                at += width;
            }
        }
        Ok(Record {
            id: row.integer(0)?,
            version: row.integer(1)?,
            created_at: row.integer(2)?,
            created_by: row.optional_integer(3)?,
            created_operation: row.integer(4)?,
            updated_at: row.integer(5)?,
            updated_by: row.optional_integer(6)?,
            deleted_at: row.optional_integer(7)?,
            merged_into: row.optional_integer(8)?,
            erased_at: row.optional_integer(9)?,
            values,
        })
    }

    /// Fills the many-valued fields of loaded records.
    ///
    /// # Errors
    /// Those of the database.
    pub fn load_children(&self, tx: &mut dyn Query, records: &mut [Record]) -> Result<()> {
        let places: HashMap<i64, usize> = records.iter().enumerate().map(|(at, record)| (record.id, at)).collect();
        let mut ids: Vec<i64> = records.iter().map(|record| record.id).collect();
        ids.sort_unstable();
        let chunks: Vec<(String, Vec<Value>)> = ids.chunks(MAX_IN_LIST).map(which_records).collect();
        for (field, layout) in &self.fields {
            let Some(select) = &layout.select_children else { continue };
            for (condition, params) in &chunks {
                for mut row in
                    tx.query(&format!("{select} WHERE record_id {condition} ORDER BY record_id, position"), params)?
                {
                    let value = field.behaviour().decode_child(&mut row, 1);
                    let record = places.get(&row.integer(0)?).and_then(|at| records.get_mut(*at));
                    if let Some(record) = record {
                        let entry = record.values.entry(field.name.clone()).or_insert_with(|| Json::Array(Vec::new()));
                        if let Some(array) = entry.as_array_mut() {
                            array.push(value);
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// What stands behind `record_id` to find the entries of these records, ascending. Those of records that follow each other, as in a job over
/// the whole base, are read in one go instead of being looked up one by one; a few of others among them are passed over.
fn which_records(ids: &[i64]) -> (String, Vec<Value>) {
    let (first, last) = (ids.first().copied().unwrap_or_default(), ids.last().copied().unwrap_or_default());
    let few_others = i64::try_from(ids.len() + ids.len() / 4).unwrap_or(i64::MAX);
    if ids.len() >= MIN_RANGE && last.saturating_sub(first) <= few_others {
        return ("BETWEEN ? AND ?".to_owned(), vec![first.into(), last.into()]);
    }
    let values: Vec<Value> = ids.iter().map(|id| Value::Integer(*id)).collect();
    let (list, params) = padded_in_list(&values);
    (format!("IN {list}"), params)
}

/// Loads records with all their fields, in no particular order; unknown ids are left out. With `for_update` PostgreSQL locks them.
///
/// This is the writer's view, without a scope: it never leaves the engine unchecked.
///
/// # Errors
/// Those of the database.
pub fn load_records(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    ids: &[i64],
    for_update: bool,
) -> Result<BTreeMap<i64, Record>> {
    let projection = Projection::new(object_type, None);
    let lock = if for_update && tx.backend() == Backend::Postgres { " ORDER BY t.id FOR UPDATE" } else { "" };
    let mut records = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(MAX_IN_LIST) {
        let params: Vec<Value> = chunk.iter().map(|id| Value::Integer(*id)).collect();
        let sql = format!(
            "SELECT {} FROM {} t WHERE t.id IN {}{lock}",
            projection.select_list(),
            quote_identifier(object_type.table()),
            in_list(chunk.len())
        );
        for row in tx.query(&sql, &params)? {
            records.push(projection.record(row)?);
        }
    }
    projection.load_children(tx, &mut records)?;
    Ok(records.into_iter().map(|record| (record.id, record)).collect())
}

/// The versions at which records stand; unknown ids are left out. PostgreSQL locks them.
///
/// # Errors
/// Those of the database.
pub fn versions(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    ids: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, i64>> {
    let ids: Vec<Value> = ids.into_iter().map(Value::Integer).collect();
    let lock = if tx.backend() == Backend::Postgres { " ORDER BY id FOR UPDATE" } else { "" };
    let mut versions = BTreeMap::new();
    for chunk in ids.chunks(MAX_IN_LIST) {
        let (list, params) = padded_in_list(chunk);
        let table = quote_identifier(object_type.table());
        for row in tx.query(&format!("SELECT id, version FROM {table} WHERE id IN {list}{lock}"), &params)? {
            versions.insert(row.integer(0)?, row.integer(1)?);
        }
    }
    Ok(versions)
}

/// One record, if it exists and the reader may see it, without its hidden fields. Records in the trash are found too.
///
/// # Errors
/// Those of the database.
pub fn get(tx: &mut dyn Query, context: &RequestContext, object_type: &ObjectType, id: i64) -> Result<Option<Record>> {
    Ok(get_many(tx, context, object_type, &[id])?.pop())
}

/// A record that the reader sees, with the fields that are hidden from him: to judge what he may do with it, never to be shown.
///
/// # Errors
/// `NotFound` for one that he does not see; those of the database.
pub fn get_whole(tx: &mut dyn Query, context: &RequestContext, object_type: &ObjectType, id: i64) -> Result<Record> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let record = load_records(tx, object_type, &[id], false)?.remove(&id).ok_or(EngineError::NotFound)?;
    if admitted(tx, &scope, object_type, [&record])?.is_empty() { Err(EngineError::NotFound) } else { Ok(record) }
}

/// [`get`] for several records, ascending by id.
///
/// # Errors
/// Those of the database.
pub fn get_many(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    ids: &[i64],
) -> Result<Vec<Record>> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let mut found = load_records(tx, object_type, ids, false)?;
    let seen = admitted(tx, &scope, object_type, found.values())?;
    found.retain(|id, _| seen.contains(id));
    Ok(found.into_values().map(|record| masked(object_type, &scope, record)).collect())
}

/// Removes the fields that the scope hides.
pub fn masked(object_type: &ObjectType, scope: &Scope, mut record: Record) -> Record {
    record.values.retain(|name, _| object_type.field(name).is_some_and(|field| scope.shows(field)));
    record
}
