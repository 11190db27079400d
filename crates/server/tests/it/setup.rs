//! The first start (S34): one link, once, and no default user.

use record_engine::Clock;
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;

use crate::it::app::{App, PASSWORD, expect, field_errors, for_each_app};

fn request(token: &str) -> Json {
    json!({
        "token": token, "company_name": "ТОВ «Карпати Буд»", "country": "UA", "language": "uk",
        "name": "Олена Ковальчук", "login": "olena", "password": PASSWORD,
    })
}

fn unset(database: TestDatabase) -> (App, String) {
    let app = App::unset(database, Clock::system());
    let token = identity::create_setup_token(&app.engine).unwrap().unwrap().expose().to_owned();
    (app, token)
}

#[test]
fn set_up_makes_an_administrator_and_closes() {
    test_kit::for_each_backend(|database| {
        let (app, token) = unset(database);
        let mut browser = app.anonymous();
        assert_eq!(
            expect(&browser.get("/setup"), 200),
            json!({ "is_open": true, "resets_by_mail": false, "takes_passkeys": false, "providers": [], "only_providers": false })
        );
        expect(&browser.get("/session"), 401);

        let answer = browser.post("/setup", &request(&token));
        let session = expect(&answer, 201);
        assert_eq!(session["user"]["roles"][0]["id"], 1);
        assert_eq!(session["installation"]["currency"], "UAH");
        assert_eq!(session["installation"]["company_name"], "ТОВ «Карпати Буд»");
        let cookie = answer.header("set-cookie").unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");

        assert_eq!(
            expect(&browser.get("/setup"), 200),
            json!({ "is_open": false, "resets_by_mail": false, "takes_passkeys": false, "providers": [], "only_providers": false })
        );
        let again = expect(&browser.post("/setup", &request(&token)), 409);
        assert_eq!(again["code"], "setup_closed");
        assert!(identity::create_setup_token(&app.engine).unwrap().is_none());
    });
}

#[test]
fn a_wrong_token_makes_nobody() {
    test_kit::for_each_backend(|database| {
        let (app, token) = unset(database);
        let mut browser = app.anonymous();
        let refused = expect(&browser.post("/setup", &request("guessed")), 403);
        assert_eq!(refused["code"], "setup_token_invalid");

        // A new link voids the old one.
        let newer = identity::create_setup_token(&app.engine).unwrap().unwrap();
        expect(&browser.post("/setup", &request(&token)), 403);
        expect(&browser.post("/setup", &request(newer.expose())), 201);
    });
}

#[test]
fn a_form_hears_of_all_its_errors() {
    test_kit::for_each_backend(|database| {
        let (app, token) = unset(database);
        let mut wrong = request(&token);
        wrong["password"] = json!("123");
        wrong["name"] = json!(" ");
        wrong["country"] = json!("Ukraine");
        let body = expect(&app.anonymous().post("/setup", &wrong), 422);
        assert_eq!(body["code"], "validation_failed");
        let errors = field_errors(&body);
        for pointer in ["/country", "/name", "/password"] {
            assert!(errors.iter().any(|(at, _)| at == pointer), "{errors:?}");
        }
        expect(&app.anonymous().post("/setup", &request(&token)), 201);
    });
}

#[test]
fn two_changes_of_settings_at_once_both_stay_and_each_is_newer_than_what_was_read_before() {
    for_each_app(|app| {
        let (mut one, mut other) = (app.administrator(), app.administrator());
        let version = app.engine.snapshot().catalog.version;
        for round in 0..20 {
            let (name, currency) = (format!("Фірма {round}"), if round % 2 == 0 { "USD" } else { "EUR" });
            std::thread::scope(|scope| {
                scope.spawn(|| expect(&one.patch("/installation", &json!({ "company_name": name })), 200));
                scope.spawn(|| expect(&other.patch("/installation", &json!({ "currency": currency })), 200));
            });
            let stands = expect(&one.get("/session"), 200)["installation"].clone();
            assert_eq!((&stands["company_name"], &stands["currency"]), (&json!(name), &json!(currency)));
        }
        // Whoever read the settings before has an older version than who reads them now.
        assert_eq!(app.engine.snapshot().catalog.version, version + 40);
    });
}
