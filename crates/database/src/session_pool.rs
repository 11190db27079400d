//! Sessions lent for one transaction each.
//!
//! What must stay true: a session goes back only outside a transaction and in good
//! order; a broken one is dropped, so that a database that went away and came back
//! needs no restart of the program.

use std::time::Duration;

use crate::{
    DatabaseError,
    pool::{Lease, Pool},
    session::{Mode, Session},
};

type Open = Box<dyn Fn() -> Result<Box<dyn Session>, DatabaseError> + Send + Sync>;

/// A pool of sessions together with the way to open one.
pub(crate) struct SessionPool {
    pool: Pool<Box<dyn Session>>,
    open: Open,
    timeout: Duration,
}

impl SessionPool {
    pub(crate) fn new(name: &'static str, capacity: usize, timeout: Duration, open: Open) -> Self {
        SessionPool { pool: Pool::new(name, capacity), open, timeout }
    }

    /// Lends a session in which a transaction has begun.
    ///
    /// Sessions that broke while they were idle are replaced; only a new one that fails is an error.
    pub(crate) fn begin(&self, mode: Mode) -> Result<Box<dyn Session>, DatabaseError> {
        loop {
            let (mut session, used) = match self.pool.acquire(self.timeout)? {
                Lease::Used(session) => (session, true),
                Lease::MayOpen => match (self.open)() {
                    Ok(session) => (session, false),
                    Err(error) => {
                        self.pool.discard();
                        return Err(error);
                    }
                },
            };
            match session.begin(mode) {
                Ok(()) => return Ok(session),
                Err(error) => {
                    let broken = !session.is_usable();
                    self.give_back(session);
                    if !(used && broken) {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Takes a session back and ends its transaction, if it is still in one.
    pub(crate) fn give_back(&self, mut session: Box<dyn Session>) {
        if session.in_transaction()
            && session.is_usable()
            && let Err(error) = session.rollback()
        {
            tracing::warn!(%error, "a transaction could not be rolled back; its connection is dropped");
        }
        if session.is_usable() && !session.in_transaction() {
            self.pool.release(session);
        } else {
            drop(session);
            self.pool.discard();
        }
    }

    /// Closes all sessions; waits for lent ones at most the acquire timeout.
    pub(crate) fn close(&self) {
        drop(self.pool.close(self.timeout));
    }
}
