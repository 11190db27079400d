//! What operations say of records that are restricted: their titles and reasons name them, and whoever may not know of such a record reads neither.

use std::collections::BTreeSet;

use database::{Query, Value, in_list, quote_identifier};

use super::StoredOperation;
use crate::catalog::{Catalog, ObjectType};
use crate::context::RequestContext;
use crate::error::Result;

/// Titles of operations on more records than this name a file or a setting and no record.
const MAX_NAMED: i64 = 100;

/// A table whose rows are restricted records or parts of such: itself, and the joined table `t` whose column says so.
struct Source {
    object_type_id: i64,
    /// `p` is the record, `t` what is restricted.
    from: String,
}

/// The sources of what is hidden from the reader.
fn sources(context: &RequestContext, catalog: &Catalog) -> Vec<Source> {
    let mut sources = Vec::new();
    for object_type in &catalog.object_types {
        let itself = (!object_type.is_part()).then_some((object_type.as_ref(), "id"));
        let wholes = object_type
            .wholes()
            .filter_map(|(field, whole)| Some((whole.as_ref(), object_type.field(field)?.column.as_str())));
        for (whole, link) in itself.into_iter().chain(wholes) {
            let Some(column) = hidden_column(context, whole) else { continue };
            let (own, link) = (quote_identifier(object_type.table()), quote_identifier(link));
            let whole = quote_identifier(whole.table());
            let from = format!("{own} p JOIN {whole} t ON t.id = p.{link} AND t.{column} IS NOT NULL");
            sources.push(Source { object_type_id: object_type.id, from });
        }
    }
    sources
}

fn hidden_column(context: &RequestContext, object_type: &ObjectType) -> Option<String> {
    let restriction = object_type.access().restriction?;
    let field = object_type.field(restriction.field)?;
    context.permissions(object_type).hides_restricted().then(|| quote_identifier(&field.column))
}

/// Takes titles and reasons away from operations that touched a restricted record.
pub(super) fn conceal(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    operations: &mut [StoredOperation],
) -> Result<()> {
    let is_named = |operation: &&StoredOperation| {
        operation.record_count <= MAX_NAMED && (operation.title.is_some() || operation.reason.is_some())
    };
    let ids: Vec<i64> = operations.iter().filter(is_named).map(|operation| operation.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let concealed = touching(tx, context, catalog, Some(&ids))?;
    for operation in operations.iter_mut().filter(|operation| concealed.contains(&operation.id)) {
        operation.conceal();
    }
    Ok(())
}

/// The operations that made or changed a restricted record, among the given ones or of all.
pub(super) fn touching(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    among: Option<&[i64]>,
) -> Result<BTreeSet<i64>> {
    let ids: Vec<Value> = among.unwrap_or_default().iter().map(|id| Value::Integer(*id)).collect();
    let within = |column: &str| match among {
        Some(ids) => format!("{column} IN {}", in_list(ids.len())),
        None => "1 = 1".to_owned(),
    };
    let mut found = BTreeSet::new();
    for Source { object_type_id, from } in sources(context, catalog) {
        let made = format!("SELECT p.created_operation FROM {from} WHERE {}", within("p.created_operation"));
        let changed = format!(
            "SELECT c.operation_id FROM {from} JOIN changes c ON c.record_id = p.id WHERE c.object_type_id = {object_type_id} AND {}",
            within("c.operation_id")
        );
        for sql in [made, changed] {
            for row in tx.query(&sql, &ids)? {
                found.extend(row.optional_integer(0)?);
            }
        }
    }
    Ok(found)
}

/// The records that are hidden from the reader because they are restricted, by the id of their type.
pub(super) fn hidden_records(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
) -> Result<BTreeSet<(i64, i64)>> {
    let mut found = BTreeSet::new();
    for Source { object_type_id, from } in sources(context, catalog) {
        for row in tx.query(&format!("SELECT p.id FROM {from}"), &[])? {
            found.insert((object_type_id, row.integer(0)?));
        }
    }
    Ok(found)
}
