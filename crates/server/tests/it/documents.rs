//! Files of a contact (CD26): part of it, with its visibility; whoever added one changes and deletes it.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, field_errors, for_each_app};
use crate::it::person::{person, with};

fn document(user: &mut User, contact: &Json, name: &str, bytes: &[u8]) -> Json {
    let file = expect(&user.upload(&format!("/files?name={}", encoded(name)), bytes), 201);
    let values = json!({ "record": contact["id"], "name": name, "file": file });
    expect(&user.post("/records/document", &json!({ "values": values })), 201)["record"].clone()
}

fn file_path(document: &Json) -> String {
    format!("/files/{}", document["values"]["file"]["id"].as_str().unwrap())
}

#[test]
fn who_sees_the_contact_downloads_its_files_and_nobody_else() {
    for_each_app(|app| {
        let (mut owner, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let contact = owner.create_contact(person("Договірна"));
        let contract = document(&mut owner, &contact, "Договір.txt", b"text");
        let path = format!("/records/document/{}", contract["id"]);
        expect(&stranger.get(&path), 404);
        expect(&stranger.get(&file_path(&contract)), 404);
        assert_eq!(expect(&stranger.get("/records/document?search=Дог"), 200)["items"], json!([]));
        let taken = json!({ "record": contact["id"], "name": "x", "file": contract["values"]["file"] });
        expect(&stranger.post("/records/document", &json!({ "values": taken })), 422);

        let contact_path = format!("/records/contact/{}", contact["id"]);
        expect(&owner.patch(&contact_path, &json!({ "values": { "visibility": "read" } })), 200);
        assert_eq!(stranger.get(&file_path(&contract)).body, b"text");
        assert_eq!(expect(&stranger.get("/records/document?search=Дог"), 200)["items"][0]["id"], contract["id"]);
        expect(&stranger.patch(&path, &json!({ "values": { "name": "x" } })), 403);
        expect(&stranger.delete(&path), 403);

        expect(&owner.patch(&contact_path, &json!({ "values": { "visibility": "private" } })), 200);
        expect(&stranger.get(&file_path(&contract)), 404);
    });
}

#[test]
fn a_deleted_file_comes_back_and_a_merge_takes_files_along() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Supervisor);
        let (one, two) = (
            owner.create_contact(person("Перший")),
            owner.create_contact(with(person("Другий"), "remark", json!("x"))),
        );
        let scan = document(&mut owner, &two, "Скан.pdf", b"%PDF-1.4");
        let path = format!("/records/document/{}", scan["id"]);
        let deleted = expect(&owner.delete(&path), 200);
        assert_eq!(expect(&owner.get("/records/document/count"), 200)["count"], 0);
        expect(&owner.post(&format!("/operations/{}/undo", deleted["operation_id"]), &json!({})), 200);
        assert_eq!(owner.get(&file_path(&scan)).body, b"%PDF-1.4");

        let merge = json!({ "survivor": one["id"], "losers": [two["id"]], "choices": {} });
        expect(&owner.post("/records/contact/merge", &merge), 200);
        assert_eq!(expect(&owner.get(&path), 200)["values"]["record"]["id"], one["id"]);
    });
}

#[test]
fn a_document_needs_a_name_a_contact_and_a_file() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Employee);
        let refused = expect(&owner.post("/records/document", &json!({ "values": { "remark": "x" } })), 422);
        let fields: Vec<String> = field_errors(&refused).into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(fields, ["/values/file", "/values/name", "/values/record"]);
    });
}
