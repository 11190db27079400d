//! The file beside the ledger of erasures that carries the list over a restored backup: one line for each change, the last one of a hash counts.
//!
//! What must stay true: a line is on disk before its row counts as filed, and is never changed. The file names nobody: it holds hashes alone.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::Path;

use database::Query;
use record_engine::error::{EngineError, Result};
use record_engine::{Engine, settings};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::put;

/// Name of the file.
pub const FILE_NAME: &str = "erased-addresses.list";
/// The setting that says how many bytes of the file this database knows.
const SEEN: &str = "erased_addresses_seen";

/// A change of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    hash: String,
    kind: String,
    /// When the address came to the list, milliseconds UTC.
    at: i64,
    /// When it was taken off again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    removed_at: Option<i64>,
}

impl Line {
    /// When it was written.
    fn moment(&self) -> i64 {
        self.removed_at.unwrap_or(self.at)
    }
}

/// The changes that are not in the file yet.
fn open_lines(tx: &mut dyn Query) -> Result<Vec<Line>> {
    let sql = "SELECT hash, kind, at, removed_at FROM erased_addresses WHERE is_in_file = 0 ORDER BY at, hash";
    let line = |row: &database::Row| {
        let (hash, kind) = (row.text(0)?, row.text(1)?);
        Ok(Line { hash, kind, at: row.integer(2)?, removed_at: row.optional_integer(3)? })
    };
    tx.query(sql, &[])?.iter().map(line).collect()
}

/// Writes the changes that are not in the file yet.
///
/// # Errors
/// Those of the database and of the file system.
pub fn settle(engine: &Engine) -> Result<()> {
    let open = engine.database().read(|tx| open_lines(tx))?;
    if open.is_empty() {
        return Ok(());
    }
    let path = engine.files().beside(FILE_NAME);
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    // Two processes must not write into one line.
    file.lock()?;
    // A line that a power cut tore ends here; it is written again.
    let mut text = "\n".to_owned();
    for line in &open {
        text.push_str(&serde_json::to_string(line).map_err(|error| EngineError::Stored(error.to_string()))?);
        text.push('\n');
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    let length = file.metadata()?.len();
    engine.write(|tx| {
        for line in &open {
            tx.execute(
                "UPDATE erased_addresses SET is_in_file = 1 WHERE hash = ? AND at = ? AND COALESCE(removed_at, 0) = ?",
                &[line.hash.as_str().into(), line.at.into(), line.removed_at.unwrap_or_default().into()],
            )?;
        }
        settings::write(tx, SEEN, &json!(length))
    })
}

/// Brings a database that was restored from a backup to what the file says. Called when an installation is opened.
///
/// # Errors
/// Those of the database and of the file system.
pub fn follow(engine: &Engine) -> Result<()> {
    let path = engine.files().beside(FILE_NAME);
    let (lines, length) = read(&path)?;
    let seen = engine.database().read(|tx| settings::read(tx, SEEN))?;
    if length > 0 && seen.as_ref().and_then(Json::as_u64) != Some(length) {
        engine.write(|tx| {
            // What this database knows better is written behind the others.
            let open = open_lines(tx)?;
            let is_newer = |line: &Line| open.iter().any(|own| own.hash == line.hash && own.moment() > line.moment());
            for line in lines.iter().filter(|line| !is_newer(line)) {
                put(tx, &line.hash, &line.kind, line.at, line.removed_at, true)?;
            }
            settings::write(tx, SEEN, &json!(length))
        })?;
    }
    settle(engine)
}

/// The lines that can be read, and how long the file is.
fn read(path: &Path) -> Result<(Vec<Line>, u64)> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok((Vec::new(), 0)),
        Err(error) => return Err(error.into()),
    };
    let length = file.metadata()?.len();
    let mut lines = Vec::new();
    for text in BufReader::new(file).lines() {
        if let Ok(line) = serde_json::from_str::<Line>(&text?) {
            lines.push(line);
        }
    }
    Ok((lines, length))
}
