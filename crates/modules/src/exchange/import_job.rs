//! The import of a file as a job.
//!
//! What must stay true: records, findings and the position move in one transaction per batch, so a job killed anywhere goes on behind its
//! last durable batch with no row twice; the counts of the report add up to the rows read; a damaged file is refused before the first row
//! is written.

use std::cell::Cell;

use database::{DatabaseError, Tx};
use record_engine::RequestContext;
use record_engine::error::{EngineError, Result};
use record_engine::jobs::{Job, JobHandler, JobRun};
use record_engine::notifications::{self, IMPORT_FINISHED};
use record_engine::write::{Operation, OperationKind, Writer};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::assemble::{Assembler, Candidate, problem};
use super::batch::{BatchOutcome, BatchWriter, RowOutcome};
use super::findings::{self, Entry, ProblemKind, Stage};
use super::importable::importable;
use super::jobs::{context_of, entries, import_of, normalise_context};
use super::pipeline::{Batch, count_rows, for_each_batch};
use super::store::{self, Import};

/// Kind of the job.
pub const IMPORT_JOB: &str = "import";

/// The job that imports a file.
pub(crate) struct ImportJob;

/// What an import has done so far; `read` is the sum of the five behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ImportReport {
    read: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    skipped: u64,
    /// Of the skipped, those that wait for a decision.
    #[serde(default)]
    undecided: u64,
    failed: u64,
    companies_created: u64,
    /// Records that have got the picture of their card.
    #[serde(default)]
    photos: u64,
    /// Entries of the kind `warning`: what was left out of rows that were taken.
    #[serde(default)]
    warnings: u64,
}

/// Where an import stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Position {
    /// The last durable row.
    row: u64,
    operation_id: Option<i64>,
    /// The moment that all its records carry, milliseconds UTC.
    started_ms: i64,
    /// So far.
    pub report: ImportReport,
}

impl JobHandler for ImportJob {
    fn kind(&self) -> &'static str {
        IMPORT_JOB
    }

    fn tells_of_its_end(&self) -> Option<&'static notifications::Kind> {
        Some(&IMPORT_FINISHED)
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let import = import_of(run)?;
        let engine = run.engine();
        let path = engine.files().path(&import.file_hash);
        let options = import.settings.options.read_options();
        let own: Option<Position> = run.position()?;
        let is_tied = Cell::new(own.is_some());
        // An earlier job of this import may have failed or been stopped; this one goes on where that one ended.
        let stored =
            own.or_else(|| run.payload().get("position").and_then(|position| Position::deserialize(position).ok()));
        if stored.is_none() {
            // A file that turns out to be damaged in the middle must not be imported by half; a check has read it to its end.
            let total = match import.check_report.as_ref().and_then(|report| report.get("read")).and_then(Json::as_i64)
            {
                Some(read) => read,
                None => count_rows(&path, &options, || run.show(0, None, None))?,
            };
            run.show(0, Some(total), None)?;
        }
        let mut position =
            stored.unwrap_or_else(|| Position { started_ms: engine.clock().now_ms(), ..Position::default() });
        let snapshot = engine.snapshot();
        let object_type = snapshot.object_type(&import.object_type)?;
        let context = RequestContext { now_ms: position.started_ms, ..context_of(run, &import) };
        let normalise = normalise_context(&snapshot, &import);
        let importable = importable(&object_type.name);
        let assembler =
            Assembler::new(&object_type, importable, &normalise, &import.inspection.headers, &import.settings);
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
        let importer = Importer { run, import: &import, batches: &batches, is_tied: &is_tied };
        let done = Cell::new(position.report.read);
        let is_alive = || run.show(i64::try_from(done.get()).unwrap_or(i64::MAX), None, None);
        let prepare = |candidates: &mut [Candidate]| {
            if let Some(pictures) = batches.pictures() {
                pictures.fit(candidates);
            }
            batches.prepare(candidates)
        };
        for_each_batch(&path, &options, &assembler, position.row, &prepare, is_alive, |batch| {
            run.check_cancelled()?;
            position = importer.write(batch, &position)?;
            done.set(position.report.read);
            Ok(())
        })?;
        let report = serde_json::to_value(&position.report).map_err(|error| EngineError::Stored(error.to_string()))?;
        engine.write(|tx| store::finish_import(tx, import.id, &report))?;
        Ok(report)
    }
}

struct Importer<'a> {
    run: &'a JobRun<'a>,
    import: &'a Import,
    batches: &'a BatchWriter<'a>,
    /// The operation is known to the job.
    is_tied: &'a Cell<bool>,
}

impl Importer<'_> {
    /// Writes a batch durably; answers the new position.
    fn write(&self, batch: &mut Batch, position: &Position) -> Result<Position> {
        let engine = self.run.engine();
        if let Some(pictures) = self.batches.pictures() {
            let (candidates, prepared) = (&mut batch.candidates, batch.prepared.as_mut());
            pictures.keep(engine.files(), self.batches.context, self.import.id, candidates, prepared)?;
        }
        let result = engine.write_batch(|tx| self.write_in(tx, batch, position, false));
        let result = match result {
            // Somebody else took a number between our look and our write. The look is repeated, each row by itself.
            Err(EngineError::Database(DatabaseError::Unique { .. })) => {
                engine.write_batch(|tx| self.write_in(tx, batch, position, true))
            }
            other => other,
        }?;
        self.is_tied.set(result.operation_id.is_some());
        Ok(result)
    }

    fn write_in(&self, tx: &mut Tx, batch: &mut Batch, position: &Position, is_careful: bool) -> Result<Position> {
        let first = batch.candidates.first().map_or(0, |candidate| candidate.number);
        let decisions = findings::decisions(tx, self.import.id, first, batch.last_row)?;
        let object_type_id = Some(self.batches.object_type.id);
        let mut operation = match position.operation_id {
            Some(id) => Operation::resume(OperationKind::Import, object_type_id, id),
            None => {
                let mut operation = Operation::new(OperationKind::Import, object_type_id);
                operation.title = Some(self.import.file_name.clone());
                operation
            }
        };
        let outcome = if is_careful {
            self.batches.write_one_by_one(tx, &mut operation, &batch.candidates, &decisions)?
        } else {
            self.batches.write(tx, &mut operation, &batch.candidates, batch.prepared.as_mut(), &decisions, None)?
        };
        let mut next = Position { row: batch.last_row, operation_id: operation.stored_id(), ..position.clone() };
        let found = import_entries(&outcome.rows, &batch.candidates);
        next.report.count(&outcome, &found);
        findings::insert(tx, self.import.id, Stage::Import, &found)?;
        if let Some(id) = next.operation_id.filter(|_| !self.is_tied.get() || position.operation_id.is_none()) {
            store::set_operation(tx, self.import.id, id)?;
            self.run.set_operation(tx, id)?;
        }
        self.run.checkpoint(tx, &next, i64::try_from(next.report.read).unwrap_or(i64::MAX))?;
        Ok(next)
    }
}

impl ImportReport {
    /// Rows in all.
    pub(crate) fn read(&self) -> i64 {
        i64::try_from(self.read).unwrap_or(i64::MAX)
    }

    /// Counts what became of rows, and what is listed of them.
    pub(crate) fn count(&mut self, outcome: &BatchOutcome, found: &[Entry]) {
        self.photos += outcome.pictures;
        self.warnings += found.iter().filter(|entry| entry.kind == ProblemKind::Warning).count() as u64;
        for (_, row) in &outcome.rows {
            self.read += 1;
            match row {
                RowOutcome::Created => self.created += 1,
                RowOutcome::Updated => self.updated += 1,
                RowOutcome::Unchanged => self.unchanged += 1,
                RowOutcome::Skipped { .. } => self.skipped += 1,
                RowOutcome::Undecided { .. } => {
                    self.skipped += 1;
                    self.undecided += 1;
                }
                RowOutcome::Failed(_) => self.failed += 1,
            }
        }
        self.companies_created += outcome.made as u64;
    }

    /// Adds what became of further rows.
    pub(crate) fn add(&mut self, other: &ImportReport) {
        self.read += other.read;
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.skipped += other.skipped;
        self.undecided += other.undecided;
        self.failed += other.failed;
        self.companies_created += other.companies_created;
        self.photos += other.photos;
        self.warnings += other.warnings;
    }

    /// Moves rows that waited for a decision to what became of them.
    pub(crate) fn settle(&mut self, done: &ImportReport) {
        let rows = done.read;
        self.add(done);
        self.read = self.read.saturating_sub(rows);
        self.skipped = self.skipped.saturating_sub(rows);
        self.undecided = self.undecided.saturating_sub(rows);
    }
}

/// What the report lists of rows: what is wrong with them, what waits for a decision still, what was left out. `candidates`
/// are the rows in the same order.
pub(crate) fn import_entries(rows: &[(u64, RowOutcome)], candidates: &[Candidate]) -> Vec<Entry> {
    let mut found = entries(rows);
    for ((row, outcome), candidate) in rows.iter().zip(candidates) {
        if matches!(outcome, RowOutcome::Created | RowOutcome::Updated | RowOutcome::Unchanged) {
            found.extend(candidate.warnings.iter().map(|problem| Entry {
                row: *row,
                kind: ProblemKind::Warning,
                problem: problem.clone(),
                match_id: None,
                match_on: Vec::new(),
            }));
        }
        if let RowOutcome::Skipped { code, match_id } = outcome {
            found.push(Entry {
                row: *row,
                kind: ProblemKind::Skipped,
                problem: problem(code),
                match_id: *match_id,
                match_on: Vec::new(),
            });
        }
    }
    found
}

/// The report so far of an import whose job has not ended well.
pub(crate) fn interim_report(job: &Job) -> Option<Json> {
    let position: Position = match job.position.as_deref() {
        Some(text) => serde_json::from_str(text).ok()?,
        None => Position::deserialize(job.payload.get("position")?).ok()?,
    };
    Some(json!(position.report))
}
