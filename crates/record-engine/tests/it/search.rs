//! Search finds parts of words, numbers in any notation, and ranks the best first.

use std::collections::{BTreeMap, BTreeSet};

use database::{Backend, Query, ReadTx};
use filter_language::CheckedExpr;
use record_engine::query::search::MAX_CANDIDATES;
use record_engine::query::{Count, ListQuery, Sort, count, list, list_whole, search};
use record_engine::search_text::unfindable;
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{EngineError, RequestContext};
use serde_json::json;

use crate::bench_type::{Bench, for_each_bench, values};

fn found(bench: &Bench, text: &str) -> Vec<String> {
    found_by(bench, &bench.admin(), text)
}

fn found_by(bench: &Bench, reader: &RequestContext, text: &str) -> Vec<String> {
    let snapshot = bench.engine.snapshot();
    let found = bench.engine.database().read(|tx| search(tx, reader, &snapshot.catalog, None, text, 20)).unwrap();
    found.matches.iter().map(|found| found.record.value("name").as_str().unwrap().to_owned()).collect()
}

#[test]
fn any_part_of_a_name_phone_mail_or_remark_finds_the_card() {
    for_each_bench(|bench| {
        bench.create(
            json!({"name": "Шевчук Тарас Григорович", "channels": [{"kind": "phone", "value": "067 440 12 85"}]}),
        );
        bench
            .create(json!({"name": "Іваненко Ольга", "channels": [{"kind": "email", "value": "olha@karpaty-bud.ua"}]}));
        bench.create(json!({"name": "ТОВ «Карпати Буд»", "story": "дзвонити після 11:00", "channels": [{"kind": "phone", "value": "+7 495 120-66-31"}]}));
        bench.create(json!({"name": "Abdullaev Rustam"}));
        let check = |text: &str, expect: &[&str]| assert_eq!(found(bench, text), expect, "{text}");
        check("шевчук", &["Шевчук Тарас Григорович"]);
        check("ВЧУ", &["Шевчук Тарас Григорович"]);
        check("тарас шев", &["Шевчук Тарас Григорович"]);
        check("ше", &["Шевчук Тарас Григорович"]);
        check("Иваненко", &["Іваненко Ольга"]);
        check("4401285", &["Шевчук Тарас Григорович"]);
        check("+380 (67) 440-12", &["Шевчук Тарас Григорович"]);
        check("067 440", &["Шевчук Тарас Григорович"]);
        check("8 495 120 66 31", &["ТОВ «Карпати Буд»"]);
        check("2066", &["ТОВ «Карпати Буд»"]);
        check("karpaty-bud", &["Іваненко Ольга"]);
        check("після 11", &["ТОВ «Карпати Буд»"]);
        check("bdul", &["Abdullaev Rustam"]);
        check("немає такого", &[]);
        check("%", &[]);
        check("\"\"\"", &[]);
        check("", &[]);
    });
}

#[test]
fn a_changed_card_is_found_by_the_new_text_only() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "Старе ім’я"}));
        bench.update(id, json!({"name": "Нове ім’я"}));
        assert_eq!(found(bench, "старе"), Vec::<String>::new());
        assert_eq!(found(bench, "нове"), ["Нове ім’я"]);
        assert_eq!(found(bench, "нове імя"), ["Нове ім’я"]);
    });
}

/// The things whose texts the index does not find.
fn unfindable_things(bench: &Bench) -> Vec<i64> {
    let thing = bench.engine.snapshot().object_type("thing").unwrap();
    let read = |tx: &mut ReadTx| -> Result<Vec<i64>, EngineError> {
        let rows = tx.query(&format!("SELECT record_id, text FROM {}", thing.search_table()), &[])?;
        let texts: BTreeMap<i64, String> = rows
            .into_iter()
            .map(|mut row| Ok::<_, EngineError>((row.integer(0)?, row.take_text(1)?)))
            .collect::<Result<_, _>>()?;
        unfindable(tx, &thing, &texts)
    };
    bench.engine.database().read(read).unwrap()
}

#[test]
fn the_index_follows_every_change_of_a_text() {
    for_each_bench(|bench| {
        let words = ["анна", "каренина", "нна", "аннаанна", "ка", "", "рен рен", "💡💡💡💡", "карена\u{1}анна"];
        let ids: Vec<i64> = (0..5).map(|at| bench.create(json!({"name": format!("Карта {at}")}))).collect();
        let mut seed: usize = 7;
        let mut next = |below: usize| {
            seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
            seed / 65_536 % below
        };
        for _ in 0..120 {
            let id = ids[next(ids.len())];
            let name = format!("Карта {}", words[next(words.len())]);
            let story: Vec<&str> = (0..next(4)).map(|_| words[next(words.len())]).collect();
            bench.update(id, json!({"name": name, "story": story.join(" ")}));
            assert_eq!(unfindable_things(bench), Vec::<i64>::new());
        }
        for id in &ids {
            bench.update(*id, json!({"name": "Конец", "story": null}));
        }
        assert_eq!(found(bench, "карта"), Vec::<String>::new());
        assert_eq!(found(bench, "конец").len(), ids.len());
    });
}

#[test]
fn an_index_of_an_older_release_is_made_anew() {
    for_each_bench(|bench| {
        if bench.engine.database().backend() == Backend::Postgres {
            // The server keeps its index itself.
            return;
        }
        bench.create(json!({"name": "Каренина"}));
        let table = bench.engine.snapshot().object_type("thing").unwrap().search_table();
        let old = format!(
            "DROP TABLE {table}_index; \
             CREATE VIRTUAL TABLE {table}_index USING fts5(text, content='', contentless_delete=1, detail=none, tokenize='trigram')"
        );
        bench.engine.write(|tx| tx.execute_batch(&old)).unwrap();
        assert_eq!(unfindable_things(bench), [1]);
        drop(bench.reopened());
        assert_eq!(unfindable_things(bench), Vec::<i64>::new());
        bench.update(1, json!({"name": "Вронский"}));
        assert_eq!(found(bench, "вронский"), ["Вронский"]);
    });
}

#[test]
fn the_best_match_comes_first() {
    for_each_bench(|bench| {
        for name in ["Переіваненко", "Сидор Іваненко", "Іваненкович", "Іваненко"]
        {
            bench.create(json!({"name": name}));
        }
        let names = found(bench, "іваненко");
        assert_eq!(names.len(), 4);
        assert_eq!(names[0], "Іваненко");
        assert_eq!(names[3], "Переіваненко");
    });
}

#[test]
fn lists_and_the_trash_can_be_searched() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "Видалена картка"}));
        bench.create(json!({"name": "Жива картка", "color": "red"}));
        bench
            .try_apply(&bench.admin(), "thing", record_engine::write::Change::Delete { id, base_version: None })
            .unwrap();
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        let ids = |is_trash: bool, filter: &str| -> usize {
            let filter = record_engine::access::compile(filter, &thing, &bench.admin()).unwrap();
            let query = ListQuery { search: Some("картка".into()), is_trash, filter, ..ListQuery::default() };
            bench.engine.database().read(|tx| list(tx, &bench.admin(), &thing, &query)).unwrap().records.len()
        };
        assert_eq!((ids(false, "all"), ids(true, "all"), ids(false, "color = blue")), (1, 1, 0));
    });
}

/// Makes things of one name in one operation; answers the ids in their order.
fn make_many(bench: &Bench, count: usize) -> Vec<i64> {
    let snapshot = bench.engine.snapshot();
    let thing = snapshot.object_type("thing").unwrap();
    let context = bench.admin();
    let made = bench.engine.write(|tx| {
        let changes = (0..count).map(|at| Change::Create {
            values: values(
                json!({"name": format!("Однакова {at}"), "amount": at % 7, "team": [if at % 2 == 0 { 1 } else { 2 }]}),
            ),
        });
        let mut operation = Operation::new(OperationKind::Bulk, Some(thing.id));
        apply(tx, snapshot.writer(), &context, &mut operation, &thing, changes.collect())
    });
    made.unwrap().into_iter().map(|outcome| outcome.unwrap().id()).collect()
}

/// The ids of all pages of a search.
fn all_pages(bench: &Bench, context: &RequestContext, sort: &str, is_whole: bool) -> (Vec<i64>, bool) {
    let thing = bench.engine.snapshot().object_type("thing").unwrap();
    let read = if is_whole { list_whole } else { list };
    let mut query =
        ListQuery {
            search: Some("однакова".into()), sort: Sort::parse(sort), limit: 150, ..ListQuery::default()
        };
    let (mut ids, mut is_capped) = (Vec::new(), false);
    loop {
        let page = bench.engine.database().read(|tx| read(tx, context, &thing, &query)).unwrap();
        ids.extend(page.records.iter().map(|record| record.id));
        is_capped |= page.is_capped;
        match page.next_cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => return (ids, is_capped),
        }
    }
}

#[test]
fn a_list_shows_the_newest_matches_and_says_when_there_are_more() {
    for_each_bench(|bench| {
        let made = make_many(bench, MAX_CANDIDATES + 50);
        let (ids, is_capped) = all_pages(bench, &bench.admin(), "id", false);
        assert_eq!((ids.as_slice(), is_capped), (&made[50..], true));
        let (mut by_amount, _) = all_pages(bench, &bench.admin(), "-amount", false);
        by_amount.sort_unstable();
        assert_eq!(by_amount, &made[50..]);
        // Half of them are within reach of this reader, and these are all shown.
        let (ids, is_capped) = all_pages(bench, &bench.employee(), "id", false);
        assert_eq!((ids.len(), is_capped), (made.len() / 2, false));
    });
}

#[test]
fn a_search_of_the_whole_list_leaves_nothing_out() {
    for_each_bench(|bench| {
        let made = make_many(bench, MAX_CANDIDATES + 50);
        bench.create(json!({"name": "Інша"}));
        for sort in ["id", "-amount", "amount,-name"] {
            let (ids, is_capped) = all_pages(bench, &bench.admin(), sort, true);
            assert_eq!((ids.len(), is_capped), (made.len(), false), "{sort}");
            assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), made.iter().copied().collect(), "{sort}");
        }
        assert_eq!(all_pages(bench, &bench.employee(), "id", true).0.len(), made.len() / 2);
    });
}

#[test]
fn a_count_of_a_search_that_takes_too_long_is_unknown_and_no_error() {
    for_each_bench(|bench| {
        // SQLite has no locks that readers wait for.
        if bench.engine.database().backend() == Backend::Sqlite {
            return;
        }
        bench.create(json!({"name": "Шевчук"}));
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        let (table, context) = (thing.search_table(), bench.admin());
        let count_of = |is_exact| {
            let everything = CheckedExpr::all();
            let read =
                |tx: &mut database::ReadTx| count(tx, &context, &thing, &everything, Some("шевчук"), false, is_exact);
            bench.engine.database().read(read)
        };
        let locked = bench.engine.write(|tx| {
            tx.execute_batch(&format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))?;
            Ok::<_, EngineError>(count_of(false))
        });
        assert_eq!(locked.unwrap().unwrap(), Count { count: None, is_capped: true });
        assert_eq!(count_of(false).unwrap(), Count { count: Some(1), is_capped: false });
    });
}

#[test]
fn a_search_forgives_the_keyboard_the_alphabet_and_a_wrong_letter() {
    for_each_bench(|bench| {
        for name in ["Ковальчук Олена", "Шевченко Тарас", "Іванов Петро", "Smith John", "Щербаков Ілля"]
        {
            bench.create(json!({"name": name}));
        }
        let check = |text: &str, expect: &[&str]| assert_eq!(found(bench, text), expect, "{text}");
        check("rjdfkmxer", &["Ковальчук Олена"]);
        check("Ivanov", &["Іванов Петро"]);
        check("Shevchenko taras", &["Шевченко Тарас"]);
        check("shcherbakov", &["Щербаков Ілля"]);
        check("ковалчук", &["Ковальчук Олена"]);
        check("Kovalchuk", &["Ковальчук Олена"]);
        check("шевчекно", &["Шевченко Тарас"]);
        check("тарас шевчинко", &["Шевченко Тарас"]);
        check("ышер", &[]);
        check("сміт", &["Smith John"]);
        check("смитсон", &[]);
        check("smiht", &["Smith John"]);
        // Lists read a text in the same way, the page of a list and the whole of it alike.
        let query = ListQuery { search: Some("Kovalchuk".into()), ..ListQuery::default() };
        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let ids = |is_whole: bool| {
            bench
                .engine
                .database()
                .read(|tx| {
                    let read = if is_whole { list_whole } else { list };
                    read(tx, &bench.admin(), &thing, &query)
                })
                .unwrap()
                .records
                .len()
        };
        assert_eq!((ids(false), ids(true)), (1, 1));
    });
}

#[test]
fn forgiving_opens_nothing_that_is_hidden() {
    for_each_bench(|bench| {
        bench.create(json!({"name": "Ковальчук Олена"}));
        let stranger = bench.user(99, record_engine::Role::Employee);
        for text in ["ковальчук", "ковалчук", "Kovalchuk"] {
            assert!(found_by(bench, &stranger, text).is_empty(), "{text}");
        }
    });
}

#[test]
fn a_wrong_letter_is_mended_by_the_cards_that_one_sees() {
    for_each_bench(|bench| {
        bench.create(json!({"name": "Ковалєнко Петро", "team": [2]}));
        bench.create(json!({"name": "Ковалюнко Олег", "team": [2]}));
        for _ in 0..3 {
            bench.create(json!({"name": "Кокаленко Ірина"}));
        }
        assert_eq!(found_by(bench, &bench.employee(), "ковалнеко петро"), ["Ковалєнко Петро"]);
    });
}
