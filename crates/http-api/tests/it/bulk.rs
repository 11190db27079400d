//! Mass changes over HTTP.

use std::sync::Arc;

use axum::http::StatusCode;
use record_engine::bulk::BulkJob;
use record_engine::jobs::run_now;
use serde_json::{Value as Json, json};

use crate::app::{App, User, for_each_app};

async fn run(app: &App, user: &User, body: Json) -> Json {
    let started = app.post(user, "/records/card/bulk", body).await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.text);
    let (engine, id) = (app.engine.clone(), started.json["job"]["id"].as_i64().unwrap());
    tokio::task::spawn_blocking(move || run_now(&engine, &[Arc::new(BulkJob)], id)).await.unwrap().unwrap();
    let job = app.get(user, &format!("/jobs/{id}")).await.json;
    assert_eq!(job["state"], "done", "{job}");
    job["report"].clone()
}

#[test]
fn many_records_change_in_one_operation_that_can_be_undone() {
    for_each_app(async |app| {
        let user = &app.administrator;
        for number in 0..450 {
            app.card(user, json!({ "name": format!("card {number}"), "amount": number % 3, "position": "old" })).await;
        }
        let report = run(
            &app,
            user,
            json!({ "action": "update", "filter": "amount = 1", "values": { "amount": 7, "position": "new" } }),
        )
        .await;
        assert_eq!(
            (&report["changed"], &report["unchanged"], &report["failed_count"]),
            (&json!(150), &json!(0), &json!(0))
        );
        assert_eq!(app.get(user, "/records/card/count?filter=position%20%3D%20%22new%22").await.json["count"], 150);
        let report_again = run(&app, user, json!({ "action": "update", "filter": { "field": "amount", "op": "=", "value": 7 }, "values": { "position": "new" } })).await;
        assert_eq!((&report_again["changed"], &report_again["unchanged"]), (&json!(0), &json!(150)));
        let undone = app.post(user, &format!("/operations/{}/undo", report["operation_id"]), json!({})).await;
        assert_eq!((undone.status, &undone.json["undone"]), (StatusCode::OK, &json!(150)), "{}", undone.text);

        let report = run(&app, user, json!({ "action": "delete", "filter": "amount = 2" })).await;
        assert_eq!(report["changed"], 150);
        let report = run(&app, user, json!({ "action": "restore", "filter": "amount = 2" })).await;
        assert_eq!(report["changed"], 150);
    });
}

#[test]
fn the_rights_of_whoever_started_it_hold() {
    for_each_app(async |app| {
        let (owner, employee) = (&app.administrator, &app.employee);
        let private = app.card(owner, json!({ "name": "private" })).await;
        let readable = app.card(owner, json!({ "name": "readable", "shared": "read" })).await;
        let own = app.card(owner, json!({ "name": "own", "managers": [employee.id] })).await;
        let body = json!({ "action": "update", "ids": [private, readable, own, own, own + 100], "values": { "position": "x" } });
        let report = run(&app, employee, body).await;
        assert_eq!((&report["changed"], &report["failed_count"]), (&json!(1), &json!(3)), "{report}");
        let codes: Vec<_> = report["failed"]
            .as_array()
            .unwrap()
            .iter()
            .map(|failed| (failed["id"].as_i64().unwrap(), failed["code"].as_str().unwrap()))
            .collect();
        assert_eq!(codes, [(private, "not_found"), (readable, "forbidden"), (own + 100, "not_found")]);
        let report =
            run(&app, employee, json!({ "action": "update", "filter": "all", "values": { "position": "y" } })).await;
        assert_eq!((&report["changed"], &report["failed_count"]), (&json!(1), &json!(1)), "{report}");
        assert!(app.get(owner, &format!("/records/card/{private}")).await.json["values"].get("position").is_none());
    });
}

#[test]
fn an_unclear_request_starts_nothing() {
    for_each_app(async |app| {
        for (body, pointer) in [
            (json!({ "action": "update", "ids": [1] }), "/values"),
            (json!({ "action": "delete", "ids": [1], "values": { "name": "x" } }), "/values"),
            (json!({ "action": "delete" }), "/ids"),
            (json!({ "action": "delete", "filter": " " }), "/filter"),
            (json!({ "action": "delete", "ids": [1], "filter": "id = 1" }), "/ids"),
            (json!({ "action": "update", "ids": [1], "values": { "nothing": 1 } }), "/values/nothing"),
            (json!({ "action": "update", "ids": [1], "values": { "created_by": 1 } }), "/values/created_by"),
            (json!({ "action": "erase", "ids": [1] }), "/action"),
        ] {
            let answer = app.post(&app.administrator, "/records/card/bulk", body.clone()).await;
            assert_eq!(
                (answer.status.as_u16(), answer.json["errors"][0]["pointer"].as_str()),
                (422, Some(pointer)),
                "{body}: {}",
                answer.text
            );
        }
        assert_eq!(app.get(&app.administrator, "/jobs").await.json["items"], json!([]));
    });
}
