//! Comments on a card (CB24): part of the contact, with its visibility, and their author's to change.

use record_engine::Role;
use record_engine::context::instant_text;
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, for_each_app, until};
use crate::it::person::{person, with};

fn comment(user: &mut User, contact: &Json, text: &str) -> Json {
    let values = json!({ "record": contact["id"], "text": text });
    expect(&user.post("/records/comment", &json!({ "values": values })), 201)["record"].clone()
}

fn texts(user: &mut User, contact: &Json) -> Vec<String> {
    let filter = encoded(&format!("record = {}", contact["id"]));
    let page = expect(&user.get(&format!("/records/comment?sort=-created_at&filter={filter}")), 200);
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["values"]["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn who_sees_the_contact_sees_its_comments_and_nobody_else() {
    for_each_app(|app| {
        let (mut owner, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let contact = owner.create_contact(person("Прихована"));
        let said = comment(&mut owner, &contact, "Дзвонити @[Олена](user:1) після обіду");
        assert_eq!(said["created_by"]["id"], owner.id);
        let operations = expect(&owner.get("/operations"), 200);
        assert_eq!(operations["items"][0]["title"], "Дзвонити @Олена після обіду");
        let path = format!("/records/comment/{}", said["id"]);

        for refused in [
            stranger.get(&path),
            stranger.patch(&path, &json!({ "values": { "text": "x" } })),
            stranger.delete(&path),
            stranger.get(&format!("{path}/history")),
        ] {
            assert_eq!(expect(&refused, 404)["code"], "not_found");
        }
        assert_eq!(texts(&mut stranger, &contact), Vec::<String>::new());
        assert_eq!(expect(&stranger.get("/records/comment"), 200)["items"], json!([]));
        assert_eq!(expect(&stranger.get("/records/comment/count"), 200)["count"], 0);
        // Nor does he comment on what does not exist for him.
        let values = json!({ "record": contact["id"], "text": "x" });
        let refused = expect(&stranger.post("/records/comment", &json!({ "values": values })), 422);
        assert_eq!(refused["errors"][0]["code"], "unknown_record");

        let contact_path = format!("/records/contact/{}", contact["id"]);
        expect(&owner.patch(&contact_path, &json!({ "values": { "visibility": "read" } })), 200);
        assert_eq!(texts(&mut stranger, &contact).len(), 1);
        comment(&mut stranger, &contact, "Подзвонив");
        assert_eq!(texts(&mut owner, &contact), ["Подзвонив", "Дзвонити @[Олена](user:1) після обіду"]);

        // With the contact the comments go out of sight again, his own too.
        expect(&owner.patch(&contact_path, &json!({ "values": { "visibility": "private" } })), 200);
        assert_eq!(texts(&mut stranger, &contact), Vec::<String>::new());
        expect(&stranger.get(&path), 404);
        assert_eq!(texts(&mut app.with_user(Role::Supervisor), &contact).len(), 2);
    });
}

#[test]
fn the_author_changes_and_deletes_what_he_wrote_and_an_administrator_all() {
    for_each_app(|app| {
        let (mut author, mut colleague) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let contact = author.create_contact(with(person("Спільна"), "visibility", json!("write")));
        let said = comment(&mut author, &contact, "Перша думка");
        let path = format!("/records/comment/{}", said["id"]);
        assert_eq!(expect(&author.get(&path), 200)["can_edit"], true);

        assert_eq!(expect(&colleague.get(&path), 200)["can_edit"], false);
        expect(&colleague.patch(&path, &json!({ "values": { "text": "x" } })), 403);
        expect(&colleague.delete(&path), 403);
        expect(&app.with_user(Role::Supervisor).delete(&path), 403);

        let changed = expect(&author.patch(&path, &json!({ "values": { "text": "Друга думка" } })), 200);
        assert_eq!(changed["record"]["values"]["text"], "Друга думка");
        let empty = expect(&author.patch(&path, &json!({ "values": { "text": "" } })), 422);
        assert_eq!(empty["errors"][0]["code"], "required");

        let deleted = expect(&author.delete(&path), 200);
        assert_eq!(texts(&mut colleague, &contact), Vec::<String>::new());
        expect(&author.post(&format!("/operations/{}/undo", deleted["operation_id"]), &json!({})), 200);
        assert_eq!(texts(&mut colleague, &contact), ["Друга думка"]);
        let undone = expect(&author.post(&format!("/operations/{}/undo", changed["operation_id"]), &json!({})), 200);
        assert_eq!(undone["undone"], 1);
        assert_eq!(texts(&mut author, &contact), ["Перша думка"]);
        expect(&app.administrator().delete(&path), 200);
    });
}

#[test]
fn comments_go_with_their_contact_into_a_merge() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let (stays, goes) = (user.create_contact(person("Ковальчук")), user.create_contact(person("Ковальчук")));
        comment(&mut user, &goes, "З другої картки");
        let merge = json!({ "survivor": stays["id"], "losers": [goes["id"]] });
        expect(&user.post("/records/contact/merge", &merge), 200);
        assert_eq!(texts(&mut user, &stays), ["З другої картки"]);
    });
}

#[test]
fn comments_go_for_good_with_their_contact() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let (gone, kept) = (user.create_contact(person("Зникла")), user.create_contact(person("Лишилась")));
        comment(&mut user, &gone, "Подзвонити");
        comment(&mut user, &kept, "Написати");
        expect(&user.delete(&format!("/records/contact/{}", gone["id"])), 200);
        // Whatever lies in the trash has lain there long enough.
        app.engine.write(|tx| record_engine::settings::write(tx, "trash_retention_days", &json!(-1))).unwrap();
        assert_eq!(record_engine::write::purge_expired(&app.engine).unwrap(), 1);
        let left = expect(&user.get("/records/comment"), 200);
        let texts: Vec<&Json> = left["items"].as_array().unwrap().iter().map(|item| &item["values"]["text"]).collect();
        assert_eq!(texts, [&json!("Написати")]);
    });
}

#[test]
fn the_past_of_comments_is_told_by_who_sees_the_contact_today() {
    for_each_app(|app| {
        let (mut owner, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let contact = owner.create_contact(with(person("Колись видима"), "visibility", json!("read")));
        let said = comment(&mut stranger, &contact, "Домовились про знижку");
        let said_at = app.engine.clock().now_ms();
        until(|| app.engine.clock().now_ms() > said_at);
        let then = encoded(&instant_text(said_at));
        let comment_path = format!("/records/comment/{}", said["id"]);
        let contact_path = format!("/records/contact/{}", contact["id"]);
        let list = format!("/records/comment?as_of={then}");
        assert_eq!(expect(&stranger.get(&list), 200)["items"].as_array().unwrap().len(), 1);
        expect(&stranger.get(&format!("{comment_path}?as_of={then}")), 200);

        expect(&owner.patch(&contact_path, &json!({ "values": { "visibility": "private" } })), 200);
        assert_eq!(expect(&stranger.get(&list), 200)["items"], json!([]));
        for path in [&comment_path, &contact_path] {
            expect(&stranger.get(&format!("{path}?as_of={then}")), 404);
            expect(&stranger.get(&format!("{path}/history")), 404);
        }
        let counted = expect(&stranger.get(&format!("/records/comment/count?as_of={then}")), 200);
        assert_eq!(counted["count"], 0);
        assert_eq!(expect(&stranger.get(&format!("/search?q={}", encoded("знижку"))), 200)["items"], json!([]));
        assert_eq!(expect(&owner.get(&list), 200)["items"].as_array().unwrap().len(), 1);
    });
}
