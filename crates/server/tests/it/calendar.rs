//! The calendar (TK19, X6): what stands in a span of time, whose it is, and who may know it.

use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;

use crate::it::access::{make_role, with_roles};
use crate::it::app::{App, User, expect, field_errors, for_each_app};

/// 2026-11-23T08:00:00Z, a Monday; in Kyiv it is ten o'clock.
const NOW: i64 = 1_795_420_800_000;
const WEEK: &str = "from=2026-11-22T22:00:00Z&to=2026-11-29T22:00:00Z";

fn create(user: &mut User, object_type: &str, values: Json) -> i64 {
    let made = expect(&user.post(&format!("/records/{object_type}"), &json!({ "values": values })), 201);
    made["record"]["id"].as_i64().unwrap()
}

/// Type and id of each entry of an answer.
fn entries(user: &mut User, query: &str) -> Vec<(String, i64)> {
    let found = expect(&user.get(&format!("/calendar?{query}")), 200);
    let items = found["items"].as_array().unwrap();
    items.iter().map(|item| (item["type"].as_str().unwrap().to_owned(), item["id"].as_i64().unwrap())).collect()
}

fn task(id: i64) -> (String, i64) {
    ("task".to_owned(), id)
}

fn event(id: i64) -> (String, i64) {
    ("event".to_owned(), id)
}

#[test]
fn what_meets_the_span_stands_in_it() {
    for_each_app(|app| {
        let mut user = app.with_user(Role::Employee);
        let mut timed = |object_type: &str, begins: Json, ends: Json| {
            let end = if object_type == "task" { "deadline" } else { "ends_at" };
            create(&mut user, object_type, json!({ "title": "Час", "starts_at": begins, end: ends }))
        };
        let before = timed("event", json!("2026-11-22T10:00:00Z"), json!("2026-11-22T22:00:00Z"));
        let into = timed("event", json!("2026-11-22T21:00:00Z"), json!("2026-11-22T22:01:00Z"));
        let over = timed("event", json!("2026-11-01T10:00:00Z"), json!("2026-12-22T22:00:00Z"));
        let begun = timed("event", json!("2026-11-25T10:00:00Z"), json!(null));
        let moment = timed("event", json!("2026-11-22T22:00:00Z"), json!("2026-11-22T22:00:00Z"));
        let after = timed("event", json!("2026-11-29T22:00:00Z"), json!("2026-11-29T23:00:00Z"));
        let due = timed("task", json!(null), json!("2026-11-22T22:00:00Z"));
        let due_later = timed("task", json!(null), json!("2026-11-29T22:00:00Z"));
        let worked_on = timed("task", json!("2026-11-20T10:00:00Z"), json!("2026-11-24T10:00:00Z"));
        let without = timed("task", json!(null), json!(null));

        let found = entries(&mut user, WEEK);
        for inside in [event(into), event(over), event(begun), event(moment), task(due), task(worked_on)] {
            assert!(found.contains(&inside), "{inside:?} in {found:?}");
        }
        for outside in [event(before), event(after), task(due_later), task(without)] {
            assert!(!found.contains(&outside), "{outside:?} in {found:?}");
        }
        assert_eq!(found.len(), 6);
        assert_eq!(entries(&mut user, &format!("{WEEK}&types=task")).len(), 2);
        assert!(entries(&mut user, &format!("{WEEK}&types=")).is_empty());

        // What is done is left out for whoever wants it so.
        let done = json!({ "values": { "status": "done" } });
        expect(&user.patch(&format!("/records/task/{due}"), &done), 200);
        assert_eq!(entries(&mut user, &format!("{WEEK}&types=task&open=true")), [task(worked_on)]);
        assert_eq!(entries(&mut user, &format!("{WEEK}&types=task")).len(), 2);
        // And what went to the trash.
        expect(&user.delete(&format!("/records/task/{worked_on}")), 200);
        assert_eq!(entries(&mut user, &format!("{WEEK}&types=task")), [task(due)]);
    });
}

#[test]
fn of_others_a_reader_sees_what_his_lists_show_and_nothing_else() {
    for_each_app(|app| {
        let (mut boss, mut owner, mut colleague) =
            (app.administrator(), app.with_user(Role::Employee), app.with_user(Role::Employee));
        let at = |title: &str| json!({ "title": title, "starts_at": "2026-11-25T08:00:00Z", "ends_at": "2026-11-25T09:00:00Z" });
        let open = create(&mut owner, "event", at("Відкрита"));
        let mut hidden = at("Закрита");
        hidden["visibility"] = json!("private");
        let hidden = create(&mut owner, "event", hidden);
        let mut shared = at("З колегою");
        (shared["visibility"], shared["colleagues"]) = (json!("private"), json!([colleague.id]));
        let shared = create(&mut owner, "event", shared);
        let private = create(&mut owner, "task", json!({ "title": "Своя", "deadline": "2026-11-25T08:00:00Z" }));

        let his = format!("{WEEK}&users={}", owner.id);
        assert_eq!(entries(&mut owner, WEEK).len(), 4);
        assert_eq!(entries(&mut owner, &his).len(), 4);
        let seen = entries(&mut colleague, &his);
        assert_eq!(seen, [event(open), event(shared)], "no title, no time, no number of the others");
        let text = String::from_utf8(colleague.get(&format!("/calendar?{his}")).body.clone()).unwrap();
        assert!(!text.contains("Закрита") && !text.contains("Своя") && !text.contains("busy"), "{text}");
        // Where he takes part it is his time, too.
        assert_eq!(entries(&mut colleague, WEEK), [event(shared)]);
        let both = format!("{WEEK}&users={},{}", owner.id, colleague.id);
        assert_eq!(entries(&mut boss, &both).len(), 4);
        assert!(entries(&mut boss, WEEK).is_empty());
        assert_eq!((hidden > 0, private > 0), (true, true));

        // Who may not know when events are, or whose, has none in his calendar; and no filter tells him.
        let role = json!({ "base": "supervisor", "types": { "event": { "fields": { "starts_at": "hidden", "ends_at": "hidden" } } } });
        let role = make_role(&mut boss, "Без часу", &role);
        let mut timeless = with_roles(app, &mut boss, &[role]);
        assert!(entries(&mut timeless, &his).iter().all(|(kind, _)| kind == "task"));
        let role = json!({ "base": "supervisor", "types": { "event": { "fields": { "responsible": "hidden" } } } });
        let role = make_role(&mut boss, "Без відповідального", &role);
        let mut blind = with_roles(app, &mut boss, &[role]);
        let of_colleague = format!("{WEEK}&types=event&users={}", colleague.id);
        assert_eq!(entries(&mut blind, &of_colleague), [event(shared)], "by the field that he sees");
        assert!(entries(&mut blind, &format!("{his}&types=event")).is_empty());
    });
}

#[test]
fn a_calendar_refuses_what_it_cannot_show() {
    for_each_app(|app| {
        let mut user = app.with_user(Role::Employee);
        let mut refused = |query: &str| field_errors(&expect(&user.get(&format!("/calendar?{query}")), 422)).remove(0);
        let check = |found: (String, String), field: &str, code: &str| {
            assert_eq!(found, (format!("/{field}"), code.to_owned()));
        };
        check(refused("from=yesterday&to=2026-11-29T22:00:00Z"), "from", "not_an_instant");
        check(refused("from=2026-11-29T22:00:00Z&to=2026-11-29T22:00:00Z"), "from", "after_end");
        check(refused("from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z"), "to", "too_many_days");
        check(refused(&format!("{WEEK}&users=")), "users", "required");
        check(refused(&format!("{WEEK}&users=me")), "users", "wrong_type");
        let many = (1..=21).map(|id: i32| id.to_string()).collect::<Vec<_>>().join(",");
        check(refused(&format!("{WEEK}&users={many}")), "users", "too_many_values");
        expect(&user.get(&format!("/calendar?{WEEK}&types=nothing")), 404);
        expect(&user.get(&format!("/calendar?{WEEK}&filter=all")), 400);
        // A type without times is no mistake; it has no entries.
        assert!(entries(&mut user, &format!("{WEEK}&types=contact")).is_empty());
    });
}

#[test]
fn hours_follow_the_clock_on_the_wall_and_own_days_stay_private() {
    for backend in test_kit::backends() {
        let app = App::with_clock(TestDatabase::new(*backend), Clock::fixed(NOW));
        let (mut boss, mut worker, mut colleague) =
            (app.administrator(), app.with_user(Role::Employee), app.with_user(Role::Employee));
        let day = json!([{ "from": "09:00", "to": "18:00" }]);
        let free = json!([]);
        let hours = json!({ "kind": "week", "days": [day, day, day, day, day, free, day] }).to_string();
        let schedule =
            create(&mut boss, "schedule", json!({ "name": "Офіс", "hours": hours, "time_zone": "Europe/Kyiv" }));
        create(&mut boss, "holiday", json!({ "name": "День міста", "date": "2026-10-26" }));
        let leave = json!([{ "from": "2026-10-27", "to": "2026-10-27", "hours": [], "note": "Лікарня" }]).to_string();
        let own = json!({ "values": { "schedule": schedule, "own_days": leave } });
        expect(&boss.patch(&format!("/records/user/{}", worker.id), &own), 200);

        // The night to Sunday, the 25th, has one hour more: the span of its week is 169 hours.
        let week = format!("from=2026-10-18T21:00:00Z&to=2026-10-27T22:00:00Z&users={}&types=", worker.id);
        let days_for = |reader: &mut User| {
            let found = expect(&reader.get(&format!("/calendar?{week}")), 200);
            assert_eq!(found["holidays"], json!([{ "date": "2026-10-26", "name": "День міста" }]));
            found["people"][0]["work"]["days"].as_array().unwrap().clone()
        };
        let of = |days: &[Json], date: &str| days.iter().find(|day| day["date"] == date).cloned().unwrap();
        let seen = days_for(&mut worker);
        assert_eq!(seen.len(), 9);
        let hours = |from: &str, to: &str| json!([{ "from": from, "to": to }]);
        assert_eq!(
            of(&seen, "2026-10-23")["hours"],
            hours("2026-10-23T06:00:00.000Z", "2026-10-23T15:00:00.000Z"),
            "summer time"
        );
        assert_eq!(of(&seen, "2026-10-24")["hours"], json!([]));
        assert_eq!(
            of(&seen, "2026-10-25")["hours"],
            hours("2026-10-25T07:00:00.000Z", "2026-10-25T16:00:00.000Z"),
            "winter time"
        );
        assert_eq!(
            of(&seen, "2026-10-26"),
            json!({ "date": "2026-10-26", "hours": [], "cause": "holiday", "name": "День міста" })
        );
        assert_eq!(of(&seen, "2026-10-27")["name"], "Лікарня");
        let leave = of(&days_for(&mut boss), "2026-10-27");
        assert_eq!(leave["cause"], "own", "who keeps the users reads it in his record");
        let leave = of(&days_for(&mut colleague), "2026-10-27");
        assert_eq!((&leave["cause"], &leave["name"]), (&json!("plan"), &Json::Null), "a colleague sees the plan alone");
    }
}
