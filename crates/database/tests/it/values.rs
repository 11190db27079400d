//! Values that go in come out again, whatever the type of the column.

use database::{ColumnType, Database, DatabaseError, Query, Row, Value, column_type};
use test_kit::for_each_backend;

fn create_table(database: &Database) {
    let ty = |column| column_type(database.backend(), column);
    let sql = format!(
        "CREATE TABLE samples (id {}, whole {}, number {}, name {}, raw {})",
        ty(ColumnType::Id),
        ty(ColumnType::Integer),
        ty(ColumnType::Real),
        ty(ColumnType::Text),
        ty(ColumnType::Bytes),
    );
    database.write_alone(|tx| tx.execute_batch(&sql)).unwrap();
}

fn round_trip(database: &Database, values: &[Value]) -> Row {
    database
        .write(|tx| {
            tx.execute("DELETE FROM samples", &[])?;
            tx.execute("INSERT INTO samples (id, whole, number, name, raw) VALUES (1, ?, ?, ?, ?)", values)?;
            tx.query_one("SELECT whole, number, name, raw FROM samples WHERE id = ?", &[1.into()])
        })
        .unwrap_or_else(|error: DatabaseError| panic!("{values:?}: {error}"))
}

#[test]
fn every_kind_of_value_survives() {
    for_each_backend(|test| {
        let database = test.open();
        create_table(&database);
        for values in [
            vec![Value::Integer(i64::MIN), Value::Real(1e-300), "".into(), Vec::new().into()],
            vec![Value::Integer(i64::MAX), Value::Real(-0.1), "Її «?» 👩‍👩‍👧".into(), vec![0, 255, 39].into()],
            vec![Value::Null, Value::Null, Value::Null, Value::Null],
        ] {
            let row = round_trip(&database, &values);
            assert_eq!(row.values(), values);
        }
    });
}

#[test]
fn rows_are_read_by_type() {
    for_each_backend(|test| {
        let database = test.open();
        create_table(&database);
        let mut row = round_trip(&database, &[true.into(), Value::Integer(3), Some("x").into(), None::<i64>.into()]);
        assert_eq!(row.len(), 4);
        assert!(row.boolean(0).unwrap());
        assert_eq!(row.integer(0), Ok(1));
        assert_eq!(row.real(1), Ok(3.0));
        assert_eq!(row.optional_real(3), Ok(None));
        assert_eq!(row.optional_bytes(3), Ok(None));
        assert_eq!(row.value(9), &Value::Null);
        assert!(matches!(row.integer(2), Err(DatabaseError::Column(_))));
        assert!(matches!(row.text(3), Err(DatabaseError::Column(_))));
        assert_eq!(row.take_text(2).as_deref(), Ok("x"));
        assert_eq!(row.take_optional_text(2), Ok(None));
    });
}

#[test]
fn question_marks_in_text_are_not_placeholders() {
    for_each_backend(|test| {
        let database = test.open();
        let row = database
            .read(|tx| {
                tx.query_one(
                    "SELECT 'why?', \"q?\" /* ? */ FROM (SELECT CAST(? AS BIGINT) AS \"q?\") AS t -- ?",
                    &[5.into()],
                )
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        assert_eq!(row.values(), [Value::from("why?"), Value::from(5)]);
    });
}

#[test]
fn aggregates_have_the_same_kinds() {
    for_each_backend(|test| {
        let database = test.open();
        create_table(&database);
        database
            .write(|tx| {
                let row = |id: i64| vec![Value::from(id), (id * 10).into(), (id as f64 / 2.0).into()];
                tx.insert_many("samples", &["id", "whole", "number"], &[row(1), row(2), row(4)])
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        let row = database
            .read(|tx| {
                tx.query_one("SELECT sum(whole), avg(whole), count(*), sum(number), max(whole) = 40 FROM samples", &[])
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        assert_eq!(row.integer(0), Ok(70));
        assert!((row.real(1).unwrap() - 70.0 / 3.0).abs() < 1e-9);
        assert_eq!(row.integer(2), Ok(3));
        assert_eq!(row.real(3), Ok(3.5));
        assert_eq!(row.boolean(4), Ok(true));
        let found = database
            .read(|tx| {
                tx.query(
                    "SELECT id FROM samples GROUP BY id HAVING sum(whole) >= ? ORDER BY id LIMIT ?",
                    &[20.into(), 1.into()],
                )
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].integer(0), Ok(2));
    });
}

#[test]
fn text_is_ordered_by_bytes() {
    for_each_backend(|test| {
        let database = test.open();
        create_table(&database);
        let names = ["Z", "a", "É", "а", "є", "Я"];
        database
            .write(|tx| {
                let rows: Vec<Vec<Value>> =
                    names.iter().zip(1_i64..).map(|(name, id)| vec![id.into(), (*name).into()]).collect();
                tx.insert_many("samples", &["id", "name"], &rows)
            })
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        let found = database
            .read(|tx| tx.query("SELECT name FROM samples ORDER BY name", &[]))
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        let mut expected = names.to_vec();
        expected.sort_unstable();
        let found: Vec<String> = found.iter().map(|row| row.text(0).unwrap()).collect();
        assert_eq!(found, expected);
    });
}

#[test]
fn a_wrong_number_of_values_is_an_error() {
    for_each_backend(|test| {
        let database = test.open();
        create_table(&database);
        let result = database.read(|tx| tx.query("SELECT id FROM samples WHERE id = ?", &[]));
        assert!(matches!(result, Err(DatabaseError::Other(_))), "{result:?}");
        let result = database.write(|tx| tx.insert_many("samples", &["id", "whole"], &[vec![1.into()]]));
        assert!(matches!(result, Err(DatabaseError::Other(_))), "{result:?}");
    });
}

#[test]
fn many_rows_are_inserted() {
    for_each_backend(|test| {
        let database = test.open();
        create_table(&database);
        for count in [0_i64, 1, 777] {
            let rows: Vec<Vec<Value>> =
                (0..count).map(|id| vec![id.into(), format!("name {id}").into(), Value::Null]).collect();
            let found = database
                .write(|tx| {
                    tx.execute("DELETE FROM samples", &[])?;
                    tx.insert_many("samples", &["id", "name", "raw"], &rows)?;
                    tx.query_one("SELECT count(*), coalesce(sum(id), 0) FROM samples", &[])
                })
                .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
            assert_eq!(found.integer(0), Ok(count));
            assert_eq!(found.integer(1), Ok(count * (count - 1) / 2));
        }
    });
}

#[test]
fn many_rows_keep_their_values() {
    for_each_backend(|test| {
        let database = test.open();
        create_table(&database);
        let texts = ["", "\\N", "\\.", "a\tb\nc\rd\\", "NULL", "'quoted' \"?\"", "ї\u{2028}👩‍👩‍👧"];
        let rows: Vec<Vec<Value>> = (0..300_usize)
            .map(|id| {
                vec![
                    (id as i64).into(),
                    (id % 3 == 0).into(),
                    if id % 2 == 0 { Value::Null } else { (1.0 / id as f64).into() },
                    texts[id % texts.len()].into(),
                    if id % 5 == 0 { Value::Null } else { vec![0, 9, 10, 92, id as u8].into() },
                ]
            })
            .collect();
        let columns = ["id", "whole", "number", "name", "raw"];
        database.write(|tx| tx.insert_many("samples", &columns, &rows)).unwrap();
        let found = database
            .read(|tx| tx.query("SELECT id, whole, number, name, raw FROM samples ORDER BY id", &[]))
            .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
        assert_eq!(found.len(), rows.len());
        for (found, row) in found.iter().zip(&rows) {
            assert_eq!(found.values(), row);
        }
    });
}

#[test]
fn many_rows_are_refused_together() {
    for_each_backend(|test| {
        let database = test.open();
        create_table(&database);
        for (count, duplicate) in [(2_i64, 1), (100, 50), (50_000, 2), (50_000, 49_999)] {
            let mut rows: Vec<Vec<Value>> =
                (0..count).map(|id| vec![id.into(), "a name of some length".into()]).collect();
            rows[duplicate] = vec![0.into(), Value::Null];
            let left = database
                .write(|tx| {
                    let result = tx.savepoint(|tx| tx.insert_many("samples", &["id", "name"], &rows));
                    assert_eq!(
                        result,
                        Err(DatabaseError::Unique { table: "samples".to_owned(), detail: "id".to_owned() })
                    );
                    tx.query_one("SELECT count(*) FROM samples", &[])
                })
                .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
            assert_eq!(left.integer(0), Ok(0));
        }
    });
}
