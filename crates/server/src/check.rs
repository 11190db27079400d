//! `kartoteka check`: is the database whole, and does everything that is derived agree with what it is derived from?
//!
//! Each record is read, encoded again as the write path would, and compared with its columns, its child rows and its search text. What must stay
//! true: it only reads, in steps small enough to run beside a working server; a record that changes meanwhile is looked at as one snapshot.

mod records;

use std::process::ExitCode;

use database::{Backend, Query};
use record_engine::audit::chain::{self, End};
use record_engine::{Clock, Engine};

use crate::arguments::CheckOptions;
use crate::installation::Place;
use crate::progress::Progress;
use crate::{Failure, Result};

/// Most findings that are printed; the rest is counted.
const MAX_SHOWN: usize = 50;

/// What a check found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Records that were compared.
    pub records: u64,
    /// Events of the audit log whose chain was followed.
    pub events: u64,
    /// The last link of that chain.
    pub audit_end: Option<End>,
    /// What is wrong, a line each.
    pub problems: Vec<String>,
}

pub(crate) fn run(place: &Place, options: &CheckOptions) -> Result<ExitCode> {
    let noted = options.audit_end.iter().map(|line| noted_end(line)).collect::<Result<Vec<End>>>()?;
    let installation = place.open_existing(Clock::system())?;
    let mut progress = Progress::new("records");
    let mut findings = check(&installation.engine, &mut |done| progress.show(done, None))?;
    progress.end();
    findings.problems.extend(compare_ends(&installation.engine, &noted)?);
    for problem in findings.problems.iter().take(MAX_SHOWN) {
        println!("{problem}");
    }
    if let Some(end) = &findings.audit_end {
        println!("{} events of the audit log checked; it ends with {end}", findings.events);
    }
    println!("{} records checked, {} problems found", findings.records, findings.problems.len());
    installation.engine.database().close();
    Ok(if findings.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn noted_end(line: &str) -> Result<End> {
    let wrong = || Failure::refused(format!("\"{line}\" names no end of an audit log: event NUMBER, hash HASH"));
    End::find_in(line).ok_or_else(wrong)
}

/// What is wrong with an audit log that ended so at earlier times, a line each.
///
/// # Errors
/// Those of the database.
pub fn compare_ends(engine: &Engine, noted: &[End]) -> Result<Vec<String>> {
    let compared = engine.database().read(|tx| {
        noted.iter().map(|end| chain::compare(tx, end)).collect::<Result<Vec<_>, record_engine::EngineError>>()
    })?;
    Ok(compared.into_iter().flatten().collect())
}

/// Checks a whole database.
///
/// # Errors
/// Those of the database; what is wrong with the data stands in the findings.
pub fn check(engine: &Engine, progress: &mut dyn FnMut(u64)) -> Result<Findings> {
    let mut findings = Findings { problems: engine.database().read(broken_pages)?, ..Findings::default() };
    let snapshot = engine.snapshot();
    for object_type in &snapshot.catalog.object_types {
        records::check(engine, object_type, &mut findings, progress)?;
    }
    let log = engine.database().read(|tx| chain::verify(tx))?;
    findings.events = log.events;
    findings.audit_end = Some(log.end);
    findings.problems.extend(log.problems);
    Ok(findings)
}

/// What SQLite says about its pages and indexes; PostgreSQL has its own tools for that.
pub(crate) fn broken_pages<T: Query>(tx: &mut T) -> Result<Vec<String>> {
    if tx.backend() == Backend::Postgres {
        return Ok(Vec::new());
    }
    let rows = tx.query("PRAGMA integrity_check", &[])?;
    let texts = rows.into_iter().map(|mut row| row.take_text(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(texts.into_iter().filter(|text| text != "ok").collect())
}
