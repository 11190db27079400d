//! Mass changes as jobs: one operation, a report that adds up, one undo.

use record_engine::Role;
use serde_json::json;

use crate::it::app::{encoded, expect, for_each_app};
use crate::it::person::{person, with};

#[test]
fn a_filter_is_changed_and_undone_as_one() {
    for_each_app(|app| {
        let mut user = app.administrator();
        for number in 0..30 {
            let warmth = if number % 3 == 0 { "hot" } else { "cold" };
            user.create_contact(with(person(&format!("Особа {number}")), "warmth", json!(warmth)));
        }
        let before = user.contact_ids(&format!("filter={}", encoded("warmth = hot")));
        let body = json!({ "action": "update", "filter": "warmth = cold", "values": { "warmth": "hot" } });
        let started = expect(&user.post("/records/contact/bulk", &body), 202);
        let job = user.wait_for_job(&started["job"]);
        assert_eq!((&job["state"], &job["report"]["changed"]), (&json!("done"), &json!(20)));
        assert_eq!(user.contact_ids(&format!("filter={}", encoded("warmth = hot"))).len(), 30);

        let undone = expect(&user.post(&format!("/operations/{}/undo", job["operation_id"]), &json!({})), 200);
        assert_eq!(undone["undone"], 20);
        assert_eq!(user.contact_ids(&format!("filter={}", encoded("warmth = hot"))), before);
    });
}

#[test]
fn rights_hold_for_each_record() {
    for_each_app(|app| {
        let (mut owner, mut colleague) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let private = owner.create_contact(person("Прихована"));
        let readable = owner.create_contact(with(person("Читана"), "visibility", json!("read")));
        let own = colleague.create_contact(person("Своя"));
        let body = json!({ "action": "delete", "ids": [private["id"], readable["id"], own["id"]] });
        let started = expect(&colleague.post("/records/contact/bulk", &body), 202);
        let job = colleague.wait_for_job(&started["job"]);
        let report = &job["report"];
        // With the type, the ids of the report lead to cards.
        assert_eq!((&report["type"], &report["changed"]), (&json!("contact"), &json!(1)), "{job}");
        let mut codes: Vec<&str> =
            report["failed"].as_array().unwrap().iter().map(|failed| failed["code"].as_str().unwrap()).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["forbidden", "not_found"]);
        assert_eq!(owner.contact_ids("").len(), 2);
        // A job is its owner's business.
        expect(&owner.get(&format!("/jobs/{}", job["id"])), 404);
    });
}

#[test]
fn a_change_of_nothing_in_particular_is_refused() {
    for_each_app(|app| {
        let mut user = app.administrator();
        for body in [
            json!({ "action": "update", "values": { "warmth": "hot" } }),
            json!({ "action": "update", "ids": [1], "filter": "id = 1", "values": { "warmth": "hot" } }),
            json!({ "action": "update", "ids": [1], "values": {} }),
            json!({ "action": "update", "ids": [1], "values": { "colour": "red" } }),
            json!({ "action": "explode", "ids": [1] }),
        ] {
            expect(&user.post("/records/contact/bulk", &body), 422);
        }
    });
}

#[test]
fn sets_are_added_to_and_taken_from() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let mut tag = |name: &str| {
            let made = expect(&user.post("/records/tag", &json!({ "values": { "name": name } })), 201);
            made["record"]["id"].as_i64().unwrap()
        };
        let (vip, new, old) = (tag("VIP"), tag("Новий"), tag("Старий"));
        let first = user.create_contact(with(person("Перша"), "tags", json!([vip, old])));
        let second = user.create_contact(person("Друга"));
        let ids = json!([first["id"], second["id"]]);
        let body =
            json!({ "action": "update", "ids": ids, "add": { "tags": [new, vip] }, "remove": { "tags": [old] } });
        let started = expect(&user.post("/records/contact/bulk", &body), 202);
        let job = user.wait_for_job(&started["job"]);
        assert_eq!(job["report"]["changed"], 2, "{job}");
        let tags_of = |user: &mut crate::it::app::User, record: &serde_json::Value| -> Vec<i64> {
            let record = expect(&user.get(&format!("/records/contact/{}", record["id"])), 200);
            let tags = record["values"]["tags"].as_array().cloned().unwrap_or_default();
            tags.iter().map(|tag| tag["id"].as_i64().unwrap()).collect()
        };
        assert_eq!(tags_of(&mut user, &first), [vip, new]);
        assert_eq!(tags_of(&mut user, &second), [new, vip]);
        expect(&user.post(&format!("/operations/{}/undo", job["operation_id"]), &json!({})), 200);
        assert_eq!((tags_of(&mut user, &first), tags_of(&mut user, &second)), (vec![vip, old], vec![]));
        // References in the form in which the API answers them.
        let body = json!({ "action": "update", "ids": ids, "remove": { "tags": [{ "id": old, "title": "Старий" }] } });
        let started = expect(&user.post("/records/contact/bulk", &body), 202);
        assert_eq!(user.wait_for_job(&started["job"])["report"]["changed"], 1);
        assert_eq!(tags_of(&mut user, &first), [vip]);

        for body in [
            json!({ "action": "update", "ids": ids, "add": { "warmth": ["hot"] } }),
            json!({ "action": "update", "ids": ids, "add": { "tags": vip } }),
            json!({ "action": "delete", "ids": ids, "remove": { "tags": [vip] } }),
            json!({ "action": "update", "ids": ids, "values": { "tags": [] }, "add": { "tags": [vip] } }),
        ] {
            expect(&user.post("/records/contact/bulk", &body), 422);
        }
    });
}
