//! The tables of the retention rules and of their runs.

use std::collections::BTreeMap;

use database::{Backend, Migration, MigrationSql, Query, Row, Tx};
use record_engine::context::instant_text;
use record_engine::error::{EngineError, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::RuleInput;

pub(in crate::personal_data) const MIGRATION: Migration = Migration {
    version: 26,
    name: "how long personal data is kept, and addresses of erased people",
    sql: MigrationSql::Both(
        "
CREATE TABLE retention_rules (
    id {id},
    name {text} NOT NULL,
    object_type {text} NOT NULL,
    filter {text} NOT NULL,
    basis {text} NOT NULL,
    period {int} NOT NULL,
    unit {text} NOT NULL,
    action {text} NOT NULL,
    is_active {int} NOT NULL DEFAULT 0,
    version {int} NOT NULL DEFAULT 1,
    checked_at {int},
    night {int} NOT NULL DEFAULT 0,
    resume_after {int} NOT NULL DEFAULT 0,
    created_at {int} NOT NULL
);

CREATE TABLE retention_runs (
    id {id},
    rule_id {int} NOT NULL,
    name {text} NOT NULL,
    action {text} NOT NULL,
    started_at {int} NOT NULL,
    finished_at {int},
    done {int} NOT NULL DEFAULT 0,
    held {int} NOT NULL DEFAULT 0,
    restricted {int} NOT NULL DEFAULT 0,
    staff {int} NOT NULL DEFAULT 0,
    blocked {int} NOT NULL DEFAULT 0,
    is_complete {int} NOT NULL DEFAULT 0,
    operation_id {int}
);
CREATE INDEX retention_runs_rule ON retention_runs (rule_id, id);

CREATE TABLE erased_addresses (
    hash {text} NOT NULL PRIMARY KEY,
    kind {text} NOT NULL,
    at {int} NOT NULL,
    removed_at {int},
    is_in_file {int} NOT NULL DEFAULT 0
);
CREATE INDEX erased_addresses_open ON erased_addresses (is_in_file);
",
    ),
};

/// A stored rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its id.
    pub id: i64,
    /// What it says.
    pub input: RuleInput,
    /// Whether it works.
    pub is_active: bool,
    /// Counts its changes.
    pub version: i64,
    /// When somebody saw what it reaches, milliseconds UTC; `None` since it was changed.
    pub checked_at: Option<i64>,
    /// The record behind which the next run goes on.
    pub resume_after: i64,
}

const COLUMNS: &str =
    "id, name, object_type, filter, basis, period, unit, action, is_active, version, checked_at, resume_after";

fn key<T: DeserializeOwned>(text: String) -> Result<T> {
    serde_json::from_value(Json::String(text)).map_err(|error| EngineError::Stored(error.to_string()))
}

fn text(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(String::from)).unwrap_or_default()
}

fn read(row: &Row) -> Result<Rule> {
    let input = RuleInput {
        name: row.text(1)?,
        object_type: row.text(2)?,
        filter: row.text(3)?,
        basis: key(row.text(4)?)?,
        period: row.integer(5)?,
        unit: key(row.text(6)?)?,
        action: key(row.text(7)?)?,
    };
    Ok(Rule {
        id: row.integer(0)?,
        input,
        is_active: row.boolean(8)?,
        version: row.integer(9)?,
        checked_at: row.optional_integer(10)?,
        resume_after: row.integer(11)?,
    })
}

pub(super) fn all(tx: &mut dyn Query) -> Result<Vec<Rule>> {
    let rows = tx.query(&format!("SELECT {COLUMNS} FROM retention_rules ORDER BY id"), &[])?;
    rows.iter().map(read).collect()
}

pub(super) fn find(tx: &mut dyn Query, id: i64) -> Result<Option<Rule>> {
    let row = tx.query_optional(&format!("SELECT {COLUMNS} FROM retention_rules WHERE id = ?"), &[id.into()])?;
    row.as_ref().map(read).transpose()
}

fn next_id(tx: &mut Tx, table: &str) -> Result<i64> {
    let ids = tx.allocate_ids(table, 1)?;
    ids.first().copied().ok_or_else(|| EngineError::Stored(format!("the sequence of {table} gave no id")))
}

pub(super) fn insert(tx: &mut Tx, now_ms: i64, input: &RuleInput) -> Result<i64> {
    let id = next_id(tx, "retention_rules")?;
    tx.execute(
        "INSERT INTO retention_rules (id, name, object_type, filter, basis, period, unit, action, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &[
            id.into(),
            input.name.trim().into(),
            input.object_type.as_str().into(),
            input.filter.trim().into(),
            text(input.basis).into(),
            input.period.into(),
            text(input.unit).into(),
            text(input.action).into(),
            now_ms.into(),
        ],
    )?;
    Ok(id)
}

/// A rule that reaches something else is off and begins anew.
pub(super) fn replace(tx: &mut Tx, id: i64, input: &RuleInput, is_renamed_only: bool) -> Result<()> {
    tx.execute(
        "UPDATE retention_rules SET name = ?, object_type = ?, filter = ?, basis = ?, period = ?, unit = ?, action = ?, version = version + 1 WHERE id = ?",
        &[
            input.name.trim().into(),
            input.object_type.as_str().into(),
            input.filter.trim().into(),
            text(input.basis).into(),
            input.period.into(),
            text(input.unit).into(),
            text(input.action).into(),
            id.into(),
        ],
    )?;
    if !is_renamed_only {
        tx.execute(
            "UPDATE retention_rules SET is_active = 0, checked_at = NULL, resume_after = 0 WHERE id = ?",
            &[id.into()],
        )?;
    }
    Ok(())
}

pub(super) fn remove(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute("DELETE FROM retention_rules WHERE id = ?", &[id.into()])?;
    Ok(())
}

/// The night in which it is switched on counts as done. The answer is no when it was changed meanwhile, by a transaction that ended before this one.
pub(super) fn switch(tx: &mut Tx, rule: &Rule, is_active: bool, night: i64) -> Result<bool> {
    let sql = "UPDATE retention_rules SET is_active = ?, night = ?, version = version + 1 WHERE id = ? AND version = ?";
    let params = [i64::from(is_active).into(), night.into(), rule.id.into(), rule.version.into()];
    Ok(tx.execute(sql, &params)? == 1)
}

/// Whether a rule still says what it said, for a transaction that acts by it: whoever changes it waits for the end of that.
pub(super) fn holds(tx: &mut Tx, rule: &Rule) -> Result<bool> {
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT id FROM retention_rules WHERE id = ? AND version = ? AND is_active = 1{lock}");
    Ok(tx.query_optional(&sql, &[rule.id.into(), rule.version.into()])?.is_some())
}

/// Somebody saw what the rule reaches; the answer is no when it was changed meanwhile.
pub(super) fn check(tx: &mut Tx, rule: &Rule, now_ms: i64) -> Result<bool> {
    let sql = "UPDATE retention_rules SET checked_at = ? WHERE id = ? AND version = ?";
    Ok(tx.execute(sql, &[now_ms.into(), rule.id.into(), rule.version.into()])? == 1)
}

/// Takes the work of a night; only one gets it.
pub(super) fn take_night(tx: &mut Tx, id: i64, night: i64) -> Result<bool> {
    let sql = "UPDATE retention_rules SET night = ? WHERE id = ? AND is_active = 1 AND night < ?";
    Ok(tx.execute(sql, &[night.into(), id.into(), night.into()])? == 1)
}

/// Where the next night goes on: behind what this one left, or from the beginning.
pub(super) fn resume_after(tx: &mut Tx, id: i64, version: i64, after: i64) -> Result<()> {
    let sql = "UPDATE retention_rules SET resume_after = ? WHERE id = ? AND version = ?";
    tx.execute(sql, &[after.into(), id.into(), version.into()])?;
    Ok(())
}

pub(super) fn begin_run(tx: &mut Tx, rule: &Rule, now_ms: i64) -> Result<i64> {
    let id = next_id(tx, "retention_runs")?;
    tx.execute(
        "INSERT INTO retention_runs (id, rule_id, name, action, started_at) VALUES (?, ?, ?, ?, ?)",
        &[id.into(), rule.id.into(), rule.input.name.as_str().into(), text(rule.input.action).into(), now_ms.into()],
    )?;
    Ok(id)
}

/// What a run has done and left so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Counts {
    /// Went.
    pub done: i64,
    /// Under a legal hold.
    pub held: i64,
    /// Restricted.
    pub restricted: i64,
    /// Cards of users.
    pub staff: i64,
    /// Something else keeps them for now, such as an import that runs.
    pub blocked: i64,
}

impl Counts {
    /// By the reason why they were left.
    pub fn left(&self) -> BTreeMap<&'static str, i64> {
        [("held", self.held), ("restricted", self.restricted), ("staff", self.staff), ("blocked", self.blocked)].into()
    }
}

/// Notes where a run stands.
pub(super) fn note_run(tx: &mut Tx, id: i64, counts: &Counts, operation_id: Option<i64>) -> Result<()> {
    tx.execute(
        "UPDATE retention_runs SET done = ?, held = ?, restricted = ?, staff = ?, blocked = ?, operation_id = ? WHERE id = ?",
        &[
            counts.done.into(),
            counts.held.into(),
            counts.restricted.into(),
            counts.staff.into(),
            counts.blocked.into(),
            operation_id.into(),
            id.into(),
        ],
    )?;
    Ok(())
}

/// A run has ended; complete when nothing is left for the next night.
pub(super) fn end_run(tx: &mut Tx, id: i64, now_ms: i64, is_complete: bool) -> Result<()> {
    tx.execute(
        "UPDATE retention_runs SET finished_at = ?, is_complete = ? WHERE id = ?",
        &[now_ms.into(), i64::from(is_complete).into(), id.into()],
    )?;
    Ok(())
}

/// The newest runs, of one rule or of all, as clients read them.
pub(super) fn runs(tx: &mut dyn Query, rule_id: Option<i64>, limit: usize) -> Result<Vec<Json>> {
    let of_rule = if rule_id.is_some() { "WHERE rule_id = ?" } else { "" };
    let sql = format!(
        "SELECT id, rule_id, name, action, started_at, finished_at, done, held, restricted, staff, blocked, is_complete, operation_id \
         FROM retention_runs {of_rule} ORDER BY id DESC LIMIT {limit}"
    );
    let params = rule_id.map(database::Value::Integer);
    tx.query(&sql, params.as_slice())?
        .iter()
        .map(|row| {
            let counts = Counts {
                done: row.integer(6)?,
                held: row.integer(7)?,
                restricted: row.integer(8)?,
                staff: row.integer(9)?,
                blocked: row.integer(10)?,
            };
            Ok(json!({
                "id": row.integer(0)?, "rule_id": row.integer(1)?, "name": row.text(2)?, "action": row.text(3)?,
                "started_at": instant_text(row.integer(4)?), "finished_at": row.optional_integer(5)?.map(instant_text),
                "done": counts.done, "left": counts.left(), "is_complete": row.boolean(11)?, "operation_id": row.optional_integer(12)?,
            }))
        })
        .collect()
}
