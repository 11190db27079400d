//! The card builder: arrangement, display conditions, defaults, who may do it, and the way back (CD01, CD02, CD04, CB21, D5).

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, field_errors, for_each_app};
use crate::it::person::{company, person, with};

fn contact_type(user: &mut User, query: &str) -> Json {
    let catalog = expect(&user.get(&format!("/catalog{query}")), 200);
    catalog["object_types"].as_array().unwrap().iter().find(|found| found["name"] == "contact").unwrap().clone()
}

fn field<'a>(object_type: &'a Json, name: &str) -> &'a Json {
    object_type["fields"].as_array().unwrap().iter().find(|field| field["name"] == name).unwrap()
}

fn block<'a>(layout: &'a Json, key: &str) -> &'a Json {
    layout["blocks"].as_array().unwrap().iter().find(|block| block["key"] == key).unwrap()
}

#[test]
fn blocks_are_arranged_and_nothing_gets_lost() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let before = contact_type(&mut user, "")["layout"].clone();
        assert_eq!(before["blocks"][0]["key"], "name");
        let layout = json!({
            "blocks": [
                { "key": "sales", "labels": { "ru": "Продажи", "en": "Sales" }, "shown_if": "kind = company", "fields": ["source", "warmth"] },
                { "key": "name", "fields": ["kind"] },
            ],
            "hover": ["channels", "remark"],
            "sections": { "companies": { "ru": "Регионы", "uk": "Регіони", "en": "Regions" } },
        });
        let answer = expect(&user.put("/catalog/contact/layout", &layout), 200);
        assert_eq!(answer["blocks"][0]["fields"], json!(["source", "warmth"]));
        // Set once more it is no change, and nothing is there to be undone.
        assert_eq!(expect(&user.put("/catalog/contact/layout", &layout), 200)["operation_id"], Json::Null);
        let changed = contact_type(&mut user, "");
        let names: Vec<&str> = changed["layout"]["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|block| block["fields"].as_array().unwrap())
            .map(|name| name.as_str().unwrap())
            .collect();
        for found in changed["fields"].as_array().unwrap().iter().filter(|field| field["group"] != "system") {
            let name = found["name"].as_str().unwrap();
            assert_eq!(names.iter().filter(|other| **other == name).count(), 1, "{name}");
        }
        assert!(block(&changed["layout"], "name")["fields"].as_array().unwrap().contains(&json!("last_name")));
        assert_eq!(changed["sections"][1]["labels"]["ru"], "Регионы");

        // A new field has a place at once; taking the arrangement back keeps the field.
        let new = json!({ "labels": { "ru": "Размер обуви" }, "kind": "number", "group": "sales" });
        let made = expect(&user.post("/catalog/contact/fields", &new), 201);
        let changed = contact_type(&mut user, "");
        assert!(block(&changed["layout"], "sales")["fields"].as_array().unwrap().contains(&made["name"]));

        let operations = expect(&user.get("/operations"), 200);
        let kinds: Vec<&str> =
            operations["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
        assert_eq!(&kinds[..2], ["catalog", "catalog"], "{operations}");
        let arranging = &operations["items"][1];
        assert_eq!(arranging["id"], answer["operation_id"]);
        let undone = expect(&user.post(&format!("/operations/{}/undo", arranging["id"]), &json!({})), 200);
        assert_eq!(undone["undone"], 1);
        let after = contact_type(&mut user, "");
        assert_eq!(after["layout"]["blocks"][0], before["blocks"][0]);
        assert_eq!(after["sections"][1]["labels"]["ru"], "Компании");
        expect(&user.post(&format!("/operations/{}/undo", undone["operation_id"]), &json!({})), 200);
        assert_eq!(contact_type(&mut user, "")["layout"]["blocks"][0]["key"], "sales");
    });
}

#[test]
fn what_is_wrong_with_an_arrangement_is_said_at_its_place() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let layout = json!({
            "blocks": [
                { "key": "Sales!", "labels": {}, "fields": ["source", "source", "colour", "id"] },
                { "key": "name", "shown_if": "colour = red" },
            ],
            "hover": ["colour"],
            "sections": { "nowhere": { "ru": "x" } },
        });
        let mut errors = field_errors(&expect(&user.put("/catalog/contact/layout", &layout), 422));
        errors.sort();
        let expected = [
            ("/blocks/0/fields/1", "duplicate_field"),
            ("/blocks/0/fields/2", "unknown_field"),
            ("/blocks/0/fields/3", "unknown_field"),
            ("/blocks/0/key", "unknown_option"),
            ("/blocks/0/labels", "required"),
            ("/blocks/1/shown_if", "filter_invalid"),
            ("/hover/0", "unknown_field"),
            ("/sections/nowhere", "unknown_option"),
        ];
        assert_eq!(errors, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    });
}

#[test]
fn a_field_gets_conditions_a_default_and_a_hint() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let path = "/catalog/contact/fields";
        let change = json!({ "default": "read", "hint": { "ru": "Кто видит карточку" } });
        expect(&user.patch(&format!("{path}/visibility"), &change), 200);
        let made = user.create_contact(person("Відкрита"));
        assert_eq!(made["values"]["visibility"], "read");
        assert_eq!(field(&contact_type(&mut user, ""), "visibility")["hint"]["ru"], "Кто видит карточку");

        let change = json!({ "shown_if": "kind = company", "required_if": "kind = company" });
        expect(&user.patch(&format!("{path}/source"), &change), 200);
        user.create_contact(person("Без джерела"));
        let refused = expect(&user.post("/records/contact", &json!({ "values": company("ТОВ Ромашка") })), 422);
        assert_eq!(field_errors(&refused), [("/values/source".to_owned(), "required".to_owned())]);
        user.create_contact(with(company("ТОВ Ромашка"), "source", json!("call")));

        // What the module itself says stays: a person needs a name, a company does not need a first one.
        expect(&user.patch(&format!("{path}/first_name"), &json!({ "required_if": "warmth = hot" })), 200);
        let first_name = field(&contact_type(&mut user, ""), "first_name").clone();
        assert_eq!(first_name["required_if"], "(kind = person and last_name is empty) or (warmth = hot)");
        expect(&user.patch(&format!("{path}/first_name"), &json!({ "required_if": "" })), 200);
        expect(&user.patch(&format!("{path}/kind"), &json!({ "is_required": false })), 200);
        assert_eq!(field(&contact_type(&mut user, ""), "kind")["is_required"], true);

        for (change, pointer, code) in [
            (json!({ "default": "purple" }), "/default", "unknown_option"),
            (json!({ "shown_if": "colour = red" }), "/shown_if", "filter_invalid"),
            (json!({ "required_if": "warmth =" }), "/required_if", "filter_invalid"),
        ] {
            let refused = expect(&user.patch(&format!("{path}/warmth"), &change), 422);
            assert_eq!(field_errors(&refused), [(pointer.to_owned(), code.to_owned())]);
        }
        expect(&user.patch(&format!("{path}/visibility"), &json!({ "default": null })), 200);
        assert_eq!(user.create_contact(person("Закрита"))["values"]["visibility"], "private");
        let open = encoded("visibility = read");
        assert_eq!(user.contact_ids(&format!("filter={open}")).len(), 3, "those made meanwhile stay open");
    });
}

#[test]
fn only_administrators_shape_cards_and_the_installation() {
    for_each_app(|app| {
        let (mut administrator, mut supervisor) = (app.administrator(), app.with_user(Role::Supervisor));
        expect(&supervisor.put("/catalog/contact/layout", &json!({ "blocks": [] })), 403);
        expect(&supervisor.get("/catalog?as_role=3"), 403);
        let seen = contact_type(&mut administrator, "?as_role=3");
        assert_eq!(seen["permissions"]["export"], false);
        expect(&administrator.put("/catalog/contact/layout", &json!({ "hover": ["channels"] })), 200);
        let arranging = expect(&administrator.get("/operations"), 200)["items"][0]["id"].clone();
        // Other people's operations do not exist for him.
        expect(&supervisor.post(&format!("/operations/{arranging}/undo"), &json!({})), 404);

        expect(&supervisor.patch("/installation", &json!({ "company_name": "Інша" })), 403);
        let bad = json!({ "company_name": " ", "country": "Ukraine", "currency": "гривня", "language": "de" });
        let errors = field_errors(&expect(&administrator.patch("/installation", &bad), 422));
        assert_eq!(errors.len(), 4, "{errors:?}");
        let change = json!({ "company_name": "Карпати Дім", "country": "PL", "currency": "PLN" });
        expect(&administrator.patch("/installation", &change), 200);
        let session = expect(&supervisor.get("/session"), 200);
        assert_eq!(session["installation"]["company_name"], "Карпати Дім");
        let phone = json!([{ "kind": "phone", "label": "mobile", "value": "22 518 90 04" }]);
        let made = administrator.create_contact(with(person("Новак"), "channels", phone));
        assert_eq!(made["values"]["channels"][0]["value"], "+48225189004");
    });
}

#[test]
fn an_undo_keeps_options_that_cards_use_and_a_retired_default_stops_nobody() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let path = "/catalog/contact/fields/source";
        let options = |catalog: &Json| field(catalog, "source")["settings"]["options"].as_array().unwrap().clone();
        let mut wanted = options(&contact_type(&mut user, ""));
        wanted.push(json!({ "key": "fair", "labels": { "en": "Fair" } }));
        expect(&user.patch(path, &json!({ "settings": { "options": wanted }, "default": "fair" })), 200);
        let change = expect(&user.get("/operations"), 200)["items"][0]["id"].clone();
        let made = user.create_contact(person("Ярмарковий"));
        assert_eq!(made["values"]["source"], "fair");
        expect(&user.post(&format!("/operations/{change}/undo"), &json!({})), 200);
        let kept = options(&contact_type(&mut user, ""));
        let fair = kept.iter().find(|option| option["key"] == "fair").unwrap();
        assert_eq!(fair["is_retired"], true);

        // What others changed of a field since is no obstacle to the rest of it.
        let hint = expect(&user.patch(path, &json!({ "hint": { "en": "From where" } })), 200);
        assert_eq!(hint["hint"]["en"], "From where");
        let change = expect(&user.get("/operations"), 200)["items"][0]["id"].clone();
        expect(&user.patch(path, &json!({ "is_required": true })), 200);
        expect(&user.post(&format!("/operations/{change}/undo"), &json!({})), 200);
        let source = field(&contact_type(&mut user, ""), "source").clone();
        assert_eq!((&source["hint"], &source["is_required"]), (&json!({}), &json!(true)));
        expect(&user.patch(path, &json!({ "is_required": false })), 200);

        // A default that is retired later fills nothing and refuses nothing.
        expect(&user.patch("/catalog/contact/fields/warmth", &json!({ "default": "hot" })), 200);
        let left: Vec<Json> = field(&contact_type(&mut user, ""), "warmth")["settings"]["options"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|option| option["key"] != "hot")
            .cloned()
            .collect();
        expect(&user.patch("/catalog/contact/fields/warmth", &json!({ "settings": { "options": left } })), 200);
        assert_eq!(user.create_contact(person("Без теплоти"))["values"].get("warmth"), None);
        for (name, change) in
            [("managers", json!({ "default": [1] })), ("source", json!({ "required_if": "groups has 1" }))]
        {
            expect(&user.patch(&format!("/catalog/contact/fields/{name}"), &change), 422);
        }
    });
}
