//! Databases that live as long as one test.

use std::{
    env,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use database::{Backend, Database, OpenOptions};
use tempfile::TempDir;

use crate::postgres_server;

/// A fresh, empty database, removed when this value is dropped.
pub struct TestDatabase {
    /// The address for [`Database::open`].
    pub url: String,
    /// The kind of the database.
    pub backend: Backend,
    storage: Storage,
}

/// What has to be removed.
enum Storage {
    Directory(TempDir),
    Server { name: String },
}

impl TestDatabase {
    /// A database of the given kind.
    pub fn new(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self::sqlite(),
            Backend::Postgres => Self::postgres(),
        }
    }

    /// A SQLite file in a temporary directory of its own.
    pub fn sqlite() -> Self {
        let directory = TempDir::with_prefix("kartoteka-").expect("a temporary directory");
        let file = directory.path().join("test.db");
        TestDatabase {
            url: format!("sqlite:{}", file.display()),
            backend: Backend::Sqlite,
            storage: Storage::Directory(directory),
        }
    }

    /// A database on the PostgreSQL server for tests.
    pub fn postgres() -> Self {
        let name = unique_name();
        postgres_server::run_sql(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        TestDatabase {
            url: postgres_server::url_of(&name),
            backend: Backend::Postgres,
            storage: Storage::Server { name },
        }
    }

    /// Opens the database with the usual options.
    pub fn open(&self) -> Database {
        self.open_with(OpenOptions::default())
    }

    /// Opens the database.
    pub fn open_with(&self, options: OpenOptions) -> Database {
        match Database::open(&self.url, options) {
            Ok(database) => database,
            Err(error) => panic!("the test database cannot be opened: {error}"),
        }
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<PathBuf> {
        match &self.storage {
            Storage::Directory(directory) => Some(directory.path().join("test.db")),
            Storage::Server { .. } => None,
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Storage::Server { name } = &self.storage {
            let dropped = postgres_server::try_sql(&format!("DROP DATABASE {name} WITH (FORCE)"));
            // A failing test is already unwinding, and a second panic would hide its message.
            assert!(dropped.is_ok() || std::thread::panicking(), "the test database could not be removed: {dropped:?}");
        }
    }
}

/// The address of a fresh, empty PostgreSQL database that is not removed.
///
/// For processes that outlive the caller; a test takes [`TestDatabase::postgres`].
pub fn postgres_url() -> String {
    let name = unique_name();
    postgres_server::run_sql(&format!("CREATE DATABASE {name} TEMPLATE template0"));
    postgres_server::url_of(&name)
}

/// The kinds of databases that `KARTOTEKA_TEST_BACKENDS` names.
pub fn backends() -> &'static [Backend] {
    let chosen = env::var("KARTOTEKA_TEST_BACKENDS").unwrap_or_else(|_| "both".to_owned());
    match chosen.as_str() {
        "sqlite" => &[Backend::Sqlite],
        "postgres" => &[Backend::Postgres],
        "both" => &[Backend::Sqlite, Backend::Postgres],
        other => panic!("KARTOTEKA_TEST_BACKENDS is sqlite, postgres or both, not {other:?}"),
    }
}

/// Runs a test once on each kind of database of [`backends`].
pub fn for_each_backend(test: impl Fn(TestDatabase)) {
    for backend in backends() {
        // Shown by the test runner only when the test fails.
        eprintln!("running on {backend:?}");
        test(TestDatabase::new(*backend));
    }
}

/// A database name that no other test, process or earlier run uses.
fn unique_name() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    format!("kartoteka_test_{nanoseconds:x}_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}
