//! `kartoteka bench`: the budgets of the design, measured on a base of any size beside bare SQL on the same file in the same run.
//!
//! What must stay true: both sides answer the same question over the same connection layer; where a question has several good plans, the bare
//! side gets the best; nothing is asserted, because a busy machine proves nothing. The base carries a well-known password and is no place for
//! real data.

mod bare;
mod base;
mod busy_card;
mod grow;
mod import;
mod log;
mod many;
mod memory;
mod reads;
mod report;
mod rows;
mod server;
mod teams;
mod timings;
mod work;
mod writes;

pub use server::{Server, percent_encoded};

use std::path::Path;
use std::process::ExitCode;

use demo_data::DemoBase;
use record_engine::Clock;

use crate::arguments::{BenchOptions, BenchPart};
use crate::installation::Place;
use crate::{Failure, Result};
use report::Report;

pub(crate) fn run(database: Option<&str>, options: &BenchOptions) -> Result<ExitCode> {
    let binary = std::env::current_exe()?;
    let report = measure(&binary, database, options)?;
    println!("{report}");
    Ok(ExitCode::SUCCESS)
}

/// Measures everything; answers the report as text, a table or JSON.
///
/// # Errors
/// Those of the engine, the file system and the started server.
pub fn measure(binary: &Path, database: Option<&str>, options: &BenchOptions) -> Result<String> {
    let temporary = match &options.keep {
        Some(_) => None,
        None => Some(tempfile::Builder::new().prefix("kartoteka-bench-").tempdir()?),
    };
    let folder = match (&options.keep, &temporary) {
        (Some(folder), _) => folder.clone(),
        (None, Some(temporary)) => temporary.path().to_owned(),
        (None, None) => return Err(Failure::refused("there is no folder for the base")),
    };
    let report = measure_in(&folder, binary, database, options)?;
    Ok(if options.json { format!("{:#}", report.json()) } else { report.table() })
}

fn measure_in(folder: &Path, binary: &Path, database: Option<&str>, options: &BenchOptions) -> Result<Report> {
    let demo = DemoBase { contacts: options.contacts, seed: options.seed };
    let place = Place::new(folder, database);
    let mut report = Report { title: title(options, database), ..Report::default() };
    let (readers, card) = {
        let installation = place.open(Clock::system())?;
        let engine = &installation.engine;
        let (duration, base) = timings::timed(|| base::prepare(engine, demo, options.measures_work()));
        let base = base?;
        report.figure("the base was ready after", duration.as_secs_f64(), "s");
        if options.measures(BenchPart::Reads) {
            reads::measure(engine, &base, options.runs, &mut report)?;
        }
        if options.measures(BenchPart::Writes) {
            writes::measure(engine, &base, options.runs, &mut report)?;
        }
        if options.measures(BenchPart::Import) {
            import::measure(&place, folder, engine, options.import_rows, &mut report)?;
        }
        if options.measures(BenchPart::Duplicates) {
            many::measure_duplicates(engine, &base, options.runs, &mut report)?;
        }
        if options.measures(BenchPart::Audit) {
            log::measure(engine, options.events, options.runs, &mut report)?;
        }
        // Last: it changes every record.
        if options.measures(BenchPart::Many) {
            many::measure(engine, &base, options.runs, &mut report)?;
        }
        let card = match options.measures_work() {
            true => Some(busy_card::prepare(engine, options.contacts)?),
            false => None,
        };
        engine.database().close();
        (base.readers, card)
    };
    if let Some(reader) = readers.first().filter(|_| options.measures(BenchPart::Server)) {
        server::measure(binary, &place, demo, reader, options.runs, &mut report)?;
    }
    if let Some(card) = card {
        work::measure(binary, &place, &readers, &card, options.runs, &mut report)?;
    }
    Ok(report)
}

fn title(options: &BenchOptions, database: Option<&str>) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kind = if database.is_some_and(|url| url.starts_with("postgres")) { "PostgreSQL" } else { "SQLite" };
    format!(
        "{} contacts (seed {}) on {kind}, {cores} cores, kartoteka {}",
        options.contacts,
        options.seed,
        env!("CARGO_PKG_VERSION")
    )
}
