//! Failures of the databases arrive as the same errors.

use database::{Backend, Database, DatabaseError, Query, Value, expand_types};
use test_kit::for_each_backend;

fn database_with_constraints(test: &test_kit::TestDatabase) -> Database {
    let database = test.open();
    let sql = expand_types(
        test.backend,
        "CREATE TABLE people (id {id}, name {text} NOT NULL, age {int} CONSTRAINT grown CHECK (age > 0)); \
         CREATE TABLE channels (id {id}, person_id {int} NOT NULL REFERENCES people (id), kind {text}, address {text}); \
         CREATE UNIQUE INDEX one_channel ON channels (kind, address); \
         CREATE UNIQUE INDEX one_name ON people (lower(name))",
    );
    database.write_alone(|tx| tx.execute_batch(&sql)).unwrap();
    database
        .write(|tx| {
            tx.execute("INSERT INTO people (id, name) VALUES (1, 'Ann')", &[])?;
            tx.execute("INSERT INTO channels (id, person_id, kind, address) VALUES (1, 1, 'mail', 'a@b.c')", &[])
        })
        .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
    database
}

#[test]
fn constraints() {
    for_each_backend(|test| {
        let database = database_with_constraints(&test);
        let run = |sql: &str, params: &[Value]| database.write(|tx| tx.execute(sql, params)).unwrap_err();
        let unique =
            |table: &str, detail: &str| DatabaseError::Unique { table: table.to_owned(), detail: detail.to_owned() };

        assert_eq!(run("INSERT INTO people (id, name) VALUES (1, 'Bob')", &[]), unique("people", "id"));
        assert_eq!(
            run(
                "INSERT INTO channels (id, person_id, kind, address) VALUES (2, 1, ?, ?)",
                &["mail".into(), "a@b.c".into()]
            ),
            unique("channels", "kind, address")
        );
        let table = if test.backend == Backend::Sqlite { "" } else { "people" };
        assert_eq!(run("INSERT INTO people (id, name) VALUES (2, 'ANN')", &[]), unique(table, "one_name"));
        assert_eq!(
            run("INSERT INTO people (id, name) VALUES (2, ?)", &[Value::Null]),
            DatabaseError::NotNull { table: "people".to_owned(), column: "name".to_owned() }
        );
        assert_eq!(
            run("INSERT INTO people (id, name, age) VALUES (2, 'Bob', -1)", &[]),
            DatabaseError::Check { constraint: "grown".to_owned() }
        );
        for sql in ["INSERT INTO channels (id, person_id) VALUES (2, 77)", "DELETE FROM people"] {
            assert!(matches!(run(sql, &[]), DatabaseError::ForeignKey { .. }));
        }
    });
}

#[test]
fn wrong_sql_is_an_error_and_harms_nothing() {
    for_each_backend(|test| {
        let database = database_with_constraints(&test);
        assert!(matches!(database.read(|tx| tx.query("SELEKT 1", &[])), Err(DatabaseError::Other(_))));
        assert!(matches!(database.write(|tx| tx.execute("DELETE FROM nobody", &[])), Err(DatabaseError::Other(_))));
        assert!(matches!(
            database.read(|tx| tx.query_one("SELECT id FROM people UNION ALL SELECT 2", &[])),
            Err(DatabaseError::Column(_))
        ));
        let row: Result<_, DatabaseError> = database.read(|tx| tx.query_one("SELECT count(*) FROM people", &[]));
        assert_eq!(row.unwrap().integer(0), Ok(1));
    });
}

#[test]
fn a_full_disk_is_survived() {
    let test = test_kit::TestDatabase::sqlite();
    let database = database_with_constraints(&test);
    let limit_pages = |pages: i64| {
        database
            .write(|tx| tx.query(&format!("PRAGMA max_page_count = {pages}"), &[]))
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
    };
    let add = |id: i64| {
        database.write(|tx| {
            let photo = "x".repeat(10_000);
            tx.execute("INSERT INTO channels (id, person_id, address) VALUES (?, 1, ?)", &[id.into(), photo.into()])
        })
    };
    limit_pages(40);
    let mut kept = 1;
    let error = loop {
        match add(kept + 1) {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, DatabaseError::DiskFull(_)), "{error:?}");
    // Others are refused as well, or succeed, but nothing that was acknowledged is lost.
    assert!(add(kept + 1).is_err());
    let count = || {
        let row: Result<_, DatabaseError> = database.read(|tx| tx.query_one("SELECT count(*) FROM channels", &[]));
        row.unwrap().integer(0).unwrap()
    };
    assert_eq!(count(), kept);
    limit_pages(1_000_000);
    add(kept + 1).unwrap();
    assert_eq!(count(), kept + 1);
}
