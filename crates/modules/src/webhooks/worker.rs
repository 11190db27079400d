//! The thread that follows the outbox, finds what is due and has it sent.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use record_engine::error::{EngineError, Result};
use record_engine::{Engine, jobs};

use super::deliveries::{self, Delivery};
use super::send::Senders;
use super::{follow, store};

/// How often the thread looks for what became due, and for events of other processes.
const POLL: Duration = Duration::from_millis(500);
/// After trouble with the database.
const REST: Duration = Duration::from_secs(1);
/// Requests of this process at once.
const AT_ONCE: usize = 16;
/// Requests of one webhook at once: one that hangs must leave room for the others.
const AT_ONCE_EACH: usize = 4;

/// Which webhooks have how many requests under way.
type UnderWay = Arc<Mutex<BTreeMap<i64, usize>>>;

/// The thread; it ends when this is dropped. Requests under way then are sent again by the next process: nothing was noted about them.
pub struct Dispatcher {
    engine: Engine,
    is_stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Dispatcher {
    /// Starts the thread.
    ///
    /// # Errors
    /// Those of the operating system when it gives no thread.
    pub fn start(senders: &Senders) -> Result<Dispatcher> {
        let is_stopping = Arc::new(AtomicBool::new(false));
        let (theirs, stopping) = (senders.clone(), is_stopping.clone());
        let thread = Builder::new().name("webhooks".into()).spawn(move || work(&theirs, &stopping))?;
        Ok(Dispatcher { engine: senders.engine().clone(), is_stopping, thread: Some(thread) })
    }
}

impl Drop for Dispatcher {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.engine.wake();
        if let Some(thread) = self.thread.take() {
            // One that panicked has logged it; there is nothing left to do.
            let _ = thread.join();
        }
    }
}

fn work(senders: &Senders, is_stopping: &AtomicBool) {
    let engine = senders.engine();
    let owner = jobs::owner_name();
    let under_way = UnderWay::default();
    let now_ms = engine.clock().now_ms();
    if let Err(error) = engine.write(|tx| deliveries::release_dead(tx, now_ms)) {
        tracing::warn!(%error, "could not look for webhook deliveries of dead processes");
    }
    let mut seen = engine.generation();
    while !is_stopping.load(Ordering::SeqCst) {
        match turn(senders, &owner, &under_way) {
            Ok(true) => {}
            Ok(false) => seen = engine.wait_for_events(seen, POLL),
            Err(error) => {
                tracing::warn!(%error, "webhooks wait for the database");
                std::thread::sleep(REST);
            }
        }
    }
}

/// Follows once and starts what is due and has room; answers whether there may be more to do at once.
fn turn(senders: &Senders, owner: &str, under_way: &UnderWay) -> Result<bool> {
    let engine = senders.engine();
    let has_followed = follow::follow(engine)?;
    let mut has_started = false;
    for (webhook_id, room) in due(engine, under_way)? {
        let now_ms = engine.clock().now_ms();
        let claimed = engine.write(|tx| deliveries::claim(tx, webhook_id, owner, now_ms, room))?;
        for delivery in claimed {
            has_started = true;
            start(senders, delivery, under_way)?;
        }
    }
    Ok(has_followed || has_started)
}

/// The webhooks that have something due and room for it.
fn due(engine: &Engine, under_way: &UnderWay) -> Result<Vec<(i64, usize)>> {
    let counts = under_way.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut free = AT_ONCE.saturating_sub(counts.values().sum());
    let now_ms = engine.clock().now_ms();
    engine.database().read(|tx| {
        let mut found = Vec::new();
        for webhook in store::active(tx)? {
            let busy = counts.get(&webhook.id).copied().unwrap_or_default();
            let room = AT_ONCE_EACH.saturating_sub(busy).min(free);
            let rests = webhook.rests_until.is_some_and(|until| now_ms < until);
            if room > 0 && !rests && deliveries::is_due(tx, webhook.id, now_ms)? {
                free -= room;
                found.push((webhook.id, room));
            }
        }
        Ok::<_, EngineError>(found)
    })
}

fn start(senders: &Senders, delivery: Delivery, under_way: &UnderWay) -> Result<()> {
    let place = Place::take(senders.engine(), delivery.webhook_id, under_way);
    let senders = senders.clone();
    Builder::new().name("webhook-sender".into()).spawn(move || {
        let _place = place;
        if let Err(error) = senders.deliver(&delivery) {
            // Its lease runs out, and it is sent again.
            tracing::warn!(delivery = delivery.id, %error, "the end of a webhook delivery could not be noted");
        }
    })?;
    Ok(())
}

/// A place among the requests under way, given back also by a thread that panicked.
struct Place {
    engine: Engine,
    webhook_id: i64,
    under_way: UnderWay,
}

impl Place {
    fn take(engine: &Engine, webhook_id: i64, under_way: &UnderWay) -> Place {
        *under_way.lock().unwrap_or_else(PoisonError::into_inner).entry(webhook_id).or_default() += 1;
        Place { engine: engine.clone(), webhook_id, under_way: under_way.clone() }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.webhook_id) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.webhook_id);
            }
        }
        drop(counts);
        self.engine.wake();
    }
}
