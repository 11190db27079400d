//! Large undos: once, and to their end.

use std::sync::Arc;

use record_engine::history::list_operations;
use record_engine::jobs::{self, Job, JobHandler, NewJob, run_now};
use record_engine::undo::{Overwrite, UNDO_JOB, Undo, UndoJob, undo, undo_within};
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{EngineError, Role};
use serde_json::json;

use crate::bench_type::{Bench, for_each_bench, values};

/// More than an undo does at once.
const MANY: i64 = 600;

/// Gives many things an amount of their own; answers the operation.
fn renumber(bench: &Bench) -> i64 {
    let snapshot = bench.engine.snapshot();
    let thing = snapshot.object_type("thing").unwrap();
    let run = |kind: OperationKind, changes: Vec<Change>| {
        let operation = bench.engine.write(|tx| {
            let mut operation = Operation::new(kind, Some(thing.id));
            apply(tx, snapshot.writer(), &bench.admin(), &mut operation, &thing, changes.clone())?;
            Ok::<_, EngineError>(operation.stored_id().unwrap())
        });
        operation.unwrap()
    };
    let new = |at: i64| Change::Create { values: values(json!({"name": format!("{at}"), "amount": 0})) };
    run(OperationKind::Import, (1..=MANY).map(new).collect());
    let set = |id: i64| Change::Update { id, base_version: None, values: values(json!({"amount": id})) };
    run(OperationKind::Bulk, (1..=MANY).map(set).collect())
}

fn begin(bench: &Bench, operation: i64) -> i64 {
    match undo(&bench.engine, &bench.admin(), operation).unwrap() {
        Undo::Job(id) => id,
        Undo::Done(_) => panic!("a large undo is a job"),
    }
}

fn work(bench: &Bench, job: i64) -> Job {
    let handlers: [Arc<dyn JobHandler>; 1] = [Arc::new(UndoJob)];
    run_now(&bench.engine, &handlers, job).unwrap()
}

fn execute(bench: &Bench, sql: &str) {
    bench.engine.write(|tx| tx.execute(sql, &[]).map_err(EngineError::from)).unwrap();
}

/// `is_undone`, `can_undo` as the list of operations tells them.
fn flags(bench: &Bench, operation: i64) -> (bool, bool) {
    let catalog = bench.engine.snapshot().catalog;
    let (items, _) =
        bench.engine.database().read(|tx| list_operations(tx, &bench.admin(), &catalog, None, 100)).unwrap();
    let item = items.iter().find(|item| item["id"] == json!(operation)).unwrap();
    (item["is_undone"] == json!(true), item["can_undo"] == json!(true))
}

#[test]
fn an_undo_that_failed_half_way_goes_on_where_it_ended() {
    for_each_bench(|bench| {
        let operation = renumber(bench);
        // Two zeros collide behind the first batch.
        execute(bench, "CREATE UNIQUE INDEX obstacle ON thing (amount) WHERE id > 300");
        let job = begin(bench, operation);
        let stopped = work(bench, job);
        assert_eq!(stopped.state, "failed");
        let zeros = bench.rows("SELECT COUNT(*) FROM thing WHERE amount = 0");
        assert!(zeros > 0 && zeros < MANY, "{zeros}");
        assert_eq!(flags(bench, operation), (false, true), "it can be finished");

        execute(bench, "DROP INDEX obstacle");
        assert_eq!(begin(bench, operation), job, "the same job goes on");
        let done = work(bench, job);
        assert_eq!(
            (done.state.as_str(), done.error, done.report.unwrap()["undone"].as_i64()),
            ("done", None, Some(MANY))
        );
        assert_eq!(bench.rows("SELECT COUNT(*) FROM thing WHERE amount = 0"), MANY);
        assert_eq!(bench.rows("SELECT COUNT(*) FROM operations WHERE kind = 'undo'"), 1, "it is one operation");
        assert_eq!(flags(bench, operation), (true, false));
        assert!(matches!(undo(&bench.engine, &bench.admin(), operation), Err(EngineError::State("already_undone"))));
    });
}

#[test]
fn an_undo_under_way_is_not_begun_a_second_time() {
    for_each_bench(|bench| {
        let operation = renumber(bench);
        let job = begin(bench, operation);
        assert_eq!(begin(bench, operation), job);
        assert!(undo(&bench.engine, &bench.user(2, Role::Administrator), operation).is_ok());
        assert_eq!(bench.rows("SELECT COUNT(*) FROM jobs"), 1);
        // Two jobs of an older release: the second one finds the work done.
        let new = NewJob { kind: UNDO_JOB, payload: json!({ "operation_id": operation }), total: None };
        let second = bench.engine.write(|tx| jobs::enqueue(tx, &bench.admin(), &new)).unwrap();
        assert_eq!(work(bench, job).state, "done");
        let refused = work(bench, second);
        assert_eq!((refused.state.as_str(), &refused.error.unwrap()["code"]), ("failed", &json!("already_undone")));
        assert_eq!(bench.rows("SELECT COUNT(*) FROM operations WHERE kind = 'undo'"), 1);
    });
}

#[test]
fn a_stopped_undo_goes_on_by_what_is_chosen_now() {
    for_each_bench(|bench| {
        let operation = renumber(bench);
        bench.update(MANY, json!({"amount": -5}));
        let snapshot = bench.engine.snapshot();
        let begin_by = |choices: &Overwrite| {
            bench.engine.write(|tx| undo_within(tx, &snapshot, &bench.admin(), operation, choices)).map(|begun| {
                match begun {
                    Undo::Job(id) => id,
                    Undo::Done(_) => panic!("a large undo is a job"),
                }
            })
        };
        let all = Overwrite { overwrite_all: true, ..Overwrite::default() };
        // Two zeros collide behind the first batch.
        execute(bench, "CREATE UNIQUE INDEX obstacle ON thing (amount) WHERE id > 300");
        let job = begin_by(&all).unwrap();
        // While it waits or runs, another choice is told that it comes too late.
        assert!(matches!(begin_by(&Overwrite::default()), Err(EngineError::State("conflict"))));
        assert_eq!(begin_by(&all).unwrap(), job);
        assert_eq!(work(bench, job).state, "failed");
        execute(bench, "DROP INDEX obstacle");
        assert_eq!(begin_by(&Overwrite::default()).unwrap(), job);
        let report = work(bench, job).report.unwrap();
        assert_eq!((&report["undone"], &report["kept_count"]), (&json!(MANY - 1), &json!(1)));
        assert_eq!(bench.stored("thing", MANY).value("amount"), &json!(-5));
    });
}

#[test]
fn what_a_job_still_writes_is_not_undone() {
    for_each_bench(|bench| {
        let operation = renumber(bench);
        let new = NewJob { kind: "elsewhere", payload: json!({}), total: None };
        let job = bench.engine.write(|tx| jobs::enqueue(tx, &bench.admin(), &new)).unwrap();
        execute(bench, &format!("UPDATE jobs SET operation_id = {operation} WHERE id = {job}"));
        let refused = undo(&bench.engine, &bench.admin(), operation);
        assert!(matches!(refused, Err(EngineError::State("operation_under_way"))));
        bench.engine.write(|tx| jobs::cancel(tx, &bench.admin(), job)).unwrap();
        assert_eq!(work(bench, begin(bench, operation)).state, "done");
    });
}
