//! How a task comes again: a rule as RFC 5545 has it (RRULE), as far as people need it.
//!
//! `FREQ` daily, weekly, monthly or yearly; `INTERVAL`; `BYDAY` of a week, or of a month with a number (`1MO`, `-1FR`); `BYMONTHDAY` of a month, from
//! its end when negative; `COUNT` or `UNTIL`. Weeks begin on Monday. A day that a month does not have is left out, as the standard says.
//!
//! What must stay true: a rule is stored in one form, whatever the order in which it was written. The next task is due at the same time on the wall of
//! who is responsible, across changes of the clock. It is never due in the past: what was missed is left out, and counts where the rule counts.

#[cfg(test)]
mod tests;

use std::fmt;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::wall_clock::{moment, wall};

/// Longest interval, and most times.
const MOST: i32 = 999;
/// More days than this are not looked through for the next one: no rule of the kind above leaves so many out.
const FARTHEST: usize = 200_000;
const DAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

impl Frequency {
    const ALL: [(&'static str, Frequency); 4] = [
        ("DAILY", Frequency::Daily),
        ("WEEKLY", Frequency::Weekly),
        ("MONTHLY", Frequency::Monthly),
        ("YEARLY", Frequency::Yearly),
    ];
}

/// When a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Never,
    /// After so many tasks, the present one among them.
    Count(i32),
    /// The last day, by the clock on the wall.
    Day(Date),
    /// The last moment.
    Moment(Timestamp),
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    frequency: Frequency,
    interval: i32,
    /// Days of the week; of a month with the number of the week in it, 0 for all.
    days: Vec<(i8, Weekday)>,
    month_days: Vec<i8>,
    end: End,
}

/// What follows a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// When it is due, milliseconds UTC.
    pub at_ms: i64,
    /// The moment that its own series is counted from: that at which it is due, unless the clock leaves its time out that day.
    pub series_ms: i64,
    /// The rule that it has.
    pub rule: Rule,
}

impl Rule {
    /// Reads `FREQ=WEEKLY;BYDAY=MO,WE`, also with `RRULE:` before it; `None` for anything else.
    pub fn parse(text: &str) -> Option<Rule> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            if parts.iter().any(|(known, _)| *known == name) {
                return None;
            }
            parts.push((name, value));
        }
        let mut take = |name: &str| {
            let place = parts.iter().position(|(known, _)| *known == name)?;
            Some(parts.swap_remove(place).1)
        };
        let frequency = take("FREQ")?;
        let frequency = Frequency::ALL.iter().find(|(name, _)| *name == frequency)?.1;
        let interval = take("INTERVAL").map_or(Some(1), number)?;
        let end = match (take("COUNT"), take("UNTIL")) {
            (None, None) => End::Never,
            (Some(count), None) => End::Count(number(count)?),
            (None, Some(until)) => until_of(until)?,
            (Some(_), Some(_)) => return None,
        };
        let mut days = take("BYDAY").map_or(Some(Vec::new()), |list| list.split(',').map(day_of).collect())?;
        let mut month_days =
            take("BYMONTHDAY").map_or(Some(Vec::new()), |list| list.split(',').map(month_day).collect())?;
        // Weeks begin on Monday here.
        if take("WKST").is_some_and(|start| start != "MO") || !parts.is_empty() {
            return None;
        }
        let fits = match frequency {
            Frequency::Daily | Frequency::Yearly => days.is_empty() && month_days.is_empty(),
            Frequency::Weekly => month_days.is_empty() && days.iter().all(|(week, _)| *week == 0),
            Frequency::Monthly => days.is_empty() || month_days.is_empty(),
        };
        days.sort_by_key(|(week, day)| (*week, day.to_monday_zero_offset()));
        days.dedup();
        month_days.sort_unstable();
        month_days.dedup();
        fits.then_some(Rule { frequency, interval, days, month_days, end })
    }

    /// What follows a task that was due at `due_ms` and stands for the day of `series_ms` in its series, when it is closed at `now_ms`; `None` when it
    /// was the last.
    ///
    /// Whoever puts a task off moves this task and not the series: days are counted from that of the series, the time of the day is that of the task. A
    /// time that the clock leaves out on the day of a task comes again on the next.
    pub fn next(&self, series_ms: i64, due_ms: i64, now_ms: i64, zone: &TimeZone) -> Option<Next> {
        let first = wall(series_ms, zone)?.date();
        let (due, own) = (wall(due_ms, zone)?.date(), wall(series_ms, zone)?.time());
        let is_on_time = moment(due.to_datetime(own), zone) == Some(due_ms);
        let time = if is_on_time { own } else { wall(due_ms, zone)?.time() };
        let mut times = 0;
        for day in self.days_after(first, due.max(wall(now_ms, zone)?.date())) {
            times += 1;
            let at_ms = moment(day.to_datetime(time), zone)?;
            let rest = match self.end {
                End::Never => self.end,
                End::Count(count) if times < count => End::Count(count - times),
                End::Day(last) if day <= last => self.end,
                End::Moment(last) if at_ms <= last.as_millisecond() => self.end,
                _ => return None,
            };
            if day > due && at_ms > now_ms {
                // Where the clock jumps over its time, the series goes on from where it stood.
                let is_left_out = wall(at_ms, zone)?.time() != time && is_on_time;
                let (series_ms, end) = if is_left_out { (series_ms, self.end) } else { (at_ms, rest) };
                return Some(Next { at_ms, series_ms, rule: Rule { end, ..self.clone() } });
            }
        }
        None
    }

    /// The days of the rule behind the first, in their order; of a rule that does not count, from shortly before `near` on.
    fn days_after(&self, first: Date, near: Date) -> impl Iterator<Item = Date> + '_ {
        (self.periods_until(first, near)..)
            .map_while(move |period| self.days_of(first, period))
            .flatten()
            .filter(move |day| *day > first)
            .take(FARTHEST)
    }

    /// Whole periods that need not be looked at on the way to a day.
    fn periods_until(&self, first: Date, day: Date) -> i32 {
        if matches!(self.end, End::Count(_)) {
            return 0;
        }
        let days = i32::try_from(day.duration_since(first).as_hours() / 24).unwrap_or_default();
        let years = i32::from(day.year()) - i32::from(first.year());
        let steps = match self.frequency {
            Frequency::Daily => days,
            Frequency::Weekly => days / 7,
            Frequency::Monthly => years * 12 + i32::from(day.month()) - i32::from(first.month()),
            Frequency::Yearly => years,
        };
        (steps / self.interval.max(1) - 1).max(0)
    }

    /// The days of a period, counted from that of the first day; `None` beyond the calendar.
    fn days_of(&self, first: Date, period: i32) -> Option<Vec<Date>> {
        let steps = i64::from(period).checked_mul(i64::from(self.interval))?;
        match self.frequency {
            Frequency::Daily => Some(vec![first.checked_add(steps.days()).ok()?]),
            Frequency::Weekly => {
                let offset = i64::from(first.weekday().to_monday_zero_offset());
                let monday = first.checked_add((steps.checked_mul(7)? - offset).days()).ok()?;
                let own = [(0, first.weekday())];
                let days = if self.days.is_empty() { &own } else { self.days.as_slice() };
                let found =
                    days.iter().map(|(_, day)| monday.checked_add(i64::from(day.to_monday_zero_offset()).days()).ok());
                found.collect()
            }
            Frequency::Monthly => {
                let month = first.first_of_month().checked_add(steps.months()).ok()?;
                Some(self.days_of_month(month, first.day()))
            }
            Frequency::Yearly => {
                let year =
                    i16::try_from(i64::from(first.year()).checked_add(steps)?).ok().filter(|year| *year <= 9_999)?;
                // The 29th of February comes in leap years.
                Some(Date::new(year, first.month(), first.day()).into_iter().collect())
            }
        }
    }

    fn days_of_month(&self, month: Date, own_day: i8) -> Vec<Date> {
        let length = month.days_in_month();
        let at = |day: i8| Date::new(month.year(), month.month(), day).ok();
        let mut found: Vec<Date> = if self.days.is_empty() {
            let own = [own_day];
            let wanted = if self.month_days.is_empty() { &own } else { self.month_days.as_slice() };
            wanted.iter().filter_map(|day| at(if *day < 0 { length + 1 + day } else { *day })).collect()
        } else {
            let on = |(week, weekday): &(i8, Weekday)| -> Vec<Date> {
                let all: Vec<Date> = (1..=length).filter_map(at).filter(|day| day.weekday() == *weekday).collect();
                let place = match *week {
                    0 => return all,
                    week if week > 0 => usize::try_from(week - 1).ok(),
                    week => all.len().checked_sub(usize::from(week.unsigned_abs())),
                };
                place.and_then(|place| all.get(place)).copied().into_iter().collect()
            };
            self.days.iter().flat_map(on).collect()
        };
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn number(text: &str) -> Option<i32> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| is_plain && (1..=MOST).contains(number))
}

fn day_of(text: &str) -> Option<(i8, Weekday)> {
    let (week, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let day = DAYS.iter().find(|(known, _)| *known == name)?.1;
    let week = if week.is_empty() { 0 } else { week.parse().ok().filter(|week| *week != 0)? };
    (-5..=5).contains(&week).then_some((week, day))
}

fn month_day(text: &str) -> Option<i8> {
    text.parse().ok().filter(|day: &i8| *day != 0 && (-31..=31).contains(day))
}

/// `20261231`, or `20261231T215959Z`.
fn until_of(text: &str) -> Option<End> {
    match text.len() {
        8 => Date::strptime("%Y%m%d", text).ok().map(End::Day),
        16 => {
            Timestamp::strptime("%Y%m%dT%H%M%S%z", text.strip_suffix('Z')?.to_owned() + "+0000").ok().map(End::Moment)
        }
        _ => None,
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frequency = Frequency::ALL.iter().find(|(_, known)| *known == self.frequency).map_or("", |(name, _)| name);
        write!(out, "FREQ={frequency}")?;
        if self.interval > 1 {
            write!(out, ";INTERVAL={}", self.interval)?;
        }
        if !self.days.is_empty() {
            let name = |day: &Weekday| DAYS.iter().find(|(_, known)| known == day).map_or("", |(name, _)| name);
            let number = |week: i8| if week == 0 { String::new() } else { week.to_string() };
            let days: Vec<String> = self.days.iter().map(|(week, day)| number(*week) + name(day)).collect();
            write!(out, ";BYDAY={}", days.join(","))?;
        }
        if !self.month_days.is_empty() {
            let days: Vec<String> = self.month_days.iter().map(ToString::to_string).collect();
            write!(out, ";BYMONTHDAY={}", days.join(","))?;
        }
        match self.end {
            End::Never => Ok(()),
            End::Count(count) => write!(out, ";COUNT={count}"),
            End::Day(day) => write!(out, ";UNTIL={}", day.strftime("%Y%m%d")),
            End::Moment(at) => write!(out, ";UNTIL={}", at.strftime("%Y%m%dT%H%M%SZ")),
        }
    }
}
