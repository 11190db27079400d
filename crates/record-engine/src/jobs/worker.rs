//! The workers: threads that claim jobs and run their handlers.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use database::{DatabaseError, Query, ReadTx, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::{Job, LEASE_MS, announce, claim, find, from_text, release_dead, to_text};
use crate::access::{Access, limits_of};
use crate::context::{RequestContext, Source};
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::notifications;

/// How often a waiting worker looks for jobs of other processes.
const POLL: Duration = Duration::from_millis(500);
/// The pauses before a job is tried again when the database is busy or away; counted anew once it has moved.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(50), Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(5)];
/// Clients hear of progress at most this often.
const ANNOUNCE_MS: i64 = 300;

/// Does the jobs of one kind.
pub trait JobHandler: Send + Sync {
    /// Which.
    fn kind(&self) -> &'static str;

    /// Does the job from its position on; answers the report.
    ///
    /// # Errors
    /// `State("cancelled")` when it was asked to stop; anything else fails the job.
    fn run(&self, run: &JobRun<'_>) -> Result<Json>;

    /// How the one who started such a job is notified of its end; `None` where he is not.
    fn tells_of_its_end(&self) -> Option<&'static notifications::Kind> {
        None
    }

    /// The report of a job that was stopped or failed: what it did until its last durable batch. `None` where there is nothing to tell.
    ///
    /// # Errors
    /// Those of the database.
    fn report_so_far(&self, _run: &JobRun<'_>) -> Result<Option<Json>> {
        Ok(None)
    }
}

/// A job being done.
pub struct JobRun<'a> {
    engine: &'a Engine,
    job: Job,
    access: Arc<Access>,
    owner: String,
    announced_at: Cell<i64>,
}

const RIGHTS_CHANGED: EngineError = EngineError::State("rights_changed");

/// What the one who started a job may do now, as far as he had it then; `None` when he may do nothing any more or his roles are others than then.
fn access_of(engine: &Engine, tx: &mut ReadTx, job: &Job) -> Result<Option<Arc<Access>>> {
    let Some(user_id) = job.user_id else { return Ok(Some(Arc::new(Access::program()))) };
    let snapshot = engine.snapshot();
    let Some(access) = engine.acting_access(tx, &snapshot, user_id)? else { return Ok(None) };
    let then = job.roles.as_deref().unwrap_or_default();
    let access = match limits_of(then) {
        Some(limits) => Arc::new(access.narrowed(limits)),
        None => access,
    };
    Ok((access.fingerprint() == then).then_some(access))
}

impl<'a> JobRun<'a> {
    /// The engine.
    pub fn engine(&self) -> &'a Engine {
        self.engine
    }

    /// Id of the job.
    pub fn id(&self) -> i64 {
        self.job.id
    }

    /// What to do.
    pub fn payload(&self) -> &Json {
        &self.job.payload
    }

    /// Where an earlier run ended; `None` at the first.
    ///
    /// # Errors
    /// `Stored` when it cannot be read.
    pub fn position<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        self.job.position.as_deref().map(from_text).transpose()
    }

    /// The context of the one who started the job, at the present time, with what he may do now. Restricted records are not among it.
    pub fn context(&self) -> RequestContext {
        let clock = self.engine.clock();
        match self.job.user_id {
            Some(id) => RequestContext::of(id, self.access.clone(), Source::Web, clock),
            None => {
                RequestContext { access: self.access.clone(), source: Source::Web, ..RequestContext::system(clock) }
            }
        }
    }

    /// Stops with `State("cancelled")` when somebody asked for it, with `State("rights_changed")` when the one who started the job
    /// may no longer do what he might then.
    ///
    /// # Errors
    /// That, or those of the database.
    pub fn check_cancelled(&self) -> Result<()> {
        self.engine.database().read(|tx| match find(tx, self.job.id)? {
            Some(job) if !job.is_cancel_requested => self.check_owner(tx),
            _ => Err(EngineError::State("cancelled")),
        })
    }

    /// The roles stand in the job since its start; a job may run for hours, and go on days later. Whom its owner and his teams are is read when it
    /// begins or goes on: it stops when he loses some of them, and leaves those out that he gets meanwhile.
    fn check_owner(&self, tx: &mut ReadTx) -> Result<()> {
        let now = access_of(self.engine, tx, &self.job)?;
        if now.is_some_and(|now| self.access.is_kept_by(&now)) { Ok(()) } else { Err(RIGHTS_CHANGED) }
    }

    /// Moves the position, in the transaction of the batch it stands for, and keeps the lease.
    ///
    /// # Errors
    /// `State("job_lost")` when another worker has the job; the batch must not be committed then.
    pub fn checkpoint(&self, tx: &mut Tx, position: &impl Serialize, done: i64) -> Result<()> {
        let now = self.engine.clock().now_ms();
        let updated = tx.execute(
            "UPDATE jobs SET position = ?, done = ?, locked_until = ? WHERE id = ? AND locked_by = ? AND state = 'running'",
            &[to_text(position)?.into(), done.into(), (now + LEASE_MS).into(), self.job.id.into(), self.owner.as_str().into()],
        )?;
        if updated != 1 {
            return Err(EngineError::State("job_lost"));
        }
        self.announce_sometimes(tx, now)
    }

    /// Shows progress and an interim report without moving the position.
    ///
    /// # Errors
    /// As [`JobRun::checkpoint`].
    pub fn show(&self, done: i64, total: Option<i64>, report: Option<&Json>) -> Result<()> {
        let now = self.engine.clock().now_ms();
        self.engine.write(|tx| {
            let updated = tx.execute(
                "UPDATE jobs SET done = ?, total = COALESCE(?, total), report = COALESCE(?, report), locked_until = ? WHERE id = ? AND locked_by = ? AND state = 'running'",
                &[done.into(), total.into(), report.map(ToString::to_string).into(), (now + LEASE_MS).into(), self.job.id.into(), self.owner.as_str().into()],
            )?;
            if updated != 1 {
                return Err(EngineError::State("job_lost"));
            }
            self.announce_sometimes(tx, now)
        })
    }

    /// Reads the job again and renews its lease; answers whether its position has moved.
    fn reload(&mut self) -> Result<bool> {
        let until = self.engine.clock().now_ms() + LEASE_MS;
        let job = self.engine.write(|tx| {
            let kept = tx.execute(
                "UPDATE jobs SET locked_until = ? WHERE id = ? AND locked_by = ? AND state = 'running'",
                &[until.into(), self.job.id.into(), self.owner.as_str().into()],
            )?;
            if kept == 1 { find(tx, self.job.id) } else { Ok(None) }
        })?;
        let job = job.ok_or(EngineError::State("job_lost"))?;
        let has_moved = job.position != self.job.position;
        self.job = job;
        Ok(has_moved)
    }

    /// Ties the job to the operation it writes.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_operation(&self, tx: &mut Tx, operation_id: i64) -> Result<()> {
        tx.execute("UPDATE jobs SET operation_id = ? WHERE id = ?", &[operation_id.into(), self.job.id.into()])?;
        Ok(())
    }

    fn announce_sometimes(&self, tx: &mut Tx, now: i64) -> Result<()> {
        if now - self.announced_at.get() >= ANNOUNCE_MS {
            self.announced_at.set(now);
            announce(tx, &self.context(), self.job.id)?;
        }
        Ok(())
    }

    /// `so_far` is the report where there is no other.
    fn finish(
        &self,
        result: Result<Json>,
        so_far: Option<Json>,
        told: Option<&'static notifications::Kind>,
    ) -> Result<()> {
        let (state, report, error) = match result {
            Ok(report) => ("done", Some(report), None),
            Err(EngineError::State("cancelled")) => ("cancelled", so_far, None),
            Err(EngineError::State("job_lost")) => return Ok(()),
            Err(error) => {
                tracing::error!(job = self.job.id, kind = self.job.kind, %error, "a job failed");
                let (code, params) = error.code_and_params();
                ("failed", so_far, Some(json!({ "code": code, "params": params })))
            }
        };
        let now = self.engine.clock().now_ms();
        self.engine.write(|tx| {
            let finished = tx.execute(
                "UPDATE jobs SET state = ?, report = COALESCE(?, report), error = ?, finished_at = ?, locked_by = NULL, locked_until = NULL WHERE id = ? AND locked_by = ?",
                &[
                    state.into(),
                    report.as_ref().map(ToString::to_string).into(),
                    error.as_ref().map(ToString::to_string).into(),
                    now.into(),
                    self.job.id.into(),
                    self.owner.as_str().into(),
                ],
            )?;
            if let Some(kind) = told.filter(|_| finished == 1 && state != "cancelled") {
                notifications::file_end_of_job(tx, &self.context(), kind, &self.job)?;
            }
            announce(tx, &self.context(), self.job.id)
        })
    }
}

/// The running workers; they end when this is dropped.
pub struct Workers {
    engine: Engine,
    is_stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts worker threads for the handlers.
    ///
    /// # Errors
    /// Those of the operating system when it gives no thread.
    pub fn start(engine: &Engine, handlers: Vec<Arc<dyn JobHandler>>, count: usize) -> Result<Workers> {
        let is_stopping = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::with_capacity(count);
        for at in 0..count {
            let (engine, handlers, is_stopping) = (engine.clone(), handlers.clone(), is_stopping.clone());
            let work = move || work(&engine, &handlers, &is_stopping);
            threads.push(std::thread::Builder::new().name(format!("job-worker-{at}")).spawn(work)?);
        }
        Ok(Workers { engine: engine.clone(), is_stopping, threads })
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.engine.wake();
        for thread in self.threads.drain(..) {
            // A worker that panicked has logged it; there is nothing left to do.
            let _ = thread.join();
        }
    }
}

fn work(engine: &Engine, handlers: &[Arc<dyn JobHandler>], is_stopping: &AtomicBool) {
    let owner = owner_name();
    let kinds: Vec<&str> = handlers.iter().map(|handler| handler.kind()).collect();
    if let Err(error) = engine.write(|tx| release_dead(tx, is_alive)) {
        tracing::warn!(%error, "could not look for jobs of dead processes");
    }
    let mut seen = engine.generation();
    while !is_stopping.load(Ordering::SeqCst) {
        match take(engine, handlers, &owner, None, &kinds) {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "could not look for jobs"),
        }
        seen = engine.wait_for_events(seen, POLL);
    }
}

/// Claims and runs one job; answers whether there was one.
fn take(
    engine: &Engine,
    handlers: &[Arc<dyn JobHandler>],
    owner: &str,
    only: Option<i64>,
    kinds: &[&str],
) -> Result<bool> {
    let now = engine.clock().now_ms();
    // Looking needs no turn to write; most looks find nothing.
    let is_free = engine.database().read(|tx| {
        let row = tx.query_optional(
            "SELECT 1 FROM jobs WHERE state = 'queued' OR (state = 'running' AND locked_until < ?) LIMIT 1",
            &[now.into()],
        )?;
        Ok::<bool, EngineError>(row.is_some())
    })?;
    if !is_free {
        return Ok(false);
    }
    let Some(job) = engine.write(|tx| claim(tx, now, owner, only, kinds))? else { return Ok(false) };
    let access = engine.database().read(|tx| access_of(engine, tx, &job))?;
    let is_allowed = access.is_some();
    let access = access.unwrap_or_else(|| Arc::new(Access::new(Vec::new(), Arc::default(), Arc::default())));
    // Nobody looks on: what is restricted is left alone, also where the one who started the job may see it.
    let access = Arc::new(access.leaving_restricted());
    let mut run = JobRun { engine, job, access, owner: owner.into(), announced_at: Cell::new(0) };
    let Some(handler) = handlers.iter().find(|handler| handler.kind() == run.job.kind) else { return Ok(false) };
    let result = if run.job.is_cancel_requested {
        Err(EngineError::State("cancelled"))
    } else if !is_allowed {
        Err(RIGHTS_CHANGED)
    } else {
        run_patiently(&mut run, handler.as_ref())
    };
    // Not worth more trouble: without it the job has ended all the same.
    let so_far = match &result {
        Err(_) if run.reload().is_ok() => handler.report_so_far(&run).ok().flatten(),
        _ => None,
    };
    run.finish(result, so_far, handler.tells_of_its_end())?;
    Ok(true)
}

/// Runs a handler, and again from the last durable position when the database was busy or away.
fn run_patiently(run: &mut JobRun<'_>, handler: &dyn JobHandler) -> Result<Json> {
    let mut failures = 0;
    loop {
        let guarded = std::panic::AssertUnwindSafe(|| handler.run(run));
        let result = std::panic::catch_unwind(guarded)
            .unwrap_or_else(|_| Err(EngineError::Stored("the job's code panicked".into())));
        let error = match result {
            Err(error) if is_passing(&error) => error,
            other => return other,
        };
        // Whether the broken batch was committed only the stored position tells, so nothing runs before that is read.
        loop {
            let Some(pause) = PAUSES.get(failures) else { return Err(error) };
            tracing::warn!(job = run.job.id, %error, "a job waits for the database");
            std::thread::sleep(*pause);
            failures += 1;
            match run.reload() {
                Ok(has_moved) => {
                    if has_moved {
                        failures = 0;
                    }
                    break;
                }
                Err(error) if is_passing(&error) => {}
                Err(other) => return Err(other),
            }
        }
    }
}

/// Trouble that a moment later may be over.
fn is_passing(error: &EngineError) -> bool {
    use DatabaseError::{Busy, Connection, Serialization};
    matches!(error, EngineError::Database(Busy(_) | Connection(_) | Serialization(_)))
}

/// Runs one job on the caller's thread: for the command line.
///
/// # Errors
/// Those of the database; how the job ended stands in its row.
pub fn run_now(engine: &Engine, handlers: &[Arc<dyn JobHandler>], id: i64) -> Result<Job> {
    let owner = owner_name();
    let kinds: Vec<&str> = handlers.iter().map(|handler| handler.kind()).collect();
    engine.write(|tx| release_dead(tx, is_alive))?;
    take(engine, handlers, &owner, Some(id), &kinds)?;
    engine.database().read(|tx| find(tx, id))?.ok_or(EngineError::NotFound)
}

/// Machine, process and a mark of this thread: enough to tell whether the owner of a lease still lives.
pub fn owner_name() -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let mark = std::thread::current().id();
    format!("{}/{}/{}/{mark:?}", machine.trim(), std::process::id(), process_start())
}

/// When the process started, in the kernel's ticks: tells a process from a later one with the same number.
fn process_start() -> String {
    start_of(std::process::id()).unwrap_or_default()
}

fn start_of(process: u32) -> Option<String> {
    let text = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat")).ok()?;
    // The name may hold blanks; the fields behind its closing bracket do not. Field 22 of the whole is the 20th of them.
    text.rsplit_once(')')?.1.split_whitespace().nth(19).map(String::from)
}

/// Whether the process of an [`owner_name`] still runs, as far as this machine knows.
pub fn is_alive(owner: &str) -> bool {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let mut parts = owner.split('/');
    let (Some(where_from), Some(process), Some(start)) = (parts.next(), parts.next(), parts.next()) else {
        return true;
    };
    // Of other machines nothing is known; their leases run out by themselves.
    if where_from != machine.trim() {
        return true;
    }
    process.parse().ok().and_then(start_of).is_some_and(|found| found == start)
}
