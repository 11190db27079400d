//! A record and a list as they were at a moment (N2).

use record_engine::access::compile;
use record_engine::query::{ListQuery, Sort, count_as_of, list, list_as_of, record_as_of};
use record_engine::write::Change;
use record_engine::{EngineError, Record, RequestContext};
use serde_json::{Value as Json, json};

use crate::bench_type::{Bench, for_each_bench, values};

fn as_of(bench: &Bench, id: i64, at_ms: i64) -> Result<Record, EngineError> {
    let thing = bench.engine.snapshot().object_type("thing").unwrap();
    bench.engine.database().read(|tx| record_as_of(tx, &bench.admin(), &thing, id, at_ms))
}

#[test]
fn every_moment_of_a_record_comes_back() {
    for_each_bench(|bench| {
        let id =
            bench.create(json!({"name": "A", "color": "red", "channels": [{"kind": "phone", "value": "0674401285"}]}));
        // What stood there after each step, with its instant.
        let mut steps: Vec<(i64, Option<Record>)> = Vec::new();
        let mut remember = |bench: &Bench| {
            let record = bench.get(&bench.admin(), id);
            steps.push((record.as_ref().unwrap().updated_at, record));
        };
        remember(bench);
        for change in [
            json!({"name": "B", "channels": null}),
            json!({"color": null, "amount": 5}),
            json!({"name": "C", "channels": [{"kind": "email", "value": "a@b.example"}]}),
        ] {
            bench.update(id, change);
            remember(bench);
        }
        for change in [Change::Delete { id, base_version: None }, Change::Restore { id }] {
            bench.try_apply(&bench.admin(), "thing", change).unwrap();
            remember(bench);
        }
        for (at, expected) in &steps {
            let (was, expected) = (as_of(bench, id, *at).unwrap(), expected.as_ref().unwrap());
            assert_eq!(was.values, expected.values, "at {at}");
            assert_eq!(was.updated_at, expected.updated_at);
            assert_eq!(was.deleted_at.is_some(), expected.deleted_at.is_some());
        }
        let (first, _) = steps[0];
        assert!(matches!(as_of(bench, id, first - 1), Err(EngineError::NotFound)));
        assert_eq!(as_of(bench, id, i64::MAX).unwrap().value("name"), &Json::from("C"));
    });
}

const SORTS: [&str; 8] =
    ["name", "-name", "amount", "-amount,name", "-updated_at", "color,-day", "id", "day,-updated_at"];
const FILTERS: [&str; 4] = ["all", "color = red", "amount >= 2 or flag = true", "team has 2 and not (color = blue)"];

/// What the lists show, each in pages of five: the ids with their names and amounts.
fn lists(bench: &Bench, context: &RequestContext, at_ms: Option<i64>) -> Vec<Vec<(i64, Json, Json)>> {
    let thing = bench.engine.snapshot().object_type("thing").unwrap();
    let mut all = Vec::new();
    for sort in SORTS {
        for filter in FILTERS {
            let (mut shown, mut cursor) = (Vec::new(), None);
            loop {
                let filter = compile(filter, &thing, context).unwrap();
                let query = ListQuery { filter, sort: Sort::parse(sort), limit: 5, cursor, ..ListQuery::default() };
                let read = bench.engine.database().read(|tx| match at_ms {
                    Some(at_ms) => list_as_of(tx, context, &thing, &query, at_ms),
                    None => list(tx, context, &thing, &query),
                });
                let page = read.unwrap();
                let line = |record: &Record| (record.id, record.value("name").clone(), record.value("amount").clone());
                shown.extend(page.records.iter().map(line));
                cursor = page.next_cursor;
                if cursor.is_none() {
                    break;
                }
            }
            all.push(shown);
        }
    }
    all
}

/// Changes of every sort to a dozen records, in an order that a number picks.
fn step(bench: &Bench, ids: &mut Vec<i64>, at: i64) {
    let pick = usize::try_from(at * 7 + at * at).unwrap() % ids.len().max(1);
    let color = ["red", "green", "blue"][usize::try_from(at).unwrap() % 3];
    // A record in the trash refuses; then nothing has changed, which is a step as well.
    let apply = |change: Change| drop(bench.try_apply(&bench.admin(), "thing", change));
    let update = |id: i64, fields: Json| apply(Change::Update { id, base_version: None, values: values(fields) });
    match at % 6 {
        0 | 1 => {
            let fields = json!({"name": format!("Річ {}", at % 5), "color": color, "amount": at % 4, "team": [2]});
            ids.push(bench.create(fields));
        }
        2 => update(ids[pick], json!({"amount": null, "name": format!("Щось {at}"), "flag": at % 4 == 0})),
        3 => update(ids[pick], json!({"color": color, "day": format!("2026-02-{:02}", 1 + at % 9)})),
        4 => apply(Change::Delete { id: ids[pick], base_version: None }),
        _ => {
            apply(Change::Restore { id: ids[(pick + 1) % ids.len()] });
            update(ids[pick], json!({"team": [1 + at % 3], "amount": at}));
        }
    }
}

#[test]
fn a_list_of_the_past_is_the_list_that_was_shown() {
    for_each_bench(|bench| {
        let mut ids = vec![bench.create(json!({"name": "Перша", "team": [2]}))];
        let mut shown = Vec::new();
        for at in 0..24 {
            step(bench, &mut ids, at);
            shown.push((bench.clock.now_ms(), lists(bench, &bench.admin(), None)));
        }
        for (at_ms, expected) in &shown {
            assert_eq!(&lists(bench, &bench.admin(), Some(*at_ms)), expected, "at {at_ms}");
            let thing = bench.engine.snapshot().object_type("thing").unwrap();
            let all = compile("all", &thing, &bench.admin()).unwrap();
            let counted =
                bench.engine.database().read(|tx| count_as_of(tx, &bench.admin(), &thing, &all, *at_ms)).unwrap();
            assert_eq!(counted.count, i64::try_from(expected[0].len()).ok());
        }
    });
}

#[test]
fn the_past_shows_nobody_what_he_may_not_see_now() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "Спільна", "flag": true, "secret": "x"}));
        let then = bench.clock.now_ms();
        bench.update(id, json!({"flag": false}));
        let employee = bench.employee();
        assert!(lists(bench, &employee, Some(then)).iter().all(Vec::is_empty));
        bench.update(id, json!({"team": [2]}));
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        let query = ListQuery::default();
        let page = bench.engine.database().read(|tx| list_as_of(tx, &employee, &thing, &query, then)).unwrap();
        assert_eq!(page.records.len(), 1);
        assert_eq!((page.records[0].value("flag"), page.records[0].value("secret")), (&json!(true), &Json::Null));
    });
}

#[test]
fn there_is_no_search_in_the_past() {
    for_each_bench(|bench| {
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        let query = ListQuery { search: Some("x".into()), ..ListQuery::default() };
        let refused = bench.engine.database().read(|tx| list_as_of(tx, &bench.admin(), &thing, &query, 0));
        match refused {
            Err(EngineError::Invalid(errors)) => assert_eq!(errors[0].code, "not_in_the_past"),
            other => panic!("{other:?}"),
        }
    });
}
