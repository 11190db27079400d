#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::ast::FieldPath;
use crate::check::check;
use crate::operators::FieldType;
use crate::parse;

fn resolved(text: &str, clock: &Clock) -> String {
    let schema = |path: &FieldPath| match path.field.as_str() {
        "due" => Some(FieldType::Date),
        "created_at" => Some(FieldType::Instant),
        "owner" => Some(FieldType::Reference),
        "owners" => Some(FieldType::ReferenceSet),
        _ => None,
    };
    let checked = check(&parse(text).unwrap(), &schema).unwrap();
    resolve(&checked, clock).expr().to_string()
}

fn clock(today: &str, me: Option<i64>) -> Clock {
    // 2026-11-22T22:30:00Z, when it is the next day already further east.
    Clock { now_ms: 1_795_386_600_000, today: today.into(), me, ..Clock::default() }
}

#[test]
fn relative_values_become_absolute() {
    let clock = clock("2026-11-23", Some(17));
    for (text, expect) in [
        ("due = today", "due = 2026-11-23"),
        ("due between today - 23d and today + 8d", "due between 2026-10-31 and 2026-12-01"),
        ("created_at >= today - 1w", "created_at >= 2026-11-16"),
        ("created_at >= now - 2h", "created_at >= 2026-11-22T20:30:00Z"),
        ("not (owner in (me, 5))", "not (owner in (17, 5))"),
        ("all or owner is empty", "all or owner is empty"),
    ] {
        assert_eq!(resolved(text, &clock), expect, "{text}");
    }
}

#[test]
fn people_and_teams_become_their_ids() {
    let clock = Clock { my_people: [17, 18].into(), my_teams: [3].into(), ..clock("2026-11-23", Some(17)) };
    let alone = Clock { my_teams: [].into(), ..clock.clone() };
    for (text, expect, expect_alone) in [
        ("owner in (my_people)", "owner in (17, 18)", "owner in (17, 18)"),
        ("owners has my_people", "owners has (17, 18)", "owners has (17, 18)"),
        ("owners has (5, my_people)", "owners has (5, 17, 18)", "owners has (5, 17, 18)"),
        ("owners has my_teams", "owners has (3)", "not all"),
        ("not (owners has my_teams)", "not (owners has (3))", "not not all"),
        ("owner = me or owners has my_teams", "owner = 17 or owners has (3)", "owner = 17"),
    ] {
        assert_eq!(resolved(text, &clock), expect, "{text}");
        assert_eq!(resolved(text, &alone), expect_alone, "{text}");
    }
}

#[test]
fn without_a_user_me_is_never_the_reason_for_a_match() {
    let clock = clock("2026-11-23", None);
    for (text, expect) in [
        ("owner = me", "not all"),
        ("owner != me", "not all"),
        ("owner in (me, 5)", "not all"),
        ("not (owner = me)", "not all"),
        ("not not (owner = me)", "not not not all"),
        ("owner = 5 or owner = me", "owner = 5"),
        ("owner = me or owner != me", "not all"),
        ("not (owner = 5 and owner = me)", "not (owner = 5 and all)"),
    ] {
        assert_eq!(resolved(text, &clock), expect, "{text}");
    }
}

#[test]
fn the_edges_of_the_calendar_hold() {
    let last = clock("9999-12-31", None);
    assert_eq!(resolved("due = today + 5d", &last), "due = 9999-12-31");
    let wrong = clock("tomorrow", None);
    assert_eq!(resolved("due = today", &wrong), "due = 2026-11-22");
    let end = Clock { now_ms: i64::MAX, ..wrong };
    assert_eq!(resolved("created_at < now + 1d", &end), "created_at < 9999-12-31T23:59:59.999Z");
}
