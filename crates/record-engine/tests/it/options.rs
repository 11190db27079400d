//! Options that mean something: the stage of a record and what it asks for.

use record_engine::EngineError;
use record_engine::catalog::FieldChange;
use record_engine::field_types::{ChoiceOption, ChoiceSettings, FieldKind, OptionTraits};
use record_engine::undo::undo;
use record_engine::write::Change;
use serde_json::{Value as Json, json};

use crate::bench_type::{Bench, for_each_bench, stages, values};

fn of(bench: &Bench, id: i64) -> (Json, Json) {
    let record = bench.stored("thing", id);
    (record.value("line").clone(), record.value("stage").clone())
}

fn refused<T: std::fmt::Debug>(result: Result<T, EngineError>) -> Vec<(String, String)> {
    let Err(EngineError::Invalid(errors)) = result else { panic!("not refused: {result:?}") };
    errors.into_iter().map(|error| (error.pointer, error.code)).collect()
}

fn change(id: i64, fields: Json) -> Change {
    Change::Update { id, base_version: None, values: values(fields) }
}

#[test]
fn a_choice_within_another_agrees_with_it() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "X", "stage": "won"}));
        assert_eq!(of(bench, id), (json!("north"), json!("won")), "the line follows the stage");
        bench.update(id, json!({"stage": "begun"}));
        assert_eq!(of(bench, id), (json!("south"), json!("begun")));
        let moved = bench.update(id, json!({"line": "north"})).unwrap();
        assert_eq!(of(bench, id), (json!("north"), json!("first")), "the first stage of the other line");
        undo(&bench.engine, &bench.admin(), moved).unwrap();
        assert_eq!(of(bench, id), (json!("south"), json!("begun")));
        bench.update(id, json!({"line": null}));
        assert_eq!(of(bench, id).0, json!("south"), "a stage has its line");
        let change = change(id, json!({"line": "north", "stage": "over"}));
        let both = bench.try_apply(&bench.admin(), "thing", change);
        assert_eq!(refused(both), [("/stage".to_owned(), "option_elsewhere".to_owned())]);
    });
}

#[test]
fn an_option_asks_for_fields_when_a_record_comes_into_it() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "X", "stage": "first"}));
        let lost = |values: Json| bench.try_apply(&bench.admin(), "thing", change(id, values));
        assert_eq!(refused(lost(json!({"stage": "lost"}))), [("/story".to_owned(), "required".to_owned())]);
        let done = lost(json!({"stage": "lost", "story": "too dear"})).unwrap();
        // It stands there now; what is emptied later, and what comes back, is not asked again.
        lost(json!({"story": null})).unwrap();
        undo(&bench.engine, &bench.admin(), done.1.unwrap()).unwrap();
        assert_eq!(of(bench, id).1, json!("first"));
    });
}

#[test]
fn what_options_mean_is_changed_with_care() {
    for_each_bench(|bench| {
        let store = |settings: ChoiceSettings| {
            let change = FieldChange { kind: Some(FieldKind::Choice(settings)), ..FieldChange::default() };
            bench.engine.change_field(&bench.admin(), "thing", "stage", &change).map(|_| ())
        };
        let with = |traits: OptionTraits| {
            let mut settings = stages();
            settings.options.push(ChoiceOption { key: "new".into(), traits, ..settings.options[0].clone() });
            settings
        };
        let of = |traits: OptionTraits| OptionTraits { meaning: Some("open".into()), ..traits };
        for (traits, member, code) in [
            (OptionTraits::default(), "meaning", "required"),
            (OptionTraits { meaning: Some("paused".into()), ..OptionTraits::default() }, "meaning", "unknown_option"),
            (of(OptionTraits { percent: Some(101), ..OptionTraits::default() }), "percent", "out_of_range"),
            (of(OptionTraits { max_days: Some(0), ..OptionTraits::default() }), "max_days", "out_of_range"),
            (of(OptionTraits { max_records: Some(0), ..OptionTraits::default() }), "max_records", "out_of_range"),
            (of(OptionTraits { max_records: Some(10_001), ..OptionTraits::default() }), "max_records", "out_of_range"),
            (of(OptionTraits { within: Some("east".into()), ..OptionTraits::default() }), "within", "unknown_option"),
            (
                of(OptionTraits { requires: vec!["nothing".into()], ..OptionTraits::default() }),
                "requires",
                "unknown_field",
            ),
        ] {
            let expect = [(format!("/settings/options/5/{member}"), code.to_owned())];
            assert_eq!(refused(store(with(traits))), expect);
        }
        let mut without = stages();
        without.options.retain(|option| option.key != "lost");
        assert_eq!(refused(store(without)), [("/settings/options".to_owned(), "meaning_without_option".to_owned())]);

        // A new one counts at once, for records that had it under another meaning too; the field keeps what it declares.
        let id = bench.create(json!({"name": "X", "stage": "first"}));
        let mut settings = with(of(OptionTraits { percent: Some(30), ..OptionTraits::default() }));
        settings.set("first", |traits| traits.meaning = Some("won".into()));
        (settings.meanings, settings.within) = (Vec::new(), None);
        store(settings).unwrap();
        assert_eq!(bench.ids(&bench.admin(), "stage.meaning = won"), [id]);
        assert!(bench.ids(&bench.admin(), "stage.meaning = open").is_empty());
        let snapshot = bench.engine.snapshot();
        let thing = snapshot.object_type("thing").unwrap();
        let FieldKind::Choice(settings) = &thing.field("stage").unwrap().kind else { panic!() };
        assert_eq!((settings.meanings.len(), settings.within.as_deref()), (3, Some("line")));
        assert_eq!(settings.option("new").unwrap().traits.percent, Some(30));
    });
}
