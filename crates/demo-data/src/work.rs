//! What is done for a contact: deals, tasks, events and notes.
//!
//! What must stay true: it follows from the contact and the seed alone, and adding something here changes no value of a contact. Days are counted from
//! the day on which the base is made; what was created is never younger than its contact.

mod texts;

use crate::random::{Draw, Purpose};
use crate::{ContactKind, DemoBase, DemoContact};
use texts::Texts;
pub use texts::{Goods, catalogue};

/// An order that a contact may give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoDeal {
    /// What is sold, and how much of it.
    pub title: String,
    /// What is sold.
    pub goods: &'static Goods,
    /// How much of it.
    pub count: u64,
    /// A stage of a fresh installation: `needs`, `won` …
    pub stage: &'static str,
    /// Hundredths of the hryvnia.
    pub budget: u64,
    /// Why it was lost, where it was.
    pub lost_reason: Option<&'static str>,
    /// How many days ago it came.
    pub created_days_ago: u32,
    /// In how many days it is expected to close; negative in the past.
    pub closes_in_days: i32,
}

/// Something that somebody does for a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoTask {
    /// What is to be done.
    pub title: String,
    /// `call`, `meeting`, `email`, `control` …
    pub category: &'static str,
    /// Whether it is done.
    pub is_done: bool,
    /// Position in [`crate::USERS`] of who does it.
    pub responsible: u8,
    /// Position among the deals of the contact of the one that it is for.
    pub deal: Option<usize>,
    /// How many days ago it was given.
    pub created_days_ago: u32,
    /// In how many days it is due; negative in the past.
    pub due_in_days: i32,
    /// The minute of that day, UTC.
    pub due_minute: u32,
}

/// A meeting with a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoEvent {
    /// What it is about.
    pub title: String,
    /// `meeting`, `training` …
    pub kind: &'static str,
    /// Where.
    pub place: &'static str,
    /// Whether it has taken place.
    pub is_held: bool,
    /// How many days ago it was agreed.
    pub created_days_ago: u32,
    /// In how many days it begins; negative in the past.
    pub starts_in_days: i32,
    /// The minute of that day, UTC.
    pub start_minute: u32,
    /// How long it takes, in minutes.
    pub minutes: u32,
}

/// What somebody wrote about a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoNote {
    /// What was written.
    pub text: &'static str,
    /// How many days ago.
    pub created_days_ago: u32,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DemoWork {
    /// Deals, the oldest in no particular order.
    pub deals: Vec<DemoDeal>,
    /// Tasks.
    pub tasks: Vec<DemoTask>,
    /// Events.
    pub events: Vec<DemoEvent>,
    /// Notes.
    pub notes: Vec<DemoNote>,
}

impl DemoBase {
    /// What is done for a contact of this base: on average half a deal, one task and half a note. Each round, from zero on, is as much again.
    #[must_use]
    pub fn work_of(&self, contact: &DemoContact, round: u64) -> DemoWork {
        let mut draw = Draw::new(self.seed.wrapping_add(round), Purpose::Work, contact.index);
        let texts = Texts::of(contact.language);
        let (deals, tasks, notes) = match contact.kind {
            ContactKind::Company => (draw.below(4), draw.below(5), draw.below(3)),
            ContactKind::Person => (u64::from(draw.chance(35)), draw.below(3), u64::from(draw.chance(40))),
        };
        let deals: Vec<DemoDeal> = (0..deals).filter_map(|_| deal(&mut draw, texts, contact)).collect();
        let tasks = (0..tasks).map(|_| task(&mut draw, texts, contact, &deals)).collect();
        let has_event = draw.chance(5);
        DemoWork {
            events: has_event.then(|| event(&mut draw, texts, contact)).into_iter().collect(),
            notes: (0..notes)
                .map(|_| DemoNote {
                    text: draw.pick_text(texts.notes),
                    created_days_ago: days_ago(&mut draw, contact, 900),
                })
                .collect(),
            deals,
            tasks,
        }
    }
}

/// A day since the contact came, the later ones the likelier, at most `limit` days ago.
fn days_ago(draw: &mut Draw, contact: &DemoContact, limit: u64) -> u32 {
    let limit = u64::from(contact.created_days_ago).min(limit) + 1;
    draw.below(limit).min(draw.below(limit)) as u32
}

fn deal(draw: &mut Draw, texts: &Texts, contact: &DemoContact) -> Option<DemoDeal> {
    let goods: &Goods = draw.pick(texts.goods)?;
    let count = draw.between(goods.least, goods.least * 12);
    let created_days_ago = days_ago(draw, contact, 700);
    let takes = draw.between(14, 90) as i32;
    let is_over = created_days_ago > 60 || draw.chance(20);
    let open = ["first_contact", "needs", "needs", "qualified", "qualified", "proposal", "proposal", "negotiation"];
    let stage = match (is_over, draw.chance(58)) {
        (true, true) => "won",
        (true, false) => "lost",
        (false, _) => draw.pick_text(&open),
    };
    let reasons = ["price", "price", "competitor", "no_need", "no_answer", "terms"];
    let lost_reason = (stage == "lost").then(|| draw.pick_text(&reasons));
    Some(DemoDeal {
        title: format!("{}, {count} {}", goods.name, goods.unit),
        goods,
        count,
        stage,
        budget: goods.price * count * 100,
        lost_reason,
        created_days_ago,
        closes_in_days: takes - created_days_ago as i32,
    })
}

fn task(draw: &mut Draw, texts: &Texts, contact: &DemoContact, deals: &[DemoDeal]) -> DemoTask {
    let (category, titles) = draw.pick(texts.tasks).copied().unwrap_or(("call", &[]));
    let title = draw.pick_text(titles).to_owned();
    let created_days_ago = days_ago(draw, contact, 365);
    let due_in_days = draw.between(1, 24) as i32 - created_days_ago as i32;
    let is_done = match due_in_days {
        ..-6 => true,
        -6..0 => draw.chance(85),
        _ => draw.chance(10),
    };
    let deal = (!deals.is_empty() && draw.chance(60)).then(|| draw.below(deals.len() as u64) as usize);
    // The owner of the business keeps something for herself.
    let manager = contact.managers.first().copied().unwrap_or_default();
    DemoTask {
        title,
        category,
        is_done,
        responsible: if draw.chance(6) { 0 } else { manager },
        deal: deal.filter(|at| deals.get(*at).is_some_and(|deal| deal.created_days_ago >= created_days_ago)),
        created_days_ago,
        due_in_days,
        due_minute: working_minute(draw),
    }
}

fn event(draw: &mut Draw, texts: &Texts, contact: &DemoContact) -> DemoEvent {
    let created_days_ago = days_ago(draw, contact, 120);
    let starts_in_days = draw.between(1, 30) as i32 - created_days_ago as i32;
    let (kind, title) = draw.pick(texts.events).copied().unwrap_or(("meeting", ""));
    DemoEvent {
        title: title.to_owned(),
        kind,
        place: draw.pick_text(texts.places),
        is_held: starts_in_days < 0,
        created_days_ago,
        starts_in_days,
        start_minute: working_minute(draw),
        minutes: 30 * draw.between(1, 4) as u32,
    }
}

/// A quarter of an hour between nine and five in Kyiv, in winter.
fn working_minute(draw: &mut Draw) -> u32 {
    7 * 60 + 15 * draw.below(33) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_never_older_than_its_contact_and_there_is_enough_of_it() {
        let base = DemoBase { contacts: 4_000, seed: 1 };
        let (mut deals, mut tasks, mut notes, mut open) = (0, 0, 0, 0);
        for contact in base.iter() {
            let work = base.work_of(&contact, 0);
            assert_eq!(work, base.work_of(&contact, 0));
            let ages = (work.deals.iter().map(|deal| deal.created_days_ago))
                .chain(work.tasks.iter().map(|task| task.created_days_ago))
                .chain(work.notes.iter().map(|note| note.created_days_ago))
                .chain(work.events.iter().map(|event| event.created_days_ago));
            assert!(ages.max().is_none_or(|oldest| oldest <= contact.created_days_ago));
            assert!(work.deals.iter().all(|deal| (deal.stage == "lost") == deal.lost_reason.is_some()));
            open += work.tasks.iter().filter(|task| !task.is_done).count();
            deals += work.deals.len();
            tasks += work.tasks.len();
            notes += work.notes.len();
        }
        assert!((1_500..3_500).contains(&deals), "{deals}");
        assert!((3_500..7_000).contains(&tasks), "{tasks}");
        assert!((1_200..4_000).contains(&notes), "{notes}");
        assert!((100..1_500).contains(&open), "{open}");
    }
}
