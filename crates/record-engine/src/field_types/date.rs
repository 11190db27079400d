//! A calendar day, stored as `YYYY-MM-DD`: orders as text, belongs to no time zone.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext, text};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::{self, Leaf};

/// See the module.
pub struct Date;

/// Reads a day as people of the region type it: `2026-11-22`, `22.11.2026`, `22/11/2026`, `20261122`; a time behind it is dropped.
pub fn parse_date(text: &str) -> Option<String> {
    let day = text.trim().split(['T', ' ']).next().unwrap_or_default();
    let numbers: Vec<&str> = day.split(['-', '.', '/']).collect();
    let (year, month, date) = match numbers.as_slice() {
        [year, month, date] if year.len() == 4 => (*year, *month, *date),
        [date, month, year] if year.len() == 4 => (*year, *month, *date),
        [whole] if whole.len() == 8 && whole.is_ascii() => (whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?),
        _ => return None,
    };
    let made = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?).ok()?;
    (1000..=9999).contains(&made.year()).then(|| made.to_string())
}

impl FieldBehaviour for Date {
    fn columns(&self, field: &Field) -> Vec<Column> {
        vec![Column::new(&field.column, ColumnType::Text)]
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        match input {
            Json::Null => Ok(Json::Null),
            Json::String(text) if text.trim().is_empty() => Ok(Json::Null),
            Json::String(text) => {
                parse_date(text).map(Json::String).ok_or_else(|| vec![FieldError::new(&field.name, "not_a_date")])
            }
            _ => Err(vec![FieldError::new(&field.name, "not_a_date")]),
        }
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        out.push(value.as_str().map_or(Value::Null, Value::from));
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        text::decode(row, at)
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        part.is_none().then_some(FieldType::Date)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        value.as_str().map_or(FieldValue::Empty, |day| FieldValue::Date(day.into()))
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        vec![conditions::own(field, condition)]
    }

    fn sort_column(&self, field: &Field) -> Option<String> {
        Some(field.column.clone())
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "type": ["string", "null"], "format": "date" })
    }
}

#[cfg(test)]
mod tests {
    use super::parse_date;

    #[test]
    fn days_as_people_type_them() {
        let check = |input: &str, expect: Option<&str>| assert_eq!(parse_date(input).as_deref(), expect, "{input}");
        check("2026-11-22", Some("2026-11-22"));
        check("22.11.2026", Some("2026-11-22"));
        check("22/11/2026", Some("2026-11-22"));
        check("2/1/1980", Some("1980-01-02"));
        check("19800322", Some("1980-03-22"));
        check("1980-03-22T00:00:00", Some("1980-03-22"));
        check("29.02.2025", None);
        check("--0203", None);
        check("tomorrow", None);
        check("22.11.26", None);
    }
}
