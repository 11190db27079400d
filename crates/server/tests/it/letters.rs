//! A mail server beside the application, and what administrators see of letters.

use mail::{MailChange, Security};
use record_engine::{RequestContext, Role};
use serde_json::json;
use test_kit::{MailSink, Mood};

use crate::it::app::{App, expect, field_errors, for_each_app};

pub const PUBLIC_URL: &str = "https://crm.example.org";

/// Sets mail and the public address up.
pub fn with_mail(app: &App) -> MailSink {
    let sink = MailSink::start();
    let change = MailChange {
        host: Some("127.0.0.1".into()),
        port: Some(sink.port()),
        security: Some(Security::None),
        sender_address: Some("crm@example.org".into()),
        ..MailChange::default()
    };
    mail::change_settings(&app.engine, &RequestContext::system(app.engine.clock()), &change).unwrap();
    let answer = app.administrator().patch("/installation", &json!({ "public_url": format!("{PUBLIC_URL}/") }));
    assert_eq!(expect(&answer, 200)["public_url"], PUBLIC_URL);
    sink
}

/// Sends what is due.
pub fn deliver(app: &App) {
    while mail::send_due(&app.engine, true).unwrap() {}
}

#[test]
fn administrators_set_mail_up_and_nobody_reads_the_password() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let before = expect(&administrator.get("/mail/settings"), 200);
        assert_eq!((&before["is_set_up"], &before["port"]), (&json!(false), &json!(0)));
        let trial =
            |user: &mut crate::it::app::User| user.post("/mail/trial", &json!({ "address": "olena@example.org" }));
        assert_eq!(expect(&trial(&mut administrator), 409)["code"], "no_mail");

        let sink = MailSink::start();
        let settings = json!({
            "host": "127.0.0.1", "port": sink.port(), "security": "none", "user": "crm", "password": "secret",
            "sender_address": "crm@example.org", "sender_name": "",
        });
        let answer = administrator.patch("/mail/settings", &settings);
        assert!(!answer.text().contains("secret"), "{}", answer.text());
        assert_eq!(expect(&answer, 200)["has_password"], true);
        let sent = expect(&trial(&mut administrator), 200);
        assert_eq!(sent, json!({ "is_sent": true, "code": null, "text": null }));
        let letter = sink.wait_for("olena@example.org", 1);
        assert!(letter.text().contains("цей лист дійшов"), "{}", letter.text());
        assert!(letter.header("From")[0].ends_with("<crm@example.org>"));

        expect(&administrator.patch("/mail/settings", &json!({ "password": "wrong" })), 200);
        let refused = expect(&trial(&mut administrator), 200);
        assert_eq!(refused["code"], "mail_login_refused");
        assert!(refused["text"].as_str().unwrap().contains("5.7.8"));

        let wrong = administrator.patch("/mail/settings", &json!({ "sender_name": "CRM\r\nBcc: x@example.org" }));
        assert_eq!(field_errors(&expect(&wrong, 422)), [("/sender_name".to_owned(), "control_characters".to_owned())]);
        for address in ["https://crm.example.org/path", "javascript:alert(1)", "crm.example.org", "https://a@b"] {
            let wrong = administrator.patch("/installation", &json!({ "public_url": address }));
            assert_eq!(field_errors(&expect(&wrong, 422)), [("/public_url".to_owned(), "not_an_origin".to_owned())]);
        }

        for role in [Role::Supervisor, Role::Employee] {
            let mut user = app.with_user(role);
            expect(&user.get("/mail/settings"), 403);
            expect(&user.patch("/mail/settings", &settings), 403);
            expect(&user.get("/mail/letters"), 403);
            expect(&user.post("/mail/letters/1/resend", &json!({})), 403);
            expect(&trial(&mut user), 403);
        }
    });
}

#[test]
fn letters_are_listed_with_their_state_and_sent_once_more() {
    for_each_app(|app| {
        let sink = with_mail(app);
        let mut administrator = app.administrator();
        sink.expect("petro@example.org", [Mood::Answers("550 5.1.1 Nobody here")]);
        for name in ["ira", "petro"] {
            let invitation = json!({ "name": name, "email": format!("{name}@example.org"), "roles": [3] });
            expect(&administrator.post("/invitations", &invitation), 201);
        }
        deliver(app);
        let list = |administrator: &mut crate::it::app::User, query: &str| {
            expect(&administrator.get(&format!("/mail/letters{query}")), 200)
        };
        let all = list(&mut administrator, "");
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
        assert!(!all.to_string().contains("/invitation#"), "no link is shown");
        let failed = list(&mut administrator, "?state=failed");
        let [letter] = failed["items"].as_array().unwrap().as_slice() else { panic!("{failed}") };
        assert_eq!((&letter["receiver"], &letter["state"]), (&json!("petro@example.org"), &json!("refused")));
        assert_eq!((&letter["error_code"], &letter["can_resend"]), (&json!("mail_refused"), &json!(true)));
        expect(&administrator.post(&format!("/mail/letters/{}/resend", letter["id"]), &json!({})), 200);
        deliver(app);
        assert_eq!(sink.received_by("petro@example.org").len(), 1);
        let sent = list(&mut administrator, "?state=sent&limit=1");
        assert_eq!(sent["items"].as_array().unwrap().len(), 1);
        let more = format!("?state=sent&limit=1&cursor={}", sent["next_cursor"].as_str().unwrap());
        let more = list(&mut administrator, &more);
        assert_eq!((more["items"].as_array().unwrap().len(), more["next_cursor"].is_null()), (1, true));
        let again = administrator.post(&format!("/mail/letters/{}/resend", letter["id"]), &json!({}));
        assert_eq!(expect(&again, 409)["code"], "letter_is_gone");
        expect(&administrator.get("/mail/letters?state=strange"), 400);
    });
}
