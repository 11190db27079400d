//! The chain: each event carries a hash over itself and the hash of the one before it.
//!
//! Ids follow each other without holes, in the order in which the transactions ended. Whoever removes an event, changes one or puts one in
//! between breaks the chain at that place; whoever cuts its end off disagrees with the stored end. Whoever can rewrite the whole database can also
//! rewrite the whole chain: against him helps to note its end elsewhere, which is why the program writes it into its log every hour and when it
//! stops ([`log_end`]), and `kartoteka check` prints it and compares it with what was noted ([`compare`]).

use std::fmt;

use database::{Backend, DatabaseError, Query, Row, Tx, Value, hex};
use sha2::{Digest, Sha256};

use super::Kind;
use crate::error::{EngineError, Result};

/// Hexadecimal digits of a hash.
const HASH_LENGTH: usize = 64;
/// Events that are read at once.
const STEP: usize = 2_000;

/// The last link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Its id; 0 before the first.
    pub last_id: i64,
    /// Its hash; empty before the first.
    pub last_hash: String,
}

impl fmt::Display for End {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "event {}, hash {}", self.last_id, self.last_hash)
    }
}

impl End {
    /// The end that a line names as [`End`] is written, whatever stands around it; `None` for a line that names none.
    pub fn find_in(line: &str) -> Option<End> {
        let (_, rest) = line.rsplit_once("event ")?;
        let (id, rest) = rest.split_once(", hash ")?;
        let last_hash: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        let last_id = id.parse().ok().filter(|id| *id > 0)?;
        (last_hash.len() == HASH_LENGTH).then_some(End { last_id, last_hash })
    }
}

/// Writes the end of the chain into the program's log, where who has the database cannot take it back.
///
/// # Errors
/// Those of the database.
pub fn log_end(tx: &mut dyn Query) -> Result<(), DatabaseError> {
    let end = read_end(tx)?;
    if end.last_id > 0 {
        tracing::info!("the audit log ends with {end}");
    }
    Ok(())
}

/// What is wrong with a chain that once ended so, if anything: its end was cut off, or it is another chain. Asked of a chain that is whole in itself.
///
/// # Errors
/// Those of the database.
pub fn compare(tx: &mut dyn Query, noted: &End) -> Result<Option<String>> {
    let end = read_end(tx)?;
    if noted.last_id > end.last_id {
        return Ok(Some(format!(
            "audit log: it ends with event {}, but event {} was noted; its end was cut off",
            end.last_id, noted.last_id
        )));
    }
    let row = tx.query_optional("SELECT hash FROM audit_events WHERE id = ?", &[noted.last_id.into()])?;
    match row {
        Some(row) if row.text_str(0)? == noted.last_hash => Ok(None),
        Some(_) => Ok(Some(format!("audit log: event {} is not the one that was noted", noted.last_id))),
        // Of events whose time was over at least the place is known: the chain goes on behind a later one.
        None => Ok(None),
    }
}

/// What a look at the whole chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many events there are.
    pub events: u64,
    /// The last link.
    pub end: End,
    /// What is wrong, a line each.
    pub problems: Vec<String>,
}

/// The last link, for whoever wants to note it elsewhere.
///
/// # Errors
/// Those of the database.
pub fn read_end(tx: &mut dyn Query) -> Result<End, DatabaseError> {
    end_of(tx, "")
}

/// The last link; nobody else adds one before this transaction is over.
pub(super) fn lock_end(tx: &mut Tx) -> Result<End, DatabaseError> {
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    end_of(tx, lock)
}

fn end_of(tx: &mut dyn Query, lock: &str) -> Result<End, DatabaseError> {
    let row = tx.query_one(&format!("SELECT last_id, last_hash FROM audit_chain WHERE id = 1{lock}"), &[])?;
    Ok(End { last_id: row.integer(0)?, last_hash: row.text(1)? })
}

pub(super) fn store_end(tx: &mut Tx, id: i64, hash: &str) -> Result<(), DatabaseError> {
    tx.execute("UPDATE audit_chain SET last_id = ?, last_hash = ? WHERE id = 1", &[id.into(), hash.into()])?;
    Ok(())
}

/// The hash of an event behind the one of hash `before`. Lengths keep the parts apart.
pub(super) fn hash_of(before: &str, values: &[Value]) -> String {
    let mut hasher = Sha256::new();
    let mut add = |kind: u8, bytes: &[u8]| {
        hasher.update([kind]);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    add(b'h', before.as_bytes());
    for value in values {
        match value {
            Value::Null => add(b'0', &[]),
            Value::Integer(number) => add(b'i', &number.to_le_bytes()),
            Value::Real(number) => add(b'r', &number.to_le_bytes()),
            Value::Text(text) => add(b't', text.as_bytes()),
            Value::Bytes(bytes) => add(b'b', bytes),
        }
    }
    hex(&hasher.finalize())
}

/// Columns in the order in which they are hashed, and the hash behind them.
const HASHED: &str =
    "id, at, user_id, proof, proof_id, source, address, kind, object_type, record_id, outcome, details, hash";
/// Where the hash stands in them.
const HASH: usize = 12;

/// Looks at every link.
///
/// # Errors
/// Those of the database; what is wrong with the chain stands in the answer.
pub fn verify(tx: &mut dyn Query) -> Result<Verified> {
    let end = read_end(tx)?;
    let mut verified = Verified { events: 0, end: end.clone(), problems: Vec::new() };
    let (mut id, mut hash) = match tx.query_optional("SELECT MIN(id) FROM audit_events", &[])? {
        Some(row) => match row.optional_integer(0)? {
            Some(first) => begin(tx, first, &mut verified)?,
            None => (0, String::new()),
        },
        None => (0, String::new()),
    };
    loop {
        let sql = format!("SELECT {HASHED} FROM audit_events WHERE id > ? ORDER BY id LIMIT {STEP}");
        let rows = tx.query(&sql, &[id.into()])?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            (id, hash) = follow(row, id, &hash, &mut verified)?;
        }
    }
    if id != end.last_id || hash != end.last_hash {
        verified.problems.push(format!("audit log: it ends with event {id}, but event {} was the last", end.last_id));
    }
    Ok(verified)
}

/// The link before the first one that is left.
fn begin(tx: &mut dyn Query, first: i64, verified: &mut Verified) -> Result<(i64, String)> {
    if first == 1 {
        return Ok((0, String::new()));
    }
    let rows = tx.query(
        "SELECT details FROM audit_events WHERE kind = ? ORDER BY id DESC LIMIT 1",
        &[Kind::AuditPruned.key().into()],
    )?;
    let details = match rows.first() {
        Some(row) => serde_json::from_str(row.text_str(0)?).map_err(|error| EngineError::Stored(error.to_string()))?,
        None => serde_json::Value::Null,
    };
    let hash = details.get("hash").and_then(|hash| hash.as_str()).map(str::to_owned);
    match (details.get("last_id").and_then(serde_json::Value::as_i64), hash) {
        (Some(last), Some(hash)) if last == first - 1 => Ok((last, hash)),
        _ => {
            verified.problems.push(format!("audit log: the events before {first} are missing"));
            Ok((first - 1, String::new()))
        }
    }
}

fn follow(row: &Row, before: i64, hash_before: &str, verified: &mut Verified) -> Result<(i64, String)> {
    let (id, stored) = (row.integer(0)?, row.text(HASH)?);
    verified.events += 1;
    if id != before + 1 {
        verified.problems.push(format!("audit log: events between {before} and {id} are missing"));
    } else if hash_of(hash_before, row.values().get(..HASH).unwrap_or_default()) != stored {
        verified.problems.push(format!("audit log: event {id} or the one before it was changed"));
    }
    Ok((id, stored))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_read_from_the_line_that_names_it() {
        let end = End { last_id: 1_204, last_hash: "0a".repeat(32) };
        let check = |line: &str, expect: Option<&End>| assert_eq!(End::find_in(line).as_ref(), expect, "{line}");
        check(&end.to_string(), Some(&end));
        check(&format!("2026-11-23T09:00:00Z  INFO the audit log ends with {end}\n"), Some(&end));
        check(&format!("7 events of the audit log checked; it ends with {end}"), Some(&end));
        check("the audit log ends with event 1204, hash 0a0a", None);
        check("event x, hash", None);
        check("", None);
    }
}
