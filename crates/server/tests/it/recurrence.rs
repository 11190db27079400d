//! Tasks that come again: what the next one is, that there is one, and what an undo takes back.

use std::sync::Arc;
use std::thread;

use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, expect, field_errors, for_each_app};

/// Sunday, 22 November 2026, 08:00 UTC.
const NOW: i64 = 1_795_334_400_000;

fn task(user: &mut User, values: Json) -> Json {
    expect(&user.post("/records/task", &json!({ "values": values })), 201)["record"].clone()
}

fn path(task: &Json) -> String {
    format!("/records/task/{}", task["id"])
}

fn close(user: &mut User, task: &Json) -> Json {
    expect(&user.patch(&path(task), &json!({ "values": { "status": "done" } })), 200)
}

fn undo(user: &mut User, done: &Json) {
    expect(&user.post(&format!("/operations/{}/undo", done["operation_id"]), &json!({})), 200);
}

/// The tasks that follow one.
fn following(user: &mut User, task: &Json) -> Vec<Json> {
    let found = expect(&user.get(&format!("/records/task?sort=id&filter=previous%20%3D%20{}", task["id"])), 200);
    found["items"].as_array().unwrap().clone()
}

#[test]
fn who_closes_a_task_makes_the_next_with_its_people_and_its_checklist() {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = App::with_clock(database, clock.clone());
        let (mut head, mut worker) = (app.with_user(Role::Supervisor), app.with_user(Role::Employee));
        expect(&worker.patch("/session", &json!({ "time_zone": "Europe/Kyiv" })), 200);
        let values = json!({
            "title": "Звірка", "responsible": worker.id, "participants": [head.id], "category": "control", "reminder": "hour",
            "starts_at": "2026-11-27T13:00:00Z", "deadline": "2026-11-27T15:00:00Z", "recurrence": "rrule:byday=fr;freq=weekly",
        });
        let first = task(&mut head, values);
        assert_eq!(first["values"]["recurrence"], "FREQ=WEEKLY;BYDAY=FR");
        for (text, place, done) in [("Виписка", 2, true), ("Акти", 1, false)] {
            let values = json!({ "task": first["id"], "text": text, "place": place, "is_done": done });
            expect(&worker.post("/records/checklist_item", &json!({ "values": values })), 201);
        }
        // He puts it off by a day; the series stays where it is.
        expect(&worker.patch(&path(&first), &json!({ "values": { "deadline": "2026-11-28T15:00:00Z" } })), 200);
        let done = close(&mut worker, &first);
        let next = following(&mut worker, &first);
        assert_eq!(next.len(), 1);
        let values = &next[0]["values"];
        assert_eq!((&values["deadline"], &values["status"]), (&json!("2026-12-04T15:00:00.000Z"), &json!("new")));
        assert_eq!((&values["category"], &values["reminder"]), (&json!("control"), &json!("hour")));
        assert_eq!(
            (&values["author"]["id"], &values["responsible"]["id"], &values["participants"][0]["id"]),
            (&json!(head.id), &json!(worker.id), &json!(head.id))
        );
        assert_eq!(values["previous"]["id"], first["id"]);
        let items = expect(&worker.get(&format!("/records/checklist_item?filter=task%20%3D%20{}", next[0]["id"])), 200);
        let items: Vec<(&str, bool)> = items["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| (item["title"].as_str().unwrap(), item["values"].get("is_done").is_some()))
            .collect();
        assert_eq!(items, [("Акти", false), ("Виписка", false)]);

        undo(&mut worker, &done);
        assert!(following(&mut worker, &first).is_empty(), "what followed goes with what it followed from");
        let open = expect(&worker.get(&path(&first)), 200);
        assert_eq!(open["values"]["status"], "new");
        // Closed once more, it is followed once more, by one.
        close(&mut worker, &first);
        assert_eq!(following(&mut worker, &first).len(), 1);
        expect(&worker.patch(&path(&first), &json!({ "values": { "status": "new" } })), 200);
        close(&mut worker, &first);
        assert_eq!(following(&mut worker, &first).len(), 1, "opened by hand and closed again, it has its next already");
    });
}

#[test]
fn a_next_task_that_somebody_worked_on_stays_when_the_closing_is_taken_back() {
    test_kit::for_each_backend(|database| {
        let app = App::with_clock(database, Clock::fixed(NOW));
        let mut user = app.with_user(Role::Employee);
        let rule = json!({ "title": "Щодня", "deadline": "2026-11-22T15:00:00Z", "recurrence": "FREQ=DAILY;COUNT=3" });
        let first = task(&mut user, rule);
        let done = close(&mut user, &first);
        let next = following(&mut user, &first).remove(0);
        assert_eq!(next["values"]["recurrence"], "FREQ=DAILY;COUNT=2");
        expect(&user.patch(&path(&next), &json!({ "values": { "remark": "почато" } })), 200);
        undo(&mut user, &done);
        assert_eq!(following(&mut user, &first).len(), 1);
        close(&mut user, &first);
        assert_eq!(following(&mut user, &first).len(), 1);
        // The third is the last.
        close(&mut user, &next);
        let last = following(&mut user, &next).remove(0);
        assert_eq!(last["values"]["recurrence"], "FREQ=DAILY;COUNT=1");
        close(&mut user, &last);
        assert!(following(&mut user, &last).is_empty());
    });
}

#[test]
fn what_was_missed_does_not_come_and_a_mass_change_closes_as_one_does() {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = App::with_clock(database, clock.clone());
        let mut user = app.administrator();
        let made: Vec<Json> = (0..3)
            .map(|at| {
                let title = format!("Щодня {at}");
                task(
                    &mut user,
                    json!({ "title": title, "deadline": "2026-11-22T15:00:00Z", "recurrence": "FREQ=DAILY" }),
                )
            })
            .collect();
        clock.advance(9 * 24 * 3_600_000 + 8 * 3_600_000);
        let ids: Vec<&Json> = made.iter().map(|task| &task["id"]).collect();
        let change = json!({ "action": "update", "ids": ids, "values": { "status": "done" } });
        let started = expect(&user.post("/records/task/bulk", &change), 202);
        user.wait_for_job(&started["job"]);
        for one in &made {
            let next = following(&mut user, one);
            assert_eq!(next.len(), 1);
            assert_eq!(
                next[0]["values"]["deadline"], "2026-12-02T15:00:00.000Z",
                "not one of the nine that were missed"
            );
        }
    });
}

#[test]
fn two_who_close_a_task_at_once_make_one_next() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let first = task(
            &mut admin,
            json!({ "title": "Разом", "deadline": "2036-11-22T15:00:00Z", "recurrence": "FREQ=MONTHLY;BYMONTHDAY=-1" }),
        );
        let users: Vec<User> = (0..4).map(|_| app.administrator()).collect();
        let path = Arc::new(path(&first));
        let closing: Vec<_> = users
            .into_iter()
            .map(|mut user| {
                let path = path.clone();
                thread::spawn(move || {
                    for status in ["done", "new", "cancelled"] {
                        user.patch(&path, &json!({ "values": { "status": status } }));
                    }
                })
            })
            .collect();
        closing.into_iter().for_each(|thread| thread.join().unwrap());
        let next = following(&mut admin, &first);
        assert_eq!(next.len(), 1);
        assert_eq!(next[0]["values"]["deadline"], "2036-11-30T15:00:00.000Z");
    });
}

#[test]
fn what_is_required_since_later_ends_no_series() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let values = json!({ "title": "Звіт", "deadline": "2026-11-23T15:00:00Z", "recurrence": "FREQ=DAILY" });
        let first = task(&mut admin, values);
        let field = json!({ "labels": { "en": "Floor" }, "kind": "number", "is_required": true });
        expect(&admin.post("/catalog/task/fields", &field), 201);
        let done = close(&mut admin, &first);
        assert_eq!(done["record"]["values"]["status"], "done");
        let next = following(&mut admin, &first);
        assert_eq!(next[0]["values"]["deadline"], "2026-11-24T15:00:00.000Z");
    });
}

#[test]
fn a_rule_is_checked_and_needs_a_deadline() {
    for_each_app(|app| {
        let mut user = app.with_user(Role::Employee);
        for (values, pointer, code) in [
            (
                json!({ "recurrence": "FREQ=HOURLY", "deadline": "2026-11-22T15:00:00Z" }),
                "/values/recurrence",
                "not_a_recurrence",
            ),
            (json!({ "recurrence": "FREQ=DAILY" }), "/values/deadline", "required"),
        ] {
            let mut values = values;
            values["title"] = json!("Правило");
            let refused = expect(&user.post("/records/task", &json!({ "values": values })), 422);
            assert_eq!(field_errors(&refused), [(pointer.to_owned(), code.to_owned())]);
        }
        let plain = task(&mut user, json!({ "title": "Раз", "deadline": "2026-11-22T15:00:00Z" }));
        close(&mut user, &plain);
        assert!(following(&mut user, &plain).is_empty());
    });
}
