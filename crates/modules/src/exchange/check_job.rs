//! The check of a file: a rehearsal of its import over all rows, which writes nothing but its findings.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use record_engine::error::{EngineError, Result};
use record_engine::jobs::{JobHandler, JobRun};
use record_engine::write::{Operation, OperationKind, Writer};
use serde::Serialize;
use serde_json::Value as Json;

use super::assemble::{Assembler, Candidate};
use super::batch::{BatchOutcome, BatchWriter, RowOutcome};
use super::findings::{self, Stage};
use super::importable::importable;
use super::jobs::{context_of, entries, import_of, normalise_context};
use super::pipeline::for_each_batch;
use super::seen::Seen;
use super::store::{self, Import};

/// Kind of the job.
pub const CHECK_JOB: &str = "import_check";

/// Most findings that are kept; the counts go on.
const MAX_FINDINGS: u64 = 100_000;
/// Most distinct records to be made that are counted exactly.
const MAX_COUNTED: usize = 1_000_000;

/// The job that checks a file.
pub(crate) struct CheckJob;

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
    /// Cards with a picture in them, which the import will look into.
    photos: u64,
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
            vault: engine.vault(),
        };
        engine.write(|tx| findings::clear(tx, import.id, Stage::Check))?;
        run.show(0, total_of(&import), None)?;
        let mut report = CheckReport::default();
        let mut seen = Seen::default();
        let mut made: HashSet<u64> = HashSet::new();
        let path = engine.files().path(&import.file_hash);
        let done = Cell::new(0);
        let is_alive = || run.show(done.get(), None, None);
        for_each_batch(&path, &import.settings.options.read_options(), &assembler, 0, &|_| None, is_alive, |batch| {
            run.check_cancelled()?;
            // The transaction may run again after a conflict, but what was seen must count once.
            let mut outcome = None;
            let mut found = Vec::new();
            engine.write_batch(|tx| {
                let mut operation = Operation::new(OperationKind::Import, Some(object_type.id));
                if outcome.is_none() {
                    let none = HashMap::new();
                    let done = batches.write(tx, &mut operation, &batch.candidates, None, &none, Some(&mut seen))?;
                    found = entries(&done.rows);
                    found.truncate(usize::try_from(MAX_FINDINGS.saturating_sub(report.findings)).unwrap_or(0));
                    outcome = Some(done);
                }
                findings::insert(tx, import.id, Stage::Check, &found)?;
                run.checkpoint(tx, &batch.last_row, done.get() + count(&batch.candidates))
            })?;
            done.set(done.get() + count(&batch.candidates));
            if let Some(outcome) = outcome {
                count_check(&mut report, &outcome, &mut made);
            }
            report.photos += batch.candidates.iter().filter(|candidate| candidate.picture.is_some()).count() as u64;
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
