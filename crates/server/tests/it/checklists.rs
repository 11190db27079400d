//! Checklists: seen with their task, written by whoever may change it.

use record_engine::Role;
use serde_json::json;

use crate::it::app::{expect, for_each_app};

#[test]
fn a_checklist_is_seen_and_written_with_its_task() {
    for_each_app(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let mut stranger = app.with_user(Role::Employee);
        let values = json!({ "title": "Виставка", "visibility": "read" });
        let task = expect(&owner.post("/records/task", &json!({ "values": values })), 201)["record"]["id"].clone();
        let item = json!({ "values": { "task": task, "text": "Стенд", "place": 1 } });
        let made = expect(&owner.post("/records/checklist_item", &item), 201)["record"].clone();
        let path = format!("/records/checklist_item/{}", made["id"]);
        let tick = json!({ "values": { "is_done": true } });

        expect(&reader.get(&path), 200);
        expect(&reader.patch(&path, &tick), 403);
        expect(&reader.delete(&path), 403);
        expect(&reader.post("/records/checklist_item", &item), 403);
        assert_eq!(expect(&owner.patch(&path, &tick), 200)["record"]["values"]["is_done"], true);

        expect(&owner.patch(&format!("/records/task/{task}"), &json!({ "values": { "visibility": "private" } })), 200);
        expect(&stranger.get(&path), 404);
        expect(&stranger.patch(&path, &tick), 404);
        // Who takes part works on it.
        let taking = json!({ "values": { "participants": [stranger.id] } });
        expect(&owner.patch(&format!("/records/task/{task}"), &taking), 200);
        let gone = expect(&stranger.delete(&path), 200);
        expect(&stranger.post(&format!("/operations/{}/undo", gone["operation_id"]), &json!({})), 200);
        expect(&owner.get(&path), 200);
        expect(&owner.post("/records/checklist_item", &json!({ "values": { "text": "Ніде" } })), 422);
    });
}
