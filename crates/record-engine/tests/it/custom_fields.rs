//! Fields added while the system works.

use record_engine::EngineError;
use record_engine::catalog::{FieldChange, NewField, labels};
use record_engine::field_types::*;
use serde_json::json;

use crate::bench_type::{Bench, for_each_bench};

fn add(bench: &Bench, kind: FieldKind) -> String {
    let new = NewField {
        labels: labels(["Shoe size", "Размер обуви", "Розмір взуття"]),
        kind,
        group: None,
        is_required: false,
    };
    bench.engine.add_field(&bench.admin(), "thing", &new).unwrap()
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
fn every_kind_can_be_added_changed_and_retired() {
    for_each_bench(|bench| {
        let options = ChoiceSettings::of(&[("a", ["A", "А", "А"], None), ("b", ["B", "Б", "Б"], None)]);
        let set = add(bench, FieldKind::ChoiceSet(options.clone()));
        let file = add(bench, FieldKind::File(FileSettings::default()));
        let money = add(bench, FieldKind::Money(MoneySettings::default()));
        let reference = add(bench, FieldKind::Reference(ReferenceSettings::to("thing")));
        let several = add(bench, FieldKind::ReferenceSet(ReferenceSettings::to("thing")));
        let top = bench.create(json!({"name": "Top"}));
        let id = bench.create(json!({"name": "X", &set: ["a", "b"], &money: "10,50 UAH", &reference: top, &several: [top], &file: "abc123"}));
        let record = bench.get(&bench.admin(), id).unwrap();
        assert_eq!(record.value(&set), &json!(["a", "b"]));
        assert_eq!(record.value(&money), &json!({"amount": 1050, "currency": "UAH"}));
        assert_eq!(bench.ids(&bench.admin(), &format!("{set} has a and {money} = 10.5 and {several} has {top}")), [id]);
        // An option that disappears from the settings stays for the records that hold it.
        let fewer = ChoiceSettings { options: options.options[..1].to_vec() };
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
        assert!(matches!(bench.engine.add_field(&bench.employee(), "thing", &forbidden), Err(EngineError::Forbidden)));
    });
}
