//! Reminders: when somebody is reminded of a record, and that he is, once.
//!
//! What must stay true: what is due stands in a row that is written with the record and taken in the transaction that notifies, so a reminder is neither
//! lost nor given twice, whatever is restarted and however many processes look. When it is due is worked out by the wall clock of each person who is
//! reminded. Before it is given the moment is worked out once more, because a person may have moved to another zone.
//!
//! Which types remind whom of what they say themselves, as a [`Reminding`]; the list of them stands beside that of the types.

pub(crate) mod moments;

use std::collections::{BTreeMap, BTreeSet};

use database::{Backend, Migration, MigrationSql, Query, Tx, Value, in_list};
use jiff::tz::TimeZone;
use record_engine::error::Result;
use record_engine::notifications::{Kind, file_by_program};
use record_engine::query::load_records;
use record_engine::record::Values;
use record_engine::write::{Intent, Proposal};
use record_engine::{Engine, Record, RequestContext};

/// The table as it was while tasks alone reminded, and as it is.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 35,
        name: "reminders of tasks",
        sql: MigrationSql::Both(
            "
CREATE TABLE task_reminders (
    task_id {int} NOT NULL,
    kind {text} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (task_id, kind)
);
CREATE INDEX task_reminders_at ON task_reminders (at);
",
        ),
    },
    // `user_id` is 0 for whoever is responsible when it is given.
    Migration {
        version: 37,
        name: "reminders of any type",
        sql: MigrationSql::Both(
            "
CREATE TABLE reminders (
    object_type {text} NOT NULL,
    record_id {int} NOT NULL,
    kind {text} NOT NULL,
    user_id {int} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (object_type, record_id, kind, user_id)
);
CREATE INDEX reminders_at ON reminders (at);
INSERT INTO reminders (object_type, record_id, kind, user_id, at) SELECT 'task', task_id, kind, 0, at FROM task_reminders;
DROP TABLE task_reminders;
",
        ),
    },
];

/// Reminders that are given in one transaction.
const BATCH: usize = 500;

/// What somebody is reminded of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// The time is near.
    Soon,
    /// The time has passed.
    Over,
}

impl Due {
    fn key(self) -> &'static str {
        match self {
            Due::Soon => "soon",
            Due::Over => "over",
        }
    }

    fn from_key(key: &str) -> Due {
        if key == Due::Over.key() { Due::Over } else { Due::Soon }
    }
}

/// How the records of a type remind.
#[derive(Debug)]
pub(crate) struct Reminding {
    /// The type.
    pub object_type: &'static str,
    /// As what it is told.
    pub kind: fn(Due) -> &'static Kind,
    /// When somebody in a time zone is reminded of a record with these values, milliseconds UTC.
    pub moments: fn(&Values, &TimeZone) -> Vec<(Due, i64)>,
    /// Who is reminded beside the one who is responsible.
    pub others: fn(&Values) -> Vec<i64>,
}

/// Who is reminded: whoever is responsible by then, or somebody by himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Receiver {
    /// 0 for the place of the responsible.
    place: i64,
    user: i64,
}

impl Reminding {
    fn receivers(&self, values: &Values) -> Vec<Receiver> {
        let responsible = values.get("responsible").and_then(serde_json::Value::as_i64);
        let others = (self.others)(values).into_iter().filter(|user| Some(*user) != responsible);
        let first = responsible.map(|user| Receiver { place: 0, user });
        first.into_iter().chain(others.map(|user| Receiver { place: user, user })).collect()
    }
}

/// Writes down when the records of a transaction are due. What has been due already is not due once more because its record is written, and what is due
/// and was not told yet stays so unless it is due at another time.
pub(crate) fn plan(tx: &mut Tx, now_ms: i64, reminding: &Reminding, proposals: &[Proposal<'_>]) -> Result<()> {
    const PUT: &str = "INSERT INTO reminders (object_type, record_id, kind, user_id, at) VALUES (?, ?, ?, ?, ?) \
        ON CONFLICT (object_type, record_id, kind, user_id) DO UPDATE SET at = excluded.at";
    let written: Vec<(i64, &Proposal<'_>)> = proposals.iter().filter_map(|one| Some((one.id?, one))).collect();
    let kept = || written.iter().filter(|(_, proposal)| proposal.intent != Intent::Delete);
    let users = kept().flat_map(|(_, proposal)| reminding.receivers(proposal.after)).map(|one| one.user);
    let zones = zones_of(tx, users.collect())?;
    for some in written.chunks(BATCH) {
        let list = in_list(some.len());
        let mut params: Vec<Value> = vec![reminding.object_type.into()];
        params.extend(some.iter().map(|(id, _)| Value::Integer(*id)));
        params.push(now_ms.into());
        let sql = format!("DELETE FROM reminders WHERE object_type = ? AND record_id IN {list} AND at > ?");
        tx.execute(&sql, &params)?;
    }
    for (id, proposal) in &written {
        if proposal.intent == Intent::Delete {
            let sql = "DELETE FROM reminders WHERE object_type = ? AND record_id = ?";
            tx.execute(sql, &[reminding.object_type.into(), (*id).into()])?;
            continue;
        }
        for receiver in reminding.receivers(proposal.after) {
            let moments = (reminding.moments)(proposal.after, zone_of(&zones, receiver.user));
            for (due, at) in moments.into_iter().filter(|(_, at)| *at > now_ms) {
                let row = [reminding.object_type.into(), (*id).into(), due.key().into(), receiver.place.into()];
                tx.execute(PUT, &[&row[..], &[at.into()]].concat())?;
            }
        }
    }
    Ok(())
}

/// Forgets what was due before a moment without telling anybody, after records of the past have been written.
///
/// # Errors
/// Those of the database.
pub fn forget_past(tx: &mut Tx, now_ms: i64) -> Result<()> {
    tx.execute("DELETE FROM reminders WHERE at <= ?", &[now_ms.into()])?;
    Ok(())
}

fn zones_of(tx: &mut dyn Query, users: BTreeSet<i64>) -> Result<BTreeMap<i64, TimeZone>> {
    let users: Vec<Value> = users.into_iter().map(Value::Integer).collect();
    let mut zones = BTreeMap::new();
    for chunk in users.chunks(BATCH) {
        let sql = format!("SELECT id, time_zone FROM \"user\" WHERE id IN {}", in_list(chunk.len()));
        for row in tx.query(&sql, chunk)? {
            let zone = row.optional_text(1)?.and_then(|name| TimeZone::get(&name).ok());
            zones.insert(row.integer(0)?, zone.unwrap_or(TimeZone::UTC));
        }
    }
    Ok(zones)
}

fn zone_of(zones: &BTreeMap<i64, TimeZone>, user: i64) -> &TimeZone {
    const UTC: &TimeZone = &TimeZone::UTC;
    zones.get(&user).unwrap_or(UTC)
}

/// Gives the reminders that are due; answers how many were looked at.
///
/// # Errors
/// Those of the database.
pub fn remind(engine: &Engine) -> Result<usize> {
    // A write wakes whoever waits for events, this one's own thread among them: nothing is written unless something is due.
    const DUE: &str = "SELECT record_id FROM reminders WHERE at <= ? LIMIT 1";
    let mut looked_at = 0;
    loop {
        let now_ms = engine.clock().now_ms();
        if engine.database().read(|tx| tx.query_optional(DUE, &[now_ms.into()]))?.is_none() {
            return Ok(looked_at);
        }
        let taken = engine.write_batch(|tx| take(tx, engine))?;
        looked_at += taken;
        if taken < BATCH {
            return Ok(looked_at);
        }
    }
}

/// A row that is due.
struct Taken {
    object_type: String,
    record: i64,
    due: Due,
    place: i64,
}

/// Takes some rows and notifies, one notification for each person and kind: after a long sleep nobody is stormed.
fn take(tx: &mut Tx, engine: &Engine) -> Result<usize> {
    let context = RequestContext::system(engine.clock());
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "SELECT object_type, record_id, kind, user_id FROM reminders WHERE at <= ? ORDER BY at, record_id LIMIT {BATCH}{lock}"
    );
    let mut rows = Vec::new();
    for row in tx.query(&sql, &[context.now_ms.into()])? {
        let due = Due::from_key(row.text_str(2)?);
        rows.push(Taken { object_type: row.text(0)?, record: row.integer(1)?, due, place: row.integer(3)? });
    }
    const GONE: &str = "DELETE FROM reminders WHERE object_type = ? AND record_id = ? AND kind = ? AND user_id = ?";
    for row in &rows {
        let key = [row.object_type.as_str().into(), row.record.into(), row.due.key().into(), row.place.into()];
        tx.execute(GONE, &key)?;
    }
    for reminding in crate::reminding() {
        let own: Vec<&Taken> = rows.iter().filter(|row| row.object_type == reminding.object_type).collect();
        if !own.is_empty() {
            give(tx, engine, &context, reminding, &own)?;
        }
    }
    Ok(rows.len())
}

/// Tells of the records of one type, or writes down anew what is due later by now.
fn give(tx: &mut Tx, engine: &Engine, context: &RequestContext, reminding: &Reminding, rows: &[&Taken]) -> Result<()> {
    let object_type = engine.snapshot().object_type(reminding.object_type)?;
    let ids: BTreeSet<i64> = rows.iter().map(|row| row.record).collect();
    let records = load_records(tx, &object_type, &ids.into_iter().collect::<Vec<_>>(), false)?;
    let receiver = |row: &Taken| -> Option<(&Record, i64)> {
        let record = records.get(&row.record).filter(|record| record.deleted_at.is_none())?;
        let found = reminding.receivers(&record.values).into_iter().find(|one| one.place == row.place)?;
        Some((record, found.user))
    };
    let zones = zones_of(tx, rows.iter().filter_map(|row| receiver(row)).map(|(_, user)| user).collect())?;
    let mut told: BTreeMap<Due, BTreeMap<i64, Vec<i64>>> = BTreeMap::new();
    for row in rows {
        let Some((record, user)) = receiver(row) else { continue };
        let moments = (reminding.moments)(&record.values, zone_of(&zones, user));
        match moments.into_iter().find(|(due, _)| *due == row.due) {
            Some((_, at)) if at > context.now_ms => {
                let columns = ["object_type", "record_id", "kind", "user_id", "at"];
                let place = row.place.into();
                let later =
                    vec![reminding.object_type.into(), row.record.into(), row.due.key().into(), place, at.into()];
                tx.insert_many("reminders", &columns, &[later])?;
            }
            Some(_) => told.entry(row.due).or_default().entry(user).or_default().push(row.record),
            None => {}
        }
    }
    for (due, told) in told {
        file_by_program(tx, context, (reminding.kind)(due), reminding.object_type, told)?;
    }
    Ok(())
}
