//! Lines of a deal, its budget, and who takes part in it, over HTTP.

use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, encoded, expect, field_errors};
use crate::it::person::person;

/// 2026-11-23.
const NOW: i64 = 1_795_420_800_000;

pub(super) fn for_each_day(test: impl Fn(&App)) {
    test_kit::for_each_backend(|database| test(&App::with_clock(database, Clock::fixed(NOW))));
}

pub(super) fn money(amount: i64, currency: &str) -> Json {
    json!({ "amount": amount, "currency": currency })
}

/// Makes a record; answers it and its operation.
pub(super) fn make(user: &mut User, object_type: &str, values: Json) -> (Json, Json) {
    let made = expect(&user.post(&format!("/records/{object_type}"), &json!({ "values": values })), 201);
    (made["record"].clone(), made["operation_id"].clone())
}

fn refused(user: &mut User, object_type: &str, values: Json) -> Vec<(String, String)> {
    field_errors(&expect(&user.post(&format!("/records/{object_type}"), &json!({ "values": values })), 422))
}

fn error(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

pub(super) fn values(user: &mut User, object_type: &str, id: &Json) -> Json {
    expect(&user.get(&format!("/records/{object_type}/{id}")), 200)["values"].clone()
}

fn undo(user: &mut User, operation: &Json) -> Json {
    expect(&user.post(&format!("/operations/{operation}/undo"), &json!({})), 200)
}

/// A tax of 20 %, and a product with it for 100 UAH a piece.
pub(super) fn product(user: &mut User) -> (Json, Json) {
    let (tax, _) = make(user, "tax", json!({ "name": "ПДВ", "percent": 20 }));
    let price = money(10_000, "UAH");
    let values = json!({ "name": "Вікно", "price": price, "unit": "piece", "tax": tax["id"] });
    (make(user, "product", values).0, tax)
}

#[test]
fn a_line_takes_its_product_and_makes_the_budget() {
    for_each_day(|app| {
        let mut user = app.administrator();
        let (window, tax) = product(&mut user);
        let (deal, _) = make(&mut user, "deal", json!({ "title": "Дах", "budget": money(77_700, "UAH") }));
        let (line, added) = make(&mut user, "line_item", json!({ "deal": deal["id"], "product": window["id"] }));
        let taken = &line["values"];
        assert_eq!((&taken["name"], &taken["quantity"], &taken["unit"]), (&json!("Вікно"), &json!(1), &json!("шт.")));
        assert_eq!((&taken["price"], &taken["tax_percent"]), (&money(10_000, "UAH"), &json!(20)));
        assert_eq!((&taken["amount"], &taken["tax_amount"]), (&money(10_000, "UAH"), &money(2_000, "UAH")));
        let path = format!("/records/line_item/{}", line["id"]);
        let changed = json!({ "values": { "quantity": "2,5", "discount": 10 } });
        let changed = expect(&user.patch(&path, &changed), 200);
        assert_eq!(changed["record"]["values"]["total"], money(27_000, "UAH"));
        assert_eq!(values(&mut user, "deal", &deal["id"])["budget"], money(27_000, "UAH"));

        // The product and the tax change; the line keeps what it took.
        expect(
            &user.patch(
                &format!("/records/product/{}", window["id"]),
                &json!({ "values": { "name": "Двері", "price": money(1, "UAH") } }),
            ),
            200,
        );
        expect(&user.patch(&format!("/records/tax/{}", tax["id"]), &json!({ "values": { "percent": 10 } })), 200);
        expect(&user.patch(&path, &json!({ "values": { "quantity": 3 } })), 200);
        assert_eq!(values(&mut user, "line_item", &line["id"])["total"], money(32_400, "UAH"));

        // Nobody writes another budget, or what is counted.
        let deal_path = format!("/records/deal/{}", deal["id"]);
        let other = user.patch(&deal_path, &json!({ "values": { "budget": money(1, "UAH") } }));
        assert_eq!(field_errors(&expect(&other, 422)), error("/values/budget", "budget_of_lines"));
        let derived = user.patch(&path, &json!({ "values": { "total": money(1, "UAH") } }));
        assert_eq!(field_errors(&expect(&derived, 422)), error("/values/total", "read_only"));
        expect(&user.patch(&deal_path, &json!({ "values": { "stage": "won" } })), 200);

        // A line without a product, and back again: one press takes back line and budget.
        let (own, own_added) = make(
            &mut user,
            "line_item",
            json!({ "deal": deal["id"], "name": "Монтаж", "price": money(50_000, "UAH"), "unit": "послуга" }),
        );
        assert_eq!(values(&mut user, "deal", &deal["id"])["budget"], money(82_400, "UAH"));
        assert_eq!(undo(&mut user, &own_added)["kept_count"], 0);
        assert_eq!(values(&mut user, "deal", &deal["id"])["budget"], money(32_400, "UAH"));
        expect(&user.get(&format!("/records/line_item/{}", own["id"])), 200);
        let deleted = expect(&user.delete(&path), 200);
        let left = values(&mut user, "deal", &deal["id"]);
        assert!(left.get("lines_total").is_none_or(Json::is_null) && left["budget"] == money(32_400, "UAH"), "{left}");
        undo(&mut user, &deleted["operation_id"]);
        assert_eq!(values(&mut user, "deal", &deal["id"])["lines_total"], money(32_400, "UAH"));
        assert!(added.is_i64());
    });
}

#[test]
fn the_undo_of_the_first_line_brings_back_the_budget() {
    for_each_day(|app| {
        let mut user = app.administrator();
        let (window, _) = product(&mut user);
        let (deal, _) = make(&mut user, "deal", json!({ "title": "Дах", "budget": money(77_700, "UAH") }));
        let (line, added) = make(&mut user, "line_item", json!({ "deal": deal["id"], "product": window["id"] }));
        assert_eq!(values(&mut user, "deal", &deal["id"])["budget"], money(12_000, "UAH"));
        let report = undo(&mut user, &added);
        assert_eq!(report["kept_count"], 0, "{report}");
        let after = values(&mut user, "deal", &deal["id"]);
        assert!(
            after["budget"] == money(77_700, "UAH") && after.get("lines_total").is_none_or(Json::is_null),
            "{after}"
        );
        // The undo is undone: both are there again.
        undo(&mut user, &report["operation_id"]);
        assert_eq!(values(&mut user, "deal", &deal["id"])["budget"], money(12_000, "UAH"));
        let path = format!("/records/line_item/{}", line["id"]);
        let changed = expect(&user.patch(&path, &json!({ "values": { "quantity": 7 } })), 200);
        assert_eq!(values(&mut user, "deal", &deal["id"])["budget"], money(84_000, "UAH"));
        assert_eq!(undo(&mut user, &changed["operation_id"])["kept_count"], 0);
        assert_eq!(values(&mut user, "deal", &deal["id"])["budget"], money(12_000, "UAH"));
    });
}

#[test]
fn all_lines_are_in_one_currency_and_a_missing_rate_asks() {
    for_each_day(|app| {
        let mut user = app.administrator();
        let (deal, _) = make(&mut user, "deal", json!({ "title": "Верстат", "budget": money(100, "UAH") }));
        let dollars = json!({ "deal": deal["id"], "name": "Фреза", "price": money(10_000, "USD"), "quantity": 2 });
        assert_eq!(refused(&mut user, "line_item", dollars.clone()), error("/values/price", "rate_missing"));
        let found = expect(&user.get(&format!("/records/currency?filter={}", encoded("code = \"USD\""))), 200);
        let rate = json!({ "currency": found["items"][0]["id"], "date": "2026-11-20", "rate": "41.2537" });
        make(&mut user, "currency_rate", rate);
        let (line, _) = make(&mut user, "line_item", dollars);
        assert_eq!(line["values"]["price"], money(412_537, "UAH"));
        assert_eq!(values(&mut user, "deal", &deal["id"])["budget"], money(825_074, "UAH"));
        // Without a budget the first line says the currency.
        let (other, _) = make(&mut user, "deal", json!({ "title": "Інша" }));
        make(&mut user, "line_item", json!({ "deal": other["id"], "name": "A", "price": money(150, "USD") }));
        assert_eq!(values(&mut user, "deal", &other["id"])["budget"], money(150, "USD"));
        let (zero, _) = make(&mut user, "line_item", json!({ "deal": other["id"], "name": "B" }));
        assert_eq!(zero["values"]["total"], money(0, "USD"));
        let too_much =
            json!({ "deal": other["id"], "name": "C", "price": money(9_007_199_254_740_991, "USD"), "quantity": 2 });
        assert_eq!(refused(&mut user, "line_item", too_much), error("/values/price", "line_too_large"));
    });
}

#[test]
fn who_may_not_change_a_deal_changes_no_line_of_it() {
    for_each_day(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let mut stranger = app.with_user(Role::Employee);
        let contact = owner.create_contact(person("Шевчук"));
        let deal = json!({ "title": "Закрита", "visibility": "private", "readers": [reader.id] });
        let (deal, _) = make(&mut owner, "deal", deal);
        let line = json!({ "deal": deal["id"], "name": "Робота", "price": money(100, "UAH") });
        let (own, _) = make(&mut owner, "line_item", line.clone());
        let (part, _) = make(&mut owner, "deal_participant", json!({ "deal": deal["id"], "contact": contact["id"] }));
        for (object_type, made, input) in [
            ("line_item", &own, line),
            ("deal_participant", &part, json!({ "deal": deal["id"], "contact": contact["id"], "role": "pays" })),
        ] {
            let path = format!("/records/{object_type}/{}", made["id"]);
            let create = format!("/records/{object_type}");
            expect(&reader.get(&path), 200);
            expect(&stranger.get(&path), 404);
            let change = json!({ "values": { if object_type == "line_item" { "name" } else { "remark" }: "Інше" } });
            expect(&reader.patch(&path, &change), 403);
            expect(&reader.delete(&path), 403);
            expect(&stranger.patch(&path, &change), 404);
            let made = reader.post(&create, &json!({ "values": input })).status;
            assert!(made == 403 || (object_type == "deal_participant" && made == 422), "{object_type}: {made}");
            let hidden = stranger.post(&create, &json!({ "values": input })).status;
            assert!(hidden == 404 || hidden == 422, "{object_type}: {hidden}");
        }
        assert_eq!(values(&mut owner, "deal", &deal["id"])["budget"], money(100, "UAH"));
    });
}

#[test]
fn somebody_has_one_role_in_a_deal() {
    for_each_day(|app| {
        let mut user = app.administrator();
        let (first, second) = (user.create_contact(person("Шевчук")), user.create_contact(person("Коваль")));
        let (deal, _) = make(&mut user, "deal", json!({ "title": "Дах" }));
        let part = json!({ "deal": deal["id"], "contact": first["id"], "role": "pays", "remark": "Після акту" });
        let (made, _) = make(&mut user, "deal_participant", part.clone());
        assert_eq!(made["title"], "Платить");
        assert_eq!(refused(&mut user, "deal_participant", part), error("/values/contact", "takes_part_already"));
        let (other, _) = make(&mut user, "deal_participant", json!({ "deal": deal["id"], "contact": second["id"] }));
        assert_eq!(other["values"]["role"], "decides");
        let moved = user.patch(
            &format!("/records/deal_participant/{}", other["id"]),
            &json!({ "values": { "contact": first["id"] } }),
        );
        assert_eq!(field_errors(&expect(&moved, 422)), error("/values/contact", "takes_part_already"));
        // On the card of the contact, with the role.
        let filter = encoded(&format!("contact = {}", first["id"]));
        let found = expect(&user.get(&format!("/records/deal_participant?filter={filter}")), 200);
        assert_eq!(found["items"][0]["values"]["deal"]["title"], "Дах");
        // Of two cards that become one, both roles stay.
        let merge = json!({ "survivor": first["id"], "losers": [second["id"]] });
        let merged = expect(&user.post("/records/contact/merge", &merge), 200);
        assert_eq!(
            expect(&user.get(&format!("/records/deal_participant?filter={filter}")), 200)["items"]
                .as_array()
                .unwrap()
                .len(),
            2
        );
        undo(&mut user, &merged["operation_id"]);
        expect(&user.delete(&format!("/records/deal_participant/{}", made["id"])), 200);
        make(&mut user, "deal_participant", json!({ "deal": deal["id"], "contact": first["id"] }));
    });
}

#[test]
fn lines_that_change_at_once_come_to_their_sum() {
    for_each_day(|app| {
        let mut admin = app.administrator();
        let (deal, _) = make(&mut admin, "deal", json!({ "title": "Разом", "stage": "needs" }));
        let line =
            |place: i64| json!({ "deal": deal["id"], "name": format!("Рядок {place}"), "price": money(100, "UAH") });
        let lines: Vec<Json> = (0..4).map(|place| make(&mut admin, "line_item", line(place)).0).collect();
        let changing: Vec<_> = lines
            .iter()
            .map(|line| {
                let (mut user, path) = (app.administrator(), format!("/records/line_item/{}", line["id"]));
                std::thread::spawn(move || {
                    for amount in [300, 500, 700] {
                        expect(&user.patch(&path, &json!({ "values": { "price": money(amount, "UAH") } })), 200);
                    }
                })
            })
            .collect();
        changing.into_iter().for_each(|thread| thread.join().unwrap());
        let budget = &expect(&admin.get(&format!("/records/deal/{}", deal["id"])), 200)["values"]["budget"];
        assert_eq!(*budget, money(2_800, "UAH"));
    });
}
