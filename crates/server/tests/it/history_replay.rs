//! The log of changes is whole (R22): each change takes the place of what the one before has left, the last of them is what stands, and each request
//! that changed anything stands in the log once, with who asked.
//!
//! `KARTOTEKA_CASES` makes a long form of it, `KARTOTEKA_SEED` another run.

use std::collections::{BTreeMap, BTreeSet};

use database::Query;
use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, expect, for_each_app, until};
use crate::it::non_interference::{Dice, number_from};
use crate::it::person::{person, phone, with};

/// Requests of the short form.
const CASES: usize = 500;
const FIELDS: [&str; 5] = ["last_name", "remark", "warmth", "position", "channels"];

/// What is asked of the program, and what must come of it.
struct Session<'a> {
    app: &'a App,
    users: Vec<User>,
    dice: Dice,
    /// Every card that was ever made.
    cards: Vec<i64>,
    /// Operations that were answered, with who asked for them.
    operations: BTreeMap<i64, i64>,
}

impl Session<'_> {
    fn value_of(&mut self, field: &str) -> Json {
        let number = self.dice.below(1_000_000);
        match (field, self.dice.below(4)) {
            ("last_name", _) => json!(format!("Шевчук {number}")),
            (_, 0) => Json::Null,
            ("warmth", _) => json!(["cold", "warm", "hot"][number % 3]),
            ("channels", _) => phone(&format!("+38067{number:07}")),
            _ => json!(format!("текст {number}")),
        }
    }

    fn some_card(&mut self) -> Option<i64> {
        let at = self.dice.below(self.cards.len().max(1));
        self.cards.get(at).copied()
    }

    /// One request of any kind; refusals, such as of a card in the trash, are answers too.
    fn ask(&mut self) {
        let who = self.dice.below(self.users.len());
        let (card, other) = (self.some_card(), self.some_card());
        let field = FIELDS[self.dice.below(FIELDS.len())];
        let value = self.value_of(field);
        let kind = self.dice.below(12);
        let past: Vec<i64> = self.operations.keys().copied().collect();
        let undone = past.get(self.dice.below(past.len().max(1))).copied();
        let user = &mut self.users[who];
        let answer = match (kind, card) {
            (0 | 1, _) | (_, None) => {
                let values = with(person("Нова"), "visibility", json!("write"));
                user.post("/records/contact", &json!({ "values": values }))
            }
            (2, Some(card)) => user.delete(&format!("/records/contact/{card}")),
            (3, Some(card)) => user.post(&format!("/records/contact/{card}/restore"), &json!({})),
            (4, Some(card)) => {
                let ids: BTreeSet<i64> = [card, other.unwrap_or(card)].into();
                let bulk = json!({ "action": "update", "ids": ids, "values": { "remark": value_text(&value) } });
                let started = user.post("/records/contact/bulk", &bulk);
                if started.status == 202 {
                    user.wait_for_job(&started.json()["job"]);
                }
                return;
            }
            (5, Some(card)) if other != Some(card) => {
                let merge = json!({ "survivor": card, "losers": [other] });
                user.post("/records/contact/merge", &merge)
            }
            (6, Some(_)) if undone.is_some() => {
                user.post(&format!("/operations/{}/undo", undone.unwrap_or_default()), &json!({}))
            }
            (_, Some(card)) => {
                let values = json!({ "values": { field: value } });
                user.patch(&format!("/records/contact/{card}"), &values)
            }
        };
        assert!(answer.status < 500, "{}", answer.text());
        if !(200..300).contains(&answer.status) {
            return;
        }
        let answer = answer.json();
        if let Some(id) = answer["record"]["id"].as_i64().filter(|id| !self.cards.contains(id)) {
            self.cards.push(id);
        }
        if let Some(operation) = answer["operation_id"].as_i64() {
            let before = self.operations.insert(operation, self.users[who].id);
            assert_eq!(before, None, "operation {operation} was answered twice");
        }
    }
}

fn value_text(value: &Json) -> Json {
    value.as_str().map_or(Json::Null, |text| json!(text))
}

/// The whole history of a card, the oldest entry first.
fn history(admin: &mut User, card: i64) -> Vec<Json> {
    let mut entries = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = expect(&admin.get(&format!("/records/contact/{card}/history?limit=100{cursor}")), 200);
        entries.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    entries.reverse();
    entries
}

fn is_nothing(value: &Json) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

#[test]
fn the_history_replayed_gives_every_card_as_it_stands() {
    for_each_app(|app| {
        let seed = number_from("KARTOTEKA_SEED", 20_261_123);
        let cases = number_from("KARTOTEKA_CASES", CASES);
        let mut admin = app.administrator();
        let users = vec![app.administrator(), app.with_user(Role::Supervisor), app.with_user(Role::Employee)];
        let dice = Dice::of(&[seed as u64, 22]);
        let mut session = Session { app, users, dice, cards: Vec::new(), operations: BTreeMap::new() };
        for _ in 0..cases {
            session.ask();
        }
        until(|| !session.app.has_open_jobs());
        assert!(session.operations.len() > cases / 3, "{} of {cases} changed anything", session.operations.len());
        let mut told: BTreeMap<i64, i64> = BTreeMap::new();
        for card in &session.cards {
            let mut replayed: BTreeMap<String, Json> = BTreeMap::new();
            for entry in history(&mut admin, *card) {
                let operation = &entry["operation"];
                told.insert(operation["id"].as_i64().unwrap(), operation["user"]["id"].as_i64().unwrap_or_default());
                for change in entry["changes"].as_array().unwrap() {
                    let field = change["field"].as_str().unwrap().to_owned();
                    let old = &change["old"];
                    // How a card was made is told by what its first changes took the place of.
                    let before = replayed.get(&field).unwrap_or(old);
                    assert!(
                        before == old || is_nothing(before) && is_nothing(old),
                        "card {card}, {field}: {before} stood there, the log says {old} (seed {seed})"
                    );
                    replayed.insert(field, change["new"].clone());
                }
            }
            let stands = expect(&admin.get(&format!("/records/contact/{card}")), 200)["values"].clone();
            for (field, value) in &replayed {
                let now = &stands[field];
                assert!(
                    now == value || is_nothing(now) && is_nothing(value),
                    "card {card}, {field}: {value} is replayed, {now} stands there (seed {seed})"
                );
            }
        }
        // An undo may find that everything was changed since: it stands in the log of operations and in no card.
        let empty = "SELECT id FROM operations WHERE record_count = 0 AND user_id IS NOT NULL";
        let rows = app.engine.database().read(|tx| tx.query(empty, &[])).unwrap();
        let empty: BTreeSet<i64> = rows.iter().map(|row| row.integer(0).unwrap()).collect();
        for (operation, user) in session.operations.iter().filter(|(operation, _)| !empty.contains(operation)) {
            assert_eq!(told.get(operation), Some(user), "operation {operation} (seed {seed})");
        }
    });
}
