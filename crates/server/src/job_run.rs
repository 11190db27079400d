//! Running a job on the spot, with its progress on standard error: what the command line does where the server has workers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use record_engine::Engine;
use record_engine::jobs::{Job, find, run_now};

use crate::installation::job_handlers;
use crate::progress::Progress;
use crate::{Failure, Result};

/// How often the progress is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Runs a queued job to its end; answers how it ended.
///
/// # Errors
/// Those of the engine; `Refused` with the code of a job that failed.
pub(crate) fn run_job(engine: &Engine, id: i64, what: &'static str) -> Result<Job> {
    let is_over = AtomicBool::new(false);
    let job = std::thread::scope(|scope| {
        scope.spawn(|| watch(engine, id, what, &is_over));
        let job = run_now(engine, &job_handlers(false), id);
        is_over.store(true, Ordering::Relaxed);
        job
    })?;
    match job.state.as_str() {
        "done" => Ok(job),
        // A server on the same database may have been faster to take it.
        "queued" | "running" => wait(engine, id),
        state => Err(Failure::refused(ending(state, &job))),
    }
}

fn ending(state: &str, job: &Job) -> String {
    match &job.error {
        Some(error) => format!("the job {state}: {error}"),
        None => format!("the job was {state}"),
    }
}

fn wait(engine: &Engine, id: i64) -> Result<Job> {
    loop {
        let job = engine.database().read(|tx| find(tx, id))?.ok_or(record_engine::EngineError::NotFound)?;
        match job.state.as_str() {
            "done" => return Ok(job),
            "queued" | "running" => std::thread::sleep(LOOK),
            state => return Err(Failure::refused(ending(state, &job))),
        }
    }
}

fn watch(engine: &Engine, id: i64, what: &'static str, is_over: &AtomicBool) {
    let mut progress = Progress::new(what);
    while !is_over.load(Ordering::Relaxed) {
        std::thread::sleep(LOOK);
        match engine.database().read(|tx| find(tx, id)) {
            Ok(Some(job)) => {
                progress.show(
                    u64::try_from(job.done).unwrap_or_default(),
                    job.total.and_then(|total| u64::try_from(total).ok()),
                );
            }
            Ok(None) => break,
            Err(error) => tracing::debug!(%error, "the progress cannot be read"),
        }
    }
    progress.end();
}
