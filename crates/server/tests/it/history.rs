//! The history of a card and undo (CD21, N1).

use record_engine::Role;
use serde_json::json;

use crate::it::app::{encoded, expect, for_each_app, until};
use crate::it::person::{person, phone, with};

#[test]
fn the_history_names_old_and_new() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(with(person("Шевчук"), "warmth", json!("cold")));
        let path = format!("/records/contact/{}", contact["id"]);
        expect(&user.patch(&path, &json!({ "values": { "warmth": "hot", "channels": phone("067 440 12 85") } })), 200);
        expect(&user.patch(&path, &json!({ "values": { "last_name": "Шевчук-Лис" } })), 200);

        let history = expect(&user.get(&format!("{path}/history")), 200);
        let items = history["items"].as_array().unwrap();
        let kinds: Vec<&str> = items.iter().map(|item| item["operation"]["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["update", "update", "create"]);
        let changed: Vec<&str> =
            items[0]["changes"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap()).collect();
        assert!(changed.contains(&"last_name") && changed.contains(&"name"), "{changed:?}");
        let warmth = items[1]["changes"].as_array().unwrap().iter().find(|change| change["field"] == "warmth").unwrap();
        assert_eq!((&warmth["old"], &warmth["new"]), (&json!("cold"), &json!("hot")));
        assert_eq!(items[1]["operation"]["user"]["id"], user.id);

        let only = expect(&user.get(&format!("{path}/history?field=warmth")), 200);
        assert_eq!(only["items"].as_array().unwrap().len(), 1);
        let nobody = expect(&user.get(&format!("{path}/history?user=999")), 200);
        assert_eq!(nobody["items"], json!([]));
    });
}

#[test]
fn undo_takes_a_change_back_and_can_be_undone() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(with(person("Шевчук"), "remark", json!("раніше")));
        let path = format!("/records/contact/{}", contact["id"]);
        let change = expect(&user.patch(&path, &json!({ "values": { "remark": "тепер" } })), 200);
        let undo = |operation: &serde_json::Value| format!("/operations/{operation}/undo");

        let undone = expect(&user.post(&undo(&change["operation_id"]), &json!({})), 200);
        assert_eq!(undone["undone"], 1);
        assert_eq!(expect(&user.get(&path), 200)["values"]["remark"], "раніше");
        let twice = expect(&user.post(&undo(&change["operation_id"]), &json!({})), 409);
        assert_eq!(twice["code"], "already_undone");

        expect(&user.post(&undo(&undone["operation_id"]), &json!({})), 200);
        assert_eq!(expect(&user.get(&path), 200)["values"]["remark"], "тепер");
    });
}

#[test]
fn undo_keeps_what_was_changed_since() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(with(person("Шевчук"), "remark", json!("перше")));
        let path = format!("/records/contact/{}", contact["id"]);
        let change = expect(&user.patch(&path, &json!({ "values": { "remark": "друге", "warmth": "hot" } })), 200);
        expect(&user.patch(&path, &json!({ "values": { "remark": "третє" } })), 200);
        let report = expect(&user.post(&format!("/operations/{}/undo", change["operation_id"]), &json!({})), 200);
        let kept = &report["kept"][0];
        assert_eq!(
            (&kept["field"], &kept["current"], &kept["would_be"]),
            (&json!("remark"), &json!("третє"), &json!("перше"))
        );
        let values = expect(&user.get(&path), 200)["values"].clone();
        assert_eq!(values["remark"], "третє");
        assert!(values.get("warmth").is_none(), "{values}");
    });
}

#[test]
fn later_changes_are_shown_and_taken_back_by_choice() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(with(person("Шевчук"), "remark", json!("перше")));
        let path = format!("/records/contact/{}", contact["id"]);
        let change = expect(&user.patch(&path, &json!({ "values": { "remark": "друге", "warmth": "hot" } })), 200);
        expect(&user.patch(&path, &json!({ "values": { "remark": "третє" } })), 200);
        let operation = format!("/operations/{}", change["operation_id"]);
        let page = expect(&user.get(&format!("{operation}/later-changes")), 200);
        let later = &page["items"][0];
        assert_eq!(
            (&later["field"], &later["current"], &later["would_be"]),
            (&json!("remark"), &json!("третє"), &json!("перше"))
        );
        assert_eq!((&later["changed_by"]["id"], &page["next_cursor"]), (&json!(user.id), &serde_json::Value::Null));
        let choice = json!({ "type": "contact", "id": contact["id"], "field": "remark", "version": later["version"] });
        let report = expect(&user.post(&format!("{operation}/undo"), &json!({ "overwrite": [choice] })), 200);
        assert_eq!((&report["undone"], &report["kept_count"]), (&json!(1), &json!(0)));
        assert_eq!(expect(&user.get(&path), 200)["values"]["remark"], "перше");
        expect(&user.post(&format!("/operations/{}/undo", report["operation_id"]), &json!({})), 200);
        assert_eq!(expect(&user.get(&path), 200)["values"]["remark"], "третє");
        expect(&user.get(&format!("{operation}/later-changes?cursor=x")), 422);
        expect(&user.post(&format!("{operation}/undo"), &json!({ "overwrite": "all" })), 422);
        let mut stranger = app.with_user(Role::Employee);
        expect(&stranger.get(&format!("{operation}/later-changes")), 404);
    });
}

#[test]
fn others_do_not_undo_ones_work() {
    for_each_app(|app| {
        let (mut one, mut two) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let created = expect(
            &one.post("/records/contact", &json!({ "values": with(person("Спільна"), "visibility", json!("write")) })),
            201,
        );
        let refused = two.post(&format!("/operations/{}/undo", created["operation_id"]), &json!({}));
        assert!(matches!(refused.status, 403 | 404), "{}", refused.text());
        let own = expect(&one.get("/operations"), 200);
        assert_eq!(own["items"][0]["id"], created["operation_id"]);
        let others = expect(&two.get("/operations"), 200);
        assert!(
            others["items"].as_array().unwrap().iter().all(|operation| operation["id"] != created["operation_id"]),
            "{others}"
        );
    });
}

#[test]
fn a_card_opens_as_it_was() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let made = user.create_contact(person("Стара"));
        let path = format!("/records/contact/{}", made["id"]);
        let then = expect(&user.get(&format!("{path}?as_of=2100-01-01")), 200);
        assert_eq!(
            (&then["title"], &then["can_edit"], &then["can_delete"]),
            (&json!("Стара"), &json!(false), &json!(false))
        );
        expect(&user.get(&format!("{path}?as_of=2001-01-01")), 404);
        expect(&user.get(&format!("{path}?as_of=yesterday")), 422);
        let mut stranger = app.with_user(Role::Employee);
        expect(&stranger.get(&format!("{path}?as_of=2100-01-01")), 404);
    });
}

#[test]
fn a_list_of_the_past_cannot_be_changed_and_says_what_it_does_not_know() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Supervisor);
        let contact = owner.create_contact(person("Колишня"));
        let then = encoded(contact["updated_at"].as_str().unwrap());
        let made = app.engine.clock().now_ms();
        until(|| app.engine.clock().now_ms() > made);
        let path = format!("/records/contact/{}", contact["id"]);
        expect(&owner.delete(&path), 200);
        assert_eq!(expect(&owner.get("/records/contact"), 200)["items"], json!([]));
        let was = expect(&owner.get(&format!("/records/contact?as_of={then}")), 200);
        assert_eq!((&was["items"][0]["id"], &was["items"][0]["can_edit"]), (&contact["id"], &json!(false)));
        assert_eq!(expect(&owner.get(&format!("/records/contact/count?as_of={then}")), 200)["count"], 1);
        for query in ["search=x", "trash=true"] {
            for path in ["/records/contact", "/records/contact/count"] {
                let refused = expect(&owner.get(&format!("{path}?as_of={then}&{query}")), 422);
                assert_eq!(refused["errors"][0]["code"], "not_in_the_past", "{path} {query}");
            }
        }
        assert_eq!(expect(&owner.get("/records/contact?as_of=yesterday"), 422)["errors"][0]["code"], "not_an_instant");
    });
}
