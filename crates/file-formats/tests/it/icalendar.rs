//! Calendars from outside: what programs send, what is written comes back, and nothing panics.

use file_formats::{
    Alarm, CalendarEntry, CalendarError, Component, MAX_CALENDAR_BYTES, Span, When, read_calendar,
    write_calendar_object,
};
use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

fn event(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

fn read(text: &str) -> Result<CalendarEntry, CalendarError> {
    read_calendar(text.as_bytes())
}

/// `2026-12-01T08:00:00Z` as milliseconds.
fn at(text: &str) -> When {
    When::Instant(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

#[test]
fn lines_are_unfolded_and_unescaped() {
    let entry = read(&event(
        "summary;LANGUAGE=uk:Зустріч\\, «Агро»\\; 10:00\r\nDESCRIPTION:перший\\nдру\r\n гий\\\\\r\nX-ODD;A=\"b:c;d\":z\r\nCATEGORIES:A,B\\,C\r\nCATEGORIES:D",
    ))
    .unwrap();
    assert_eq!(entry.summary, "Зустріч, «Агро»; 10:00");
    assert_eq!(entry.description, "перший\nдругий\\");
    assert_eq!(entry.categories, ["A", "B,C", "D"]);
    // A fold within a letter, bare line feeds, a mark at the beginning.
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    bytes.extend(event("SUMMARY:x").replace("\r\n", "\n").replace(":x", ":\u{44f}").into_bytes());
    let place = bytes.windows(2).position(|pair| pair == "я".as_bytes()).unwrap();
    bytes.splice(place + 1..place + 1, *b"\n ");
    assert_eq!(read_calendar(&bytes).unwrap().summary, "я");
}

#[test]
fn times_are_moments_days_or_what_the_clock_shows() {
    let check = |line: &str, expect: When| {
        assert_eq!(read(&event(&format!("DTSTART{line}"))).unwrap().begins, Some(expect), "{line}");
    };
    check(":20261201T080000Z", at("2026-12-01T08:00:00Z"));
    check(";TZID=Europe/Kyiv:20261201T100000", at("2026-12-01T08:00:00Z"));
    check(";TZID=Europe/Kyiv:20260701T100000", at("2026-07-01T07:00:00Z"));
    check(";TZID=/mozilla.org/20050126_1/Europe/Kiev:20260701T100000", at("2026-07-01T07:00:00Z"));
    check(";TZID=\"America/New_York\":20260308T023000", at("2026-03-08T07:30:00Z"));
    // Twice: the first of the two.
    check(";TZID=America/New_York:20261101T013000", at("2026-11-01T05:30:00Z"));
    check(";VALUE=DATE:20261201", When::Day(date(2026, 12, 1)));
    check(":20261201", When::Day(date(2026, 12, 1)));
    check(":20261201T100000", When::Wall(date(2026, 12, 1).at(10, 0, 0, 0)));
    check(":20261231T235960Z", at("2026-12-31T23:59:59Z"));
    for bad in ["tomorrow", "20261301T000000Z", "2026-12-01", "20261201T250000", "99999999999T000000", ""] {
        let found = read(&event(&format!("DTSTART:{bad}")));
        assert!(matches!(found, Err(CalendarError::Damaged(_))), "{bad}: {found:?}");
    }
    let lost = read(&event("DTSTART;TZID=Nowhere/Else:20261201T100000"));
    assert_eq!(lost, Err(CalendarError::UnknownZone("Nowhere/Else".into())));
}

const RULES: &str = "BEGIN:VTIMEZONE\r\nTZID:FLE Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T040000\r\nTZOFFSETFROM:+0300\r\nTZOFFSETTO:+0200\r\n\
    RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T030000\r\n\
    TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0300\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";

#[test]
fn a_described_zone_is_what_it_says() {
    let kyiv = TimeZone::get("Europe/Kyiv").unwrap();
    let mut day = date(2026, 1, 1);
    while day < date(2028, 1, 1) {
        for hour in [0, 2, 3, 4, 12, 23] {
            let wall = day.at(hour, 30, 0, 0);
            let line = format!("DTSTART;TZID=FLE Standard Time:{}", wall.strftime("%Y%m%dT%H%M%S"));
            let text = event(&line).replacen("BEGIN:VEVENT", &format!("{RULES}BEGIN:VEVENT"), 1);
            let known = kyiv.to_ambiguous_timestamp(wall).compatible().unwrap().as_millisecond();
            assert_eq!(read(&text).unwrap().begins, Some(When::Instant(known)), "{wall}");
        }
        day = day.tomorrow().unwrap();
    }
}

#[test]
fn ends_alarms_and_series() {
    let ends = |lines: &str| read(&event(lines)).unwrap().ends;
    assert_eq!(ends("DTSTART:20261201T080000Z\r\nDURATION:PT1H30M"), Some(at("2026-12-01T09:30:00Z")));
    // A day over the change of the clock has 23 hours.
    assert_eq!(ends("DTSTART;TZID=Europe/Kyiv:20270327T120000\r\nDURATION:P1D"), Some(at("2027-03-28T09:00:00Z")));
    assert_eq!(ends("DTSTART;VALUE=DATE:20261201\r\nDURATION:P2D"), Some(When::Day(date(2026, 12, 3))));
    let alarms = |trigger: &str| {
        read(&event(&format!("BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER{trigger}\r\nEND:VALARM"))).unwrap().alarms
    };
    assert_eq!(alarms(":-PT15M"), [Alarm::FromStart(Span { days: 0, seconds: -900 })]);
    assert_eq!(alarms(";RELATED=END:-P1W"), [Alarm::FromEnd(Span { days: -7, seconds: 0 })]);
    assert_eq!(alarms(";VALUE=DATE-TIME:20261201T080000Z"), [Alarm::At(1_796_112_000_000)]);
    assert_eq!(alarms(":soon"), []);
    let quiet = event("BEGIN:VALARM\r\nACTION:NONE\r\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\r\nEND:VALARM");
    assert_eq!(read(&quiet).unwrap().alarms, []);
    assert_eq!(read(&event("RRULE:FREQ=DAILY;COUNT=3")).unwrap().rule, "FREQ=DAILY;COUNT=3");
    for line in [
        "EXDATE:20261201T080000Z",
        "RDATE:20261201T080000Z",
        "RECURRENCE-ID:20261201T080000Z",
        "RRULE:FREQ=DAILY\r\nRRULE:FREQ=DAILY",
    ] {
        assert!(matches!(read(&event(line)), Err(CalendarError::Exceptions(_))), "{line}");
    }
}

#[test]
fn what_is_not_one_entry_is_refused() {
    let one = event("SUMMARY:A");
    assert!(matches!(read(""), Err(CalendarError::Damaged(_))));
    assert!(matches!(read("BEGIN:VCARD\r\nEND:VCARD\r\n"), Err(CalendarError::Damaged(_))));
    assert!(matches!(read(&one.replace("END:VCALENDAR\r\n", "")), Err(CalendarError::Damaged(_))));
    assert!(matches!(read(&format!("{one}{one}")), Err(CalendarError::Damaged(_))));
    assert!(matches!(read(&one.replace("VERSION:2.0", "METHOD:REQUEST")), Err(CalendarError::NotOneEntry(_))));
    assert!(matches!(read("BEGIN:VCALENDAR\r\nEND:VCALENDAR"), Err(CalendarError::NotOneEntry(_))));
    assert!(matches!(read(&one.replace("VEVENT", "VJOURNAL")), Err(CalendarError::OtherComponent)));
    let deep = format!("{}{}", "BEGIN:A\r\n".repeat(9), "END:A\r\n".repeat(9));
    assert!(matches!(read(&deep), Err(CalendarError::TooLarge)));
    assert!(matches!(read(&"A:b\r\n".repeat(30_000)), Err(CalendarError::Damaged(_) | CalendarError::TooLarge)));
    assert!(matches!(read_calendar(&vec![b' '; MAX_CALENDAR_BYTES + 1]), Err(CalendarError::TooLarge)));
    assert!(
        read_calendar(&event("SUMMARY:x").replace('x', "\u{e9}").bytes().filter(|b| *b != 0xc3).collect::<Vec<_>>())
            .is_err()
    );
}

fn whens() -> impl Strategy<Value = Option<When>> {
    let instant = (0_i64..4_000_000_000).prop_map(|second| Some(When::Instant(second * 1_000)));
    let day =
        (1970_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Some(When::Day(date(year, month, day))));
    prop_oneof![Just(None), instant, day]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read(
        begins in whens(), ends in whens(), is_task: bool, repeats: bool,
        summary in "[^\\s\\p{C}]([^\\p{C}]{0,80}[^\\s\\p{C}])?", description in "[^\\p{C}]{0,40}\n?[^\\p{C}]{0,40}", before in 0_i64..100_000,
    ) {
        let entry = CalendarEntry {
            component: if is_task { Component::Task } else { Component::Event },
            uid: "kartoteka-1".into(),
            begins,
            ends,
            summary,
            description,
            categories: vec!["A, b".into(), "C".into()],
            status: "CONFIRMED".into(),
            completed_ms: is_task.then_some(1_000),
            rule: if repeats { "FREQ=WEEKLY;BYDAY=MO".into() } else { String::new() },
            alarms: vec![Alarm::FromEnd(Span { days: 0, seconds: -before }), Alarm::At(before * 1_000)],
            ..CalendarEntry::default()
        };
        let mut bytes = Vec::new();
        write_calendar_object(&mut bytes, &entry, &TimeZone::get("Europe/Kyiv").unwrap()).unwrap();
        // An hour that the clock shows twice is told as the first of the two.
        let read = read_calendar(&bytes).unwrap();
        let hour = 3_600_000;
        for (was, is) in [(entry.begins, read.begins), (entry.ends, read.ends)] {
            match (was, is) {
                (Some(When::Instant(was)), Some(When::Instant(is))) => prop_assert!(was == is || repeats && was - is == hour),
                (was, is) => prop_assert_eq!(was, is),
            }
        }
        prop_assert_eq!(CalendarEntry { begins: None, ends: None, ..read }, CalendarEntry { begins: None, ends: None, ..entry });
    }

    #[test]
    fn nothing_panics(text in "(BEGIN:|END:|VCALENDAR|VEVENT|VTODO|VTIMEZONE|STANDARD|VALARM|\r\n|\n |DTSTART|DUE|TRIGGER|RRULE|RDATE|TZID|;|=|:|\"|,|[0-9]{1,9}|T|Z|-P|PT|[MHSDW]|\\PC){0,120}") {
        let _ = read_calendar(text.as_bytes());
        let _ = read(&event(&text));
        let zone = format!("BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\n{text}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT");
        let _ = read(&event("DTSTART;TZID=X:20261201T100000").replacen("BEGIN:VEVENT", &zone, 1));
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_calendar(&bytes);
    }

    #[test]
    fn no_rule_of_a_zone_panics(year in any::<u16>(), month in any::<i16>(), week in any::<i16>(), wall in "[0-9]{8}T[0-9]{6}", offset in "[+-][0-9]{4,6}") {
        let zone = format!(
            "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:DAYLIGHT\r\nDTSTART:{year:04}0301T020000\r\nTZOFFSETFROM:{offset}\r\nTZOFFSETTO:+0000\r\n\
             RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY={week}SU\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"
        );
        let _ = read(&event(&format!("DTSTART;TZID=X:{wall}")).replacen("BEGIN:VEVENT", &zone, 1));
    }
}
