//! Taking an operation back: what it changed returns to what it was, what it made goes to the trash, what it deleted comes back.
//! The undo is itself an operation, so it can be undone too.
//!
//! What must stay true: what somebody changed since is kept and reported, unless the one who takes back chose to overwrite it (`overwrite`); nobody writes by an undo what he may not
//! write now, but for what follows a merged record back (`parts`); an operation is taken back once, and an undo that was stopped or failed goes on where it ended.

mod kept;
mod later;
mod overwrite;
mod parts;
mod regain;
mod step;
mod walk;

use database::Tx;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::audit::{self, Event, Kind};
use crate::catalog::journal;
use crate::context::RequestContext;
use crate::engine::{Engine, Snapshot};
use crate::error::{EngineError, Result};
use crate::history::{StoredOperation, lock_operation};
use crate::jobs::{self, Job, JobHandler, JobRun, NewJob};
use crate::write::erase::refuse_undo;
pub use later::{LaterPage, MAX_LATER, later_changes};
pub use overwrite::{Choice, MAX_CHOICES, Overwrite};
use step::step;

/// Up to this many records an undo runs at once; beyond it becomes a job.
const IMMEDIATE: i64 = 500;
/// What an undo did.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct UndoReport {
    /// The operation of the undo; `None` when nothing was left to take back.
    pub operation_id: Option<i64>,
    /// The operation that was taken back.
    #[serde(default)]
    pub undoes: Option<i64>,
    /// Records that returned to what they were.
    pub undone: i64,
    /// Records or fields that were kept because of later changes.
    pub kept_count: i64,
    /// The first of them.
    pub kept: Vec<Json>,
}

/// An undo done, or under way as a job.
pub enum Undo {
    /// Done.
    Done(UndoReport),
    /// A job with this id does it.
    Job(i64),
}

/// Where an undo stands between batches.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Position {
    report: UndoReport,
    /// The changed records before this one (type and id) are done.
    changed_after: (i64, i64),
    /// Which part of the changes is under way.
    #[serde(default)]
    part: usize,
    is_changed_done: bool,
    /// The created records of this type up to this id are done.
    created_type: usize,
    created_after: i64,
    is_done: bool,
}

/// How an operation is taken back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Manner {
    /// What goes back although it was changed since.
    choices: Overwrite,
    /// The operation was taken back before: only what that kept is left, and of it only what was chosen goes back. That is an operation of
    /// its own, so that taking it back leaves the first undo in force.
    #[serde(default)]
    is_rest: bool,
}

impl Manner {
    /// What a job is given to take the operation back so.
    fn payload(&self, operation_id: i64) -> Json {
        json!({ "operation_id": operation_id, "manner": self })
    }

    /// The manner of a job with this payload.
    fn of_job(payload: &Json) -> Result<Manner> {
        match payload.get("manner") {
            Some(manner) => {
                serde_json::from_value(manner.clone()).map_err(|error| EngineError::Stored(error.to_string()))
            }
            None => Ok(Manner::default()),
        }
    }
}

/// Takes an operation back.
///
/// # Errors
/// `NotFound`, `Forbidden` when it is somebody else's, `State` when it is undone already, its job still runs, or somebody else is at it.
pub fn undo(engine: &Engine, context: &RequestContext, operation_id: i64) -> Result<Undo> {
    let snapshot = engine.snapshot();
    engine.write(|tx| undo_within(tx, &snapshot, context, operation_id, &Overwrite::default()))
}

/// The same in the caller's transaction, with a choice of what goes back although it was changed since. With such a choice also an operation that
/// was taken back already is taken: what was kept then and is chosen now goes back too.
///
/// # Errors
/// As [`undo`]; `Invalid` for more choices than a request may hold, `State("conflict")` when a job takes it back by other choices.
pub fn undo_within(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    operation_id: i64,
    choices: &Overwrite,
) -> Result<Undo> {
    choices.check()?;
    let operation = lock_operation(tx, operation_id)?.ok_or(EngineError::NotFound)?;
    if !operation.belongs_to(context, &snapshot.catalog) {
        return Err(EngineError::Forbidden);
    }
    refuse_undo(tx, &snapshot.catalog, &operation)?;
    if let Some(job) = open_job(tx, operation_id)? {
        // A second job would take the same things back twice, and this one follows what was chosen for it.
        let is_same = Manner::of_job(&job.payload)?.choices == *choices;
        return if is_same && job.belongs_to(context) {
            Ok(Undo::Job(job.id))
        } else {
            Err(EngineError::State("conflict"))
        };
    }
    let manner = Manner { choices: choices.clone(), is_rest: operation.undone_by.is_some() };
    if let Some(stopped) = operation.stopped_undo_job {
        // What it has passed stays as it was decided then; the others follow what is chosen now.
        jobs::restart(tx, context, stopped, &manner.payload(operation_id))?;
        return Ok(Undo::Job(stopped));
    }
    if manner.is_rest && choices.is_empty() {
        return Err(EngineError::State("already_undone"));
    }
    if jobs::is_being_written(tx, operation_id)? {
        // What the job writes after the undo would stay.
        return Err(EngineError::State("operation_under_way"));
    }
    if journal::is_of_catalog(tx, operation_id)? {
        if manner.is_rest {
            return Err(EngineError::State("already_undone"));
        }
        return undo_catalog(tx, snapshot, context, &operation).map(Undo::Done);
    }
    // Of a rest only the named records are looked at, and a request names few.
    let is_short = manner.is_rest && !choices.overwrite_all;
    if operation.record_count > IMMEDIATE && !is_short {
        let new = NewJob { kind: UNDO_JOB, payload: manner.payload(operation_id), total: Some(operation.record_count) };
        return jobs::enqueue(tx, context, &new).map(Undo::Job);
    }
    let mut position = Position::default();
    while !position.is_done {
        step(tx, snapshot, context, &operation, &manner, &mut position)?;
    }
    Ok(Undo::Done(position.report))
}

fn undo_catalog(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    operation: &StoredOperation,
) -> Result<UndoReport> {
    let types = &snapshot.catalog.object_types;
    let undone = journal::undo(tx, types, context, operation.id, operation.object_type_id, operation.title.clone())?;
    if undone.operation_id.is_some() {
        snapshot.announce_catalog(tx, context)?;
        let event = Event::new(Kind::CatalogChanged).with("operation_id", undone.operation_id);
        audit::record(tx, context, event.with("undoes", operation.id));
    }
    let kept = |place: &(i64, i64)| {
        let object_type = types.iter().find(|object_type| object_type.id == place.0);
        json!({ "type": object_type.map(|found| found.name.clone()), "id": place.1, "title": journal::title_of(types, *place, &context.language), "field": null, "current": null, "would_be": null })
    };
    Ok(UndoReport {
        operation_id: undone.operation_id,
        undoes: Some(operation.id),
        undone: undone.undone,
        kept_count: i64::try_from(undone.kept.len()).unwrap_or(i64::MAX),
        kept: undone.kept.iter().map(kept).collect(),
    })
}

/// The job that waits or runs to take the operation back.
fn open_job(tx: &mut Tx, operation_id: i64) -> Result<Option<Job>> {
    let mut open = jobs::open_of_kind(tx, UNDO_JOB)?.into_iter();
    Ok(open.find(|job| undone_by_job(&job.payload) == Some(operation_id)))
}

/// The operation that a job with this payload takes back.
fn undone_by_job(payload: &Json) -> Option<i64> {
    payload.get("operation_id").and_then(Json::as_i64)
}

/// Kind of the job.
pub const UNDO_JOB: &str = "undo";

/// The job of a large undo.
pub struct UndoJob;

impl JobHandler for UndoJob {
    fn kind(&self) -> &'static str {
        UNDO_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let operation_id = undone_by_job(run.payload()).ok_or(EngineError::NotFound)?;
        let manner = Manner::of_job(run.payload())?;
        let context = run.context();
        let mut position: Position = run.position()?.unwrap_or_default();
        while !position.is_done {
            run.check_cancelled()?;
            let snapshot = run.engine().snapshot();
            position = run.engine().write_batch(|tx| {
                let operation = lock_operation(tx, operation_id)?.ok_or(EngineError::NotFound)?;
                check_begun(&operation, &manner, &position)?;
                let mut next = position.clone();
                step(tx, &snapshot, &context, &operation, &manner, &mut next)?;
                if let (None, Some(id)) = (position.report.operation_id, next.report.operation_id) {
                    run.set_operation(tx, id)?;
                }
                run.checkpoint(tx, &next, next.report.undone + next.report.kept_count)?;
                Ok::<Position, EngineError>(next)
            })?;
        }
        serde_json::to_value(&position.report).map_err(|error| EngineError::Stored(error.to_string()))
    }
}

/// Between two batches somebody may have taken the operation back otherwise, or this undo itself.
fn check_begun(operation: &StoredOperation, manner: &Manner, position: &Position) -> Result<()> {
    if manner.is_rest {
        return if operation.undone_by.is_some() { Ok(()) } else { Err(EngineError::State("conflict")) };
    }
    match (operation.undone_by, position.report.operation_id) {
        (found, own) if found == own => Ok(()),
        (None, _) => Err(EngineError::State("conflict")),
        (Some(_), _) => Err(EngineError::State("already_undone")),
    }
}
