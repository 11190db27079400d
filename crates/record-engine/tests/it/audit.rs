//! The audit log: with what it tells of or not at all, in one chain, found again.

use std::sync::Barrier;

use database::Query;
use record_engine::audit::retention::{AuditSettings, read_settings, remove_old, write_settings};
use record_engine::audit::{self, AuditFilter, AuditRow, Event, FLOOD, Kind, Outcome, chain};
use record_engine::error::Result;
use record_engine::{EngineError, Origin, Proof, RequestContext};
use serde_json::json;

use crate::bench_type::{Bench, for_each_bench};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn write(bench: &Bench, context: &RequestContext, event: Event) {
    bench.clock.advance(1_000);
    let context = RequestContext { now_ms: bench.clock.now_ms(), ..context.clone() };
    bench
        .engine
        .write(|tx| {
            audit::record(tx, &context, event.clone());
            Ok::<(), EngineError>(())
        })
        .unwrap();
}

fn rows(bench: &Bench, filter: &AuditFilter) -> Vec<AuditRow> {
    bench.engine.database().read(|tx| audit::list(tx, filter, None, 100)).unwrap().rows
}

fn kinds(bench: &Bench, filter: &AuditFilter) -> Vec<String> {
    rows(bench, filter).into_iter().map(|row| row.kind).collect()
}

fn problems(bench: &Bench) -> Vec<String> {
    bench.engine.database().read(|tx| chain::verify(tx)).unwrap().problems
}

fn tamper(bench: &Bench, sql: &str) {
    bench.engine.database().write(|tx| tx.execute(sql, &[])).unwrap();
}

#[test]
fn an_event_stands_and_falls_with_its_transaction() {
    for_each_bench(|bench| {
        let failed: Result<()> = bench.engine.write(|tx| {
            audit::record(tx, &bench.admin(), Event::new(Kind::RoleChanged));
            Err(EngineError::Forbidden)
        });
        assert!(failed.is_err());
        assert_eq!(rows(bench, &AuditFilter::default()), []);
        // Half of a transaction that was taken back leaves nothing either.
        bench
            .engine
            .write(|tx| {
                let half: Result<()> = tx.savepoint(|tx| {
                    audit::record(tx, &bench.admin(), Event::new(Kind::RoleChanged));
                    Err(EngineError::Forbidden)
                });
                assert!(half.is_err());
                audit::record(tx, &bench.admin(), Event::new(Kind::Login));
                Ok::<(), EngineError>(())
            })
            .unwrap();
        assert_eq!(kinds(bench, &AuditFilter::default()), ["login"]);
        assert_eq!(problems(bench), Vec::<String>::new());
    });
}

#[test]
fn an_event_says_who_from_where_and_how_it_ended() {
    for_each_bench(|bench| {
        let origin = Origin {
            address: Some("::ffff:10.0.0.7".parse().unwrap()),
            proof: Some(Proof::Session(12)),
            ..Origin::default()
        };
        let context = bench.employee().through(origin);
        write(bench, &context, Event::new(Kind::Denied).denied().on("contact", 5).with("path", "/api\n/v1"));
        let row = rows(bench, &AuditFilter::default()).remove(0);
        assert_eq!((row.id, row.user_id, row.source.as_str()), (1, Some(2), "web"));
        assert_eq!((row.proof.as_deref(), row.proof_id), (Some("session"), Some(12)));
        assert_eq!(row.address.as_deref(), Some("10.0.0.7"));
        assert_eq!((row.object_type.as_deref(), row.record_id), (Some("contact"), Some(5)));
        assert_eq!((row.kind.as_str(), row.outcome.as_str()), ("denied", "denied"));
        assert_eq!(row.details, json!({ "path": "/api\\u{a}/v1" }));
        assert_eq!(row.at, bench.clock.now_ms());
    });
}

#[test]
fn what_somebody_did_to_the_log_is_found() {
    let events = |bench: &Bench| {
        for number in 0..6 {
            write(bench, &bench.admin(), Event::new(Kind::Login).with("number", number));
        }
        assert_eq!(problems(bench), Vec::<String>::new());
    };
    let check = |sql: &'static str, expect: &'static str| {
        for_each_bench(|bench| {
            events(bench);
            tamper(bench, sql);
            assert_eq!(problems(bench), [expect], "{sql}");
        });
    };
    check("UPDATE audit_events SET user_id = 2 WHERE id = 3", "audit log: event 3 or the one before it was changed");
    check("UPDATE audit_events SET address = '' WHERE id = 6", "audit log: event 6 or the one before it was changed");
    check("DELETE FROM audit_events WHERE id = 4", "audit log: events between 3 and 5 are missing");
    check("DELETE FROM audit_events WHERE id = 6", "audit log: it ends with event 5, but event 6 was the last");
    for_each_bench(|bench| {
        events(bench);
        tamper(bench, "DELETE FROM audit_events WHERE id <= 2");
        let found = problems(bench);
        assert_eq!(found.first().map(String::as_str), Some("audit log: the events before 3 are missing"));
    });
}

#[test]
fn writers_at_once_make_one_chain() {
    for_each_bench(|bench| {
        let start = Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    for _ in 0..15 {
                        let written: Result<()> = bench.engine.write(|tx| {
                            audit::record(tx, &bench.admin(), Event::new(Kind::Login));
                            Ok(())
                        });
                        written.unwrap();
                    }
                });
            }
        });
        let verified = bench.engine.database().read(|tx| chain::verify(tx)).unwrap();
        assert_eq!((verified.events, verified.end.last_id, verified.problems), (120, 120, Vec::new()));
    });
}

#[test]
fn old_events_go_and_the_chain_goes_on() {
    for_each_bench(|bench| {
        let settings = bench.engine.database().read(|tx| read_settings(tx)).unwrap();
        assert_eq!(settings, AuditSettings { retention_days: 1_095, records_views: false });
        for days in [60, 40, 20] {
            write(bench, &bench.admin(), Event::new(Kind::Login));
            bench.clock.advance(days * DAY_MS);
        }
        assert_eq!(remove_old(&bench.engine).unwrap(), 0);
        let change = |days: i64| {
            let changed = AuditSettings { retention_days: days, ..settings };
            bench.engine.write(|tx| write_settings(tx, &bench.admin(), changed))
        };
        assert!(matches!(change(89), Err(EngineError::Invalid(_))));
        change(90).unwrap();
        assert_eq!(remove_old(&bench.engine).unwrap(), 1);
        let left = rows(bench, &AuditFilter::default());
        let told: Vec<(i64, &str)> = left.iter().map(|row| (row.id, row.kind.as_str())).collect();
        assert_eq!(told, [(5, "audit_pruned"), (4, "settings_changed"), (3, "login"), (2, "login")]);
        assert_eq!(left.first().map(|row| &row.details["count"]), Some(&json!(1)));
        assert_eq!(problems(bench), Vec::<String>::new());

        // What was taken away beyond that is noticed.
        tamper(bench, "DELETE FROM audit_events WHERE id = 2");
        assert_eq!(problems(bench).first().map(String::as_str), Some("audit log: the events before 3 are missing"));
        tamper(bench, "DELETE FROM audit_events WHERE id = 3");

        // All of it may grow old, also what tells of the removal.
        bench.clock.advance(200 * DAY_MS);
        assert_eq!(remove_old(&bench.engine).unwrap(), 2);
        assert_eq!(kinds(bench, &AuditFilter::default()), ["audit_pruned"]);
        assert_eq!(problems(bench), Vec::<String>::new());
        assert_eq!(remove_old(&bench.engine).unwrap(), 0);
    });
}

#[test]
fn events_are_found_by_everything_that_is_known_of_them() {
    for_each_bench(|bench| {
        let at_home = Origin { address: Some("10.0.0.7".parse().unwrap()), proof: None, ..Origin::default() };
        write(bench, &bench.system().through(at_home), Event::new(Kind::Login).by(2).with("device", "Телефон Олени"));
        let middle = bench.clock.now_ms() + 1;
        write(bench, &bench.admin(), Event::new(Kind::UserChanged).on("user", 2).with("share", "100%_ok"));
        write(bench, &bench.admin(), Event::new(Kind::Login).failed());
        let check = |filter: AuditFilter, expect: &[i64]| {
            let found: Vec<i64> = rows(bench, &filter).iter().map(|row| row.id).collect();
            assert_eq!(found, expect, "{filter:?}");
        };
        let all = AuditFilter::default;
        check(all(), &[3, 2, 1]);
        check(AuditFilter { from_ms: Some(middle), ..all() }, &[3, 2]);
        check(AuditFilter { to_ms: Some(middle), ..all() }, &[1]);
        check(AuditFilter { user_id: Some(2), ..all() }, &[1]);
        check(AuditFilter { kinds: vec![Kind::Login], ..all() }, &[3, 1]);
        check(AuditFilter { kinds: vec![Kind::Login, Kind::UserChanged], ..all() }, &[3, 2, 1]);
        check(AuditFilter { outcome: Some(Outcome::Failure), ..all() }, &[3]);
        check(AuditFilter { object_type: Some("user".into()), record_id: Some(2), ..all() }, &[2]);
        check(AuditFilter { address: Some("10.0.0.7".into()), ..all() }, &[1]);
        check(AuditFilter { text: Some("олени ТЕЛЕФ".into()), ..all() }, &[1]);
        check(AuditFilter { text: Some("100%_".into()), ..all() }, &[2]);
        check(AuditFilter { text: Some("%".into()), ..all() }, &[2]);
        check(AuditFilter { text: Some("nobody".into()), ..all() }, &[]);
        check(AuditFilter { text: Some("nobody".into()), text_user_ids: vec![1], ..all() }, &[3, 2]);

        check(AuditFilter { person_id: Some(2), ..all() }, &[2, 1]);
        let of_person = AuditFilter { person_id: Some(2), ..all() };
        let mut behind = None;
        for expect in [2, 1] {
            let page = bench.engine.database().read(|tx| audit::list(tx, &of_person, behind, 1)).unwrap();
            assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [expect]);
            behind = page.next;
        }

        let page = |behind| bench.engine.database().read(|tx| audit::list(tx, &all(), behind, 2)).unwrap();
        let first = page(None);
        assert_eq!(first.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [3, 2]);
        let second = page(first.next);
        assert_eq!((second.rows.iter().map(|row| row.id).collect::<Vec<_>>(), second.next), (vec![1], None));
    });
}

#[test]
fn a_flood_finds_no_more_room() {
    for_each_bench(|bench| {
        let from = Origin { address: Some("10.0.0.7".parse().unwrap()), proof: None, ..Origin::default() };
        let stranger = bench.system().through(from);
        let event = || Event::new(Kind::Login).failed();
        let has_room = |context: &RequestContext| {
            let context = RequestContext { now_ms: bench.clock.now_ms(), ..context.clone() };
            bench.engine.database().read(|tx| audit::has_room(tx, &context, &event(), FLOOD)).unwrap()
        };
        for _ in 0..FLOOD.most {
            assert!(has_room(&stranger));
            write(bench, &stranger, event());
        }
        assert!(!has_room(&stranger));
        assert!(has_room(&bench.employee()), "others are not concerned");
        bench.clock.advance(FLOOD.within_ms);
        assert!(has_room(&stranger));

        let view = || Event::new(Kind::CardViewed).on("contact", 3);
        let is_known = |context: &RequestContext| {
            let after = bench.clock.now_ms() - 3_600_000;
            bench.engine.database().read(|tx| audit::is_known(tx, context, &view(), after)).unwrap()
        };
        assert!(!is_known(&bench.employee()));
        write(bench, &bench.employee(), view());
        assert!(is_known(&bench.employee()));
        assert!(!is_known(&bench.admin()));
        bench.clock.advance(3_600_000);
        assert!(!is_known(&bench.employee()));
    });
}

#[test]
fn nothing_but_the_retention_removes_events() {
    for_each_bench(|bench| {
        // Emptying the log by hand leaves its end behind.
        write(bench, &bench.admin(), Event::new(Kind::Login));
        tamper(bench, "DELETE FROM audit_events");
        assert_eq!(problems(bench), ["audit log: it ends with event 0, but event 1 was the last"]);
        let end = bench.engine.database().read(|tx| tx.query_one("SELECT last_id FROM audit_chain", &[])?.integer(0));
        assert_eq!(end.unwrap(), 1);
    });
}
