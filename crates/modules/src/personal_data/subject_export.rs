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
use serde_json::{Value as Json, json};

use file_formats::{ArchiveWriter, FormatError};

use super::{SUBJECT, ensure_manager};
use crate::exchange::{Finished, PERSON_EXPORT_JOB};
use document::Document;

/// The job that gathers everything about a person, to be started by the caller.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn prepare(tx: &mut dyn database::Query, snapshot: &Snapshot, context: &RequestContext, id: i64) -> Result<NewJob> {
    ensure_manager(context)?;
    let object_type = snapshot.object_type(SUBJECT)?;
    get(tx, context, &object_type, id)?.ok_or(EngineError::NotFound)?;
    Ok(NewJob { kind: PERSON_EXPORT_JOB, payload: json!({ "id": id, "language": context.language }), total: None })
}

/// The job. One that died begins anew: its file appears only when it is complete.
pub(crate) struct SubjectExportJob;

impl JobHandler for SubjectExportJob {
    fn kind(&self) -> &'static str {
        PERSON_EXPORT_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let id = run.payload().get("id").and_then(Json::as_i64).ok_or(EngineError::NotFound)?;
        let language = run.payload().get("language").and_then(Json::as_str).unwrap_or("en").to_owned();
        let context = RequestContext { language, ..run.context() };
        ensure_manager(&context)?;
        let engine = run.engine();
        let snapshot = engine.snapshot();
        let document = engine.database().read(|tx| Document::of(tx, &snapshot, &context, id))?;
        let path = engine.files().fresh_path("person");
        write(engine, &context, &document, &path).inspect_err(|_| {
            // Nobody can use half an archive.
            let _ = std::fs::remove_file(&path);
        })?;
        let (hash, size) = engine.files().keep(&path)?;
        // The name tells whose it is by the number alone: it stands in the list of jobs.
        let file_name = format!("{SUBJECT}-{id} {}.zip", date_of(context.now_ms));
        let finished = Finished { hash, file_name: file_name.clone() };
        engine.write(|tx| run.checkpoint(tx, &finished, 1))?;
        Ok(json!({ "file_name": file_name, "rows": document.records(), "size": size }))
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
