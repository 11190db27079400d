//! Read transactions that must end in time.

use std::time::{Duration, Instant};

use database::{Backend, DatabaseError, Query, ReadTx};
use test_kit::for_each_backend;

fn endless(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        Backend::Postgres => "SELECT count(*) FROM generate_series(1, 1000000000000) AS n",
    }
}

#[test]
fn a_long_statement_is_stopped() {
    for_each_backend(|test| {
        let database = test.open();
        let begin = Instant::now();
        let result = database.read(|tx| {
            tx.set_deadline(Duration::from_millis(50))?;
            tx.query(endless(tx.backend()), &[])
        });
        assert_eq!(result, Err(DatabaseError::TimedOut));
        assert!(begin.elapsed() < Duration::from_secs(5));

        // The limit ends with its transaction, although the connection is used again.
        for _ in 0..8 {
            let rows: Result<_, DatabaseError> = database.read(|tx| {
                std::thread::sleep(Duration::from_millis(10));
                tx.query("SELECT 1", &[])
            });
            assert_eq!(rows.unwrap().len(), 1);
        }
    });
}

#[test]
fn statements_after_the_deadline_fail() {
    for_each_backend(|test| {
        let database = test.open();
        let result = database.read(|tx| {
            tx.set_deadline(Duration::from_millis(20))?;
            tx.query("SELECT 1", &[])?;
            std::thread::sleep(Duration::from_millis(30));
            tx.query("SELECT 1", &[])
        });
        assert_eq!(result, Err(DatabaseError::TimedOut));
    });
}

#[test]
fn a_stream_is_stopped_too() {
    for_each_backend(|test| {
        let database = test.open();
        let sql = match test.backend {
            Backend::Sqlite => "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
            Backend::Postgres => {
                "WITH RECURSIVE n(i) AS (SELECT 1::bigint UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
            }
        };
        let mut seen = 0_u64;
        let result = database.read(|tx: &mut ReadTx| {
            tx.set_deadline(Duration::from_millis(100))?;
            tx.query_each(sql, &[], &mut |_| {
                seen += 1;
                Ok(true)
            })
        });
        assert_eq!(result, Err(DatabaseError::TimedOut));
        assert!(seen > 0);
    });
}
