//! The job of a rule in one night: batches of a few, up to a budget; what is left goes on in the next night.
//!
//! What must stay true: a batch, what is counted of it, the event of the audit log and the position behind it are one transaction. The rule is read
//! again for every batch: one that was switched off or changed meanwhile takes nothing more.

use std::sync::Arc;

use database::Tx;
use record_engine::audit::{self, Event, Kind};
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::jobs::{JobHandler, JobRun};
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{Engine, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::due::{self, Asked, Verdict, judge};
use super::store::{self, Counts, Rule};
use super::{Fate, RuleInput};
use crate::personal_data::erase::{Cause, erase_people, naming, settle};

/// Kind of the job.
pub(super) const RETENTION_JOB: &str = "retention";
/// Records of one batch: an erasure reads the files of imports for each, and nobody shall wait for it.
const BATCH: usize = 100;
/// Records that a rule takes away in one night.
const BUDGET: i64 = 1_000;
/// Records that it looks at in one night.
const MAX_LOOKED_AT: i64 = 100_000;

#[derive(Serialize, Deserialize)]
struct Payload {
    rule_id: i64,
    run_id: i64,
    version: i64,
}

/// Where a run stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Position {
    /// The record behind which it goes on.
    after: i64,
    looked_at: i64,
    counts: Counts,
    /// Of moves to the trash.
    operation_id: Option<i64>,
}

/// See the module.
pub(in crate::personal_data) struct RetentionJob;

impl JobHandler for RetentionJob {
    fn kind(&self) -> &'static str {
        RETENTION_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let payload: Payload =
            serde_json::from_value(run.payload().clone()).map_err(|error| EngineError::Stored(error.to_string()))?;
        let engine = run.engine();
        let mut position: Position = match run.position()? {
            Some(position) => position,
            None => {
                let rule = engine.database().read(|tx| store::find(tx, payload.rule_id))?;
                Position { after: rule.map_or(0, |rule| rule.resume_after), ..Position::default() }
            }
        };
        let result = work_off(run, &payload, &mut position);
        if matches!(result, Err(EngineError::State("job_lost"))) {
            return result.map(|_| Json::Null);
        }
        settle(engine)?;
        let is_complete = matches!(result, Ok(true));
        let after = if is_complete { 0 } else { position.after };
        engine.write(|tx| {
            store::resume_after(tx, payload.rule_id, payload.version, after)?;
            store::end_run(tx, payload.run_id, engine.clock().now_ms(), is_complete)
        })?;
        result?;
        let left = position.counts.left();
        Ok(
            json!({ "rule_id": payload.rule_id, "done": position.counts.done, "left": left, "is_complete": is_complete }),
        )
    }
}

/// Batch after batch, until nothing is left or the night is over; answers whether nothing is.
fn work_off(run: &JobRun<'_>, payload: &Payload, position: &mut Position) -> Result<bool> {
    let engine = run.engine();
    loop {
        run.check_cancelled()?;
        let rule = engine.database().read(|tx| store::find(tx, payload.rule_id))?;
        let Some(rule) = rule.filter(|rule| rule.is_active && rule.version == payload.version) else {
            return Ok(false);
        };
        if position.counts.done >= BUDGET || position.looked_at >= MAX_LOOKED_AT {
            return Ok(false);
        }
        let night = Night { run, run_id: payload.run_id, snapshot: engine.snapshot(), rule: &rule };
        match night.batch(position)? {
            Some(next) => *position = next,
            None => return Ok(true),
        }
    }
}

/// A run at one batch.
struct Night<'a> {
    run: &'a JobRun<'a>,
    run_id: i64,
    snapshot: Snapshot,
    rule: &'a Rule,
}

impl Night<'_> {
    fn engine(&self) -> &Engine {
        self.run.engine()
    }

    fn input(&self) -> &RuleInput {
        &self.rule.input
    }

    /// Does the next batch; `None` when nothing is left.
    fn batch(&self, position: &Position) -> Result<Option<Position>> {
        let context = RequestContext::system(self.engine().clock());
        let object_type = self.snapshot.object_type(&self.input().object_type)?;
        let asked = Asked::of(&object_type, &context, self.input())?;
        let room = usize::try_from(BUDGET - position.counts.done).unwrap_or_default();
        let verdicts = self.engine().database().read(|tx| {
            let ids = due::candidates(tx, &context, &object_type, self.input(), position.after, BATCH.min(room))?;
            judge(tx, &self.snapshot.catalog, &object_type, &asked, &ids, false)
        })?;
        let Some((last, _)) = verdicts.last() else { return Ok(None) };
        let mut next = Position {
            after: *last,
            looked_at: position.looked_at + i64::try_from(verdicts.len()).unwrap_or_default(),
            ..position.clone()
        };
        due::count(&mut next.counts, &verdicts);
        let ids: Vec<i64> =
            verdicts.iter().filter(|(_, verdict)| *verdict == Verdict::Due).map(|(id, _)| *id).collect();
        let work = Work { night: self, context, object_type, asked };
        Ok(Some(match self.input().action {
            Fate::Trash => work.trash(&ids, next)?,
            Fate::Erase => work.erase(&ids, next)?,
        }))
    }
}

struct Work<'a> {
    night: &'a Night<'a>,
    context: RequestContext,
    object_type: Arc<ObjectType>,
    asked: Asked,
}

impl Work<'_> {
    /// Those that are still due in the transaction that takes them.
    fn still_due(&self, tx: &mut Tx, ids: &[i64]) -> Result<Vec<i64>> {
        if !store::holds(tx, self.night.rule)? {
            return Ok(Vec::new());
        }
        let catalog = &self.night.snapshot.catalog;
        let verdicts = judge(tx, catalog, &self.object_type, &self.asked, ids, true)?;
        Ok(verdicts.into_iter().filter(|(_, verdict)| *verdict == Verdict::Due).map(|(id, _)| id).collect())
    }

    /// Counts, tells and moves the position, in the transaction of the batch.
    fn note(&self, tx: &mut Tx, position: &Position, went: usize) -> Result<()> {
        if went > 0 {
            let event = Event::new(Kind::RetentionApplied).with("rule_id", self.night.rule.id).with("count", went);
            audit::record(tx, &self.context, event.with("fate", json!(self.night.input().action)));
        }
        store::note_run(tx, self.night.run_id, &position.counts, position.operation_id)?;
        self.night.run.checkpoint(tx, position, position.counts.done)
    }

    fn trash(&self, ids: &[i64], next: Position) -> Result<Position> {
        self.night.engine().write_batch(|tx| {
            let (mut position, type_id) = (next.clone(), Some(self.object_type.id));
            let mut operation = match position.operation_id {
                Some(id) => Operation::resume(OperationKind::Delete, type_id, id),
                None => Operation::new(OperationKind::Delete, type_id),
            };
            operation.title = Some(self.night.input().name.clone());
            operation.is_quiet = true;
            let going = self.still_due(tx, ids)?;
            let changes = going.iter().map(|id| Change::Delete { id: *id, base_version: None }).collect();
            let writer = self.night.snapshot.trusted_writer();
            let mut went = 0;
            for outcome in apply(tx, writer, &self.context, &mut operation, &self.object_type, changes)? {
                match outcome {
                    Ok(_) => went += 1,
                    Err(trouble @ (EngineError::Database(_) | EngineError::Stored(_) | EngineError::File(_))) => {
                        return Err(trouble);
                    }
                    Err(_) => position.counts.blocked += 1,
                }
            }
            position.counts.done += i64::try_from(went).unwrap_or_default();
            if position.operation_id.is_none()
                && let Some(id) = operation.stored_id()
            {
                position.operation_id = Some(id);
                self.night.run.set_operation(tx, id)?;
            }
            self.note(tx, &position, went)?;
            Ok(position)
        })
    }

    /// All at once, with one act; one after the other where something keeps one of them.
    fn erase(&self, ids: &[i64], next: Position) -> Result<Position> {
        match self.erase_some(ids, next.clone()) {
            Err(EngineError::State(code)) if code != "job_lost" => {}
            result => return result,
        }
        let mut position = next;
        for id in ids {
            position = match self.erase_some(&[*id], position.clone()) {
                Err(EngineError::State(code)) if code != "job_lost" => {
                    match code {
                        "legal_hold" => position.counts.held += 1,
                        _ => position.counts.blocked += 1,
                    }
                    position
                }
                result => result?,
            };
        }
        self.night.engine().write(|tx| self.note(tx, &position, 0))?;
        Ok(position)
    }

    fn erase_some(&self, ids: &[i64], next: Position) -> Result<Position> {
        let (engine, snapshot) = (self.night.engine(), &self.night.snapshot);
        let imports =
            if ids.is_empty() { Ok(std::collections::BTreeSet::new()) } else { naming(engine, snapshot, ids) };
        let imports = match imports {
            // Somebody removed one of them for good since it was read.
            Err(EngineError::NotFound) => return Err(EngineError::State("gone")),
            found => found?,
        };
        engine.write_batch(|tx| {
            let mut position = next.clone();
            let going = self.still_due(tx, ids)?;
            if !going.is_empty() {
                erase_people(tx, snapshot, &self.context, &going, &imports, Cause::Retention)?;
            }
            position.counts.done += i64::try_from(going.len()).unwrap_or_default();
            self.note(tx, &position, going.len())?;
            Ok(position)
        })
    }
}
