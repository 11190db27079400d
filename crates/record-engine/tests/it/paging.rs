//! Pages put together are the whole list, in order, each record once, whatever the sort field.

use std::collections::BTreeSet;

use record_engine::access::compile;
use record_engine::query::{ListQuery, Sort, list};
use record_engine::write::{Change, Operation, OperationKind, apply};
use serde_json::json;

use crate::bench_type::{Bench, for_each_bench, values};

fn fill(bench: &Bench) -> usize {
    let colors = ["red", "green", "blue"];
    for at in 0..40_i64 {
        let mut fields = json!({"name": format!("Картка {}", at % 7)});
        let object = fields.as_object_mut().unwrap();
        if at % 3 != 0 {
            object.insert("amount".into(), json!(at % 5));
            object.insert("day".into(), json!(format!("2026-01-{:02}", 1 + at % 6)));
        }
        if at % 4 != 0 {
            object.insert("color".into(), json!(colors[usize::try_from(at).unwrap() % 3]));
        }
        if at % 5 == 0 {
            object.insert("flag".into(), json!(true));
        }
        object.insert("team".into(), json!([1 + at % 3]));
        bench.create(fields);
    }
    40
}

/// The ids of a list, read page by page.
pub fn pages(bench: &Bench, filter: &str, sort: &str, limit: usize) -> Vec<i64> {
    let thing = bench.engine.snapshot().object_type("thing").unwrap();
    let mut ids = Vec::new();
    let mut cursor = None;
    loop {
        let query = ListQuery {
            filter: compile(filter, &thing, &bench.admin()).unwrap(),
            sort: Sort::parse(sort),
            limit,
            cursor,
            ..ListQuery::default()
        };
        let page = bench.engine.database().read(|tx| list(tx, &bench.admin(), &thing, &query)).unwrap();
        assert!(page.records.len() <= limit);
        ids.extend(page.records.iter().map(|record| record.id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return ids;
        }
        assert!(ids.len() <= 4_000, "paging does not end for {sort}");
    }
}

#[test]
fn pages_are_the_list() {
    for_each_bench(|bench| {
        let count = fill(bench);
        let sorts = [
            "name",
            "-name",
            "amount",
            "-amount",
            "day",
            "-day",
            "color",
            "-color",
            "flag",
            "id",
            "-id",
            "created_at",
            "-updated_at",
            "price",
        ];
        let several = ["color,-amount", "-color,name,day", "amount,-id", "-day,-name"];
        for sort in sorts.iter().chain(&several) {
            for filter in
                ["all", "team has 2", "amount >= 1 or flag = true", "not (color = red)", "amount >= 2", "id > 20"]
            {
                let whole = pages(bench, filter, sort, 200);
                let parts = pages(bench, filter, sort, 3);
                assert_eq!(whole, parts, "{sort} of {filter}");
                assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), whole.len(), "{sort} repeats records");
                if filter == "all" {
                    assert_eq!(whole.len(), count, "{sort}");
                }
            }
        }
    });
}

/// Makes records in one operation; their ids.
fn create_all(bench: &Bench, changes: &[Change]) -> Vec<i64> {
    let snapshot = bench.engine.snapshot();
    let thing = snapshot.object_type("thing").unwrap();
    let made = bench.engine.write(|tx| {
        let mut operation = Operation::new(OperationKind::Bulk, Some(thing.id));
        apply(tx, snapshot.writer(), &bench.admin(), &mut operation, &thing, changes.to_vec())
    });
    made.unwrap().into_iter().map(|made| made.unwrap().id()).collect()
}

/// So many match that a page is looked for at the beginning of the order first; the last page is found behind that look.
#[test]
fn what_most_records_fulfil_pages_like_the_list() {
    for_each_bench(|bench| {
        let made = (0..2_000_i64).map(|at| {
            let mut fields =
                json!({"name": format!("Картка {}", at * 7 % 900), "team": [if at % 11 == 0 { 2 } else { 1 }]});
            if at % 3 != 0 {
                fields.as_object_mut().unwrap().insert("amount".into(), json!(at % 50));
            }
            Change::Create { values: values(fields) }
        });
        let changes: Vec<Change> = made.collect();
        let ids = create_all(bench, &changes);
        let others: BTreeSet<i64> = ids.iter().copied().step_by(11).collect();
        for sort in ["name", "-name", "amount", "-amount", "-updated_at", "id"] {
            let mut expected = pages(bench, "all", sort, 200);
            expected.retain(|id| !others.contains(id));
            assert_eq!(pages(bench, "team has 1", sort, 190), expected, "{sort}");
        }
    });
}

/// Records of one city are read in the order of their titles, which its index keeps beside it.
#[test]
fn those_of_a_large_city_page_like_the_list() {
    for_each_bench(|bench| {
        let addresses = |at: i64| match at % 5 {
            0 => json!([{"city": "Львів"}]),
            1 => json!([{"city": "Київ", "street": "А"}, {"city": "Львів"}, {"city": "київ", "street": "Б"}]),
            _ => json!([{"city": "Київ"}]),
        };
        let name = |at: i64| if at % 40 == 7 { "!!!".to_owned() } else { format!("Картка {}", at * 7 % 300) };
        let made = (0..500_i64).map(|at| Change::Create {
            values: values(
                json!({"name": name(at), "addresses": addresses(at), "flag": at % 2 == 0, "team": [1 + at % 100 / 97]}),
            ),
        });
        let ids = create_all(bench, &made.collect::<Vec<_>>());
        let renamed = bench.update(ids[3], json!({"name": "Абетка"})).unwrap();
        bench.update(
            ids[4],
            json!({"name": "Ящірка", "addresses": [{"city": "Київ"}, {"city": "Київ", "street": "В"}]}),
        );
        for id in &ids[20..30] {
            bench.try_apply(&bench.admin(), "thing", Change::Delete { id: *id, base_version: None }).unwrap();
        }
        let check = || {
            let astray = "SELECT COUNT(*) FROM thing_addresses a JOIN thing t ON t.id = a.record_id \
                          WHERE a.title_key IS DISTINCT FROM t.name_key";
            assert_eq!(bench.rows(astray), 0);
            let kyiv: BTreeSet<i64> = pages(bench, "not (addresses.city != \"Київ\")", "id", 200).into_iter().collect();
            assert!(kyiv.len() > 350);
            for sort in ["name", "-name", "-updated_at"] {
                for other in ["", " and flag = true", " and team has 2", " and not (team has 2) and flag = true"] {
                    let mut expected = pages(bench, &format!("id > 0{other}"), sort, 200);
                    expected.retain(|id| kyiv.contains(id));
                    let found = pages(bench, &format!("addresses.city = \"київ\"{other}"), sort, 70);
                    assert_eq!(found, expected, "{sort}{other}");
                }
            }
        };
        check();
        record_engine::undo::undo(&bench.engine, &bench.admin(), renamed).unwrap();
        assert_ne!(bench.get(&bench.admin(), ids[3]).unwrap().value("name"), "Абетка");
        check();
    });
}

/// A walk along the order with a set of ids is given up where the rest of the filter leaves too few of them, and the set is sorted.
#[test]
fn a_set_that_other_conditions_thin_out_pages_like_the_list() {
    for_each_bench(|bench| {
        let made = (0..1_500_i64).map(|at| Change::Create {
            values: values(json!({
                "name": format!("Картка {at:04}"),
                "team": [1 + i64::from(at % 4 == 0)],
                "story": if at % 4 == 0 && at > 1_200 { "рідкісна" } else { "звичайна" },
            })),
        });
        create_all(bench, &made.collect::<Vec<_>>());
        for sort in ["name", "-name", "-updated_at"] {
            let expected = pages(bench, "story contains \"рідкісна\"", sort, 200);
            assert_eq!(expected.len(), 74);
            assert_eq!(pages(bench, "team has 2 and story contains \"рідкісна\"", sort, 10), expected, "{sort}");
        }
    });
}

#[test]
fn pages_of_few_fields_are_the_list_too() {
    for_each_bench(|bench| {
        let count = fill(bench);
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        let (mut ids, mut cursor) = (Vec::new(), None);
        loop {
            let fields = Some(vec!["color".to_owned()]);
            let query = ListQuery { sort: Sort::parse("-name"), limit: 7, fields, cursor, ..ListQuery::default() };
            let page = bench.engine.database().read(|tx| list(tx, &bench.admin(), &thing, &query)).unwrap();
            ids.extend(page.records.iter().map(|record| record.id));
            assert!(page.records.iter().all(|record| !record.values.contains_key("amount")));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(ids, pages(bench, "all", "-name", 200));
        assert_eq!(ids.len(), count);
    });
}

#[test]
fn empty_values_come_last_either_way() {
    for_each_bench(|bench| {
        fill(bench);
        for sort in ["amount", "-amount", "color,name", "-color,name"] {
            let field = sort.trim_start_matches('-').split(',').next().unwrap();
            let records = bench.list(&bench.admin(), "all", sort).unwrap().records;
            let empty: Vec<bool> = records.iter().map(|record| record.value(field).is_null()).collect();
            let first = empty.iter().position(|is_empty| *is_empty).unwrap();
            assert!(empty[first..].iter().all(|is_empty| *is_empty), "{sort}: {empty:?}");
        }
    });
}

#[test]
fn letters_of_all_alphabets_stand_in_their_order() {
    for_each_bench(|bench| {
        for name in ["Яценко", "Іваненко", "Жук", "иванов", "Ґудзь", "Гай", "Єфремов", "Ёлкин", "Zielony", "abba"]
        {
            bench.create(json!({"name": name}));
        }
        let names: Vec<String> = bench
            .list(&bench.admin(), "all", "name")
            .unwrap()
            .records
            .iter()
            .map(|record| record.value("name").as_str().unwrap().to_owned())
            .collect();
        let place = |name: &str| names.iter().position(|other| other == name).unwrap();
        assert!(place("abba") < place("Zielony") && place("Zielony") < place("Гай"));
        assert!(place("Гай") < place("Ґудзь") && place("Ґудзь") < place("Жук"));
        assert!(place("Іваненко") < place("Яценко") && place("иванов") < place("Яценко"));
    });
}

#[test]
fn a_strange_cursor_is_refused() {
    for_each_bench(|bench| {
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        for cursor in ["", "zz", "7b7d", "7b2276616c756573223a5b5d2c226964223a317d", "ї"] {
            let query = ListQuery { cursor: Some(cursor.into()), ..ListQuery::default() };
            let result = bench.engine.database().read(|tx| list(tx, &bench.admin(), &thing, &query));
            assert!(matches!(result, Err(record_engine::EngineError::Invalid(_))), "{cursor}");
        }
    });
}
