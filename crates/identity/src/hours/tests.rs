//! The calendar by example, and against an oracle that looks at every minute.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::plan::{Holiday, OwnDay, Plan, Span, read_own_days, read_plan, read_spans};
use super::{Calendar, Cause, Hours, MINUTE_MS};

fn span(text: &str) -> Span {
    let (from, to) = text.split_once('-').unwrap();
    serde_json::from_value(serde_json::json!({ "from": from, "to": to })).unwrap()
}

fn spans(text: &str) -> Vec<Span> {
    text.split_whitespace().map(span).collect()
}

fn week(working: &str) -> Plan {
    let days = (0..7).map(|day| if day < 5 { spans(working) } else { Vec::new() }).collect();
    Plan::Week { days }
}

fn calendar(zone: &str, plan: Plan) -> Calendar {
    Calendar {
        zone: TimeZone::get(zone).unwrap(),
        plan: Some(plan),
        holidays: Vec::new(),
        own_days: Vec::new(),
        before_minutes: 0,
        after_minutes: 0,
        admitted_until: None,
    }
}

fn ms(instant: &str) -> i64 {
    instant.parse::<Timestamp>().unwrap().as_millisecond()
}

fn text(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap().to_string()
}

fn open(until: &str) -> String {
    format!("open until {until}")
}

fn closed(opens_at: &str) -> String {
    format!("closed until {opens_at}")
}

fn told(hours: Hours) -> String {
    match hours {
        Hours::Open { until: Some(until) } => open(&text(until)),
        Hours::Open { until: None } => open("?"),
        Hours::Closed { opens_at: Some(opens_at) } => closed(&text(opens_at)),
        Hours::Closed { opens_at: None } => closed("?"),
    }
}

#[track_caller]
fn check(calendar: &Calendar, now: &str, expect: &str) {
    assert_eq!(told(calendar.at(ms(now))), expect, "at {now}");
}

#[test]
fn office_hours_with_a_break_and_grace() {
    let mut office = calendar("Europe/Kyiv", week("09:00-13:00 14:00-18:00"));
    // Monday 2026-11-23, two hours before UTC.
    check(&office, "2026-11-23T06:59:59Z", &closed("2026-11-23T07:00:00Z"));
    check(&office, "2026-11-23T07:00:00Z", &open("2026-11-23T11:00:00Z"));
    check(&office, "2026-11-23T10:59:59Z", &open("2026-11-23T11:00:00Z"));
    check(&office, "2026-11-23T11:00:00Z", &closed("2026-11-23T12:00:00Z"));
    check(&office, "2026-11-27T16:00:00Z", &closed("2026-11-30T07:00:00Z"));
    (office.before_minutes, office.after_minutes) = (10, 15);
    check(&office, "2026-11-23T06:50:00Z", &open("2026-11-23T11:15:00Z"));
    check(&office, "2026-11-23T16:14:59Z", &open("2026-11-23T16:15:00Z"));
    // Grace that closes the break closes it.
    (office.before_minutes, office.after_minutes) = (30, 30);
    check(&office, "2026-11-23T08:00:00Z", &open("2026-11-23T16:30:00Z"));
}

#[test]
fn a_shift_over_midnight_belongs_to_the_day_on_which_it_begins() {
    let mut night = calendar("Europe/Kyiv", week("22:00-06:00"));
    check(&night, "2026-11-27T21:00:00Z", &open("2026-11-28T04:00:00Z"));
    // Saturday morning still is the shift of Friday; Sunday morning is nobody's.
    check(&night, "2026-11-28T03:59:00Z", &open("2026-11-28T04:00:00Z"));
    check(&night, "2026-11-29T02:00:00Z", &closed("2026-11-30T20:00:00Z"));
    // A day off on Thursday takes the shift that begins on it, and not the one that ends on it.
    night.own_days = vec![OwnDay { from: date(2026, 11, 26), to: date(2026, 11, 26), hours: Vec::new(), note: None }];
    check(&night, "2026-11-26T03:00:00Z", &open("2026-11-26T04:00:00Z"));
    check(&night, "2026-11-26T21:00:00Z", &closed("2026-11-27T20:00:00Z"));
}

#[test]
fn shifts_go_round_before_their_beginning_too() {
    let days = vec![spans("08:00-20:00"), spans("20:00-08:00"), Vec::new(), Vec::new()];
    let shifts = calendar("UTC", Plan::Cycle { starts_on: date(2026, 3, 2), days });
    check(&shifts, "2026-03-02T08:00:00Z", &open("2026-03-02T20:00:00Z"));
    check(&shifts, "2026-03-03T21:00:00Z", &open("2026-03-04T08:00:00Z"));
    check(&shifts, "2026-03-04T08:00:00Z", &closed("2026-03-06T08:00:00Z"));
    check(&shifts, "2026-03-01T12:00:00Z", &closed("2026-03-02T08:00:00Z"));
    check(&shifts, "2026-02-26T12:00:00Z", &open("2026-02-26T20:00:00Z"));
    check(&shifts, "2026-02-27T19:00:00Z", &closed("2026-02-27T20:00:00Z"));
}

#[test]
fn one_moment_is_another_day_far_away() {
    let plan = || week("09:00-18:00");
    // It is Friday evening in Kyiv, Saturday morning on Kiritimati, Friday morning in Honolulu.
    let now = "2026-11-27T19:30:00Z";
    check(&calendar("Europe/Kyiv", plan()), now, &closed("2026-11-30T07:00:00Z"));
    check(&calendar("Pacific/Kiritimati", plan()), now, &closed("2026-11-29T19:00:00Z"));
    check(&calendar("Pacific/Honolulu", plan()), now, &open("2026-11-28T04:00:00Z"));
    check(&calendar("Asia/Kathmandu", plan()), now, &closed("2026-11-30T03:15:00Z"));
}

#[test]
fn hours_begin_and_end_with_the_jump_of_the_clock() {
    // On 2026-03-29 at 03:00 the clock in Kyiv is put forward to 04:00, at 01:00 UTC.
    let sunday = |hours: &str| Plan::Week { days: [vec![Vec::new(); 6], vec![spans(hours)]].concat() };
    let kyiv = |hours: &str| calendar("Europe/Kyiv", sunday(hours));
    check(&kyiv("03:30-05:00"), "2026-03-29T00:59:00Z", &closed("2026-03-29T01:00:00Z"));
    check(&kyiv("03:30-05:00"), "2026-03-29T01:00:00Z", &open("2026-03-29T02:00:00Z"));
    check(&kyiv("00:00-03:30"), "2026-03-29T00:30:00Z", &open("2026-03-29T01:00:00Z"));
    check(&kyiv("03:10-03:50"), "2026-03-29T00:30:00Z", &closed("2026-04-05T00:10:00Z"));
    // On 2026-10-25 at 04:00 it is put back to 03:00, at 01:00 UTC: what comes twice is open both times.
    check(&kyiv("03:30-05:00"), "2026-10-25T00:30:00Z", &open("2026-10-25T03:00:00Z"));
    check(&kyiv("00:00-03:30"), "2026-10-25T00:45:00Z", &open("2026-10-25T01:30:00Z"));
    check(&kyiv("00:00-03:00"), "2026-10-24T23:00:00Z", &open("2026-10-25T00:00:00Z"));
    check(&kyiv("00:00-04:00"), "2026-10-24T23:00:00Z", &open("2026-10-25T02:00:00Z"));
}

#[test]
fn own_days_go_before_holidays_and_those_before_the_plan() {
    let mut office = calendar("UTC", week("09:00-18:00"));
    let holiday = |date: Date, is_yearly: bool, name: &str, hours: &str| Holiday {
        date,
        is_yearly,
        name: name.into(),
        hours: spans(hours),
    };
    office.holidays = vec![
        holiday(date(2020, 12, 25), true, "Christmas", ""),
        holiday(date(2026, 12, 24), false, "Short day", "09:00-13:00"),
    ];
    check(&office, "2026-12-24T14:00:00Z", &closed("2026-12-28T09:00:00Z"));
    let day = office.day(date(2026, 12, 25));
    assert_eq!((day.cause, day.name.as_deref(), day.hours.len()), (Cause::Holiday, Some("Christmas"), 0));
    let own = r#"[{"from": "2026-12-26", "to": "2026-12-26", "hours": [{"from": "10:00", "to": "12:00"}]},
                  {"from": "2026-12-25", "to": "2026-12-25", "hours": [{"from": "20:00", "to": "24:00"}], "note": "Duty"}]"#;
    office.own_days = read_own_days(own).unwrap();
    check(&office, "2026-12-24T14:00:00Z", &closed("2026-12-25T20:00:00Z"));
    check(&office, "2026-12-26T11:00:00Z", &open("2026-12-26T12:00:00Z"));
    assert_eq!(office.day(date(2026, 12, 25)).cause, Cause::Own);
    assert_eq!(office.days(ms("2026-12-24T00:00:00Z"), 14).len(), 14);
}

#[test]
fn who_is_let_in_stays_until_then_or_until_his_hours_end() {
    let mut office = calendar("UTC", week("09:00-18:00"));
    office.admitted_until = Some(ms("2026-11-23T08:00:00Z"));
    check(&office, "2026-11-23T05:00:00Z", &open("2026-11-23T08:00:00Z"));
    check(&office, "2026-11-23T08:00:00Z", &closed("2026-11-23T09:00:00Z"));
    office.admitted_until = Some(ms("2026-11-23T09:30:00Z"));
    check(&office, "2026-11-23T05:00:00Z", &open("2026-11-23T18:00:00Z"));
    office.plan = None;
    check(&office, "2026-11-23T05:00:00Z", &open("2026-11-23T09:30:00Z"));
    check(&office, "2026-11-23T12:00:00Z", &closed("?"));
}

#[test]
fn who_works_always_has_no_end_near() {
    let always = calendar("Europe/Kyiv", Plan::Week { days: vec![spans("00:00-24:00"); 7] });
    check(&always, "2026-11-23T05:00:00Z", &open("?"));
    let mut leave = calendar("Europe/Kyiv", week("09:00-18:00"));
    leave.own_days = vec![OwnDay { from: date(2026, 1, 1), to: date(2036, 1, 1), hours: Vec::new(), note: None }];
    check(&leave, "2026-11-23T12:00:00Z", &closed("?"));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let plan = |text: &str, code: &str| assert_eq!(read_plan(text).unwrap_err().code, code, "{text}");
    plan("", "hours_invalid");
    plan(r#"{"kind": "week", "days": []}"#, "schedule_days");
    plan(r#"{"kind": "week", "days": [[], [], [], [], [], [], []]}"#, "schedule_is_empty");
    plan(r#"{"kind": "cycle", "days": [[]]}"#, "hours_invalid");
    plan(
        r#"{"kind": "cycle", "starts_on": "2026-02-30", "days": [[{"from": "09:00", "to": "10:00"}]]}"#,
        "hours_invalid",
    );
    plan(r#"{"kind": "cycle", "starts_on": "2026-02-20", "days": [[{"from": "9", "to": "10:00"}]]}"#, "hours_invalid");
    plan(
        r#"{"kind": "cycle", "starts_on": "2026-02-20", "days": [[{"from": "24:00", "to": "10:00"}]]}"#,
        "hours_invalid",
    );
    plan(
        r#"{"kind": "cycle", "starts_on": "2026-02-20", "days": [[{"from": "09:61", "to": "10:00"}]]}"#,
        "hours_invalid",
    );
    let overlap = r#"[{"from": "09:00", "to": "13:00"}, {"from": "12:00", "to": "14:00"}]"#;
    plan(&format!(r#"{{"kind": "cycle", "starts_on": "2026-02-20", "days": [{overlap}]}}"#), "hours_overlap");
    assert_eq!(read_spans("hours", overlap).unwrap_err().code, "hours_overlap");
    assert!(read_spans("hours", "[]").unwrap().is_empty());
    let own = |text: &str, code: &str| assert_eq!(read_own_days(text).unwrap_err().code, code, "{text}");
    own(r#"[{"from": "2026-02-03", "to": "2026-02-02", "hours": []}]"#, "ends_before_it_begins");
    own(
        r#"[{"from": "2026-02-01", "to": "2026-02-03", "hours": []}, {"from": "2026-02-03", "to": "2026-02-03", "hours": []}]"#,
        "days_overlap",
    );
}

const ZONES: [&str; 10] = [
    "UTC",
    "Europe/Kyiv",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "Africa/Casablanca",
];

/// Minutes of the window that the oracle looks at.
const WINDOW: i64 = 7 * 24 * 60;

/// Which minutes from `start_ms` on are open: every minute is asked for its wall clock.
fn oracle(calendar: &Calendar, start_ms: i64) -> Vec<bool> {
    let walls: Vec<_> = (0..WINDOW)
        .map(|minute| {
            let instant = Timestamp::from_millisecond(start_ms + minute * MINUTE_MS).unwrap();
            instant.to_zoned(calendar.zone.clone()).datetime()
        })
        .collect();
    let mut minutes = vec![false; usize::try_from(WINDOW).unwrap()];
    let first = walls.first().unwrap().date();
    for day in first.series(jiff::ToSpan::days(1)).take(10) {
        for span in calendar.day(day).hours {
            let from = super::after(day.at(0, 0, 0, 0), span.from).unwrap();
            let to = super::after(day.at(0, 0, 0, 0), span.from + span.length()).unwrap();
            let inside: Vec<i64> =
                (0..WINDOW).zip(&walls).filter(|(_, wall)| from <= **wall && **wall < to).map(|(at, _)| at).collect();
            let (Some(first), Some(last)) = (inside.first(), inside.last()) else { continue };
            let from = (first - calendar.before_minutes).max(0);
            let to = (last + calendar.after_minutes).min(WINDOW - 1);
            (from..=to).for_each(|at| minutes[usize::try_from(at).unwrap()] = true);
        }
    }
    minutes
}

fn any_spans() -> impl Strategy<Value = Vec<Span>> {
    let steps = proptest::collection::vec(0_i64..288, 0..5);
    (steps, any::<bool>()).prop_map(|(mut steps, is_over_midnight)| {
        steps.sort_unstable();
        steps.dedup();
        let mut spans: Vec<Span> =
            steps.chunks_exact(2).map(|pair| Span { from: pair[0] * 5, to: pair[1] * 5 }).collect();
        if is_over_midnight && steps.len() % 2 == 1 {
            let from = steps.last().unwrap() * 5;
            spans.push(Span { from, to: from / 2 });
        }
        spans
    })
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let week = proptest::collection::vec(any_spans(), 7).prop_map(|days| Plan::Week { days });
    let cycle = (proptest::collection::vec(any_spans(), 1..6), -400_i32..400).prop_map(|(days, distance)| {
        let starts_on = date(2025, 6, 1).checked_add(jiff::ToSpan::days(distance)).unwrap();
        Plan::Cycle { starts_on, days }
    });
    prop_oneof![week, cycle]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Around every kind of jump of the clock the calendar says of every minute what the oracle says.
    #[test]
    fn the_calendar_agrees_with_a_look_at_every_minute(
        zone in proptest::sample::select(ZONES.to_vec()),
        plan in any_plan(),
        // From 2011, when a whole day was skipped in Samoa.
        around in 1_293_840_000_i64..1_900_000_000,
        is_at_jump in any::<bool>(),
        grace in (0_i64..40, 0_i64..40),
    ) {
        let mut calendar = calendar(zone, plan);
        (calendar.before_minutes, calendar.after_minutes) = grace;
        let around = Timestamp::from_second(around).unwrap();
        let jump = calendar.zone.following(around).next().filter(|_| is_at_jump).map(|jump| jump.timestamp());
        // Three days before, at a full minute; the days at both ends of the window are not whole.
        let middle = jump.unwrap_or(around).as_second() / 60 * 60;
        let start_ms = (middle - 3 * 24 * 3_600) * 1_000;
        let minutes = oracle(&calendar, start_ms);
        for at in (24 * 60 + 240)..(5 * 24 * 60) {
            let here = usize::try_from(at).unwrap();
            // Every change is looked at from both sides; of what lies between, some.
            if at % 13 != 0 && minutes[here - 1] == minutes[here] && minutes[here] == minutes[here + 1] {
                continue;
            }
            let change = minutes[here..].iter().position(|is_open| *is_open != minutes[here]);
            let change = change.map(|distance| start_ms + (at + i64::try_from(distance).unwrap()) * MINUTE_MS);
            // What changes at the very end of the window may go on behind it.
            let change = change.filter(|change| *change < start_ms + (WINDOW - 2 * 24 * 60) * MINUTE_MS);
            let found = calendar.at(start_ms + at * MINUTE_MS);
            match found {
                Hours::Open { until } => {
                    prop_assert!(minutes[here], "{zone}: open at {}", text(start_ms + at * MINUTE_MS));
                    prop_assert!(change.is_none() || until == change, "{zone}: {found:?} instead of {change:?}");
                }
                Hours::Closed { opens_at } => {
                    prop_assert!(!minutes[here], "{zone}: closed at {}", text(start_ms + at * MINUTE_MS));
                    prop_assert!(change.is_none() || opens_at == change, "{zone}: {found:?} instead of {change:?}");
                }
            }
        }
    }
}
