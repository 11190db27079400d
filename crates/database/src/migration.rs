//! System migrations: forward only, each in one transaction with its record.
//!
//! What must stay true: a released migration is never edited (its checksum is kept
//! in the database and compared), a database of a newer release is refused, and a
//! SQLite file with data is backed up before anything in it changes. Several
//! processes may start at once on one database; each migration runs once.
//!
//! Tables of record types are not made here; they follow the catalog.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{Backend, Database, DatabaseError, Query, ReadTx, Tx, expand_types, hex};

/// One step from a version of the schema to the next.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The number of the step; steps run in ascending order.
    pub version: i64,
    /// What the step does, in a few words, for people.
    pub name: &'static str,
    /// The statements of the step.
    pub sql: MigrationSql,
}

/// The statements of a migration, separated by `;`.
#[derive(Clone, Copy, Debug)]
pub enum MigrationSql {
    /// One text for both databases, with the tokens of [`expand_types`].
    Both(&'static str),
    /// A text for each database, where one cannot serve; the tokens work as well.
    PerBackend {
        /// The text for SQLite.
        sqlite: &'static str,
        /// The text for PostgreSQL.
        postgres: &'static str,
    },
}

/// What [`migrate`] has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// The version before; `None` for a new database.
    pub from: Option<i64>,
    /// The versions applied now, ascending.
    pub applied: Vec<i64>,
    /// The automatic backup, if one was made.
    pub backup: Option<PathBuf>,
}

/// A migration that the database remembers.
struct Applied {
    name: String,
    checksum: String,
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (\
    version {id}, name {text} NOT NULL, checksum {text} NOT NULL, applied_at {text} NOT NULL)";

const NOW_SQLITE: &str = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')";
const NOW_POSTGRES: &str = "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";

/// Brings the database to the newest of `migrations`, which are sorted by version.
///
/// Before the first pending step a SQLite database with a version is copied into
/// `backup_dir`, if one is given; PostgreSQL is not (see [`Database::backup_to`]).
/// Fails with `NewerDatabase` or `MigrationMismatch` before it changes anything;
/// when a step fails, the steps before it stay and the step itself is undone.
pub fn migrate(
    database: &Database,
    migrations: &[Migration],
    backup_dir: Option<&Path>,
) -> Result<MigrationReport, DatabaseError> {
    check_order(migrations)?;
    create_table(database)?;
    let backend = database.backend();
    let applied = database.read(load_applied)?;
    check_agreement(backend, migrations, &applied)?;

    let mut report = MigrationReport { from: applied.keys().next_back().copied(), ..MigrationReport::default() };
    let pending: Vec<&Migration> =
        migrations.iter().filter(|migration| !applied.contains_key(&migration.version)).collect();
    if let (Some(version), Some(directory), false, Backend::Sqlite) =
        (report.from, backup_dir, pending.is_empty(), backend)
    {
        report.backup = Some(back_up(database, version, directory)?);
    }
    for migration in pending {
        if database.write_alone(|tx| apply(tx, migration))? {
            tracing::info!(version = migration.version, name = migration.name, "migrated the database");
            report.applied.push(migration.version);
        }
    }
    Ok(report)
}

/// Two processes that create the table at once collide on PostgreSQL, whose `IF NOT EXISTS`
/// looks before it locks. The loser finds the table at its second attempt.
fn create_table(database: &Database) -> Result<(), DatabaseError> {
    let sql = expand_types(database.backend(), TABLE);
    let create = || database.write_alone(|tx| tx.execute_batch(&sql));
    create().or_else(|_| create())
}

fn check_order(migrations: &[Migration]) -> Result<(), DatabaseError> {
    let is_sorted = migrations.windows(2).all(|pair| matches!(pair, [first, second] if first.version < second.version));
    if is_sorted {
        Ok(())
    } else {
        Err(DatabaseError::MigrationMismatch("the program lists its migrations out of order".to_owned()))
    }
}

fn load_applied(tx: &mut ReadTx) -> Result<BTreeMap<i64, Applied>, DatabaseError> {
    tx.query("SELECT version, name, checksum FROM schema_migrations ORDER BY version", &[])?
        .into_iter()
        .map(|mut row| {
            let applied = Applied { name: row.take_text(1)?, checksum: row.take_text(2)? };
            Ok((row.integer(0)?, applied))
        })
        .collect()
}

/// Refuses a database that this program must not touch.
fn check_agreement(
    backend: Backend,
    migrations: &[Migration],
    applied: &BTreeMap<i64, Applied>,
) -> Result<(), DatabaseError> {
    let known = migrations.last().map_or(0, |migration| migration.version);
    let found = applied.keys().next_back().copied().unwrap_or(0);
    if found > known {
        return Err(DatabaseError::NewerDatabase { found, known });
    }
    for (version, record) in applied {
        let Some(migration) = migrations.iter().find(|known| known.version == *version) else {
            return Err(DatabaseError::MigrationMismatch(format!(
                "the database has migration {version} ({}), which this program does not know",
                record.name
            )));
        };
        if record.checksum != checksum(text(backend, migration)) {
            return Err(DatabaseError::MigrationMismatch(format!(
                "migration {version} ({}) was edited after it had been applied",
                migration.name
            )));
        }
    }
    let skipped =
        migrations.iter().find(|migration| migration.version < found && !applied.contains_key(&migration.version));
    match skipped {
        Some(migration) => Err(DatabaseError::MigrationMismatch(format!(
            "migration {} ({}) is missing in a database at version {found}",
            migration.version, migration.name
        ))),
        None => Ok(()),
    }
}

/// Applies a migration; answers `false` when another process was faster.
fn apply(tx: &mut Tx, migration: &Migration) -> Result<bool, DatabaseError> {
    let backend = tx.backend();
    let now = match backend {
        Backend::Sqlite => NOW_SQLITE,
        Backend::Postgres => {
            tx.execute_batch("LOCK TABLE schema_migrations IN EXCLUSIVE MODE")?;
            NOW_POSTGRES
        }
    };
    let done =
        tx.query_optional("SELECT version FROM schema_migrations WHERE version = ?", &[migration.version.into()])?;
    if done.is_some() {
        return Ok(false);
    }
    let sql = text(backend, migration);
    tx.execute_batch(&expand_types(backend, sql))?;
    tx.execute(
        &format!("INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, {now})"),
        &[migration.version.into(), migration.name.into(), checksum(sql).into()],
    )?;
    Ok(true)
}

fn text(backend: Backend, migration: &Migration) -> &'static str {
    match (migration.sql, backend) {
        (MigrationSql::Both(sql), _) => sql,
        (MigrationSql::PerBackend { sqlite, .. }, Backend::Sqlite) => sqlite,
        (MigrationSql::PerBackend { postgres, .. }, Backend::Postgres) => postgres,
    }
}

/// The SHA-256 of a text in hexadecimal; line endings do not count, because version control may change them.
fn checksum(sql: &str) -> String {
    hex(&Sha256::digest(sql.replace("\r\n", "\n")))
}

/// Copies the database to `before-migration-<version>-<time>.db`; the time is the database's own, in UTC.
fn back_up(database: &Database, version: i64, directory: &Path) -> Result<PathBuf, DatabaseError> {
    std::fs::create_dir_all(directory)
        .map_err(|error| DatabaseError::Connection(format!("{}: {error}", directory.display())))?;
    let time =
        database.read(|tx| tx.query_one("SELECT strftime('%Y%m%dT%H%M%fZ', 'now')", &[]))?.text(0)?.replace('.', "");
    let path = directory.join(format!("before-migration-from-{version}-{time}.db"));
    database.backup_to(&path)?;
    Ok(path)
}
