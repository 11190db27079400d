//! Many threads at once: group commit, isolation, and readers beside a writer.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Barrier, Mutex,
        mpsc::{channel, sync_channel},
    },
    thread,
    time::Duration,
};

use database::{Backend, DatabaseError, OpenOptions, Query};
use test_kit::{TestDatabase, for_each_backend};

use super::transactions::{add_note, create_notes, note_ids};

const THREADS: i64 = 32;
const WRITES: i64 = 20;

#[test]
fn concurrent_writes_are_all_kept_and_share_commits() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let before = database.statistics();
        let start = Barrier::new(THREADS as usize);
        thread::scope(|scope| {
            for worker in 0..THREADS {
                let (database, start) = (&database, &start);
                scope.spawn(move || {
                    start.wait();
                    for write in 0..WRITES {
                        database.write(|tx| add_note(tx, worker * WRITES + write)).unwrap();
                    }
                });
            }
        });
        assert_eq!(note_ids(&database), (0..THREADS * WRITES).collect::<Vec<_>>());
        let after = database.statistics();
        let (writes, commits) = (after.writes - before.writes, after.commits - before.commits);
        assert_eq!(writes, (THREADS * WRITES) as u64);
        if test.backend == Backend::Sqlite {
            assert!(commits < writes / 2, "{commits} commits for {writes} writes");
        }
    });
}

/// Holds the writer of a SQLite database until a number of threads wait behind it, so that they share a group.
fn in_one_group(test: &TestDatabase, jobs: Vec<Box<dyn FnOnce() + Send>>) {
    let database = test.open();
    let (hold, held) = sync_channel::<()>(0);
    let holder = {
        let database = database.clone();
        thread::spawn(move || {
            database.write(|_| -> Result<(), DatabaseError> {
                held.recv().unwrap();
                // The others need a moment to reach the queue; a late one only makes the test weaker.
                thread::sleep(Duration::from_millis(5));
                Ok(())
            })
        })
    };
    let threads: Vec<_> = jobs.into_iter().map(thread::spawn).collect();
    hold.send(()).unwrap();
    holder.join().unwrap().unwrap();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_failing_closure_leaves_its_group_alone() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let ran = Arc::new(Mutex::new(Vec::new()));
        let jobs = (0..12_i64)
            .map(|id| -> Box<dyn FnOnce() + Send> {
                let (database, ran) = (database.clone(), Arc::clone(&ran));
                Box::new(move || {
                    let outcome = catch_unwind(AssertUnwindSafe(|| {
                        database.write(|tx| {
                            add_note(tx, id)?;
                            let ran = Arc::clone(&ran);
                            tx.after_commit(Box::new(move || ran.lock().unwrap().push(id)));
                            match id % 3 {
                                0 => Ok(()),
                                1 => Err(DatabaseError::Other("refused".to_owned())),
                                _ => panic!("a fault in a closure"),
                            }
                        })
                    }));
                    match id % 3 {
                        0 => outcome.unwrap().unwrap(),
                        1 => assert!(outcome.unwrap().is_err()),
                        _ => assert!(outcome.is_err()),
                    }
                })
            })
            .collect();
        in_one_group(&test, jobs);
        assert_eq!(note_ids(&database), [0, 3, 6, 9]);
        let mut ran = ran.lock().unwrap().clone();
        ran.sort_unstable();
        assert_eq!(ran, [0, 3, 6, 9]);
    });
}

#[test]
fn readers_go_on_during_a_long_write() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        database.write(|tx| add_note(tx, 1)).unwrap();
        let (written, is_written) = channel();
        let (finish, may_finish) = channel::<()>();
        let writer = {
            let database = database.clone();
            thread::spawn(move || {
                database.write(|tx| -> Result<(), DatabaseError> {
                    for id in 2..500 {
                        add_note(tx, id)?;
                    }
                    written.send(()).unwrap();
                    may_finish.recv().unwrap();
                    Ok(())
                })
            })
        };
        is_written.recv().unwrap();
        assert_eq!(note_ids(&database), [1]);
        finish.send(()).unwrap();
        writer.join().unwrap().unwrap();
        assert_eq!(note_ids(&database).len(), 499);
    });
}

#[test]
fn nobody_waits_longer_than_the_timeout() {
    for_each_backend(|test| {
        let database = test.open_with(OpenOptions {
            readers: 1,
            postgres_connections: 1,
            acquire_timeout: Duration::from_millis(50),
        });
        create_notes(&database);
        let busy =
            |result: Result<(), DatabaseError>| assert!(matches!(result, Err(DatabaseError::Busy(_))), "{result:?}");
        database
            .write(|_| -> Result<(), DatabaseError> {
                thread::scope(|scope| {
                    scope.spawn(|| busy(database.write(|tx| add_note(tx, 1).map(drop))));
                });
                Ok(())
            })
            .unwrap();
        database
            .read(|_| -> Result<(), DatabaseError> {
                busy(database.read(|tx| tx.query("SELECT 1", &[]).map(drop)));
                Ok(())
            })
            .unwrap();
        database.write(|tx| add_note(tx, 1)).unwrap();
        assert_eq!(note_ids(&database), [1]);
    });
}

#[test]
fn another_process_holding_the_lock_makes_busy() {
    let test = TestDatabase::sqlite();
    let database = test.open();
    create_notes(&database);
    let other = test.open_with(OpenOptions { acquire_timeout: Duration::from_millis(50), ..OpenOptions::default() });
    database
        .write(|tx| {
            add_note(tx, 1)?;
            let result = other.write(|tx| add_note(tx, 2));
            assert!(matches!(result, Err(DatabaseError::Busy(_))), "{result:?}");
            Ok(())
        })
        .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
    other.write(|tx| add_note(tx, 2)).unwrap();
    assert_eq!(note_ids(&database), [1, 2]);
}

#[test]
fn a_loop_of_slow_writes_does_not_starve_others() {
    for_each_backend(|test| {
        let database = test.open();
        create_notes(&database);
        let (stop, stopped) = channel::<()>();
        let hog = {
            let database = database.clone();
            thread::spawn(move || {
                while stopped.try_recv().is_err() {
                    database
                        .write(|_| -> Result<(), DatabaseError> {
                            thread::sleep(Duration::from_millis(25));
                            Ok(())
                        })
                        .unwrap();
                }
            })
        };
        for id in 0..5 {
            let begin = std::time::Instant::now();
            database.write(|tx| add_note(tx, id)).unwrap();
            assert!(begin.elapsed() < Duration::from_secs(2));
        }
        stop.send(()).unwrap();
        hog.join().unwrap();
    });
}
