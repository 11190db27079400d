//! SQL on both databases and the evaluator in memory give the same answer to random filters over random records.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use record_engine::access::compile_expr;
use record_engine::query::load::load_records;
use record_engine::query::{ListQuery, Sort, list};
use record_engine::record::TypedRecord;
use serde_json::{Value as Json, json};

use crate::bench_type::{Bench, for_each_bench};

const WORDS: [&str; 9] = ["Київ", "київ", "Львів", "a%b_c", "Ёлка", "елка", "O'Neil", "x", "і́"];

fn fill(bench: &Bench) -> Vec<i64> {
    let mut ids = Vec::new();
    for at in 0..60_usize {
        let pick = |list: &[&str], step: usize| list[(at / step) % list.len()].to_owned();
        let mut fields = serde_json::Map::new();
        fields.insert("name".into(), json!(format!("{} {}", pick(&WORDS, 1), at % 4)));
        let mut maybe = |condition: bool, name: &str, value: Json| {
            if condition {
                fields.insert(name.into(), value);
            }
        };
        maybe(at % 3 == 0, "story", json!(format!("{}\n{}", pick(&WORDS, 2), pick(&WORDS, 5))));
        maybe(at % 2 == 0, "amount", json!((at % 7) as f64 - 2.5 + 0.5));
        maybe(
            at % 4 == 1,
            "price",
            json!({"amount": (at % 5) * 1050, "currency": if at % 8 == 1 { "UAH" } else { "EUR" }}),
        );
        maybe(at % 5 == 0, "flag", json!(true));
        maybe(at % 3 == 1, "day", json!(format!("2026-11-{:02}", 18 + at % 8)));
        maybe(at % 4 == 2, "moment", json!(format!("2026-11-{:02}T{:02}:00:00Z", 20 + at % 4, at % 24)));
        maybe(at % 3 != 2, "color", json!(["red", "green", "blue"][at % 3]));
        maybe(at % 5 != 1, "stage", json!(["first", "won", "begun", "over"][at % 4]));
        maybe(at % 4 == 3, "colors", json!([pick(&["red", "green"], 1), "blue"]));
        maybe(at > 5 && at % 6 == 0, "parent", json!(1 + at % 5));
        maybe(at % 3 == 0, "team", json!([1 + at % 3, 1 + (at + 1) % 3]));
        maybe(
            at % 2 == 1,
            "channels",
            json!([{"kind": "phone", "value": format!("+38067440{at:04}")}, {"kind": "email", "value": format!("u{at}@example.com")}]),
        );
        maybe(
            at % 4 == 0,
            "addresses",
            json!([{"city": pick(&WORDS, 1), "country": "UA"}, {"street": "x", "city": if at % 8 == 0 { json!("Одеса") } else { Json::Null }}]),
        );
        // Around Kyiv and Lviv in a grid, the second entry elsewhere; every other one is the primary one.
        maybe(
            at % 4 == 2,
            "addresses",
            json!([
                {"city": pick(&WORDS, 3), "latitude": 49.5 + (at % 10) as f64 / 5.0, "longitude": 24.0 + (at % 15) as f64 / 2.0},
                {"city": "Харків", "is_primary": at % 8 == 2},
            ]),
        );
        ids.push(bench.create(Json::Object(fields)));
    }
    ids
}

/// Random filters in JSON form; most fit the types, those that do not are skipped.
fn filters() -> impl Strategy<Value = Json> {
    let text = prop_oneof![
        proptest::sample::select(WORDS.to_vec()).prop_map(|word| json!(word)),
        Just(json!("в")),
        Just(json!("40")),
        Just(json!("example")),
    ];
    let texts = (
        proptest::sample::select(vec![
            "name",
            "story",
            "page",
            "secret",
            "channels",
            "channels.phone",
            "channels.email",
            "addresses",
            "addresses.city",
            "addresses.country",
            "addresses.street",
        ]),
        proptest::sample::select(vec!["=", "!=", "contains", "starts with", "ends with", "<", ">="]),
        text.clone(),
    )
        .prop_map(|(field, op, value)| json!({"field": field, "op": op, "value": value}));
    let text_lists = (
        proptest::sample::select(vec!["name", "addresses.city", "channels"]),
        proptest::sample::select(vec!["in", "not in"]),
        proptest::collection::vec(text, 1..4),
    )
        .prop_map(|(field, op, values)| json!({"field": field, "op": op, "value": values}));
    let numbers = (
        proptest::sample::select(vec!["amount", "price", "id"]),
        proptest::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]),
        -3..40_i64,
    )
        .prop_map(|(field, op, value)| json!({"field": field, "op": op, "value": value as f64 / 2.0}));
    let days = (
        proptest::sample::select(vec!["day", "moment", "created_at"]),
        proptest::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]),
        proptest::sample::select(vec!["2026-11-20", "2026-11-22", "2026-11-23"]),
    )
        .prop_map(|(field, op, value)| json!({"field": field, "op": op, "value": value}));
    let between = (proptest::sample::select(vec!["day", "moment"]), 18..22_u8, 20..26_u8)
        .prop_map(|(field, from, to)| json!({"field": field, "op": "between", "value": [format!("2026-11-{from}"), format!("2026-11-{to}")]}));
    let choices = (
        proptest::sample::select(vec!["color", "colors", "stage", "stage.meaning"]),
        proptest::sample::select(vec!["=", "!=", "in", "not in", "has", "has all"]),
        proptest::sample::subsequence(vec!["red", "green", "blue", "won", "open", "lost"], 1..4),
    )
        .prop_map(|(field, op, keys)| {
            if op == "=" || op == "!=" {
                json!({"field": field, "op": op, "value": keys[0]})
            } else {
                json!({"field": field, "op": op, "value": keys})
            }
        });
    let references = (
        proptest::sample::select(vec!["parent", "team", "created_by"]),
        proptest::sample::select(vec!["=", "!=", "in", "not in", "has", "has all"]),
        proptest::sample::subsequence(vec![1, 2, 3, 4], 1..3),
    )
        .prop_map(|(field, op, ids)| {
            if op == "=" || op == "!=" {
                json!({"field": field, "op": op, "value": ids[0]})
            } else {
                json!({"field": field, "op": op, "value": ids})
            }
        });
    let flags = (
        proptest::sample::select(vec!["flag", "has_red_child"]),
        proptest::sample::select(vec!["=", "!="]),
        any::<bool>(),
    )
        .prop_map(|(field, op, value)| json!({"field": field, "op": op, "value": value}));
    let places = (
        proptest::sample::select(vec!["in", "not in"]),
        proptest::collection::vec(proptest::collection::vec((490..512_i32, 235..320_i32), 2..9), 1..3),
    )
        .prop_map(|(op, areas)| {
            let texts = areas.into_iter().map(|corners| {
                let corners = corners
                    .into_iter()
                    .map(|(north, east)| format!("{} {}", f64::from(north) / 10.0, f64::from(east) / 10.0));
                corners.collect::<Vec<_>>().join(", ")
            });
            json!({"field": "addresses.place", "op": op, "value": texts.collect::<Vec<_>>()})
        });
    let empties = (
        proptest::sample::select(vec![
            "name",
            "story",
            "amount",
            "price",
            "flag",
            "has_red_child",
            "day",
            "moment",
            "color",
            "colors",
            "stage.meaning",
            "parent",
            "team",
            "channels",
            "channels.email",
            "addresses.city",
            "paper",
        ]),
        proptest::sample::select(vec!["is empty", "is not empty"]),
    )
        .prop_map(|(field, op)| json!({"field": field, "op": op}));
    let leaf = prop_oneof![3 => texts, 2 => text_lists, 2 => numbers, 2 => days, 1 => between, 2 => choices, 2 => references, 2 => places, 1 => flags, 2 => empties];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|parts| json!({"and": parts})),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|parts| json!({"or": parts})),
            inner.prop_map(|part| json!({"not": part})),
        ]
    })
}

#[test]
fn all_three_answers_agree() {
    for_each_bench(|bench| {
        let ids = fill(bench);
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        let records = bench.engine.database().read(|tx| load_records(tx, &thing, &ids, false)).unwrap();
        let context = bench.admin();
        let mut checked_count = 0;
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
        let strategy = filters();
        for _ in 0..250 {
            let filter = strategy.new_tree(&mut runner).unwrap().current();
            let Ok(expr) = filter_language::Expr::from_json(&filter) else { continue };
            let Ok(checked) = compile_expr(&expr, &thing, &context) else { continue };
            checked_count += 1;
            let mut in_memory: Vec<i64> = records
                .values()
                .filter(|record| filter_language::matches(&checked, &TypedRecord { object_type: &thing, record }))
                .map(|record| record.id)
                .collect();
            in_memory.sort_unstable();
            for sort in ["id", "name"] {
                let query =
                    ListQuery { filter: checked.clone(), sort: Sort::parse(sort), limit: 200, ..ListQuery::default() };
                let page = bench.engine.database().read(|tx| list(tx, &context, &thing, &query)).unwrap();
                let mut in_sql: Vec<i64> = page.records.iter().map(|record| record.id).collect();
                in_sql.sort_unstable();
                assert_eq!(in_sql, in_memory, "sorted by {sort}: {expr}");
            }
        }
        assert!(checked_count > 150, "too few filters fit the types: {checked_count}");
    });
}
