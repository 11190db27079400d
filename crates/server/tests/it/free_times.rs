//! Who is free (TK19): times and nothing else of what takes somebody's time, and the next gaps in common.

use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;

use crate::it::app::{App, User, expect, field_errors};

/// 2026-11-23T08:00:00Z, a Monday; in Kyiv it is ten o'clock.
const NOW: i64 = 1_795_420_800_000;
const DAY: &str = "from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z";

fn make(user: &mut User, object_type: &str, values: Json) -> i64 {
    let made = expect(&user.post(&format!("/records/{object_type}"), &json!({ "values": values })), 201);
    made["record"]["id"].as_i64().unwrap()
}

fn at(hour: &str) -> String {
    format!("2026-11-23T{hour}:00Z")
}

fn event(user: &mut User, from: &str, to: &str, more: Json) -> i64 {
    let mut values =
        json!({ "title": "Таємна зустріч", "starts_at": at(from), "ends_at": at(to), "visibility": "private" });
    more.as_object().unwrap().iter().for_each(|(name, value)| values[name] = value.clone());
    make(user, "event", values)
}

fn for_each_office(test: impl Fn(&App)) {
    for backend in test_kit::backends() {
        test(&App::with_clock(TestDatabase::new(*backend), Clock::fixed(NOW)));
    }
}

/// Beginnings and ends, hours and minutes of the 23rd.
fn times(stretches: &Json) -> Vec<String> {
    let minute = |text: &Json| text.as_str().unwrap()[11..16].to_owned();
    stretches.as_array().unwrap().iter().map(|one| format!("{}-{}", minute(&one["from"]), minute(&one["to"]))).collect()
}

#[test]
fn somebody_is_busy_and_nobody_hears_what_with() {
    for_each_office(|app| {
        let (mut boss, mut worker) = (app.administrator(), app.with_user(Role::Employee));
        let (mut reader, mut partner) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        for user in [&mut worker, &mut reader, &mut partner] {
            expect(&user.patch("/session", &json!({ "time_zone": "UTC" })), 200);
        }
        event(&mut worker, "09:00", "10:00", json!({ "place": "Лікарня" }));
        event(&mut worker, "09:30", "11:10", json!({}));
        event(&mut partner, "13:00", "14:00", json!({ "colleagues": [worker.id] }));
        let off = event(&mut worker, "15:00", "16:00", json!({}));
        expect(&worker.patch(&format!("/records/event/{off}"), &json!({ "values": { "status": "cancelled" } })), 200);
        // A task with a beginning and an end takes its hour; one that is due some day takes none.
        make(
            &mut worker,
            "task",
            json!({ "title": "Таємний дзвінок", "starts_at": at("16:00"), "deadline": at("16:30") }),
        );
        make(
            &mut worker,
            "task",
            json!({ "title": "Таємний звіт", "starts_at": at("08:00"), "deadline": "2026-11-27T08:00:00Z" }),
        );
        make(&mut worker, "task", json!({ "title": "Таємний термін", "deadline": at("12:00") }));

        let path = format!("/calendar/free?{DAY}&users={},{}", worker.id, reader.id);
        let found = expect(&reader.get(&path), 200);
        let person = &found["people"][0];
        assert_eq!(times(&person["busy"]), ["09:00-11:10", "13:00-14:00", "16:00-16:30"]);
        assert_eq!(times(&person["hours"]), ["09:00-18:00"], "the usual hours");
        assert_eq!((&person["user"]["id"], &person["work"]), (&json!(worker.id), &Json::Null));
        assert_eq!(times(&found["people"][1]["busy"]), [] as [&str; 0]);
        assert_eq!(times(&found["gaps"]), ["11:30-12:30", "14:00-15:00", "15:00-16:00", "16:30-17:30"]);
        let text = found.to_string();
        for secret in ["Таємн", "Лікарня", "event", "task"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        // What it is called, where it is and whose it is changes nothing of the answer.
        let own = expect(&worker.get("/records/event?sort=id"), 200)["items"][0]["id"].clone();
        let other = json!({ "values": { "title": "Інша", "place": "Інде", "kind": "seminar", "visibility": "write" } });
        expect(&worker.patch(&format!("/records/event/{own}"), &other), 200);
        let (again, mut once) = (expect(&reader.get(&path), 200), found.clone());
        once["people"][0]["user"] = again["people"][0]["user"].clone();
        assert_eq!(again, once);
        // What is being moved is no obstacle to itself; shorter things fit more often; an hour that is over is none.
        let moved = expect(&boss.get(&format!("{path}&except=event-{own}&minutes=30")), 200);
        assert_eq!(times(&moved["people"][0]["busy"])[0], "09:30-11:10");
        assert_eq!(times(&moved["gaps"])[0], "09:00-09:30");
    });
}

#[test]
fn hours_in_common_keep_schedules_zones_holidays_and_leave() {
    for_each_office(|app| {
        let (mut boss, worker) = (app.administrator(), app.with_user(Role::Employee));
        let mut reader = app.with_user(Role::Employee);
        expect(&reader.patch("/session", &json!({ "time_zone": "America/New_York" })), 200);
        let day = json!([{ "from": "10:00", "to": "19:00" }]);
        let hours = json!({ "kind": "week", "days": [day, day, day, day, day, [], []] }).to_string();
        let schedule =
            make(&mut boss, "schedule", json!({ "name": "Пізно", "hours": hours, "time_zone": "Europe/Kyiv" }));
        make(&mut boss, "holiday", json!({ "name": "День міста", "date": "2026-11-24" }));
        let leave = json!([{ "from": "2026-11-25", "to": "2026-11-25", "hours": [], "note": "Хвороба" }]).to_string();
        let own = json!({ "values": { "schedule": schedule, "own_days": leave } });
        expect(&boss.patch(&format!("/records/user/{}", worker.id), &own), 200);
        // Nine in New York is four in the afternoon in Kyiv: three hours in common on Monday, none on the holiday and on the day of leave.
        let path = format!("from=2026-11-23T00:00:00Z&to=2026-11-27T00:00:00Z&users={},{}", worker.id, reader.id);
        let found = expect(&reader.get(&format!("/calendar/free?{path}")), 200);
        let gaps: Vec<&str> =
            found["gaps"].as_array().unwrap().iter().map(|gap| gap["from"].as_str().unwrap()).collect();
        let hours = ["14", "15", "16"];
        let expected: Vec<String> =
            ["23", "26"].iter().flat_map(|day| hours.map(|hour| format!("2026-11-{day}T{hour}:00:00.000Z"))).collect();
        assert_eq!(gaps, expected);
        assert_eq!(found["holidays"], json!([{ "date": "2026-11-24", "name": "День міста" }]));
        assert!(!found.to_string().contains("Хвороба"));
        let busy = &found["people"][0]["busy"];
        let expect_busy = json!([{ "from": "2026-11-25T08:00:00.000Z", "to": "2026-11-25T17:00:00.000Z" }]);
        assert_eq!(busy, &expect_busy, "that somebody cannot be had is told, not why");

        let refused = |query: &str, pointer: &str, code: &str, reader: &mut User| {
            let refused = expect(&reader.get(&format!("/calendar/free?{query}")), 422);
            assert_eq!(field_errors(&refused), [(format!("/{pointer}"), code.to_owned())]);
        };
        refused(&format!("{DAY}&users=1&minutes=0"), "minutes", "out_of_range", &mut reader);
        refused(&format!("{DAY}&users=1&except=event"), "except", "wrong_type", &mut reader);
        refused("from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z&users=1", "to", "too_many_days", &mut reader);
        let nobody = expect(&reader.get(&format!("/calendar/free?{DAY}&users=999999")), 200);
        assert_eq!(nobody["gaps"], json!([]), "{nobody}");
    });
}
