//! From an invitation to the first session.

use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, PASSWORD, User, expect, field_errors, for_each_app};
use crate::it::letters::{PUBLIC_URL, deliver, with_mail};

fn invitation(name: &str, email: &str) -> Json {
    json!({ "name": name, "email": email, "roles": [2], "language": "ru" })
}

fn invite(administrator: &mut User, name: &str, email: &str) -> Json {
    expect(&administrator.post("/invitations", &invitation(name, email)), 201)
}

fn token_of(page: &str) -> String {
    page.split_once('#').unwrap().1.to_owned()
}

fn accept(stranger: &mut User, token: &str, login: &str) -> kartoteka::http_client::Answer {
    stranger.post("/invitations/accept", &json!({ "token": token, "login": login, "password": PASSWORD }))
}

#[test]
fn somebody_invited_by_mail_chooses_login_and_password_and_is_in() {
    for_each_app(|app| {
        let sink = with_mail(app);
        let mut administrator = app.administrator();
        let made = invite(&mut administrator, "Ірина Гайда", "Ira@Example.org");
        assert_eq!(made["invitation"]["is_mailed"], true);
        let id = made["record"]["id"].as_i64().unwrap();
        assert_ne!(made["record"]["values"]["is_active"], true);
        deliver(app);
        let letter = sink.wait_for("ira@example.org", 1);
        let link = letter.link();
        assert!(link.starts_with(&format!("{PUBLIC_URL}/invitation#")), "{link}");
        let text = letter.text();
        assert!(text.contains("Олена Ковальчук приглашает вас") && text.contains("7 дней"), "{text}");
        assert!(letter.parts()[1].contains(&format!("href=\"{link}\"")));
        let token = token_of(&link);

        let open = expect(&administrator.get("/invitations"), 200);
        assert_eq!((&open["items"][0]["user_id"], &open["items"][0]["is_good"]), (&json!(id), &json!(true)));
        assert_eq!(open["items"][0]["letter"]["state"], "sent");
        // Rights can be given before he comes; only he himself makes himself active.
        let path = format!("/records/user/{id}");
        expect(&administrator.patch(&path, &json!({ "values": { "roles": [3] } })), 200);
        let refused = administrator.patch(&path, &json!({ "values": { "is_active": true } }));
        assert!(refused.text().contains("user_is_invited"), "{}", refused.text());

        let mut stranger = app.anonymous();
        let view = expect(&stranger.post("/invitations/look", &json!({ "token": token })), 200);
        assert_eq!((&view["name"], &view["company_name"]), (&json!("Ірина Гайда"), &json!("Карпати Буд")));
        let taken = accept(&mut stranger, &token, "Administrator");
        assert_eq!(field_errors(&expect(&taken, 422)), [("/login".to_owned(), "login_taken".to_owned())]);
        let weak = json!({ "token": token, "login": "ira", "password": "12345678" });
        let weak = expect(&stranger.post("/invitations/accept", &weak), 422);
        assert_eq!(field_errors(&weak), [("/password".to_owned(), "password_too_common".to_owned())]);
        let session = expect(&accept(&mut stranger, &token, "ira"), 201);
        assert_eq!((&session["user"]["id"], &session["user"]["login"]), (&json!(id), &json!("ira")));
        assert_eq!(session["user"]["roles"][0]["id"], 3);

        // The door has closed behind him.
        for path in ["/invitations/look", "/invitations/accept"] {
            let body = json!({ "token": token, "login": "other", "password": PASSWORD });
            let body = if path.ends_with("look") { json!({ "token": token }) } else { body };
            assert_eq!(expect(&app.anonymous().post(path, &body), 403)["code"], "link_invalid");
        }
        assert_eq!(expect(&administrator.get("/invitations"), 200)["items"], json!([]));
        let late = administrator.post(&format!("/invitations/{id}/renew"), &json!({ "is_mailed": true }));
        assert_eq!(expect(&late, 409)["code"], "user_is_in");
        assert_eq!(app.log_in("ira").id, id);
    });
}

#[test]
fn without_mail_the_link_is_handed_over_and_a_newer_one_replaces_it() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let made = invite(&mut administrator, "Петро", "petro@example.org");
        assert_eq!((&made["invitation"]["is_mailed"], &made["invitation"]["url"]), (&json!(false), &Json::Null));
        let first = token_of(made["invitation"]["page"].as_str().unwrap());
        assert!(first.len() >= 43, "256 bits");
        let renew = format!("/invitations/{}/renew", made["record"]["id"]);
        let renewed = expect(&administrator.post(&renew, &json!({ "is_mailed": false })), 200);
        let second = token_of(renewed["page"].as_str().unwrap());
        assert_eq!(expect(&accept(&mut app.anonymous(), &first, "petro"), 403)["code"], "link_invalid");
        expect(&administrator.delete(&format!("/invitations/{}", made["record"]["id"])), 204);
        assert_eq!(expect(&accept(&mut app.anonymous(), &second, "petro"), 403)["code"], "link_invalid");
        let third = expect(&administrator.post(&renew, &json!({ "is_mailed": false })), 200);
        expect(&accept(&mut app.anonymous(), &token_of(third["page"].as_str().unwrap()), "petro"), 201);
        expect(&administrator.post("/invitations/999/renew", &json!({ "is_mailed": false })), 404);
        expect(&administrator.delete("/invitations/1"), 409);
    });
}

#[test]
fn an_invitation_ends_after_seven_days() {
    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(1_795_334_400_000);
        let app = App::with_clock(database, clock.clone());
        let [in_time, too_late] = ["a@example.org", "b@example.org"].map(|email| {
            let made = invite(&mut app.administrator(), "Ірина", email);
            token_of(made["invitation"]["page"].as_str().unwrap())
        });
        clock.advance(7 * DAY_MS - 1);
        expect(&accept(&mut app.anonymous(), &in_time, "ira"), 201);
        clock.advance(1);
        assert_eq!(expect(&accept(&mut app.anonymous(), &too_late, "late"), 403)["code"], "link_invalid");
    });
}

#[test]
fn wrong_invitations_and_wrong_people_are_refused() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let before = app.content();
        for (input, pointer, code) in [
            (invitation("", "a@example.org"), "/name", "required"),
            (invitation("Іра", ""), "/email", "required"),
            (invitation("Іра", "a@b@c"), "/email", "not_an_email"),
            (invitation("Іра", "a@example.org\r\nBcc: b@example.org"), "/email", "not_an_email"),
            (invitation("Іра\r\nBcc: b@example.org", "a@example.org"), "/name", "control_characters"),
            (invitation("Іра\u{2028}x", "a@example.org"), "/name", "control_characters"),
        ] {
            let refused = expect(&administrator.post("/invitations", &input), 422);
            assert_eq!(field_errors(&refused), [(pointer.to_owned(), code.to_owned())]);
        }
        for role in [Role::Supervisor, Role::Employee] {
            let mut user = app.with_user(role);
            expect(&user.post("/invitations", &invitation("Іра", "a@example.org")), 403);
            expect(&user.get("/invitations"), 403);
            expect(&user.post("/invitations/1/renew", &json!({ "is_mailed": false })), 403);
            expect(&user.delete("/invitations/1"), 403);
        }
        drop(administrator);
        assert_eq!(app.content().matches("a@example.org").count(), before.matches("a@example.org").count());
    });
}

#[test]
fn who_keeps_the_users_gets_no_door_to_more_rights() {
    for_each_app(|app| {
        with_mail(app);
        let mut administrator = app.administrator();
        let rights = json!({ "base": "employee", "features": { "users": true, "company": true } });
        let role = json!({ "values": { "name": "Кадри", "rights": rights.to_string() } });
        let role = expect(&administrator.post("/records/role", &role), 201)["record"]["id"].clone();
        let mut keeper = app.with_user(Role::Employee);
        let login = expect(&keeper.get("/session"), 200)["user"]["login"].as_str().unwrap().to_owned();
        let path = format!("/records/user/{}", keeper.id);
        expect(&administrator.patch(&path, &json!({ "values": { "roles": [role] } })), 200);
        let mut keeper = app.log_in(&login);
        let of_role = |role: i64, email: &str| json!({ "name": "Хтось", "email": email, "roles": [role] });
        let chief = expect(&administrator.post("/invitations", &of_role(1, "chief@example.org")), 201);
        let chief = chief["record"]["id"].as_i64().unwrap();

        // He invites his like, and nobody who may more.
        let made = expect(&keeper.post("/invitations", &of_role(3, "like@example.org")), 201);
        expect(
            &keeper.post(&format!("/invitations/{}/renew", made["record"]["id"]), &json!({ "is_mailed": false })),
            200,
        );
        expect(&keeper.post("/invitations", &of_role(1, "more@example.org")), 422);
        for is_mailed in [true, false] {
            expect(&keeper.post(&format!("/invitations/{chief}/renew"), &json!({ "is_mailed": is_mailed })), 403);
        }
        expect(&keeper.delete(&format!("/invitations/{chief}")), 403);
        let moved = json!({ "values": { "email": "mine@example.org" } });
        expect(&keeper.patch(&format!("/records/user/{chief}"), &moved), 422);
        // Neither does he lead links and letters of others to himself.
        expect(&keeper.patch("/installation", &json!({ "company_name": "Карпати Буд" })), 200);
        expect(&keeper.patch("/installation", &json!({ "public_url": "https://evil.example" })), 403);
        expect(&keeper.patch("/mail/settings", &json!({ "host": "evil.example" })), 403);
    });
}
