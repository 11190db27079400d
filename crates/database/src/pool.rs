//! A bounded pool that serves in the order of arrival.
//!
//! What must stay true: a returned item goes straight to the thread that has waited
//! longest, so a thread in a tight loop cannot starve the others; and
//! [`Pool::pass_on`] decides under one lock whether anybody waits, because the group
//! commit of SQLite relies on the receiver to finish what the giver began.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::DatabaseError;

/// A pool of at most `capacity` items, opened when first needed.
pub(crate) struct Pool<T> {
    name: &'static str,
    capacity: usize,
    state: Mutex<State<T>>,
    all_back: Condvar,
    closed: AtomicBool,
}

struct State<T> {
    idle: Vec<T>,
    /// Items that exist, idle or lent, and permits to open one.
    open: usize,
    queue: VecDeque<Arc<Waiter<T>>>,
}

/// A thread in the queue. Its slot is only locked while the state is locked, or by the thread itself.
struct Waiter<T> {
    slot: Mutex<Slot<T>>,
    served: Condvar,
}

enum Slot<T> {
    Waiting,
    Served(Lease<T>),
    Abandoned,
}

/// What a thread gets from the pool.
pub(crate) enum Lease<T> {
    /// An item that was used before.
    Used(T),
    /// The right to open a new item; it must be opened and released, or discarded.
    MayOpen,
}

impl<T> Pool<T> {
    /// An empty pool; `name` appears in errors.
    pub(crate) fn new(name: &'static str, capacity: usize) -> Self {
        Pool {
            name,
            capacity: capacity.max(1),
            state: Mutex::new(State { idle: Vec::new(), open: 0, queue: VecDeque::new() }),
            all_back: Condvar::new(),
            closed: AtomicBool::new(false),
        }
    }

    /// Takes an item or the right to open one; waits at most `timeout`.
    pub(crate) fn acquire(&self, timeout: Duration) -> Result<Lease<T>, DatabaseError> {
        let deadline = Instant::now() + timeout;
        let waiter = {
            let mut state = self.lock();
            if self.closed.load(Ordering::Acquire) {
                return Err(closed());
            }
            if let Some(item) = state.idle.pop() {
                return Ok(Lease::Used(item));
            }
            if state.open < self.capacity {
                state.open += 1;
                return Ok(Lease::MayOpen);
            }
            let waiter = Arc::new(Waiter { slot: Mutex::new(Slot::Waiting), served: Condvar::new() });
            state.queue.push_back(Arc::clone(&waiter));
            waiter
        };

        let mut slot = lock(&waiter.slot);
        loop {
            match std::mem::replace(&mut *slot, Slot::Waiting) {
                Slot::Served(lease) => return Ok(lease),
                Slot::Abandoned => return Err(closed()),
                Slot::Waiting => {}
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                *slot = Slot::Abandoned;
                return Err(DatabaseError::Busy(format!(
                    "no {} became free within {} ms",
                    self.name,
                    timeout.as_millis()
                )));
            }
            slot = waiter.served.wait_timeout(slot, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Gives the item to the longest waiting thread; gives it back when nobody waits.
    pub(crate) fn pass_on(&self, item: T) -> Option<T> {
        match serve_next(&mut self.lock(), Lease::Used(item)) {
            Some(Lease::Used(item)) => Some(item),
            _ => None,
        }
    }

    /// Returns an item.
    pub(crate) fn release(&self, item: T) {
        let mut state = self.lock();
        let unwanted = match serve_next(&mut state, Lease::Used(item)) {
            Some(Lease::Used(item)) if self.closed.load(Ordering::Acquire) => {
                self.forget_one(&mut state);
                Some(item)
            }
            Some(Lease::Used(item)) => {
                state.idle.push(item);
                None
            }
            _ => None,
        };
        drop(state);
        // Closing a connection takes time and must not happen under the lock.
        drop(unwanted);
    }

    /// Reports that a lent item is gone, so that another may be opened.
    pub(crate) fn discard(&self) {
        let mut state = self.lock();
        if serve_next(&mut state, Lease::MayOpen).is_some() {
            self.forget_one(&mut state);
        }
    }

    /// Refuses new requests, turns the queue away, and waits for lent items to come back.
    ///
    /// Gives the idle items; after `timeout` without those still lent, which are dropped on return.
    pub(crate) fn close(&self, timeout: Duration) -> Vec<T> {
        let deadline = Instant::now() + timeout;
        let mut state = self.lock();
        self.closed.store(true, Ordering::Release);
        for waiter in state.queue.drain(..) {
            let mut slot = lock(&waiter.slot);
            if matches!(*slot, Slot::Waiting) {
                *slot = Slot::Abandoned;
                waiter.served.notify_one();
            }
        }
        let mut items = std::mem::take(&mut state.idle);
        state.open = state.open.saturating_sub(items.len());
        while state.open > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.all_back.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        items.append(&mut state.idle);
        items
    }

    fn forget_one(&self, state: &mut State<T>) {
        state.open = state.open.saturating_sub(1);
        if state.open == 0 {
            self.all_back.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        lock(&self.state)
    }
}

/// Hands the lease to the first thread that still waits; gives it back when there is none.
fn serve_next<T>(state: &mut State<T>, lease: Lease<T>) -> Option<Lease<T>> {
    while let Some(waiter) = state.queue.pop_front() {
        let mut slot = lock(&waiter.slot);
        if matches!(*slot, Slot::Waiting) {
            *slot = Slot::Served(lease);
            waiter.served.notify_one();
            return None;
        }
    }
    Some(lease)
}

fn closed() -> DatabaseError {
    DatabaseError::Connection("the database is closed".to_owned())
}

/// No code panics while it holds one of these locks, so a poisoned one is still sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

    use super::*;

    const LONG: Duration = Duration::from_secs(10);

    fn open(pool: &Pool<u32>, item: u32) {
        assert!(matches!(pool.acquire(LONG), Ok(Lease::MayOpen)));
        pool.release(item);
    }

    #[test]
    fn items_are_reused_and_bounded() {
        let pool = Pool::new("item", 1);
        open(&pool, 7);
        assert!(matches!(pool.acquire(LONG), Ok(Lease::Used(7))));
        assert!(matches!(pool.acquire(Duration::ZERO), Err(DatabaseError::Busy(_))));
        pool.discard();
        assert!(matches!(pool.acquire(LONG), Ok(Lease::MayOpen)));
    }

    #[test]
    fn a_waiter_is_served_before_a_newcomer() {
        let pool = Arc::new(Pool::new("item", 1));
        open(&pool, 7);
        let Ok(Lease::Used(item)) = pool.acquire(LONG) else {
            panic!("the idle item is given");
        };
        let waiting = {
            let pool = Arc::clone(&pool);
            std::thread::spawn(move || matches!(pool.acquire(LONG), Ok(Lease::Used(7))))
        };
        while pool.lock().queue.is_empty() {
            std::thread::yield_now();
        }
        assert_eq!(pool.pass_on(item), None);
        assert!(matches!(pool.acquire(Duration::ZERO), Err(DatabaseError::Busy(_))));
        assert!(waiting.join().unwrap());
    }

    #[test]
    fn an_item_is_not_passed_to_a_thread_that_gave_up() {
        let pool = Pool::new("item", 1);
        open(&pool, 7);
        let Ok(Lease::Used(item)) = pool.acquire(LONG) else {
            panic!("the idle item is given");
        };
        assert!(pool.acquire(Duration::ZERO).is_err());
        assert_eq!(pool.pass_on(item), Some(7));
    }

    #[test]
    fn closing_turns_waiters_away_and_waits_for_lent_items() {
        let pool = Arc::new(Pool::new("item", 1));
        open(&pool, 7);
        let Ok(Lease::Used(item)) = pool.acquire(LONG) else {
            panic!("the idle item is given");
        };
        let waiting = {
            let pool = Arc::clone(&pool);
            std::thread::spawn(move || pool.acquire(LONG).is_err())
        };
        while pool.lock().queue.is_empty() {
            std::thread::yield_now();
        }
        let closing = {
            let pool = Arc::clone(&pool);
            std::thread::spawn(move || pool.close(LONG))
        };
        assert!(waiting.join().unwrap());
        pool.release(item);
        assert!(closing.join().unwrap().is_empty());
        assert!(pool.acquire(LONG).is_err());
    }
}
