//! The calendars of a phone, for reading and writing: the own events as events, the own tasks as things to do ([`entries`], [`changes`]).
//!
//! What must stay true:
//! - an entry is in the calendar of a device exactly while it is one of its owner, as his calendar has it, and not long over; what the device itself
//!   made stays in it also when it is long over, since it looks for it;
//! - the text of an entry says what its fields say and nothing else, so its tag changes with them and with nothing else;
//! - only what differs from the entry as the device got it is written, through the write path of the engine, as the owner of the device;
//! - how something comes again is written both ways or refused, never lost.
//!
//! See `docs/decisions/0044-calendars-of-phones.md`. It knows no HTTP.
//!
//! It requires `collections`, for what a device was told and how it writes; and requires `calendar_feed`, for the times of an entry.
//! It requires `events` and requires `tasks`, whose fields it reads and writes; and requires `work`, for the time zone. It requires `reminders`, for a day before.

mod changes;
mod entries;

use std::collections::BTreeSet;

use database::{ReadTx, Tx};
use file_formats::{CalendarEntry, CalendarError, Component, When, read_calendar, write_calendar_object};
use filter_language::CheckedExpr;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use record_engine::access::{Action, Scope, compile};
use record_engine::catalog::ObjectType;
use record_engine::context::{date_of, instant_text, parse_instant};
use record_engine::error::{EngineError, Result};
use record_engine::query::page::MAX_LIMIT;
use record_engine::query::{ListQuery, Sort, list};
use record_engine::recurrence::Rule;
use record_engine::write::{Change, Outcome, apply_one};
use record_engine::{Engine, Record, RequestContext, Values};
use serde_json::Value as Json;

use crate::collections::{Collection, CollectionKind, Item, Shelf, Unfit, WriteError, Written, tag_of, write};
use crate::events::EVENT_TYPE;
use crate::tasks::TASK_TYPE;
use crate::work::zone_of;

pub use file_formats::MAX_CALENDAR_BYTES;

/// Most entries of a calendar; phones get slow with more.
pub const MAX_ENTRIES: usize = 5_000;
/// What is over for longer is not told.
const PAST_DAYS: i64 = 366;
const DAY_MS: i64 = 86_400_000;
/// So far behind its first task a series is looked through.
const SERIES_DAYS: i64 = 3_660;

const EVENTS: CollectionKind =
    CollectionKind { key: "events", type_name: EVENT_TYPE, ending: ".ics", uid_prefix: "kartoteka-event-" };
const TASKS: CollectionKind =
    CollectionKind { key: "tasks", type_name: TASK_TYPE, ending: ".ics", uid_prefix: "kartoteka-task-" };

/// Which calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarKind {
    /// The own events.
    Events,
    /// The own tasks.
    Tasks,
}

impl CalendarKind {
    /// All of them.
    pub const ALL: [CalendarKind; 2] = [CalendarKind::Events, CalendarKind::Tasks];

    fn collection(self) -> &'static CollectionKind {
        match self {
            CalendarKind::Events => &EVENTS,
            CalendarKind::Tasks => &TASKS,
        }
    }

    /// The name of what is in it, `VEVENT` or `VTODO`.
    pub fn component_name(self) -> &'static str {
        self.component().name()
    }

    fn component(self) -> Component {
        match self {
            CalendarKind::Events => Component::Event,
            CalendarKind::Tasks => Component::Task,
        }
    }

    /// The fields that name whose it is, with whether they hold several.
    fn people(self) -> [(&'static str, bool); 2] {
        match self {
            CalendarKind::Events => [("responsible", false), ("colleagues", true)],
            CalendarKind::Tasks => [("responsible", false), ("participants", true)],
        }
    }

    /// The fields that an entry shows.
    fn fields(self) -> &'static [&'static str] {
        match self {
            CalendarKind::Events => {
                &["title", "starts_at", "ends_at", "is_all_day", "place", "description", "kind", "status"]
            }
            CalendarKind::Tasks => &[
                "title",
                "starts_at",
                "deadline",
                "is_all_day",
                "description",
                "category",
                "status",
                "closed_at",
                "reminder",
                "recurrence",
                "series_at",
            ],
        }
    }

    /// What is not long over, in the filter language.
    fn lasting(self, since: &str) -> String {
        match self {
            CalendarKind::Events => format!("(ends_at >= {since} or starts_at >= {since})"),
            CalendarKind::Tasks => format!("(status.meaning = open or closed_at >= {since})"),
        }
    }
}

/// An entry of a calendar.
#[derive(Clone, Debug)]
pub struct DeviceEntry {
    id: i64,
    tag: String,
    /// The iCalendar object.
    pub text: String,
    entry: CalendarEntry,
    record: Record,
}

impl DeviceEntry {
    /// Whether it has an alarm.
    pub fn has_alarm(&self) -> bool {
        !self.entry.alarms.is_empty()
    }
}

impl Item for DeviceEntry {
    fn id(&self) -> i64 {
        self.id
    }

    fn tag(&self) -> &str {
        &self.tag
    }

    fn version(&self) -> i64 {
        self.record.version
    }
}

/// A calendar of one device.
pub struct DeviceCalendar<'a> {
    shelf: Shelf<'a>,
    kind: CalendarKind,
    /// In which the owner of the device lives.
    zone: TimeZone,
    origin: String,
}

impl<'a> DeviceCalendar<'a> {
    /// A calendar of `device`, a number that only this device has. `origin` is the address of the program, for links to the cards; empty for none.
    ///
    /// # Errors
    /// `NotFound` for a calendar of what its reader does not see at all; those of the database.
    pub fn of(
        engine: &'a Engine,
        context: &'a RequestContext,
        device: i64,
        kind: CalendarKind,
        origin: &str,
    ) -> Result<DeviceCalendar<'a>> {
        let user = context.actor.user_id().ok_or(EngineError::Forbidden)?;
        let snapshot = engine.snapshot();
        let object_type = snapshot.object_type(kind.collection().type_name)?;
        Scope::of(context, &object_type, Action::See).map_err(|_| EngineError::NotFound)?;
        let zone = engine.database().read(|tx| zone_of(tx, user))?;
        let shelf = Shelf::of(engine, snapshot, context, kind.collection(), device)?;
        Ok(DeviceCalendar { shelf, kind, zone, origin: origin.trim_end_matches('/').to_owned() })
    }

    /// Which one it is.
    pub fn kind(&self) -> CalendarKind {
        self.kind
    }

    /// What it is called: its type in the language of the reader.
    ///
    /// # Errors
    /// `NotFound` when the type has just gone.
    pub fn title(&self) -> Result<String> {
        let [en, ru, uk] = self.object_type()?.definition.labels_plural;
        let label = match self.shelf.context.language.as_str() {
            "ru" => ru,
            "uk" => uk,
            _ => en,
        };
        Ok(label.to_owned())
    }

    /// Whether the time of an entry meets a span, milliseconds UTC (RFC 4791, 9.9); either end may be open.
    pub fn meets(&self, item: &DeviceEntry, from: Option<i64>, to: Option<i64>) -> bool {
        let (from, to) = (from.unwrap_or(i64::MIN), to.unwrap_or(i64::MAX));
        let entry = &item.entry;
        let at = |when: When| entries::instant_of(when, &self.zone);
        let (begins, ends) = (entry.begins.and_then(at), entry.ends.and_then(at));
        match (entry.component, begins, ends) {
            (Component::Event, Some(begins), Some(ends)) => from < ends && to > begins,
            (Component::Event, Some(begins), None) => from <= begins && to > begins,
            (Component::Event, None, _) => false,
            (Component::Task, None, None) => entry.completed_ms.is_none_or(|done| from <= done && to >= done),
            (Component::Task, Some(begins), Some(due)) => {
                ((from < due || from <= begins) && (to > begins || to >= due)) || self.comes_again(item, from, to)
            }
            (Component::Task, Some(begins), None) => from <= begins && to > begins,
            (Component::Task, None, Some(due)) => (from < due && to >= due) || self.comes_again(item, from, to),
        }
    }

    /// Whether a task comes again within a span, as its rule says.
    fn comes_again(&self, item: &DeviceEntry, from: i64, to: i64) -> bool {
        let at = |field: &str| item.record.value(field).as_str().and_then(parse_instant);
        let rule = item.record.value("recurrence").as_str().and_then(Rule::parse);
        let (Some(rule), Some(due)) = (rule, at("deadline")) else { return false };
        if from.saturating_sub(due) > SERIES_DAYS * DAY_MS {
            return false;
        }
        let next = rule.next(at("series_at").unwrap_or(due), due, from.saturating_sub(1), &self.zone);
        next.is_some_and(|next| next.at_ms < to)
    }

    fn object_type(&self) -> Result<std::sync::Arc<ObjectType>> {
        self.shelf.snapshot.object_type(self.shelf.kind.type_name)
    }

    /// The lists of which the calendar is made: what the device made among `made`, then what is not long over; none where the reader may not ask for it.
    fn queries(&self, object_type: &ObjectType, made: &[i64]) -> Result<Vec<ListQuery>> {
        let context = self.shelf.context;
        let permissions = context.permissions(object_type);
        let see = Scope::of(context, object_type, Action::See)?;
        let people = self.kind.people().into_iter().filter(|(name, _)| !permissions.hides(name));
        let people: Vec<String> =
            people.map(|(name, is_set)| format!("{name} {} me", if is_set { "has" } else { "=" })).collect();
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let own = format!("({})", people.join(" or "));
        let mut fields: Vec<String> = self.kind.fields().iter().map(|name| (*name).to_owned()).collect();
        fields.retain(|name| object_type.field(name).is_some() && !permissions.hides(name));
        let today_ms = context.now_ms - context.now_ms.rem_euclid(DAY_MS);
        let since = instant_text(today_ms - PAST_DAYS * DAY_MS);
        let mut conditions: Vec<String> =
            made.chunks(MAX_LIMIT).map(|chunk| format!("{own} and {}", among(chunk))).collect();
        conditions.push(format!("{own} and {}", self.kind.lasting(&since)));
        let mut queries = Vec::with_capacity(conditions.len());
        for condition in conditions {
            let filter = compile(&condition, object_type, context)?;
            // What is asked about fields that he does not see is not asked.
            if see.check_fields(filter.expr()).is_ok() {
                let sort = vec![Sort { field: "id".into(), is_descending: true }];
                let fields = Some(fields.clone());
                queries.push(ListQuery { filter, sort, fields, limit: MAX_LIMIT, ..ListQuery::default() });
            }
        }
        Ok(queries)
    }

    fn page(
        &self,
        tx: &mut ReadTx,
        object_type: &ObjectType,
        query: &ListQuery,
        each: &mut dyn FnMut(DeviceEntry) -> Result<()>,
    ) -> Result<Option<String>> {
        let page = list(tx, self.shelf.context, object_type, query)?;
        for record in page.records {
            // An event without any time stands in no calendar.
            if let Some(entry) = self.entry_of(object_type, &record) {
                let text = self.text_of(&entry)?;
                each(DeviceEntry { id: record.id, tag: tag_of(&text), text, entry, record })?;
            }
        }
        Ok(page.next_cursor)
    }

    fn text_of(&self, entry: &CalendarEntry) -> Result<String> {
        let mut bytes = Vec::new();
        write_calendar_object(&mut bytes, entry, &self.zone)?;
        String::from_utf8(bytes).map_err(|error| EngineError::Stored(error.to_string()))
    }

    fn apply(&self, tx: &mut Tx, change: Change) -> Result<Outcome, WriteError> {
        let object_type = self.object_type()?;
        let (outcome, _) = apply_one(tx, self.shelf.snapshot.writer(), self.shelf.context, &object_type, change)?;
        Ok(outcome)
    }
}

/// A moment as queries write it, `20261201T080000Z`; milliseconds UTC.
pub fn read_instant(text: &str) -> Option<i64> {
    let wall = DateTime::strptime("%Y%m%dT%H%M%S", text.trim().strip_suffix('Z')?).ok()?;
    Some(Offset::UTC.to_timestamp(wall).ok()?.as_millisecond())
}

fn among(ids: &[i64]) -> String {
    format!("id in ({})", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

impl Collection for DeviceCalendar<'_> {
    type Form = ();
    type Item = DeviceEntry;
    type Sent = CalendarEntry;
    type New = Values;

    fn shelf(&self) -> &Shelf<'_> {
        &self.shelf
    }

    /// What is over for long leaves the calendar with the day.
    fn contents(&self) -> String {
        format!("{} {}", self.shelf.kind.key, date_of(self.shelf.context.now_ms))
    }

    fn follows_clock(&self) -> bool {
        false
    }

    fn most(&self) -> usize {
        MAX_ENTRIES
    }

    fn takes_new(&self) -> Result<bool> {
        Ok(self.shelf.context.permissions(&*self.object_type()?).may(Action::Create))
    }

    fn items(&self, ids: &[i64], (): ()) -> Result<Vec<DeviceEntry>> {
        let object_type = &*self.object_type()?;
        let mut open: BTreeSet<i64> = ids.iter().copied().collect();
        let made: Vec<i64> = self.shelf.made_here().into_iter().filter(|id| open.contains(id)).collect();
        let mut found = Vec::with_capacity(ids.len());
        self.shelf.engine.database().read(|tx| {
            for query in self.queries(object_type, &made)? {
                let wanted: Vec<i64> = open.iter().copied().collect();
                for chunk in wanted.chunks(MAX_LIMIT) {
                    let chosen = compile(&among(chunk), object_type, self.shelf.context)?;
                    let filter = CheckedExpr::all_of([chosen, query.filter.clone()]);
                    self.page(tx, object_type, &ListQuery { filter, ..query.clone() }, &mut |item| {
                        open.remove(&item.id);
                        found.push(item);
                        Ok(())
                    })?;
                }
            }
            Ok(found)
        })
    }

    /// What the device made first, then the newest.
    fn each_item(&self, (): (), each: &mut dyn FnMut(DeviceEntry) -> Result<()>) -> Result<()> {
        let object_type = &*self.object_type()?;
        let mut told = BTreeSet::new();
        self.shelf.engine.database().read(|tx| {
            for mut query in self.queries(object_type, &self.shelf.made_here())? {
                loop {
                    query.cursor = self.page(tx, object_type, &query, &mut |item| {
                        if told.len() < MAX_ENTRIES && told.insert(item.id) { each(item) } else { Ok(()) }
                    })?;
                    if query.cursor.is_none() || told.len() >= MAX_ENTRIES {
                        break;
                    }
                }
            }
            Ok(())
        })
    }

    fn read(&self, bytes: &[u8]) -> Result<CalendarEntry, WriteError> {
        let entry = read_calendar(bytes).map_err(|error| {
            let unfit = match &error {
                CalendarError::Damaged(_) | CalendarError::UnknownZone(_) => Unfit::Data,
                CalendarError::TooLarge => Unfit::Size,
                CalendarError::NotOneEntry(_) => Unfit::Object,
                CalendarError::OtherComponent => Unfit::Component,
                CalendarError::Exceptions(_) => Unfit::Repetition,
            };
            WriteError::Unfit(unfit, error.to_string())
        })?;
        if entry.component != self.kind.component() {
            return Err(WriteError::Unfit(Unfit::Component, format!("no {}", self.kind.component().name())));
        }
        if entry.component == Component::Event && !entry.rule.is_empty() {
            return Err(WriteError::Unfit(Unfit::Repetition, "an event does not come again".into()));
        }
        let entry = self.evened(entry);
        if entry.component == Component::Event && entry.begins.is_none() {
            return Err(WriteError::Unfit(Unfit::Data, "an event without a beginning".into()));
        }
        Ok(entry)
    }

    fn uid<'s>(&self, sent: &'s CalendarEntry) -> &'s str {
        &sent.uid
    }

    fn change(&self, item: DeviceEntry, back: CalendarEntry) -> Result<Written, WriteError> {
        // As the device got it: written and read, so that what an entry cannot hold is no difference.
        let sent = self.read(item.text.as_bytes())?;
        let values = self.difference(&item.record, &sent, &back)?;
        if values.is_empty() {
            return Ok(Written::Changed);
        }
        write(&self.shelf, |tx| {
            let base_version = Some(item.record.version);
            self.apply(tx, Change::Update { id: item.id, base_version, values: values.clone() })?;
            Ok(Written::Changed)
        })
    }

    fn prepare(&self, sent: CalendarEntry) -> Result<Values, WriteError> {
        self.new_values(&sent)
    }

    fn make(&self, tx: &mut Tx, new: &Values) -> Result<Outcome, WriteError> {
        self.apply(tx, Change::Create { values: new.clone() })
    }
}

/// The text of a field.
fn text_in<'r>(record: &'r Record, field: &str) -> &'r str {
    record.value(field).as_str().unwrap_or_default()
}

/// The moment in a field, milliseconds UTC.
fn moment_in(record: &Record, field: &str) -> Option<i64> {
    parse_instant(text_in(record, field))
}

fn is_set(record: &Record, field: &str) -> bool {
    record.value(field) == &Json::Bool(true)
}
