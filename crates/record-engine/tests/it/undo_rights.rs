//! An undo writes with the rights that its author has now, and tells only what he may know.

use record_engine::history::find_operation;
use record_engine::undo::{Undo, UndoReport, undo};
use record_engine::write::{Change, Operation, OperationKind, Outcome, apply};
use record_engine::{EngineError, RequestContext, Role};
use serde_json::{Value as Json, json};

use crate::bench_type::{Bench, for_each_bench, values};

fn undo_now(bench: &Bench, context: &RequestContext, operation: i64) -> UndoReport {
    match undo(&bench.engine, context, operation).unwrap() {
        Undo::Done(report) => report,
        Undo::Job(_) => panic!("a small undo runs at once"),
    }
}

fn change(bench: &Bench, context: &RequestContext, object_type: &str, id: i64, fields: Json) -> i64 {
    let change = Change::Update { id, base_version: None, values: values(fields) };
    bench.try_apply(context, object_type, change).unwrap().1.unwrap()
}

fn is_undone(bench: &Bench, operation: i64) -> bool {
    let stored = bench.engine.database().read(|tx| find_operation(tx, operation)).unwrap();
    stored.unwrap().undone_by.is_some()
}

#[test]
fn a_demoted_administrator_takes_nothing_back_that_he_may_not_do_any_more() {
    for_each_bench(|bench| {
        // Users are changed by administrators only.
        let operation = change(bench, &bench.admin(), "user", 3, json!({"name": "Мар'яна"}));
        for role in [Role::Supervisor, Role::Employee] {
            let report = undo_now(bench, &bench.user(1, role), operation);
            assert_eq!((report.undone, report.kept_count, report.operation_id), (0, 1, None));
            // He sees users, so he is told which one was kept.
            assert_eq!(report.kept[0]["id"], json!(3));
        }
        assert_eq!(bench.rows("SELECT COUNT(*) FROM \"user\" WHERE name = 'Марія'"), 0);
        assert!(!is_undone(bench, operation), "who has the rights may still take it back");
        let report = undo_now(bench, &bench.user(2, Role::Administrator), operation);
        assert_eq!((report.undone, report.kept_count), (1, 0));
        assert_eq!(bench.rows("SELECT COUNT(*) FROM \"user\" WHERE name = 'Марія'"), 1);
    });
}

#[test]
fn a_card_handed_over_stays_with_its_new_owner() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "Private", "team": [2]}));
        let handed_over = change(bench, &bench.employee(), "thing", id, json!({"team": [3]}));
        let report = undo_now(bench, &bench.employee(), handed_over);
        assert_eq!((report.undone, report.kept_count), (0, 1));
        assert_eq!(report.kept, Vec::<Json>::new(), "of a card that he does not see nothing is told");
        assert_eq!(bench.get(&bench.admin(), id).unwrap().value("team"), &json!([3]));
        // A card that he sees and may not change is named.
        bench.update(id, json!({"flag": true}));
        let report = undo_now(bench, &bench.employee(), handed_over);
        assert_eq!((report.undone, &report.kept[0]["title"]), (0, &json!("Private")));
        assert_eq!(undo_now(bench, &bench.admin(), handed_over).undone, 1);
        assert_eq!(bench.get(&bench.admin(), id).unwrap().value("team"), &json!([2]));
    });
}

#[test]
fn ones_own_work_is_taken_back_with_few_rights() {
    for_each_bench(|bench| {
        let employee = bench.employee();
        let create = |name: &str| Change::Create { values: values(json!({"name": name, "team": [2], "color": "red"})) };
        let (outcome, creation) = bench.try_apply(&employee, "thing", create("Own")).unwrap();
        let id = outcome.id();
        let edit = change(bench, &employee, "thing", id, json!({"color": "blue"}));
        let (_, deletion) = bench.try_apply(&employee, "thing", Change::Delete { id, base_version: None }).unwrap();
        // The trash is not in the way of what stood there before.
        for operation in [edit, deletion.unwrap(), creation.unwrap()] {
            let report = undo_now(bench, &employee, operation);
            assert_eq!((report.undone, report.kept_count), (1, 0));
        }
        let record = bench.get(&employee, id).unwrap();
        assert_eq!((record.value("color"), record.deleted_at.is_some()), (&json!("red"), true));

        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let operation = bench.engine.write(|tx| {
            let mut operation = Operation::new(OperationKind::Import, Some(thing.id));
            let results =
                apply(tx, snapshot.writer(), &employee, &mut operation, &thing, vec![create("One"), create("Two")])?;
            assert!(results.iter().all(|result| matches!(result, Ok(Outcome::Created(_)))));
            Ok::<_, EngineError>(operation.stored_id().unwrap())
        });
        assert_eq!(undo_now(bench, &employee, operation.unwrap()).undone, 2);
        assert!(bench.ids(&employee, "all").is_empty());
    });
}

#[test]
fn the_report_hides_fields_and_shows_values_as_a_card_does() {
    for_each_bench(|bench| {
        let above = bench.create(json!({"name": "Above", "team": [2]}));
        let foreign = bench.create(json!({"name": "Foreign", "team": [3]}));
        let id = bench.create(json!({"name": "A", "team": [2], "secret": "one", "amount": 1, "color": "red"}));
        let then_supervisor = bench.user(2, Role::Supervisor);
        let fields = json!({"secret": "two", "amount": 2, "color": "blue", "parent": above});
        let operation = change(bench, &then_supervisor, "thing", id, fields);
        bench.update(id, json!({"secret": "three", "amount": 3, "parent": foreign}));
        let report = undo_now(bench, &bench.employee(), operation);
        assert_eq!((report.undone, report.kept_count), (1, 3));
        let listed: Vec<&Json> = report.kept.iter().map(|kept| &kept["field"]).collect();
        assert_eq!(listed, ["amount", "parent"], "of a hidden field only the number is told");
        let parent = json!({"id": foreign, "title": null, "type": "thing"});
        assert_eq!((&report.kept[1]["current"], &report.kept[1]["would_be"]), (&parent, &Json::Null));
        let record = bench.get(&bench.admin(), id).unwrap();
        assert_eq!((record.value("secret"), record.value("color")), (&json!("three"), &json!("red")));
        // A field that is hidden now is kept even if nobody has touched it since.
        let fields = json!({"secret": "four", "color": "green"});
        let operation = change(bench, &then_supervisor, "thing", id, fields);
        let report = undo_now(bench, &bench.employee(), operation);
        assert_eq!((report.undone, report.kept_count, report.kept.len()), (1, 1, 0));
        let record = bench.get(&bench.admin(), id).unwrap();
        assert_eq!((record.value("secret"), record.value("color")), (&json!("four"), &json!("red")));
    });
}

#[test]
fn an_option_that_nobody_chooses_any_more_comes_back_by_undo() {
    use record_engine::catalog::{FieldChange, NewField, add_field, labels};
    use record_engine::field_types::{ChoiceSettings, FieldKind};
    for_each_bench(|bench| {
        let options = ChoiceSettings::of(&[("a", ["A"; 3], None), ("b", ["B"; 3], None)]);
        let kind = FieldKind::Choice(options.clone());
        let new = NewField { labels: labels(["L"; 3]), kind, group: None, is_required: false };
        let field = bench
            .engine
            .change_catalog(&bench.admin(), |tx, snapshot| {
                add_field(tx, &snapshot.catalog, snapshot.object_type("thing")?.as_ref(), &new)
            })
            .unwrap_or_else(|error: record_engine::EngineError| panic!("{error}"));
        let id = bench.create(json!({"name": "A", "team": [2], field.as_str(): "a"}));
        let operation = change(bench, &bench.employee(), "thing", id, json!({field.as_str(): "b"}));
        let fewer = ChoiceSettings { options: options.options[1..].to_vec(), ..ChoiceSettings::default() };
        let settings = FieldChange { kind: Some(FieldKind::Choice(fewer)), ..FieldChange::default() };
        bench.engine.change_field(&bench.admin(), "thing", &field, &settings).unwrap();
        assert_eq!(undo_now(bench, &bench.employee(), operation).undone, 1);
        assert_eq!(bench.get(&bench.employee(), id).unwrap().value(&field), &json!("a"));
    });
}
