//! The second step of a login over HTTP (S22, S23, S25, ASVS V6 and V7): what a password alone gives, what opens before one is set up, who takes
//! it away, and whose sessions an administrator ends.

use kartoteka::http_client::Answer;
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};
use test_kit::authenticator_code;

use crate::it::app::{App, PASSWORD, User, expect};

const NOW: i64 = 1_795_334_400_000;
const STEP_MS: i64 = 30_000;
const MINUTE_MS: i64 = 60_000;

fn for_each_app(test: impl Fn(&App, &Clock)) {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        test(&App::with_clock(database, clock.clone()), &clock);
    });
}

/// Sets an app up; answers its key and what the server answered last.
fn set_up(user: &mut User, clock: &Clock) -> (String, Json) {
    let setup = expect(&user.post("/session/second-step/codes", &json!({})), 200);
    let key = setup["key"].as_str().unwrap().to_owned();
    assert!(setup["uri"].as_str().unwrap().contains(&key));
    assert!(setup["picture"]["path"].as_str().unwrap().starts_with('M'));
    let code = authenticator_code(&key, clock.now_ms());
    let confirmation = json!({ "ticket": setup["ticket"], "code": code });
    let answer = user.post("/session/second-step/codes/confirm", &confirmation);
    take_cookie(user, &answer);
    clock.advance(STEP_MS);
    (key, expect(&answer, 200))
}

fn cookie_of(answer: &Answer) -> Option<String> {
    answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(String::from)
}

fn take_cookie(user: &mut User, answer: &Answer) {
    user.connection.cookie = Some(cookie_of(answer).unwrap());
}

fn first_step(app: &App, login: &str) -> Json {
    let answer = app.anonymous().post("/session", &json!({ "login": login, "password": PASSWORD }));
    // The browser is told to forget whatever cookie it had, and gets no other.
    assert_eq!(cookie_of(&answer).as_deref(), Some("kartoteka_session="));
    expect(&answer, 202)
}

fn finish(app: &App, ticket: &Json, code: &str) -> Answer {
    app.anonymous().post("/session/second-step/finish", &json!({ "ticket": ticket, "code": code }))
}

fn login_of(user: &mut User) -> String {
    expect(&user.get("/session"), 200)["user"]["login"].as_str().unwrap().to_owned()
}

#[test]
fn a_password_gives_a_ticket_and_the_code_a_session() {
    for_each_app(|app, clock| {
        let mut olena = app.administrator();
        let before = olena.connection.cookie.clone();
        let (key, changed) = set_up(&mut olena, clock);
        assert_eq!(changed["recovery_codes"].as_array().unwrap().len(), 10);
        // The session goes on under a new token; the old one opens nothing.
        let mut old = app.anonymous();
        old.connection.cookie = before;
        expect(&old.get("/session"), 401);
        assert_eq!(expect(&olena.get("/session"), 200)["user"]["has_second_step"], true);

        let step = first_step(app, "administrator");
        assert_eq!((&step["has_codes"], &step["has_passkeys"]), (&json!(true), &json!(false)));
        let mut bearer = app.anonymous();
        bearer.connection.cookie = Some(format!("kartoteka_session={}", step["ticket"].as_str().unwrap()));
        expect(&bearer.get("/session"), 401);
        let wrong = expect(&finish(app, &step["ticket"], "000000"), 422);
        assert_eq!(wrong["errors"][0], json!({ "pointer": "/code", "code": "wrong_code", "params": {} }));

        let code = authenticator_code(&key, clock.now_ms());
        let answer = finish(app, &step["ticket"], &code);
        assert_eq!(expect(&answer, 200)["user"]["login"], "administrator");
        let mut again = app.anonymous();
        take_cookie(&mut again, &answer);
        expect(&again.get("/session"), 200);
        assert_eq!(expect(&finish(app, &step["ticket"], &code), 401)["code"], "sign_in_expired");
        let replayed = finish(app, &first_step(app, "administrator")["ticket"], &code);
        assert_eq!(expect(&replayed, 422)["errors"][0]["code"], "wrong_code");
        let recovery = changed["recovery_codes"][0].as_str().unwrap();
        expect(&finish(app, &first_step(app, "administrator")["ticket"], recovery), 200);
    });
}

#[test]
fn where_a_second_step_is_required_nothing_opens_before_it_is_set_up() {
    for_each_app(|app, clock| {
        let mut employee = app.with_user(Role::Employee);
        expect(&employee.get("/records/contact"), 200);
        let mut olena = app.administrator();
        expect(&olena.patch("/installation", &json!({ "needs_second_step": true })), 200);
        for user in [&mut employee, &mut olena] {
            assert_eq!(expect(&user.get("/session"), 200)["must_set_up_second_step"], true);
            for path in ["/records/contact", "/catalog", "/session/all", "/session/app-passwords", "/operations"] {
                assert_eq!(expect(&user.get(path), 403)["code"], "second_step_missing", "{path}");
            }
            let events = user.connection.open_stream("/api/v1/events", &[]).unwrap().0;
            assert_eq!(events.status, 403);
            assert_eq!(expect(&user.get("/session/second-step"), 200)["is_required"], true);
        }
        let (key, _) = set_up(&mut employee, clock);
        assert_eq!(expect(&employee.get("/session"), 200)["must_set_up_second_step"], false);
        expect(&employee.get("/records/contact"), 200);
        let removal = json!({ "password": PASSWORD, "code": authenticator_code(&key, clock.now_ms()) });
        let refused = expect(&employee.post("/session/second-step/codes/remove", &removal), 409);
        assert_eq!(refused["code"], "second_step_is_required");
        // Who has none may still go.
        expect(&olena.delete("/session"), 204);
    });
}

#[test]
fn changing_how_one_logs_in_takes_a_recent_password() {
    for_each_app(|app, clock| {
        let mut user = app.with_user(Role::Employee);
        clock.advance(15 * MINUTE_MS + 1);
        let device = json!({ "name": "Телефон" });
        for (path, body) in [
            ("/session/second-step/codes", json!({})),
            ("/session/second-step/recovery-codes", json!({})),
            ("/session/app-passwords", device.clone()),
            ("/session/api-keys", device.clone()),
        ] {
            assert_eq!(expect(&user.post(path, &body), 403)["code"], "confirmation_required", "{path}");
        }
        let wrong = expect(&user.post("/session/confirm", &json!({ "password": "no" })), 422);
        assert_eq!(wrong["errors"][0]["code"], "wrong_password");
        expect(&user.post("/session/confirm", &json!({ "password": PASSWORD })), 204);
        expect(&user.post("/session/app-passwords", &device), 201);
        let (key, _) = set_up(&mut user, clock);
        // Guesses at the password of an open page are counted, too.
        let mut last = user.post("/session/confirm", &json!({ "password": "no" }));
        for _ in 0..10 {
            last = user.post("/session/confirm", &json!({ "password": "no" }));
        }
        assert_eq!(expect(&last, 429)["code"], "too_many_attempts");
        clock.advance(60 * MINUTE_MS);
        let removal = json!({ "password": PASSWORD, "code": authenticator_code(&key, clock.now_ms()) });
        let answer = user.post("/session/second-step/codes/remove", &removal);
        expect(&answer, 200);
        take_cookie(&mut user, &answer);
        assert_eq!(expect(&user.get("/session/second-step"), 200)["codes_since"], Json::Null);
    });
}

#[test]
fn giving_the_password_again_takes_the_second_step_of_whoever_has_one() {
    for_each_app(|app, clock| {
        let mut user = app.with_user(Role::Employee);
        let login = login_of(&mut user);
        let (key, made) = set_up(&mut user, clock);
        let renew = |user: &mut User| user.post("/session/second-step/recovery-codes", &json!({}));
        let ask = |user: &mut User| expect(&user.post("/session/confirm", &json!({ "password": PASSWORD })), 202);
        let show = |user: &mut User, ticket: &Json, code: &str| {
            user.post("/session/confirm/second-step", &json!({ "ticket": ticket, "code": code }))
        };
        clock.advance(16 * MINUTE_MS);
        // The password alone makes no new recovery codes: it gives a ticket that opens nothing.
        let step = ask(&mut user);
        assert_eq!((&step["has_codes"], &step["has_passkeys"]), (&json!(true), &json!(false)));
        assert_eq!(expect(&renew(&mut user), 403)["code"], "confirmation_required");
        let wrong = expect(&show(&mut user, &step["ticket"], "000000"), 422);
        assert_eq!(wrong["errors"][0], json!({ "pointer": "/code", "code": "wrong_code", "params": {} }));
        assert_eq!(expect(&renew(&mut user), 403)["code"], "confirmation_required");

        // It is no ticket of a login, nor one for another session of the same person, nor for a stranger.
        let code = authenticator_code(&key, clock.now_ms());
        assert_eq!(expect(&finish(app, &step["ticket"], &code), 401)["code"], "sign_in_expired");
        let mut elsewhere = app.anonymous();
        take_cookie(&mut elsewhere, &finish(app, &first_step(app, &login)["ticket"], &code));
        clock.advance(STEP_MS);
        let code = authenticator_code(&key, clock.now_ms());
        assert_eq!(expect(&show(&mut elsewhere, &step["ticket"], &code), 401)["code"], "sign_in_expired");
        expect(&show(&mut app.anonymous(), &step["ticket"], &code), 401);
        let of_login = first_step(app, &login);
        assert_eq!(expect(&show(&mut user, &of_login["ticket"], &code), 401)["code"], "sign_in_expired");

        expect(&show(&mut user, &step["ticket"], &code), 204);
        expect(&renew(&mut user), 200);
        // The ticket, and the code, have done their work.
        assert_eq!(expect(&show(&mut user, &step["ticket"], &code), 401)["code"], "sign_in_expired");
        clock.advance(16 * MINUTE_MS);
        // A recovery code does as well, and one that was replaced does not.
        let step = ask(&mut user);
        let old = made["recovery_codes"][0].as_str().unwrap();
        expect(&show(&mut user, &step["ticket"], old), 422);
        clock.advance(10 * MINUTE_MS);
        let late = authenticator_code(&key, clock.now_ms());
        assert_eq!(expect(&show(&mut user, &step["ticket"], &late), 401)["code"], "sign_in_expired");
        let step = ask(&mut user);
        expect(&show(&mut user, &step["ticket"], &late), 204);
        let codes = expect(&renew(&mut user), 200)["recovery_codes"].clone();
        clock.advance(16 * MINUTE_MS);
        let step = ask(&mut user);
        expect(&show(&mut user, &step["ticket"], codes[0].as_str().unwrap()), 204);
        expect(&renew(&mut user), 200);

        // Guesses are counted where those of the login are.
        clock.advance(16 * MINUTE_MS);
        let step = ask(&mut user);
        let last = (0..6).map(|_| show(&mut user, &step["ticket"], "000000")).last().unwrap();
        assert_eq!(expect(&last, 429)["code"], "too_many_attempts");
        let listed = expect(&app.administrator().get("/audit?limit=50"), 200).to_string();
        assert!(listed.contains("second_factor"), "{listed}");
    });
}

#[test]
fn an_administrator_takes_a_second_step_away_and_the_history_says_why() {
    for_each_app(|app, clock| {
        let (mut olena, mut maria) = (app.administrator(), app.with_user(Role::Employee));
        let login = login_of(&mut maria);
        set_up(&mut maria, clock);
        let path = format!("/users/{}/second-step/reset", maria.id);
        expect(&app.with_user(Role::Supervisor).post(&path, &json!({})), 403);
        let record = expect(&olena.get(&format!("/records/user/{}", maria.id)), 200);
        assert_eq!(record["values"]["has_second_step"], true);
        expect(&olena.post(&path, &json!({ "reason": "Потеряла телефон" })), 204);
        expect(&maria.get("/session"), 401);
        expect(&app.anonymous().post("/session", &json!({ "login": login, "password": PASSWORD })), 200);
        let history = expect(&olena.get(&format!("/records/user/{}/history", maria.id)), 200);
        assert!(history.to_string().contains("Потеряла телефон"), "{history}");
        assert_eq!(expect(&olena.post(&path, &json!({})), 409)["code"], "no_second_step");
        let own = format!("/users/{}/second-step/reset", olena.id);
        assert_eq!(expect(&olena.post(&own, &json!({})), 409)["code"], "own_second_step");
    });
}

#[test]
fn who_has_a_second_step_is_seen_by_administrators_alone_and_written_by_nobody() {
    for_each_app(|app, clock| {
        let (mut olena, mut maria) = (app.administrator(), app.with_user(Role::Employee));
        set_up(&mut maria, clock);
        let path = format!("/records/user/{}", maria.id);
        let seen = expect(&app.with_user(Role::Employee).get(&path), 200);
        assert_eq!(seen["values"].get("has_second_step"), None);
        let written = olena.patch(&path, &json!({ "values": { "has_second_step": false } }));
        assert_eq!(expect(&written, 422)["errors"][0]["code"], "read_only");
    });
}

#[test]
fn a_role_asks_those_who_have_it_for_a_second_step() {
    for_each_app(|app, clock| {
        let (mut admin, mut free) = (app.administrator(), app.with_user(Role::Supervisor));
        let mut employee = app.with_user(Role::Employee);
        let page = expect(&admin.get("/records/role?filter=key%20%3D%20employee"), 200);
        let role = page["items"][0]["id"].as_i64().unwrap();
        let rights = json!({ "base": "employee", "needs_second_step": true });
        let rehearse = |admin: &mut User, rights: &Json| {
            let asked = json!({ "role_id": role, "rights": rights });
            expect(&admin.post("/access/rehearsal", &asked), 200)["people"][0]["second_step"].clone()
        };
        assert_eq!(rehearse(&mut admin, &rights), "to_set_up");
        let store = |user: &mut User, rights: &Json| {
            user.patch(&format!("/records/role/{role}"), &json!({ "values": { "rights": rights.to_string() } }))
        };
        expect(&store(&mut admin, &rights), 200);
        // At once, in the session that is open; nobody else is asked.
        assert_eq!(expect(&employee.get("/records/contact"), 403)["code"], "second_step_missing");
        assert_eq!(expect(&employee.get("/session"), 200)["must_set_up_second_step"], true);
        assert_eq!(expect(&employee.get("/session/second-step"), 200)["is_required"], true);
        expect(&free.get("/records/contact"), 200);
        expect(&admin.get("/records/contact"), 200);
        // Who looks with his eyes has shown who he is himself.
        expect(&admin.post("/session/see-as", &json!({ "user_id": employee.id })), 204);
        expect(&admin.get("/records/contact"), 200);
        expect(&admin.delete("/session/see-as"), 204);

        let (key, _) = set_up(&mut employee, clock);
        expect(&employee.get("/records/contact"), 200);
        let removal = json!({ "password": PASSWORD, "code": authenticator_code(&key, clock.now_ms()) });
        let refused = expect(&employee.post("/session/second-step/codes/remove", &removal), 409);
        assert_eq!(refused["code"], "second_step_is_required");
        let none = json!({ "base": "employee" });
        assert_eq!(rehearse(&mut admin, &none), "free");

        // Who keeps roles and is no administrator asks for more and never for less.
        let keeper = json!({ "base": "employee", "features": { "roles": true } });
        let made = json!({ "values": { "name": "Хранитель", "rights": keeper.to_string() } });
        let keeper = expect(&admin.post("/records/role", &made), 201)["record"]["id"].clone();
        let (supervisor, login) = (format!("/records/user/{}", free.id), login_of(&mut free));
        expect(&admin.patch(&supervisor, &json!({ "values": { "roles": [keeper] } })), 200);
        let mut free = app.log_in(&login);
        let refused = expect(&store(&mut free, &none), 422);
        assert_eq!(refused["errors"][0]["code"], "more_than_own");
        expect(&store(&mut admin, &none), 200);
        expect(&store(&mut free, &rights), 200);
        // Of the administrator's role this alone changes.
        let page = expect(&admin.get("/records/role?filter=key%20%3D%20administrator"), 200);
        let role = format!("/records/role/{}", page["items"][0]["id"]);
        for (rights, status) in [
            (json!({ "base": "administrator", "needs_second_step": true, "features": { "import": false } }), 422),
            (json!({ "base": "administrator", "needs_second_step": true }), 200),
        ] {
            expect(&admin.patch(&role, &json!({ "values": { "rights": rights.to_string() } })), status);
        }
        assert_eq!(expect(&admin.get("/records/contact"), 403)["code"], "second_step_missing");
    });
}

#[test]
fn an_administrator_sees_and_ends_the_sessions_of_a_user() {
    for_each_app(|app, _| {
        let (mut olena, mut maria) = (app.administrator(), app.with_user(Role::Employee));
        let login = login_of(&mut maria);
        let mut other = app.log_in(&login);
        let path = format!("/users/{}/sessions", maria.id);
        expect(&app.with_user(Role::Supervisor).get(&path), 403);
        expect(&app.with_user(Role::Supervisor).delete(&path), 403);
        let sessions = expect(&olena.get(&path), 200);
        let ids: Vec<i64> =
            sessions["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect();
        assert_eq!(ids.len(), 2);
        expect(&maria.delete(&format!("{path}/{}", ids[0])), 403);
        expect(&olena.delete(&format!("/users/{}/sessions/{}", olena.id, ids[0])), 404);
        expect(&olena.delete(&format!("{path}/{}", ids[0])), 204);
        let alive = [&mut maria, &mut other].map(|user| user.get("/session").status);
        assert!(alive.contains(&401) && alive.contains(&200), "{alive:?}");
        expect(&olena.delete(&path), 204);
        for user in [&mut maria, &mut other] {
            expect(&user.get("/session"), 401);
        }
        expect(&olena.get("/session"), 200);
    });
}

#[test]
fn a_logout_clears_what_the_browser_kept() {
    for_each_app(|app, _| {
        let answer = app.administrator().delete("/session");
        assert_eq!(answer.header("clear-site-data"), Some("\"cache\""));
        assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    });
}
