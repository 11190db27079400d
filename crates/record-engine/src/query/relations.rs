//! Which records point to a record: every field of every type whose target it is.
//!
//! What must stay true: a field that refers to a type is found by its kind alone, so a new module's relations are moved by a merge without
//! a word from it.

use std::sync::Arc;

use database::{Query, Value, in_list, quote_identifier};

use crate::catalog::{Catalog, Field, ObjectType};
use crate::error::Result;

/// A field of some type that points to records of the wanted type.
#[derive(Clone, Copy)]
pub struct Relation<'a> {
    /// Whose field it is.
    pub object_type: &'a Arc<ObjectType>,
    /// The field.
    pub field: &'a Field,
}

/// All fields of all types that point to records of the type `target`.
pub fn relations_to<'a>(catalog: &'a Catalog, target: &str) -> Vec<Relation<'a>> {
    let mut relations = Vec::new();
    for object_type in &catalog.object_types {
        for field in object_type.value_fields() {
            if field.kind.reference_target().is_some_and(|settings| settings.target == target) {
                relations.push(Relation { object_type, field });
            }
        }
    }
    relations
}

/// The records that point by this relation to one of `ids`, those in the trash too, ascending; at most `limit` of either.
///
/// # Errors
/// Those of the database.
pub fn pointing_to(tx: &mut dyn Query, relation: Relation<'_>, ids: &[i64], limit: usize) -> Result<Vec<i64>> {
    let Relation { object_type, field } = relation;
    let list = in_list(ids.len());
    let params: Vec<Value> = ids.iter().map(|id| Value::Integer(*id)).collect();
    let statements = if field.behaviour().child_table().is_some() {
        let table = object_type.child_table(field);
        vec![format!("SELECT DISTINCT record_id FROM {table} WHERE value IN {list} ORDER BY record_id LIMIT {limit}")]
    } else {
        let table = quote_identifier(object_type.table());
        let column = quote_identifier(&field.column);
        // The index of the field holds live records only, and the index of the trash those in it. Asked in one statement, or in an order, SQLite
        // would go through the whole table for the second.
        vec![
            format!("SELECT id FROM {table} WHERE {column} IN {list} AND deleted_at IS NULL LIMIT {limit}"),
            format!(
                "SELECT id FROM {table} WHERE deleted_at IS NOT NULL AND deleted_at > 0 AND +{column} IN {list} LIMIT {limit}"
            ),
        ]
    };
    let mut found = Vec::new();
    for sql in statements {
        for row in tx.query(&sql, &params)? {
            found.push(row.integer(0)?);
        }
    }
    found.sort_unstable();
    Ok(found)
}
