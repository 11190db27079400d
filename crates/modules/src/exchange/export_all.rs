//! Export of everything: the whole base as one archive, for administrators.
//!
//! What must stay true: all of it is one moment, read in one transaction; memory grows neither with records nor with history nor with files;
//! what the tables name lies in the archive; passwords, sessions and other secrets do not.
//!
//! `records` writes a table for each object type, `ledger` operations, histories, fields and files, `readme` what is what.

mod archive_names;
mod ledger;
mod readme;
mod records;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use database::ReadTx;
use file_formats::{ArchiveWriter, OutCell};
use record_engine::access::Feature;
use record_engine::catalog::labels;
use record_engine::context::{date_of, instant_text};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::jobs::{JobHandler, JobRun, NewJob};
use record_engine::notifications::{self, EXPORT_FINISHED};
use record_engine::{Engine, RequestContext};
use serde_json::{Value as Json, json};

use super::error::of_file;
use super::file_job::{FileJob, Made, make_file};
use super::targets::text_in;

pub(crate) use archive_names::of_file as name_in_archive;

/// Kind of the job.
pub const EXPORT_ALL_JOB: &str = FileJob::Everything.kind();

/// How often progress is told and a wish to stop is heard.
const LOOK: Duration = Duration::from_millis(500);
/// A part of the archive may take so long: one read of a whole table.
const DEADLINE: Duration = Duration::from_secs(6 * 60 * 60);

/// The job of an export of everything, to be started by the caller.
///
/// # Errors
/// `Forbidden` for all but administrators.
pub fn prepare_export_all(context: &RequestContext) -> Result<NewJob> {
    if !context.may(Feature::AllData) {
        return Err(EngineError::Forbidden);
    }
    Ok(NewJob { kind: EXPORT_ALL_JOB, payload: json!({ "language": context.language }), total: None })
}

/// The job. One that died begins anew: its file appears only when it is complete.
pub(crate) struct ExportAllJob;

impl JobHandler for ExportAllJob {
    fn kind(&self) -> &'static str {
        EXPORT_ALL_JOB
    }

    fn tells_of_its_end(&self) -> Option<&'static notifications::Kind> {
        Some(&EXPORT_FINISHED)
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let language = run.payload().get("language").and_then(Json::as_str).unwrap_or("en").to_owned();
        let context = RequestContext { language, ..run.context() };
        if !context.may(Feature::AllData) {
            return Err(EngineError::Forbidden);
        }
        let engine = run.engine();
        make_file(run, FileJob::Everything, |path| {
            let rows = write_watched(run, &context, path)?;
            Ok(Made { rows, file_name: file_name(engine, &context) })
        })
    }
}

/// `Карпати Буд 2026-11-22.zip`, without what no file system takes.
fn file_name(engine: &Engine, context: &RequestContext) -> String {
    let company = archive_names::clean(&engine.snapshot().installation.company_name);
    format!("{company} {}.zip", date_of(context.now_ms)).trim_start().to_owned()
}

/// What the thread that writes and the one that watches tell each other.
#[derive(Default)]
struct Progress {
    rows: AtomicI64,
    is_stopped: AtomicBool,
}

/// Writes on a thread of its own, in its one long transaction; this one keeps the lease, tells the progress and hears a wish to stop.
fn write_watched(run: &JobRun<'_>, context: &RequestContext, path: &Path) -> Result<i64> {
    let progress = Progress::default();
    let (engine, snapshot) = (run.engine(), run.engine().snapshot());
    std::thread::scope(|scope| {
        let (alive, ended) = channel::<()>();
        let (progress, snapshot) = (&progress, &snapshot);
        let writer = scope.spawn(move || write(engine, snapshot, context, path, progress, alive));
        let watched = watch(run, progress, &ended);
        if watched.is_err() {
            progress.is_stopped.store(true, Ordering::SeqCst);
        }
        let written = writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        watched.and(written)
    })
}

/// Returns when the writer has let go of its end.
fn watch(run: &JobRun<'_>, progress: &Progress, ended: &Receiver<()>) -> Result<()> {
    while ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
        run.check_cancelled()?;
        run.show(progress.rows.load(Ordering::Relaxed), None, None)?;
    }
    run.check_cancelled()
}

fn write(
    engine: &Engine,
    snapshot: &Snapshot,
    context: &RequestContext,
    path: &Path,
    progress: &Progress,
    _alive: Sender<()>,
) -> Result<i64> {
    let at = instant_text(context.now_ms);
    let archive = ArchiveWriter::create(path, at.get(..19).unwrap_or_default()).map_err(|error| of_file(&error))?;
    let mut book = Book { engine, snapshot, context, progress, archive, tables: Vec::new(), rows: 0 };
    engine.database().read(|tx| {
        let users = book.write_records(tx)?;
        book.write_ledger(tx, &users)?;
        book.write_files(tx)
    })?;
    book.write_readme()?;
    let Book { archive, rows, .. } = book;
    archive.finish().map_err(|error| of_file(&error))?;
    Ok(rows)
}

/// A table of the archive, as the README lists it.
struct Table {
    name: String,
    title: String,
    rows: i64,
}

/// The archive in the making.
struct Book<'a> {
    engine: &'a Engine,
    snapshot: &'a Snapshot,
    context: &'a RequestContext,
    progress: &'a Progress,
    archive: ArchiveWriter,
    tables: Vec<Table>,
    /// Of all tables.
    rows: i64,
}

impl Book<'_> {
    /// One of three texts in the language of whoever exports: English, Russian, Ukrainian.
    fn text(&self, texts: [&str; 3]) -> String {
        text_in(&labels(texts), &self.context.language).to_owned()
    }

    fn begin_table(&mut self, name: String, title: String, headers: &[String]) -> Result<()> {
        self.archive.begin_table(&name, headers).map_err(|error| of_file(&error))?;
        self.tables.push(Table { name, title, rows: 0 });
        Ok(())
    }

    fn begin_listed(&mut self, name: &str, title: [&str; 3], headers: &[[&str; 3]]) -> Result<()> {
        let headers: Vec<String> = headers.iter().map(|texts| self.text(*texts)).collect();
        let title = self.text(title);
        self.begin_table(name.to_owned(), title, &headers)
    }

    /// Adds a row; breaks off when somebody asked the job to stop.
    fn row(&mut self, cells: &[OutCell]) -> Result<ControlFlow<()>> {
        self.archive.write_row(cells).map_err(|error| of_file(&error))?;
        self.rows += 1;
        if let Some(table) = self.tables.last_mut() {
            table.rows += 1;
        }
        self.progress.rows.store(self.rows, Ordering::Relaxed);
        self.check_stopped()?;
        Ok(ControlFlow::Continue(()))
    }

    fn check_stopped(&self) -> Result<()> {
        if self.progress.is_stopped.load(Ordering::SeqCst) { Err(EngineError::State("cancelled")) } else { Ok(()) }
    }
}

/// Gives the rest of a transaction time for one more long read.
fn allow_long_read(tx: &mut ReadTx) -> Result<()> {
    Ok(tx.set_deadline(DEADLINE)?)
}
