//! Orders over HTTP: numbers, statuses, why one was refused, and orders of deals.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, field_errors};
use crate::it::deal_lines::{for_each_day, make, money, product, values};
use crate::it::person::person;

fn lines(user: &mut User, order: &Json) -> Vec<Json> {
    let filter = encoded(&format!("sales_order = {}", order["id"]));
    expect(&user.get(&format!("/records/line_item?sort=id&filter={filter}")), 200)["items"].as_array().unwrap().clone()
}

#[test]
fn orders_have_numbers_and_refused_ones_stay() {
    for_each_day(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(person("Шевчук"));
        let (first, _) = make(&mut user, "order", json!({ "contact": contact["id"] }));
        let taken = &first["values"];
        assert_eq!(
            (&taken["number"], &taken["status"], &taken["ordered_on"]),
            (&json!("1"), &json!("new"), &json!("2026-11-23"))
        );
        make(&mut user, "order", json!({ "contact": contact["id"], "number": "2" }));
        let (third, _) = make(&mut user, "order", json!({ "contact": contact["id"] }));
        assert_eq!(third["title"], "№ 3", "a number that somebody has given is not given again");
        let path = format!("/records/order/{}", first["id"]);
        let twice = user.patch(&path, &json!({ "values": { "number": "3" } }));
        assert_eq!(field_errors(&expect(&twice, 422)), [("/values/number".to_owned(), "number_taken".to_owned())]);
        let refused = user.patch(&path, &json!({ "values": { "status": "refused" } }));
        assert_eq!(
            field_errors(&expect(&refused, 422)),
            [("/values/refusal_reason".to_owned(), "required".to_owned())]
        );
        let refusal = json!({ "values": { "status": "refused", "refusal_reason": "stock" } });
        expect(&user.patch(&path, &refusal), 200);
        let filter = encoded(&format!("contact = {} and status.meaning = lost", contact["id"]));
        let kept = expect(&user.get(&format!("/records/order?filter={filter}")), 200);
        assert_eq!(kept["items"][0]["id"], first["id"]);
        let open = expect(&user.patch(&path, &json!({ "values": { "status": "confirmed" } })), 200);
        assert!(open["record"]["values"].get("refusal_reason").is_none_or(Json::is_null));
    });
}

#[test]
fn an_order_of_a_deal_has_its_lines_and_goes_with_one_undo() {
    for_each_day(|app| {
        let mut user = app.administrator();
        let (window, tax) = product(&mut user);
        let contact = user.create_contact(person("Шевчук"));
        let (deal, _) = make(&mut user, "deal", json!({ "title": "Дах", "contact": contact["id"] }));
        make(
            &mut user,
            "line_item",
            json!({ "deal": deal["id"], "product": window["id"], "quantity": 3, "discount": 5 }),
        );
        make(&mut user, "line_item", json!({ "deal": deal["id"], "name": "Монтаж", "price": money(5_005, "UAH") }));
        expect(&user.patch(&format!("/records/tax/{}", tax["id"]), &json!({ "values": { "percent": 10 } })), 200);
        let path = format!("/deals/{}/order", deal["id"]);
        let made = expect(&user.post(&path, &json!({})), 201);
        let order = &made["record"];
        assert_eq!(order["values"]["lines_total"], values(&mut user, "deal", &deal["id"])["budget"]);
        assert_eq!((&order["values"]["contact"]["id"], &order["values"]["deal"]["id"]), (&contact["id"], &deal["id"]));
        let copies = lines(&mut user, order);
        assert_eq!(copies.len(), 2);
        assert_eq!(
            (&copies[0]["values"]["tax_percent"], &copies[0]["values"]["total"]),
            (&json!(20), &money(34_200, "UAH"))
        );
        // Its lines are its own from now on.
        expect(
            &user.patch(&format!("/records/line_item/{}", copies[1]["id"]), &json!({ "values": { "quantity": 2 } })),
            200,
        );
        assert_eq!(values(&mut user, "order", &order["id"])["lines_total"], money(44_210, "UAH"));
        assert_eq!(values(&mut user, "deal", &deal["id"])["budget"], money(39_205, "UAH"));

        let again = expect(&user.post(&path, &json!({})), 201);
        let report = expect(&user.post(&format!("/operations/{}/undo", again["operation_id"]), &json!({})), 200);
        assert_eq!((&report["undone"], &report["kept_count"]), (&json!(3), &json!(0)), "{report}");
        let (bare, _) = make(&mut user, "deal", json!({ "title": "Без клієнта" }));
        let refused = expect(&user.post(&format!("/deals/{}/order", bare["id"]), &json!({})), 422);
        assert_eq!(refused["errors"][0]["code"], "required");
    });
}

#[test]
fn an_order_of_a_restricted_deal_tells_nobody_else_of_it() {
    for_each_day(|app| {
        let (mut owner, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let contact = owner.create_contact(person("Шевчук"));
        let deal = json!({ "title": "Закрита", "contact": contact["id"], "visibility": "private" });
        let (deal, _) = make(&mut owner, "deal", deal);
        let path = format!("/deals/{}/order", deal["id"]);
        expect(&stranger.post(&path, &json!({})), 404);
        let order = expect(&owner.post(&path, &json!({})), 201)["record"].clone();
        assert_eq!(order["values"]["visibility"], "private");
        expect(&stranger.get(&format!("/records/order/{}", order["id"])), 404);
    });
}
