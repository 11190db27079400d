//! How a record becomes an entry of a calendar.

use file_formats::{Alarm, CalendarEntry, Component, Span, When};
use jiff::tz::TimeZone;
use record_engine::Record;
use record_engine::catalog::ObjectType;
use record_engine::field_types::{ChoiceSettings, FieldKind};
use record_engine::recurrence::Rule;

use super::{CalendarKind, DeviceCalendar, is_set, moment_in, text_in};
use crate::calendar_feed::{day_of, times, url_of};
use crate::reminders::moments::day_before;

/// The reminders of a task that a program can show, in seconds before it is due.
pub(super) const REMINDERS: [(&str, i64); 7] = [
    ("at_time", 0),
    ("minutes_5", 300),
    ("minutes_15", 900),
    ("minutes_30", 1_800),
    ("hour", 3_600),
    ("hours_2", 7_200),
    ("day", 86_400),
];
pub(super) const CANCELLED: &str = "CANCELLED";
pub(super) const COMPLETED: &str = "COMPLETED";
pub(super) const IN_PROCESS: &str = "IN-PROCESS";
pub(super) const NEEDS_ACTION: &str = "NEEDS-ACTION";

/// The moment of a time of an entry, milliseconds UTC; of a day its beginning.
pub(super) fn instant_of(when: When, zone: &TimeZone) -> Option<i64> {
    let wall = match when {
        When::Instant(at) => return Some(at),
        When::Day(day) => day.to_datetime(jiff::civil::Time::midnight()),
        When::Wall(wall) => wall,
    };
    Some(zone.to_ambiguous_timestamp(wall).compatible().ok()?.as_millisecond())
}

/// The options of a field of choice.
pub(super) fn options<'t>(object_type: &'t ObjectType, field: &str) -> Option<&'t ChoiceSettings> {
    match &object_type.field(field)?.kind {
        FieldKind::Choice(settings) => Some(settings),
        _ => None,
    }
}

impl DeviceCalendar<'_> {
    /// The entry of a record; `None` for an event without a time.
    pub(super) fn entry_of(&self, object_type: &ObjectType, record: &Record) -> Option<CalendarEntry> {
        let entry = CalendarEntry {
            component: self.kind.component(),
            uid: self.shelf.uid_of(record.id),
            // Not when it was changed last: the text says what the fields say.
            stamp_ms: record.created_at,
            summary: text_in(record, "title").to_owned(),
            description: text_in(record, "description").to_owned(),
            url: url_of(&self.origin, object_type, record.id),
            ..CalendarEntry::default()
        };
        match self.kind {
            CalendarKind::Events => self.event(object_type, record, entry),
            CalendarKind::Tasks => Some(self.task(object_type, record, entry)),
        }
    }

    fn event(&self, object_type: &ObjectType, record: &Record, entry: CalendarEntry) -> Option<CalendarEntry> {
        let at = |field: &str| moment_in(record, field);
        let (begins, ends) = times(at("starts_at"), at("ends_at"), is_set(record, "is_all_day"), &self.zone)?;
        let is_off = text_in(record, "status") == "cancelled";
        Some(CalendarEntry {
            begins: Some(begins),
            ends,
            location: text_in(record, "place").to_owned(),
            categories: self.label(object_type, record, "kind"),
            status: if is_off { CANCELLED } else { "CONFIRMED" }.to_owned(),
            ..entry
        })
    }

    fn task(&self, object_type: &ObjectType, record: &Record, entry: CalendarEntry) -> CalendarEntry {
        let (starts, due) = (moment_in(record, "starts_at"), moment_in(record, "deadline"));
        let is_whole = is_set(record, "is_all_day");
        let when = |at: i64| if is_whole { day_of(at, &self.zone).map(When::Day) } else { Some(When::Instant(at)) };
        let (begins, ends) = (starts.and_then(when), due.and_then(when));
        let rule = text_in(record, "recurrence").to_owned();
        // What comes again needs a beginning for the standard. A task that begins when it is due has none of its own.
        let has_own_beginning = begins.is_some() && begins != ends;
        let begins = if has_own_beginning { begins } else { ends.filter(|_| !rule.is_empty()) };
        let meaning = options(object_type, "status").and_then(|all| all.meaning_of(record.value("status")));
        let status = match (meaning, text_in(record, "status")) {
            (Some("closed"), "cancelled") => CANCELLED,
            (Some("closed"), _) => COMPLETED,
            (_, "in_progress") => IN_PROCESS,
            _ => NEEDS_ACTION,
        };
        CalendarEntry {
            begins,
            ends,
            categories: self.label(object_type, record, "category"),
            status: status.to_owned(),
            completed_ms: moment_in(record, "closed_at").filter(|_| status == COMPLETED),
            rule,
            alarms: due.and_then(|due| self.alarm(record, due, is_whole)).into_iter().collect(),
            ..entry
        }
    }

    /// The alarm of a task. That of a whole day is a moment: programs count from another end of the day than we do.
    fn alarm(&self, record: &Record, due: i64, is_whole: bool) -> Option<Alarm> {
        let reminder = text_in(record, "reminder");
        let (key, seconds) = REMINDERS.iter().find(|(key, _)| *key == reminder)?;
        Some(match (is_whole, *key) {
            (true, "day") => Alarm::At(day_before(due, &self.zone)?),
            (true, _) => Alarm::At(due - seconds * 1_000),
            (false, "day") => Alarm::FromEnd(Span { days: -1, seconds: 0 }),
            (false, _) => Alarm::FromEnd(Span { days: 0, seconds: -seconds }),
        })
    }

    /// What a choice is called, in the language of the reader.
    fn label(&self, object_type: &ObjectType, record: &Record, field: &str) -> Vec<String> {
        let option = options(object_type, field).and_then(|all| all.option(text_in(record, field)));
        let labels = option.map(|option| &option.labels);
        let label = labels.and_then(|labels| labels.get(&self.shelf.context.language).or_else(|| labels.get("en")));
        label.cloned().into_iter().collect()
    }

    /// An entry in the one form in which two of them are compared: no floating times, no beginning that is but the end, no length that goes without
    /// saying.
    pub(super) fn evened(&self, mut entry: CalendarEntry) -> CalendarEntry {
        let settled = |when: When| match when {
            // To the second, which is what is written.
            When::Instant(at) => Some(When::Instant(at - at.rem_euclid(1_000))),
            When::Wall(_) => instant_of(when, &self.zone).map(When::Instant),
            When::Day(_) => Some(when),
        };
        entry.begins = entry.begins.and_then(settled);
        entry.ends = entry.ends.and_then(settled);
        match (entry.component, entry.begins, entry.ends) {
            (Component::Task, begins, ends) if begins == ends => entry.begins = None,
            (Component::Event, Some(When::Day(day)), None) => entry.ends = day.tomorrow().ok().map(When::Day),
            (Component::Event, Some(When::Day(day)), Some(When::Day(end))) if end <= day => {
                entry.ends = day.tomorrow().ok().map(When::Day);
            }
            (Component::Event, begins, ends) if begins == ends => entry.ends = None,
            _ => {}
        }
        entry.description = entry.description.replace("\r\n", "\n").trim_end().to_owned();
        if let Some(rule) = Rule::parse(&self.plain_rule(&entry)) {
            entry.rule = rule.to_string();
        }
        entry
    }

    /// A rule without what says nothing: on which day a week begins where no weeks are left out, and the day of the year on which it falls anyway.
    fn plain_rule(&self, entry: &CalendarEntry) -> String {
        let rule = entry.rule.to_ascii_uppercase();
        let parts = || rule.split(';').filter_map(|part| part.split_once('='));
        let of = |name: &str| parts().find(|(known, _)| *known == name).map(|(_, value)| value);
        let leaves_out = of("FREQ") == Some("WEEKLY") && of("INTERVAL").is_some_and(|interval| interval != "1");
        let first = entry.begins.or(entry.ends).and_then(|when| instant_of(when, &self.zone));
        let day = first.and_then(|at| day_of(at, &self.zone));
        let is_own_day = of("FREQ") == Some("YEARLY")
            && day.is_some_and(|day| {
                of("BYMONTH").is_none_or(|month| month == day.month().to_string())
                    && of("BYMONTHDAY").is_none_or(|number| number == day.day().to_string())
            });
        let is_needed = |name: &str| match name {
            "WKST" => leaves_out,
            "BYMONTH" | "BYMONTHDAY" => !is_own_day,
            _ => true,
        };
        let kept: Vec<&str> =
            rule.split(';').filter(|part| is_needed(part.split('=').next().unwrap_or_default())).collect();
        kept.join(";")
    }
}
