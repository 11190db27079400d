//! Lists by some values of a field, in an order in which an index has the records of each: what they show is what the list of all shows of them.

use std::collections::BTreeSet;

use record_engine::EngineError;
use record_engine::query::busy::{BusyQuery, Sight, taken};
use record_engine::query::calendar::{CalendarQuery, entries};
use serde_json::json;

use crate::bench_type::{Bench, NOW, for_each_bench};
use crate::paging::pages;

/// Things of all colours and stages; of many the moment is the same, of some there is none.
fn fill(bench: &Bench) {
    let (colors, stages) = (["red", "green", "blue"], ["first", "won", "begun"]);
    for at in 0..60_usize {
        let mut fields = json!({ "name": format!("Річ {at}"), "flag": at % 2 == 0, "amount": at % 5 });
        let object = fields.as_object_mut().unwrap();
        if at % 7 != 0 {
            object.insert("color".into(), json!(colors[at % 3]));
            object.insert("stage".into(), json!(stages[at % 4 % 3]));
        }
        if at % 4 != 0 {
            object.insert("moment".into(), json!(format!("2026-11-{:02}T10:00:00Z", 1 + at * 7 % 9)));
        }
        object.insert("team".into(), json!([1 + at % 3]));
        bench.create(fields);
    }
}

#[test]
fn lists_of_some_values_are_parts_of_the_whole_list() {
    for_each_bench(|bench| {
        fill(bench);
        let filters = [
            "color = red",
            "color in (red, green)",
            "color in (red, red)",
            "color in (red, green, blue) and flag = true",
            "color in (green, blue) and moment < 2026-11-05",
            "color in (green, blue) and moment is empty",
            "color = blue and amount >= 2 and team has 2",
            "color in (red, blue) and color in (blue, green)",
            "color is empty",
            "stage.meaning = open",
            "stage.meaning in (open, won) and flag = false",
            "stage.meaning = lost",
            "not (stage.meaning = open) and color = red",
        ];
        for sort in ["moment", "-moment", "updated_at", "-updated_at"] {
            let all = pages(bench, "all", sort, 200);
            for filter in filters {
                let found: BTreeSet<i64> = bench.ids(&bench.admin(), filter).into_iter().collect();
                let expected: Vec<i64> = all.iter().copied().filter(|id| found.contains(id)).collect();
                for limit in [200, 7, 2] {
                    assert_eq!(pages(bench, filter, sort, limit), expected, "{filter} by {sort}, {limit} at once");
                }
            }
        }
    });
}

/// So many records that a page is looked for at the beginning of each walk, and then behind it.
#[test]
fn what_stands_far_behind_in_each_walk_is_found() {
    for_each_bench(|bench| {
        let id = bench.create(json!({ "name": "Річ", "amount": 0, "flag": false }));
        let begins = NOW - 86_400_000;
        let sql = format!(
            "INSERT INTO thing (id, version, created_at, created_operation, updated_at, name, name_key, flag, color, moment, amount) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 46000) \
             SELECT 1000 + i, t.version, t.created_at, t.created_operation, t.updated_at, t.name, t.name_key, \
             CASE WHEN i > 44000 THEN 1 END, CASE WHEN i % 2 = 0 THEN 'red' ELSE 'green' END, {begins} + i / 3, i % 10 \
             FROM n CROSS JOIN thing t WHERE t.id = {id}"
        );
        bench.engine.write(|tx| tx.execute(&sql, &[]).map_err(EngineError::from)).unwrap();
        let last: Vec<i64> = (45_001..=47_000).collect();
        let filter = "color in (red, green) and flag = true";
        assert_eq!(pages(bench, filter, "moment", 200), last);
        let descending: Vec<i64> = last.iter().rev().copied().collect();
        assert_eq!(pages(bench, filter, "-moment", 200), descending);
        let red: Vec<i64> = last.iter().copied().filter(|id| id % 2 == 0).collect();
        assert_eq!(pages(bench, "color = red and flag = true", "moment", 100), red);
        // Many records beside the few that are asked for, at the other end.
        let many = pages(bench, "color in (red, green) and flag = false and amount = 0 and id < 3000", "-moment", 100);
        let expected: Vec<i64> = (1_001..3_000).rev().filter(|id| id % 10 == 0).collect();
        assert_eq!(many, expected);
    });
}

/// Spans of all kinds around some days: without an end, without a beginning, of weeks, of a moment, and such as end before they begin.
fn fill_with_spans(bench: &Bench) {
    let moment = |hours: i64| record_engine::context::instant_text(NOW + hours * 3_600_000);
    for at in 0..120_i64 {
        let begins = (at * 37 % 400) - 200;
        let lasts = [1, 30, 0, 300, -2, 24][usize::try_from(at % 6).unwrap()];
        let mut fields = json!({ "name": format!("Річ {at}"), "team": [1 + at % 3] });
        let object = fields.as_object_mut().unwrap();
        if at % 5 != 1 {
            object.insert("moment".into(), json!(moment(begins)));
        }
        if at % 7 != 2 {
            object.insert("until".into(), json!(moment(begins + lasts)));
        }
        bench.create(fields);
    }
}

#[test]
fn a_span_of_the_calendar_has_what_meets_it() {
    for_each_bench(|bench| {
        fill_with_spans(bench);
        let admin = bench.admin();
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        let fields = thing.calendar_of(&admin.permissions(&thing)).unwrap();
        for (from, days) in [(0, 1), (-100, 7), (-250, 40), (60, 2)] {
            let (from_ms, to_ms) = (NOW + from * 3_600_000, NOW + (from + days * 24) * 3_600_000);
            let text = record_engine::context::instant_text;
            let (from, to) = (text(from_ms), text(to_ms));
            let asked = CalendarQuery { from_ms, to_ms, users: &[2, 3], leaves_done: false };
            let found = bench.engine.database().read(|tx| entries(tx, &admin, &thing, &fields, &asked)).unwrap();
            assert!(!found.is_capped);
            let in_span = |field: &str| format!("({field} >= {from} and {field} < {to})");
            // A moment at the beginning of the span belongs to it; what ends with that moment does not.
            let filter = format!(
                "team has (2, 3) and ((moment < {to} and until >= {from} and (until > {from} or moment >= {from})) \
                 or {} and until is empty or {} and moment is empty)",
                in_span("moment"),
                in_span("until")
            );
            let expected: BTreeSet<i64> = bench.ids(&admin, &filter).into_iter().collect();
            let ids: Vec<i64> = found.records.iter().map(|record| record.id).collect();
            assert_eq!(ids.iter().copied().collect::<BTreeSet<_>>(), expected, "{from} to {to}");
            assert_eq!(ids.len(), expected.len(), "each once");
            let begins: Vec<Option<&str>> =
                found.records.iter().map(|record| record.value("moment").as_str()).collect();
            assert!(begins.is_sorted_by_key(|begins| (begins.is_none(), *begins)), "{begins:?}");
            let query = BusyQuery { from_ms, to_ms, users: &[2, 3], sight: Sight::Own, except: None };
            let taken = bench.engine.database().read(|tx| taken(tx, &admin, &thing, &query)).unwrap();
            assert!(!taken.is_empty() && taken.iter().all(|span| span.to_ms > from_ms && span.from_ms < to_ms));
        }
    });
}

#[test]
fn what_goes_on_at_a_moment_is_a_list_like_any_other() {
    for_each_bench(|bench| {
        fill_with_spans(bench);
        let at = record_engine::context::instant_text(NOW);
        for sort in ["until", "-until", "moment", "-moment"] {
            let all = pages(bench, "all", sort, 200);
            let going_on = format!("moment < {at} and until >= {at}");
            for filter in [going_on.clone(), format!("{going_on} and team has 1"), format!("until >= {at}")] {
                let found: BTreeSet<i64> = bench.ids(&bench.admin(), &filter).into_iter().collect();
                let expected: Vec<i64> = all.iter().copied().filter(|id| found.contains(id)).collect();
                assert!(!expected.is_empty());
                for limit in [200, 3] {
                    assert_eq!(pages(bench, &filter, sort, limit), expected, "{filter} by {sort}");
                }
            }
        }
    });
}
