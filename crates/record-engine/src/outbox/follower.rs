//! Following a sequence whose numbers may become visible out of order.
//!
//! With several writers on PostgreSQL a transaction that took number 7 may commit after the one that took 8, or never. So what lies behind a
//! gap is handed out at once, but the gap is looked at again until its number has had time to appear.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Event;

/// A number that has not appeared for so long, in milliseconds, belongs to a transaction that was undone: writers give up sooner.
const PATIENCE_MS: i64 = 15_000;

/// See the module. Whoever must go on where another process ended stores it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follower {
    /// Everything up to here was handed out or never will be.
    settled: i64,
    /// Handed out behind a gap: the numbers and when they were first seen.
    ahead: BTreeMap<i64, i64>,
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

    /// Goes on behind a number at least; nothing before it is handed out any more.
    pub fn skip_to(&mut self, id: i64) {
        if id > self.settled {
            self.settled = id;
            self.ahead = self.ahead.split_off(&(id + 1));
        }
    }

    /// The events that were not handed out before. `now_ms` counts from anywhere, but always from there.
    pub fn accept(&mut self, events: Vec<Event>, now_ms: i64) -> Vec<Event> {
        let mut fresh = Vec::new();
        for event in events {
            if event.id > self.settled && !self.ahead.contains_key(&event.id) {
                self.ahead.insert(event.id, now_ms);
                fresh.push(event);
            }
        }
        while let Some((&id, &since)) = self.ahead.first_key_value() {
            if id != self.settled + 1 && now_ms - since < PATIENCE_MS {
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
            at_ms: 0,
        };
        ids.iter().map(event).collect()
    }

    fn ids(events: &[Event]) -> Vec<i64> {
        events.iter().map(|event| event.id).collect()
    }

    #[test]
    fn each_event_comes_once_and_late_ones_still_come() {
        let start = 1_000;
        let mut follower = Follower::new(5);
        assert_eq!(ids(&follower.accept(events(&[6, 7, 9]), start)), [6, 7, 9]);
        assert_eq!((follower.settled(), follower.pending()), (7, 1));
        assert_eq!(ids(&follower.accept(events(&[8, 9, 10]), start + 1_000)), [8, 10]);
        assert_eq!((follower.settled(), follower.pending()), (10, 0));
    }

    #[test]
    fn a_number_that_never_comes_is_given_up() {
        let start = 1_000;
        let mut follower = Follower::new(0);
        follower.accept(events(&[2]), start);
        follower.accept(events(&[2, 4]), start + PATIENCE_MS / 2);
        assert_eq!(follower.settled(), 0);
        assert!(follower.accept(events(&[2, 4]), start + PATIENCE_MS).is_empty());
        assert_eq!((follower.settled(), follower.pending()), (2, 1));
        follower.accept(events(&[4]), start + PATIENCE_MS * 2);
        assert_eq!((follower.settled(), follower.pending()), (4, 0));
    }

    #[test]
    fn what_is_skipped_is_never_handed_out() {
        let mut follower = Follower::new(0);
        follower.accept(events(&[1, 3, 5]), 0);
        follower.skip_to(4);
        assert_eq!((follower.settled(), follower.pending()), (4, 1));
        assert_eq!(ids(&follower.accept(events(&[5, 6]), 0)), [6]);
        assert_eq!(follower.settled(), 6);
        follower.skip_to(2);
        assert_eq!(follower.settled(), 6);
    }
}
