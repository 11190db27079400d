//! What schedules, holidays and own days say, and the texts in which they are stored.
//!
//! All are JSON: of a schedule `{"kind": "week", "days": [[{"from": "09:00", "to": "18:00"}], …]}` with seven days from Monday on, or
//! `{"kind": "cycle", "starts_on": "2026-03-02", "days": […]}` with the days of one round; of a holiday the list of hours of that day; of a person
//! `[{"from": "2026-12-24", "to": "2026-12-31", "hours": [], "note": "Leave"}]`. Who ends before he began ends on the next day.

use std::cmp::Ordering;

use jiff::civil::Date;
use record_engine::FieldError;
use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// Days of a week.
const WEEK: usize = 7;
/// Most days of a round of shifts.
const MOST_DAYS: usize = 62;
/// Most hours with breaks between them on one day.
const MOST_SPANS: usize = 6;
/// Most own days, or ranges of them, of one person.
const MOST_OWN_DAYS: usize = 200;
/// Longest note, in characters.
const NOTE_LENGTH: usize = 200;

/// Hours without a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Minutes after midnight.
    #[serde(with = "time_text")]
    pub from: i64,
    /// Minutes after midnight; not later than `from` means the next day.
    #[serde(with = "time_text")]
    pub to: i64,
}

impl Span {
    /// Minutes by the wall clock, at most a day.
    pub fn length(&self) -> i64 {
        if self.to > self.from { self.to - self.from } else { self.to + DAY - self.from }
    }
}

/// The hours of the days, by week or by round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Plan {
    /// Every week the same.
    Week {
        /// From Monday on.
        days: Vec<Vec<Span>>,
    },
    /// Shifts: so many days, then again from the first.
    Cycle {
        /// A day on which a round begins; rounds are counted from it into the past, too.
        #[serde(with = "date_text")]
        starts_on: Date,
        /// The days of a round.
        days: Vec<Vec<Span>>,
    },
}

impl Plan {
    /// The hours that begin on a day.
    pub fn hours_of(&self, date: Date) -> &[Span] {
        let (days, at) = match self {
            Plan::Week { days } => (days, i64::from(date.weekday().to_monday_zero_offset())),
            Plan::Cycle { starts_on, days } => {
                let distance = date.since(*starts_on).map_or(0, |distance| i64::from(distance.get_days()));
                (days, distance.rem_euclid(i64::try_from(days.len()).unwrap_or(1).max(1)))
            }
        };
        usize::try_from(at).ok().and_then(|at| days.get(at)).map_or(&[], Vec::as_slice)
    }

    fn days(&self) -> &[Vec<Span>] {
        match self {
            Plan::Week { days } | Plan::Cycle { days, .. } => days,
        }
    }

    fn check(&self) -> Option<FieldError> {
        let count = self.days().len();
        let is_counted = match self {
            Plan::Week { .. } => count == WEEK,
            Plan::Cycle { .. } => (1..=MOST_DAYS).contains(&count),
        };
        if !is_counted {
            return Some(FieldError::new("hours", "schedule_days").with("max", MOST_DAYS));
        }
        if self.days().iter().all(Vec::is_empty) {
            return Some(FieldError::new("hours", "schedule_is_empty"));
        }
        self.days().iter().find_map(|day| check_spans("hours", day))
    }
}

/// A day on which the company works otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holiday {
    pub date: Date,
    pub is_yearly: bool,
    pub name: String,
    /// Empty for a day off.
    pub hours: Vec<Span>,
}

impl Holiday {
    /// Whether it is on a day.
    pub fn is_on(&self, date: Date) -> bool {
        self.date == date || self.is_yearly && (self.date.month(), self.date.day()) == (date.month(), date.day())
    }

    /// The holiday of a single year goes before that of all years.
    pub fn by_weight(&self, other: &Holiday) -> Ordering {
        self.is_yearly.cmp(&other.is_yearly)
    }
}

/// Days on which one person works otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnDay {
    /// The first day.
    #[serde(with = "date_text")]
    pub from: Date,
    /// The last day.
    #[serde(with = "date_text")]
    pub to: Date,
    /// Empty for days off.
    pub hours: Vec<Span>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Reads the plan of a schedule, and says what is wrong with it at the field `hours`.
pub(crate) fn read_plan(text: &str) -> Result<Plan, FieldError> {
    let plan: Plan = serde_json::from_str(text).map_err(|error| unreadable("hours", &error))?;
    plan.check().map_or(Ok(plan), Err)
}

/// Reads the hours of a holiday.
pub(crate) fn read_spans(field: &str, text: &str) -> Result<Vec<Span>, FieldError> {
    let spans: Vec<Span> = serde_json::from_str(text).map_err(|error| unreadable(field, &error))?;
    check_spans(field, &spans).map_or(Ok(spans), Err)
}

/// Reads the own days of a person.
pub(crate) fn read_own_days(text: &str) -> Result<Vec<OwnDay>, FieldError> {
    const FIELD: &str = "own_days";
    let mut days: Vec<OwnDay> = serde_json::from_str(text).map_err(|error| unreadable(FIELD, &error))?;
    days.sort_by_key(|day| day.from);
    if days.len() > MOST_OWN_DAYS {
        return Err(FieldError::new(FIELD, "too_many_values").with("max", MOST_OWN_DAYS));
    }
    for day in &days {
        if day.to < day.from {
            return Err(FieldError::new(FIELD, "ends_before_it_begins"));
        }
        if day.note.as_ref().is_some_and(|note| note.chars().count() > NOTE_LENGTH) {
            return Err(FieldError::new(FIELD, "too_long").with("max", NOTE_LENGTH));
        }
        check_spans(FIELD, &day.hours).map_or(Ok(()), Err)?;
    }
    let is_twice = days.windows(2).any(|pair| matches!(pair, [one, next] if next.from <= one.to));
    if is_twice { Err(FieldError::new(FIELD, "days_overlap")) } else { Ok(days) }
}

fn unreadable(field: &str, error: &serde_json::Error) -> FieldError {
    FieldError::new(field, "hours_invalid").with("value", error.to_string())
}

/// Hours of one day stand in their order, and none reaches into the next.
fn check_spans(field: &str, spans: &[Span]) -> Option<FieldError> {
    if spans.len() > MOST_SPANS {
        return Some(FieldError::new(field, "too_many_values").with("max", MOST_SPANS));
    }
    if spans.iter().any(|span| span.from >= DAY) {
        return Some(FieldError::new(field, "hours_invalid").with("value", "24:00"));
    }
    let overlaps = spans.windows(2).any(|pair| matches!(pair, [one, next] if one.from + one.length() > next.from));
    overlaps.then(|| FieldError::new(field, "hours_overlap"))
}

/// `09:00` as minutes; `24:00` is the end of the day.
mod time_text {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
    pub(super) fn serialize<S: Serializer>(minutes: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{:02}:{:02}", minutes / 60, minutes % 60))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        let text = String::deserialize(deserializer)?;
        read(&text).ok_or_else(|| D::Error::custom(format!("{text} is no time")))
    }

    fn read(text: &str) -> Option<i64> {
        let (hours, minutes) = text.split_once(':')?;
        let number = |part: &str| {
            let is_plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            if is_plain { part.parse::<i64>().ok() } else { None }
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        let total = hours * 60 + minutes;
        (minutes < 60 && total <= super::DAY).then_some(total)
    }
}

/// `2026-03-02`.
mod date_text {
    use jiff::civil::Date;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
    pub(super) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&date.to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom(format!("{text} is no date")))
    }
}
