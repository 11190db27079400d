//! The threads that send what is due, in every process that serves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use record_engine::Engine;
use record_engine::error::Result;

use super::send::{Senders, send_due};

/// Requests of this process at once: a slow service does not keep the others.
const THREADS: usize = 4;
/// How often a waiting thread looks for what became due.
const POLL: Duration = Duration::from_secs(1);

/// The threads; they end when this is dropped, each after the request that it is at.
pub struct Pushers {
    engine: Engine,
    is_stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Pushers {
    /// Starts the threads.
    ///
    /// # Errors
    /// Those of the operating system when it gives no thread.
    pub fn start(senders: &Senders) -> Result<Pushers> {
        let is_stopping = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::with_capacity(THREADS);
        for at in 0..THREADS {
            let (senders, stopping) = (senders.clone(), is_stopping.clone());
            threads.push(Builder::new().name(format!("pusher-{at}")).spawn(move || work(&senders, &stopping))?);
        }
        Ok(Pushers { engine: senders.engine().clone(), is_stopping, threads })
    }
}

impl Drop for Pushers {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.engine.wake();
        for thread in self.threads.drain(..) {
            // One that panicked has logged it; there is nothing left to do.
            let _ = thread.join();
        }
    }
}

fn work(senders: &Senders, is_stopping: &AtomicBool) {
    let engine = senders.engine();
    let mut seen = engine.generation();
    while !is_stopping.load(Ordering::SeqCst) {
        match send_due(senders) {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "notifications of browsers were not sent; it is tried again"),
        }
        seen = engine.wait_for_events(seen, POLL);
    }
}
