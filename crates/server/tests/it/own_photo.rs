//! The photo of a user: he sets it, colleagues see it, who keeps the users takes it away; the one of his card is no substitute.

use image::{GenericImageView, ImageFormat};
use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, field_errors, for_each_app};
use crate::it::person::{person, with};
use crate::it::photos::{photo_path, picture};

/// Where a user uploads his photo.
fn upload_path(user: &mut User) -> String {
    let catalog = expect(&user.get("/catalog"), 200);
    let types = catalog["object_types"].as_array().unwrap();
    let fields = types.iter().find(|object_type| object_type["name"] == "user").unwrap()["fields"].as_array().unwrap();
    let photo = fields.iter().find(|field| field["name"] == "photo").unwrap();
    assert_eq!(photo["settings"]["picture"], json!({ "max_width": 192, "max_height": 192, "is_square": true }));
    format!("/files?name=me.png&field_id={}", photo["id"])
}

fn uploaded(user: &mut User, width: u32, height: u32) -> Json {
    let path = upload_path(user);
    expect(&user.upload(&path, &picture(width, height, ImageFormat::Png)), 201)
}

/// The photos of some users, as the client asks for them.
fn photos(reader: &mut User, ids: &[i64]) -> Vec<(i64, Json)> {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    let filter = encoded(&format!("id in ({}) and photo is not empty", ids.join(", ")));
    let page = expect(&reader.get(&format!("/records/user?fields=photo&limit=100&filter={filter}")), 200);
    let items = page["items"].as_array().unwrap();
    items.iter().map(|user| (user["id"].as_i64().unwrap(), user["values"]["photo"]["id"].clone())).collect()
}

#[test]
fn everybody_has_a_face_for_his_colleagues() {
    for_each_app(|app| {
        let (mut me, mut colleague) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let stored = uploaded(&mut me, 800, 500);
        assert_eq!((&stored["width"], &stored["height"]), (&json!(192), &json!(192)));
        let file = format!("/files/{}", stored["id"].as_str().unwrap());
        expect(&colleague.get(&file), 404);

        let session = expect(&me.patch("/session", &json!({ "photo": stored["id"] })), 200);
        assert_eq!(session["user"]["photo"], stored["id"]);
        // What does not name the photo leaves it.
        expect(&me.patch("/session", &json!({ "theme": "dark" })), 200);
        assert_eq!(expect(&me.get("/session"), 200)["user"]["photo"], stored["id"]);

        let ids = [me.id, colleague.id];
        assert_eq!(photos(&mut colleague, &ids), [(me.id, stored["id"].clone())]);
        let seen = colleague.get(&file);
        assert_eq!(image::load_from_memory(&seen.body).unwrap().dimensions(), (192, 192));
        assert_eq!(seen.header("cache-control"), Some("private, max-age=3600, immutable"));
        let tag = seen.header("etag").unwrap().to_owned();
        let again = colleague.send("GET", &file, &[("if-none-match", &tag)], &Json::Null);
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(tag.as_str())));
        expect(&app.anonymous().get(&file), 401);

        expect(&me.patch("/session", &json!({ "photo": null })), 200);
        assert_eq!(photos(&mut colleague, &[me.id]), []);
        // The right is asked for before the browser hears that it may go on.
        let gone = colleague.send("GET", &file, &[("if-none-match", &tag)], &Json::Null);
        expect(&gone, 404);
    });
}

#[test]
fn a_photo_is_a_picture_of_ones_own() {
    for_each_app(|app| {
        let (mut me, mut colleague) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let path = upload_path(&mut me);
        assert_eq!(expect(&me.upload(&path, b"<svg/>"), 422)["code"], "not_a_picture");
        let theirs = uploaded(&mut colleague, 300, 300);
        let plain = expect(&me.upload("/files?name=a.png", &picture(9, 9, ImageFormat::Png)), 201);
        let of_a_card = photo_path(&mut me);
        let oblong = expect(&me.upload(&of_a_card, &picture(120, 160, ImageFormat::Png)), 201);
        for (id, code) in [
            (theirs["id"].clone(), "unknown_file"),
            (json!("0123456789abcdef0123456789abcdef"), "unknown_file"),
            (plain["id"].clone(), "not_a_picture"),
            (oblong["id"].clone(), "not_a_picture"),
        ] {
            let refused = expect(&me.patch("/session", &json!({ "photo": id })), 422);
            assert_eq!(field_errors(&refused), [("/photo".to_owned(), code.to_owned())], "{refused}");
        }
        assert_eq!(expect(&me.get("/session"), 200)["user"]["photo"], Json::Null);
    });
}

#[test]
fn who_keeps_the_users_takes_a_photo_away_and_brings_it_back() {
    for_each_app(|app| {
        let (mut me, mut colleague) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let mut administrator = app.administrator();
        let stored = uploaded(&mut me, 200, 200);
        expect(&me.patch("/session", &json!({ "photo": stored["id"] })), 200);
        let (record, emptied) = (format!("/records/user/{}", me.id), json!({ "values": { "photo": null } }));
        expect(&colleague.patch(&record, &emptied), 403);
        let removed = expect(&administrator.patch(&record, &emptied), 200);
        assert_eq!(expect(&me.get("/session"), 200)["user"]["photo"], Json::Null);
        let undo = format!("/operations/{}/undo", removed["operation_id"]);
        expect(&administrator.post(&undo, &json!({})), 200);
        assert_eq!(expect(&me.get("/session"), 200)["user"]["photo"], stored["id"]);
    });
}

#[test]
fn the_photo_of_a_card_stays_with_the_card() {
    for_each_app(|app| {
        let (mut administrator, mut colleague) = (app.administrator(), app.with_user(Role::Employee));
        let me = app.with_user(Role::Employee);
        let path = photo_path(&mut administrator);
        let stored = expect(&administrator.upload(&path, &picture(100, 100, ImageFormat::Png)), 201);
        let values = with(person("Коваль"), "photo", json!({ "id": stored["id"] }));
        let values = with(with(values, "contact_type", json!("employee")), "employee_user", json!(me.id));
        let card = administrator.create_contact(values);
        expect(&colleague.get(&format!("/records/contact/{}", card["id"])), 404);
        let user = expect(&colleague.get(&format!("/records/user/{}", me.id)), 200);
        assert!(user["values"].get("photo").is_none_or(Json::is_null), "{user}");
        assert_eq!(photos(&mut colleague, &[me.id]), []);
        expect(&colleague.get(&format!("/files/{}", stored["id"].as_str().unwrap())), 404);
    });
}
