//! S26: asking for a new password tells nobody which users there are, neither by words nor by time.

use std::time::{Duration, Instant};

use axum::http::Method;
use http_api::ApiConfig;
use mail::{MailChange, Security, change_settings};
use record_engine::RequestContext;
use serde_json::json;
use test_kit::MailSink;

use crate::app::{App, NOW};

/// Tries of each kind.
const TRIES: u32 = 500;

#[test]
fn a_known_and_an_unknown_login_get_the_same_answer_in_the_same_time() {
    test_kit::for_each_backend(|database| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let config = ApiConfig { public_url: Some("https://crm.example.org".into()), ..ApiConfig::default() };
        let app = App::new(database, config);
        let change = MailChange {
            host: Some("127.0.0.1".into()),
            port: Some(MailSink::start().port()),
            security: Some(Security::None),
            sender_address: Some("crm@example.org".into()),
            ..MailChange::default()
        };
        change_settings(&app.engine, &RequestContext::system(app.engine.clock()), &change).unwrap();
        let values = json!({ "values": { "email": "e@example.org" } });
        let path = format!("/records/user/{}", app.employee.id);
        runtime.block_on(async {
            app.patch(&app.administrator, &path, values, &[]).await;
            let mut spent = [Duration::ZERO; 2];
            for number in 0..TRIES {
                for (at, typed) in ["e@example.org", "x@example.org"].into_iter().enumerate() {
                    let started = Instant::now();
                    let body = json!({ "login_or_email": typed });
                    let answer = app.call(None, Method::POST, "/password-resets", Some(body), &[]).await;
                    spent[at] += started.elapsed();
                    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
                    let names: Vec<_> = answer.headers.keys().map(|name| name.as_str()).collect();
                    assert!(!names.contains(&"set-cookie"), "{names:?}");
                }
                if number % 20 == 19 {
                    // A network may ask sixty times in a quarter of an hour.
                    app.engine.clock().advance(16 * 60_000);
                }
            }
            let [known, unknown] = spent.map(|time| time / TRIES);
            assert!(known.abs_diff(unknown) < Duration::from_millis(5), "{known:?} and {unknown:?}");
        });
        assert!(app.engine.clock().now_ms() > NOW);
        let letters = app.engine.database().read(|tx| mail::outbox::list(tx, None, None, 10_000)).unwrap();
        assert!(letters.len() > 3, "the known one does get letters: {}", letters.len());
    });
}
