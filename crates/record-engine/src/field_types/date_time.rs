//! An instant: RFC 3339 UTC outside, milliseconds since the epoch in the column.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue, Literal, Operator};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext};
use crate::catalog::{Field, ObjectType};
use crate::context::{instant_text, parse_instant};
use crate::error::FieldError;
use crate::query::conditions::{self, Fragment, Leaf};

/// Milliseconds of a UTC day.
const DAY_MS: i64 = 86_400_000;

/// See the module.
pub struct DateTime;

/// Reads an instant; a time without a zone is taken as UTC.
fn read_instant(text: &str) -> Option<i64> {
    let trimmed = text.trim();
    parse_instant(trimmed).or_else(|| {
        let civil: jiff::civil::DateTime = trimmed.parse().ok()?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|at| at.timestamp().as_millisecond())
    })
}

fn day_start(day: &str) -> i64 {
    parse_instant(&format!("{day}T00:00:00Z")).unwrap_or_default()
}

impl FieldBehaviour for DateTime {
    fn columns(&self, field: &Field) -> Vec<Column> {
        vec![Column::new(&field.column, ColumnType::Integer)]
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        match input {
            Json::Null => Ok(Json::Null),
            Json::String(text) if text.trim().is_empty() => Ok(Json::Null),
            Json::String(text) => read_instant(text)
                .map(|ms| Json::String(instant_text(ms)))
                .ok_or_else(|| vec![FieldError::new(&field.name, "not_an_instant")]),
            _ => Err(vec![FieldError::new(&field.name, "not_an_instant")]),
        }
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        out.push(value.as_str().and_then(parse_instant).map_or(Value::Null, Value::Integer));
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        row.optional_integer(at).ok().flatten().map_or(Json::Null, |ms| Json::String(instant_text(ms)))
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        part.is_none().then_some(FieldType::Instant)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        value.as_str().and_then(parse_instant).map_or(FieldValue::Empty, FieldValue::Instant)
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        let column = format!("t.{}", field.column);
        let values = condition.literals();
        let ranges: Vec<Option<(i64, i64)>> = values
            .iter()
            .map(|literal| match literal {
                Literal::Date(day) => {
                    let start = day_start(day);
                    Some((start, start + DAY_MS))
                }
                Literal::Day { from_ms, to_ms, .. } => Some((*from_ms, *to_ms)),
                Literal::Instant(at) | Literal::Integer(at) => Some((*at, *at + 1)),
                _ => None,
            })
            .collect();
        let made = instant_condition(&column, condition.operator, &ranges);
        vec![Leaf::Own { condition: made, is_indexed: field.is_indexed && conditions::is_lookup(condition.operator) }]
    }

    fn sort_column(&self, field: &Field) -> Option<String> {
        Some(field.column.clone())
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "type": ["string", "null"], "format": "date-time" })
    }
}

/// Each literal is a half-open range: one millisecond for an instant, a whole day for a date: that of UTC, or of the reader for `today`.
fn instant_condition(column: &str, operator: Operator, ranges: &[Option<(i64, i64)>]) -> Fragment {
    let start = |at: usize| ranges.get(at).copied().flatten().map_or(Value::Null, |range| Value::Integer(range.0));
    let end = |at: usize| ranges.get(at).copied().flatten().map_or(Value::Null, |range| Value::Integer(range.1));
    let within = |at: usize| Fragment::new(format!("({column} >= ? AND {column} < ?)"), vec![start(at), end(at)]);
    let any = || {
        let mut all = Fragment::new("(1 = 0", Vec::new());
        for at in 0..ranges.len() {
            all.push(" OR ");
            all.append(&within(at));
        }
        all.push(")");
        all
    };
    let none = |inner: Fragment| Fragment::new(format!("({}) IS NOT TRUE", inner.sql), inner.params);
    match operator {
        Operator::Equal => within(0),
        Operator::In | Operator::Has => any(),
        Operator::NotEqual => none(within(0)),
        Operator::NotIn => none(any()),
        Operator::Less => Fragment::new(format!("{column} < ?"), vec![start(0)]),
        Operator::LessOrEqual => Fragment::new(format!("{column} < ?"), vec![end(0)]),
        Operator::Greater => Fragment::new(format!("{column} >= ?"), vec![end(0)]),
        Operator::GreaterOrEqual => Fragment::new(format!("{column} >= ?"), vec![start(0)]),
        Operator::Between => Fragment::new(format!("({column} >= ? AND {column} < ?)"), vec![start(0), end(1)]),
        other => conditions::scalar(column, other, Vec::new()),
    }
}
