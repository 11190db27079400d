#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::ast::{Literal, Operator};
use crate::limits::{MAX_CONDITIONS, MAX_TEXT_BYTES};
use crate::parse;

const TYPES: [(&str, FieldType); 10] = [
    ("name", FieldType::Text),
    ("amount", FieldType::Number),
    ("due", FieldType::Date),
    ("created_at", FieldType::Instant),
    ("active", FieldType::Boolean),
    ("warmth", FieldType::Choice),
    ("tags", FieldType::ChoiceSet),
    ("owner", FieldType::Reference),
    ("managers", FieldType::ReferenceSet),
    ("place", FieldType::Place),
];

fn schema(path: &FieldPath) -> Option<FieldType> {
    let name = path.to_string();
    if name == "addresses.city" {
        return Some(FieldType::Text);
    }
    TYPES.into_iter().find(|(field, _)| *field == name).map(|(_, field_type)| field_type)
}

/// The canonical text of what `text` is checked to, or the places and codes of the errors.
fn checked(text: &str) -> String {
    match check(&parse(text).unwrap(), &schema) {
        Ok(checked) => checked.expr().to_string(),
        Err(errors) => {
            let lines = errors.iter().map(|e| format!("{} {:?}", e.path, e.code));
            lines.collect::<Vec<_>>().join("; ")
        }
    }
}

#[test]
fn every_type_takes_its_operators_and_no_others() {
    // One row for each operator, one column for each of `TYPES`.
    let table = [
        (Operator::Equal, "xxxxxxxxx."),
        (Operator::NotEqual, "xxxxxxxxx."),
        (Operator::Less, "xxxx......"),
        (Operator::LessOrEqual, "xxxx......"),
        (Operator::Greater, "xxxx......"),
        (Operator::GreaterOrEqual, "xxxx......"),
        (Operator::Between, "xxxx......"),
        (Operator::In, "xxxx.xxxxx"),
        (Operator::NotIn, "xxxx.xxxxx"),
        (Operator::Contains, "x........."),
        (Operator::StartsWith, "x........."),
        (Operator::EndsWith, "x........."),
        (Operator::Has, "......x.x."),
        (Operator::HasAll, "......x.x."),
        (Operator::IsEmpty, "xxxxxxxxx."),
        (Operator::IsNotEmpty, "xxxxxxxxx."),
    ];
    assert_eq!(table.map(|(operator, _)| operator), Operator::EVERY);
    for (operator, row) in table {
        for ((name, field_type), cell) in TYPES.into_iter().zip(row.chars()) {
            let literal = match field_type {
                FieldType::Text | FieldType::Choice | FieldType::ChoiceSet => Literal::Text("a".into()),
                FieldType::Number => Literal::Number(1.0),
                FieldType::Date => Literal::Date("2026-11-22".into()),
                FieldType::Instant => Literal::Instant(0),
                FieldType::Boolean => Literal::Boolean(true),
                FieldType::Reference | FieldType::ReferenceSet => Literal::Integer(1),
                FieldType::Place => Literal::Text("50 30, 51 31".into()),
            };
            let candidates = [Operand::None, Operand::One(literal.clone()), Operand::Many(vec![literal; 2])];
            let value = candidates.into_iter().find(|operand| operator.takes(operand)).unwrap();
            let condition = Condition { field: FieldPath::field(name), operator, value };
            let expr = Expr::Condition(condition);
            match check(&expr, &schema) {
                Ok(checked) => assert_eq!((checked.expr(), cell), (&expr, 'x')),
                Err(errors) => {
                    let codes: Vec<_> = errors.into_iter().map(|error| error.code).collect();
                    assert_eq!((codes, cell), (vec![CheckErrorCode::OperatorNotAllowed], '.'));
                }
            }
        }
    }
}

#[test]
fn values_are_brought_to_the_type_of_their_field() {
    for (text, expect) in [
        ("amount = 5", "amount = 5.0"),
        ("amount in (1, 2.5)", "amount in (1.0, 2.5)"),
        ("amount = 9007199254740993", "/value WrongValue"),
        (r#"amount = "5""#, "/value WrongValue"),
        (r#"due = "2026-11-22""#, "due = 2026-11-22"),
        (r#"due = "2026-02-30""#, "/value WrongValue"),
        ("due > today - 7d", "due > today - 7d"),
        ("due > today - 36525d", "due > today - 36525d"),
        ("due > today - 36526d", "/value WrongValue"),
        ("due > now", "/value WrongValue"),
        ("due = 2026-11-22T10:00:00Z", "/value WrongValue"),
        (r#"created_at = "2026-11-22""#, "created_at = 2026-11-22"),
        (r#"created_at = "2026-11-22T10:00:00+02:00""#, "created_at = 2026-11-22T08:00:00Z"),
        (r#"created_at = "soon""#, "/value WrongValue"),
        ("created_at between today - 1d and now", "created_at between today - 1d and now"),
        ("created_at > now + 36525d", "created_at > now + 36525d"),
        ("created_at > now + 52596001m", "/value WrongValue"),
        ("created_at > 5", "/value WrongValue"),
        ("active = true", "active = true"),
        ("active = 1", "/value WrongValue"),
        ("name = 5", "/value WrongValue"),
        ("name = 2026-11-22", "/value WrongValue"),
        (r#"name = " ""#, "/value EmptyValue"),
        (r#"name contains "́""#, "/value EmptyValue"),
        (r#"name in ("a", "")"#, "/value/1 EmptyValue"),
        ("name in ()", "/value EmptyValue"),
        ("addresses.city = kyiv", r#"addresses.city = "kyiv""#),
        ("addresses.street = a", "/field UnknownField"),
        ("warmth = hot", r#"warmth = "hot""#),
        (r#"warmth = """#, "/value EmptyValue"),
        ("warmth = \"a\0\"", "/value WrongValue"),
        ("warmth = true", "/value WrongValue"),
        ("tags has (a, 5)", "/value/1 WrongValue"),
        ("tags has ()", "/value EmptyValue"),
        ("owner = me", "owner = me"),
        ("managers has all (me, 17)", "managers has all (me, 17)"),
        ("owner = my_people", "/value WrongValue"),
        ("owner in (me, my_people)", "owner in (me, my_people)"),
        ("owner not in (my_people)", "/value WrongValue"),
        ("managers has my_teams", "managers has my_teams"),
        ("managers has all (my_teams)", "/value WrongValue"),
        ("name in (my_people)", "/value/0 WrongValue"),
        ("owner = 1.5", "/value WrongValue"),
        (
            "all and (name = 1 or not (nobody = 1)) and owner contains a",
            "/and/1/or/0/value WrongValue; /and/1/or/1/not/field UnknownField; \
             /and/2/op OperatorNotAllowed",
        ),
    ] {
        assert_eq!(checked(text), expect, "{text}");
    }
}

#[test]
fn trees_made_by_hand_are_held_to_the_same_rules() {
    let amount = |operator, value| Expr::Condition(Condition { field: FieldPath::field("amount"), operator, value });
    let codes = |expr: &Expr| {
        let errors = check(expr, &schema).err().unwrap_or_default();
        errors.into_iter().map(|error| (error.path, error.code)).collect::<Vec<_>>()
    };
    let one = Operand::One(Literal::Integer(1));
    let wrong = |path: &str, code| vec![(path.to_owned(), code)];

    for (operator, value) in [
        (Operator::Equal, Operand::None),
        (Operator::Equal, Operand::Many(vec![])),
        (Operator::In, one.clone()),
        (Operator::Between, Operand::Many(vec![Literal::Integer(1)])),
        (Operator::IsEmpty, one.clone()),
        (Operator::Equal, Operand::One(Literal::Number(f64::NAN))),
    ] {
        let expr = amount(operator, value);
        assert_eq!(codes(&expr), wrong("/value", CheckErrorCode::WrongValue), "{expr:?}");
    }

    let due = |literal| {
        let field = FieldPath::field("created_at");
        Expr::Condition(Condition { field, operator: Operator::Less, value: Operand::One(literal) })
    };
    for literal in [
        Literal::Date("22.11.2026".into()),
        Literal::Instant(i64::MAX),
        Literal::Now { offset_minutes: i64::MIN },
        Literal::Today { offset_days: i32::MIN },
    ] {
        assert_eq!(codes(&due(literal)), wrong("/value", CheckErrorCode::WrongValue));
    }

    let long = Operand::One(Literal::Text("x".repeat(MAX_TEXT_BYTES + 1)));
    let field = FieldPath::field("name");
    let long = Expr::Condition(Condition { field, operator: Operator::Equal, value: long });
    assert_eq!(codes(&long), wrong("/value", CheckErrorCode::TooLong));

    let leaf = amount(Operator::Equal, one);
    let deep = (0..MAX_DEPTH).fold(leaf.clone(), |inner, _| Expr::Not(Box::new(inner)));
    assert_eq!(codes(&deep), wrong(&"/not".repeat(MAX_DEPTH), CheckErrorCode::TooDeep));
    let wide = Expr::Or(vec![leaf; MAX_CONDITIONS + 1]);
    assert_eq!(codes(&wide), wrong("/or/200", CheckErrorCode::TooMany));
}

#[test]
fn groups_of_none_and_one_become_what_they_mean() {
    let text = |expr| check(&expr, &schema).unwrap().expr().to_string();
    assert_eq!(text(Expr::And(vec![])), "all");
    assert_eq!(text(Expr::Or(vec![])), "not all");
    assert_eq!(text(Expr::Or(vec![Expr::All])), "all");
}

#[test]
fn checked_filters_combine() {
    let rule = check(&parse("owner = me").unwrap(), &schema).unwrap();
    let asked = check(&parse("name = a or name = b").unwrap(), &schema).unwrap();
    let both = CheckedExpr::all_of([rule, asked]);
    assert_eq!(both.expr().to_string(), r#"owner = me and (name = "a" or name = "b")"#);
    assert_eq!(CheckedExpr::all_of([]), CheckedExpr::all());
}
