//! One PostgreSQL connection as a session.
//!
//! What must stay true: after a failure of the network the session says that it is
//! not usable, so that its pool drops it; and a transaction that the server has
//! given up is never reported as committed.

use std::{io::Write, sync::Arc, time::Instant};

use postgres::{Client, Statement, types::ToSql};

use super::{
    binding::{Bound, Fetched},
    connection::Server,
    copy,
    errors::{is_stale_statement, translate},
    sequences,
    statements::StatementCache,
};
use crate::{
    Backend, DatabaseError, Row, Value, in_list, quote_identifier,
    session::{EachRow, Mode, Session, check_row_lengths},
};

/// Rows fetched at once from a cursor.
const ROWS_PER_FETCH: usize = 500;

/// The protocol allows 65,535 parameters in a statement.
const MOST_PARAMETERS: usize = 60_000;

/// From this number of rows on, `COPY` is faster than `INSERT`.
const FEWEST_ROWS_TO_COPY: usize = 64;

/// The text of rows collected before it is sent, in bytes.
const COPY_BUFFER: usize = 256 * 1024;

/// A connection and the state of its transaction.
pub(super) struct PostgresSession {
    server: Arc<Server>,
    client: Client,
    statements: StatementCache,
    transaction: Option<Mode>,
    /// Whether a statement has run, so that the snapshot of the transaction is taken.
    has_snapshot: bool,
    deadline: Option<Instant>,
    broken: bool,
}

impl PostgresSession {
    pub(super) fn open(server: Arc<Server>) -> Result<Self, DatabaseError> {
        Ok(PostgresSession {
            client: server.connect()?,
            server,
            statements: StatementCache::default(),
            transaction: None,
            has_snapshot: false,
            deadline: None,
            broken: false,
        })
    }

    /// Translates an error and draws the consequences for the connection.
    fn fail(&mut self, error: &postgres::Error) -> DatabaseError {
        if is_stale_statement(error) {
            self.statements.clear();
            return DatabaseError::Serialization("a table was altered under a prepared statement".to_owned());
        }
        let translated = translate(error);
        if matches!(translated, DatabaseError::Connection(_)) || self.client.is_closed() {
            self.broken = true;
        }
        translated
    }

    /// Sends statements without parameters.
    fn send(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.client.batch_execute(sql).map_err(|error| self.fail(&error))
    }

    /// Gives the next statement what is left until the deadline.
    fn apply_deadline(&mut self) -> Result<(), DatabaseError> {
        let Some(deadline) = self.deadline else {
            return Ok(());
        };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(DatabaseError::TimedOut);
        }
        // Zero would mean "no limit", hence at least one millisecond.
        self.send(&format!("SET LOCAL statement_timeout = {}", left.as_millis().max(1)))
    }

    fn prepare(&mut self, sql: &str, params: &[Value]) -> Result<Statement, DatabaseError> {
        let statement = self.statements.get(&mut self.client, sql).map_err(|error| self.fail(&error))?;
        if statement.params().len() != params.len() {
            return Err(DatabaseError::Other(format!(
                "a statement has {} placeholders and got {} values",
                statement.params().len(),
                params.len()
            )));
        }
        Ok(statement)
    }

    /// Runs a prepared statement and collects its rows.
    fn run_query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        let statement = self.prepare(sql, params)?;
        let bound: Vec<Bound<'_>> = params.iter().map(Bound).collect();
        self.client
            .query(&statement, &as_parameters(&bound))
            .and_then(|rows| rows.iter().map(read_row).collect())
            .map_err(|error| self.fail(&error))
    }

    fn run_execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DatabaseError> {
        let statement = self.prepare(sql, params)?;
        let bound: Vec<Bound<'_>> = params.iter().map(Bound).collect();
        self.client.execute(&statement, &as_parameters(&bound)).map_err(|error| self.fail(&error))
    }

    /// Sends rows by `COPY`; `target` is a table with its columns, quoted.
    fn copy(&mut self, target: &str, rows: &[Vec<Value>]) -> Result<(), DatabaseError> {
        let send = |client: &mut Client| -> Result<(), postgres::Error> {
            let mut writer = client.copy_in(&format!("COPY {target} FROM STDIN"))?;
            let mut text = String::with_capacity(COPY_BUFFER);
            for row in rows {
                copy::push_row(&mut text, row);
                if text.len() >= COPY_BUFFER {
                    // When the server has given up, the end of the copy tells why.
                    if writer.write_all(text.as_bytes()).is_err() {
                        break;
                    }
                    text.clear();
                }
            }
            let _ = writer.write_all(text.as_bytes());
            writer.finish().map(drop)
        };
        send(&mut self.client).map_err(|error| self.fail(&error))
    }

    /// Runs a step of a transaction; a stale statement at its very start is prepared again unnoticed.
    ///
    /// Later the transaction is lost, and the error asks the caller to run it again.
    fn step<T>(&mut self, run: impl Fn(&mut Self) -> Result<T, DatabaseError>) -> Result<T, DatabaseError> {
        self.apply_deadline()?;
        let mut result = run(self);
        if matches!(result, Err(DatabaseError::Serialization(_)))
            && self.transaction == Some(Mode::Read)
            && !self.has_snapshot
        {
            self.rollback_transaction()?;
            self.begin(Mode::Read)?;
            self.apply_deadline()?;
            result = run(self);
        }
        self.has_snapshot = true;
        result
    }

    fn rollback_transaction(&mut self) -> Result<(), DatabaseError> {
        self.transaction = None;
        self.send("ROLLBACK")
    }

    /// Fetches from the open cursor until it is empty or the callback has enough.
    fn drain_cursor(&mut self, each: EachRow<'_>) -> Result<(), DatabaseError> {
        let fetch = format!("FETCH FORWARD {ROWS_PER_FETCH} FROM stream");
        loop {
            self.apply_deadline()?;
            let batch: Vec<Row> = self
                .client
                .query_typed(&fetch, &[])
                .and_then(|rows| rows.iter().map(read_row).collect())
                .map_err(|error| self.fail(&error))?;
            let is_last = batch.len() < ROWS_PER_FETCH;
            for row in batch {
                if !each(row)? {
                    return Ok(());
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }
}

/// The form in which the driver takes parameters.
fn as_parameters<'a>(bound: &'a [Bound<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    bound.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn read_row(row: &postgres::Row) -> Result<Row, postgres::Error> {
    let mut values = Vec::with_capacity(row.len());
    for index in 0..row.len() {
        values.push(row.try_get::<_, Fetched>(index)?.0);
    }
    Ok(Row::new(values))
}

impl Session for PostgresSession {
    fn backend(&self) -> Backend {
        Backend::Postgres
    }

    fn begin(&mut self, mode: Mode) -> Result<(), DatabaseError> {
        self.send(match mode {
            Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Mode::Write => "BEGIN ISOLATION LEVEL READ COMMITTED",
        })?;
        self.transaction = Some(mode);
        self.has_snapshot = false;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), DatabaseError> {
        self.transaction = None;
        self.send("COMMIT")
    }

    fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.deadline = None;
        self.rollback_transaction()
    }

    fn savepoint(&mut self, depth: usize) -> Result<(), DatabaseError> {
        self.send(&format!("SAVEPOINT s{depth}"))
    }

    fn release(&mut self, depth: usize) -> Result<(), DatabaseError> {
        self.send(&format!("RELEASE SAVEPOINT s{depth}"))
    }

    fn undo_to(&mut self, depth: usize) -> Result<(), DatabaseError> {
        self.send(&format!("ROLLBACK TO SAVEPOINT s{depth}; RELEASE SAVEPOINT s{depth}"))
    }

    fn in_transaction(&self) -> bool {
        self.transaction.is_some()
    }

    fn is_usable(&self) -> bool {
        !self.broken && !self.client.is_closed()
    }

    fn set_deadline(&mut self, deadline: Option<Instant>) -> Result<(), DatabaseError> {
        self.deadline = deadline;
        Ok(())
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        self.step(|session| session.run_query(sql, params))
    }

    fn query_each(&mut self, sql: &str, params: &[Value], each: EachRow<'_>) -> Result<(), DatabaseError> {
        let declare = format!("DECLARE stream NO SCROLL CURSOR FOR {sql}");
        self.step(|session| session.run_execute(&declare, params))?;
        let result = self.drain_cursor(each);
        // After a failed statement the transaction, and with it the cursor, is gone; the first error counts.
        let closed = self.send("CLOSE stream");
        result.and(closed)
    }

    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DatabaseError> {
        self.step(|session| session.run_execute(sql, params))
    }

    fn execute_batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.step(|session| session.send(sql))
    }

    fn insert_many(&mut self, table: &str, columns: &[&str], rows: &[Vec<Value>]) -> Result<(), DatabaseError> {
        check_row_lengths(table, columns, rows)?;
        let names: Vec<String> = columns.iter().map(|name| quote_identifier(name)).collect();
        let target = format!("{} ({})", quote_identifier(table), names.join(", "));
        if rows.len() >= FEWEST_ROWS_TO_COPY {
            return self.step(|session| session.copy(&target, rows));
        }
        let tuple = in_list(columns.len());
        let mut rest = rows;
        while !rest.is_empty() {
            // Powers of two keep the number of different statements, and so of prepared ones, small.
            let most = (MOST_PARAMETERS / columns.len().max(1)).max(1);
            let size = 1 << rest.len().min(most).ilog2();
            let (chunk, after) = rest.split_at(size);
            rest = after;
            let tuples = vec![tuple.as_str(); size].join(",");
            let params: Vec<Value> = chunk.iter().flatten().cloned().collect();
            self.execute(&format!("INSERT INTO {target} VALUES {tuples}"), &params)?;
        }
        Ok(())
    }

    fn allocate_ids(&mut self, sequence: &str, count: usize) -> Result<Vec<i64>, DatabaseError> {
        if count == 0 {
            return Ok(Vec::new());
        }
        sequences::ensure_exists(&self.server, sequence)?;
        let rows = self.query(
            "SELECT nextval(CAST(CAST(? AS text) AS regclass)) FROM generate_series(1, CAST(? AS bigint))",
            &[sequences::object_name(sequence).into(), Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))],
        )?;
        rows.iter().map(|row| row.integer(0)).collect()
    }

    fn ensure_id_above(&mut self, sequence: &str, id: i64) -> Result<(), DatabaseError> {
        sequences::ensure_exists(&self.server, sequence)?;
        let name = sequences::object_name(sequence);
        let sql = format!("SELECT last_value FROM {name} WHERE is_called AND last_value >= ?");
        if self.query(&sql, &[id.into()])?.is_empty() {
            sequences::raise(&self.server, sequence, id)?;
        }
        Ok(())
    }
}
