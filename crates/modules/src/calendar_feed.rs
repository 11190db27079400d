//! The calendar of one person for programs that only read: his tasks with a time and his events, as a file.
//!
//! What must stay true: what is in it is what his calendar shows him now, read through the same scope; the same entries give the same text, so that
//! whoever asks again hears that nothing is new. It knows no HTTP and no secret.
//!
//! It requires `work`, for the time zone.

use std::collections::BTreeSet;

use database::hex;
use file_formats::{CalendarEntry, When, write_calendar};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record_engine::access::{Action, Scope};
use record_engine::catalog::{CalendarFields, ObjectType};
use record_engine::context::parse_instant;
use record_engine::error::{EngineError, Result};
use record_engine::query::calendar::{CalendarQuery, entries};
use record_engine::{Engine, Record, RequestContext};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::work::zone_of;

/// Bytes of a tag.
const TAG_BYTES: usize = 16;
const DAY_MS: i64 = 86_400_000;
/// What is longer ago is of no use in a calendar of a phone.
const PAST_DAYS: i64 = 90;
/// So far ahead it reaches.
const AHEAD_DAYS: i64 = 400;

/// A calendar as a file.
#[derive(Clone, Debug)]
pub struct Feed {
    /// The file.
    pub text: String,
    /// Another one whenever the file is another one.
    pub tag: String,
}

/// The calendar as a file. `name` is what programs call it, `origin` the address of the program, for links to the cards; empty for none.
///
/// # Errors
/// `Forbidden` for a caller who is no user, `TooSlow`; those of the database.
pub fn calendar_feed(engine: &Engine, context: &RequestContext, name: &str, origin: &str) -> Result<Feed> {
    let user = context.actor.user_id().ok_or(EngineError::Forbidden)?;
    // By days, so that a minute later nothing is new.
    let today_ms = context.now_ms - context.now_ms.rem_euclid(DAY_MS);
    let users = [user];
    let ahead =
        CalendarQuery { from_ms: today_ms, to_ms: today_ms + AHEAD_DAYS * DAY_MS, users: &users, leaves_done: false };
    let past = CalendarQuery { from_ms: today_ms - PAST_DAYS * DAY_MS, to_ms: today_ms, ..ahead.clone() };
    let snapshot = engine.snapshot();
    let mut found = Vec::new();
    for object_type in &snapshot.catalog.object_types {
        let Some(fields) = object_type.calendar_of(&context.permissions(object_type)) else { continue };
        if Scope::of(context, object_type, Action::See).is_err() {
            continue;
        }
        engine.database().read(|tx| {
            let zone = zone_of(tx, user)?;
            // What is to come has its own room, and what is done is the first to go where there is too much of the past.
            let mut records = entries(tx, context, object_type, &fields, &ahead)?.records;
            let mut of_past = entries(tx, context, object_type, &fields, &past)?;
            if of_past.is_capped {
                let open = CalendarQuery { leaves_done: true, ..past.clone() };
                of_past = entries(tx, context, object_type, &fields, &open)?;
            }
            let known: BTreeSet<i64> = records.iter().map(|record| record.id).collect();
            records.extend(of_past.records.into_iter().filter(|record| !known.contains(&record.id)));
            let shown = Shown { object_type, fields: &fields, zone: &zone, language: &context.language, origin };
            found.extend(records.iter().filter_map(|record| shown.entry(record)));
            Ok::<_, EngineError>(())
        })?;
    }
    found.sort_by(|one, other| one.uid.cmp(&other.uid));
    let mut bytes = Vec::new();
    write_calendar(&mut bytes, name, &found)?;
    let hash = Sha256::digest(&bytes);
    let text = String::from_utf8(bytes).map_err(|error| EngineError::Stored(error.to_string()))?;
    Ok(Feed { text, tag: hex(hash.get(..TAG_BYTES).unwrap_or_default()) })
}

/// How the records of a type are shown to one person.
struct Shown<'a> {
    object_type: &'a ObjectType,
    fields: &'a CalendarFields,
    zone: &'a TimeZone,
    language: &'a str,
    origin: &'a str,
}

impl Shown<'_> {
    fn entry(&self, record: &Record) -> Option<CalendarEntry> {
        let text = |name: Option<&str>| name.and_then(|name| record.value(name).as_str()).unwrap_or_default();
        let at = |name: Option<&str>| parse_instant(text(name));
        let is_whole = self.fields.whole_days.is_some_and(|name| record.value(name) == &Json::Bool(true));
        let (begins, ends) = times(at(self.fields.begins), at(self.fields.ends), is_whole, self.zone)?;
        let name = &self.object_type.name;
        Some(CalendarEntry {
            uid: format!("kartoteka-{name}-{}", record.id),
            stamp_ms: record.updated_at,
            sequence: Some(record.version),
            is_transparent: ends.is_none(),
            begins: Some(begins),
            ends,
            summary: record.value(self.object_type.definition.title_field).as_str().unwrap_or_default().to_owned(),
            location: text(self.fields.place).to_owned(),
            url: url_of(self.origin, self.object_type, record.id),
            categories: vec![self.label()],
            ..CalendarEntry::default()
        })
    }

    /// What the type is called.
    fn label(&self) -> String {
        let [en, ru, uk] = self.object_type.definition.labels;
        match self.language {
            "ru" => ru,
            "uk" => uk,
            _ => en,
        }
        .to_owned()
    }
}

/// Where the card of a record is; empty where the address of the program is not known.
pub(crate) fn url_of(origin: &str, object_type: &ObjectType, id: i64) -> String {
    if origin.is_empty() { String::new() } else { format!("{origin}/records/{}/{id}", object_type.name) }
}

/// The beginning and the end of what has these times, as moments or whole days by the clock on the wall; `None` for what has neither. What has only an
/// end is at it.
pub(crate) fn times(
    begins: Option<i64>,
    ends: Option<i64>,
    is_whole: bool,
    zone: &TimeZone,
) -> Option<(When, Option<When>)> {
    let start = begins.or(ends)?;
    let end = ends.filter(|end| begins.is_some() && *end > start);
    if !is_whole {
        return Some((When::Instant(start), end.map(When::Instant)));
    }
    // What ends at midnight does not touch the day that begins there.
    let last = end.map_or(start, |end| end - 1);
    let behind = day_of(last, zone)?.tomorrow().ok()?;
    Some((When::Day(day_of(start, zone)?), Some(When::Day(behind))))
}

/// The day of a moment by the clock on the wall.
pub(crate) fn day_of(ms: i64, zone: &TimeZone) -> Option<Date> {
    Some(Timestamp::from_millisecond(ms).ok()?.to_zoned(zone.clone()).date())
}
