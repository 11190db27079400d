//! Taking operations back.

use record_engine::history::{HistoryQuery, find_operation, record_history};
use record_engine::undo::{Undo, UndoReport, undo};
use record_engine::write::{Change, Operation, OperationKind, apply, purge_expired};
use record_engine::{EngineError, RequestContext};
use serde_json::json;

use crate::bench_type::{Bench, for_each_bench, values};

fn undo_now(bench: &Bench, context: &RequestContext, operation: i64) -> UndoReport {
    match undo(&bench.engine, context, operation).unwrap() {
        Undo::Done(report) => report,
        Undo::Job(_) => panic!("a small undo runs at once"),
    }
}

#[test]
fn an_update_a_delete_and_a_creation_go_back_and_forth() {
    for_each_bench(|bench| {
        let id =
            bench.create(json!({"name": "A", "color": "red", "channels": [{"kind": "phone", "value": "0674401285"}]}));
        let operation = bench.update(id, json!({"color": "blue", "channels": null})).unwrap();
        let report = undo_now(bench, &bench.admin(), operation);
        assert_eq!((report.undone, report.kept_count), (1, 0));
        let record = bench.get(&bench.admin(), id).unwrap();
        assert_eq!(record.value("color"), &json!("red"));
        assert_eq!(record.value("channels")[0]["value"], json!("+380674401285"));
        // The undo is an operation too.
        undo_now(bench, &bench.admin(), report.operation_id.unwrap());
        assert_eq!(bench.get(&bench.admin(), id).unwrap().value("color"), &json!("blue"));

        let (_, deletion) =
            bench.try_apply(&bench.admin(), "thing", Change::Delete { id, base_version: None }).unwrap();
        undo_now(bench, &bench.admin(), deletion.unwrap());
        assert_eq!(bench.get(&bench.admin(), id).unwrap().deleted_at, None);

        let (outcome, creation) = bench
            .try_apply(&bench.admin(), "thing", Change::Create { values: values(json!({"name": "New"})) })
            .unwrap();
        undo_now(bench, &bench.admin(), creation.unwrap());
        assert!(bench.get(&bench.admin(), outcome.id()).unwrap().deleted_at.is_some());
        assert!(matches!(
            undo(&bench.engine, &bench.admin(), creation.unwrap()),
            Err(EngineError::State("already_undone"))
        ));
    });
}

#[test]
fn what_changed_since_is_kept_and_reported() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "color": "red", "amount": 1}));
        let operation = bench.update(id, json!({"color": "blue", "amount": 2})).unwrap();
        bench.update(id, json!({"color": "green"}));
        let report = undo_now(bench, &bench.admin(), operation);
        assert_eq!((report.undone, report.kept_count), (1, 1));
        assert_eq!((&report.kept[0]["field"], &report.kept[0]["current"]), (&json!("color"), &json!("green")));
        let record = bench.get(&bench.admin(), id).unwrap();
        assert_eq!((record.value("color"), record.value("amount")), (&json!("green"), &json!(1)));
    });
}

#[test]
fn a_batch_goes_back_as_one_but_touched_cards_stay() {
    for_each_bench(|bench| {
        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let mut operation = Operation::new(OperationKind::Import, Some(thing.id));
        for batch in 0..3 {
            let changes = (0..5)
                .map(|at| Change::Create { values: values(json!({"name": format!("{batch}-{at}")})) })
                .collect::<Vec<_>>();
            operation = bench
                .engine
                .write(|tx| {
                    let mut next = operation.clone();
                    apply(tx, snapshot.writer(), &bench.admin(), &mut next, &thing, changes.clone())?;
                    Ok::<_, EngineError>(next)
                })
                .unwrap();
        }
        assert_eq!(bench.rows("SELECT record_count FROM operations WHERE kind = 'import'"), 15);
        let touched = bench.ids(&bench.admin(), "name = \"1-3\"")[0];
        bench.update(touched, json!({"color": "red"}));
        let report = undo_now(bench, &bench.admin(), operation.stored_id().unwrap());
        assert_eq!((report.undone, report.kept_count), (14, 1));
        assert_eq!(bench.ids(&bench.admin(), "all"), [touched]);
    });
}

#[test]
fn only_the_author_and_administrators_undo() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "team": [2]}));
        let operation = bench.update(id, json!({"color": "red"})).unwrap();
        assert!(matches!(undo(&bench.engine, &bench.employee(), operation), Err(EngineError::Forbidden)));
        let own = Change::Update { id, base_version: None, values: values(json!({"color": "blue"})) };
        let (_, own) = bench.try_apply(&bench.employee(), "thing", own).unwrap();
        undo_now(bench, &bench.employee(), own.unwrap());
        assert!(matches!(undo(&bench.engine, &bench.admin(), 99_999), Err(EngineError::NotFound)));
    });
}

#[test]
fn undoing_and_redoing_in_turn_leaves_each_operation_as_it_stands() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "color": "red"}));
        let mut chain = vec![bench.update(id, json!({"color": "blue"})).unwrap()];
        for _ in 0..3 {
            let report = undo_now(bench, &bench.admin(), *chain.last().unwrap());
            chain.push(report.operation_id.unwrap());
        }
        let undone_by = |operation: &i64| {
            bench.engine.database().read(|tx| find_operation(tx, *operation)).unwrap().unwrap().undone_by
        };
        // The change, its undo, the redo, and the undo of that: the change is undone again, by its first undo.
        assert_eq!(bench.get(&bench.admin(), id).unwrap().value("color"), &json!("red"));
        let flags: Vec<Option<i64>> = chain.iter().map(undone_by).collect();
        assert_eq!(flags, [Some(chain[1]), None, Some(chain[3]), None]);
        assert!(matches!(undo(&bench.engine, &bench.admin(), chain[0]), Err(EngineError::State("already_undone"))));
    });
}

#[test]
fn history_shows_who_changed_what_and_can_be_narrowed() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "team": [2], "secret": "x"}));
        bench.update(id, json!({"color": "red", "secret": "y"}));
        let own = Change::Update { id, base_version: None, values: values(json!({"team": [2, 3]})) };
        bench.try_apply(&bench.employee(), "thing", own).unwrap();
        let read = |context: &RequestContext, query: HistoryQuery| {
            let snapshot = bench.engine.snapshot();
            let thing = snapshot.object_type("thing").unwrap();
            bench
                .engine
                .database()
                .read(|tx| record_history(tx, context, &snapshot.catalog, &thing, id, &query))
                .unwrap()
        };
        let (entries, next) = read(&bench.admin(), HistoryQuery { limit: 10, ..HistoryQuery::default() });
        assert_eq!((entries.len(), next), (3, None));
        assert_eq!(entries[0]["changes"][0]["new"][1]["title"], json!("Марія"));
        assert_eq!(entries[1]["changes"].as_array().unwrap().len(), 2);
        assert_eq!(entries[2]["operation"]["kind"], json!("create"));
        // A hidden field is hidden here too.
        let (seen, _) = read(&bench.employee(), HistoryQuery { limit: 10, ..HistoryQuery::default() });
        assert_eq!(seen[1]["changes"].as_array().unwrap().len(), 1);
        let (by_user, _) = read(&bench.admin(), HistoryQuery { user: Some(2), limit: 10, ..HistoryQuery::default() });
        assert_eq!(by_user.len(), 1);
        let (by_field, _) =
            read(&bench.admin(), HistoryQuery { field: Some("color".into()), limit: 10, ..HistoryQuery::default() });
        assert_eq!(by_field.len(), 1);
        let (first, next) = read(&bench.admin(), HistoryQuery { limit: 1, ..HistoryQuery::default() });
        let (rest, end) = read(&bench.admin(), HistoryQuery { before: next, limit: 10, ..HistoryQuery::default() });
        assert_eq!((first.len(), rest.len(), end), (1, 2, None));
    });
}

#[test]
fn the_trash_is_emptied_after_its_time() {
    for_each_bench(|bench| {
        let old = bench
            .create(json!({"name": "Old", "colors": ["red"], "channels": [{"kind": "phone", "value": "0674401285"}]}));
        let fresh = bench.create(json!({"name": "Fresh"}));
        bench.try_apply(&bench.admin(), "thing", Change::Delete { id: old, base_version: None }).unwrap();
        bench.clock.advance(89 * 86_400_000);
        assert_eq!(purge_expired(&bench.engine).unwrap(), 0);
        bench.try_apply(&bench.admin(), "thing", Change::Delete { id: fresh, base_version: None }).unwrap();
        bench.clock.advance(2 * 86_400_000);
        assert_eq!(purge_expired(&bench.engine).unwrap(), 1);
        assert_eq!(bench.get(&bench.admin(), old), None);
        assert!(bench.get(&bench.admin(), fresh).is_some());
        for table in ["thing_channels", "thing_colors"] {
            assert_eq!(bench.rows(&format!("SELECT COUNT(*) FROM {table}")), 0, "{table}");
        }
        assert_eq!(bench.rows("SELECT COUNT(*) FROM thing_search"), 1);
    });
}
