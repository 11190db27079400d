//! The outbox: what happened, written in the transaction in which it happened, read afterwards by whoever must follow.
//!
//! Readers poll by sequence, so several processes on one database all hear everything; [`crate::Engine::wait_for_events`] only shortens the wait
//! of those in the process that wrote.

mod follower;

use database::{Query, Tx, Value, in_list};
use serde_json::Value as Json;

use crate::context::RequestContext;
use crate::error::{EngineError, Result};

pub use follower::Follower;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Place in the sequence; with several writers on PostgreSQL a lower one may become visible later.
    pub id: i64,
    /// The operation it belongs to.
    pub operation_id: Option<i64>,
    /// Who did it.
    pub user_id: Option<i64>,
    /// `records`, `job`, `catalog`, `session_ended`; those of the callers of the engine beside them.
    pub topic: String,
    /// What, by topic.
    pub payload: Json,
    /// When the work began that it belongs to, milliseconds UTC.
    pub at_ms: i64,
}

/// Writes an event.
///
/// # Errors
/// Those of the database.
pub fn emit(
    tx: &mut Tx,
    context: &RequestContext,
    operation_id: Option<i64>,
    topic: &str,
    payload: &Json,
) -> Result<()> {
    let ids = tx.allocate_ids("outbox", 1)?;
    let id = ids.first().copied().ok_or_else(|| EngineError::Stored("the outbox sequence gave no id".into()))?;
    tx.insert_many(
        "outbox",
        &["id", "operation_id", "user_id", "topic", "payload", "at"],
        &[vec![
            id.into(),
            operation_id.into(),
            context.actor.user_id().into(),
            topic.into(),
            payload.to_string().into(),
            context.now_ms.into(),
        ]],
    )?;
    Ok(())
}

/// The events behind a place in the sequence, at most `limit`.
///
/// # Errors
/// Those of the database.
pub fn read_after(tx: &mut dyn Query, after: i64, limit: usize) -> Result<Vec<Event>> {
    let rows = tx.query(
        &format!(
            "SELECT id, operation_id, user_id, topic, payload, at FROM outbox WHERE id > ? ORDER BY id LIMIT {limit}"
        ),
        &[after.into()],
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Event {
                id: row.integer(0)?,
                operation_id: row.optional_integer(1)?,
                user_id: row.optional_integer(2)?,
                topic: row.text(3)?,
                payload: serde_json::from_str(row.text_str(4)?).unwrap_or(Json::Null),
                at_ms: row.integer(5)?,
            })
        })
        .collect()
}

/// The last place in the sequence; 0 when nothing has happened.
///
/// # Errors
/// Those of the database.
pub fn last_id(tx: &mut dyn Query) -> Result<i64> {
    Ok(tx.query_one("SELECT COALESCE(MAX(id), 0) FROM outbox", &[])?.integer(0)?)
}

/// The numbers of the last events, up to a count, in order.
///
/// # Errors
/// Those of the database.
pub fn last_ids(tx: &mut dyn Query, count: usize) -> Result<Vec<i64>> {
    let rows = tx.query(&format!("SELECT id FROM outbox ORDER BY id DESC LIMIT {count}"), &[])?;
    rows.iter().rev().map(|row| Ok(row.integer(0)?)).collect()
}

/// The last place at which one of some topics stands; 0 when none of them has happened lately.
///
/// # Errors
/// Those of the database.
pub fn last_id_of(tx: &mut dyn Query, topics: &[&str]) -> Result<i64> {
    let params: Vec<Value> = topics.iter().map(|topic| Value::from(*topic)).collect();
    // Down the sequence: what is looked for is near its end.
    let sql = format!("SELECT id FROM outbox WHERE topic IN {} ORDER BY id DESC LIMIT 1", in_list(topics.len()));
    Ok(tx.query_optional(&sql, &params)?.map_or(Ok(0), |row| row.integer(0))?)
}

/// Removes events older than `before_ms`. Those behind `keep_behind` stay however old they are: somebody who missed them still has to read them.
///
/// # Errors
/// Those of the database.
pub fn prune(tx: &mut Tx, before_ms: i64, keep_behind: Option<i64>) -> Result<u64> {
    // The newest stays, so that the sequence can be told from an empty one.
    let sql = "DELETE FROM outbox WHERE at < ? AND id <= ? AND id < (SELECT MAX(id) FROM outbox)";
    Ok(tx.execute(sql, &[before_ms.into(), keep_behind.unwrap_or(i64::MAX).into()])?)
}
