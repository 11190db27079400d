//! Work schedules (US13): outside of his hours nobody works, by whatever door; administrators do, and who was let in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use database::Backend;
use kartoteka::http_client::{Answer, Connection};
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;

use crate::it::address_book::BOOK;
use crate::it::app::{App, PASSWORD, User, encoded, expect, field_errors};
use crate::it::events::Events;
use crate::it::person::person;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// 2026-11-23T08:00:00Z, a Monday; in Kyiv it is ten o'clock.
const NOW: i64 = 1_795_420_800_000;

/// Runs a test on each kind of database, at a time that it moves.
fn for_each_office(test: impl Fn(&App, &Clock)) {
    for backend in test_kit::backends() {
        let clock = Clock::fixed(NOW);
        test(&App::with_clock(TestDatabase::new(*backend), clock.clone()), &clock);
    }
}

fn office() -> Json {
    let day = json!([{ "from": "09:00", "to": "18:00" }]);
    week(&[&day, &day, &day, &day, &day, &json!([]), &json!([])])
}

fn week(days: &[&Json]) -> Json {
    json!(json!({ "kind": "week", "days": days }).to_string())
}

fn create(user: &mut User, object_type: &str, values: &Json) -> Json {
    expect(&user.post(&format!("/records/{object_type}"), &json!({ "values": values })), 201)
}

/// Makes a schedule with office hours; gives its id.
fn schedule(keeper: &mut User) -> i64 {
    create(keeper, "schedule", &json!({ "name": "Офіс", "hours": office() }))["record"]["id"].as_i64().unwrap()
}

fn change(keeper: &mut User, path: &str, values: &Json) -> Answer {
    keeper.patch(&format!("/records/{path}"), &json!({ "values": values }))
}

fn login_of(administrator: &mut User, id: i64) -> String {
    let user = expect(&administrator.get(&format!("/records/user/{id}")), 200);
    user["values"]["login"].as_str().unwrap().to_owned()
}

fn try_to_log_in(app: &App, login: &str, password: &str) -> Answer {
    app.anonymous().post("/session", &json!({ "login": login, "password": password }))
}

/// An administrator, an employee with office hours, his login, the schedule.
fn employed(app: &App) -> (User, User, String, i64) {
    let (mut administrator, employee) = (app.administrator(), app.with_user(Role::Employee));
    let login = login_of(&mut administrator, employee.id);
    let schedule = schedule(&mut administrator);
    expect(&change(&mut administrator, &format!("user/{}", employee.id), &json!({ "schedule": schedule })), 200);
    (administrator, employee, login, schedule)
}

#[test]
fn outside_of_his_hours_nobody_comes_in() {
    for_each_office(|app, clock| {
        let (mut administrator, mut employee, login, _) = employed(app);
        let session = expect(&employee.get("/session"), 200);
        let hours = json!({ "open_until": "2026-11-23T16:00:00.000Z", "remaining_ms": 8 * HOUR_MS });
        assert_eq!(session["working_hours"], hours);
        assert_eq!(expect(&administrator.get("/session"), 200)["working_hours"], Json::Null);

        clock.advance(8 * HOUR_MS - 1);
        expect(&employee.get("/session"), 200);
        clock.advance(1);
        assert_eq!(expect(&employee.get("/records/contact"), 401)["code"], "unauthenticated");
        // More often than wrong passwords would be looked at: right ones are no guesses.
        for _ in 0..12 {
            let refused = expect(&try_to_log_in(app, &login, PASSWORD), 403);
            assert_eq!(refused["code"], "outside_hours");
            assert_eq!(refused["params"]["opens_at"], "2026-11-24T07:00:00.000Z");
        }
        // Who does not know the password learns nothing of the hours.
        assert_eq!(expect(&try_to_log_in(app, &login, "guess"), 401)["code"], "wrong_credentials");
        assert_eq!(expect(&administrator.get("/session"), 200)["user"]["login"], "administrator");

        clock.advance(15 * HOUR_MS);
        assert_eq!(expect(&employee.get("/session"), 401)["code"], "unauthenticated", "the session has ended");
        app.log_in(&login);

        let told = |administrator: &mut User, query: &str| {
            expect(&administrator.get(&format!("/audit?{query}")), 200)["items"].as_array().unwrap().clone()
        };
        let refused = told(&mut administrator, "kinds=login&outcome=denied");
        assert_eq!(refused[0]["details"]["reason"], "outside_work_schedule");
        assert_eq!(refused[0]["record"]["id"], employee.id);
        let ended = told(&mut administrator, "kinds=session_ended");
        assert_eq!(ended[0]["details"]["reason"], "outside_work_schedule");
        let made = told(&mut administrator, "kinds=schedule_changed");
        assert_eq!(made[0]["details"]["action"], "created");
    });
}

#[test]
fn streams_keys_and_programs_end_with_the_hours() {
    for_each_office(|app, clock| {
        let (mut administrator, mut employee, login, _) = employed(app);
        let made = expect(&employee.post("/session/api-keys", &json!({ "name": "Склад", "may_write": true })), 201);
        let bearer = format!("Bearer {}", made["key"].as_str().unwrap());
        let program = || {
            let headers = [("authorization", bearer.as_str())];
            Connection::new(app.address).send("GET", "/api/v1/records/contact", &headers, &[]).unwrap()
        };
        let made =
            expect(&employee.post("/session/app-passwords", &json!({ "name": "Pixel", "contacts": "own" })), 201);
        let basic = STANDARD.encode(format!("{login}:{}", made["password"].as_str().unwrap()));
        let phone = || {
            let headers = [("authorization", &*format!("Basic {basic}")), ("depth", "0")];
            Connection::new(app.address).send("PROPFIND", BOOK, &headers, &[]).unwrap().status
        };
        let mut stream = Events::open(&mut employee, &[]);
        let mut stream_of_program = {
            let headers = [("authorization", bearer.as_str())];
            Events::open(&mut app.anonymous(), &headers)
        };
        assert_eq!((program().status, phone()), (200, 207));

        clock.advance(9 * HOUR_MS);
        let refused = expect(&program(), 403);
        assert_eq!(
            (&refused["code"], &refused["params"]["opens_at"]),
            (&json!("outside_hours"), &json!("2026-11-24T07:00:00.000Z"))
        );
        assert_eq!(phone(), 403);
        // Whatever happens next is not told any more.
        administrator.create_contact(person("Шевчук"));
        let told =
            |stream: &mut Events| std::iter::from_fn(|| stream.next()).map(|event| event.name).collect::<Vec<_>>();
        let names = told(&mut stream);
        assert_eq!(names.last().map(String::as_str), Some("session_ended"));
        assert!(!names.contains(&"records".to_owned()), "{names:?}");
        assert!(!told(&mut stream_of_program).contains(&"records".to_owned()));

        clock.advance(15 * HOUR_MS);
        assert_eq!((program().status, phone()), (200, 207));
    });
}

#[test]
fn administrators_come_in_always_and_see_as_others_do() {
    for_each_office(|app, clock| {
        let (mut administrator, employee, _, schedule) = employed(app);
        let own = format!("user/{}", administrator.id);
        expect(&change(&mut administrator, &own, &json!({ "schedule": schedule })), 200);
        clock.advance(12 * HOUR_MS);
        let mut administrator = app.administrator();
        let hours = expect(&administrator.get("/session/hours"), 200);
        assert_eq!((&hours["is_exempt"], &hours["is_open"]), (&json!(true), &json!(true)));
        expect(&administrator.post("/session/see-as", &json!({ "user_id": employee.id })), 204);
        assert_eq!(expect(&administrator.get("/session"), 200)["user"]["id"], employee.id);
        expect(&administrator.get("/records/contact"), 200);
    });
}

#[test]
fn who_is_let_in_works_until_then() {
    for_each_office(|app, clock| {
        let (mut administrator, mut employee, login, _) = employed(app);
        clock.advance(9 * HOUR_MS);
        let path = format!("/users/{}/admission", employee.id);
        let until = |hours: i64| record_engine::context::instant_text(clock.now_ms() + hours * HOUR_MS);
        let input = |hours: i64| json!({ "until": until(hours), "reason": "Звіт до ранку" });
        let refused = expect(&administrator.post(&path, &json!({ "until": until(-1), "reason": " " })), 422);
        let errors = [("/reason", "required"), ("/until", "admission_time")];
        assert_eq!(field_errors(&refused), errors.map(|(at, code)| (at.to_owned(), code.to_owned())));
        expect(&administrator.post(&path, &input(24 * 40)), 422);

        let admitted = expect(&administrator.post(&path, &input(2)), 200);
        let mut late = app.log_in(&login);
        assert_eq!(expect(&late.get("/session"), 200)["working_hours"]["open_until"], until(2));
        // He lets nobody in, himself least of all.
        expect(&late.post(&path, &input(20)), 403);
        expect(&late.get(&format!("/users/{}/hours", administrator.id)), 403);
        assert_eq!(expect(&late.get("/session/hours"), 200)["admitted_until"], until(2));

        let undo = format!("/operations/{}/undo", admitted["operation_id"]);
        expect(&administrator.send("POST", &undo, &[], &json!({})), 200);
        expect(&late.get("/session"), 401);
        expect(&administrator.post(&path, &input(2)), 200);
        let mut late = app.log_in(&login);
        expect(&administrator.send("DELETE", &path, &[], &json!({})), 200);
        expect(&late.get("/session"), 401);

        expect(&administrator.post(&path, &input(2)), 200);
        let mut late = app.log_in(&login);
        clock.advance(2 * HOUR_MS);
        expect(&late.get("/session"), 401);
        expect(&employee.get("/session"), 401);

        let told = expect(&administrator.get("/audit?kinds=schedule_extended"), 200);
        let told = told["items"].as_array().unwrap();
        // Let in, taken back by undo, let in, ended, let in.
        assert_eq!((told.len(), &told[0]["details"]["reason"]), (5, &json!("Звіт до ранку")));
        assert_eq!(told[1]["details"]["until"], Json::Null);
    });
}

#[test]
fn holidays_and_own_days_close_and_open() {
    for_each_office(|app, clock| {
        let (mut administrator, mut employee, login, schedule) = employed(app);
        let own = format!("user/{}", employee.id);
        let holiday = create(&mut administrator, "holiday", &json!({ "name": "Свято", "date": "2026-11-23" }));
        assert_eq!(expect(&employee.get("/session"), 401)["code"], "unauthenticated");
        let hours = expect(&administrator.get(&format!("/users/{}/hours", employee.id)), 200);
        assert_eq!(hours["days"][0], json!({ "date": "2026-11-23", "hours": [], "cause": "holiday", "name": "Свято" }));
        assert_eq!(hours["opens_at"], "2026-11-24T07:00:00.000Z");

        // An own day goes before the holiday; a shift schedule does not know holidays at all.
        let duty = json!([{ "from": "2026-11-23", "to": "2026-11-23", "hours": [{ "from": "10:00", "to": "11:00" }] }]);
        expect(&change(&mut administrator, &own, &json!({ "own_days": duty.to_string() })), 200);
        let mut on_duty = app.log_in(&login);
        assert_eq!(expect(&on_duty.get("/session"), 200)["working_hours"]["remaining_ms"], HOUR_MS);
        expect(&change(&mut administrator, &own, &json!({ "own_days": null })), 200);
        expect(&on_duty.get("/session"), 401);
        let path = format!("schedule/{schedule}");
        expect(&change(&mut administrator, &path, &json!({ "observes_holidays": false })), 200);
        app.log_in(&login);
        expect(&change(&mut administrator, &path, &json!({ "observes_holidays": true })), 200);
        assert_eq!(expect(&try_to_log_in(app, &login, PASSWORD), 403)["code"], "outside_hours");
        let id = holiday["record"]["id"].as_i64().unwrap();
        expect(&administrator.delete(&format!("/records/holiday/{id}")), 200);
        app.log_in(&login);

        // Colleagues do not see who is away when.
        let mut colleague = app.with_user(Role::Employee);
        let seen = expect(&colleague.get(&format!("/records/{own}")), 200);
        assert!(seen["values"].get("own_days").is_none() && seen["values"].get("admitted_until").is_none(), "{seen}");
        clock.advance(MINUTE_MS);
    });
}

#[test]
fn nobody_moves_his_own_hours() {
    for_each_office(|app, _| {
        let (mut administrator, mut employee, login, schedule) = employed(app);
        let own = format!("user/{}", employee.id);
        let zone = json!({ "time_zone": "Pacific/Auckland" });
        let refused = expect(&employee.patch("/session", &zone), 422);
        assert_eq!(field_errors(&refused), [("/time_zone".to_owned(), "own_schedule".to_owned())]);
        expect(&employee.patch("/session", &json!({ "name": "Інша Назва" })), 200);
        for refused in [
            employee.post("/records/schedule", &json!({ "values": { "name": "Своє", "hours": office() } })),
            change(&mut employee, &format!("schedule/{schedule}"), &json!({ "name": "Вільний" })),
            change(&mut employee, &own, &json!({ "schedule": null })),
        ] {
            assert!([403, 422].contains(&refused.status), "{}", refused.text());
        }
        // Hours that are meant in the zone of the schedule do not move with the person.
        let path = format!("schedule/{schedule}");
        expect(&change(&mut administrator, &path, &json!({ "time_zone": "Europe/Kyiv" })), 200);
        expect(&employee.patch("/session", &zone), 200);
        expect(&change(&mut administrator, &path, &json!({ "time_zone": "Mars/Olympus" })), 422);

        // Who keeps the users keeps the hours of others.
        let rights = json!({ "base": "employee", "features": { "users": true } }).to_string();
        let role = create(&mut administrator, "role", &json!({ "name": "Кадри", "rights": rights }));
        let other = app.with_user(Role::Employee);
        let roles = json!({ "roles": [role["record"]["id"]] });
        expect(&change(&mut administrator, &format!("user/{}", employee.id), &roles), 200);
        let mut keeper = app.log_in(&login);
        let of_other = json!({ "schedule": schedule });
        expect(&change(&mut keeper, &format!("user/{}", other.id), &of_other), 200);
        let refused = change(&mut keeper, &own, &json!({ "schedule": null }));
        assert_eq!(field_errors(&expect(&refused, 422))[0].1, "own_schedule");
        let input = json!({ "until": "2026-11-23T20:00:00Z", "reason": "Так" });
        expect(&keeper.post(&format!("/users/{}/admission", keeper.id), &input), 422);
        expect(&keeper.post(&format!("/users/{}/admission", other.id), &input), 200);
        let refused = change(&mut keeper, &path, &json!({ "minutes_after": 200 }));
        assert_eq!(expect(&refused, 409)["code"], "own_schedule");
        create(&mut keeper, "schedule", &json!({ "name": "Ніч", "hours": office() }));
    });
}

#[test]
fn schedules_are_records_with_history_and_rules() {
    for_each_office(|app, _| {
        let (mut administrator, mut employee, _, schedule) = employed(app);
        let path = format!("schedule/{schedule}");
        let refused = |answer: &Answer| field_errors(&expect(answer, 422))[0].1.clone();
        for (hours, code) in [
            ("{}", "hours_invalid"),
            (r#"{"kind": "week", "days": [[], [], [], [], [], [], []]}"#, "schedule_is_empty"),
            (r#"{"kind": "week", "days": [[]]}"#, "schedule_days"),
        ] {
            assert_eq!(refused(&change(&mut administrator, &path, &json!({ "hours": hours }))), code);
        }
        assert_eq!(refused(&change(&mut administrator, &path, &json!({ "minutes_after": 1_000 }))), "out_of_range");
        assert_eq!(expect(&administrator.delete(&format!("/records/{path}")), 409)["code"], "schedule_in_use");

        // It is ten o'clock: hours from noon on end the session at once, and undo does not bring it back.
        let noon = json!([{ "from": "12:00", "to": "18:00" }]);
        let later = week(&[&noon, &noon, &noon, &noon, &noon, &noon, &noon]);
        let changed = expect(&change(&mut administrator, &path, &json!({ "hours": later })), 200);
        expect(&employee.get("/session"), 401);
        let undo = format!("/operations/{}/undo", changed["operation_id"]);
        expect(&administrator.send("POST", &undo, &[], &json!({})), 200);
        let login = login_of(&mut administrator, employee.id);
        let mut employee = app.log_in(&login);

        // Everybody may read the schedules, and finds his own.
        let filter = encoded(&format!("id = {schedule}"));
        let seen = expect(&employee.get(&format!("/records/schedule?filter={filter}")), 200);
        assert_eq!(seen["items"][0]["title"], "Офіс");
        let own = expect(&employee.get("/session/hours"), 200);
        assert_eq!((&own["schedule"]["title"], &own["time_zone"]), (&json!("Офіс"), &json!("Europe/Kyiv")));
        assert_eq!(own["days"][0]["hours"], json!([{ "from": "09:00", "to": "18:00" }]));
        assert_eq!(own["days"].as_array().unwrap().len(), 14);
    });
}

#[test]
fn a_change_counts_at_once_in_every_process() {
    if !test_kit::backends().contains(&Backend::Postgres) {
        return;
    }
    let clock = Clock::fixed(NOW);
    let app = App::with_clock(TestDatabase::postgres(), clock);
    let beside = app.beside();
    let (mut administrator, employee, _, schedule) = employed(&app);
    let mut connection = Connection::new(beside.address);
    connection.cookie.clone_from(&employee.connection.cookie);
    let mut there = User { id: employee.id, connection };
    expect(&there.get("/session"), 200);
    let mut stream = Events::open(&mut there, &[]);
    let night = json!([{ "from": "22:00", "to": "06:00" }]);
    let night = week(&[&night, &night, &night, &night, &night, &night, &night]);
    expect(&change(&mut administrator, &format!("schedule/{schedule}"), &json!({ "hours": night })), 200);
    let names: Vec<String> = std::iter::from_fn(|| stream.next()).map(|event| event.name).collect();
    assert_eq!(names.last().map(String::as_str), Some("session_ended"));
    expect(&there.get("/session"), 401);
    drop(beside);
}
