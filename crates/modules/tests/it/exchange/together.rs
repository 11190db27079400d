//! Two people, or two windows, at one import.

use database::{Backend, Query, Tx};
use modules::exchange::{self, ExchangeError};
use record_engine::EngineError;
use serde_json::json;
use std::time::{Duration, Instant};
use test_kit::for_each_backend;

use super::support::{Base, counts};

const ROWS: [&str; 2] = ["Фамилия;Телефон", "Шевчук;067 440 12 85"];

/// Waits until another transaction waits for this one. SQLite has one writer, so there is nothing to see.
fn until_somebody_waits(tx: &mut Tx) {
    if tx.backend() == Backend::Sqlite {
        return;
    }
    let sql = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid";
    let started = Instant::now();
    while tx.query_one(sql, &[]).unwrap().integer(0).unwrap() == 0 {
        assert!(started.elapsed() < Duration::from_secs(30), "nobody waits");
        std::thread::yield_now();
    }
}

#[test]
fn one_file_gets_one_job() {
    for_each_backend(|database| {
        let base = Base::new(database);
        for start in [exchange::start_import, exchange::start_check] {
            let id = base.upload_table(&ROWS);
            std::thread::scope(|scope| {
                let mut other = None;
                let first = base.engine.write(|tx| {
                    let job = exchange::start_import_in(tx, &base.engine.snapshot(), &base.admin(), id)?;
                    other.get_or_insert_with(|| scope.spawn(|| start(&base.engine, &base.admin(), id)));
                    until_somebody_waits(tx);
                    Ok::<i64, ExchangeError>(job)
                });
                let second = other.unwrap().join().unwrap();
                assert!(
                    matches!(second, Err(ExchangeError::Engine(EngineError::State("import_is_busy")))),
                    "{second:?}"
                );
                base.finish(first.unwrap());
            });
            assert_eq!(base.import(id)["state"], "done");
        }
    });
}

#[test]
fn a_change_does_not_take_another_back() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = base.upload_table(&ROWS);
        std::thread::scope(|scope| {
            let mut other = None;
            let snapshot = base.engine.snapshot();
            let change = |change| serde_json::from_value(change).unwrap();
            let mine = change(json!({ "mode": "create_only" }));
            let mine = exchange::prepare_change(&base.engine, &base.admin(), id, mine).unwrap();
            base.engine
                .write(|tx| {
                    let files = base.engine.files();
                    exchange::change_import_in(tx, files, &snapshot, &base.admin(), id, &mine)?;
                    other.get_or_insert_with(|| {
                        let theirs = change(json!({ "match_keys": ["phone"] }));
                        scope.spawn(|| exchange::change_import(&base.engine, &base.admin(), id, theirs))
                    });
                    until_somebody_waits(tx);
                    Ok::<(), ExchangeError>(())
                })
                .unwrap();
            other.unwrap().join().unwrap().unwrap();
        });
        let import = base.import(id);
        assert_eq!((&import["mode"], &import["match_keys"]), (&json!("create_only"), &json!(["phone"])));
    });
}

#[test]
fn a_file_read_by_old_options_is_read_again() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = base.upload("a.csv", "Прізвище;a,b\nФамилия;x,y\nШевчук;1,2\n".as_bytes());
        let change = serde_json::from_value(json!({ "options": { "has_header": true } })).unwrap();
        let prepared = exchange::prepare_change(&base.engine, &base.admin(), id, change).unwrap();
        // Meanwhile somebody else sets another delimiter and the mode.
        base.change(id, json!({ "options": { "delimiter": "," }, "mode": "update_only" }));
        let snapshot = base.engine.snapshot();
        let files = base.engine.files();
        let changed = base
            .engine
            .write(|tx| exchange::change_import_in(tx, files, &snapshot, &base.admin(), id, &prepared))
            .unwrap();
        assert_eq!(changed["options"]["delimiter"], ",");
        assert_eq!(changed["mode"], "update_only");
        assert_eq!(changed["columns"][0]["header"], "Прізвище;a");
    });
}

#[test]
fn earlier_imports_come_page_by_page() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let ids: Vec<i64> = (0..5).map(|_| base.upload_table(&ROWS)).collect();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let (page, next) = exchange::list_imports(&base.engine, &base.admin(), cursor, 2).unwrap();
            seen.extend(page.iter().map(|import| import["id"].as_i64().unwrap()));
            match next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        seen.reverse();
        assert_eq!(seen, ids);
        assert_eq!(counts(&base.run(ids[0])), json!({ "read": 1, "created": 1 }));
    });
}
