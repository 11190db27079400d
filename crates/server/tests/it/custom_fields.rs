//! Fields added while the system runs.

use record_engine::Role;
use serde_json::json;

use crate::it::app::{encoded, expect, for_each_app};
use crate::it::person::{person, with};

#[test]
fn a_new_field_takes_part_in_everything() {
    for_each_app(|app| {
        let (mut administrator, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        let new =
            json!({ "labels": { "uk": "Бюджет", "en": "Budget" }, "kind": "number", "settings": { "decimals": 2 } });
        expect(&employee.post("/catalog/contact/fields", &new), 403);
        let field = expect(&administrator.post("/catalog/contact/fields", &new), 201);
        let name = field["name"].as_str().unwrap();

        let contact = administrator.create_contact(with(person("Шевчук"), name, json!(1250.5)));
        assert_eq!(contact["values"][name], json!(1250.5));
        let found = administrator.contact_ids(&format!("sort=-{name}&filter={}", encoded(&format!("{name} > 1000"))));
        assert_eq!(found, [contact["id"].as_i64().unwrap()]);
        let catalog = expect(&employee.get("/catalog"), 200).to_string();
        assert!(catalog.contains("Бюджет"));
        let description = expect(&administrator.get("/openapi.json"), 200).to_string();
        assert!(description.contains(&format!("\"{name}\"")));

        let renamed = json!({ "labels": { "uk": "Річний бюджет" } });
        expect(&administrator.patch(&format!("/catalog/contact/fields/{name}"), &renamed), 200);
        let job = expect(&administrator.post(&format!("/catalog/contact/fields/{name}/index"), &json!({})), 202);
        assert_eq!(administrator.wait_for_job(&job["job"])["state"], "done");
        assert_eq!(administrator.contact_ids(&format!("sort={name}")).len(), 1);
    });
}

#[test]
fn deals_tasks_and_events_take_fields_as_contacts_do() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        for object_type in ["deal", "task", "event"] {
            let new = json!({ "labels": { "en": "Source" }, "kind": "text", "settings": {} });
            let field = expect(&administrator.post(&format!("/catalog/{object_type}/fields"), &new), 201);
            let name = field["name"].as_str().unwrap();
            let values = json!({ "values": { "title": "Перша", name: "виставка" } });
            let made = expect(&administrator.post(&format!("/records/{object_type}"), &values), 201);
            let filter = encoded(&format!("{name} = \"виставка\""));
            let found = expect(&administrator.get(&format!("/records/{object_type}?filter={filter}")), 200);
            assert_eq!(found["items"][0]["id"], made["record"]["id"]);
        }
    });
}
