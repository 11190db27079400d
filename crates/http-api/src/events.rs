//! Live events: one thread of the process follows the outbox and hands everything to the open event streams, each of which tells its reader
//! what he may know.
//!
//! What must stay true: an event that a reader receives names only records that he may see; a lost event costs freshness, never truth,
//! because clients read again what an event names.

mod reader;
mod stream;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use record_engine::error::Result;
use record_engine::outbox::{self, Event, Follower};
use record_engine::{Engine, EngineError};
use tokio::sync::{Semaphore, broadcast};

use crate::presence::{self, Board};
pub(crate) use stream::EventStream;

/// How long the thread waits for events of other processes.
const POLL: Duration = Duration::from_millis(300);
/// Events that come faster than this are handed on together.
const GATHER: Duration = Duration::from_millis(40);
/// Events that a slow stream may be behind before it reads the outbox itself.
const CHANNEL: usize = 4_096;
/// Events of one look.
const PAGE: usize = 1_000;
/// Open streams of a process.
const MAX_STREAMS: usize = 2_000;

/// The thread and what it hands out.
pub(crate) struct EventHub {
    sender: broadcast::Sender<Arc<Event>>,
    places: Arc<Semaphore>,
    is_stopping: Arc<AtomicBool>,
    board: Arc<Board>,
}

impl EventHub {
    /// Follows the outbox from its present end on. May be called from a task: the thread itself asks the database where to begin.
    pub fn start(engine: &Engine) -> Result<EventHub> {
        let sender = broadcast::Sender::new(CHANNEL);
        let is_stopping = Arc::new(AtomicBool::new(false));
        let board = Arc::new(Board::default());
        let (engine, out, stopping) = (engine.clone(), sender.clone(), is_stopping.clone());
        let noted = board.clone();
        let (begun, beginning) = mpsc::channel();
        std::thread::Builder::new().name("events".into()).spawn(move || {
            let start = engine.database().read(|tx| outbox::last_id(tx));
            let position = start.as_ref().ok().copied();
            // Without a beginning the starter has failed and hears of it.
            let _ = begun.send(start);
            if let Some(position) = position {
                follow(&engine, &out, &stopping, &noted, position);
            }
        })?;
        beginning.recv().map_err(|_| EngineError::Stored("the thread of the events ended".into()))??;
        Ok(EventHub { sender, places: Arc::new(Semaphore::new(MAX_STREAMS)), is_stopping, board })
    }

    /// Who has which card open.
    pub fn board(&self) -> Arc<Board> {
        self.board.clone()
    }
}

impl Drop for EventHub {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }
}

fn follow(engine: &Engine, out: &broadcast::Sender<Arc<Event>>, is_stopping: &AtomicBool, board: &Board, start: i64) {
    let (begun, mut follower) = (Instant::now(), Follower::new(start));
    let mut seen = engine.generation();
    while !is_stopping.load(Ordering::Relaxed) {
        seen = engine.wait_for_events(seen, POLL);
        let (after, limit) = (follower.settled(), PAGE + follower.pending());
        let events = match engine.database().read(|tx| outbox::read_after(tx, after, limit)) {
            Ok(events) => events,
            Err(error) => {
                tracing::warn!(%error, "the outbox could not be read; it is tried again");
                std::thread::sleep(POLL);
                continue;
            }
        };
        let elapsed_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        let fresh = follower.accept(events, elapsed_ms);
        if fresh.is_empty() {
            continue;
        }
        for event in fresh {
            if let Err(error) = follow_catalog(engine, &event) {
                tracing::warn!(%error, "the changed catalog could not be loaded; the next change tries again");
            }
            // That somebody is still there is news for nobody.
            if event.topic == presence::TOPIC && !board.note(&event, Instant::now()) {
                continue;
            }
            // Nobody listening is no error.
            let _ = out.send(Arc::new(event));
        }
        std::thread::sleep(GATHER);
    }
}

/// Another process may have changed the catalog or the settings; these events are how this one learns of it.
fn follow_catalog(engine: &Engine, event: &Event) -> Result<(), EngineError> {
    if event.topic == "catalog" { engine.reload() } else { Ok(()) }
}
