//! Currencies, their rates, and sums in the currency of the company (D10, X32, DL11), over HTTP.

use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, encoded, expect, field_errors, for_each_app};
use crate::it::person::{company, with};

/// 2026-11-23.
const NOW: i64 = 1_795_420_800_000;

fn money(amount: i64, currency: &str) -> Json {
    json!({ "amount": amount, "currency": currency })
}

/// The id of a currency; it is made when there is none.
fn currency(user: &mut User, code: &str) -> i64 {
    let path = format!("/records/currency?filter={}", encoded(&format!("code = \"{code}\"")));
    let found = expect(&user.get(&path), 200);
    found["items"][0]["id"].as_i64().unwrap_or_else(|| {
        let made = expect(&user.post("/records/currency", &json!({ "values": { "code": code } })), 201);
        made["record"]["id"].as_i64().unwrap()
    })
}

fn rate(user: &mut User, code: &str, date: &str, rate: &Json, units: i64) -> Json {
    let currency = currency(user, code);
    let values = json!({ "currency": currency, "date": date, "rate": rate, "units": units });
    expect(&user.post("/records/currency_rate", &json!({ "values": values })), 201)["record"].clone()
}

fn worth(user: &mut User, name: &str, amount: i64, code: &str) -> Json {
    user.create_contact(with(company(name), "potential", money(amount, code)))
}

fn sum(user: &mut User, query: &str) -> Json {
    expect(&user.get(&format!("/records/contact/sums?fields=potential{query}")), 200)["sums"][0].clone()
}

fn for_each_day(test: impl Fn(&App)) {
    test_kit::for_each_backend(|database| test(&App::with_clock(database, Clock::fixed(NOW))));
}

#[test]
fn a_new_installation_knows_the_currencies_of_the_region_and_no_rate() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let known = expect(&user.get("/records/currency?sort=id"), 200);
        let codes: Vec<&str> =
            known["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect();
        assert_eq!(codes, ["UAH", "RUB", "KZT", "BYN", "PLN", "EUR", "USD"]);
        assert_eq!(known["items"][0]["values"]["minor_units"], 2);
        assert_eq!(expect(&user.get("/session"), 200)["installation"]["currencies"], json!(codes));
        assert_eq!(expect(&user.get("/records/currency_rate"), 200)["items"], json!([]));
    });
}

#[test]
fn a_sum_counts_what_has_a_rate_and_names_what_has_none() {
    for_each_day(|app| {
        let mut user = app.administrator();
        worth(&mut user, "Одна", 100_050, "UAH");
        worth(&mut user, "Дві", 10_000, "USD");
        worth(&mut user, "Три", 20_001, "USD");
        worth(&mut user, "Тенге", 1_000_000, "KZT");
        let before = sum(&mut user, "");
        let by_currency = json!([
            { "currency": "USD", "count": 2, "amount": 30_001 },
            { "currency": "KZT", "count": 1, "amount": 1_000_000 },
            { "currency": "UAH", "count": 1, "amount": 100_050 },
        ]);
        assert_eq!((&before["sums"], &before["dated_by"]), (&by_currency, &Json::Null));
        assert_eq!(
            before["converted"],
            json!({ "currency": "UAH", "count": 1, "amount": 100_050, "weighted": null, "oldest_rate": null })
        );
        let missing: Vec<(&Json, &Json, &Json)> = before["missing"]
            .as_array()
            .unwrap()
            .iter()
            .map(|missing| (&missing["currency"], &missing["date"], &missing["count"]))
            .collect();
        let today = json!("2026-11-23");
        assert_eq!(missing, [(&json!("KZT"), &today, &json!(1)), (&json!("USD"), &today, &json!(2))]);
        assert_eq!(before["missing"][0]["currency_id"], currency(&mut user, "KZT"));

        // A rate of tomorrow is no rate yet; one of last week holds until the next.
        rate(&mut user, "USD", "2026-11-24", &json!(50), 1);
        rate(&mut user, "USD", "2026-11-16", &json!("41,2537"), 1);
        rate(&mut user, "KZT", "2026-11-23", &json!(8.05), 100);
        let after = sum(&mut user, "");
        // 300.01 × 41.2537 = 12376.522537; 10000 × 0.0805 = 805.
        assert_eq!(
            after["converted"],
            json!({ "currency": "UAH", "count": 4, "amount": 100_050 + 1_237_652 + 80_500, "weighted": null, "oldest_rate": "2026-11-16" })
        );
        assert_eq!(after["missing"], json!([]));
        let filtered = sum(&mut user, &format!("&filter={}", encoded("potential.currency = \"KZT\"")));
        assert_eq!(filtered["sums"], json!([{ "currency": "KZT", "count": 1, "amount": 1_000_000 }]));
        let searched = sum(&mut user, &format!("&search={}", encoded("Одна")));
        assert_eq!(searched["converted"]["amount"], 100_050);
    });
}

#[test]
fn amounts_count_by_the_rate_of_their_own_day() {
    for_each_day(|app| {
        let mut user = app.administrator();
        let field = json!({ "labels": { "en": "Paid" }, "kind": "money", "settings": { "dated_by": "birthday" } });
        let field = expect(&user.post("/catalog/contact/fields", &field), 201);
        let name = field["name"].as_str().unwrap_or_else(|| panic!("{field}")).to_owned();
        for (day, rate_of_day) in [("2026-10-01", 41), ("2026-11-01", 42)] {
            rate(&mut user, "USD", day, &json!(rate_of_day), 1);
        }
        for day in [Some("2026-09-30"), Some("2026-10-15"), Some("2026-11-15"), Some("2027-01-01"), None] {
            let values = json!({ "kind": "person", "last_name": "Ім’я", "birthday": day, &name: money(100, "USD") });
            user.create_contact(values);
        }
        let total = expect(&user.get(&format!("/records/contact/sums?fields={name}")), 200)["sums"][0].clone();
        assert_eq!(total["dated_by"], "birthday");
        assert_eq!(total["converted"]["amount"], 4_100 + 4_200 + 4_200 + 4_200);
        let missing = &total["missing"][0];
        assert_eq!((&missing["date"], &missing["count"]), (&json!("2026-09-30"), &json!(1)));
    });
}

#[test]
fn one_rate_for_a_currency_and_a_day_and_none_for_that_of_the_company() {
    for_each_day(|app| {
        let mut user = app.administrator();
        let dollar = rate(&mut user, "USD", "2026-11-23", &json!("41.253700"), 1);
        assert_eq!(dollar["values"]["rate"], json!(41.2537));
        assert_eq!((&dollar["values"]["base"], &dollar["title"]), (&json!("UAH"), &json!("41.2537 UAH · 2026-11-23")));
        let refusals = [
            ("USD", "2026-11-23", json!(42), "/values/date", "rate_taken"),
            ("UAH", "2026-11-23", json!(1), "/values/currency", "rate_of_company"),
            ("EUR", "2026-11-23", json!(0), "/values/rate", "out_of_range"),
            ("EUR", "2026-11-23", json!("1.2345678"), "/values/rate", "too_many_decimals"),
        ];
        for (code, date, value, pointer, error) in refusals {
            let currency = currency(&mut user, code);
            let values = json!({ "currency": currency, "date": date, "rate": value });
            let refused = expect(&user.post("/records/currency_rate", &json!({ "values": values })), 422);
            assert_eq!(field_errors(&refused), [(pointer.to_owned(), error.to_owned())]);
        }
        // Found again by the number as it was typed, and put in order by it.
        rate(&mut user, "EUR", "2026-11-23", &json!(48.000_001), 1);
        let path =
            format!("/records/currency_rate?sort=-rate&filter={}", encoded("rate > 41.2536 and rate <= 48.000001"));
        let found = expect(&user.get(&path), 200);
        let rates: Vec<&Json> = found["items"].as_array().unwrap().iter().map(|item| &item["values"]["rate"]).collect();
        assert_eq!(rates, [&json!(48.000_001), &json!(41.2537)]);
    });
}

#[test]
fn everybody_reads_and_administrators_keep() {
    for_each_day(|app| {
        let mut administrator = app.administrator();
        let stored = rate(&mut administrator, "USD", "2026-11-20", &json!(41), 1);
        for role in [Role::Supervisor, Role::Employee] {
            let mut user = app.with_user(role);
            let values = json!({ "currency": currency(&mut user, "USD"), "date": "2026-11-21", "rate": 42 });
            expect(&user.post("/records/currency_rate", &json!({ "values": values })), 403);
            let path = format!("/records/currency_rate/{}", stored["id"]);
            expect(&user.patch(&path, &json!({ "values": { "rate": 40 } })), 403);
            assert_eq!(expect(&user.get(&path), 200)["values"]["rate"], 41);
            expect(&user.post("/records/currency", &json!({ "values": { "code": "GBP" } })), 403);
        }
    });
}

#[test]
fn a_currency_out_of_use_stays_where_it_stands() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let firm = worth(&mut user, "Стара", 5_000, "BYN");
        let path = format!("/records/currency/{}", currency(&mut user, "BYN"));
        expect(&user.patch(&path, &json!({ "values": { "is_active": false } })), 200);
        let session = expect(&user.get("/session"), 200);
        assert!(!session["installation"]["currencies"].as_array().unwrap().contains(&json!("BYN")));

        let firm = format!("/records/contact/{}", firm["id"]);
        expect(&user.patch(&firm, &json!({ "values": { "remark": "лишається" } })), 200);
        expect(&user.patch(&firm, &json!({ "values": { "potential": money(6_000, "BYN") } })), 200);
        let new = with(company("Нова"), "potential", money(1, "BYN"));
        let refused = expect(&user.post("/records/contact", &json!({ "values": new })), 422);
        assert_eq!(
            field_errors(&refused),
            [("/values/potential/currency".to_owned(), "currency_not_in_use".to_owned())]
        );

        let own = format!("/records/currency/{}", currency(&mut user, "UAH"));
        let refused = expect(&user.patch(&own, &json!({ "values": { "is_active": false } })), 422);
        assert_eq!(field_errors(&refused), [("/values/is_active".to_owned(), "currency_of_company".to_owned())]);
        let refusals = [("usd", "currency_taken"), ("XXX", "currency_unknown"), ("EURO", "too_long")];
        for (code, error) in refusals {
            let refused = expect(&user.post("/records/currency", &json!({ "values": { "code": code } })), 422);
            assert_eq!(field_errors(&refused), [("/values/code".to_owned(), error.to_owned())]);
        }
        let refused = expect(&user.patch(&own, &json!({ "values": { "code": "GBP" } })), 422);
        assert_eq!(field_errors(&refused), [("/values/code".to_owned(), "currency_code_stays".to_owned())]);
    });
}

#[test]
fn another_currency_of_the_company_keeps_all_rates() {
    for_each_day(|app| {
        let mut user = app.administrator();
        worth(&mut user, "Долар", 10_000, "USD");
        worth(&mut user, "Євро", 10_000, "EUR");
        rate(&mut user, "USD", "2026-11-20", &json!(42), 1);
        rate(&mut user, "EUR", "2026-11-20", &json!(48), 1);
        assert_eq!(sum(&mut user, "")["converted"]["amount"], 420_000 + 480_000);
        let refused = expect(&user.patch("/installation", &json!({ "currency": "GBP" })), 422);
        assert_eq!(field_errors(&refused), [("/currency".to_owned(), "unknown_option".to_owned())]);
        expect(&user.patch("/installation", &json!({ "currency": "EUR" })), 200);
        // 100 USD are 4200 UAH, and those 87.50 EUR.
        let total = sum(&mut user, "");
        assert_eq!(
            (&total["converted"]["currency"], &total["converted"]["amount"]),
            (&json!("EUR"), &json!(8_750 + 10_000))
        );
        assert_eq!(total["missing"], json!([]));
        let own = rate(&mut user, "USD", "2026-11-21", &json!(0.9), 1);
        assert_eq!(own["values"]["base"], "EUR");
        assert_eq!(sum(&mut user, "")["converted"]["amount"], 9_000 + 10_000);
        expect(&user.patch("/installation", &json!({ "currency": "UAH" })), 200);
        assert_eq!(sum(&mut user, "")["converted"]["amount"], 420_000 + 480_000);
    });
}

#[test]
fn each_currency_keeps_its_decimal_places_on_the_way_in_and_out() {
    for_each_app(|app| {
        let mut user = app.administrator();
        for code in ["JPY", "KWD"] {
            currency(&mut user, code);
        }
        let table = "Назва компанії;Потенціал\nЄни;1 250 JPY\nДинари;1 250,505 KWD\nГривні;1250,50\nПівєни;99,5 JPY\n";
        let import = expect(&user.upload("/imports?type=contact&file_name=a.csv", table.as_bytes()), 201);
        let targets: Vec<&Json> =
            import["columns"].as_array().unwrap().iter().map(|column| &column["target"]).collect();
        assert_eq!(targets[1], "potential", "{import}");
        let started = expect(&user.post(&format!("/imports/{}/start", import["id"]), &json!({})), 202);
        assert_eq!(user.wait_for_job(&started["job"])["state"], "done");
        let mut found = |filter: &str| {
            let path = format!("/records/contact?sort=name&filter={}", encoded(filter));
            let items = expect(&user.get(&path), 200)["items"].clone();
            let values = items.as_array().unwrap().iter().map(|item| item["values"]["potential"].clone());
            values.collect::<Vec<_>>()
        };
        let (dinars, hryvnias) = (money(1_250_505, "KWD"), money(125_050, "UAH"));
        assert_eq!(
            found("potential is not empty"),
            [hryvnias.clone(), dinars.clone(), money(1_250, "JPY"), money(100, "JPY")]
        );
        assert_eq!(found("potential >= 1250.5"), [hryvnias.clone(), dinars.clone()]);
        assert_eq!(found("potential = 1250"), [money(1_250, "JPY")]);
        assert_eq!(found("potential = 1250.505"), [dinars]);
        assert_eq!(
            found("potential != 1250.505 and potential is not empty and potential.currency != \"JPY\""),
            [hryvnias]
        );

        let body = json!({ "type": "contact", "format": "csv", "filter": "potential is not empty" });
        let started = expect(&user.post("/exports", &body), 202);
        let job = user.wait_for_job(&started["job"]);
        let text = user.get(&format!("/exports/{}/file", job["id"])).text();
        for cell in ["1250 JPY", "1250.505 KWD", "1250.50 UAH", "100 JPY"] {
            assert!(text.contains(cell), "{cell} is not in {text}");
        }
    });
}

#[test]
fn rates_come_from_a_file() {
    for_each_day(|app| {
        let mut user = app.administrator();
        let table = "Валюта;Дата;Курс;За скільки одиниць\nUSD;20.11.2026;41,2537;1\nKZT;20.11.2026;8,0512;100\nXYZ;20.11.2026;1;1\n\
                     USD;20.11.2026;42;1\n";
        let import = expect(&user.upload("/imports?type=currency_rate&file_name=rates.csv", table.as_bytes()), 201);
        let targets: Vec<&Json> =
            import["columns"].as_array().unwrap().iter().map(|column| &column["target"]).collect();
        assert_eq!(targets, ["currency", "date", "rate", "units"]);
        let started = expect(&user.post(&format!("/imports/{}/start", import["id"]), &json!({})), 202);
        assert_eq!(user.wait_for_job(&started["job"])["state"], "done");
        let done = expect(&user.get(&format!("/imports/{}", import["id"])), 200);
        assert_eq!((&done["report"]["created"], &done["report"]["failed"]), (&json!(2), &json!(2)), "{done}");
        let problems = expect(&user.get(&format!("/imports/{}/problems?kind=error", import["id"])), 200);
        let codes: Vec<&Json> = problems["items"].as_array().unwrap().iter().map(|problem| &problem["code"]).collect();
        assert_eq!(codes, ["unknown_title", "rate_taken"]);
        let stored = expect(&user.get("/records/currency_rate?sort=rate"), 200);
        let rates: Vec<(&Json, &Json)> = stored["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| (&item["values"]["rate"], &item["values"]["units"]))
            .collect();
        assert_eq!(rates, [(&json!(8.0512), &json!(100)), (&json!(41.2537), &json!(1))]);
    });
}

#[test]
fn a_sum_is_of_money_that_the_caller_sees() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        worth(&mut administrator, "Чужа", 5_000, "UAH");
        let mut employee = app.with_user(Role::Employee);
        assert_eq!(sum(&mut employee, "")["sums"], json!([]));
        assert_eq!(sum(&mut employee, "")["converted"], Json::Null);
        worth(&mut employee, "Своя", 700, "UAH");
        assert_eq!(sum(&mut employee, "")["converted"]["amount"], 700);
        expect(&employee.get("/records/contact/sums?fields=name"), 422);
        expect(&employee.get("/records/contact/sums?fields=potential,nothing"), 422);
        assert_eq!(expect(&employee.get("/records/contact/sums"), 200)["sums"][0]["field"], "potential");
        expect(&employee.get("/records/contact/sums?fields=a,b,c,d,e,f,g,h,i,j,k"), 422);
    });
}

#[test]
fn today_is_the_day_where_the_reader_is() {
    for_each_day(|app| {
        let mut user = app.administrator();
        worth(&mut user, "Дві", 10_000, "USD");
        rate(&mut user, "USD", "2026-11-23", &json!(40), 1);
        for (zone, day, counted) in
            [("Europe/Kyiv", "2026-11-23", json!(1)), ("Pacific/Pago_Pago", "2026-11-22", Json::Null)]
        {
            expect(&user.patch("/session", &json!({ "time_zone": zone })), 200);
            assert_eq!(sum(&mut user, "")["converted"]["count"], counted, "{zone}");
            let values = json!({ "title": zone, "stage": "won", "budget": money(1, "UAH") });
            let won = expect(&user.post("/records/deal", &json!({ "values": values })), 201);
            assert_eq!(won["record"]["values"]["closed_on"], day, "{zone}");
            let filter = encoded(&format!("title = \"{zone}\" and closed_on = today"));
            let found = expect(&user.get(&format!("/records/deal?filter={filter}")), 200);
            assert_eq!(found["items"].as_array().unwrap().len(), 1, "{zone}");
        }
    });
}
