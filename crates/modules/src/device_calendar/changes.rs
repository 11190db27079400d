//! What a device says of an entry, as values of its record: of a new one all, of a standing one what differs from what the device got.
//!
//! What must stay true: what an entry does not hold is never touched. Emptied is what was sent and is gone, of what every program knows: a place, words,
//! times, how it comes again, an alarm. A title never goes, a kind neither. An alarm that is none of the choices of a reminder leaves it as it is.

use file_formats::{Alarm, CalendarEntry, Component, Span, When};
use jiff::ToSpan;
use record_engine::context::instant_text;
use record_engine::recurrence::Rule;
use record_engine::{Record, Values};
use serde_json::{Value as Json, json};

use super::entries::{CANCELLED, COMPLETED, IN_PROCESS, NEEDS_ACTION, REMINDERS, instant_of, options};
use super::{CalendarKind, DeviceCalendar, moment_in, text_in};
use crate::collections::{Unfit, WriteError};
use crate::reminders::moments::day_before;

const MINUTE_MS: i64 = 60_000;

/// Times as fields hold them.
#[derive(Clone, Copy, Default)]
struct Times {
    begins: Option<i64>,
    ends: Option<i64>,
    is_whole: bool,
}

impl DeviceCalendar<'_> {
    /// The values of a new record.
    pub(super) fn new_values(&self, back: &CalendarEntry) -> Result<Values, WriteError> {
        let mut values = Values::new();
        let title = if back.summary.is_empty() { self.own_label()? } else { back.summary.clone() };
        values.insert("title".into(), json!(title));
        set_text(&mut values, "description", &back.description);
        let times = self.times_of(back);
        let mut set_time = |field: &str, at: Option<i64>| {
            if let Some(at) = at {
                values.insert(field.to_owned(), json!(instant_text(at)));
            }
        };
        set_time("starts_at", times.begins);
        set_time(self.end_field(), times.ends);
        if times.is_whole {
            values.insert("is_all_day".into(), Json::Bool(true));
        }
        self.set_kind(&mut values, back)?;
        match self.kind {
            CalendarKind::Events => {
                set_text(&mut values, "place", &back.location);
                if back.status == CANCELLED {
                    self.set_event_status(&mut values, true)?;
                }
            }
            CalendarKind::Tasks => {
                if !back.rule.is_empty() {
                    values.insert("recurrence".into(), json!(known_rule(back)?));
                }
                self.set_task_status(&mut values, None, state_of(back))?;
                // Who wants to be reminded says so; a program that shows alarms has none where none is wanted.
                let reminder = if back.alarms.is_empty() { Some("never") } else { self.reminder_of(back, times) };
                if let Some(reminder) = reminder.filter(|_| times.ends.is_some()) {
                    values.insert("reminder".into(), json!(reminder));
                }
            }
        }
        Ok(values)
    }

    /// What `back` changes of a record whose device got `sent`.
    pub(super) fn difference(
        &self,
        record: &Record,
        sent: &CalendarEntry,
        back: &CalendarEntry,
    ) -> Result<Values, WriteError> {
        let mut values = Values::new();
        if sent.summary != back.summary && !back.summary.is_empty() {
            values.insert("title".into(), json!(back.summary));
        }
        if sent.description != back.description {
            values.insert("description".into(), text_or_null(&back.description));
        }
        self.compare_times(&mut values, record, sent, back);
        if sent.categories != back.categories {
            self.set_kind(&mut values, back)?;
        }
        match self.kind {
            CalendarKind::Events => {
                if sent.location != back.location {
                    values.insert("place".into(), text_or_null(&back.location));
                }
                let (was, is) = (sent.status == CANCELLED, back.status == CANCELLED);
                if was != is && !back.status.is_empty() {
                    self.set_event_status(&mut values, is)?;
                }
            }
            CalendarKind::Tasks => {
                if sent.rule != back.rule {
                    let rule = if back.rule.is_empty() { Json::Null } else { json!(known_rule(back)?) };
                    values.insert("recurrence".into(), rule);
                }
                let (was, is) = (state_of(sent), state_of(back));
                if was != is {
                    self.set_task_status(&mut values, Some(record), is)?;
                }
                if sent.alarms != back.alarms {
                    let reminder = if back.alarms.is_empty() {
                        Some("never")
                    } else {
                        self.reminder_of(back, self.times_of(back))
                    };
                    let reminder = reminder.filter(|reminder| *reminder != text_in(record, "reminder"));
                    if let Some(reminder) = reminder {
                        values.insert("reminder".into(), json!(reminder));
                    }
                }
            }
        }
        Ok(values)
    }

    fn compare_times(&self, values: &mut Values, record: &Record, sent: &CalendarEntry, back: &CalendarEntry) {
        if sent.begins == back.begins && sent.ends == back.ends {
            return;
        }
        let (was, is) = (self.times_of(sent), self.times_of(back));
        let time = |at: Option<i64>| at.map_or(Json::Null, |at| json!(instant_text(at)));
        let end_field = self.end_field();
        // An event with an end alone was shown as a moment: moved, it gets a beginning, and the end that came with it.
        let is_mere_end = self.kind == CalendarKind::Events && moment_in(record, "starts_at").is_none();
        if sent.begins != back.begins {
            values.insert("starts_at".into(), time(is.begins));
        }
        if sent.ends != back.ends || is_mere_end {
            values.insert(end_field.into(), time(is.ends));
        }
        if (is.begins.is_some() || is.ends.is_some()) && was.is_whole != is.is_whole {
            values.insert("is_all_day".into(), Json::Bool(is.is_whole));
        }
        // A beginning that the device was not told of does not stand behind the new end.
        let hidden = moment_in(record, "starts_at").filter(|_| sent.begins.is_none() && back.begins.is_none());
        if let (Some(hidden), Some(ends)) = (hidden, is.ends)
            && hidden > ends
        {
            values.insert("starts_at".into(), time(Some(ends)));
        }
    }

    fn end_field(&self) -> &'static str {
        match self.kind {
            CalendarKind::Events => "ends_at",
            CalendarKind::Tasks => "deadline",
        }
    }

    /// Whole days stand from their first minute to 23:59.
    fn times_of(&self, entry: &CalendarEntry) -> Times {
        let at = |when: When| instant_of(when, &self.zone);
        let last_minute = |when: When| match (when, entry.component) {
            (When::Day(day), Component::Task) => Some(at(When::Day(day.checked_add(1.day()).ok()?))? - MINUTE_MS),
            (When::Day(_), Component::Event) => Some(at(when)? - MINUTE_MS),
            _ => at(when),
        };
        Times {
            begins: entry.begins.and_then(at),
            ends: entry.ends.and_then(last_minute),
            is_whole: matches!(entry.begins.or(entry.ends), Some(When::Day(_))),
        }
    }

    fn set_kind(&self, values: &mut Values, back: &CalendarEntry) -> Result<(), WriteError> {
        let field = match self.kind {
            CalendarKind::Events => "kind",
            CalendarKind::Tasks => "category",
        };
        let object_type = self.object_type()?;
        let known = options(&object_type, field);
        let found = back.categories.iter().find_map(|name| known?.find(name).filter(|option| !option.is_retired));
        if let Some(option) = found {
            values.insert(field.into(), json!(option.key));
        }
        Ok(())
    }

    fn set_event_status(&self, values: &mut Values, is_off: bool) -> Result<(), WriteError> {
        let object_type = self.object_type()?;
        let Some(all) = options(&object_type, "status") else { return Ok(()) };
        let option = if is_off { all.option("cancelled") } else { all.first_of("open") };
        if let Some(option) = option.filter(|option| !option.is_retired) {
            values.insert("status".into(), json!(option.key));
        }
        Ok(())
    }

    /// `record` is the task as it stands; none is a new one, which begins as new ones do.
    fn set_task_status(
        &self,
        values: &mut Values,
        record: Option<&Record>,
        state: &'static str,
    ) -> Result<(), WriteError> {
        let object_type = self.object_type()?;
        let Some(all) = options(&object_type, "status") else { return Ok(()) };
        let named = |key: &str, meaning: &str| {
            let option = all.option(key).filter(|option| !option.is_retired);
            option.filter(|option| option.traits.meaning.as_deref() == Some(meaning))
        };
        let option = match state {
            COMPLETED => named("done", "closed").or_else(|| all.first_of("closed")),
            CANCELLED => named("cancelled", "closed").or_else(|| all.first_of("closed")),
            IN_PROCESS => named("in_progress", "open").or_else(|| all.first_of("open")),
            _ if record.is_none() => None,
            _ => all.first_of("open"),
        };
        if let Some(option) = option {
            values.insert("status".into(), json!(option.key));
        }
        Ok(())
    }

    /// The choice of a reminder that an alarm is.
    fn reminder_of(&self, entry: &CalendarEntry, times: Times) -> Option<&'static str> {
        let due = times.ends?;
        let shift = |at: i64, span: &Span| at + span.days * 86_400_000 + span.seconds * 1_000;
        // Of a whole day programs count from its beginning.
        let end = entry.ends.and_then(|when| instant_of(when, &self.zone)).unwrap_or(due);
        entry.alarms.iter().find_map(|alarm| {
            let at = match alarm {
                Alarm::At(at) => *at,
                Alarm::FromEnd(span) => shift(end, span),
                Alarm::FromStart(span) => shift(times.begins.unwrap_or(end), span),
            };
            let is_day_before = day_before(due, &self.zone) == Some(at);
            let known = REMINDERS.iter().find(|(_, seconds)| due - at == seconds * 1_000);
            if is_day_before { Some("day") } else { known.map(|(key, _)| *key) }
        })
    }

    /// What the type is called, for what has no title.
    fn own_label(&self) -> Result<String, WriteError> {
        let [en, ru, uk] = self.object_type()?.definition.labels;
        let label = match self.shelf.context.language.as_str() {
            "ru" => ru,
            "uk" => uk,
            _ => en,
        };
        Ok(label.to_owned())
    }
}

/// How far a task is, in the words of a calendar.
fn state_of(entry: &CalendarEntry) -> &'static str {
    match entry.status.as_str() {
        COMPLETED => COMPLETED,
        CANCELLED => CANCELLED,
        IN_PROCESS => IN_PROCESS,
        "" if entry.completed_ms.is_some() => COMPLETED,
        _ => NEEDS_ACTION,
    }
}

fn known_rule(entry: &CalendarEntry) -> Result<String, WriteError> {
    let rule = Rule::parse(&entry.rule).map(|rule| rule.to_string());
    rule.ok_or_else(|| WriteError::Unfit(Unfit::Repetition, "not_a_recurrence".into()))
}

fn set_text(values: &mut Values, field: &str, text: &str) {
    if !text.is_empty() {
        values.insert(field.to_owned(), json!(text));
    }
}

fn text_or_null(text: &str) -> Json {
    if text.is_empty() { Json::Null } else { json!(text) }
}
