//! Taking an operation back: what it changed returns to what it was, what it made goes to the trash, what it deleted comes back.
//! The undo is itself an operation, so it can be undone too.
//!
//! What must stay true: what somebody changed since is kept and reported, never overwritten.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Tx, Value, in_list, quote_identifier};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::engine::{Engine, Snapshot};
use crate::error::{EngineError, Result};
use crate::history::{StoredOperation, find_operation};
use crate::jobs::{self, JobHandler, JobRun, NewJob};
use crate::query::load::load_records;
use crate::record::{Record, Values};
use crate::write::{Change, Operation, OperationKind, Outcome, apply};

/// Records of one batch.
const BATCH: usize = 250;
/// Up to this many records an undo runs at once; beyond it becomes a job.
const IMMEDIATE: i64 = 500;
/// Most kept values that a report lists.
const MAX_KEPT: usize = 200;
/// In the history, the field id of "is in the trash".
const DELETED_FIELD_ID: i64 = 0;

/// What an undo did.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct UndoReport {
    /// The operation of the undo; `None` when nothing was left to take back.
    pub operation_id: Option<i64>,
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
    is_changed_done: bool,
    /// The created records of this type up to this id are done.
    created_type: usize,
    created_after: i64,
    is_done: bool,
}

/// Takes an operation back.
///
/// # Errors
/// `NotFound`, `Forbidden` when it is somebody else's, `State` when it is undone already.
pub fn undo(engine: &Engine, context: &RequestContext, operation_id: i64) -> Result<Undo> {
    let snapshot = engine.snapshot();
    engine.write(|tx| undo_within(tx, &snapshot, context, operation_id))
}

/// The same in the caller's transaction.
///
/// # Errors
/// As [`undo`].
pub fn undo_within(tx: &mut Tx, snapshot: &Snapshot, context: &RequestContext, operation_id: i64) -> Result<Undo> {
    let operation = find_operation(tx, operation_id)?.ok_or(EngineError::NotFound)?;
    check(&operation, context)?;
    if operation.record_count > IMMEDIATE {
        let new = NewJob {
            kind: UNDO_JOB,
            payload: json!({ "operation_id": operation_id }),
            total: Some(operation.record_count),
        };
        return jobs::enqueue(tx, context, &new).map(Undo::Job);
    }
    let mut position = Position::default();
    while !position.is_done {
        step(tx, snapshot, context, &operation, &mut position)?;
    }
    Ok(Undo::Done(position.report))
}

fn check(operation: &StoredOperation, context: &RequestContext) -> Result<()> {
    if operation.undone_by.is_some() {
        return Err(EngineError::State("already_undone"));
    }
    if operation.can_be_undone_by(context) { Ok(()) } else { Err(EngineError::Forbidden) }
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
        let operation_id = run.payload().get("operation_id").and_then(Json::as_i64).ok_or(EngineError::NotFound)?;
        let context = run.context();
        let mut position: Position = run.position()?.unwrap_or_default();
        while !position.is_done {
            run.check_cancelled()?;
            let snapshot = run.engine().snapshot();
            position = run.engine().write_batch(|tx| {
                let operation = find_operation(tx, operation_id)?.ok_or(EngineError::NotFound)?;
                let mut next = position.clone();
                step(tx, &snapshot, &context, &operation, &mut next)?;
                run.checkpoint(tx, &next, next.report.undone + next.report.kept_count)?;
                Ok::<Position, EngineError>(next)
            })?;
        }
        serde_json::to_value(&position.report).map_err(|error| EngineError::Stored(error.to_string()))
    }
}

/// One batch, in the caller's transaction.
fn step(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    undone: &StoredOperation,
    position: &mut Position,
) -> Result<()> {
    let mut operation = match position.report.operation_id {
        Some(id) => Operation::resume(OperationKind::Undo, undone.object_type_id, id),
        None => {
            let mut operation = Operation::new(OperationKind::Undo, undone.object_type_id);
            operation.undoes = Some(undone.id);
            operation.title.clone_from(&undone.title);
            operation
        }
    };
    if position.is_changed_done {
        undo_created(tx, snapshot, context, undone, &mut operation, position)?;
    } else {
        undo_changed(tx, snapshot, context, undone, &mut operation, position)?;
    }
    if position.is_done && operation.stored_id().is_none() {
        // Nothing was left to take back; the operation still counts as undone.
        operation.add(tx, context, 0)?;
    }
    position.report.operation_id = operation.stored_id();
    Ok(())
}

/// Field id, old and new value of a change.
type FieldChange = (i64, Json, Json);

fn undo_changed(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    undone: &StoredOperation,
    operation: &mut Operation,
    position: &mut Position,
) -> Result<()> {
    let (after_type, after_id) = position.changed_after;
    let places = tx.query(
        &format!(
            "SELECT DISTINCT object_type_id, record_id FROM changes WHERE operation_id = ? AND (object_type_id, record_id) > (?, ?) \
             ORDER BY object_type_id, record_id LIMIT {BATCH}"
        ),
        &[undone.id.into(), after_type.into(), after_id.into()],
    )?;
    let Some(first) = places.first().map(|row| row.integer(0)).transpose()? else {
        position.is_changed_done = true;
        return Ok(());
    };
    let ids: Vec<i64> = places
        .iter()
        .filter(|row| row.integer(0).ok() == Some(first))
        .map(|row| row.integer(1))
        .collect::<Result<_, _>>()?;
    position.changed_after = (first, ids.last().copied().unwrap_or(after_id));
    let Some(object_type) = snapshot.catalog.object_type_by_id(first) else { return Ok(()) };
    let changes = changes_of(tx, undone.id, first, &ids)?;
    let records = load_records(tx, object_type, &ids, true)?;
    let mut moves = Vec::new();
    let mut updates = Vec::new();
    for (id, fields) in changes {
        let Some(record) = records.get(&id) else { continue };
        plan(object_type, record, fields, &mut moves, &mut updates, &mut position.report);
    }
    // Out of the trash first, so that the fields find a live record; a record stands once in each call.
    for batch in [moves, updates] {
        run(tx, snapshot, context, operation, object_type, batch, &records, &mut position.report)?;
    }
    Ok(())
}

fn changes_of(tx: &mut Tx, operation_id: i64, type_id: i64, ids: &[i64]) -> Result<BTreeMap<i64, Vec<FieldChange>>> {
    let mut params: Vec<Value> = vec![operation_id.into(), type_id.into()];
    params.extend(ids.iter().map(|id| Value::Integer(*id)));
    let sql = format!(
        "SELECT record_id, field_id, old_value, new_value FROM changes WHERE operation_id = ? AND object_type_id = ? AND record_id IN {}",
        in_list(ids.len())
    );
    let mut changes: BTreeMap<i64, Vec<FieldChange>> = BTreeMap::new();
    for row in tx.query(&sql, &params)? {
        let read = |at: usize| -> Result<Json> {
            Ok(row.optional_text(at)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null))
        };
        changes.entry(row.integer(0)?).or_default().push((row.integer(1)?, read(2)?, read(3)?));
    }
    Ok(changes)
}

fn plan(
    object_type: &ObjectType,
    record: &Record,
    fields: Vec<FieldChange>,
    moves: &mut Vec<Change>,
    updates: &mut Vec<Change>,
    report: &mut UndoReport,
) {
    let mut values = Values::new();
    for (field_id, old, new) in fields {
        if field_id == DELETED_FIELD_ID {
            let was_deleted = new == Json::Bool(true);
            if was_deleted == record.deleted_at.is_some() {
                moves.push(if was_deleted {
                    Change::Restore { id: record.id }
                } else {
                    Change::Delete { id: record.id }
                });
            }
            continue;
        }
        let Some(field) = object_type.field_by_id(field_id) else { continue };
        if field.is_read_only {
            // Derived values follow from the others.
            continue;
        }
        let current = record.value(&field.name);
        if *current == new {
            values.insert(field.name.clone(), old);
        } else if *current != old {
            keep(report, object_type, record, Some(&field.name), current, &old);
        }
    }
    if !values.is_empty() {
        updates.push(Change::Update { id: record.id, base_version: None, values });
    }
}

fn keep(
    report: &mut UndoReport,
    object_type: &ObjectType,
    record: &Record,
    field: Option<&str>,
    current: &Json,
    would_be: &Json,
) {
    report.kept_count += 1;
    if report.kept.len() < MAX_KEPT {
        let title = record.value(object_type.definition.title_field).as_str().unwrap_or_default();
        report.kept.push(json!({ "type": object_type.name, "id": record.id, "title": title, "field": field, "current": current, "would_be": would_be }));
    }
}

#[expect(clippy::too_many_arguments, reason = "the places of one loop; a struct would only rename them")]
fn run(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    operation: &mut Operation,
    object_type: &ObjectType,
    changes: Vec<Change>,
    records: &BTreeMap<i64, Record>,
    report: &mut UndoReport,
) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Update { id, .. } | Change::Delete { id } | Change::Restore { id } => Some(*id),
            Change::Create { .. } => None,
        })
        .collect();
    let results = apply(tx, snapshot.trusted_writer(), context, operation, object_type, changes)?;
    for (id, result) in ids.into_iter().zip(results) {
        match result {
            Ok(Outcome::Unchanged(_)) => {}
            Ok(_) => report.undone += 1,
            // A restored card whose number somebody else has by now, a value that rules no longer allow: kept as it is.
            Err(EngineError::Invalid(_) | EngineError::State(_) | EngineError::NotFound) => {
                if let Some(record) = records.get(&id) {
                    keep(report, object_type, record, None, &Json::Null, &Json::Null);
                }
            }
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

fn undo_created(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    undone: &StoredOperation,
    operation: &mut Operation,
    position: &mut Position,
) -> Result<()> {
    let Some(object_type) = snapshot.catalog.object_types.get(position.created_type) else {
        position.is_done = true;
        return Ok(());
    };
    let sql = format!(
        "SELECT id FROM {} WHERE created_operation = ? AND id > ? ORDER BY id LIMIT {BATCH}",
        quote_identifier(object_type.table())
    );
    let ids: Vec<i64> = tx
        .query(&sql, &[undone.id.into(), position.created_after.into()])?
        .iter()
        .map(|row| row.integer(0))
        .collect::<Result<_, _>>()?;
    let Some(last) = ids.last() else {
        position.created_type += 1;
        position.created_after = 0;
        return Ok(());
    };
    position.created_after = *last;
    let touched = touched_since(tx, undone.id, object_type.id, &ids)?;
    let records = load_records(tx, object_type, &ids, true)?;
    let mut moves = Vec::new();
    for (id, record) in &records {
        if record.deleted_at.is_some() {
            continue;
        }
        if touched.contains(id) {
            keep(&mut position.report, object_type, record, None, &Json::Null, &Json::Null);
        } else {
            moves.push(Change::Delete { id: *id });
        }
    }
    run(tx, snapshot, context, operation, object_type, moves, &records, &mut position.report)
}

/// Records that other operations, still in force, have changed since.
fn touched_since(tx: &mut Tx, operation_id: i64, type_id: i64, ids: &[i64]) -> Result<BTreeSet<i64>> {
    let mut params: Vec<Value> = vec![type_id.into(), operation_id.into()];
    params.extend(ids.iter().map(|id| Value::Integer(*id)));
    let sql = format!(
        "SELECT DISTINCT c.record_id FROM changes c JOIN operations o ON o.id = c.operation_id WHERE c.object_type_id = ? AND c.operation_id > ? \
         AND o.undone_by_operation_id IS NULL AND o.kind <> 'undo' AND c.record_id IN {}",
        in_list(ids.len())
    );
    tx.query(&sql, &params)?.iter().map(|row| row.integer(0).map_err(Into::into)).collect()
}
