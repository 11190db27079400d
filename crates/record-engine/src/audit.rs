//! The audit log: who did what that others must be able to look up later, from where, and whether he was let.
//!
//! History tells what became of a record; this tells what is no record: logins, refusals, exports, views, changes of rights and settings.
//!
//! What must stay true:
//! - an event stands in the transaction of what it tells of, so that neither is without the other ([`record`]);
//! - nothing changes an event, and only [`retention`] removes some, the oldest, and says so in an event of its own;
//! - every event carries the hash of itself and of the one before it, so that a change or a hole is found ([`chain`]);
//! - no event holds a password, a token or what was typed as a login; texts hold no control characters;
//! - names of people are not copied into it: it holds ids, and whoever reads it sees the names that he may see.
//!
//! All writers queue up for the end of the chain, so the event is appended as the last work of its transaction.

pub mod chain;
mod kind;
mod list;
pub mod retention;

use database::{DatabaseError, Query, Tx, Value};
use filter_language::sort_key;
use serde_json::{Map, Value as Json};

use crate::context::RequestContext;
use crate::error::Result;

pub use kind::{Kind, Outcome};
pub use list::{AuditFilter, AuditPage, AuditRow, Cursor, MAX_LIMIT, list};

/// Longest text in the details, in characters.
const MAX_TEXT: usize = 1_000;
/// Longest list in the details.
const MAX_ITEMS: usize = 50;
/// Names whose values never go into the log, however they came here.
const SECRET_NAMES: [&str; 9] =
    ["password", "current_password", "new_password", "secret", "token", "code", "cookie", "authorization", "api_key"];

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    kind: Kind,
    outcome: Outcome,
    user_id: Option<i64>,
    object_type: Option<String>,
    record_id: Option<i64>,
    details: Map<String, Json>,
}

impl Event {
    /// Something that was done.
    pub fn new(kind: Kind) -> Event {
        Event {
            kind,
            outcome: Outcome::Success,
            user_id: None,
            object_type: None,
            record_id: None,
            details: Map::new(),
        }
    }

    /// It did not work.
    #[must_use]
    pub fn failed(self) -> Event {
        Event { outcome: Outcome::Failure, ..self }
    }

    /// It was refused.
    #[must_use]
    pub fn denied(self) -> Event {
        Event { outcome: Outcome::Denied, ..self }
    }

    /// Done by this user, where the context does not know him yet: at a login.
    #[must_use]
    pub fn by(self, user_id: i64) -> Event {
        Event { user_id: Some(user_id), ..self }
    }

    /// Done to a record. For a user that is `on("user", id)`.
    #[must_use]
    pub fn on(self, object_type: &str, record_id: i64) -> Event {
        Event { record_id: Some(record_id), ..self.about(object_type) }
    }

    /// Done to records of a type.
    #[must_use]
    pub fn about(self, object_type: &str) -> Event {
        Event { object_type: Some(plain(object_type)), ..self }
    }

    /// Adds a detail. Texts are made plain and cut; a name that promises a secret hides its value. No names of people: ids.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Event {
        let value = if SECRET_NAMES.contains(&name) { "…".into() } else { plain_json(value.into()) };
        self.details.insert(plain(name), value);
        self
    }
}

/// Writes an event into the log, in the transaction of what it tells of.
pub fn record(tx: &mut Tx, context: &RequestContext, event: Event) {
    let row = NewRow::of(context, event);
    tx.do_last(Box::new(move |tx| append(tx, &row)));
}

/// How many events of one kind and outcome may come from one side within a time; so that a flood of refusals does not fill the disk.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// At most so many …
    pub most: i64,
    /// … within so many milliseconds.
    pub within_ms: i64,
}

/// What refusals and wrong guesses are held to.
pub const FLOOD: Bound = Bound { most: 30, within_ms: 10 * 60 * 1_000 };

/// Whether the bound leaves room for another event of this kind and outcome from the same user, or, without one, the same address.
///
/// Asked in a read before the event is written, so that who floods costs no write transactions.
///
/// # Errors
/// Those of the database.
pub fn has_room(tx: &mut dyn Query, context: &RequestContext, event: &Event, bound: Bound) -> Result<bool> {
    let after = context.now_ms - bound.within_ms;
    let (column, side) = match (event.user_id.or(context.actor.user_id()), address_of(context)) {
        (Some(user_id), _) => ("user_id = ?", Value::from(user_id)),
        (None, Some(address)) => ("address = ?", Value::from(address)),
        (None, None) => return Ok(true),
    };
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT id FROM audit_events WHERE {column} AND at > ? AND kind = ? AND outcome = ? LIMIT {}) AS latest",
        bound.most
    );
    let params = [side, after.into(), event.kind.key().into(), event.outcome.key().into()];
    Ok(tx.query_one(&sql, &params)?.integer(0)? < bound.most)
}

/// Whether the same user did the same with the same record after a moment.
///
/// # Errors
/// Those of the database.
pub fn is_known(tx: &mut dyn Query, context: &RequestContext, event: &Event, after_ms: i64) -> Result<bool> {
    const SQL: &str = "SELECT id FROM audit_events WHERE object_type = ? AND record_id = ? AND at > ? AND kind = ? AND user_id = ? LIMIT 1";
    let params = [
        event.object_type.clone().into(),
        event.record_id.into(),
        after_ms.into(),
        event.kind.key().into(),
        event.user_id.or(context.actor.user_id()).into(),
    ];
    Ok(tx.query_optional(SQL, &params)?.is_some())
}

/// An event on its way into the table.
#[derive(Clone, Debug)]
struct NewRow {
    at: i64,
    user_id: Option<i64>,
    proof: Option<(&'static str, i64)>,
    source: &'static str,
    address: Option<String>,
    kind: &'static str,
    object_type: Option<String>,
    record_id: Option<i64>,
    outcome: &'static str,
    details: String,
    words: String,
}

impl NewRow {
    fn of(context: &RequestContext, event: Event) -> NewRow {
        let mut event = event;
        // Who looks with somebody else's eyes does so himself.
        if context.origin.seen_by.is_some() {
            event = event.with("seen_as", context.actor.user_id());
        }
        let mut words = String::new();
        for value in event.details.values() {
            gather_words(value, &mut words);
        }
        NewRow {
            at: context.now_ms,
            user_id: event.user_id.or(context.origin.seen_by).or(context.actor.user_id()),
            proof: context.origin.proof.map(crate::context::Proof::key_and_id),
            source: context.source.key(),
            address: address_of(context),
            kind: event.kind.key(),
            object_type: event.object_type,
            record_id: event.record_id,
            outcome: event.outcome.key(),
            details: Json::Object(event.details).to_string(),
            words: sort_key(&words),
        }
    }
}

fn address_of(context: &RequestContext) -> Option<String> {
    context.origin.address.map(|address| address.to_canonical().to_string())
}

/// Adds the next link. Whoever else wants to add one waits for the end of this transaction.
fn append(tx: &mut Tx, row: &NewRow) -> Result<(), DatabaseError> {
    const COLUMNS: [&str; 14] = [
        "id",
        "at",
        "user_id",
        "proof",
        "proof_id",
        "source",
        "address",
        "kind",
        "object_type",
        "record_id",
        "outcome",
        "details",
        "words",
        "hash",
    ];
    let end = chain::lock_end(tx)?;
    let id = end.last_id + 1;
    let mut values: Vec<Value> = vec![
        id.into(),
        row.at.into(),
        row.user_id.into(),
        row.proof.map(|(key, _)| key).into(),
        row.proof.map(|(_, id)| id).into(),
        row.source.into(),
        row.address.clone().into(),
        row.kind.into(),
        row.object_type.clone().into(),
        row.record_id.into(),
        row.outcome.into(),
        row.details.clone().into(),
    ];
    let hash = chain::hash_of(&end.last_hash, &values);
    values.push(row.words.clone().into());
    values.push(hash.clone().into());
    tx.insert_many("audit_events", &COLUMNS, &[values])?;
    chain::store_end(tx, id, &hash)
}

/// Nothing that could pass for a line, a colour or another direction of writing, wherever the text is shown.
fn plain(text: &str) -> String {
    crate::plain_text::escaped(text, MAX_TEXT)
}

fn plain_json(value: Json) -> Json {
    match value {
        Json::String(text) => plain(&text).into(),
        Json::Array(items) => items.into_iter().take(MAX_ITEMS).map(plain_json).collect(),
        Json::Object(members) => {
            let hide = |(name, value): (String, Json)| {
                let value = if SECRET_NAMES.contains(&name.as_str()) { "…".into() } else { plain_json(value) };
                (plain(&name), value)
            };
            Json::Object(members.into_iter().take(MAX_ITEMS).map(hide).collect())
        }
        other => other,
    }
}

fn gather_words(value: &Json, words: &mut String) {
    let mut add = |text: &str| {
        words.push(' ');
        words.push_str(text);
    };
    match value {
        Json::String(text) => add(text),
        Json::Number(number) => add(&number.to_string()),
        Json::Array(items) => items.iter().for_each(|item| gather_words(item, words)),
        Json::Object(members) => members.values().for_each(|member| gather_words(member, words)),
        Json::Null | Json::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_has_a_key_of_its_own() {
        let keys: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.key()).collect();
        assert_eq!(keys.len(), Kind::ALL.len());
        assert!(Kind::ALL.iter().all(|kind| Kind::from_key(kind.key()) == Some(*kind)));
    }

    #[test]
    fn details_are_plain_and_hold_no_secrets() {
        let event = Event::new(Kind::Login)
            .with("user_agent", "Mozilla\r\n200 OK \u{1b}[31m\u{202e}")
            .with("password", "hunter2")
            .with("change", json!({ "token": "abc", "list": ["a\u{0}b"] }))
            .with("long", "x".repeat(5_000));
        let text = Json::Object(event.details.clone()).to_string();
        assert!(!text.contains("hunter2") && !text.contains("abc"), "{text}");
        assert_eq!(event.details.get("user_agent"), Some(&json!("Mozilla\\u{d}\\u{a}200 OK \\u{1b}[31m\\u{202e}")));
        assert_eq!(event.details.get("change"), Some(&json!({ "token": "…", "list": ["a\\u{0}b"] })));
        assert!(event.details.get("long").and_then(Json::as_str).is_some_and(|text| text.chars().count() == MAX_TEXT));
    }
}
