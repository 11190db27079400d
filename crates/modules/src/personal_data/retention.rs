//! How long personal data is kept: rules that move records to the trash or erase people when their time is over.
//!
//! What must stay true: a rule does nothing before somebody has seen what it would reach, and any change of it asks for that again; a legal hold
//! always wins; restricted cards and those of users are left; each batch counts what it did and left in its own transaction. `due` says what a rule
//! reaches, the same for the dry run and for the job; the job is in `job`.

mod due;
mod job;
mod store;

use database::{Query, Tx};
use record_engine::access::compile;
use record_engine::audit::{self, Event, Kind};
use record_engine::catalog::{ObjectType, labels};
use record_engine::context::instant_text;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::jobs::{self, NewJob};
use record_engine::query::{get_many, present};
use record_engine::{Engine, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

pub(super) use job::RetentionJob;
pub(super) use store::MIGRATION;
pub use store::Rule;

use super::{SUBJECT, ensure_manager};

/// Longest name of a rule, in characters.
const MAX_NAME: usize = 200;
/// Longest filter, in characters.
const MAX_FILTER: usize = 4_000;
/// Most rules of an installation.
const MAX_RULES: usize = 100;
/// Longest period, by its unit: a hundred years.
const MAX_MONTHS: i64 = 1_200;
const MAX_DAYS: i64 = 36_500;
/// Most runs that are shown.
const SHOWN_RUNS: usize = 50;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The hour of the day, UTC, at which a night begins for the rules.
const NIGHT_HOUR: i64 = 1;

/// From when the time of a record is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Since it was last changed, or something was written or put to it.
    Activity,
    /// Since it was made.
    Creation,
}

/// The unit of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Months of the calendar.
    Months,
    /// Days.
    Days,
}

/// What becomes of a record whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It goes to the trash, as if somebody had deleted it.
    Trash,
    /// The personal data in it is erased for good, with an act.
    Erase,
}

/// A rule as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleInput {
    /// What people call it.
    pub name: String,
    /// The type of the records.
    pub object_type: String,
    /// Which of them, in the filter language; empty for all.
    #[serde(default)]
    pub filter: String,
    /// From when on.
    pub basis: Basis,
    /// For how long.
    pub period: i64,
    /// In which unit.
    pub unit: Unit,
    /// And then.
    pub action: Fate,
}

impl RuleInput {
    /// The moment before which the time of a record must have begun, milliseconds UTC.
    fn cutoff_ms(&self, now_ms: i64) -> i64 {
        let shorter = || -> Option<i64> {
            let now = jiff::Timestamp::from_millisecond(now_ms).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
            let span = match self.unit {
                Unit::Months => jiff::Span::new().try_months(self.period),
                Unit::Days => jiff::Span::new().try_days(self.period),
            };
            Some(now.checked_sub(span.ok()?).ok()?.timestamp().as_millisecond())
        };
        // A time that no calendar knows reaches nothing.
        shorter().unwrap_or(i64::MIN)
    }

    fn check(&self, snapshot: &Snapshot, context: &RequestContext) -> Result<()> {
        let wrong = |field: &str, code: &str| EngineError::field(FieldError::new(field, code));
        let length = self.name.trim().chars().count();
        if length == 0 {
            return Err(wrong("name", "required"));
        }
        if length > MAX_NAME {
            return Err(EngineError::field(FieldError::new("name", "too_long").with("max", MAX_NAME)));
        }
        let object_type =
            snapshot.object_type(&self.object_type).ok().filter(|object_type| is_kept_by_rules(object_type));
        let object_type = object_type.ok_or_else(|| wrong("object_type", "unknown_object_type"))?;
        if self.action == Fate::Erase && object_type.name != SUBJECT {
            return Err(wrong("action", "not_a_person"));
        }
        let max = if self.unit == Unit::Months { MAX_MONTHS } else { MAX_DAYS };
        if !(1..=max).contains(&self.period) {
            return Err(EngineError::field(FieldError::new("period", "out_of_range").with("min", 1).with("max", max)));
        }
        if self.filter.chars().count() > MAX_FILTER {
            return Err(EngineError::field(FieldError::new("filter", "too_long").with("max", MAX_FILTER)));
        }
        if let Err(error) = compile(filter_of(&self.filter), &object_type, context) {
            let error = FieldError::new("filter", "filter_invalid").with("value", error.to_string());
            return Err(EngineError::field(error));
        }
        Ok(())
    }
}

/// An empty filter reaches all.
fn filter_of(text: &str) -> &str {
    if text.trim().is_empty() { "all" } else { text }
}

/// The types that rules may name: what people work with, by itself and not as a part of something else.
fn is_kept_by_rules(object_type: &ObjectType) -> bool {
    !object_type.definition.is_system && !object_type.is_part()
}

/// All rules with their last runs, and the types for new ones.
///
/// # Errors
/// `Forbidden`; those of the database.
pub fn list(tx: &mut dyn Query, snapshot: &Snapshot, context: &RequestContext) -> Result<Json> {
    ensure_manager(context)?;
    let mut items = Vec::new();
    for rule in store::all(tx)? {
        items.push(present_rule(tx, context, &rule)?);
    }
    let text = |object_type: &ObjectType| {
        let all = labels(object_type.definition.labels_plural);
        all.get(&context.language).or_else(|| all.get("en")).cloned()
    };
    let types: Vec<Json> = snapshot
        .catalog
        .object_types
        .iter()
        .filter(|object_type| is_kept_by_rules(object_type))
        .map(|one| json!({ "name": one.name, "label": text(one), "can_be_erased": one.name == SUBJECT }))
        .collect();
    Ok(json!({ "items": items, "types": types }))
}

fn present_rule(tx: &mut dyn Query, context: &RequestContext, rule: &Rule) -> Result<Json> {
    let mut shown = json!(rule.input);
    if let Some(members) = shown.as_object_mut() {
        members.insert("id".into(), rule.id.into());
        members.insert("is_active".into(), rule.is_active.into());
        members.insert("checked_at".into(), json!(rule.checked_at.map(instant_text)));
        let cutoff = rule.input.cutoff_ms(context.now_ms);
        members.insert("cutoff".into(), json!((cutoff > i64::MIN).then(|| instant_text(cutoff))));
        members.insert("last_run".into(), json!(store::runs(tx, Some(rule.id), 1)?.first()));
    }
    Ok(shown)
}

/// The newest runs of all rules.
///
/// # Errors
/// `Forbidden`; those of the database.
pub fn list_runs(tx: &mut dyn Query, context: &RequestContext) -> Result<Json> {
    ensure_manager(context)?;
    Ok(json!({ "items": store::runs(tx, None, SHOWN_RUNS)? }))
}

/// Makes a rule, which is off; answers it.
///
/// # Errors
/// `Forbidden`, `Invalid`, `State("too_many_rules")`; those of the database.
pub fn create(tx: &mut Tx, snapshot: &Snapshot, context: &RequestContext, input: &RuleInput) -> Result<Json> {
    ensure_manager(context)?;
    input.check(snapshot, context)?;
    if store::all(tx)?.len() >= MAX_RULES {
        return Err(EngineError::State("too_many_rules"));
    }
    let id = store::insert(tx, context.now_ms, input)?;
    tell(tx, context, id, "created");
    present_found(tx, context, id)
}

/// Replaces a rule, which is off then until somebody has seen what it reaches now; answers it.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid`; those of the database.
pub fn replace(tx: &mut Tx, snapshot: &Snapshot, context: &RequestContext, id: i64, input: &RuleInput) -> Result<Json> {
    ensure_manager(context)?;
    let before = found(tx, id)?;
    input.check(snapshot, context)?;
    let is_renamed_only = before.input == RuleInput { name: before.input.name.clone(), ..input.clone() };
    store::replace(tx, id, input, is_renamed_only)?;
    tell(tx, context, id, "changed");
    present_found(tx, context, id)
}

/// Removes a rule; what it did stays in the reports.
///
/// # Errors
/// `Forbidden`, `NotFound`; those of the database.
pub fn remove(tx: &mut Tx, context: &RequestContext, id: i64) -> Result<()> {
    ensure_manager(context)?;
    found(tx, id)?;
    store::remove(tx, id)?;
    tell(tx, context, id, "removed");
    Ok(())
}

/// Switches a rule on or off; answers it. It begins its work in the night to come.
///
/// # Errors
/// `Forbidden`, `NotFound`, `State("dry_run_missing")` where nobody has seen what it would reach; those of the database.
pub fn switch(tx: &mut Tx, context: &RequestContext, id: i64, is_active: bool) -> Result<Json> {
    ensure_manager(context)?;
    let rule = found(tx, id)?;
    if is_active && rule.checked_at.is_none() {
        return Err(EngineError::State("dry_run_missing"));
    }
    if !store::switch(tx, &rule, is_active, night_of(context.now_ms))? {
        return Err(EngineError::State("conflict"));
    }
    tell(tx, context, id, if is_active { "switched_on" } else { "switched_off" });
    present_found(tx, context, id)
}

/// What a rule would reach now: how many, the first of them, what it would leave and why. It may be switched on afterwards.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Filter` when a field that it asks about is gone; those of the database.
pub fn dry_run(engine: &Engine, context: &RequestContext, id: i64) -> Result<Json> {
    ensure_manager(context)?;
    let snapshot = engine.snapshot();
    let rule = engine.database().read(|tx| found(tx, id))?;
    let object_type = snapshot.object_type(&rule.input.object_type)?;
    let reach = due::reach(engine, &snapshot, &rule.input)?;
    let examples = engine.database().read(|tx| {
        let records = get_many(tx, context, &object_type, &reach.first)?;
        let shown = present(tx, context, &snapshot.catalog, &object_type, &records)?;
        Ok::<Vec<Json>, EngineError>(shown.iter().map(|record| record.to_json()).collect())
    })?;
    let is_same = engine.write(|tx| store::check(tx, &rule, context.now_ms))?;
    if !is_same {
        return Err(EngineError::State("conflict"));
    }
    let examples: Vec<Json> = examples
        .iter()
        .map(|one| json!({ "id": one["id"], "title": one["title"], "created_at": one["created_at"], "updated_at": one["updated_at"] }))
        .collect();
    Ok(json!({
        "count": reach.count, "is_capped": reach.is_capped, "left": reach.left, "examples": examples,
        "cutoff": instant_text(reach.cutoff_ms), "list_filter": due::list_filter(&rule.input, reach.cutoff_ms),
    }))
}

/// Starts the rules whose night has come: each once a night, on whichever process is first.
///
/// # Errors
/// Those of the database.
pub fn start_due(engine: &Engine) -> Result<usize> {
    let context = RequestContext::system(engine.clock());
    let night = night_of(context.now_ms);
    engine.write(|tx| {
        let open = jobs::open_of_kind(tx, job::RETENTION_JOB)?;
        let mut started = 0;
        for rule in store::all(tx)?.into_iter().filter(|rule| rule.is_active) {
            let is_running = open.iter().any(|job| job.payload.get("rule_id") == Some(&json!(rule.id)));
            if is_running || !store::take_night(tx, rule.id, night)? {
                continue;
            }
            let run_id = store::begin_run(tx, &rule, context.now_ms)?;
            let payload = json!({ "rule_id": rule.id, "run_id": run_id, "version": rule.version });
            jobs::enqueue(tx, &context, &NewJob { kind: job::RETENTION_JOB, payload, total: None })?;
            started += 1;
        }
        Ok(started)
    })
}

/// Which night it is, counted from the epoch.
fn night_of(now_ms: i64) -> i64 {
    (now_ms - NIGHT_HOUR * HOUR_MS).div_euclid(DAY_MS)
}

fn present_found(tx: &mut dyn Query, context: &RequestContext, id: i64) -> Result<Json> {
    let rule = found(tx, id)?;
    present_rule(tx, context, &rule)
}

fn found(tx: &mut dyn Query, id: i64) -> Result<Rule> {
    store::find(tx, id)?.ok_or(EngineError::NotFound)
}

fn tell(tx: &mut Tx, context: &RequestContext, id: i64, change: &str) {
    let event = Event::new(Kind::SettingsChanged).with("section", "retention");
    audit::record(tx, context, event.with("rule_id", id).with("change", change));
}

#[cfg(test)]
mod tests {
    use super::*;
    use record_engine::context::parse_instant;

    #[test]
    fn months_are_those_of_the_calendar() {
        let cutoff = |period, unit| {
            let input = RuleInput {
                name: "x".into(),
                object_type: SUBJECT.into(),
                filter: String::new(),
                basis: Basis::Creation,
                period,
                unit,
                action: Fate::Trash,
            };
            instant_text(input.cutoff_ms(parse_instant("2026-03-31T02:00:00Z").unwrap_or_default()))
        };
        assert_eq!(cutoff(1, Unit::Months), "2026-02-28T02:00:00.000Z");
        assert_eq!(cutoff(36, Unit::Months), "2023-03-31T02:00:00.000Z");
        assert_eq!(cutoff(31, Unit::Days), "2026-02-28T02:00:00.000Z");
    }
}
