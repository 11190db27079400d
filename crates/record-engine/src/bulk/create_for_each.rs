//! The job that makes one equal record for each of many others: a task for each ticked contact.
//!
//! It is the ordinary write path in batches: the rights of whoever started it hold for each new record and for the one it names, a record that breaks a rule
//! is reported and the others are made, and everything is one operation and so one undo.
//!
//! How the records are gone through: [`super::making`].

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::making::{BatchWork, made_so_far, make_for_each};
use super::{BATCH, Selection};
use crate::access::Action;
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::engine::Snapshot;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::FieldKind;
use crate::jobs::{JobHandler, JobRun, NewJob};
use crate::record::Values;
use crate::write::{Change, apply_prepared, prepare};

/// Kind of the job.
pub const CREATE_FOR_EACH_JOB: &str = "create_for_each";

/// What the job is to make.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateForEach {
    /// Name of the type of the new records.
    pub object_type: String,
    /// Their field that names the record for which each is made.
    pub field: String,
    /// For which records of the type that the field refers to.
    pub selection: Selection,
    /// Their other values, the same for all.
    pub values: Values,
}

impl CreateForEach {
    /// Checks what can be checked before the first record, and makes the job.
    ///
    /// # Errors
    /// `NotFound` for an unknown type, `Forbidden` for who may not make such records or, by a filter, change many; `Invalid` for values that none could have and for a field that
    /// refers to nothing; `Filter` for a filter that does not fit.
    pub fn into_job(mut self, snapshot: &Snapshot, context: &RequestContext) -> Result<NewJob> {
        let object_type = snapshot.object_type(&self.object_type)?;
        let permissions = context.permissions(&object_type);
        let is_filter = matches!(self.selection, Selection::Filter(_));
        if !permissions.may(Action::Create) || (is_filter && !permissions.may(Action::Bulk)) {
            return Err(EngineError::Forbidden);
        }
        let target = target_of(snapshot, &object_type, &self.field)?;
        // What is wrong with the values is wrong with each of them: tried once, named without a record.
        let tried = prepare(snapshot.writer(), context, &object_type, vec![self.change(&object_type, None)?])?;
        tried.first_error()?;
        let total = self.selection.checked(&target, context)?;
        let payload = serde_json::to_value(&self).map_err(|error| EngineError::Stored(error.to_string()))?;
        Ok(NewJob { kind: CREATE_FOR_EACH_JOB, payload, total })
    }

    fn of(run: &JobRun<'_>) -> Result<CreateForEach> {
        CreateForEach::deserialize(run.payload()).map_err(|error| EngineError::Stored(error.to_string()))
    }

    fn change(&self, object_type: &ObjectType, id: Option<i64>) -> Result<Change> {
        let mut values = self.values.clone();
        let field = reference(object_type, &self.field)?;
        let value = match (&field.kind, id) {
            (_, None) => Json::Null,
            (FieldKind::ReferenceSet(_), Some(id)) => json!([id]),
            (_, Some(id)) => json!(id),
        };
        values.insert(self.field.clone(), value);
        Ok(Change::Create { values })
    }
}

fn reference<'t>(object_type: &'t ObjectType, name: &str) -> Result<&'t Field> {
    let unknown = || EngineError::Invalid(vec![FieldError::new("field", "unknown_field").with("value", name)]);
    object_type.field(name).filter(|field| field.kind.reference_target().is_some()).ok_or_else(unknown)
}

fn target_of(snapshot: &Snapshot, object_type: &ObjectType, field: &str) -> Result<Arc<ObjectType>> {
    let settings = reference(object_type, field)?.kind.reference_target().ok_or(EngineError::NotFound)?;
    snapshot.object_type(&settings.target)
}

/// See the module.
pub struct CreateForEachJob;

impl JobHandler for CreateForEachJob {
    fn kind(&self) -> &'static str {
        CREATE_FOR_EACH_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let work = CreateForEach::of(run)?;
        let snapshot = run.engine().snapshot();
        let target = target_of(&snapshot, &*snapshot.object_type(&work.object_type)?, &work.field)?;
        make_for_each(run, (&work.selection, &target.name, &work.object_type), BATCH, |snapshot, ids| {
            let (snapshot, context) = (snapshot.clone(), run.context());
            let object_type = snapshot.object_type(&work.object_type)?;
            let changes = ids.iter().map(|id| work.change(&object_type, Some(*id))).collect::<Result<Vec<_>>>()?;
            let prepared = prepare(snapshot.writer(), &context, &object_type, changes)?;
            let for_batch: BatchWork<'_> = Box::new(move |tx, operation| {
                let made = apply_prepared(tx, snapshot.writer(), &context, operation, &object_type, prepared.clone())?;
                Ok(made.into_iter().map(|result| result.map(|_| 1)).collect())
            });
            Ok(for_batch)
        })
    }

    fn report_so_far(&self, run: &JobRun<'_>) -> Result<Option<Json>> {
        let work = CreateForEach::of(run)?;
        let snapshot = run.engine().snapshot();
        let target = target_of(&snapshot, &*snapshot.object_type(&work.object_type)?, &work.field)?;
        made_so_far(run, &target.name, &work.object_type)
    }
}
