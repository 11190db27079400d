//! Answers whether one record in memory matches.
//!
//! The rules are those of the section "Meaning" in the crate documentation, and SQL must agree with
//! them: a value is a set, a test asks whether any member satisfies it, and the negative operators
//! are the plain negations of their positive ones.

use std::cmp::Ordering;

use crate::area::{Area, Point};
use crate::ast::{Condition, Expr, FieldPath, Literal, Operator};
use crate::calendar;
use crate::check::CheckedExpr;
use crate::fold::sort_key;

/// The value of one field of one record.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// No value.
    Empty,
    /// A text; one with an empty key counts as no value.
    Text(String),
    /// A whole number, such as money in minor units.
    Integer(i64),
    /// A number; NaN counts as no value.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A day, `YYYY-MM-DD`.
    Date(String),
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Instant(i64),
    /// The key of a choice; an empty one counts as no value.
    Choice(String),
    /// The keys of all chosen ones.
    ChoiceSet(Vec<String>),
    /// The id of a record.
    Reference(i64),
    /// The ids of records.
    ReferenceSet(Vec<i64>),
    /// Many texts, such as channels or cities: a test holds if any of them satisfies it.
    TextSet(Vec<String>),
    /// A place on the map.
    Place(Point),
}

/// A record as a filter sees it.
pub trait Row {
    /// The value of a field or of a part of one, of the type that the schema gave for it.
    fn value(&self, path: &FieldPath) -> FieldValue;
}

impl<F: Fn(&FieldPath) -> FieldValue> Row for F {
    fn value(&self, path: &FieldPath) -> FieldValue {
        self(path)
    }
}

/// Whether `row` matches. The filter must be resolved: `today`, `now` and `me` equal nothing and
/// compare to nothing.
pub fn matches(expr: &CheckedExpr, row: &dyn Row) -> bool {
    expr_holds(expr.expr(), row)
}

fn expr_holds(expr: &Expr, row: &dyn Row) -> bool {
    match expr {
        Expr::All => true,
        Expr::And(parts) => parts.iter().all(|part| expr_holds(part, row)),
        Expr::Or(parts) => parts.iter().any(|part| expr_holds(part, row)),
        Expr::Not(inner) => !expr_holds(inner, row),
        Expr::Condition(condition) => condition_holds(condition, row),
    }
}

/// Whether one condition holds for `row`.
pub(crate) fn condition_holds(condition: &Condition, row: &dyn Row) -> bool {
    let value = row.value(&condition.field);
    let members = members(&value);
    let literals = condition.literals();
    let any_equals = |literal: &Literal| members.iter().any(|member| member.equals(literal));
    let any_compares = |accepts: fn(Ordering) -> bool| {
        literals.iter().any(|literal| members.iter().any(|member| member.compare(literal).is_some_and(accepts)))
    };
    let any_key = |accepts: fn(&str, &str) -> bool| {
        literals.iter().any(|literal| match literal {
            Literal::Text(pattern) => {
                let pattern = sort_key(pattern);
                members.iter().any(|member| member.key().is_some_and(|key| accepts(key, &pattern)))
            }
            _ => false,
        })
    };
    match condition.operator {
        Operator::Equal | Operator::In | Operator::Has => literals.iter().any(any_equals),
        Operator::NotEqual | Operator::NotIn => !literals.iter().any(any_equals),
        Operator::HasAll => literals.iter().all(any_equals),
        Operator::Less => any_compares(Ordering::is_lt),
        Operator::LessOrEqual => any_compares(Ordering::is_le),
        Operator::Greater => any_compares(Ordering::is_gt),
        Operator::GreaterOrEqual => any_compares(Ordering::is_ge),
        Operator::Between => match literals {
            [low, high] => members.iter().any(|member| {
                member.compare(low).is_some_and(Ordering::is_ge) && member.compare(high).is_some_and(Ordering::is_le)
            }),
            _ => false,
        },
        Operator::Contains => any_key(|key, pattern| key.contains(pattern)),
        Operator::StartsWith => any_key(|key, pattern| key.starts_with(pattern)),
        Operator::EndsWith => any_key(|key, pattern| key.ends_with(pattern)),
        Operator::IsEmpty => members.is_empty(),
        Operator::IsNotEmpty => !members.is_empty(),
    }
}

/// One member of the set that a value is.
enum Member<'v> {
    /// The sort key of a text.
    Key(String),
    Number(f64),
    Boolean(bool),
    Date(&'v str),
    Instant(i64),
    Choice(&'v str),
    Reference(i64),
    Place(Point),
}

fn members(value: &FieldValue) -> Vec<Member<'_>> {
    match value {
        FieldValue::Empty => Vec::new(),
        FieldValue::Text(text) => text_member(text).into_iter().collect(),
        FieldValue::TextSet(texts) => texts.iter().filter_map(|text| text_member(text)).collect(),
        FieldValue::Integer(integer) => vec![Member::Number(*integer as f64)],
        FieldValue::Number(number) if number.is_nan() => Vec::new(),
        FieldValue::Number(number) => vec![Member::Number(*number)],
        FieldValue::Boolean(boolean) => vec![Member::Boolean(*boolean)],
        FieldValue::Date(date) => vec![Member::Date(date)],
        FieldValue::Instant(ms) => vec![Member::Instant(*ms)],
        FieldValue::Choice(key) => choice_member(key).into_iter().collect(),
        FieldValue::ChoiceSet(keys) => keys.iter().filter_map(|key| choice_member(key)).collect(),
        FieldValue::Reference(id) => vec![Member::Reference(*id)],
        FieldValue::Place(point) => vec![Member::Place(*point)],
        FieldValue::ReferenceSet(ids) => ids.iter().map(|id| Member::Reference(*id)).collect(),
    }
}

fn text_member(text: &str) -> Option<Member<'_>> {
    let key = sort_key(text);
    (!key.is_empty()).then_some(Member::Key(key))
}

fn choice_member(key: &str) -> Option<Member<'_>> {
    (!key.is_empty()).then_some(Member::Choice(key))
}

impl Member<'_> {
    fn key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            _ => None,
        }
    }

    fn equals(&self, literal: &Literal) -> bool {
        self.compare(literal).is_some_and(Ordering::is_eq)
    }

    /// Where this member stands relative to `literal`; `None` if they are of different types.
    fn compare(&self, literal: &Literal) -> Option<Ordering> {
        match (self, literal) {
            (Self::Key(key), Literal::Text(text)) => Some(key.as_str().cmp(&sort_key(text))),
            (Self::Choice(key), Literal::Text(text)) => Some((*key).cmp(text)),
            (Self::Number(own), Literal::Number(other)) => own.partial_cmp(other),
            (Self::Boolean(own), Literal::Boolean(other)) => Some(own.cmp(other)),
            (Self::Date(own), Literal::Date(other) | Literal::Day { date: other, .. }) => Some((*own).cmp(other)),
            (Self::Instant(own), Literal::Instant(other)) => Some(own.cmp(other)),
            (Self::Instant(own), Literal::Date(date)) => {
                let day = calendar::utc_day(date)?;
                Some(against_day(*own, day.start, day.end))
            }
            (Self::Instant(own), Literal::Day { from_ms, to_ms, .. }) => Some(against_day(*own, *from_ms, *to_ms)),
            (Self::Reference(own), Literal::Integer(other)) => Some(own.cmp(other)),
            // In an area or not: there is no order.
            (Self::Place(own), Literal::Text(text)) => {
                text.parse::<Area>().ok().filter(|area| area.holds(*own)).map(|_| Ordering::Equal)
            }
            _ => None,
        }
    }
}

/// An instant within a day is equal to it.
fn against_day(at: i64, from: i64, to: i64) -> Ordering {
    if at < from {
        Ordering::Less
    } else if at < to {
        Ordering::Equal
    } else {
        Ordering::Greater
    }
}

#[cfg(test)]
mod tests;
