//! What can go wrong, sorted by what a caller does about it.
//!
//! The texts are for logs and operators, in English. No variant carries a value
//! of a record: constraint messages are reduced to names of tables and columns.

use std::path::PathBuf;

/// The error of every operation of this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// A unique index refused a row.
    #[error("a row of {table} with the same {detail} exists")]
    Unique {
        /// The table; empty when SQLite names only the index (an index on an expression).
        table: String,
        /// The columns of the index, separated by `, `; the name of the index when it covers an expression.
        detail: String,
    },
    /// A row refers to a row that does not exist, or a row that others refer to would vanish.
    #[error("a reference between rows would break ({detail})")]
    ForeignKey {
        /// The name of the constraint on PostgreSQL; SQLite does not tell it.
        detail: String,
    },
    /// A column that must have a value got none.
    #[error("column {column} of {table} must not be empty")]
    NotNull {
        /// The table of the column.
        table: String,
        /// The column.
        column: String,
    },
    /// A check constraint refused a row.
    #[error("check constraint {constraint} failed")]
    Check {
        /// The name of the constraint, or its text where it has no name.
        constraint: String,
    },
    /// No connection or lock became free in time; the same call may succeed later.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The deadline of a read transaction has passed.
    #[error("the statement took longer than its deadline allowed")]
    TimedOut,
    /// The transaction met another one and lost; the crate has already retried it.
    #[error("the transaction conflicted with another one: {0}")]
    Serialization(String),
    /// The database cannot be reached, or the connection broke; after a broken commit the outcome is unknown.
    #[error("the database cannot be reached: {0}")]
    Connection(String),
    /// The disk is full, or a quota is used up; nothing of the transaction was kept.
    #[error("there is no space left for the database: {0}")]
    DiskFull(String),
    /// The file exists and is no SQLite database.
    #[error("{} is not a SQLite database", path.display())]
    NotADatabase {
        /// The refused file.
        path: PathBuf,
    },
    /// The database file is damaged.
    #[error("the database is damaged: {0}")]
    Corrupt(String),
    /// The database was migrated by a newer release of the program.
    #[error(
        "the database is at version {found}, this program knows versions up to {known}: \
         install a newer program or restore an older backup"
    )]
    NewerDatabase {
        /// The highest version recorded in the database.
        found: i64,
        /// The highest version that the program knows.
        known: i64,
    },
    /// The recorded migrations do not agree with those of the program.
    #[error("the migrations do not agree with the database: {0}")]
    MigrationMismatch(String),
    /// A column holds another kind of value than the code expects.
    #[error("{0}")]
    Column(String),
    /// The operation does not exist for this database or in this place.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// Anything that callers do not tell apart: wrong SQL, a wrong address, a driver's complaint.
    #[error("database error: {0}")]
    Other(String),
}
