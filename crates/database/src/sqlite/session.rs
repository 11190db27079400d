//! One SQLite connection as a session.
//!
//! Statements are cached by their text. SQLite prepares them again on its own when
//! the schema has changed; therefore columns are counted after the first step and
//! not before it.

use std::time::Instant;

use rusqlite::{
    CachedStatement, Connection,
    types::{ToSql, ToSqlOutput, ValueRef},
};

use super::errors::translate;
use crate::{
    Backend, DatabaseError, Row, Value, in_list, quote_identifier,
    session::{EachRow, Mode, Session, check_row_lengths},
};

/// Instructions of SQLite's machine between two looks at the clock: well below a millisecond.
const INSTRUCTIONS_PER_CHECK: i32 = 1_000;

/// A connection and the deadline of its transaction.
pub(super) struct SqliteSession {
    connection: Connection,
    deadline: Option<Instant>,
}

/// A value on its way into a statement.
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(value) => ValueRef::Integer(*value),
            Value::Real(value) => ValueRef::Real(*value),
            Value::Text(value) => ValueRef::Text(value.as_bytes()),
            Value::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

impl SqliteSession {
    pub(super) fn new(connection: Connection) -> Self {
        SqliteSession { connection, deadline: None }
    }

    /// Prepares and binds; a passed deadline fails here, since a short statement never looks at the clock.
    fn prepare(&self, sql: &str, params: &[Value]) -> Result<CachedStatement<'_>, DatabaseError> {
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(DatabaseError::TimedOut);
        }
        let mut statement = self.connection.prepare_cached(sql).map_err(|error| translate(&error))?;
        if statement.parameter_count() != params.len() {
            return Err(DatabaseError::Other(format!(
                "a statement has {} placeholders and got {} values",
                statement.parameter_count(),
                params.len()
            )));
        }
        bind(&mut statement, params)?;
        Ok(statement)
    }

    /// Runs a statement of this module that takes and gives nothing.
    fn run(&self, sql: &str) -> Result<(), DatabaseError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.raw_execute())
            .map(drop)
            .map_err(|error| translate(&error))
    }
}

fn bind(statement: &mut CachedStatement<'_>, params: &[Value]) -> Result<(), DatabaseError> {
    for (index, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, Bound(value)).map_err(|error| translate(&error))?;
    }
    Ok(())
}

fn read_row(row: &rusqlite::Row<'_>, columns: usize) -> Result<Row, DatabaseError> {
    let mut values = Vec::with_capacity(columns);
    for index in 0..columns {
        let value = row.get_ref(index).map_err(|error| translate(&error))?;
        values.push(match value {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(value) => Value::Integer(value),
            ValueRef::Real(value) => Value::Real(value),
            ValueRef::Text(value) => Value::Text(
                std::str::from_utf8(value)
                    .map_err(|_| DatabaseError::Column(format!("column {index} holds text that is not UTF-8")))?
                    .to_owned(),
            ),
            ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
        });
    }
    Ok(Row::new(values))
}

impl Session for SqliteSession {
    fn backend(&self) -> Backend {
        Backend::Sqlite
    }

    fn begin(&mut self, mode: Mode) -> Result<(), DatabaseError> {
        self.run(match mode {
            Mode::Read => "BEGIN DEFERRED",
            // Taking the lock at once is what makes the wait for another process possible.
            Mode::Write => "BEGIN IMMEDIATE",
        })
    }

    fn commit(&mut self) -> Result<(), DatabaseError> {
        self.run("COMMIT")
    }

    fn rollback(&mut self) -> Result<(), DatabaseError> {
        let lifted = self.set_deadline(None);
        self.run("ROLLBACK").and(lifted)
    }

    fn savepoint(&mut self, depth: usize) -> Result<(), DatabaseError> {
        self.run(&format!("SAVEPOINT s{depth}"))
    }

    fn release(&mut self, depth: usize) -> Result<(), DatabaseError> {
        self.run(&format!("RELEASE s{depth}"))
    }

    fn undo_to(&mut self, depth: usize) -> Result<(), DatabaseError> {
        self.run(&format!("ROLLBACK TO s{depth}"))?;
        self.release(depth)
    }

    fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    fn is_usable(&self) -> bool {
        true
    }

    fn set_deadline(&mut self, deadline: Option<Instant>) -> Result<(), DatabaseError> {
        if self.deadline == deadline {
            return Ok(());
        }
        self.deadline = deadline;
        self.connection
            .progress_handler(INSTRUCTIONS_PER_CHECK, deadline.map(|deadline| move || Instant::now() >= deadline))
            .map_err(|error| translate(&error))
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        let mut collected = Vec::new();
        self.query_each(sql, params, &mut |row| {
            collected.push(row);
            Ok(true)
        })?;
        Ok(collected)
    }

    fn query_each(&mut self, sql: &str, params: &[Value], each: EachRow<'_>) -> Result<(), DatabaseError> {
        let mut statement = self.prepare(sql, params)?;
        let mut rows = statement.raw_query();
        let mut columns = None;
        while let Some(row) = rows.next().map_err(|error| translate(&error))? {
            let columns = *columns.get_or_insert_with(|| row.as_ref().column_count());
            if !each(read_row(row, columns)?)? {
                break;
            }
        }
        Ok(())
    }

    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DatabaseError> {
        let changed = self.prepare(sql, params)?.raw_execute().map_err(|error| translate(&error))?;
        Ok(changed as u64)
    }

    fn execute_batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.connection.execute_batch(sql).map_err(|error| translate(&error))
    }

    fn insert_many(&mut self, table: &str, columns: &[&str], rows: &[Vec<Value>]) -> Result<(), DatabaseError> {
        check_row_lengths(table, columns, rows)?;
        let names: Vec<String> = columns.iter().map(|name| quote_identifier(name)).collect();
        let sql =
            format!("INSERT INTO {} ({}) VALUES {}", quote_identifier(table), names.join(", "), in_list(columns.len()));
        // One prepared statement run per row is faster on SQLite than a statement with many rows.
        let mut statement = self.connection.prepare_cached(&sql).map_err(|error| translate(&error))?;
        for row in rows {
            bind(&mut statement, row)?;
            statement.raw_execute().map_err(|error| translate(&error))?;
        }
        Ok(())
    }

    fn allocate_ids(&mut self, sequence: &str, count: usize) -> Result<Vec<i64>, DatabaseError> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let taken = i64::try_from(count).map_err(|_| DatabaseError::Other("too many ids at once".to_owned()))?;
        let rows = self.query(
            "INSERT INTO sequences (name, next) VALUES (?, 1 + ?) \
             ON CONFLICT (name) DO UPDATE SET next = next + excluded.next - 1 RETURNING next",
            &[sequence.into(), taken.into()],
        )?;
        let next = rows.first().map_or(Ok(1), |row| row.integer(0))?;
        Ok((next - taken..next).collect())
    }

    fn ensure_id_above(&mut self, sequence: &str, id: i64) -> Result<(), DatabaseError> {
        self.execute(
            "INSERT INTO sequences (name, next) VALUES (?, ?) \
             ON CONFLICT (name) DO UPDATE SET next = max(next, excluded.next)",
            &[sequence.into(), id.saturating_add(1).max(1).into()],
        )
        .map(drop)
    }
}
