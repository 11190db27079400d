//! Pipelines by team (X33): an option that only some teams are offered for new records, over HTTP.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, expect, field_errors, for_each_app};

fn pipeline(user: &mut User) -> Json {
    let catalog = expect(&user.get("/catalog"), 200);
    let deal = catalog["object_types"].as_array().unwrap().iter().find(|one| one["name"] == "deal").unwrap();
    deal["fields"].as_array().unwrap().iter().find(|field| field["name"] == "pipeline").unwrap()["settings"].clone()
}

fn offered(user: &mut User) -> Vec<Json> {
    pipeline(user)["options"].as_array().unwrap().iter().map(|option| option["is_offered"].clone()).collect()
}

#[test]
fn a_pipeline_is_offered_to_its_teams_for_new_deals() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let (mut insider, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let team = json!({ "values": { "name": "Опт", "members": [insider.id] } });
        let team = expect(&admin.post("/records/team", &team), 201)["record"]["id"].clone();
        let make = |user: &mut User, values: Json| user.post("/records/deal", &json!({ "values": values }));
        let mut settings = pipeline(&mut admin);
        let mut other = settings["options"][0].clone();
        other["key"] = json!("wholesale");
        settings["options"].as_array_mut().unwrap().push(other);
        let change = |user: &mut User, settings: &Json| {
            user.patch("/catalog/deal/fields/pipeline", &json!({ "settings": settings }))
        };
        settings["options"][0]["teams"] = json!([0]);
        let refused = expect(&change(&mut admin, &settings), 422);
        assert_eq!(field_errors(&refused), [("/settings/options/0/teams".to_owned(), "out_of_range".to_owned())]);
        // The one that is the default is for the team alone; the other is for everybody.
        settings["options"][0]["teams"] = json!([team]);
        expect(&change(&mut admin, &settings), 200);

        assert_eq!(offered(&mut insider), [json!(true), Json::Null]);
        assert_eq!(offered(&mut stranger), [json!(false), Json::Null]);
        let own = expect(&make(&mut insider, json!({ "title": "A" })), 201)["record"].clone();
        assert_eq!(own["values"]["pipeline"], "sales");
        let refused = expect(&make(&mut stranger, json!({ "title": "B", "pipeline": "sales" })), 422);
        assert_eq!(field_errors(&refused), [("/values/pipeline".to_owned(), "option_of_others".to_owned())]);
        let others = expect(&make(&mut stranger, json!({ "title": "C" })), 201)["record"].clone();
        assert_eq!(others["values"]["pipeline"], "wholesale", "the first that is offered stands for the default");
        // Of deals that are there it says nothing.
        let path = format!("/records/deal/{}", own["id"]);
        expect(&stranger.patch(&path, &json!({ "values": { "title": "A2" } })), 200);
        assert_eq!(expect(&stranger.get(&path), 200)["values"]["pipeline"], "sales");
        let path = format!("/records/deal/{}", others["id"]);
        expect(&stranger.patch(&path, &json!({ "values": { "pipeline": "sales" } })), 200);
    });
}
