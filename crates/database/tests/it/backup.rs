//! Copies of a SQLite database in use.

use std::{fs, thread};

use database::{Database, DatabaseError, OpenOptions, Query};
use test_kit::TestDatabase;

use super::transactions::{add_note, create_notes, note_ids};

#[test]
fn a_backup_under_load_opens_and_is_consistent() {
    let test = TestDatabase::sqlite();
    let database = test.open();
    create_notes(&database);
    let target = test.file().unwrap().with_file_name("copy.db");
    let acknowledged = 200;
    for id in 0..acknowledged {
        database.write(|tx| add_note(tx, id)).unwrap();
    }
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for pair in 0..200_i64 {
                // Two rows at once: a copy holds both or none.
                database
                    .write(|tx| {
                        add_note(tx, 1_000 + pair * 2)?;
                        add_note(tx, 1_001 + pair * 2)
                    })
                    .unwrap();
            }
        });
        database.backup_to(&target).unwrap();
        writer.join().unwrap();
    });

    let copy = Database::open(&format!("sqlite:{}", target.display()), OpenOptions::default()).unwrap();
    let ids = note_ids(&copy);
    assert!(ids.len() >= acknowledged as usize && ids.len().is_multiple_of(2));
    let check: Result<_, DatabaseError> = copy.read(|tx| tx.query_one("PRAGMA integrity_check", &[]));
    assert_eq!(check.unwrap().text(0).as_deref(), Ok("ok"));
}

#[test]
fn a_backup_never_overwrites_and_leaves_no_half_file() {
    let test = TestDatabase::sqlite();
    let database = test.open();
    create_notes(&database);
    let target = test.file().unwrap().with_file_name("copy.db");
    fs::write(&target, "precious").unwrap();
    assert!(database.backup_to(&target).is_err());
    assert_eq!(fs::read(&target).unwrap(), b"precious");

    let missing = test.file().unwrap().with_file_name("missing").join("copy.db");
    assert!(matches!(database.backup_to(&missing), Err(DatabaseError::Connection(_))));
    assert!(!target.with_file_name("copy.db.partial").exists());
}

#[cfg(unix)]
#[test]
fn a_backup_is_private() {
    use std::os::unix::fs::PermissionsExt;

    let test = TestDatabase::sqlite();
    let target = test.file().unwrap().with_file_name("copy.db");
    test.open().backup_to(&target).unwrap();
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn postgres_has_its_own_tool() {
    test_kit::for_each_backend(|test| {
        if test.backend == database::Backend::Postgres {
            let result = test.open().backup_to(std::path::Path::new("copy.db"));
            assert!(matches!(result, Err(DatabaseError::Unsupported(_))));
        }
    });
}
