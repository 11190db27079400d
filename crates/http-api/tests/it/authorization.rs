//! Nobody reaches by HTTP what he may not see or do.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::app::for_each_app;

fn ids(list: &Json) -> Vec<i64> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[test]
fn nothing_but_health_and_the_way_in_is_open_to_strangers() {
    for_each_app(async |app| {
        let document = app.get(&app.administrator, "/openapi.json").await.json;
        let mut open = Vec::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let path = path
                    .strip_prefix("/api/v1")
                    .unwrap()
                    .replace("{type}", "card")
                    .replace("{id}", "1")
                    .replace("{field}", "name");
                let method: Method = method.to_uppercase().parse().unwrap();
                let answer = app.call(None, method, &path, Some(json!({})), &[]).await;
                if answer.status == StatusCode::UNAUTHORIZED && answer.json["code"] == "unauthenticated" {
                    // What takes a session alone says so; nothing says that it takes nobody's.
                    let security = operation.get("security");
                    assert!(security.is_none_or(|security| *security == json!([{ "session": [] }])), "{path}");
                } else {
                    open.push(operation["operationId"].as_str().unwrap().to_owned());
                }
            }
        }
        open.sort_unstable();
        let expected = [
            "accept_invitation",
            "begin_passkey_login",
            "begin_passkey_step",
            "begin_provider_login",
            "complete_password_reset",
            "create_session",
            "create_setup",
            "finish_provider_login",
            "finish_session",
            "finish_with_passkey",
            "get_liveness",
            "get_readiness",
            "get_setup",
            "log_in_with_passkey",
            "look_at_invitation",
            "look_at_password_reset",
            "request_password_reset",
        ];
        assert_eq!(open, expected);
    });
}

#[test]
fn a_card_of_others_does_not_exist_and_a_shared_one_cannot_be_changed() {
    for_each_app(async |app| {
        let (owner, employee) = (&app.administrator, &app.employee);
        let private = app.card(owner, json!({ "name": "private" })).await;
        let readable = app.card(owner, json!({ "name": "readable", "shared": "read" })).await;
        let own = app.card(owner, json!({ "name": "own", "managers": [employee.id] })).await;
        let change = json!({ "values": { "position": "x" } });
        for (id, status) in [(private, 404), (readable, 403), (own, 200), (own + 100, 404)] {
            let path = format!("/records/card/{id}");
            assert_eq!(app.patch(employee, &path, change.clone(), &[]).await.status, status, "patch {id}");
            let readable_status = if status == 404 { 404 } else { 200 };
            assert_eq!(app.get(employee, &path).await.status, readable_status, "get {id}");
            assert_eq!(app.get(employee, &format!("{path}/history")).await.status, readable_status, "history {id}");
            assert_eq!(app.call(Some(employee), Method::DELETE, &path, None, &[]).await.status, status, "delete {id}");
        }
        assert_eq!(ids(&app.get(employee, "/records/card").await.json), [readable]);
        assert_eq!(app.get(employee, "/records/card/count").await.json["count"], 1);
        assert_eq!(ids(&app.get(employee, "/search?q=private").await.json), Vec::<i64>::new());
        assert_eq!(ids(&app.get(employee, "/search?q=readable").await.json), [readable]);
    });
}

#[test]
fn a_hidden_field_exists_nowhere() {
    for_each_app(async |app| {
        let employee = &app.employee;
        let id = app.card(&app.administrator, json!({ "name": "a", "secret": "needle", "shared": "write" })).await;
        for path in [
            format!("/records/card/{id}"),
            "/records/card".into(),
            format!("/records/card/{id}/history"),
            "/catalog".into(),
        ] {
            let answer = app.get(employee, &path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
            assert!(!answer.text.contains("needle") && !answer.text.contains("\"secret\""), "{path}: {}", answer.text);
        }
        let document = app.get(employee, "/openapi.json").await.json;
        let described = &document["components"]["schemas"]["CardValues"]["properties"];
        assert!(described.get("name").is_some() && described.get("secret").is_none(), "{described}");
        for path in [
            "/records/card?filter=secret%20%3D%20%22needle%22",
            "/records/card?sort=secret",
            "/records/card?fields=secret",
            "/records/card/count?filter=secret%20is%20empty",
        ] {
            assert_eq!(app.get(employee, path).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
        let written =
            app.patch(employee, &format!("/records/card/{id}"), json!({ "values": { "secret": "x" } }), &[]).await;
        assert_eq!(
            written.json["errors"][0],
            json!({ "pointer": "/values/secret", "code": "unknown_field", "params": {} })
        );
    });
}

#[test]
fn what_the_system_keeps_cannot_be_written() {
    for_each_app(async |app| {
        for name in
            ["id", "created_by", "created_at", "updated_at", "version", "deleted_at", "owner_id", "roles", "__proto__"]
        {
            let answer =
                app.post(&app.administrator, "/records/card", json!({ "values": { "name": "a", name: 1 } })).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.text);
            let answer =
                app.post(&app.administrator, "/records/card", json!({ "values": { "name": "a" }, name: 1 })).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.text);
        }
        assert_eq!(app.get(&app.administrator, "/records/card").await.json["items"], json!([]));
    });
}

#[test]
fn only_administrators_shape_the_installation() {
    for_each_app(async |app| {
        let user = json!({ "name": "N", "login": "new.one", "password": "correct horse", "roles": [1] });
        let field = json!({ "labels": { "en": "Size" }, "kind": "text" });
        for who in [&app.employee, &app.supervisor] {
            for (path, body) in [
                ("/users", &user),
                ("/catalog/card/fields", &field),
                ("/catalog/card/fields/position/index", &json!({})),
                (&*format!("/users/{}/password", app.other.id), &json!({ "new_password": "correct horse" })),
            ] {
                let answer = app.post(who, path, body.clone()).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}: {}", answer.text);
            }
            let promoted =
                app.patch(who, &format!("/records/user/{}", who.id), json!({ "values": { "roles": [1] } }), &[]).await;
            assert_eq!(promoted.status, StatusCode::FORBIDDEN, "{}", promoted.text);
        }
        let operation = app.card(&app.administrator, json!({ "name": "a" })).await;
        let foreign = app.post(&app.employee, &format!("/operations/{operation}/undo"), json!({})).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{}", foreign.text);
    });
}
