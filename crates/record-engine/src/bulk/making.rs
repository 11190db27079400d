//! Making records for each of many others, in batches: equal ones, or those of a template.
//!
//! What must stay true: a batch and the position behind it are one transaction, so a killed job neither repeats nor leaves out a record; everything that a
//! job makes is one operation.

use database::Tx;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Place, Selection, Walk, next_ids};
use crate::engine::Snapshot;
use crate::error::{EngineError, Result};
use crate::jobs::{Failure, JobRun};
use crate::query::page::MAX_LIMIT;
use crate::write::{Operation, OperationKind};

/// What is done for a batch in its transaction, which may run twice: how many records were made for each of the batch, or why none.
pub type BatchWork<'a> = Box<dyn Fn(&mut Tx, &mut Operation) -> Result<Vec<Result<usize>>> + 'a>;

/// Where the job stands between batches.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Position {
    #[serde(flatten)]
    place: Place,
    created: i64,
    /// Records that were gone through without a failure.
    #[serde(default)]
    served: i64,
    failed_count: i64,
    operation_id: Option<i64>,
}

/// Goes through the records of a selection of the type `target` in batches of at most `most`, and makes records of the type `made` for them. What `prepare`
/// answers is run in the transaction of its batch. Answers the report of the job.
///
/// # Errors
/// `NotFound` for unknown types, `Filter`; those of `prepare` and of the database.
pub fn make_for_each<'a>(
    run: &'a JobRun<'_>,
    (selection, target, made): (&Selection, &str, &str),
    most: usize,
    prepare: impl Fn(&Snapshot, &[i64]) -> Result<BatchWork<'a>>,
) -> Result<Json> {
    let context = run.context();
    let engine = run.engine();
    let mut walk = Walk::new(MAX_LIMIT.min(most), false);
    let mut position: Position = match run.position()? {
        Some(position) => position,
        None => {
            run.show(0, selection.total(run, &context, target, false)?, None)?;
            Position::default()
        }
    };
    while !position.place.is_done {
        run.check_cancelled()?;
        let snapshot = engine.snapshot();
        let (object_type, target) = (snapshot.object_type(made)?, snapshot.object_type(target)?);
        let mut place = position.place.clone();
        let ids = engine
            .database()
            .read(|tx| next_ids(tx, &context, &snapshot, &target, (selection, most), (&mut place, &mut walk)))?;
        let work = prepare(&snapshot, &ids)?;
        position = engine.write_batch(|tx| {
            let mut position = Position { place: place.clone(), ..position.clone() };
            let mut operation = match position.operation_id {
                Some(id) => Operation::resume(OperationKind::Create, Some(object_type.id), id),
                None => Operation::new(OperationKind::Create, Some(object_type.id)),
            };
            let mut failures = Vec::new();
            for (id, result) in ids.iter().zip(work(tx, &mut operation)?) {
                match result {
                    Ok(count) => {
                        position.served += 1;
                        position.created += i64::try_from(count).unwrap_or_default();
                    }
                    Err(trouble @ (EngineError::Database(_) | EngineError::Stored(_) | EngineError::File(_))) => {
                        return Err(trouble);
                    }
                    Err(refused) => {
                        position.failed_count += 1;
                        failures.push(Failure::new(*id, &refused));
                    }
                }
            }
            run.note_failures(tx, &failures)?;
            if let (None, Some(id)) = (position.operation_id, operation.stored_id()) {
                position.operation_id = Some(id);
                run.set_operation(tx, id)?;
            }
            run.checkpoint(tx, &position, position.served + position.failed_count)?;
            Ok(position)
        })?;
    }
    report(run, (target, made), &position)
}

/// The report of a job that has not ended; `None` before its first batch.
///
/// # Errors
/// Those of the database.
pub fn made_so_far(run: &JobRun<'_>, target: &str, made: &str) -> Result<Option<Json>> {
    let Some(position) = run.position()? else { return Ok(None) };
    report(run, (target, made), &position).map(Some)
}

/// `type` is that of the records for which something was made: failures name them.
fn report(run: &JobRun<'_>, (target, made): (&str, &str), position: &Position) -> Result<Json> {
    Ok(json!({
        "type": target,
        "made": made,
        "created": position.created,
        "failed_count": position.failed_count,
        "failed": run.first_failures()?,
        "operation_id": position.operation_id,
    }))
}
