//! The tables of import: what was uploaded and how it is to be read, what is wrong with it, which mappings were remembered.

use std::collections::HashMap;

use database::{Migration, MigrationSql, Query, Row, Tx, Value};
use file_formats::{Inspection, ReadOptions};
use record_engine::error::{EngineError, Result};
use record_engine::record::Values;
use record_engine::RequestContext;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::assemble::Problem;
use super::recognise::Guess;

/// The tables of import and export.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 3,
    name: "exchange",
    sql: MigrationSql::Both(
        "
CREATE TABLE imports (
    id {id},
    object_type {text} NOT NULL,
    user_id {int},
    file_hash {text} NOT NULL,
    file_name {text} NOT NULL,
    file_size {int} NOT NULL,
    state {text} NOT NULL,
    settings {text} NOT NULL,
    inspection {text} NOT NULL,
    check_report {text},
    report {text},
    job_id {int},
    operation_id {int},
    created_at {int} NOT NULL
);
CREATE INDEX imports_user ON imports (user_id, id);

CREATE TABLE import_problems (
    import_id {int} NOT NULL,
    stage {text} NOT NULL,
    row_number {int} NOT NULL,
    place {int} NOT NULL,
    kind {text} NOT NULL,
    column_index {int},
    field {text},
    code {text} NOT NULL,
    params {text},
    value {text},
    match_id {int},
    match_on {text},
    decision {text},
    PRIMARY KEY (import_id, stage, row_number, place)
);

CREATE TABLE import_mappings (
    user_id {int} NOT NULL,
    object_type {text} NOT NULL,
    signature {text} NOT NULL,
    mapping {text} NOT NULL,
    PRIMARY KEY (user_id, object_type, signature)
);
",
    ),
}];

/// What an import may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Make new records and change matching ones.
    #[default]
    CreateAndUpdate,
    /// Leave matching records alone.
    CreateOnly,
    /// Leave rows without a match alone.
    UpdateOnly,
}

/// What makes a row and a record the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchKey {
    /// The id column.
    Id,
    /// Name, phone, e-mail and company, as far as the row has them.
    Full,
    /// A phone number alone.
    Phone,
    /// An e-mail address alone.
    Email,
    /// The name alone.
    Name,
}

/// What becomes of a row that matches a record only in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Change the record.
    Update,
    /// Leave the row out.
    Skip,
    /// Make a new record; the channels that both have are marked as shared.
    CreateShared,
}

impl Decision {
    pub(crate) fn key(self) -> &'static str {
        match self {
            Decision::Update => "update",
            Decision::Skip => "skip",
            Decision::CreateShared => "create_shared",
        }
    }

    fn from_key(key: &str) -> Option<Decision> {
        [Decision::Update, Decision::Skip, Decision::CreateShared].into_iter().find(|decision| decision.key() == key)
    }
}

/// What becomes of such rows when nobody has decided on the single row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnPartialMatch {
    /// They wait for a decision; without one they are skipped.
    #[default]
    Ask,
    /// See [`Decision::Update`].
    Update,
    /// See [`Decision::Skip`].
    Skip,
    /// See [`Decision::CreateShared`].
    CreateShared,
}

impl OnPartialMatch {
    pub(crate) fn decision(self) -> Option<Decision> {
        match self {
            OnPartialMatch::Ask => None,
            OnPartialMatch::Update => Some(Decision::Update),
            OnPartialMatch::Skip => Some(Decision::Skip),
            OnPartialMatch::CreateShared => Some(Decision::CreateShared),
        }
    }
}

/// How the file is to be read; what is absent is found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileOptions {
    /// Sheet of a workbook.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Encoding of a text file.
    #[serde(default)]
    pub encoding: Option<String>,
    /// Between the fields of a text file.
    #[serde(default)]
    pub delimiter: Option<char>,
    /// Around the fields of a text file.
    #[serde(default)]
    pub quote: Option<char>,
    /// Whether the first row holds names.
    #[serde(default)]
    pub has_header: Option<bool>,
}

impl FileOptions {
    pub(crate) fn read_options(&self) -> ReadOptions {
        ReadOptions {
            sheet: self.sheet.clone(),
            encoding: self.encoding.clone(),
            delimiter: self.delimiter,
            quote: self.quote,
            has_header: self.has_header,
            ..ReadOptions::default()
        }
    }
}

/// Everything the user may set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub options: FileOptions,
    pub recognised: Option<String>,
    pub mapping: Vec<Guess>,
    pub mode: Mode,
    pub match_keys: Vec<MatchKey>,
    pub defaults: Values,
    pub on_partial_match: OnPartialMatch,
    pub decide_all: Option<Decision>,
    pub remember: bool,
    pub language: String,
}

impl Settings {
    /// The mapping as target keys by column.
    pub(crate) fn targets(&self) -> Vec<Option<String>> {
        self.mapping.iter().map(|guess| guess.target.clone()).collect()
    }
}

/// A stored import.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub id: i64,
    pub object_type: String,
    pub user_id: Option<i64>,
    pub file_hash: String,
    pub file_name: String,
    pub file_size: i64,
    pub state: String,
    pub settings: Settings,
    pub inspection: Inspection,
    pub check_report: Option<Json>,
    pub report: Option<Json>,
    pub job_id: Option<i64>,
    pub operation_id: Option<i64>,
}

const COLUMNS: &str = "id, object_type, user_id, file_hash, file_name, file_size, state, settings, inspection, check_report, report, job_id, operation_id";

impl Import {
    fn read(row: &Row) -> Result<Import> {
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(Import {
            id: row.integer(0)?,
            object_type: row.text(1)?,
            user_id: row.optional_integer(2)?,
            file_hash: row.text(3)?,
            file_name: row.text(4)?,
            file_size: row.integer(5)?,
            state: row.text(6)?,
            settings: stored(row.text_str(7)?)?,
            inspection: stored(row.text_str(8)?)?,
            check_report: json(row.optional_text(9)?),
            report: json(row.optional_text(10)?),
            job_id: row.optional_integer(11)?,
            operation_id: row.optional_integer(12)?,
        })
    }
}

fn stored<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| EngineError::Stored(error.to_string()))
}

pub(crate) fn to_text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| EngineError::Stored(error.to_string()))
}

pub(crate) fn insert(tx: &mut Tx, context: &RequestContext, import: &Import) -> Result<i64> {
    let ids = tx.allocate_ids("imports", 1)?;
    let id = ids.first().copied().ok_or_else(|| EngineError::Stored("the sequence of imports gave no id".into()))?;
    tx.insert_many(
        "imports",
        &["id", "object_type", "user_id", "file_hash", "file_name", "file_size", "state", "settings", "inspection", "created_at"],
        &[vec![
            id.into(),
            import.object_type.as_str().into(),
            import.user_id.into(),
            import.file_hash.as_str().into(),
            import.file_name.as_str().into(),
            import.file_size.into(),
            import.state.as_str().into(),
            to_text(&import.settings)?.into(),
            to_text(&import.inspection)?.into(),
            context.now_ms.into(),
        ]],
    )?;
    Ok(id)
}

/// An import by id, whoever it belongs to.
pub(crate) fn find(tx: &mut dyn Query, id: i64) -> Result<Import> {
    let row = tx.query_optional(&format!("SELECT {COLUMNS} FROM imports WHERE id = ?"), &[id.into()])?;
    row.as_ref().map(Import::read).transpose()?.ok_or(EngineError::NotFound)
}

/// An import by id, if the actor may see it: his own, or any for administrators.
pub(crate) fn find_own(tx: &mut dyn Query, context: &RequestContext, id: i64) -> Result<Import> {
    let import = find(tx, id)?;
    let is_own = import.user_id.is_some() && import.user_id == context.actor.user_id();
    if is_own || context.actor.is_administrator() { Ok(import) } else { Err(EngineError::NotFound) }
}

/// The newest imports that the actor may see.
pub(crate) fn list(tx: &mut dyn Query, context: &RequestContext, limit: usize) -> Result<Vec<Import>> {
    let (condition, params) = match context.actor.user_id() {
        Some(id) if !context.actor.is_administrator() => (" WHERE user_id = ?", vec![Value::Integer(id)]),
        _ => ("", Vec::new()),
    };
    let sql = format!("SELECT {COLUMNS} FROM imports{condition} ORDER BY id DESC LIMIT {}", limit.clamp(1, 100));
    tx.query(&sql, &params)?.iter().map(Import::read).collect()
}

/// Stores settings and inspection; what an earlier check found no longer holds.
pub(crate) fn update_settings(tx: &mut Tx, import: &Import) -> Result<()> {
    tx.execute(
        "UPDATE imports SET settings = ?, inspection = ?, state = 'mapping', check_report = NULL WHERE id = ?",
        &[to_text(&import.settings)?.into(), to_text(&import.inspection)?.into(), import.id.into()],
    )?;
    clear_problems(tx, import.id, "check")
}

/// Stores settings that leave a check valid.
pub(crate) fn update_decisions(tx: &mut Tx, import: &Import) -> Result<()> {
    tx.execute("UPDATE imports SET settings = ? WHERE id = ?", &[to_text(&import.settings)?.into(), import.id.into()])?;
    Ok(())
}

/// Ties a job to the import and moves its state, if it is in one of `from`.
pub(crate) fn begin(tx: &mut Tx, id: i64, from: &[&str], state: &str, job_id: i64) -> Result<()> {
    let mut params: Vec<Value> = vec![state.into(), job_id.into(), id.into()];
    params.extend(from.iter().map(|state| Value::from(*state)));
    let sql = format!("UPDATE imports SET state = ?, job_id = ? WHERE id = ? AND state IN {}", database::in_list(from.len()));
    if tx.execute(&sql, &params)? == 1 { Ok(()) } else { Err(EngineError::State("import_is_busy")) }
}

/// Stores the outcome of a check.
pub(crate) fn finish_check(tx: &mut Tx, id: i64, report: &Json) -> Result<()> {
    tx.execute("UPDATE imports SET state = 'checked', check_report = ? WHERE id = ?", &[report.to_string().into(), id.into()])?;
    Ok(())
}

/// Stores the outcome of an import.
pub(crate) fn finish_import(tx: &mut Tx, id: i64, report: &Json) -> Result<()> {
    tx.execute("UPDATE imports SET state = 'done', report = ? WHERE id = ?", &[report.to_string().into(), id.into()])?;
    Ok(())
}

/// Ties the operation to the import.
pub(crate) fn set_operation(tx: &mut Tx, id: i64, operation_id: i64) -> Result<()> {
    tx.execute("UPDATE imports SET operation_id = ? WHERE id = ?", &[operation_id.into(), id.into()])?;
    Ok(())
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
}

impl ProblemKind {
    pub(crate) fn key(self) -> &'static str {
        match self {
            ProblemKind::Error => "error",
            ProblemKind::Decision => "decision",
            ProblemKind::Skipped => "skipped",
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

pub(crate) fn clear_problems(tx: &mut Tx, import_id: i64, stage: &str) -> Result<()> {
    tx.execute("DELETE FROM import_problems WHERE import_id = ? AND stage = ?", &[import_id.into(), stage.into()])?;
    Ok(())
}

/// Stores entries; those of one row must come in one call.
pub(crate) fn insert_problems(tx: &mut Tx, import_id: i64, stage: &str, entries: &[Entry]) -> Result<()> {
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
                stage.into(),
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
            "import_id", "stage", "row_number", "place", "kind", "column_index", "field", "code", "params", "value", "match_id",
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
pub(crate) fn read_problems(
    tx: &mut dyn Query,
    import_id: i64,
    stage: &str,
    kinds: &[&str],
    after: (i64, i64),
    limit: usize,
) -> Result<Vec<StoredProblem>> {
    let mut params: Vec<Value> = vec![import_id.into(), stage.into(), after.0.into(), after.1.into()];
    params.extend(kinds.iter().map(|kind| Value::from(*kind)));
    let of_kind = if kinds.is_empty() { String::new() } else { format!(" AND kind IN {}", database::in_list(kinds.len())) };
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
pub(crate) fn decide(tx: &mut Tx, import_id: i64, row: i64, decision: Option<Decision>) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE import_problems SET decision = ? WHERE import_id = ? AND stage = 'check' AND row_number = ? AND kind = 'decision'",
        &[decision.map(Decision::key).into(), import_id.into(), row.into()],
    )?;
    Ok(changed > 0)
}

/// Stores one decision on all rows that wait.
pub(crate) fn decide_all(tx: &mut Tx, import_id: i64, decision: Decision) -> Result<()> {
    tx.execute(
        "UPDATE import_problems SET decision = ? WHERE import_id = ? AND stage = 'check' AND kind = 'decision'",
        &[decision.key().into(), import_id.into()],
    )?;
    Ok(())
}

/// The mapping that a user had remembered for such headers.
pub(crate) fn remembered(tx: &mut dyn Query, user_id: i64, object_type: &str, signature: &str) -> Result<Option<Vec<Option<String>>>> {
    let row = tx.query_optional(
        "SELECT mapping FROM import_mappings WHERE user_id = ? AND object_type = ? AND signature = ?",
        &[user_id.into(), object_type.into(), signature.into()],
    )?;
    Ok(match row {
        Some(row) => serde_json::from_str(row.text_str(0)?).ok(),
        None => None,
    })
}

/// Remembers a mapping for such headers.
pub(crate) fn remember(tx: &mut Tx, user_id: i64, object_type: &str, signature: &str, mapping: &[Option<String>]) -> Result<()> {
    tx.execute(
        "INSERT INTO import_mappings (user_id, object_type, signature, mapping) VALUES (?, ?, ?, ?) \
         ON CONFLICT (user_id, object_type, signature) DO UPDATE SET mapping = excluded.mapping",
        &[user_id.into(), object_type.into(), signature.into(), to_text(&mapping)?.into()],
    )?;
    Ok(())
}
