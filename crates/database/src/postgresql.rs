//! PostgreSQL: a pool of connections, and transactions that are retried after conflicts.
//!
//! What must stay true: a closure runs again only while nothing of it was committed;
//! a connection that broke never returns to the pool; no wait is without a limit.
//! Connections are not encrypted: the server belongs on the same machine or network.

mod binding;
mod connection;
mod copy;
mod errors;
mod numeric;
mod placeholders;
mod sequences;
mod session;
mod statements;

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use self::{connection::Server, session::PostgresSession};
use crate::{
    DatabaseError, OpenOptions, Statistics, Tx,
    session::{Mode, Session},
    session_pool::SessionPool,
    sqlite::run_hooks,
};

/// How often a closure runs again after a conflict.
const MOST_RETRIES: u32 = 5;

/// The middle of the pause before the first retry; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(4);

/// An open PostgreSQL database.
pub(crate) struct PostgresStore {
    sessions: SessionPool,
    writes: AtomicU64,
}

impl PostgresStore {
    pub(crate) fn open(url: &str, options: &OpenOptions) -> Result<Self, DatabaseError> {
        let server = Arc::new(Server::new(url, options.acquire_timeout)?);
        let sessions = SessionPool::new(
            "database connection",
            options.postgres_connections,
            options.acquire_timeout,
            Box::new(move || Ok(Box::new(PostgresSession::open(Arc::clone(&server))?) as Box<dyn Session>)),
        );
        // The first connection is made now, so that a wrong address is refused at the start.
        let session = sessions.begin(Mode::Read)?;
        sessions.give_back(session);
        Ok(PostgresStore { sessions, writes: AtomicU64::new(0) })
    }

    pub(crate) fn sessions(&self) -> &SessionPool {
        &self.sessions
    }

    pub(crate) fn statistics(&self) -> Statistics {
        let writes = self.writes.load(Ordering::Relaxed);
        Statistics { writes, commits: writes }
    }

    pub(crate) fn close(&self) {
        self.sessions.close();
    }

    /// Runs a closure in a transaction of its own, again after a conflict.
    pub(crate) fn write<T, E>(&self, mut work: impl FnMut(&mut Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        let mut retries = 0;
        loop {
            match self.attempt(&mut work) {
                Attempt::Done(result) => return result,
                Attempt::Conflict(error) if retries < MOST_RETRIES => {
                    tracing::debug!(%error, retries, "a transaction conflicted and runs again");
                    std::thread::sleep(pause_before(retries));
                    retries += 1;
                }
                Attempt::Conflict(error) => return Err(error.into()),
            }
        }
    }

    fn attempt<T, E>(&self, work: &mut impl FnMut(&mut Tx) -> Result<T, E>) -> Attempt<T, E>
    where
        E: From<DatabaseError>,
    {
        let session = match self.sessions.begin(Mode::Write) {
            Ok(session) => session,
            Err(error) => return Attempt::Done(Err(error.into())),
        };
        let mut tx = Tx::new(session);
        let result = catch_unwind(AssertUnwindSafe(|| work(&mut tx)));
        let failure = tx.failure().cloned();
        let (mut session, mut pending) = tx.into_parts();

        let outcome = match (result, failure) {
            (Err(panic), _) => {
                self.sessions.give_back(session);
                resume_unwind(panic)
            }
            // The closure's own error may hide a conflict, so the failed statement decides.
            (_, Some(error @ DatabaseError::Serialization(_))) => Attempt::Conflict(error),
            (Ok(Err(error)), _) => Attempt::Done(Err(error)),
            (Ok(Ok(_)), Some(error)) => Attempt::Done(Err(error.into())),
            (Ok(Ok(value)), None) => {
                let late;
                (session, late) = pending.run_late(session);
                match late.and_then(|()| session.commit()) {
                    Ok(()) => {
                        self.writes.fetch_add(1, Ordering::Relaxed);
                        run_hooks(pending.into_hooks());
                        Attempt::Done(Ok(value))
                    }
                    Err(error @ DatabaseError::Serialization(_)) => Attempt::Conflict(error),
                    Err(error) => Attempt::Done(Err(error.into())),
                }
            }
        };
        self.sessions.give_back(session);
        outcome
    }
}

/// What came of one run of a closure.
enum Attempt<T, E> {
    Done(Result<T, E>),
    Conflict(DatabaseError),
}

/// A growing pause of random length, so that two transactions do not collide again in step.
fn pause_before(retry: u32) -> Duration {
    let mut random = [0; 1];
    // Without randomness the pause is merely regular.
    let fraction = match getrandom::fill(&mut random) {
        Ok(()) => 0.5 + f64::from(u8::from_ne_bytes(random)) / 255.0,
        Err(_) => 1.0,
    };
    (FIRST_PAUSE * 2_u32.saturating_pow(retry)).mul_f64(fraction)
}
