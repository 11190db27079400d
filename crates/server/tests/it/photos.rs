//! Photos and logos of contacts (CB12, D13): what is taken, what is kept of it, and who gets it.

use std::io::Cursor;

use image::{DynamicImage, GenericImageView, ImageFormat};
use record_engine::Role;
use serde_json::json;

use crate::it::app::{User, expect, field_errors, for_each_app};
use crate::it::person::{person, with};

/// The largest upload of a photo, in bytes.
const LIMIT: usize = 1024 * 1024;

/// Where a photo is uploaded: the field is named by its id.
pub(super) fn photo_path(user: &mut User) -> String {
    format!("/files?name=face.png&field_id={}", field_id(user, "photo"))
}

fn field_id(user: &mut User, name: &str) -> i64 {
    let catalog = expect(&user.get("/catalog"), 200);
    let types = catalog["object_types"].as_array().unwrap();
    let contact = types.iter().find(|object_type| object_type["name"] == "contact").unwrap();
    let fields = contact["fields"].as_array().unwrap();
    fields.iter().find(|field| field["name"] == name).unwrap()["id"].as_i64().unwrap()
}

/// A plain picture as a file.
pub(super) fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn a_photo_is_made_to_fit_and_goes_to_whoever_sees_the_contact() {
    for_each_app(|app| {
        let (mut owner, mut colleague) = (app.administrator(), app.with_user(Role::Employee));
        let photo = photo_path(&mut owner);
        let stored = expect(&owner.upload(&photo, &picture(800, 600, ImageFormat::Png)), 201);
        assert_eq!((&stored["width"], &stored["height"]), (&json!(200), &json!(150)));
        assert_eq!((&stored["name"], &stored["media_type"]), (&json!("face.jpg"), &json!("image/jpeg")));

        let contact = owner.create_contact(with(person("Шевчук"), "photo", json!({ "id": stored["id"] })));
        assert_eq!(contact["values"]["photo"], stored);
        let list = expect(&owner.get("/records/contact?fields=photo"), 200);
        assert_eq!(list["items"][0]["values"]["photo"], stored);

        let path = format!("/files/{}", stored["id"].as_str().unwrap());
        expect(&colleague.get(&path), 404);
        let open = json!({ "values": { "visibility": "read" } });
        expect(&owner.patch(&format!("/records/contact/{}", contact["id"]), &open), 200);
        let answer = colleague.get(&path);
        assert_eq!(image::load_from_memory(&answer.body).unwrap().dimensions(), (200, 150));
        assert_eq!(answer.header("content-type"), Some("image/jpeg"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment"));
        assert!(answer.header("content-security-policy").unwrap().contains("sandbox"));
        assert!(answer.header("cache-control").unwrap().starts_with("private"));
        // It is the colleague's to see, not to change.
        let emptied = json!({ "values": { "photo": null } });
        expect(&colleague.patch(&format!("/records/contact/{}", contact["id"]), &emptied), 403);
    });
}

#[test]
fn a_photo_is_a_picture_of_up_to_one_megabyte() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let photo = photo_path(&mut user);
        // What follows the end of a picture is no part of it, so it makes a file of any size.
        let mut large = picture(10, 10, ImageFormat::Jpeg);
        large.resize(LIMIT, 0);
        let kept = expect(&user.upload(&photo, &large), 201);
        assert!(kept["size"].as_u64().unwrap() < 2_000, "{kept}");
        large.push(0);
        let refused = expect(&user.upload(&photo, &large), 422);
        assert_eq!((&refused["code"], &refused["params"]["max_megabytes"]), (&json!("file_over_limit"), &json!(1.0)));

        let mut check = |upload: &[u8], expected: &str| {
            assert_eq!(expect(&user.upload(&photo, upload), 422)["code"], expected);
        };
        check(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", "not_a_picture");
        check(b"%PDF-1.7", "not_a_picture");
        check(&picture(50, 50, ImageFormat::Png)[..40], "picture_damaged");
        check(&picture(12_001, 1, ImageFormat::Png), "picture_too_many_pixels");

        let plain = expect(&user.upload("/files?name=face.png", &picture(50, 50, ImageFormat::Png)), 201);
        assert!(plain.get("width").is_none());
        let values = with(person("Коваль"), "photo", json!({ "id": plain["id"] }));
        let refused = expect(&user.post("/records/contact", &json!({ "values": values })), 422);
        assert_eq!(field_errors(&refused), [("/values/photo".to_owned(), "not_a_picture".to_owned())]);

        let name_id = field_id(&mut user, "name");
        for wrong in [name_id, 0, i64::MAX] {
            let refused = expect(&user.upload(&format!("/files?name=a.png&field_id={wrong}"), b"x"), 422);
            assert_eq!(refused["errors"][0]["code"], "unknown_field", "{wrong}");
        }
    });
}

#[test]
fn a_photo_comes_back_with_an_undo() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let photo = photo_path(&mut user);
        let first = expect(&user.upload(&photo, &picture(20, 30, ImageFormat::WebP)), 201);
        let second = expect(&user.upload(&photo, &picture(30, 20, ImageFormat::Png)), 201);
        let contact = user.create_contact(with(person("Гнатюк"), "photo", json!({ "id": first["id"] })));
        let path = format!("/records/contact/{}", contact["id"]);
        let replaced = expect(&user.patch(&path, &json!({ "values": { "photo": second } })), 200);
        assert_eq!(replaced["record"]["values"]["photo"], second);
        let history = expect(&user.get(&format!("{path}/history")), 200);
        assert_eq!(history["items"][0]["changes"][0]["field"], "photo", "{history}");
        expect(&user.post(&format!("/operations/{}/undo", replaced["operation_id"]), &json!({})), 200);
        assert_eq!(expect(&user.get(&path), 200)["values"]["photo"], first);
        let removed = expect(&user.patch(&path, &json!({ "values": { "photo": null } })), 200);
        assert!(removed["record"]["values"].get("photo").is_none_or(serde_json::Value::is_null));
    });
}
