//! Saved views are private (VW10): nobody else sees, changes or deletes them, the administrator neither.

use record_engine::Role;
use serde_json::json;

use crate::it::app::{expect, for_each_app};

#[test]
fn a_view_belongs_to_who_saved_it() {
    for_each_app(|app| {
        let (mut owner, mut administrator) = (app.with_user(Role::Employee), app.administrator());
        let definition = json!({ "filter": "warmth = hot", "sort": "name", "columns": [] }).to_string();
        let values = json!({ "name": "Гарячі", "object_type": "contact", "definition": definition });
        let view = expect(&owner.post("/records/saved_view", &json!({ "values": values })), 201)["record"].clone();
        let path = format!("/records/saved_view/{}", view["id"]);
        assert_eq!(expect(&owner.get(&path), 200)["values"]["definition"], json!(definition));
        expect(&administrator.get(&path), 404);
        expect(&administrator.patch(&path, &json!({ "values": { "name": "x" } })), 404);
        expect(&administrator.delete(&path), 404);
        assert_eq!(expect(&administrator.get("/records/saved_view"), 200)["items"], json!([]));
        expect(&owner.patch(&path, &json!({ "values": { "name": "Найгарячіші" } })), 200);
        expect(&owner.delete(&path), 200);
    });
}
