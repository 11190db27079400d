//! Arbitrary text through everything the language offers. Nothing may panic, what is printed must
//! read back, and an explanation must agree with the match.

#![no_main]

use filter_language::{
    Clock, Expr, FieldPath, FieldType, FieldValue, check, explain, matches, parse, resolve,
    search_fold, sort_key,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = (sort_key(text), search_fold(text));
    let _ = serde_json::from_str::<Expr>(text);
    let Ok(expr) = parse(text) else { return };

    // Quotes around bare words can make the canonical text longer than what the parser takes.
    let printed = expr.to_string();
    if printed.len() <= filter_language::MAX_TEXT_BYTES {
        assert_eq!(parse(&printed).as_ref(), Ok(&expr));
    }
    let json = serde_json::to_string(&expr).expect("a filter can be written as JSON");
    assert_eq!(serde_json::from_str::<Expr>(&json).expect("JSON reads back"), expr);

    let Ok(checked) = check(&expr, &field_type) else { return };
    for me in [None, Some(1)] {
        let clock = Clock { now_ms: 1_795_341_600_000, today: "2026-11-22".into(), me, ..Clock::default() };
        let resolved = resolve(&checked, &clock);
        assert_eq!(explain(&resolved, &value).holds, matches(&resolved, &value));
    }
});

/// Short names, one for each type, so that a fuzzer finds them.
fn field_type(path: &FieldPath) -> Option<FieldType> {
    Some(match path.field.as_str() {
        "t" => FieldType::Text,
        "n" => FieldType::Number,
        "d" => FieldType::Date,
        "i" => FieldType::Instant,
        "b" => FieldType::Boolean,
        "c" => FieldType::Choice,
        "cs" => FieldType::ChoiceSet,
        "r" => FieldType::Reference,
        "rs" => FieldType::ReferenceSet,
        _ => return None,
    })
}

fn value(path: &FieldPath) -> FieldValue {
    match path.field.as_str() {
        "t" => FieldValue::Text("Київ".into()),
        "n" => FieldValue::Integer(1),
        "d" => FieldValue::Date("2026-11-22".into()),
        "i" => FieldValue::Instant(0),
        "b" => FieldValue::Boolean(true),
        "c" => FieldValue::Choice("a".into()),
        "cs" => FieldValue::ChoiceSet(vec!["a".into()]),
        "r" => FieldValue::Reference(1),
        "rs" => FieldValue::ReferenceSet(vec![1]),
        _ => FieldValue::Empty,
    }
}
