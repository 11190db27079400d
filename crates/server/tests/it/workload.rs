//! Workload (TK18): how much each person has to do, and how much of his week is planned, within what the reader sees.

use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;

use crate::it::app::{App, User, encoded, expect, field_errors};

/// Wednesday, 25 November 2026, 08:00 UTC.
const NOW: i64 = 1_795_593_600_000;

fn make(user: &mut User, object_type: &str, values: Json) -> i64 {
    let made = expect(&user.post(&format!("/records/{object_type}"), &json!({ "values": values })), 201);
    made["record"]["id"].as_i64().unwrap()
}

fn of(answer: &Json, id: i64) -> Json {
    answer["items"].as_array().unwrap().iter().find(|item| item["user"]["id"] == id).cloned().unwrap()
}

fn for_each_app(test: impl Fn(&App)) {
    for backend in test_kit::backends() {
        test(&App::with_clock(TestDatabase::new(*backend), Clock::fixed(NOW)));
    }
}

#[test]
fn the_numbers_of_each_are_those_of_the_lists_that_they_open() {
    for_each_app(|app| {
        let (mut head, mut worker) = (app.with_user(Role::Supervisor), app.with_user(Role::Employee));
        let mut other = app.with_user(Role::Employee);
        for reader in [&mut head, &mut other] {
            expect(&reader.patch("/session", &json!({ "time_zone": "Europe/Kyiv" })), 200);
        }
        // Half past nine in the evening UTC is the next day in Kyiv already.
        let times = [
            json!("2026-11-20T07:00:00Z"),
            json!("2026-11-25T07:59:59Z"),
            json!("2026-11-25T08:00:00Z"),
            json!("2026-11-25T21:30:00Z"),
            json!("2026-11-25T22:30:00Z"),
            json!("2026-11-29T21:59:00Z"),
            json!("2026-11-29T22:00:00Z"),
            Json::Null,
        ];
        for (at, deadline) in times.iter().enumerate() {
            // Of every second one the colleague knows.
            let participants = if at % 2 == 0 { json!([other.id]) } else { json!([]) };
            let values = json!({ "title": format!("Справа {at}"), "deadline": deadline, "participants": participants });
            make(&mut worker, "task", values);
        }
        let done = make(&mut worker, "task", json!({ "title": "Зроблене", "deadline": "2026-11-20T07:00:00Z" }));
        expect(&worker.patch(&format!("/records/task/{done}"), &json!({ "values": { "status": "done" } })), 200);
        make(&mut worker, "deal", json!({ "title": "Не задача" }));

        for (reader, expected) in [
            (&mut head, json!({ "open": 8, "overdue": 2, "today": 2, "week": 4, "none": 1 })),
            (&mut other, json!({ "open": 4, "overdue": 1, "today": 1, "week": 2, "none": 0 })),
        ] {
            let found = expect(&reader.get("/work/load"), 200);
            let own = of(&found, worker.id);
            assert_eq!((&own["counts"], &own["is_capped"]), (&expected, &json!(false)));
            for (part, condition) in [
                ("open", ""),
                ("overdue", " and deadline < now"),
                ("today", " and deadline >= now and deadline < 2026-11-25T22:00:00Z"),
                ("week", " and deadline >= now and deadline < 2026-11-29T22:00:00Z"),
                ("none", " and deadline is empty"),
            ] {
                let filter = format!("responsible = {} and status.meaning = open{condition}", worker.id);
                let list = expect(&reader.get(&format!("/records/task?filter={}", encoded(&filter))), 200);
                assert_eq!(expected[part], json!(list["items"].as_array().unwrap().len()), "{part}");
            }
        }
    });
}

#[test]
fn the_hours_of_a_week_are_those_of_events_that_the_reader_sees() {
    for_each_app(|app| {
        let (mut boss, mut worker) = (app.administrator(), app.with_user(Role::Employee));
        let mut stranger = app.with_user(Role::Employee);
        let day = json!([{ "from": "09:00", "to": "18:00" }]);
        let free = json!([]);
        let hours = json!({ "kind": "week", "days": [day, day, day, day, day, free, free] }).to_string();
        let schedule =
            make(&mut boss, "schedule", json!({ "name": "Офіс", "hours": hours, "time_zone": "Europe/Kyiv" }));
        make(&mut boss, "holiday", json!({ "name": "День міста", "date": "2026-11-27" }));
        let path = format!("/records/user/{}", worker.id);
        expect(&boss.patch(&path, &json!({ "values": { "schedule": schedule } })), 200);
        let event = |user: &mut User, times: [&str; 2], more: Json| {
            let mut values = json!({ "title": "Зустріч", "starts_at": times[0], "ends_at": times[1] });
            more.as_object().unwrap().iter().for_each(|(name, value)| values[name] = value.clone());
            make(user, "event", values)
        };
        // Two that overlap take their time once; a hidden one of two hours; a day's fair takes its working hours; what is cancelled takes nothing.
        event(&mut worker, ["2026-11-25T08:00:00Z", "2026-11-25T10:00:00Z"], json!({}));
        event(&mut boss, ["2026-11-25T09:00:00Z", "2026-11-25T11:00:00Z"], json!({ "colleagues": [worker.id] }));
        event(&mut worker, ["2026-11-26T08:00:00Z", "2026-11-26T10:00:00Z"], json!({ "visibility": "private" }));
        let fair = ["2026-11-23T22:00:00Z", "2026-11-24T21:59:00Z"];
        event(&mut worker, fair, json!({ "is_all_day": true }));
        let off = event(&mut worker, ["2026-11-23T08:00:00Z", "2026-11-23T10:00:00Z"], json!({}));
        expect(&worker.patch(&format!("/records/event/{off}"), &json!({ "values": { "status": "cancelled" } })), 200);

        let worker_id = worker.id;
        let minutes = |reader: &mut User| {
            let found = expect(&reader.get("/work/load?from=2026-11-23T10:00:00Z"), 200);
            let days = of(&found, worker_id)["days"].as_array().unwrap().clone();
            assert_eq!((days.len(), &days[0]["date"]), (7, &json!("2026-11-23")));
            let of = |name: &str| days.iter().map(|day| day[name].as_i64().unwrap_or(-1)).collect::<Vec<_>>();
            assert_eq!(of("working_minutes"), [540, 540, 540, 540, 0, 0, 0]);
            assert_eq!(days[4]["name"], "День міста");
            of("planned_minutes")
        };
        assert_eq!(minutes(&mut worker), [0, 540, 180, 120, 0, 0, 0]);
        assert_eq!(minutes(&mut stranger), [0, 540, 180, 0, 0, 0, 0]);
        let found = expect(&stranger.get("/work/load"), 200);
        assert_eq!(of(&found, stranger.id)["days"][0]["working_minutes"], Json::Null, "nobody set his hours");
    });
}

#[test]
fn people_come_in_pages_by_name_and_a_head_sees_his_own() {
    for_each_app(|app| {
        let mut boss = app.administrator();
        let (mut head, worker) = (app.with_user(Role::Supervisor), app.with_user(Role::Employee));
        let gone = app.with_user(Role::Employee);
        (0..5).for_each(|_| drop(app.with_user(Role::Employee)));
        let head_id = head.id;
        let change = |boss: &mut User, id: i64, values: Json| {
            expect(&boss.patch(&format!("/records/user/{id}"), &json!({ "values": values })), 200);
        };
        change(&mut boss, worker.id, json!({ "head": head_id }));
        change(&mut boss, gone.id, json!({ "is_active": false }));
        let ids = |user: &mut User, query: &str| -> (Vec<i64>, Json) {
            let found = expect(&user.get(&format!("/work/load?{query}")), 200);
            let ids = found["items"].as_array().unwrap().iter().map(|item| item["user"]["id"].as_i64().unwrap());
            (ids.collect(), found)
        };
        let mut all = Vec::new();
        let mut cursor = String::new();
        loop {
            let (some, page) = ids(&mut boss, &format!("limit=3{cursor}"));
            all.extend(some);
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={}", encoded(next)),
                None => break,
            }
        }
        assert_eq!(all.len(), 8);
        assert_eq!(all, ids(&mut boss, "limit=50").0);
        assert!(!all.contains(&gone.id));
        let (mut own, page) = ids(&mut head, "mine=true");
        own.sort_unstable();
        assert_eq!((own, &page["has_people"]), (vec![head_id, worker.id], &json!(true)));
        assert_eq!(ids(&mut boss, &format!("search={}", encoded("нікого"))).0, [] as [i64; 0]);
        for (query, pointer) in [("limit=51", "limit"), ("from=today", "from"), ("cursor=nothing", "cursor")] {
            let refused = expect(&boss.get(&format!("/work/load?{query}")), 422);
            assert!(field_errors(&refused)[0].0.ends_with(pointer), "{refused}");
        }
    });
}
