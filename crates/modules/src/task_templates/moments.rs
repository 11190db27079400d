//! When a task of a template is due: pure, no database and no clock.
//!
//! What must stay true: days and working days are counted on the calendar and end at a time by the clock on the wall, so that a change of the clock moves
//! no deadline; hours are counted on the stream of time, so that one passes in each. No working day is a Saturday, a Sunday or a holiday without hours; one
//! on which the company works all the same is.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use record_engine::wall_clock::moment;

/// From midnight, in hours: the time of a day that was chosen without one.
const BEGINNING_OF_WORK: i8 = 9;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;
/// Who works on no day at all is not looked for one beyond so many days.
const DAYS_LOOKED_AT: i64 = 3 * 3_660;

/// What an offset counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    WorkingDay,
    Hour,
}

impl Unit {
    /// Of its key.
    pub fn of(key: &str) -> Option<Unit> {
        match key {
            "day" => Some(Unit::Day),
            "working_day" => Some(Unit::WorkingDay),
            "hour" => Some(Unit::Hour),
            _ => None,
        }
    }
}

/// How far from a day, before it or behind it, and at what time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    pub amount: i64,
    pub unit: Unit,
    /// Of days: by the clock on the wall.
    pub time: Time,
}

/// The day that is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base {
    /// The day, of who counts.
    pub day: Date,
    /// The moment that hours are counted from, milliseconds UTC.
    pub at_ms: i64,
}

impl Base {
    /// The minute of now, in the zone of who counts.
    pub fn now(now_ms: i64, zone: &TimeZone) -> Base {
        let day = Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone()).date();
        Base { day, at_ms: now_ms - now_ms.rem_euclid(MINUTE_MS) }
    }

    /// A chosen day, `2026-12-24`, or day and time, `2026-12-24T18:00`, in the zone of who counts. Of a day alone hours are counted from nine o'clock.
    pub fn chosen(text: &str, zone: &TimeZone) -> Option<Base> {
        let (day, time) = match text.split_once('T') {
            Some((day, time)) => (day, time_of(time)?),
            None => (text, Time::new(BEGINNING_OF_WORK, 0, 0, 0).ok()?),
        };
        let day: Date = (day.len() == 10).then(|| day.parse().ok()).flatten()?;
        Some(Base { day, at_ms: moment(day.to_datetime(time), zone)? })
    }
}

/// A time as it is written in a line, `09:30`.
pub(super) fn time_of(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let is_number =
        |digits: &str| !digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_number(hour) || minute.len() != 2 || !is_number(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// A day on which the company works otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SpecialDay {
    pub date: Date,
    pub is_yearly: bool,
    pub is_working: bool,
}

/// Weekends and holidays.
#[derive(Clone, Debug, Default)]
pub(super) struct WorkingDays {
    special: Vec<SpecialDay>,
}

impl WorkingDays {
    /// Of the days on which the company works otherwise; that of a single year goes before that of all years.
    pub fn new(mut special: Vec<SpecialDay>) -> WorkingDays {
        special.sort_by_key(|day| day.is_yearly);
        WorkingDays { special }
    }

    /// Whether it is worked on a day.
    pub fn is_working(&self, date: Date) -> bool {
        let is_on = |day: &&SpecialDay| {
            day.date == date || day.is_yearly && (day.date.month(), day.date.day()) == (date.month(), date.day())
        };
        match self.special.iter().find(is_on) {
            Some(day) => day.is_working,
            None => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// The day so many working days later, or earlier. None away is the day itself, or the next one that is worked on.
    fn away(&self, from: Date, amount: i64) -> Option<Date> {
        let step = if amount < 0 { -1 } else { 1 };
        let mut left = amount.abs();
        let mut date = from;
        if left == 0 && self.is_working(date) {
            return Some(date);
        }
        left = left.max(1);
        for _ in 0..DAYS_LOOKED_AT {
            date = date.checked_add(step.days()).ok()?;
            if self.is_working(date) {
                left -= 1;
                if left == 0 {
                    return Some(date);
                }
            }
        }
        None
    }
}

/// The moment so far from the base, milliseconds UTC, by the clock of `zone`.
pub(super) fn moment_of(offset: Offset, base: Base, days: &WorkingDays, zone: &TimeZone) -> Option<i64> {
    let day = match offset.unit {
        Unit::Hour => return base.at_ms.checked_add(offset.amount.checked_mul(HOUR_MS)?),
        Unit::Day => base.day.checked_add(Span::new().try_days(offset.amount).ok()?).ok()?,
        Unit::WorkingDay => days.away(base.day, offset.amount)?,
    };
    moment(day.to_datetime(offset.time), zone)
}

#[cfg(test)]
mod tests;
