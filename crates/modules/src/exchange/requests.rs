//! What the API and the command line ask for: uploading, settings, check, decisions, start, what went wrong.

use std::path::PathBuf;

use database::{Query, Tx};
use file_formats::{Cell, FileKind, Inspection, SourceRow, inspect};
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError};
use record_engine::history::find_operation;
use record_engine::jobs::{self, NewJob};
use record_engine::query::present::Titles;
use record_engine::record::Values;
use record_engine::{Engine, RequestContext};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::assemble::{Assembler, Candidate};
use super::error::ExchangeError;
use super::importable::{Importable, importable};
use super::jobs::{CHECK_JOB, IMPORT_JOB, interim_report, normalise_context};
use super::recognise::{Guess, recognise};
use super::store::{self, Decision, FileOptions, Import, MatchKey, Mode, OnPartialMatch, Settings, StoredProblem};
use super::targets::{self, Target};

/// Rows that a preview shows.
const PREVIEW_ROWS: usize = 20;
/// Values of a column that are shown beside its header.
const SAMPLES: usize = 5;
/// Longest sample, in characters.
const SAMPLE_LENGTH: usize = 100;
/// Longest file name that is kept, in characters.
const MAX_NAME: usize = 250;
/// Most problems of one page.
const MAX_PROBLEMS: usize = 500;

type Result<T> = std::result::Result<T, ExchangeError>;

/// A file to import.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// Name of the object type.
    pub object_type: String,
    /// As the client named it.
    pub file_name: String,
    /// A complete upload beside the stored files (`FileStore::incoming_path`); it is moved, or removed when it is refused.
    pub path: PathBuf,
}

/// New settings of an import; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportChange {
    /// How to read the file; changed options recognise the columns anew.
    #[serde(default)]
    pub options: Option<FileOptions>,
    /// Where columns go; columns that are not named stay.
    #[serde(default)]
    pub mapping: Option<Vec<ColumnMapping>>,
    /// What the import may do.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// What makes a row and a record the same.
    #[serde(default)]
    pub match_keys: Option<Vec<MatchKey>>,
    /// Values of new records where the file has none, and `country` for numbers without a country code.
    #[serde(default)]
    pub defaults: Option<Values>,
    /// What becomes of partial matches.
    #[serde(default)]
    pub on_partial_match: Option<OnPartialMatch>,
    /// Whether to remember the mapping for files with the same headers.
    #[serde(default)]
    pub remember: Option<bool>,
}

/// Where a column goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMapping {
    /// From 0.
    pub index: usize,
    /// Target key; `None` leaves the column out.
    pub target: Option<String>,
}

/// Answers to what needs a decision.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// For all rows.
    #[serde(default)]
    pub all: Option<Decision>,
    /// For single rows.
    #[serde(default)]
    pub rows: Option<Vec<RowDecision>>,
}

/// The answer for one row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowDecision {
    /// Its number.
    pub row: i64,
    /// `None` takes an earlier answer back.
    pub decision: Option<Decision>,
}

/// Stores an upload and recognises it; answers the id of the import.
///
/// # Errors
/// `NotFound` for an unknown type, `Forbidden` for those who may not create its records, `File` for a file that cannot be read.
pub fn create_import(engine: &Engine, context: &RequestContext, new: NewImport) -> Result<i64> {
    let result = create(engine, context, &new);
    if result.is_err() {
        // Whatever was wrong with it, nobody else removes the upload.
        let _ = std::fs::remove_file(&new.path);
    }
    result
}

fn create(engine: &Engine, context: &RequestContext, new: &NewImport) -> Result<i64> {
    let snapshot = engine.snapshot();
    let object_type = snapshot.object_type(&new.object_type)?;
    if !object_type.definition.is_importable {
        return Err(EngineError::NotFound.into());
    }
    if !object_type.access().grants(context.actor).create {
        return Err(EngineError::Forbidden.into());
    }
    let inspection = inspect(&new.path, &FileOptions::default().read_options())?;
    let program = if inspection.kind == FileKind::Vcard { card_program(&new.path) } else { None };
    let (hash, size) = engine.files().keep(&new.path)?;
    let mut import = Import {
        id: 0,
        object_type: object_type.name.clone(),
        user_id: context.actor.user_id(),
        file_hash: hash,
        file_name: new.file_name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect(),
        file_size: size,
        state: "mapping".into(),
        settings: Settings {
            options: options_of(&inspection),
            recognised: program,
            mapping: Vec::new(),
            mode: Mode::default(),
            match_keys: vec![MatchKey::Id, MatchKey::Full],
            defaults: Values::new(),
            on_partial_match: OnPartialMatch::default(),
            decide_all: None,
            remember: false,
            language: context.language.clone(),
        },
        inspection,
        check_report: None,
        report: None,
        job_id: None,
        operation_id: None,
    };
    let id = engine.write(|tx| {
        recognise_columns(tx, &object_type, importable(&object_type.name), &mut import)?;
        store::insert(tx, context, &import).map_err(ExchangeError::from)
    })?;
    Ok(id)
}

/// The program that wrote address book cards, by its traces.
fn card_program(path: &std::path::Path) -> Option<String> {
    use std::io::Read;
    let mut head = Vec::new();
    std::fs::File::open(path).ok()?.take(4_096).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head).to_uppercase();
    let is = |marks: &[&str]| marks.iter().any(|mark| head.contains(mark));
    if is(&["-//APPLE", "IOS", "X-ABLABEL", "X-ABUID", "X-ABADR"]) {
        Some("iphone".into())
    } else if is(&["X-MS-OL-", "MICROSOFT"]) {
        Some("outlook".into())
    } else if is(&["GOOGLE", "X-GTALK", "GMAIL"]) {
        Some("google_contacts".into())
    } else {
        None
    }
}

/// The options by which a file is read again as it was understood.
fn options_of(inspection: &Inspection) -> FileOptions {
    FileOptions {
        sheet: inspection.sheet.clone(),
        encoding: inspection.encoding.clone().filter(|_| inspection.kind == FileKind::Csv),
        delimiter: inspection.delimiter,
        quote: inspection.quote,
        has_header: (inspection.kind != FileKind::Vcard).then_some(inspection.has_header),
    }
}

fn recognise_columns(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    importable: &dyn Importable,
    import: &mut Import,
) -> Result<()> {
    if import.inspection.kind == FileKind::Vcard {
        return Ok(());
    }
    let recognition = recognise(object_type, importable, &import.inspection);
    import.settings.recognised = recognition.program.map(String::from);
    import.settings.mapping = recognition.columns;
    let signature = signature(&import.inspection.headers);
    let Some((user, signature)) = import.user_id.zip(signature) else { return Ok(()) };
    if let Some(remembered) = store::remembered(tx, user, &import.object_type, &signature)? {
        for (guess, target) in import.settings.mapping.iter_mut().zip(remembered) {
            let is_known = target.as_deref().is_none_or(|key| Target::parse(key, object_type, importable).is_some());
            if is_known {
                *guess = Guess { target, is_sure: true };
            }
        }
    }
    Ok(())
}

/// By what files with the same columns are known again; `None` for a table without headers.
fn signature(headers: &[String]) -> Option<String> {
    if headers.iter().all(|header| header.trim().is_empty()) {
        return None;
    }
    let mut hasher = Sha256::new();
    for header in headers {
        hasher.update(header.trim().to_lowercase().as_bytes());
        hasher.update([0]);
    }
    Some(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// An import as clients read it; the shape stands in `docs/api.md`.
///
/// # Errors
/// `NotFound` when there is none or it is somebody else's.
pub fn import_json(engine: &Engine, context: &RequestContext, id: i64) -> Result<Json> {
    let snapshot = engine.snapshot();
    let mut import = engine.database().read(|tx| store::find_own(tx, context, id))?;
    if import.inspection.kind == FileKind::Vcard && matches!(import.state.as_str(), "mapping" | "checked") {
        // Sample cards are not stored; reading fifty of them again costs little.
        let path = engine.files().path(&import.file_hash);
        import.inspection = inspect(&path, &import.settings.options.read_options())?;
    }
    engine.database().read(|tx| present(tx, context, &snapshot, &import))
}

/// The newest imports of the actor, or of all for administrators, without previews.
///
/// # Errors
/// Those of the database.
pub fn list_imports(engine: &Engine, context: &RequestContext, limit: usize) -> Result<Vec<Json>> {
    let snapshot = engine.snapshot();
    engine.database().read(|tx| {
        let imports = store::list(tx, context, limit)?;
        imports.iter().map(|import| present_head(tx, context, &snapshot, import).map(Json::Object)).collect()
    })
}

fn present_head(
    tx: &mut dyn Query,
    context: &RequestContext,
    snapshot: &Snapshot,
    import: &Import,
) -> Result<Map<String, Json>> {
    let job = match import.job_id {
        Some(id) => jobs::find(tx, id)?,
        None => None,
    };
    let operation = match import.operation_id {
        Some(id) => find_operation(tx, id)?,
        None => None,
    };
    let mut state = import.state.as_str();
    let mut report = import.report.clone();
    // A job that failed or was stopped cannot tell it here by itself.
    if let Some(job) = &job {
        match (state, job.state.as_str()) {
            ("checking", "failed" | "cancelled") => state = "mapping",
            ("running", "failed") => state = "failed",
            ("running", "cancelled") => state = "cancelled",
            _ => {}
        }
        if report.is_none() && job.kind == IMPORT_JOB {
            report = job.position.as_deref().and_then(interim_report);
        }
    }
    if operation.is_some_and(|operation| operation.undone_by.is_some()) {
        state = "undone";
    }
    let job = match job {
        Some(job) => job.present(tx, context, &snapshot.catalog)?,
        None => Json::Null,
    };
    let settings = &import.settings;
    let head = json!({
        "id": import.id,
        "type": import.object_type,
        "file_name": import.file_name,
        "file_size": import.file_size,
        "kind": import.inspection.kind,
        "recognised": settings.recognised,
        "state": state,
        "row_estimate": import.inspection.row_estimate,
        "check": import.check_report,
        "job": job,
        "operation_id": import.operation_id,
        "report": report,
    });
    match head {
        Json::Object(head) => Ok(head),
        _ => Ok(Map::new()),
    }
}

fn present(tx: &mut dyn Query, context: &RequestContext, snapshot: &Snapshot, import: &Import) -> Result<Json> {
    let object_type = snapshot.object_type(&import.object_type)?;
    let importable = importable(&object_type.name);
    let mut shown = present_head(tx, context, snapshot, import)?;
    let settings = &import.settings;
    let inspection = &import.inspection;
    let is_table = inspection.kind != FileKind::Vcard;
    let is_open = shown.get("state").and_then(Json::as_str).is_some_and(|state| matches!(state, "mapping" | "checked"));
    let mut all_targets = if is_table { targets::describe(context, &object_type, importable) } else { Vec::new() };
    for key in settings.mapping.iter().filter_map(|guess| guess.target.as_deref()) {
        if !all_targets.iter().any(|target| target.get("key").and_then(Json::as_str) == Some(key)) {
            all_targets.push(targets::describe_numbered(key, &object_type));
        }
    }
    let rest = json!({
        "options": {
            "sheet": inspection.sheet, "encoding": inspection.encoding, "delimiter": inspection.delimiter,
            "quote": inspection.quote, "has_header": inspection.has_header,
        },
        "sheets": inspection.sheets,
        "columns": if is_table { columns(import) } else { Vec::new() },
        "targets": all_targets,
        "mode": settings.mode,
        "match_keys": settings.match_keys,
        "defaults": settings.defaults,
        "on_partial_match": settings.on_partial_match,
        "remember": settings.remember,
        "preview": if is_open { preview(snapshot, &object_type, importable, import) } else { Vec::new() },
    });
    if let Json::Object(rest) = rest {
        shown.extend(rest);
    }
    Ok(Json::Object(shown))
}

fn columns(import: &Import) -> Vec<Json> {
    let inspection = &import.inspection;
    import
        .settings
        .mapping
        .iter()
        .enumerate()
        .map(|(index, guess)| {
            let filled = inspection.sample.iter().filter_map(|row| row.get(index)).filter(|cell| !cell.is_empty());
            let samples: Vec<String> =
                filled.take(SAMPLES).map(|cell| cell.to_text().chars().take(SAMPLE_LENGTH).collect()).collect();
            json!({
                "index": index,
                "header": inspection.headers.get(index).map_or("", String::as_str),
                "samples": samples,
                "target": guess.target,
                "is_sure": guess.is_sure,
            })
        })
        .collect()
}

fn preview(snapshot: &Snapshot, object_type: &ObjectType, importable: &dyn Importable, import: &Import) -> Vec<Json> {
    let normalise = normalise_context(snapshot, import);
    let inspection = &import.inspection;
    let assembler = Assembler::new(object_type, importable, &normalise, &inspection.headers, &import.settings);
    let number = |at: usize| inspection.header_row + 1 + at as u64;
    let rows: Vec<SourceRow> = if inspection.kind == FileKind::Vcard {
        let cards = inspection.sample_cards.iter().take(PREVIEW_ROWS).enumerate();
        cards.map(|(at, card)| SourceRow { number: number(at), cells: Vec::new(), card: Some(card.clone()) }).collect()
    } else {
        let rows = inspection.sample.iter().take(PREVIEW_ROWS).enumerate();
        rows.map(|(at, cells): (usize, &Vec<Cell>)| SourceRow { number: number(at), cells: cells.clone(), card: None })
            .collect()
    };
    let mut ignored = std::collections::BTreeMap::new();
    rows.iter()
        .map(|row| {
            let candidate = assembler.candidate(row, &mut ignored);
            json!({
                "row": candidate.number,
                "values": preview_values(object_type, &candidate),
                "problems": candidate.problems.iter().map(|problem| json!({
                    "column": problem.column, "field": problem.field, "code": problem.code, "params": problem.params, "value": problem.value,
                })).collect::<Vec<Json>>(),
            })
        })
        .collect()
}

/// The values of a row with titles where the file gives titles, as a card of a new record would show them.
fn preview_values(object_type: &ObjectType, candidate: &Candidate) -> Json {
    let mut values: Map<String, Json> = candidate.values.clone().into_iter().collect();
    for (name, value) in &candidate.defaults {
        values.entry(name.clone()).or_insert_with(|| value.clone());
    }
    for (name, titles) in &candidate.titles {
        let Some(field) = object_type.field(name) else { continue };
        let Some(settings) = field.kind.reference_target() else { continue };
        let entry = |title: &String| json!({ "id": null, "title": title, "type": settings.target });
        let is_set = matches!(field.kind, record_engine::field_types::FieldKind::ReferenceSet(_));
        let value = if is_set {
            titles.iter().map(entry).collect()
        } else {
            titles.first().map_or(Json::Null, entry)
        };
        values.insert(name.clone(), value);
    }
    if let Some(id) = candidate.id {
        values.insert("id".into(), json!(id));
    }
    Json::Object(values)
}

/// Changes settings; answers the import with a new preview. What an earlier check found no longer holds.
///
/// # Errors
/// `State("import_is_busy")` while a job works on it or after it ran, `Invalid` for an unknown column or target, `File` for options by which the
/// file cannot be read.
pub fn change_import(engine: &Engine, context: &RequestContext, id: i64, change: ImportChange) -> Result<Json> {
    let snapshot = engine.snapshot();
    let mut import = engine.database().read(|tx| store::find_own(tx, context, id))?;
    let object_type = snapshot.object_type(&import.object_type)?;
    let importable = importable(&object_type.name);
    if let Some(options) = &change.options {
        let merged = merge_options(&import.settings.options, options);
        let path = engine.files().path(&import.file_hash);
        let is_other_file = merged != import.settings.options;
        import.inspection = inspect(&path, &merged.read_options())?;
        import.settings.options = FileOptions { quote: merged.quote, ..options_of(&import.inspection) };
        if is_other_file {
            engine.database().read(|tx| recognise_columns(tx, &object_type, importable, &mut import))?;
        }
    }
    apply_change(&object_type, importable, &mut import, change)?;
    engine.write(|tx| {
        ensure_open(tx, &import)?;
        store::update_settings(tx, &import)
    })?;
    import_json(engine, context, id)
}

/// What is given replaces what was found; another sheet, encoding or delimiter asks for the rest anew.
fn merge_options(before: &FileOptions, given: &FileOptions) -> FileOptions {
    let is_other_table = given.sheet.is_some() && given.sheet != before.sheet
        || given.encoding.is_some() && given.encoding != before.encoding
        || given.delimiter.is_some() && given.delimiter != before.delimiter;
    FileOptions {
        sheet: given.sheet.clone().or_else(|| before.sheet.clone()),
        encoding: given.encoding.clone().or_else(|| before.encoding.clone()),
        delimiter: given.delimiter.or(before.delimiter),
        quote: given.quote.or(before.quote),
        has_header: given.has_header.or(if is_other_table { None } else { before.has_header }),
    }
}

fn apply_change(
    object_type: &ObjectType,
    importable: &dyn Importable,
    import: &mut Import,
    change: ImportChange,
) -> Result<()> {
    let settings = &mut import.settings;
    for (at, column) in change.mapping.into_iter().flatten().enumerate() {
        let invalid = |code: &str, value: &str| {
            EngineError::field(FieldError::new("mapping", code).at(at).with("value", value))
        };
        let target = match &column.target {
            Some(key) => Some(
                Target::parse(key, object_type, importable).ok_or_else(|| invalid("unknown_field", key))?.key(),
            ),
            None => None,
        };
        let slot = settings.mapping.get_mut(column.index);
        *slot.ok_or_else(|| invalid("unknown_column", &column.index.to_string()))? = Guess { target, is_sure: true };
    }
    settings.mode = change.mode.unwrap_or(settings.mode);
    if let Some(keys) = change.match_keys {
        settings.match_keys = keys;
    }
    if let Some(defaults) = change.defaults {
        let unknown = defaults.keys().find(|name| *name != "country" && object_type.field(name).is_none());
        if let Some(name) = unknown {
            return Err(EngineError::field(FieldError::new("defaults", "unknown_field").at(name)).into());
        }
        settings.defaults = defaults;
    }
    settings.on_partial_match = change.on_partial_match.unwrap_or(settings.on_partial_match);
    settings.remember = change.remember.unwrap_or(settings.remember);
    settings.decide_all = None;
    Ok(())
}

/// Refuses to touch an import that a job works on or has finished.
fn ensure_open(tx: &mut Tx, import: &Import) -> std::result::Result<(), EngineError> {
    let current = store::find(tx, import.id)?;
    let is_idle = match current.job_id {
        Some(id) => jobs::find(tx, id)?.is_none_or(|job| job.is_over()),
        None => true,
    };
    let is_open = matches!(current.state.as_str(), "mapping" | "checked") || (current.state == "checking" && is_idle);
    if is_open { Ok(()) } else { Err(EngineError::State("import_is_busy")) }
}

/// Starts the check of all rows; answers the job.
///
/// # Errors
/// `State("import_is_busy")`.
pub fn start_check(engine: &Engine, context: &RequestContext, id: i64) -> Result<i64> {
    start(engine, context, id, CHECK_JOB, "checking")
}

/// Starts the import; answers the job. Rows that still need a decision are skipped and counted.
///
/// # Errors
/// `State("import_is_busy")`.
pub fn start_import(engine: &Engine, context: &RequestContext, id: i64) -> Result<i64> {
    start(engine, context, id, IMPORT_JOB, "running")
}

fn start(engine: &Engine, context: &RequestContext, id: i64, kind: &'static str, state: &str) -> Result<i64> {
    engine.write(|tx| start_in(tx, context, id, kind, state))
}

/// Starts the import within the caller's transaction, for requests that are answered once.
///
/// # Errors
/// `State("import_is_busy")`.
pub fn start_import_in(tx: &mut Tx, context: &RequestContext, id: i64) -> Result<i64> {
    start_in(tx, context, id, IMPORT_JOB, "running")
}

fn start_in(tx: &mut Tx, context: &RequestContext, id: i64, kind: &'static str, state: &str) -> Result<i64> {
    let import = store::find_own(tx, context, id)?;
    ensure_open(tx, &import)?;
    let total = import.inspection.row_estimate.and_then(|rows| i64::try_from(rows).ok());
    let new = NewJob { kind, payload: json!({ "import_id": id }), total };
    let job = jobs::enqueue(tx, context, &new)?;
    store::begin(tx, id, &["mapping", "checked", "checking"], state, job)?;
    if kind == IMPORT_JOB && import.settings.remember {
        let signature = signature(&import.inspection.headers);
        if let Some((user, signature)) = import.user_id.zip(signature) {
            store::remember(tx, user, &import.object_type, &signature, &import.settings.targets())?;
        }
    }
    Ok(job)
}

/// What is wrong, row by row: of the import once it has begun, else of the check. `kind` is `error`, `decision` or `skipped`; `None` for
/// all. The cursor is what the page before answered.
///
/// # Errors
/// `NotFound`.
pub fn problems(
    engine: &Engine,
    context: &RequestContext,
    id: i64,
    kind: Option<&str>,
    cursor: Option<i64>,
    limit: usize,
) -> Result<(Vec<Json>, Option<i64>)> {
    let snapshot = engine.snapshot();
    let limit = limit.clamp(1, MAX_PROBLEMS);
    engine.database().read(|tx| {
        let import = store::find_own(tx, context, id)?;
        let stage = stage_of(&import);
        let kinds: Vec<&str> = kind.into_iter().collect();
        let cursor = cursor.unwrap_or(0);
        let after = (cursor / PLACES, cursor % PLACES);
        let mut found = store::read_problems(tx, id, stage, &kinds, after, limit + 1)?;
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| has_more).map(|last| last.row * PLACES + last.place);
        let target = import.object_type.clone();
        let wanted = found.iter().filter_map(|problem| problem.match_id.map(|id| (target.clone(), id))).collect();
        let titles = Titles::load(tx, context, &snapshot.catalog, &wanted)?;
        Ok((found.iter().map(|problem| present_problem(problem, &target, &titles)).collect(), next))
    })
}

/// Problems of one row have places below this; with the row they make a cursor.
const PLACES: i64 = 10_000;

fn stage_of(import: &Import) -> &'static str {
    if matches!(import.state.as_str(), "mapping" | "checking" | "checked") { "check" } else { "import" }
}

fn present_problem(problem: &StoredProblem, object_type: &str, titles: &Titles) -> Json {
    let mut shown = json!({
        "row": problem.row, "column": problem.column, "field": problem.field, "code": problem.code,
        "params": problem.params, "value": problem.value, "kind": problem.kind, "decision": problem.decision,
    });
    if let (Some(id), Some(object)) = (problem.match_id, shown.as_object_mut()) {
        let mut reference = titles.reference(object_type, id);
        if let Some(reference) = reference.as_object_mut() {
            reference.insert("on".into(), json!(problem.match_on));
        }
        object.insert("match".into(), reference);
    }
    shown
}

/// Answers what needs a decision.
///
/// # Errors
/// `NotFound`, `State("import_is_busy")` unless the file was checked, `Invalid` for a row that waits for nothing.
pub fn decide(engine: &Engine, context: &RequestContext, id: i64, decisions: &Decisions) -> Result<()> {
    engine.write(|tx| {
        let mut import = store::find_own(tx, context, id)?;
        ensure_open(tx, &import)?;
        if let Some(all) = decisions.all {
            // Rows beyond those that are listed follow it too.
            import.settings.decide_all = Some(all);
            store::update_decisions(tx, &import)?;
            store::decide_all(tx, id, all)?;
        }
        for (at, row) in decisions.rows.iter().flatten().enumerate() {
            if !store::decide(tx, id, row.row, row.decision)? {
                let error = FieldError::new("rows", "unknown_row").at(at).with("row", row.row);
                return Err(EngineError::field(error).into());
            }
        }
        Ok(())
    })
}
