//! Statements that wait for the end of their transaction.

use database::{Database, DatabaseError, Query, Tx};
use test_kit::for_each_backend;

const INSERT: &str = "INSERT INTO notes (id) VALUES (?)";

fn with_notes(database: &Database) {
    database.write(|tx| tx.execute_batch("CREATE TABLE notes (id BIGINT PRIMARY KEY)")).unwrap();
}

fn ids(tx: &mut dyn Query) -> Result<Vec<i64>, DatabaseError> {
    tx.query("SELECT id FROM notes ORDER BY id", &[])?.iter().map(|row| row.integer(0)).collect()
}

#[test]
fn they_run_once_at_the_end() {
    for_each_backend(|test| {
        let database = test.open();
        with_notes(&database);
        let seen = database
            .write(|tx| {
                tx.execute_late(INSERT, vec![1.into()]);
                ids(tx)
            })
            .unwrap();
        assert_eq!(seen, [] as [i64; 0]);
        assert_eq!(database.read(|tx| ids(tx)).unwrap(), [1]);
    });
}

#[test]
fn an_undone_part_takes_its_own_along() {
    for_each_backend(|test| {
        let database = test.open();
        with_notes(&database);
        let refused = |tx: &mut Tx, id: i64| {
            tx.execute_late(INSERT, vec![id.into()]);
            Err::<(), _>(DatabaseError::Other("refused".into()))
        };
        database
            .write(|tx| {
                tx.execute_late(INSERT, vec![1.into()]);
                assert!(tx.savepoint(|tx| refused(tx, 2)).is_err());
                tx.savepoint(|tx| {
                    tx.execute_late(INSERT, vec![3.into()]);
                    Ok::<_, DatabaseError>(())
                })
            })
            .unwrap();
        assert!(database.write(|tx| refused(tx, 4)).is_err());
        assert_eq!(database.read(|tx| ids(tx)).unwrap(), [1, 3]);
    });
}

#[test]
fn one_that_fails_undoes_the_transaction() {
    for_each_backend(|test| {
        let database = test.open();
        with_notes(&database);
        let written = database.write(|tx| {
            tx.execute_late(INSERT, vec![1.into()]);
            tx.execute(INSERT, &[1.into()])
        });
        assert!(written.is_err());
        assert_eq!(database.read(|tx| ids(tx)).unwrap(), [] as [i64; 0]);
        database.write(|tx| tx.execute(INSERT, &[2.into()])).unwrap();
        assert_eq!(database.read(|tx| ids(tx)).unwrap(), [2]);
    });
}
