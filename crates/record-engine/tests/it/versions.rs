//! Versions: who read what, and what came between. Operations say nothing about the order of changes, because a job keeps one for minutes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use database::{Backend, Query};
use record_engine::engine::EngineOptions;
use record_engine::undo::{Undo, undo};
use record_engine::write::{Change, Operation, OperationKind, apply, apply_one, purge_expired};
use record_engine::{Clock, Engine, EngineError, migrations::MIGRATIONS};
use serde_json::{Value as Json, json};

use crate::bench_type::{Bench, NOW, access_of, errors, for_each_bench, thing_type, user_type, values};

fn update(id: i64, base_version: Option<i64>, fields: Json) -> Change {
    Change::Update { id, base_version, values: values(fields) }
}

/// A batch of a job: the operation goes on with the number of its first batch.
fn batch(bench: &Bench, operation: &mut Operation, change: Change) -> i64 {
    let snapshot = bench.engine.snapshot();
    let thing = snapshot.object_type("thing").unwrap();
    let (next, id) = bench
        .engine
        .write(|tx| {
            let mut next = operation.clone();
            let mut results = apply(tx, snapshot.writer(), &bench.admin(), &mut next, &thing, vec![change.clone()])?;
            Ok::<_, EngineError>((next, results.remove(0)?.id()))
        })
        .unwrap();
    *operation = next;
    id
}

fn new_operation(bench: &Bench, kind: OperationKind) -> Operation {
    let thing = bench.engine.snapshot().object_type("thing").unwrap();
    Operation::new(kind, Some(thing.id))
}

#[test]
fn a_change_by_a_job_that_began_earlier_is_not_overwritten() {
    for_each_bench(|bench| {
        let (first, id) = (bench.create(json!({"name": "First"})), bench.create(json!({"name": "A", "color": "red"})));
        let mut bulk = new_operation(bench, OperationKind::Bulk);
        batch(bench, &mut bulk, update(first, None, json!({"color": "blue"})));
        bench.update(id, json!({"story": "a later operation"}));
        let read = bench.get(&bench.admin(), id).unwrap().version;
        batch(bench, &mut bulk, update(id, None, json!({"color": "blue"})));

        match bench.try_apply(&bench.admin(), "thing", update(id, Some(read), json!({"color": "green"}))) {
            Err(EngineError::Conflict { version, fields }) => {
                assert_eq!((version, fields.len()), (read + 1, 1));
                assert_eq!((&fields[0].theirs, &fields[0].base), (&json!("blue"), &json!("red")));
            }
            other => panic!("{other:?}"),
        }
        // Nothing came between of the other field.
        bench.try_apply(&bench.admin(), "thing", update(id, Some(read), json!({"story": "mine"}))).unwrap();
        assert_eq!(bench.get(&bench.admin(), id).unwrap().value("color"), &json!("blue"));
    });
}

#[test]
fn a_record_that_an_earlier_job_changed_after_its_import_stays() {
    for_each_bench(|bench| {
        let other = bench.create(json!({"name": "Other"}));
        let mut bulk = new_operation(bench, OperationKind::Bulk);
        batch(bench, &mut bulk, update(other, None, json!({"color": "blue"})));
        let mut import = new_operation(bench, OperationKind::Import);
        let create = |name: &str| Change::Create { values: values(json!({"name": name})) };
        let touched = batch(bench, &mut import, create("Touched"));
        batch(bench, &mut import, create("Untouched"));
        batch(bench, &mut bulk, update(touched, None, json!({"color": "blue"})));
        match undo(&bench.engine, &bench.admin(), import.stored_id().unwrap()).unwrap() {
            Undo::Done(report) => assert_eq!((report.undone, report.kept_count), (1, 1)),
            Undo::Job(_) => panic!("a small undo runs at once"),
        }
        assert_eq!(bench.ids(&bench.admin(), "all"), [other, touched]);
    });
}

#[test]
fn changes_of_an_older_release_are_told_apart_by_their_operations() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "color": "red", "amount": 1}));
        bench.update(id, json!({"amount": 2}));
        bench.update(id, json!({"color": "blue"}));
        bench.engine.write(|tx| tx.execute("UPDATE changes SET record_version = NULL", &[])).unwrap();
        bench.update(id, json!({"story": "after the upgrade"}));
        let clash = update(id, Some(2), json!({"color": "green"}));
        assert!(matches!(
            bench.try_apply(&bench.admin(), "thing", clash),
            Err(EngineError::Conflict { version: 4, .. })
        ));
        let merged = update(id, Some(2), json!({"amount": 3}));
        bench.try_apply(&bench.admin(), "thing", merged).unwrap();
    });
}

#[test]
fn a_database_of_the_first_release_is_brought_up_to_date() {
    test_kit::for_each_backend(|test| {
        let old = test.open();
        let above = database::Migration {
            version: 2,
            name: "above",
            sql: database::MigrationSql::Both("CREATE TABLE above (id {id});"),
        };
        database::migrate(&old, &[MIGRATIONS[0], above], None).unwrap();
        let change = "INSERT INTO changes (object_type_id, record_id, operation_id, field_id) VALUES (1, 1, 1, 1)";
        old.write(|tx| tx.execute(change, &[])).unwrap();
        drop(old);
        let files = tempfile::tempdir().unwrap();
        let options = EngineOptions {
            definitions: vec![Arc::new(user_type()), Arc::new(thing_type())],
            access: Arc::new(access_of),
            migrations: vec![above],
            clock: Clock::fixed(NOW),
            files: files.path().to_owned(),
            secret_key: files.path().join("secret.key"),
            backups: None,
        };
        let engine = Engine::open(test.open(), options).unwrap();
        let sql = "SELECT COUNT(*) FROM changes WHERE record_version IS NULL";
        assert_eq!(engine.database().read(|tx| tx.query_one(sql, &[])?.integer(0)).unwrap(), 1);
    });
}

#[test]
fn a_version_that_never_was_is_a_conflict() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A"}));
        for base in [2, 0, -1, i64::MIN, i64::MAX] {
            let refused = bench.try_apply(&bench.admin(), "thing", update(id, Some(base), json!({"color": "red"})));
            assert!(matches!(refused, Err(EngineError::Conflict { version: 1, .. })), "{base}: {refused:?}");
        }
        bench.update(id, json!({"color": "blue"}));
        let delete = |base_version| Change::Delete { id, base_version };
        for base in [1, 3] {
            let refused = bench.try_apply(&bench.admin(), "thing", delete(Some(base)));
            assert!(matches!(refused, Err(EngineError::Conflict { version: 2, .. })), "{base}: {refused:?}");
        }
        bench.try_apply(&bench.admin(), "thing", delete(Some(2))).unwrap();
    });
}

/// Lets a second writer begin inside the transaction of a first one, and waits there until it is blocked or through.
/// SQLite has one writer; the second one waits by itself.
fn overlap<T: Send>(
    bench: &Bench,
    first: impl Fn(&mut database::Tx) -> Result<(), EngineError>,
    second: impl Fn() -> T + Sync,
) -> T {
    let (may_begin, is_through) = (AtomicBool::new(false), AtomicBool::new(false));
    let pause = || bench.engine.wait_for_events(bench.engine.generation(), Duration::from_millis(5));
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            while !may_begin.load(Ordering::SeqCst) {
                pause();
            }
            let result = second();
            is_through.store(true, Ordering::SeqCst);
            result
        });
        let written = bench.engine.write(|tx| {
            first(tx)?;
            may_begin.store(true, Ordering::SeqCst);
            let blocked =
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
            let deadline = Instant::now() + Duration::from_secs(10);
            while tx.backend() == Backend::Postgres && !is_through.load(Ordering::SeqCst) && bench.rows(blocked) == 0 {
                assert!(Instant::now() < deadline, "the second writer neither waits nor ends");
                pause();
            }
            Ok::<_, EngineError>(())
        });
        // The second writer must not wait for ever for one that failed.
        may_begin.store(true, Ordering::SeqCst);
        written.unwrap();
        thread.join().unwrap()
    })
}

#[test]
fn a_card_that_is_just_being_restored_is_not_purged() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "channels": [{"kind": "phone", "value": "0674401285"}]}));
        bench.try_apply(&bench.admin(), "thing", Change::Delete { id, base_version: None }).unwrap();
        bench.clock.advance(91 * 86_400_000);
        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let restore = |tx: &mut database::Tx| {
            apply_one(tx, snapshot.writer(), &bench.admin(), &thing, Change::Restore { id }).map(|_| ())
        };
        let purged = overlap(bench, restore, || purge_expired(&bench.engine).unwrap());
        assert_eq!(purged, 0);
        let record = bench.get(&bench.admin(), id).unwrap();
        assert_eq!(record.value("channels")[0]["value"], json!("+380674401285"));
    });
}

#[test]
fn two_moves_at_once_make_no_ring_together() {
    for_each_bench(|bench| {
        let (one, two) = (bench.create(json!({"name": "One"})), bench.create(json!({"name": "Two"})));
        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let first = |tx: &mut database::Tx| {
            let change = update(one, None, json!({"parent": two}));
            apply_one(tx, snapshot.writer(), &bench.admin(), &thing, change).map(|_| ())
        };
        let second = || bench.try_apply(&bench.admin(), "thing", update(two, None, json!({"parent": one})));
        assert_eq!(errors(overlap(bench, first, second)), [("/parent".to_owned(), "cycle".to_owned())]);
    });
}

#[test]
fn the_moves_of_a_batch_count_together() {
    for_each_bench(|bench| {
        let [top, low, other] = ["Top", "Low", "Other"].map(|name| bench.create(json!({"name": name})));
        bench.update(low, json!({"parent": top}));
        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let run = |changes: Vec<Change>| {
            let mut operation = new_operation(bench, OperationKind::Bulk);
            let results = bench
                .engine
                .write(|tx| apply(tx, snapshot.writer(), &bench.admin(), &mut operation, &thing, changes.clone()))
                .unwrap();
            results.into_iter().map(|result| result.is_ok()).collect::<Vec<bool>>()
        };
        let below = |id: i64, parent: Json| update(id, None, json!({ "parent": parent }));
        // Two that would stand above each other: one of them stays.
        assert_eq!(run(vec![below(top, json!(other)), below(other, json!(top))]), [false, true]);
        bench.update(other, json!({"parent": null}));
        // Low leaves top, so top may come below low; but only if low really leaves.
        let refused = update(low, None, json!({"parent": null, "name": null}));
        assert_eq!(run(vec![below(top, json!(low)), refused]), [false, false]);
        assert_eq!(run(vec![below(top, json!(low)), below(low, Json::Null)]), [true, true]);
        // And nothing stands below more than two hundred.
        let mut above = low;
        for _ in 0..200 {
            above = bench.create(json!({"name": "Deep", "parent": above}));
        }
        let deep = bench.try_apply(&bench.admin(), "thing", below(other, json!(above)));
        assert_eq!(errors(deep), [("/parent".to_owned(), "too_deep".to_owned())]);
    });
}
