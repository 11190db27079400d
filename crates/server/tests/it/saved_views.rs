//! Saved views (VW10, X4): private until shared with chosen colleagues or with everyone; pinned and opened first by each as he likes.

use record_engine::Role;
use serde_json::json;

use crate::it::app::{expect, for_each_app};

#[test]
fn a_view_belongs_to_who_saved_it() {
    for_each_app(|app| {
        let (mut owner, mut administrator) = (app.with_user(Role::Employee), app.administrator());
        let definition = json!({ "filter": "warmth = hot", "sort": "name", "columns": [] }).to_string();
        let values = json!({ "name": "Гарячі", "object_type": "contact", "definition": definition });
        let view = expect(&owner.post("/records/saved_view", &json!({ "values": values })), 201)["record"].clone();
        let path = format!("/records/saved_view/{}", view["id"]);
        assert_eq!(expect(&owner.get(&path), 200)["values"]["definition"], json!(definition));
        expect(&administrator.get(&path), 404);
        expect(&administrator.patch(&path, &json!({ "values": { "name": "x" } })), 404);
        expect(&administrator.delete(&path), 404);
        assert_eq!(expect(&administrator.get("/records/saved_view"), 200)["items"], json!([]));
        expect(&owner.patch(&path, &json!({ "values": { "name": "Найгарячіші" } })), 200);
        expect(&owner.delete(&path), 200);
    });
}

#[test]
fn a_view_for_chosen_colleagues_is_seen_by_them_and_changed_by_its_maker_alone() {
    for_each_app(|app| {
        let (mut owner, mut chosen, mut other) =
            (app.with_user(Role::Employee), app.with_user(Role::Employee), app.with_user(Role::Supervisor));
        let mut administrator = app.administrator();
        let colleague = expect(&chosen.get("/session"), 200)["user"]["id"].clone();
        let values = json!({ "name": "Гарячі", "object_type": "contact", "definition": "{}", "sharing": "people",
                             "people": [colleague] });
        let view = expect(&owner.post("/records/saved_view", &json!({ "values": values })), 201)["record"].clone();
        let path = format!("/records/saved_view/{}", view["id"]);
        assert_eq!(expect(&chosen.get(&path), 200)["can_edit"], json!(false));
        expect(&chosen.patch(&path, &json!({ "values": { "name": "x" } })), 403);
        for stranger in [&mut other, &mut administrator] {
            expect(&stranger.get(&path), 404);
            assert_eq!(expect(&stranger.get("/records/saved_view"), 200)["items"], json!([]));
        }
        expect(&owner.patch(&path, &json!({ "values": { "people": [] } })), 200);
        expect(&chosen.get(&path), 404);
    });
}

#[test]
fn each_pins_views_and_chooses_what_opens_first_and_administrators_for_all() {
    for_each_app(|app| {
        let (mut owner, mut administrator) = (app.with_user(Role::Employee), app.administrator());
        let before = expect(&owner.get("/session"), 200);
        assert_eq!((&before["user"]["pinned_views"], &before["user"]["default_views"]), (&json!([]), &json!([])));
        expect(&owner.patch("/session", &json!({ "pinned_views": [7, 3], "default_views": [3] })), 200);
        expect(&owner.patch("/session", &json!({ "theme": "dark" })), 200);
        let after = expect(&owner.get("/session"), 200)["user"].clone();
        assert_eq!(
            (&after["pinned_views"], &after["default_views"], &after["theme"]),
            (&json!([7, 3]), &json!([3]), &json!("dark"))
        );
        assert_eq!(expect(&administrator.get("/session"), 200)["user"]["pinned_views"], json!([]));

        let many: Vec<i64> = (1..=51).collect();
        let refused = expect(&owner.patch("/session", &json!({ "pinned_views": many })), 422);
        assert_eq!(refused["errors"][0]["code"], json!("too_many_values"));

        expect(&owner.patch("/installation", &json!({ "default_views": [7] })), 403);
        expect(&administrator.patch("/installation", &json!({ "default_views": [7] })), 200);
        assert_eq!(expect(&owner.get("/session"), 200)["installation"]["default_views"], json!([7]));
    });
}
