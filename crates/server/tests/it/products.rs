//! Products, services and taxes (IN19, IN20), over HTTP.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, field_errors, for_each_app};

fn make(user: &mut User, object_type: &str, values: &Json) -> Json {
    expect(&user.post(&format!("/records/{object_type}"), &json!({ "values": values })), 201)["record"].clone()
}

fn refused(user: &mut User, values: &Json) -> Vec<(String, String)> {
    field_errors(&expect(&user.post("/records/product", &json!({ "values": values })), 422))
}

#[test]
fn a_product_has_a_price_two_taxes_and_a_sku_of_its_own() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let vat = make(&mut user, "tax", &json!({ "name": "ПДВ", "percent": "20", "is_included": true }));
        let excise = make(&mut user, "tax", &json!({ "name": "Акциз", "percent": "0,0125" }));
        assert_eq!(excise["values"]["percent"], json!(0.0125));
        let values = json!({
            "name": "Кава", "sku": "KV-001", "price": { "amount": 9_999_999_999_i64, "currency": "UAH" },
            "tax": vat["id"], "second_tax": excise["id"], "tracks_stock": true, "stock": "12,125",
        });
        let product = make(&mut user, "product", &values);
        assert_eq!(product["values"]["stock"], json!(12.125));
        assert_eq!((&product["values"]["unit"], &product["values"]["is_active"]), (&json!("piece"), &json!(true)));
        assert_eq!(product["values"]["second_tax"]["title"], "Акциз");

        let dear = json!({ "name": "Дорога", "price": { "amount": 10_000_000_000_i64, "currency": "UAH" } });
        assert_eq!(refused(&mut user, &dear), [("/values/price/amount".to_owned(), "out_of_range".to_owned())]);
        let twice = json!({ "name": "Двічі", "tax": vat["id"], "second_tax": vat["id"] });
        assert_eq!(refused(&mut user, &twice), [("/values/second_tax".to_owned(), "tax_twice".to_owned())]);
        let same = json!({ "name": "Та сама", "sku": "kv-001" });
        assert_eq!(refused(&mut user, &same), [("/values/sku".to_owned(), "sku_taken".to_owned())]);
        make(&mut user, "product", &json!({ "name": "Послуга без артикула", "category": "service" }));
        make(&mut user, "product", &json!({ "name": "Ще одна", "category": "service" }));
        // A sum of prices says nothing.
        assert_eq!(expect(&user.get("/records/product/sums"), 200)["sums"], json!([]));
        expect(&user.get("/records/product/sums?fields=price"), 422);

        // Of one in the trash the SKU is free, until it comes back.
        let path = format!("/records/product/{}", product["id"]);
        expect(&user.delete(&path), 200);
        make(&mut user, "product", &same);
        expect(&user.post(&format!("{path}/restore"), &json!({})), 422);
        let found = expect(&user.get(&format!("/search?types=product&q={}", encoded("kv-001"))), 200);
        assert_eq!(found["items"][0]["title"], "Та сама");
    });
}

#[test]
fn everybody_reads_and_supervisors_keep() {
    for_each_app(|app| {
        let mut supervisor = app.with_user(Role::Supervisor);
        let product = make(&mut supervisor, "product", &json!({ "name": "Чай" }));
        make(&mut supervisor, "tax", &json!({ "name": "ПДВ", "percent": 20 }));
        let mut employee = app.with_user(Role::Employee);
        let path = format!("/records/product/{}", product["id"]);
        assert_eq!(expect(&employee.get(&path), 200)["values"]["name"], "Чай");
        expect(&employee.patch(&path, &json!({ "values": { "name": "Кава" } })), 403);
        expect(&employee.delete(&path), 403);
        for object_type in ["product", "tax"] {
            let values = json!({ "name": "Своє", "percent": 1 });
            let values = if object_type == "tax" { values } else { json!({ "name": "Своє" }) };
            expect(&employee.post(&format!("/records/{object_type}"), &json!({ "values": values })), 403);
        }
    });
}

#[test]
fn a_price_list_comes_in_and_goes_out() {
    for_each_app(|app| {
        let mut user = app.administrator();
        make(&mut user, "tax", &json!({ "name": "ПДВ", "percent": 20 }));
        let table = "Назва;Артикул;Ціна;Одиниця;Податок;Вести залишок;Залишок\nКава;KV-1;125,50;кг;ПДВ;так;12,5\nЧай;KV-2;80 USD;шт.;;;\n\
                     Дубль;kv-1;1;шт.;;;\n";
        let import = expect(&user.upload("/imports?type=product&file_name=price.csv", table.as_bytes()), 201);
        let targets: Vec<&Json> =
            import["columns"].as_array().unwrap().iter().map(|column| &column["target"]).collect();
        assert_eq!(targets, ["name", "sku", "price", "unit", "tax", "tracks_stock", "stock"]);
        let started = expect(&user.post(&format!("/imports/{}/start", import["id"]), &json!({})), 202);
        assert_eq!(user.wait_for_job(&started["job"])["state"], "done");
        let done = expect(&user.get(&format!("/imports/{}", import["id"])), 200);
        assert_eq!((&done["report"]["created"], &done["report"]["failed"]), (&json!(2), &json!(1)), "{done}");
        let items = expect(&user.get("/records/product?sort=sku"), 200)["items"].clone();
        assert_eq!(items[0]["values"]["price"], json!({ "amount": 12_550, "currency": "UAH" }));
        assert_eq!((&items[0]["values"]["unit"], &items[0]["values"]["tax"]["title"]), (&json!("kg"), &json!("ПДВ")));
        assert_eq!((&items[0]["values"]["stock"], &items[1]["values"]["stock"]), (&json!(12.5), &Json::Null));

        let started = expect(&user.post("/exports", &json!({ "type": "product", "format": "csv" })), 202);
        let job = user.wait_for_job(&started["job"]);
        let text = user.get(&format!("/exports/{}/file", job["id"])).text();
        for cell in ["KV-1", "125.50 UAH", "80.00 USD", "ПДВ", "12.5"] {
            assert!(text.contains(cell), "{cell} is not in {text}");
        }
    });
}
