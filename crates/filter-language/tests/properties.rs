//! What holds for every filter, checked with random ones.

#![expect(clippy::unwrap_used, reason = "tests")]

use filter_language::{
    CheckedExpr, Clock, Condition, Expr, FieldPath, FieldType, FieldValue, Literal, Operand, Operator, Point, check,
    explain, matches, parse, resolve, search_fold, sort_key,
};
use proptest::prelude::*;
use proptest::sample::select;

/// The first and last instants of the years 0 to 9999.
const INSTANTS: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

fn field_path() -> impl Strategy<Value = FieldPath> {
    let name =
        "[a-z][a-z0-9_]{0,6}".prop_filter("reserved", |name| !filter_language::RESERVED_NAMES.contains(&name.as_str()));
    (name, proptest::option::of("[a-z][a-z0-9_]{0,6}")).prop_map(|(field, part)| FieldPath { field, part })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<String>().prop_map(Literal::Text),
        select(vec!["me", "today", "and", "hot", "", "\"", "\\"]).prop_map(|text| Literal::Text(text.to_owned())),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Literal::Number),
        any::<i64>().prop_map(Literal::Integer),
        any::<bool>().prop_map(Literal::Boolean),
        (0..=9_999, 1..=12, 1..=28).prop_map(|(y, m, d)| Literal::Date(format!("{y:04}-{m:02}-{d:02}"))),
        INSTANTS.prop_map(Literal::Instant),
        any::<i32>().prop_map(|offset_days| Literal::Today { offset_days }),
        any::<i64>().prop_map(|offset_minutes| Literal::Now { offset_minutes }),
        (-50i64..50).prop_map(|hours| Literal::Now { offset_minutes: hours * 60 }),
        Just(Literal::Me),
        Just(Literal::MyPeople),
        Just(Literal::MyTeams),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let list = proptest::collection::vec(literal(), 0..4);
    (field_path(), select(Operator::EVERY.to_vec()), literal(), list, any::<bool>()).prop_map(
        |(field, operator, one, mut many, prefers_list)| {
            if operator == Operator::Between {
                many.resize(2, one.clone());
            }
            let mut shapes = vec![Operand::None, Operand::One(one), Operand::Many(many)];
            if prefers_list {
                shapes.reverse();
            }
            let value = shapes.into_iter().find(|shape| operator.takes(shape)).unwrap();
            Condition { field, operator, value }
        },
    )
}

/// Any well-formed filter of a few levels.
fn expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        1 => Just(Expr::All),
        9 => condition().prop_map(Expr::Condition),
    ];
    leaf.prop_recursive(7, 24, 4, |inner| {
        let parts = proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            parts.clone().prop_map(Expr::And),
            parts.prop_map(Expr::Or),
            inner.prop_map(|inner| Expr::Not(Box::new(inner))),
        ]
    })
}

/// Pieces of filters in any order, which reaches deeper into the parser than random characters.
fn token_soup() -> impl Strategy<Value = String> {
    let pieces = vec![
        "(",
        ")",
        ",",
        "=",
        "!=",
        "<=",
        ">",
        "+",
        "-",
        ".",
        "and",
        "or",
        "not",
        "all",
        "in",
        "is",
        "empty",
        "has",
        "between",
        "contains",
        "starts",
        "ends",
        "with",
        "today",
        "now",
        "me",
        "true",
        "a",
        "b.c",
        "hot",
        "5",
        "1.5",
        "30d",
        "2h",
        "2026-11-22",
        "2026-13-01",
        "2026-11-22T10:00:00Z",
        "\"x\"",
        "\"",
        "\\",
        "ї",
        "\u{0}",
    ];
    let glue = select(vec![" ", ""]);
    proptest::collection::vec((select(pieces), glue), 0..60)
        .prop_map(|parts| parts.into_iter().flat_map(|(piece, glue)| [piece, glue]).collect())
}

/// The schema of the typed tests: a field is named by its type.
fn schema(path: &FieldPath) -> Option<FieldType> {
    Some(match path.field.as_str() {
        "text" => FieldType::Text,
        "number" => FieldType::Number,
        "date" => FieldType::Date,
        "instant" => FieldType::Instant,
        "boolean" => FieldType::Boolean,
        "choice" => FieldType::Choice,
        "choices" => FieldType::ChoiceSet,
        "owner" => FieldType::Reference,
        "owners" => FieldType::ReferenceSet,
        "place" => FieldType::Place,
        _ => return None,
    })
}

/// A condition that passes the check, with few enough different values that some match.
fn typed_condition() -> impl Strategy<Value = String> {
    prop_oneof![
        (
            select(vec!["text =", "text !=", "text <", "text >=", "text contains", "text starts with"]),
            select(vec!["a", "\"Б\"", "\"аб\"", "ab"]),
        ),
        (select(vec!["number =", "number !=", "number <", "number >"]), select(vec!["0", "1", "1.5", "-2"]),),
        (
            select(vec!["date =", "date !=", "date <=", "date >"]),
            select(vec!["today", "today - 1d", "2026-11-22", "\"2026-11-21\""]),
        ),
        (
            select(vec!["instant =", "instant !=", "instant <", "instant <=", "instant >"]),
            select(vec!["today", "now", "now - 1d", "2026-11-22", "2026-11-22T10:00:00Z"]),
        ),
        (select(vec!["boolean =", "boolean !="]), select(vec!["true", "false"])),
        (
            select(vec!["choice in", "choice not in", "choices in", "choices has", "choices has all"]),
            select(vec!["(hot)", "(hot, cold)"]),
        ),
        (
            select(vec!["owner in", "owner not in", "owners has", "owners has all", "owners not in"]),
            select(vec!["(me)", "(1)", "(me, 1)", "(1, 2)"]),
        ),
        (
            select(vec!["place in", "place not in"]),
            select(vec!["(\"50 30, 51 31\")", "(\"0 0, 9 9\", \"50 30, 51 30, 51 31\")"])
        ),
        (
            select(vec!["text", "number", "date", "instant", "choices", "owners"]),
            select(vec!["is empty", "is not empty"]),
        ),
    ]
    .prop_map(|(test, value)| format!("{test} {value}"))
}

fn typed_filter() -> impl Strategy<Value = CheckedExpr> {
    let text = typed_condition().prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            (inner.clone(), select(vec!["and", "or"]), inner.clone())
                .prop_map(|(left, word, right)| format!("({left} {word} {right})")),
            inner.prop_map(|inner| format!("not {inner}")),
        ]
    });
    text.prop_map(|text| check(&parse(&text).unwrap(), &schema).unwrap())
}

fn clock(me: Option<i64>) -> Clock {
    Clock {
        now_ms: 1_795_341_600_000,
        today: "2026-11-22".into(),
        me,
        my_people: [4, 5].into(),
        my_teams: [].into(),
        days: None,
    }
}

/// A record whose every field has one of a few values, chosen by `seed`.
fn row(seed: u64) -> impl Fn(&FieldPath) -> FieldValue {
    move |path| {
        let bits = seed.rotate_right(7 * u32::try_from(path.field.len()).unwrap()) % 4;
        let even = bits.is_multiple_of(2);
        if bits == 3 {
            return FieldValue::Empty;
        }
        match path.field.as_str() {
            "text" if bits == 1 => FieldValue::TextSet(vec!["Б".into(), "аб".into()]),
            "text" => FieldValue::Text(if even { "А" } else { "ab" }.into()),
            "number" if even => FieldValue::Integer(1),
            "number" => FieldValue::Number(1.5),
            "date" => FieldValue::Date(if even { "2026-11-22" } else { "2026-11-21" }.into()),
            "instant" => FieldValue::Instant(1_795_341_600_000 - i64::from(!even) * 86_400_000),
            "boolean" => FieldValue::Boolean(even),
            "choice" => FieldValue::Choice(if even { "hot" } else { "cold" }.into()),
            "choices" if even => FieldValue::ChoiceSet(vec!["hot".into(), "cold".into()]),
            "choices" => FieldValue::ChoiceSet(vec!["hot".into()]),
            "owner" => FieldValue::Reference(if even { 1 } else { 17 }),
            "place" => {
                FieldValue::Place(Point { latitude_e6: if even { 50_900_000 } else { 7 }, longitude_e6: 30_100_000 })
            }
            _ if even => FieldValue::ReferenceSet(vec![1, 17]),
            _ => FieldValue::ReferenceSet(vec![2]),
        }
    }
}

proptest! {
    #[test]
    fn parsing_any_text_gives_a_filter_or_an_error_within_it(text in any::<String>()) {
        if let Err(error) = parse(&text) {
            prop_assert!(error.offset <= text.len());
            prop_assert!(text.is_char_boundary(error.offset));
        }
    }

    #[test]
    fn parsing_any_tokens_gives_a_filter_that_reads_back(text in token_soup()) {
        match parse(&text) {
            Ok(expr) => prop_assert_eq!(parse(&expr.to_string()), Ok(expr)),
            Err(error) => prop_assert!(text.is_char_boundary(error.offset)),
        }
    }

    #[test]
    fn what_is_printed_reads_back(expr in expr()) {
        let text = expr.to_string();
        prop_assume!(text.len() <= filter_language::MAX_TEXT_BYTES);
        prop_assert_eq!(parse(&text), Ok(expr), "{}", text);
    }

    #[test]
    fn what_is_written_as_json_reads_back(expr in expr()) {
        let value = serde_json::to_value(&expr).unwrap();
        prop_assert_eq!(Expr::from_json(&value), Ok(expr.clone()));
        let text = serde_json::to_string(&expr).unwrap();
        prop_assert_eq!(serde_json::from_str::<Expr>(&text).unwrap(), expr);
    }

    #[test]
    fn checking_any_filter_ends(expr in expr(), kind in 0usize..10) {
        let types = [
            FieldType::Text, FieldType::Number, FieldType::Date, FieldType::Instant,
            FieldType::Boolean, FieldType::Choice, FieldType::ChoiceSet, FieldType::Reference,
            FieldType::ReferenceSet, FieldType::Place,
        ];
        let of_one_type = |_: &FieldPath| types.get(kind).copied();
        if let Ok(checked) = check(&expr, &of_one_type) {
            // What is checked is well-formed, and checking it again changes nothing.
            prop_assert_eq!(check(checked.expr(), &of_one_type), Ok(checked));
        }
    }

    #[test]
    fn resolving_leaves_nothing_relative(filter in typed_filter(), me in any::<Option<i64>>()) {
        let resolved = resolve(&filter, &clock(me));
        for condition in resolved.expr().conditions() {
            for literal in condition.literals() {
                let is_relative =
                    matches!(literal, Literal::Today { .. } | Literal::Now { .. } | Literal::Me | Literal::MyPeople | Literal::MyTeams);
                prop_assert!(!is_relative);
            }
        }
        prop_assert_eq!(&resolve(&resolved, &clock(None)), &resolved);
        prop_assert_eq!(check(resolved.expr(), &schema), Ok(resolved));
    }

    #[test]
    fn without_a_user_fewer_records_match(filter in typed_filter(), seed in any::<u64>(), me in 0i64..20) {
        let anonymous = matches(&resolve(&filter, &clock(None)), &row(seed));
        let known = matches(&resolve(&filter, &clock(Some(me))), &row(seed));
        prop_assert!(known || !anonymous, "{}", filter.expr());
    }

    #[test]
    fn an_explanation_agrees_with_the_match(filter in typed_filter(), seed in any::<u64>()) {
        let resolved = resolve(&filter, &clock(Some(17)));
        let row = row(seed);
        prop_assert_eq!(explain(&resolved, &row).holds, matches(&resolved, &row));
    }

    #[test]
    fn folded_text_is_tidy(text in any::<String>()) {
        for folded in [sort_key(&text), search_fold(&text)] {
            prop_assert_eq!(folded.trim(), &folded);
            prop_assert!(!folded.contains("  ") && !folded.contains(char::is_control));
        }
    }

    #[test]
    fn a_cyrillic_part_is_found_in_the_whole(before in "[а-яіїєґў]{0,5}", part in "[а-яіїєґў]{1,5}", after in "[а-яіїєґў]{0,5}") {
        let whole = format!("{before}{part}{after}");
        prop_assert!(sort_key(&whole).contains(&sort_key(&part)));
        prop_assert!(search_fold(&whole).contains(&search_fold(&part)));
        prop_assert_eq!(sort_key(&before).contains(&sort_key(&part)), before.contains(&part));
    }
}
