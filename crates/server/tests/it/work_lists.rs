//! Lists of work: tasks and deals of one person by deadline, in pages, in the days of the reader, within what he sees.

use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, expect, field_errors};

/// Sunday, 22 November 2026, 08:00 UTC.
const NOW: i64 = 1_795_334_400_000;

fn make(user: &mut User, object_type: &str, values: Json) -> i64 {
    let made = expect(&user.post(&format!("/records/{object_type}"), &json!({ "values": values })), 201);
    made["record"]["id"].as_i64().unwrap()
}

fn titles(page: &Json) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["record"]["title"].as_str().unwrap().to_owned()).collect()
}

/// All titles, by pages of this size.
fn walk(user: &mut User, limit: usize) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = expect(&user.get(&format!("/work?limit={limit}{cursor}")), 200);
        all.extend(titles(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[test]
fn tasks_and_deals_stand_in_one_list_by_deadline() {
    test_kit::for_each_backend(|database| {
        let app = App::with_clock(database, Clock::fixed(NOW));
        let mut user = app.with_user(Role::Employee);
        expect(&user.patch("/session", &json!({ "time_zone": "Europe/Kyiv" })), 200);
        let task = |title: &str, deadline: Json| json!({ "title": title, "deadline": deadline });
        let deal = |title: &str, day: Json| json!({ "title": title, "expected_close": day });
        // The day of the 23rd ends in Kyiv at 22:00 UTC: a task of that evening stands on both sides of the deal.
        make(&mut user, "task", task("f: after the end of the day", json!("2026-11-23T22:30:00Z")));
        make(&mut user, "task", task("d: before the end of the day", json!("2026-11-23T21:59:00Z")));
        make(&mut user, "deal", deal("e: on the 23rd", json!("2026-11-23")));
        make(&mut user, "deal", deal("a: late", json!("2026-10-01")));
        make(&mut user, "task", task("b: late", json!("2026-11-22T07:00:00Z")));
        make(&mut user, "deal", deal("c: today", json!("2026-11-22")));
        make(&mut user, "deal", deal("g: later", json!("2027-01-01")));
        make(&mut user, "deal", deal("h: some day", Json::Null));
        make(&mut user, "task", task("i: some day", Json::Null));
        make(&mut user, "task", task("j: some day", Json::Null));
        let done = make(&mut user, "task", task("done", json!("2026-11-22T07:00:00Z")));
        expect(&user.patch(&format!("/records/task/{done}"), &json!({ "values": { "status": "done" } })), 200);
        let lost = json!({ "title": "lost", "stage": "lost", "lost_reason": "price", "expected_close": "2026-11-22" });
        make(&mut user, "deal", lost);
        make(&mut app.administrator(), "task", task("of another", json!("2026-11-22T07:00:00Z")));

        let expected: Vec<char> = ('a'..='j').collect();
        for limit in 1..=11 {
            let found: Vec<char> = walk(&mut user, limit).iter().filter_map(|title| title.chars().next()).collect();
            assert_eq!(found, expected, "in pages of {limit}");
        }
        let counts = expect(&user.get("/work/counts"), 200);
        let parts = json!({ "overdue": 2, "today": 1, "tomorrow": 2, "week": 0, "later": 2, "none": 3 });
        assert_eq!(counts, json!({ "parts": parts, "is_capped": false }));
        let refused = expect(&user.get("/work?cursor=nothing"), 422);
        assert_eq!(field_errors(&refused)[0].1, "wrong_type");
    });
}

#[test]
fn an_open_status_of_the_administrator_is_work_and_a_retired_one_too() {
    test_kit::for_each_backend(|database| {
        let app = App::with_clock(database, Clock::fixed(NOW));
        let mut admin = app.administrator();
        let task = make(&mut admin, "task", json!({ "title": "чекає", "status": "in_progress" }));
        let catalog = expect(&admin.get("/catalog"), 200);
        let tasks = catalog["object_types"].as_array().unwrap().iter().find(|one| one["name"] == "task").unwrap();
        let status = tasks["fields"].as_array().unwrap().iter().find(|one| one["name"] == "status").unwrap();
        let mut settings = status["settings"].clone();
        settings["options"][1]["is_retired"] = json!(true);
        expect(&admin.patch("/catalog/task/fields/status", &json!({ "settings": settings })), 200);
        assert_eq!(titles(&expect(&admin.get("/work"), 200)), ["чекає"]);
        // What it means holds at once, for all that stand in it.
        settings["options"][1]["meaning"] = json!("closed");
        expect(&admin.patch("/catalog/task/fields/status", &json!({ "settings": settings })), 200);
        assert!(titles(&expect(&admin.get("/work"), 200)).is_empty());
        assert!(task > 0);
    });
}

#[test]
fn the_work_of_others_is_what_the_reader_sees_of_it() {
    test_kit::for_each_backend(|database| {
        let app = App::with_clock(database, Clock::fixed(NOW));
        let (mut head, mut worker) = (app.with_user(Role::Supervisor), app.with_user(Role::Employee));
        let mut other = app.with_user(Role::Employee);
        make(&mut worker, "task", json!({ "title": "private" }));
        make(&mut worker, "task", json!({ "title": "together", "participants": [other.id] }));
        make(&mut worker, "deal", json!({ "title": "open to all" }));
        let of_worker = format!("/work?user={}", worker.id);
        let seen = |user: &mut User| {
            let mut titles = titles(&expect(&user.get(&of_worker), 200));
            titles.sort();
            titles
        };
        assert_eq!(seen(&mut head), ["open to all", "private", "together"]);
        assert_eq!(seen(&mut other), ["open to all", "together"]);
        let counts = expect(&other.get(&format!("/work/counts?user={}", worker.id)), 200);
        assert_eq!(counts["parts"]["none"], 2);
    });
}
