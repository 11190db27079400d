//! Pictures of address book cards: taken at the import, made to fit, taken back with it; what cannot be taken is told row by row.

use std::io::Cursor;

use base64::Engine as _;
use database::Query;
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage};
use record_engine::files::{self, StoredFile};
use serde_json::{Value as Json, json};
use test_kit::for_each_backend;

use super::support::{Base, text};

fn picture(shade: u8, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let pixels = RgbImage::from_pixel(400, 300, Rgb([shade, 40, 90]));
    DynamicImage::from(pixels).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A card of somebody; `photo` is the whole line.
fn card(version: &str, name: &str, photo: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:{version}\r\nN:{name};;;;\r\nFN:{name}\r\n{photo}\r\nEND:VCARD\r\n")
}

fn file_of(base: &Base, name: &str) -> Option<StoredFile> {
    let contact = base.contacts().into_iter().find(|record| text(record, "last_name") == name).unwrap();
    let id = contact.value("photo").as_str()?.to_owned();
    base.engine.database().read(|tx| files::find(tx, &id)).unwrap()
}

fn warnings(base: &Base, id: i64) -> Vec<(i64, String)> {
    let warnings = base.problems(id, Some("warning"));
    warnings.iter().map(|one| (one["row"].as_i64().unwrap(), one["code"].as_str().unwrap().to_owned())).collect()
}

fn stored_files(base: &Base) -> i64 {
    base.engine
        .database()
        .read(|tx| -> record_engine::error::Result<i64> {
            Ok(tx.query_one("SELECT COUNT(*) FROM files", &[])?.integer(0)?)
        })
        .unwrap()
}

#[test]
fn a_picture_of_a_card_becomes_the_photo_of_the_contact() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let (jpeg, png, webp) =
            (picture(10, ImageFormat::Jpeg), picture(120, ImageFormat::Png), picture(230, ImageFormat::WebP));
        // As phones fold it: the second and further lines begin with a blank.
        let folded: Vec<String> =
            base64(&jpeg).as_bytes().chunks(70).map(|line| String::from_utf8(line.to_vec()).unwrap()).collect();
        let cards = [
            card("2.1", "Давній", &format!("PHOTO;ENCODING=BASE64;JPEG:\r\n {}\r\n", folded.join("\r\n "))),
            card("3.0", "Звичний", &format!("PHOTO;ENCODING=b;TYPE=PNG:{}", base64(&png))),
            card("4.0", "Новий", &format!("PHOTO:data:image/webp;base64,{}", base64(&webp))),
            card("3.0", "Мішаний", &format!("PHOTO;VALUE=uri:data:image/png\\;base64\\,{}", base64(&png))),
            card("3.0", "Безликий", "NOTE:без фото"),
        ]
        .concat();
        let id = base.upload("cards.vcf", cards.as_bytes());
        let before = stored_files(&base);
        let checked = base.check(id);
        assert_eq!((&checked["photos"], &checked["errors"]), (&json!(4), &json!(0)), "{checked}");
        assert_eq!(stored_files(&base), before, "a check stores nothing");
        let report = base.run(id);
        assert_eq!((&report["created"], &report["photos"], &report["warnings"]), (&json!(5), &json!(4), &json!(0)));
        assert_eq!(stored_files(&base), before + 4);
        for name in ["Давній", "Звичний", "Новий", "Мішаний"] {
            let file = file_of(&base, name).unwrap_or_else(|| panic!("{name} has no photo"));
            assert_eq!((file.pixels, file.media_type.as_str()), (Some((200, 150)), "image/jpeg"), "{name}");
            assert_eq!(file.user_id, Some(1));
            let bytes = std::fs::read(base.engine.files().path(&file.hash)).unwrap();
            assert_eq!(image::load_from_memory(&bytes).unwrap().dimensions(), (200, 150));
        }
        assert_eq!(file_of(&base, "Безликий"), None);

        // The same cards again change nothing and store nothing.
        let again = base.run(base.upload("cards.vcf", cards.as_bytes()));
        assert_eq!((&again["unchanged"], &again["photos"]), (&json!(5), &json!(0)), "{again}");
        assert_eq!(stored_files(&base), before + 4);

        // Another picture takes its place, and goes again with the undo of its import.
        let first = file_of(&base, "Звичний").unwrap();
        let other = card("3.0", "Звичний", &format!("PHOTO;ENCODING=b;TYPE=JPEG:{}", base64(&jpeg)));
        let second = base.upload("one.vcf", other.as_bytes());
        assert_eq!(base.run(second)["photos"], 1);
        assert_ne!(file_of(&base, "Звичний").unwrap().hash, first.hash);
        base.undo_import(second);
        assert_eq!(file_of(&base, "Звичний").unwrap(), first);
        base.undo_import(id);
        assert_eq!(base.names(), Vec::<String>::new());
    });
}

#[test]
fn a_picture_that_cannot_be_taken_is_a_warning_and_costs_no_row() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let large = base64(&vec![0xff_u8; 1024 * 1024 + 1]);
        let cut = picture(1, ImageFormat::Png);
        let cards = [
            card("3.0", "Завеликий", &format!("PHOTO;ENCODING=b;TYPE=JPEG:{large}")),
            card("3.0", "Чужий", &format!("PHOTO;ENCODING=b;TYPE=GIF:{}", base64(b"GIF89a and so on"))),
            card("3.0", "Зламаний", &format!("PHOTO;ENCODING=b:{}", base64(&cut[..cut.len() / 2]))),
            card("4.0", "Нечитний", "PHOTO:data:image/png;base64,!!!"),
            card("4.0", "Далекий", "PHOTO:https://example.com/face.jpg"),
        ]
        .concat();
        let id = base.upload("cards.vcf", cards.as_bytes());
        base.check(id);
        let report = base.run(id);
        assert_eq!((&report["created"], &report["failed"]), (&json!(5), &json!(0)), "{report}");
        assert_eq!((&report["photos"], &report["warnings"]), (&json!(0), &json!(5)), "{report}");
        let found: Vec<String> = warnings(&base, id).into_iter().map(|(_, code)| code).collect();
        let expect = ["file_over_limit", "not_a_picture", "picture_damaged", "picture_damaged", "picture_not_fetched"];
        assert_eq!(found, expect);
        let listed = base.problems(id, Some("warning"));
        assert_eq!((&listed[0]["params"], &listed[0]["field"]), (&json!({ "max_megabytes": 1.0 }), &json!("photo")));
        assert_eq!(listed[4]["value"], "https://example.com/face.jpg");
        assert_eq!(base.problems(id, Some("error")), Vec::<Json>::new());
        // What was not taken stands in the notes, or nowhere; never as a wall of letters.
        let all = base.contacts();
        let notes =
            |name: &str| text(all.iter().find(|record| text(record, "last_name") == name).unwrap(), "description");
        assert_eq!(notes("Нечитний"), "");
        assert!(notes("Далекий").contains("https://example.com/face.jpg"));
    });
}
