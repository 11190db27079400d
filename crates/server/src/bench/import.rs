//! An import of a workbook, as rows a second, beside bare inserts of the rows it made into empty copies of the same tables in the same file.

use std::path::Path;
use std::sync::Arc;

use database::{Database, Query};
use modules::exchange::{self, ExportRequest};
use record_engine::catalog::ObjectType;
use record_engine::{Clock, Engine, RequestContext, Source};
use serde_json::{Value as Json, json};

use super::base::{PASSWORD, user_id};
use super::memory::{forget_peak, peak_mb};
use super::report::Report;
use super::rows;
use super::timings::timed;
use crate::demo::create_team;
use crate::import::{change_of, stage};
use crate::installation::{Place, object_types, user_context};
use crate::job_run::run_job;
use crate::{Failure, Result};

/// The type whose tables take the bare inserts.
const COPY: &str = "contact_copy";
/// Records of one transaction on the bare side: as many as the import takes.
const BATCH: i64 = 500;

/// Exports the first records of the base, imports the file into an installation of its own, repeats its rows bare.
pub(super) fn measure(place: &Place, folder: &Path, engine: &Engine, count: u64, report: &mut Report) -> Result<()> {
    let workbook = export(engine, count)?;
    let second = place.apart(&folder.join("import"))?;
    let mut types = object_types();
    types.push(Arc::new(copy_of_contacts()));
    let installation = second.open_with(Clock::system(), types)?;
    let engine = &installation.engine;
    let context = user_context(engine, importer(engine)?, Source::CommandLine)?;
    forget_peak();
    let id = staged(engine, &context, &workbook)?;
    let (checking, checked) = timed(|| check(engine, &context, id));
    let rows = checked? as f64;
    let (importing, imported) = timed(|| import(engine, &context, id));
    imported?;
    let rate = rows / importing.as_secs_f64();
    report.figure("import of a workbook, rows", rows, "");
    report.figure("check of the workbook", rows / checking.as_secs_f64(), "rows/s");
    report.figure("import of the checked workbook", rate, "rows/s");
    if let Some(peak) = peak_mb(std::process::id()) {
        report.figure("memory during the import, peak of this process", peak, "MB");
    }
    let bare = insert_bare(engine)?;
    report.figure("bare inserts of the same rows", bare, "rows/s");
    report.figure("import in percent of the bare inserts", rate / bare.max(0.001) * 100.0, "%");
    engine.database().close();
    Ok(())
}

fn copy_of_contacts() -> record_engine::catalog::ObjectTypeDefinition {
    record_engine::catalog::ObjectTypeDefinition {
        name: COPY,
        is_importable: false,
        is_system: true,
        ..modules::contacts::object_type()
    }
}

fn importer(engine: &Engine) -> Result<i64> {
    match create_team(engine, PASSWORD)?.first() {
        Some(id) => Ok(*id),
        None => user_id(engine, "Олена Ковальчук"),
    }
}

/// A workbook of the first records of the base.
fn export(engine: &Engine, count: u64) -> Result<std::path::PathBuf> {
    let context = RequestContext::system(engine.clock());
    let request = json!({ "type": "contact", "format": "xlsx", "filter": format!("id <= {count}"), "sort": "id" });
    let request: ExportRequest =
        serde_json::from_value(request).map_err(|error| Failure::refused(error.to_string()))?;
    let job = exchange::start_export(engine, &context, request)?;
    let job = run_job(engine, job, "records exported")?;
    Ok(exchange::export_file(engine, &context, job.id)?.0)
}

/// Stages the workbook without its ids, which mean nothing in another installation.
fn staged(engine: &Engine, context: &RequestContext, workbook: &Path) -> Result<i64> {
    let id = stage(engine, context, workbook, "contact")?;
    let staged = exchange::import_json(engine, context, id)?;
    let columns = staged.get("columns").and_then(Json::as_array).cloned().unwrap_or_default();
    let mapping: Vec<Json> = columns
        .iter()
        .map(|column| {
            let is_id =
                |target: &&Json| target.as_str().is_some_and(|target| target == "id" || target.ends_with(".id"));
            let target = column.get("target").filter(|target| !is_id(target)).cloned().unwrap_or_default();
            json!({ "index": column.get("index"), "target": target })
        })
        .collect();
    exchange::change_import(
        engine,
        context,
        id,
        change_of(&json!({ "mapping": mapping, "on_partial_match": "create_shared" }))?,
    )?;
    Ok(id)
}

/// Checks the workbook as the wizard does; answers the rows it has.
fn check(engine: &Engine, context: &RequestContext, id: i64) -> Result<i64> {
    let job = exchange::start_check(engine, context, id)?;
    let report = run_job(engine, job, "rows checked")?.report.unwrap_or_default();
    report.get("read").and_then(Json::as_i64).ok_or_else(|| Failure::refused(format!("nothing was checked: {report}")))
}

fn import(engine: &Engine, context: &RequestContext, id: i64) -> Result<()> {
    let job = exchange::start_import(engine, context, id)?;
    let report = run_job(engine, job, "rows")?.report.unwrap_or_default();
    match report.get("created").and_then(Json::as_i64) {
        Some(1..) => Ok(()),
        _ => Err(Failure::refused(format!("the import made nothing: {report}"))),
    }
}

/// Writes the rows of all contacts into the copies of their tables; answers records a second. Reading them is not part of the time.
fn insert_bare(engine: &Engine) -> Result<f64> {
    let snapshot = engine.snapshot();
    let (source, target): (Arc<ObjectType>, Arc<ObjectType>) =
        (snapshot.object_type("contact")?, snapshot.object_type(COPY)?);
    let database: &Database = engine.database();
    let (from, to) = (rows::tables_of(&source, database.backend()), rows::tables_of(&target, database.backend()));
    let last = database
        .read(|tx| Ok::<_, Failure>(tx.query_one("SELECT COALESCE(MAX(id), 0) FROM contact", &[])?.integer(0)?))?;
    let (mut records, mut seconds, mut first) = (0_usize, 0.0, 1);
    while first <= last {
        let rows = database.read(|tx| rows::read(tx, &from, first, first + BATCH - 1))?;
        let (elapsed, written) = timed(|| database.write(|tx| rows::write(tx, &to, &rows)));
        written?;
        records += rows.first().map_or(0, Vec::len);
        seconds += elapsed.as_secs_f64();
        first += BATCH;
    }
    Ok(records as f64 / seconds.max(0.001))
}
