//! Writing a generated base through the engine, fast enough for millions.
//!
//! A window of contacts is put in the order of the days on which they are said to have come, each day is one operation, and some hundred days
//! are one transaction: so every card, list and history shows believable dates without a second way to write.
//!
//! What must stay true: a contact is written after its company. A day may therefore move towards the present, never a company behind its people.

use std::collections::{BTreeMap, HashMap};

use demo_data::{ContactKind, DemoBase, DemoContact};
use record_engine::context::RequestContext;
use record_engine::error::EngineError;
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{Engine, Role, Source, outbox};

use super::orders::create_orders;
use super::work::WorkLoader;
use super::{Labels, values_of};
use crate::{Failure, Result};

/// Contacts that are ordered by day together.
const WINDOW: u64 = 20_000;
/// Over how many days a base grew.
const HISTORY_DAYS: u64 = 1_826;
/// Contacts of one operation, about.
const TOGETHER: u64 = 25;
/// Contacts of one transaction, about.
pub(super) const TRANSACTION: usize = 2_000;
pub(super) const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// Work begins at eight.
const MORNING_MS: i64 = 8 * 3_600 * 1_000;

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Contacts, people and companies together.
    pub contacts: u64,
    /// Deals, tasks, events, notes, products and orders with their lines.
    pub work: u64,
}

/// Writes a demo base.
pub struct Loader<'a> {
    engine: &'a Engine,
    base: DemoBase,
    /// Ids of the users by their position in [`demo_data::USERS`]; more may follow for an [`Loader::adjusted`] base.
    team: Vec<i64>,
    labels: Labels,
    adjust: fn(&mut DemoContact),
    /// Midnight UTC of the day of the load.
    today_ms: i64,
    /// Record ids of the companies by their index.
    companies: HashMap<u64, i64>,
    /// Rounds of work for each contact.
    rounds: u64,
    /// Record ids of all contacts by their index, where work is done for them.
    all: HashMap<u64, i64>,
}

/// The contacts of one day, in the order of their index.
type Day = (i64, Vec<DemoContact>);

impl<'a> Loader<'a> {
    /// A loader for an installation whose team has these user ids.
    pub fn new(engine: &'a Engine, base: DemoBase, team: Vec<i64>) -> Loader<'a> {
        let now_ms = engine.clock().now_ms();
        Loader {
            engine,
            base,
            team,
            labels: Labels::default(),
            adjust: |_| {},
            today_ms: now_ms - now_ms.rem_euclid(DAY_MS),
            companies: HashMap::new(),
            rounds: 0,
            all: HashMap::new(),
        }
    }

    /// Writes the deals, tasks, events and notes of the contacts too, so many rounds of them.
    #[must_use]
    pub fn with_work(mut self, rounds: u64) -> Self {
        self.rounds = rounds;
        self
    }

    /// Puts contacts into these groups and gives them these tags; without, as the measurements are made, they have none.
    #[must_use]
    pub fn labelled(mut self, labels: Labels) -> Self {
        self.labels = labels;
        self
    }

    /// Changes each contact before it is written: the measurements need rights that bite harder than those of a pleasant demo.
    #[must_use]
    pub fn adjusted(mut self, adjust: fn(&mut DemoContact)) -> Self {
        self.adjust = adjust;
        self
    }

    /// Writes everything; `progress` hears how many contacts are done.
    ///
    /// # Errors
    /// Those of the engine; a contact that breaks a rule is a defect of the generator and ends the load.
    pub fn load(mut self, progress: &mut dyn FnMut(u64)) -> Result<Loaded> {
        let mut done = 0;
        while done < self.base.contacts {
            let end = (done + WINDOW).min(self.base.contacts);
            let days = self.days_of(done..end);
            let mut rest = days.as_slice();
            while !rest.is_empty() {
                let (days, later) = rest.split_at(days_of_transaction(rest));
                rest = later;
                for (contact, id) in self.write(days)? {
                    if contact.kind == ContactKind::Company {
                        self.companies.insert(contact.index, id);
                    }
                    if self.rounds > 0 {
                        self.all.insert(contact.index, id);
                    }
                }
                done += days.iter().map(|(_, contacts)| contacts.len() as u64).sum::<u64>();
                progress(done);
            }
        }
        let mut work = 0;
        if self.rounds > 0 {
            let Loader { engine, base, today_ms, rounds, .. } = self;
            let loader = WorkLoader { engine, base, team: &self.team, contacts: &self.all, rounds, today_ms };
            let (records, sold) = loader.load()?;
            work = records + create_orders(engine, today_ms, &sold)?;
        }
        // Nobody listened while the base was made.
        self.engine.write(|tx| outbox::prune(tx, i64::MAX, None))?;
        Ok(Loaded { contacts: done, work })
    }

    /// A window by days, the oldest first.
    fn days_of(&self, window: std::ops::Range<u64>) -> Vec<Day> {
        let step = days_of_step(window.end - window.start);
        let mut ages: HashMap<u64, u32> = HashMap::new();
        let mut days: BTreeMap<i64, Vec<DemoContact>> = BTreeMap::new();
        for index in window {
            let mut contact = self.base.contact(index);
            (self.adjust)(&mut contact);
            let employer = contact.company.and_then(|company| ages.get(&company)).copied();
            let age = contact.created_days_ago.min(employer.unwrap_or(u32::MAX)) / step * step;
            if contact.kind == ContactKind::Company {
                ages.insert(index, age);
            }
            days.entry(-i64::from(age)).or_default().push(contact);
        }
        days.into_iter().collect()
    }

    /// Writes some days in one transaction; answers the contacts with the ids of their records.
    fn write<'d>(&self, days: &'d [Day]) -> Result<Vec<(&'d DemoContact, i64)>> {
        let snapshot = self.engine.snapshot();
        let object_type = snapshot.object_type("contact")?;
        let author = self.team.first().copied().unwrap_or_default();
        self.engine.write_batch(|tx| {
            let mut companies = HashMap::new();
            let mut written = Vec::new();
            for (day, contacts) in days {
                let context = context_of(self.engine, self.today_ms, author, *day);
                // A company and its first people often come on one day; people go into a later batch than their company.
                for batch in generations(contacts) {
                    let employer = |contact: &DemoContact| {
                        contact
                            .company
                            .and_then(|index| self.companies.get(&index).or_else(|| companies.get(&index)))
                            .copied()
                    };
                    let create = |contact: &&DemoContact| {
                        let mut values = values_of(contact, employer(contact), &self.team);
                        self.labels.add_to(&mut values, contact);
                        Change::Create { values }
                    };
                    let changes = batch.iter().map(create).collect();
                    let mut operation = self.operation(&object_type, batch.len());
                    let outcomes =
                        apply(tx, snapshot.trusted_writer(), &context, &mut operation, &object_type, changes)?;
                    for (contact, outcome) in batch.iter().zip(outcomes) {
                        let id = outcome.map_err(|error| broken(contact, &error))?.id();
                        if contact.kind == ContactKind::Company {
                            companies.insert(contact.index, id);
                        }
                        written.push((*contact, id));
                    }
                }
            }
            Ok::<_, Failure>(written)
        })
    }

    fn operation(&self, object_type: &record_engine::catalog::ObjectType, contacts: usize) -> Operation {
        let kind = if contacts == 1 { OperationKind::Create } else { OperationKind::Import };
        let mut operation = Operation::new(kind, Some(object_type.id));
        operation.is_quiet = true;
        operation
    }
}

/// Somebody of the team, at work on a day in the past; nothing is from the future.
pub(super) fn context_of(engine: &Engine, today_ms: i64, user: i64, day: i64) -> RequestContext {
    let context = RequestContext::user(user, Role::Administrator, Source::Import, engine.clock());
    let at = today_ms + day * DAY_MS + MORNING_MS + day.rem_euclid(540) * 60_000;
    RequestContext { now_ms: at.min(context.now_ms), ..context }
}

/// In a small base few contacts come on one day, and each operation has its price: some days are taken together.
fn days_of_step(contacts: u64) -> u32 {
    u32::try_from(HISTORY_DAYS * TOGETHER / contacts.max(1)).unwrap_or(u32::MAX).clamp(1, 30)
}

/// How many days, from the first on, make up a transaction.
fn days_of_transaction(days: &[Day]) -> usize {
    let mut contacts = 0;
    let fits = |(_, of_day): &&Day| {
        contacts += of_day.len();
        contacts <= TRANSACTION
    };
    days.iter().take_while(fits).count().max(1)
}

/// Splits the contacts of a day so that none stands in one batch with its company.
fn generations(contacts: &[DemoContact]) -> Vec<Vec<&DemoContact>> {
    let mut generation_of: HashMap<u64, usize> = HashMap::new();
    let mut generations: Vec<Vec<&DemoContact>> = Vec::new();
    for contact in contacts {
        let generation = contact.company.and_then(|index| generation_of.get(&index)).map_or(0, |employer| employer + 1);
        generation_of.insert(contact.index, generation);
        match generations.get_mut(generation) {
            Some(batch) => batch.push(contact),
            None => generations.push(vec![contact]),
        }
    }
    generations
}

fn broken(contact: &DemoContact, error: &EngineError) -> Failure {
    Failure::refused(format!("contact {} of the demo base was refused: {error:?}", contact.index))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn a_company_is_written_before_its_people() {
        let contacts: Vec<DemoContact> = DemoBase { contacts: 400, seed: 3 }.iter().collect();
        let batches = generations(&contacts);
        assert_eq!(batches.iter().map(Vec::len).sum::<usize>(), 400);
        let batch_of: HashMap<u64, usize> = batches
            .iter()
            .enumerate()
            .flat_map(|(at, batch)| batch.iter().map(move |contact| (contact.index, at)))
            .collect();
        for contact in &contacts {
            if let Some(company) = contact.company {
                assert!(batch_of[&company] < batch_of[&contact.index]);
            }
        }
    }
}
