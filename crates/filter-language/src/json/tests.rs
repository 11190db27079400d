#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::json;

use super::*;
use crate::limits::{MAX_CONDITIONS, MAX_LIST_VALUES, MAX_VALUES};
use crate::parse;

#[test]
fn json_and_text_are_two_spellings() {
    for (text, expect) in [
        ("all", json!({"all": true})),
        ("not all", json!({"not": {"all": true}})),
        (r#"addresses.city = "Київ""#, json!({"field": "addresses.city", "op": "=", "value": "Київ"})),
        (
            "a in (1, 1.5, true) and b is empty",
            json!({"and": [
                {"field": "a", "op": "in", "value": [1, 1.5, true]},
                {"field": "b", "op": "is empty"},
            ]}),
        ),
        (
            "a between 2026-11-22 and 2026-11-22T10:00:00Z or not (b has all (me))",
            json!({"or": [
                {"field": "a", "op": "between", "value": [
                    {"date": "2026-11-22"}, {"instant": "2026-11-22T10:00:00Z"},
                ]},
                {"not": {"field": "b", "op": "has all", "value": [{"me": true}]}},
            ]}),
        ),
        (
            "a not in (today - 7d, now - 2h)",
            json!({"field": "a", "op": "not in", "value": [
                {"today": {"offset_days": -7}}, {"now": {"offset_minutes": -120}},
            ]}),
        ),
    ] {
        let expr = parse(text).unwrap();
        assert_eq!(serde_json::to_value(&expr).unwrap(), expect, "{text}");
        assert_eq!(Expr::from_json(&expect), Ok(expr), "{text}");
    }
}

#[test]
fn groups_of_none_and_one_are_read_as_what_they_mean() {
    let condition = json!({"field": "a", "op": "is empty", "value": null});
    for (value, expect) in [
        (json!({"and": []}), "all"),
        (json!({"or": []}), "not all"),
        (json!({"and": [condition]}), "a is empty"),
        (json!({"or": [{"and": [condition]}]}), "a is empty"),
    ] {
        assert_eq!(Expr::from_json(&value).unwrap().to_string(), expect);
    }
}

#[test]
fn mistakes_are_named_where_they_are() {
    let with = |op: &str, value: Value| json!({"field": "a", "op": op, "value": value});
    for (value, pointer) in [
        (json!(5), ""),
        (json!({}), ""),
        (json!({"all": false}), ""),
        (json!({"xor": []}), ""),
        (json!({"and": [], "or": []}), ""),
        (json!({"and": {}}), "/and"),
        (json!({"and": [{"not": 5}]}), "/and/0/not"),
        (json!({"field": "a", "op": "=", "value": 1, "and": []}), ""),
        (json!({"field": "A", "op": "=", "value": 1}), "/field"),
        (json!({"field": "all", "op": "=", "value": 1}), "/field"),
        (json!({"field": "a.b.c", "op": "=", "value": 1}), "/field"),
        (json!({"field": "a.", "op": "=", "value": 1}), "/field"),
        (json!({"field": "a", "op": "like", "value": 1}), "/op"),
        (json!({"field": "a", "value": 1}), "/op"),
        (json!({"field": "a", "op": "="}), "/value"),
        (with("=", json!([1])), "/value"),
        (with("in", json!(1)), "/value"),
        (with("between", json!([1])), "/value"),
        (with("is empty", json!(1)), "/value"),
        (with("in", json!([1, null])), "/value/1"),
        (with("=", json!(u64::MAX)), "/value"),
        (with("=", json!({"date": "2026-02-30"})), "/value"),
        (with("=", json!({"date": "2026-02-03", "me": true})), "/value"),
        (with("=", json!({"instant": "2026-02-03"})), "/value"),
        (with("=", json!({"today": {"offset_days": 1.5}})), "/value"),
        (with("=", json!({"today": {"offset_days": 1i64 << 40}})), "/value"),
        (with("=", json!({"now": {}})), "/value"),
        (with("=", json!({"me": false})), "/value"),
    ] {
        let error = Expr::from_json(&value).unwrap_err();
        assert_eq!(error.pointer, pointer, "{value}: {error}");
    }
}

#[test]
fn limits_hold() {
    let condition = json!({"field": "a", "op": "in", "value": [1]});
    let nested = |n: usize| (0..n).fold(condition.clone(), |inner, _| json!({"not": inner}));
    assert!(Expr::from_json(&nested(MAX_DEPTH - 1)).is_ok());
    assert!(Expr::from_json(&nested(MAX_DEPTH)).is_err());
    assert!(Expr::from_json(&nested(100)).is_err());

    let conditions = |n: usize| json!({"or": vec![condition.clone(); n]});
    assert!(Expr::from_json(&conditions(MAX_CONDITIONS)).is_ok());
    assert!(Expr::from_json(&conditions(MAX_CONDITIONS + 1)).is_err());

    let list = |n: usize| json!({"field": "a", "op": "in", "value": vec![1; n]});
    assert!(Expr::from_json(&list(MAX_LIST_VALUES)).is_ok());
    assert!(Expr::from_json(&list(MAX_LIST_VALUES + 1)).is_err());

    let lists = |n: usize| json!({"or": vec![list(MAX_LIST_VALUES); n]});
    assert!(Expr::from_json(&lists(MAX_VALUES / MAX_LIST_VALUES)).is_ok());
    assert!(Expr::from_json(&lists(MAX_VALUES / MAX_LIST_VALUES + 1)).is_err());
}

#[test]
fn deserialize_names_the_pointer() {
    let error = serde_json::from_str::<Expr>(r#"{"and": [{"all": true}, {"not": 1}]}"#).unwrap_err();
    assert!(error.to_string().contains("/and/1/not"), "{error}");
}
