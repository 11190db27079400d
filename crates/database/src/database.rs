//! The handle to a database, and the choice between the two kinds.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::Path,
    sync::Arc,
    time::Duration,
};

use crate::{
    Backend, DatabaseError, ReadTx, Tx,
    nesting::WriteMark,
    postgresql::PostgresStore,
    session::Mode,
    session_pool::SessionPool,
    sqlite::{Isolation, SqliteStore},
};

/// How a database is opened.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// SQLite: the number of connections for reading, at least 1.
    pub readers: usize,
    /// PostgreSQL: the number of connections, at least 1.
    pub postgres_connections: usize,
    /// How long a transaction waits for a connection, a lock of another process or its turn to write.
    pub acquire_timeout: Duration,
}

impl Default for OpenOptions {
    fn default() -> Self {
        OpenOptions { readers: 6, postgres_connections: 16, acquire_timeout: Duration::from_secs(10) }
    }
}

/// What a database has done since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Write closures whose work was committed.
    pub writes: u64,
    /// Transactions committed for them; fewer than `writes` when SQLite commits in groups.
    pub commits: u64,
}

/// A database. Clones share its connections; the last one closes it.
#[derive(Clone)]
pub struct Database {
    store: Arc<Store>,
}

enum Store {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may carry a password and stays out.
        formatter.debug_struct("Database").field("backend", &self.backend()).finish_non_exhaustive()
    }
}

impl Database {
    /// Opens `sqlite:<path>` or `postgres://<user>[:<password>]@<host>[:<port>]/<name>`.
    ///
    /// A SQLite file is created when it does not exist, readable by its owner only.
    /// Fails with `NotADatabase` on a file of another kind, with `Connection` when
    /// the file or the server cannot be reached, and with `Unsupported` on an
    /// address of another form.
    pub fn open(url: &str, options: OpenOptions) -> Result<Database, DatabaseError> {
        let store = if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            Store::Sqlite(SqliteStore::open(Path::new(path), &options)?)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Store::Postgres(PostgresStore::open(url, &options)?)
        } else {
            // The address may carry a password, so the text does not repeat it.
            return Err(DatabaseError::Unsupported("a database address begins with sqlite: or postgres://".to_owned()));
        };
        Ok(Database { store: Arc::new(store) })
    }

    /// The kind of the database.
    pub fn backend(&self) -> Backend {
        match &*self.store {
            Store::Sqlite(_) => Backend::Sqlite,
            Store::Postgres(_) => Backend::Postgres,
        }
    }

    /// Runs `work` on one consistent snapshot.
    ///
    /// Never waits for a writer; waits for a free connection at most the acquire
    /// timeout, then fails with `Busy`.
    pub fn read<T, E>(&self, work: impl FnOnce(&mut ReadTx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        let sessions = self.read_sessions();
        let mut tx = ReadTx::new(sessions.begin(Mode::Read)?);
        let result = catch_unwind(AssertUnwindSafe(|| work(&mut tx)));
        sessions.give_back(tx.into_session());
        result.unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// Runs `work` in a write transaction and returns when it is durable.
    ///
    /// An error of `work` undoes its statements and comes back. On PostgreSQL `work`
    /// runs again after a conflict with another transaction, up to five times.
    /// `Busy` means that no turn came within the acquire timeout; nothing was done then.
    pub fn write<T, E>(&self, work: impl FnMut(&mut Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        let _mark = self.mark_writing()?;
        match &*self.store {
            Store::Sqlite(store) => store.write(Isolation::Grouped, work),
            Store::Postgres(store) => store.write(work),
        }
    }

    /// Runs `work` alone in its transaction: what creates or alters tables, and batches of hundreds of records.
    ///
    /// Otherwise like [`Database::write`]. Cached statements stay valid on all connections. A batch that shared its
    /// transaction would need a savepoint of its own, and SQLite copies every page that changes within one.
    pub fn write_alone<T, E>(&self, work: impl FnMut(&mut Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        let _mark = self.mark_writing()?;
        match &*self.store {
            Store::Sqlite(store) => store.write(Isolation::Alone, work),
            Store::Postgres(store) => store.write(work),
        }
    }

    /// Writes a consistent copy of a SQLite database to a new file while others read and write.
    ///
    /// The copy appears under `path` only when it is complete and on disk. Fails when
    /// `path` exists, and with `Unsupported` on PostgreSQL, which has `pg_dump`.
    pub fn backup_to(&self, path: &Path) -> Result<(), DatabaseError> {
        match &*self.store {
            Store::Sqlite(store) => store.backup_to(path),
            Store::Postgres(_) => {
                Err(DatabaseError::Unsupported("PostgreSQL is backed up with its own pg_dump".to_owned()))
            }
        }
    }

    /// Writes the log of a SQLite database back into its file and empties it: it holds pages as they were before their last change.
    /// `Busy` when somebody reads an old snapshot for longer than the acquire timeout. PostgreSQL recycles its log by itself.
    pub fn empty_log(&self) -> Result<(), DatabaseError> {
        match &*self.store {
            Store::Sqlite(store) => store.empty_log(),
            Store::Postgres(_) => Ok(()),
        }
    }

    /// What the database has done since it was opened.
    pub fn statistics(&self) -> Statistics {
        match &*self.store {
            Store::Sqlite(store) => store.statistics(),
            Store::Postgres(store) => store.statistics(),
        }
    }

    /// Waits for running transactions, writes a SQLite log back into its file, and closes all connections.
    ///
    /// Later calls fail with `Connection`. Dropping the last clone does the same.
    pub fn close(&self) {
        match &*self.store {
            Store::Sqlite(store) => store.close(),
            Store::Postgres(store) => store.close(),
        }
    }

    fn read_sessions(&self) -> &SessionPool {
        match &*self.store {
            Store::Sqlite(store) => store.readers(),
            Store::Postgres(store) => store.sessions(),
        }
    }

    fn mark_writing(&self) -> Result<WriteMark, DatabaseError> {
        WriteMark::set(Arc::as_ptr(&self.store).addr())
    }
}
