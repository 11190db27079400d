//! Boards: each column is what the list with its option as one more condition shows, whoever reads it.

use record_engine::access::compile;
use record_engine::query::board::{Amount, BoardQuery, Column, Key, Sum, cards, tally};
use record_engine::query::{Count, ListQuery, Sort, count, list};
use record_engine::{EngineError, RequestContext, Role};
use serde_json::json;

use crate::bench_type::{Bench, NOW, for_each_bench};

/// A board of things by a field.
struct Board<'a> {
    bench: &'a Bench,
    query: BoardQuery,
    filter: &'a str,
}

impl<'a> Board<'a> {
    fn by(bench: &'a Bench, field: &str) -> Board<'a> {
        let list = ListQuery { limit: 2, sort: Sort::parse("-id"), ..ListQuery::default() };
        Board { bench, query: BoardQuery { field: field.into(), sum: None, within: None, list }, filter: "" }
    }

    fn read(&self, context: &RequestContext) -> Result<Vec<Column>, EngineError> {
        let object_type = self.bench.engine.snapshot().object_type("thing").unwrap();
        let mut query = self.query.clone();
        if !self.filter.is_empty() {
            query.list.filter = compile(self.filter, &object_type, context)?;
        }
        let database = self.bench.engine.database();
        let counted = database.read(|tx| tally(tx, context, &object_type, &query))?;
        database.read(|tx| cards(tx, context, &object_type, &query, &counted))
    }

    /// Compares each column with the list of its option: the number, and the cards of all pages.
    fn agrees_with_lists(&self, context: &RequestContext) -> Vec<(Key, i64)> {
        let object_type = self.bench.engine.snapshot().object_type("thing").unwrap();
        let columns = self.read(context).unwrap();
        let compared = |column: &Column| {
            let of_column = match &column.key {
                Some(key) => format!("{} = {key}", self.query.field),
                None => format!("{} is empty", self.query.field),
            };
            let filter = if self.filter.is_empty() { of_column } else { format!("({}) and {of_column}", self.filter) };
            let filter = compile(&filter, &object_type, context).unwrap();
            let search = self.query.list.search.clone();
            let whole = ListQuery { filter: filter.clone(), ..self.query.list.clone() };
            let (counted, listed, rest) = self
                .bench
                .engine
                .database()
                .read(|tx| {
                    let counted = count(tx, context, &object_type, &filter, search.as_deref(), false, false)?;
                    let listed = list(tx, context, &object_type, &ListQuery { limit: 200, ..whole.clone() })?;
                    let rest = ListQuery { limit: 200, cursor: column.page.next_cursor.clone(), ..whole.clone() };
                    let rest = match rest.cursor {
                        Some(_) => list(tx, context, &object_type, &rest)?.records,
                        None => Vec::new(),
                    };
                    Ok::<_, EngineError>((counted, listed.records, rest))
                })
                .unwrap();
            assert_eq!(column.amount.count, counted, "{:?}", column.key);
            let ids: Vec<i64> = column.page.records.iter().chain(&rest).map(|record| record.id).collect();
            assert_eq!(ids, listed.iter().map(|record| record.id).collect::<Vec<_>>(), "{:?}", column.key);
            assert!(column.page.records.len() <= 2);
            (column.key.clone(), counted.count.unwrap())
        };
        columns.iter().map(compared).collect()
    }
}

fn keys(columns: &[(Key, i64)]) -> Vec<(&str, i64)> {
    columns.iter().map(|(key, count)| (key.as_deref().unwrap_or("-"), *count)).collect()
}

/// Things of all colours and lines; every second is for everybody, every third for the first employee.
fn fill(bench: &Bench) {
    for number in 0..24 {
        let color = ["red", "green", "red", "red"].get(number % 5);
        let line = ["north", "south"].get(number % 4);
        bench.create(json!({
            "name": format!("Річ {number}"), "color": color, "line": line, "flag": number % 2 == 0,
            "team": if number % 3 == 0 { json!([2]) } else { json!([]) },
            "amount": 0.1, "weight": 1.125, "price": { "amount": 1000 + number, "currency": if number % 3 == 0 { "EUR" } else { "UAH" } },
        }));
    }
}

#[test]
fn columns_are_lists_with_one_more_condition() {
    for_each_bench(|bench| {
        fill(bench);
        let readers = [bench.admin(), bench.employee(), bench.user(3, Role::Employee)];
        let all = Board::by(bench, "color").agrees_with_lists(&readers[0]);
        assert_eq!(keys(&all), [("-", 4), ("red", 15), ("green", 5), ("blue", 0)]);
        for reader in &readers {
            // One field with an index, and one without.
            for field in ["color", "line"] {
                let mut board = Board::by(bench, field);
                let plain = board.agrees_with_lists(reader);
                board.filter = "amount > 0 and name contains \"1\"";
                board.agrees_with_lists(reader);
                (board.filter, board.query.list.search) = ("", Some("річ 1".into()));
                let found = board.agrees_with_lists(reader);
                assert!(found.iter().any(|(_, count)| *count > 0) && found != plain);
                board.filter = "color = red";
                board.agrees_with_lists(reader);
                let total = |columns: &[(Key, i64)]| columns.iter().map(|(_, count)| count).sum::<i64>();
                let seen = bench.ids(reader, "amount > 0").len();
                assert_eq!(total(&plain), i64::try_from(seen).unwrap());
            }
        }
        let seen = Board::by(bench, "color").agrees_with_lists(&readers[2]);
        assert_eq!(seen.iter().map(|(_, count)| count).sum::<i64>(), 12, "the employee sees half");
    });
}

#[test]
fn columns_are_added_up() {
    for_each_bench(|bench| {
        fill(bench);
        let sums = |sum: &str, reader: &RequestContext, field: &str| -> Vec<(Key, Option<Vec<Sum>>)> {
            let mut board = Board::by(bench, field);
            board.query.sum = Some(sum.into());
            board.filter = "color != red";
            board.read(reader).unwrap().into_iter().map(|column| (column.key, column.amount.sums)).collect()
        };
        let money = |currency: &str, total: f64| Sum { currency: Some(currency.into()), total };
        let by_color = sums("price", &bench.admin(), "color");
        // Without a colour: 4, 9, 14, 19; green: 1, 6, 11, 16, 21.
        assert_eq!(by_color[0], (None, Some(vec![money("EUR", 1009.0), money("UAH", 3037.0)])));
        assert_eq!(by_color[2], (Some("green".into()), Some(vec![money("EUR", 2027.0), money("UAH", 3028.0)])));
        assert_eq!((&by_color[1].1, &by_color[3].1), (&Some(Vec::new()), &Some(Vec::new())));
        let by_line = sums("price", &bench.admin(), "line");
        let total = |rows: &[(Key, Option<Vec<Sum>>)]| -> f64 {
            rows.iter().flat_map(|(_, sums)| sums.iter().flatten()).map(|sum| sum.total).sum()
        };
        assert!((total(&by_color) - total(&by_line)).abs() < 0.5);
        let numbers = sums("amount", &bench.admin(), "line");
        assert_eq!(numbers[2].1, Some(vec![Sum { currency: None, total: 0.3 }]), "{numbers:?}");
        // It stands in thousandths.
        let exact = sums("weight", &bench.admin(), "line");
        assert_eq!(exact[2].1, Some(vec![Sum { currency: None, total: 3.375 }]), "{exact:?}");
        let by_index = sums("weight", &bench.admin(), "color");
        assert_eq!(by_index[2].1, Some(vec![Sum { currency: None, total: 5.625 }]), "{by_index:?}");
        assert!(total(&sums("price", &bench.employee(), "color")) < total(&by_color));
        assert_eq!(Board::by(bench, "color").read(&bench.admin()).unwrap()[0].amount.sums, None, "only when asked");
    });
}

#[test]
fn a_board_of_stages_shows_one_line() {
    for_each_bench(|bench| {
        for stage in ["first", "won", "begun", "over", "over"] {
            bench.create(json!({ "name": stage, "stage": stage }));
        }
        bench.create(json!({ "name": "none" }));
        let mut board = Board::by(bench, "stage");
        assert_eq!(board.read(&bench.admin()).unwrap().len(), 6);
        board.query.within = Some("south".into());
        let columns = board.read(&bench.admin()).unwrap();
        let counts: Vec<_> =
            columns.iter().map(|column| (column.key.as_deref(), column.amount.count.count.unwrap())).collect();
        assert_eq!(counts, [(None, 0), (Some("begun"), 1), (Some("over"), 2)]);
        board.query.within = Some("nowhere".into());
        assert!(board.read(&bench.admin()).unwrap().iter().all(|column| column.page.records.is_empty()));
        let mut other = Board::by(bench, "color");
        other.query.within = Some("south".into());
        assert_eq!(refusal(other.read(&bench.admin())), ("within".into(), "unknown_field".into()));
    });
}

fn refusal(result: Result<Vec<Column>, EngineError>) -> (String, String) {
    match result {
        Err(EngineError::Invalid(errors)) => (errors[0].pointer.trim_start_matches('/').into(), errors[0].code.clone()),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_board_is_refused_as_a_list_is() {
    for_each_bench(|bench| {
        let by = |field: &str, sum: Option<&str>| {
            let mut board = Board::by(bench, field);
            board.query.sum = sum.map(String::from);
            refusal(board.read(&bench.employee()))
        };
        let expected = |name: &str, code: &str| (name.to_owned(), code.to_owned());
        assert_eq!(by("nothing", None), expected("field", "unknown_field"));
        assert_eq!(by("secret", None), expected("field", "unknown_field"), "hidden from the employee");
        assert_eq!(by("name", None), expected("field", "not_a_choice"));
        assert_eq!(by("colors", None), expected("field", "not_a_choice"));
        assert_eq!(by("color", Some("secret")), expected("sum", "unknown_field"));
        assert_eq!(by("color", Some("name")), expected("sum", "not_summable"));
        let mut board = Board::by(bench, "color");
        board.filter = "secret = \"x\"";
        assert!(matches!(board.read(&bench.employee()), Err(EngineError::Filter(_))));
    });
}

#[test]
fn a_large_column_is_counted_up_to_the_cap() {
    for_each_bench(|bench| {
        let id = bench.create(json!({ "name": "Річ", "color": "blue", "line": "north", "price": "5 UAH" }));
        let sql = format!(
            "INSERT INTO thing (id, version, created_at, created_operation, updated_at, name, color, line, price, price_currency) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10005) \
             SELECT 1000 + i, t.version, t.created_at, t.created_operation, {NOW}, t.name, t.color, t.line, t.price, t.price_currency \
             FROM n CROSS JOIN thing t WHERE t.id = {id}"
        );
        bench.engine.write(|tx| tx.execute(&sql, &[]).map_err(EngineError::from)).unwrap();
        let of = |field: &str, key: &str| {
            let mut board = Board::by(bench, field);
            board.query.sum = Some("price".into());
            let columns = board.read(&bench.admin()).unwrap();
            columns.into_iter().find(|column| column.key.as_deref() == Some(key)).unwrap()
        };
        let capped = Count { count: Some(10_000), is_capped: true };
        let indexed = of("color", "blue");
        assert_eq!(indexed.amount, Amount { count: capped, sums: None }, "the sum of some is no sum");
        assert_eq!((indexed.page.records.len(), indexed.page.next_cursor.is_some()), (2, true));
        assert_eq!(of("line", "north").amount.count, capped);
    });
}

#[test]
fn a_search_that_finds_too_much_shows_the_first_of_each_column() {
    for_each_bench(|bench| {
        bench.create(json!({ "name": "Річ", "color": "green" }));
        for _ in 0..402 {
            bench.create(json!({ "name": "Річ", "color": "red" }));
        }
        let mut board = Board::by(bench, "color");
        board.query.list.search = Some("річ".into());
        let found = |count: i64, is_capped: bool| Count { count: Some(count), is_capped };
        let counts: Vec<Count> = board.read(&bench.admin()).unwrap().iter().map(|column| column.amount.count).collect();
        assert_eq!(counts, [found(0, false), found(400, true), found(1, false), found(0, false)]);
        // Its page is that of the list; the list of more than a page ends at what the search took.
        let columns = board.read(&bench.admin()).unwrap();
        assert!(columns[1].page.is_capped && !columns[2].page.is_capped);
    });
}
