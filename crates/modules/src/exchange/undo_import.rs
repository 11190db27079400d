//! Taking an import back as a whole: what its queue loaded after its end, newest first, and then the import itself.
//!
//! What must stay true: each of them stays an operation that can be taken back by itself, with the rights and the rules of any undo; an import is
//! taken back here only by who may take its own operation back, and the runs of others that he may not touch are told, not passed over in silence.

use database::{Query, Tx};
use record_engine::RequestContext;
use record_engine::catalog::Catalog;
use record_engine::engine::Snapshot;
use record_engine::error::EngineError;
use record_engine::history::{StoredOperation, find_operation};
use record_engine::jobs;
use record_engine::undo::{Overwrite, Undo, UndoReport, undo_within};
use serde_json::Value as Json;

use super::error::ExchangeError;
use super::queue_job::{QUEUE_JOB, ensure_not_loading};
use super::store::{self, Import};

/// What there is of an import to take back, as its reader may.
pub(super) struct InForce {
    /// What he may take back, in the order in which it goes.
    pub own: Vec<StoredOperation>,
    /// Records that its queue loaded, of those.
    pub queue_records: i64,
    /// Records that its queue loaded for others, which only they or an administrator may take back.
    pub foreign_records: i64,
}

impl InForce {
    /// # Errors
    /// Those of the database.
    pub fn read(
        tx: &mut dyn Query,
        context: &RequestContext,
        catalog: &Catalog,
        import: &Import,
    ) -> Result<InForce, EngineError> {
        let mut found = InForce { own: Vec::new(), queue_records: 0, foreign_records: 0 };
        let main = import.operation_id.map(|id| find_operation(tx, id)).transpose()?.flatten();
        let main = main.filter(|operation| operation.undone_by.is_none());
        for (payload, id) in jobs::written_by_kind(tx, QUEUE_JOB, import.job_id.unwrap_or_default())? {
            if payload.get("import_id").and_then(Json::as_i64) != Some(import.id) {
                continue;
            }
            let Some(operation) = find_operation(tx, id)?.filter(|operation| operation.undone_by.is_none()) else {
                continue;
            };
            if operation.belongs_to(context, catalog) {
                found.queue_records += operation.record_count;
                found.own.push(operation);
            } else {
                found.foreign_records += operation.record_count;
            }
        }
        match main {
            // Of an import that is not his the part that he loaded stays to him as operations of their own.
            Some(main) if !main.belongs_to(context, catalog) => found.own.clear(),
            main => found.own.extend(main),
        }
        Ok(found)
    }
}

/// What became of an undo of an import.
#[derive(Default)]
pub struct ImportUndone {
    /// What was done in this transaction, of all operations together; `undoes` is the one that kept something, else the last.
    pub report: UndoReport,
    /// The undo of a large operation, which is under way.
    pub job: Option<i64>,
    /// Operations that wait for the end of that job: ask once more then.
    pub left: usize,
    /// Records that the queue loaded for others, which stay.
    pub foreign_records: i64,
}

/// Takes an import back with what its queue loaded, within the caller's transaction, as far as the first operation that is so large that a job does it.
///
/// # Errors
/// `NotFound`; `Forbidden` for an import of somebody else; `State`: `import_is_busy` while its queue is loaded, `already_undone` when nothing is left,
/// and those of an undo.
pub fn undo_import_in(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    id: i64,
) -> Result<ImportUndone, ExchangeError> {
    let import = store::lock_open(tx, context, &snapshot.catalog, id)?;
    ensure_not_loading(tx, id)?;
    let in_force = InForce::read(tx, context, &snapshot.catalog, &import)?;
    if in_force.own.is_empty() {
        let main = import.operation_id.map(|id| find_operation(tx, id)).transpose()?.flatten();
        let is_of_other = main.is_some_and(|main| main.undone_by.is_none()) || in_force.foreign_records > 0;
        let refusal = if is_of_other { EngineError::Forbidden } else { EngineError::State("already_undone") };
        return Err(refusal.into());
    }
    let mut undone = ImportUndone { foreign_records: in_force.foreign_records, ..ImportUndone::default() };
    let count = in_force.own.len();
    for (at, operation) in in_force.own.iter().enumerate() {
        match undo_within(tx, snapshot, context, operation.id, &Overwrite::default())? {
            Undo::Done(report) => add(&mut undone.report, report),
            Undo::Job(job) => {
                undone.job = Some(job);
                undone.left = count - at - 1;
                break;
            }
        }
    }
    Ok(undone)
}

fn add(all: &mut UndoReport, one: UndoReport) {
    if all.kept_count == 0 || one.kept_count > 0 {
        all.undoes = one.undoes;
    }
    all.operation_id = one.operation_id.or(all.operation_id);
    all.undone += one.undone;
    all.kept_count += one.kept_count;
    all.kept.extend(one.kept);
}
