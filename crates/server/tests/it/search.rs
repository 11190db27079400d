//! Search as people type (VW13–VW15).

use serde_json::json;

use crate::it::app::{encoded, expect, for_each_app};
use crate::it::person::with;

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
