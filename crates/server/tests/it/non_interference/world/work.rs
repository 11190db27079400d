//! Work with the contacts of an installation: tasks, events and deals of other people, some of which the reader sees.

use record_engine::context::instant_text;
use serde_json::json;

use super::{CARDS, Maker, START, STEP, Sees, World, create};

const HOUR: i64 = 3_600_000;

impl Maker<'_> {
    /// An hour of the fortnight from the start.
    fn hour(&self, place: usize, field: &str, is_seen: bool) -> i64 {
        START + self.dice(place, field, is_seen).0.below(14 * 24) as i64 * HOUR
    }
}

impl World {
    pub(super) fn add_work(&mut self, maker: &Maker<'_>) {
        let stranger = self.users[2];
        for place in 0..CARDS {
            let id = self.cards[place];
            self.clock.advance(STEP);
            if place % 3 == 0 && maker.viewer.sees == Sees::Shared {
                // Of those who do it alone; where everybody sees tasks there is nothing to keep from him.
                let values = json!({
                    "contact": id,
                    "title": maker.text(place, "task", false),
                    "deadline": instant_text(maker.hour(place, "task_deadline", false)),
                });
                create(&mut self.admin, "task", &values);
            }
            if place % 5 == 0 {
                // Given to the reader whether he knows its client or not: the name of that client must not find it.
                let values = json!({
                    "contact": id,
                    "title": maker.text(place, "given", true),
                    "deadline": instant_text(maker.hour(place, "given_deadline", true)),
                    "responsible": self.viewer.id,
                    "notifies": false,
                });
                create(&mut self.admin, "task", &values);
            }
            if maker.viewer.sees == Sees::All {
                continue;
            }
            if place % 4 == 1 {
                let is_open = place % 8 == 1;
                let begins = maker.hour(place, "event_begins", is_open);
                let values = json!({
                    "title": maker.text(place, "event", is_open),
                    "starts_at": instant_text(begins),
                    "ends_at": instant_text(begins + HOUR),
                    "contacts": [id],
                    "responsible": stranger,
                    "visibility": if is_open { "read" } else { "private" },
                });
                create(&mut self.admin, "event", &values);
            }
            if place % 3 == 2 {
                let is_open = place % 2 == 0;
                let dice = |field| maker.dice(place, field, is_open).0;
                let values = json!({
                    "title": maker.text(place, "deal", is_open),
                    "contact": id,
                    "responsible": stranger,
                    "stage": dice("stage").pick(&["needs", "proposal", "won"]),
                    "budget": { "amount": 100 + dice("budget").below(900), "currency": "UAH" },
                    "visibility": if is_open { "read" } else { "private" },
                });
                create(&mut self.admin, "deal", &values);
            }
        }
    }
}
