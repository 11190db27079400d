//! What only PostgreSQL does: conflicts, broken connections, typed parameters.

use std::sync::{
    Barrier,
    atomic::{AtomicU32, Ordering},
};

use database::{Backend, Database, DatabaseError, OpenOptions, Query, Value};
use test_kit::{TestDatabase, for_each_backend};

use super::transactions::{add_note, create_notes, note_ids};

fn on_postgres(test: impl Fn(TestDatabase)) {
    for_each_backend(|database| {
        if database.backend == Backend::Postgres {
            test(database);
        }
    });
}

/// Ends all other connections of the database, as a restart of the server does.
fn break_connections(admin: &Database) {
    admin
        .read(|tx| {
            tx.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
                &[],
            )
        })
        .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
}

#[test]
fn connections_that_broke_while_idle_are_replaced() {
    on_postgres(|test| {
        let database = test.open();
        let admin = test.open();
        create_notes(&database);
        // Several idle connections, so that replacing one is not enough.
        let meet = Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    database.read(|tx| -> Result<(), DatabaseError> {
                        tx.query("SELECT 1", &[])?;
                        meet.wait();
                        Ok(())
                    })
                });
            }
        });
        break_connections(&admin);
        assert!(note_ids(&database).is_empty());
        database.write(|tx| add_note(tx, 1)).unwrap();
        assert_eq!(note_ids(&database), [1]);
    });
}

#[test]
fn a_connection_that_breaks_in_mid_transaction_is_an_error_and_not_a_commit() {
    on_postgres(|test| {
        let database = test.open();
        let admin = test.open();
        create_notes(&database);
        let result = database.write(|tx| {
            add_note(tx, 1)?;
            break_connections(&admin);
            add_note(tx, 2)
        });
        assert!(matches!(result, Err(DatabaseError::Connection(_))), "{result:?}");
        let result = database.write(|tx| {
            add_note(tx, 1)?;
            break_connections(&admin);
            Ok(())
        });
        assert!(matches!(result, Err(DatabaseError::Connection(_))), "{result:?}");
        assert!(note_ids(&database).is_empty());
    });
}

#[test]
fn a_deadlock_is_resolved_by_running_again() {
    on_postgres(|test| {
        let database = test.open();
        create_notes(&database);
        database
            .write(|tx| {
                add_note(tx, 1)?;
                add_note(tx, 2)
            })
            .unwrap();
        let runs = AtomicU32::new(0);
        let meet = Barrier::new(2);
        let touch = |first: i64, second: i64| {
            let mut has_met = false;
            database
                .write(|tx| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    let update = "UPDATE notes SET body = body || '!' WHERE id = ?";
                    tx.execute(update, &[first.into()])?;
                    if !has_met {
                        has_met = true;
                        meet.wait();
                    }
                    tx.execute(update, &[second.into()])
                })
                .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        };
        std::thread::scope(|scope| {
            scope.spawn(|| touch(1, 2));
            scope.spawn(|| touch(2, 1));
        });
        assert_eq!(runs.load(Ordering::Relaxed), 3);
        let rows: Result<_, DatabaseError> = database.read(|tx| tx.query("SELECT body FROM notes", &[]));
        assert!(rows.unwrap().iter().all(|row| row.text(0).as_deref() == Ok("note!!")));
    });
}

#[test]
fn a_conflict_that_never_ends_is_reported() {
    on_postgres(|test| {
        let database = test.open();
        create_notes(&database);
        let mut runs = 0;
        let result = database.write(|tx| {
            runs += 1;
            add_note(tx, runs)?;
            tx.execute_batch("DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$")
        });
        assert!(matches!(result, Err(DatabaseError::Serialization(_))), "{result:?}");
        assert_eq!(runs, 6);
        assert!(note_ids(&database).is_empty());
    });
}

#[test]
fn parameters_and_columns_of_other_types() {
    on_postgres(|test| {
        let database = test.open();
        database
            .write_alone(|tx| {
                tx.execute_batch(
                    "CREATE TABLE odd (small smallint, usual integer, flag boolean, single real, exact numeric(12, 2), \
                     label varchar(20), document json, moment timestamptz)",
                )
            })
            .unwrap();
        let insert = "INSERT INTO odd (small, usual, flag, single, exact, label, document, moment) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let values = [
            Value::Integer(-7),
            Value::Integer(70_000),
            true.into(),
            Value::Real(0.5),
            Value::Real(12.25),
            Value::Integer(5),
            "{\"a\":1}".into(),
            "2026-01-01T00:00:00Z".into(),
        ];
        database.write(|tx| tx.execute(insert, &values)).unwrap();
        database.write(|tx| tx.execute(insert, &vec![Value::Null; 8])).unwrap();
        let rows = database
            .read(|tx| {
                tx.query(
                    "SELECT small, usual, flag, single, exact, label, document, moment::text FROM odd ORDER BY small",
                    &[],
                )
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        assert_eq!(
            rows[0].values(),
            [
                Value::Integer(-7),
                Value::Integer(70_000),
                Value::Integer(1),
                Value::Real(0.5),
                Value::Real(12.25),
                "5".into(),
                "{\"a\":1}".into(),
                "2026-01-01 00:00:00+00".into(),
            ]
        );
        assert!(rows[1].values().iter().all(Value::is_null));
        let too_big = database.write(|tx| tx.execute("INSERT INTO odd (small) VALUES (?)", &[100_000.into()]));
        assert!(matches!(too_big, Err(DatabaseError::Other(_))), "{too_big:?}");
        let unknown = database.read(|tx| tx.query("SELECT moment FROM odd", &[]));
        assert!(matches!(unknown, Err(DatabaseError::Other(_))), "{unknown:?}");
    });
}

#[test]
fn statements_beyond_the_cache_still_work() {
    on_postgres(|test| {
        let database = test.open_with(OpenOptions { postgres_connections: 1, ..OpenOptions::default() });
        for round in 0..2 {
            for number in 0..300_i64 {
                let row =
                    database.read(|tx| tx.query_one(&format!("SELECT {number} + CAST(? AS bigint)"), &[round.into()]));
                assert_eq!(row.unwrap_or_else(|error: DatabaseError| panic!("{error}")).integer(0), Ok(number + round));
            }
        }
    });
}

#[test]
fn a_conflict_inside_a_savepoint_runs_the_whole_transaction_again() {
    on_postgres(|test| {
        let database = test.open();
        create_notes(&database);
        let mut runs = 0;
        database
            .write(|tx| {
                runs += 1;
                add_note(tx, 1)?;
                tx.savepoint(|tx| match runs {
                    1 => tx.execute_batch("DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$"),
                    _ => add_note(tx, 2).map(drop),
                })
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        assert_eq!(runs, 2);
        assert_eq!(note_ids(&database), [1, 2]);
    });
}
