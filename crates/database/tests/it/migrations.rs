//! System migrations.

use std::thread;

use database::{Backend, Database, DatabaseError, Migration, MigrationSql, OpenOptions, Query, migrate};
use test_kit::for_each_backend;

const FIRST: Migration = Migration {
    version: 1,
    name: "people",
    sql: MigrationSql::Both(
        "CREATE TABLE people (id {id}, name {text} NOT NULL, age {int}, weight {real}, photo {bytes});\n\
         CREATE INDEX people_by_name ON people (name);",
    ),
};

const SECOND: Migration = Migration {
    version: 2,
    name: "cities",
    sql: MigrationSql::PerBackend {
        sqlite: "CREATE TABLE cities (id {id}) STRICT",
        postgres: "CREATE TABLE cities (id {id}) WITH (fillfactor = 90)",
    },
};

const BROKEN: Migration = Migration {
    version: 3,
    name: "broken",
    sql: MigrationSql::Both("CREATE TABLE streets (id {id}); CREATE TABLE people (id {id})"),
};

fn has_table(database: &Database, table: &str) -> bool {
    database.read(|tx| tx.query(&format!("SELECT count(*) FROM {table}"), &[])).is_ok()
}

#[test]
fn migrations_run_once_and_in_order() {
    for_each_backend(|test| {
        let database = test.open();
        let report = migrate(&database, &[FIRST], None).unwrap();
        assert_eq!((report.from, report.applied), (None, vec![1]));
        let report = migrate(&database, &[FIRST, SECOND], None).unwrap();
        assert_eq!((report.from, report.applied), (Some(1), vec![2]));
        let report = migrate(&database, &[FIRST, SECOND], None).unwrap();
        assert_eq!((report.from, report.applied), (Some(2), vec![]));
        assert!(has_table(&database, "people") && has_table(&database, "cities"));
        let rows: Result<_, DatabaseError> = database
            .read(|tx| tx.query("SELECT version, name, applied_at FROM schema_migrations ORDER BY version", &[]));
        let rows = rows.unwrap();
        assert_eq!(rows[1].text(1).as_deref(), Ok("cities"));
        assert_eq!(rows[0].text(2).unwrap().len(), "2026-01-01T00:00:00Z".len());
    });
}

#[test]
fn a_failed_migration_is_undone_and_the_ones_before_stay() {
    for_each_backend(|test| {
        let database = test.open();
        assert!(migrate(&database, &[FIRST, SECOND, BROKEN], None).is_err());
        assert!(has_table(&database, "cities") && !has_table(&database, "streets"));
        assert_eq!(migrate(&database, &[FIRST, SECOND], None).unwrap().from, Some(2));
    });
}

#[test]
fn a_newer_database_is_refused() {
    for_each_backend(|test| {
        let database = test.open();
        migrate(&database, &[FIRST, SECOND], None).unwrap();
        assert_eq!(migrate(&database, &[FIRST], None), Err(DatabaseError::NewerDatabase { found: 2, known: 1 }));
    });
}

#[test]
fn disagreements_are_refused() {
    for_each_backend(|test| {
        let database = test.open();
        migrate(&database, &[FIRST, SECOND], None).unwrap();
        let edited = Migration { sql: MigrationSql::Both("CREATE TABLE people (id {id})"), ..FIRST };
        let third = Migration { version: 3, ..SECOND };
        for (list, reason) in [
            (vec![edited, SECOND], "edited"),
            (vec![SECOND, third], "does not know"),
            (vec![SECOND, FIRST], "order"),
            (vec![Migration { version: 0, ..BROKEN }, FIRST, SECOND], "missing"),
        ] {
            match migrate(&database, &list, None) {
                Err(DatabaseError::MigrationMismatch(text)) => {
                    assert!(text.contains(reason), "{text}")
                }
                other => panic!("{reason}: {other:?}"),
            }
        }
    });
}

#[test]
fn line_endings_do_not_count_as_an_edit() {
    for_each_backend(|test| {
        let database = test.open();
        let with = |sql| Migration { sql: MigrationSql::Both(sql), ..FIRST };
        migrate(&database, &[with("CREATE TABLE a (\nid {id})")], None).unwrap();
        assert!(migrate(&database, &[with("CREATE TABLE a (\r\nid {id})")], None).is_ok());
    });
}

#[test]
fn a_database_with_a_version_is_backed_up_first() {
    for_each_backend(|test| {
        let directory = tempfile::tempdir().unwrap();
        let backups = directory.path().join("backups");
        let database = test.open();
        assert_eq!(migrate(&database, &[FIRST], Some(&backups)).unwrap().backup, None);
        let report = migrate(&database, &[FIRST, SECOND], Some(&backups)).unwrap();
        assert_eq!(migrate(&database, &[FIRST, SECOND], Some(&backups)).unwrap().backup, None);
        if test.backend == Backend::Postgres {
            assert_eq!(report.backup, None);
            return;
        }
        let file = report.backup.unwrap();
        let copy = Database::open(&format!("sqlite:{}", file.display()), OpenOptions::default()).unwrap();
        assert!(has_table(&copy, "people") && !has_table(&copy, "cities"));
    });
}

#[test]
fn processes_that_start_together_migrate_once() {
    for_each_backend(|test| {
        let handles: Vec<Database> = (0..4).map(|_| test.open()).collect();
        let applied: Vec<i64> = thread::scope(|scope| {
            let threads: Vec<_> = handles
                .iter()
                .map(|database| scope.spawn(|| migrate(database, &[FIRST, SECOND], None).unwrap().applied))
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        let mut applied = applied;
        applied.sort_unstable();
        assert_eq!(applied, [1, 2]);
    });
}
