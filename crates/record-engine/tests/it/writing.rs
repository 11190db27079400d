//! Creating, changing, refusing.

use record_engine::EngineError;
use record_engine::query::load_records;
use record_engine::write::{Ahead, Change, Operation, OperationKind, Outcome, apply_prepared};
use serde_json::json;

use crate::bench_type::{errors, for_each_bench, values};

#[test]
fn every_kind_of_value_comes_back_as_it_was_stored() {
    for_each_bench(|bench| {
        let parent = bench.create(json!({"name": "Above"}));
        let id = bench.create(json!({
            "name": "  Карпати\n Буд ", "story": "one\r\ntwo", "amount": "1 234,5", "price": {"amount": 125_050, "currency": "UAH"},
            "flag": true, "day": "22.11.2026", "moment": "2026-11-22T10:00:00+02:00", "page": "example.com", "color": "Green",
            "colors": ["blue", "red", "red"], "parent": {"id": parent}, "team": [2, 1],
            "channels": [{"kind": "phone", "value": "067 440 12 85", "label": "work"}, {"kind": "phone", "value": "+380674401285"},
                         {"kind": "email", "value": " Ira@Example.COM "}],
            "addresses": [{"label": "office", "city": "Київ", "street": "вул. Саксаганського, 41"}],
        }));
        let record = bench.get(&bench.admin(), id).unwrap();
        let value = |field: &str| record.value(field).clone();
        assert_eq!(value("name"), json!("Карпати Буд"));
        assert_eq!(value("story"), json!("one\ntwo"));
        assert_eq!(value("amount"), json!(1234.5));
        assert_eq!(value("price"), json!({"amount": 125_050, "currency": "UAH"}));
        assert_eq!(value("flag"), json!(true));
        assert_eq!(value("day"), json!("2026-11-22"));
        assert_eq!(value("moment"), json!("2026-11-22T08:00:00.000Z"));
        assert_eq!(value("page"), json!("https://example.com"));
        assert_eq!(value("color"), json!("green"));
        assert_eq!(value("colors"), json!(["red", "blue"]));
        assert_eq!(value("parent"), json!(parent));
        assert_eq!(value("team"), json!([2, 1]));
        let channels = value("channels");
        assert_eq!(channels.as_array().unwrap().len(), 2, "the same number twice is one channel: {channels}");
        assert_eq!(channels[0]["value"], json!("+380674401285"));
        assert_eq!(channels[0]["display"], json!("+380 67 440 12 85"));
        assert_eq!(channels[0]["is_primary"], json!(true));
        assert_eq!(channels[1]["value"], json!("ira@example.com"));
        assert_eq!(value("addresses")[0]["city"], json!("Київ"));
        assert_eq!((record.version, record.created_by), (1, Some(1)));
        assert_eq!(bench.rows("SELECT COUNT(*) FROM changes"), 0, "a created record costs no change rows");
    });
}

#[test]
fn saving_what_stands_there_changes_nothing() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "amount": 1, "colors": ["red"], "channels": [{"kind": "phone", "value": "0674401285"}]}));
        let before = bench.rows("SELECT COUNT(*) FROM operations");
        let again = values(
            json!({"name": "A", "amount": "1,00", "colors": "Red", "channels": [{"kind": "phone", "value": "+38 067 440-12-85"}]}),
        );
        let (outcome, operation) =
            bench.try_apply(&bench.admin(), "thing", Change::Update { id, base_version: None, values: again }).unwrap();
        assert_eq!((outcome, operation), (Outcome::Unchanged(id), None));
        assert_eq!(bench.rows("SELECT COUNT(*) FROM operations"), before);
    });
}

#[test]
fn bad_input_is_refused_at_its_place_and_nothing_is_written() {
    for_each_bench(|bench| {
        let bad = json!({
            "amount": "many", "price": {"amount": 1, "currency": "XXX"}, "day": "31.02.2026", "moment": "soon", "page": "javascript:alert(1)",
            "color": "pink", "colors": ["red", "pink"], "nothing": 1, "created_at": "2026-01-01T00:00:00Z",
            "channels": [{"kind": "phone", "value": "0674401285"}, {"kind": "email", "value": "no"}, {"kind": "fax", "value": "1"}],
        });
        let found = errors(bench.try_apply(&bench.admin(), "thing", Change::Create { values: values(bad) }));
        for expected in [
            ("/amount", "not_a_number"),
            ("/price/currency", "unknown_option"),
            ("/day", "not_a_date"),
            ("/moment", "not_an_instant"),
            ("/page", "not_a_url"),
            ("/color", "unknown_option"),
            ("/colors/1", "unknown_option"),
            ("/nothing", "unknown_field"),
            ("/created_at", "read_only"),
            ("/channels/1/value", "not_an_email"),
            ("/channels/2/kind", "unknown_channel_kind"),
        ] {
            assert!(found.contains(&(expected.0.into(), expected.1.into())), "{expected:?} is missing in {found:?}");
        }
        let missing =
            errors(bench.try_apply(&bench.admin(), "thing", Change::Create { values: values(json!({"amount": 1})) }));
        assert_eq!(missing, [("/name".to_owned(), "required".to_owned())]);
        let unknown = json!({"name": "A", "parent": 999, "team": [1, 77]});
        let found = errors(bench.try_apply(&bench.admin(), "thing", Change::Create { values: values(unknown) }));
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(bench.rows("SELECT COUNT(*) FROM thing"), 0);
    });
}

#[test]
fn a_channel_belongs_to_one_live_record() {
    for_each_bench(|bench| {
        let phone = json!([{"kind": "phone", "value": "0674401285"}]);
        let first = bench.create(json!({"name": "A", "channels": phone}));
        let refused = bench.try_apply(
            &bench.admin(),
            "thing",
            Change::Create { values: values(json!({"name": "B", "channels": phone})) },
        );
        match refused {
            Err(EngineError::Invalid(errors)) => {
                assert_eq!((errors[0].pointer.as_str(), errors[0].code.as_str()), ("/channels/0/value", "duplicate"));
                assert_eq!((&errors[0].params["id"], &errors[0].params["title"]), (&json!(first), &json!("A")));
            }
            other => panic!("{other:?}"),
        }
        // To one who may not see the card, it only says that it exists and who answers for it.
        bench.update(first, json!({"team": [1]}));
        let other = values(json!({"name": "B", "team": [2], "channels": phone}));
        match bench.try_apply(&bench.employee(), "thing", Change::Create { values: other }) {
            Err(EngineError::Invalid(errors)) => {
                assert!(!errors[0].params.contains_key("id"));
                assert_eq!(errors[0].params["responsible"], json!("Олена"));
            }
            other => panic!("{other:?}"),
        }
        let shared = json!([{"kind": "phone", "value": "0674401285", "is_shared": true}]);
        bench.create(json!({"name": "C", "channels": shared}));
        // The trash frees the number; coming back asks for it again.
        bench.try_apply(&bench.admin(), "thing", Change::Delete { id: first, base_version: None }).unwrap();
        let second = bench.create(json!({"name": "D", "channels": phone}));
        let back = errors(bench.try_apply(&bench.admin(), "thing", Change::Restore { id: first }));
        assert_eq!(back[0].1, "duplicate");
        bench.update(second, json!({"channels": null}));
        bench.try_apply(&bench.admin(), "thing", Change::Restore { id: first }).unwrap();
        assert_eq!(bench.get(&bench.admin(), first).unwrap().deleted_at, None);
    });
}

#[test]
fn two_editors_of_different_fields_both_win_and_of_the_same_field_are_told() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "A", "amount": 1, "color": "red"}));
        bench.update(id, json!({"color": "blue"}));
        let merged = Change::Update { id, base_version: Some(1), values: values(json!({"amount": 2})) };
        bench.try_apply(&bench.admin(), "thing", merged).unwrap();
        let clash =
            Change::Update { id, base_version: Some(1), values: values(json!({"color": "green", "name": "B"})) };
        match bench.try_apply(&bench.admin(), "thing", clash) {
            Err(EngineError::Conflict { version, fields }) => {
                assert_eq!((version, fields.len()), (3, 1));
                let field = &fields[0];
                assert_eq!(
                    (&field.yours, &field.theirs, &field.base),
                    (&json!("green"), &json!("blue"), &json!("red"))
                );
                assert_eq!(field.by, Some(1));
            }
            other => panic!("{other:?}"),
        }
        let same = Change::Update { id, base_version: Some(1), values: values(json!({"color": "blue"})) };
        assert!(matches!(bench.try_apply(&bench.admin(), "thing", same), Ok((Outcome::Unchanged(_), _))));
    });
}

#[test]
fn nothing_stands_above_itself() {
    for_each_bench(|bench| {
        let top = bench.create(json!({"name": "Holding"}));
        let middle = bench.create(json!({"name": "Company", "parent": top}));
        let low = bench.create(json!({"name": "Person", "parent": middle}));
        for (id, parent) in [(top, low), (top, middle), (top, top)] {
            let change = Change::Update { id, base_version: None, values: values(json!({"parent": parent})) };
            assert_eq!(
                errors(bench.try_apply(&bench.admin(), "thing", change)),
                [("/parent".to_owned(), "cycle".to_owned())]
            );
        }
    });
}

#[test]
fn what_was_worked_out_ahead_counts_only_while_the_records_stand() {
    for_each_bench(|bench| {
        let ids = [bench.create(json!({"name": "A"})), bench.create(json!({"name": "B"}))];
        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let context = bench.admin();
        let ahead = || {
            let records = bench.engine.database().read(|tx| load_records(tx, &thing, &ids, false)).unwrap();
            let values = values(json!({"story": "проверено"}));
            let changes =
                ids.iter().map(|id| Change::Update { id: *id, base_version: None, values: values.clone() }).collect();
            Ahead::prepare(snapshot.writer(), &context, &thing, changes, records).unwrap()
        };
        let outdated = ahead();
        bench.update(ids[1], json!({"name": "Б"}));
        let mut outdated = Some(outdated);
        let prepared =
            bench.engine.write(|tx| outdated.take().map(|ahead| ahead.if_unchanged(tx, &thing)).transpose()).unwrap();
        assert!(prepared.flatten().is_none());

        let mut fresh = Some(ahead());
        let written = bench.engine.write(|tx| {
            let prepared = fresh.take().unwrap().if_unchanged(tx, &thing)?.unwrap();
            let mut operation = Operation::new(OperationKind::Bulk, Some(thing.id));
            apply_prepared(tx, snapshot.writer(), &context, &mut operation, &thing, prepared)
        });
        assert!(written.unwrap().iter().all(Result::is_ok));
        let card = bench.get(&context, ids[1]).unwrap();
        assert_eq!((card.value("name"), card.value("story")), (&json!("Б"), &json!("проверено")));
    });
}
