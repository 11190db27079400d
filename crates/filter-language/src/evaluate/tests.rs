#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::check::check;
use crate::explain::{ExplanationNode, explain};
use crate::operators::FieldType;
use crate::parse;

/// Tests the field `f`, of a type and with a value, with each text; `x` stands for "matches".
fn table(field_type: FieldType, value: FieldValue, rows: &[(&str, char)]) {
    for (test, expect) in rows {
        let schema = |_: &FieldPath| Some(field_type);
        let row = |_: &FieldPath| value.clone();
        let positive = check(&parse(&format!("f {test}")).unwrap(), &schema).unwrap();
        assert_eq!(matches(&positive, &row), *expect == 'x', "{value:?} {test}");
        let negative = check(&parse(&format!("not f {test}")).unwrap(), &schema).unwrap();
        assert_eq!(matches(&negative, &row), *expect != 'x', "{value:?} not {test}");
    }
}

#[test]
fn texts_compare_by_key() {
    table(
        FieldType::Text,
        FieldValue::Text("  ТОВ «Київ»  Łódź".into()),
        &[
            (r#"= "тов «київ» lodz""#, 'x'),
            (r#"= "тов""#, '.'),
            (r#"!= "тов""#, 'x'),
            (r#"in ("тов", "тов «КИЇВ» lodz")"#, 'x'),
            (r#"not in ("тов")"#, 'x'),
            (r#"contains "київ""#, 'x'),
            (r#"contains "киів""#, '.'),
            (r#"contains "%""#, '.'),
            (r#"starts with "тов ""#, 'x'),
            (r#"starts with "київ""#, '.'),
            (r#"ends with "ódź""#, 'x'),
            (r#"> "тoв""#, 'x'),
            (r#"< "у""#, 'x'),
            (r#"between "т" and "у""#, 'x'),
            ("is empty", '.'),
            ("is not empty", 'x'),
        ],
    );
}

#[test]
fn an_empty_value_equals_nothing_and_compares_to_nothing() {
    for value in [
        FieldValue::Empty,
        FieldValue::Text(" \u{301}\n".into()),
        FieldValue::TextSet(vec![]),
        FieldValue::TextSet(vec![" ".into()]),
    ] {
        table(
            FieldType::Text,
            value,
            &[
                ("= a", '.'),
                ("!= a", 'x'),
                ("in (a)", '.'),
                ("not in (a)", 'x'),
                ("< a", '.'),
                (">= a", '.'),
                ("between a and b", '.'),
                ("contains a", '.'),
                ("is empty", 'x'),
                ("is not empty", '.'),
            ],
        );
    }
    table(FieldType::Boolean, FieldValue::Empty, &[("= false", '.'), ("!= true", 'x')]);
    table(FieldType::Number, FieldValue::Number(f64::NAN), &[("is empty", 'x'), ("< 5", '.')]);
    table(FieldType::Choice, FieldValue::Choice(String::new()), &[("is empty", 'x')]);
    for value in [FieldValue::Empty, FieldValue::ReferenceSet(vec![])] {
        table(
            FieldType::ReferenceSet,
            value,
            &[("has 1", '.'), ("has all 1", '.'), ("!= 1", 'x'), ("not in (1)", 'x'), ("is empty", 'x')],
        );
    }
}

#[test]
fn many_texts_match_if_any_does() {
    table(
        FieldType::Text,
        FieldValue::TextSet(vec!["Київ".into(), " ".into(), "Львів".into()]),
        &[
            ("= \"київ\"", 'x'),
            ("= \"львів\"", 'x'),
            ("!= \"київ\"", '.'),
            ("not in (\"одеса\")", 'x'),
            ("not in (\"одеса\", \"львів\")", '.'),
            ("starts with \"ль\"", 'x'),
            ("between \"л\" and \"м\"", 'x'),
            ("between \"кл\" and \"ль\"", '.'),
        ],
    );
}

#[test]
fn numbers_compare_as_numbers() {
    let rows = [
        ("= 5", 'x'),
        ("= 5.0", 'x'),
        ("!= 5", '.'),
        ("in (1, 5)", 'x'),
        ("< 5", '.'),
        ("<= 5", 'x'),
        ("> 4.9", 'x'),
        (">= 5.1", '.'),
        ("between 5 and 6", 'x'),
        ("between 6 and 5", '.'),
    ];
    table(FieldType::Number, FieldValue::Integer(5), &rows);
    table(FieldType::Number, FieldValue::Number(5.0), &rows);
    table(FieldType::Number, FieldValue::Number(-0.0), &[("= 0", 'x'), ("< 0", '.')]);
}

#[test]
fn a_date_against_an_instant_is_the_whole_utc_day() {
    let at = |time: &str| {
        let text = format!("2026-11-22T{time}Z");
        FieldValue::Instant(calendar::parse_instant(&text).unwrap())
    };
    for time in ["00:00:00", "12:00:00", "23:59:59.999"] {
        table(
            FieldType::Instant,
            at(time),
            &[
                ("= 2026-11-22", 'x'),
                ("!= 2026-11-22", '.'),
                ("in (2026-11-21, 2026-11-22)", 'x'),
                ("< 2026-11-22", '.'),
                ("<= 2026-11-22", 'x'),
                ("> 2026-11-22", '.'),
                (">= 2026-11-22", 'x'),
                ("< 2026-11-23", 'x'),
                ("> 2026-11-21", 'x'),
                ("between 2026-11-22 and 2026-11-22", 'x'),
                ("between 2026-11-20 and 2026-11-21", '.'),
                ("between 2026-11-21T00:00:00Z and 2026-11-22", 'x'),
            ],
        );
    }
    table(
        FieldType::Instant,
        at("12:00:00"),
        &[("= 2026-11-22T12:00:00Z", 'x'), ("> 2026-11-22T11:59:59.999Z", 'x'), ("<= 2026-11-22T11:59:59.999Z", '.')],
    );
}

#[test]
fn days_booleans_and_choices_compare_exactly() {
    table(
        FieldType::Date,
        FieldValue::Date("2026-11-22".into()),
        &[("= 2026-11-22", 'x'), ("< 2026-11-22", '.'), (">= 2025-12-31", 'x'), ("in (2026-11-21)", '.')],
    );
    table(
        FieldType::Boolean,
        FieldValue::Boolean(false),
        &[("= false", 'x'), ("!= false", '.'), ("= true", '.'), ("is empty", '.')],
    );
    table(
        FieldType::Choice,
        FieldValue::Choice("hot".into()),
        &[("= hot", 'x'), ("= \"Hot\"", '.'), ("in (cold, hot)", 'x'), ("not in (cold)", 'x')],
    );
    table(FieldType::Reference, FieldValue::Reference(7), &[("= 7", 'x'), ("!= 7", '.'), ("in (7, 8)", 'x')]);
}

#[test]
fn sets_have_members() {
    let rows = [
        ("= 1", 'x'),
        ("!= 1", '.'),
        ("!= 3", 'x'),
        ("in (1, 3)", 'x'),
        ("not in (3)", 'x'),
        ("not in (2, 3)", '.'),
        ("has 2", 'x'),
        ("has (3, 2)", 'x'),
        ("has 3", '.'),
        ("has all (1, 2)", 'x'),
        ("has all (1, 3)", '.'),
        ("is not empty", 'x'),
    ];
    table(FieldType::ReferenceSet, FieldValue::ReferenceSet(vec![1, 2]), &rows);
    let keys = FieldValue::ChoiceSet(vec!["1".into(), "2".into()]);
    let quoted = rows.map(|(test, expect)| {
        let quote = |c: char| {
            if c.is_ascii_digit() { format!("\"{c}\"") } else { c.to_string() }
        };
        (test.chars().map(quote).collect::<String>(), expect)
    });
    for (test, expect) in &quoted {
        table(FieldType::ChoiceSet, keys.clone(), &[(test.as_str(), *expect)]);
    }
}

#[test]
fn values_of_another_type_equal_nothing() {
    table(FieldType::Number, FieldValue::Text("5".into()), &[("= 5", '.'), ("!= 5", 'x'), ("< 6", '.'), ("> 4", '.')]);
}

#[test]
fn an_explanation_has_a_verdict_at_every_node() {
    let schema = |_: &FieldPath| Some(FieldType::Number);
    let filter = check(&parse("a = 1 or not (b = 2 and all)").unwrap(), &schema).unwrap();
    let row = |_: &FieldPath| FieldValue::Integer(1);
    let explanation = explain(&filter, &row);
    assert!(explanation.holds);
    let ExplanationNode::Or(parts) = &explanation.node else { unreachable!() };
    assert!(parts[0].holds && parts[1].holds);
    assert_eq!(
        serde_json::to_value(&explanation).unwrap(),
        serde_json::json!({"holds": true, "or": [
            {"holds": true, "condition": {"field": "a", "op": "=", "value": 1.0}},
            {"holds": true, "not": {"holds": false, "and": [
                {"holds": false, "condition": {"field": "b", "op": "=", "value": 2.0}},
                {"holds": true, "all": true},
            ]}},
        ]}),
    );
}
