//! What the API and the command line ask for: uploading, settings, check, start.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use database::{Query, Tx, hex};
use file_formats::{FileKind, Inspection, inspect};
use record_engine::access::{Action, Feature};
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError};
use record_engine::files::FileStore;
use record_engine::history::find_operation;
use record_engine::jobs::{self, NewJob};
use record_engine::record::Values;
use record_engine::{Engine, RequestContext};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::check_job::CHECK_JOB;
use super::error::ExchangeError;
use super::import_job::IMPORT_JOB;
use super::importable::{Importable, importable};
use super::present::import_json_in;
use super::recognise::{Guess, recognise};
use super::settings::{FileOptions, MatchKey, Mode, OnPartialMatch, Settings};
use super::store::{self, Import};
use super::targets::{Target, is_hidden};

/// Longest file name that is kept, in characters.
const MAX_NAME: usize = 250;

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
    /// Load rows without what a field refuses, and keep that as text in the notes.
    pub keep_unreadable: Option<bool>,
    /// Load rows with a phone or an e-mail of somebody who was erased at his request; only for who works with personal data.
    #[serde(default)]
    pub admits_erased: Option<bool>,
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
    if !context.may(Feature::Import) || !context.permissions(&object_type).may(Action::Create) {
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
            admits_erased: false,
            keep_unreadable: false,
            decide_all: None,
            remember: false,
            language: context.language.clone(),
        },
        inspection,
        check_report: None,
        report: None,
        job_id: None,
        operation_id: None,
        created_at: context.now_ms,
    };
    let id = engine.write(|tx| {
        recognise_columns(tx, context, &object_type, importable(&object_type.name), &mut import)?;
        store::insert(tx, &import).map_err(ExchangeError::from)
    })?;
    Ok(id)
}

/// The program that wrote address book cards, by its traces.
fn card_program(path: &Path) -> Option<String> {
    let mut head = Vec::new();
    File::open(path).ok()?.take(4_096).read_to_end(&mut head).ok()?;
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
    context: &RequestContext,
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
    for guess in &mut import.settings.mapping {
        if guess.target.as_deref().is_some_and(|key| is_hidden(context, object_type, key)) {
            *guess = Guess::default();
        }
    }
    let signature = signature(&import.inspection.headers);
    let Some((user, signature)) = import.user_id.zip(signature) else { return Ok(()) };
    if let Some(remembered) = store::remembered(tx, user, &import.object_type, &signature)? {
        for (guess, target) in import.settings.mapping.iter_mut().zip(remembered) {
            let is_known = target.as_deref().is_none_or(|key| {
                Target::parse(key, object_type, importable).is_some() && !is_hidden(context, object_type, key)
            });
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
    Some(hex(&hasher.finalize()))
}

/// A change of settings, with what reading the file takes already done.
pub struct PreparedChange {
    change: ImportChange,
    reading: Option<Reading>,
}

/// A file read by other options.
struct Reading {
    /// The options that were stored when it was read: what was not given comes from them.
    before: FileOptions,
    wanted: FileOptions,
    inspection: Inspection,
}

impl Reading {
    fn new(files: &FileStore, import: &Import, given: &FileOptions) -> Result<Reading> {
        let wanted = merge_options(&import.settings.options, given);
        let inspection = inspect(&files.path(&import.file_hash), &wanted.read_options())?;
        Ok(Reading { before: import.settings.options.clone(), wanted, inspection })
    }
}

/// Does what a change needs outside its transaction: reads the file by the new options.
///
/// # Errors
/// `NotFound`, `File` for options by which the file cannot be read.
pub fn prepare_change(
    engine: &Engine,
    context: &RequestContext,
    id: i64,
    change: ImportChange,
) -> Result<PreparedChange> {
    let snapshot = engine.snapshot();
    let import = engine.database().read(|tx| store::find_own(tx, context, &snapshot.catalog, id))?;
    store::ensure_may_import(context)?;
    let reading = match &change.options {
        Some(options) => Some(Reading::new(engine.files(), &import, options)?),
        None => None,
    };
    Ok(PreparedChange { change, reading })
}

/// Changes settings; answers the import with a new preview. What an earlier check found no longer holds.
///
/// # Errors
/// `State("import_is_busy")` while a job works on it or after it ran, `Invalid` for an unknown column or target, `File` for options by which the
/// file cannot be read.
pub fn change_import(engine: &Engine, context: &RequestContext, id: i64, change: ImportChange) -> Result<Json> {
    let prepared = prepare_change(engine, context, id, change)?;
    let snapshot = engine.snapshot();
    engine.write(|tx| change_import_in(tx, engine.files(), &snapshot, context, id, &prepared))
}

/// [`change_import`] within the caller's transaction, for requests that are answered once.
///
/// # Errors
/// As [`change_import`].
pub fn change_import_in(
    tx: &mut Tx,
    files: &FileStore,
    snapshot: &Snapshot,
    context: &RequestContext,
    id: i64,
    prepared: &PreparedChange,
) -> Result<Json> {
    // The settings are stored whole, so they are read again here, where nobody else changes them.
    let mut import = store::lock_own(tx, context, &snapshot.catalog, id)?;
    store::ensure_may_import(context)?;
    ensure_open(tx, &import)?;
    let object_type = snapshot.object_type(&import.object_type)?;
    let importable = importable(&object_type.name);
    if let (Some(options), Some(reading)) = (&prepared.change.options, &prepared.reading) {
        let before = import.settings.options.clone();
        let anew = if reading.before == before { None } else { Some(Reading::new(files, &import, options)?) };
        let reading = anew.as_ref().unwrap_or(reading);
        import.inspection = reading.inspection.clone();
        import.settings.options = FileOptions { quote: reading.wanted.quote, ..options_of(&import.inspection) };
        if reading.wanted != before {
            recognise_columns(tx, context, &object_type, importable, &mut import)?;
        }
    }
    apply_change(context, &object_type, importable, &mut import, prepared.change.clone())?;
    store::update_settings(tx, &import)?;
    import_json_in(tx, files, snapshot, context, id)
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
    context: &RequestContext,
    object_type: &ObjectType,
    importable: &dyn Importable,
    import: &mut Import,
    change: ImportChange,
) -> Result<()> {
    let settings = &mut import.settings;
    for (at, column) in change.mapping.into_iter().flatten().enumerate() {
        let invalid =
            |code: &str, value: &str| EngineError::field(FieldError::new("mapping", code).at(at).with("value", value));
        let target = match &column.target {
            Some(key) => {
                let known =
                    Target::parse(key, object_type, importable).filter(|_| !is_hidden(context, object_type, key));
                Some(known.ok_or_else(|| invalid("unknown_field", key))?.key())
            }
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
        let is_known = |name: &str| object_type.field(name).is_some() && !is_hidden(context, object_type, name);
        let unknown = defaults.keys().find(|name| *name != "country" && !is_known(name));
        if let Some(name) = unknown {
            return Err(EngineError::field(FieldError::new("defaults", "unknown_field").at(name)).into());
        }
        settings.defaults = defaults;
    }
    settings.on_partial_match = change.on_partial_match.unwrap_or(settings.on_partial_match);
    settings.keep_unreadable = change.keep_unreadable.unwrap_or(settings.keep_unreadable);
    if change.admits_erased == Some(true) && !settings.admits_erased && !context.may(Feature::PersonalData) {
        return Err(EngineError::Forbidden.into());
    }
    settings.admits_erased = change.admits_erased.unwrap_or(settings.admits_erased);
    settings.remember = change.remember.unwrap_or(settings.remember);
    settings.decide_all = None;
    Ok(())
}

/// Refuses to touch an import that a job works on or has finished.
pub(crate) fn ensure_open(tx: &mut Tx, import: &Import) -> std::result::Result<(), EngineError> {
    let is_idle = match import.job_id {
        Some(id) => jobs::find(tx, id)?.is_none_or(|job| job.is_over()),
        None => true,
    };
    let is_open = matches!(import.state.as_str(), "mapping" | "checked") || (import.state == "checking" && is_idle);
    if is_open { Ok(()) } else { Err(EngineError::State("import_is_busy")) }
}

/// The job of an import that failed or was stopped before its end.
fn unfinished(tx: &mut Tx, import: &Import) -> std::result::Result<Option<jobs::Job>, EngineError> {
    let job = match import.job_id.filter(|_| import.state == "running") {
        Some(id) => jobs::find(tx, id)?,
        None => None,
    };
    Ok(job.filter(jobs::Job::is_over))
}

/// Starts the check of all rows; answers the job.
///
/// # Errors
/// `Forbidden` without [`Feature::Import`], `State("import_is_busy")`.
pub fn start_check(engine: &Engine, context: &RequestContext, id: i64) -> Result<i64> {
    start(engine, context, id, CHECK_JOB, "checking")
}

/// Starts the import; answers the job. Rows that still need a decision are skipped and counted. One that failed or was stopped goes on
/// behind its last durable row, in the same operation.
///
/// # Errors
/// `Forbidden` without [`Feature::Import`], `State`: `import_is_busy`, or `already_undone` when what it had loaded was taken back.
pub fn start_import(engine: &Engine, context: &RequestContext, id: i64) -> Result<i64> {
    start(engine, context, id, IMPORT_JOB, "running")
}

fn start(engine: &Engine, context: &RequestContext, id: i64, kind: &'static str, state: &str) -> Result<i64> {
    let snapshot = engine.snapshot();
    engine.write(|tx| start_in(tx, &snapshot, context, id, kind, state))
}

/// Starts the check within the caller's transaction, for requests that are answered once.
///
/// # Errors
/// `Forbidden` without [`Feature::Import`], `State("import_is_busy")`.
pub fn start_check_in(tx: &mut Tx, snapshot: &Snapshot, context: &RequestContext, id: i64) -> Result<i64> {
    start_in(tx, snapshot, context, id, CHECK_JOB, "checking")
}

/// Starts the import within the caller's transaction, for requests that are answered once.
///
/// # Errors
/// `Forbidden` without [`Feature::Import`], `State("import_is_busy")`.
pub fn start_import_in(tx: &mut Tx, snapshot: &Snapshot, context: &RequestContext, id: i64) -> Result<i64> {
    start_in(tx, snapshot, context, id, IMPORT_JOB, "running")
}

fn start_in(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    id: i64,
    kind: &'static str,
    state: &str,
) -> Result<i64> {
    let import = store::find_own(tx, context, &snapshot.catalog, id)?;
    store::ensure_may_import(context)?;
    let before = unfinished(tx, &import)?.filter(|_| kind == IMPORT_JOB);
    if before.is_none() {
        ensure_open(tx, &import)?;
    }
    if let Some(operation) = import.operation_id.filter(|_| before.is_some())
        && find_operation(tx, operation)?.is_some_and(|operation| operation.undone_by.is_some())
    {
        // The rest of the file would stand alone, under an operation that counts as taken back.
        return Err(EngineError::State("already_undone").into());
    }
    let total = import.inspection.row_estimate.and_then(|rows| i64::try_from(rows).ok());
    // A job that was stopped before its first batch stands where it was told to begin.
    let position = before.and_then(|job| match job.position.as_deref() {
        Some(text) => serde_json::from_str(text).ok(),
        None => job.payload.get("position").cloned(),
    });
    let position = position.unwrap_or(Json::Null);
    let new = NewJob { kind, payload: json!({ "import_id": id, "position": position }), total };
    let job = jobs::enqueue(tx, context, &new)?;
    store::begin(tx, &import, state, job)?;
    if kind == IMPORT_JOB && import.settings.remember {
        let signature = signature(&import.inspection.headers);
        if let Some((user, signature)) = import.user_id.zip(signature) {
            store::remember(tx, user, &import.object_type, &signature, &import.settings.targets())?;
        }
    }
    Ok(job)
}
