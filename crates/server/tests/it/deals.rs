//! Deals over HTTP: stages and their chance, what a stage asks for, who may see one, who is told, what belongs to it.

use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, encoded, expect, field_errors, for_each_app};
use crate::it::person::person;

const NOW: i64 = 1_795_334_400_000;

fn deal(user: &mut User, values: Json) -> Json {
    expect(&user.post("/records/deal", &json!({ "values": values })), 201)["record"].clone()
}

fn path(deal: &Json) -> String {
    format!("/records/deal/{}", deal["id"])
}

fn change(user: &mut User, deal: &Json, values: Json) -> Json {
    expect(&user.patch(&path(deal), &json!({ "values": values })), 200)["record"]["values"].clone()
}

fn kinds(user: &mut User) -> Vec<String> {
    let found = expect(&user.get("/session/notifications"), 200);
    found["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_stage_gives_the_chance_and_asks_for_what_it_needs() {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = App::with_clock(database, clock.clone());
        let mut user = app.administrator();
        let made = deal(&mut user, json!({ "title": "Дах" }));
        let values = &made["values"];
        assert_eq!((&values["stage"], &values["probability"]), (&json!("first_contact"), &json!(1)));
        assert_eq!((&values["pipeline"], &values["visibility"]), (&json!("sales"), &json!("write")));
        assert_eq!(values["stage_since"], "2026-11-22T08:00:00.000Z");
        clock.advance(3_600_000);
        let values = change(&mut user, &made, json!({ "stage": "proposal" }));
        assert_eq!((&values["probability"], &values["stage_since"]), (&json!(75), &json!("2026-11-22T09:00:00.000Z")));
        // One's own chance stays until the next stage.
        assert_eq!(change(&mut user, &made, json!({ "probability": 60 }))["probability"], 60);
        assert_eq!(change(&mut user, &made, json!({ "title": "Дах і стіни" }))["probability"], 60);
        let both = change(&mut user, &made, json!({ "stage": "negotiation", "probability": 80 }));
        assert_eq!(both["probability"], 80);

        let refused = user.patch(&path(&made), &json!({ "values": { "stage": "lost" } }));
        assert_eq!(field_errors(&expect(&refused, 422)), [("/values/lost_reason".to_owned(), "required".to_owned())]);
        let refused = user.patch(&path(&made), &json!({ "values": { "stage": "won" } }));
        assert_eq!(field_errors(&expect(&refused, 422)), [("/values/budget".to_owned(), "required".to_owned())]);
        let lost = change(&mut user, &made, json!({ "stage": "lost", "lost_reason": "price" }));
        assert_eq!((&lost["probability"], &lost["closed_on"]), (&json!(0), &json!("2026-11-22")));
        let open = change(&mut user, &made, json!({ "stage": "needs" }));
        assert!(open.get("closed_on").is_none() && open.get("lost_reason").is_none(), "{open}");
        let won = json!({ "stage": "won", "budget": { "amount": 25_000_000, "currency": "UAH" } });
        assert_eq!(change(&mut user, &made, won)["probability"], 100);
        let filter = encoded("stage.meaning = won and closed_on = 2026-11-22");
        assert_eq!(expect(&user.get(&format!("/records/deal?filter={filter}")), 200)["items"][0]["id"], made["id"]);
    });
}

#[test]
fn a_deal_is_open_to_all_unless_it_is_restricted() {
    for_each_app(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let mut stranger = app.with_user(Role::Employee);
        let open = deal(&mut owner, json!({ "title": "Відкрита" }));
        assert_eq!(change(&mut stranger, &open, json!({ "description": "Телефонував" }))["description"], "Телефонував");
        expect(&stranger.delete(&path(&open)), 403);
        let closed = json!({ "title": "Закрита", "visibility": "private", "editors": [reader.id] });
        let closed = deal(&mut owner, closed);
        expect(&stranger.get(&path(&closed)), 404);
        change(&mut reader, &closed, json!({ "stage": "needs" }));
        assert_eq!((kinds(&mut reader), kinds(&mut stranger)), (vec!["access_to_change".to_owned()], Vec::new()));
        // Whose it becomes is told.
        change(&mut owner, &open, json!({ "responsible": stranger.id }));
        assert_eq!(kinds(&mut stranger), ["made_responsible"]);
    });
}

#[test]
fn a_pipeline_of_the_administrator_has_its_stages() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let catalog = expect(&admin.get("/catalog"), 200);
        let deals = catalog["object_types"].as_array().unwrap().iter().find(|one| one["name"] == "deal").unwrap();
        let settings = |name: &str| {
            let field = deals["fields"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
            field["settings"].clone()
        };
        let (mut pipelines, mut stages) = (settings("pipeline"), settings("stage"));
        pipelines["options"].as_array_mut().unwrap().push(json!({ "key": "service", "labels": { "uk": "Сервіс" } }));
        expect(&admin.patch("/catalog/deal/fields/pipeline", &json!({ "settings": pipelines })), 200);
        let options = stages["options"].as_array_mut().unwrap();
        options.iter_mut().for_each(|option| option["within"] = json!("sales"));
        for (key, meaning) in [("visit", "open"), ("repaired", "won")] {
            options.push(json!({ "key": key, "labels": { "uk": key }, "meaning": meaning, "within": "service" }));
        }
        expect(&admin.patch("/catalog/deal/fields/stage", &json!({ "settings": stages })), 200);

        let made = deal(&mut admin, json!({ "title": "Ремонт", "stage": "visit" }));
        assert_eq!(made["values"]["pipeline"], "service", "a stage brings its pipeline");
        assert_eq!(change(&mut admin, &made, json!({ "pipeline": "sales" }))["stage"], "first_contact");
        let refused = admin.patch(&path(&made), &json!({ "values": { "pipeline": "service", "stage": "needs" } }));
        assert_eq!(field_errors(&expect(&refused, 422)), [("/values/stage".to_owned(), "option_elsewhere".to_owned())]);
    });
}

#[test]
fn tasks_comments_and_the_card_of_the_client_have_the_deal() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(person("Шевчук"));
        let made = deal(&mut user, json!({ "title": "Дах", "contact": contact["id"], "budget": "1000 UAH" }));
        let task = json!({ "values": { "title": "Надіслати кошторис", "deal": made["id"], "contact": contact["id"] } });
        expect(&user.post("/records/task", &task), 201);
        let comment = json!({ "values": { "deal": made["id"], "text": "Чекає рішення" } });
        expect(&user.post("/records/comment", &comment), 201);
        for (object_type, filter) in
            [("deal", format!("contact = {}", contact["id"])), ("task", format!("deal = {}", made["id"]))]
        {
            let found = expect(&user.get(&format!("/records/{object_type}?filter={}", encoded(&filter))), 200);
            assert_eq!(found["items"].as_array().unwrap().len(), 1, "{object_type}");
        }
        let board = expect(&user.get("/records/deal/board?field=stage&sum=budget"), 200).to_string();
        assert!(board.contains("100000"), "the sum of a column: {board}");
    });
}

#[test]
fn an_undo_brings_back_when_a_deal_was_closed_and_since_when_it_stood() {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = App::with_clock(database, clock.clone());
        let mut user = app.with_user(Role::Employee);
        let won = json!({ "title": "Дах", "stage": "won", "budget": { "amount": 100, "currency": "UAH" } });
        let made = deal(&mut user, won);
        let stood = made["values"].clone();
        assert_eq!(stood["closed_on"], "2026-11-22");
        // A day later somebody takes it back into work by mistake.
        clock.advance(24 * 3_600_000);
        let moved = expect(&user.patch(&path(&made), &json!({ "values": { "stage": "needs" } })), 200);
        assert_eq!(moved["record"]["values"].get("closed_on"), None);
        clock.advance(60_000);
        expect(&user.post(&format!("/operations/{}/undo", moved["operation_id"]), &json!({})), 200);
        assert_eq!(expect(&user.get(&path(&made)), 200)["values"], stood);
    });
}
