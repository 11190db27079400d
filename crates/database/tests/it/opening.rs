//! Opening, refusing to open, and closing.

use std::fs;

use database::{Database, DatabaseError, OpenOptions, Query};
use test_kit::{TestDatabase, for_each_backend};

use super::transactions::{add_note, create_notes, note_ids};

fn refusal(url: &str) -> DatabaseError {
    match Database::open(url, OpenOptions::default()) {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => error,
    }
}

#[test]
fn a_file_of_another_kind_is_refused_and_left_alone() {
    let test = TestDatabase::sqlite();
    let file = test.file().unwrap();
    fs::write(&file, "name,phone\nAnn,+380441234567\n").unwrap();
    assert_eq!(refusal(&test.url), DatabaseError::NotADatabase { path: file.clone() });
    assert_eq!(fs::read(&file).unwrap(), b"name,phone\nAnn,+380441234567\n");
}

#[test]
fn an_empty_file_becomes_a_database() {
    let test = TestDatabase::sqlite();
    fs::write(test.file().unwrap(), "").unwrap();
    create_notes(&test.open());
}

#[test]
fn wrong_addresses_are_refused() {
    assert!(matches!(refusal("mysql://localhost/x"), DatabaseError::Unsupported(_)));
    assert!(matches!(refusal("sqlite:/nonexistent/directory/file.db"), DatabaseError::Connection(_)));
    assert!(matches!(refusal("postgres://user@127.0.0.1:1/x"), DatabaseError::Connection(_)));
    let malformed = refusal("postgres://user:secret@host:port/x").to_string();
    assert!(!malformed.contains("secret"), "{malformed}");
}

#[cfg(unix)]
#[test]
fn files_are_private() {
    use std::os::unix::fs::PermissionsExt;

    let test = TestDatabase::sqlite();
    let database = test.open();
    create_notes(&database);
    let mut files = 0;
    for entry in fs::read_dir(test.file().unwrap().parent().unwrap()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        files += 1;
    }
    assert!(files >= 2, "the database and its log");
}

#[test]
fn closing_writes_the_log_back() {
    let test = TestDatabase::sqlite();
    let database = test.open();
    create_notes(&database);
    database.write(|tx| add_note(tx, 1)).unwrap();
    assert_eq!(note_ids(&database), [1]);
    database.close();
    let file = test.file().unwrap();
    assert!(!file.with_extension("db-wal").exists());
    assert_eq!(note_ids(&test.open()), [1]);
}

#[test]
fn a_closed_database_says_so() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        database.close();
        let result = database.read(|tx| tx.query("SELECT 1", &[]));
        assert!(matches!(result, Err(DatabaseError::Connection(_))), "{result:?}");
        let result = database.write(|tx| add_note(tx, 1));
        assert!(matches!(result, Err(DatabaseError::Connection(_))), "{result:?}");
        database.close();
    });
}

#[test]
fn closing_waits_for_running_work() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let (begun, has_begun) = std::sync::mpsc::channel();
        let writer = {
            let database = database.clone();
            std::thread::spawn(move || {
                database.write(|tx| {
                    begun.send(()).unwrap();
                    std::thread::sleep(std::time::Duration::from_millis(50));
                    add_note(tx, 1)
                })
            })
        };
        has_begun.recv().unwrap();
        database.close();
        assert_eq!(writer.join().unwrap(), Ok(1));
        assert_eq!(note_ids(&test.open()), [1]);
    });
}
