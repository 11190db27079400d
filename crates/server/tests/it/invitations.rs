//! From an invitation to the first session.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{PASSWORD, User, expect, field_errors, for_each_app};
use crate::it::letters::{PUBLIC_URL, deliver, with_mail};

fn invitation(name: &str, email: &str) -> Json {
    json!({ "name": name, "email": email, "role": "supervisor", "language": "ru" })
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
        expect(&administrator.patch(&path, &json!({ "values": { "role": "employee" } })), 200);
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
        assert_eq!(session["user"]["role"], "employee");

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
