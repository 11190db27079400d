//! Files: attachments that never run in the browser, seen by whoever sees the record that holds them.

use record_engine::Role;
use serde_json::json;

use crate::it::app::{expect, for_each_app};
use crate::it::person::{person, with};

#[test]
fn a_file_is_an_attachment_with_the_rights_of_its_record() {
    for_each_app(|app| {
        let (mut owner, mut colleague) = (app.administrator(), app.with_user(Role::Employee));
        let new = json!({ "labels": { "en": "Contract" }, "kind": "file", "settings": {} });
        let field = expect(&owner.post("/catalog/contact/fields", &new), 201)["name"].as_str().unwrap().to_owned();

        let page = b"<script>alert(1)</script>";
        let file = expect(&owner.upload("/files?name=..%2F..%2Fcontract.html", page), 201);
        let path = format!("/files/{}", file["id"].as_str().unwrap());
        let answer = owner.get(&path);
        assert_eq!(answer.body, page);
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.header("content-security-policy").unwrap().contains("sandbox"));
        expect(&colleague.get(&path), 404);

        let contact = owner.create_contact(with(person("Шевчук"), &field, json!({ "id": file["id"] })));
        expect(&colleague.get(&path), 404);
        expect(
            &owner
                .patch(&format!("/records/contact/{}", contact["id"]), &json!({ "values": { "visibility": "read" } })),
            200,
        );
        assert_eq!(colleague.get(&path).body, page);
    });
}

#[test]
fn a_file_that_does_not_exist_cannot_be_held() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        expect(&owner.get("/files/0123456789abcdef"), 404);
        expect(&owner.get("/files/..%2F..%2Fkartoteka.db"), 404);
        let wrong = owner.send("POST", "/files?name=a.txt", &[], &json!({}));
        assert_eq!(wrong.status, 415, "{}", wrong.text());
    });
}
