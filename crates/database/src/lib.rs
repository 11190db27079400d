//! Connections, transactions and migrations over SQLite and PostgreSQL.
//!
//! This is the only crate that names a SQL driver. Everything above it writes SQL
//! with `?` placeholders, binds [`Value`]s, reads [`Row`]s, and works on either
//! database without knowing which one it has.
//!
//! ```no_run
//! use database::{Database, DatabaseError, OpenOptions, Query};
//!
//! # fn main() -> Result<(), DatabaseError> {
//! let database = Database::open("sqlite:kartoteka.db", OpenOptions::default())?;
//! database.write(|tx| tx.execute("UPDATE deals SET stage = ? WHERE id = ?", &["won".into(), 7.into()]))?;
//! let stage = database.read(|tx| tx.query_one("SELECT stage FROM deals WHERE id = ?", &[7.into()])?.text(0))?;
//! # let _ = stage;
//! # Ok(())
//! # }
//! ```
//!
//! What holds on both databases:
//!
//! - [`Database::write`] returns when the transaction is durable. An error or a
//!   panic of the closure undoes that closure's work and nobody else's.
//! - [`Database::read`] sees one consistent snapshot and never waits for a writer.
//! - A transaction in which a statement failed cannot be committed: PostgreSQL
//!   would quietly roll it back, so both databases refuse. Whoever expects a
//!   failure wraps it in [`Tx::savepoint`].
//! - The closure of a write may run more than once (PostgreSQL asks for that after
//!   a conflict), so it must not have effects outside the transaction; those
//!   belong into [`Tx::after_commit`].
//! - Every call blocks its thread. From asynchronous code it runs on a thread
//!   meant for blocking; the PostgreSQL driver panics inside an async worker.
//! - Statements list their columns. `SELECT *` is refused nowhere and still wrong:
//!   columns are added while statements are cached.
//!
//! What it does not do: it builds no queries beyond `INSERT`, knows no record
//! types, and never changes the values that pass through it.

mod database;
mod dialect;
mod error;
mod hex;
mod migration;
mod nesting;
mod pool;
mod postgresql;
mod row;
mod session;
mod session_pool;
mod sqlite;
mod transaction;
mod value;

pub use self::hex::{hex, unhex};
pub use self::{
    database::{Database, OpenOptions, Statistics},
    dialect::{
        Backend, ColumnType, MOST_PARAMETERS, column_type, expand_types, in_list, padded_in_list, quote_identifier,
    },
    error::DatabaseError,
    migration::{Migration, MigrationReport, MigrationSql, migrate},
    row::Row,
    transaction::{LastWork, Query, ReadTx, Tx},
    value::Value,
};
