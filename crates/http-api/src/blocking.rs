//! Engine work on the blocking pool, behind limits: under overload a request is refused at once instead of waiting in an endless queue.
//!
//! What must stay true: a permit is held until the work has ended, not until its caller has given up, so that abandoned requests count too.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use record_engine::Engine;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{ApiError, Result};
use crate::problem::Problem;
use crate::state::ApiState;

/// Interactive work at once. Writers profit from company (they share one commit), readers wait for a connection anyway.
const INTERACTIVE: usize = 64;
/// Interactive requests that may wait for their turn; at some thousand a second they wait a few hundredths of one.
const INTERACTIVE_QUEUE: usize = 256;
/// Logins at once: each takes a processor and some memory for a while.
const LOGINS: usize = 4;
/// Logins that may wait.
const LOGIN_QUEUE: usize = 32;
/// Background work at once: what live events may show to whom, files, imports.
const BACKGROUND: usize = 8;
/// Background work that may wait; each event stream has at most one piece.
const BACKGROUND_QUEUE: usize = 4_096;
/// How long a request waits for its turn.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Which limit a piece of work falls under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody waits for the answer.
    Interactive,
    /// A password is hashed.
    Login,
    /// Nobody waits, or it is known to take long.
    Background,
}

/// The limits of a process.
pub(crate) struct Lanes {
    interactive: Limit,
    login: Limit,
    background: Limit,
}

struct Limit {
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    longest_queue: usize,
}

impl Limit {
    fn new(permits: usize, longest_queue: usize) -> Limit {
        Limit { permits: Arc::new(Semaphore::new(permits)), waiting: AtomicUsize::new(0), longest_queue }
    }

    async fn acquire(&self) -> Result<OwnedSemaphorePermit, Problem> {
        if let Ok(permit) = self.permits.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let place = Place::take(&self.waiting);
        if place.number >= self.longest_queue {
            return Err(overloaded());
        }
        match tokio::time::timeout(LONGEST_WAIT, self.permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(overloaded()),
        }
    }
}

/// A place in the queue, given back also when the waiting request is dropped.
struct Place<'a> {
    waiting: &'a AtomicUsize,
    number: usize,
}

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Place<'a> {
        Place { waiting, number: waiting.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

fn overloaded() -> Problem {
    Problem::new("overloaded").retry_after(Duration::from_secs(1))
}

impl Lanes {
    pub fn new() -> Lanes {
        Lanes {
            interactive: Limit::new(INTERACTIVE, INTERACTIVE_QUEUE),
            login: Limit::new(LOGINS, LOGIN_QUEUE),
            background: Limit::new(BACKGROUND, BACKGROUND_QUEUE),
        }
    }

    fn limit(&self, lane: Lane) -> &Limit {
        match lane {
            Lane::Interactive => &self.interactive,
            Lane::Login => &self.login,
            Lane::Background => &self.background,
        }
    }
}

impl ApiState {
    /// Runs engine work for a request that waits for it. A panic is logged and answers `internal`.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run_in(Lane::Interactive, work).await
    }

    /// The same under another limit.
    pub(crate) async fn run_in<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.lanes().limit(lane).acquire().await?;
        let engine = self.engine().clone();
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&engine);
            drop(permit);
            result
        });
        match done.await {
            Ok(result) => result,
            // The panic's own message went to the log through the panic hook.
            Err(failure) => Err(ApiError::from(Problem::internal(failure))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn block_on<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
    }

    #[test]
    fn a_full_queue_refuses_at_once() {
        block_on(async {
            let limit = Limit::new(1, 0);
            let held = limit.acquire().await.unwrap();
            assert_eq!(limit.acquire().await.unwrap_err().code(), "overloaded");
            drop(held);
            assert!(limit.acquire().await.is_ok());
            assert_eq!(limit.waiting.load(Ordering::Relaxed), 0);
        });
    }

    #[test]
    fn who_waits_gets_the_permit_that_is_given_back() {
        block_on(async {
            let limit = Limit::new(1, 1);
            let held = limit.acquire().await.unwrap();
            let (second, ()) = tokio::join!(limit.acquire(), async {
                tokio::task::yield_now().await;
                drop(held);
            });
            assert!(second.is_ok());
        });
    }
}
