//! Records over HTTP: reading, writing, refusing.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::app::for_each_app;

#[test]
fn a_record_lives_from_creation_to_restoration() {
    for_each_app(async |app| {
        let user = &app.administrator;
        let created = app
            .post(user, "/records/card", json!({ "values": { "name": "Шевчук", "managers": [app.employee.id] } }))
            .await;
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
        assert_eq!(created.headers["etag"], "\"1\"");
        let record = &created.json["record"];
        let path = format!("/records/card/{}", record["id"]);
        assert_eq!(record["values"]["managers"][0]["title"], "taras the employee");
        assert_eq!(record["title"], "Шевчук");

        let changed =
            app.patch(user, &path, json!({ "values": { "position": "Директор" } }), &[("if-match", "\"1\"")]).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        assert_eq!(changed.headers["etag"], "\"2\"");
        assert_eq!(changed.json["record"]["values"]["position"], "Директор");

        let stale = app.call(Some(user), Method::DELETE, &path, None, &[("if-match", "\"1\"")]).await;
        assert_eq!((stale.status, &stale.json["code"]), (StatusCode::CONFLICT, &json!("version_conflict")));
        assert_eq!(stale.json["params"]["version"], 2);
        let deleted = app.call(Some(user), Method::DELETE, &path, None, &[("if-match", "\"2\"")]).await;
        assert_eq!(deleted.status, StatusCode::OK, "{}", deleted.text);
        assert!(deleted.json["operation_id"].is_i64());
        let refused = app.patch(user, &path, json!({ "values": { "position": "x" } }), &[]).await;
        assert_eq!((refused.status, &refused.json["code"]), (StatusCode::CONFLICT, &json!("in_trash")));
        assert_eq!(app.get(user, "/records/card").await.json["items"], json!([]));
        assert_eq!(app.get(user, "/records/card?trash=true").await.json["items"][0]["id"], record["id"]);

        let restored = app.post(user, &format!("{path}/restore"), json!({})).await;
        assert_eq!(restored.status, StatusCode::OK, "{}", restored.text);
        let history = app.get(user, &format!("{path}/history?limit=2")).await;
        assert_eq!(history.json["items"].as_array().unwrap().len(), 2, "{}", history.text);
        let cursor = history.json["next_cursor"].as_str().unwrap().to_owned();
        let rest = app.get(user, &format!("{path}/history?limit=50&cursor={cursor}")).await;
        assert_eq!(
            rest.json["items"].as_array().unwrap().last().unwrap()["operation"]["kind"],
            "create",
            "{}",
            rest.text
        );

        let operation = changed.json["operation_id"].as_i64().unwrap();
        let undone = app.post(user, &format!("/operations/{operation}/undo"), json!({})).await;
        assert_eq!((undone.status, &undone.json["undone"]), (StatusCode::OK, &json!(1)), "{}", undone.text);
        let again = app.post(user, &format!("/operations/{operation}/undo"), json!({})).await;
        assert_eq!((again.status, &again.json["code"]), (StatusCode::CONFLICT, &json!("already_undone")));
        assert!(app.get(user, &path).await.json["values"].get("position").is_none());
    });
}

#[test]
fn lists_are_filtered_sorted_and_paged() {
    for_each_app(async |app| {
        let user = &app.supervisor;
        for (name, amount) in [("Б", 2), ("А", 1), ("В", 3)] {
            app.card(user, json!({ "name": name, "amount": amount })).await;
        }
        let first = app.get(user, "/records/card?sort=name&limit=2&fields=amount").await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text);
        assert_eq!(first.json["items"][0]["title"], "А");
        assert_eq!(first.json["items"][0]["values"], json!({ "amount": 1 }));
        let cursor = first.json["next_cursor"].as_str().unwrap();
        let second = app.get(user, &format!("/records/card?sort=name&limit=2&cursor={cursor}")).await;
        assert_eq!(second.json["items"][0]["title"], "В");
        assert!(second.json["next_cursor"].is_null());

        let body = json!({ "filter": { "field": "amount", "op": ">", "value": 1 }, "sort": "-amount" });
        let found = app.post(user, "/records/card/query", body).await;
        assert_eq!(
            found.json["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["title"].as_str().unwrap())
                .collect::<Vec<_>>(),
            ["В", "Б"]
        );
        let count = app.get(user, "/records/card/count?filter=amount%20%3E%201").await;
        assert_eq!(count.json, json!({ "count": 2, "is_capped": false }));
    });
}

#[test]
fn wrong_questions_are_refused_with_their_place() {
    for_each_app(async |app| {
        let user = &app.administrator;
        for (path, status, code, pointer) in [
            ("/records/card?filter=amount%20%3E", 422, "filter_invalid", None),
            ("/records/card?filter=nothing%20%3D%201", 422, "filter_invalid", None),
            ("/records/card?sort=nothing", 422, "validation_failed", Some("/sort")),
            ("/records/card?fields=nothing", 422, "validation_failed", Some("/fields")),
            ("/records/card?cursor=zz", 422, "validation_failed", Some("/cursor")),
            ("/records/card?limit=0", 422, "validation_failed", Some("/limit")),
            ("/records/card?limit=201", 422, "validation_failed", Some("/limit")),
            ("/records/card?limit=many", 400, "malformed_request", None),
            ("/records/card?offset=10", 400, "malformed_request", None),
            ("/records/card?limit=1&limit=2", 400, "malformed_request", None),
            ("/records/nothing", 404, "not_found", None),
            ("/records/card/abc", 404, "not_found", None),
            ("/records/card/999999", 404, "not_found", None),
            ("/records/card/99999999999999999999", 404, "not_found", None),
            ("/records/card/1/history?from=yesterday", 422, "validation_failed", Some("/from")),
            ("/nothing", 404, "not_found", None),
            ("/search", 400, "malformed_request", None),
            ("/jobs/1", 404, "not_found", None),
        ] {
            let answer = app.get(user, path).await;
            assert_eq!(
                (answer.status.as_u16(), answer.json["code"].as_str()),
                (status, Some(code)),
                "{path}: {}",
                answer.text
            );
            assert_eq!(answer.headers["content-type"], "application/problem+json");
            assert_eq!(answer.json["errors"][0]["pointer"].as_str(), pointer, "{path}");
            assert!(answer.json["request_id"].is_string());
        }
        let body = json!({ "values": { "name": "x", "amount": "many", "nothing": 1 } });
        let answer = app.post(user, "/records/card", body).await;
        let mut pointers: Vec<_> =
            answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/values/amount", "/values/nothing"]);
        let unnamed = app.post(user, "/records/card?check_only=true", json!({ "values": {} })).await;
        assert_eq!(unnamed.json["errors"][0], json!({ "pointer": "/values/name", "code": "required", "params": {} }));
    });
}

#[test]
fn a_check_writes_nothing() {
    for_each_app(async |app| {
        let answer =
            app.post(&app.administrator, "/records/card?check_only=true", json!({ "values": { "name": "x" } })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(app.get(&app.administrator, "/records/card").await.json["items"], json!([]));
    });
}
