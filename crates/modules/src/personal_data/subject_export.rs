//! Everything about one person, as the law lets him ask for it: an archive with a JSON document for programs, a page for people, and the files.
//!
//! What must stay true: all that refers to the person is in it and nothing of anybody else; it is read at one moment; the page has no scripts and
//! loads nothing. Users of the program stand in it by name where they worked with the data.

mod document;
mod page;

use record_engine::context::{date_of, instant_text};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::jobs::{JobHandler, JobRun, NewJob};
use record_engine::query::get;
use record_engine::{Engine, RequestContext};
use serde_json::Value as Json;

use file_formats::{ArchiveWriter, FormatError};

use super::{SUBJECT, ensure_manager};
use crate::exchange::{FileJob, Made, PersonPayload, make_file};
use document::Document;

/// The job that gathers everything about a person, to be started by the caller.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn prepare(tx: &mut dyn database::Query, snapshot: &Snapshot, context: &RequestContext, id: i64) -> Result<NewJob> {
    ensure_manager(context)?;
    let object_type = snapshot.object_type(SUBJECT)?;
    get(tx, context, &object_type, id)?.ok_or(EngineError::NotFound)?;
    let payload = PersonPayload { id, language: context.language.clone() };
    let payload = serde_json::to_value(&payload).map_err(|error| EngineError::Stored(error.to_string()))?;
    Ok(NewJob { kind: FileJob::Person.kind(), payload, total: None })
}

/// The job. One that died begins anew: its file appears only when it is complete.
pub(crate) struct SubjectExportJob;

impl JobHandler for SubjectExportJob {
    fn kind(&self) -> &'static str {
        FileJob::Person.kind()
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let PersonPayload { id, language } =
            serde_json::from_value(run.payload().clone()).map_err(|error| EngineError::Stored(error.to_string()))?;
        let context = RequestContext { language, ..run.context() };
        ensure_manager(&context)?;
        let engine = run.engine();
        let snapshot = engine.snapshot();
        // The name tells whose it is by the number alone: it stands in the list of jobs.
        let file_name = format!("{SUBJECT}-{id} {}.zip", date_of(context.now_ms));
        make_file(run, FileJob::Person, |path| {
            let document = engine.database().read(|tx| Document::of(tx, &snapshot, &context, id))?;
            write(engine, &context, &document, path)?;
            Ok(Made { rows: i64::try_from(document.records()).unwrap_or(i64::MAX), file_name: file_name.clone() })
        })
    }
}

fn write(engine: &Engine, context: &RequestContext, document: &Document, path: &std::path::Path) -> Result<()> {
    let at = instant_text(context.now_ms);
    let of_file = |error: FormatError| EngineError::from(std::io::Error::other(error.to_string()));
    let mut archive = ArchiveWriter::create(path, at.get(..19).unwrap_or_default()).map_err(of_file)?;
    let json = serde_json::to_string_pretty(&document.json).map_err(|error| EngineError::Stored(error.to_string()))?;
    archive.add_text("data.json", &json).map_err(of_file)?;
    archive.add_text("index.html", &page::page(document, &context.language)).map_err(of_file)?;
    for file in &document.files {
        match std::fs::File::open(engine.files().path(&file.hash)) {
            Ok(bytes) => {
                let is_packed = file.media_type.starts_with("image/") || file.media_type.contains("zip");
                archive.add_file(&crate::exchange::name_in_archive(file), bytes, is_packed).map_err(of_file)?;
            }
            // The page names it all the same.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    archive.finish().map_err(of_file)
}
