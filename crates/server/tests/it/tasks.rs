//! Tasks over HTTP: who sees them, who is told, when they are closed, what belongs to them.

use modules::reminders::remind;
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, encoded, expect, field_errors, for_each_app};
use crate::it::person::person;

const NOW: i64 = 1_795_334_400_000;

fn task(user: &mut User, values: Json) -> Json {
    expect(&user.post("/records/task", &json!({ "values": values })), 201)["record"].clone()
}

fn path(task: &Json) -> String {
    format!("/records/task/{}", task["id"])
}

fn ids(user: &mut User, filter: &str) -> Vec<i64> {
    let found = expect(&user.get(&format!("/records/task?sort=id&filter={}", encoded(filter))), 200);
    found["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

/// The kinds of what a user was told, newest first.
fn told(user: &mut User) -> Vec<String> {
    let found = expect(&user.get("/session/notifications"), 200);
    found["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn who_makes_a_task_has_it_unless_he_names_another() {
    for_each_app(|app| {
        let (mut head, mut worker) = (app.with_user(Role::Supervisor), app.with_user(Role::Employee));
        let mut stranger = app.with_user(Role::Employee);
        let own = task(&mut head, json!({ "title": "Подзвонити" }));
        let values = &own["values"];
        assert_eq!((&values["responsible"]["id"], &values["author"]["id"]), (&json!(head.id), &json!(head.id)));
        assert_eq!((&values["status"], &values["reminder"]), (&json!("new"), &json!("day")));
        assert!(told(&mut head).is_empty(), "nobody is told what he did himself");

        let given =
            task(&mut head, json!({ "title": "Договір", "responsible": worker.id, "participants": [stranger.id] }));
        let quiet = task(&mut head, json!({ "title": "Тихо", "responsible": worker.id, "notifies": false }));
        assert_eq!(
            (told(&mut worker), told(&mut stranger)),
            (vec!["made_responsible".to_owned()], vec!["made_participant".to_owned()])
        );
        let id = |task: &Json| task["id"].as_i64().unwrap();
        assert_eq!(ids(&mut worker, "responsible = me and status.meaning = open"), [id(&given), id(&quiet)]);
        // Who takes part works on it, who has nothing to do with it does not know of it, and only who gave it or has it deletes it.
        expect(&stranger.patch(&path(&given), &json!({ "values": { "status": "in_progress" } })), 200);
        expect(&stranger.delete(&path(&given)), 403);
        expect(&stranger.get(&path(&quiet)), 404);
        let refused = expect(&stranger.patch(&path(&given), &json!({ "values": { "author": stranger.id } })), 422);
        assert_eq!(field_errors(&refused), [("/values/author".to_owned(), "read_only".to_owned())]);
        expect(&worker.delete(&path(&given)), 200);
    });
}

#[test]
fn a_task_is_closed_by_the_meaning_of_its_status_and_knows_when() {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = App::with_clock(database, clock.clone());
        let (mut admin, mut worker) = (app.administrator(), app.with_user(Role::Employee));
        let given =
            task(&mut admin, json!({ "title": "Звіт", "responsible": worker.id, "deadline": "2026-11-22T10:00:00Z" }));
        let overdue = "status.meaning = open and deadline < now";
        assert!(ids(&mut worker, overdue).is_empty());
        clock.advance(3 * 3_600_000);
        assert_eq!(ids(&mut worker, overdue), [given["id"].as_i64().unwrap()], "nothing stores that it is late");
        let done = expect(&worker.patch(&path(&given), &json!({ "values": { "status": "done" } })), 200);
        assert_eq!(done["record"]["values"]["closed_at"], "2026-11-22T11:00:00.000Z");
        assert!(ids(&mut worker, overdue).is_empty());
        assert_eq!(told(&mut admin), ["task_closed"], "who gave it hears that it is done");
        clock.advance(60_000);
        let cancelled = expect(&worker.patch(&path(&given), &json!({ "values": { "status": "cancelled" } })), 200);
        assert_eq!(cancelled["record"]["values"]["closed_at"], "2026-11-22T11:00:00.000Z", "closed is closed");
        let again = expect(&worker.post(&format!("/operations/{}/undo", done["operation_id"]), &json!({})), 200);
        assert!(again["operation_id"].is_null() || again["operation_id"].is_i64());
        let open = expect(&worker.patch(&path(&given), &json!({ "values": { "status": "in_progress" } })), 200);
        assert!(open["record"]["values"].get("closed_at").is_none(), "{open}");

        let late = json!({ "values": { "starts_at": "2026-11-25T10:00:00Z", "deadline": "2026-11-25T09:00:00Z" } });
        let refused = expect(&worker.patch(&path(&given), &late), 422);
        assert_eq!(field_errors(&refused), [("/values/starts_at".to_owned(), "after_deadline".to_owned())]);
    });
}

#[test]
fn a_status_of_the_administrator_counts_by_its_meaning() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let catalog = expect(&admin.get("/catalog"), 200);
        let types = catalog["object_types"].as_array().unwrap();
        let tasks = types.iter().find(|one| one["name"] == "task").unwrap();
        assert_eq!(tasks["done_by"], "status");
        let status = tasks["fields"].as_array().unwrap().iter().find(|one| one["name"] == "status").unwrap();
        let mut settings = status["settings"].clone();
        let waiting = json!({ "key": "waiting", "labels": { "uk": "Чекає" }, "color": "purple" });
        settings["options"].as_array_mut().unwrap().push(waiting);
        let change = |settings: &Json| json!({ "settings": settings });
        let field = format!("/catalog/task/fields/{}", status["name"].as_str().unwrap());
        let refused = expect(&admin.patch(&field, &change(&settings)), 422);
        assert_eq!(field_errors(&refused), [("/settings/options/4/meaning".to_owned(), "required".to_owned())]);
        settings["options"][4]["meaning"] = json!("open");
        expect(&admin.patch(&field, &change(&settings)), 200);
        let made = task(&mut admin, json!({ "title": "Чекаємо", "status": "waiting" }));
        assert_eq!(ids(&mut admin, "status.meaning = open"), [made["id"].as_i64().unwrap()]);
        assert!(ids(&mut admin, "status.meaning = closed").is_empty());
    });
}

#[test]
fn comments_and_files_belong_to_a_task_as_to_a_contact() {
    for_each_app(|app| {
        let (mut admin, mut worker) = (app.administrator(), app.with_user(Role::Employee));
        let contact = admin.create_contact(person("Шевчук"));
        let made = task(&mut admin, json!({ "title": "Таємне", "contact": contact["id"] }));
        let comment = json!({ "values": { "task": made["id"], "text": "Зателефонував" } });
        let comment = expect(&admin.post("/records/comment", &comment), 201)["record"].clone();
        let seen = format!("/records/comment/{}", comment["id"]);
        expect(&admin.get(&seen), 200);
        expect(&worker.get(&seen), 404);
        // It has one place.
        for (values, pointer, code) in [
            (json!({ "text": "Ніде" }), "/values/record", "required"),
            (json!({ "text": "Двічі", "record": contact["id"], "task": made["id"] }), "/values/task", "one_of_several"),
        ] {
            let refused = expect(&admin.post("/records/comment", &json!({ "values": values })), 422);
            assert_eq!(field_errors(&refused), [(pointer.to_owned(), code.to_owned())]);
        }
        expect(&admin.patch(&path(&made), &json!({ "values": { "participants": [worker.id] } })), 200);
        expect(&worker.get(&seen), 200);
        let found = expect(&worker.get(&format!("/records/task?search={}", encoded("зателефонував"))), 200);
        assert_eq!(found["items"][0]["id"], made["id"], "a task is found by what is written to it");
        // The card that is named stays hidden from who may not see it.
        let seen = expect(&worker.get(&path(&made)), 200);
        assert_ne!(seen["values"]["contact"]["title"], "Шевчук", "{seen}");
    });
}

/// How many reminders and how many words of being late a user was given.
fn heard(user: &mut User) -> (usize, usize) {
    let told = told(user);
    let of = |kind: &str| told.iter().filter(|one| *one == kind).count();
    (of("task_due"), of("task_overdue"))
}

#[test]
fn a_reminder_comes_once_whatever_the_clock_does() {
    const HOUR_MS: i64 = 3_600_000;
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = App::with_clock(database, clock.clone());
        let mut admin = app.administrator();
        // It is 08:00 UTC.
        let both = || {
            std::thread::scope(|scope| {
                (0..2).for_each(|_| drop(scope.spawn(|| remind(&app.engine).unwrap())));
            });
        };
        task(&mut admin, json!({ "title": "Завтра", "deadline": "2026-11-23T09:00:00Z", "reminder": "day" }));
        let moved =
            task(&mut admin, json!({ "title": "Пересунуте", "deadline": "2026-11-22T11:00:00Z", "reminder": "hour" }));
        task(&mut admin, json!({ "title": "Пізно нагадувати", "deadline": "2026-11-22T08:30:00Z", "reminder": "day" }));
        let done = task(
            &mut admin,
            json!({ "title": "Зроблене", "deadline": "2026-11-22T09:00:00Z", "reminder": "minutes_5" }),
        );
        expect(&admin.patch(&path(&done), &json!({ "values": { "status": "done" } })), 200);
        both();
        assert_eq!(heard(&mut admin), (0, 0));
        // Nine o'clock: the one of tomorrow; the one that was short is late.
        clock.advance(HOUR_MS);
        both();
        both();
        assert_eq!(heard(&mut admin), (1, 1));
        // Put off before it was due, it comes at its new time; a clock that goes back gives nothing twice.
        expect(&admin.patch(&path(&moved), &json!({ "values": { "deadline": "2026-11-22T13:00:00Z" } })), 200);
        clock.advance(HOUR_MS);
        both();
        assert_eq!(heard(&mut admin), (1, 1));
        clock.advance(-24 * HOUR_MS);
        both();
        clock.advance(28 * HOUR_MS);
        both();
        both();
        // It has slept over both moments of the second: one of each.
        let mut admin = app.administrator();
        assert_eq!(heard(&mut admin), (2, 2));
    });
}

#[test]
fn each_of_many_contacts_gets_an_equal_task() {
    for_each_app(|app| {
        let (mut admin, mut worker) = (app.administrator(), app.with_user(Role::Employee));
        let contacts: Vec<Json> = (0..3).map(|at| admin.create_contact(person(&format!("Клієнт{at}")))).collect();
        let own = worker.create_contact(person("Свій"));
        let mut ids: Vec<Json> = contacts.iter().map(|contact| contact["id"].clone()).collect();
        let body = |ids: &[Json], values: Json| json!({ "field": "contact", "ids": ids, "values": values });
        let path = "/records/task/for-each";
        for (input, pointer) in [
            (body(&ids, json!({})), "/values/title"),
            (json!({ "field": "title", "ids": ids, "values": { "title": "Подзвонити" } }), "/field"),
        ] {
            assert_eq!(field_errors(&expect(&admin.post(path, &input), 422))[0].0, pointer);
        }
        let values = json!({ "title": "Привітати", "category": "call", "deadline": "2027-01-01T09:00:00Z" });
        let started = expect(&admin.post(path, &body(&ids, values.clone())), 202);
        let job = admin.wait_for_job(&started["job"]);
        assert_eq!((&job["report"]["created"], &job["report"]["failed_count"]), (&json!(3), &json!(0)), "{job}");
        let found = expect(&admin.get("/records/task?sort=id"), 200);
        let of: Vec<&Json> =
            found["items"].as_array().unwrap().iter().map(|task| &task["values"]["contact"]["id"]).collect();
        assert_eq!(of, ids.iter().collect::<Vec<_>>());
        // One undo for all.
        expect(&admin.post(&format!("/operations/{}/undo", job["report"]["operation_id"]), &json!({})), 200);
        assert_eq!(expect(&admin.get("/records/task"), 200)["items"], json!([]));

        // Of cards that he may not see nobody makes tasks, and hears no more than that.
        ids.push(own["id"].clone());
        let started = expect(&worker.post(path, &body(&ids, values)), 202);
        let job = worker.wait_for_job(&started["job"]);
        assert_eq!((&job["report"]["created"], &job["report"]["failed_count"]), (&json!(1), &json!(3)), "{job}");
        let all = json!({ "field": "contact", "filter": "all", "values": { "title": "Усім" } });
        let started = expect(&worker.post(path, &all), 202);
        let job = worker.wait_for_job(&started["job"]);
        assert_eq!(job["report"]["created"], 1, "all that he sees: {job}");
    });
}

#[test]
fn what_is_planned_for_a_group_is_found_by_it() {
    for_each_app(|app| {
        let mut user = app.with_user(Role::Administrator);
        let made = |user: &mut User, object_type: &str, values: Json| {
            expect(&user.post(&format!("/records/{object_type}"), &json!({ "values": values })), 201)["record"]["id"]
                .clone()
        };
        let dealers = made(&mut user, "group", json!({ "name": "Дилери", "kind": "manual" }));
        let shared = made(&mut user, "task", json!({ "title": "Спільний план", "contact_group": dealers }));
        made(&mut user, "task", json!({ "title": "Своя справа" }));
        let event = made(&mut user, "event", json!({ "title": "Нарада", "contact_group": dealers }));
        for (object_type, expected) in [("task", shared), ("event", event)] {
            let filter = encoded(&format!("contact_group in ({dealers})"));
            let found = expect(&user.get(&format!("/records/{object_type}?filter={filter}")), 200);
            let ids: Vec<&Json> = found["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
            assert_eq!(ids, [&expected]);
        }
        let unknown = json!({ "values": { "title": "Ні", "contact_group": 9_999_999 } });
        assert_eq!(
            field_errors(&expect(&user.post("/records/task", &unknown), 422)),
            [("/values/contact_group".to_owned(), "unknown_record".to_owned())]
        );
    });
}
