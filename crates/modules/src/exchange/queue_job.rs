//! The rows of an import that were left undecided, loaded after its end by the answers that somebody gave since: he, or another person who
//! may see all records of the type. Each run is an operation of its own, and so one undo.
//!
//! What must stay true: a row leaves the queue in the transaction that loads it, so a job killed anywhere repeats nothing; the counts of the
//! import's report still add up to the rows read; nothing is loaded into an import that was taken back; rights are those of whoever answers, not of whoever uploaded the file.

use std::collections::HashMap;

use database::{DatabaseError, Tx};
use file_formats::RowReader;
use record_engine::RequestContext;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::jobs::{self, JobHandler, JobRun, NewJob};
use record_engine::write::{Operation, OperationKind, Writer};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::assemble::{Assembler, Candidate};
use super::batch::{BatchOutcome, BatchWriter};
use super::error::{ExchangeError, of_file};
use super::findings::{self, Stage};
use super::import_job::{ImportReport, import_entries};
use super::importable::importable;
use super::jobs::{context_of, import_of, normalise_context};
use super::pipeline::BATCH_ROWS;
use super::settings::Decision;
use super::store::{self, Import};

/// Kind of the job.
pub const QUEUE_JOB: &str = "import_queue";

/// Starts loading the rows that were answered within the caller's transaction; answers the job.
///
/// # Errors
/// `NotFound`; `Forbidden` without the right to import; `State`: `import_is_busy` before its end and while such a job runs, `already_undone` when the import was taken back.
pub fn start_queue_in(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    id: i64,
) -> std::result::Result<i64, ExchangeError> {
    let import = store::lock_open(tx, context, &snapshot.catalog, id)?;
    store::ensure_may_import(context)?;
    store::ensure_ended(tx, &import)?;
    ensure_not_loading(tx, id)?;
    let total = findings::count_decided(tx, id)?;
    let new =
        NewJob { kind: QUEUE_JOB, payload: json!({ "import_id": id, "type": import.object_type }), total: Some(total) };
    Ok(jobs::enqueue(tx, context, &new)?)
}

/// Refuses while a job that waits or runs loads the rows that were answered: it would not follow every answer that comes now.
///
/// # Errors
/// `State("import_is_busy")`.
pub(super) fn ensure_not_loading(tx: &mut Tx, id: i64) -> Result<()> {
    let is_of_import = |job: &jobs::Job| job.payload.get("import_id").and_then(Json::as_i64) == Some(id);
    if jobs::open_of_kind(tx, QUEUE_JOB)?.iter().any(is_of_import) {
        return Err(EngineError::State("import_is_busy"));
    }
    Ok(())
}

/// The job that loads them.
pub(crate) struct QueueJob;

/// Where the job stands; the rows that are left stand in the queue itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Position {
    operation_id: Option<i64>,
    report: ImportReport,
}

impl JobHandler for QueueJob {
    fn kind(&self) -> &'static str {
        QUEUE_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let import = import_of(run)?;
        let engine = run.engine();
        let snapshot = engine.snapshot();
        let object_type = snapshot.object_type(&import.object_type)?;
        let context = context_of(run, &import);
        let normalise = normalise_context(&snapshot, &import);
        let importable = importable(&object_type.name);
        let headers = &import.inspection.headers;
        let assembler = Assembler::new(&object_type, importable, &normalise, headers, &import.settings);
        let batches = BatchWriter {
            snapshot: &snapshot,
            object_type: &object_type,
            importable,
            assembler: &assembler,
            settings: &import.settings,
            writer: Writer { normalise: &normalise, ..snapshot.writer() },
            context: &context,
            vault: engine.vault(),
        };
        let path = engine.files().path(&import.file_hash);
        let mut reader =
            file_formats::open(&path, &import.settings.options.read_options()).map_err(|error| of_file(&error))?;
        let mut position: Position = run.position()?.unwrap_or_default();
        let mut after = 0;
        loop {
            run.check_cancelled()?;
            let decisions = engine.database().read(|tx| findings::decided(tx, import.id, after, BATCH_ROWS))?;
            let Some(last) = decisions.keys().max().copied() else { break };
            let mut candidates = read_rows(reader.as_mut(), &assembler, &decisions)?;
            if let Some(pictures) = batches.pictures() {
                pictures.fit(&mut candidates);
                pictures.keep(engine.files(), &context, import.id, &mut candidates, None)?;
            }
            let write = |tx: &mut Tx, is_careful: bool| {
                write_in(tx, run, &import, &batches, &candidates, &decisions, &position, is_careful)
            };
            position = match engine.write_batch(|tx| write(tx, false)) {
                // Somebody else took a number between our look and our write.
                Err(EngineError::Database(DatabaseError::Unique { .. })) => engine.write_batch(|tx| write(tx, true)),
                other => other,
            }?;
            after = last;
        }
        let mut report = json!(position.report);
        if let Some(report) = report.as_object_mut() {
            report.insert("type".into(), json!(import.object_type));
            report.insert("operation_id".into(), json!(position.operation_id));
        }
        Ok(report)
    }
}

/// The rows that were decided on, in the order of the file.
fn read_rows(
    reader: &mut dyn RowReader,
    assembler: &Assembler<'_>,
    decisions: &HashMap<u64, Decision>,
) -> Result<Vec<Candidate>> {
    let mut numbers: Vec<u64> = decisions.keys().copied().collect();
    numbers.sort_unstable();
    let mut candidates = Vec::with_capacity(numbers.len());
    for number in numbers {
        reader.skip_to(number).map_err(|error| of_file(&error))?;
        let row = reader.next_row().map_err(|error| of_file(&error))?;
        if let Some(row) = row.filter(|row| row.number == number) {
            candidates.push(assembler.candidate(&row));
        }
    }
    Ok(candidates)
}

#[expect(clippy::too_many_arguments, reason = "the body of one loop, with the loop's variables")]
fn write_in(
    tx: &mut Tx,
    run: &JobRun<'_>,
    import: &Import,
    batches: &BatchWriter<'_>,
    candidates: &[Candidate],
    decisions: &HashMap<u64, Decision>,
    position: &Position,
    is_careful: bool,
) -> Result<Position> {
    // Who takes the import back comes before this batch, which then ends the job, or after it.
    let current = store::lock(tx, import.id)?;
    store::ensure_ended(tx, &current)?;
    let object_type_id = Some(batches.object_type.id);
    let mut operation = match position.operation_id {
        Some(id) => Operation::resume(OperationKind::Import, object_type_id, id),
        None => {
            let mut operation = Operation::new(OperationKind::Import, object_type_id);
            operation.title = Some(import.file_name.clone());
            operation
        }
    };
    let outcome: BatchOutcome = if is_careful {
        batches.write_one_by_one(tx, &mut operation, candidates, decisions)?
    } else {
        batches.write(tx, &mut operation, candidates, None, decisions, None)?
    };
    let mut own = ImportReport::default();
    let found = import_entries(&outcome.rows, candidates);
    own.count(&outcome, &found);
    let rows: Vec<u64> = decisions.keys().copied().collect();
    findings::forget(tx, import.id, Stage::Import, &rows)?;
    findings::insert(tx, import.id, Stage::Import, &found)?;
    store::move_counts(tx, import.id, &own)?;
    let mut next = Position { operation_id: operation.stored_id(), ..position.clone() };
    next.report.add(&own);
    if let (None, Some(id)) = (position.operation_id, next.operation_id) {
        run.set_operation(tx, id)?;
    }
    run.checkpoint(tx, &next, next.report.read())?;
    Ok(next)
}
