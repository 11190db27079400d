//! Two people at one card: `If-Match`, silent merging of different fields, a conflict for the same one.

use record_engine::Role;
use serde_json::json;

use crate::it::app::{expect, for_each_app};
use crate::it::person::{person, with};

#[test]
fn different_fields_merge_and_the_same_field_conflicts() {
    for_each_app(|app| {
        let (mut one, mut two) = (app.administrator(), app.with_user(Role::Supervisor));
        let contact = one.create_contact(with(person("Шевчук"), "position", json!("бухгалтерка")));
        let path = format!("/records/contact/{}", contact["id"]);
        let seen = [("if-match", "\"1\"")];

        expect(&two.send("PATCH", &path, &seen, &json!({ "values": { "position": "директорка" } })), 200);
        let merged = expect(&one.send("PATCH", &path, &seen, &json!({ "values": { "remark": "Рахунки" } })), 200);
        assert_eq!(merged["record"]["values"]["position"], "директорка");
        assert_eq!(merged["record"]["values"]["remark"], "Рахунки");

        let body =
            expect(&one.send("PATCH", &path, &seen, &json!({ "values": { "position": "головна бухгалтерка" } })), 409);
        assert_eq!(body["code"], "version_conflict");
        assert_eq!(body["params"]["version"], 3);
        let error = &body["errors"][0];
        assert_eq!(
            (error["pointer"].as_str(), error["code"].as_str()),
            (Some("/values/position"), Some("changed_meanwhile"))
        );
        let params = &error["params"];
        assert_eq!(params["yours"], "головна бухгалтерка");
        assert_eq!(params["theirs"], "директорка");
        assert_eq!(params["base"], "бухгалтерка");
        assert_eq!(params["by"]["id"], two.id);

        // Whoever has seen the present version overwrites it.
        let overwritten = expect(
            &one.send(
                "PATCH",
                &path,
                &[("if-match", "\"3\"")],
                &json!({ "values": { "position": "головна бухгалтерка" } }),
            ),
            200,
        );
        assert_eq!(overwritten["record"]["version"], 4);
    });
}

#[test]
fn the_same_value_is_no_conflict_and_no_change() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(with(person("Шевчук"), "position", json!("бухгалтерка")));
        let path = format!("/records/contact/{}", contact["id"]);
        expect(&user.patch(&path, &json!({ "values": { "position": "директорка" } })), 200);
        let same = expect(
            &user.send("PATCH", &path, &[("if-match", "\"1\"")], &json!({ "values": { "position": "директорка" } })),
            200,
        );
        assert_eq!(same["record"]["version"], 2);
        assert_eq!(same["operation_id"], json!(null));
    });
}

#[test]
fn deleting_what_changed_meanwhile_is_refused() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(person("Шевчук"));
        let path = format!("/records/contact/{}", contact["id"]);
        expect(&user.patch(&path, &json!({ "values": { "remark": "важлива" } })), 200);
        let body = expect(&user.send("DELETE", &path, &[("if-match", "\"1\"")], &json!({})), 409);
        assert_eq!(body["code"], "version_conflict");
        expect(&user.send("DELETE", &path, &[("if-match", "\"2\"")], &json!({})), 200);
    });
}
