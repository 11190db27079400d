//! Writes calendars: the whole of a person for programs that only read, and one entry as programs keep it that write, too.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::zones::write_zone;
use super::{Alarm, CalendarEntry, Component, Span, When};
use crate::vcard::{escape, folded_line};

const PRODUCT: &str = "PRODID:-//Kartoteka//Calendar//EN";
const WALL: &str = "%Y%m%dT%H%M%S";

/// Writes a calendar for programs that only read: times in UTC or whole days, so that no description of a zone is needed.
///
/// # Errors
/// What `out` reports.
pub fn write_calendar(out: &mut dyn Write, name: &str, entries: &[CalendarEntry]) -> io::Result<()> {
    let name = escape(name);
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", PRODUCT, "CALSCALE:GREGORIAN", "METHOD:PUBLISH"] {
        folded_line(out, line)?;
    }
    // The one is what programs read, the other what they should.
    folded_line(out, &format!("X-WR-CALNAME:{name}"))?;
    folded_line(out, &format!("NAME:{name}"))?;
    folded_line(out, "REFRESH-INTERVAL;VALUE=DURATION:PT15M")?;
    folded_line(out, "X-PUBLISHED-TTL:PT15M")?;
    for entry in entries {
        write_entry(out, entry, None)?;
    }
    folded_line(out, "END:VCALENDAR")
}

/// Writes one entry as a calendar of its own. What comes again has its times in `zone`, so that it comes at the same time on the wall; everything else
/// is in UTC.
///
/// # Errors
/// What `out` reports.
pub fn write_calendar_object(out: &mut dyn Write, entry: &CalendarEntry, zone: &TimeZone) -> io::Result<()> {
    let instants: Vec<i64> = [entry.begins, entry.ends].into_iter().flatten().filter_map(instant_of).collect();
    let zone = zone.iana_name().filter(|_| !entry.rule.is_empty() && !instants.is_empty()).map(|name| (name, zone));
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", PRODUCT, "CALSCALE:GREGORIAN"] {
        folded_line(out, line)?;
    }
    if let (Some((name, zone)), Some(first)) = (zone, instants.iter().min()) {
        write_zone(out, name, zone, *first)?;
    }
    write_entry(out, entry, zone)?;
    folded_line(out, "END:VCALENDAR")
}

fn instant_of(when: When) -> Option<i64> {
    match when {
        When::Instant(at) => Some(at),
        When::Day(_) | When::Wall(_) => None,
    }
}

fn write_entry(out: &mut dyn Write, entry: &CalendarEntry, zone: Option<(&str, &TimeZone)>) -> io::Result<()> {
    let is_task = entry.component == Component::Task;
    let mut line = |text: &str| folded_line(out, text);
    line(&format!("BEGIN:{}", entry.component.name()))?;
    line(&format!("UID:{}", escape(&entry.uid)))?;
    line(&format!("DTSTAMP:{}", utc(entry.stamp_ms)))?;
    if let Some(sequence) = entry.sequence {
        line(&format!("LAST-MODIFIED:{}", utc(entry.stamp_ms)))?;
        line(&format!("SEQUENCE:{sequence}"))?;
    }
    let times = [("DTSTART", entry.begins), (if is_task { "DUE" } else { "DTEND" }, entry.ends)];
    for (name, when) in times.into_iter().filter_map(|(name, when)| Some((name, when?))) {
        line(&time(name, when, zone))?;
    }
    if !entry.rule.is_empty() {
        line(&format!("RRULE:{}", entry.rule.replace(['\r', '\n'], "")))?;
    }
    let texts = [("SUMMARY", &entry.summary), ("LOCATION", &entry.location), ("DESCRIPTION", &entry.description)];
    for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        line(&format!("{name}:{}", escape(text)))?;
    }
    if !entry.categories.is_empty() {
        let names: Vec<String> = entry.categories.iter().map(|name| escape(name)).collect();
        line(&format!("CATEGORIES:{}", names.join(",")))?;
    }
    if !entry.url.is_empty() {
        line(&format!("URL:{}", entry.url.replace(['\r', '\n'], "")))?;
    }
    if !entry.status.is_empty() {
        line(&format!("STATUS:{}", escape(&entry.status)))?;
    }
    if let Some(at) = entry.completed_ms {
        line(&format!("COMPLETED:{}", utc(at)))?;
        line("PERCENT-COMPLETE:100")?;
    }
    if !is_task {
        line(if entry.is_transparent { "TRANSP:TRANSPARENT" } else { "TRANSP:OPAQUE" })?;
    }
    for alarm in &entry.alarms {
        line("BEGIN:VALARM")?;
        line("ACTION:DISPLAY")?;
        let shown = if entry.summary.is_empty() { "-" } else { &entry.summary };
        line(&format!("DESCRIPTION:{}", escape(shown)))?;
        line(&match alarm {
            Alarm::FromStart(span) => format!("TRIGGER:{}", duration(*span)),
            Alarm::FromEnd(span) => format!("TRIGGER;RELATED=END:{}", duration(*span)),
            Alarm::At(at) => format!("TRIGGER;VALUE=DATE-TIME:{}", utc(*at)),
        })?;
        line("END:VALARM")?;
    }
    line(&format!("END:{}", entry.component.name()))
}

fn time(name: &str, when: When, zone: Option<(&str, &TimeZone)>) -> String {
    match (when, zone) {
        (When::Instant(at), Some((zone_name, zone))) => match Timestamp::from_millisecond(at) {
            Ok(at) => format!("{name};TZID={zone_name}:{}", at.to_zoned(zone.clone()).strftime(WALL)),
            Err(_) => format!("{name}:{}", utc(at)),
        },
        (When::Instant(at), None) => format!("{name}:{}", utc(at)),
        (When::Day(day), _) => format!("{name};VALUE=DATE:{}", day.strftime("%Y%m%d")),
        (When::Wall(wall), _) => format!("{name}:{}", wall.strftime(WALL)),
    }
}

/// `20261201T080000Z`.
fn utc(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// `-PT15M`, `P1DT1H`.
fn duration(span: Span) -> String {
    let sign = if span.days < 0 || span.seconds < 0 { "-" } else { "" };
    let (days, seconds) = (span.days.unsigned_abs(), span.seconds.unsigned_abs());
    let mut text = format!("{sign}P");
    if days > 0 {
        text.push_str(&format!("{days}D"));
    }
    if seconds > 0 || days == 0 {
        text.push('T');
        let parts = [(seconds / 3_600, 'H'), (seconds / 60 % 60, 'M'), (seconds % 60, 'S')];
        for (number, letter) in parts.into_iter().filter(|(number, _)| *number > 0) {
            text.push_str(&format!("{number}{letter}"));
        }
        if seconds == 0 {
            text.push_str("0S");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use jiff::civil::date;

    use super::*;

    #[test]
    fn entries_are_escaped_and_folded() {
        let entry = CalendarEntry {
            uid: "kartoteka-event-7".into(),
            stamp_ms: 1_795_420_800_000,
            sequence: Some(3),
            begins: Some(When::Day(date(2026, 12, 1))),
            ends: Some(When::Day(date(2026, 12, 3))),
            summary: "Виставка, «Агро»; зала\r\nBEGIN:VEVENT".into(),
            description: "я".repeat(60),
            url: "https://crm.example/records/event/7".into(),
            categories: vec!["Event".into()],
            ..CalendarEntry::default()
        };
        let mut bytes = Vec::new();
        write_calendar(&mut bytes, "Олена", &[entry]).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.lines().all(|line| line.trim_end().len() <= 75), "{text}");
        let plain = text.replace("\r\n ", "");
        assert_eq!(plain.matches("\r\nBEGIN:VEVENT\r\n").count(), 1, "a title makes no entries");
        assert!(plain.contains("SUMMARY:Виставка\\, «Агро»\\; зала\\nBEGIN:VEVENT\r\n"), "{plain}");
        assert!(plain.contains("DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261203\r\n"), "{plain}");
        assert!(plain.contains(&format!("DESCRIPTION:{}\r\n", "я".repeat(60))), "{plain}");
        assert!(plain.contains("DTSTAMP:20261123T080000Z\r\nLAST-MODIFIED:20261123T080000Z\r\nSEQUENCE:3"), "{plain}");
        assert!(!plain.contains("LOCATION"), "{plain}");
        assert!(plain.starts_with("BEGIN:VCALENDAR\r\n") && plain.ends_with("END:VCALENDAR\r\n"));
    }

    #[test]
    fn lengths_of_time() {
        for (days, seconds, text) in
            [(0, 0, "PT0S"), (0, -900, "-PT15M"), (-1, 0, "-P1D"), (1, 3_661, "P1DT1H1M1S"), (0, 7_200, "PT2H")]
        {
            assert_eq!(duration(Span { days, seconds }), text);
        }
    }
}
