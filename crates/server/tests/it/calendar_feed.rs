//! The address of a calendar (TK20): a secret that opens the own tasks and events for reading, and nothing else.

use kartoteka::http_client::{Answer, Connection};
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;

use crate::it::address_book::{BOOK, Phone};
use crate::it::app::{App, User, expect, field_errors, for_each_app};

/// 2026-11-23T08:00:00Z, a Monday.
const NOW: i64 = 1_795_420_800_000;

fn create(user: &mut User, object_type: &str, values: Json) -> i64 {
    let made = expect(&user.post(&format!("/records/{object_type}"), &json!({ "values": values })), 201);
    made["record"]["id"].as_i64().unwrap()
}

fn new_address(user: &mut User) -> Json {
    expect(&user.post("/session/app-passwords", &json!({ "name": "Google", "gives": "calendar" })), 201)
}

fn fetch(app: &App, path: &str, headers: &[(&str, &str)]) -> Answer {
    Connection::new(app.address).send("GET", path, headers, &[]).unwrap()
}

/// The entries of a calendar, each as its lines without folds.
fn entries(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
    answer.text().replace("\r\n ", "").split("BEGIN:VEVENT\r\n").skip(1).map(String::from).collect()
}

#[test]
fn the_own_entries_stand_in_it_in_utc_or_in_whole_days() {
    for backend in test_kit::backends() {
        let app = App::with_clock(TestDatabase::new(*backend), Clock::fixed(NOW));
        let (mut owner, mut other) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        expect(&owner.patch("/session", &json!({ "time_zone": "Europe/Kyiv" })), 200);
        let times = json!({
            "title": "Переговори, зала 2; \"Агро\"", "place": "Київ, вул. Січових Стрільців, 100, другий поверх, праворуч",
            "starts_at": "2026-12-01T08:00:00Z", "ends_at": "2026-12-01T09:30:00Z",
        });
        let meeting = create(&mut owner, "event", times);
        // Two days by the clock in Kyiv, the last of them with one hour less: 28 March 2027.
        let fair = json!({
            "title": "Виставка", "is_all_day": true, "starts_at": "2027-03-26T22:00:00Z", "ends_at": "2027-03-28T20:59:00Z",
        });
        create(&mut owner, "event", fair);
        let task = create(&mut owner, "task", json!({ "title": "Рахунок", "deadline": "2026-11-24T15:00:00Z" }));
        create(&mut owner, "task", json!({ "title": "Без строку" }));
        create(&mut owner, "task", json!({ "title": "Давно", "deadline": "2026-01-01T15:00:00Z" }));
        create(&mut other, "event", json!({ "title": "Чуже", "starts_at": "2026-12-01T08:00:00Z" }));

        let address = new_address(&mut owner)["address"].as_str().unwrap().to_owned();
        let found = entries(&fetch(&app, &address, &[]));
        assert_eq!(found.len(), 3, "{found:?}");
        let of = |part: &str| found.iter().find(|entry| entry.contains(part)).cloned().unwrap();
        let event = of(&format!("UID:kartoteka-event-{meeting}\r\n"));
        assert!(event.contains("DTSTART:20261201T080000Z\r\nDTEND:20261201T093000Z\r\n"), "{event}");
        assert!(event.contains("SUMMARY:Переговори\\, зала 2\\; \"Агро\"\r\n"), "{event}");
        assert!(event.contains("LOCATION:Київ\\, вул."), "{event}");
        let days = of("SUMMARY:Виставка");
        assert!(days.contains("DTSTART;VALUE=DATE:20270327\r\nDTEND;VALUE=DATE:20270329\r\n"), "{days}");
        let due = of(&format!("UID:kartoteka-task-{task}\r\n"));
        assert!(due.contains("DTSTART:20261124T150000Z\r\n") && !due.contains("DTEND"), "{due}");
        assert!(due.contains("TRANSP:TRANSPARENT"), "{due}");
    }
}

#[test]
fn who_asks_again_hears_that_nothing_is_new() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Employee);
        let day = i64::from(24 * 3_600_000);
        let soon = record_engine::context::instant_text(app.engine.clock().now_ms() + day);
        let task = create(&mut owner, "task", json!({ "title": "Рахунок", "deadline": soon }));
        let address = new_address(&mut owner)["address"].as_str().unwrap().to_owned();
        let first = fetch(app, &address, &[]);
        let tag = first.header("etag").unwrap().to_owned();
        let again = fetch(app, &address, &[("if-none-match", &tag)]);
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        let title = json!({ "values": { "title": "Інший рахунок" } });
        expect(&owner.patch(&format!("/records/task/{task}"), &title), 200);
        let changed = fetch(app, &address, &[("if-none-match", &tag)]);
        assert_eq!(changed.status, 200);
        assert_ne!(changed.header("etag"), Some(tag.as_str()));
        assert!(changed.text().contains("SEQUENCE:2"), "{}", changed.text());
        expect(&owner.delete(&format!("/records/task/{task}")), 200);
        assert!(entries(&fetch(app, &address, &[])).is_empty());
    });
}

#[test]
fn an_address_opens_nothing_else_and_ends_at_once() {
    for_each_app(|app| {
        let (mut boss, mut owner) = (app.administrator(), app.with_user(Role::Employee));
        let made = new_address(&mut owner);
        let (login, secret) = (made["login"].as_str().unwrap(), made["password"].as_str().unwrap());
        let address = made["address"].as_str().unwrap();
        assert_eq!((&made["gives"], &made["contacts"]), (&json!("calendar"), &Json::Null));
        assert_eq!(fetch(app, address, &[]).status, 200);
        // It is no password of the address book, and none of the API.
        assert_eq!(Phone::new(app, login, secret).ask("PROPFIND", BOOK, &[], "").status, 401);
        let bearer = format!("Bearer {secret}");
        assert_eq!(fetch(app, "/api/v1/session", &[("authorization", &bearer)]).status, 401);
        // Nor is that of an address book the address of a calendar.
        let book = expect(&owner.post("/session/app-passwords", &json!({ "name": "iPhone" })), 201);
        let wrong = format!("/calendar/{}.ics", book["password"].as_str().unwrap());
        assert_eq!(fetch(app, &wrong, &[]).status, 404);
        assert_eq!(Connection::new(app.address).send("PUT", address, &[], &[]).unwrap().status, 405);
        for nothing in ["/calendar/.ics", "/calendar/x.ics", "/calendar/x"] {
            let answer = fetch(app, nothing, &[]);
            assert_eq!(answer.status, 404, "{nothing}");
            assert!(!answer.text().contains("x.ics"), "{}", answer.text());
        }
        // The list tells neither the secret nor the address.
        let listed = expect(&owner.get("/session/app-passwords"), 200);
        assert!(!listed.to_string().contains(secret), "{listed}");
        let stored = app.content();
        assert!(!stored.contains(secret) && !stored.contains(&secret.replace('-', "")), "only a hash is stored");

        assert_eq!(owner.delete(&format!("/session/app-passwords/{}", made["id"])).status, 204);
        assert_eq!(fetch(app, address, &[]).status, 404);
        // Who is deactivated has none left.
        let second = new_address(&mut owner);
        let address = second["address"].as_str().unwrap();
        assert_eq!(fetch(app, address, &[]).status, 200);
        let path = format!("/records/user/{}", owner.id);
        expect(&boss.patch(&path, &json!({ "values": { "is_active": false } })), 200);
        assert_eq!(fetch(app, address, &[]).status, 404);
    });
}

#[test]
fn guesses_are_throttled_and_the_right_address_is_not() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Employee);
        let address = new_address(&mut owner)["address"].as_str().unwrap().to_owned();
        let answers: Vec<u16> =
            (0..70).map(|at| fetch(app, &format!("/calendar/guess-{at}.ics"), &[]).status).collect();
        assert_eq!((answers[0], answers[69]), (404, 429), "{answers:?}");
        assert_eq!(fetch(app, &address, &[]).status, 200);
    });
}

#[test]
fn an_address_of_a_calendar_is_for_reading() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Employee);
        for (more, field) in [("contacts", json!("own")), ("contacts_id", json!(1)), ("may_write", json!(true))] {
            let mut input = json!({ "name": "Google", "gives": "calendar" });
            input[more] = field;
            let refused = field_errors(&expect(&owner.post("/session/app-passwords", &input), 422));
            assert_eq!(refused, [(format!("/{more}"), "unknown_option".to_owned())]);
        }
    });
}
