//! Several records become one, and become several again.

use std::collections::BTreeMap;
use std::sync::Arc;

use record_engine::catalog::{FieldChange, NewField, add_field, labels};
use record_engine::field_types::{FieldKind, FileSettings};
use record_engine::history::{HistoryQuery, record_history};
use record_engine::jobs::{JobHandler, run_now};
use record_engine::merge::{MergeRequest, Merged, Preview, merge, preview};
use record_engine::query::relations::relations_to;
use record_engine::undo::{Undo, UndoJob, UndoReport, undo};
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{EngineError, Record, RequestContext, schema_sync};
use serde_json::{Value as Json, json};

use crate::bench_type::{Bench, for_each_bench, values};

fn request(survivor: i64, losers: &[i64]) -> MergeRequest {
    MergeRequest { survivor, losers: losers.to_vec(), ..MergeRequest::default() }
}

fn try_merge(bench: &Bench, context: &RequestContext, request: &MergeRequest) -> Result<Merged, EngineError> {
    let snapshot = bench.engine.snapshot();
    let thing = snapshot.object_type("thing").unwrap();
    bench.clock.advance(1_000);
    bench.engine.write(|tx| merge(tx, &snapshot, context, &thing, request))
}

fn merge_now(bench: &Bench, request: &MergeRequest) -> i64 {
    try_merge(bench, &bench.admin(), request).unwrap().operation_id
}

fn preview_now(bench: &Bench, context: &RequestContext, request: &MergeRequest) -> Result<Preview, EngineError> {
    let snapshot = bench.engine.snapshot();
    let thing = snapshot.object_type("thing").unwrap();
    bench.engine.database().read(|tx| preview(tx, &snapshot, context, &thing, request))
}

fn undo_now(bench: &Bench, context: &RequestContext, operation: i64) -> UndoReport {
    match undo(&bench.engine, context, operation).unwrap() {
        Undo::Done(report) => report,
        Undo::Job(_) => panic!("a small undo runs at once"),
    }
}

fn note(bench: &Bench, fields: Json) -> i64 {
    bench.try_apply(&bench.admin(), "note", Change::Create { values: values(fields) }).unwrap().0.id()
}

fn phones(record: &Record) -> Vec<&str> {
    let entries = record.value("channels").as_array().map(Vec::as_slice).unwrap_or_default();
    entries.iter().filter_map(|entry| entry["value"].as_str()).collect()
}

/// What stands in a record, without what every write moves.
fn content(bench: &Bench, object_type: &str, id: i64) -> (BTreeMap<String, Json>, bool, Option<i64>) {
    let record = bench.stored(object_type, id);
    (record.values.clone(), record.deleted_at.is_some(), record.merged_into)
}

/// Type, id, values, whether it is in the trash, where it went.
type Stored = (String, i64, BTreeMap<String, Json>, bool, Option<i64>);

fn everything(bench: &Bench) -> Vec<Stored> {
    let mut all = Vec::new();
    for object_type in ["thing", "note"] {
        for id in 1..=bench.rows(&format!("SELECT COALESCE(MAX(id), 0) FROM {object_type}")) {
            let (values, is_deleted, merged_into) = content(bench, object_type, id);
            all.push((object_type.to_owned(), id, values, is_deleted, merged_into));
        }
    }
    all
}

fn codes(error: EngineError) -> Vec<(String, String)> {
    match error {
        EngineError::Invalid(errors) => errors.into_iter().map(|error| (error.pointer, error.code)).collect(),
        other => panic!("expected field errors, got {other:?}"),
    }
}

#[test]
fn a_merge_fills_unites_and_chooses_and_its_undo_gives_everything_back() {
    for_each_bench(|bench| {
        let survivor = bench.create(json!({
            "name": "Олена", "color": "red", "amount": 1, "team": [1], "colors": ["red"],
            "channels": [{"kind": "phone", "value": "0674401285"}, {"kind": "website", "value": "https://a.example"}],
            "addresses": [{"city": "Київ", "street": "Хрещатик 1"}],
        }));
        let first = bench.create(json!({
            "name": "Olena", "color": "blue", "amount": 2, "story": "long", "team": [2, 1], "colors": ["green", "red"],
            "channels": [{"kind": "phone", "value": "0674401286", "is_primary": true}, {"kind": "website", "value": "https://A.example", "label": "work"}],
            "addresses": [{"city": "київ", "street": "хрещатик 1", "label": "office"}, {"city": "Львів"}],
        }));
        let second = bench.create(json!({"name": "О.", "day": "2001-02-03", "story": "other", "secret": "s"}));
        let before = everything(bench);

        let mut asked = request(survivor, &[first, second]);
        asked.choices = BTreeMap::from([("color".into(), first), ("story".into(), second)]);
        let shown = preview_now(bench, &bench.admin(), &asked).unwrap();
        assert_eq!(everything(bench), before, "a preview changes nothing");
        let field = |name: &str| shown.fields.iter().find(|plan| plan.field == name).unwrap();
        assert!(field("amount").is_conflict && field("amount").from == Some(survivor));
        assert!(field("color").is_conflict && field("color").from == Some(first));
        assert!(field("channels").is_united && !field("channels").is_conflict);
        assert!(!field("day").is_conflict && field("day").from == Some(second));

        let operation = merge_now(bench, &asked);
        let merged = bench.stored("thing", survivor);
        assert_eq!(merged.values, shown.merged.values, "the merge does what the preview says");
        for (name, expect) in [
            ("name", json!("Олена")),
            ("color", json!("blue")),
            ("amount", json!(1)),
            ("story", json!("other")),
            ("day", json!("2001-02-03")),
            ("secret", json!("s")),
            ("team", json!([1, 2])),
            ("colors", json!(["red", "green"])),
        ] {
            assert_eq!(merged.value(name), &expect, "{name}");
        }
        assert_eq!(phones(&merged), ["+380674401285", "https://a.example", "+380674401286"]);
        assert_eq!(merged.value("channels")[0]["is_primary"], json!(true));
        assert_eq!(merged.value("channels")[1]["label"], json!("work"), "an entry is completed");
        assert_eq!(merged.value("channels")[2]["is_primary"], json!(false));
        let cities: Vec<&str> =
            merged.value("addresses").as_array().unwrap().iter().filter_map(|entry| entry["city"].as_str()).collect();
        assert_eq!(cities, ["Київ", "Львів"]);
        for loser in [first, second] {
            let gone = bench.get(&bench.admin(), loser).unwrap();
            assert!(gone.deleted_at.is_some());
            assert_eq!(gone.merged_into, Some(survivor));
        }
        assert_eq!(bench.rows("SELECT COUNT(*) FROM operations WHERE kind = 'merge'"), 1);
        assert_eq!(bench.rows("SELECT record_count FROM operations WHERE kind = 'merge'"), 3);

        let report = undo_now(bench, &bench.admin(), operation);
        assert_eq!((report.undone, report.kept_count), (3, 0), "{:?}", report.kept);
        assert_eq!(everything(bench), before, "the unmerge leaves no trace in the values");
        // And forth again.
        let report = undo_now(bench, &bench.admin(), report.operation_id.unwrap());
        assert_eq!((report.undone, report.kept_count), (3, 0), "{:?}", report.kept);
        assert_eq!(bench.stored("thing", survivor).values, merged.values);
        assert_eq!(bench.stored("thing", first).merged_into, Some(survivor));
        undo_now(bench, &bench.admin(), report.operation_id.unwrap());
        assert_eq!(everything(bench), before);
    });
}

#[test]
fn every_relation_of_the_catalog_moves_and_returns() {
    for_each_bench(|bench| {
        let (survivor, loser, other) = (
            bench.create(json!({"name": "survivor"})),
            bench.create(json!({"name": "loser"})),
            bench.create(json!({"name": "other"})),
        );
        // A record for every field of every type that points to things, whatever modules bring.
        let catalog = bench.engine.snapshot().catalog;
        let mut pointing = Vec::new();
        for relation in relations_to(&catalog, "thing") {
            let name = relation.field.name.as_str();
            let is_set = relation.field.behaviour().child_table().is_some();
            let title = relation.object_type.definition.title_field;
            let value = if is_set { json!([other, loser, survivor]) } else { json!(loser) };
            let change = Change::Create { values: values(json!({ title: name, name: value })) };
            let made = bench.try_apply(&bench.admin(), &relation.object_type.name, change).unwrap().0.id();
            pointing.push((relation.object_type.name.clone(), name.to_owned(), is_set, made));
        }
        assert_eq!(pointing.len(), 4, "{pointing:?}");
        // What lies in the trash comes back some day.
        let trashed = note(bench, json!({"text": "trashed", "about": loser}));
        bench.try_apply(&bench.admin(), "note", Change::Delete { id: trashed, base_version: None }).unwrap();
        let before = everything(bench);

        let shown = preview_now(bench, &bench.admin(), &request(survivor, &[loser])).unwrap();
        assert_eq!(shown.relations.iter().map(|relation| relation.count).sum::<usize>(), 5, "{:?}", shown.relations);
        let merged = try_merge(bench, &bench.admin(), &request(survivor, &[loser])).unwrap();
        assert_eq!(merged.moved, 5);
        for (object_type, field, is_set, id) in &pointing {
            let expect = if *is_set { json!([other, survivor]) } else { json!(survivor) };
            assert_eq!(bench.stored(object_type, *id).value(field), &expect, "{object_type}.{field}");
        }
        assert_eq!(bench.stored("note", trashed).value("about"), &json!(survivor));

        let report = undo_now(bench, &bench.admin(), merged.operation_id);
        assert_eq!(report.kept_count, 0, "{:?}", report.kept);
        assert_eq!(everything(bench), before);
    });
}

#[test]
fn trees_stay_trees() {
    for_each_bench(|bench| {
        let thing = |name: &str, parent: Option<i64>| bench.create(json!({"name": name, "parent": parent}));
        // root ← loser ← middle ← survivor, and a child below each.
        let root = thing("root", None);
        let loser = thing("loser", Some(root));
        let middle = thing("middle", Some(loser));
        let survivor = thing("survivor", Some(middle));
        let child = thing("child", Some(survivor));
        let before = everything(bench);
        let parent = |id: i64| bench.stored("thing", id).value("parent").clone();

        let operation = merge_now(bench, &request(survivor, &[loser]));
        assert_eq!((parent(survivor), parent(middle), parent(child)), (json!(root), json!(survivor), json!(survivor)));
        let report = undo_now(bench, &bench.admin(), operation);
        assert_eq!(report.kept_count, 0, "{:?}", report.kept);
        assert_eq!(everything(bench), before);
        let report = undo_now(bench, &bench.admin(), report.operation_id.unwrap());
        assert_eq!(report.kept_count, 0, "{:?}", report.kept);
        assert_eq!((parent(survivor), parent(middle)), (json!(root), json!(survivor)));
        undo_now(bench, &bench.admin(), report.operation_id.unwrap());
        // A record and the one above it, both ways round.
        let operation = merge_now(bench, &request(middle, &[survivor]));
        assert_eq!((parent(middle), parent(child)), (json!(loser), json!(middle)));
        undo_now(bench, &bench.admin(), operation);
        let operation = merge_now(bench, &request(child, &[survivor]));
        assert_eq!(parent(child), json!(middle));
        undo_now(bench, &bench.admin(), operation);
        assert_eq!(everything(bench), before);
    });
}

#[test]
fn what_changed_since_is_kept_when_a_merge_is_taken_back() {
    for_each_bench(|bench| {
        let phone = |number: &str| json!({"kind": "phone", "value": number});
        let survivor = bench.create(json!({"name": "A", "color": null, "channels": [phone("0674401285")]}));
        let loser = bench.create(json!({"name": "B", "color": "red", "amount": 5, "channels": [phone("0674401286")]}));
        let about = note(bench, json!({"text": "n", "about": loser}));
        let moved_on = note(bench, json!({"text": "m", "about": loser}));
        let elsewhere = bench.create(json!({"name": "C"}));
        let operation = merge_now(bench, &request(survivor, &[loser]));

        // Somebody gives it another colour and a third phone, and moves a note elsewhere.
        let mut channels = bench.stored("thing", survivor).value("channels").as_array().unwrap().clone();
        channels.push(phone("0674401287"));
        bench.update(survivor, json!({"color": "green", "channels": channels}));
        let change = Change::Update { id: moved_on, base_version: None, values: values(json!({"about": elsewhere})) };
        bench.try_apply(&bench.admin(), "note", change).unwrap();

        let report = undo_now(bench, &bench.admin(), operation);
        let kept: Vec<(&Json, &Json)> = report.kept.iter().map(|kept| (&kept["type"], &kept["field"])).collect();
        assert_eq!(kept, [(&json!("note"), &json!("about")), (&json!("thing"), &json!("color"))], "{:?}", report.kept);
        let (survivor, loser) = (bench.stored("thing", survivor), bench.stored("thing", loser));
        assert_eq!((survivor.value("color"), survivor.value("amount")), (&json!("green"), &Json::Null));
        assert_eq!(
            phones(&survivor),
            ["+380674401285", "+380674401287"],
            "the third phone stays, the loser's goes home"
        );
        assert_eq!((phones(&loser), loser.deleted_at), (vec!["+380674401286"], None));
        assert_eq!(bench.stored("note", about).value("about"), &json!(loser.id));
        assert_eq!(bench.stored("note", moved_on).value("about"), &json!(elsewhere));
    });
}

#[test]
fn a_card_that_cannot_return_leaves_its_other_numbers_with_the_survivor() {
    for_each_bench(|bench| {
        let phone = |number: &str| json!({"kind": "phone", "value": number});
        let survivor = bench.create(json!({"name": "A", "channels": [phone("0674401285")]}));
        let loser = bench.create(json!({"name": "B", "channels": [phone("0674401286"), phone("0674401287")]}));
        let operation = merge_now(bench, &request(survivor, &[loser]));
        // One of its numbers moves on to somebody else.
        bench.update(survivor, json!({"channels": [phone("0674401285"), phone("0674401287")]}));
        bench.create(json!({"name": "C", "channels": [phone("0674401286")]}));

        let report = undo_now(bench, &bench.admin(), operation);
        assert!(report.kept.iter().any(|kept| kept["id"] == json!(loser)), "{:?}", report.kept);
        assert!(bench.stored("thing", loser).deleted_at.is_some());
        assert_eq!(phones(&bench.stored("thing", survivor)), ["+380674401285", "+380674401287"]);
    });
}

#[test]
fn only_who_may_change_and_delete_all_of_them_merges_them() {
    for_each_bench(|bench| {
        let own = bench.create(json!({"name": "own", "team": [2], "secret": "a"}));
        let also_own = bench.create(json!({"name": "also own", "team": [2], "secret": "b", "color": "red"}));
        let readable = bench.create(json!({"name": "readable", "flag": true}));
        let foreign = bench.create(json!({"name": "foreign"}));
        let employee = bench.employee();
        let before = everything(bench);
        for (survivor, loser, expect) in [
            (own, foreign, "not_found"),
            (foreign, own, "not_found"),
            (own, readable, "forbidden"),
            (readable, own, "forbidden"),
        ] {
            let asked = request(survivor, &[loser]);
            let code = |error: EngineError| error.code_and_params().0;
            assert_eq!(code(try_merge(bench, &employee, &asked).unwrap_err()), expect);
            assert_eq!(code(preview_now(bench, &employee, &asked).unwrap_err()), expect);
        }
        assert_eq!(everything(bench), before);

        // What he may not see moves all the same, and comes back with the unmerge.
        let hidden = note(bench, json!({"text": "hidden", "about": also_own}));
        let merged = try_merge(bench, &employee, &request(own, &[also_own])).unwrap();
        assert_eq!(bench.stored("note", hidden).value("about"), &json!(own));
        let survivor = bench.stored("thing", own);
        assert_eq!((survivor.value("secret"), survivor.value("color")), (&json!("a"), &json!("red")));
        let report = undo_now(bench, &employee, merged.operation_id);
        assert_eq!(report.kept_count, 0);
        assert_eq!(bench.stored("note", hidden).value("about"), &json!(also_own));
    });
}

#[test]
fn a_merge_that_cannot_be_leaves_everything_as_it_was() {
    for_each_bench(|bench| {
        let one = bench.create(json!({"name": "1", "color": "red"}));
        let two = bench.create(json!({"name": "2"}));
        let gone = bench.create(json!({"name": "3"}));
        bench.try_apply(&bench.admin(), "thing", Change::Delete { id: gone, base_version: None }).unwrap();
        let before = everything(bench);
        let refused = |request: &MergeRequest| try_merge(bench, &bench.admin(), request).unwrap_err();
        let field = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];

        assert_eq!(codes(refused(&request(one, &[]))), field("/losers", "required"));
        assert_eq!(codes(refused(&request(one, &[two, one]))), field("/losers", "same_record"));
        assert_eq!(codes(refused(&request(one, &(100..200).collect::<Vec<_>>()))), field("/losers", "too_many_values"));
        assert!(matches!(refused(&request(one, &[999])), EngineError::NotFound));
        assert!(matches!(refused(&request(one, &[gone])), EngineError::State("in_trash")));
        assert!(matches!(refused(&request(gone, &[one])), EngineError::State("in_trash")));
        let with = |choices: &[(&str, i64)], versions: &[(i64, i64)]| MergeRequest {
            choices: choices.iter().map(|(name, id)| ((*name).to_owned(), *id)).collect(),
            versions: versions.iter().copied().collect(),
            ..request(one, &[two])
        };
        assert_eq!(codes(refused(&with(&[("nothing", one)], &[]))), field("/choices/nothing", "unknown_field"));
        assert_eq!(codes(refused(&with(&[("id", one)], &[]))), field("/choices/id", "read_only"));
        assert_eq!(codes(refused(&with(&[("color", gone)], &[]))), field("/choices/color", "unknown_record"));
        assert!(matches!(refused(&with(&[], &[(two, 7)])), EngineError::Conflict { version: 1, .. }));
        // A choice that leaves a required field empty is refused by the write path, after the loser is gone: all of it is undone.
        bench
            .engine
            .write(|tx| {
                database::Tx::execute(tx, "UPDATE thing SET name = NULL, name_key = NULL WHERE id = 2", &[])
                    .map_err(EngineError::from)
            })
            .unwrap();
        assert_eq!(codes(refused(&with(&[("name", two)], &[]))), field("/choices/name", "required"));
        bench
            .engine
            .write(|tx| {
                database::Tx::execute(tx, "UPDATE thing SET name = '2', name_key = '2' WHERE id = 2", &[])
                    .map_err(EngineError::from)
            })
            .unwrap();
        assert_eq!(everything(bench), before);
        let users = bench.engine.snapshot().object_type("user").unwrap();
        let result =
            bench.engine.write(|tx| merge(tx, &bench.engine.snapshot(), &bench.admin(), &users, &request(1, &[2])));
        assert!(matches!(result, Err(EngineError::State("cannot_be_merged"))));
    });
}

#[test]
fn a_merged_record_that_is_restored_by_hand_is_a_record_again() {
    for_each_bench(|bench| {
        let survivor = bench.create(json!({"name": "A"}));
        let loser = bench.create(json!({"name": "B", "channels": [{"kind": "phone", "value": "0674401286"}]}));
        merge_now(bench, &request(survivor, &[loser]));
        // Its phone is the survivor's now.
        let restore = || bench.try_apply(&bench.admin(), "thing", Change::Restore { id: loser });
        assert_eq!(codes(restore().unwrap_err()), [("/channels/0/value".to_owned(), "duplicate".to_owned())]);
        bench.update(survivor, json!({"channels": null}));
        let (_, operation) = restore().unwrap();
        assert_eq!(content(bench, "thing", loser).2, None);
        // Taking the restoring back says again where it went.
        undo_now(bench, &bench.admin(), operation.unwrap());
        assert_eq!(content(bench, "thing", loser).2, Some(survivor));

        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let query = HistoryQuery { limit: 10, ..HistoryQuery::default() };
        let read = bench
            .engine
            .database()
            .read(|tx| record_history(tx, &bench.admin(), &snapshot.catalog, &thing, loser, &query));
        let entries = read.unwrap().0;
        assert_eq!(entries[0]["merged_into"]["title"], json!("A"));
        assert_eq!(entries[2]["operation"]["kind"], json!("merge"));
        assert!(entries.iter().all(|entry| entry["changes"] == json!([])), "where it went is no field: {entries:?}");
    });
}

#[test]
fn a_large_merge_comes_back_by_a_job() {
    for_each_bench(|bench| {
        let survivor = bench.create(json!({"name": "A"}));
        let loser = bench.create(json!({"name": "B", "channels": [{"kind": "phone", "value": "0674401286"}]}));
        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let many = bench.engine.write(|tx| {
            let mut operation = Operation::new(OperationKind::Import, Some(thing.id));
            let new = |at: i32| Change::Create { values: values(json!({"name": format!("{at}"), "parent": loser})) };
            let changes = (0..600).map(new).collect();
            apply(tx, snapshot.writer(), &bench.admin(), &mut operation, &thing, changes)
        });
        assert_eq!(many.unwrap().len(), 600);
        let merged = try_merge(bench, &bench.admin(), &request(survivor, &[loser])).unwrap();
        assert_eq!(merged.moved, 600);
        let Undo::Job(job) = undo(&bench.engine, &bench.admin(), merged.operation_id).unwrap() else {
            panic!("a large undo is a job")
        };
        let handlers: [Arc<dyn JobHandler>; 1] = [Arc::new(UndoJob)];
        let done = run_now(&bench.engine, &handlers, job).unwrap();
        let report = done.report.unwrap();
        assert_eq!((done.state.as_str(), &report["undone"], &report["kept_count"]), ("done", &json!(602), &json!(0)));
        assert_eq!(bench.rows(&format!("SELECT COUNT(*) FROM thing WHERE parent = {loser}")), 600);
        assert_eq!(phones(&bench.stored("thing", loser)), ["+380674401286"]);
        assert_eq!(bench.stored("thing", survivor).value("channels"), &Json::Null);
    });
}

#[test]
fn a_base_from_before_merging_learns_it() {
    for_each_bench(|bench| {
        let (survivor, loser) = (bench.create(json!({"name": "A"})), bench.create(json!({"name": "B"})));
        let catalog = bench.engine.snapshot().catalog;
        let renewed = bench.engine.write_batch(|tx| {
            tx.execute_batch("ALTER TABLE thing DROP COLUMN merged_into")?;
            schema_sync::synchronise(tx, &catalog)
        });
        renewed.unwrap();
        merge_now(bench, &request(survivor, &[loser]));
        assert_eq!(bench.stored("thing", loser).merged_into, Some(survivor));
    });
}

#[test]
fn a_file_from_before_its_field_took_less_moves_with_a_merge() {
    for_each_bench(|bench| {
        let new = NewField {
            labels: labels(["Scan", "Скан", "Скан"]),
            kind: FieldKind::File(FileSettings { max_bytes: 1_000, picture: None }),
            group: None,
            is_required: false,
        };
        let scan = bench
            .engine
            .change_catalog(&bench.admin(), |tx, snapshot| {
                add_field(tx, &snapshot.catalog, snapshot.object_type("thing")?.as_ref(), &new)
            })
            .unwrap();
        bench.store_file("a1", 900, None);
        bench.store_file("a2", 900, None);
        let stays = bench.create(json!({"name": "Шевчук"}));
        let goes = bench.create(json!({"name": "Шевчук", &scan: "a1"}));
        let less = FieldKind::File(FileSettings { max_bytes: 100, picture: None });
        let change = FieldChange { kind: Some(less), ..FieldChange::default() };
        bench.engine.change_field(&bench.admin(), "thing", &scan, &change).unwrap();

        let operation = merge_now(bench, &request(stays, &[goes]));
        assert_eq!(bench.stored("thing", stays).value(&scan), &json!("a1"));
        undo_now(bench, &bench.admin(), operation);
        assert_eq!(bench.stored("thing", stays).value(&scan), &Json::Null);
        // What nobody holds yet is new, and for that the limit of today holds.
        let put = Change::Create { values: values(json!({"name": "Новий", &scan: "a2"})) };
        assert!(matches!(bench.try_apply(&bench.admin(), "thing", put), Err(EngineError::Invalid(_))));
    });
}
