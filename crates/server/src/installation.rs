//! Where an installation lives and how it is opened: the one place that knows which crates make up the program.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions as OpenOptionsOfFile, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use database::{Database, Migration, OpenOptions};
use filter_language::sort_key;
use modules::geocoding::{FindPlacesJob, Geocoder};
use modules::push;
use modules::webhooks::Senders;
use record_engine::bulk::{BulkJob, CreateForEachJob};
use record_engine::catalog::{ObjectTypeDefinition, USER_TYPE};
use record_engine::engine::EngineOptions;
use record_engine::index_job::IndexJob;
use record_engine::jobs::JobHandler;
use record_engine::query::{ids_by_text, load_records};
use record_engine::undo::UndoJob;
use record_engine::{Clock, Engine, EngineError, RequestContext, Role, Source};

use crate::{Failure, Result};

/// Name of the database file in the folder of the installation.
const DATABASE_FILE: &str = "kartoteka.db";
/// Name of the file with the key of secrets at rest.
const KEY_FILE: &str = "secret.key";
/// Name of the file that running programs hold a lock on.
const LOCK_FILE: &str = "kartoteka.lock";

/// Schema of a second installation on one PostgreSQL database.
const APART: &str = "kartoteka_apart";

/// Where an installation is: its folder and its database.
#[derive(Clone, Debug)]
pub struct Place {
    folder: PathBuf,
    database: String,
    secret_key: PathBuf,
}

impl Place {
    /// An installation in `folder`; its database is a SQLite file there unless an address is given.
    pub fn new(folder: &Path, database: Option<&str>) -> Place {
        let database =
            database.map_or_else(|| format!("sqlite:{}", folder.join(DATABASE_FILE).display()), String::from);
        Place { folder: folder.to_owned(), database, secret_key: folder.join(KEY_FILE) }
    }

    /// The same with the key of secrets at rest in another file.
    #[must_use]
    pub fn with_secret_key(self, file: Option<&Path>) -> Place {
        Place { secret_key: file.map_or(self.secret_key, Path::to_owned), ..self }
    }

    /// A second installation, empty, that shares nothing with this one but the server of its database: a schema of its own on PostgreSQL.
    ///
    /// # Errors
    /// Those of the database.
    pub fn apart(&self, folder: &Path) -> Result<Place> {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(Failure::at(folder))?;
        }
        if self.database_file().is_some() {
            return Ok(Place::new(folder, None));
        }
        let database = Database::open(&self.database, OpenOptions::default())?;
        database.write_alone(|tx| {
            tx.execute_batch(&format!("DROP SCHEMA IF EXISTS {APART} CASCADE; CREATE SCHEMA {APART}"))
        })?;
        database.close();
        let separator = if self.database.contains('?') { '&' } else { '?' };
        let url = format!("{}{separator}options=-csearch_path%3D{APART},public", self.database);
        Ok(Place::new(folder, Some(&url)))
    }

    /// The folder of the installation.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of the database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The file of a SQLite database; `None` for PostgreSQL.
    pub fn database_file(&self) -> Option<PathBuf> {
        let path = self.database.strip_prefix("sqlite:")?;
        Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
    }

    /// The folder of the uploaded files.
    pub fn files(&self) -> PathBuf {
        self.folder.join("files")
    }

    /// The file with the key of secrets at rest.
    pub fn secret_key(&self) -> &Path {
        &self.secret_key
    }

    /// The folder of the automatic backups.
    pub fn backups(&self) -> PathBuf {
        self.folder.join("backups")
    }

    /// Opens the installation; makes it when it is new.
    ///
    /// # Errors
    /// `Path` for a folder that cannot be written, `Database` for a foreign or newer database.
    pub fn open(&self, clock: Clock) -> Result<Installation> {
        self.open_with(clock, object_types())
    }

    /// The same with other object types than those of the program: for measurements and tests.
    ///
    /// # Errors
    /// As [`Place::open`].
    pub fn open_with(&self, clock: Clock, definitions: Vec<Arc<ObjectTypeDefinition>>) -> Result<Installation> {
        make_folder(&self.folder)?;
        if let Some(parent) = self.database_file().as_deref().and_then(Path::parent) {
            make_folder(parent)?;
        }
        let in_use = self.lock_file()?;
        in_use.lock_shared().map_err(Failure::at(&self.lock_path()))?;
        let database = Database::open(&self.database, OpenOptions::default())?;
        let options = EngineOptions {
            definitions,
            access: Arc::new(identity::StoredAccess),
            migrations: migrations(),
            clock,
            files: self.files(),
            secret_key: self.secret_key.clone(),
            backups: Some(self.backups()),
        };
        let engine = Engine::open(database, options)?;
        identity::ensure_roles(&engine)?;
        modules::currencies::ensure_currencies(&engine)?;
        // A restored backup is older than what was erased since; nobody gets to see it before that is done again.
        modules::personal_data::ledger::replay(&engine)?;
        Ok(Installation { engine, _in_use: in_use })
    }

    /// The same, and refuses an installation that does not exist yet: a command that reads must not make one by a slip of the path.
    ///
    /// # Errors
    /// `Refused` when there is no database; as [`Place::open`] otherwise.
    pub fn open_existing(&self, clock: Clock) -> Result<Installation> {
        match self.database_file().filter(|file| !file.exists()) {
            Some(file) => Err(Failure::refused(format!("there is no database at {}", file.display()))),
            None => self.open(clock),
        }
    }

    /// Keeps every other process away from the installation while the answer lives.
    ///
    /// # Errors
    /// `Refused` when a process works with it.
    pub fn reserve(&self) -> Result<File> {
        make_folder(&self.folder)?;
        let file = self.lock_file()?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                Err(Failure::refused("a running program uses this installation; stop it first"))
            }
            Err(TryLockError::Error(error)) => Err(Failure::at(&self.lock_path())(error)),
        }
    }

    fn lock_path(&self) -> PathBuf {
        self.folder.join(LOCK_FILE)
    }

    fn lock_file(&self) -> Result<File> {
        let path = self.lock_path();
        OpenOptionsOfFile::new().create(true).truncate(false).write(true).open(&path).map_err(Failure::at(&path))
    }
}

/// An open installation. Other processes may open it too; [`Place::reserve`] waits for none and refuses while one has it.
pub struct Installation {
    /// The engine over its database.
    pub engine: Engine,
    _in_use: File,
}

fn make_folder(path: &Path) -> Result<()> {
    if path.as_os_str().is_empty() { Ok(()) } else { fs::create_dir_all(path).map_err(Failure::at(path)) }
}

/// The object types of all crates, in the order of the navigation.
pub fn object_types() -> Vec<Arc<ObjectTypeDefinition>> {
    let mut types = modules::object_types();
    types.extend(identity::object_types().into_iter().map(Arc::new));
    types
}

/// The migrations of the crates above the engine.
pub fn migrations() -> Vec<Migration> {
    [identity::MIGRATIONS, mail::MIGRATIONS, &modules::migrations()].concat()
}

/// How the program names itself to services outside.
const USER_AGENT: &str = concat!("Kartoteka/", env!("CARGO_PKG_VERSION"));

/// Who sends to webhooks. `allows_local_services` lets their receivers be in the own network.
pub fn webhook_senders(engine: &Engine, allows_local_services: bool) -> Senders {
    Senders::new(engine, USER_AGENT, allows_local_services)
}

/// Who sends to browsers. `allows_local_services` lets push services that an administrator names be in the own network.
pub fn push_senders(engine: &Engine, allows_local_services: bool, public_url: Option<String>) -> push::Senders {
    push::Senders::new(engine, USER_AGENT, allows_local_services, public_url)
}

/// Everything that can run as a job. `allows_local_services` lets services that an administrator names be in the own network.
pub fn job_handlers(allows_local_services: bool) -> Vec<Arc<dyn JobHandler>> {
    let mut handlers: Vec<Arc<dyn JobHandler>> =
        vec![Arc::new(UndoJob), Arc::new(BulkJob), Arc::new(CreateForEachJob), Arc::new(IndexJob)];
    handlers.extend(modules::job_handlers());
    handlers.push(Arc::new(FindPlacesJob::new(Geocoder::new(USER_AGENT, allows_local_services))));
    handlers
}

/// The context of a command: the program itself, or the user of a login with his rights.
///
/// # Errors
/// `Refused` when there is no such active user.
pub fn context_of(engine: &Engine, login: Option<&str>) -> Result<RequestContext> {
    let context = RequestContext::system(engine.clock());
    let context = RequestContext { source: Source::CommandLine, ..context };
    let Some(login) = login else { return Ok(context) };
    let users = engine.snapshot().object_type(USER_TYPE)?;
    let key = BTreeSet::from([sort_key(login)]);
    let user = engine.database().read(|tx| {
        let field = users.field("login").ok_or(EngineError::NotFound)?;
        let found = ids_by_text(tx, &context, &users, field, &key, Some("is_active = true"))?;
        let ids: Vec<i64> = found.into_values().flatten().collect();
        Ok::<_, EngineError>(load_records(tx, &users, &ids, false)?.into_values().next())
    })?;
    let user = user.ok_or_else(|| Failure::refused(format!("there is no active user with the login {login}")))?;
    let language = user.value("language").as_str().unwrap_or_default().to_owned();
    Ok(RequestContext { language, ..user_context(engine, user.id, Source::CommandLine)? })
}

/// The context of a user, with what he may do now.
///
/// # Errors
/// `Refused` when there is no such active user.
pub fn user_context(engine: &Engine, id: i64, source: Source) -> Result<RequestContext> {
    let access = engine.database().read(|tx| engine.access(tx, &engine.snapshot(), id))?;
    let access = access.ok_or_else(|| Failure::refused(format!("the user {id} is not active")))?;
    Ok(RequestContext::of(id, access, source, engine.clock()))
}

/// An administrator, for what the command line must do in somebody's name.
pub fn administrator(id: i64, engine: &Engine) -> RequestContext {
    RequestContext::user(id, Role::Administrator, Source::CommandLine, engine.clock())
}

/// Whether a database is of an installation that works already, and not a new one.
///
/// # Errors
/// Those of the database.
pub fn is_set_up(engine: &Engine) -> Result<bool> {
    Ok(engine.database().read(|tx| identity::is_set_up(tx))?)
}
