//! The ledger of erasures: a file in the folder of the installation, outside the database and its backups. A restored backup is older than what was
//! erased since, so every start goes through the ledger and erases again who came back.
//!
//! What must stay true: a line is on disk before the erasure counts as finished, and is never changed; each line carries the hash of the one
//! before it, so that a changed or missing line shows. A line names a record by type, id and the moment it was made: a restored database gives out
//! its ids a second time, and those belong to others.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use database::hex;
use record_engine::error::{EngineError, Result};
use record_engine::query::load_records;
use record_engine::{Engine, RequestContext, settings};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::acts::{self, Act};
use super::erase::{self, Manner};
use super::store::{self, Erasure};

/// Name of the file.
pub const FILE_NAME: &str = "erasures.ledger";
/// The setting that says up to which line this database has followed the ledger.
const SEEN: &str = "erasure_ledger_seen";

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    #[serde(rename = "type")]
    object_type: String,
    id: i64,
    /// Milliseconds UTC.
    created_at: i64,
    /// Milliseconds UTC.
    at: i64,
    /// The act, without data: the restored database does not have it.
    act: Act,
    /// The hash of the line before; empty for the first.
    previous: String,
    /// The hash of this line.
    #[serde(default)]
    hash: String,
}

impl Line {
    fn hash_of(&self) -> Result<String> {
        let open = Line { hash: String::new(), ..self.clone() };
        let text = serde_json::to_string(&open).map_err(|error| EngineError::Stored(error.to_string()))?;
        Ok(hex(&Sha256::digest(text.as_bytes())))
    }
}

/// What the ledger holds.
#[derive(Debug, Default)]
struct Ledger {
    lines: Vec<Line>,
    /// The first line, counted from one, that does not follow from the one before it.
    broken_at: Option<usize>,
}

impl Ledger {
    fn read(path: &Path) -> Result<Ledger> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Ledger::default()),
            Err(error) => return Err(error.into()),
        };
        let mut ledger = Ledger::default();
        let mut previous = String::new();
        for (at, text) in BufReader::new(file).lines().enumerate() {
            // A line that a power cut tore was never counted as written; its erasure is written again.
            let Ok(line) = serde_json::from_str::<Line>(&text?) else {
                ledger.broken_at.get_or_insert(at + 1);
                continue;
            };
            if line.previous != previous || line.hash_of()? != line.hash {
                ledger.broken_at.get_or_insert(at + 1);
            }
            previous.clone_from(&line.hash);
            ledger.lines.push(line);
        }
        Ok(ledger)
    }

    fn last_hash(&self) -> &str {
        self.lines.last().map_or("", |line| line.hash.as_str())
    }
}

fn path(engine: &Engine) -> PathBuf {
    engine.files().beside(FILE_NAME)
}

/// Writes the erasures that are not in the ledger yet; answers whether there were any.
///
/// # Errors
/// Those of the database and of the file system.
pub(super) fn append_open(engine: &Engine) -> Result<bool> {
    let open = engine.database().read(|tx| store::outside_ledger(tx))?;
    if open.is_empty() {
        return Ok(false);
    }
    let path = path(engine);
    let mut file = OpenOptions::new().create(true).append(true).read(true).open(&path)?;
    // Two processes must not follow the same line.
    file.lock()?;
    let ledger = Ledger::read(&path)?;
    let mut previous = ledger.last_hash().to_owned();
    let mut text = String::new();
    if ends_torn(&mut file)? {
        text.push('\n');
    }
    for erasure in &open {
        let act = engine.database().read(|tx| acts::stored(tx, erasure.act_id))?;
        let act = act.ok_or_else(|| EngineError::Stored(format!("the act {} of an erasure", erasure.act_id)))?;
        let mut line = Line {
            object_type: erasure.object_type.clone(),
            id: erasure.record_id,
            created_at: erasure.created_at,
            at: erasure.at,
            act,
            previous: previous.clone(),
            hash: String::new(),
        };
        line.hash = line.hash_of()?;
        previous.clone_from(&line.hash);
        text.push_str(&serde_json::to_string(&line).map_err(|error| EngineError::Stored(error.to_string()))?);
        text.push('\n');
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    engine.write(|tx| {
        store::are_in_ledger(tx, &open)?;
        settings::write(tx, SEEN, &json!(previous))
    })?;
    Ok(true)
}

fn ends_torn(file: &mut File) -> Result<bool> {
    use std::io::Read;
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0_u8; 1];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Erases again whom the ledger names and the database does not know as erased: it was restored from a backup. Called when an installation is
/// opened, before anybody can ask it anything. Answers how many records were erased.
///
/// # Errors
/// Those of the database and of the file system.
pub fn replay(engine: &Engine) -> Result<usize> {
    crate::erased_addresses::follow(engine)?;
    let ledger = Ledger::read(&path(engine))?;
    if let Some(line) = ledger.broken_at {
        tracing::warn!(line, "the ledger of erasures was changed or cut short; what it still names is followed");
    }
    let seen = engine.database().read(|tx| settings::read(tx, SEEN))?;
    if ledger.lines.is_empty() || seen.as_ref().and_then(Json::as_str) == Some(ledger.last_hash()) {
        erase::settle(engine)?;
        return Ok(0);
    }
    let mut count = 0;
    for line in &ledger.lines {
        count += usize::from(follow(engine, line)?);
    }
    let last = json!(ledger.last_hash());
    engine.write(|tx| settings::write(tx, SEEN, &last))?;
    if count > 0 {
        tracing::warn!(count, "this database is older than erasures; they were repeated");
    }
    erase::settle(engine)?;
    if count > 0 {
        // Nobody reads yet.
        engine.database().empty_log()?;
    }
    Ok(count)
}

/// Erases the record of a line unless that is done; answers whether it was there.
fn follow(engine: &Engine, line: &Line) -> Result<bool> {
    let snapshot = engine.snapshot();
    let Ok(object_type) = snapshot.object_type(&line.object_type) else { return Ok(false) };
    let context = RequestContext::system(engine.clock());
    let is_done = engine.database().read(|tx| store::is_noted(tx, &line.object_type, line.id, line.created_at))?;
    if is_done {
        return Ok(false);
    }
    // A record that is not there names nobody either.
    let imports = erase::naming(engine, &snapshot, &[line.id]).unwrap_or_default();
    engine.write_batch(|tx| {
        let found = load_records(tx, &object_type, &[line.id], true)?.remove(&line.id);
        let is_there = found.is_some_and(|record| record.created_at == line.created_at);
        let act_id = if is_there {
            erase::erase_in(tx, &snapshot, &context, &[line.id], &imports, Manner::Again(&line.act))?.act_id
        } else {
            acts::insert(tx, line.at, &line.act)?
        };
        let noted = Erasure {
            object_type: line.object_type.clone(),
            record_id: line.id,
            created_at: line.created_at,
            at: line.at,
            act_id,
        };
        store::note(tx, std::slice::from_ref(&noted))?;
        store::are_in_ledger(tx, &[noted])?;
        Ok::<bool, EngineError>(is_there)
    })
}

#[cfg(test)]
mod tests;
