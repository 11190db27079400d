//! Reads one entry of a calendar: blocks inside one another, lines taken apart as those of cards, times with their zones.

use encoding_rs::UTF_8;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::zones::{Zone, Zones};
use super::{Alarm, CalendarEntry, CalendarError, Component, Span, When};
use crate::vcard::{Property, TextEncoding};

/// Largest calendar of one entry, in bytes: the longest description, folded, with some zones.
pub const MAX_CALENDAR_BYTES: usize = 512 << 10;
/// Most lines in it.
const MAX_LINES: usize = 20_000;
/// Most blocks in it.
const MAX_BLOCKS: usize = 500;
/// Blocks inside one another; real ones are three.
const MAX_DEPTH: usize = 6;
/// Most alarms that are looked at.
const MAX_ALARMS: usize = 50;
/// Longest length of time, in days: a hundred years.
const MAX_DAYS: i64 = 36_600;

/// What stands between `BEGIN` and `END`.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    /// In capitals.
    pub(super) name: String,
    properties: Vec<Property>,
    pub(super) blocks: Vec<Block>,
}

impl Block {
    /// The properties of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    fn first(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// The first text of a name.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.first(name).map(Property::text)
    }

    fn words(&self, name: &str) -> String {
        self.text(name).map(|text| text.trim().to_owned()).unwrap_or_default()
    }

    fn capitals(&self, name: &str) -> String {
        self.words(name).to_ascii_uppercase()
    }
}

/// Reads a calendar of one entry.
///
/// # Errors
/// Why it cannot be taken; nothing is guessed.
pub fn read_calendar(bytes: &[u8]) -> Result<CalendarEntry, CalendarError> {
    let calendar = calendar_of(bytes)?;
    if calendar.first("METHOD").is_some() {
        return Err(CalendarError::NotOneEntry("METHOD"));
    }
    let zones = Zones::of(&calendar.blocks);
    let mut entries = calendar.blocks.iter().filter(|block| block.name != "VTIMEZONE");
    let entry = entries.next().ok_or(CalendarError::NotOneEntry("no entry"))?;
    let component = match entry.name.as_str() {
        "VEVENT" => Component::Event,
        "VTODO" => Component::Task,
        _ => return Err(CalendarError::OtherComponent),
    };
    // The other entries of a series are the exceptions of it.
    match entries.next() {
        Some(other) if other.name == entry.name => return Err(CalendarError::Exceptions("RECURRENCE-ID")),
        Some(_) => return Err(CalendarError::NotOneEntry("several entries")),
        None => {}
    }
    for name in ["RECURRENCE-ID", "EXDATE", "RDATE", "EXRULE"] {
        if entry.first(name).is_some() {
            return Err(CalendarError::Exceptions(name));
        }
    }
    read_entry(entry, component, &zones)
}

fn read_entry(entry: &Block, component: Component, zones: &Zones) -> Result<CalendarEntry, CalendarError> {
    let rules: Vec<String> = entry.all("RRULE").map(Property::text).collect();
    let rule = match rules.as_slice() {
        [] => String::new(),
        [rule] => rule.trim().to_owned(),
        _ => return Err(CalendarError::Exceptions("RRULE")),
    };
    let start = entry.first("DTSTART").map(|property| Stamp::read(property, zones)).transpose()?;
    let end = entry.first(if component == Component::Task { "DUE" } else { "DTEND" });
    let ends = match (end, entry.text("DURATION"), &start) {
        (Some(end), _, _) => Some(Stamp::read(end, zones)?.when()?),
        (None, Some(length), Some(start)) => Some(start.after(read_span(length.trim())?)?),
        _ => None,
    };
    let instant = |name: &str| match entry.first(name).map(|property| Stamp::read(property, zones)?.when()) {
        Some(Ok(When::Instant(at))) => Ok(Some(at)),
        Some(Err(error)) => Err(error),
        // A day or a time without a zone says that it was, not when.
        Some(Ok(_)) | None => Ok(None),
    };
    let alarms = entry.blocks.iter().filter(|block| block.name == "VALARM" && block.capitals("ACTION") != "NONE");
    Ok(CalendarEntry {
        component,
        uid: entry.words("UID"),
        begins: start.as_ref().map(Stamp::when).transpose()?,
        ends,
        summary: entry.words("SUMMARY"),
        location: entry.words("LOCATION"),
        description: entry.text("DESCRIPTION").unwrap_or_default(),
        categories: entry.all("CATEGORIES").flat_map(Property::list).collect(),
        status: entry.capitals("STATUS"),
        completed_ms: instant("COMPLETED")?,
        rule,
        alarms: alarms.take(MAX_ALARMS).filter_map(read_alarm).collect(),
        ..CalendarEntry::default()
    })
}

/// A time as it stands, with its zone.
struct Stamp {
    wall: DateTime,
    kind: StampKind,
}

enum StampKind {
    Day,
    Utc,
    Floating,
    In(Zone),
}

impl Stamp {
    fn read(property: &Property, zones: &Zones) -> Result<Stamp, CalendarError> {
        let text = property.text();
        let text = text.trim();
        if let Some(day) = read_day(text) {
            return Ok(Stamp { wall: day.to_datetime(jiff::civil::Time::midnight()), kind: StampKind::Day });
        }
        let (wall, is_utc) = read_wall(text).ok_or(CalendarError::Damaged("a time that is none"))?;
        let kind = match property.param("TZID") {
            _ if is_utc => StampKind::Utc,
            Some(name) => StampKind::In(zones.zone(name)?),
            None => StampKind::Floating,
        };
        Ok(Stamp { wall, kind })
    }

    fn when(&self) -> Result<When, CalendarError> {
        self.when_at(self.wall, 0).ok_or(CalendarError::Damaged("a time beyond all calendars"))
    }

    fn after(&self, span: Span) -> Result<When, CalendarError> {
        let wall = self.wall.checked_add(span.days.days()).ok();
        let found = wall.and_then(|wall| self.when_at(wall, span.seconds));
        found.ok_or(CalendarError::Damaged("a time beyond all calendars"))
    }

    fn when_at(&self, wall: DateTime, seconds: i64) -> Option<When> {
        let moment = |at: i64| Some(When::Instant(at.checked_add(seconds.checked_mul(1_000)?)?));
        match &self.kind {
            StampKind::Day => Some(When::Day(wall.checked_add(seconds.seconds()).ok()?.date())),
            StampKind::Floating => Some(When::Wall(wall.checked_add(seconds.seconds()).ok()?)),
            StampKind::Utc => moment(jiff::tz::Offset::UTC.to_timestamp(wall).ok()?.as_millisecond()),
            StampKind::In(zone) => moment(zone.moment(wall)?),
        }
    }
}

fn read_alarm(block: &Block) -> Option<Alarm> {
    let trigger = block.first("TRIGGER")?;
    let text = trigger.text();
    let text = text.trim();
    if let Some((wall, is_utc)) = read_wall(text) {
        let at = jiff::tz::Offset::UTC.to_timestamp(wall).ok().filter(|_| is_utc)?;
        return Some(Alarm::At(at.as_millisecond()));
    }
    let span = read_span(text).ok()?;
    let is_from_end = trigger.param("RELATED").is_some_and(|related| related.eq_ignore_ascii_case("END"));
    Some(if is_from_end { Alarm::FromEnd(span) } else { Alarm::FromStart(span) })
}

/// `20261201`.
fn read_day(text: &str) -> Option<Date> {
    let is_plain = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then_some(())?;
    Date::new(text.get(..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?, text.get(6..8)?.parse().ok()?).ok()
}

/// `20261201T080000`, and whether a `Z` stands behind it.
pub(super) fn read_wall(text: &str) -> Option<(DateTime, bool)> {
    let (plain, is_utc) = match text.strip_suffix(['Z', 'z']) {
        Some(plain) => (plain, true),
        None => (text, false),
    };
    let (day, time) = plain.split_once(['T', 't'])?;
    let is_plain = time.len() == 6 && time.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then_some(())?;
    let part = |at: usize| time.get(at..at + 2)?.parse::<i8>().ok();
    // A leap second is the second before it.
    let second = part(4).map(|second| if second == 60 { 59 } else { second })?;
    let time = jiff::civil::Time::new(part(0)?, part(2)?, second, 0).ok()?;
    Some((read_day(day)?.to_datetime(time), is_utc))
}

/// `-PT15M`, `P1W`, `+P1DT2H`.
fn read_span(text: &str) -> Result<Span, CalendarError> {
    span_of(text).ok_or(CalendarError::Damaged("a length of time that is none"))
}

fn span_of(text: &str) -> Option<Span> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("-", rest) => (-1, rest),
        ("+", rest) => (1, rest),
        _ => (1, text),
    };
    let rest = rest.to_ascii_uppercase();
    let rest = rest.strip_prefix('P').filter(|rest| !rest.is_empty())?;
    let (mut days, mut seconds, mut digits, mut is_time) = (0_i64, 0_i64, String::new(), false);
    for character in rest.chars() {
        if character.is_ascii_digit() && digits.len() < 9 {
            digits.push(character);
            continue;
        }
        if character == 'T' && digits.is_empty() && !is_time {
            is_time = true;
            continue;
        }
        let number: i64 = digits.parse().ok()?;
        digits.clear();
        match (character, is_time) {
            ('W', false) => days = days.checked_add(number.checked_mul(7)?)?,
            ('D', false) => days = days.checked_add(number)?,
            ('H', true) => seconds = seconds.checked_add(number.checked_mul(3_600)?)?,
            ('M', true) => seconds = seconds.checked_add(number.checked_mul(60)?)?,
            ('S', true) => seconds = seconds.checked_add(number)?,
            _ => return None,
        }
    }
    let fits = digits.is_empty() && days <= MAX_DAYS && seconds <= MAX_DAYS * 86_400;
    fits.then_some(Span { days: sign * days, seconds: sign * seconds })
}

/// The blocks of a calendar.
fn calendar_of(bytes: &[u8]) -> Result<Block, CalendarError> {
    if bytes.len() > MAX_CALENDAR_BYTES {
        return Err(CalendarError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut open: Vec<Block> = Vec::new();
    let (mut done, mut blocks) = (None, 0);
    for line in unfolded(bytes)? {
        std::str::from_utf8(&line).map_err(|_| CalendarError::Damaged("not in UTF-8"))?;
        let property = Property::parse(&line, TextEncoding::Forced(UTF_8))
            .ok_or(CalendarError::Damaged("a line that is no property"))?;
        if done.is_some() {
            return Err(CalendarError::Damaged("something behind the end"));
        }
        let value = || property.text().trim().to_ascii_uppercase();
        match property.name.as_str() {
            "BEGIN" => {
                blocks += 1;
                if open.len() >= MAX_DEPTH || blocks > MAX_BLOCKS {
                    return Err(CalendarError::TooLarge);
                }
                open.push(Block { name: value(), ..Block::default() });
            }
            "END" => {
                let block = open.pop().filter(|block| block.name == value());
                let block = block.ok_or(CalendarError::Damaged("an end without a beginning"))?;
                match open.last_mut() {
                    Some(parent) => parent.blocks.push(block),
                    None => done = Some(block),
                }
            }
            _ => match open.last_mut() {
                Some(block) => block.properties.push(property),
                None => return Err(CalendarError::Damaged("a property outside")),
            },
        }
    }
    let found = done.filter(|block: &Block| block.name == "VCALENDAR" && open.is_empty());
    found.ok_or(CalendarError::Damaged("no calendar"))
}

/// The lines, with what was folded put together again: a fold may stand within a letter.
fn unfolded(bytes: &[u8]) -> Result<Vec<Vec<u8>>, CalendarError> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line.split_first(), lines.last_mut()) {
            (Some((b' ' | b'\t', rest)), Some(last)) => last.extend_from_slice(rest),
            _ if line.trim_ascii().is_empty() => {}
            _ => lines.push(line.to_vec()),
        }
        if lines.len() > MAX_LINES {
            return Err(CalendarError::TooLarge);
        }
    }
    Ok(lines)
}
