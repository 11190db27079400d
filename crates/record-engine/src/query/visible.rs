//! Which of some records a reader may know of: what live events ask before they name an id.

use std::collections::BTreeSet;

use database::{Backend, Query, Value, in_list, quote_identifier};
use filter_language::CheckedExpr;
use serde_json::Value as Json;

use super::compile::Predicate;
use super::conditions::Fragment;
use super::load::{MAX_IN_LIST, load_records};
use crate::access::{Action, RowRule, Scope};
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::error::Result;
use crate::record::Record;

/// The ids among `ids` that the reader may see. Records in the trash count too: who could see one may hear that it went there.
///
/// A reader who sees everything is answered without a look at the table, so ids that never existed come back to him.
///
/// # Errors
/// Those of the database.
pub fn visible_ids(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    ids: &[i64],
) -> Result<BTreeSet<i64>> {
    let scope = Scope::of(context, object_type, Action::See)?;
    match scope.rows() {
        RowRule::All => return Ok(ids.iter().copied().collect()),
        RowRule::Nothing => return Ok(BTreeSet::new()),
        RowRule::Matching(_) | RowRule::Within(_) => {}
    }
    let predicate = Predicate::new(object_type, scope.rows(), &CheckedExpr::all(), tx.backend()).and_sql();
    existing_ids(tx, object_type, ids, &predicate)
}

/// Those among `ids` that the reader saw until an operation changed `fields` of them, and does not see any more.
///
/// What came after the operation is taken off with it, so what he saw is judged by what stood then; by his rights of now, because whoever has other
/// rights is told to read everything again. A part counts by its whole as that is now, and what a rule puts into a group is of today.
///
/// # Errors
/// Those of the database.
pub fn lost_ids(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    operation_id: i64,
    fields: &BTreeSet<&str>,
    ids: &[i64],
) -> Result<BTreeSet<i64>> {
    let scope = Scope::of(context, object_type, Action::See)?;
    if ids.is_empty() || !asks_about(scope.rows(), fields) {
        return Ok(BTreeSet::new());
    }
    let seen = visible_ids(tx, context, object_type, ids)?;
    let unseen: Vec<i64> = ids.iter().copied().filter(|id| !seen.contains(id)).collect();
    let mut records = load_records(tx, object_type, &unseen, false)?;
    let changes = "FROM changes c WHERE c.object_type_id = ? AND c.record_id IN";
    for chunk in unseen.chunks(MAX_IN_LIST) {
        let list = in_list(chunk.len());
        let mut of_these: Vec<Value> = vec![object_type.id.into()];
        of_these.extend(chunk.iter().map(|id| Value::Integer(*id)));
        // Only versions order the changes of a record.
        let since = format!(
            "SELECT c.record_id, c.field_id, c.old_value {changes} {list} AND c.record_version >= \
             (SELECT MIN(f.record_version) FROM changes f \
             WHERE f.object_type_id = c.object_type_id AND f.record_id = c.record_id AND f.operation_id = ?) \
             ORDER BY c.record_version DESC, c.operation_id DESC"
        );
        of_these.push(operation_id.into());
        for row in tx.query(&since, &of_these)? {
            let (Some(record), Some(field)) =
                (records.get_mut(&row.integer(0)?), object_type.field_by_id(row.integer(1)?))
            else {
                continue;
            };
            match row.optional_text(2)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null) {
                Json::Null => record.values.remove(&field.name),
                old => record.values.insert(field.name.clone(), old),
            };
        }
    }
    // Of what was erased nothing is known any more.
    admitted(tx, &scope, object_type, records.values().filter(|record| record.erased_at.is_none()))
}

/// Whether a rule looks at one of some fields.
fn asks_about(rule: &RowRule, fields: &BTreeSet<&str>) -> bool {
    match rule {
        RowRule::All | RowRule::Nothing => false,
        RowRule::Matching(rule) => {
            rule.expr().conditions().iter().any(|condition| fields.contains(condition.field.field.as_str()))
        }
        RowRule::Within(within) => {
            within.places.iter().any(|place| fields.contains(place.field.as_str())) || asks_about(&within.own, fields)
        }
    }
}

/// The ids among loaded records that are within a scope. Only of parts the database is asked, one statement for the wholes of a type.
///
/// # Errors
/// Those of the database.
pub fn admitted<'a>(
    tx: &mut dyn Query,
    scope: &Scope,
    object_type: &ObjectType,
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<BTreeSet<i64>> {
    let within = match scope.rows() {
        RowRule::Within(within) => within,
        rule => return Ok(ids(records.into_iter().filter(|record| rule.admits(object_type, record)))),
    };
    let own: Vec<&Record> = records.into_iter().filter(|record| within.own.admits(object_type, record)).collect();
    let mut found = BTreeSet::new();
    for place in &within.places {
        let whole = |record: &Record| record.value(&place.field).as_i64();
        let wanted: BTreeSet<i64> = own.iter().filter_map(|record| whole(record)).collect();
        let predicate = Predicate::new(&place.whole, &place.rows, &CheckedExpr::all(), tx.backend()).and_sql();
        let seen = existing_ids(tx, &place.whole, &wanted.into_iter().collect::<Vec<i64>>(), &predicate)?;
        found.extend(ids(own.iter().copied().filter(|record| whole(record).is_some_and(|id| seen.contains(&id)))));
    }
    Ok(found)
}

fn ids<'a>(records: impl Iterator<Item = &'a Record>) -> BTreeSet<i64> {
    records.map(|record| record.id).collect()
}

fn existing_ids(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    ids: &[i64],
    predicate: &Fragment,
) -> Result<BTreeSet<i64>> {
    let table = quote_identifier(object_type.table());
    let mut found = BTreeSet::new();
    for chunk in ids.chunks(MAX_IN_LIST) {
        let mut params: Vec<Value> = chunk.iter().map(|id| Value::Integer(*id)).collect();
        params.extend(predicate.params.iter().cloned());
        let sql = format!("SELECT t.id FROM {table} t WHERE t.id IN {}{}", in_list(chunk.len()), predicate.sql);
        for row in tx.query(&sql, &params)? {
            found.insert(row.integer(0)?);
        }
    }
    Ok(found)
}

/// The condition, in a query over a table that keeps ids and versions of records, that the record still is live, stands at that version and
/// may be seen by the reader. `id` and `version` are columns of that table with its alias, written by the caller; the alias is not `t`, `c`, `o` or
/// `b`. `since_ms`, an SQL expression over the same table, is a moment (milliseconds UTC) from which on all changes count as later than that version: a
/// record with later ones that were all taken back stands as it stood then.
///
/// # Errors
/// `Stored` for an access rule that does not fit the type.
pub fn standing(
    context: &RequestContext,
    object_type: &ObjectType,
    backend: Backend,
    id: &'static str,
    version: &'static str,
    since_ms: &'static str,
) -> Result<Fragment> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let later = format!(
        "SELECT 1 FROM changes c JOIN operations o ON o.id = c.operation_id WHERE c.object_type_id = {} AND c.record_id = {id} AND o.at >= {since_ms}",
        object_type.id
    );
    // In force are operations that nobody has undone, but for the undo of one that is later too. Without any taken back the version rose by something else.
    let is_taken_back = format!(
        "EXISTS ({later} AND o.undone_by_operation_id IS NOT NULL) AND NOT EXISTS ({later} AND o.undone_by_operation_id IS NULL AND NOT EXISTS \
         (SELECT 1 FROM operations b WHERE b.id = o.undoes_operation_id AND b.at >= {since_ms}))"
    );
    let mut made = Fragment::new(
        format!(
            "EXISTS (SELECT 1 FROM {} t WHERE t.id = {id} AND t.deleted_at IS NULL AND (t.version = {version} OR t.version > {version} AND {is_taken_back})",
            quote_identifier(object_type.table())
        ),
        Vec::new(),
    );
    made.append(&Predicate::new(object_type, scope.rows(), &CheckedExpr::all(), backend).and_sql());
    made.push(")");
    Ok(made)
}
