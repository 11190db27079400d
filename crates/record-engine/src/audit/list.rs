//! Reading the log: newest first, page by page, never counting.
//!
//! A text is not indexed. So a page looks at so many events at most, and when it found less than it should, its cursor says from where to look
//! further; whoever asks can show how far back that was.

use std::fmt::Write as _;

use database::{Query, Row, Value, in_list};
use filter_language::sort_key;
use serde_json::Value as Json;

use super::{Kind, Outcome};
use crate::error::{EngineError, Result};

/// Most events of a page.
pub const MAX_LIMIT: usize = 500;
/// Events that one page with a text looks at.
const WINDOW: usize = 50_000;
/// Most words of a text.
const MAX_WORDS: usize = 10;

/// Which events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Not before this moment, milliseconds UTC.
    pub from_ms: Option<i64>,
    /// Before this moment, milliseconds UTC.
    pub to_ms: Option<i64>,
    /// Done by this user.
    pub user_id: Option<i64>,
    /// Done by this user, or to him: a wrong login of his, a password that he was given.
    pub person_id: Option<i64>,
    /// Of one of these kinds; none means all.
    pub kinds: Vec<Kind>,
    /// Ended so.
    pub outcome: Option<Outcome>,
    /// Done to a record of this type.
    pub object_type: Option<String>,
    /// Done to the record of this id.
    pub record_id: Option<i64>,
    /// From this address.
    pub address: Option<String>,
    /// Its details hold every word of this text, or it was done by one of `text_user_ids`.
    pub text: Option<String>,
    /// The users whose names hold the text.
    pub text_user_ids: Vec<i64>,
}

/// A place in the log: that of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When it happened.
    pub at: i64,
    /// Its id.
    pub id: i64,
}

/// An event as it stands in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRow {
    /// Its id.
    pub id: i64,
    /// When it happened, milliseconds UTC.
    pub at: i64,
    /// Who did it; `None` for strangers and the program itself.
    pub user_id: Option<i64>,
    /// What proved who he is: `session`, `app_password` or `api_key`.
    pub proof: Option<String>,
    /// The id of that.
    pub proof_id: Option<i64>,
    /// Where it came from: `web`, `api`, `command_line`, …
    pub source: String,
    /// The address of the other end.
    pub address: Option<String>,
    /// The key of its kind.
    pub kind: String,
    /// The type of the record that it was done to.
    pub object_type: Option<String>,
    /// The id of that record.
    pub record_id: Option<i64>,
    /// The key of its outcome.
    pub outcome: String,
    /// What else is known.
    pub details: Json,
    /// The hash of the chain.
    pub hash: String,
}

/// A page of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditPage {
    /// The events, the newest first.
    pub rows: Vec<AuditRow>,
    /// Where to look further; `None` at the beginning of the log.
    pub next: Option<Cursor>,
}

/// The conditions of a filter, with their values.
struct Conditions {
    sql: String,
    params: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, condition: &str, value: impl Into<Value>) {
        // Writing to a text cannot fail.
        let _ = write!(self.sql, " AND {condition}");
        self.params.push(value.into());
    }

    /// Those that indexes help with.
    fn of(filter: &AuditFilter, behind: Option<Cursor>) -> Conditions {
        let mut conditions = Conditions { sql: "1 = 1".into(), params: Vec::new() };
        if let Some(at) = filter.from_ms {
            conditions.add("at >= ?", at);
        }
        if let Some(at) = filter.to_ms {
            conditions.add("at < ?", at);
        }
        if let Some(id) = filter.user_id {
            conditions.add("user_id = ?", id);
        }
        if let Some(outcome) = filter.outcome {
            conditions.add("outcome = ?", outcome.key());
            // The index of those that went wrong is only for questions that say so.
            if outcome != Outcome::Success {
                conditions.sql.push_str(" AND outcome <> 'success'");
            }
        }
        if let Some(object_type) = &filter.object_type {
            conditions.add("object_type = ?", object_type.as_str());
        }
        if let Some(id) = filter.record_id {
            conditions.add("record_id = ?", id);
        }
        if let Some(address) = &filter.address {
            conditions.add("address = ?", address.as_str());
        }
        if let [kind] = filter.kinds.as_slice() {
            conditions.add("kind = ?", kind.key());
        } else if !filter.kinds.is_empty() {
            let _ = write!(conditions.sql, " AND kind IN {}", in_list(filter.kinds.len()));
            conditions.params.extend(filter.kinds.iter().map(|kind| Value::from(kind.key())));
        }
        if let Some(cursor) = behind {
            conditions.add("(at, id) < (?, ?)", cursor.at);
            conditions.params.push(cursor.id.into());
        }
        conditions
    }
}

const COLUMNS: &str =
    "id, at, user_id, proof, proof_id, source, address, kind, object_type, record_id, outcome, details, hash";

/// A page of at most `limit` events behind a place.
///
/// # Errors
/// Those of the database; `Stored` for details that are no JSON.
pub fn list(tx: &mut dyn Query, filter: &AuditFilter, behind: Option<Cursor>, limit: usize) -> Result<AuditPage> {
    let limit = limit.clamp(1, MAX_LIMIT);
    let Some(person) = filter.person_id else { return list_one(tx, filter, behind, limit) };
    let plain = AuditFilter { person_id: None, ..filter.clone() };
    // Each of the two has an index of its own; an "or" over both would sort all that he ever did.
    let by_him = AuditFilter { user_id: Some(person), ..plain.clone() };
    let to_him = AuditFilter { object_type: Some("user".into()), record_id: Some(person), ..plain };
    let by_him = list_one(tx, &by_him, behind, limit)?;
    let to_him = list_one(tx, &to_him, behind, limit)?;
    Ok(merged(by_him, to_him, limit))
}

/// Both pages as one, as far back as both of them reach.
fn merged(one: AuditPage, other: AuditPage, limit: usize) -> AuditPage {
    let place = |row: &AuditRow| (row.at, row.id);
    let horizon = one.next.max(other.next);
    let mut rows = one.rows;
    rows.extend(other.rows);
    rows.sort_by_key(|row| std::cmp::Reverse(place(row)));
    rows.dedup_by_key(|row| row.id);
    rows.retain(|row| horizon.is_none_or(|end| place(row) >= (end.at, end.id)));
    if rows.len() <= limit {
        return AuditPage { rows, next: horizon };
    }
    rows.truncate(limit);
    let next = rows.last().map(|row| Cursor { at: row.at, id: row.id });
    AuditPage { rows, next }
}

fn list_one(tx: &mut dyn Query, filter: &AuditFilter, behind: Option<Cursor>, limit: usize) -> Result<AuditPage> {
    let Conditions { sql, mut params } = Conditions::of(filter, behind);
    let (words, word_params) = text_condition(filter);
    let order = "ORDER BY at DESC, id DESC";
    let statement = match words.is_empty() {
        true => format!("SELECT {COLUMNS} FROM audit_events WHERE {sql} {order} LIMIT {}", limit + 1),
        false => format!(
            "SELECT {COLUMNS} FROM (SELECT {COLUMNS}, words FROM audit_events WHERE {sql} {order} LIMIT {WINDOW}) AS looked \
             WHERE {words} {order} LIMIT {}",
            limit + 1
        ),
    };
    let looked_at = params.clone();
    params.extend(word_params);
    let mut rows = tx.query(&statement, &params)?.iter().map(read).collect::<Result<Vec<AuditRow>>>()?;
    let next = if rows.len() > limit {
        rows.truncate(limit);
        rows.last().map(|row| Cursor { at: row.at, id: row.id })
    } else if words.is_empty() {
        None
    } else {
        let last = format!("SELECT at, id FROM audit_events WHERE {sql} {order} LIMIT 1 OFFSET {}", WINDOW - 1);
        let row = tx.query_optional(&last, &looked_at)?;
        row.map(|row| Ok::<_, EngineError>(Cursor { at: row.integer(0)?, id: row.integer(1)? })).transpose()?
    };
    Ok(AuditPage { rows, next })
}

/// Every word stands in the details, or the actor is one of those that the text names; empty for no text.
fn text_condition(filter: &AuditFilter) -> (String, Vec<Value>) {
    let key = sort_key(filter.text.as_deref().unwrap_or_default());
    let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).take(MAX_WORDS).collect();
    if words.is_empty() {
        return (String::new(), Vec::new());
    }
    let all = vec!["words LIKE ? ESCAPE '!'"; words.len()].join(" AND ");
    let mut params: Vec<Value> = words.iter().map(|word| format!("%{}%", like_escaped(word)).into()).collect();
    if filter.text_user_ids.is_empty() {
        return (all, params);
    }
    params.extend(filter.text_user_ids.iter().map(|id| Value::from(*id)));
    (format!("(({all}) OR user_id IN {})", in_list(filter.text_user_ids.len())), params)
}

fn like_escaped(word: &str) -> String {
    word.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

fn read(row: &Row) -> Result<AuditRow> {
    let details = row.text_str(11)?;
    Ok(AuditRow {
        id: row.integer(0)?,
        at: row.integer(1)?,
        user_id: row.optional_integer(2)?,
        proof: row.optional_text(3)?,
        proof_id: row.optional_integer(4)?,
        source: row.text(5)?,
        address: row.optional_text(6)?,
        kind: row.text(7)?,
        object_type: row.optional_text(8)?,
        record_id: row.optional_integer(9)?,
        outcome: row.text(10)?,
        details: serde_json::from_str(details).map_err(|error| EngineError::Stored(error.to_string()))?,
        hash: row.text(12)?,
    })
}
