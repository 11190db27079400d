//! Nobody sees or changes what he may not.

use database::Query;
use record_engine::EngineError;
use record_engine::access::Access;
use record_engine::query::{count, search};
use record_engine::write::Change;
use serde_json::json;

use crate::bench_type::{errors, for_each_bench, values};

#[test]
fn rows_and_fields_are_masked_on_every_path() {
    for_each_bench(|bench| {
        let own = bench.create(json!({"name": "Own Card", "team": [2], "secret": "one"}));
        let shared = bench.create(json!({"name": "Shared Card", "flag": true, "secret": "two"}));
        let foreign = bench.create(json!({"name": "Foreign Card", "team": [3], "secret": "three"}));
        let employee = bench.employee();
        assert_eq!(bench.ids(&employee, "all"), [own, shared]);
        assert_eq!(bench.ids(&employee, "name contains \"card\""), [own, shared]);
        assert_eq!(bench.get(&employee, foreign), None);
        assert_eq!(bench.get(&employee, own).unwrap().value("secret"), &json!(null));
        for filter in ["secret = \"one\"", "not (secret is empty)", "flag = true or secret contains \"t\""] {
            assert!(matches!(bench.list(&employee, filter, "id"), Err(EngineError::Filter(_))), "{filter}");
        }
        assert!(matches!(bench.list(&employee, "all", "secret"), Err(EngineError::Invalid(_))));
        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let all = filter_language::CheckedExpr::all();
        let counted = bench.engine.database().read(|tx| count(tx, &employee, &thing, &all, None, false, true)).unwrap();
        assert_eq!(counted.count, Some(2));
        let found =
            bench.engine.database().read(|tx| search(tx, &employee, &snapshot.catalog, None, "card", 10)).unwrap();
        assert_eq!(found.matches.len(), 2);

        let change = |id: i64| Change::Update { id, base_version: None, values: values(json!({"color": "red"})) };
        bench.try_apply(&employee, "thing", change(own)).unwrap();
        assert!(matches!(bench.try_apply(&employee, "thing", change(shared)), Err(EngineError::Forbidden)));
        assert!(matches!(bench.try_apply(&employee, "thing", change(foreign)), Err(EngineError::NotFound)));
        assert!(matches!(
            bench.try_apply(&employee, "thing", Change::Delete { id: shared, base_version: None }),
            Err(EngineError::Forbidden)
        ));
        assert!(matches!(
            bench.try_apply(&employee, "thing", Change::Delete { id: foreign, base_version: None }),
            Err(EngineError::NotFound)
        ));
        let hidden = Change::Update { id: own, base_version: None, values: values(json!({"secret": "mine"})) };
        assert_eq!(
            errors(bench.try_apply(&employee, "thing", hidden)),
            [("/secret".to_owned(), "unknown_field".to_owned())]
        );
        // A reference to a card he may not see is refused like one that does not exist.
        let reference = Change::Update { id: own, base_version: None, values: values(json!({"parent": foreign})) };
        assert_eq!(errors(bench.try_apply(&employee, "thing", reference))[0].1, "unknown_record");
        let people = bench.try_apply(&employee, "user", Change::Create { values: values(json!({"name": "X"})) });
        assert!(matches!(people, Err(EngineError::Forbidden)));
        assert_eq!(bench.get(&bench.admin(), foreign).unwrap().version, 1);
    });
}

#[test]
fn rights_that_were_read_before_a_change_are_not_kept_as_those_behind_it() {
    for_each_bench(|bench| {
        let engine = &bench.engine;
        let may_all = |access: &Access| access.roles().iter().any(|role| role.name == "supervisor");
        engine
            .database()
            .read(|tx| {
                // A transaction that has begun reads on as it was then.
                tx.query_one("SELECT role FROM \"user\" WHERE id = 2", &[])?;
                let change =
                    Change::Update { id: 2, base_version: None, values: values(json!({ "role": "supervisor" })) };
                bench.try_apply(&bench.system(), "user", change)?;
                // What changes rights raises the version of the catalog.
                engine.index_field(&bench.admin(), "thing", "page")?;
                engine.fresh_access(tx, &engine.snapshot(), 2).map(drop)
            })
            .unwrap();
        let now = engine.database().read(|tx| engine.access(tx, &engine.snapshot(), 2)).unwrap().unwrap();
        assert!(may_all(&now), "{now:?}");
    });
}
