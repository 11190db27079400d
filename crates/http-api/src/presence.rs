//! Who has a card open right now, and who is typing in it.
//!
//! What must stay true: it is in memory and of no consequence. Browsers say again and again that a card is open; what is not repeated goes by
//! itself. It travels through the outbox, so that all processes on one database know the same, and only who sees a record hears of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use record_engine::outbox::Event;
use serde::{Deserialize, Serialize};

/// Name of the topic in the outbox.
pub(crate) const TOPIC: &str = "presence";
/// Two beats of a browser and a little more.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(75);

/// What somebody does with a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Doing {
    /// It is open.
    Viewing,
    /// An editor in it is open.
    Editing,
    /// It was closed.
    Gone,
}

/// The payload of an event: one window, one card. `ids` holds the one record, as the events of records do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sign {
    #[serde(rename = "type")]
    pub type_name: String,
    pub ids: [i64; 1],
    /// Which window of the user it is; one may be closed while another stays.
    pub view: String,
    pub name: String,
    pub doing: Doing,
}

/// Somebody with a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Present {
    pub user_id: i64,
    pub name: String,
    pub is_editing: bool,
}

#[derive(Debug)]
struct Window {
    user_id: i64,
    view: String,
    name: String,
    is_editing: bool,
    seen: Instant,
}

/// All open cards.
#[derive(Debug, Default)]
pub(crate) struct Board {
    cards: Mutex<BTreeMap<(String, i64), Vec<Window>>>,
}

impl Board {
    /// Takes a sign; whether something is other than before.
    pub fn note(&self, event: &Event, now: Instant) -> bool {
        let Some(user_id) = event.user_id else { return false };
        let Ok(sign) = serde_json::from_value::<Sign>(event.payload.clone()) else { return false };
        let mut cards = self.cards.lock().unwrap_or_else(PoisonError::into_inner);
        cards.retain(|_, windows| {
            windows.retain(|window| now.duration_since(window.seen) < FORGOTTEN_AFTER);
            !windows.is_empty()
        });
        let Sign { type_name, ids: [id], view, name, doing } = sign;
        let windows = cards.entry((type_name, id)).or_default();
        let place = windows.iter().position(|window| window.user_id == user_id && window.view == view);
        let is_editing = doing == Doing::Editing;
        match (place, doing) {
            (Some(place), Doing::Gone) => {
                windows.remove(place);
                true
            }
            (None, Doing::Gone) => false,
            (Some(place), _) => {
                let Some(window) = windows.get_mut(place) else { return false };
                window.seen = now;
                std::mem::replace(&mut window.is_editing, is_editing) != is_editing
            }
            (None, _) => {
                windows.push(Window { user_id, view, name, is_editing, seen: now });
                true
            }
        }
    }

    /// The others at a card, in the order of their coming; each once, however many windows he has.
    pub fn others(&self, type_name: &str, id: i64, user_id: i64, now: Instant) -> Vec<Present> {
        let cards = self.cards.lock().unwrap_or_else(PoisonError::into_inner);
        let mut others: Vec<Present> = Vec::new();
        for window in cards.get(&(type_name.to_owned(), id)).into_iter().flatten() {
            if window.user_id == user_id || now.duration_since(window.seen) >= FORGOTTEN_AFTER {
                continue;
            }
            match others.iter_mut().find(|present| present.user_id == window.user_id) {
                Some(present) => present.is_editing |= window.is_editing,
                None => others.push(Present {
                    user_id: window.user_id,
                    name: window.name.clone(),
                    is_editing: window.is_editing,
                }),
            }
        }
        others
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn sign(user_id: i64, view: &str, doing: Doing) -> Event {
        let sign =
            Sign { type_name: "contact".into(), ids: [7], view: view.into(), name: format!("user {user_id}"), doing };
        let payload = serde_json::to_value(sign).unwrap();
        Event { id: 1, operation_id: None, user_id: Some(user_id), topic: TOPIC.into(), payload, at_ms: 0 }
    }

    fn seen(board: &Board, now: Instant) -> Vec<(i64, bool)> {
        board.others("contact", 7, 1, now).into_iter().map(|present| (present.user_id, present.is_editing)).collect()
    }

    #[test]
    fn a_person_is_there_once_until_the_last_window_is_closed() {
        let (board, now) = (Board::default(), Instant::now());
        assert!(board.note(&sign(1, "a", Doing::Viewing), now));
        assert!(board.note(&sign(2, "a", Doing::Viewing), now));
        assert!(!board.note(&sign(2, "a", Doing::Viewing), now), "said again, nothing is other");
        assert!(board.note(&sign(2, "b", Doing::Editing), now));
        assert_eq!(seen(&board, now), [(2, true)]);
        assert!(board.note(&sign(2, "b", Doing::Gone), now));
        assert_eq!(seen(&board, now), [(2, false)]);
        assert!(board.note(&sign(2, "a", Doing::Gone), now));
        assert!(!board.note(&sign(2, "a", Doing::Gone), now));
        assert_eq!(seen(&board, now), []);
    }

    #[test]
    fn who_says_nothing_any_more_is_forgotten() {
        let (board, now) = (Board::default(), Instant::now());
        board.note(&sign(2, "a", Doing::Editing), now);
        board.note(&sign(3, "a", Doing::Viewing), now + Duration::from_secs(50));
        assert_eq!(seen(&board, now + Duration::from_secs(80)), [(3, false)]);
        board.note(&sign(4, "a", Doing::Viewing), now + Duration::from_secs(200));
        assert_eq!(seen(&board, now + Duration::from_secs(200)), [(4, false)]);
    }
}
