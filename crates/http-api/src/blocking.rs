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
const INTERACTIVE: Bounds = Bounds { permits: 64, queue: 256, longest_wait: Duration::from_secs(2) };
/// Logins at once: each takes a processor and some memory for a while.
const LOGIN: Bounds = Bounds { permits: 4, queue: 32, longest_wait: Duration::from_secs(5) };
/// Files being hashed or read. Whoever waits has sent his file already, so he waits long before it was for nothing.
const FILE: Bounds = Bounds { permits: 4, queue: 64, longest_wait: Duration::from_secs(60) };
/// Event streams that ask what they may tell; each asks one question at a time.
const EVENT: Bounds = Bounds { permits: 4, queue: 4_096, longest_wait: Duration::from_secs(5) };

/// Questions to services outside. They are asked one after another anyway.
const OUTSIDE: Bounds = Bounds { permits: 1, queue: 16, longest_wait: Duration::from_secs(15) };

/// Logins that wait for a service outside: an identity provider. So many that a slow one keeps nobody from a password, or from the program.
const SIGN_IN: Bounds = Bounds { permits: 8, queue: 64, longest_wait: Duration::from_secs(10) };

/// Trials of webhooks: each waits for its receiver.
const TRIAL: Bounds = Bounds { permits: 2, queue: 4, longest_wait: Duration::from_secs(5) };

/// Which limit a piece of work falls under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody waits for the answer.
    Interactive,
    /// A password is hashed.
    Login,
    /// A file is hashed, read or written.
    File,
    /// An event stream asks what its reader may know.
    Event,
    /// A service outside is asked.
    Outside,
    /// A service outside is asked who logs in.
    SignIn,
    /// A webhook is tried.
    Trial,
}

/// How much of one kind of work goes on at once.
#[derive(Clone, Copy)]
struct Bounds {
    permits: usize,
    /// How many may wait for their turn.
    queue: usize,
    /// How long each of them waits at most.
    longest_wait: Duration,
}

/// The limits of a process.
pub(crate) struct Lanes {
    interactive: Limit,
    login: Limit,
    file: Limit,
    event: Limit,
    outside: Limit,
    sign_in: Limit,
    trial: Limit,
}

struct Limit {
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    bounds: Bounds,
}

impl Limit {
    fn new(bounds: Bounds) -> Limit {
        Limit { permits: Arc::new(Semaphore::new(bounds.permits)), waiting: AtomicUsize::new(0), bounds }
    }

    async fn acquire(&self) -> Result<OwnedSemaphorePermit, Problem> {
        if let Ok(permit) = self.permits.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let place = Place::take(&self.waiting);
        if place.number >= self.bounds.queue {
            return Err(overloaded());
        }
        match tokio::time::timeout(self.bounds.longest_wait, self.permits.clone().acquire_owned()).await {
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
            interactive: Limit::new(INTERACTIVE),
            login: Limit::new(LOGIN),
            file: Limit::new(FILE),
            event: Limit::new(EVENT),
            outside: Limit::new(OUTSIDE),
            sign_in: Limit::new(SIGN_IN),
            trial: Limit::new(TRIAL),
        }
    }

    fn limit(&self, lane: Lane) -> &Limit {
        match lane {
            Lane::Interactive => &self.interactive,
            Lane::Login => &self.login,
            Lane::File => &self.file,
            Lane::Event => &self.event,
            Lane::Outside => &self.outside,
            Lane::SignIn => &self.sign_in,
            Lane::Trial => &self.trial,
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
            let limit = Limit::new(Bounds { permits: 1, queue: 0, ..INTERACTIVE });
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
            let limit = Limit::new(Bounds { permits: 1, queue: 1, ..INTERACTIVE });
            let held = limit.acquire().await.unwrap();
            let (second, ()) = tokio::join!(limit.acquire(), async {
                tokio::task::yield_now().await;
                drop(held);
            });
            assert!(second.is_ok());
        });
    }
}
