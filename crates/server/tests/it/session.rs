//! Logging in, the own profile, and what ends a session (S22–S27).

use std::net::Ipv4Addr;

use record_engine::Role;
use serde_json::json;

use crate::it::app::{App, PASSWORD, expect, for_each_app};

fn try_to_log_in(app: &App, login: &str, password: &str) -> kartoteka::http_client::Answer {
    app.anonymous().post("/session", &json!({ "login": login, "password": password }))
}

#[test]
fn login_and_logout() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let session = expect(&user.get("/session"), 200);
        assert_eq!(
            (&session["permissions"]["export"], &session["permissions"]["administer"]),
            (&json!(true), &json!(true))
        );
        expect(&user.delete("/session"), 204);
        assert_eq!(expect(&user.get("/session"), 401)["code"], "unauthenticated");
    });
}

#[test]
fn wrong_password_and_unknown_login_are_answered_alike() {
    for_each_app(|app| {
        let mut known = expect(&try_to_log_in(app, "administrator", "wrong password"), 401);
        let mut unknown = expect(&try_to_log_in(app, "nobody", "wrong password"), 401);
        for body in [&mut known, &mut unknown] {
            body.as_object_mut().unwrap().remove("request_id");
        }
        assert_eq!(known, unknown);
        assert_eq!(known["code"], "wrong_credentials");
    });
}

#[test]
fn guessing_is_slowed_down_and_says_for_how_long() {
    for_each_app(|app| {
        app.with_user(Role::Employee);
        let mut last = try_to_log_in(app, "victim", "guess");
        for _ in 0..40 {
            if last.status == 429 {
                break;
            }
            last = try_to_log_in(app, "victim", "guess");
        }
        assert_eq!(expect(&last, 429)["code"], "too_many_attempts");
        let seconds: i64 = last.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=15 * 60).contains(&seconds), "{seconds}");
    });
}

#[test]
fn a_login_gives_a_new_session_each_time() {
    for_each_app(|app| {
        let (mut first, mut second) = (app.administrator(), app.administrator());
        assert_ne!(first.connection.cookie, second.connection.cookie);
        let sessions = expect(&first.get("/session/all"), 200);
        let other =
            sessions["items"].as_array().unwrap().iter().find(|session| {
                session["is_current"] == false && session["ip_address"] == Ipv4Addr::LOCALHOST.to_string()
            });
        assert!(other.is_some(), "{sessions}");

        // Of all other sessions, each can be ended.
        for session in sessions["items"].as_array().unwrap().iter().filter(|session| session["is_current"] == false) {
            expect(&first.delete(&format!("/session/all/{}", session["id"])), 204);
        }
        expect(&second.get("/session"), 401);
        expect(&first.get("/session"), 200);
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    for_each_app(|app| {
        let (mut here, mut there) = (app.administrator(), app.administrator());
        let wrong = json!({ "current_password": "no", "new_password": "another long secret" });
        expect(&here.post("/session/password", &wrong), 422);
        let right = json!({ "current_password": PASSWORD, "new_password": "another long secret" });
        expect(&here.post("/session/password", &right), 204);
        expect(&here.get("/session"), 200);
        expect(&there.get("/session"), 401);
        expect(&try_to_log_in(app, "administrator", PASSWORD), 401);
    });
}

#[test]
fn a_deactivated_user_is_out_at_once() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        expect(&employee.get("/session"), 200);
        expect(
            &administrator
                .patch(&format!("/records/user/{}", employee.id), &json!({ "values": { "is_active": false } })),
            200,
        );
        expect(&employee.get("/session"), 401);
        expect(&employee.get("/records/contact"), 401);
    });
}

#[test]
fn the_profile_is_ones_own() {
    for_each_app(|app| {
        let mut user = app.with_user(Role::Employee);
        let session = expect(
            &user.patch("/session", &json!({ "language": "ru", "time_zone": "Asia/Almaty", "theme": "dark" })),
            200,
        );
        assert_eq!(session["user"]["language"], "ru");
        assert_eq!(session["user"]["theme"], "dark");
        // Nobody makes himself an administrator.
        expect(&user.patch("/session", &json!({ "roles": [1] })), 422);
        expect(&user.patch(&format!("/records/user/{}", user.id), &json!({ "values": { "roles": [1] } })), 403);
        assert_eq!(expect(&user.get("/session"), 200)["user"]["roles"][0]["id"], 3);
    });
}
