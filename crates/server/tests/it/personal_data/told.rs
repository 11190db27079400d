//! What is done with the data of a person is told, and no export that was under way keeps whom an erasure took away.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use record_engine::Role;
use serde_json::{Value as Json, json};

use super::{archive, erase};
use crate::it::app::{App, User, expect, for_each_app};
use crate::it::person::{person, with};

/// Kind and stage or action of what was done with a contact, the oldest first.
fn told(user: &mut User, contact: &Json) -> Vec<(String, Json)> {
    let page = expect(&user.get(&format!("/audit?type=contact&record={}", contact["id"])), 200);
    let told = |event: &Json| (event["kind"].as_str().unwrap().to_owned(), event["details"]["stage"].clone());
    page["items"].as_array().unwrap().iter().rev().map(told).collect()
}

#[test]
fn what_is_done_with_the_data_of_a_person_is_told() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(person("Згадана"));
        let purpose = json!({ "values": { "name": "Новини", "text": "Згода." } });
        let purpose = expect(&user.post("/records/processing_purpose", &purpose), 201)["record"].clone();
        for state in ["given", "withdrawn"] {
            let body = json!({ "purpose": purpose["id"], "state": state, "source": "form" });
            expect(&user.post(&format!("/personal-data/subjects/{}/consents", contact["id"]), &body), 201);
        }
        let export = format!("/personal-data/subjects/{}/export", contact["id"]);
        let started = expect(&user.post(&export, &json!({})), 202);
        let first = user.wait_for_job(&started["job"]);
        archive(app, &mut user, &first);
        // The second archive tells who took the first one away.
        let started = expect(&user.post(&export, &json!({})), 202);
        let second = user.wait_for_job(&started["job"]);
        let text = archive(app, &mut user, &second);
        assert_eq!(text.matches("\"person_exported\"").count(), 4, "{text}");
        erase(&mut user, &contact);

        let exported = ["started", "written", "downloaded"].map(|stage| ("person_exported".to_owned(), json!(stage)));
        let plain = |kind: &str| (kind.to_owned(), Json::Null);
        let mut expected = vec![plain("consent_given"), plain("consent_withdrawn")];
        expected.extend(exported.iter().cloned().chain(exported.iter().cloned()));
        expected.push(plain("person_erased"));
        assert_eq!(told(&mut user, &contact), expected);
        let page = expect(&user.get("/audit?kinds=person_erased"), 200);
        assert_eq!(page["items"][0]["details"]["cause"], "request");
    });
}

/// A pipe in the place of a stored file: whoever reads the file waits until somebody writes.
fn pipe_in_place_of(path: &Path) {
    std::fs::remove_file(path).unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn an_export_under_way_does_not_keep_whom_an_erasure_took_away() {
    for_each_app(|app: &App| {
        let mut user = app.administrator();
        let new = json!({ "labels": { "en": "Contract" }, "kind": "file", "settings": {} });
        let field = expect(&user.post("/catalog/contact/fields", &new), 201)["name"].as_str().unwrap().to_owned();
        let file = expect(&user.upload("/files?name=contract.txt", b"the contract of another"), 201);
        user.create_contact(with(person("Сусідка"), &field, json!({ "id": file["id"] })));
        let gone = user.create_contact(person("Зникомий"));
        let stored = app.engine.database().read(|tx| record_engine::files::find(tx, file["id"].as_str().unwrap()));
        let path = app.engine.files().path(&stored.unwrap().unwrap().hash);
        let bytes = std::fs::read(&path).unwrap();

        pipe_in_place_of(&path);
        let job = expect(&user.post("/exports/all", &json!({})), 202)["job"].clone();
        // Opens when the export reads the file: it has read all records before.
        let mut pipe = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        erase(&mut user, &gone);
        let whole = path.with_extension("whole");
        std::fs::write(&whole, &bytes).unwrap();
        std::fs::rename(&whole, &path).unwrap();
        pipe.write_all(&bytes).unwrap();
        drop(pipe);

        let job = user.wait_for_job(&job);
        assert_eq!(job["state"], "done", "{job}");
        let text = archive(app, &mut user, &job);
        assert!(text.contains("Сусідка") && !text.contains("Зникомий"), "{text}");
        // Of the first file nothing is left over.
        let mut employee = app.with_user(Role::Supervisor);
        expect(&employee.get(&format!("/exports/{}/file", job["id"])), 404);
        let page = expect(&user.get("/audit?kinds=exported"), 200);
        let stages: Vec<&Json> =
            page["items"].as_array().unwrap().iter().map(|event| &event["details"]["stage"]).collect();
        assert_eq!(stages, ["downloaded", "written", "started"]);
    });
}
