//! Search as people type (VW13–VW15).

use record_engine::query::{ListQuery, list_whole};
use record_engine::{RequestContext, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, for_each_app};
use crate::it::person::{person, with};

#[test]
fn any_part_of_a_name_phone_mail_or_remark() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let channels = json!([{ "kind": "phone", "value": "+380674401285" }, { "kind": "email", "value": "ira.shevchuk@karpaty.example" }]);
        let values = json!({ "kind": "person", "last_name": "Шевчук", "first_name": "Ірина", "remark": "просить рахунки", "channels": channels });
        let contact = user.create_contact(values);
        user.create_contact(json!({ "kind": "person", "last_name": "Зовсім інша" }));
        let mut check = |text: &str, is_found: bool| {
            let body = expect(&user.get(&format!("/search?q={}", encoded(text))), 200);
            let ids: Vec<_> = body["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
            assert_eq!(ids, if is_found { vec![contact["id"].clone()] } else { Vec::new() }, "{text}");
        };
        check("шевч", true);
        check("ШЕВЧУК ірина", true);
        check("ірина шев", true);
        check("440128", true);
        check("067 440-12-85", true);
        check("1285", true);
        check("shevchuk@kar", true);
        check("рахунк", true);
        check("ше", true);
        check("шевченко", false);
        check("440129", false);
    });
}

#[test]
fn the_best_match_comes_first_and_says_where_it_matched() {
    for_each_app(|app| {
        let mut user = app.administrator();
        user.create_contact(with(
            json!({ "kind": "person", "last_name": "Бондаренко" }),
            "remark",
            json!("знає Петренка"),
        ));
        let exact = user.create_contact(json!({ "kind": "person", "last_name": "Петренко" }));
        let body = expect(&user.get(&format!("/search?q={}", encoded("петрен"))), 200);
        let items = body["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items[0]["id"], exact["id"]);
        assert_eq!(items[1]["matched"]["field"], "remark");
        assert_eq!(body["has_more"], false);
    });
}

#[test]
fn a_question_without_words_finds_nothing() {
    for_each_app(|app| {
        let mut user = app.administrator();
        user.create_contact(json!({ "kind": "person", "last_name": "Шевчук" }));
        for text in ["", "   ", "\"", "%", "'; DROP TABLE contact; --", "\u{0}"] {
            let body = expect(&user.get(&format!("/search?q={}", encoded(text))), 200);
            assert_eq!(body["items"], json!([]), "{text:?}");
        }
    });
}

fn comment(user: &mut User, contact: &Json, text: &str) -> Json {
    let values = json!({ "record": contact["id"], "text": text });
    expect(&user.post("/records/comment", &json!({ "values": values })), 201)["record"].clone()
}

fn found(user: &mut User, text: &str) -> Vec<(Json, Json)> {
    let body = expect(&user.get(&format!("/search?q={}", encoded(text))), 200);
    let items = body["items"].as_array().unwrap().iter();
    items.map(|item| (item["id"].clone(), item["matched"]["text"].clone())).collect()
}

#[test]
fn a_contact_is_found_by_what_was_said_about_it() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let (one, two) = (user.create_contact(person("Шевчук")), user.create_contact(person("Мельник")));
        let said = comment(&mut user, &one, "Передати @[Марія Бондаренко](user:1): просить рахунок-фактуру");
        comment(&mut user, &one, "Рахунок-фактуру надіслано");
        let shown = json!("Передати @Марія Бондаренко: просить рахунок-фактуру");

        let body = expect(&user.get(&format!("/search?q={}", encoded("просить рахунок"))), 200);
        assert_eq!(body["items"].as_array().unwrap().len(), 1);
        let item = &body["items"][0];
        assert_eq!((&item["type"], &item["id"]), (&json!("contact"), &one["id"]));
        assert_eq!(
            item["matched"],
            json!({ "part": "comment", "field": "text", "text": shown, "start": 28, "end": 35 })
        );
        // Two comments that answer are one contact; the mention is found by the name and not by its notation.
        assert_eq!(found(&mut user, "рахунок").len(), 1);
        assert_eq!(found(&mut user, "бондаренко"), [(one["id"].clone(), shown)]);
        assert_eq!(found(&mut user, "user"), []);
        // Typed under another keyboard layout, and with a wrong letter.
        assert_eq!(found(&mut user, "ghjcbnm").len(), 1);
        assert_eq!(found(&mut user, "рахунак").len(), 1);
        // What stands in a card itself comes before what was said about one.
        comment(&mut user, &one, "Знає Мельника");
        assert_eq!(
            found(&mut user, "мельник").iter().map(|found| &found.0).collect::<Vec<_>>(),
            [&two["id"], &one["id"]]
        );

        let list = |user: &mut User, filter: &str| {
            user.contact_ids(&format!("search={}&filter={}", encoded("просить рахунок"), encoded(filter)))
        };
        let id = one["id"].as_i64().unwrap();
        assert_eq!(list(&mut user, "kind = person"), [id]);
        assert_eq!(list(&mut user, "kind = company"), Vec::<i64>::new());
        let count = format!("/records/contact/count?search={}", encoded("просить рахунок"));
        assert_eq!(expect(&user.get(&count), 200)["count"], 1);
        // An export goes through all matches by a condition.
        let whole = |text: &str| {
            let (snapshot, context) = (app.engine.snapshot(), RequestContext::system(app.engine.clock()));
            let contact = snapshot.object_type("contact").unwrap();
            let query = ListQuery { search: Some(text.into()), ..ListQuery::default() };
            let page = app.engine.database().read(|tx| list_whole(tx, &context, &contact, &query)).unwrap();
            page.records.iter().map(|record| record.id).collect::<Vec<i64>>()
        };
        assert_eq!(whole("просить рахунок"), [id]);
        assert_eq!(whole("ніхто такого не казав"), Vec::<i64>::new());

        expect(&user.delete(&format!("/records/comment/{}", said["id"])), 200);
        assert_eq!(found(&mut user, "просить"), []);
        expect(&user.delete(&format!("/records/contact/{id}")), 200);
        assert_eq!(found(&mut user, "надіслано"), []);
        assert_eq!(user.contact_ids(&format!("trash=true&search={}", encoded("надіслано"))), [id]);
    });
}

#[test]
fn a_comment_on_a_hidden_contact_finds_nothing() {
    for_each_app(|app| {
        let (mut owner, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let hidden = owner.create_contact(with(person("Прихована"), "visibility", json!("private")));
        comment(&mut owner, &hidden, "таємниця про знижку");
        assert_eq!(found(&mut owner, "знижку").len(), 1);
        for text in ["знижку", "таємниця", "знижка", "nf'vybwz"] {
            assert_eq!(found(&mut stranger, text), [], "{text}");
            assert_eq!(stranger.contact_ids(&format!("search={}", encoded(text))), Vec::<i64>::new(), "{text}");
        }
        let path = format!("/records/contact/{}", hidden["id"]);
        expect(&owner.patch(&path, &json!({ "values": { "visibility": "read" } })), 200);
        assert_eq!(found(&mut stranger, "знижку").len(), 1);
        // What he himself said there goes out of his sight with the contact.
        comment(&mut stranger, &hidden, "передзвоню завтра");
        expect(&owner.patch(&path, &json!({ "values": { "visibility": "private" } })), 200);
        assert_eq!(found(&mut stranger, "передзвоню"), []);
        assert_eq!(found(&mut owner, "передзвоню").len(), 1);
    });
}

#[test]
fn comments_of_an_older_release_are_found_after_the_start() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(person("Давня"));
        comment(&mut user, &contact, "старовинна розмова");
        // A release that did not search comments kept no text for them.
        app.engine
            .write(|tx| {
                let comment = app.engine.snapshot().object_type("comment")?;
                record_engine::search_text::replace(tx, &comment, [(1, String::new())].into())
            })
            .unwrap();
        assert_eq!(found(&mut user, "старовинна"), []);
        app.engine.write(|tx| record_engine::schema_sync::synchronise(tx, &app.engine.snapshot().catalog)).unwrap();
        assert_eq!(found(&mut user, "старовинна").len(), 1);
    });
}
