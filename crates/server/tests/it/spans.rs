//! A list on a time axis (X6): what meets a span stands on it, no more than can be told apart, as its reader sees it.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::access::{make_role, with_roles};
use crate::it::app::{User, encoded, expect, field_errors};
use crate::it::deal_lines::{for_each_day, make};

const WEEK: &str = "from=2026-11-22T22:00:00Z&to=2026-11-29T22:00:00Z";

fn spans(user: &mut User, object_type: &str, query: &str) -> Json {
    expect(&user.get(&format!("/records/{object_type}/spans?{WEEK}&{query}")), 200)
}

fn titles(answer: &Json) -> Vec<String> {
    answer["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_meets_the_span_stands_on_the_axis_in_its_order() {
    for_each_day(|app| {
        let mut user = app.administrator();
        for (title, begins, ends) in [
            ("over", json!("2026-11-01T10:00:00Z"), json!("2026-12-22T22:00:00Z")),
            ("into", json!("2026-11-22T21:00:00Z"), json!("2026-11-22T22:01:00Z")),
            ("within", json!("2026-11-25T10:00:00Z"), json!("2026-11-26T10:00:00Z")),
            ("begun", json!("2026-11-26T10:00:00Z"), Json::Null),
            ("before", json!("2026-11-20T10:00:00Z"), json!("2026-11-22T21:00:00Z")),
            ("after", json!("2026-11-29T22:00:00Z"), json!("2026-11-30T22:00:00Z")),
            ("due", Json::Null, json!("2026-11-24T10:00:00Z")),
            ("never", Json::Null, Json::Null),
        ] {
            make(&mut user, "task", json!({ "title": title, "starts_at": begins, "deadline": ends }));
        }
        let found = spans(&mut user, "task", "begins=starts_at&ends=deadline&fields=responsible");
        let mut names = titles(&found);
        assert_eq!(found["total"], Json::Null);
        let due = names.iter().position(|name| name == "due").unwrap();
        names.remove(due);
        assert_eq!(names, ["over", "into", "within", "begun"]);
        let mut shown: Vec<&String> = found["items"][0]["values"].as_object().unwrap().keys().collect();
        shown.sort();
        assert_eq!(shown, ["deadline", "responsible", "starts_at"]);

        let one = spans(&mut user, "task", "ends=deadline");
        assert_eq!(titles(&one), ["into", "due", "within"]);
        let filter = encoded("title = \"within\"");
        assert_eq!(titles(&spans(&mut user, "task", &format!("begins=starts_at&filter={filter}"))), ["within"]);
        assert_eq!(titles(&spans(&mut user, "task", "begins=starts_at&search=begun")), ["begun"]);
    });
}

#[test]
fn days_and_moments_span_together() {
    for_each_day(|app| {
        let mut user = app.administrator();
        for (title, close) in [
            ("past", json!("2026-01-31")),
            ("edge", json!("2026-11-22")),
            ("inside", json!("2026-11-25")),
            ("later", json!("2027-01-25")),
            ("open", Json::Null),
        ] {
            make(&mut user, "deal", json!({ "title": title, "expected_close": close }));
        }
        let found = spans(&mut user, "deal", "begins=created_at&ends=expected_close");
        // Made on the 23rd; one that shall have closed before it was made stands where it closes.
        let mut names = titles(&found);
        names.sort();
        assert_eq!(names, ["edge", "inside", "later", "open"]);
        assert!(found["items"][0]["values"].get("expected_close").is_some());
        assert_eq!(titles(&spans(&mut user, "deal", "ends=expected_close")), ["edge", "inside"]);
    });
}

#[test]
fn what_is_too_much_is_counted() {
    for_each_day(|app| {
        let mut user = app.administrator();
        for number in 0..=500 {
            make(&mut user, "task", json!({ "title": number.to_string(), "deadline": "2026-11-25T10:00:00Z" }));
        }
        let found = spans(&mut user, "task", "begins=starts_at&ends=deadline");
        assert_eq!(found["items"].as_array().unwrap().len(), 500);
        assert_eq!(found["total"], json!({ "count": 501, "is_capped": false }));
    });
}

#[test]
fn an_axis_tells_what_its_reader_sees() {
    for_each_day(|app| {
        let mut admin = app.administrator();
        let mut seller = app.with_user(Role::Employee);
        make(&mut admin, "deal", json!({ "title": "A", "visibility": "private", "expected_close": "2026-11-25" }));
        make(&mut seller, "deal", json!({ "title": "B", "expected_close": "2026-11-25" }));
        assert_eq!(titles(&spans(&mut seller, "deal", "ends=expected_close")), ["B"]);
        let rights = json!({ "base": "employee", "types": { "deal": { "fields": { "expected_close": "hidden" } } } });
        let role = make_role(&mut admin, "Без дат", &rights);
        let mut blind = with_roles(app, &mut admin, &[role]);
        for (is_blind, query, member, code) in [
            (true, "ends=expected_close", "/ends", "unknown_field"),
            (false, "ends=stage", "/ends", "not_a_date_field"),
            (false, "begins=nothing&ends=expected_close", "/begins", "unknown_field"),
            (false, "fields=title", "/begins", "required"),
            (false, "begins=", "/begins", "required"),
        ] {
            let user = if is_blind { &mut blind } else { &mut admin };
            let refused = expect(&user.get(&format!("/records/deal/spans?{WEEK}&{query}")), 422);
            assert_eq!(field_errors(&refused), [(member.to_owned(), code.to_owned())], "{query}");
        }
        for (span, member, code) in [
            ("from=2026-11-22&to=2026-11-29", "/from", "not_an_instant"),
            ("from=2026-11-29T00:00:00Z&to=2026-11-22T00:00:00Z", "/from", "after_end"),
            ("from=2020-11-29T00:00:00Z&to=2026-11-22T00:00:00Z", "/to", "too_many_days"),
        ] {
            let refused = expect(&admin.get(&format!("/records/deal/spans?{span}&ends=expected_close")), 422);
            assert_eq!(field_errors(&refused), [(member.to_owned(), code.to_owned())], "{span}");
        }
    });
}
