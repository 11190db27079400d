//! The job that uses a template for each of many records: the tasks of all of them are one operation and so one undo.

use std::sync::Arc;

use record_engine::RequestContext;
use record_engine::access::Action;
use record_engine::bulk::{BATCH, BatchWork, Selection, make_for_each};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::jobs::{JobHandler, JobRun, NewJob};
use record_engine::query;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::plan::{PlannedTask, Purpose, Template};
use super::using::make;
use crate::tasks::TASK_TYPE;

/// Kind of the job.
pub const USE_FOR_EACH_JOB: &str = "use_template";

/// What the job is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UseForEach {
    /// Which template.
    pub template_id: i64,
    /// Name of the type of the records.
    pub record_type: String,
    /// For which of them.
    pub selection: Selection,
    /// The chosen date.
    pub date: Option<String>,
    /// Its lines that make nothing.
    pub left_out: Vec<i64>,
}

impl UseForEach {
    /// Checks what can be checked before the first record, and makes the job.
    ///
    /// # Errors
    /// `NotFound` for a template that the actor does not see, `Forbidden` for who may not make tasks or, by a filter, change many; `Invalid` for a type
    /// without tasks, a date that is missing or wrong, and when nothing is left to make; `Filter` for a filter that does not fit.
    pub fn into_job(
        mut self,
        tx: &mut dyn database::Query,
        snapshot: &Snapshot,
        context: &RequestContext,
    ) -> Result<NewJob> {
        let permissions = context.permissions(&*snapshot.object_type(TASK_TYPE)?);
        let is_filter = matches!(self.selection, Selection::Filter(_));
        if !permissions.may(Action::Create) || (is_filter && !permissions.may(Action::Bulk)) {
            return Err(EngineError::Forbidden);
        }
        let template = Template::load(tx, snapshot, context, self.template_id)?;
        let purpose = Some((self.record_type.as_str(), None));
        if template.preview(tx, snapshot, context, purpose, self.date.as_deref(), &self.left_out)?.is_empty() {
            return Err(EngineError::field(FieldError::new("left_out", "nothing_left")));
        }
        let target = snapshot.object_type(&self.record_type)?;
        let total = self.selection.checked(&target, context)?;
        let payload = serde_json::to_value(&self).map_err(|error| EngineError::Stored(error.to_string()))?;
        Ok(NewJob { kind: USE_FOR_EACH_JOB, payload, total })
    }

    fn of(run: &JobRun<'_>) -> Result<UseForEach> {
        UseForEach::deserialize(run.payload()).map_err(|error| EngineError::Stored(error.to_string()))
    }
}

/// See the module.
pub struct UseForEachJob;

impl JobHandler for UseForEachJob {
    fn kind(&self) -> &'static str {
        USE_FOR_EACH_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let work = UseForEach::of(run)?;
        let started = run.engine().snapshot();
        let template =
            run.engine().database().read(|tx| Template::load(tx, &started, &run.context(), work.template_id))?;
        // A template of many tasks fills a batch with fewer records.
        let most = (BATCH / template.len().max(1)).max(1);
        make_for_each(run, (&work.selection, &work.record_type, TASK_TYPE), most, |snapshot, ids| {
            let (snapshot, context) = (snapshot.clone(), run.context());
            let (work, template, ids) = (&work, &template, ids.to_vec());
            let for_batch: BatchWork<'_> = Box::new(move |tx, operation| {
                let object_type = snapshot.object_type(&work.record_type)?;
                let records = query::get_many(tx, &context, &object_type, &ids)?;
                let mut planned: Vec<PlannedTask> = Vec::new();
                let mut parts = Vec::new();
                for id in &ids {
                    let record = records.iter().find(|record| record.id == *id);
                    let tasks = match record {
                        Some(record) => {
                            let purpose = Some(Purpose::of(&work.record_type, Some(record))?);
                            template.plan(tx, &snapshot, &context, purpose, work.date.as_deref(), &work.left_out)?
                        }
                        None => Vec::new(),
                    };
                    parts.push((record.is_some(), tasks.len()));
                    planned.extend(tasks);
                }
                let mut made = make(tx, &snapshot, &context, operation, &planned)?.into_iter();
                let outcome = |(is_there, count): (bool, usize)| {
                    let tasks: Result<Vec<i64>> = made.by_ref().take(count).collect();
                    if is_there { tasks.map(|tasks| tasks.len()) } else { Err(EngineError::NotFound) }
                };
                Ok(parts.into_iter().map(outcome).collect())
            });
            Ok(for_batch)
        })
    }

    fn report_so_far(&self, run: &JobRun<'_>) -> Result<Option<Json>> {
        record_engine::bulk::made_so_far(run, &UseForEach::of(run)?.record_type, TASK_TYPE)
    }
}

/// The job of this module.
pub(crate) fn handler() -> Arc<dyn JobHandler> {
    Arc::new(UseForEachJob)
}
