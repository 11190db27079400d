//! What is wrong with the rows of an import, and what a person decided about them: a table that a check and an import fill.

use std::collections::HashMap;

use database::{Query, Tx, Value};
use record_engine::error::Result;
use serde_json::{Map, Value as Json};

use super::assemble::Problem;
use super::settings::Decision;

/// Which run found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The check.
    Check,
    /// The import.
    Import,
}

impl Stage {
    fn key(self) -> &'static str {
        match self {
            Stage::Check => "check",
            Stage::Import => "import",
        }
    }
}

/// What kind of entry stands in the list of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// The row cannot be taken.
    Error,
    /// The user has to decide.
    Decision,
    /// The row was left out on purpose.
    Skipped,
    /// The row was taken, something of it was not.
    Warning,
}

impl ProblemKind {
    pub(crate) fn key(self) -> &'static str {
        match self {
            ProblemKind::Error => "error",
            ProblemKind::Decision => "decision",
            ProblemKind::Skipped => "skipped",
            ProblemKind::Warning => "warning",
        }
    }
}

/// An entry of the list of problems.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub row: u64,
    pub kind: ProblemKind,
    pub problem: Problem,
    pub match_id: Option<i64>,
    pub match_on: Vec<&'static str>,
}

/// Forgets what a run found.
pub(crate) fn clear(tx: &mut Tx, import_id: i64, stage: Stage) -> Result<()> {
    tx.execute(
        "DELETE FROM import_problems WHERE import_id = ? AND stage = ?",
        &[import_id.into(), stage.key().into()],
    )?;
    Ok(())
}

/// Stores entries; those of one row must come in one call.
pub(crate) fn insert(tx: &mut Tx, import_id: i64, stage: Stage, entries: &[Entry]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut places: HashMap<u64, i64> = HashMap::new();
    let rows: Vec<Vec<Value>> = entries
        .iter()
        .map(|entry| {
            let place = places.entry(entry.row).or_insert(0);
            *place += 1;
            let problem = &entry.problem;
            let params = (!problem.params.is_empty()).then(|| Json::Object(problem.params.clone()).to_string());
            let match_on = (!entry.match_on.is_empty()).then(|| entry.match_on.join(","));
            vec![
                import_id.into(),
                stage.key().into(),
                row_value(entry.row),
                (*place).into(),
                entry.kind.key().into(),
                problem.column.and_then(|column| i64::try_from(column).ok()).into(),
                problem.field.clone().into(),
                problem.code.as_str().into(),
                params.into(),
                problem.value.clone().into(),
                entry.match_id.into(),
                match_on.into(),
            ]
        })
        .collect();
    tx.insert_many(
        "import_problems",
        &[
            "import_id",
            "stage",
            "row_number",
            "place",
            "kind",
            "column_index",
            "field",
            "code",
            "params",
            "value",
            "match_id",
            "match_on",
        ],
        &rows,
    )?;
    Ok(())
}

pub(crate) fn row_value(row: u64) -> Value {
    Value::Integer(i64::try_from(row).unwrap_or(i64::MAX))
}

/// A stored entry of the list of problems.
#[derive(Clone, Debug)]
pub(crate) struct StoredProblem {
    pub row: i64,
    pub place: i64,
    pub kind: String,
    pub column: Option<i64>,
    pub field: Option<String>,
    pub code: String,
    pub params: Map<String, Json>,
    pub value: Option<String>,
    pub match_id: Option<i64>,
    pub match_on: Vec<String>,
    pub decision: Option<String>,
}

/// Entries behind a row and place, in order; `kinds` empty: all of them.
pub(crate) fn read(
    tx: &mut dyn Query,
    import_id: i64,
    stage: Stage,
    kinds: &[&str],
    after: (i64, i64),
    limit: usize,
) -> Result<Vec<StoredProblem>> {
    let mut params: Vec<Value> = vec![import_id.into(), stage.key().into(), after.0.into(), after.1.into()];
    params.extend(kinds.iter().map(|kind| Value::from(*kind)));
    let of_kind =
        if kinds.is_empty() { String::new() } else { format!(" AND kind IN {}", database::in_list(kinds.len())) };
    let sql = format!(
        "SELECT row_number, place, kind, column_index, field, code, params, value, match_id, match_on, decision FROM import_problems \
         WHERE import_id = ? AND stage = ? AND (row_number, place) > (?, ?){of_kind} ORDER BY row_number, place LIMIT {limit}"
    );
    tx.query(&sql, &params)?
        .iter()
        .map(|row| {
            let params = row.optional_text(6)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            let match_on = row.optional_text(9)?.map(|text| text.split(',').map(String::from).collect());
            Ok(StoredProblem {
                row: row.integer(0)?,
                place: row.integer(1)?,
                kind: row.text(2)?,
                column: row.optional_integer(3)?,
                field: row.optional_text(4)?,
                code: row.text(5)?,
                params,
                value: row.optional_text(7)?,
                match_id: row.optional_integer(8)?,
                match_on: match_on.unwrap_or_default(),
                decision: row.optional_text(10)?,
            })
        })
        .collect()
}

/// The decisions of the user on rows between two numbers, both included.
pub(crate) fn decisions(tx: &mut dyn Query, import_id: i64, from: u64, to: u64) -> Result<HashMap<u64, Decision>> {
    let rows = tx.query(
        "SELECT row_number, decision FROM import_problems WHERE import_id = ? AND stage = 'check' AND row_number >= ? AND row_number <= ? \
         AND kind = 'decision' AND decision IS NOT NULL",
        &[import_id.into(), row_value(from), row_value(to)],
    )?;
    let mut found = HashMap::new();
    for row in rows {
        if let (Ok(number), Some(decision)) = (u64::try_from(row.integer(0)?), Decision::from_key(row.text_str(1)?)) {
            found.insert(number, decision);
        }
    }
    Ok(found)
}

/// Stores the decision on one row; answers whether it was waiting for one.
pub(crate) fn decide(tx: &mut Tx, import_id: i64, stage: Stage, row: i64, decision: Option<Decision>) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE import_problems SET decision = ? WHERE import_id = ? AND stage = ? AND row_number = ? AND kind = 'decision'",
        &[decision.map(Decision::key).into(), import_id.into(), stage.key().into(), row.into()],
    )?;
    Ok(changed > 0)
}

/// Stores one decision on all rows that wait.
pub(crate) fn decide_all(tx: &mut Tx, import_id: i64, stage: Stage, decision: Decision) -> Result<()> {
    tx.execute(
        "UPDATE import_problems SET decision = ? WHERE import_id = ? AND stage = ? AND kind = 'decision'",
        &[decision.key().into(), import_id.into(), stage.key().into()],
    )?;
    Ok(())
}

/// After the end of an import: the rows behind a number that were waiting and are decided now, the first `limit` of them.
pub(crate) fn decided(tx: &mut dyn Query, import_id: i64, after: u64, limit: usize) -> Result<HashMap<u64, Decision>> {
    let sql = format!(
        "SELECT row_number, decision FROM import_problems WHERE import_id = ? AND stage = 'import' AND row_number > ? AND kind = 'decision' \
         AND decision IS NOT NULL ORDER BY row_number LIMIT {limit}"
    );
    let rows = tx.query(&sql, &[import_id.into(), row_value(after)])?;
    let mut found = HashMap::new();
    for row in rows {
        if let (Ok(number), Some(decision)) = (u64::try_from(row.integer(0)?), Decision::from_key(row.text_str(1)?)) {
            found.insert(number, decision);
        }
    }
    Ok(found)
}

/// How many such rows there are.
pub(crate) fn count_decided(tx: &mut dyn Query, import_id: i64) -> Result<i64> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM import_problems WHERE import_id = ? AND stage = 'import' AND kind = 'decision' AND decision IS NOT NULL",
        &[import_id.into()],
    )?;
    Ok(row.integer(0)?)
}

/// Forgets what was found about rows.
pub(crate) fn forget(tx: &mut Tx, import_id: i64, stage: Stage, rows: &[u64]) -> Result<()> {
    for chunk in rows.chunks(500) {
        let mut params: Vec<Value> = vec![import_id.into(), stage.key().into()];
        params.extend(chunk.iter().map(|row| row_value(*row)));
        let sql = format!(
            "DELETE FROM import_problems WHERE import_id = ? AND stage = ? AND row_number IN {}",
            database::in_list(chunk.len())
        );
        tx.execute(&sql, &params)?;
    }
    Ok(())
}
