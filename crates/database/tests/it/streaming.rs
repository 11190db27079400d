//! Rows handed over one by one.

use database::{DatabaseError, Query, Value};
use test_kit::for_each_backend;

use super::transactions::{add_note, create_notes, note_ids};

const ROWS: i64 = 2_300;

fn filled(test: &test_kit::TestDatabase) -> database::Database {
    let database = test.open();
    create_notes(&database);
    let rows: Vec<Vec<Value>> = (0..ROWS).map(|id| vec![id.into(), "note".into()]).collect();
    database.write(|tx| tx.insert_many("notes", &["id", "body"], &rows)).unwrap();
    database
}

#[test]
fn all_rows_come_in_order() {
    for_each_backend(|test| {
        let database = filled(&test);
        let mut seen = Vec::new();
        database
            .read(|tx| {
                tx.query_each("SELECT id FROM notes WHERE id >= ? ORDER BY id", &[5.into()], &mut |row| {
                    seen.push(row.integer(0)?);
                    Ok(true)
                })
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        assert_eq!(seen, (5..ROWS).collect::<Vec<_>>());
    });
}

#[test]
fn a_stream_can_stop_and_the_transaction_goes_on() {
    for_each_backend(|test| {
        let database = filled(&test);
        for stop_at in [1, 499, 500, 501, 1_000] {
            let mut seen = 0;
            database
                .write(|tx| {
                    seen = 0;
                    tx.query_each("SELECT id FROM notes ORDER BY id", &[], &mut |_| {
                        seen += 1;
                        Ok(seen < stop_at)
                    })?;
                    let refused = tx
                        .query_each("SELECT id FROM notes", &[], &mut |_| Err(DatabaseError::Busy("mine".to_owned())));
                    assert_eq!(refused, Err(DatabaseError::Busy("mine".to_owned())));
                    add_note(tx, ROWS + stop_at)
                })
                .unwrap();
            assert_eq!(seen, stop_at);
        }
        assert_eq!(note_ids(&database).len(), ROWS as usize + 5);
    });
}
