//! Merging and the queue of duplicates over HTTP.

use axum::http::Method;
use record_engine::jobs::run_now;
use serde_json::{Value as Json, json};

use crate::app::{Answer, App, User, for_each_app};

async fn contact(app: &App, user: &User, values: Json) -> i64 {
    let answer = app.post(user, "/records/contact", json!({ "values": values })).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json["record"]["id"].as_i64().unwrap()
}

fn person(last_name: &str, phone: &str) -> Json {
    json!({ "kind": "person", "last_name": last_name, "first_name": "Іван", "channels": [{ "kind": "phone", "value": phone }] })
}

async fn run(app: &App, user: &User, path: &str, body: Json) -> Json {
    let started = app.post(user, path, body).await;
    assert_eq!(started.status, 202, "{}", started.text);
    let (engine, id) = (app.engine.clone(), started.json["job"]["id"].as_i64().unwrap());
    tokio::task::spawn_blocking(move || run_now(&engine, &modules::job_handlers(), id)).await.unwrap().unwrap();
    let job = app.get(user, &format!("/jobs/{id}")).await.json;
    assert_eq!(job["state"], "done", "{job}");
    job["report"].clone()
}

fn problem(answer: &Answer) -> (u16, &str, Option<&str>) {
    (answer.status.as_u16(), answer.json["code"].as_str().unwrap(), answer.json["errors"][0]["pointer"].as_str())
}

#[test]
fn a_merge_is_shown_done_once_and_undone() {
    for_each_app(async |app| {
        let user = &app.administrator;
        let one = contact(&app, user, person("Петренко", "+380674401285")).await;
        let two = contact(&app, user, person("Petrenko", "+380674401286")).await;
        let company = contact(&app, user, json!({ "kind": "company", "company_name": "ТОВ" })).await;
        app.patch(
            user,
            &format!("/records/contact/{two}"),
            json!({ "values": { "parent": company, "warmth": "hot" } }),
            &[],
        )
        .await;
        let body = json!({ "survivor": one, "losers": [two], "choices": { "last_name": two }, "versions": { one.to_string(): 1, two.to_string(): 2 } });

        let shown = app.post(user, "/records/contact/merge/preview", body.clone()).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        assert_eq!(shown.json["merged"]["title"], "Petrenko Іван");
        assert_eq!(shown.json["merged"]["values"]["parent"]["title"], "ТОВ");
        let names: Vec<_> =
            shown.json["fields"].as_array().unwrap().iter().filter(|field| field["is_conflict"] == true).collect();
        assert_eq!((names.len(), &names[0]["field"], &names[0]["from"]), (1, &json!("last_name"), &json!(two)));

        let key = [("idempotency-key", "merge-1")];
        let merged = app.call(Some(user), Method::POST, "/records/contact/merge", Some(body.clone()), &key).await;
        assert_eq!(merged.status, 200, "{}", merged.text);
        assert_eq!(merged.json["record"]["title"], "Petrenko Іван");
        assert_eq!(merged.json["record"]["values"]["channels"].as_array().unwrap().len(), 2);
        assert_eq!(merged.headers["etag"], "\"2\"");
        let again = app.call(Some(user), Method::POST, "/records/contact/merge", Some(body.clone()), &key).await;
        assert_eq!(again.text, merged.text, "a repeated request has one effect");
        let once_more = app.post(user, "/records/contact/merge", body).await;
        assert_eq!(problem(&once_more), (409, "in_trash", None), "{}", once_more.text);

        let gone = app.get(user, &format!("/records/contact/{two}")).await;
        assert_eq!(gone.json["merged_into"], json!({ "id": one, "title": "Petrenko Іван", "type": "contact" }));
        let undone = app.post(user, &format!("/operations/{}/undo", merged.json["operation_id"]), json!({})).await;
        assert_eq!((undone.status.as_u16(), &undone.json["undone"]), (200, &json!(2)), "{}", undone.text);
        let back = app.get(user, &format!("/records/contact/{two}")).await.json;
        assert_eq!((back.get("merged_into"), &back["deleted_at"]), (None, &Json::Null));
        assert_eq!(back["values"]["channels"][0]["value"], "+380674401286");
        assert_eq!(app.get(user, &format!("/records/contact/{one}")).await.json["title"], "Петренко Іван");
    });
}

#[test]
fn a_merge_is_refused_where_it_is_wrong() {
    for_each_app(async |app| {
        let (owner, employee) = (&app.administrator, &app.employee);
        let own = contact(&app, employee, person("Own", "+380674401285")).await;
        let also = contact(&app, employee, person("Also", "+380674401286")).await;
        let hidden = contact(&app, owner, person("Hidden", "+380674401287")).await;
        let mut readable = person("Readable", "+380674401288");
        readable["visibility"] = json!("read");
        let readable = contact(&app, owner, readable).await;
        let mut open = person("Open", "+380674401289");
        open["visibility"] = json!("write");
        let open = contact(&app, owner, open).await;
        for (body, expect) in [
            // He may change it, but not delete it.
            (json!({ "survivor": own, "losers": [open] }), (403, "forbidden", None)),
            (json!({ "survivor": own, "losers": [] }), (422, "validation_failed", Some("/losers"))),
            (json!({ "survivor": own, "losers": [own] }), (422, "validation_failed", Some("/losers"))),
            (json!({ "survivor": own }), (422, "validation_failed", Some("/losers"))),
            (
                json!({ "survivor": own, "losers": [also], "choices": { "x": own } }),
                (422, "validation_failed", Some("/choices/x")),
            ),
            (
                json!({ "survivor": own, "losers": [also], "choices": { "warmth": hidden } }),
                (422, "validation_failed", Some("/choices/warmth")),
            ),
            (
                json!({ "survivor": own, "losers": [also], "versions": { also.to_string(): 9 } }),
                (409, "version_conflict", None),
            ),
            (json!({ "survivor": own, "losers": [hidden] }), (404, "not_found", None)),
            (json!({ "survivor": hidden, "losers": [own] }), (404, "not_found", None)),
            (json!({ "survivor": own, "losers": [readable] }), (403, "forbidden", None)),
            (json!({ "survivor": own, "losers": [also + 1000] }), (404, "not_found", None)),
        ] {
            for path in ["/records/contact/merge", "/records/contact/merge/preview"] {
                let answer = app.post(employee, path, body.clone()).await;
                assert_eq!(problem(&answer), expect, "{path} {body}: {}", answer.text);
            }
        }
        let users = json!({ "survivor": owner.id, "losers": [employee.id] });
        let answer = app.post(owner, "/records/user/merge", users).await;
        assert_eq!(problem(&answer), (409, "cannot_be_merged", None));
        assert_eq!(app.get(owner, "/records/contact/count").await.json["count"], 5);
        let allowed = app.post(employee, "/records/contact/merge", json!({ "survivor": open, "losers": [own] })).await;
        assert_eq!(allowed.status, 200, "{}", allowed.text);
        // A card that is only shared with him is nobody's own by a merge.
        let managers = &app.get(owner, &format!("/records/contact/{open}")).await.json["values"]["managers"];
        assert_eq!(managers.as_array().map(Vec::len), Some(1), "{managers}");
        assert_eq!(managers[0]["id"], owner.id);
    });
}

#[test]
fn the_queue_is_searched_read_dismissed_and_merged() {
    for_each_app(async |app| {
        let user = &app.administrator;
        let count = async || app.get(user, "/duplicates/count?type=contact").await.json;
        let empty = count().await;
        assert_eq!(
            (&empty["clusters"], &empty["last_search"], &empty["can_search"]),
            (&json!(0), &Json::Null, &json!(true))
        );
        let mut ids = Vec::new();
        for name in ["Петренко", "Сидоренко", "Іваненко"] {
            for _ in 0..2 {
                let values =
                    json!({ "kind": "person", "last_name": name, "first_name": "Іван", "birthday": "1990-01-02" });
                ids.push(contact(&app, user, values).await);
            }
        }
        let report = run(&app, user, "/duplicates/search", json!({ "type": "contact" })).await;
        assert_eq!(report["pairs"], 3, "{report}");
        let counted = count().await;
        assert_eq!(
            (&counted["clusters"], &counted["records"], &counted["last_search"]["pairs"]),
            (&json!(3), &json!(6), &json!(3))
        );

        let page = app.get(user, "/duplicates?type=contact&limit=2").await.json;
        assert_eq!(page["items"].as_array().unwrap().len(), 2);
        assert_eq!(page["items"][0]["reasons"], json!(["name", "birthday"]));
        let cursor = page["next_cursor"].as_str().unwrap();
        let rest = app.get(user, &format!("/duplicates?type=contact&limit=2&cursor={cursor}")).await.json;
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Json::Null));
        let of_one = app.get(user, &format!("/duplicates?type=contact&id={}", ids[3])).await.json;
        assert_eq!(of_one["items"][0]["records"][0]["id"], ids[2]);
        assert_eq!(app.get(user, "/duplicates?type=contact&min_score=95").await.json["items"], json!([]));

        let dismissed =
            app.post(user, "/duplicates/dismiss", json!({ "type": "contact", "ids": [ids[0], ids[1]] })).await;
        assert_eq!((dismissed.status.as_u16(), &dismissed.json["pairs"]), (200, &json!(1)), "{}", dismissed.text);
        assert_eq!(count().await["clusters"], 2);
        let body = json!({ "type": "contact", "min_score": 70, "rule": "oldest" });
        let report = run(&app, user, "/duplicates/merge", body).await;
        assert_eq!((&report["merged"], &report["failed_count"]), (&json!(2), &json!(0)), "{report}");
        assert_eq!(app.get(user, "/records/contact/count").await.json["count"], 4);

        for (path, body, expect) in [
            ("/duplicates/search", json!({}), (422, "validation_failed", Some("/type"))),
            ("/duplicates/search", json!({ "type": "contact", "keys": [] }), (422, "validation_failed", Some("/keys"))),
            ("/duplicates/search", json!({ "type": "user" }), (404, "not_found", None)),
            (
                "/duplicates/merge",
                json!({ "type": "contact", "min_score": 10, "rule": "oldest" }),
                (422, "validation_failed", Some("/min_score")),
            ),
            (
                "/duplicates/merge",
                json!({ "type": "contact", "min_score": 90, "rule": "x" }),
                (422, "validation_failed", Some("/rule")),
            ),
            (
                "/duplicates/dismiss",
                json!({ "type": "contact", "ids": [ids[0]] }),
                (422, "validation_failed", Some("/ids")),
            ),
        ] {
            let answer = app.post(user, path, body.clone()).await;
            assert_eq!(problem(&answer), expect, "{path} {body}");
        }
        let refused = app.get(user, "/duplicates?type=contact&cursor=x").await;
        assert_eq!(problem(&refused), (422, "validation_failed", Some("/cursor")));
        let refused = app.post(&app.employee, "/duplicates/search", json!({ "type": "contact" })).await;
        assert_eq!(problem(&refused), (403, "forbidden", None));
        let seen = app.get(&app.employee, "/duplicates/count?type=contact").await.json;
        assert_eq!(
            (&seen["clusters"], &seen["last_search"], &seen["can_search"]),
            (&json!(0), &Json::Null, &json!(false))
        );
    });
}

#[test]
fn who_may_not_merge_two_cards_does_not_take_them_out_of_the_queue_of_all() {
    for_each_app(async |app| {
        let (admin, reader) = (&app.administrator, &app.employee);
        let shared = |name: &str, phone: &str, visibility: &str| {
            let mut values = person(name, phone);
            values["visibility"] = json!(visibility);
            values
        };
        let one = contact(&app, admin, shared("Петренко", "+380674401285", "read")).await;
        let two = contact(&app, admin, shared("Petrenko", "+380674401286", "read")).await;
        let body = json!({ "type": "contact", "ids": [one, two] });
        for is_dismissed in [true, false] {
            let mut body = body.clone();
            body["is_dismissed"] = json!(is_dismissed);
            let refused = app.post(reader, "/duplicates/dismiss", body).await;
            assert_eq!(refused.status, 403, "{}", refused.text);
        }
        for id in [one, two] {
            let change = json!({ "values": { "visibility": "write" } });
            let shared = app.patch(admin, &format!("/records/contact/{id}"), change, &[]).await;
            assert_eq!(shared.status, 200, "{}", shared.text);
        }
        let done = app.post(reader, "/duplicates/dismiss", body).await;
        assert_eq!(done.status, 200, "{}", done.text);
    });
}
