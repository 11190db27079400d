//! The whole history as a stream, for whoever takes everything out of the base: administrators.

use std::ops::ControlFlow;

use database::{DatabaseError, Query, Row};
use serde_json::Value as Json;

use super::concealed::{hidden_records, touching};
use super::{COLUMNS, StoredOperation};
use crate::access::{Action, Feature};
use crate::catalog::{Catalog, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::write::{DELETED_FIELD_ID, ERASED_FIELD_ID, MERGED_FIELD_ID};

/// The change of a field of a record.
#[derive(Clone, Debug)]
pub struct StoredChange {
    /// The operation that made it.
    pub operation_id: i64,
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// Who.
    pub user_id: Option<i64>,
    /// Name of the type.
    pub object_type: String,
    /// The record; `None` for a change of the type itself.
    pub record_id: Option<i64>,
    /// Name of the field; `deleted` and `merged_into` for ways into the trash and out of it, `layout` for the arrangement of cards.
    pub field: String,
    /// The stored value before.
    pub old: Json,
    /// The stored value after.
    pub new: Json,
}

/// Hands every operation to `each`, the oldest first, until that breaks off.
///
/// # Errors
/// `Forbidden` for all but administrators; those of the database and of `each`.
pub fn each_operation(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    each: &mut dyn FnMut(StoredOperation) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let concealed = touching(tx, context, catalog, None)?;
    let sql = format!("SELECT {COLUMNS} FROM operations o ORDER BY o.id");
    each_row(tx, context, &sql, &mut |row| {
        let mut operation = StoredOperation::read(&row)?;
        if concealed.contains(&operation.id) {
            operation.conceal();
        }
        each(operation)
    })
}

/// Hands every change of a record to `each`, record by record, until that breaks off. What an operation created has no changes of its own. Left
/// out are the types of which not every record is for the actor, such as the private views of others, and records that are restricted.
///
/// # Errors
/// As [`each_operation`].
pub fn each_change(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    each: &mut dyn FnMut(StoredChange) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let sql = "SELECT c.operation_id, o.at, o.user_id, c.object_type_id, c.field_id, c.old_value, c.new_value, c.record_id \
               FROM changes c JOIN operations o ON o.id = c.operation_id \
               ORDER BY c.object_type_id, c.record_id, c.operation_id, c.field_id";
    let is_open = |id: i64| {
        catalog.object_type_by_id(id).is_none_or(|object_type| context.permissions(object_type).may_all(Action::See))
    };
    let hidden = hidden_records(tx, context, catalog)?;
    each_row(tx, context, sql, &mut |row| {
        let (type_id, record_id) = (row.integer(3)?, row.optional_integer(7)?);
        if !is_open(type_id) || record_id.is_some_and(|id| hidden.contains(&(type_id, id))) {
            return Ok(ControlFlow::Continue(()));
        }
        each(change(&row, catalog, record_id, |id| match id {
            DELETED_FIELD_ID => Some("deleted".into()),
            MERGED_FIELD_ID => Some("merged_into".into()),
            ERASED_FIELD_ID => Some("erased".into()),
            _ => None,
        })?)
    })
}

/// Hands every change of fields and of the arrangement of cards to `each`, the oldest first, until that breaks off.
///
/// # Errors
/// As [`each_operation`].
pub fn each_catalog_change(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    each: &mut dyn FnMut(StoredChange) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let sql = "SELECT c.operation_id, o.at, o.user_id, c.object_type_id, c.field_id, c.old_value, c.new_value \
               FROM catalog_changes c JOIN operations o ON o.id = c.operation_id \
               ORDER BY c.operation_id, c.object_type_id, c.field_id";
    each_row(tx, context, sql, &mut |row| {
        each(change(&row, catalog, None, |id| (id == 0).then(|| "layout".to_owned()))?)
    })
}

fn change(
    row: &Row,
    catalog: &Catalog,
    record_id: Option<i64>,
    name_of: impl Fn(i64) -> Option<String>,
) -> Result<StoredChange> {
    let object_type = catalog.object_type_by_id(row.integer(3)?);
    let field_id = row.integer(4)?;
    let known = |object_type: &ObjectType| object_type.field_by_id(field_id).map(|field| field.name.clone());
    let field = name_of(field_id).or_else(|| object_type.and_then(|found| known(found)));
    let json = |at: usize| -> Result<Json> {
        Ok(row.optional_text(at)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null))
    };
    Ok(StoredChange {
        operation_id: row.integer(0)?,
        at_ms: row.integer(1)?,
        user_id: row.optional_integer(2)?,
        object_type: object_type.map(|found| found.name.clone()).unwrap_or_default(),
        record_id,
        field: field.unwrap_or_else(|| field_id.to_string()),
        old: json(5)?,
        new: json(6)?,
    })
}

/// Streams the rows of a statement to administrators.
pub(crate) fn each_row(
    tx: &mut dyn Query,
    context: &RequestContext,
    sql: &str,
    each: &mut dyn FnMut(Row) -> Result<ControlFlow<()>>,
) -> Result<()> {
    if !context.may(Feature::AllData) {
        return Err(EngineError::Forbidden);
    }
    let mut failed = None;
    tx.query_each(sql, &[], &mut |row| {
        let step = each(row);
        let goes_on = matches!(step, Ok(ControlFlow::Continue(())));
        failed = step.err();
        Ok::<bool, DatabaseError>(goes_on)
    })?;
    failed.map_or(Ok(()), Err)
}
