//! What was changed since an operation: shown field by field, kept unless somebody chose otherwise.

use std::sync::Arc;

use record_engine::jobs::{JobHandler, run_now};
use record_engine::merge::{MergeRequest, merge};
use record_engine::undo::{Choice, MAX_CHOICES, Overwrite, Undo, UndoJob, UndoReport, later_changes, undo_within};
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{EngineError, RequestContext};
use serde_json::{Value as Json, json};

use crate::bench_type::{Bench, for_each_bench, values};

fn later(bench: &Bench, context: &RequestContext, operation: i64) -> Vec<Json> {
    let catalog = bench.engine.snapshot().catalog;
    let (mut items, mut cursor) = (Vec::new(), None);
    loop {
        let page = bench
            .engine
            .database()
            .read(|tx| later_changes(tx, context, &catalog, operation, cursor.as_deref(), 2))
            .unwrap();
        items.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return items;
        }
    }
}

fn take_back(
    bench: &Bench,
    context: &RequestContext,
    operation: i64,
    choices: &Overwrite,
) -> Result<UndoReport, EngineError> {
    let snapshot = bench.engine.snapshot();
    bench.clock.advance(1_000);
    let done = bench.engine.write(|tx| undo_within(tx, &snapshot, context, operation, choices))?;
    match done {
        Undo::Done(report) => Ok(report),
        Undo::Job(_) => panic!("a small undo runs at once"),
    }
}

fn these(items: &[Json]) -> Overwrite {
    let choice = |item: &Json| {
        let chosen =
            json!({ "type": item["type"], "id": item["id"], "field": item["field"], "version": item["version"] });
        serde_json::from_value::<Choice>(chosen).unwrap()
    };
    Overwrite { overwrite: items.iter().map(choice).collect(), ..Overwrite::default() }
}

fn all() -> Overwrite {
    Overwrite { overwrite_all: true, ..Overwrite::default() }
}

/// Makes that many things in one operation; answers it.
fn create_many(bench: &Bench, count: i64) -> i64 {
    let snapshot = bench.engine.snapshot();
    let thing = snapshot.object_type("thing").unwrap();
    let run = bench.engine.write(|tx| {
        let mut operation = Operation::new(OperationKind::Import, Some(thing.id));
        let changes = (0..count).map(|at| Change::Create { values: values(json!({"name": format!("{at}")})) });
        apply(tx, snapshot.writer(), &bench.admin(), &mut operation, &thing, changes.collect())?;
        Ok::<_, EngineError>(operation.stored_id().unwrap())
    });
    run.unwrap()
}

#[test]
fn what_changed_since_is_told_before_and_after_the_undo() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "color": "red", "amount": 1, "team": [2]}));
        let operation = bench.update(id, json!({"color": "blue", "amount": 2})).unwrap();
        assert_eq!(later(bench, &bench.admin(), operation), Vec::<Json>::new());
        let own = Change::Update { id, base_version: None, values: values(json!({"color": "green"})) };
        bench.try_apply(&bench.employee(), "thing", own).unwrap();
        let at = bench.clock.now_ms();
        // A field that somebody else changed and that the operation did not touch is none of it.
        bench.update(id, json!({"story": "s"}));

        let expected = |version: i64| {
            json!([{
                "type": "thing", "id": id, "version": version, "title": "A", "field": "color", "current": "green", "would_be": "red",
                "changed_by": { "id": 2, "title": "Дмитро", "type": "user" },
                "changed_at": record_engine::context::instant_text(at), "can_overwrite": true,
            }])
        };
        assert_eq!(json!(later(bench, &bench.admin(), operation)), expected(4));
        let report = take_back(bench, &bench.admin(), operation, &Overwrite::default()).unwrap();
        assert_eq!((report.undone, report.kept_count), (1, 1));
        assert_eq!(json!(later(bench, &bench.admin(), operation)), expected(5));
    });
}

#[test]
fn a_chosen_field_is_overwritten_with_the_undo_and_comes_back_with_its_undo() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "color": "red", "amount": 1, "day": "2026-01-01"}));
        let operation = bench.update(id, json!({"color": "blue", "amount": 2, "day": "2026-02-02"})).unwrap();
        bench.update(id, json!({"color": "green", "amount": 3}));
        let changes = later(bench, &bench.admin(), operation);
        assert_eq!(changes.len(), 2);
        let color: Vec<Json> = changes.iter().filter(|change| change["field"] == "color").cloned().collect();
        let report = take_back(bench, &bench.admin(), operation, &these(&color)).unwrap();
        assert_eq!((report.undone, report.kept_count), (1, 1));
        let fields = |names: [&str; 3]| {
            let record = bench.stored("thing", id);
            names.map(|name| record.value(name).clone())
        };
        assert_eq!(fields(["color", "amount", "day"]), [json!("red"), json!(3), json!("2026-01-01")]);
        assert_eq!(bench.rows("SELECT record_count FROM operations WHERE kind = 'undo'"), 1);
        take_back(bench, &bench.admin(), report.operation_id.unwrap(), &Overwrite::default()).unwrap();
        assert_eq!(fields(["color", "amount", "day"]), [json!("green"), json!(3), json!("2026-02-02")]);
    });
}

#[test]
fn what_an_undo_kept_can_be_overwritten_afterwards_as_an_operation_of_its_own() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "color": "red", "amount": 1}));
        let operation = bench.update(id, json!({"color": "blue", "amount": 2})).unwrap();
        bench.update(id, json!({"color": "green"}));
        let first = take_back(bench, &bench.admin(), operation, &Overwrite::default()).unwrap();
        let second = take_back(bench, &bench.admin(), operation, &all()).unwrap();
        assert_eq!((second.undone, second.kept_count), (1, 0));
        assert_eq!(bench.stored("thing", id).value("color"), &json!("red"));
        assert_eq!(later(bench, &bench.admin(), operation), Vec::<Json>::new());
        // Nothing is left: no operation, no number.
        let third = take_back(bench, &bench.admin(), operation, &all()).unwrap();
        assert_eq!((third.operation_id, third.undone), (None, 0));
        // Taken back, it leaves the first undo in force.
        take_back(bench, &bench.admin(), second.operation_id.unwrap(), &Overwrite::default()).unwrap();
        let record = bench.stored("thing", id);
        assert_eq!((record.value("color"), record.value("amount")), (&json!("green"), &json!(1)));
        assert!(matches!(
            take_back(bench, &bench.admin(), operation, &Overwrite::default()),
            Err(EngineError::State("already_undone"))
        ));
        take_back(bench, &bench.admin(), first.operation_id.unwrap(), &Overwrite::default()).unwrap();
        assert_eq!(bench.stored("thing", id).value("amount"), &json!(2));
    });
}

#[test]
fn what_an_undo_put_back_and_somebody_changed_then_is_none_of_what_it_kept() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "color": "red", "amount": 1}));
        let operation = bench.update(id, json!({"color": "blue", "amount": 2})).unwrap();
        bench.update(id, json!({"color": "green"}));
        take_back(bench, &bench.admin(), operation, &Overwrite::default()).unwrap();
        bench.update(id, json!({"amount": 7}));
        let told = later(bench, &bench.admin(), operation);
        assert_eq!(told.iter().map(|item| &item["field"]).collect::<Vec<_>>(), ["color"]);
        let rest = take_back(bench, &bench.admin(), operation, &all()).unwrap();
        assert_eq!((rest.undone, rest.kept_count), (1, 0));
        let record = bench.stored("thing", id);
        assert_eq!((record.value("color"), record.value("amount")), (&json!("red"), &json!(7)));
    });
}

#[test]
fn a_record_that_an_undo_put_in_the_trash_and_somebody_took_out_stays_out() {
    for_each_bench(|bench| {
        let operation = create_many(bench, 2);
        let ids = bench.ids(&bench.admin(), "all");
        bench.update(ids[0], json!({"color": "red"}));
        let report = take_back(bench, &bench.admin(), operation, &Overwrite::default()).unwrap();
        assert_eq!((report.undone, report.kept_count), (1, 1));
        bench.try_apply(&bench.admin(), "thing", Change::Restore { id: ids[1] }).unwrap();
        bench.update(ids[1], json!({"color": "red"}));
        let told = later(bench, &bench.admin(), operation);
        assert_eq!(told.iter().map(|item| item["id"].as_i64().unwrap()).collect::<Vec<_>>(), [ids[0]]);
        let rest = take_back(bench, &bench.admin(), operation, &all()).unwrap();
        assert_eq!((rest.undone, rest.kept_count), (1, 0));
        assert_eq!(bench.ids(&bench.admin(), "all"), [ids[1]]);
    });
}

#[test]
fn a_chosen_record_is_found_behind_many_that_the_operation_did_not_make() {
    for_each_bench(|bench| {
        create_many(bench, 300);
        let operation = create_many(bench, 2);
        let own = bench.rows("SELECT MAX(id) FROM thing");
        bench.update(own, json!({"color": "red"}));
        let first = take_back(bench, &bench.admin(), operation, &Overwrite::default()).unwrap();
        assert_eq!((first.undone, first.kept_count), (1, 1));
        let named = (1..=own).map(|id| json!({ "type": "thing", "id": id, "field": null }));
        let rest = take_back(bench, &bench.admin(), operation, &these(&named.collect::<Vec<Json>>())).unwrap();
        assert_eq!((rest.undone, rest.kept_count), (1, 0));
        assert_eq!(bench.rows("SELECT COUNT(*) FROM thing WHERE deleted_at IS NULL"), 300);
    });
}

#[test]
fn a_page_of_later_changes_ends_with_the_record_that_fills_it() {
    for_each_bench(|bench| {
        let operation = create_many(bench, 5);
        let ids = bench.ids(&bench.admin(), "all");
        for id in &ids {
            bench.update(*id, json!({"color": "red"}));
        }
        let catalog = bench.engine.snapshot().catalog;
        let read = |cursor: Option<&str>| {
            bench
                .engine
                .database()
                .read(|tx| later_changes(tx, &bench.admin(), &catalog, operation, cursor, 2))
                .unwrap()
        };
        let first = read(None);
        assert_eq!((first.items.len(), first.looked_at), (2, 2));
        let second = read(first.next_cursor.as_deref());
        assert_eq!((second.items.len(), second.looked_at), (2, 4));
        let told: Vec<i64> =
            later(bench, &bench.admin(), operation).iter().map(|item| item["id"].as_i64().unwrap()).collect();
        assert_eq!(told, ids);
    });
}

#[test]
fn what_was_changed_again_after_it_was_shown_stays() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "color": "red"}));
        let operation = bench.update(id, json!({"color": "blue"})).unwrap();
        bench.update(id, json!({"color": "green"}));
        let shown = later(bench, &bench.admin(), operation);
        bench.update(id, json!({"color": null}));
        let report = take_back(bench, &bench.admin(), operation, &these(&shown)).unwrap();
        assert_eq!((report.undone, report.kept_count), (0, 1));
        assert_eq!(bench.stored("thing", id).value("color"), &Json::Null);
        let again = later(bench, &bench.admin(), operation);
        assert_eq!(take_back(bench, &bench.admin(), operation, &these(&again)).unwrap().undone, 1);
        assert_eq!(bench.stored("thing", id).value("color"), &json!("red"));
    });
}

#[test]
fn records_that_were_made_and_touched_since_go_when_they_are_named() {
    for_each_bench(|bench| {
        let operation = create_many(bench, 4);
        let ids = bench.ids(&bench.admin(), "all");
        bench.update(ids[0], json!({"color": "red"}));
        bench.update(ids[1], json!({"color": "red"}));
        let touched = later(bench, &bench.admin(), operation);
        assert_eq!(
            touched.iter().map(|item| (&item["id"], &item["field"])).collect::<Vec<_>>(),
            [(&json!(ids[0]), &Json::Null), (&json!(ids[1]), &Json::Null)]
        );
        let report = take_back(bench, &bench.admin(), operation, &these(&touched[..1])).unwrap();
        assert_eq!((report.undone, report.kept_count), (3, 1));
        assert_eq!(bench.ids(&bench.admin(), "all"), [ids[1]]);
        let rest =
            take_back(bench, &bench.admin(), operation, &these(&later(bench, &bench.admin(), operation))).unwrap();
        assert_eq!((rest.undone, rest.kept_count), (1, 0));
        assert_eq!(bench.ids(&bench.admin(), "all"), Vec::<i64>::new());
    });
}

#[test]
fn a_refused_value_does_not_hold_the_others_back() {
    for_each_bench(|bench| {
        let phone = |number: &str| json!([{ "kind": "phone", "value": number }]);
        let id = bench.create(json!({"name": "A", "amount": 1, "channels": phone("0674401285")}));
        let operation = bench.update(id, json!({"amount": 2, "channels": phone("0674401286")})).unwrap();
        bench.update(id, json!({"channels": phone("0674401287")}));
        // The number that would come back is somebody else's by now.
        bench.create(json!({"name": "B", "channels": phone("0674401285")}));
        let report = take_back(bench, &bench.admin(), operation, &all()).unwrap();
        assert_eq!((report.undone, report.kept_count), (1, 1));
        let record = bench.stored("thing", id);
        assert_eq!(
            (record.value("amount"), &record.value("channels")[0]["value"]),
            (&json!(1), &json!("+380674401287"))
        );
    });
}

#[test]
fn nobody_is_told_or_overwrites_what_is_not_his() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "team": [2], "color": "red"}));
        let foreign = bench.update(id, json!({"color": "blue"})).unwrap();
        let own = Change::Update { id, base_version: None, values: values(json!({"color": "green"})) };
        let (_, own) = bench.try_apply(&bench.employee(), "thing", own).unwrap();
        let own = own.unwrap();
        bench.update(id, json!({"color": "red"}));
        bench.update(id, json!({"team": [3], "flag": true}));
        let catalog = bench.engine.snapshot().catalog;
        let refused =
            bench.engine.database().read(|tx| later_changes(tx, &bench.employee(), &catalog, foreign, None, 10));
        assert!(matches!(refused, Err(EngineError::Forbidden)));
        assert!(matches!(take_back(bench, &bench.employee(), foreign, &all()), Err(EngineError::Forbidden)));
        // He sees the record still, and may change it no more.
        let told = later(bench, &bench.employee(), own);
        assert_eq!((told.len(), &told[0]["can_overwrite"]), (1, &json!(false)));
        let report = take_back(bench, &bench.employee(), own, &these(&told)).unwrap();
        assert_eq!((report.undone, report.kept_count), (0, 1));
        assert_eq!(bench.stored("thing", id).value("color"), &json!("red"));
        // And now he does not see it either.
        bench.update(id, json!({"flag": null}));
        assert_eq!(later(bench, &bench.employee(), own), Vec::<Json>::new());
        let many = vec![serde_json::from_value::<Choice>(json!({"type": "thing", "id": 1})).unwrap(); MAX_CHOICES + 1];
        let many = Overwrite { overwrite: many, ..Overwrite::default() };
        assert!(matches!(take_back(bench, &bench.admin(), own, &many), Err(EngineError::Invalid(_))));
    });
}

#[test]
fn a_merge_goes_back_over_later_changes_where_that_is_chosen() {
    for_each_bench(|bench| {
        let phone = |number: &str| json!([{ "kind": "phone", "value": number }]);
        let survivor = bench.create(json!({"name": "A", "channels": phone("0674401285")}));
        let loser = bench.create(json!({"name": "B", "color": "red", "amount": 5, "channels": phone("0674401286")}));
        let elsewhere = bench.create(json!({"name": "C"}));
        let snapshot = bench.engine.snapshot();
        let note = json!({"text": "n", "about": loser});
        let note = bench.try_apply(&bench.admin(), "note", Change::Create { values: values(note) }).unwrap().0.id();
        let thing = snapshot.object_type("thing").unwrap();
        let request = MergeRequest { survivor, losers: vec![loser], ..MergeRequest::default() };
        let merged = bench.engine.write(|tx| merge(tx, &snapshot, &bench.admin(), &thing, &request)).unwrap();
        bench.update(survivor, json!({"color": "green", "channels": [
            {"kind": "phone", "value": "0674401285"}, {"kind": "phone", "value": "0674401286"}, {"kind": "phone", "value": "0674401299"}
        ]}));
        let moved = Change::Update { id: note, base_version: None, values: values(json!({"about": elsewhere})) };
        bench.try_apply(&bench.admin(), "note", moved).unwrap();

        let told = later(bench, &bench.admin(), merged.operation_id);
        let fields: Vec<(&Json, &Json)> = told.iter().map(|item| (&item["type"], &item["field"])).collect();
        assert_eq!(fields, [(&json!("thing"), &json!("color")), (&json!("note"), &json!("about"))]);
        let report = take_back(bench, &bench.admin(), merged.operation_id, &these(&told)).unwrap();
        assert_eq!(report.kept_count, 0, "{:?}", report.kept);
        let record = bench.stored("thing", survivor);
        assert_eq!((record.value("color"), record.value("amount")), (&Json::Null, &Json::Null));
        // The channels went back entry by entry, so the new one stayed.
        let numbers: Vec<&str> =
            record.value("channels").as_array().unwrap().iter().map(|entry| entry["value"].as_str().unwrap()).collect();
        assert_eq!(numbers, ["+380674401285", "+380674401299"]);
        assert_eq!(bench.stored("thing", loser).deleted_at, None);
        assert_eq!(bench.stored("note", note).value("about"), &json!(loser));
    });
}

#[test]
fn a_large_operation_is_looked_through_in_pages_and_overwritten_by_a_job() {
    for_each_bench(|bench| {
        const MANY: i64 = 600;
        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let run = |kind: OperationKind, changes: Vec<Change>| {
            let run = bench.engine.write(|tx| {
                let mut operation = Operation::new(kind, Some(thing.id));
                apply(tx, snapshot.writer(), &bench.admin(), &mut operation, &thing, changes.clone())?;
                Ok::<_, EngineError>(operation.stored_id().unwrap())
            });
            run.unwrap()
        };
        let set = |id: i64, amount: i64| Change::Update {
            id,
            base_version: None,
            values: values(json!({ "amount": amount })),
        };
        let new = |at: i64| Change::Create { values: values(json!({"name": format!("{at}"), "amount": 0})) };
        run(OperationKind::Import, (1..=MANY).map(new).collect());
        let operation = run(OperationKind::Bulk, (1..=MANY).map(|id| set(id, 1)).collect());
        run(OperationKind::Bulk, (1..=MANY).filter(|id| id % 100 == 0).map(|id| set(id, 2)).collect());
        let told = later(bench, &bench.admin(), operation);
        assert_eq!(
            told.iter().map(|item| item["id"].as_i64().unwrap()).collect::<Vec<_>>(),
            [100, 200, 300, 400, 500, 600]
        );

        let handlers: [Arc<dyn JobHandler>; 1] = [Arc::new(UndoJob)];
        let work = |choices: &Overwrite| {
            let begun =
                bench.engine.write(|tx| undo_within(tx, &snapshot, &bench.admin(), operation, choices)).unwrap();
            let Undo::Job(job) = begun else { panic!("a large undo is a job") };
            run_now(&bench.engine, &handlers, job).unwrap().report.unwrap()
        };
        let first = work(&these(&told[..2]));
        assert_eq!((&first["undone"], &first["kept_count"]), (&json!(MANY - 4), &json!(4)));
        // What is named afterwards is so little that it is done at once.
        let third = take_back(bench, &bench.admin(), operation, &these(&told[2..3])).unwrap();
        assert_eq!((third.undone, third.kept_count), (1, 0));
        let keep = these(&told[3..4]).overwrite;
        let rest = work(&Overwrite { keep, ..all() });
        assert_eq!((&rest["undone"], &rest["kept_count"]), (&json!(2), &json!(1)));
        assert_eq!(bench.ids(&bench.admin(), "amount != 0"), [400]);
    });
}
