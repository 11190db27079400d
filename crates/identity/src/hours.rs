//! When somebody works, and hence when the program is open to him: pure, no database and no clock.
//!
//! A [`Calendar`] is made of a plan (hours by the day of the week, or shifts that repeat every so many days), the holidays of the company, the days on
//! which one person works otherwise, minutes of grace, and a time until which somebody was let in by hand.
//!
//! What must stay true:
//! - hours are those of the wall clock in the zone of the calendar, and they belong to the day on which they begin, also when they end on the next;
//! - where the clock is put forward, hours begin and end with the jump; where it is put back, an hour that comes twice is open both times;
//! - of a day's own hours, a holiday and the plan the first that says something counts.

pub(crate) mod plan;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Span as Length, Timestamp, ToSpan};

use plan::{Holiday, OwnDay, Plan, Span};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// So many days ahead the next opening is looked for; beyond it nobody waits for one.
const DAYS_AHEAD: i64 = 400;
/// Who may work so long without a break needs no end.
const OPEN_END_MS: i64 = 14 * DAY_MS;
/// Hours of an earlier day may still go on: one day over midnight, and one more for zones that skip a day.
const DAYS_BACK: i64 = 2;

/// Whether the program is open to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hours {
    /// He may work.
    Open {
        /// Until when, milliseconds UTC; `None` when no end is near.
        until: Option<i64>,
    },
    /// He may not.
    Closed {
        /// From when he may, milliseconds UTC; `None` when no time is near.
        opens_at: Option<i64>,
    },
}

/// Why a day has the hours that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The plan says so.
    Plan,
    /// It is a holiday of the company, or a day on which the company works otherwise.
    Holiday,
    /// It was said so for this person.
    Own,
}

/// The hours of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayPlan {
    /// The day, in the zone of the calendar.
    pub date: Date,
    /// Its hours, without grace; empty for a day off.
    pub hours: Vec<Span>,
    /// Why.
    pub cause: Cause,
    /// What the holiday or the own day is called.
    pub name: Option<String>,
}

/// Everything that decides when one person may work.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    pub zone: TimeZone,
    /// `None` when what is stored cannot be read: then nothing is open.
    pub plan: Option<Plan>,
    pub holidays: Vec<Holiday>,
    pub own_days: Vec<OwnDay>,
    pub before_minutes: i64,
    pub after_minutes: i64,
    /// Somebody let him in until then, milliseconds UTC.
    pub admitted_until: Option<i64>,
}

impl Calendar {
    /// Whether it is open at a moment, and until when or from when on.
    pub fn at(&self, now_ms: i64) -> Hours {
        let today = self.date_of(now_ms);
        let mut end = self.admitted_until.filter(|until| *until > now_ms);
        for distance in -DAYS_BACK..=DAYS_AHEAD {
            let Some(date) = days_after(today, distance) else { break };
            // The hours of a day begin on it, but for minutes of grace.
            if end.is_some_and(|end| self.date_of(end) < days_after(date, -DAYS_BACK).unwrap_or(date)) {
                break;
            }
            for (from, to) in self.spans_of(date) {
                if to <= now_ms {
                    continue;
                }
                end = match end {
                    Some(end) if from > end => return Hours::Open { until: Some(end) },
                    Some(end) => Some(end.max(to)),
                    None if from > now_ms => return Hours::Closed { opens_at: Some(from) },
                    None => Some(to),
                };
                if end.is_some_and(|end| end - now_ms > OPEN_END_MS) {
                    return Hours::Open { until: None };
                }
            }
        }
        match end {
            Some(end) => Hours::Open { until: Some(end) },
            None => Hours::Closed { opens_at: None },
        }
    }

    /// The hours of `count` days from the day of a moment on.
    pub fn days(&self, now_ms: i64, count: i64) -> Vec<DayPlan> {
        let today = self.date_of(now_ms);
        (0..count).filter_map(|distance| days_after(today, distance)).map(|date| self.day(date)).collect()
    }

    /// The hours of one day.
    pub fn day(&self, date: Date) -> DayPlan {
        let own = self.own_days.iter().find(|own| own.from <= date && date <= own.to);
        if let Some(own) = own {
            return DayPlan { date, hours: own.hours.clone(), cause: Cause::Own, name: own.note.clone() };
        }
        if let Some(holiday) = self.holidays.iter().find(|holiday| holiday.is_on(date)) {
            let name = Some(holiday.name.clone());
            return DayPlan { date, hours: holiday.hours.clone(), cause: Cause::Holiday, name };
        }
        let hours = self.plan.as_ref().map(|plan| plan.hours_of(date).to_vec()).unwrap_or_default();
        DayPlan { date, hours, cause: Cause::Plan, name: None }
    }

    pub fn date_of(&self, ms: i64) -> Date {
        Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.zone.clone()).date()
    }

    /// The hours that begin on a day, with the minutes of grace, milliseconds UTC.
    pub fn spans_of(&self, date: Date) -> Vec<(i64, i64)> {
        let hours = self.day(date).hours;
        let instants = |span: &Span| {
            let midnight = date.at(0, 0, 0, 0);
            let from = self.beginning(after(midnight, span.from)?)?;
            let to = self.ending(after(midnight, span.from + span.length())?)?;
            // Hours that the clock jumps over do not exist.
            let grace = (self.before_minutes * MINUTE_MS, self.after_minutes * MINUTE_MS);
            (from < to).then_some((from - grace.0, to + grace.1))
        };
        hours.iter().filter_map(instants).collect()
    }

    /// The first moment at or after a time of the wall clock.
    fn beginning(&self, time: DateTime) -> Option<i64> {
        let offset = match self.zone.to_ambiguous_timestamp(time).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => offset,
            AmbiguousOffset::Gap { after, .. } => return self.jump_after(time, after),
        };
        offset.to_timestamp(time).ok().map(Timestamp::as_millisecond)
    }

    /// The moment behind the last minute before a time of the wall clock.
    fn ending(&self, time: DateTime) -> Option<i64> {
        let last = time.checked_sub(1.minute()).ok()?;
        let offset = match self.zone.to_ambiguous_timestamp(last).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { after: offset, .. } => offset,
            AmbiguousOffset::Gap { after, .. } => return self.jump_after(last, after),
        };
        offset.to_timestamp(last).ok().map(|last| last.as_millisecond() + MINUTE_MS)
    }

    /// When the clock is put forward over a time that does not exist.
    fn jump_after(&self, time: DateTime, offset: jiff::tz::Offset) -> Option<i64> {
        let before = offset.to_timestamp(time).ok()?.checked_sub(SignedDuration::from_secs(1)).ok()?;
        self.zone.following(before).next().map(|jump| jump.timestamp().as_millisecond())
    }
}

fn after(midnight: DateTime, minutes: i64) -> Option<DateTime> {
    midnight.checked_add(Length::new().try_minutes(minutes).ok()?).ok()
}

pub(crate) fn days_after(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Length::new().try_days(days).ok()?).ok()
}

#[cfg(test)]
mod tests;
