//! Following a sequence whose numbers may become visible out of order.
//!
//! With several writers on PostgreSQL a transaction that took number 7 may commit after the one that took 8, or never. So what lies behind a
//! gap is handed out at once, but the gap is looked at again until its number has had time to appear.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use record_engine::outbox::Event;

/// A number that has not appeared for so long belongs to a transaction that was undone: writers give up sooner.
const PATIENCE: Duration = Duration::from_secs(15);

/// See the module.
pub(super) struct Follower {
    /// Everything up to here was handed out or never will be.
    settled: i64,
    /// Handed out behind a gap: the numbers and when they were first seen.
    ahead: BTreeMap<i64, Instant>,
}

impl Follower {
    /// Begins behind a number.
    pub fn new(start: i64) -> Follower {
        Follower { settled: start, ahead: BTreeMap::new() }
    }

    /// Where to read from.
    pub fn settled(&self) -> i64 {
        self.settled
    }

    /// How many events behind that were handed out already.
    pub fn pending(&self) -> usize {
        self.ahead.len()
    }

    /// The events that were not handed out before.
    pub fn accept(&mut self, events: Vec<Event>, now: Instant) -> Vec<Event> {
        let mut fresh = Vec::new();
        for event in events {
            if event.id > self.settled && !self.ahead.contains_key(&event.id) {
                self.ahead.insert(event.id, now);
                fresh.push(event);
            }
        }
        while let Some((&id, &since)) = self.ahead.first_key_value() {
            if id != self.settled + 1 && now.saturating_duration_since(since) < PATIENCE {
                break;
            }
            self.settled = id;
            self.ahead.pop_first();
        }
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(ids: &[i64]) -> Vec<Event> {
        let event = |id: &i64| Event {
            id: *id,
            operation_id: None,
            user_id: None,
            topic: "records".into(),
            payload: serde_json::Value::Null,
        };
        ids.iter().map(event).collect()
    }

    fn ids(events: &[Event]) -> Vec<i64> {
        events.iter().map(|event| event.id).collect()
    }

    #[test]
    fn each_event_comes_once_and_late_ones_still_come() {
        let start = Instant::now();
        let mut follower = Follower::new(5);
        assert_eq!(ids(&follower.accept(events(&[6, 7, 9]), start)), [6, 7, 9]);
        assert_eq!((follower.settled(), follower.pending()), (7, 1));
        assert_eq!(ids(&follower.accept(events(&[8, 9, 10]), start + Duration::from_secs(1))), [8, 10]);
        assert_eq!((follower.settled(), follower.pending()), (10, 0));
    }

    #[test]
    fn a_number_that_never_comes_is_given_up() {
        let start = Instant::now();
        let mut follower = Follower::new(0);
        follower.accept(events(&[2]), start);
        follower.accept(events(&[2, 4]), start + PATIENCE / 2);
        assert_eq!(follower.settled(), 0);
        assert!(follower.accept(events(&[2, 4]), start + PATIENCE).is_empty());
        assert_eq!((follower.settled(), follower.pending()), (2, 1));
        follower.accept(events(&[4]), start + PATIENCE * 2);
        assert_eq!((follower.settled(), follower.pending()), (4, 0));
    }
}
