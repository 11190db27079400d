//! Records as they were at an instant (N2), computed back from what they are: every change since then is taken off again.
//!
//! What must stay true: who may see a record now may see it then; fields that are hidden from him stay so. A list of the past is the live list of
//! what has not changed since, in which those that have are put at the places that they had. What a long job wrote counts from its start.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use database::{Query, ReadTx, Value, in_list, quote_identifier};
use filter_language::{CheckedExpr, matches};
use serde_json::Value as Json;

use super::compile::{Predicate, Term};
use super::conditions::Fragment;
use super::count::{CAP, Count, counted};
use super::load::{MAX_IN_LIST, Projection, get, load_records, masked};
use super::page::{
    DEADLINE, ListQuery, MAX_LIMIT, Order, Page, Place, Reader, needed_fields, orders, read_place, sort_value, too_slow,
};
use crate::access::{Action, Scope};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::followers;
use crate::record::{Record, TypedRecord};
use crate::write::{DELETED_FIELD_ID, MERGED_FIELD_ID};

/// When more records than this have changed since, a list of that time is refused: each of them is computed for each page.
pub const MAX_CHANGED: usize = 20_000;

/// One record as it was.
///
/// # Errors
/// `NotFound` for a record that the reader does not see, or that was not there yet.
pub fn record_as_of(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    id: i64,
    at_ms: i64,
) -> Result<Record> {
    let mut record = get(tx, context, object_type, id)?.ok_or(EngineError::NotFound)?;
    if record.created_at > at_ms {
        return Err(EngineError::NotFound);
    }
    let scope = Scope::of(context, object_type, Action::See)?;
    rewind(tx, object_type, &scope, std::slice::from_mut(&mut record), at_ms)?;
    Ok(record)
}

/// A page of a list as it was. What a reference is called, and what a group by a rule holds, is of today.
///
/// # Errors
/// `Invalid` for a search, the trash, a computed field or a part of the map, of which there is no past, and when more than [`MAX_CHANGED`] records have changed since; as
/// [`super::list`].
pub fn list_as_of(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    query: &ListQuery,
    at_ms: i64,
) -> Result<Page> {
    check_past(query.search.as_deref(), query.is_trash)?;
    if query.within.is_some() {
        return Err(EngineError::field(FieldError::new("bbox", "not_in_the_past")));
    }
    tx.set_deadline(DEADLINE)?;
    let scope = Scope::of(context, object_type, Action::See)?;
    scope.check_fields(query.filter.expr())?;
    check_filter(object_type, &query.filter)?;
    let orders = orders(object_type, &scope, &query.sort)?;
    let place = query.cursor.as_deref().map(|text| read_place(text, &orders)).transpose()?;
    let limit = query.limit.clamp(1, MAX_LIMIT);
    let changed = changed_since(tx, object_type, &scope, &query.filter, at_ms).map_err(too_slow)?;
    let mut past: Vec<(Place, Record)> = changed
        .into_iter()
        .map(|record| (place_of(&orders, &record), record))
        .filter(|(own, _)| place.as_ref().is_none_or(|place| compare(&orders, own, place) == Ordering::Greater))
        .collect();

    let mut predicate = Predicate::of_filter(tx, object_type, scope.rows(), &query.filter).map_err(too_slow)?;
    predicate.terms.push(unchanged_since(at_ms));
    let fields = query.fields.as_ref().map(|names| needed_fields(context, object_type, &orders, names)).transpose()?;
    let reader = Reader {
        object_type,
        predicate: &predicate,
        orders: &orders,
        is_trash: false,
        among: None,
        projection: Projection::new(object_type, fields.as_deref()),
    };
    let mut unchanged = reader.read(tx, place.as_ref(), limit + 1).map_err(too_slow)?;
    reader.projection.load_children(tx, &mut unchanged)?;
    past.extend(unchanged.into_iter().map(|record| (place_of(&orders, &record), record)));
    past.sort_by(|(one, _), (other, _)| compare(&orders, one, other));
    let has_more = past.len() > limit;
    past.truncate(limit);
    let next_cursor = past.last().filter(|_| has_more).map(|(place, _)| place.encode());
    let records = past.into_iter().map(|(_, record)| masked(object_type, &scope, record)).collect();
    Ok(Page { records, next_cursor, is_capped: false })
}

/// Refuses what there is no past of.
///
/// # Errors
/// `Invalid` for a search and for the trash.
pub fn check_past(search: Option<&str>, is_trash: bool) -> Result<()> {
    let field = match search {
        _ if is_trash => "trash",
        Some(text) if !text.trim().is_empty() => "search",
        _ => return Ok(()),
    };
    Err(EngineError::field(FieldError::new(field, "not_in_the_past")))
}

/// Refuses a filter about what stands in no history.
fn check_filter(object_type: &ObjectType, filter: &CheckedExpr) -> Result<()> {
    let is_computed = |name: &str| object_type.field(name).is_some_and(Field::is_computed);
    let is_about_now = filter.expr().conditions().iter().any(|condition| is_computed(&condition.field.field));
    if is_about_now || followers::asked::is_asked(object_type, filter) {
        return Err(EngineError::field(FieldError::new("filter", "not_in_the_past")));
    }
    Ok(())
}

/// How many records [`list_as_of`] goes through, up to [`CAP`].
///
/// # Errors
/// As [`list_as_of`].
pub fn count_as_of(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    filter: &CheckedExpr,
    at_ms: i64,
) -> Result<Count> {
    tx.set_deadline(DEADLINE)?;
    let scope = Scope::of(context, object_type, Action::See)?;
    scope.check_fields(filter.expr())?;
    check_filter(object_type, filter)?;
    let changed = changed_since(tx, object_type, &scope, filter, at_ms).map_err(too_slow)?.len();
    let mut predicate = Predicate::of_filter(tx, object_type, scope.rows(), filter).map_err(too_slow)?;
    predicate.terms.push(unchanged_since(at_ms));
    let unchanged = counted(tx, object_type, &predicate, false, false).map_err(too_slow)?;
    let count = unchanged.saturating_add(i64::try_from(changed).unwrap_or(i64::MAX));
    Ok(Count { count: Some(count.min(CAP)), is_capped: count > CAP })
}

/// Every change of a record, its deletion too, moves this instant. A record made later is not among them either.
fn unchanged_since(at_ms: i64) -> Term {
    Term::of(Fragment::new("t.updated_at <= ?", vec![at_ms.into()]))
}

/// The records that have changed since, as they were, of those that were there and matched.
fn changed_since(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    scope: &Scope,
    filter: &CheckedExpr,
    at_ms: i64,
) -> Result<Vec<Record>> {
    // The rights of today decide, and the filter about what was, not about what is.
    let rights = Predicate::new(object_type, scope.rows(), &CheckedExpr::all(), tx.backend()).and_sql();
    let mut statement = Fragment::new(
        format!(
            "SELECT t.id FROM {} t WHERE t.updated_at > ? AND t.created_at <= ?",
            quote_identifier(object_type.table())
        ),
        vec![at_ms.into(), at_ms.into()],
    );
    statement.append(&rights);
    statement.push(&format!(" LIMIT {}", MAX_CHANGED + 1));
    let ids: Vec<i64> =
        tx.query(&statement.sql, &statement.params)?.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?;
    if ids.len() > MAX_CHANGED {
        return Err(EngineError::field(FieldError::new("as_of", "changed_too_much").with("max", MAX_CHANGED)));
    }
    let mut records: Vec<Record> = load_records(tx, object_type, &ids, false)?.into_values().collect();
    rewind(tx, object_type, scope, &mut records, at_ms)?;
    records.retain(|record| {
        record.deleted_at.is_none()
            && record.merged_into.is_none()
            && matches(filter, &TypedRecord { object_type, record })
    });
    Ok(records)
}

/// Takes the changes since an instant off records that were there then.
fn rewind(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    scope: &Scope,
    records: &mut [Record],
    at_ms: i64,
) -> Result<()> {
    for record in records.iter_mut() {
        record.values.retain(|name, _| !object_type.field(name).is_some_and(Field::is_computed));
    }
    // Of what was erased nothing is known any more: it stands in the past as it stands now.
    let known = records.iter().enumerate().filter(|(_, record)| record.erased_at.is_none());
    let places: BTreeMap<i64, usize> = known.map(|(at, record)| (record.id, at)).collect();
    let ids: Vec<i64> = places.keys().copied().collect();
    for chunk in ids.chunks(MAX_IN_LIST) {
        let mut params: Vec<Value> = vec![object_type.id.into()];
        params.extend(chunk.iter().map(|id| Value::Integer(*id)));
        params.push(at_ms.into());
        let of_these = format!(
            "FROM changes c JOIN operations o ON o.id = c.operation_id WHERE c.object_type_id = ? AND c.record_id IN {}",
            in_list(chunk.len())
        );
        // A long job writes under the number that it took at its beginning, so versions tell the order where they are known.
        let since = format!(
            "SELECT c.record_id, c.field_id, c.old_value {of_these} AND o.at > ? \
             ORDER BY COALESCE(c.record_version, 0) DESC, c.operation_id DESC"
        );
        for row in tx.query(&since, &params)? {
            let Some(record) = places.get(&row.integer(0)?).and_then(|at| records.get_mut(*at)) else { continue };
            let stored = row.optional_text(2)?;
            let old: Json = stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null);
            take_off(object_type, scope, record, row.integer(1)?, old, at_ms);
        }
        for id in chunk {
            if let Some(record) = places.get(id).and_then(|at| records.get_mut(*at)) {
                (record.updated_at, record.updated_by) = (record.created_at, record.created_by);
            }
        }
        let before = format!("SELECT c.record_id, o.at, o.user_id {of_these} AND o.at <= ? ORDER BY o.at, o.id");
        for row in tx.query(&before, &params)? {
            if let Some(record) = places.get(&row.integer(0)?).and_then(|at| records.get_mut(*at)) {
                (record.updated_at, record.updated_by) = (row.integer(1)?, row.optional_integer(2)?);
            }
        }
    }
    Ok(())
}

fn take_off(object_type: &ObjectType, scope: &Scope, record: &mut Record, field_id: i64, old: Json, at_ms: i64) {
    if field_id == DELETED_FIELD_ID {
        record.deleted_at = old.as_bool().filter(|was_deleted| *was_deleted).map(|_| at_ms);
    } else if field_id == MERGED_FIELD_ID {
        record.merged_into = old.as_i64();
    } else if let Some(field) = object_type.field_by_id(field_id).filter(|field| scope.shows(field)) {
        match old {
            Json::Null => record.values.remove(&field.name),
            old => record.values.insert(field.name.clone(), old),
        };
    }
}

fn place_of(orders: &[Order], record: &Record) -> Place {
    Place { values: orders.iter().map(|order| sort_value(order, record)).collect(), id: record.id }
}

/// The order of the database: empty values last either way, then the id in the direction of the last field.
fn compare(orders: &[Order], one: &Place, other: &Place) -> Ordering {
    let turned = |ordering: Ordering, is_descending: bool| if is_descending { ordering.reverse() } else { ordering };
    for ((order, one), other) in orders.iter().zip(&one.values).zip(&other.values) {
        let ordering = match (one, other) {
            (Json::Null, Json::Null) => Ordering::Equal,
            (Json::Null, _) => Ordering::Greater,
            (_, Json::Null) => Ordering::Less,
            (Json::String(one), Json::String(other)) => turned(one.cmp(other), order.is_descending),
            (one, other) => {
                let (one, other) = (one.as_f64().unwrap_or_default(), other.as_f64().unwrap_or_default());
                turned(one.total_cmp(&other), order.is_descending)
            }
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    turned(one.id.cmp(&other.id), orders.last().is_some_and(|order| order.is_descending))
}
