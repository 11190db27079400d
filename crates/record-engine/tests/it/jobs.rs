//! Jobs go on where their last durable batch ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use database::DatabaseError;
use record_engine::error::Result;
use record_engine::jobs::{self, JobHandler, JobRun, NewJob, Workers, run_now};
use record_engine::notifications::{self, inbox};
use record_engine::write::{Change, apply_one};
use record_engine::{Clock, EngineError, RequestContext};
use serde_json::{Value as Json, json};

use crate::bench_type::{Bench, for_each_bench, values};

/// Counts to its total in steps; fails or panics at a chosen step of its first run.
struct Counting {
    stumble_at: i64,
    panics: bool,
    runs: AtomicI64,
    steps: AtomicI64,
}

impl JobHandler for Counting {
    fn kind(&self) -> &'static str {
        "counting"
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let is_first = self.runs.fetch_add(1, Ordering::SeqCst) == 0;
        let start: i64 = run.position()?.unwrap_or(0);
        for at in start..10 {
            run.check_cancelled()?;
            run.engine().write(|tx| {
                self.steps.fetch_add(1, Ordering::SeqCst);
                run.checkpoint(tx, &(at + 1), at + 1)?;
                if is_first && at == self.stumble_at {
                    assert!(!self.panics, "stumbled");
                    return Err(EngineError::State("stumbled"));
                }
                Ok(())
            })?;
        }
        Ok(json!({ "counted": 10 }))
    }
}

fn enqueue(bench: &Bench, context: &RequestContext) -> i64 {
    let new = NewJob { kind: "counting", payload: json!({}), total: Some(10) };
    bench.engine.write(|tx| jobs::enqueue(tx, context, &new)).unwrap()
}

fn handler(stumble_at: i64, panics: bool) -> Arc<Counting> {
    Arc::new(Counting { stumble_at, panics, runs: AtomicI64::new(0), steps: AtomicI64::new(0) })
}

fn find(bench: &Bench, id: i64) -> jobs::Job {
    bench.engine.database().read(|tx| jobs::find(tx, id)).unwrap().unwrap()
}

#[test]
fn a_job_runs_to_its_report() {
    for_each_bench(|bench| {
        let workers = Workers::start(&bench.engine, vec![handler(-1, false)], 2).unwrap();
        let id = enqueue(bench, &bench.admin());
        let deadline = Instant::now() + Duration::from_secs(10);
        while !find(bench, id).is_over() {
            assert!(Instant::now() < deadline, "the job does not end");
            bench.engine.wait_for_events(bench.engine.generation(), Duration::from_millis(20));
        }
        drop(workers);
        let job = find(bench, id);
        assert_eq!((job.state.as_str(), job.done, job.report), ("done", 10, Some(json!({"counted": 10}))));
    });
}

#[test]
fn a_failed_job_says_why_and_keeps_what_was_durable() {
    for_each_bench(|bench| {
        for panics in [false, true] {
            let id = enqueue(bench, &bench.admin());
            let job = run_now(&bench.engine, &[handler(4, panics)], id).unwrap();
            assert_eq!((job.state.as_str(), job.position.as_deref()), ("failed", Some("4")));
            assert!(job.error.is_some());
        }
    });
}

/// Finds the database busy at its fifth step, twice.
struct Patient {
    refusals: AtomicI64,
    steps: AtomicI64,
}

impl JobHandler for Patient {
    fn kind(&self) -> &'static str {
        "counting"
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let start: i64 = run.position()?.unwrap_or(0);
        for at in start..10 {
            run.engine().write(|tx| {
                if at == 4 && self.refusals.fetch_sub(1, Ordering::SeqCst) > 0 {
                    return Err(EngineError::Database(DatabaseError::Busy("a test".into())));
                }
                self.steps.fetch_add(1, Ordering::SeqCst);
                run.checkpoint(tx, &(at + 1), at + 1)
            })?;
        }
        Ok(json!({ "counted": 10 }))
    }
}

#[test]
fn a_job_waits_for_a_busy_database_and_goes_on_where_it_stood() {
    for_each_bench(|bench| {
        let id = enqueue(bench, &bench.admin());
        let patient = Arc::new(Patient { refusals: AtomicI64::new(2), steps: AtomicI64::new(0) });
        let handlers: [Arc<dyn JobHandler>; 1] = [patient.clone()];
        let job = run_now(&bench.engine, &handlers, id).unwrap();
        assert_eq!((job.state.as_str(), job.done, job.error), ("done", 10, None));
        assert_eq!(patient.steps.load(Ordering::SeqCst), 10, "no step is done twice");
    });
}

#[test]
fn a_job_of_a_dead_process_goes_on_where_it_stood() {
    for_each_bench(|bench| {
        let id = enqueue(bench, &bench.admin());
        bench
            .engine
            .write(|tx| {
                let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
                let owner = format!("{}/999999999/1/x", machine.trim());
                tx.execute(
                    "UPDATE jobs SET state = 'running', position = '7', done = 7, locked_by = ?, locked_until = ? WHERE id = ?",
                    &[owner.into(), i64::MAX.into(), id.into()],
                )?;
                Ok::<_, EngineError>(())
            })
            .unwrap();
        let counting = handler(-1, false);
        let handlers: [Arc<dyn JobHandler>; 1] = [counting.clone()];
        let job = run_now(&bench.engine, &handlers, id).unwrap();
        assert_eq!((job.state.as_str(), job.done), ("done", 10));
        assert_eq!(counting.steps.load(Ordering::SeqCst), 3);
    });
}

#[test]
fn a_job_can_be_cancelled_by_those_it_belongs_to() {
    for_each_bench(|bench| {
        let id = enqueue(bench, &bench.admin());
        assert!(!find(bench, id).belongs_to(&bench.employee()));
        bench.engine.write(|tx| jobs::cancel(tx, &bench.admin(), id)).unwrap();
        assert_eq!(find(bench, id).state, "cancelled");
        assert!(matches!(
            bench.engine.write(|tx| jobs::cancel(tx, &bench.admin(), id)),
            Err(EngineError::State("job_is_over"))
        ));
    });
}

#[test]
fn a_job_ends_when_its_owner_may_no_longer() {
    for_each_bench(|bench| {
        for (fields, state) in [
            (json!({ "role": "employee", "is_active": true }), "done"),
            (json!({ "role": "supervisor", "is_active": true }), "failed"),
            (json!({ "role": "employee", "is_active": false }), "failed"),
        ] {
            let job = enqueue(bench, &bench.employee());
            let change = Change::Update { id: 2, base_version: None, values: values(fields.clone()) };
            bench.try_apply(&bench.system(), "user", change).unwrap();
            let job = run_now(&bench.engine, &[handler(-1, false)], job).unwrap();
            assert_eq!(job.state, state, "{fields}");
            if state == "failed" {
                let error = job.error.unwrap_or_default();
                assert_eq!((job.done, &error["code"]), (0, &json!("rights_changed")), "{fields}");
            }
        }
    });
}

/// Looks three times whether it may go on; before the last look the people of the bench are other than before.
struct Looking {
    change: Change,
}

impl JobHandler for Looking {
    fn kind(&self) -> &'static str {
        "counting"
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        run.check_cancelled()?;
        let engine = run.engine();
        let (snapshot, context) = (engine.snapshot(), RequestContext::system(engine.clock()));
        let users = snapshot.object_type("user")?;
        let changed = engine.write(|tx| apply_one(tx, snapshot.writer(), &context, &users, self.change.clone()));
        changed.map(drop)?;
        run.check_cancelled()?;
        Ok(Json::Null)
    }
}

#[test]
fn a_job_ends_when_its_owner_loses_people_and_goes_on_when_he_gets_some() {
    for_each_bench(|bench| {
        let fewer = Change::Update { id: 3, base_version: None, values: values(json!({ "is_active": false })) };
        let more = Change::Create { values: values(json!({ "name": "Нова" })) };
        for (change, state) in [(more, "done"), (fewer, "failed")] {
            let id = enqueue(bench, &bench.employee());
            let job = run_now(&bench.engine, &[Arc::new(Looking { change })], id).unwrap();
            assert_eq!(job.state, state, "{:?}", job.error);
            if state == "failed" {
                assert_eq!(job.error.unwrap_or_default()["code"], "rights_changed");
            }
        }
    });
}

/// Takes some seconds by the clock.
struct Lasting {
    clock: Clock,
    seconds: i64,
}

impl JobHandler for Lasting {
    fn kind(&self) -> &'static str {
        "counting"
    }

    fn tells_of_its_end(&self) -> Option<&'static notifications::Kind> {
        Some(&notifications::IMPORT_FINISHED)
    }

    fn run(&self, _run: &JobRun<'_>) -> Result<Json> {
        self.clock.advance(self.seconds * 1_000);
        Ok(json!({}))
    }
}

#[test]
fn who_waited_for_a_job_is_told_of_its_end() {
    for_each_bench(|bench| {
        let told = |context: &RequestContext| {
            let catalog = &bench.engine.snapshot().catalog;
            let page = bench.engine.database().read(|tx| inbox::list(tx, context, catalog, true, None, 10)).unwrap();
            page.items.iter().map(|item| (item.text("en"), item.job.map(|job| job.id))).collect::<Vec<_>>()
        };
        let admin = bench.admin();
        let run = |seconds: i64| {
            let id = enqueue(bench, &admin);
            let handler = Lasting { clock: bench.engine.clock().clone(), seconds };
            assert_eq!(run_now(&bench.engine, &[Arc::new(handler)], id).unwrap().state, "done");
            id
        };
        run(9);
        assert_eq!(told(&admin), [], "he still looks at it");
        let id = run(10);
        assert_eq!(told(&admin), [("Your import is finished".to_owned(), Some(id))]);
    });
}
