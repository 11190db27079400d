#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::limits::{MAX_CONDITIONS, MAX_LIST_VALUES};

/// The canonical text of what `text` is read as.
fn read(text: &str) -> String {
    parse(text).map_or_else(|error| format!("{error}"), |expr| expr.to_string())
}

fn value_of(text: &str) -> Literal {
    let Ok(Expr::Condition(Condition { value: Operand::One(literal), .. })) = parse(&format!("a = {text}")) else {
        unreachable!("{text} is not a value")
    };
    literal
}

#[test]
fn text_has_a_canonical_form() {
    for (text, expect) in [
        ("a=1", "a = 1"),
        ("A1 = 1", "expected a field name (lower case) (at byte 0)"),
        ("a1 = hot", r#"a1 = "hot""#),
        ("a IN(hot,Warm)", "expected a value; text must stand in double quotes (at byte 9)"),
        ("a IN(hot,warm)", r#"a in ("hot", "warm")"#),
        ("a not  in ( 1 )", "a not in (1)"),
        ("a in ()", "a in ()"),
        ("addresses.city = \"Київ\"", "addresses.city = \"Київ\""),
        ("NOT a Is Not Empty", "not (a is not empty)"),
        ("not not ((a is empty))", "not not (a is empty)"),
        ("a=1 and b=2 and c=3", "a = 1 and b = 2 and c = 3"),
        ("(a=1 and b=2) and c=3", "(a = 1 and b = 2) and c = 3"),
        ("a=1 or b=2 and c=3", "a = 1 or (b = 2 and c = 3)"),
        ("(a=1 or b=2) and not c=3", "(a = 1 or b = 2) and not (c = 3)"),
        ("not (a=1 or b=2)", "not (a = 1 or b = 2)"),
        ("ALL or not all", "all or not all"),
        ("a between 1 and 2 and b = 3", "a between 1 and 2 and b = 3"),
        ("a starts with x or a ENDS WITH y", r#"a starts with "x" or a ends with "y""#),
        (r#"a contains "\"\\""#, r#"a contains "\"\\""#),
        ("managers has Me", "managers has me"),
        ("managers has (me, 5) or managers has all(1)", "managers has (me, 5) or managers has all (1)"),
        ("a >= today - 30d", "a >= today - 30d"),
        ("a>=TODAY-2w", "a >= today - 14d"),
        ("a < today + 0d", "a < today"),
        ("a < now-120m and b<now+2D", "a < now - 2h and b < now + 2d"),
        ("a <= 2026-11-22T10:00:00.5+02:00", "a <= 2026-11-22T08:00:00.500Z"),
        ("a != -1.50", "a != -1.5"),
        ("today = today and me = me and in in (in)", r#"today = today and me = me and in in ("in")"#),
    ] {
        assert_eq!(read(text), expect, "{text}");
    }
}

#[test]
fn values_have_types() {
    for (text, expect) in [
        ("5", Literal::Integer(5)),
        ("-9223372036854775808", Literal::Integer(i64::MIN)),
        ("5.0", Literal::Number(5.0)),
        ("1e3", Literal::Number(1000.0)),
        ("1.5E-7", Literal::Number(1.5e-7)),
        ("TRUE", Literal::Boolean(true)),
        ("false", Literal::Boolean(false)),
        ("me", Literal::Me),
        ("2026-11-22", Literal::Date("2026-11-22".into())),
        ("1970-01-01T00:00:01Z", Literal::Instant(1000)),
        ("today - 1d", Literal::Today { offset_days: -1 }),
        ("now + 1h", Literal::Now { offset_minutes: 60 }),
        ("now_1", Literal::Text("now_1".into())),
        (r#""2026-11-22""#, Literal::Text("2026-11-22".into())),
    ] {
        assert_eq!(value_of(text), expect, "{text}");
    }
}

#[test]
fn mistakes_are_named_where_they_are() {
    use ParseErrorCode as Code;
    for (text, offset, code) in [
        ("", 0, Code::UnexpectedEnd),
        ("  ", 2, Code::UnexpectedEnd),
        ("a", 1, Code::UnexpectedEnd),
        ("a =", 3, Code::UnexpectedEnd),
        ("a = Київ", 4, Code::UnexpectedCharacter),
        ("a = #", 4, Code::UnexpectedCharacter),
        ("a = \"x", 4, Code::UnterminatedText),
        ("a = \"x\\\"", 4, Code::UnterminatedText),
        (r#"a = "x\n""#, 6, Code::UnknownEscape),
        ("a = 067", 4, Code::InvalidNumber),
        ("a = 5x", 4, Code::InvalidNumber),
        ("a = 1.", 4, Code::InvalidNumber),
        ("a = 1.2.3", 4, Code::InvalidNumber),
        ("a = 1e+", 4, Code::InvalidNumber),
        ("a = 1e999", 4, Code::InvalidNumber),
        ("a = 9223372036854775808", 4, Code::InvalidNumber),
        ("a = 2026-02-30", 4, Code::InvalidDate),
        ("a = 2026-11-22T25:00:00Z", 4, Code::InvalidDate),
        ("a = 2026-1", 4, Code::InvalidDate),
        ("a = today - 5", 12, Code::UnexpectedToken),
        ("a = today - 5h", 12, Code::InvalidNumber),
        ("a = today - 99999999999d", 12, Code::InvalidNumber),
        ("a = - x", 6, Code::UnexpectedToken),
        ("a = 5d", 4, Code::UnexpectedToken),
        ("a = and", 4, Code::UnexpectedToken),
        ("a = empty", 4, Code::UnexpectedToken),
        ("a = b.c", 4, Code::UnexpectedToken),
        ("a = 1 b = 2", 6, Code::UnexpectedToken),
        ("a = 1 and", 9, Code::UnexpectedEnd),
        ("(a = 1", 6, Code::UnexpectedEnd),
        ("a = 1)", 5, Code::UnexpectedToken),
        ("a in 1", 5, Code::UnexpectedToken),
        ("a in (1,)", 8, Code::UnexpectedToken),
        ("a in (1 2)", 8, Code::UnexpectedToken),
        ("a is null", 5, Code::UnexpectedToken),
        ("a not 5", 6, Code::UnexpectedToken),
        ("a between 1 or 2", 12, Code::UnexpectedToken),
        ("a . b = 1", 2, Code::UnexpectedCharacter),
        ("and = 1", 0, Code::UnexpectedToken),
        ("_a = 1", 0, Code::UnexpectedToken),
        ("a.B = 1", 0, Code::UnexpectedToken),
        ("a like 5", 2, Code::UnexpectedToken),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!((error.offset, error.code), (offset, code), "{text}: {error}");
    }
}

#[test]
fn limits_hold() {
    let nested = |open: &str, n: usize, close: &str| format!("{}a = 1{}", open.repeat(n), close.repeat(n));
    let code = |text: &str| parse(text).map(|_| ()).map_err(|error| error.code);
    assert_eq!(code(&nested("(", MAX_DEPTH, ")")), Ok(()));
    assert_eq!(code(&nested("(", MAX_DEPTH + 1, ")")), Err(ParseErrorCode::TooDeep));
    assert_eq!(code(&nested("not ", MAX_DEPTH - 1, "")), Ok(()));
    assert_eq!(code(&nested("not ", MAX_DEPTH, "")), Err(ParseErrorCode::TooDeep));
    assert_eq!(code(&nested("(", 8_000, "")), Err(ParseErrorCode::TooDeep));
    assert_eq!(code(&nested("not ", 4_000, "")), Err(ParseErrorCode::TooDeep));
    // Two levels in each pair of brackets.
    let two_each = nested("b = 1 or c = 1 and (", 8, ")");
    assert_eq!(code(&two_each), Err(ParseErrorCode::TooDeep));

    let conditions = |n: usize| vec!["a = 1"; n].join(" or ");
    assert_eq!(code(&conditions(MAX_CONDITIONS)), Ok(()));
    assert_eq!(code(&conditions(MAX_CONDITIONS + 1)), Err(ParseErrorCode::TooManyConditions));

    let list = |n: usize| format!("a in ({})", vec!["1"; n].join(","));
    assert_eq!(code(&list(MAX_LIST_VALUES)), Ok(()));
    assert_eq!(code(&list(MAX_LIST_VALUES + 1)), Err(ParseErrorCode::TooManyValues));

    let long = format!("a = 1{}", " ".repeat(MAX_TEXT_BYTES));
    assert_eq!(code(&long), Err(ParseErrorCode::TooLong));
}
