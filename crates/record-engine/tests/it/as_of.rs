//! A record as it was at a moment (N2).

use record_engine::history::record_as_of;
use record_engine::write::Change;
use record_engine::{EngineError, Record};
use serde_json::{Value as Json, json};

use crate::bench_type::{Bench, for_each_bench};

fn as_of(bench: &Bench, id: i64, at_ms: i64) -> Result<Record, EngineError> {
    let thing = bench.engine.snapshot().object_type("thing").unwrap();
    bench.engine.database().read(|tx| record_as_of(tx, &bench.admin(), &thing, id, at_ms))
}

#[test]
fn every_moment_of_a_record_comes_back() {
    for_each_bench(|bench| {
        let id =
            bench.create(json!({"name": "A", "color": "red", "channels": [{"kind": "phone", "value": "0674401285"}]}));
        // What stood there after each step, with its instant.
        let mut steps: Vec<(i64, Option<Record>)> = Vec::new();
        let mut remember = |bench: &Bench| {
            let record = bench.get(&bench.admin(), id);
            steps.push((record.as_ref().unwrap().updated_at, record));
        };
        remember(bench);
        for change in [
            json!({"name": "B", "channels": null}),
            json!({"color": null, "amount": 5}),
            json!({"name": "C", "channels": [{"kind": "email", "value": "a@b.example"}]}),
        ] {
            bench.update(id, change);
            remember(bench);
        }
        for change in [Change::Delete { id, base_version: None }, Change::Restore { id }] {
            bench.try_apply(&bench.admin(), "thing", change).unwrap();
            remember(bench);
        }
        for (at, expected) in &steps {
            let (was, expected) = (as_of(bench, id, *at).unwrap(), expected.as_ref().unwrap());
            assert_eq!(was.values, expected.values, "at {at}");
            assert_eq!(was.updated_at, expected.updated_at);
            assert_eq!(was.deleted_at.is_some(), expected.deleted_at.is_some());
        }
        let (first, _) = steps[0];
        assert!(matches!(as_of(bench, id, first - 1), Err(EngineError::NotFound)));
        assert_eq!(as_of(bench, id, i64::MAX).unwrap().value("name"), &Json::from("C"));
    });
}
