//! An import that is stopped anywhere goes on where it was, ends like one that was not, and can be taken back.

use modules::exchange::{self, ExchangeError};
use record_engine::jobs::run_now;
use record_engine::{EngineError, Record, Values};
use serde_json::{Value as Json, json};
use test_kit::{TestDatabase, for_each_backend};

use super::support::{Base, adds_up, counts};

/// Rows of the file: three batches.
const ROWS: usize = 1_400;

/// A file with new people, repeated ones, companies, bad cells and updates of what `seed` made.
fn file() -> Vec<u8> {
    let mut text = String::from("Фамилия;Имя;Телефон;E-mail;Компания;Должность\n");
    for number in 0..ROWS {
        let row = match number % 11 {
            // A repetition of an earlier row with something new.
            7 => format!("Людина{0};Ім{0};067{0:07};;;посада {0}", number - 5),
            // A bad cell.
            8 => format!("Людина{number};Ім{number};немає;;;"),
            // The same phone under another name.
            9 => format!("Інша{number};Ім;067{:07};;;", number - 4),
            _ => format!("Людина{number};Ім{number};067{number:07};p{number}@example.com;Фірма {};", number % 37),
        };
        text.push_str(&row);
        text.push('\n');
    }
    text.into_bytes()
}

fn seed(base: &Base) {
    for number in [0, 1, 700, 1_500] {
        base.create(json!({
            "last_name": format!("Людина{number}"), "first_name": format!("Ім{number}"), "position": "стара",
            "channels": [{ "kind": "phone", "value": format!("067{number:07}") }, { "kind": "email", "value": format!("p{number}@example.com") }]
        }));
    }
}

/// What a base holds, without what the clock and the number of attempts decide.
fn content(base: &Base) -> Vec<(i64, i64, Values)> {
    base.contacts().into_iter().map(|Record { id, version, values, .. }| (id, version, values)).collect()
}

fn run_undisturbed() -> (Vec<(i64, i64, Values)>, Json) {
    let base = Base::new(TestDatabase::sqlite());
    seed(&base);
    let report = base.run(base.upload("clients.csv", &file()));
    (content(&base), report)
}

#[test]
fn an_interrupted_import_ends_like_an_undisturbed_one() {
    let (expect, expect_report) = run_undisturbed();
    assert!(adds_up(&expect_report), "{expect_report}");
    assert_eq!(expect_report["read"], ROWS);
    for_each_backend(|database| {
        let is_sqlite = database.backend == database::Backend::Sqlite;
        let base = Base::new(database);
        seed(&base);
        let before = content(&base);
        let id = base.upload("clients.csv", &file());
        let job = exchange::start_import(&base.engine, &base.admin(), id).unwrap();
        let mut durable = 0;
        for attempt in 0..3 {
            // The batch after `attempt` durable ones fails in the middle of its transaction, at the end of which the report would be stored.
            base.execute(&format!(
                "UPDATE jobs SET state = 'queued', error = NULL, finished_at = NULL, locked_until = NULL, done = {durable} WHERE id = {job}"
            ));
            break_problems(&base, attempt);
            let stopped = run_now(&base.engine, &exchange::handlers(), job).unwrap();
            mend_problems(&base, attempt);
            assert_ne!(stopped.state, "done", "attempt {attempt}");
            durable = stopped.done;
        }
        base.execute(&format!("UPDATE jobs SET state = 'queued', error = NULL, finished_at = NULL WHERE id = {job}"));
        let finished = base.finish(job);
        assert_eq!(finished.state, "done", "{:?}", finished.error);
        assert_eq!(finished.report.as_ref().map(counts), Some(counts(&expect_report)));
        if is_sqlite {
            // On PostgreSQL undone transactions leave gaps between the ids.
            assert_eq!(content(&base), expect);
        } else {
            let values = |content: &[(i64, i64, Values)]| -> Vec<(Json, i64)> {
                let mut all: Vec<(Json, i64)> = content
                    .iter()
                    .map(|(_, version, values)| {
                        (json!([values.get("name"), values.get("channels"), values.get("position")]), *version)
                    })
                    .collect();
                all.sort_by_key(|(values, _)| values.to_string());
                all
            };
            assert_eq!(values(&content(&base)), values(&expect));
        }
        assert_eq!(base.import(id)["state"], "done");
        // One undo takes all of it back, updates included.
        base.undo_import(id);
        let values = |content: Vec<(i64, i64, Values)>| {
            content.into_iter().map(|(id, _, values)| (id, values)).collect::<Vec<_>>()
        };
        assert_eq!(values(content(&base)), values(before));
        assert_eq!(base.import(id)["state"], "undone");
    });
}

/// The table of problems refuses rows of later batches, so a transaction fails after it has written records. Which rows, follows from the attempt.
fn break_problems(base: &Base, attempt: usize) {
    let limit = 400 * (attempt + 1);
    base.execute(&format!("CREATE UNIQUE INDEX broken_{attempt} ON import_problems ((CASE WHEN row_number > {limit} THEN 1 ELSE row_number * 100 + place END))"));
}

fn mend_problems(base: &Base, attempt: usize) {
    base.execute(&format!("DROP INDEX broken_{attempt}"));
}

#[test]
fn a_stopped_import_keeps_what_it_has_and_goes_on_when_asked() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = base.upload("clients.csv", &file());
        let first = exchange::start_import(&base.engine, &base.admin(), id).unwrap();
        break_problems(&base, 1);
        assert_eq!(base.finish(first).state, "failed");
        mend_problems(&base, 1);
        let import = base.import(id);
        assert_eq!(import["state"], "failed");
        assert_eq!(import["report"]["read"], 500);
        let kept = base.contacts().len();
        assert!(kept > 0);
        let second = exchange::start_import(&base.engine, &base.admin(), id).unwrap();
        base.execute(&format!("UPDATE jobs SET is_cancel_requested = 1 WHERE id = {second}"));
        assert_eq!(base.finish(second).state, "cancelled");
        assert_eq!(base.import(id)["state"], "cancelled");
        assert_eq!(base.contacts().len(), kept);
        let report = base.run(id);
        assert!(adds_up(&report));
        assert_eq!(report["read"], ROWS);
        assert_eq!(base.import(id)["state"], "done");
        // All three jobs wrote one operation.
        base.undo_import(id);
        assert!(base.contacts().is_empty());
    });
}

#[test]
fn an_import_whose_beginning_was_taken_back_does_not_go_on() {
    let base = Base::new(TestDatabase::sqlite());
    let id = base.upload("clients.csv", &file());
    let first = exchange::start_import(&base.engine, &base.admin(), id).unwrap();
    break_problems(&base, 1);
    assert_eq!(base.finish(first).state, "failed");
    mend_problems(&base, 1);
    base.undo_import(id);
    assert!(base.contacts().is_empty());
    let refused = exchange::start_import(&base.engine, &base.admin(), id);
    assert!(matches!(refused, Err(ExchangeError::Engine(EngineError::State("already_undone")))), "{refused:?}");
}

#[test]
fn a_check_leaves_the_base_alone_and_agrees_with_the_import() {
    let base = Base::new(TestDatabase::sqlite());
    seed(&base);
    let before = content(&base);
    let id = base.upload("clients.csv", &file());
    let checked = base.check(id);
    assert_eq!(content(&base), before);
    let report = base.run(id);
    let of = |report: &Json, name: &str| report[name].as_u64().unwrap();
    assert_eq!(of(&checked, "would_create"), of(&report, "created"));
    assert_eq!(
        of(&checked, "would_update") + of(&checked, "unchanged"),
        of(&report, "updated") + of(&report, "unchanged")
    );
    assert_eq!(of(&checked, "needs_decision"), of(&report, "skipped"));
    assert_eq!(of(&checked, "errors"), of(&report, "failed"));
    assert_eq!(of(&checked, "companies"), of(&report, "companies_created"));
}
