//! Pictures on the cards that phones write (X38): told by how they look, and none without a row that names it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;

use crate::it::address_book::{BOOK, Phone, path_of, picture_on, reachable};
use crate::it::address_book_writes::{card, last_operation, new_card, put, put_new, record, undo, values, writer};
use crate::it::app::{App, for_each_app};

/// A picture of one colour, as it stands in a card.
fn photo(pixel: Rgb<u8>, format: ImageFormat) -> String {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::from(RgbImage::from_pixel(300, 200, pixel)).write_to(&mut bytes, format).unwrap();
    STANDARD.encode(bytes.into_inner())
}

/// How many files lie in the store, whether a row names them or not.
fn stored_files(app: &App) -> usize {
    let mut folders = vec![app.engine.files().incoming_path("..")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { count += 1 }
        }
    }
    count
}

#[test]
fn a_picture_changes_when_it_is_another_one() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let contact = owner.create_contact(reachable("Шевчук", "+380 44 123 45 67"));
        let (id, path) = (&contact["id"], path_of(&contact));
        let mut phone = writer(app, &mut owner);
        let send = |phone: &mut Phone, photo: &str| {
            let (_, tag) = card(phone, &path);
            let text = new_card("x", &format!("N:Шевчук\r\nFN:Шевчук\r\nTEL;TYPE=CELL:+380441234567{photo}"));
            assert_eq!(put(phone, &path, &tag, &text).status, 204);
        };
        let red = Rgb([200, 30, 30]);
        send(&mut phone, &format!("\r\nPHOTO;ENCODING=b;TYPE=PNG:{}", photo(red, ImageFormat::Png)));
        let first = values(&mut owner, id)["photo"].clone();
        assert_eq!((&first["width"], &first["height"]), (&json!(200), &json!(133)));
        assert!(picture_on(&phone.ask("GET", &path, &[], "").text).is_some());
        // A program that knows no pictures takes none away; one that encodes them anew has changed nothing.
        send(&mut phone, "");
        send(&mut phone, &format!("\r\nPHOTO;ENCODING=b;TYPE=JPEG:{}", photo(red, ImageFormat::Jpeg)));
        send(&mut phone, "\r\nPHOTO;ENCODING=b;TYPE=JPEG:bm8gcGljdHVyZQ==");
        assert_eq!(values(&mut owner, id)["photo"], first);
        assert_eq!(record(&mut owner, id)["version"], 2);
        send(&mut phone, &format!("\r\nPHOTO;ENCODING=b;TYPE=PNG:{}", photo(Rgb([30, 30, 200]), ImageFormat::Png)));
        let second = values(&mut owner, id)["photo"].clone();
        assert_ne!(second["id"], first["id"]);
        let operation = last_operation(&mut owner);
        undo(&mut owner, &operation);
        assert_eq!(values(&mut owner, id)["photo"], first);
    });
}

#[test]
fn a_refused_card_leaves_no_picture() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let contact = owner.create_contact(reachable("Шевчук", "+380 44 123 45 67"));
        owner.create_contact(reachable("Інша", "+380 44 123 45 68"));
        let path = path_of(&contact);
        let mut phone = writer(app, &mut owner);
        let (_, tag) = card(&mut phone, &path);
        let files = stored_files(app);
        let with_photo = |number: &str| {
            let picture = photo(Rgb([10, 200, 10]), ImageFormat::Png);
            let photo = format!("PHOTO;ENCODING=b;TYPE=PNG:{picture}");
            new_card("n", &format!("N:Шевчук\r\nFN:Шевчук\r\nTEL;TYPE=CELL:{number}\r\n{photo}"))
        };
        // The number of somebody else.
        assert_eq!(put(&mut phone, &path, &tag, &with_photo("+380441234568")).status, 409);
        assert_eq!(put_new(&mut phone, &format!("{BOOK}n.vcf"), &with_photo("+380441234568")).status, 409);
        // More than a device may write: its card is not read at all.
        let count = |change: &str| {
            let sql = format!("UPDATE device_writes SET {change}");
            app.engine.write(|tx| tx.execute(&sql, &[])).unwrap()
        };
        assert_eq!(count("count = 300"), 1);
        assert_eq!(put(&mut phone, &path, &tag, &with_photo("+380441234567")).status, 503);
        assert_eq!(count("count = 1"), 1);
        assert_eq!(stored_files(app), files);
        assert_eq!(put(&mut phone, &path, &tag, &with_photo("+380441234567")).status, 204);
        assert_eq!(stored_files(app), files + 1);
    });
}
