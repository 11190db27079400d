//! Consents: one record for each purpose and each time, with the words that were agreed to.

use modules::personal_data::consents::{may_contact, refresh};
use record_engine::{Clock, Engine, RequestContext, Role};
use serde_json::{Value as Json, json};

use super::erase;
use super::restricted::restrict;
use crate::it::app::{App, User, encoded, expect, field_errors, for_each_app};
use crate::it::person::person;

const DAY_MS: i64 = 86_400_000;

fn purpose(user: &mut User, values: Json) -> Json {
    expect(&user.post("/records/processing_purpose", &json!({ "values": values })), 201)["record"].clone()
}

fn newsletter(user: &mut User) -> Json {
    purpose(user, json!({ "name": "Розсилка новин", "text": "Я згоден отримувати новини.", "months": 12 }))
}

fn consents_path(contact: &Json) -> String {
    format!("/personal-data/subjects/{}/consents", contact["id"])
}

fn say(user: &mut User, contact: &Json, purpose: &Json, state: &str) -> Json {
    let body = json!({ "purpose": purpose["id"], "state": state, "source": "form", "source_detail": "https://shop.example/form", "channel": "ira@shop.example", "address": "192.0.2.7", "user_agent": "Firefox" });
    expect(&user.post(&consents_path(contact), &body), 201)
}

fn may(engine: &Engine, contact: &Json, purpose: &Json) -> bool {
    let snapshot = engine.snapshot();
    let context = RequestContext::system(engine.clock());
    let ids = [contact, purpose].map(|record| record["id"].as_i64().unwrap());
    engine.database().read(|tx| may_contact(tx, &snapshot, &context, ids[0], ids[1])).unwrap()
}

#[test]
fn a_consent_keeps_the_words_and_a_withdrawal_follows_it() {
    for_each_app(|app| {
        let (mut user, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        let news = newsletter(&mut user);
        let calls = purpose(&mut user, json!({ "name": "Дзвінки", "text": "Мені можна дзвонити." }));
        assert_eq!(news["values"]["text_version"], 1);
        let contact = employee.create_contact(person("Згодна"));
        assert!(!may(&app.engine, &contact, &news));
        let made = say(&mut employee, &contact, &news, "given");
        assert!(may(&app.engine, &contact, &news) && !may(&app.engine, &contact, &calls));

        // Another text is another version, and says nothing of what was agreed to before.
        let path = format!("/records/processing_purpose/{}", news["id"]);
        let changed = expect(&user.patch(&path, &json!({ "values": { "text": "Новини та опитування." } })), 200);
        assert_eq!(changed["record"]["values"]["text_version"], 2);
        assert_ne!(changed["record"]["values"]["text_hash"], news["values"]["text_hash"]);
        let consent = expect(&employee.get(&format!("/records/consent/{}", made["id"])), 200);
        let values = &consent["values"];
        assert_eq!((&values["text"], &values["text_version"]), (&json!("Я згоден отримувати новини."), &json!(1)));
        assert_eq!(values["text_hash"], news["values"]["text_hash"]);
        assert_eq!((&values["address"], &values["channel"]), (&json!("192.0.2.7"), &json!("ira@shop.example")));
        let state = expect(&employee.get(&consents_path(&contact)), 200);
        let of_news = &state["items"][0];
        assert_eq!((&of_news["state"], &of_news["is_outdated"]), (&json!("given"), &json!(true)), "{state}");
        assert_eq!(state["items"][1]["state"], "none");

        let has = format!("filter={}", encoded(&format!("consents has ({})", news["id"])));
        assert_eq!(employee.contact_ids(&has), [contact["id"].as_i64().unwrap()]);
        let without = format!("filter={}", encoded(&format!("not (consents has ({}))", calls["id"])));
        assert_eq!(employee.contact_ids(&without), [contact["id"].as_i64().unwrap()]);
        say(&mut employee, &contact, &news, "withdrawn");
        assert!(!may(&app.engine, &contact, &news));
        assert_eq!(employee.contact_ids(&has), Vec::<i64>::new());
        let filter = encoded(&format!("record = {}", contact["id"]));
        let log = expect(&employee.get(&format!("/records/consent?filter={filter}")), 200);
        assert_eq!(log["items"].as_array().unwrap().len(), 2, "a withdrawal is a record of its own");
    });
}

#[test]
fn nobody_changes_deletes_or_takes_back_a_consent() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let news = newsletter(&mut user);
        let contact = user.create_contact(person("Стала"));
        let made = say(&mut user, &contact, &news, "given");
        let path = format!("/records/consent/{}", made["id"]);
        expect(&user.patch(&path, &json!({ "values": { "remark": "x" } })), 403);
        expect(&user.delete(&path), 403);
        let values = json!({ "values": { "record": contact["id"], "purpose": news["id"], "state": "given" } });
        expect(&user.post("/records/consent", &values), 403);
        let refused = expect(&user.post(&format!("/operations/{}/undo", made["operation_id"]), &json!({})), 409);
        assert_eq!(refused["code"], "cannot_be_undone");
        let contact_path = format!("/records/contact/{}", contact["id"]);
        expect(&user.patch(&contact_path, &json!({ "values": { "consents": [] } })), 422);

        let mut stranger = app.with_user(Role::Employee);
        expect(&stranger.get(&consents_path(&contact)), 404);
        expect(&stranger.get(&path), 404);
        let body = json!({ "purpose": news["id"], "state": "given", "source": "form" });
        expect(&stranger.post(&consents_path(&contact), &body), 404);
        expect(&user.patch(&contact_path, &json!({ "values": { "visibility": "read" } })), 200);
        expect(&stranger.post(&consents_path(&contact), &body), 403);
        let future = json!({ "purpose": news["id"], "state": "given", "source": "form", "at": "2199-01-01T00:00:00Z" });
        let refused = expect(&user.post(&consents_path(&contact), &future), 422);
        assert_eq!(field_errors(&refused), [("/values/at".to_owned(), "in_the_future".to_owned())]);
    });
}

#[test]
fn a_consent_runs_out_by_the_calendar() {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(1_767_225_600_000);
        let mut app = App::unset(database, clock.clone());
        app.set_up();
        let mut user = app.administrator();
        let short = purpose(&mut user, json!({ "name": "Місяць", "text": "На місяць.", "months": 1 }));
        let contact = user.create_contact(person("Строкова"));
        say(&mut user, &contact, &short, "given");
        clock.advance(30 * DAY_MS);
        assert!(may(&app.engine, &contact, &short), "the last day counts");
        refresh(&app.engine).unwrap();
        clock.advance(2 * DAY_MS);
        assert!(!may(&app.engine, &contact, &short));
        assert_eq!(refresh(&app.engine).unwrap(), 1);
        let mut user = app.administrator();
        let record = expect(&user.get(&format!("/records/contact/{}", contact["id"])), 200);
        assert_eq!(record["values"].get("consents"), None, "{record}");
        let state = expect(&user.get(&consents_path(&contact)), 200);
        assert_eq!(state["items"][0]["state"], "expired");
    });
}

#[test]
fn whose_data_is_restricted_is_not_approached() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let purpose = newsletter(&mut user);
        let contact = user.create_contact(person("Обмежена"));
        say(&mut user, &contact, &purpose, "given");
        assert!(may(&app.engine, &contact, &purpose));
        restrict(&mut user, &contact);
        assert!(!may(&app.engine, &contact, &purpose));
    });
}

#[test]
fn an_erased_person_leaves_the_proof_of_what_he_agreed_to() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let news = newsletter(&mut user);
        let contact = user.create_contact(person("Доведена"));
        let made = say(&mut user, &contact, &news, "given");
        erase(&mut user, &contact);
        assert!(!may(&app.engine, &contact, &news));
        let consent = expect(&user.get(&format!("/records/consent/{}", made["id"])), 200);
        let values = &consent["values"];
        assert_eq!(values["text"], "Я згоден отримувати новини.");
        assert_eq!(values["record"]["id"], contact["id"]);
        for gone in ["address", "channel", "user_agent", "source_detail"] {
            assert_eq!(values.get(gone), None, "{gone}: {values}");
        }
    });
}
