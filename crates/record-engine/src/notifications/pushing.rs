//! What waits to be told over all windows, for whoever sends it to browsers.

use std::collections::BTreeSet;

use database::{Backend, Query, Tx, Value, in_list};

use super::inbox::{self, Notification};
use crate::catalog::Catalog;
use crate::context::RequestContext;
use crate::error::Result;

/// Notifications of one look.
const LOOK: usize = 200;

/// Those of some people who have a browser that wants to be told.
///
/// # Errors
/// Those of the database.
pub(super) fn subscribed(tx: &mut dyn Query, user_ids: &[i64]) -> Result<BTreeSet<i64>> {
    let mut found = BTreeSet::new();
    for chunk in user_ids.chunks(500) {
        let sql = format!("SELECT DISTINCT user_id FROM push_subscriptions WHERE user_id IN {}", in_list(chunk.len()));
        let ids: Vec<Value> = chunk.iter().map(|id| Value::Integer(*id)).collect();
        for row in tx.query(&sql, &ids)? {
            found.insert(row.integer(0)?);
        }
    }
    Ok(found)
}

/// Whether something waits that is due; looking needs no turn to write.
///
/// # Errors
/// Those of the database.
pub fn is_any_due(tx: &mut dyn Query, now_ms: i64) -> Result<bool> {
    let sql = "SELECT id FROM notifications WHERE push_at <= ? LIMIT 1";
    Ok(tx.query_optional(sql, &[now_ms.into()])?.is_some())
}

/// Takes what is due off the list, in the transaction that makes its deliveries: ids of notifications with their receivers. Two that take at once do
/// not both get one.
///
/// # Errors
/// Those of the database.
pub fn take(tx: &mut Tx, now_ms: i64) -> Result<Vec<(i64, i64)>> {
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql =
        format!("SELECT id, user_id FROM notifications WHERE push_at <= ? ORDER BY push_at, id LIMIT {LOOK}{lock}");
    let mut taken = Vec::new();
    for row in tx.query(&sql, &[now_ms.into()])? {
        taken.push((row.integer(0)?, row.integer(1)?));
    }
    let ids: Vec<Value> = taken.iter().map(|(id, _)| Value::Integer(*id)).collect();
    if !ids.is_empty() {
        tx.execute(&format!("UPDATE notifications SET push_at = NULL WHERE id IN {}", in_list(ids.len())), &ids)?;
    }
    Ok(taken)
}

/// A notification as its receiver may know it now; `None` when he has read it, when he may see nothing of it any more, and when it is gone.
///
/// # Errors
/// Those of the database.
pub fn unread(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    id: i64,
) -> Result<Option<Notification>> {
    const SQL: &str = "SELECT id FROM notifications WHERE id = ? AND user_id = ? AND read_at IS NULL";
    let Some(user_id) = context.actor.user_id() else { return Ok(None) };
    if tx.query_optional(SQL, &[id.into(), user_id.into()])?.is_none() {
        return Ok(None);
    }
    let rows = inbox::rows_of(tx, &[id])?;
    Ok(inbox::visible(tx, context, catalog, rows)?.pop())
}
