//! The bulk job: one change over many records, chosen by ids or by a filter.
//!
//! It is the ordinary write path in batches: the rights of whoever started it hold for each record, a record that breaks a rule is reported
//! and the others are changed, everything is one operation and so one undo.
//!
//! What must stay true: a batch and the position behind it are one transaction, so a killed job neither repeats nor skips a record. A filter is
//! walked by id, so records that stop matching because they were changed move nothing.

mod create_for_each;
mod making;
mod selection;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use database::{ReadTx, Tx};
use filter_language::matches;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::access::Action;
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::engine::{Engine, Snapshot};
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::FieldKind;
use crate::followers::asked::Followed;
use crate::jobs::{Failure, JobHandler, JobRun, NewJob};
use crate::query::page::MAX_LIMIT;
use crate::query::{list, load_records};
use crate::record::{Record, TypedRecord, Values};
use crate::write::{Ahead, Change, Operation, OperationKind, Outcome, Prepared, apply_prepared};
pub use create_for_each::{CREATE_FOR_EACH_JOB, CreateForEach, CreateForEachJob};
pub use making::{BatchWork, made_so_far, make_for_each};
use selection::compiled;
pub use selection::{Selection, Walk};

/// Kind of the job.
pub const BULK_JOB: &str = "bulk";
/// Records of one batch. More would keep others from saving for too long, fewer cost more for each commit.
pub const BATCH: usize = 2 * MAX_LIMIT;

/// What a bulk job does with each record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// Sets fields.
    Update,
    /// Moves to the trash.
    Delete,
    /// Takes out of the trash.
    Restore,
}

impl BulkAction {
    /// What its operation is called: that of one record where it does the same to many.
    fn operation_kind(self) -> OperationKind {
        match self {
            BulkAction::Update => OperationKind::Bulk,
            BulkAction::Delete => OperationKind::Delete,
            BulkAction::Restore => OperationKind::Restore,
        }
    }
}

/// What a bulk job is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bulk {
    /// Name of the object type.
    pub object_type: String,
    /// What to do.
    pub action: BulkAction,
    /// With which records.
    pub selection: Selection,
    /// The fields to set by [`BulkAction::Update`]; empty otherwise.
    pub values: Values,
    /// Entries to put to sets, by field: what stands there stays.
    #[serde(default)]
    pub add: Values,
    /// Entries to take out of sets, by field.
    #[serde(default)]
    pub remove: Values,
}

impl Bulk {
    /// Checks what can be checked before the first record, and makes the job.
    ///
    /// # Errors
    /// `NotFound` for an unknown type, `Invalid` for fields that nobody can set, `Filter` for a filter that does not fit.
    pub fn into_job(mut self, snapshot: &Snapshot, context: &RequestContext) -> Result<NewJob> {
        let object_type = snapshot.object_type(&self.object_type)?;
        let permissions = context.permissions(&object_type);
        if !permissions.may(Action::Bulk) {
            return Err(EngineError::Forbidden);
        }
        let known = |name: &str| object_type.field(name).filter(|field| !permissions.hides(&field.name));
        let mut errors = Vec::new();
        for name in self.values.keys() {
            match known(name) {
                None => errors.push(FieldError::new(name, "unknown_field")),
                Some(field) if field.is_system || field.is_read_only => errors.push(FieldError::new(name, "read_only")),
                Some(_) => {}
            }
        }
        let set = self.values.keys().cloned().collect::<BTreeSet<String>>();
        for entries in [&mut self.add, &mut self.remove] {
            for (name, value) in entries.iter_mut() {
                match known(name) {
                    None => errors.push(FieldError::new(name, "unknown_field")),
                    Some(field) if field.is_read_only => errors.push(FieldError::new(name, "read_only")),
                    // Set to a value and added to at once would leave open which of them counts.
                    Some(field) if is_set(&field.kind) && value.is_array() && !set.contains(name) => {
                        match field.behaviour().normalise(field, value, snapshot.normalise()) {
                            Ok(stored) => *value = stored,
                            Err(wrong) => errors.extend(wrong),
                        }
                    }
                    Some(_) => errors.push(FieldError::new(name, "wrong_type")),
                }
            }
        }
        if !errors.is_empty() {
            return Err(EngineError::Invalid(errors));
        }
        let total = self.selection.checked(&object_type, context)?;
        let payload = serde_json::to_value(&self).map_err(|error| EngineError::Stored(error.to_string()))?;
        Ok(NewJob { kind: BULK_JOB, payload, total })
    }

    /// Whether its records are in the trash.
    fn is_of_trash(&self) -> bool {
        self.action == BulkAction::Restore
    }

    /// What a job is to do.
    fn of(run: &JobRun<'_>) -> Result<Bulk> {
        Bulk::deserialize(run.payload()).map_err(|error| EngineError::Stored(error.to_string()))
    }

    /// Whether there is anything to write.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.add.is_empty() && self.remove.is_empty()
    }

    /// `current` is the record as it stands, where sets are to be changed.
    fn change(&self, id: i64, current: Option<&Record>) -> Change {
        match self.action {
            BulkAction::Update => {
                let mut values = self.values.clone();
                for name in self.add.keys().chain(self.remove.keys()) {
                    let after = self.set_after(name, current.map(|record| record.value(name)));
                    values.insert(name.clone(), after);
                }
                Change::Update { id, base_version: None, values }
            }
            BulkAction::Delete => Change::Delete { id, base_version: None },
            BulkAction::Restore => Change::Restore { id },
        }
    }
}

impl Bulk {
    /// The entries of a set as they will stand.
    fn set_after(&self, name: &str, current: Option<&Json>) -> Json {
        let entries = |value: Option<&Json>| value.and_then(Json::as_array).cloned().unwrap_or_default();
        let removed = entries(self.remove.get(name));
        let mut after: Vec<Json> = entries(current).into_iter().filter(|entry| !removed.contains(entry)).collect();
        for entry in entries(self.add.get(name)) {
            if !after.contains(&entry) {
                after.push(entry);
            }
        }
        Json::Array(after)
    }
}

fn is_set(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::ReferenceSet(_) | FieldKind::ChoiceSet(_))
}

/// How far the records have been gone through.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    /// Of a list of ids: how many are done.
    done: usize,
    /// Of a filter: the cursor of the next page.
    cursor: Option<String>,
    is_done: bool,
}

/// Where the job stands between batches.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Position {
    #[serde(flatten)]
    place: Place,
    changed: i64,
    unchanged: i64,
    failed_count: i64,
    operation_id: Option<i64>,
}

impl Position {
    fn processed(&self) -> i64 {
        self.changed + self.unchanged + self.failed_count
    }

    /// Counts what became of a record; answers the failure where it was one.
    fn note(&mut self, id: i64, result: Result<Outcome>) -> Result<Option<Failure>> {
        match result {
            Ok(Outcome::Unchanged(_)) => self.unchanged += 1,
            Ok(_) => self.changed += 1,
            Err(trouble @ (EngineError::Database(_) | EngineError::Stored(_) | EngineError::File(_))) => {
                return Err(trouble);
            }
            Err(refused) => {
                self.failed_count += 1;
                return Ok(Some(Failure::new(id, &refused)));
            }
        }
        Ok(None)
    }
}

/// See the module.
pub struct BulkJob;

impl JobHandler for BulkJob {
    fn kind(&self) -> &'static str {
        BULK_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let bulk = Bulk::of(run)?;
        let context = run.context();
        let mut position: Position = match run.position()? {
            Some(position) => position,
            None => {
                run.show(0, bulk.selection.total(run, &context, &bulk.object_type, bulk.is_of_trash())?, None)?;
                Position::default()
            }
        };
        // One batch is read and worked out while the one before it is written.
        std::thread::scope(|scope| {
            let (send, batches) = sync_channel(1);
            let (engine, reader_context, bulk) = (run.engine(), &context, &bulk);
            let mut place = position.place.clone();
            scope.spawn(move || {
                let mut walk = Walk::new(MAX_LIMIT, bulk.is_of_trash());
                while !place.is_done {
                    let batch = Batch::read(engine, reader_context, bulk, &mut place, &mut walk);
                    let has_failed = batch.is_err();
                    if send.send(batch).is_err() || has_failed {
                        break;
                    }
                }
            });
            for batch in batches {
                run.check_cancelled()?;
                let mut batch = batch?;
                position = match run.engine().write_batch(|tx| batch.write(tx, run, &context, bulk, position.clone())) {
                    // Somebody took a phone or an e-mail between check and write; the second time the check sees it.
                    Err(EngineError::Database(database::DatabaseError::Unique { .. })) => {
                        run.engine().write_batch(|tx| batch.write(tx, run, &context, bulk, position.clone()))
                    }
                    result => result,
                }?;
            }
            Ok::<(), EngineError>(())
        })?;
        report(run, &bulk, &position)
    }

    fn report_so_far(&self, run: &JobRun<'_>) -> Result<Option<Json>> {
        let Some(position) = run.position()? else { return Ok(None) };
        report(run, &Bulk::of(run)?, &position).map(Some)
    }
}

fn report(run: &JobRun<'_>, bulk: &Bulk, position: &Position) -> Result<Json> {
    Ok(json!({
        "type": bulk.object_type,
        "changed": position.changed,
        "unchanged": position.unchanged,
        "failed_count": position.failed_count,
        "failed": run.first_failures()?,
        "operation_id": position.operation_id,
    }))
}

/// Some of the records, and what is to be done with them.
struct Batch {
    snapshot: Snapshot,
    object_type: Arc<ObjectType>,
    ids: Vec<i64>,
    /// Where the job stands behind it.
    place: Place,
    /// The changes of the records as they were read, until they are tried.
    ahead: Option<Ahead>,
}

impl Batch {
    /// Reads the next batch and moves the place behind it.
    fn read(
        engine: &Engine,
        context: &RequestContext,
        bulk: &Bulk,
        place: &mut Place,
        walk: &mut Walk,
    ) -> Result<Batch> {
        let snapshot = engine.snapshot();
        let object_type = snapshot.object_type(&bulk.object_type)?;
        let database = engine.database();
        let ids = database
            .read(|tx| next_ids(tx, context, &snapshot, &object_type, (&bulk.selection, BATCH), (place, walk)))?;
        let records = database.read(|tx| load_records(tx, &object_type, &ids, false))?;
        let changes = ids.iter().map(|id| bulk.change(*id, records.get(id))).collect();
        let ahead = Some(Ahead::prepare(snapshot.bulk_writer(), context, &object_type, changes, records)?);
        Ok(Batch { snapshot, object_type, ids, place: place.clone(), ahead })
    }

    fn write(
        &mut self,
        tx: &mut Tx,
        run: &JobRun<'_>,
        context: &RequestContext,
        bulk: &Bulk,
        mut position: Position,
    ) -> Result<Position> {
        let type_id = Some(self.object_type.id);
        let mut operation = match position.operation_id {
            Some(id) => Operation::resume(bulk.action.operation_kind(), type_id, id),
            None => Operation::new(bulk.action.operation_kind(), type_id),
        };
        let read = self.ids.len();
        let changes = self.changes(tx, run.engine(), context, bulk)?;
        position.unchanged += i64::try_from(read - self.ids.len()).unwrap_or_default();
        let writer = self.snapshot.bulk_writer();
        let results = apply_prepared(tx, writer, context, &mut operation, &self.object_type, changes)?;
        let mut failures = Vec::new();
        for (id, result) in self.ids.iter().zip(results) {
            failures.extend(position.note(*id, result)?);
        }
        run.note_failures(tx, &failures)?;
        if let (None, Some(id)) = (position.operation_id, operation.stored_id()) {
            position.operation_id = Some(id);
            run.set_operation(tx, id)?;
        }
        position.place = self.place.clone();
        run.checkpoint(tx, &position, position.processed())?;
        Ok(position)
    }

    /// The changes that were worked out ahead. If somebody has changed a record or the catalog since, or they were tried before, the batch is read
    /// again in the transaction, and what no longer matches the filter is left alone.
    fn changes(&mut self, tx: &mut Tx, engine: &Engine, context: &RequestContext, bulk: &Bulk) -> Result<Prepared> {
        let snapshot = engine.snapshot();
        let is_same_catalog = Arc::ptr_eq(&snapshot.catalog, &self.snapshot.catalog);
        if let Some(ahead) = self.ahead.take().filter(|_| is_same_catalog)
            && let Some(prepared) = ahead.if_unchanged(tx, &self.object_type)?
        {
            return Ok(prepared);
        }
        self.object_type = snapshot.object_type(&bulk.object_type)?;
        self.snapshot = snapshot;
        let object_type = &self.object_type;
        let records = load_records(tx, object_type, &self.ids, true)?;
        if let Selection::Filter(text) = &bulk.selection {
            let filter = compiled(text, object_type, context)?;
            let followed = Followed::of(tx, context, object_type, &filter, &self.ids)?;
            let is_trash = bulk.is_of_trash();
            let is_wanted = |record: &Record| {
                let row = followed.row(TypedRecord { object_type, record });
                record.deleted_at.is_some() == is_trash && matches(&filter, &row)
            };
            self.ids.retain(|id| records.get(id).is_some_and(is_wanted));
        }
        let changes = self.ids.iter().map(|id| bulk.change(*id, records.get(id))).collect();
        Ahead::prepare(self.snapshot.bulk_writer(), context, object_type, changes, records)
            .map(Ahead::of_this_transaction)
    }
}

/// The ids of the next batch; moves the place behind them.
fn next_ids(
    tx: &mut ReadTx,
    context: &RequestContext,
    snapshot: &Snapshot,
    object_type: &ObjectType,
    (selection, most): (&Selection, usize),
    (place, walk): (&mut Place, &mut Walk),
) -> Result<Vec<i64>> {
    match selection {
        Selection::Ids(ids) => {
            let batch: Vec<i64> = ids.iter().skip(place.done).take(most).copied().collect();
            place.done += batch.len();
            place.is_done = place.done >= ids.len();
            Ok(batch)
        }
        Selection::Filter(text) => {
            let query = walk.query(tx, context, snapshot, object_type, text)?;
            query.cursor.clone_from(&place.cursor);
            let mut ids = Vec::with_capacity(most);
            while ids.len() < most && !place.is_done {
                let page = list(tx, context, object_type, query)?;
                ids.extend(page.records.iter().map(|record| record.id));
                place.is_done = page.next_cursor.is_none();
                query.cursor = page.next_cursor;
            }
            place.cursor.clone_from(&query.cursor);
            Ok(ids)
        }
    }
}
