//! A company about which very much was written, by itself and by its people: what the timeline is measured on.

use demo_data::USERS;
use record_engine::context::instant_text;
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{Engine, RequestContext, Role, Source, Values, settings};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::base::{HEAD, user_id};
use crate::progress::Progress;
use crate::{Failure, Result};

/// Name of the setting that names them.
const MARK: &str = "bench_busy_card";
/// Entries of the company itself: so many notes, so many tasks that are done.
const NOTES: u64 = 80_000;
const TASKS: u64 = 20_000;
/// People of the company, and the notes about each.
const PEOPLE: u64 = 300;
const NOTES_OF_ONE: u64 = 100;
/// Records of one transaction.
const BATCH: usize = 1_000;
/// Between two entries.
const STEP_MS: i64 = 20 * 60_000;

/// What requests about work name.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct BusyCard {
    /// The company; the head looks after it.
    pub company: i64,
    /// The ids of the team.
    pub users: Vec<i64>,
}

/// Writes the company, or finds it. A base of fewer contacts has so many entries less.
pub(super) fn prepare(engine: &Engine, contacts: u64) -> Result<BusyCard> {
    let found = engine.database().read(|tx| settings::read(tx, MARK))?;
    if let Some(card) = found.and_then(|found| serde_json::from_value(found).ok()) {
        return Ok(card);
    }
    let users = USERS.iter().map(|user| user_id(engine, user.name)).collect::<Result<Vec<i64>>>()?;
    let head = users.get(usize::from(HEAD)).copied().unwrap_or_default();
    let part = |count: u64| count.min(count * contacts / 100_000 + 1);
    let mut writer = Writer { engine, head, now_ms: engine.clock().now_ms(), progress: Progress::new("entries") };
    let card = |name: &str, parent: Option<i64>| {
        let kind = if parent.is_none() { "company" } else { "person" };
        let field = if parent.is_none() { "company_name" } else { "last_name" };
        json!({ "kind": kind, field: name, "parent": parent, "managers": [head], "visibility": "private" })
    };
    let company = writer.write("contact", 1, &|_| card("Kartoteka Bench", None))?.first().copied().unwrap_or_default();
    let people = writer.write("contact", part(PEOPLE), &|at| card(&format!("Bench {at}"), Some(company)))?;
    let now_ms = writer.now_ms;
    let at = |at: u64| instant_text(now_ms - i64::try_from(at).unwrap_or_default() * STEP_MS);
    let note =
        |about: i64, place: u64| json!({ "record": about, "text": format!("Entry {place}"), "happened_at": at(place) });
    writer.write("comment", part(NOTES), &|place| note(company, place))?;
    writer.write("task", part(TASKS), &|place| {
        json!({ "title": format!("Task {place}"), "contact": company, "status": "done", "responsible": head, "deadline": at(place * 4) })
    })?;
    for (place, person) in people.iter().enumerate() {
        let first = u64::try_from(place).unwrap_or_default();
        writer.write("comment", part(NOTES_OF_ONE), &|place| note(*person, place * PEOPLE + first))?;
    }
    writer.progress.end();
    let card = BusyCard { company, users };
    engine.write(|tx| settings::write(tx, MARK, &json!(card)))?;
    Ok(card)
}

struct Writer<'a> {
    engine: &'a Engine,
    head: i64,
    now_ms: i64,
    progress: Progress,
}

impl Writer<'_> {
    /// Writes so many records of a type; their ids.
    fn write(&mut self, object_type: &str, count: u64, values: &dyn Fn(u64) -> Json) -> Result<Vec<i64>> {
        let snapshot = self.engine.snapshot();
        let object_type = snapshot.object_type(object_type)?;
        let context = RequestContext::user(self.head, Role::Administrator, Source::Import, self.engine.clock());
        let mut ids = Vec::new();
        let places: Vec<u64> = (0..count).collect();
        for batch in places.chunks(BATCH) {
            let create = |place: &u64| -> Change {
                let values: Values = values(*place).as_object().cloned().unwrap_or_default().into_iter().collect();
                Change::Create { values }
            };
            let made = self.engine.write_batch(|tx| {
                let mut operation = Operation::new(OperationKind::Import, Some(object_type.id));
                operation.is_quiet = true;
                let changes = batch.iter().map(create).collect();
                let outcomes = apply(tx, snapshot.trusted_writer(), &context, &mut operation, &object_type, changes)?;
                let refused = |error| Failure::refused(format!("a {} was refused: {error:?}", object_type.name));
                outcomes.into_iter().map(|outcome| Ok(outcome.map_err(refused)?.id())).collect::<Result<Vec<i64>>>()
            })?;
            ids.extend(made);
            self.progress.show(ids.len() as u64, Some(count));
        }
        Ok(ids)
    }
}
