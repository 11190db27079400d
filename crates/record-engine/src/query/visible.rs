//! Which of some records a reader may know of: what live events ask before they name an id.

use std::collections::BTreeSet;

use database::{Backend, Query, Value, in_list, quote_identifier};
use filter_language::CheckedExpr;

use super::compile::Predicate;
use super::conditions::Fragment;
use super::load::MAX_IN_LIST;
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

/// The ids among loaded records that are within a scope. Only of parts the database is asked, one statement for their wholes.
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
    let whole = |record: &Record| record.value(&within.field).as_i64();
    let own: Vec<&Record> = records.into_iter().filter(|record| within.own.admits(object_type, record)).collect();
    let wanted: BTreeSet<i64> = own.iter().filter_map(|record| whole(record)).collect();
    let predicate = Predicate::new(&within.whole, &within.rows, &CheckedExpr::all(), tx.backend()).and_sql();
    let seen = existing_ids(tx, &within.whole, &wanted.into_iter().collect::<Vec<i64>>(), &predicate)?;
    Ok(ids(own.into_iter().filter(|record| whole(record).is_some_and(|id| seen.contains(&id)))))
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
