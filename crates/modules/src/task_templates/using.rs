//! Using a template: the tasks of its plan are made, all in one operation.

use database::{Query, Tx};
use record_engine::RequestContext;
use record_engine::access::Action;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::query;
use record_engine::record::{Record, Values};
use record_engine::write::{Change, Operation, OperationKind, apply};
use serde_json::json;

use super::plan::{PlannedTask, Purpose, Template};
use crate::checklists::CHECKLIST_ITEM_TYPE;
use crate::tasks::TASK_TYPE;

/// What a use of a template made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The tasks, in the order of the template.
    pub task_ids: Vec<i64>,
    /// The operation that takes all of them back.
    pub operation_id: Option<i64>,
}

/// For which record a template is used: its type and its id, where it is known yet.
pub type UsedFor<'a> = (&'a str, Option<i64>);

impl Template {
    /// What would be made for a record, for one that is chosen later, or for none.
    ///
    /// # Errors
    /// `NotFound` for a record that the actor does not see; `Invalid` for a type without tasks and for a date that is missing or wrong; those of the
    /// database.
    pub fn preview(
        &self,
        tx: &mut dyn Query,
        snapshot: &Snapshot,
        context: &RequestContext,
        used_for: Option<UsedFor<'_>>,
        date: Option<&str>,
        left_out: &[i64],
    ) -> Result<Vec<PlannedTask>> {
        let record = match used_for {
            Some((name, Some(id))) => Some(seen(tx, snapshot, context, name, id)?),
            _ => None,
        };
        let purpose = used_for.map(|(name, _)| Purpose::of(name, record.as_ref())).transpose()?;
        self.plan(tx, snapshot, context, purpose, date, left_out)
    }
}

fn seen(tx: &mut dyn Query, snapshot: &Snapshot, context: &RequestContext, name: &str, id: i64) -> Result<Record> {
    Purpose::of(name, None)?;
    query::get(tx, context, &*snapshot.object_type(name)?, id)?.ok_or(EngineError::NotFound)
}

/// Makes the tasks of a template, all of them or none.
///
/// # Errors
/// Those of [`Template::preview`]; `Forbidden` for who may make no tasks; `Invalid` when nothing is left to make, and for what a task may not be.
pub fn use_template(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    template: &Template,
    used_for: Option<(&str, i64)>,
    date: Option<&str>,
    left_out: &[i64],
) -> Result<Made> {
    let tasks = snapshot.object_type(TASK_TYPE)?;
    if !context.permissions(&tasks).may(Action::Create) {
        return Err(EngineError::Forbidden);
    }
    let used_for = used_for.map(|(name, id)| (name, Some(id)));
    let planned = template.preview(tx, snapshot, context, used_for, date, left_out)?;
    if planned.is_empty() {
        return Err(EngineError::field(FieldError::new("left_out", "nothing_left")));
    }
    let mut operation = Operation::new(OperationKind::Create, Some(tasks.id));
    let task_ids = make(tx, snapshot, context, &mut operation, &planned)?.into_iter().collect::<Result<Vec<i64>>>()?;
    Ok(Made { task_ids, operation_id: operation.stored_id() })
}

/// Makes the tasks of a plan with their steps; answers what became of each.
pub(super) fn make(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    operation: &mut Operation,
    planned: &[PlannedTask],
) -> Result<Vec<Result<i64>>> {
    let (tasks, items) = (snapshot.object_type(TASK_TYPE)?, snapshot.object_type(CHECKLIST_ITEM_TYPE)?);
    let changes = planned.iter().map(|task| Change::Create { values: task.values.clone() }).collect();
    let made: Vec<Result<i64>> = apply(tx, snapshot.writer(), context, operation, &tasks, changes)?
        .into_iter()
        .map(|result| result.map(|outcome| outcome.id()))
        .collect();
    let steps: Vec<Change> = planned
        .iter()
        .zip(&made)
        .filter_map(|(task, made)| Some((task, *made.as_ref().ok()?)))
        .flat_map(|(task, id)| {
            task.checklist.iter().zip(1..).map(move |(text, place)| {
                let values = [("task", json!(id)), ("text", json!(text)), ("place", json!(place))];
                Change::Create { values: Values::from(values.map(|(name, value)| (name.to_owned(), value))) }
            })
        })
        .collect();
    if !steps.is_empty() {
        // The right to make the task was asked above; its steps come with it.
        for step in apply(tx, snapshot.trusted_writer(), context, operation, &items, steps)? {
            step?;
        }
    }
    Ok(made)
}
