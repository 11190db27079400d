//! Fields added while the system works.

use database::Backend;
use record_engine::access::{RowRule, compile};
use record_engine::catalog::{FieldChange, NewField, add_field, labels};
use record_engine::field_types::*;
use record_engine::pictures::PictureBox;
use record_engine::query::Predicate;
use record_engine::undo::undo;
use record_engine::write::Change;
use record_engine::{EngineError, RequestContext};
use serde_json::json;

use crate::bench_type::{Bench, for_each_bench, values};

fn new_field(kind: FieldKind) -> NewField {
    NewField {
        labels: labels(["Shoe size", "Размер обуви", "Розмір взуття"]), kind, group: None, is_required: false
    }
}

fn add(bench: &Bench, kind: FieldKind) -> String {
    try_add(bench, &bench.admin(), &new_field(kind)).unwrap()
}

fn try_add(bench: &Bench, context: &RequestContext, new: &NewField) -> Result<String, EngineError> {
    bench.engine.change_catalog(context, |tx, snapshot| {
        add_field(tx, &snapshot.catalog, snapshot.object_type("thing")?.as_ref(), new)
    })
}

#[test]
fn five_hundred_fields_on_one_type() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "Before"}));
        let mut names = Vec::new();
        for at in 0..500 {
            let kind = match at % 5 {
                0 => FieldKind::Text(TextSettings::default()),
                1 => FieldKind::Number(NumberSettings::default()),
                2 => FieldKind::Checkbox,
                3 => FieldKind::Date,
                _ => FieldKind::Choice(ChoiceSettings::of(&[("one", ["One", "Один", "Один"], None)])),
            };
            names.push(add(bench, kind));
        }
        bench.update(id, json!({&names[0]: "text", &names[495]: "Останнє", &names[496]: 42}));
        let record = bench.get(&bench.admin(), id).unwrap();
        assert_eq!((record.value(&names[495]), record.value(&names[496])), (&json!("Останнє"), &json!(42)));
        assert_eq!(
            bench.ids(&bench.admin(), &format!("{} starts with \"ост\" and {} > 41", names[495], names[496])),
            [id]
        );
        let other = bench.create(json!({"name": "After", &names[499]: "Один"}));
        assert_eq!(bench.get(&bench.admin(), other).unwrap().value(&names[499]), &json!("one"));
        bench.engine.index_field(&bench.admin(), "thing", &names[495]).unwrap();
        assert_eq!(bench.list(&bench.admin(), "all", &names[495]).unwrap().records[0].id, id);
    });
}

#[test]
fn what_a_reference_points_to_stays_and_its_filter_must_fit() {
    for_each_bench(|bench| {
        let plain = ReferenceSettings::to("thing");
        let name = add(bench, FieldKind::Reference(plain.clone()));
        let several = add(bench, FieldKind::ReferenceSet(plain.clone()));
        let target = bench.create(json!({"name": "Ціль", "color": "red"}));
        bench.create(json!({"name": "Вказує", &name: target, &several: [target]}));
        let change = |field: &str, kind: FieldKind| {
            let change = FieldChange { kind: Some(kind), ..FieldChange::default() };
            bench.engine.change_field(&bench.admin(), "thing", field, &change)
        };
        let pointer = |result: Result<(), EngineError>| match result {
            Err(EngineError::Invalid(errors)) => errors[0].pointer.clone(),
            other => panic!("{other:?}"),
        };
        let filtered = |text: &str| ReferenceSettings { target_filter: Some(text.into()), ..plain.clone() };
        let user = ReferenceSettings::to("user");
        assert_eq!(pointer(change(&name, FieldKind::Reference(user.clone()))), "/settings/target");
        assert_eq!(pointer(change(&several, FieldKind::ReferenceSet(user))), "/settings/target");
        let tree = ReferenceSettings { is_hierarchy: true, ..plain.clone() };
        assert_eq!(pointer(change(&name, FieldKind::Reference(tree))), "/settings/is_hierarchy");
        assert_eq!(pointer(change("parent", FieldKind::Reference(plain.clone()))), "/settings/is_hierarchy");
        for wrong in ["nonsense = 1", "color = = red", "amount = \"x\""] {
            assert_eq!(pointer(change(&name, FieldKind::Reference(filtered(wrong)))), "/settings/target_filter");
            assert_eq!(pointer(change(&several, FieldKind::ReferenceSet(filtered(wrong)))), "/settings/target_filter");
            let new = NewField {
                labels: labels(["X"; 3]),
                kind: FieldKind::Reference(filtered(wrong)),
                group: None,
                is_required: false,
            };
            assert!(matches!(try_add(bench, &bench.admin(), &new), Err(EngineError::Invalid(_))));
        }
        change(&name, FieldKind::Reference(filtered("color = red"))).unwrap();
        bench.create(json!({"name": "Вказує теж", &name: target}));
    });
}

#[test]
fn the_records_that_hold_a_file_are_found_by_an_index() {
    for_each_bench(|bench| {
        let custom = add(bench, FieldKind::File(FileSettings::default()));
        bench.store_file("abc123", 1, None);
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        for field in ["paper", custom.as_str()] {
            let filter = compile(&format!("{field} = abc123"), &thing, &bench.admin()).unwrap();
            let predicate = Predicate::new(&thing, &RowRule::All, &filter, bench.engine.database().backend());
            assert!(predicate.terms[0].source.is_some(), "{field}");
            let indexes = match bench.engine.database().backend() {
                Backend::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'index' AND name",
                Backend::Postgres => "SELECT COUNT(*) FROM pg_indexes WHERE indexname",
            };
            assert_eq!(bench.rows(&format!("{indexes} = '{}_{field}'", thing.table())), 1, "{field}");
            let id = bench.create(json!({"name": "Тримає", field: "abc123"}));
            assert_eq!(bench.ids(&bench.admin(), &format!("{field} = abc123")), [id]);
        }
    });
}

#[test]
fn a_file_exists_and_is_what_its_field_takes() {
    for_each_bench(|bench| {
        let into = PictureBox::within(200, 300);
        let any = add(bench, FieldKind::File(FileSettings { max_bytes: 1_000, picture: None }));
        let picture = add(bench, FieldKind::File(FileSettings::picture(1_000, into)));
        bench.store_file("a1", 1_000, None);
        bench.store_file("a2", 1_001, None);
        bench.store_file("b1", 900, Some((200, 300)));
        bench.store_file("b2", 900, Some((201, 300)));
        bench.store_file("b3", 900, Some((200, 301)));
        let check = |field: &str, file: &str, expect: Option<&str>| {
            let new = Change::Create { values: values(json!({"name": "Тримає", field: {"id": file}})) };
            let code = match bench.try_apply(&bench.admin(), "thing", new) {
                Ok(_) => None,
                Err(EngineError::Invalid(errors)) => Some(errors[0].code.clone()),
                Err(other) => panic!("{other}"),
            };
            assert_eq!(code.as_deref(), expect, "{file}");
        };
        check(&any, "a1", None);
        check(&any, "a2", Some("file_over_limit"));
        check(&any, "a3", Some("unknown_file"));
        check(&any, "b1", None);
        check(&picture, "b1", None);
        check(&picture, "b2", Some("not_a_picture"));
        check(&picture, "b3", Some("not_a_picture"));
        // A name that ends in .png makes no picture.
        check(&picture, "a1", Some("not_a_picture"));
        check(&picture, "a3", Some("unknown_file"));

        // What was there before the field took pictures only stays, and comes back with an undo.
        let id = bench.create(json!({"name": "Давній", &any: "a1"}));
        let only = FileSettings::picture(1_000, into);
        let change = FieldChange { kind: Some(FieldKind::File(only)), ..FieldChange::default() };
        bench.engine.change_field(&bench.admin(), "thing", &any, &change).unwrap();
        bench.update(id, json!({"name": "Давній друг", &any: "a1"}));
        let emptied = bench.update(id, json!({&any: null})).unwrap();
        undo(&bench.engine, &bench.admin(), emptied).unwrap();
        assert_eq!(bench.stored("thing", id).value(&any), &json!("a1"));

        let flat = FileSettings::picture(1_000, PictureBox::within(15, 300));
        assert!(matches!(
            try_add(bench, &bench.admin(), &new_field(FieldKind::File(flat))),
            Err(EngineError::Invalid(_))
        ));
    });
}

#[test]
fn every_kind_can_be_added_changed_and_retired() {
    for_each_bench(|bench| {
        let options = ChoiceSettings::of(&[("a", ["A", "А", "А"], None), ("b", ["B", "Б", "Б"], None)]);
        let set = add(bench, FieldKind::ChoiceSet(options.clone()));
        let file = add(bench, FieldKind::File(FileSettings::default()));
        let money = add(bench, FieldKind::Money(MoneySettings::default()));
        let reference = add(bench, FieldKind::Reference(ReferenceSettings::to("thing")));
        let several = add(bench, FieldKind::ReferenceSet(ReferenceSettings::to("thing")));
        let top = bench.create(json!({"name": "Top"}));
        bench.store_file("abc123", 1, None);
        let id = bench.create(json!({"name": "X", &set: ["a", "b"], &money: "10,50 UAH", &reference: top, &several: [top], &file: "abc123"}));
        let record = bench.get(&bench.admin(), id).unwrap();
        assert_eq!(record.value(&set), &json!(["a", "b"]));
        assert_eq!(record.value(&money), &json!({"amount": 1050, "currency": "UAH"}));
        assert_eq!(bench.ids(&bench.admin(), &format!("{set} has a and {money} = 10.5 and {several} has {top}")), [id]);
        // An option that disappears from the settings stays for the records that hold it.
        let fewer = ChoiceSettings { options: options.options[..1].to_vec(), ..ChoiceSettings::default() };
        let change = FieldChange { kind: Some(FieldKind::ChoiceSet(fewer)), ..FieldChange::default() };
        bench.engine.change_field(&bench.admin(), "thing", &set, &change).unwrap();
        let snapshot = bench.engine.snapshot();
        let field = snapshot.catalog.object_type("thing").unwrap().field(&set).unwrap();
        assert!(field.kind.options().unwrap()[1].is_retired);
        let other_kind = FieldChange { kind: Some(FieldKind::Checkbox), ..FieldChange::default() };
        assert!(matches!(
            bench.engine.change_field(&bench.admin(), "thing", &set, &other_kind),
            Err(EngineError::Invalid(_))
        ));
        let version = bench.engine.snapshot().catalog.version;
        let retire = FieldChange { is_retired: Some(true), ..FieldChange::default() };
        bench.engine.change_field(&bench.admin(), "thing", &set, &retire).unwrap();
        assert!(bench.engine.snapshot().catalog.version > version);
        assert_eq!(bench.get(&bench.admin(), id).unwrap().value(&set), &json!(["a", "b"]));
        let forbidden =
            NewField { labels: labels(["X"; 3]), kind: FieldKind::Checkbox, group: None, is_required: false };
        assert!(matches!(try_add(bench, &bench.employee(), &forbidden), Err(EngineError::Forbidden)));
    });
}
