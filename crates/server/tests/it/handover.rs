//! A colleague leaves: what he had goes to others in one operation, and his history keeps his name.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{expect, field_errors, for_each_app};
use crate::it::person::{person, with};

fn ids(value: &Json) -> Vec<i64> {
    value.as_array().into_iter().flatten().map(|entry| entry["id"].as_i64().unwrap()).collect()
}

#[test]
fn what_a_colleague_had_goes_to_others_and_comes_back_with_one_undo() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let (mut leaving, heir, third) =
            (app.with_user(Role::Employee), app.with_user(Role::Employee), app.with_user(Role::Employee));
        let alone = leaving.create_contact(person("Один"));
        let shared = admin.create_contact(with(person("Двоє"), "managers", json!([leaving.id, heir.id])));
        expect(&admin.patch(&format!("/records/user/{}", third.id), &json!({ "values": { "head": leaving.id } })), 200);

        let holdings = expect(&admin.get(&format!("/users/{}/holdings", leaving.id)), 200);
        let found: Vec<(&str, &str, i64)> = holdings["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                (item["type"].as_str().unwrap(), item["field"].as_str().unwrap(), item["count"].as_i64().unwrap())
            })
            .collect();
        assert_eq!(found, [("contact", "managers", 2), ("user", "head", 1)]);

        let heirs = json!([
            { "type": "contact", "field": "managers", "to": heir.id },
            { "type": "user", "field": "head", "to": heir.id },
        ]);
        let wish = json!({ "heirs": heirs, "deactivates": true });
        let started = expect(&admin.post(&format!("/users/{}/hand-over", leaving.id), &wish), 202);
        let job = admin.wait_for_job(&started["job"]);
        assert_eq!(
            (&job["state"], &job["report"]["changed"], &job["report"]["failed_count"]),
            (&json!("done"), &json!(4), &json!(0))
        );
        let mut of = |path: String| expect(&admin.get(&path), 200)["values"].clone();
        assert_eq!(ids(&of(format!("/records/contact/{}", alone["id"]))["managers"]), [heir.id]);
        assert_eq!(ids(&of(format!("/records/contact/{}", shared["id"]))["managers"]), [heir.id]);
        assert_eq!(of(format!("/records/user/{}", third.id))["head"]["id"], heir.id);
        assert_eq!(of(format!("/records/user/{}", leaving.id))["is_active"], Json::Null);
        expect(&leaving.get("/session"), 401);
        let history = expect(&admin.get(&format!("/records/contact/{}/history", alone["id"])), 200).to_string();
        assert!(history.contains(&format!("\"id\":{}", leaving.id)), "{history}");

        expect(&admin.post(&format!("/operations/{}/undo", job["report"]["operation_id"]), &json!({})), 200);
        let mut of = |path: String| expect(&admin.get(&path), 200)["values"].clone();
        assert_eq!(ids(&of(format!("/records/contact/{}", shared["id"]))["managers"]), [leaving.id, heir.id]);
        assert_eq!(of(format!("/records/user/{}", leaving.id))["is_active"], true);
    });
}

#[test]
fn only_who_keeps_the_users_hands_over_and_only_to_those_who_are_here() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let (leaving, mut employee, gone) =
            (app.with_user(Role::Employee), app.with_user(Role::Employee), app.with_user(Role::Employee));
        expect(&admin.patch(&format!("/records/user/{}", gone.id), &json!({ "values": { "is_active": false } })), 200);
        expect(&employee.get(&format!("/users/{}/holdings", leaving.id)), 403);
        expect(&employee.post(&format!("/users/{}/hand-over", leaving.id), &json!({ "heirs": [] })), 403);
        for to in [gone.id, leaving.id, 999_999] {
            let wish = json!({ "heirs": [{ "type": "contact", "field": "managers", "to": to }] });
            let refused = expect(&admin.post(&format!("/users/{}/hand-over", leaving.id), &wish), 422);
            assert_eq!(field_errors(&refused), [("/heirs/0/to".to_owned(), "not_an_heir".to_owned())]);
        }
        let wish = json!({ "heirs": [{ "type": "contact", "field": "employee_user", "to": employee.id }] });
        let refused = expect(&admin.post(&format!("/users/{}/hand-over", leaving.id), &wish), 422);
        assert_eq!(field_errors(&refused), [("/heirs/0/field".to_owned(), "unknown_field".to_owned())]);
        expect(&admin.post("/users/999999/hand-over", &json!({ "heirs": [] })), 404);
    });
}
