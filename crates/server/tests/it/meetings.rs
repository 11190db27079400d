//! Events over HTTP: who takes part, who may see one, when it is over, what belongs to it.

use modules::reminders::remind;
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, encoded, expect, field_errors, for_each_app};
use crate::it::person::person;

const NOW: i64 = 1_795_334_400_000;

fn event(user: &mut User, values: Json) -> Json {
    expect(&user.post("/records/event", &json!({ "values": values })), 201)["record"].clone()
}

fn path(event: &Json) -> String {
    format!("/records/event/{}", event["id"])
}

fn kinds(user: &mut User) -> Vec<String> {
    let found = expect(&user.get("/session/notifications"), 200);
    found["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

fn found(user: &mut User, object_type: &str, filter: &str) -> Vec<Json> {
    let found = expect(&user.get(&format!("/records/{object_type}?sort=id&filter={}", encoded(filter))), 200);
    found["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
}

#[test]
fn people_of_the_base_take_part_and_colleagues_are_told() {
    for_each_app(|app| {
        let (mut owner, mut colleague) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let (guest, other) = (owner.create_contact(person("Гість")), owner.create_contact(person("Друга")));
        let times = json!({
            "title": "Семінар", "kind": "seminar", "starts_at": "2026-12-01T08:00:00Z", "ends_at": "2026-12-01T10:00:00Z",
            "contacts": [guest["id"], other["id"]], "colleagues": [colleague.id],
        });
        let made = event(&mut owner, times);
        assert_eq!((&made["values"]["status"], &made["values"]["visibility"]), (&json!("planned"), &json!("write")));
        assert_eq!(made["values"]["responsible"]["id"], json!(owner.id));
        assert_eq!(kinds(&mut colleague), ["made_participant"]);
        let filter = format!("contacts has {}", guest["id"]);
        assert_eq!(found(&mut owner, "event", &filter), [made["id"].clone()]);
        // One who is no longer coming is taken out; the rest stays.
        let left = json!({ "values": { "contacts": [other["id"]] } });
        expect(&colleague.patch(&path(&made), &left), 200);
        assert!(found(&mut owner, "event", &filter).is_empty());
        let refused = json!({ "values": { "ends_at": "2026-12-01T07:00:00Z" } });
        let refused = expect(&owner.patch(&path(&made), &refused), 422);
        assert_eq!(field_errors(&refused), [("/values/starts_at".to_owned(), "after_end".to_owned())]);
    });
}

#[test]
fn an_event_is_open_to_all_unless_it_is_restricted() {
    for_each_app(|app| {
        let (mut owner, mut editor) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let (mut colleague, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let open = event(&mut owner, json!({ "title": "Виставка" }));
        let place = json!({ "values": { "place": "Київ" } });
        expect(&stranger.patch(&path(&open), &place), 200);
        expect(&stranger.delete(&path(&open)), 403);
        let values =
            json!({ "title": "Рада", "visibility": "private", "editors": [editor.id], "colleagues": [colleague.id] });
        let closed = event(&mut owner, values);
        expect(&stranger.get(&path(&closed)), 404);
        expect(&editor.patch(&path(&closed), &place), 200);
        expect(&colleague.patch(&path(&closed), &json!({ "values": { "place": "Львів" } })), 200);
        assert_eq!(kinds(&mut editor), ["access_to_change"]);
        // Whose it becomes is told, once.
        expect(&owner.patch(&path(&closed), &json!({ "values": { "responsible": stranger.id } })), 200);
        assert_eq!(kinds(&mut stranger), ["made_responsible"]);
    });
}

#[test]
fn what_is_over_is_closed_and_what_belongs_to_an_event_goes_with_its_rights() {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = App::with_clock(database, clock.clone());
        let (mut owner, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let made = event(&mut owner, json!({ "title": "Зустріч", "visibility": "private" }));
        let part = json!({ "values": { "event": made["id"], "text": "Зал на 40 місць" } });
        let comment = expect(&owner.post("/records/comment", &part), 201);
        let comment = format!("/records/comment/{}", comment["record"]["id"]);
        expect(&stranger.get(&comment), 404);
        let task = json!({ "values": { "event": made["id"], "title": "Замовити каву" } });
        let task = expect(&owner.post("/records/task", &task), 201);
        assert_eq!(found(&mut owner, "task", &format!("event = {}", made["id"])), [task["record"]["id"].clone()]);

        let held = expect(&owner.patch(&path(&made), &json!({ "values": { "status": "held" } })), 200);
        assert_eq!(held["record"]["values"]["closed_at"], "2026-11-22T08:00:00.000Z");
        assert!(found(&mut owner, "event", "status.meaning = open").is_empty());
        expect(&owner.post(&format!("/operations/{}/undo", held["operation_id"]), &json!({})), 200);
        assert_eq!(found(&mut owner, "event", "status.meaning = open"), [made["id"].clone()]);
        expect(&owner.delete(&path(&made)), 200);
        assert!(found(&mut owner, "event", "all").is_empty());
    });
}

/// How many events a user was reminded of.
fn reminded(user: &mut User) -> usize {
    kinds(user).iter().filter(|kind| *kind == "event_soon").count()
}

#[test]
fn who_takes_part_is_reminded_once_by_his_own_clock() {
    const HOUR_MS: i64 = 3_600_000;
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = App::with_clock(database, clock.clone());
        let mut owner = app.with_user(Role::Employee);
        let (mut kyiv, mut quiet) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        for (user, zone) in [(&mut owner, "UTC"), (&mut kyiv, "Europe/Kyiv")] {
            expect(&user.patch("/session", &json!({ "time_zone": zone })), 200);
        }
        let off = json!({ "kind": "event_soon", "page": false, "mail": false, "push": false });
        expect(&quiet.patch("/session/notification-settings", &off), 200);
        let two_processes = || {
            let other = app.beside();
            std::thread::scope(|scope| {
                [&app, &other].into_iter().for_each(|app| drop(scope.spawn(|| remind(&app.engine).unwrap())));
            });
        };
        // It is 08:00 UTC. Until somebody says otherwise it is a quarter of an hour before; without a beginning nobody is reminded.
        let colleagues = json!([kyiv.id, quiet.id]);
        let usual = event(
            &mut owner,
            json!({ "title": "Нарада", "starts_at": "2026-11-22T09:00:00Z", "colleagues": colleagues }),
        );
        assert_eq!(usual["values"]["reminder"], "minutes_15");
        event(&mut owner, json!({ "title": "Колись", "colleagues": colleagues }));
        event(
            &mut owner,
            json!({ "title": "Тихо", "starts_at": "2026-11-22T09:00:00Z", "reminder": "never", "colleagues": colleagues }),
        );
        let over = event(
            &mut owner,
            json!({ "title": "Скасована", "starts_at": "2026-11-22T09:00:00Z", "colleagues": colleagues }),
        );
        expect(&owner.patch(&path(&over), &json!({ "values": { "status": "cancelled" } })), 200);
        clock.advance(44 * 60_000);
        two_processes();
        assert_eq!((reminded(&mut owner), reminded(&mut kyiv)), (0, 0));
        clock.advance(60_000);
        two_processes();
        two_processes();
        assert_eq!((reminded(&mut owner), reminded(&mut kyiv), reminded(&mut quiet)), (1, 1, 0));
        // Written after it was told, or by a clock that goes back, it is not told again; put off, it is told at its new time, to whoever takes part by then.
        expect(&owner.patch(&path(&usual), &json!({ "values": { "place": "Львів" } })), 200);
        clock.advance(-HOUR_MS);
        two_processes();
        clock.advance(HOUR_MS);
        two_processes();
        assert_eq!((reminded(&mut owner), reminded(&mut kyiv)), (1, 1));
        let later = json!({ "values": { "starts_at": "2026-11-22T10:00:00Z", "colleagues": [quiet.id] } });
        expect(&owner.patch(&path(&usual), &later), 200);
        clock.advance(HOUR_MS);
        two_processes();
        assert_eq!((reminded(&mut owner), reminded(&mut kyiv)), (2, 1));
        // Whole days begin at nine in the morning of each: in Kyiv two hours before it is nine in UTC.
        let days = json!({
            "title": "Виставка", "starts_at": "2026-11-25T00:00:00Z", "ends_at": "2026-11-25T23:59:00Z", "is_all_day": true,
            "reminder": "hour", "colleagues": [kyiv.id],
        });
        event(&mut owner, days);
        clock.advance(68 * HOUR_MS + HOUR_MS / 4);
        two_processes();
        assert_eq!((reminded(&mut owner), reminded(&mut kyiv)), (2, 2));
        clock.advance(2 * HOUR_MS);
        two_processes();
        assert_eq!((reminded(&mut owner), reminded(&mut kyiv)), (3, 2));
    });
}
