//! What the check and the import of a file share as jobs.

use record_engine::RequestContext;
use record_engine::context::Source;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::field_types::NormaliseContext;
use record_engine::jobs::JobRun;
use serde_json::Value as Json;

use super::batch::RowOutcome;
use super::findings::{Entry, ProblemKind};
use super::store::{self, Import};

/// The import that a job works on.
pub(crate) fn import_of(run: &JobRun<'_>) -> Result<Import> {
    let id = run.payload().get("import_id").and_then(Json::as_i64).ok_or(EngineError::NotFound)?;
    run.engine().database().read(|tx| store::find(tx, id))
}

/// What values of an import are normalised with: its own country, else that of the installation.
pub(crate) fn normalise_context(snapshot: &Snapshot, import: &Import) -> NormaliseContext {
    let own = import.settings.defaults.get("country").and_then(Json::as_str);
    let installation = &snapshot.installation;
    NormaliseContext { country: own.unwrap_or(&installation.country).to_owned(), ..NormaliseContext::of(installation) }
}

/// The one who started the job, acting through a file.
pub(crate) fn context_of(run: &JobRun<'_>, import: &Import) -> RequestContext {
    RequestContext { source: Source::Import, language: import.settings.language.clone(), ..run.context() }
}

/// What is wrong with the rows, and what waits for a decision.
pub(crate) fn entries(rows: &[(u64, RowOutcome)]) -> Vec<Entry> {
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
