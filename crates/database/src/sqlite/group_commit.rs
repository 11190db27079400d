//! The group commit: many write closures, one durable transaction.
//!
//! There is one writing connection, and each thread that writes takes it in turn.
//! A thread runs its closure inside a savepoint of the open transaction. When others
//! wait, it passes the connection on with the transaction still open and sleeps; the
//! thread that finds nobody behind it, or the group full, commits for all of them and
//! wakes them. So a lone writer commits at once, and under load one `fsync` serves
//! everybody who came during the last one.
//!
//! What must stay true:
//!
//! - Whoever holds the writer with an open group either passes it to a thread that
//!   surely takes it, or commits. A group is never left without an owner.
//! - A closure that fails or panics undoes its own savepoint only.
//! - Nobody gets an answer, not even a refusal, before the group is durable: a refusal
//!   may rest on what another closure of the same group has written.
//! - Hooks run in the order of the closures, after the commit and before the answers.
//!
//! The closures run on the threads of their callers rather than on a thread of their
//! own: they may borrow, and a panic surfaces where its cause is.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Arc, Condvar, Mutex, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use super::{SqliteStore, connection, session::SqliteSession};
use crate::{
    DatabaseError, Tx,
    pool::Lease,
    session::{Mode, Session},
    transaction::{Hook, Pending},
};

/// A group commits at the latest after this many closures …
const MOST_CLOSURES: usize = 256;

/// … or when it is this old, so that the first of them does not wait for ever.
const LONGEST_GROUP: Duration = Duration::from_millis(20);

/// Whether a closure may share its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Isolation {
    /// It joins the open group.
    Grouped,
    /// It gets a transaction of its own.
    Alone,
}

/// The writing connection, with the group that is open on it.
pub(super) struct Writer {
    session: Box<dyn Session>,
    group: Option<Group>,
}

struct Group {
    opened: Instant,
    closures: usize,
    kept: u64,
    pending: Pending,
    outcome: Arc<Outcome>,
}

/// Where the threads of a group wait for the one that commits.
#[derive(Default)]
struct Outcome {
    result: Mutex<Option<Result<(), DatabaseError>>>,
    published: Condvar,
}

impl Outcome {
    fn publish(&self, result: Result<(), DatabaseError>) {
        *self.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        self.published.notify_all();
    }

    fn wait(&self) -> Result<(), DatabaseError> {
        let mut result = self.result.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(result) = &*result {
                return result.clone();
            }
            result = self.published.wait(result).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Group {
    fn new() -> Self {
        Group { opened: Instant::now(), closures: 0, kept: 0, pending: Pending::default(), outcome: Arc::default() }
    }

    fn is_full(&self) -> bool {
        self.closures >= MOST_CLOSURES || self.opened.elapsed() >= LONGEST_GROUP
    }
}

impl Writer {
    /// Copies the log into the file and empties it.
    pub(super) fn checkpoint(mut self) {
        if let Err(error) = self.session.query("PRAGMA wal_checkpoint(TRUNCATE)", &[]) {
            tracing::warn!(%error, "the log of the database could not be written back");
        }
    }
}

impl SqliteStore {
    /// Waits for the turn to write.
    pub(super) fn take_writer(&self) -> Result<Writer, DatabaseError> {
        match self.writer.acquire(self.timeout)? {
            Lease::Used(writer) => Ok(writer),
            Lease::MayOpen => match connection::open_writer(&self.path, self.timeout) {
                Ok(connection) => Ok(Writer { session: Box::new(SqliteSession::new(connection)), group: None }),
                Err(error) => {
                    self.writer.discard();
                    Err(error)
                }
            },
        }
    }

    /// Runs a closure in the open group, or alone, and returns when it is durable.
    pub(crate) fn write<T, E>(&self, isolation: Isolation, work: impl FnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        let mut writer = self.take_writer()?;
        if isolation == Isolation::Alone
            && let Some(group) = writer.group.take()
        {
            writer.session = self.commit(writer.session, group);
        }
        let Writer { mut session, group } = writer;
        let mut group = match group {
            Some(group) => group,
            None => match session.begin(Mode::Write) {
                Ok(()) => Group::new(),
                Err(error) => {
                    self.put_back(session);
                    return Err(error.into());
                }
            },
        };
        if isolation == Isolation::Alone {
            return self.write_alone(session, group, work);
        }
        let outcome = Arc::clone(&group.outcome);

        let mut tx = Tx::new(session);
        let result = catch_unwind(AssertUnwindSafe(|| tx.savepoint(work)));
        if result.is_err() {
            tx.undo_all();
        }
        let failure = tx.failure().cloned();
        let (session, pending) = tx.into_parts();
        group.closures += 1;
        if matches!(result, Ok(Ok(_))) {
            group.kept += 1;
            group.pending.extend(pending);
        }

        if failure.is_some() || !session.in_transaction() {
            // The closure could not be undone alone, as after a full disk, so the group is lost with it.
            self.abandon(session, group, failure);
        } else if group.is_full() {
            let session = self.commit(session, group);
            self.put_back(session);
        } else {
            let writer = Writer { session, group: Some(group) };
            if let Some(writer) = self.writer.pass_on(writer) {
                let session = match writer.group {
                    Some(group) => self.commit(writer.session, group),
                    None => writer.session,
                };
                self.put_back(session);
            }
        }

        let durable = outcome.wait();
        match result {
            Ok(result) => {
                durable?;
                result
            }
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Runs a closure as the only one of its group. It needs no savepoint: what it did is undone with the transaction.
    fn write_alone<T, E>(
        &self,
        session: Box<dyn Session>,
        mut group: Group,
        work: impl FnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        let outcome = Arc::clone(&group.outcome);
        let mut tx = Tx::new(session);
        let result = catch_unwind(AssertUnwindSafe(|| work(&mut tx)));
        let failure = tx.failure().cloned();
        let (mut session, pending) = tx.into_parts();
        let failed = match (result, failure) {
            (Ok(Ok(value)), None) => {
                group.closures = 1;
                group.kept = 1;
                group.pending = pending;
                let session = self.commit(session, group);
                self.put_back(session);
                return outcome.wait().map(|()| value).map_err(E::from);
            }
            (Ok(Ok(_)), Some(failure)) => Ok(E::from(failure)),
            (Ok(Err(error)), _) => Ok(error),
            (Err(panic), _) => Err(panic),
        };
        roll_back(session.as_mut());
        self.put_back(session);
        match failed {
            Ok(error) => Err(error),
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Makes a group durable, runs its hooks and wakes its threads.
    fn commit(&self, session: Box<dyn Session>, mut group: Group) -> Box<dyn Session> {
        let (mut session, late) = group.pending.run_late(session);
        let result = late.and_then(|()| session.commit());
        match &result {
            Ok(()) => {
                self.writes.fetch_add(group.kept, Ordering::Relaxed);
                self.commits.fetch_add(u64::from(group.kept > 0), Ordering::Relaxed);
                run_hooks(group.pending.into_hooks());
            }
            Err(error) => {
                tracing::error!(%error, closures = group.closures, "a group of transactions could not be committed");
                roll_back(session.as_mut());
            }
        }
        group.outcome.publish(result);
        session
    }

    /// Gives up a group and tells its threads why.
    fn abandon(&self, mut session: Box<dyn Session>, group: Group, failure: Option<DatabaseError>) {
        roll_back(session.as_mut());
        let error = failure
            .unwrap_or_else(|| DatabaseError::Other("the database ended the transaction after an error".to_owned()));
        tracing::error!(%error, closures = group.closures, "a group of transactions was lost");
        self.put_back(session);
        group.outcome.publish(Err(error));
    }

    /// Lets the next thread write; a connection that is stuck in a transaction is replaced.
    fn put_back(&self, session: Box<dyn Session>) {
        if session.in_transaction() {
            drop(session);
            self.writer.discard();
        } else {
            self.writer.release(Writer { session, group: None });
        }
    }
}

fn roll_back(session: &mut dyn Session) {
    if session.in_transaction()
        && let Err(error) = session.rollback()
    {
        tracing::error!(%error, "a transaction could not be rolled back");
    }
}

/// Runs hooks in order; a panic in one is logged and does not touch the others.
pub(crate) fn run_hooks(hooks: Vec<Hook>) {
    for hook in hooks {
        if catch_unwind(AssertUnwindSafe(hook)).is_err() {
            tracing::error!("a hook panicked after its transaction was committed");
        }
    }
}
