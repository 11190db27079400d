//! SQLite: one connection that writes, several that read, in WAL mode.
//!
//! What must stay true: all writes of this process go through the one writer and
//! its group commit; readers cannot write; the file and its companions are
//! readable by their owner only.

mod backup;
mod connection;
mod errors;
mod group_commit;
mod session;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use self::group_commit::Writer;
pub(crate) use self::group_commit::{Isolation, run_hooks};
use crate::{DatabaseError, OpenOptions, Statistics, pool::Pool, session::Session, session_pool::SessionPool};

/// An open SQLite database.
pub(crate) struct SqliteStore {
    path: PathBuf,
    timeout: Duration,
    readers: SessionPool,
    writer: Pool<Writer>,
    writes: AtomicU64,
    commits: AtomicU64,
}

impl SqliteStore {
    pub(crate) fn open(path: &Path, options: &OpenOptions) -> Result<Self, DatabaseError> {
        connection::check_library()?;
        connection::check_or_create_file(path)?;
        let timeout = options.acquire_timeout;
        let reader_path = path.to_owned();
        let store = SqliteStore {
            path: path.to_owned(),
            timeout,
            readers: SessionPool::new(
                "connection for reading",
                options.readers,
                timeout,
                Box::new(move || {
                    let reader = connection::open_reader(&reader_path, timeout)?;
                    Ok(Box::new(session::SqliteSession::new(reader)) as Box<dyn Session>)
                }),
            ),
            writer: Pool::new("turn to write", 1),
            writes: AtomicU64::new(0),
            commits: AtomicU64::new(0),
        };
        // The writer is opened now, so that a wrong file is refused at the start and not at the first request.
        let writer = store.take_writer()?;
        store.writer.release(writer);
        Ok(store)
    }

    pub(crate) fn readers(&self) -> &SessionPool {
        &self.readers
    }

    pub(crate) fn backup_to(&self, path: &Path) -> Result<(), DatabaseError> {
        backup::copy(&self.path, path, self.timeout)
    }

    /// Copies the log into the file and empties it, as far as readers let it.
    pub(crate) fn empty_log(&self) -> Result<(), DatabaseError> {
        let connection = connection::open(&self.path, self.timeout)?;
        let emptied = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        match emptied.map_err(|error| errors::translate(&error))? {
            0 => Ok(()),
            _ => Err(DatabaseError::Busy("the log of the database is in use".to_owned())),
        }
    }

    pub(crate) fn statistics(&self) -> Statistics {
        Statistics { writes: self.writes.load(Ordering::Relaxed), commits: self.commits.load(Ordering::Relaxed) }
    }

    pub(crate) fn close(&self) {
        // Readers go first, because an open snapshot keeps the log from being emptied.
        self.readers.close();
        for writer in self.writer.close(self.timeout) {
            writer.checkpoint();
        }
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.close();
    }
}
