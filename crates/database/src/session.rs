//! What a connection of either database can do, seen from the transactions above it.
//!
//! A session is used by one thread at a time and is always in the hands of a pool,
//! of a transaction, or of the code that moves it between the two.

use std::time::Instant;

use crate::{Backend, DatabaseError, Row, Value};

/// The callback of a streamed query: takes a row, answers whether to go on.
pub(crate) type EachRow<'a> = &'a mut dyn FnMut(Row) -> Result<bool, DatabaseError>;

/// Whether a transaction may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// One snapshot, no writes.
    Read,
    /// Reads and writes.
    Write,
}

/// One connection.
pub(crate) trait Session: Send {
    fn backend(&self) -> Backend;

    fn begin(&mut self, mode: Mode) -> Result<(), DatabaseError>;
    fn commit(&mut self) -> Result<(), DatabaseError>;
    fn rollback(&mut self) -> Result<(), DatabaseError>;
    /// Opens the savepoint of this nesting depth.
    fn savepoint(&mut self, depth: usize) -> Result<(), DatabaseError>;
    /// Keeps the work since the savepoint of this depth.
    fn release(&mut self, depth: usize) -> Result<(), DatabaseError>;
    /// Undoes the work since the savepoint of this depth and removes the savepoint.
    fn undo_to(&mut self, depth: usize) -> Result<(), DatabaseError>;
    /// Says whether a transaction is open; a database may have ended it on its own after an error.
    fn in_transaction(&self) -> bool;
    /// Says whether the connection can serve another transaction.
    fn is_usable(&self) -> bool;

    /// Statements fail with `TimedOut` after this moment; `None` lifts the limit.
    fn set_deadline(&mut self, deadline: Option<Instant>) -> Result<(), DatabaseError>;

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DatabaseError>;
    fn query_each(&mut self, sql: &str, params: &[Value], each: EachRow<'_>) -> Result<(), DatabaseError>;
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DatabaseError>;
    fn execute_batch(&mut self, sql: &str) -> Result<(), DatabaseError>;
    fn insert_many(&mut self, table: &str, columns: &[&str], rows: &[Vec<Value>]) -> Result<(), DatabaseError>;
    fn allocate_ids(&mut self, sequence: &str, count: usize) -> Result<Vec<i64>, DatabaseError>;
    fn ensure_id_above(&mut self, sequence: &str, id: i64) -> Result<(), DatabaseError>;
}

/// Refuses rows whose length differs from the number of columns, before any of them is sent.
pub(crate) fn check_row_lengths(table: &str, columns: &[&str], rows: &[Vec<Value>]) -> Result<(), DatabaseError> {
    match rows.iter().find(|row| row.len() != columns.len()) {
        Some(row) => Err(DatabaseError::Other(format!(
            "a row for {table} has {} values for {} columns",
            row.len(),
            columns.len()
        ))),
        None => Ok(()),
    }
}
