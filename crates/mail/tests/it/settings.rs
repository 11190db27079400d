//! The server, its password, and what is said when it cannot be used.

use std::io::Write;
use std::net::TcpListener;

use database::Query;
use mail::letters::trial;
use mail::{Failure, MailChange, Security, change_settings, read_settings, send_trial};
use record_engine::EngineError;
use test_kit::for_each_backend;

use super::base::{Base, settings_of};

fn attempt(base: &Base, change: &MailChange, allows_local: bool) -> Result<(), Failure> {
    change_settings(&base.engine, &base.context(), change).unwrap();
    let content = trial("ru", "Карпати Буд");
    send_trial(&base.engine, "olena@example.org", &content, allows_local).unwrap().map_err(|refusal| refusal.failure)
}

#[test]
fn a_trial_says_what_is_wrong() {
    for_each_backend(|database| {
        let base = Base::without_mail(database);
        let content = trial("uk", "Карпати Буд");
        let without = send_trial(&base.engine, "olena@example.org", &content, true);
        assert!(matches!(without, Err(EngineError::State("no_mail"))));
        let good = settings_of(&base.sink);
        assert_eq!(attempt(&base, &good, true), Ok(()));
        assert!(base.sink.wait_for("olena@example.org", 1).text().contains("это письмо дошло"));
        assert_eq!(attempt(&base, &good, false), Err(Failure::Local));
        let of = |change: MailChange| attempt(&base, &change, true);
        assert_eq!(of(MailChange { security: Some(Security::Starttls), ..good.clone() }), Err(Failure::NoStarttls));
        assert_eq!(of(MailChange { security: Some(Security::Tls), ..good.clone() }), Err(Failure::Untrusted));
        let elsewhere = MailChange { host: Some("192.0.2.1".into()), ..good.clone() };
        assert_eq!(of(elsewhere), Err(Failure::Unprotected));
        let login =
            |password: &str| MailChange { user: Some("crm".into()), password: Some(password.into()), ..good.clone() };
        assert_eq!(of(login("wrong")), Err(Failure::Login));
        assert_eq!(of(login("secret")), Ok(()));
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = nobody.local_addr().unwrap().port();
        drop(nobody);
        assert_eq!(of(MailChange { port: Some(port), ..good.clone() }), Err(Failure::Unreachable));
        let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = stranger.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for mut stream in stranger.incoming().flatten() {
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            }
        });
        assert_eq!(of(MailChange { port: Some(port), ..good }), Err(Failure::Unreachable));
    });
}

#[test]
fn a_password_is_sealed_and_does_not_follow_to_another_server() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let change = |change: MailChange| change_settings(&base.engine, &base.context(), &change).unwrap();
        change(MailChange {
            password: Some("дуже таємно".into()), user: Some("crm".into()), ..MailChange::default()
        });
        let stored = base.engine.database().read(|tx| {
            let rows = tx.query("SELECT value FROM settings", &[])?;
            rows.iter().map(|row| row.text(0)).collect::<Result<String, _>>()
        });
        assert!(!stored.unwrap().contains("таємно"));
        let has_password = || base.engine.database().read(|tx| read_settings(tx)).unwrap().sealed_password.is_some();
        change(MailChange { sender_name: Some("CRM".into()), host: Some("127.0.0.1".into()), ..MailChange::default() });
        assert!(has_password());
        change(MailChange { host: Some("mail.example.org".into()), ..MailChange::default() });
        assert!(!has_password());
        let wrong = MailChange { sender_address: Some("a@b\r\nBcc: c@d".into()), ..MailChange::default() };
        let refused = change_settings(&base.engine, &base.context(), &wrong);
        assert!(matches!(refused, Err(EngineError::Invalid(_))));
    });
}
