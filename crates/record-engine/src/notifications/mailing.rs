//! What waits to be told by mail, for whoever writes the letters.

use database::{Query, Tx};

use super::inbox::{self, Notification};
use crate::catalog::Catalog;
use crate::context::RequestContext;
use crate::error::Result;

/// People of one look.
const LOOK: usize = 50;

/// The people for whom a letter is due, some at a time.
///
/// # Errors
/// Those of the database.
pub fn due(tx: &mut dyn Query, now_ms: i64) -> Result<Vec<i64>> {
    let sql = format!("SELECT DISTINCT user_id FROM notifications WHERE mail_at <= ? ORDER BY user_id LIMIT {LOOK}");
    tx.query(&sql, &[now_ms.into()])?.iter().map(|row| Ok(row.integer(0)?)).collect()
}

/// Takes all that waits for one person, also what is not due yet, in the transaction that writes his letter: of what he has not read, what
/// the reader of `context` may know. Two that take at once do not both get it.
///
/// # Errors
/// Those of the database.
pub fn take(tx: &mut Tx, context: &RequestContext, catalog: &Catalog, user_id: i64) -> Result<Vec<Notification>> {
    const SQL: &str =
        "UPDATE notifications SET mail_at = NULL WHERE user_id = ? AND mail_at IS NOT NULL RETURNING id, read_at";
    let mut ids = Vec::new();
    for row in tx.query(SQL, &[user_id.into()])? {
        if row.optional_integer(1)?.is_none() {
            ids.push(row.integer(0)?);
        }
    }
    if context.actor.user_id() != Some(user_id) {
        return Ok(Vec::new());
    }
    ids.sort_unstable();
    let rows = inbox::rows_of(tx, &ids)?;
    inbox::visible(tx, context, catalog, rows)
}
