//! A computed sign: whether others point to a record.

use record_engine::EngineError;
use record_engine::access::compile;
use record_engine::catalog::{FieldChange, NewField, add_field, labels};
use record_engine::field_types::{FieldKind, ReferredSettings};
use record_engine::query::{ListQuery, list_as_of, record_as_of};
use record_engine::write::Change;
use serde_json::{Value as Json, json};

use crate::bench_type::{Bench, errors, for_each_bench, values};

const WITH: &str = "has_red_child = true";
const WITHOUT: &str = "has_red_child = false";

fn sign(bench: &Bench, id: i64) -> Json {
    bench.get(&bench.admin(), id).unwrap().value("has_red_child").clone()
}

#[test]
fn it_follows_every_change_of_those_who_point() {
    for_each_bench(|bench| {
        let (one, other) = (bench.create(json!({"name": "One"})), bench.create(json!({"name": "Other"})));
        let child = bench.create(json!({"name": "Child", "parent": one, "color": "green"}));
        let check = |expected: &[i64]| {
            assert_eq!(bench.ids(&bench.admin(), WITH), expected);
            let all = bench.ids(&bench.admin(), "all");
            let without: Vec<i64> = all.into_iter().filter(|id| !expected.contains(id)).collect();
            assert_eq!(bench.ids(&bench.admin(), WITHOUT), without);
            for id in [one, other] {
                assert_eq!(sign(bench, id) == json!(true), expected.contains(&id), "{id}");
            }
        };
        check(&[]);
        bench.update(child, json!({"color": "red"}));
        check(&[one]);
        bench.update(child, json!({"parent": other}));
        check(&[other]);
        bench.try_apply(&bench.admin(), "thing", Change::Delete { id: child, base_version: None }).unwrap();
        check(&[]);
        bench.try_apply(&bench.admin(), "thing", Change::Restore { id: child }).unwrap();
        check(&[other]);
        bench.update(child, json!({"parent": null}));
        check(&[]);
    });
}

#[test]
fn it_leaves_no_trace_in_history_and_has_no_past() {
    for_each_bench(|bench| {
        let whole = bench.create(json!({"name": "Whole"}));
        bench.create(json!({"name": "Child", "parent": whole, "color": "red"}));
        bench.update(whole, json!({"name": "The whole"}));
        assert_eq!(sign(bench, whole), json!(true));
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        let field = thing.field("has_red_child").unwrap().id;
        assert_eq!(bench.rows(&format!("SELECT COUNT(*) FROM changes WHERE field_id = {field}")), 0);
        let then =
            bench.engine.database().read(|tx| record_as_of(tx, &bench.admin(), &thing, whole, i64::MAX)).unwrap();
        assert_eq!(then.value("has_red_child"), &Json::Null);
        let filter = compile(&format!("color = red and not ({WITH})"), &thing, &bench.admin()).unwrap();
        let query = ListQuery { filter, ..ListQuery::default() };
        match bench.engine.database().read(|tx| list_as_of(tx, &bench.admin(), &thing, &query, i64::MAX)) {
            Err(EngineError::Invalid(errors)) => assert_eq!(errors[0].code, "not_in_the_past"),
            other => panic!("{:?}", other.map(|page| page.records.len())),
        }
    });
}

#[test]
fn nobody_sets_it_and_nobody_makes_one() {
    for_each_bench(|bench| {
        let change = Change::Create { values: values(json!({"name": "X", "has_red_child": true})) };
        let refused = errors(bench.try_apply(&bench.admin(), "thing", change));
        assert_eq!(refused, [("/has_red_child".into(), "read_only".into())]);
        let kind = FieldKind::Referred(ReferredSettings { by: "parent".into(), only: None, of: None });
        let field = NewField { labels: labels(["X"; 3]), kind, group: None, is_required: false };
        let made = bench.engine.change_catalog(&bench.admin(), |tx, snapshot| {
            add_field(tx, &snapshot.catalog, snapshot.object_type("thing")?.as_ref(), &field)
        });
        assert!(matches!(made, Err(EngineError::Invalid(errors)) if errors[0].code == "unknown_option"));
        // To clients it is a checkbox, but it does not become one.
        let change = FieldChange { kind: Some(FieldKind::Checkbox), ..FieldChange::default() };
        let changed = bench.engine.change_field(&bench.admin(), "thing", "has_red_child", &change);
        assert!(matches!(changed, Err(EngineError::Invalid(errors)) if errors[0].code == "kind_cannot_change"));
    });
}
