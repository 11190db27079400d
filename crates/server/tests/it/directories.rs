//! Logging in with a directory over HTTP (X15, S20, S26, S29, ASVS V6): who comes in by its password, what is not believed of it, what it is never
//! sent, and what becomes of whoever is in it no more.

use std::time::Duration;

use identity::{ProviderClient, Watched, check_directories};
use kartoteka::http_client::Answer;
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};
use test_kit::{
    DIRECTORY_ASKER, DIRECTORY_AUTHORITY, DirectoryEntry, DirectoryMood, DirectoryServer, authenticator_code,
};

use crate::it::app::{App, PASSWORD, User, expect, field_errors};

const NOW: i64 = 1_795_334_400_000;
const MINUTE_MS: i64 = 60_000;
const DIRECTORY_PASSWORD: &str = "her password at work";

fn for_each_app(test: impl Fn(&App, &Clock, &DirectoryServer)) {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = App::with_clock(database, clock.clone());
        let server = DirectoryServer::start();
        server.add(DirectoryEntry::person("olena", DIRECTORY_PASSWORD, "11111111-aaaa"));
        server.add(DirectoryEntry::person("petro", "his password at work", "22222222-bbbb"));
        test(&app, &clock, &server);
    });
}

/// What an administrator says of the directory; `changes` say it otherwise, those of the directory itself under `directory`.
fn input(server: &DirectoryServer, changes: &Json) -> Json {
    let mut input = json!({
        "name": "Office", "secret": DIRECTORY_ASKER.1, "is_active": true, "links_by_email": false, "new_user_role": null,
        "domains": [], "is_second_step": false,
        "directory": {
            "host": "localhost", "port": server.port(), "security": "ldaps", "authority": DIRECTORY_AUTHORITY,
            "bind_dn": DIRECTORY_ASKER.0, "base_dn": "dc=example,dc=org", "filter": "(&(objectClass=person)(uid={login}))",
            "id_attribute": "entryUUID", "login_attribute": "uid", "name_attribute": "cn", "email_attribute": "mail",
        },
    });
    for (name, value) in changes.as_object().unwrap() {
        match (name.as_str(), value.as_object()) {
            ("directory", Some(parts)) => {
                for (name, value) in parts {
                    input["directory"][name] = value.clone();
                }
            }
            _ => input[name] = value.clone(),
        }
    }
    input
}

fn add(app: &App, server: &DirectoryServer, changes: &Json) -> i64 {
    let made = expect(&app.administrator().post("/identity-providers", &input(server, changes)), 201);
    assert!(made.get("secret").is_none() && made["has_secret"] == true && made["is_second_step"] == false);
    made["id"].as_i64().unwrap()
}

fn change(app: &App, server: &DirectoryServer, id: i64, changes: &Json) {
    expect(&app.administrator().put(&format!("/identity-providers/{id}"), &input(server, changes)), 200);
}

fn log_in(app: &App, login: &str, password: &str) -> (User, Answer) {
    let mut browser = app.anonymous();
    let answer = browser.post("/session", &json!({ "login": login, "password": password }));
    take_cookie(&mut browser, &answer);
    (browser, answer)
}

fn take_cookie(user: &mut User, answer: &Answer) {
    let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
    if let Some(cookie) = cookie.filter(|cookie| !cookie.ends_with('=')) {
        user.connection.cookie = Some(cookie.to_owned());
    }
}

fn enters(app: &App, login: &str, password: &str) -> (User, i64) {
    let (user, answer) = log_in(app, login, password);
    let id = expect(&answer, 200)["user"]["id"].as_i64().unwrap();
    (user, id)
}

/// What strangers are told, of whom nothing else may be told.
fn is_refused(app: &App, login: &str, password: &str) {
    let answer = log_in(app, login, password).1;
    assert_eq!(expect(&answer, 401)["code"], "wrong_credentials", "{login}");
}

fn tie(user: &mut User, id: i64, login: &str, password: &str) -> Answer {
    let answer =
        user.post(&format!("/session/identities/directory/{id}"), &json!({ "login": login, "password": password }));
    take_cookie(user, &answer);
    answer
}

fn role(app: &App, key: &str) -> i64 {
    let page = expect(&app.administrator().get(&format!("/records/role?filter=key%20%3D%20{key}")), 200);
    page["items"][0]["id"].as_i64().unwrap()
}

fn newcomers(app: &App) -> Json {
    json!({ "new_user_role": role(app, "employee") })
}

/// The reasons of the last refused logins, the newest first.
fn reasons(app: &App) -> Vec<String> {
    let page = expect(&app.administrator().get("/audit?kinds=login&limit=50"), 200);
    let items = page["items"].as_array().unwrap().iter();
    items.filter_map(|item| item["details"]["reason"].as_str().map(str::to_owned)).collect()
}

fn watch(app: &App) -> Vec<Watched> {
    let client = ProviderClient::new("test", true).with_directory_patience(Duration::from_secs(1));
    check_directories(&app.engine, &client).unwrap()
}

#[test]
fn a_person_of_the_directory_comes_in_with_its_password() {
    for_each_app(|app, _, server| {
        let id = add(app, server, &newcomers(app));
        let setup = expect(&app.anonymous().get("/setup"), 200);
        assert_eq!(setup["providers"], json!([{ "id": id, "name": "Office", "is_directory": true }]));
        let (mut olena, user) = enters(app, "olena", DIRECTORY_PASSWORD);
        let session = expect(&olena.get("/session"), 200);
        assert_eq!((&session["user"]["name"], &session["user"]["login"]), (&json!("Person olena"), &json!("olena")));
        expect(&olena.get("/records/contact"), 200);
        // The same person, also under another login and address: she is the attribute that never changes.
        server.conduct(|conduct| {
            conduct.entries[1].attributes.insert("uid".into(), b"olena.k".to_vec());
            conduct.entries[1].attributes.insert("mail".into(), b"administrator@example.org".to_vec());
        });
        assert_eq!(enters(app, "olena.k", DIRECTORY_PASSWORD).1, user);
        is_refused(app, "olena", DIRECTORY_PASSWORD);
        // Somebody else who gets her login later is somebody else.
        server.add(DirectoryEntry::person("olena", "another person's", "33333333-cccc"));
        is_refused(app, "olena", "another person's");
        // All of it went under TLS, and every bind showed a password.
        assert!(server.take_binds().iter().all(|(_, is_secured, has_password)| *is_secured && *has_password));

        // Who is deactivated stays out, and is told what strangers are told.
        let off = json!({ "values": { "is_active": false } });
        expect(&app.administrator().patch(&format!("/records/user/{user}"), &off), 200);
        expect(&olena.get("/session"), 401);
        is_refused(app, "olena.k", DIRECTORY_PASSWORD);
        assert!(reasons(app).contains(&"provider_no_account".to_owned()), "{:?}", reasons(app));
    });
}

#[test]
fn what_is_wrong_is_answered_alike_and_never_leads_to_anybody() {
    for_each_app(|app, _, server| {
        add(app, server, &newcomers(app));
        let mut user = app.with_user(Role::Employee);
        let login = expect(&user.get("/session"), 200)["user"]["login"].as_str().unwrap().to_owned();
        server.take_binds();
        // The own password first: the directory is not asked.
        enters(app, &login, PASSWORD);
        assert_eq!(server.take_binds(), []);

        for wrong in
            ["*", "*)(uid=*", "olena)(uid=*", r"olena\2a", "o*", "{login}", "uid=olena,ou=people,dc=example,dc=org", ""]
        {
            is_refused(app, wrong, DIRECTORY_PASSWORD);
        }
        is_refused(app, "olena", "his password at work");
        is_refused(app, "nobody", DIRECTORY_PASSWORD);
        is_refused(app, &login, "his password at work");
        // For somebody who is not there a password is shown as well, in the name of nobody: it takes as long.
        let binds = server.take_binds();
        assert!(binds.iter().any(|(dn, ..)| dn.starts_with("cn=kartoteka-nobody")), "{binds:?}");
        // An empty password is nobody's: the directory would say yes to it.
        is_refused(app, "petro", "");
        assert!(server.take_binds().is_empty());
        assert!(binds.iter().all(|(_, _, has_password)| *has_password));
        // Two of one login are told apart by nobody.
        server.add(DirectoryEntry::person("petro", "his password at work", "44444444-dddd"));
        is_refused(app, "petro", "his password at work");
    });
}

#[test]
fn guesses_are_counted_as_those_of_other_passwords_are() {
    for_each_app(|app, clock, server| {
        add(app, server, &newcomers(app));
        for _ in 0..5 {
            is_refused(app, "petro", "wrong");
        }
        server.take_binds();
        let (_, answer) = log_in(app, "petro", "his password at work");
        assert_eq!(expect(&answer, 429)["code"], "too_many_attempts");
        // Nobody goes on guessing at the directory behind it.
        assert_eq!(server.take_binds(), []);
        clock.advance(3 * MINUTE_MS);
        enters(app, "petro", "his password at work");
        // The right one has taken the guesses back, and he is known here now: strangers elsewhere do not keep him out.
        for _ in 0..5 {
            is_refused(app, "petro", "wrong");
        }
        assert_eq!(log_in(app, "petro", "his password at work").1.status, 429);
        assert!(reasons(app).contains(&"throttled".to_owned()));
    });
}

#[test]
fn whoever_comes_in_takes_back_no_guesses_at_a_namesake() {
    for_each_app(|app, _, server| {
        let id = add(app, server, &newcomers(app));
        let input =
            json!({ "name": "Olena", "login": "olena", "password": PASSWORD, "roles": [role(app, "employee")] });
        expect(&app.administrator().post("/users", &input), 201);
        let mut employee = app.with_user(Role::Employee);
        expect(&tie(&mut employee, id, "olena", DIRECTORY_PASSWORD), 204);
        // Who has this login in the directory is another than who has it here, and guesses at that one's password between his own logins.
        for _ in 0..2 {
            is_refused(app, "olena", "a guess");
            is_refused(app, "olena", "another");
            enters(app, "olena", DIRECTORY_PASSWORD);
        }
        is_refused(app, "olena", "the fifth");
        assert_eq!(expect(&log_in(app, "olena", "the sixth").1, 429)["code"], "too_many_attempts");
    });
}

#[test]
fn accounts_are_tied_by_the_rules_of_other_providers() {
    for_each_app(|app, _, server| {
        let id = add(app, server, &json!({}));
        let mut employee = app.with_user(Role::Employee);
        let set = |user: i64, email: &str| {
            let values = json!({ "values": { "email": email } });
            expect(&app.administrator().patch(&format!("/records/user/{user}"), &values), 200);
        };
        set(employee.id, "olena@example.org");
        // His address alone opens nothing, because nobody has allowed that.
        is_refused(app, "olena", DIRECTORY_PASSWORD);
        change(app, server, id, &json!({ "links_by_email": true, "domains": ["elsewhere.example"] }));
        is_refused(app, "olena", DIRECTORY_PASSWORD);
        change(app, server, id, &json!({ "links_by_email": true }));
        assert_eq!(enters(app, "olena", DIRECTORY_PASSWORD).1, employee.id);
        // What others may have set before opens nothing any more.
        expect(&employee.get("/session"), 401);

        // An administrator ties his himself, and an account belongs to one user.
        let mut admin = app.administrator();
        set(admin.id, "petro@example.org");
        is_refused(app, "petro", "his password at work");
        assert_eq!(reasons(app)[0], "link_in_profile");
        for (login, password) in [("petro", "wrong"), ("petro", ""), ("*", "his password at work")] {
            let refused = expect(&tie(&mut admin, id, login, password), 422);
            assert_eq!(field_errors(&refused), [("/password".to_owned(), "wrong_login_or_password".to_owned())]);
        }
        assert_eq!(expect(&tie(&mut admin, id, "olena", DIRECTORY_PASSWORD), 409)["code"], "identity_taken");
        expect(&tie(&mut admin, id, "petro", "his password at work"), 204);
        let tied = expect(&admin.get("/session/identities"), 200);
        assert_eq!(tied["items"][0]["email"], "petro@example.org");
        assert_eq!(enters(app, "petro", "his password at work").1, admin.id);
        expect(&admin.patch("/installation", &json!({ "public_url": "http://localhost:8080" })), 200);
        // It has no button, and no way of OpenID Connect leads to it.
        expect(&app.anonymous().post(&format!("/session/providers/{id}/begin"), &json!({})), 404);
    });
}

#[test]
fn the_second_step_and_the_rule_of_providers_hold() {
    for_each_app(|app, clock, server| {
        let id = add(app, server, &newcomers(app));
        let (mut olena, _) = enters(app, "olena", DIRECTORY_PASSWORD);
        let setup = expect(&olena.post("/session/second-step/codes", &json!({})), 200);
        let key = setup["key"].as_str().unwrap().to_owned();
        let code = || authenticator_code(&key, clock.now_ms());
        let confirmation = json!({ "ticket": setup["ticket"], "code": code() });
        let answer = olena.post("/session/second-step/codes/confirm", &confirmation);
        expect(&answer, 200);
        take_cookie(&mut olena, &answer);
        clock.advance(16 * MINUTE_MS);
        // A bind is no second step.
        let step = expect(&log_in(app, "olena", DIRECTORY_PASSWORD).1, 202);
        let shown = json!({ "ticket": step["ticket"], "code": code() });
        let mut browser = app.anonymous();
        let answer = browser.post("/session/second-step/finish", &shown);
        expect(&answer, 200);
        take_cookie(&mut browser, &answer);
        clock.advance(16 * MINUTE_MS);
        // Whoever has no password of this program shows that of the directory, and the second step with it.
        let confirm = |user: &mut User, password: &str| user.post("/session/confirm", &json!({ "password": password }));
        expect(&confirm(&mut browser, "his password at work"), 422);
        let step = expect(&confirm(&mut browser, DIRECTORY_PASSWORD), 202);
        expect(
            &browser.post("/session/confirm/second-step", &json!({ "ticket": step["ticket"], "code": code() })),
            204,
        );
        expect(&browser.post("/session/second-step/recovery-codes", &json!({})), 200);
        // The session that began with the directory ends with it.
        change(app, server, id, &json!({ "is_active": false }));
        expect(&browser.get("/session"), 401);
        change(app, server, id, &newcomers(app));

        let mut employee = app.with_user(Role::Employee);
        let login = expect(&employee.get("/session"), 200)["user"]["login"].as_str().unwrap().to_owned();
        expect(&app.administrator().patch("/installation", &json!({ "only_identity_providers": true })), 200);
        assert_eq!(expect(&app.anonymous().get("/setup"), 200)["only_providers"], true);
        // Only what the directory lets in comes in; the administrator has a way back.
        is_refused(app, &login, PASSWORD);
        enters(app, "petro", "his password at work");
        enters(app, "administrator", PASSWORD);
    });
}

#[test]
fn a_directory_that_fails_lets_nobody_in_and_keeps_nobody_out() {
    for_each_app(|app, clock, server| {
        add(app, server, &newcomers(app));
        let (_, olena) = enters(app, "olena", DIRECTORY_PASSWORD);
        for mood in [
            DirectoryMood::Closed,
            DirectoryMood::Silent,
            DirectoryMood::Oversized,
            DirectoryMood::Endless,
            DirectoryMood::Garbage,
            DirectoryMood::OtherQuestion,
            DirectoryMood::Referring,
            DirectoryMood::Busy,
        ] {
            server.conduct(|conduct| conduct.mood = mood);
            let (mut browser, answer) = log_in(app, "olena", DIRECTORY_PASSWORD);
            let problem = expect(&answer, 503);
            assert_eq!(problem["code"], "directory_unavailable", "{mood:?}");
            expect(&browser.get("/session"), 401);
            // It says the same of somebody whom it does not know.
            assert_eq!(expect(&log_in(app, "nobody", "x").1, 503)["params"], problem["params"], "{mood:?}");
            // A password of this program needs no directory.
            enters(app, "administrator", PASSWORD);
            // It has said nothing of anybody.
            let watched = watch(app);
            assert!(watched[0].fault.is_some() && watched[0].gone.is_empty(), "{mood:?} {watched:?}");
            clock.advance(60 * MINUTE_MS);
        }
        server.conduct(|conduct| conduct.mood = DirectoryMood::Good);
        assert_eq!(enters(app, "olena", DIRECTORY_PASSWORD).1, olena);
        assert!(reasons(app).contains(&"directory_unavailable".to_owned()));
    });
}

#[test]
fn a_certificate_is_believed_only_for_its_name_and_authority() {
    for_each_app(|app, clock, server| {
        let id = add(app, server, &newcomers(app));
        server.take_binds();
        for (wrong, code) in
            [(json!({ "host": "127.0.0.1" }), "unreachable"), (json!({ "authority": "" }), "unreachable")]
        {
            change(app, server, id, &json!({ "directory": wrong, "new_user_role": role(app, "employee") }));
            let problem = expect(&log_in(app, "olena", DIRECTORY_PASSWORD).1, 503);
            assert_eq!(problem["params"]["reason"], code, "{wrong}");
            clock.advance(60 * MINUTE_MS);
        }
        // Nobody has said who he is before the certificate was believed.
        assert_eq!(server.take_binds(), []);
        change(
            app,
            server,
            id,
            &json!({ "directory": { "security": "start_tls" }, "new_user_role": role(app, "employee") }),
        );
        enters(app, "olena", DIRECTORY_PASSWORD);
        assert!(server.take_binds().iter().all(|(_, is_secured, _)| *is_secured));
        // A directory that knows no TLS gets no password in clear text instead.
        server.conduct(|conduct| conduct.mood = DirectoryMood::WithoutTls);
        let problem = expect(&log_in(app, "olena", DIRECTORY_PASSWORD).1, 503);
        assert_eq!((&problem["params"]["reason"], server.take_binds()), (&json!("tls_refused"), Vec::new()));
    });
}

#[test]
fn whoever_is_in_the_directory_no_more_is_out_until_it_has_him_again() {
    for_each_app(|app, _, server| {
        add(app, server, &newcomers(app));
        server.conduct(|conduct| conduct.has_references = true);
        let ((mut olena, user), (mut petro, _)) =
            (enters(app, "olena", DIRECTORY_PASSWORD), enters(app, "petro", "his password at work"));
        let made = expect(&olena.post("/session/api-keys", &json!({ "name": "Склад" })), 201);
        let by_key = || {
            let bearer = format!("Bearer {}", made["key"].as_str().unwrap());
            app.anonymous().send("GET", "/records/contact", &[("authorization", &bearer)], &Json::Null)
        };
        expect(&by_key(), 200);
        assert!(watch(app)[0].gone.is_empty());
        // A directory that shows nobody at all has said nothing.
        server.conduct(|conduct| conduct.mood = DirectoryMood::Hiding);
        assert_eq!(watch(app)[0].fault.as_ref().map(|fault| fault.code), Some("shows_nobody"));
        expect(&olena.get("/session"), 200);
        server.conduct(|conduct| conduct.mood = DirectoryMood::Good);

        let gone = server.conduct(|conduct| conduct.entries.remove(1));
        assert_eq!(watch(app)[0].gone, [user]);
        assert!(watch(app)[0].gone.is_empty());
        expect(&olena.get("/session"), 401);
        expect(&by_key(), 401);
        expect(&petro.get("/session"), 200);
        is_refused(app, "olena", DIRECTORY_PASSWORD);
        let log = expect(&app.administrator().get("/audit?limit=50"), 200).to_string();
        assert!(log.contains("gone_from_directory"), "{log}");

        // One who is switched off there, and one who is there again.
        server.add(gone);
        assert_eq!(watch(app)[0].back, [user]);
        enters(app, "olena", DIRECTORY_PASSWORD);
        expect(&by_key(), 200);
        // Once more; a password of her own, which an administrator has set, opens nothing either.
        server.conduct(|conduct| conduct.entries.pop());
        assert_eq!(watch(app)[0].gone, [user]);
        let password = json!({ "new_password": PASSWORD });
        expect(&app.administrator().post(&format!("/users/{user}/password"), &password), 204);
        is_refused(app, "olena", PASSWORD);
        server.conduct(|conduct| conduct.entries[1].attributes.insert("userAccountControl".into(), b"514".to_vec()));
        assert_eq!(watch(app)[0].gone.len(), 1);
        expect(&petro.get("/session"), 401);
        is_refused(app, "petro", "his password at work");
        // Another directory that has him does not let him in.
        let second = DirectoryServer::start();
        second.add(DirectoryEntry::person("petro", "his password elsewhere", "id elsewhere"));
        add(
            app,
            &second,
            &json!({ "name": "Second", "links_by_email": true, "directory": { "base_dn": "ou=people,dc=example,dc=org" } }),
        );
        is_refused(app, "petro", "his password elsewhere");
        // It has him again at the login, before the next look.
        server.conduct(|conduct| conduct.entries[1].attributes.insert("userAccountControl".into(), b"512".to_vec()));
        enters(app, "petro", "his password at work");
    });
}

#[test]
fn an_entry_that_cannot_be_read_hides_nobody_behind_it() {
    for_each_app(|app, _, server| {
        add(app, server, &newcomers(app));
        enters(app, "petro", "his password at work");
        let (_, olena) = enters(app, "olena", DIRECTORY_PASSWORD);
        let broken = vec![b'x'; 1 << 20];
        server.conduct(|conduct| {
            conduct.entries.remove(1);
            conduct.entries[1].attributes.insert("mail".into(), broken);
            // It shows these first, when it is asked whether it shows anybody.
            for login in ["ivan", "iryna"] {
                conduct.entries.insert(1, DirectoryEntry::person(login, "x", login));
            }
        });
        let looked = watch(app);
        assert_eq!(looked[0].fault.as_ref().map(|fault| fault.code), Some("bad_answer"));
        assert_eq!(looked[0].gone, [olena]);
    });
}

#[test]
fn an_administrator_is_told_step_by_step_what_works() {
    for_each_app(|app, _, server| {
        let mut admin = app.administrator();
        let id = add(app, server, &json!({}));
        let mut steps = |changes: &Json, more: &Json| {
            let mut trial =
                json!({ "directory": input(server, &json!({ "directory": changes }))["directory"], "provider": id });
            for (name, value) in more.as_object().unwrap() {
                trial[name] = value.clone();
            }
            let answer = expect(&admin.post("/identity-providers/directory-trial", &trial), 200);
            let told = answer["steps"].as_array().unwrap().iter();
            told.map(|step| format!("{}:{}", step["step"].as_str().unwrap(), step["code"].as_str().unwrap_or("good")))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let person = json!({ "login": "olena", "password": DIRECTORY_PASSWORD });
        assert_eq!(steps(&json!({}), &json!({})), "connect:good tls:good bind:good find:good");
        assert_eq!(steps(&json!({}), &person), "connect:good tls:good bind:good find:good password:good");
        let wrong = json!({ "login": "olena", "password": "wrong" });
        assert_eq!(steps(&json!({}), &wrong), "connect:good tls:good bind:good find:good password:wrong_password");
        let nobody = json!({ "login": "nobody", "password": "wrong" });
        assert_eq!(steps(&json!({}), &nobody), "connect:good tls:good bind:good find:found_nobody");
        assert_eq!(
            steps(&json!({ "id_attribute": "x" }), &person),
            "connect:good tls:good bind:good find:no_unique_id"
        );
        assert_eq!(steps(&json!({ "port": 1 }), &person), "connect:unreachable");
        assert_eq!(steps(&json!({ "authority": "" }), &person), "connect:good tls:unreachable");
        assert_eq!(steps(&json!({}), &json!({ "secret": "wrong" })), "connect:good tls:good bind:bind_refused");
        // The stored password goes nowhere else than it was given for, and to nobody under a weaker protection.
        server.take_binds();
        assert_eq!(steps(&json!({ "security": "start_tls" }), &person), "connect:good tls:good bind:bind_refused");
        assert_eq!(steps(&json!({ "security": "none" }), &person), "connect:good bind:bind_refused");
        assert_eq!(server.take_binds(), []);
        let moved = input(server, &json!({ "secret": null, "directory": { "port": 1 } }));
        let refused = expect(&app.administrator().put(&format!("/identity-providers/{id}"), &moved), 422);
        assert_eq!(field_errors(&refused), [("/secret".to_owned(), "required".to_owned())]);

        let mut create = |changes: &Json| admin.post("/identity-providers", &input(server, changes));
        for (changes, pointer, code) in [
            (json!({ "directory": { "filter": "(uid=x)" } }), "/directory/filter", "filter_without_login"),
            (
                json!({ "directory": { "host": "dc.example.org", "security": "none" } }),
                "/directory/security",
                "clear_text",
            ),
            (json!({ "directory": { "authority": "x" } }), "/directory/authority", "not_a_certificate"),
            (json!({ "secret": "" , "directory": { "base_dn": "dc=other" } }), "/secret", "required"),
            (json!({ "directory": { "host": "elsewhere.example" } }), "/directory/base_dn", "issuer_taken"),
        ] {
            assert_eq!(
                field_errors(&expect(&create(&changes), 422)),
                [(pointer.to_owned(), code.to_owned())],
                "{changes}"
            );
        }
        for number in [1, 2] {
            expect(&create(&json!({ "is_active": false, "directory": { "base_dn": format!("dc=o{number}") } })), 201);
        }
        let refused = create(&json!({ "is_active": false, "directory": { "base_dn": "dc=o3" } }));
        assert_eq!(expect(&refused, 409)["code"], "too_many_directories");
        let mut employee = app.with_user(Role::Employee);
        let trial = json!({ "directory": input(server, &json!({}))["directory"] });
        expect(&employee.post("/identity-providers/directory-trial", &trial), 403);
    });
}
