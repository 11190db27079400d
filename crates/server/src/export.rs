//! `kartoteka export`: the export job of the API, its file moved to where it was asked for.

use std::fs::{self, OpenOptions};
use std::process::ExitCode;

use modules::exchange::{self, ExportRequest};
use record_engine::Clock;
use serde_json::json;

use crate::arguments::ExportOptions;
use crate::installation::{Place, context_of};
use crate::job_run::run_job;
use crate::{Failure, Result};

pub(crate) fn run(place: &Place, options: &ExportOptions) -> Result<ExitCode> {
    if options.output.exists() {
        return Err(Failure::refused(format!("{} exists; an export overwrites nothing", options.output.display())));
    }
    let installation = place.open_existing(Clock::system())?;
    let engine = &installation.engine;
    let context = context_of(engine, options.as_user.as_deref())?;
    let request = json!({ "type": options.object_type, "format": options.format.key(), "filter": options.filter });
    let request: ExportRequest =
        serde_json::from_value(request).map_err(|error| Failure::refused(error.to_string()))?;
    let job = exchange::start_export(engine, &context, request)?;
    let job = run_job(engine, job, "records")?;
    let (path, _) = exchange::export_file(engine, &context, job.id)?;
    // Cards of people are nobody else's business.
    private_file(&options.output)?;
    fs::copy(&path, &options.output).map_err(Failure::at(&options.output))?;
    println!("{} records in {}", job.done, options.output.display());
    engine.database().close();
    Ok(ExitCode::SUCCESS)
}

fn private_file(path: &std::path::Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ()).map_err(Failure::at(path))
}
