//! What a template would make: its tasks with their exact moments and people.

use std::collections::BTreeMap;

use database::Query;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use record_engine::RequestContext;
use record_engine::access::Action;
use record_engine::catalog::{HOLIDAY_TYPE, USER_TYPE};
use record_engine::context::instant_text;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::query;
use record_engine::record::{Record, Values};
use serde_json::{Value as Json, json};

use super::moments::{Base, Offset, SpecialDay, Unit, WorkingDays, moment_of, time_of};
use super::objects::{LINE_TYPE, TEMPLATE_TYPE};
use super::rules::{is_option, steps_of};
use super::{MOST_LINES, MOST_STEPS};
use crate::work::zone_of;

/// What a template may be used for: the type, the field of a task that names it, the field that says who is responsible.
const USED_FOR: [[&str; 3]; 3] =
    [["contact", "contact", "managers"], ["deal", "deal", "responsible"], ["event", "event", "responsible"]];

/// A template with its lines, as its reader may use it.
#[derive(Clone, Debug)]
pub struct Template {
    /// Which.
    pub id: i64,
    lines: Vec<Record>,
    days: WorkingDays,
}

/// A task that would be made.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedTask {
    /// Of which line.
    pub line_id: i64,
    /// Who does it; `None` when it depends on a record that is not named yet.
    pub responsible: Option<i64>,
    /// Its values as they would be written.
    pub values: Values,
    /// Its steps.
    pub checklist: Vec<String>,
}

/// For which record tasks are planned.
#[derive(Clone, Copy)]
pub(super) struct Purpose<'a> {
    /// The field of a task that names the record.
    pub field: &'static str,
    /// The field of the record that says who is responsible.
    owner: &'static str,
    /// The record as the actor sees it; `None` for one that is chosen later.
    pub record: Option<&'a Record>,
}

impl<'a> Purpose<'a> {
    /// A record of that type.
    ///
    /// # Errors
    /// `Invalid` for a type whose records have no tasks.
    pub fn of(object_type: &str, record: Option<&'a Record>) -> Result<Purpose<'a>> {
        let found = USED_FOR.iter().find(|[name, ..]| *name == object_type);
        let [_, field, owner] = found.ok_or_else(|| {
            EngineError::field(FieldError::new("record_type", "unknown_option").with("value", object_type))
        })?;
        Ok(Purpose { field, owner, record })
    }

    fn owner_id(&self) -> Option<i64> {
        match self.record?.value(self.owner) {
            Json::Array(several) => several.first().and_then(Json::as_i64),
            one => one.as_i64(),
        }
    }
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// `NotFound` for one that the actor does not see; those of the database.
    pub fn load(tx: &mut dyn Query, snapshot: &Snapshot, context: &RequestContext, id: i64) -> Result<Template> {
        let (templates, lines) = (snapshot.object_type(TEMPLATE_TYPE)?, snapshot.object_type(LINE_TYPE)?);
        query::get(tx, context, &templates, id)?.ok_or(EngineError::NotFound)?;
        let sql = format!(
            "SELECT id FROM {LINE_TYPE} WHERE template = ? AND deleted_at IS NULL ORDER BY place, id LIMIT {MOST_LINES}"
        );
        let order =
            tx.query(&sql, &[id.into()])?.iter().map(|row| Ok(row.integer(0)?)).collect::<Result<Vec<i64>>>()?;
        let mut found: BTreeMap<i64, Record> =
            query::get_many(tx, context, &lines, &order)?.into_iter().map(|line| (line.id, line)).collect();
        let lines = order.iter().filter_map(|id| found.remove(id)).collect();
        Ok(Template { id, lines, days: working_days(tx)? })
    }

    /// How many tasks it has.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether a date must be chosen to use it.
    pub fn needs_date(&self, left_out: &[i64]) -> bool {
        let counts =
            |line: &&Record| line.value("counts_from").as_str() == Some("date") && !left_out.contains(&line.id);
        self.lines.iter().any(|line| counts(&line))
    }

    /// What it makes for a record, or for none. `date` is what was chosen (see [`Base::chosen`]).
    ///
    /// # Errors
    /// `Invalid` for a date that is missing or cannot be read, and for a moment beyond all calendars; those of the database.
    pub(super) fn plan(
        &self,
        tx: &mut dyn Query,
        snapshot: &Snapshot,
        context: &RequestContext,
        purpose: Option<Purpose<'_>>,
        date: Option<&str>,
        left_out: &[i64],
    ) -> Result<Vec<PlannedTask>> {
        let actor = context.actor.user_id().ok_or(EngineError::Forbidden)?;
        let own_zone = zone_of(tx, actor)?;
        let chosen = match date {
            Some(text) => {
                let wrong = || EngineError::field(FieldError::new("date", "not_a_date"));
                Some(Base::chosen(text, &own_zone).ok_or_else(wrong)?)
            }
            None if self.needs_date(left_out) => return Err(EngineError::field(FieldError::new("date", "required"))),
            None => None,
        };
        let now = Base::now(context.now_ms, &own_zone);
        let people = self.people(tx, snapshot, context, purpose, actor)?;
        let tags = self.tags(tx, snapshot, context)?;
        let mut planned = Vec::new();
        for line in self.lines.iter().filter(|line| !left_out.contains(&line.id)) {
            let responsible = people.of(line, purpose);
            let zone = match responsible {
                Some(user) => people.zones.get(&user).unwrap_or(&own_zone),
                None => &own_zone,
            };
            let base = match chosen {
                Some(chosen) if line.value("counts_from").as_str() == Some("date") => chosen,
                _ => now,
            };
            let moment = |prefix: &str| -> Result<Option<i64>> {
                let Some(offset) = offset_of(line, prefix) else { return Ok(None) };
                let far = || EngineError::field(FieldError::new("date", "not_a_date"));
                moment_of(offset, base, &self.days, zone).map(Some).ok_or_else(far)
            };
            let mut values = Values::from([("title".to_owned(), line.value("title").clone())]);
            let deadline = moment("deadline")?;
            if let Some(deadline) = deadline {
                values.insert("deadline".into(), json!(instant_text(deadline)));
            }
            // Where days and working days meet, what begins too late begins with its deadline.
            if let Some(starts_at) = moment("starts")? {
                values.insert("starts_at".into(), json!(instant_text(starts_at.min(deadline.unwrap_or(starts_at)))));
            }
            for field in ["category", "reminder"] {
                if let Some(key) = line.value(field).as_str().filter(|key| is_option(&snapshot.catalog, field, key)) {
                    values.insert(field.into(), json!(key));
                }
            }
            if !line.value("description").is_null() {
                values.insert("description".into(), line.value("description").clone());
            }
            let kept: Vec<i64> = ids(line.value("tags")).into_iter().filter(|tag| tags.contains(tag)).collect();
            if !kept.is_empty() {
                values.insert("tags".into(), json!(kept));
            }
            if let Some(user) = responsible {
                values.insert("responsible".into(), json!(user));
            }
            if let Some(Purpose { field, record: Some(record), .. }) = purpose {
                values.insert(field.into(), json!(record.id));
            }
            let checklist = steps_of(&line.values).into_iter().take(MOST_STEPS).collect();
            planned.push(PlannedTask { line_id: line.id, responsible, values, checklist });
        }
        Ok(planned)
    }

    /// Those who may be responsible, as far as the actor may give them something, with their zones.
    fn people(
        &self,
        tx: &mut dyn Query,
        snapshot: &Snapshot,
        context: &RequestContext,
        purpose: Option<Purpose<'_>>,
        actor: i64,
    ) -> Result<People> {
        let mut wanted: Vec<i64> = self.lines.iter().filter_map(|line| line.value("responsible").as_i64()).collect();
        wanted.extend(purpose.and_then(|purpose| purpose.owner_id()));
        wanted.push(actor);
        wanted.sort_unstable();
        wanted.dedup();
        let users = snapshot.object_type(USER_TYPE)?;
        let is_there = |user: &Record| user.id == actor || user.value("is_active").as_bool() != Some(false);
        let mut zones = BTreeMap::new();
        if context.permissions(&users).may(Action::See) {
            for user in query::get_many(tx, context, &users, &wanted)?.iter().filter(|user| is_there(user)) {
                zones.insert(user.id, zone_of(tx, user.id)?);
            }
        }
        zones.entry(actor).or_insert(zone_of(tx, actor)?);
        Ok(People { actor, zones })
    }

    fn tags(&self, tx: &mut dyn Query, snapshot: &Snapshot, context: &RequestContext) -> Result<Vec<i64>> {
        let mut wanted: Vec<i64> = self.lines.iter().flat_map(|line| ids(line.value("tags"))).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let tags = snapshot.object_type("tag")?;
        if wanted.is_empty() || !context.permissions(&tags).may(Action::See) {
            return Ok(Vec::new());
        }
        Ok(query::get_many(tx, context, &tags, &wanted)?.iter().map(|tag| tag.id).collect())
    }
}

struct People {
    actor: i64,
    zones: BTreeMap<i64, TimeZone>,
}

impl People {
    /// Who does the task of a line; whoever is gone is replaced by who uses the template.
    fn of(&self, line: &Record, purpose: Option<Purpose<'_>>) -> Option<i64> {
        let named = match line.value("responsible_role").as_str() {
            Some("user") => line.value("responsible").as_i64(),
            Some("record") => match purpose {
                Some(Purpose { record: None, .. }) => return None,
                Some(purpose) => purpose.owner_id(),
                None => None,
            },
            _ => None,
        };
        Some(named.filter(|user| self.zones.contains_key(user)).unwrap_or(self.actor))
    }
}

fn ids(value: &Json) -> Vec<i64> {
    value.as_array().into_iter().flatten().filter_map(Json::as_i64).collect()
}

fn offset_of(line: &Record, prefix: &str) -> Option<Offset> {
    let number = line.value(&format!("{prefix}_offset")).as_f64()?;
    let unit = line.value(&format!("{prefix}_unit")).as_str().and_then(Unit::of)?;
    let time = line.value(&format!("{prefix}_time")).as_str().and_then(time_of).unwrap_or(Time::midnight());
    #[expect(clippy::cast_possible_truncation, reason = "the field takes whole numbers up to some thousands")]
    Some(Offset { amount: number as i64, unit, time })
}

/// The days on which the company works otherwise than by the week.
fn working_days(tx: &mut dyn Query) -> Result<WorkingDays> {
    let sql = format!("SELECT date, is_yearly, hours FROM {HOLIDAY_TYPE} WHERE deleted_at IS NULL ORDER BY id");
    let mut special = Vec::new();
    for row in tx.query(&sql, &[])? {
        let Ok(date) = row.text_str(0)?.parse() else { continue };
        let is_working = row.optional_text(2)?.is_some_and(|hours| !hours.trim().is_empty());
        special.push(SpecialDay { date, is_yearly: row.optional_integer(1)? == Some(1), is_working });
    }
    Ok(WorkingDays::new(special))
}
