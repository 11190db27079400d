//! Boards (X5): a list in columns by a choice field, for whoever reads it.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::access::{make_role, with_roles};
use crate::it::app::{User, encoded, expect, field_errors, for_each_app};
use crate::it::person::{person, with};

fn make(user: &mut User, name: &str, warmth: Json, potential: Option<i64>) -> Json {
    let values = with(person(name), "warmth", warmth);
    let money = potential.map(|amount| json!({ "amount": amount, "currency": "UAH" }));
    user.create_contact(with(values, "potential", json!(money)))
}

/// Option and number of each column, after each column was compared with its list.
fn columns(user: &mut User, query: &str) -> Vec<(String, i64)> {
    let board = expect(&user.get(&format!("/records/contact/board?field=warmth&fields=warmth{query}")), 200);
    let columns = board["columns"].as_array().unwrap();
    let compared = |column: &Json| {
        let option = column["option"].as_str();
        let own = option.map_or("warmth is empty".to_owned(), |key| format!("warmth = {key}"));
        // The filter of the board, if it has one, stands at its end.
        let (rest, filter) = query
            .split_once("&filter=")
            .map_or((query, own.clone()), |(rest, filter)| (rest, format!("({}) and {own}", urlencoding(filter))));
        let filter = encoded(&filter);
        let list = expect(&user.get(&format!("/records/contact?fields=warmth&limit=100{rest}&filter={filter}")), 200);
        let items = column["items"].as_array().unwrap();
        let listed = list["items"].as_array().unwrap();
        assert_eq!(items, &listed[..items.len()], "{option:?}");
        assert_eq!(column["next_cursor"].is_null(), items.len() == listed.len(), "{option:?}");
        let search = rest.replace("&sort=name", "");
        let count = expect(&user.get(&format!("/records/contact/count?filter={filter}{search}")), 200);
        assert_eq!(column["count"], count, "{option:?}");
        if let Some(cursor) = column["next_cursor"].as_str() {
            let next = format!("/records/contact?fields=warmth{rest}&filter={filter}&cursor={cursor}");
            let next = expect(&user.get(&next), 200);
            assert_eq!(next["items"].as_array().unwrap(), &listed[items.len()..], "a column goes on as a list");
        }
        (option.unwrap_or("-").to_owned(), count["count"].as_i64().unwrap())
    };
    columns.iter().map(compared).collect()
}

/// What [`encoded`] made of a text.
fn urlencoding(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&digits, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_board_shows_what_its_reader_sees_in_lists() {
    for_each_app(|app| {
        let (mut boss, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        for number in 0..23 {
            make(&mut boss, &format!("Адамчук {number}"), json!("hot"), Some(100));
        }
        make(&mut boss, "Бойко", json!("cold"), None);
        make(&mut employee, "Власенко", json!("hot"), Some(7));
        make(&mut employee, "Гнатюк", json!(null), None);
        let masked = json!({ "base": "supervisor", "types": { "contact": { "fields": { "remark": "hidden" } } } });
        let masked = make_role(&mut boss, "Без приміток", &masked);
        let mut masked = with_roles(app, &mut boss, &[masked]);

        let of = |counts: &[(String, i64)], option: &str| {
            counts.iter().find(|(key, _)| key == option).map(|(_, count)| *count).unwrap()
        };
        for (reader, hot, none) in [(&mut boss, 24, 1), (&mut employee, 1, 1), (&mut masked, 24, 1)] {
            let all = columns(reader, "");
            assert_eq!(all[0].0, "-", "those without a value come first");
            assert_eq!((of(&all, "hot"), of(&all, "-")), (hot, none));
            columns(reader, "&sort=name");
            columns(reader, &format!("&search={}", encoded("власен")));
            columns(reader, &format!("&filter={}", encoded("last_name starts with \"Адам\"")));
        }
        // The numbers alone, and the cards alone: together they are the whole.
        for reader in [&mut boss, &mut employee] {
            let mut read = |more: &str| {
                let path = format!("/records/contact/board?field=warmth&sum=potential{more}");
                expect(&reader.get(&path), 200)["columns"].as_array().unwrap().clone()
            };
            let (whole, numbers, cards) = (read(""), read("&limit=0"), read("&counts=false"));
            assert_eq!((whole.len(), whole.len()), (numbers.len(), cards.len()));
            for ((whole, numbers), cards) in whole.iter().zip(&numbers).zip(&cards) {
                assert_eq!((&whole["count"], &whole["sums"]), (&numbers["count"], &numbers["sums"]));
                assert_eq!((&whole["items"], &whole["next_cursor"]), (&cards["items"], &cards["next_cursor"]));
                assert_eq!((&numbers["items"], &cards["count"]["count"]), (&json!([]), &Json::Null));
            }
        }
        let sums = |reader: &mut User| {
            let board = expect(&reader.get("/records/contact/board?field=warmth&sum=potential"), 200);
            let column = board["columns"].as_array().unwrap().iter().find(|column| column["option"] == "hot").cloned();
            column.unwrap()["sums"].clone()
        };
        assert_eq!(sums(&mut boss), json!([{ "currency": "UAH", "amount": 2307 }]));
        assert_eq!(sums(&mut employee), json!([{ "currency": "UAH", "amount": 7 }]));
    });
}

#[test]
fn a_board_refuses_what_it_cannot_show() {
    for_each_app(|app| {
        let mut boss = app.administrator();
        let masked = json!({ "base": "supervisor",
            "types": { "contact": { "fields": { "warmth": "hidden", "potential": "hidden" } } } });
        let masked = make_role(&mut boss, "Без теплоти", &masked);
        let mut masked = with_roles(app, &mut boss, &[masked]);
        let refused = |user: &mut User, query: &str| {
            field_errors(&expect(&user.get(&format!("/records/contact/board?{query}")), 422)).remove(0)
        };
        let of = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(refused(&mut masked, "field=warmth"), of("/field", "unknown_field"));
        assert_eq!(refused(&mut masked, "field=nothing"), of("/field", "unknown_field"));
        assert_eq!(refused(&mut masked, "field=source&sum=potential"), of("/sum", "unknown_field"));
        assert_eq!(refused(&mut boss, "field=name"), of("/field", "not_a_choice"));
        assert_eq!(refused(&mut boss, "field=warmth&sum=name"), of("/sum", "not_summable"));
        assert_eq!(refused(&mut boss, "field=warmth&within=x"), of("/within", "unknown_field"));
        assert_eq!(refused(&mut masked, "field=warmth&counts=false"), of("/field", "unknown_field"));
        assert_eq!(refused(&mut masked, "field=source&sum=potential&counts=false"), of("/sum", "unknown_field"));
        assert_eq!(refused(&mut boss, "field=warmth&limit=101"), of("/limit", "out_of_range"));
        let filter = encoded("warmth = hot");
        expect(&masked.get(&format!("/records/contact/board?field=source&filter={filter}")), 422);
        expect(&masked.get("/records/nothing/board?field=warmth"), 404);
        assert_eq!(expect(&masked.get("/records/contact/board?field=source"), 200)["columns"][0]["count"]["count"], 0);
    });
}

/// The limit of a column is a sign for people at boards: nothing that programs, lists and imports write is refused because of it.
#[test]
fn the_limit_of_a_column_locks_nothing() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let catalog = expect(&user.get("/catalog"), 200);
        let types = catalog["object_types"].as_array().unwrap();
        let contact = types.iter().find(|one| one["name"] == "contact").unwrap();
        let field = contact["fields"].as_array().unwrap().iter().find(|field| field["name"] == "warmth").unwrap();
        let mut settings = field["settings"].clone();
        let place = settings["options"].as_array().unwrap().iter().position(|option| option["key"] == "warm").unwrap();
        settings["options"][place]["max_records"] = json!(0);
        let refused = user.patch("/catalog/contact/fields/warmth", &json!({ "settings": settings }));
        let expected = (format!("/settings/options/{place}/max_records"), "out_of_range".to_owned());
        assert_eq!(field_errors(&expect(&refused, 422)), [expected]);
        settings["options"][place]["max_records"] = json!(1);
        let changed = expect(&user.patch("/catalog/contact/fields/warmth", &json!({ "settings": settings })), 200);
        assert_eq!(changed["settings"]["options"][place]["max_records"], json!(1));

        make(&mut user, "A", json!("warm"), None);
        make(&mut user, "B", json!("warm"), None);
        let third = make(&mut user, "C", json!("cold"), None);
        let path = format!("/records/contact/{}", third["id"]);
        expect(&user.patch(&path, &json!({ "values": { "warmth": "warm" } })), 200);
        let warm = columns(&mut user, "").into_iter().find(|(option, _)| option == "warm");
        assert_eq!(warm, Some(("warm".to_owned(), 3)));
    });
}
