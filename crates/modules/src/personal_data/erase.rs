//! Erasing a person: from his record and those merged into it, their parts, files and histories, and from every other table that may name him.
//!
//! What must stay true: all of it is one transaction, so there is no half-erased person; what lies outside the database (bytes of files, the
//! ledger, the log of SQLite) follows once that is durable, and again after every start until it is done ([`settle`]). A legal hold stops it always.

mod import_files;
mod inventory;
mod tables;
mod work;

use std::collections::BTreeSet;

use database::{Query, Tx};
use record_engine::audit::{Event, Kind, record};
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::jobs::{self, JobHandler, JobRun, NewJob};
use record_engine::query::{get, load_records};
use record_engine::write::erase::{Traces, clear_operations, erase, remove_for_good};
use record_engine::write::{Operation, OperationKind};
use record_engine::{Engine, Record, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

pub(super) use import_files::naming;
pub use inventory::Inventory;
pub(super) use inventory::{files_of, with_merged};
pub use work::{Treatment, WorkChoice};

use super::acts::{self, Act};
use super::data_map::{self, Role};
use super::{SUBJECT, ensure_manager, ledger, store};
use crate::contacts::LEGAL_HOLD;
use crate::erased_addresses;
use crate::exchange::recall_files;
use work::OwnWork;

/// Kind of the job.
pub const ERASE_JOB: &str = "erase";

/// Why somebody is erased. A choice and no text: an act must not hold what it says is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The person asked for it.
    Request,
    /// The person withdrew his consent.
    Withdrawal,
    /// What the data was kept for is reached.
    Purpose,
    /// The time for which such data is kept is over.
    Retention,
    /// The data was there without a right to it.
    Unlawful,
}

/// What is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EraseRequest {
    /// The name on the card, typed by whoever erases it.
    pub confirmation: String,
    /// Why.
    pub cause: Cause,
    /// Whether his phones and e-mail addresses go to the list of erased addresses, as keyed hashes.
    #[serde(default = "usually")]
    pub keeps_addresses: bool,
    /// What becomes of the work that was done for him; without a word it stays as it is.
    #[serde(default)]
    pub work: WorkChoice,
}

const fn usually() -> bool {
    true
}

#[derive(Serialize, Deserialize)]
struct Payload {
    id: i64,
    cause: Cause,
    language: String,
    #[serde(default)]
    keeps_addresses: bool,
    #[serde(default)]
    work: WorkChoice,
}

/// What would go and what would stay.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn preview(tx: &mut dyn Query, snapshot: &Snapshot, context: &RequestContext, id: i64) -> Result<Json> {
    ensure_manager(context)?;
    get(tx, context, &*snapshot.object_type(SUBJECT)?, id)?.ok_or(EngineError::NotFound)?;
    let subjects = Subjects::load(tx, snapshot, &[id])?;
    let inventory = Inventory::of(tx, snapshot, &subjects.object_type, &subjects.records, &BTreeSet::new())?;
    let record = subjects.records.iter().find(|record| record.id == id).ok_or(EngineError::NotFound)?;
    Ok(json!({
        "id": id,
        "title": title_of(&subjects.object_type, record),
        "pseudonym": data_map::pseudonym(id, &snapshot.installation.language),
        "is_erased": record.erased_at.is_some(),
        "is_held": subjects.is_held(),
        "merged": subjects.records.len() - 1,
        "goes": inventory.goes(),
        "stays": inventory.stays(),
        "imports": inventory.import_names(),
        "work": OwnWork::of(tx, snapshot, &subjects.ids())?.preview(),
    }))
}

/// The job that erases a person, to be started by the caller.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid` when the name was typed wrong, `State("legal_hold")`, `State("erased")`.
pub fn prepare(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    id: i64,
    request: &EraseRequest,
) -> Result<NewJob> {
    ensure_manager(context)?;
    let object_type = snapshot.object_type(SUBJECT)?;
    let record = get(tx, context, &object_type, id)?.ok_or(EngineError::NotFound)?;
    if record.erased_at.is_some() {
        return Err(EngineError::State("erased"));
    }
    if request.confirmation.trim() != title_of(&object_type, &record) {
        return Err(EngineError::field(FieldError::new("confirmation", "not_the_name")));
    }
    if Subjects::load(tx, snapshot, &[id])?.is_held() {
        return Err(EngineError::State("legal_hold"));
    }
    let (cause, keeps_addresses) = (request.cause, request.keeps_addresses);
    let payload = Payload { id, cause, language: context.language.clone(), keeps_addresses, work: request.work };
    let payload = serde_json::to_value(&payload).map_err(|error| EngineError::Stored(error.to_string()))?;
    Ok(NewJob { kind: ERASE_JOB, payload, total: None })
}

/// The job. One that died begins anew, and finds the person erased if it had come so far.
pub(crate) struct EraseJob;

impl JobHandler for EraseJob {
    fn kind(&self) -> &'static str {
        ERASE_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let payload: Payload =
            serde_json::from_value(run.payload().clone()).map_err(|error| EngineError::Stored(error.to_string()))?;
        let context = RequestContext { language: payload.language.clone(), ..run.context() };
        ensure_manager(&context)?;
        let engine = run.engine();
        let snapshot = engine.snapshot();
        let done: Option<i64> = run.position()?;
        let act = match done {
            Some(act) => act,
            None => {
                let imports = naming(engine, &snapshot, &[payload.id])?;
                engine.write_batch(|tx| {
                    if payload.keeps_addresses {
                        let subjects = Subjects::load(tx, &snapshot, &[payload.id])?;
                        let marks = erased_addresses::marks(engine.vault(), &subjects.object_type, &subjects.records);
                        erased_addresses::keep(tx, &marks, context.now_ms)?;
                    }
                    let manner = Manner::New(payload.cause, payload.work);
                    let erased = erase_in(tx, &snapshot, &context, &[payload.id], &imports, manner)?;
                    run.set_operation(tx, erased.operation_id)?;
                    run.checkpoint(tx, &erased.act_id, 1)?;
                    Ok::<i64, EngineError>(erased.act_id)
                })?
            }
        };
        settle(engine)?;
        Ok(json!({ "act_id": act }))
    }
}

/// What an erasure was.
#[derive(Clone, Copy, Debug)]
pub struct Erased {
    /// Its operation.
    pub operation_id: i64,
    /// Its act of destruction.
    pub act_id: i64,
}

/// The records of people and of those that were merged into them.
struct Subjects {
    object_type: std::sync::Arc<ObjectType>,
    records: Vec<Record>,
}

impl Subjects {
    fn load(tx: &mut dyn Query, snapshot: &Snapshot, ids: &[i64]) -> Result<Subjects> {
        let object_type = snapshot.object_type(SUBJECT)?;
        let all = with_merged(tx, &object_type, ids)?;
        let records: Vec<Record> = load_records(tx, &object_type, &all, false)?.into_values().collect();
        if records.len() < all.len() {
            return Err(EngineError::NotFound);
        }
        Ok(Subjects { object_type, records })
    }

    fn is_held(&self) -> bool {
        self.records.iter().any(|record| record.value(LEGAL_HOLD).as_bool() == Some(true))
    }

    fn ids(&self) -> Vec<i64> {
        self.records.iter().map(|record| record.id).collect()
    }
}

/// Erases people in the caller's transaction, with an act; the work for them stays; [`settle`] must follow once it is durable. Rights are the caller's to ask.
/// `imports` are those whose files were found to name them.
///
/// # Errors
/// `NotFound`, `State("legal_hold")`, `State("import_under_way")` while an import that touched them runs; those of the database.
pub fn erase_people(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    ids: &[i64],
    imports: &BTreeSet<i64>,
    cause: Cause,
) -> Result<Erased> {
    erase_in(tx, snapshot, context, ids, imports, Manner::New(cause, WorkChoice::default()))
}

/// Whether an erasure is a new one.
#[derive(Clone, Copy)]
pub(super) enum Manner<'a> {
    /// It gets an act of its own.
    New(Cause, WorkChoice),
    /// It was done before, by this act, and a backup brought the person back.
    Again(&'a Act),
}

/// [`erase_people`]; one that is done again asks for nothing.
pub(super) fn erase_in(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    ids: &[i64],
    imports: &BTreeSet<i64>,
    manner: Manner<'_>,
) -> Result<Erased> {
    let subjects = Subjects::load(tx, snapshot, ids)?;
    let Subjects { object_type, records } = &subjects;
    let mut inventory = Inventory::of(tx, snapshot, object_type, records, imports)?;
    let own_work = OwnWork::of(tx, snapshot, &subjects.ids())?;
    let treatment = match manner {
        Manner::New(_, work) => work,
        Manner::Again(act) => act.work,
    };
    own_work.tell(treatment, &mut inventory);
    let language = snapshot.installation.language.as_str();
    let act_id = match manner {
        Manner::Again(act) => acts::insert(tx, context.now_ms, act)?,
        Manner::New(..) if subjects.is_held() => return Err(EngineError::State("legal_hold")),
        Manner::New(..) if inventory.is_import_running() => return Err(EngineError::State("import_under_way")),
        Manner::New(cause, work) => {
            let act = Act { work, ..Act::of(tx, snapshot, context, &subjects.ids(), cause, &inventory)? };
            acts::insert(tx, context.now_ms, &act)?
        }
    };
    let traces = Traces::of(tx, object_type, records)?;
    let names = tables::telling(object_type, records, &traces);
    let mut operation = Operation::new(OperationKind::Erase, Some(object_type.id));

    for (part, field) in data_map::parts(&snapshot.catalog, |role| role == Role::Part) {
        let parts = inventory.parts_of(&part.name);
        clear_operations(tx, part, parts, &Traces::default(), None)?;
        tables::forget_records(tx, part, parts)?;
        remove_for_good(tx, part, parts)?;
        tracing::debug!(object_type = part.name, field, count = parts.len(), "parts were removed");
    }
    for (part, field) in data_map::parts(&snapshot.catalog, |role| matches!(role, Role::Proof(_))) {
        strip(tx, snapshot, context, &mut operation, part, field, inventory.parts_of(&part.name))?;
    }
    let files = own_work.treat(tx, snapshot, context, &mut operation, &traces, treatment)?;
    let remains: Vec<_> = records.iter().map(|record| (record.id, data_map::remains(record, language))).collect();
    erase(tx, snapshot, context, &mut operation, object_type, &remains)?;
    for (id, _) in &remains {
        let pseudonym = data_map::pseudonym(*id, language);
        clear_operations(tx, object_type, &[*id], &traces, Some(&pseudonym))?;
    }
    tables::forget_records(tx, object_type, &subjects.ids())?;
    tables::forget_texts(tx, &names)?;
    let mut bytes = tables::remove_imports(tx, inventory.import_ids())?;
    bytes.extend(recall_files(tx)?);
    bytes.extend(tables::remove_files(tx, &inventory.file_ids().union(&files).cloned().collect())?);
    store::doom(tx, bytes)?;
    let erasures: Vec<store::Erasure> = records
        .iter()
        .map(|record| store::Erasure {
            object_type: object_type.name.clone(),
            record_id: record.id,
            created_at: record.created_at,
            at: context.now_ms,
            act_id,
        })
        .collect();
    store::note(tx, &erasures)?;
    for id in ids {
        let event = Event::new(Kind::PersonErased).on(SUBJECT, *id).with("act_id", act_id);
        let event = match manner {
            Manner::New(cause, _) => event.with("cause", json!(cause)),
            Manner::Again(_) => event.with("cause", "restored_backup"),
        };
        record(tx, context, event);
    }
    let operation_id = operation.stored_id().ok_or(EngineError::NotFound)?;
    Ok(Erased { operation_id, act_id })
}

/// Leaves of parts that prove something what proves it.
fn strip(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    operation: &mut Operation,
    part: &ObjectType,
    whole: &str,
    ids: &[i64],
) -> Result<()> {
    let Some(Role::Proof(kept)) = data_map::role_of(&part.name) else { return Ok(()) };
    if ids.is_empty() {
        return Ok(());
    }
    let records = load_records(tx, part, ids, false)?;
    let remains: Vec<_> = records
        .into_values()
        .map(|record| {
            let stays = |name: &str| name == whole || kept.contains(&name);
            (record.id, record.values.into_iter().filter(|(name, _)| stays(name)).collect())
        })
        .collect();
    erase(tx, snapshot, context, operation, part, &remains)?;
    clear_operations(tx, part, ids, &Traces::default(), None)
}

/// Does outside the database what erasures ask for: the ledger first, so that no restored backup brings anybody back, then the bytes of files,
/// then the log of SQLite, which still holds the pages as they were. Done again and again until all of it is done.
///
/// # Errors
/// Those of the database and of the file system.
pub fn settle(engine: &Engine) -> Result<()> {
    let is_new = ledger::append_open(engine)?;
    erased_addresses::settle(engine)?;
    for (hash, is_held) in engine.database().read(|tx| store::doomed(tx))? {
        if !is_held {
            match std::fs::remove_file(engine.files().path(&hash)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        engine.write(|tx| store::spare(tx, &hash))?;
    }
    if is_new && let Err(error) = engine.database().empty_log() {
        // A long export reads an old snapshot; the log is emptied when the program stops, at the latest.
        tracing::warn!(%error, "the log of the database could not be emptied yet");
    }
    Ok(())
}

/// Starts the job in the caller's transaction; answers its id.
///
/// # Errors
/// As [`prepare`].
pub fn start(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    id: i64,
    request: &EraseRequest,
) -> Result<i64> {
    let new = prepare(tx, snapshot, context, id, request)?;
    jobs::enqueue(tx, context, &new)
}

pub(super) fn title_of<'a>(object_type: &ObjectType, record: &'a Record) -> &'a str {
    record.value(object_type.definition.title_field).as_str().unwrap_or_default()
}
