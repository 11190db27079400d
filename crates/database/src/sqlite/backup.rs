//! A consistent copy of a database in use.
//!
//! `VACUUM INTO` reads one snapshot, so writers go on meanwhile. The copy is made
//! under a temporary name and renamed when it is on disk: a file with the final
//! name is always a whole backup.

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{connection, errors::translate};
use crate::DatabaseError;

pub(super) fn copy(source: &Path, target: &Path, timeout: Duration) -> Result<(), DatabaseError> {
    if target.exists() {
        return Err(DatabaseError::Other(format!("the backup {} exists already", target.display())));
    }
    let partial = partial_name(target);
    let result = write_copy(source, &partial, target, timeout);
    if result.is_err()
        && let Err(error) = std::fs::remove_file(&partial)
    {
        tracing::warn!(%error, file = %partial.display(), "an unfinished backup could not be removed");
    }
    result
}

fn write_copy(source: &Path, partial: &Path, target: &Path, timeout: Duration) -> Result<(), DatabaseError> {
    let file_error = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::StorageFull => DatabaseError::DiskFull(error.to_string()),
        _ => DatabaseError::Connection(format!("{}: {error}", partial.display())),
    };
    let name = partial
        .to_str()
        .ok_or_else(|| DatabaseError::Unsupported(format!("{} is not a Unicode path", partial.display())))?;
    // SQLite would create the file with the usual permissions; it accepts an empty one that exists.
    connection::create_private(partial).map_err(file_error)?;
    connection::open(source, timeout)?.execute("VACUUM INTO ?", [name]).map_err(|error| translate(&error))?;
    File::open(partial).and_then(|file| file.sync_all()).map_err(file_error)?;
    std::fs::rename(partial, target).map_err(file_error)?;
    sync_directory(target).map_err(file_error)
}

fn partial_name(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    target.with_file_name(name)
}

/// A new name is only durable when its directory is.
fn sync_directory(file: &Path) -> std::io::Result<()> {
    let directory = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(directory)?.sync_all()
}
