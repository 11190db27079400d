//! What a transaction keeps, what it undoes, and when hooks run.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
};

use database::{ColumnType, Database, DatabaseError, Query, Tx, column_type};
use test_kit::for_each_backend;

/// A caller's own error, as the layers above have one.
#[derive(Debug)]
enum Refusal {
    Rule,
    Failure,
}

impl From<DatabaseError> for Refusal {
    fn from(_: DatabaseError) -> Self {
        Refusal::Failure
    }
}

pub(super) fn create_notes(database: &Database) {
    let sql = format!(
        "CREATE TABLE notes (id {}, body {} NOT NULL)",
        column_type(database.backend(), ColumnType::Id),
        column_type(database.backend(), ColumnType::Text),
    );
    database.write_alone(|tx| tx.execute_batch(&sql)).unwrap();
}

pub(super) fn add_note(tx: &mut Tx, id: i64) -> Result<u64, DatabaseError> {
    tx.execute("INSERT INTO notes (id, body) VALUES (?, ?)", &[id.into(), "note".into()])
}

pub(super) fn note_ids(database: &Database) -> Vec<i64> {
    database
        .read(|tx| tx.query("SELECT id FROM notes ORDER BY id", &[]))
        .unwrap_or_else(|error: DatabaseError| panic!("{error}"))
        .iter()
        .map(|row| row.integer(0).unwrap())
        .collect()
}

#[test]
fn an_error_undoes_the_closure() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let result: Result<(), Refusal> = database.write(|tx| {
            add_note(tx, 1)?;
            Err(Refusal::Rule)
        });
        assert!(matches!(result, Err(Refusal::Rule)));
        let changed = database.write(|tx| add_note(tx, 2)).unwrap();
        assert_eq!(changed, 1);
        assert_eq!(note_ids(&database), [2]);
    });
}

#[test]
fn a_panic_undoes_the_closure_and_reaches_its_caller() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            database.write(|tx| -> Result<(), DatabaseError> {
                add_note(tx, 1)?;
                panic!("a fault in a closure");
            })
        }));
        assert!(outcome.is_err());
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            database.read(|tx| -> Result<(), DatabaseError> {
                tx.query("SELECT id FROM notes", &[])?;
                panic!("a fault in a closure");
            })
        }));
        assert!(outcome.is_err());
        database.write(|tx| add_note(tx, 2)).unwrap();
        assert_eq!(note_ids(&database), [2]);
    });
}

#[test]
fn a_swallowed_failure_is_not_committed() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        database.write(|tx| add_note(tx, 1)).unwrap();
        let result = database.write(|tx| {
            add_note(tx, 2)?;
            let duplicate = add_note(tx, 1);
            assert!(duplicate.is_err());
            // Refused on both databases, although SQLite could go on.
            assert_eq!(add_note(tx, 3), duplicate);
            Ok(())
        });
        assert!(matches!(result, Err(DatabaseError::Unique { .. })), "{result:?}");
        assert_eq!(note_ids(&database), [1]);
    });
}

#[test]
fn a_savepoint_contains_a_failure() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let ran = Arc::new(Mutex::new(Vec::new()));
        let hook = |name: &'static str| -> Box<dyn FnOnce() + Send> {
            let ran = Arc::clone(&ran);
            Box::new(move || ran.lock().unwrap().push(name))
        };
        database
            .write(|tx| {
                add_note(tx, 1)?;
                tx.after_commit(hook("outer"));
                let duplicate = tx.savepoint(|tx| {
                    add_note(tx, 2)?;
                    tx.after_commit(hook("undone"));
                    tx.savepoint(|tx| add_note(tx, 3))?;
                    add_note(tx, 1)
                });
                assert!(matches!(duplicate, Err(DatabaseError::Unique { .. })));
                let refused: Result<(), Refusal> = tx.savepoint(|tx| {
                    add_note(tx, 4)?;
                    Err(Refusal::Rule)
                });
                assert!(matches!(refused, Err(Refusal::Rule)));
                tx.savepoint(|tx| {
                    tx.after_commit(hook("inner"));
                    add_note(tx, 5)
                })
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        assert_eq!(note_ids(&database), [1, 5]);
        assert_eq!(*ran.lock().unwrap(), ["outer", "inner"]);
    });
}

#[test]
fn hooks_run_once_the_work_is_visible_and_only_then() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let seen = Arc::new(Mutex::new(Vec::new()));
        database
            .write(|tx| {
                add_note(tx, 1)?;
                let (database, seen) = (database.clone(), Arc::clone(&seen));
                tx.after_commit(Box::new(move || *seen.lock().unwrap() = note_ids(&database)));
                assert!(note_ids(&database_of(&test)).is_empty());
                Ok(())
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        assert_eq!(*seen.lock().unwrap(), [1]);

        let result: Result<(), Refusal> = database.write(|tx| {
            let seen = Arc::clone(&seen);
            tx.after_commit(Box::new(move || seen.lock().unwrap().clear()));
            Err(Refusal::Rule)
        });
        assert!(matches!(result, Err(Refusal::Rule)));
        assert_eq!(*seen.lock().unwrap(), [1]);

        // A panic in a hook is contained, because the work is already durable.
        database
            .write(|tx| {
                tx.after_commit(Box::new(|| panic!("a fault in a hook")));
                add_note(tx, 2)
            })
            .unwrap();
        assert_eq!(note_ids(&database), [1, 2]);
    });
}

/// A second handle, as another process would have it.
fn database_of(test: &test_kit::TestDatabase) -> Database {
    test.open()
}

#[test]
fn a_write_inside_a_write_is_refused() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let result = database.write(|tx| {
            add_note(tx, 1)?;
            // Reading inside a write is fine and sees the state before it.
            assert!(note_ids(&database).is_empty());
            database.write(|tx| add_note(tx, 2))
        });
        assert!(matches!(result, Err(DatabaseError::Unsupported(_))), "{result:?}");
        assert!(note_ids(&database).is_empty());
    });
}

#[test]
fn reads_see_one_snapshot() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        database.write(|tx| add_note(tx, 1)).unwrap();
        database
            .read(|tx| {
                let count = |tx: &mut database::ReadTx| tx.query_one("SELECT count(*) FROM notes", &[])?.integer(0);
                assert_eq!(count(tx)?, 1);
                database.write(|tx| add_note(tx, 2))?;
                assert_eq!(count(tx)?, 1);
                Ok(())
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        assert_eq!(note_ids(&database), [1, 2]);
    });
}

#[test]
fn reads_cannot_write() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let result = database.read(|tx| tx.query("DELETE FROM notes RETURNING id", &[]));
        assert!(result.is_err());
    });
}

#[test]
fn returning_gives_rows() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let row = database
            .write(|tx| {
                tx.query_one("INSERT INTO notes (id, body) VALUES (?, ?) RETURNING id, body", &[9.into(), "x".into()])
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        assert_eq!(row.integer(0), Ok(9));
        let rows: Result<_, DatabaseError> =
            database.read(|tx| tx.query_one("SELECT id FROM notes WHERE id = ?", &[8.into()]));
        assert!(matches!(rows, Err(DatabaseError::Column(_))));
    });
}
