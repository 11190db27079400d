//! Imports and exports over HTTP.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use record_engine::jobs::run_now;
use serde_json::json;

use crate::app::{Answer, App, User, for_each_app, read};

const TABLE: &str = "ФИО;Моб. телефон\nШевчук Тарас;067 440 12 85\nКовальчук Олена;067 440 12 86\n";

async fn upload(app: &App, user: &User, query: &str, text: &str) -> Answer {
    let request = Request::post(format!("/api/v1/imports?{query}"))
        .header("cookie", &user.cookie)
        .header("content-type", "application/octet-stream")
        .body(Body::from(text.to_owned()))
        .unwrap();
    read(app.send(request).await).await
}

async fn work_off(app: &App, job: &serde_json::Value) {
    let (engine, id) = (app.engine.clone(), job["id"].as_i64().unwrap());
    let done = tokio::task::spawn_blocking(move || run_now(&engine, &modules::exchange::handlers(), id)).await.unwrap();
    let done = done.unwrap();
    assert_eq!(done.state, "done", "{:?}", done.error);
}

#[test]
fn a_file_is_uploaded_checked_and_imported_once() {
    for_each_app(async |app| {
        let user = &app.administrator;
        let created = upload(&app, user, "type=contact&file_name=%D0%B1%D0%B0%D0%B7%D0%B0.csv", TABLE).await;
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
        assert_eq!(
            (&created.json["file_name"], &created.json["columns"][0]["target"]),
            (&json!("база.csv"), &json!("full_name"))
        );
        let path = format!("/imports/{}", created.json["id"]);
        assert_eq!(app.get(&app.employee, &path).await.status, StatusCode::NOT_FOUND);

        let changed = app.patch(user, &path, json!({ "mode": "create_only" }), &[]).await;
        assert_eq!(changed.json["mode"], "create_only", "{}", changed.text);
        let checked = app.post(user, &format!("{path}/check"), json!({})).await;
        assert_eq!(checked.status, StatusCode::ACCEPTED, "{}", checked.text);
        work_off(&app, &checked.json["job"]).await;
        assert_eq!(app.get(user, &path).await.json["check"]["would_create"], 2);
        assert_eq!(app.get(user, &format!("{path}/problems?kind=error")).await.json["items"], json!([]));

        let start = format!("{path}/start");
        let key: &[(&str, &str)] = &[("idempotency-key", "import-1")];
        let started = app.call(Some(user), Method::POST, &start, Some(json!({})), key).await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.text);
        work_off(&app, &started.json["job"]).await;
        let repeated = app.call(Some(user), Method::POST, &start, Some(json!({})), key).await;
        assert_eq!((repeated.status, &repeated.text), (started.status, &started.text));
        let again = app.post(user, &start, json!({})).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
        assert_eq!(app.get(user, "/records/contact/count").await.json["count"], 2);
        let failed = app.get(user, &format!("{path}/failed-rows?format=csv")).await;
        assert_eq!(failed.status, StatusCode::OK, "{}", failed.text);
        assert_eq!(std::fs::read_dir(app.engine.files().incoming_path("")).unwrap().count(), 0);
    });
}

#[test]
fn a_file_that_cannot_be_read_is_refused_and_removed() {
    for_each_app(async |app| {
        for (query, text, status, code) in [
            ("type=contact&file_name=a.csv", "", 422, "file_empty"),
            ("type=contact&file_name=a.xlsx", "PK\u{3}\u{4}broken", 422, "file_damaged"),
            ("type=card&file_name=a.csv", TABLE, 404, "not_found"),
            ("type=nothing&file_name=a.csv", TABLE, 404, "not_found"),
            ("type=contact&file_name=", TABLE, 422, "validation_failed"),
            ("type=contact", TABLE, 400, "malformed_request"),
        ] {
            let answer = upload(&app, &app.administrator, query, text).await;
            assert_eq!(
                (answer.status.as_u16(), answer.json["code"].as_str()),
                (status, Some(code)),
                "{query}: {}",
                answer.text
            );
        }
        assert_eq!(std::fs::read_dir(app.engine.files().incoming_path("")).unwrap().count(), 0);
    });
}

#[test]
fn earlier_imports_come_page_by_page() {
    for_each_app(async |app| {
        let user = &app.administrator;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(upload(&app, user, "type=contact&file_name=a.csv", TABLE).await.json["id"].as_i64().unwrap());
        }
        let first = app.get(user, "/imports?limit=2").await;
        assert_eq!(first.json["items"][1]["id"], ids[1], "{}", first.text);
        let cursor = first.json["next_cursor"].as_str().unwrap();
        let second = app.get(user, &format!("/imports?limit=2&cursor={cursor}")).await;
        assert_eq!((&second.json["items"][0]["id"], &second.json["next_cursor"]), (&json!(ids[0]), &json!(null)));
        let whole = app.get(user, "/imports?limit=200").await;
        assert_eq!(whole.json["items"].as_array().unwrap().len(), 3);
        for wrong in ["limit=201", "cursor=-1"] {
            assert_eq!(app.get(user, &format!("/imports?{wrong}")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    });
}

#[test]
fn an_export_is_for_those_who_may_and_its_file_for_its_owner() {
    for_each_app(async |app| {
        let contact = json!({ "values": { "last_name": "Шевчук", "visibility": "read" } });
        assert_eq!(app.post(&app.administrator, "/records/contact", contact).await.status, StatusCode::CREATED);
        let body = json!({ "type": "contact", "format": "csv" });
        let refused = app.post(&app.employee, "/exports", body.clone()).await;
        assert_eq!((refused.status.as_u16(), &refused.json["code"]), (403, &json!("export_forbidden")));
        let started = app.post(&app.supervisor, "/exports", body).await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.text);
        work_off(&app, &started.json["job"]).await;
        let path = format!("/exports/{}/file", started.json["job"]["id"]);
        let file = app.get(&app.supervisor, &path).await;
        assert_eq!(file.status, StatusCode::OK, "{}", file.text);
        assert!(file.text.contains("Шевчук"));
        for stranger in [&app.administrator, &app.employee] {
            assert_eq!(app.get(stranger, &path).await.status, StatusCode::NOT_FOUND);
        }
        let invalid = app
            .post(&app.supervisor, "/exports", json!({ "type": "contact", "format": "csv", "filter": "nothing = 1" }))
            .await;
        assert_eq!((invalid.status.as_u16(), &invalid.json["code"]), (422, &json!("filter_invalid")));
    });
}
