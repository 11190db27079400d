//! Jobs that leave a file to be downloaded: which there are, what the audit log hears of them, and how their files come into being.
//!
//! What must stay true: a file appears only when it is complete; it holds nothing of a person who was erased meanwhile. An erasure recalls the files
//! of all finished exports ([`recall_files`]), and an export that read before an erasure and would end after it begins anew.

use std::path::Path;

use database::{Backend, Query, Tx, Value, in_list};
use record_engine::audit::{Event, Kind, record};
use record_engine::error::{EngineError, Result};
use record_engine::jobs::{self, JobRun, NewJob};
use record_engine::{Engine, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::export::{ExportRequest, Payload};

/// The type whose records are persons and companies.
const PERSON_TYPE: &str = "contact";

/// The jobs that leave a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileJob {
    /// What a filter finds.
    List,
    /// The whole base.
    Everything,
    /// All of one person; see the module of personal data.
    Person,
}

impl FileJob {
    pub(crate) const ALL: [FileJob; 3] = [FileJob::List, FileJob::Everything, FileJob::Person];

    /// The kind of the job.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            FileJob::List => "export",
            FileJob::Everything => "export_all",
            FileJob::Person => "export_person",
        }
    }

    /// The one of a stored kind; `None` for jobs that leave no file.
    pub(crate) fn of_kind(kind: &str) -> Option<FileJob> {
        FileJob::ALL.into_iter().find(|job| job.kind() == kind)
    }

    /// The kinds as parameters of a statement.
    pub(super) fn kinds() -> [Value; 3] {
        FileJob::ALL.map(|job| job.kind().into())
    }
}

/// What is kept of a finished export: where its bytes lie.
#[derive(Serialize, Deserialize)]
pub(crate) struct Finished {
    pub hash: String,
    pub file_name: String,
}

/// What is asked of the job that gathers all of one person.
#[derive(Serialize, Deserialize)]
pub(crate) struct PersonPayload {
    /// The contact.
    pub id: i64,
    /// The language of who asks.
    pub language: String,
}

/// Starts a job that leaves a file, and tells the audit log.
///
/// # Errors
/// Those of the database.
pub fn enqueue_export(tx: &mut Tx, context: &RequestContext, new: &NewJob) -> Result<i64> {
    let job = jobs::enqueue(tx, context, new)?;
    if let Some(kind) = FileJob::of_kind(new.kind) {
        record(tx, context, told(job, kind, &new.payload)?.with("stage", "started"));
    }
    Ok(job)
}

/// Tells the audit log that somebody takes the file of an export away.
///
/// # Errors
/// Those of the database.
pub fn tell_of_download(engine: &Engine, context: &RequestContext, job_id: i64) -> Result<()> {
    engine.write(|tx| {
        let Some(job) = jobs::find(tx, job_id)? else { return Ok(()) };
        if let Some(kind) = FileJob::of_kind(&job.kind) {
            record(tx, context, told(job_id, kind, &job.payload)?.with("stage", "downloaded"));
        }
        Ok(())
    })
}

/// What an export is, for the audit log.
fn told(job: i64, kind: FileJob, payload: &Json) -> Result<Event> {
    let unreadable = |error: serde_json::Error| EngineError::Stored(error.to_string());
    let event = match kind {
        FileJob::Everything => Event::new(Kind::Exported).with("what", "everything"),
        FileJob::Person => {
            let PersonPayload { id, language: _ } = serde_json::from_value(payload.clone()).map_err(unreadable)?;
            Event::new(Kind::PersonExported).on(PERSON_TYPE, id)
        }
        FileJob::List => {
            let payload: Payload = serde_json::from_value(payload.clone()).map_err(unreadable)?;
            let ExportRequest { object_type, format, filter, search, fields, pivot, sort: _ } = payload.request;
            let what = if pivot.is_some() { "pivot" } else { "list" };
            let event = Event::new(Kind::Exported).about(&object_type).with("what", what);
            let event = event.with("format", json!(format)).with("filter", json!(filter));
            let event = event.with("search", search).with("fields", fields);
            event.with("pivot", json!(pivot))
        }
    };
    Ok(event.with("job_id", job))
}

/// A file as `make_file` was given it.
pub(crate) struct Made {
    /// What it is called for whoever downloads it.
    pub file_name: String,
    /// How many records stand in it.
    pub rows: i64,
}

/// Writes the file of a job and keeps it; answers the report of the job. `write` writes it at a path, and once more for each erasure that came meanwhile:
/// its file would hold whom nobody has any more.
///
/// # Errors
/// Those of `write`; those of the database and of the file system.
pub(crate) fn make_file(run: &JobRun<'_>, kind: FileJob, mut write: impl FnMut(&Path) -> Result<Made>) -> Result<Json> {
    let engine = run.engine();
    loop {
        let before = engine.database().read(|tx| recalls(tx, ""))?;
        // A run that lost its lease must not touch the file of the one that took over.
        let path = engine.files().fresh_path(kind.kind());
        let Made { file_name, rows } = write(&path).inspect_err(|_| {
            // Nobody can use half a file.
            let _ = std::fs::remove_file(&path);
        })?;
        let (hash, size) = engine.files().keep(&path)?;
        let finished = Finished { hash, file_name };
        let is_kept = engine.write(|tx| {
            // An erasure that is under way is waited for; one that comes later finds the file.
            let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
            if recalls(tx, lock)? != before {
                return Ok(false);
            }
            let event = told(run.id(), kind, run.payload())?.with("stage", "written").with("count", rows);
            record(tx, &run.context(), event);
            run.checkpoint(tx, &finished, rows)?;
            Ok::<bool, EngineError>(true)
        })?;
        if is_kept {
            return Ok(json!({ "file_name": finished.file_name, "rows": rows, "size": size }));
        }
        remove_unheld(engine, &[finished.hash])?;
    }
}

fn recalls(tx: &mut dyn Query, lock: &str) -> Result<i64> {
    Ok(tx.query_one(&format!("SELECT number FROM export_recalls WHERE id = 1{lock}"), &[])?.integer(0)?)
}

/// Lets go of the files of all finished exports, any of which may hold a person, and of those in the making; answers the hashes of the finished ones.
///
/// # Errors
/// Those of the database.
pub(crate) fn recall_files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.execute("UPDATE export_recalls SET number = number + 1 WHERE id = 1", &[])?;
    release(tx, "", &[])
}

/// Lets go of the files of exports that a further condition finds; answers their hashes.
pub(super) fn release(tx: &mut Tx, condition: &str, params: &[Value]) -> Result<Vec<String>> {
    let kinds = FileJob::kinds();
    let sql = format!(
        "SELECT id, position FROM jobs WHERE kind IN {} AND position IS NOT NULL{condition} ORDER BY id",
        in_list(kinds.len())
    );
    let mut hashes = Vec::new();
    for row in tx.query(&sql, &[kinds.as_slice(), params].concat())? {
        tx.execute("UPDATE jobs SET position = NULL WHERE id = ?", &[row.integer(0)?.into()])?;
        let finished: Option<Finished> = serde_json::from_str(row.text_str(1)?).ok();
        hashes.extend(finished.map(|finished| finished.hash));
    }
    Ok(hashes)
}

/// Removes the bytes that nothing refers to. The store keeps equal bytes once: another export, or a file of a record, may be the same.
pub(super) fn remove_unheld(engine: &Engine, hashes: &[String]) -> Result<()> {
    let kinds = FileJob::kinds();
    let held = format!(
        "SELECT (SELECT COUNT(*) FROM files WHERE hash = ?) + \
         (SELECT COUNT(*) FROM jobs WHERE kind IN {} AND position LIKE ?)",
        in_list(kinds.len())
    );
    for hash in hashes {
        let params = [[hash.as_str().into()].as_slice(), &kinds, &[format!("%{hash}%").into()]].concat();
        if engine.database().read(|tx| tx.query_one(&held, &params)?.integer(0))? > 0 {
            continue;
        }
        match std::fs::remove_file(engine.files().path(hash)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}
