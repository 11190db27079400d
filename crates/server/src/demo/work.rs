//! The deals, tasks, events and notes of a demo base, written behind its contacts.
//!
//! As with these, each day of each colleague is one operation and some hundred of them are one transaction.

use std::collections::HashMap;
use std::ops::Range;

use demo_data::{DemoBase, DemoContact, DemoDeal, DemoEvent, DemoNote, DemoTask};
use modules::reminders;
use record_engine::context::instant_text;
use record_engine::error::EngineError;
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{Engine, Values};
use serde_json::{Value as Json, json};

use super::load::{DAY_MS, TRANSACTION, context_of};
use super::orders::Sold;
use crate::{Failure, Result};

/// Contacts whose work is put in the order of its days together.
const WINDOW: u64 = 20_000;
/// Orders of a demo base.
const MOST_ORDERS: usize = 36;
const MINUTE_MS: i64 = 60_000;

/// Types in the order in which they are written on one day: what refers to a deal comes behind it.
const TYPES: [&str; 4] = ["deal", "event", "task", "comment"];

/// Which deal of which round for which contact.
type DealKey = (u64, u64, usize);

/// A record to be made.
struct Entry {
    /// How many days ago.
    age: u32,
    /// Place in [`TYPES`].
    type_at: usize,
    /// The position of the colleague who made it.
    user: u8,
    values: Values,
    /// What it is called by tasks, where it is a deal.
    key: Option<DealKey>,
    /// The deal that it is for.
    deal: Option<DealKey>,
    /// What an order could be made of, where it is a deal that was won; its id is known once it is written.
    sold: Option<Sold>,
}

/// Writes the work of a base.
pub(super) struct WorkLoader<'a> {
    pub engine: &'a Engine,
    pub base: DemoBase,
    /// Ids of the users by their position.
    pub team: &'a [i64],
    /// Record ids of the contacts by their index.
    pub contacts: &'a HashMap<u64, i64>,
    /// How much is done for each contact; see [`DemoBase::work_of`].
    pub rounds: u64,
    /// Midnight UTC of the day of the load.
    pub today_ms: i64,
}

impl WorkLoader<'_> {
    /// Writes everything; answers how many records, and what was sold last.
    ///
    /// # Errors
    /// Those of the engine; what breaks a rule is a defect of the generator and ends the load.
    pub fn load(&self) -> Result<(u64, Vec<Sold>)> {
        let (mut done, mut sold) = (0, Vec::new());
        let mut start = 0;
        while start < self.base.contacts {
            let end = (start + WINDOW).min(self.base.contacts);
            let mut entries = self.entries(start..end);
            entries.sort_by_key(|entry| (std::cmp::Reverse(entry.age), entry.type_at, entry.user));
            let mut deals = HashMap::new();
            for some in entries.chunks(TRANSACTION) {
                deals = self.write(some, deals, &mut sold)?;
                done += some.len() as u64;
            }
            keep_last(&mut sold);
            start = end;
        }
        let now_ms = self.engine.clock().now_ms();
        self.engine.write(|tx| reminders::forget_past(tx, now_ms))?;
        Ok((done, sold))
    }

    fn entries(&self, window: Range<u64>) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (index, round) in window.flat_map(|index| (0..self.rounds).map(move |round| (index, round))) {
            let contact = self.base.contact(index);
            let Some(id) = self.contacts.get(&index).copied() else { continue };
            let work = self.base.work_of(&contact, round);
            let manager = contact.managers.first().copied().unwrap_or_default();
            let entry = |age: u32, type_at: usize, user: u8, values: Values| Entry {
                age: age.min(contact.created_days_ago),
                type_at,
                user,
                values,
                key: None,
                deal: None,
                sold: None,
            };
            for (at, deal) in work.deals.iter().enumerate() {
                let values = self.deal(deal, &contact, id);
                let made = entry(deal.created_days_ago, 0, manager, values);
                let sold = (deal.stage == "won").then(|| Sold {
                    deal: 0,
                    contact: id,
                    user: self.user(manager),
                    price: deal.goods.price,
                    count: deal.count,
                    days_ago: made.age,
                });
                entries.push(Entry { key: Some((index, round, at)), sold, ..made });
            }
            for event in &work.events {
                entries.push(entry(event.created_days_ago, 1, manager, self.event(event, id)));
            }
            for task in &work.tasks {
                let deal = task.deal.map(|at| (index, round, at));
                let values = self.task(task, id);
                entries.push(Entry { deal, ..entry(task.created_days_ago, 2, task.responsible, values) });
            }
            for note in &work.notes {
                entries.push(entry(note.created_days_ago, 3, manager, self.note(note, id)));
            }
        }
        entries
    }

    fn write(
        &self,
        entries: &[Entry],
        deals: HashMap<DealKey, i64>,
        sold: &mut Vec<Sold>,
    ) -> Result<HashMap<DealKey, i64>> {
        let snapshot = self.engine.snapshot();
        let (deals, made) = self.engine.write_batch(|tx| {
            let (mut deals, mut made) = (deals.clone(), Vec::new());
            for together in entries.chunk_by(|a, b| (a.age, a.type_at, a.user) == (b.age, b.type_at, b.user)) {
                let Some(first) = together.first() else { continue };
                let object_type = snapshot.object_type(TYPES.get(first.type_at).copied().unwrap_or_default())?;
                let user = self.user(first.user);
                let context = context_of(self.engine, self.today_ms, user, -i64::from(first.age));
                let create = |entry: &Entry| {
                    let mut values = entry.values.clone();
                    if let Some(deal) = entry.deal.and_then(|key| deals.get(&key)) {
                        values.insert("deal".into(), json!(deal));
                    }
                    Change::Create { values }
                };
                let changes = together.iter().map(create).collect();
                let kind = if together.len() == 1 { OperationKind::Create } else { OperationKind::Import };
                let mut operation = Operation::new(kind, Some(object_type.id));
                operation.is_quiet = true;
                let outcomes = apply(tx, snapshot.trusted_writer(), &context, &mut operation, &object_type, changes)?;
                for (entry, outcome) in together.iter().zip(outcomes) {
                    let id = outcome.map_err(|error| broken(entry, &error))?.id();
                    if let Some(key) = entry.key {
                        deals.insert(key, id);
                    }
                    made.extend(entry.sold.map(|sold| Sold { deal: id, ..sold }));
                }
            }
            Ok::<_, Failure>((deals, made))
        })?;
        sold.extend(made);
        Ok(deals)
    }

    fn deal(&self, deal: &DemoDeal, contact: &DemoContact, id: i64) -> Values {
        values([
            ("title", json!(deal.title)),
            ("contact", json!(id)),
            ("stage", json!(deal.stage)),
            ("lost_reason", json!(deal.lost_reason)),
            ("budget", json!({ "amount": deal.budget, "currency": "UAH" })),
            ("expected_close", json!(self.day(deal.closes_in_days))),
            ("responsible", json!(self.user(contact.managers.first().copied().unwrap_or_default()))),
        ])
    }

    fn task(&self, task: &DemoTask, contact: i64) -> Values {
        let reminder = if task.category == "meeting" { "hour" } else { "minutes_15" };
        values([
            ("title", json!(task.title)),
            ("category", json!(task.category)),
            ("status", json!(if task.is_done { "done" } else { "new" })),
            ("contact", json!(contact)),
            ("deadline", json!(instant_text(self.moment(task.due_in_days, task.due_minute)))),
            ("reminder", json!(reminder)),
            ("responsible", json!(self.user(task.responsible))),
        ])
    }

    fn event(&self, event: &DemoEvent, contact: i64) -> Values {
        let start = self.moment(event.starts_in_days, event.start_minute);
        let end = start + i64::from(event.minutes) * MINUTE_MS;
        values([
            ("title", json!(event.title)),
            ("kind", json!(event.kind)),
            ("status", json!(if event.is_held { "held" } else { "planned" })),
            ("place", json!(event.place)),
            ("contacts", json!([contact])),
            ("starts_at", json!(instant_text(start))),
            ("ends_at", json!(instant_text(end))),
        ])
    }

    fn note(&self, note: &DemoNote, contact: i64) -> Values {
        values([("record", json!(contact)), ("text", json!(note.text))])
    }

    fn user(&self, position: u8) -> i64 {
        self.team.get(usize::from(position)).or(self.team.first()).copied().unwrap_or_default()
    }

    fn moment(&self, in_days: i32, minute: u32) -> i64 {
        self.today_ms + i64::from(in_days) * DAY_MS + i64::from(minute) * MINUTE_MS
    }

    fn day(&self, in_days: i32) -> String {
        instant_text(self.moment(in_days, 0)).chars().take(10).collect()
    }
}

/// The last that were sold, the oldest first.
fn keep_last(sold: &mut Vec<Sold>) {
    sold.sort_by_key(|one| (std::cmp::Reverse(one.days_ago), one.deal));
    sold.drain(..sold.len().saturating_sub(MOST_ORDERS));
}

fn values<const N: usize>(pairs: [(&str, Json); N]) -> Values {
    pairs.into_iter().filter(|(_, value)| !value.is_null()).map(|(field, value)| (field.to_owned(), value)).collect()
}

fn broken(entry: &Entry, error: &EngineError) -> Failure {
    let object_type = TYPES.get(entry.type_at).copied().unwrap_or_default();
    Failure::refused(format!("a {object_type} of the demo base was refused: {error:?}"))
}
