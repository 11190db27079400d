//! A decimal number with up to six digits after the point.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext};
use crate::catalog::{Field, ObjectType};
use crate::decimal;
use crate::error::FieldError;
use crate::query::conditions::{self, Leaf};

/// Beyond this, doubles lose whole numbers.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// Settings of number fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NumberSettings {
    /// Digits after the point, 0 to 6.
    #[serde(default)]
    pub decimals: u8,
    /// Smallest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    /// Largest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<f64>,
    /// The column holds a whole number of the last place, so that nothing is a binary fraction anywhere: rates, quantities, percents. The values stay
    /// within fifteen digits, which JSON carries exactly. It cannot be changed once there is a column.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_exact: bool,
}

impl NumberSettings {
    /// An exact number from `minimum` to `maximum` with so many places.
    pub fn exact(decimals: u8, minimum: f64, maximum: f64) -> NumberSettings {
        NumberSettings { decimals, minimum: Some(minimum), maximum: Some(maximum), is_exact: true }
    }

    fn places(&self) -> u32 {
        u32::from(self.decimals.min(6))
    }

    /// Places behind the point that its column counts in whole numbers; none for a column of doubles.
    pub(crate) fn places_in_units(&self) -> i32 {
        if self.is_exact { self.places().cast_signed() } else { 0 }
    }

    /// A value as the column holds it.
    #[expect(clippy::cast_possible_truncation, reason = "values stay within the exact range of doubles")]
    fn scaled(&self, number: f64) -> i64 {
        (number * 10_f64.powi(self.places().cast_signed())).round() as i64
    }
}

/// Reads a number from JSON or from text as people type it: blanks between thousands, comma or point before the decimals.
pub(super) fn input_number(input: &Json) -> Option<f64> {
    plain_decimal(input)?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The same as a plain decimal: digits with at most one point.
pub(super) fn plain_decimal(input: &Json) -> Option<String> {
    match input {
        // Rust writes doubles without an exponent, in the fewest digits that mean them.
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Some(whole.to_string()),
            None => number.as_f64().map(|number| number.to_string()),
        },
        Json::String(text) => {
            let compact: String =
                text.chars().filter(|c| !c.is_whitespace() && *c != '\u{2019}' && *c != '\'').collect();
            Some(match (compact.rfind(','), compact.rfind('.')) {
                (Some(comma), Some(point)) if comma > point => compact.replace('.', "").replace(',', "."),
                (Some(_), Some(_)) => compact.replace(',', ""),
                (Some(_), None) if compact.matches(',').count() == 1 => compact.replace(',', "."),
                (Some(_), None) => compact.replace(',', ""),
                _ => compact,
            })
        }
        _ => None,
    }
    .filter(|plain| decimal::scaled(plain, 0).is_some())
}

/// A number as canonical JSON: whole numbers without a point.
pub(super) fn number_json(number: f64) -> Json {
    if number.fract() == 0.0 && number.abs() <= LARGEST {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within the exact range of doubles")]
        let whole = number as i64;
        json!(whole)
    } else {
        json!(number)
    }
}

impl FieldBehaviour for NumberSettings {
    fn columns(&self, field: &Field) -> Vec<Column> {
        vec![Column::new(&field.column, if self.is_exact { ColumnType::Integer } else { ColumnType::Real })]
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        if input.is_null() || input.as_str().is_some_and(|text| text.trim().is_empty()) {
            return Ok(Json::Null);
        }
        let error = |code: &str| FieldError::new(&field.name, code);
        let number = input_number(input).ok_or_else(|| vec![error("not_a_number")])?;
        let minimum = self.minimum.unwrap_or(-LARGEST);
        let maximum = self.maximum.unwrap_or(LARGEST);
        if number < minimum || number > maximum {
            return Err(vec![error("out_of_range").with("minimum", minimum).with("maximum", maximum)]);
        }
        let scale = 10_f64.powi(i32::from(self.decimals.min(6)));
        let rounded = (number * scale).round() / scale;
        if (rounded - number).abs() > 1e-9 * number.abs().max(1.0) {
            return Err(vec![error("too_many_decimals").with("max", self.decimals)]);
        }
        Ok(number_json(rounded))
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        out.push(match value.as_f64() {
            Some(number) if self.is_exact => Value::Integer(self.scaled(number)),
            number => number.map_or(Value::Null, Value::Real),
        });
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        if !self.is_exact {
            return row.optional_real(at).ok().flatten().map_or(Json::Null, number_json);
        }
        let Some(scaled) = row.optional_integer(at).ok().flatten() else { return Json::Null };
        let text = decimal::text(scaled.into(), usize::from(self.decimals.min(6)));
        text.parse().map_or(Json::Null, number_json)
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        part.is_none().then_some(FieldType::Number)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        value.as_f64().map_or(FieldValue::Empty, FieldValue::Number)
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        let column = format!("t.{}", field.column);
        // The id is the one number that stands in a column of integers.
        let made = if field.is_system {
            conditions::whole(&column, condition.operator, &conditions::numbers(condition.literals()))
        } else if self.is_exact {
            conditions::whole(&column, condition.operator, &conditions::in_places(condition.literals(), self.places()))
        } else {
            conditions::plain(&column, condition)
        };
        vec![Leaf::Own { condition: made, is_indexed: field.is_indexed && conditions::is_lookup(condition.operator) }]
    }

    fn sort_column(&self, field: &Field) -> Option<String> {
        Some(field.column.clone())
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "type": ["number", "null"] })
    }
}

#[cfg(test)]
mod tests {
    use super::input_number;
    use serde_json::json;

    #[test]
    fn numbers_as_people_type_them() {
        let check = |input: &str, expect: Option<f64>| assert_eq!(input_number(&json!(input)), expect, "{input}");
        check("1234", Some(1234.0));
        check("1 234,50", Some(1234.5));
        check("1,234.50", Some(1234.5));
        check("1.234,50", Some(1234.5));
        check("1,234,567", Some(1_234_567.0));
        check("-5", Some(-5.0));
        check("abc", None);
        check("NaN", None);
        check("inf", None);
    }
}
