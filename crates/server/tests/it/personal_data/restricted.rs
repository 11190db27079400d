//! Restriction of processing: the card is there for who works with personal data, and for nobody and nothing else.

use record_engine::write::purge_expired;
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, encoded, expect, field_errors, for_each_app};
use crate::it::person::{person, phone, with};
use crate::it::receiver::Receiver;

/// Restricts a contact; gives the answer.
pub(super) fn restrict(user: &mut User, contact: &Json) -> Json {
    let body = json!({ "cause": "accuracy", "since": "2026-01-15", "reason": "Лист № 7" });
    expect(&user.post(&format!("/personal-data/subjects/{}/restrict", contact["id"]), &body), 200)
}

fn path(contact: &Json) -> String {
    format!("/records/contact/{}", contact["id"])
}

/// What somebody finds of the contacts.
fn found(user: &mut User) -> (usize, Json, bool) {
    let count = expect(&user.get("/records/contact/count"), 200)["count"].clone();
    let hits = user.get(&format!("/search?q={}", encoded("Обмежена"))).text();
    (user.contact_ids("").len(), count, hits.contains("Обмежена"))
}

#[test]
fn a_restricted_card_is_for_who_works_with_personal_data_alone() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let mut others = [app.with_user(Role::Supervisor), app.with_user(Role::Employee)];
        let company = admin.create_contact(with(
            json!({ "kind": "company", "company_name": "Обмежена база" }),
            "visibility",
            json!("write"),
        ));
        let values = with(with(person("Сусідня"), "visibility", json!("write")), "parent", company["id"].clone());
        let neighbour = admin.create_contact(values);
        let comment = json!({ "values": { "record": company["id"], "text": "Про обмежену" } });
        let comment = expect(&admin.post("/records/comment", &comment), 201)["record"].clone();
        for user in &mut others {
            assert_eq!(found(user), (2, json!(2), true));
            // Not his to say.
            let refused = user
                .post(&format!("/personal-data/subjects/{}/restrict", company["id"]), &json!({ "cause": "demand" }));
            assert_eq!(expect(&refused, 403)["code"], "forbidden");
            expect(&user.patch(&path(&company), &json!({ "values": { "remark": "бачив" } })), 200);
        }

        let restricted = restrict(&mut admin, &company);

        for user in &mut others {
            assert_eq!(found(user), (1, json!(1), false));
            for answer in [
                user.get(&path(&company)),
                user.get(&format!("{}/history", path(&company))),
                user.get(&format!("{}?as_of={}", path(&company), encoded("2026-11-20T00:00:00Z"))),
                user.get(&format!("/records/comment/{}", comment["id"])),
                user.patch(&path(&company), &json!({ "values": { "remark": "x" } })),
                user.delete(&path(&company)),
            ] {
                assert_eq!(answer.status, 404, "{}", answer.text());
            }
            // Neither by another card, nor by what he did himself.
            let shown = expect(&user.get(&path(&neighbour)), 200);
            assert!(!shown.to_string().contains("Обмежена база"), "{shown}");
            assert!(!user.get("/operations").text().contains("Обмежена"), "an operation tells the name");
            let merge = json!({ "survivor": neighbour["id"], "losers": [company["id"]] });
            expect(&user.post("/records/contact/merge/preview", &merge), 404);
        }
        let shown = expect(&admin.get(&path(&company)), 200);
        assert_eq!(
            (&shown["values"]["restricted_since"], &shown["can_edit"]),
            (&json!("2026-01-15"), &json!(true)),
            "{shown}"
        );
        assert_eq!(found(&mut admin), (2, json!(2), true));
        // What is wrong in it may be put right, by a person who looks at it.
        expect(&admin.patch(&path(&company), &json!({ "values": { "remark": "уточнено" } })), 200);
        let again =
            admin.post(&format!("/personal-data/subjects/{}/restrict", company["id"]), &json!({ "cause": "demand" }));
        assert_eq!(expect(&again, 409)["code"], "restricted");
        let undone = admin.post(&format!("/operations/{}/undo", restricted["operation_id"]), &json!({}));
        assert_eq!(expect(&undone, 409)["code"], "cannot_be_undone");
        let written = admin.patch(&path(&company), &json!({ "values": { "restricted_since": null } }));
        let left = expect(&admin.get(&path(&company)), 200);
        assert_eq!(left["values"]["restricted_since"], "2026-01-15", "{}", written.text());

        let lift = format!("/personal-data/subjects/{}/lift-restriction", company["id"]);
        let refused = expect(&admin.post(&lift, &json!({ "reason": " " })), 422);
        assert_eq!(field_errors(&refused), [("/values/reason".to_owned(), "required".to_owned())]);
        expect(&admin.post(&lift, &json!({ "reason": "Дані перевірено" })), 200);
        assert_eq!(expect(&admin.post(&lift, &json!({ "reason": "ще раз" })), 409)["code"], "not_restricted");
        for user in &mut others {
            assert_eq!(found(user), (2, json!(2), true));
        }
        let history = expect(&admin.get(&format!("{}/history", path(&company))), 200).to_string();
        assert!(history.contains("Лист № 7") && history.contains("Дані перевірено"), "{history}");
        let told = expect(&admin.get("/audit?kinds=processing_restricted"), 200);
        let actions: Vec<&Json> =
            told["items"].as_array().unwrap().iter().map(|event| &event["details"]["action"]).collect();
        assert_eq!(actions, ["released", "restricted"]);
    });
}

#[test]
fn what_must_be_kept_stays_in_the_trash() {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(1_795_334_400_000);
        let app = App::with_clock(database, clock.clone());
        let mut admin = app.administrator();
        let restricted = admin.create_contact(person("Обмежена"));
        restrict(&mut admin, &restricted);
        let held = admin.create_contact(with(person("Утримана"), "legal_hold", json!(true)));
        let others: Vec<Json> = (0..3).map(|at| admin.create_contact(person(&format!("Інша{at}")))).collect();
        for contact in [&restricted, &held].into_iter().chain(&others) {
            expect(&admin.delete(&path(contact)), 200);
        }
        clock.advance(100 * 86_400_000);
        assert_eq!(purge_expired(&app.engine).unwrap(), others.len());
        assert_eq!(purge_expired(&app.engine).unwrap(), 0);
        let mut admin = app.administrator();
        for kept in [&restricted, &held] {
            expect(&admin.get(&path(kept)), 200);
        }
        expect(&admin.get(&path(&others[0])), 404);
    });
}

#[test]
fn what_is_done_to_many_leaves_a_restricted_card_alone() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let receiver = Receiver::new();
        let values = |name: &str, number: &str| with(person(name), "channels", phone(number));
        let kept = admin.create_contact(values("Обмежена", "067 000 00 01"));
        let other = admin.create_contact(values("Інша", "067 000 00 02"));
        restrict(&mut admin, &kept);
        let subscriptions = json!([{ "type": "contact", "actions": ["updated"] }]);
        let webhook = json!({ "name": "Склад", "url": receiver.url(), "subscriptions": subscriptions });
        expect(&admin.post("/webhooks", &webhook), 201);

        let body = json!({ "action": "update", "filter": "kind = person", "values": { "warmth": "hot" } });
        let started = expect(&admin.post("/records/contact/bulk", &body), 202);
        let job = admin.wait_for_job(&started["job"]);
        assert_eq!(job["report"]["changed"], 1, "{job}");
        let body = json!({ "action": "delete", "ids": [kept["id"]] });
        let started = expect(&admin.post("/records/contact/bulk", &body), 202);
        let job = admin.wait_for_job(&started["job"]);
        assert_eq!(job["report"]["changed"], 0, "{job}");

        let started = expect(&admin.post("/exports", &json!({ "type": "contact", "format": "csv" })), 202);
        let job = admin.wait_for_job(&started["job"]);
        let file = admin.get(&format!("/exports/{}/file", job["id"])).text();
        assert!(file.contains("Інша") && !file.contains("Обмежена"), "{file}");

        let table = "Прізвище;Мобільний телефон;Посада\nОбмежена;067 000 00 01;Директор\nІнша;067 000 00 02;Директор\n";
        let import = expect(&admin.upload("/imports?type=contact&file_name=a.csv", table.as_bytes()), 201);
        let started = expect(&admin.post(&format!("/imports/{}/start", import["id"]), &json!({})), 202);
        admin.wait_for_job(&started["job"]);
        let left = expect(&admin.get(&path(&kept)), 200);
        assert!(left["values"].get("position").is_none() && left["values"].get("warmth").is_none(), "{left}");

        let merge = json!({ "survivor": other["id"], "losers": [kept["id"]], "choices": {} });
        assert_eq!(expect(&admin.post("/records/contact/merge", &merge), 403)["code"], "forbidden");

        // The one that is told of is the one that is seen by all.
        expect(&admin.patch(&path(&kept), &json!({ "values": { "remark": "виправлено" } })), 200);
        expect(&admin.patch(&path(&other), &json!({ "values": { "remark": "останнє" } })), 200);
        let is_last = |text: &str| text.contains("останнє");
        let mut count = 1;
        let received = loop {
            let received = receiver.wait_for(count);
            if received.iter().any(|message| is_last(&message.text)) {
                break received;
            }
            count += 1;
        };
        assert!(received.iter().all(|message| message.record() == other["id"].as_i64().unwrap()), "{received:?}");
    });
}
