//! Time zones of a calendar: by their name where the world knows it, else by the description (`VTIMEZONE`) that came along.
//!
//! What must stay true: a time that the change of the clock leaves out counts from before the change, one that comes twice is the first of the two
//! (RFC 5545, 3.3.5); a zone that nothing tells of is an error.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{Offset, TimeZone};

use super::CalendarError;
use super::read::{Block, read_wall};
use crate::vcard::folded_line;

/// How many years of changes are described when a zone is written.
const YEARS: i64 = 10;
const YEAR_SECONDS: i64 = 366 * 86_400;
/// Most changes of the clock that one description may list.
const MAX_ONSETS: usize = 2_000;
const DAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

/// A zone in which times of a calendar stand.
#[derive(Clone, Debug)]
pub(super) enum Zone {
    /// One of the world.
    Known(TimeZone),
    /// One that the calendar describes.
    Described(Vec<Observance>),
}

/// A part of the year, or of history, with one offset.
#[derive(Clone, Debug)]
pub(super) struct Observance {
    begins: Vec<DateTime>,
    from: Offset,
    to: Offset,
    yearly: Option<Yearly>,
}

/// On which day of each year the clock changes.
#[derive(Clone, Debug)]
struct Yearly {
    month: i8,
    /// The number of the week in the month, 0 for none, and the day of it.
    day: Option<(i8, Weekday)>,
    month_days: Vec<i8>,
    until: Option<Timestamp>,
}

/// The zones of a calendar by their names in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Zones {
    described: BTreeMap<String, Block>,
}

impl Zones {
    /// The zones that a calendar describes.
    pub(super) fn of(blocks: &[Block]) -> Zones {
        let zones = blocks.iter().filter(|block| block.name == "VTIMEZONE");
        Zones { described: zones.filter_map(|block| Some((block.text("TZID")?, block.clone()))).collect() }
    }

    /// The zone of a name.
    pub(super) fn zone(&self, name: &str) -> Result<Zone, CalendarError> {
        let described = self.described.get(name);
        let located = described.and_then(|block| block.text("X-LIC-LOCATION"));
        if let Some(zone) = known(name).or_else(|| known(located.as_deref()?)) {
            return Ok(Zone::Known(zone));
        }
        if let Some(observances) = described.and_then(observances) {
            return Ok(Zone::Described(observances));
        }
        // Some programs put their own name before that of the zone: `/mozilla.org/20050126_1/Europe/Kiev`.
        let mut rest = name;
        while let Some((_, tail)) = rest.split_once('/') {
            if let Some(zone) = known(tail) {
                return Ok(Zone::Known(zone));
            }
            rest = tail;
        }
        Err(CalendarError::UnknownZone(name.chars().take(80).collect()))
    }
}

fn known(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().filter(|zone| !zone.is_unknown())
}

impl Zone {
    /// The moment at which the clock on the wall shows this, milliseconds UTC.
    pub(super) fn moment(&self, wall: DateTime) -> Option<i64> {
        let at = match self {
            Zone::Known(zone) => zone.to_ambiguous_timestamp(wall).compatible().ok()?,
            Zone::Described(observances) => offset_at(observances, wall)?.to_timestamp(wall).ok()?,
        };
        Some(at.as_millisecond())
    }
}

fn offset_at(observances: &[Observance], wall: DateTime) -> Option<Offset> {
    let last = observances.iter().filter_map(|one| Some((one.last_onset(wall)?, one))).max_by_key(|(onset, _)| *onset);
    let Some((onset, observance)) = last else {
        let first = observances.iter().min_by_key(|one| one.begins.iter().min().copied())?;
        return Some(first.from);
    };
    let gap = observance.to.seconds() - observance.from.seconds();
    let is_left_out = gap > 0 && wall.duration_since(onset).as_secs() < i64::from(gap);
    Some(if is_left_out { observance.from } else { observance.to })
}

impl Observance {
    /// When it began last, by the clock on the wall before it.
    fn last_onset(&self, wall: DateTime) -> Option<DateTime> {
        let written = self.begins.iter().filter(|onset| **onset <= wall).max().copied();
        let (Some(first), Some(yearly)) = (self.begins.iter().min(), &self.yearly) else { return written };
        let years = [wall.year().checked_sub(1), Some(wall.year())].into_iter().flatten();
        let by_rule =
            years.filter_map(|year| yearly.day_of(year, first.date())).map(|day| day.to_datetime(first.time()));
        let is_within = |onset: &DateTime| {
            let is_over = |until: Timestamp| self.from.to_timestamp(*onset).is_ok_and(|at| at > until);
            *onset >= *first && *onset <= wall && !yearly.until.is_some_and(is_over)
        };
        by_rule.filter(is_within).max().into_iter().chain(written).max()
    }
}

impl Yearly {
    fn day_of(&self, year: i16, first: Date) -> Option<Date> {
        let month = Date::new(year, self.month, 1).ok()?;
        match self.day {
            Some((week, day)) if week != 0 => month.nth_weekday_of_month(week, day).ok(),
            Some((_, day)) => {
                let mut days = self.month_days.iter().filter_map(|number| Date::new(year, self.month, *number).ok());
                days.find(|found| found.weekday() == day)
            }
            None => {
                let number = self.month_days.first().copied().unwrap_or(first.day());
                Date::new(year, self.month, number).ok()
            }
        }
    }

    /// A rule of a description; `None` for one that is not yearly on one day.
    fn parse(text: &str, first: Date) -> Option<Yearly> {
        let mut yearly = Yearly { month: first.month(), day: None, month_days: Vec::new(), until: None };
        let mut is_yearly = false;
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            match name.trim().to_ascii_uppercase().as_str() {
                "FREQ" => is_yearly = value.eq_ignore_ascii_case("YEARLY"),
                "INTERVAL" if value == "1" => {}
                "WKST" => {}
                "BYMONTH" => yearly.month = value.parse().ok().filter(|month| (1..=12).contains(month))?,
                "BYDAY" => {
                    let (week, name) = value.split_at_checked(value.len().checked_sub(2)?)?;
                    let day = DAYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?.1;
                    let week: i8 = if week.is_empty() { 0 } else { week.parse().ok()? };
                    yearly.day = (-5..=5).contains(&week).then_some((week, day));
                    yearly.day?;
                }
                "BYMONTHDAY" => {
                    let days: Option<Vec<i8>> = value.split(',').take(31).map(|day| day.parse().ok()).collect();
                    yearly.month_days = days?;
                }
                "UNTIL" => {
                    let (wall, is_utc) = read_wall(value)?;
                    yearly.until = Some(Offset::UTC.to_timestamp(wall).ok().filter(|_| is_utc || value.len() == 15)?);
                }
                _ => return None,
            }
        }
        let is_whole = !matches!(yearly.day, Some((0, _))) || !yearly.month_days.is_empty();
        (is_yearly && is_whole).then_some(yearly)
    }
}

/// What a description says; `None` when it says nothing, or what is not understood.
fn observances(zone: &Block) -> Option<Vec<Observance>> {
    let parts = zone.blocks.iter().filter(|part| matches!(part.name.as_str(), "STANDARD" | "DAYLIGHT"));
    let found: Option<Vec<Observance>> = parts.map(observance).collect();
    found.filter(|found| !found.is_empty())
}

fn observance(part: &Block) -> Option<Observance> {
    let first = read_wall(part.text("DTSTART")?.trim())?.0;
    let mut begins = vec![first];
    for list in part.all("RDATE") {
        for text in list.list() {
            begins.push(read_wall(text.trim()).map(|(wall, _)| wall)?);
        }
    }
    let rules: Vec<String> = part.all("RRULE").map(|rule| rule.text()).collect();
    let yearly = match rules.as_slice() {
        [] => None,
        [rule] => Some(Yearly::parse(rule.trim(), first.date())?),
        _ => return None,
    };
    let offset = |name: &str| read_offset(part.text(name)?.trim());
    (begins.len() <= MAX_ONSETS).then_some(())?;
    Some(Observance { begins, from: offset("TZOFFSETFROM")?, to: offset("TZOFFSETTO")?, yearly })
}

/// `+0200`, `-033000`.
fn read_offset(text: &str) -> Option<Offset> {
    let (sign, digits) = text.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let is_plain = matches!(digits.len(), 4 | 6) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then_some(())?;
    let part = |at: usize| digits.get(at..at + 2).map_or(Some(0), |part| part.parse::<i32>().ok());
    Offset::from_seconds(sign * (part(0)? * 3_600 + part(2)? * 60 + part(4)?)).ok()
}

fn offset_text(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, rest) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let tail = if rest % 60 == 0 { String::new() } else { format!("{:02}", rest % 60) };
    format!("{sign}{:02}{:02}{tail}", rest / 3_600, rest / 60 % 60)
}

/// Describes a zone from the last change before a moment on, for the years that follow. It depends on that moment alone, so the same entry has the same
/// text for ever.
pub(super) fn write_zone(out: &mut dyn Write, name: &str, zone: &TimeZone, from_ms: i64) -> io::Result<()> {
    let first = Timestamp::from_millisecond(from_ms).unwrap_or_default();
    let last = first.as_second().saturating_add(YEARS * YEAR_SECONDS);
    let before = zone.preceding(first).next().map_or(first, |change| change.timestamp());
    let start = Timestamp::from_second(before.as_second().saturating_sub(1)).unwrap_or(first);
    let mut offset = zone.to_offset(start);
    // Changes of one kind stand together: standard time or not, from where to where.
    let mut kinds: Vec<(bool, Offset, Offset, Vec<String>)> = Vec::new();
    for change in zone.following(start).take_while(|change| change.timestamp().as_second() <= last) {
        let to = change.offset();
        let at = offset.to_datetime(change.timestamp()).strftime("%Y%m%dT%H%M%S").to_string();
        let is_summer = change.dst().is_dst();
        match kinds.iter_mut().find(|kind| (kind.0, kind.1, kind.2) == (is_summer, offset, to)) {
            Some((_, _, _, onsets)) => onsets.push(at),
            None => kinds.push((is_summer, offset, to, vec![at])),
        }
        offset = to;
    }
    if kinds.is_empty() {
        kinds.push((false, offset, offset, vec!["19700101T000000".into()]));
    }
    folded_line(out, "BEGIN:VTIMEZONE")?;
    folded_line(out, &format!("TZID:{name}"))?;
    for (is_summer, from, to, onsets) in &kinds {
        let part = if *is_summer { "DAYLIGHT" } else { "STANDARD" };
        folded_line(out, &format!("BEGIN:{part}"))?;
        folded_line(out, &format!("TZOFFSETFROM:{}", offset_text(*from)))?;
        folded_line(out, &format!("TZOFFSETTO:{}", offset_text(*to)))?;
        if let Some((first, others)) = onsets.split_first() {
            folded_line(out, &format!("DTSTART:{first}"))?;
            if !others.is_empty() {
                folded_line(out, &format!("RDATE:{}", others.join(",")))?;
            }
        }
        folded_line(out, &format!("END:{part}"))?;
    }
    folded_line(out, "END:VTIMEZONE")
}
