//! Mass changes over HTTP.

use std::sync::Arc;

use axum::http::StatusCode;
use record_engine::bulk::{Bulk, BulkAction, BulkJob, Selection};
use record_engine::jobs::{self, run_now};
use record_engine::{Engine, EngineError, RequestContext, Values};
use serde_json::{Value as Json, json};

use crate::app::{App, User, for_each_app};

/// The drivers of databases block, so nothing of the engine runs on a thread of the runtime.
async fn in_engine<T: Send + 'static>(app: &App, work: impl FnOnce(&Engine) -> T + Send + 'static) -> T {
    let engine = app.engine.clone();
    tokio::task::spawn_blocking(move || work(&engine)).await.unwrap()
}

async fn work_off(app: &App, user: &User, id: i64) -> Json {
    in_engine(app, move |engine| run_now(engine, &[Arc::new(BulkJob)], id)).await.unwrap();
    app.get(user, &format!("/jobs/{id}")).await.json
}

async fn run_job(app: &App, user: &User, body: Json) -> Json {
    let started = app.post(user, "/records/card/bulk", body).await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.text);
    let job = work_off(app, user, started.json["job"]["id"].as_i64().unwrap()).await;
    assert_eq!(job["state"], "done", "{job}");
    job
}

async fn run(app: &App, user: &User, body: Json) -> Json {
    run_job(app, user, body).await["report"].clone()
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

#[test]
fn what_could_not_be_changed_is_a_table_to_download() {
    for_each_app(async |app| {
        let (owner, employee) = (&app.administrator, &app.employee);
        let private = app.card(owner, json!({ "name": "private" })).await;
        let readable = app.card(owner, json!({ "name": "readable; \"quoted\"", "shared": "read" })).await;
        let own = app.card(owner, json!({ "name": "own", "managers": [employee.id] })).await;
        let ids = json!([private, readable, own]);
        let job =
            run_job(&app, employee, json!({ "action": "update", "ids": ids, "values": { "position": "x" } })).await;
        assert_eq!((&job["failed_count"], &job["listed_count"]), (&json!(2), &json!(2)), "{job}");
        let path = format!("/jobs/{}/failures", job["id"]);
        let table = app.get(employee, &format!("{path}?format=csv")).await;
        // What he may not see has no title.
        let expect = format!(
            "\u{feff}ID,Картка,Разом із (ID),Поле,Причина,Код\r\n{private},,,,немає такої картки,not_found\r\n\
             {readable},\"readable; \"\"quoted\"\"\",,,немає права змінювати цю картку,forbidden\r\n"
        );
        assert_eq!((table.status, table.text), (StatusCode::OK, expect));
        let file_name = table.headers["content-disposition"].to_str().unwrap();
        assert!(file_name.contains(&format!("not-done-{}.csv", job["id"])), "{file_name}");
        let by_owner = app.get(owner, &format!("{path}?format=csv")).await;
        assert!(by_owner.text.contains(&format!("{private},private,")), "{}", by_owner.text);
        let workbook = app.get(employee, &path).await;
        assert!(workbook.status == StatusCode::OK && workbook.text.starts_with("PK"));
        assert_eq!(app.get(&app.other, &path).await.status, StatusCode::NOT_FOUND);

        let too_long = "x".repeat(101);
        let body = json!({ "action": "update", "ids": [own], "values": { "position": too_long } });
        let job = run_job(&app, employee, body).await;
        assert_eq!(app.patch(employee, "/session", json!({ "language": "en" }), &[]).await.status, StatusCode::OK);
        let table = app.get(employee, &format!("/jobs/{}/failures?format=csv", job["id"])).await;
        assert!(
            table.text.ends_with("own,,position,\"is too long, at most 100 characters\",too_long\r\n"),
            "{}",
            table.text
        );

        let clean = run_job(&app, owner, json!({ "action": "delete", "ids": [own] })).await;
        assert_eq!(app.get(owner, &format!("/jobs/{}/failures", clean["id"])).await.status, StatusCode::NOT_FOUND);
        assert_eq!(std::fs::read_dir(app.engine.files().incoming_path("")).unwrap().count(), 0);
    });
}

#[test]
fn which_records_were_left_is_forgotten_after_a_month() {
    for_each_app(async |app| {
        let owner = &app.administrator;
        let job = run_job(&app, owner, json!({ "action": "delete", "ids": [1_000_001] })).await;
        let path = format!("/jobs/{}", job["id"]);
        let month_ms: i64 = 30 * 24 * 3_600 * 1_000;
        for (age_ms, removed, status, listed) in
            [(month_ms - 60_000, 0, StatusCode::OK, 1), (120_000, 1, StatusCode::NOT_FOUND, 0)]
        {
            let gone = in_engine(&app, move |engine| {
                let aged = engine.write(|tx| {
                    Ok::<_, EngineError>(tx.execute("UPDATE jobs SET finished_at = finished_at - ?", &[age_ms.into()])?)
                });
                assert_eq!(aged.unwrap(), 1);
                jobs::remove_old_failures(engine).unwrap()
            })
            .await;
            let told = app.get(owner, &path).await.json;
            assert_eq!((gone, &told["listed_count"], &told["failed_count"]), (removed, &json!(listed), &json!(1)));
            assert_eq!(app.get(owner, &format!("{path}/failures")).await.status, status);
        }
    });
}

#[test]
fn of_very_many_failures_the_first_are_kept_and_all_are_counted() {
    for_each_app(async |app| {
        let ids: Vec<i64> = (1_000_001..=1_010_250).collect();
        let bulk = Bulk {
            object_type: "card".into(),
            action: BulkAction::Delete,
            selection: Selection::Ids(ids),
            values: Values::default(),
            add: Values::default(),
            remove: Values::default(),
        };
        let id = in_engine(&app, move |engine| {
            let context = RequestContext::system(engine.clock());
            let new = bulk.into_job(&engine.snapshot(), &context).unwrap();
            engine.write(|tx| jobs::enqueue(tx, &context, &new)).unwrap()
        })
        .await;
        let job = work_off(&app, &app.administrator, id).await;
        assert_eq!((&job["failed_count"], &job["listed_count"]), (&json!(10_250), &json!(10_000)), "{}", job["state"]);
        assert_eq!(
            (&job["report"]["failed_count"], job["report"]["failed"].as_array().unwrap().len()),
            (&json!(10_250), 200)
        );
        let table = app.get(&app.administrator, &format!("/jobs/{id}/failures?format=csv")).await.text;
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 10_002);
        assert!(lines[10_000].starts_with("1010000,"), "{}", lines[10_000]);
        assert_eq!(lines[10_001], ",,,,Тут перші 10000 із 10250,");
        let stored =
            in_engine(&app, move |engine| engine.database().read(|tx| jobs::find(tx, id)).unwrap().unwrap()).await;
        let position = stored.position.unwrap();
        assert!(position.len() < 200, "a job carries no list from batch to batch: {position}");
    });
}

#[test]
fn a_job_that_broke_off_tells_what_it_did_and_that_can_be_undone() {
    for_each_app(async |app| {
        let user = &app.administrator;
        let mut ids = Vec::new();
        for number in 0..410 {
            ids.push(app.card(user, json!({ "name": format!("card {number}") })).await);
        }
        ids[0] = ids[409] + 1_000;
        ids.sort_unstable();
        // The last cards collide, long after the first batch is durable.
        let sql = format!("CREATE UNIQUE INDEX obstacle ON card (position) WHERE id >= {}", ids[401]);
        in_engine(&app, move |engine| engine.write(|tx| tx.execute(&sql, &[]).map_err(EngineError::from)).unwrap())
            .await;
        let started = app
            .post(user, "/records/card/bulk", json!({ "action": "update", "ids": ids, "values": { "position": "x" } }))
            .await;
        let job = work_off(&app, user, started.json["job"]["id"].as_i64().unwrap()).await;
        assert_eq!((&job["state"], &job["report"]["changed"]), (&json!("failed"), &json!(400)), "{job}");
        let undone = app.post(user, &format!("/operations/{}/undo", job["operation_id"]), json!({})).await;
        assert_eq!(undone.json["undone"], 400, "{}", undone.text);
    });
}
