//! A repeated request has one effect and one answer.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use database::Query;
use serde_json::{Value as Json, json};

use crate::app::{App, for_each_app, read};

const KEY: &[(&str, &str)] = &[("idempotency-key", "8d3b-1")];

async fn cards(app: &App) -> usize {
    app.get(&app.administrator, "/records/card").await.json["items"].as_array().unwrap().len()
}

fn body(name: &str) -> Option<Json> {
    Some(json!({ "values": { "name": name } }))
}

#[test]
fn a_repeated_create_answers_the_same_bytes_and_makes_one_record() {
    for_each_app(async |app| {
        let user = Some(&app.administrator);
        let first = app.call(user, Method::POST, "/records/card", body("a"), KEY).await;
        let second = app.call(user, Method::POST, "/records/card", body("a"), KEY).await;
        assert_eq!(first.status, StatusCode::CREATED);
        assert_eq!(
            (second.status, &second.text, &second.headers["etag"]),
            (first.status, &first.text, &first.headers["etag"])
        );
        assert_eq!(cards(&app).await, 1);

        let other_body = app.call(user, Method::POST, "/records/card", body("b"), KEY).await;
        assert_eq!((other_body.status.as_u16(), &other_body.json["code"]), (422, &json!("idempotency_key_mismatch")));
        // The key belongs to its user.
        let somebody = app.call(Some(&app.supervisor), Method::POST, "/records/card", body("a"), KEY).await;
        assert_eq!(somebody.status, StatusCode::CREATED);
        assert_eq!(cards(&app).await, 2);
    });
}

#[test]
fn requests_at_once_have_one_effect() {
    for_each_app(async |app: Arc<App>| {
        let attempts: Vec<_> = (0..8)
            .map(|_| {
                let app = app.clone();
                tokio::spawn(async move {
                    app.call(Some(&app.administrator), Method::POST, "/records/card", body("a"), KEY).await
                })
            })
            .collect();
        let mut answers = Vec::new();
        for attempt in attempts {
            let answer = attempt.await.unwrap();
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
            answers.push(answer.text);
        }
        answers.dedup();
        assert_eq!(answers.len(), 1);
        assert_eq!(cards(&app).await, 1);
    });
}

#[test]
fn a_refused_request_leaves_its_key_free() {
    for_each_app(async |app| {
        let user = Some(&app.administrator);
        let refused = app.call(user, Method::POST, "/records/card", Some(json!({ "values": {} })), KEY).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let corrected = app.call(user, Method::POST, "/records/card", body("a"), KEY).await;
        assert_eq!(corrected.status, StatusCode::CREATED, "{}", corrected.text);
    });
}

#[test]
fn other_writes_are_repeated_safely_too() {
    for_each_app(async |app| {
        let user = Some(&app.administrator);
        let id = app.card(&app.administrator, json!({ "name": "a" })).await;
        let path = format!("/records/card/{id}");
        let patch = Some(json!({ "values": { "position": "p" } }));
        for (method, path, body, key) in [
            (Method::PATCH, path.clone(), patch, "k1"),
            (Method::DELETE, path.clone(), None, "k2"),
            (Method::POST, format!("{path}/restore"), None, "k3"),
            (Method::POST, "/records/card/bulk".into(), Some(json!({ "action": "delete", "ids": [id] })), "k4"),
            (
                Method::POST,
                "/users".into(),
                Some(json!({ "name": "N", "login": "new.one", "password": "correct horse", "roles": [3] })),
                "k5",
            ),
        ] {
            let headers: &[(&str, &str)] = &[("idempotency-key", key)];
            let first = app.call(user, method.clone(), &path, body.clone(), headers).await;
            assert!(first.status.is_success(), "{method} {path}: {}", first.text);
            let second = app.call(user, method.clone(), &path, body, headers).await;
            assert_eq!((second.status, second.text), (first.status, first.text), "{method} {path}");
        }
        let operation = app.get(&app.administrator, "/operations").await.json["items"][0]["id"].clone();
        let undo = format!("/operations/{operation}/undo");
        let headers: &[(&str, &str)] = &[("idempotency-key", "k6")];
        let first = app.call(user, Method::POST, &undo, None, headers).await;
        assert!(first.status.is_success(), "{}", first.text);
        assert_eq!(app.call(user, Method::POST, &undo, None, headers).await.text, first.text);
    });
}

#[test]
fn exports_fields_and_steps_of_an_import_are_repeated_safely_too() {
    for_each_app(async |app| {
        let user = Some(&app.administrator);
        let upload = Request::post("/api/v1/imports?type=contact&file_name=a.csv")
            .header("cookie", &app.administrator.cookie)
            .header("content-type", "application/octet-stream")
            .body(Body::from("ФИО;Моб. телефон\nШевчук Тарас;067 440 12 85\n"))
            .unwrap();
        let import = read(app.send(upload).await).await.json["id"].clone();
        let jobs = async || app.get(&app.administrator, "/jobs").await.json["items"].as_array().unwrap().len();
        let fields = |app: &App| {
            let contact = app.engine.snapshot().object_type("contact").unwrap();
            contact.fields.iter().filter(|field| field.is_custom).count()
        };
        let version = app.engine.snapshot().catalog.version;
        for (method, path, body, key, status) in [
            (
                Method::POST,
                "/exports".to_owned(),
                Some(
                    json!({ "type": "contact", "format": "csv", "filter": { "field": "warmth", "op": "=", "value": "hot" } }),
                ),
                "e1",
                StatusCode::ACCEPTED,
            ),
            (
                Method::POST,
                "/catalog/contact/fields".to_owned(),
                Some(json!({ "labels": { "en": "Size" }, "kind": "text", "settings": {} })),
                "e2",
                StatusCode::CREATED,
            ),
            (Method::PATCH, format!("/imports/{import}"), Some(json!({ "mode": "create_only" })), "e3", StatusCode::OK),
            (Method::POST, format!("/imports/{import}/check"), Some(json!({})), "e4", StatusCode::ACCEPTED),
        ] {
            let headers: &[(&str, &str)] = &[("idempotency-key", key)];
            let first = app.call(user, method.clone(), &path, body.clone(), headers).await;
            assert_eq!(first.status, status, "{method} {path}: {}", first.text);
            let second = app.call(user, method.clone(), &path, body, headers).await;
            assert_eq!((second.status, second.text), (first.status, first.text), "{method} {path}");
        }
        assert_eq!(jobs().await, 2);
        assert_eq!(fields(&app), 1);
        assert_eq!(app.engine.snapshot().catalog.version, version + 1);
    });
}

#[test]
fn a_key_has_limits() {
    for_each_app(async |app| {
        let long = "k".repeat(129);
        for key in ["", long.as_str()] {
            let answer = app
                .call(Some(&app.administrator), Method::POST, "/records/card", body("a"), &[("idempotency-key", key)])
                .await;
            assert_eq!((answer.status.as_u16(), &answer.json["code"]), (400, &json!("malformed_request")));
        }
        let engine = app.engine.clone();
        let read = move || engine.database().read(|tx| tx.query("SELECT status FROM idempotency_keys", &[]));
        let stored = tokio::task::spawn_blocking(read).await.unwrap().unwrap();
        assert!(stored.is_empty());
    });
}
