//! Who else has a card open (X27): told to whoever sees it, and to nobody else.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, expect, for_each_app, until};
use crate::it::person::{person, with};

fn beat(user: &mut User, contact: &Json, doing: &str) -> Vec<(String, bool)> {
    let body = json!({ "view": "window", "doing": doing });
    let answer = expect(&user.post(&format!("/records/contact/{}/presence", contact["id"]), &body), 200);
    let items = answer["items"].as_array().unwrap().iter();
    items.map(|item| (item["user"]["title"].as_str().unwrap().to_owned(), item["is_editing"] == true)).collect()
}

#[test]
fn colleagues_at_one_card_hear_of_one_another() {
    for_each_app(|app| {
        let (mut one, mut two) = (app.with_user(Role::Supervisor), app.with_user(Role::Supervisor));
        let name = expect(&two.get("/session"), 200)["user"]["name"].as_str().unwrap().to_owned();
        let contact = one.create_contact(person("Спільна"));
        assert_eq!(beat(&mut one, &contact, "viewing"), []);
        beat(&mut two, &contact, "viewing");
        until(|| beat(&mut one, &contact, "viewing") == [(name.clone(), false)]);
        beat(&mut two, &contact, "editing");
        until(|| beat(&mut one, &contact, "viewing") == [(name.clone(), true)]);
        beat(&mut two, &contact, "gone");
        until(|| beat(&mut one, &contact, "viewing").is_empty());
    });
}

#[test]
fn a_card_out_of_sight_has_nobody_at_it() {
    for_each_app(|app| {
        let (mut owner, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let contact = owner.create_contact(with(person("Прихована"), "visibility", json!("private")));
        let path = format!("/records/contact/{}/presence", contact["id"]);
        expect(&stranger.post(&path, &json!({ "view": "w", "doing": "viewing" })), 404);
        expect(&owner.post(&path, &json!({ "view": "", "doing": "viewing" })), 422);
        expect(&owner.post(&path, &json!({ "view": "w", "doing": "dancing" })), 422);
        assert_eq!(beat(&mut owner, &contact, "viewing"), []);
    });
}
