//! The catalog and fields added while the server runs.

use axum::http::StatusCode;
use record_engine::index_job::IndexJob;
use record_engine::jobs::run_now;
use serde_json::json;

use crate::app::for_each_app;

#[test]
fn a_field_is_added_used_renamed_indexed_and_retired_while_the_system_works() {
    for_each_app(async |app| {
        let user = &app.administrator;
        let options = json!([{ "key": "s", "labels": { "en": "Small" }, "color": "green" }, { "key": "l", "labels": { "en": "Large" } }]);
        let field =
            json!({ "labels": { "en": "Size", "uk": "Розмір" }, "kind": "choice", "settings": { "options": options } });
        let added = app.post(user, "/catalog/card/fields", field).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
        let name = added.json["name"].as_str().unwrap().to_owned();
        assert!(added.json["is_custom"].as_bool().unwrap());

        let id = app.card(user, json!({ "name": "a", &*name: "s" })).await;
        let found = app.get(user, &format!("/records/card?filter={name}%20%3D%20s&fields={name}")).await;
        assert_eq!(
            (&found.json["items"][0]["id"], &found.json["items"][0]["values"][&name]),
            (&json!(id), &json!("s")),
            "{}",
            found.text
        );
        let described = app.get(user, "/openapi.json").await;
        assert!(described.json["components"]["schemas"]["CardValues"]["properties"][&name].is_object());

        let path = format!("/catalog/card/fields/{name}");
        let renamed = app.patch(user, &path, json!({ "labels": { "en": "Format" } }), &[]).await;
        assert_eq!(
            (renamed.status, &renamed.json["labels"]["en"]),
            (StatusCode::OK, &json!("Format")),
            "{}",
            renamed.text
        );
        let indexed = app.post(user, &format!("{path}/index"), json!({})).await;
        assert_eq!(indexed.status, StatusCode::ACCEPTED, "{}", indexed.text);
        let (engine, job) = (app.engine.clone(), indexed.json["job"]["id"].as_i64().unwrap());
        let done = tokio::task::spawn_blocking(move || run_now(&engine, &[std::sync::Arc::new(IndexJob)], job))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(done.state, "done", "{:?}", done.error);
        let retired = app.patch(user, &path, json!({ "is_retired": true }), &[]).await;
        assert_eq!(retired.json["is_retired"], true, "{}", retired.text);

        let unlabelled = app.post(user, "/catalog/card/fields", json!({ "labels": {}, "kind": "text" })).await;
        assert_eq!(unlabelled.json["errors"][0]["pointer"], "/labels", "{}", unlabelled.text);
        let unknown =
            app.post(user, "/catalog/card/fields", json!({ "labels": { "en": "x" }, "kind": "rocket" })).await;
        assert_eq!(unknown.json["errors"][0]["pointer"], "/kind", "{}", unknown.text);
        assert_eq!(app.patch(user, "/catalog/card/fields/none", json!({}), &[]).await.status, StatusCode::NOT_FOUND);
    });
}
