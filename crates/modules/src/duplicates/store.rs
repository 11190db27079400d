//! The tables of duplicates: the keys of a search under way, the pairs that were found, when a type was last searched.
//!
//! What must stay true: of a pair the smaller id stands left, so each pair is one row. A dismissed pair is never opened again by a search.

use database::{Migration, MigrationSql, Query, Row, Tx, Value, in_list};
use record_engine::RequestContext;
use record_engine::error::{EngineError, Result};
use serde_json::Value as Json;

use super::compare::{Alike, Reason};

/// The tables of this module.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 6,
    name: "duplicates",
    sql: MigrationSql::Both(
        "
CREATE TABLE duplicate_keys (
    object_type_id {int} NOT NULL,
    key_hash {int} NOT NULL,
    record_id {int} NOT NULL,
    PRIMARY KEY (object_type_id, key_hash, record_id)
);

CREATE TABLE duplicate_pairs (
    object_type_id {int} NOT NULL,
    left_id {int} NOT NULL,
    right_id {int} NOT NULL,
    left_version {int} NOT NULL,
    right_version {int} NOT NULL,
    score {int} NOT NULL,
    reasons {text} NOT NULL,
    is_dismissed {int} NOT NULL,
    search_id {int} NOT NULL,
    dismissed_by {int},
    dismissed_at {int},
    PRIMARY KEY (object_type_id, left_id, right_id)
);
CREATE INDEX duplicate_pairs_queue ON duplicate_pairs (object_type_id, is_dismissed, score, left_id, right_id);
CREATE INDEX duplicate_pairs_right ON duplicate_pairs (object_type_id, right_id, left_id);

CREATE TABLE duplicate_searches (
    object_type_id {id},
    job_id {int} NOT NULL,
    finished_at {int} NOT NULL,
    report {text} NOT NULL
);
",
    ),
}];

/// Rows of one deletion.
const CLEAR_BATCH: usize = 5_000;

/// A place in the queue: score, left and right record. The highest comes first.
pub(super) type Place = (i64, i64, i64);

/// Two records that may be one, as stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    pub left: i64,
    pub right: i64,
    pub score: i64,
    pub reasons: Vec<Reason>,
}

/// Columns of [`Pair::read`] with alias `p`.
pub(super) const PAIR_COLUMNS: &str = "p.left_id, p.right_id, p.score, p.reasons";

impl Pair {
    pub fn read(row: &Row) -> Result<Pair> {
        let reasons = serde_json::from_str(row.text_str(3)?).map_err(|error| EngineError::Stored(error.to_string()))?;
        Ok(Pair { left: row.integer(0)?, right: row.integer(1)?, score: row.integer(2)?, reasons })
    }

    /// The place of the pair in the queue.
    pub fn place(&self) -> Place {
        (self.score, self.left, self.right)
    }
}

/// Removes a share of the keys that an earlier search left; answers whether there may be more.
pub(super) fn clear_keys(tx: &mut Tx, type_id: i64) -> Result<bool> {
    let last = tx.query_optional(
        &format!(
            "SELECT key_hash FROM duplicate_keys WHERE object_type_id = ? ORDER BY key_hash LIMIT 1 OFFSET {CLEAR_BATCH}"
        ),
        &[type_id.into()],
    )?;
    match last {
        Some(row) => {
            forget_keys(tx, type_id, row.integer(0)?)?;
            Ok(true)
        }
        None => {
            tx.execute("DELETE FROM duplicate_keys WHERE object_type_id = ?", &[type_id.into()])?;
            Ok(false)
        }
    }
}

/// Stores keys of records.
pub(super) fn add_keys(tx: &mut Tx, type_id: i64, keys: &[(i64, i64)]) -> Result<()> {
    let rows: Vec<Vec<Value>> =
        keys.iter().map(|(hash, record)| vec![type_id.into(), (*hash).into(), (*record).into()]).collect();
    Ok(tx.insert_many("duplicate_keys", &["object_type_id", "key_hash", "record_id"], &rows)?)
}

/// The first keys with their records, in the order of the keys.
pub(super) fn first_keys(tx: &mut dyn Query, type_id: i64, limit: usize) -> Result<Vec<(i64, i64)>> {
    let sql = format!(
        "SELECT key_hash, record_id FROM duplicate_keys WHERE object_type_id = ? ORDER BY key_hash, record_id LIMIT {limit}"
    );
    tx.query(&sql, &[type_id.into()])?.iter().map(|row| Ok((row.integer(0)?, row.integer(1)?))).collect()
}

/// Removes the keys up to this one; answers how many rows there were.
pub(super) fn forget_keys(tx: &mut Tx, type_id: i64, up_to: i64) -> Result<i64> {
    let removed = tx.execute(
        "DELETE FROM duplicate_keys WHERE object_type_id = ? AND key_hash <= ?",
        &[type_id.into(), up_to.into()],
    )?;
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}

/// Stores a pair, unless it was dismissed.
pub(super) fn keep_pair(
    tx: &mut Tx,
    type_id: i64,
    search_id: i64,
    left: (i64, i64),
    right: (i64, i64),
    alike: &Alike,
) -> Result<()> {
    let reasons = serde_json::to_string(&alike.reasons).map_err(|error| EngineError::Stored(error.to_string()))?;
    tx.execute(
        "INSERT INTO duplicate_pairs (object_type_id, left_id, right_id, left_version, right_version, score, reasons, is_dismissed, search_id) \
         VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (object_type_id, left_id, right_id) DO UPDATE SET left_version = excluded.left_version, \
         right_version = excluded.right_version, score = excluded.score, reasons = excluded.reasons, search_id = excluded.search_id \
         WHERE duplicate_pairs.is_dismissed = 0",
        &[
            type_id.into(),
            left.0.into(),
            right.0.into(),
            left.1.into(),
            right.1.into(),
            alike.score.into(),
            reasons.into(),
            search_id.into(),
        ],
    )?;
    Ok(())
}

/// Removes the open pairs of earlier searches, a share at a time; answers whether there may be more.
pub(super) fn drop_older(tx: &mut Tx, type_id: i64, search_id: i64) -> Result<bool> {
    let removed = tx.execute(
        &format!(
            "DELETE FROM duplicate_pairs WHERE object_type_id = ? AND (left_id, right_id) IN (SELECT left_id, right_id FROM duplicate_pairs \
             WHERE object_type_id = ? AND is_dismissed = 0 AND search_id <> ? LIMIT {CLEAR_BATCH})"
        ),
        &[type_id.into(), type_id.into(), search_id.into()],
    )?;
    Ok(removed > 0)
}

/// How many open pairs a search has found.
pub(super) fn count_found(tx: &mut dyn Query, type_id: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM duplicate_pairs WHERE object_type_id = ? AND is_dismissed = 0";
    Ok(tx.query_one(sql, &[type_id.into()])?.integer(0)?)
}

/// Marks a pair as no duplicates, or takes that back.
pub(super) fn set_dismissed(
    tx: &mut Tx,
    context: &RequestContext,
    type_id: i64,
    left: i64,
    right: i64,
    is_dismissed: bool,
) -> Result<()> {
    if !is_dismissed {
        // A pair that no search has found has nothing to come back to.
        tx.execute(
            "DELETE FROM duplicate_pairs WHERE object_type_id = ? AND left_id = ? AND right_id = ? AND is_dismissed = 1 AND search_id = 0",
            &[type_id.into(), left.into(), right.into()],
        )?;
        tx.execute(
            "UPDATE duplicate_pairs SET is_dismissed = 0, dismissed_by = NULL, dismissed_at = NULL \
             WHERE object_type_id = ? AND left_id = ? AND right_id = ?",
            &[type_id.into(), left.into(), right.into()],
        )?;
        return Ok(());
    }
    tx.execute(
        "INSERT INTO duplicate_pairs (object_type_id, left_id, right_id, left_version, right_version, score, reasons, is_dismissed, search_id, \
         dismissed_by, dismissed_at) VALUES (?, ?, ?, 0, 0, 0, '[]', 1, 0, ?, ?) ON CONFLICT (object_type_id, left_id, right_id) DO UPDATE SET \
         is_dismissed = 1, dismissed_by = excluded.dismissed_by, dismissed_at = excluded.dismissed_at",
        &[type_id.into(), left.into(), right.into(), context.actor.user_id().into(), context.now_ms.into()],
    )?;
    Ok(())
}

/// Notes that a search has ended.
pub(super) fn finish(tx: &mut Tx, type_id: i64, job_id: i64, at_ms: i64, report: &Json) -> Result<()> {
    tx.execute(
        "INSERT INTO duplicate_searches (object_type_id, job_id, finished_at, report) VALUES (?, ?, ?, ?) \
         ON CONFLICT (object_type_id) DO UPDATE SET job_id = excluded.job_id, finished_at = excluded.finished_at, report = excluded.report",
        &[type_id.into(), job_id.into(), at_ms.into(), report.to_string().into()],
    )?;
    Ok(())
}

/// When a type was last searched, in milliseconds UTC, and what came out.
pub(super) fn last_search(tx: &mut dyn Query, type_id: i64) -> Result<Option<(i64, Json)>> {
    let sql = "SELECT finished_at, report FROM duplicate_searches WHERE object_type_id = ?";
    let Some(row) = tx.query_optional(sql, &[type_id.into()])? else { return Ok(None) };
    Ok(Some((row.integer(0)?, serde_json::from_str(row.text_str(1)?).unwrap_or(Json::Null))))
}

/// A pair among these records that was dismissed.
///
/// # Errors
/// Those of the database.
pub(super) fn dismissed_among(tx: &mut dyn Query, object_type_id: i64, ids: &[i64]) -> Result<Option<(i64, i64)>> {
    let list = in_list(ids.len());
    let sql = format!(
        "SELECT left_id, right_id FROM duplicate_pairs WHERE object_type_id = ? AND left_id IN {list} AND right_id IN {list} \
         AND is_dismissed = 1 ORDER BY left_id, right_id LIMIT 1"
    );
    let numbers = || ids.iter().map(|id| Value::Integer(*id));
    let params: Vec<Value> =
        std::iter::once(Value::Integer(object_type_id)).chain(numbers()).chain(numbers()).collect();
    let row = tx.query_optional(&sql, &params)?;
    row.map(|row| Ok((row.integer(0)?, row.integer(1)?))).transpose()
}
