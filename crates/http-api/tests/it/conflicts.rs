//! Versions, merges and conflicts over HTTP.

use axum::http::Method;
use serde_json::json;

use crate::app::for_each_app;

#[test]
fn the_same_field_conflicts_and_another_field_merges() {
    for_each_app(async |app| {
        let (mine, theirs) = (&app.administrator, &app.supervisor);
        let id = app.card(mine, json!({ "name": "a", "position": "old", "managers": [app.employee.id] })).await;
        let path = format!("/records/card/{id}");
        let change = json!({ "values": { "position": "theirs", "managers": [app.other.id] } });
        assert_eq!(app.patch(theirs, &path, change, &[("if-match", "\"1\"")]).await.status, 200);

        let merged = app.patch(mine, &path, json!({ "values": { "amount": 5 } }), &[("if-match", "\"1\"")]).await;
        assert_eq!(
            (merged.status.as_u16(), &merged.json["record"]["values"]["position"]),
            (200, &json!("theirs")),
            "{}",
            merged.text
        );

        let change = json!({ "values": { "position": "mine", "managers": [] } });
        let refused = app.patch(mine, &path, change.clone(), &[("if-match", "\"1\"")]).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.json["code"]),
            (409, &json!("version_conflict")),
            "{}",
            refused.text
        );
        assert_eq!(refused.json["params"]["version"], 3);
        let errors = refused.json["errors"].as_array().unwrap();
        let position = errors.iter().find(|error| error["pointer"] == "/values/position").unwrap();
        assert_eq!(position["code"], "changed_meanwhile");
        assert_eq!(
            position["params"],
            json!({
                "yours": "mine", "theirs": "theirs", "base": "old", "at": "2026-11-22T08:00:00.000Z",
                "by": { "id": theirs.id, "title": "serhii the supervisor", "type": "user" },
            })
        );
        let managers = errors.iter().find(|error| error["pointer"] == "/values/managers").unwrap();
        assert_eq!(managers["params"]["theirs"][0]["title"], "iryna the employee");

        let overwritten = app.patch(mine, &path, change, &[("if-match", "\"3\"")]).await;
        assert_eq!(
            (overwritten.status.as_u16(), &overwritten.json["record"]["values"]["position"]),
            (200, &json!("mine"))
        );
        let malformed = app.patch(mine, &path, json!({ "values": {} }), &[("if-match", "3")]).await;
        assert_eq!(malformed.status, 400);
    });
}

#[test]
fn a_version_that_never_was_is_no_licence_to_overwrite() {
    for_each_app(async |app| {
        let user = &app.administrator;
        let id = app.card(user, json!({ "name": "a", "position": "old" })).await;
        let path = format!("/records/card/{id}");
        let change = json!({ "values": { "position": "new" } });
        for malformed in ["\"0\"", "\"-1\"", "\"-9223372036854775808\""] {
            let refused = app.patch(user, &path, change.clone(), &[("if-match", malformed)]).await;
            assert_eq!((refused.status.as_u16(), &refused.json["code"]), (400, &json!("malformed_request")));
        }
        let refused = app.patch(user, &path, change.clone(), &[("if-match", "\"9\"")]).await;
        assert_eq!((refused.status.as_u16(), &refused.json["code"]), (409, &json!("version_conflict")));
        assert_eq!(refused.json["params"]["version"], 1);
        assert_eq!(app.patch(user, &path, change, &[("if-match", "\"1\"")]).await.status, 200);
    });
}

#[test]
fn a_card_is_deleted_only_as_it_was_read() {
    for_each_app(async |app| {
        let user = &app.administrator;
        let id = app.card(user, json!({ "name": "a" })).await;
        let path = format!("/records/card/{id}");
        let change = json!({ "values": { "position": "new" } });
        assert_eq!(app.patch(user, &path, change, &[]).await.status, 200);
        let delete =
            async |version: &str| app.call(Some(user), Method::DELETE, &path, None, &[("if-match", version)]).await;
        for stale in ["\"1\"", "\"3\""] {
            let refused = delete(stale).await;
            assert_eq!((refused.status.as_u16(), &refused.json["code"]), (409, &json!("version_conflict")));
            assert_eq!(refused.json["params"]["version"], 2);
        }
        assert_eq!(delete("\"2\"").await.status, 200);
    });
}
