//! The jobs of an import: the check, which writes nothing but its findings, and the import itself.
//!
//! What must stay true: findings, records and the position move in one transaction per batch, so a job killed anywhere goes on behind its
//! last durable batch with no row twice; the counts of the report add up to the rows read; a damaged file is refused before the first row
//! is written.

use std::collections::{BTreeMap, HashMap, HashSet};

use database::{DatabaseError, Tx};
use record_engine::context::Source;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::field_types::NormaliseContext;
use record_engine::jobs::{JobHandler, JobRun};
use record_engine::write::{Operation, OperationKind, Writer};
use record_engine::RequestContext;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::assemble::{Assembler, Candidate, problem};
use super::batch::{BatchOutcome, BatchWriter, RowOutcome};
use super::error::of_file;
use super::importable::importable;
use super::pipeline::{Batch, count_rows, for_each_batch};
use super::seen::Seen;
use super::store::{self, Decision, Entry, Import, ProblemKind};

/// Kind of the job that checks a file.
pub const CHECK_JOB: &str = "import_check";
/// Kind of the job that imports a file.
pub const IMPORT_JOB: &str = "import";

/// Most findings of a check that are kept; the counts go on.
const MAX_FINDINGS: u64 = 100_000;
/// Most distinct records to be made that a check counts exactly.
const MAX_COUNTED: usize = 1_000_000;

/// The job that checks a file.
pub(crate) struct CheckJob;
/// The job that imports a file.
pub(crate) struct ImportJob;

fn import_of(run: &JobRun<'_>) -> Result<Import> {
    let id = run.payload().get("import_id").and_then(Json::as_i64).ok_or(EngineError::NotFound)?;
    run.engine().database().read(|tx| store::find(tx, id))
}

/// What values of an import are normalised with: its own country, else that of the installation.
pub(crate) fn normalise_context(snapshot: &Snapshot, import: &Import) -> NormaliseContext {
    let own = import.settings.defaults.get("country").and_then(Json::as_str);
    NormaliseContext { country: own.unwrap_or(&snapshot.installation.country).to_owned() }
}

fn context_of(run: &JobRun<'_>, import: &Import) -> RequestContext {
    RequestContext { source: Source::Import, language: import.settings.language.clone(), ..run.context() }
}

/// What a check has found so far.
#[derive(Debug, Default, Serialize)]
struct CheckReport {
    read: u64,
    would_create: u64,
    would_update: u64,
    unchanged: u64,
    needs_decision: u64,
    skipped: u64,
    errors: u64,
    companies: usize,
    /// Findings in all, of which at most [`MAX_FINDINGS`] are listed.
    findings: u64,
    /// What cards hold and no field can take, by name.
    ignored: BTreeMap<String, u64>,
}

impl JobHandler for CheckJob {
    fn kind(&self) -> &'static str {
        CHECK_JOB
    }

    /// A check that died begins anew: it has written nothing but its own findings.
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
        let writer = Writer { is_rehearsal: true, normalise: &normalise, ..snapshot.writer() };
        let batches = BatchWriter {
            snapshot: &snapshot,
            object_type: &object_type,
            importable,
            assembler: &assembler,
            settings: &import.settings,
            writer,
            context: &context,
        };
        engine.write(|tx| store::clear_problems(tx, import.id, "check"))?;
        run.show(0, total_of(&import), None)?;
        let mut report = CheckReport::default();
        let mut seen = Seen::default();
        let mut made: HashSet<u64> = HashSet::new();
        let path = engine.files().path(&import.file_hash);
        for_each_batch(&path, &import.settings.options.read_options(), &assembler, 0, |batch| {
            run.check_cancelled()?;
            // The transaction may run again after a conflict, but what was seen must count once.
            let mut outcome = None;
            let mut entries = Vec::new();
            engine.write(|tx| {
                let mut operation = Operation::new(OperationKind::Import, Some(object_type.id));
                if outcome.is_none() {
                    let none = HashMap::new();
                    let done = batches.write(tx, &mut operation, &batch.candidates, &none, Some(&mut seen))?;
                    entries = check_entries(&done.rows);
                    entries.truncate(usize::try_from(MAX_FINDINGS.saturating_sub(report.findings)).unwrap_or(0));
                    outcome = Some(done);
                }
                store::insert_problems(tx, import.id, "check", &entries)?;
                let done = i64::try_from(report.read).unwrap_or(0) + count(&batch.candidates);
                run.checkpoint(tx, &batch.last_row, done)
            })?;
            if let Some(outcome) = outcome {
                count_check(&mut report, &outcome, &mut made);
            }
            for (name, amount) in batch.ignored {
                *report.ignored.entry(name).or_default() += amount;
            }
            Ok(())
        })?;
        report.companies = made.len();
        let report = serde_json::to_value(&report).map_err(|error| EngineError::Stored(error.to_string()))?;
        engine.write(|tx| store::finish_check(tx, import.id, &report))?;
        Ok(report)
    }
}

fn count(candidates: &[Candidate]) -> i64 {
    i64::try_from(candidates.len()).unwrap_or(0)
}

fn total_of(import: &Import) -> Option<i64> {
    import.inspection.row_estimate.and_then(|rows| i64::try_from(rows).ok())
}

fn count_check(report: &mut CheckReport, outcome: &BatchOutcome, made: &mut HashSet<u64>) {
    for (_, row) in &outcome.rows {
        report.read += 1;
        match row {
            RowOutcome::Created => report.would_create += 1,
            RowOutcome::Updated => report.would_update += 1,
            RowOutcome::Unchanged => report.unchanged += 1,
            RowOutcome::Skipped { .. } => report.skipped += 1,
            RowOutcome::Undecided { .. } => {
                report.needs_decision += 1;
                report.findings += 1;
            }
            RowOutcome::Failed(problems) => {
                report.errors += 1;
                report.findings += problems.len() as u64;
            }
        }
    }
    for key in &outcome.would_make {
        if made.len() < MAX_COUNTED {
            made.insert(*key);
        }
    }
}

fn check_entries(rows: &[(u64, RowOutcome)]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (row, outcome) in rows {
        match outcome {
            RowOutcome::Failed(problems) => entries.extend(problems.iter().map(|problem| Entry {
                row: *row,
                kind: ProblemKind::Error,
                problem: problem.clone(),
                match_id: None,
                match_on: Vec::new(),
            })),
            RowOutcome::Undecided { match_id, on, problem } => entries.push(Entry {
                row: *row,
                kind: ProblemKind::Decision,
                problem: problem.as_ref().clone(),
                match_id: *match_id,
                match_on: on.clone(),
            }),
            RowOutcome::Created | RowOutcome::Updated | RowOutcome::Unchanged | RowOutcome::Skipped { .. } => {}
        }
    }
    entries
}

/// What an import has done so far; `read` is the sum of the five behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ImportReport {
    read: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    skipped: u64,
    failed: u64,
    companies_created: u64,
    ignored: BTreeMap<String, u64>,
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

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let import = import_of(run)?;
        let engine = run.engine();
        let path = engine.files().path(&import.file_hash);
        let options = import.settings.options.read_options();
        let stored: Option<Position> = run.position()?;
        if stored.is_none() {
            // A file that turns out to be damaged in the middle must not be imported by half; a check has read it to its end.
            let total = match import.check_report.as_ref().and_then(|report| report.get("read")).and_then(Json::as_i64) {
                Some(read) => read,
                None => count_rows(&path, &options).map(|rows| i64::try_from(rows).unwrap_or(0)).map_err(|error| of_file(&error))?,
            };
            run.show(0, Some(total), None)?;
        }
        let mut position = stored.unwrap_or_else(|| Position { started_ms: engine.clock().now_ms(), ..Position::default() });
        let snapshot = engine.snapshot();
        let object_type = snapshot.object_type(&import.object_type)?;
        let context = RequestContext { now_ms: position.started_ms, ..context_of(run, &import) };
        let normalise = normalise_context(&snapshot, &import);
        let importable = importable(&object_type.name);
        let assembler = Assembler::new(&object_type, importable, &normalise, &import.inspection.headers, &import.settings);
        let batches = BatchWriter {
            snapshot: &snapshot,
            object_type: &object_type,
            importable,
            assembler: &assembler,
            settings: &import.settings,
            writer: Writer { normalise: &normalise, ..snapshot.writer() },
            context: &context,
        };
        let importer = Importer { run, import: &import, batches: &batches };
        for_each_batch(&path, &options, &assembler, position.row, |batch| {
            run.check_cancelled()?;
            position = importer.write(&batch, &position)?;
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
}

impl Importer<'_> {
    /// Writes a batch durably; answers the new position.
    fn write(&self, batch: &Batch, position: &Position) -> Result<Position> {
        let engine = self.run.engine();
        let result = engine.write(|tx| self.write_in(tx, batch, position, false));
        match result {
            // Somebody else took a number between our look and our write. The look is repeated, each row by itself.
            Err(EngineError::Database(DatabaseError::Unique { .. })) => {
                engine.write(|tx| self.write_in(tx, batch, position, true))
            }
            other => other,
        }
    }

    fn write_in(&self, tx: &mut Tx, batch: &Batch, position: &Position, is_careful: bool) -> Result<Position> {
        let first = batch.candidates.first().map_or(0, |candidate| candidate.number);
        let decisions = store::decisions(tx, self.import.id, first, batch.last_row)?;
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
            self.write_one_by_one(tx, &mut operation, &batch.candidates, &decisions)?
        } else {
            self.batches.write(tx, &mut operation, &batch.candidates, &decisions, None)?
        };
        let mut next = Position { row: batch.last_row, operation_id: operation.stored_id(), ..position.clone() };
        count_import(&mut next.report, &outcome, &batch.ignored);
        store::insert_problems(tx, self.import.id, "import", &import_entries(&outcome.rows))?;
        if let Some(id) = next.operation_id.filter(|_| position.operation_id.is_none()) {
            store::set_operation(tx, self.import.id, id)?;
            self.run.set_operation(tx, id)?;
        }
        self.run.checkpoint(tx, &next, i64::try_from(next.report.read).unwrap_or(i64::MAX))?;
        Ok(next)
    }

    fn write_one_by_one(
        &self,
        tx: &mut Tx,
        operation: &mut Operation,
        candidates: &[Candidate],
        decisions: &HashMap<u64, Decision>,
    ) -> Result<BatchOutcome> {
        let mut whole = BatchOutcome::default();
        for candidate in candidates {
            let mut own = operation.clone();
            let result = tx.savepoint(|tx| {
                self.batches.write(tx, &mut own, std::slice::from_ref(candidate), decisions, None)
            });
            match result {
                Ok(outcome) => {
                    *operation = own;
                    whole.rows.extend(outcome.rows);
                    whole.made += outcome.made;
                }
                Err(EngineError::Database(DatabaseError::Unique { .. })) => {
                    whole.rows.push((candidate.number, RowOutcome::Failed(vec![problem("duplicate")])));
                }
                Err(other) => return Err(other),
            }
        }
        Ok(whole)
    }
}

fn count_import(report: &mut ImportReport, outcome: &BatchOutcome, ignored: &BTreeMap<String, u64>) {
    for (_, row) in &outcome.rows {
        report.read += 1;
        match row {
            RowOutcome::Created => report.created += 1,
            RowOutcome::Updated => report.updated += 1,
            RowOutcome::Unchanged => report.unchanged += 1,
            RowOutcome::Skipped { .. } | RowOutcome::Undecided { .. } => report.skipped += 1,
            RowOutcome::Failed(_) => report.failed += 1,
        }
    }
    report.companies_created += outcome.made as u64;
    for (name, amount) in ignored {
        *report.ignored.entry(name.clone()).or_default() += amount;
    }
}

fn import_entries(rows: &[(u64, RowOutcome)]) -> Vec<Entry> {
    let mut entries = check_entries(rows);
    for entry in entries.iter_mut().filter(|entry| entry.kind == ProblemKind::Decision) {
        entry.kind = ProblemKind::Skipped;
        entry.problem.code = "undecided".into();
    }
    for (row, outcome) in rows {
        if let RowOutcome::Skipped { code, match_id } = outcome {
            entries.push(Entry {
                row: *row,
                kind: ProblemKind::Skipped,
                problem: problem(code),
                match_id: *match_id,
                match_on: Vec::new(),
            });
        }
    }
    entries
}

/// The report of an import that stands in the position of its job, for one that was stopped.
pub(crate) fn interim_report(position: &str) -> Option<Json> {
    let position: Position = serde_json::from_str(position).ok()?;
    Some(json!(position.report))
}
