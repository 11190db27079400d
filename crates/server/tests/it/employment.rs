//! Who a user is to the company (US02), and what ends with his last day.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kartoteka::http_client::Connection;
use modules::notifications::write_due;
use record_engine::{Clock, Role};
use serde_json::json;
use test_kit::TestDatabase;

use crate::it::address_book::BOOK;
use crate::it::app::{App, PASSWORD, User, encoded, expect, field_errors, until};
use crate::it::events::Events;
use crate::it::letters::{deliver, with_mail};
use crate::it::person::person;
use crate::it::receiver::Receiver;

const HOUR_MS: i64 = 3_600_000;
/// 2026-11-23T08:00:00Z; in Kyiv the day ends fourteen hours later.
const NOW: i64 = 1_795_420_800_000;

fn for_each_day(test: impl Fn(&App, &Clock)) {
    for backend in test_kit::backends() {
        let clock = Clock::fixed(NOW);
        test(&App::with_clock(TestDatabase::new(*backend), clock.clone()), &clock);
    }
}

#[test]
fn a_user_is_an_employee_or_somebody_else_and_is_found_by_it() {
    for_each_day(|app, _| {
        let mut administrator = app.administrator();
        let new = |login: &str, more: serde_json::Value| {
            let mut input = json!({ "name": "Гість", "login": login, "password": PASSWORD, "roles": [3] });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            input
        };
        let made = expect(&administrator.post("/users", &new("plain", json!({}))), 201);
        assert_eq!(made["record"]["values"]["user_kind"], "employee");
        let partner = expect(&administrator.post("/users", &new("partner", json!({ "user_kind": "partner" }))), 201);
        let refused = administrator.post("/users", &new("temp", json!({ "user_kind": "temporary" })));
        assert_eq!(field_errors(&expect(&refused, 422)), [("/active_until".to_owned(), "required".to_owned())]);
        let refused = administrator.post("/users", &new("temp", json!({ "user_kind": "guest" })));
        assert_eq!(field_errors(&expect(&refused, 422)), [("/user_kind".to_owned(), "unknown_option".to_owned())]);
        let invited = json!({ "name": "Тимчасова", "email": "temp@example.org", "roles": [3], "user_kind": "temporary", "active_until": "2026-12-31" });
        let invited = expect(&administrator.post("/invitations", &invited), 201);
        assert_eq!(invited["record"]["values"]["active_until"], "2026-12-31");

        let filter = encoded("user_kind in (partner, temporary)");
        let found = expect(&administrator.get(&format!("/records/user?sort=id&filter={filter}")), 200);
        let ids: Vec<_> = found["items"].as_array().unwrap().iter().map(|user| user["id"].clone()).collect();
        assert_eq!(ids, [partner["record"]["id"].clone(), invited["record"]["id"].clone()]);

        // Until when somebody is there is for those who keep the users.
        let mut colleague = app.with_user(Role::Employee);
        let seen = expect(&colleague.get(&format!("/records/user/{}", invited["record"]["id"])), 200);
        assert_eq!(seen["values"]["user_kind"], "temporary");
        assert!(seen["values"].get("active_until").is_none(), "{seen}");

        // A partner who becomes a temporary worker needs a last day, and an administrator has none.
        let path = format!("/records/user/{}", partner["record"]["id"]);
        let refused = administrator.patch(&path, &json!({ "values": { "user_kind": "temporary" } }));
        assert_eq!(field_errors(&expect(&refused, 422)), [("/values/active_until".to_owned(), "required".to_owned())]);
        expect(&administrator.patch(&path, &json!({ "values": { "active_until": "2026-12-01" } })), 200);
        for (path, values) in [
            (format!("/records/user/{}", administrator.id), json!({ "active_until": "2026-12-01" })),
            (path, json!({ "roles": [1] })),
        ] {
            let refused = administrator.patch(&path, &json!({ "values": values }));
            let code = [("/values/active_until".to_owned(), "administrators_stay".to_owned())];
            assert_eq!(field_errors(&expect(&refused, 422)), code);
        }
    });
}

#[test]
fn nothing_acts_for_a_user_after_his_last_day() {
    for_each_day(|app, clock| {
        let sink = with_mail(app);
        let mut administrator = app.administrator();
        let input = json!({ "name": "Тимчасовий", "login": "temp", "password": PASSWORD, "email": "temp@example.org", "roles": [2], "user_kind": "temporary", "active_until": "2026-11-24" });
        let id = expect(&administrator.post("/users", &input), 201)["record"]["id"].clone();
        let receiver = Receiver::new();
        let subscriptions = json!([{ "type": "contact", "actions": ["created"] }]);
        let webhook = json!({ "name": "Склад", "url": receiver.url(), "user_id": id, "subscriptions": subscriptions });
        let webhook = expect(&administrator.post("/webhooks", &webhook), 201);
        let path = format!("/webhooks/{}", webhook["id"]);
        clock.advance(37 * HOUR_MS);
        let mut administrator = app.administrator();
        let share = |administrator: &mut User, name: &str| {
            let contact = administrator.create_contact(person(name));
            let change = json!({ "values": { "readers": [id] } });
            expect(&administrator.patch(&format!("/records/contact/{}", contact["id"]), &change), 200);
        };
        let letters = || {
            clock.advance(HOUR_MS / 2);
            write_due(&app.engine, None).unwrap();
            deliver(app);
            sink.received_by("temp@example.org").len()
        };
        share(&mut administrator, "Перший");
        // What is being sent when the clock goes on would be sent once more.
        assert_eq!(receiver.wait_for(1).len(), 1);
        until(|| expect(&administrator.get(&format!("{path}/deliveries")), 200)["items"][0]["state"] == "done");
        assert_eq!(letters(), 1);

        clock.advance(HOUR_MS);
        let mut administrator = app.administrator();
        share(&mut administrator, "Другий");
        assert_eq!(letters(), 1);
        until(|| expect(&administrator.get(&path), 200)["off_reason"] == "user_inactive");
        assert_eq!(receiver.received().len(), 1);
    });
}

#[test]
fn everything_of_a_user_ends_with_his_last_day() {
    for_each_day(|app, clock| {
        let mut administrator = app.administrator();
        let input = json!({ "name": "Тимчасовий", "login": "temp", "password": PASSWORD, "roles": [3], "user_kind": "temporary", "active_until": "2026-11-24" });
        let id = expect(&administrator.post("/users", &input), 201)["record"]["id"].clone();
        let path = format!("/records/user/{id}");
        let mut temporary = app.log_in("temp");
        // More than a day ahead nothing is said of the end; then it is, as that of working hours.
        assert!(expect(&temporary.get("/session"), 200)["working_hours"].is_null());
        clock.advance(24 * HOUR_MS);
        let session = expect(&temporary.get("/session"), 200);
        assert_eq!(session["working_hours"]["open_until"], "2026-11-24T22:00:00.000Z");
        // Nobody gives himself another day, and his own zone moves nothing.
        expect(&temporary.patch(&path, &json!({ "values": { "active_until": "2027-11-24" } })), 422);
        expect(&temporary.patch("/session", &json!({ "time_zone": "Pacific/Honolulu" })), 200);

        // Who makes keys has shown lately who he is.
        let mut temporary = app.log_in("temp");
        let made = expect(&temporary.post("/session/api-keys", &json!({ "name": "Склад", "may_write": true })), 201);
        let bearer = format!("Bearer {}", made["key"].as_str().unwrap());
        let program = || {
            let headers = [("authorization", bearer.as_str())];
            Connection::new(app.address).send("GET", "/api/v1/records/contact", &headers, &[]).unwrap()
        };
        let made =
            expect(&temporary.post("/session/app-passwords", &json!({ "name": "Pixel", "contacts": "own" })), 201);
        let basic = STANDARD.encode(format!("temp:{}", made["password"].as_str().unwrap()));
        let phone = || {
            let headers = [("authorization", &*format!("Basic {basic}")), ("depth", "0")];
            Connection::new(app.address).send("PROPFIND", BOOK, &headers, &[]).unwrap().status
        };
        let mut stream = Events::open(&mut temporary, &[]);
        assert_eq!((program().status, phone()), (200, 207));

        clock.advance(14 * HOUR_MS - 1);
        expect(&temporary.get("/session"), 200);
        clock.advance(1);
        assert_eq!(expect(&program(), 403)["code"], "account_over");
        assert_eq!(phone(), 403);
        app.administrator().create_contact(person("Шевчук"));
        let names: Vec<String> = std::iter::from_fn(|| stream.next()).map(|event| event.name).collect();
        assert_eq!(names.last().map(String::as_str), Some("session_ended"));
        assert!(!names.contains(&"records".to_owned()), "{names:?}");
        expect(&temporary.get("/session"), 401);
        let login =
            |password: &str| app.anonymous().post("/session", &json!({ "login": "temp", "password": password }));
        assert_eq!(expect(&login(PASSWORD), 403)["code"], "account_over");
        // Who does not know the password hears nothing of it.
        assert_eq!(expect(&login("Вгадай-мене-1"), 401)["code"], "wrong_credentials");
        let mut administrator = app.administrator();
        let told = expect(&administrator.get("/audit?kinds=login&outcome=denied"), 200);
        assert_eq!(told["items"][0]["details"]["reason"], "account_over", "{told}");

        // Another day opens everything again but the session, which is gone.
        expect(&administrator.patch(&path, &json!({ "values": { "active_until": "2026-11-30" } })), 200);
        assert_eq!((program().status, phone()), (200, 207));
        expect(&temporary.get("/session"), 401);
        expect(&app.log_in("temp").get("/session"), 200);
        expect(&administrator.patch(&path, &json!({ "values": { "active_until": "2026-11-20" } })), 200);
        assert_eq!(program().status, 403);
    });
}
