//! Opening a SQLite file: checks, permissions and settings of the connections.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Read},
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use super::errors::translate;
use crate::DatabaseError;

/// The first release in which several connections cannot lose committed writes in WAL mode.
const OLDEST_SAFE_SQLITE: i32 = 3_051_003;

/// The first bytes of every SQLite file.
const FILE_HEADER: &[u8] = b"SQLite format 3\0";

/// Prepared statements kept per connection; a busy server uses some hundred different ones.
const CACHED_STATEMENTS: usize = 200;

/// Negative sizes are KiB. Together with six readers this stays below 120 MB. The pages that a large batch changes must fit into the
/// cache of the writer: what does not is written to the log twice.
const WRITER_CACHE: i64 = -64 * 1024;
const READER_CACHE: i64 = -8 * 1024;

/// Pages in the log before a commit copies them into the file: 8 MB, a few milliseconds of copying.
const CHECKPOINT_PAGES: i64 = 2_000;

/// The size to which a log that once grew is cut back, in bytes.
const LOG_SIZE_LIMIT: i64 = 64 * 1024 * 1024;

/// Refuses a SQLite library that can lose committed writes.
pub(super) fn check_library() -> Result<(), DatabaseError> {
    if rusqlite::version_number() < OLDEST_SAFE_SQLITE {
        return Err(DatabaseError::Unsupported(format!(
            "SQLite {} can lose writes in WAL mode; 3.51.3 or newer is needed",
            rusqlite::version()
        )));
    }
    Ok(())
}

/// Creates the file for its owner only, or checks that it is empty or a SQLite file.
pub(super) fn check_or_create_file(path: &Path) -> Result<(), DatabaseError> {
    match create_private(path) {
        Ok(()) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unreachable_file(path, &error)),
    }
    let mut header = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(FILE_HEADER.len() as u64).read_to_end(&mut header))
        .map_err(|error| unreachable_file(path, &error))?;
    if header.is_empty() || header == FILE_HEADER {
        Ok(())
    } else {
        Err(DatabaseError::NotADatabase { path: path.to_owned() })
    }
}

/// Creates an empty file that only its owner can read; fails when it exists.
pub(super) fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Opens the connection that writes and brings the file into shape.
pub(super) fn open_writer(path: &Path, timeout: Duration) -> Result<Connection, DatabaseError> {
    let connection = open(path, timeout)?;
    let apply = || -> rusqlite::Result<()> {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // What is deleted or overwritten is overwritten in the file too: an erased person must not be found in its bytes.
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "cache_size", WRITER_CACHE)?;
        // Every page that a savepoint touches is copied first; into memory rather than into a file.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        connection.pragma_update(None, "journal_size_limit", LOG_SIZE_LIMIT)?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS sequences (name TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID",
        )
    };
    apply().map_err(|error| translate(&error))?;
    Ok(connection)
}

/// Opens a connection that can only read.
pub(super) fn open_reader(path: &Path, timeout: Duration) -> Result<Connection, DatabaseError> {
    let connection = open(path, timeout)?;
    let apply = || -> rusqlite::Result<()> {
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cache_size", READER_CACHE)
    };
    apply().map_err(|error| translate(&error))?;
    Ok(connection)
}

/// Opens an existing file without any settings but the wait for locks.
pub(super) fn open(path: &Path, timeout: Duration) -> Result<Connection, DatabaseError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| translate(&error))?;
    connection.busy_timeout(timeout).map_err(|error| translate(&error))?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    Ok(connection)
}

fn unreachable_file(path: &Path, error: &std::io::Error) -> DatabaseError {
    DatabaseError::Connection(format!("{}: {error}", path.display()))
}
