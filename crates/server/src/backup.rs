//! `kartoteka backup` and `kartoteka restore` for a SQLite database. PostgreSQL has its own tools, and the refusal names them.
//!
//! What must stay true: a backup is complete or absent, a restore never destroys what was there, and a file that is no sound database of this
//! program or an earlier release never takes the place of one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use database::{Database, DatabaseError, OpenOptions, Query};
use record_engine::engine::with_own_migrations;
use record_engine::{Clock, EngineError};

use crate::check::broken_pages;
use crate::installation::{Place, migrations};
use crate::{Failure, Result};

/// Files that SQLite keeps beside a database.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

pub(crate) fn back_up(place: &Place, file: &Path) -> Result<ExitCode> {
    refuse_postgres(place, "pg_dump")?;
    let installation = place.open_existing(Clock::system())?;
    installation.engine.database().backup_to(file)?;
    println!("wrote {}; uploaded files are in {}, copy that folder too", file.display(), place.files().display());
    println!(
        "passwords of services are sealed with {}; keep a copy of it, apart from the backup",
        place.secret_key().display()
    );
    installation.engine.database().close();
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn restore(place: &Place, backup: &Path, is_forced: bool) -> Result<ExitCode> {
    let target = refuse_postgres(place, "pg_restore")?;
    let _reserved = place.reserve()?;
    let arriving = beside(&target, ".restoring");
    remove(&arriving)?;
    // The copy is judged, never the backup: opening a database may write to it.
    fs::copy(backup, &arriving).map_err(Failure::at(backup))?;
    let result = judge(&arriving)
        .map_err(|failure| naming(backup, failure))
        .and_then(|()| replace(&target, &arriving, is_forced));
    if result.is_err() {
        remove(&arriving)?;
    }
    let moved = result?;
    if let Some(moved) = moved {
        println!("the database that was there is now {}", moved.display());
    }
    println!("restored {} to {}", backup.display(), target.display());
    Ok(ExitCode::SUCCESS)
}

/// The file of the database; refuses PostgreSQL.
fn refuse_postgres(place: &Place, tool: &str) -> Result<PathBuf> {
    place.database_file().ok_or_else(|| Failure::refused(format!("this database is PostgreSQL: use {tool}")))
}

/// Refuses a file that is damaged, foreign, or of a newer release.
fn judge(file: &Path) -> Result<()> {
    let database = Database::open(&format!("sqlite:{}", file.display()), OpenOptions::default())?;
    let known = with_own_migrations(migrations()).last().map_or(0, |migration| migration.version);
    let found = database.read(|tx| {
        let is_ours = tx.query("SELECT name FROM sqlite_master WHERE name = 'schema_migrations'", &[])?;
        if is_ours.is_empty() {
            return Ok(None);
        }
        if let Some(first) = broken_pages(tx)?.first() {
            return Err(Failure::refused(format!("the backup is damaged: {first}")));
        }
        Ok(Some(tx.query_one("SELECT COALESCE(MAX(version), 0) FROM schema_migrations", &[])?.integer(0)?))
    })?;
    database.close();
    for companion in COMPANIONS {
        remove(&beside(file, companion))?;
    }
    match found {
        None => Err(Failure::refused("the file is a SQLite database, but not of this program")),
        Some(found) if found > known => Err(DatabaseError::NewerDatabase { found, known }.into()),
        Some(_) => Ok(()),
    }
}

/// The copy was judged; people know the file by its own name.
fn naming(backup: &Path, failure: Failure) -> Failure {
    match failure {
        Failure::Database(DatabaseError::NotADatabase { .. }) => {
            Failure::Database(DatabaseError::NotADatabase { path: backup.to_owned() })
        }
        other => other,
    }
}

/// Puts the new file in its place; answers where the old one went.
fn replace(target: &Path, arriving: &Path, is_forced: bool) -> Result<Option<PathBuf>> {
    let moved = match target.exists() {
        false => None,
        true if !is_forced && is_in_use(target)? => {
            return Err(Failure::refused(format!("{} holds data; --force moves it aside", target.display())));
        }
        true => Some(move_aside(target)?),
    };
    fs::rename(arriving, target).map_err(Failure::at(target))?;
    Ok(moved)
}

/// Whether somebody has worked with the database: it has users or records.
fn is_in_use(file: &Path) -> Result<bool> {
    let database = Database::open(&format!("sqlite:{}", file.display()), OpenOptions::default())?;
    let is_in_use = database.read(|tx| {
        let has_tables = tx.query("SELECT name FROM sqlite_master WHERE name = 'operations'", &[])?;
        Ok::<bool, EngineError>(
            !has_tables.is_empty() && !tx.query("SELECT id FROM operations LIMIT 1", &[])?.is_empty(),
        )
    })?;
    database.close();
    Ok(is_in_use)
}

/// Renames a database with its companions to a name that is free.
fn move_aside(file: &Path) -> Result<PathBuf> {
    let free = (1..).map(|number| beside(file, &format!(".before-restore-{number}"))).find(|path| !path.exists());
    let free = free.ok_or_else(|| Failure::refused("there is no free name for the old database"))?;
    fs::rename(file, &free).map_err(Failure::at(file))?;
    for companion in COMPANIONS {
        let from = beside(file, companion);
        if from.exists() {
            fs::rename(&from, beside(&free, companion)).map_err(Failure::at(&from))?;
        }
    }
    Ok(free)
}

/// A path with something added to its last name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Failure::at(path)(error)),
        _ => Ok(()),
    }
}
