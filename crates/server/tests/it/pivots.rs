//! A list as a table of groups (X6), over HTTP: what a cell counts is what its list has, for whoever reads it.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::access::{make_role, with_roles};
use crate::it::app::{User, encoded, expect, field_errors};
use crate::it::deal_lines::{for_each_day, make, money};

fn pivot(user: &mut User, query: &str) -> Json {
    expect(&user.get(&format!("/records/deal/pivot?{query}")), 200)["table"].clone()
}

/// Row, column, figure of each cell.
fn cells(table: &Json, figure: &str) -> Vec<(i64, i64, Json)> {
    let cells = table["cells"].as_array().unwrap();
    cells
        .iter()
        .map(|cell| (cell["row"].as_i64().unwrap(), cell["column"].as_i64().unwrap(), cell[figure].clone()))
        .collect()
}

fn keys(lines: &Json, member: &str) -> Vec<Vec<Json>> {
    let line = |line: &Json| line.as_array().unwrap().iter().map(|key| key[member].clone()).collect();
    lines.as_array().unwrap().iter().map(line).collect()
}

#[test]
fn rows_and_columns_are_groups_of_what_the_list_shows() {
    for_each_day(|app| {
        let mut user = app.administrator();
        for (title, stage, amount, currency, close) in [
            ("A", "won", 10_001, "UAH", json!("2026-01-31")),
            ("B", "needs", 333, "USD", json!("2026-02-01")),
            ("C", "needs", 200, "UAH", json!("2026-02-28")),
            ("D", "needs", 5, "PLN", json!("2026-04-01")),
            ("E", "proposal", 100, "UAH", Json::Null),
        ] {
            let values =
                json!({ "title": title, "stage": stage, "budget": money(amount, currency), "expected_close": close });
            make(&mut user, "deal", values);
        }
        make(&mut user, "deal", json!({ "title": "F", "stage": "needs" }));
        let dollar = expect(&user.get(&format!("/records/currency?filter={}", encoded("code = \"USD\""))), 200);
        let rate = json!({ "currency": dollar["items"][0]["id"], "date": "2026-11-01", "rate": "41.255" });
        make(&mut user, "currency_rate", rate);

        let table = pivot(&mut user, "rows=stage&columns=expected_close:month&value=budget");
        assert_eq!(table["currency"], "UAH");
        // Options in the order of their list, months as they come, without one at the end.
        assert_eq!(keys(&table["rows"], "option"), [[json!("needs")], [json!("proposal")], [json!("won")]]);
        let months = [json!("2026-01"), json!("2026-02"), json!("2026-04"), Json::Null];
        assert_eq!(keys(&table["columns"], "period"), months.map(|month| vec![month]));
        let counts: Vec<_> = [(0, 1, 2), (0, 2, 1), (0, 3, 1), (1, 3, 1), (2, 0, 1)]
            .map(|(row, column, count)| (row, column, json!(count)))
            .to_vec();
        assert_eq!(cells(&table, "count"), counts);
        // 3.33 dollars are 137.38 hryvnias; no rate, no sum.
        let sums =
            [(0, 1, json!(13_938)), (0, 2, Json::Null), (0, 3, Json::Null), (1, 3, json!(100)), (2, 0, json!(10_001))];
        assert_eq!(cells(&table, "sum"), sums);
        assert_eq!(cells(&table, "average")[0].2, json!(6_969));
        assert_eq!(
            (&table["row_totals"][0]["count"], &table["row_totals"][0]["is_partial"]),
            (&json!(4), &json!(true))
        );
        assert_eq!((&table["total"]["count"], &table["total"]["sum"]), (&json!(6), &json!(24_039)));
        assert_eq!(table["column_totals"][3]["count"], json!(2));

        let quarters = pivot(&mut user, "rows=expected_close:quarter,stage");
        assert_eq!(
            keys(&quarters["rows"], "period").iter().map(|row| row[0].clone()).collect::<Vec<_>>()[..2],
            [json!("2026-Q1"), json!("2026-Q1")]
        );
        assert_eq!((&quarters["columns"], &quarters["currency"]), (&json!([[]]), &Json::Null));
        assert_eq!(quarters["total"], json!({ "count": 6, "sum": null, "average": null, "is_partial": false }));
        let years = pivot(&mut user, "rows=created_at:year&value=probability");
        assert_eq!(keys(&years["rows"], "period"), [[json!("2026")]]);
        assert_eq!(years["total"]["sum"], json!(100 + 20 * 4 + 75));
        assert_eq!(years["total"]["average"], json!(42.5));
        let found = pivot(&mut user, &format!("rows=created_at:month&filter={}", encoded("stage = needs")));
        assert_eq!(
            (&found["total"]["count"], &keys(&found["rows"], "period")),
            (&json!(4), &vec![vec![json!("2026-11")]])
        );
        let searched = pivot(&mut user, "rows=responsible&search=nothing%20like%20it");
        assert_eq!(searched["cells"], json!([]));

        for (query, member, code) in [
            ("rows=title", "/rows", "not_a_group"),
            ("rows=expected_close", "/rows", "not_a_group"),
            ("rows=expected_close:week", "/rows", "not_a_group"),
            ("rows=stage:month", "/rows", "not_a_group"),
            ("rows=stage,pipeline,responsible", "/rows", "too_many_values"),
            ("rows=stage&columns=nothing", "/columns", "not_a_group"),
            ("rows=stage&value=title", "/value", "not_summable"),
            ("rows=stage&value=id", "/value", "not_summable"),
        ] {
            let refused = expect(&user.get(&format!("/records/deal/pivot?{query}")), 422);
            assert_eq!(field_errors(&refused), [(member.to_owned(), code.to_owned())], "{query}");
        }
    });
}

#[test]
fn a_table_tells_what_its_reader_sees() {
    for_each_day(|app| {
        let mut admin = app.administrator();
        let mut seller = app.with_user(Role::Employee);
        make(&mut admin, "deal", json!({ "title": "A", "visibility": "private", "budget": money(1_000, "UAH") }));
        make(&mut seller, "deal", json!({ "title": "B", "budget": money(10, "UAH") }));
        let table = pivot(&mut seller, "rows=responsible&value=budget");
        assert_eq!((&table["total"]["count"], &table["total"]["sum"]), (&json!(1), &json!(10)));
        assert_eq!(table["rows"][0][0]["reference"]["id"], json!(seller.id));
        let rights =
            json!({ "base": "employee", "types": { "deal": { "fields": { "budget": "hidden", "stage": "hidden" } } } });
        let role = make_role(&mut admin, "Без сум", &rights);
        let mut blind = with_roles(app, &mut admin, &[role]);
        for query in ["rows=stage", "rows=responsible&columns=stage", "rows=responsible&value=budget"] {
            expect(&blind.get(&format!("/records/deal/pivot?{query}")), 422);
        }
        assert_eq!(pivot(&mut blind, "rows=responsible")["total"]["count"], json!(1));
        let plan = expect(&blind.get("/sales-plan?from=2026-11&to=2026-11"), 200);
        assert_eq!(plan["has_facts"], json!(false), "of what he may not see no fact is made");
    });
}

#[test]
fn what_is_too_wide_is_cut_and_says_so() {
    for_each_day(|app| {
        let mut user = app.administrator();
        for month in 0..51 {
            let day = format!("{:04}-{:02}-01", 2020 + month / 12, month % 12 + 1);
            make(&mut user, "deal", json!({ "title": day, "stage": "needs", "expected_close": day }));
        }
        make(&mut user, "deal", json!({ "title": "again", "stage": "needs", "expected_close": "2024-03-02" }));
        let table = pivot(&mut user, "rows=stage&columns=expected_close:month");
        assert_eq!(table["columns"].as_array().unwrap().len(), 50);
        assert_eq!((&table["has_more_columns"], &table["has_more_rows"]), (&json!(true), &json!(false)));
        assert_eq!(table["total"]["count"], json!(51), "those with the most records stay");
        let table = pivot(&mut user, "rows=expected_close:month&columns=stage");
        assert_eq!((table["rows"].as_array().unwrap().len(), &table["total"]["count"]), (51, &json!(52)));
    });
}
