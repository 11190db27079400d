//! An amount of money: whole minor units with a currency, never a fraction of a double.

use database::{Backend, ColumnType, Row, Value, in_list};
use filter_language::{Condition, FieldType, FieldValue, Operator};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext, number};
use crate::catalog::{Field, ObjectType};
use crate::currency::{self, OTHER_PLACES, USUAL_PLACES};
use crate::decimal;
use crate::error::FieldError;
use crate::query::conditions::{self, Fragment, Leaf};

/// Largest amount in minor units: exact in JSON numbers.
pub const LARGEST: i64 = 9_007_199_254_740_991;

/// Settings of money fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MoneySettings {
    /// Allowed currencies (ISO 4217), the first is the default. Empty for all that the installation works with; its own is the default then.
    #[serde(default)]
    pub currencies: Vec<String>,
    /// The field of the same type, a date, by whose rates sums are counted in the currency of the installation; those of today without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_by: Option<String>,
    /// The field of the same type, whole percents, that says how sure the amount is: sums are told weighted by it, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted_by: Option<String>,
    /// What one of something costs: a sum over records says nothing, and no list shows one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_price: bool,
}

impl MoneySettings {
    /// In all currencies, counted by the rates of the day in another field.
    pub fn dated_by(field: &str) -> MoneySettings {
        MoneySettings { dated_by: Some(field.into()), ..MoneySettings::default() }
    }

    /// As sure as another field says in percent.
    #[must_use]
    pub fn weighted_by(mut self, field: &str) -> MoneySettings {
        self.weighted_by = Some(field.into());
        self
    }

    /// In all currencies, of one piece: never added up.
    pub fn price() -> MoneySettings {
        MoneySettings { is_price: true, ..MoneySettings::default() }
    }

    /// Reads `{"amount", "currency"}` in minor units, or text such as `1 250,50 UAH` in major units.
    fn read(&self, field: &Field, input: &Json, context: &NormaliseContext) -> Result<(i64, String), FieldError> {
        let first = || self.currencies.first().unwrap_or(&context.currency).clone();
        let not_a_number = || FieldError::new(&field.name, "not_a_number");
        match input {
            Json::Object(object) => {
                let amount = object.get("amount").and_then(Json::as_i64).ok_or_else(|| not_a_number().at("amount"))?;
                let currency = object.get("currency").and_then(Json::as_str).map_or_else(first, str::to_uppercase);
                Ok((amount, currency))
            }
            Json::String(text) => {
                let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
                let digits: String = text.chars().filter(|c| !c.is_alphabetic()).collect();
                let currency = if letters.is_empty() { first() } else { letters.to_uppercase() };
                let amount = minor(&Json::String(digits), &currency).ok_or_else(not_a_number)?;
                Ok((amount, currency))
            }
            Json::Number(_) => {
                let currency = first();
                Ok((minor(input, &currency).ok_or_else(not_a_number)?, currency))
            }
            _ => Err(FieldError::new(&field.name, "wrong_type")),
        }
    }

    fn allows(&self, currency: &str) -> bool {
        match self.currencies.as_slice() {
            // Which of them are in use is looked at where the value that stood there is known, too.
            [] => currency::is_known(currency),
            listed => listed.iter().any(|known| known == currency),
        }
    }

    /// The decimal places that amounts of the field can have, each with its currencies; `None` stands for all others.
    fn places(&self) -> Vec<(u32, Option<Vec<&'static str>>)> {
        let is_allowed = |code: &&&str| self.allows(code);
        let mut places: Vec<(u32, Option<Vec<&'static str>>)> = OTHER_PLACES
            .iter()
            .map(|(places, codes)| (*places, Some(codes.iter().filter(is_allowed).copied().collect())))
            .filter(|(_, codes): &(u32, Option<Vec<&str>>)| codes.as_ref().is_some_and(|codes| !codes.is_empty()))
            .collect();
        let is_usual = |code: &String| currency::places(code) == USUAL_PLACES;
        if self.currencies.is_empty() || self.currencies.iter().any(is_usual) {
            places.insert(0, (USUAL_PLACES, None));
        }
        places
    }
}

/// A number in major units as minor ones, half away from zero; `None` for what is none or too large.
fn minor(major: &Json, currency: &str) -> Option<i64> {
    let units = decimal::scaled(&number::plain_decimal(major)?, currency::places(currency))?;
    i64::try_from(units).ok().filter(|units| units.abs() <= LARGEST)
}

impl FieldBehaviour for MoneySettings {
    fn columns(&self, field: &Field) -> Vec<Column> {
        vec![
            Column::new(&field.column, ColumnType::Integer),
            Column::new(format!("{}_currency", field.column), ColumnType::Text),
        ]
    }

    fn normalise(&self, field: &Field, input: &Json, context: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        if input.is_null() || input.as_str().is_some_and(|text| text.trim().is_empty()) {
            return Ok(Json::Null);
        }
        let (amount, currency) = self.read(field, input, context).map_err(|error| vec![error])?;
        if amount.unsigned_abs() > LARGEST.unsigned_abs() {
            return Err(vec![
                FieldError::new(&field.name, "out_of_range").with("maximum", LARGEST).with("minimum", -LARGEST),
            ]);
        }
        if !self.allows(&currency) {
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
        let major = || {
            let amount = value.get("amount").and_then(Json::as_i64)?;
            let places = value.get("currency").and_then(Json::as_str).map_or(USUAL_PLACES, currency::places);
            decimal::text(amount.into(), usize::try_from(places).ok()?).parse().ok()
        };
        major().map_or(FieldValue::Empty, FieldValue::Number)
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        let is_indexed = field.is_indexed && conditions::is_lookup(condition.operator);
        if condition.field.part.is_some() {
            let currency = conditions::plain(&format!("t.{}_currency", field.column), condition);
            return vec![Leaf::Own { condition: currency, is_indexed: false }];
        }
        // People filter in major units; the column holds minor ones, of which a currency has its own number.
        let column = format!("t.{}", field.column);
        let made = |places: u32| {
            conditions::whole(&column, condition.operator, &conditions::in_places(condition.literals(), places))
        };
        let places = self.places();
        if let [(only, _)] = places.as_slice() {
            return vec![Leaf::Own { condition: made(*only), is_indexed }];
        }
        if matches!(condition.operator, Operator::IsEmpty | Operator::IsNotEmpty) {
            return vec![Leaf::Own { condition: made(USUAL_PLACES), is_indexed }];
        }
        let others: Vec<&str> = places.iter().filter_map(|(_, codes)| codes.as_ref()).flatten().copied().collect();
        let mut whole = Fragment::default();
        for (at, (places, codes)) in places.iter().enumerate() {
            let (word, codes) = codes.as_ref().map_or((" NOT IN ", &others), |codes| (" IN ", codes));
            whole.push(if at == 0 { "((" } else { " OR (" });
            whole.append(&made(*places));
            whole.push(&format!(" AND COALESCE(t.{}_currency, ''){word}{})", field.column, in_list(codes.len())));
            whole.params.extend(codes.iter().map(|code| Value::from(*code)));
        }
        whole.push(")");
        vec![Leaf::Own { condition: whole, is_indexed }]
    }

    fn sort_column(&self, field: &Field) -> Option<String> {
        Some(field.column.clone())
    }

    fn json_schema(&self, _: &Field) -> Json {
        let currency = match self.currencies.as_slice() {
            [] => json!({ "type": "string", "pattern": "^[A-Z]{3}$" }),
            listed => json!({ "type": "string", "enum": listed }),
        };
        json!({
            "type": ["object", "null"],
            "properties": { "amount": { "type": "integer", "description": "minor units" }, "currency": currency },
            "required": ["amount", "currency"]
        })
    }
}
