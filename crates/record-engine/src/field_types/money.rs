//! An amount of money: whole minor units with a currency, never a fraction of a double.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext, number};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::{self, Leaf};

/// Largest amount in minor units: exact in JSON numbers.
const LARGEST: i64 = 9_007_199_254_740_991;

/// Minor units of one major unit; every currency of [`MoneySettings::currencies`] has hundredths.
const MINOR_UNITS: f64 = 100.0;

/// Settings of money fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MoneySettings {
    /// Allowed currencies (ISO 4217), the first is the default.
    #[serde(default = "default_currencies")]
    pub currencies: Vec<String>,
}

fn default_currencies() -> Vec<String> {
    ["UAH", "RUB", "KZT", "BYN", "PLN", "EUR", "USD"].map(String::from).to_vec()
}

impl Default for MoneySettings {
    fn default() -> Self {
        MoneySettings { currencies: default_currencies() }
    }
}

impl MoneySettings {
    /// Reads `{"amount", "currency"}` in minor units, or text such as `1 250,50 UAH` in major units.
    fn read(&self, field: &Field, input: &Json) -> Result<(i64, String), FieldError> {
        let first = self.currencies.first().cloned().unwrap_or_default();
        let not_a_number = || FieldError::new(&field.name, "not_a_number");
        match input {
            Json::Object(object) => {
                let amount = object.get("amount").and_then(Json::as_i64).ok_or_else(|| not_a_number().at("amount"))?;
                let currency = object.get("currency").and_then(Json::as_str).map_or(first, str::to_uppercase);
                Ok((amount, currency))
            }
            Json::String(text) => {
                let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
                let digits: String = text.chars().filter(|c| !c.is_alphabetic()).collect();
                let amount = number::input_number(&Json::String(digits)).ok_or_else(not_a_number)?;
                Ok((
                    minor(amount).ok_or_else(not_a_number)?,
                    if letters.is_empty() { first } else { letters.to_uppercase() },
                ))
            }
            Json::Number(number) => {
                let amount = number.as_f64().and_then(minor).ok_or_else(not_a_number)?;
                Ok((amount, first))
            }
            _ => Err(FieldError::new(&field.name, "wrong_type")),
        }
    }
}

fn minor(major: f64) -> Option<i64> {
    let units = (major * MINOR_UNITS).round();
    #[expect(clippy::cast_possible_truncation, reason = "checked against the exact range")]
    #[expect(clippy::cast_precision_loss, reason = "the limit is exact")]
    (units.abs() <= LARGEST as f64).then_some(units as i64)
}

impl FieldBehaviour for MoneySettings {
    fn columns(&self, field: &Field) -> Vec<Column> {
        vec![
            Column::new(&field.column, ColumnType::Integer),
            Column::new(format!("{}_currency", field.column), ColumnType::Text),
        ]
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        if input.is_null() || input.as_str().is_some_and(|text| text.trim().is_empty()) {
            return Ok(Json::Null);
        }
        let (amount, currency) = self.read(field, input).map_err(|error| vec![error])?;
        if amount.abs() > LARGEST {
            return Err(vec![
                FieldError::new(&field.name, "out_of_range").with("maximum", LARGEST).with("minimum", -LARGEST),
            ]);
        }
        if !self.currencies.contains(&currency) {
            return Err(vec![FieldError::new(&field.name, "unknown_option").at("currency").with("value", currency)]);
        }
        Ok(json!({ "amount": amount, "currency": currency }))
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        out.push(value.get("amount").and_then(Json::as_i64).map_or(Value::Null, Value::Integer));
        out.push(value.get("currency").and_then(Json::as_str).map_or(Value::Null, Value::from));
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        match (row.optional_integer(at), row.optional_text(at + 1)) {
            (Ok(Some(amount)), Ok(Some(currency))) => json!({ "amount": amount, "currency": currency }),
            _ => Json::Null,
        }
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        match part {
            None => Some(FieldType::Number),
            Some("currency") => Some(FieldType::Choice),
            Some(_) => None,
        }
    }

    fn filter_value(&self, _: &Field, value: &Json, part: Option<&str>) -> FieldValue {
        if part == Some("currency") {
            return value
                .get("currency")
                .and_then(Json::as_str)
                .map_or(FieldValue::Empty, |code| FieldValue::Choice(code.into()));
        }
        #[expect(clippy::cast_precision_loss, reason = "amounts stay within the exact range of doubles")]
        value
            .get("amount")
            .and_then(Json::as_i64)
            .map_or(FieldValue::Empty, |amount| FieldValue::Number(amount as f64 / MINOR_UNITS))
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        let is_indexed = field.is_indexed && conditions::is_lookup(condition.operator);
        if condition.field.part.is_some() {
            let currency = conditions::plain(&format!("t.{}_currency", field.column), condition);
            return vec![Leaf::Own { condition: currency, is_indexed: false }];
        }
        // People filter in major units; the column holds minor ones. Rounding undoes the binary error of the multiplication.
        let minor: Vec<f64> = conditions::numbers(condition.literals())
            .into_iter()
            .map(|major| (major * MINOR_UNITS * 1000.0).round() / 1000.0)
            .collect();
        let made = conditions::whole(&format!("t.{}", field.column), condition.operator, &minor);
        vec![Leaf::Own { condition: made, is_indexed }]
    }

    fn sort_column(&self, field: &Field) -> Option<String> {
        Some(field.column.clone())
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({
            "type": ["object", "null"],
            "properties": { "amount": { "type": "integer", "description": "minor units" }, "currency": { "type": "string", "enum": self.currencies } },
            "required": ["amount", "currency"]
        })
    }
}
