//! `kartoteka import`: a file through the same steps as the wizard: recognise, check or run, report.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use modules::exchange::{self, ImportChange, NewImport, TableFormat};
use record_engine::{Clock, Engine, RequestContext};
use serde_json::{Value as Json, json};

use crate::arguments::ImportOptions;
use crate::installation::{Place, context_of};
use crate::job_run::run_job;
use crate::{Failure, Result};

/// The exit code of an import that left rows out.
const LEFT_OUT: u8 = 3;
/// The counts that are printed first, in the order in which they add up.
const COUNTS: [&str; 10] = [
    "read",
    "would_create",
    "would_update",
    "created",
    "updated",
    "unchanged",
    "needs_decision",
    "skipped",
    "errors",
    "failed",
];
/// Problems of a check that are printed.
const MAX_SHOWN: usize = 20;

pub(crate) fn run(place: &Place, options: &ImportOptions) -> Result<ExitCode> {
    let installation = place.open_existing(Clock::system())?;
    let engine = &installation.engine;
    let context = context_of(engine, options.as_user.as_deref())?;
    let id = stage(engine, &context, &options.file, &options.object_type)?;
    let change = change_of(&json!({ "mode": options.mode.key(), "on_partial_match": options.on_partial.key() }))?;
    exchange::change_import(engine, &context, id, change)?;
    let is_complete = if options.check { check(engine, &context, id)? } else { import(engine, &context, id)? };
    if let Some(path) = options.failed_rows.as_deref().filter(|_| !is_complete) {
        exchange::write_failed_rows(engine, &context, id, table_format(path), path)?;
        println!("the rows that were left out are in {}", path.display());
    }
    engine.database().close();
    Ok(if is_complete { ExitCode::SUCCESS } else { ExitCode::from(LEFT_OUT) })
}

fn table_format(path: &Path) -> TableFormat {
    let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    if is_csv { TableFormat::Csv } else { TableFormat::Xlsx }
}

/// Puts a copy of a file in the store and makes an import of it; answers its id.
///
/// # Errors
/// `Path` for a file that cannot be read; the refusals of files that are no tables or cards.
pub fn stage(engine: &Engine, context: &RequestContext, file: &Path, object_type: &str) -> Result<i64> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("import").to_owned();
    let path = engine.files().fresh_path("command-line");
    fs::copy(file, &path).map_err(Failure::at(file))?;
    let new = NewImport { object_type: object_type.to_owned(), file_name: name, path };
    Ok(exchange::create_import(engine, context, new)?)
}

/// A change of an import from the shape of the API.
///
/// # Errors
/// `Refused` for a shape that the API would refuse.
pub fn change_of(change: &Json) -> Result<ImportChange> {
    serde_json::from_value(change.clone()).map_err(|error| Failure::refused(error.to_string()))
}

/// Says what would happen; answers whether every row would come in.
fn check(engine: &Engine, context: &RequestContext, id: i64) -> Result<bool> {
    let job = exchange::start_check(engine, context, id)?;
    run_job(engine, job, "rows checked")?;
    let import = exchange::import_json(engine, context, id)?;
    let report = import.get("check").cloned().unwrap_or_default();
    print_counts(&report);
    for kind in ["error", "decision"] {
        let (problems, _) = exchange::problems(engine, context, id, Some(kind), None, MAX_SHOWN)?;
        for problem in &problems {
            println!("{}", problem_line(problem));
        }
    }
    Ok(is_zero(&report, "errors") && is_zero(&report, "needs_decision"))
}

/// Imports; answers whether every row came in.
fn import(engine: &Engine, context: &RequestContext, id: i64) -> Result<bool> {
    let job = exchange::start_import(engine, context, id)?;
    let job = run_job(engine, job, "rows")?;
    let report = job.report.unwrap_or_default();
    print_counts(&report);
    if let Some(operation) = job.operation_id {
        println!("{:<20} {operation}", "operation");
    }
    Ok(is_zero(&report, "failed") && is_zero(&report, "skipped"))
}

fn is_zero(report: &Json, key: &str) -> bool {
    report.get(key).and_then(Json::as_i64).unwrap_or_default() == 0
}

fn print_counts(report: &Json) {
    let place = |key: &str| COUNTS.iter().position(|known| *known == key).unwrap_or(COUNTS.len());
    let mut counts: Vec<(&String, &Json)> = report.as_object().into_iter().flatten().collect();
    counts.sort_by_key(|(key, _)| place(key));
    for (key, value) in counts {
        if value.is_number() {
            println!("{:<20} {value}", key.replace('_', " "));
        }
    }
}

fn problem_line(problem: &Json) -> String {
    let text = |key: &str| match problem.get(key) {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    format!("row {}: {} {} {}", text("row"), text("field"), text("code"), text("value")).trim_end().to_owned()
}
