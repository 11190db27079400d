//! The engine: a database with a catalog over it. Cheap to clone; everything that serves requests holds one.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use database::{Database, Migration, Query, Tx};
use serde_json::json;

use crate::access::{Access, AccessSource, Feature};
use crate::audit::{self, Event, Kind};
use crate::catalog::{self, Catalog, Field, FieldChange, ObjectType, ObjectTypeDefinition};
use crate::context::{Clock, RequestContext};
use crate::error::{EngineError, Result};
use crate::field_types::NormaliseContext;
use crate::files::FileStore;
use crate::outbox;
use crate::schema_sync;
use crate::settings::{self, Installation};
use crate::vault::Vault;
use crate::write::Writer;

/// How to open an engine.
pub struct EngineOptions {
    /// Object types of all modules.
    pub definitions: Vec<Arc<ObjectTypeDefinition>>,
    /// Where rights of users are read from.
    pub access: Arc<dyn AccessSource>,
    /// Tables of the crates above; their versions and those of the engine are one sequence.
    pub migrations: Vec<Migration>,
    /// The source of time.
    pub clock: Clock,
    /// Folder for files.
    pub files: PathBuf,
    /// The file with the key of secrets at rest; made when there is none.
    pub secret_key: PathBuf,
    /// Folder for automatic backups before a migration; `None` makes none.
    pub backups: Option<PathBuf>,
}

/// See the module.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    clock: Clock,
    definitions: Vec<Arc<ObjectTypeDefinition>>,
    access: Arc<dyn AccessSource>,
    files: FileStore,
    vault: Vault,
    current: RwLock<Snapshot>,
    generation: Mutex<u64>,
    changed: Condvar,
    set_writes: Arc<AtomicU64>,
}

/// Catalog and settings at one moment: what one request works with from beginning to end.
#[derive(Clone)]
pub struct Snapshot {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// The installation's settings.
    pub installation: Arc<Installation>,
    normalise: Arc<NormaliseContext>,
    /// Counts the writes of this process to sets, such as groups.
    set_writes: Arc<AtomicU64>,
    /// What users may do, as far as somebody asked; whoever changes rights raises the version of the catalog, and so makes a new snapshot.
    accesses: Arc<Mutex<HashMap<i64, Arc<Access>>>>,
}

impl Snapshot {
    fn new(catalog: Catalog, installation: Installation, set_writes: Arc<AtomicU64>) -> Snapshot {
        let normalise = NormaliseContext::of(&installation);
        Snapshot {
            catalog: Arc::new(catalog),
            installation: Arc::new(installation),
            normalise: Arc::new(normalise),
            set_writes,
            accesses: Arc::default(),
        }
    }

    /// The type of a name.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn object_type(&self, name: &str) -> Result<Arc<ObjectType>> {
        self.catalog.object_type(name).cloned().ok_or(EngineError::NotFound)
    }

    /// What values are normalised with.
    pub fn normalise(&self) -> &NormaliseContext {
        &self.normalise
    }

    /// Tells this and all other processes that the stored catalog has changed.
    pub(crate) fn announce_catalog(&self, tx: &mut Tx, context: &RequestContext) -> Result<()> {
        catalog::announce(tx, context)?;
        self.set_writes.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// For the write path, with the actor's rights.
    pub fn writer(&self) -> Writer<'_> {
        Writer {
            catalog: &self.catalog,
            normalise: &self.normalise,
            set_writes: &self.set_writes,
            is_rehearsal: false,
            is_trusted: false,
            is_bulk: false,
            is_undo: false,
            is_erasure: false,
        }
    }

    /// For the write path of a mass change, with the actor's rights.
    pub fn bulk_writer(&self) -> Writer<'_> {
        Writer { is_bulk: true, ..self.writer() }
    }

    /// For the write path of an undo, with the actor's rights of today.
    pub fn undo_writer(&self) -> Writer<'_> {
        Writer { is_undo: true, ..self.writer() }
    }

    /// For the write path, without asking for rights: the program's own work.
    pub fn trusted_writer(&self) -> Writer<'_> {
        Writer { is_trusted: true, ..self.writer() }
    }
}

/// The migrations of the engine and of the crates above it: all count in one sequence.
pub fn with_own_migrations(of_others: Vec<Migration>) -> Vec<Migration> {
    let mut migrations = [crate::migrations::MIGRATIONS.to_vec(), of_others].concat();
    migrations.sort_by_key(|migration| migration.version);
    migrations
}

impl Engine {
    /// Migrates the database, loads the catalog, brings the tables in line.
    ///
    /// # Errors
    /// Those of the database; `Stored` for a catalog that cannot be read.
    pub fn open(database: Database, options: EngineOptions) -> Result<Engine> {
        let migrations = with_own_migrations(options.migrations);
        database::migrate(&database, &migrations, options.backups.as_deref())?;
        let definitions = options.definitions;
        let vault = Vault::at(&options.secret_key)?;
        let snapshot = database.write_alone(|tx| {
            let mut catalog = catalog::load(tx, &definitions)?;
            schema_sync::synchronise(tx, &catalog)?;
            catalog.attach_sets(tx)?;
            vault.note_key(tx)?;
            let installation = settings::read_installation(tx)?;
            Ok::<Snapshot, EngineError>(Snapshot::new(catalog, installation, Arc::default()))
        })?;
        let inner = Inner {
            database,
            clock: options.clock,
            definitions,
            access: options.access,
            files: FileStore::new(&options.files)?,
            vault,
            set_writes: snapshot.set_writes.clone(),
            current: RwLock::new(snapshot),
            generation: Mutex::new(0),
            changed: Condvar::new(),
        };
        Ok(Engine { inner: Arc::new(inner) })
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// The source of time.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The stored files.
    pub fn files(&self) -> &FileStore {
        &self.inner.files
    }

    /// What seals and opens secrets at rest.
    pub fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    /// Catalog and settings as they are now.
    pub fn snapshot(&self) -> Snapshot {
        self.inner.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What a user may do; `None` when there is no such active user. Read once for each snapshot.
    ///
    /// # Errors
    /// Those of the database; `Stored` for a role that cannot be read.
    pub fn access(&self, tx: &mut dyn Query, snapshot: &Snapshot, user_id: i64) -> Result<Option<Arc<Access>>> {
        let known = snapshot.accesses.lock().unwrap_or_else(PoisonError::into_inner).get(&user_id).cloned();
        if known.is_some() {
            return Ok(known);
        }
        self.fresh_access(tx, snapshot, user_id)
    }

    /// [`Engine::access`], read again.
    ///
    /// # Errors
    /// As [`Engine::access`].
    pub fn fresh_access(&self, tx: &mut dyn Query, snapshot: &Snapshot, user_id: i64) -> Result<Option<Arc<Access>>> {
        // Asked before the rights are read: a transaction that began before the snapshot was made reads older ones, which are good for this once.
        let is_of_snapshot = catalog::version(tx)? == snapshot.catalog.version;
        let Some(access) = self.inner.access.load(tx, snapshot, user_id)?.map(Arc::new) else { return Ok(None) };
        if is_of_snapshot {
            snapshot.accesses.lock().unwrap_or_else(PoisonError::into_inner).insert(user_id, access.clone());
        }
        Ok(Some(access))
    }

    /// [`Engine::fresh_access`] for what acts without its owner; `None` also where his time is over.
    ///
    /// # Errors
    /// As [`Engine::access`].
    pub fn acting_access(&self, tx: &mut dyn Query, snapshot: &Snapshot, user_id: i64) -> Result<Option<Arc<Access>>> {
        match self.inner.access.may_act(tx, user_id, self.clock().now_ms())? {
            true => self.fresh_access(tx, snapshot, user_id),
            false => Ok(None),
        }
    }

    /// Whether a session of a user goes on and his working hours are open.
    ///
    /// # Errors
    /// Those of the database.
    pub fn session_stands(&self, tx: &mut dyn Query, session_id: i64, user_id: i64) -> Result<bool> {
        self.inner.access.session_stands(tx, session_id, user_id, self.clock().now_ms())
    }

    /// Runs a write transaction; once it is durable, whoever waits for events wakes.
    ///
    /// # Errors
    /// Those of the closure and of the database.
    pub fn write<T, E: From<database::DatabaseError>>(
        &self,
        mut work: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let set_writes = self.set_writes();
        let result = self.inner.database.write(&mut work)?;
        self.follow_write(set_writes);
        Ok(result)
    }

    /// [`Engine::write`] for a batch of hundreds of records, alone in its transaction.
    ///
    /// # Errors
    /// Those of `work` and of the database.
    pub fn write_batch<T, E: From<database::DatabaseError>>(
        &self,
        mut work: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let set_writes = self.set_writes();
        let result = self.inner.database.write_alone(&mut work)?;
        self.follow_write(set_writes);
        Ok(result)
    }

    fn set_writes(&self) -> u64 {
        self.inner.set_writes.load(Ordering::Acquire)
    }

    /// Whoever wrote a set finds its members at once; other processes, and this one if the reading fails, hear of it from the outbox.
    fn follow_write(&self, set_writes_before: u64) {
        if self.set_writes() != set_writes_before
            && let Err(error) = self.reload()
        {
            tracing::warn!(%error, "the catalog could not be read again");
        }
        self.wake();
    }

    /// Tells everyone who waits that something may have happened.
    pub fn wake(&self) {
        *self.inner.generation.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.inner.changed.notify_all();
    }

    /// Counts the wakes.
    pub fn generation(&self) -> u64 {
        *self.inner.generation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something was written in this process since generation `seen`, at most `limit`; answers the generation now.
    pub fn wait_for_events(&self, seen: u64, limit: Duration) -> u64 {
        let deadline = Instant::now() + limit;
        let mut generation = self.inner.generation.lock().unwrap_or_else(PoisonError::into_inner);
        while *generation == seen {
            let rest = deadline.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                break;
            }
            generation = self.inner.changed.wait_timeout(generation, rest).unwrap_or_else(PoisonError::into_inner).0;
        }
        *generation
    }

    /// Reads catalog and settings again, after a change here or in another process.
    ///
    /// # Errors
    /// Those of the database.
    pub fn reload(&self) -> Result<()> {
        let snapshot = self.inner.database.write(|tx| self.load(tx))?;
        self.take(snapshot);
        Ok(())
    }

    /// Works with this snapshot from now on, unless a newer one came first: two threads may have read one after the other.
    fn take(&self, snapshot: Snapshot) {
        let mut current = self.inner.current.write().unwrap_or_else(PoisonError::into_inner);
        if snapshot.catalog.version >= current.catalog.version {
            *current = snapshot;
        }
    }

    /// Changes a field.
    ///
    /// # Errors
    /// `Forbidden` for all but administrators, `NotFound`, `Invalid` for wrong settings.
    pub fn change_field(
        &self,
        context: &RequestContext,
        object_type: &str,
        field: &str,
        change: &FieldChange,
    ) -> Result<()> {
        self.change_catalog(context, |tx, snapshot| {
            let object_type = snapshot.object_type(object_type)?;
            let field = object_type.field(field).filter(|field| !field.is_system).ok_or(EngineError::NotFound)?;
            catalog::change_field(tx, snapshot, context, &object_type, field, change)
        })
    }

    /// Builds the index of a field, so that lists sort and filter by it fast. On SQLite writers wait for it.
    ///
    /// # Errors
    /// `Forbidden` for all but administrators, `NotFound`.
    pub fn index_field(&self, context: &RequestContext, object_type: &str, field: &str) -> Result<()> {
        self.change_catalog(context, |tx, snapshot| {
            let object_type = snapshot.object_type(object_type)?;
            let field: &Field =
                object_type.field(field).filter(|field| !field.is_system).ok_or(EngineError::NotFound)?;
            schema_sync::create_field_index(tx, &object_type, field)?;
            catalog::set_indexed(tx, field)
        })
    }

    /// Changes the catalog in a transaction of its own; `work` gets the catalog as it is stored. Afterwards the engine works with the new one.
    ///
    /// # Errors
    /// `Forbidden` for all but administrators; those of `work`.
    pub fn change_catalog<T, E: From<EngineError> + From<database::DatabaseError>>(
        &self,
        context: &RequestContext,
        work: impl Fn(&mut Tx, &Snapshot) -> Result<T, E>,
    ) -> Result<T, E> {
        self.change_catalog_noted(context, work).map(|(result, _)| result)
    }

    /// [`Engine::change_catalog`] with the operation that takes the change back; `None` when nothing is other than before.
    ///
    /// # Errors
    /// As [`Engine::change_catalog`].
    pub fn change_catalog_noted<T, E: From<EngineError> + From<database::DatabaseError>>(
        &self,
        context: &RequestContext,
        work: impl Fn(&mut Tx, &Snapshot) -> Result<T, E>,
    ) -> Result<(T, Option<i64>), E> {
        if !context.may(Feature::Fields) {
            return Err(EngineError::Forbidden.into());
        }
        let (result, changed) = self.inner.database.write_alone(|tx| {
            catalog::lock(tx)?;
            let mut snapshot = self.snapshot();
            // Another process may have changed the catalog since this one read it.
            if catalog::version(tx)? != snapshot.catalog.version {
                snapshot = self.load(tx)?;
            }
            let before = catalog::journal::stored(tx)?;
            let result = work(tx, &snapshot)?;
            let changed = self.load(tx)?;
            let after = catalog::journal::stored(tx)?;
            let title = |place| catalog::journal::title_of(&changed.catalog.object_types, place, &context.language);
            let operation = catalog::journal::record(tx, context, &before, &after, title)?;
            // A repeated request changes nothing.
            if changed.catalog.version != snapshot.catalog.version {
                outbox::emit(tx, context, None, "catalog", &json!({ "version": changed.catalog.version }))?;
            }
            if let Some(operation) = operation {
                audit::record(tx, context, Event::new(Kind::CatalogChanged).with("operation_id", operation));
            }
            Ok::<_, E>(((result, operation), changed))
        })?;
        self.take(changed);
        self.wake();
        Ok(result)
    }

    /// Catalog and settings as this transaction sees them, its own changes included.
    ///
    /// # Errors
    /// Those of the database; `Stored` for a catalog that cannot be read.
    pub fn load(&self, tx: &mut Tx) -> Result<Snapshot> {
        let mut catalog = catalog::load(tx, &self.inner.definitions)?;
        catalog.attach_sets(tx)?;
        Ok(Snapshot::new(catalog, settings::read_installation(tx)?, self.inner.set_writes.clone()))
    }
}
