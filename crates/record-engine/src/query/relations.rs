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

/// The records that point by this relation to one of `ids`, those in the trash too, ascending; at most `limit` of them.
///
/// # Errors
/// Those of the database.
pub fn pointing_to(tx: &mut dyn Query, relation: Relation<'_>, ids: &[i64], limit: usize) -> Result<Vec<i64>> {
    let Relation { object_type, field } = relation;
    let list = in_list(ids.len());
    let mut params: Vec<Value> = ids.iter().map(|id| Value::Integer(*id)).collect();
    let sql = if field.behaviour().child_table().is_some() {
        format!(
            "SELECT DISTINCT record_id FROM {} WHERE value IN {list} ORDER BY record_id LIMIT {limit}",
            object_type.child_table(field)
        )
    } else {
        let table = quote_identifier(object_type.table());
        let column = quote_identifier(&field.column);
        params.extend(params.clone());
        // The index of the field holds live records only, and the index of the trash those in it.
        format!(
            "SELECT id FROM (SELECT id FROM {table} WHERE {column} IN {list} AND deleted_at IS NULL \
             UNION ALL SELECT id FROM {table} WHERE {column} IN {list} AND deleted_at IS NOT NULL) pointing ORDER BY id LIMIT {limit}"
        )
    };
    tx.query(&sql, &params)?.iter().map(|row| row.integer(0).map_err(Into::into)).collect()
}
