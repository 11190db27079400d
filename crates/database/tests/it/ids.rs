//! Ids are unique, ascending, and never given twice.

use std::{collections::BTreeSet, sync::Mutex, thread};

use database::DatabaseError;
use test_kit::for_each_backend;

#[test]
fn concurrent_takers_get_different_ids() {
    for_each_backend(|test| {
        let database = test.open();
        let taken = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for count in [1, 3, 0, 50] {
                        let ids = database.write(|tx| tx.allocate_ids("deals", count)).unwrap();
                        assert_eq!(ids.len(), count);
                        assert!(ids.is_sorted());
                        taken.lock().unwrap().extend(ids);
                    }
                });
            }
        });
        let taken = taken.into_inner().unwrap();
        assert_eq!(taken.len(), 8 * 54);
        assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), taken.len());
        assert_eq!(taken.iter().min(), Some(&1));
    });
}

#[test]
fn sequences_are_independent_and_keep_their_place() {
    for_each_backend(|test| {
        let take = |sequence: &str| test.open().write(|tx| tx.allocate_ids(sequence, 2)).unwrap();
        assert_eq!(take("deals"), [1, 2]);
        assert_eq!(take("with \"quotes\""), [1, 2]);
        assert_eq!(take("deals"), [3, 4]);
    });
}

#[test]
fn foreign_ids_push_the_sequence() {
    for_each_backend(|test| {
        let database = test.open();
        let next_after = |id: i64| {
            database
                .write(|tx| {
                    tx.ensure_id_above("contacts", id)?;
                    tx.allocate_ids("contacts", 1)
                })
                .unwrap_or_else(|error: DatabaseError| panic!("{error}"))[0]
        };
        assert_eq!(next_after(-5), 1);
        assert_eq!(next_after(0), 2);
        assert_eq!(next_after(2), 3);
        assert_eq!(next_after(10), 11);
        assert_eq!(next_after(5), 12);
        assert_eq!(next_after(5_000_000), 5_000_001);
        assert_eq!(next_after(4_000_000), 5_000_002);
    });
}

#[test]
fn an_undone_transaction_never_causes_a_second_use() {
    for_each_backend(|test| {
        let database = test.open();
        let first = database.write(|tx| tx.allocate_ids("deals", 1)).unwrap()[0];
        let undone: Result<(), DatabaseError> = database.write(|tx| {
            tx.allocate_ids("deals", 1)?;
            tx.allocate_ids("tasks", 1)?;
            Err(DatabaseError::Other("refused".to_owned()))
        });
        assert!(undone.is_err());
        assert!(database.write(|tx| tx.allocate_ids("deals", 1)).unwrap()[0] > first);
        assert_eq!(database.write(|tx| tx.allocate_ids("tasks", 1)).unwrap().len(), 1);
    });
}
