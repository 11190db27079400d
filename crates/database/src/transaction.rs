//! Transactions as the closures of [`crate::Database`] see them.
//!
//! What must stay true: a write transaction remembers the first statement that
//! failed in it and refuses everything after that, because PostgreSQL does. Only
//! undoing a savepoint that encloses the failure makes the transaction good again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::{
    Backend, DatabaseError, Row, Value,
    session::{EachRow, Session},
};

/// Work that waits for the transaction to become durable.
pub(crate) type Hook = Box<dyn FnOnce() + Send>;

/// A statement that waits for the end of its transaction.
pub(crate) struct LateStatement {
    sql: String,
    params: Vec<Value>,
}

/// Work that waits for the end of its transaction.
pub type LastWork = Box<dyn FnOnce(&mut Tx) -> Result<(), DatabaseError> + Send>;

/// What a closure leaves to be done with its transaction: before the commit and after it.
#[derive(Default)]
pub(crate) struct Pending {
    late: Vec<LateStatement>,
    last: Vec<LastWork>,
    hooks: Vec<Hook>,
}

impl Pending {
    /// Adds what a later closure of the same transaction left.
    pub(crate) fn extend(&mut self, more: Pending) {
        self.late.extend(more.late);
        self.last.extend(more.last);
        self.hooks.extend(more.hooks);
    }

    /// Runs the late statements, then the last work; the transaction is still open.
    pub(crate) fn run_late(&mut self, session: Box<dyn Session>) -> (Box<dyn Session>, Result<(), DatabaseError>) {
        let mut tx = Tx::new(session);
        let late = self.late.drain(..).try_for_each(|late| tx.execute(&late.sql, &late.params).map(drop));
        let last = std::mem::take(&mut self.last);
        // Whoever waits for this group must hear of a panic too.
        let run = AssertUnwindSafe(|| last.into_iter().try_for_each(|work| work(&mut tx)));
        let result = late.and_then(|()| {
            catch_unwind(run)
                .unwrap_or_else(|_| Err(DatabaseError::Other("the last work of a transaction panicked".into())))
        });
        (tx.into_parts().0, result)
    }

    /// The work for the time after the commit.
    pub(crate) fn into_hooks(self) -> Vec<Hook> {
        self.hooks
    }

    fn len(&self) -> (usize, usize, usize) {
        (self.late.len(), self.last.len(), self.hooks.len())
    }

    fn truncate(&mut self, (late, last, hooks): (usize, usize, usize)) {
        self.late.truncate(late);
        self.last.truncate(last);
        self.hooks.truncate(hooks);
    }
}

/// Reading, offered alike by read and write transactions.
///
/// Placeholders are written `?` and filled in order. Errors are those of the
/// statement; a wrong number of parameters is one of them.
pub trait Query {
    /// The database that runs the statements, for the few that differ.
    fn backend(&self) -> Backend;

    /// Runs a statement and collects all its rows.
    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DatabaseError>;

    /// Runs a `SELECT` and hands its rows to `each` one by one until it answers `false`.
    ///
    /// Memory does not grow with the number of rows. An error of `each` ends the
    /// query and comes back unchanged.
    fn query_each(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(Row) -> Result<bool, DatabaseError>,
    ) -> Result<(), DatabaseError>;

    /// Runs a statement that gives at most one row; more than one is an error.
    fn query_optional(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, DatabaseError> {
        let mut rows = self.query(sql, params)?;
        let row = rows.pop();
        if rows.is_empty() {
            Ok(row)
        } else {
            Err(DatabaseError::Column(format!("a statement gave {} rows where one was expected", rows.len() + 1)))
        }
    }

    /// Runs a statement that gives exactly one row; any other number is an error.
    fn query_one(&mut self, sql: &str, params: &[Value]) -> Result<Row, DatabaseError> {
        self.query_optional(sql, params)?
            .ok_or_else(|| DatabaseError::Column("a statement gave no row where one was expected".to_owned()))
    }
}

/// A read transaction: one consistent snapshot of the database.
pub struct ReadTx {
    session: Box<dyn Session>,
}

impl ReadTx {
    pub(crate) fn new(session: Box<dyn Session>) -> Self {
        ReadTx { session }
    }

    pub(crate) fn into_session(self) -> Box<dyn Session> {
        self.session
    }

    /// Limits the rest of the transaction to `limit` from now.
    ///
    /// A statement that would run longer is stopped and fails with
    /// [`DatabaseError::TimedOut`], and so do all statements after the deadline.
    /// A later call sets a new limit. After `TimedOut` the transaction is of no more
    /// use, on PostgreSQL it is already lost; whoever wants to go on reads anew.
    pub fn set_deadline(&mut self, limit: Duration) -> Result<(), DatabaseError> {
        self.session.set_deadline(Instant::now().checked_add(limit))
    }
}

impl Query for ReadTx {
    fn backend(&self) -> Backend {
        self.session.backend()
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        self.session.query(sql, params)
    }

    fn query_each(&mut self, sql: &str, params: &[Value], each: EachRow<'_>) -> Result<(), DatabaseError> {
        self.session.query_each(sql, params, each)
    }
}

/// A write transaction.
pub struct Tx {
    session: Box<dyn Session>,
    pending: Pending,
    failed: Option<DatabaseError>,
    depth: usize,
}

impl Tx {
    pub(crate) fn new(session: Box<dyn Session>) -> Self {
        Tx { session, pending: Pending::default(), failed: None, depth: 0 }
    }

    /// Ends the transaction object; the session is still inside the transaction.
    pub(crate) fn into_parts(self) -> (Box<dyn Session>, Pending) {
        (self.session, self.pending)
    }

    /// The failure that keeps this transaction from being committed, if there is one.
    pub(crate) fn failure(&self) -> Option<&DatabaseError> {
        self.failed.as_ref()
    }

    /// Undoes everything, after the closure panicked in an unknown place.
    pub(crate) fn undo_all(&mut self) {
        self.pending = Pending::default();
        self.depth = 0;
        self.failed = self.session.undo_to(0).err();
    }

    /// Runs a statement and gives the number of rows that it inserted, updated or deleted.
    pub fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DatabaseError> {
        self.guarded(|session| session.execute(sql, params))
    }

    /// Runs several statements separated by `;`, without parameters and without caching: for DDL.
    pub fn execute_batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.guarded(|session| session.execute_batch(sql))
    }

    /// Inserts rows, each with one value per column, the fastest way the database has.
    ///
    /// `table` and `columns` are plain names; they are quoted here.
    pub fn insert_many(&mut self, table: &str, columns: &[&str], rows: &[Vec<Value>]) -> Result<(), DatabaseError> {
        self.guarded(|session| session.insert_many(table, columns, rows))
    }

    /// Takes `count` new ids, ascending, from a named sequence that starts at 1.
    ///
    /// An id that was committed is never given again. On SQLite the ids follow each
    /// other and an undone transaction gives them back; on PostgreSQL there may be gaps.
    pub fn allocate_ids(&mut self, sequence: &str, count: usize) -> Result<Vec<i64>, DatabaseError> {
        self.guarded(|session| session.allocate_ids(sequence, count))
    }

    /// Makes sure that the sequence never gives `id` or anything below it.
    ///
    /// For imports that bring their own ids. On PostgreSQL the effect outlives a roll-back.
    pub fn ensure_id_above(&mut self, sequence: &str, id: i64) -> Result<(), DatabaseError> {
        self.guarded(|session| session.ensure_id_above(sequence, id))
    }

    /// Runs a statement at the end of the transaction, with those of the other closures that share it.
    ///
    /// For derived data that nothing in the transaction reads and that is dear to write piece by piece: SQLite's
    /// full-text index starts a new segment after every savepoint, so one savepoint for each record made the
    /// index cost a quarter of a create. An undone closure takes its statements with it. A statement that fails
    /// takes the whole group with it, so it must be one that cannot be refused.
    pub fn execute_late(&mut self, sql: impl Into<String>, params: Vec<Value>) {
        self.pending.late.push(LateStatement { sql: sql.into(), params });
    }

    /// Runs `work` as the very last of the transaction, behind all late statements.
    ///
    /// For what all writers have to queue up for, such as the next link of a chain: a lock that is taken here is held for the
    /// length of a commit, and nobody waits for another one while he holds it. As with late statements, an undone closure takes its work with it, and
    /// work that fails takes the whole group with it. What it leaves to be done itself is dropped.
    pub fn do_last(&mut self, work: LastWork) {
        self.pending.last.push(work);
    }

    /// Runs `hook` once the transaction is durable, before [`crate::Database::write`] returns.
    ///
    /// Hooks run in the order of their registration, on SQLite also in the order of
    /// the transactions and before any later one begins. They hold up other writers,
    /// so they must be cheap, and they must not write. When the transaction is undone
    /// they are dropped; a panic in a hook is logged and stops nothing.
    pub fn after_commit(&mut self, hook: Box<dyn FnOnce() + Send>) {
        self.pending.hooks.push(hook);
    }

    /// Runs `work` so that its failure undoes only its own statements and hooks.
    ///
    /// The way to try something that may fail, a duplicate for example, and to go on.
    pub fn savepoint<T, E>(&mut self, work: impl FnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        let depth = self.depth;
        let pending = self.pending.len();
        self.guarded(|session| session.savepoint(depth))?;
        self.depth = depth + 1;
        let result = work(self);
        self.depth = depth;

        let failure = self.failed.take();
        let error = match (result, &failure) {
            (Ok(value), None) => {
                self.guarded(|session| session.release(depth))?;
                return Ok(value);
            }
            (Ok(_), Some(failure)) => E::from(failure.clone()),
            (Err(error), _) => error,
        };
        self.pending.truncate(pending);
        self.failed = match (self.session.undo_to(depth), failure) {
            // The transaction as a whole has to run again, so nothing in it can go on.
            (_, Some(conflict @ DatabaseError::Serialization(_))) => Some(conflict),
            (Ok(()), _) => None,
            // A savepoint that cannot be undone has vanished with its transaction; the first failure tells why.
            (Err(undo_failure), failure) => Some(failure.unwrap_or(undo_failure)),
        };
        Err(error)
    }

    /// Runs a statement unless an earlier one failed, and remembers a failure.
    fn guarded<T>(
        &mut self,
        statement: impl FnOnce(&mut dyn Session) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        if let Some(failure) = &self.failed {
            return Err(failure.clone());
        }
        let result = statement(self.session.as_mut());
        if let Err(error) = &result {
            self.failed = Some(error.clone());
        }
        result
    }
}

impl Query for Tx {
    fn backend(&self) -> Backend {
        self.session.backend()
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        self.guarded(|session| session.query(sql, params))
    }

    fn query_each(&mut self, sql: &str, params: &[Value], each: EachRow<'_>) -> Result<(), DatabaseError> {
        // An error of the callback is the caller's own and leaves the transaction good.
        let mut from_callback = None;
        self.guarded(|session| {
            session.query_each(sql, params, &mut |row| match each(row) {
                Ok(go_on) => Ok(go_on),
                Err(error) => {
                    from_callback = Some(error);
                    Ok(false)
                }
            })
        })?;
        from_callback.map_or(Ok(()), Err)
    }
}
