//! Tables change while statements on them are cached.

use database::{Backend, ColumnType, DatabaseError, Query, column_type};
use test_kit::for_each_backend;

use super::transactions::{add_note, create_notes};

#[test]
fn cached_statements_survive_new_columns() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        database.write(|tx| add_note(tx, 1)).unwrap();
        let other = test.open();
        for round in 0..3_usize {
            for database in [&database, &other] {
                for sql in ["SELECT id, body FROM notes", "SELECT * FROM notes"] {
                    let row: Result<_, DatabaseError> = database.read(|tx| tx.query_one(sql, &[]));
                    let expected = if sql.contains('*') { 2 + round } else { 2 };
                    assert_eq!(row.unwrap().len(), expected);
                }
                database
                    .write(|tx| {
                        let rows = tx.query("SELECT * FROM notes", &[])?;
                        tx.execute("UPDATE notes SET body = ? WHERE id = ?", &["y".into(), 1.into()])?;
                        assert_eq!(rows[0].len(), 2 + round);
                        Ok(())
                    })
                    .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
            }
            let sql = format!("ALTER TABLE notes ADD COLUMN x{round} {}", column_type(test.backend, ColumnType::Text));
            database.write_alone(|tx| tx.execute(&sql, &[])).unwrap();
        }
    });
}

#[test]
fn a_failed_schema_change_leaves_nothing() {
    for_each_backend(|test| {
        let database = test.open();
        let result =
            database.write_alone(|tx| tx.execute_batch("CREATE TABLE a (id INTEGER); CREATE TABLE a (id INTEGER)"));
        assert!(result.is_err());
        database.write_alone(|tx| tx.execute_batch("CREATE TABLE a (id INTEGER)")).unwrap();
        assert_eq!(database.backend(), test.backend);
        assert!(matches!(test.backend, Backend::Sqlite | Backend::Postgres));
    });
}

#[test]
fn a_statement_that_went_stale_in_mid_read_can_be_repeated() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let stale = "SELECT * FROM notes";
        let read = || {
            database.read(|tx| {
                tx.query("SELECT 1", &[])?;
                tx.query(stale, &[])
            })
        };
        assert!(read().unwrap_or_else(|error: DatabaseError| panic!("{error}")).is_empty());
        database.write_alone(|tx| tx.execute_batch("ALTER TABLE notes ADD COLUMN extra INTEGER")).unwrap();
        let first = read();
        assert!(matches!(first, Ok(_) | Err(DatabaseError::Serialization(_))), "{first:?}");
        assert!(read().is_ok());
    });
}
