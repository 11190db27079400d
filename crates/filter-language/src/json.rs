//! The JSON form: reading with a pointer to what is wrong, writing for any `serde` format.
//!
//! Reading makes well-formed trees only: names are names, operands have their shape, numbers and
//! dates exist, limits hold.

use serde::de::Error as _;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::ast::{Condition, Expr, FieldPath, Literal, Operand, Operator};
use crate::calendar;
use crate::limits::{MAX_DEPTH, Tally};

/// Why a JSON value is not a filter, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message} (at {pointer:?})")]
pub struct JsonError {
    /// JSON pointer to the offending value, relative to the filter: `/and/0/value`, or nothing for
    /// the filter itself.
    pub pointer: String,
    /// The mistake in English, for people who write programs.
    pub message: String,
}

impl Expr {
    /// Reads the JSON form, which the crate documentation describes. `Deserialize` does the same
    /// and puts the pointer into its message.
    pub fn from_json(value: &Value) -> Result<Self, JsonError> {
        Reader { pointer: Vec::new(), depth: 0, tally: Tally::default() }.expr(value)
    }
}

impl<'de> Deserialize<'de> for Expr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_json(&value).map_err(D::Error::custom)
    }
}

struct Reader {
    /// The steps from the filter to the value being read.
    pointer: Vec<String>,
    /// How many nodes of the tree are open.
    depth: usize,
    tally: Tally,
}

impl Reader {
    fn expr(&mut self, value: &Value) -> Result<Expr, JsonError> {
        if self.depth == MAX_DEPTH {
            return self.error(format!("at most {MAX_DEPTH} levels of nesting are allowed"));
        }
        self.depth += 1;
        let expr = self.node(value);
        self.depth -= 1;
        expr
    }

    fn node(&mut self, value: &Value) -> Result<Expr, JsonError> {
        let Some(object) = value.as_object() else {
            return self.error("expected an object");
        };
        if object.contains_key("field") {
            return self.condition(object).map(Expr::Condition);
        }
        let mut entries = object.iter();
        let (Some((key, inner)), None) = (entries.next(), entries.next()) else {
            return self.error("expected exactly one of: all, and, or, not, field");
        };
        match key.as_str() {
            "all" if *inner == Value::Bool(true) => Ok(Expr::All),
            "and" => self.step("and", |reader| reader.parts(inner)).map(Expr::all_of),
            "or" => self.step("or", |reader| reader.parts(inner)).map(Expr::any_of),
            "not" => {
                let inner = self.step("not", |reader| reader.expr(inner))?;
                Ok(Expr::Not(Box::new(inner)))
            }
            _ => self.error("expected one of: all (true), and, or, not, field"),
        }
    }

    fn parts(&mut self, value: &Value) -> Result<Vec<Expr>, JsonError> {
        let Some(parts) = value.as_array() else {
            return self.error("expected an array");
        };
        parts.iter().enumerate().map(|(index, part)| self.step(index, |reader| reader.expr(part))).collect()
    }

    fn condition(&mut self, object: &Map<String, Value>) -> Result<Condition, JsonError> {
        if let Err(limit) = self.tally.add_condition() {
            return self.error(limit.to_string());
        }
        if let Some(key) = object.keys().find(|key| !matches!(key.as_str(), "field" | "op" | "value")) {
            return self.error(format!("a condition has field, op and value, not {key:?}"));
        }
        let field = self.step("field", |reader| {
            let path = object.get("field").and_then(Value::as_str);
            match path.and_then(|path| path.parse::<FieldPath>().ok()) {
                Some(path) => Ok(path),
                None => reader.error("expected a field name"),
            }
        })?;
        let operator = self.step("op", |reader| {
            let name = object.get("op").and_then(Value::as_str);
            match Operator::EVERY.into_iter().find(|operator| Some(operator.as_str()) == name) {
                Some(operator) => Ok(operator),
                None => reader.error("expected an operator"),
            }
        })?;
        let value = self.step("value", |reader| reader.operand(object.get("value"), operator))?;
        Ok(Condition { field, operator, value })
    }

    fn operand(&mut self, value: Option<&Value>, operator: Operator) -> Result<Operand, JsonError> {
        let operand = match value {
            None | Some(Value::Null) => Operand::None,
            Some(Value::Array(values)) => {
                let mut literals = Vec::new();
                for (index, value) in values.iter().enumerate() {
                    literals.push(self.step(index, |reader| reader.literal(value, index + 1))?);
                }
                Operand::Many(literals)
            }
            Some(value) => Operand::One(self.literal(value, 1)?),
        };
        if operator.takes(&operand) {
            return Ok(operand);
        }
        self.error(format!("{operator} takes {}", shape(operator)))
    }

    fn literal(&mut self, value: &Value, list_length: usize) -> Result<Literal, JsonError> {
        if let Err(limit) = self.tally.add_value(list_length) {
            return self.error(limit.to_string());
        }
        let literal = match value {
            Value::String(text) => Some(Literal::Text(text.clone())),
            Value::Bool(boolean) => Some(Literal::Boolean(*boolean)),
            Value::Number(number) => match (number.as_i64(), number.is_u64()) {
                (Some(integer), _) => Some(Literal::Integer(integer)),
                (None, true) => return self.error("the number is out of range"),
                (None, false) => number.as_f64().filter(|n| n.is_finite()).map(Literal::Number),
            },
            Value::Object(object) => tagged_literal(object),
            Value::Null | Value::Array(_) => None,
        };
        match literal {
            Some(literal) => Ok(literal),
            None => self.error("expected a value"),
        }
    }

    fn step<T>(
        &mut self,
        step: impl ToString,
        read: impl FnOnce(&mut Self) -> Result<T, JsonError>,
    ) -> Result<T, JsonError> {
        self.pointer.push(step.to_string());
        let result = read(self);
        self.pointer.pop();
        result
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T, JsonError> {
        let pointer = self.pointer.iter().map(|step| format!("/{step}")).collect();
        Err(JsonError { pointer, message: message.into() })
    }
}

/// A value of a kind that JSON does not have, as an object with one key.
fn tagged_literal(object: &Map<String, Value>) -> Option<Literal> {
    let mut entries = object.iter();
    let (Some((tag, value)), None) = (entries.next(), entries.next()) else {
        return None;
    };
    match tag.as_str() {
        "date" => {
            let date = value.as_str()?;
            calendar::parse_date(date).map(|_| Literal::Date(date.to_owned()))
        }
        "instant" => calendar::parse_instant(value.as_str()?).map(Literal::Instant),
        "today" => {
            let offset_days = only_integer(value, "offset_days")?.try_into().ok()?;
            Some(Literal::Today { offset_days })
        }
        "now" => {
            let offset_minutes = only_integer(value, "offset_minutes")?;
            Some(Literal::Now { offset_minutes })
        }
        "me" => (*value == Value::Bool(true)).then_some(Literal::Me),
        "my_people" => (*value == Value::Bool(true)).then_some(Literal::MyPeople),
        "my_teams" => (*value == Value::Bool(true)).then_some(Literal::MyTeams),
        _ => None,
    }
}

fn only_integer(value: &Value, key: &str) -> Option<i64> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    object.get(key)?.as_i64()
}

/// The operand that an operator takes, in words.
const fn shape(operator: Operator) -> &'static str {
    match operator {
        Operator::IsEmpty | Operator::IsNotEmpty => "no value",
        Operator::Between => "an array of two values",
        Operator::In | Operator::NotIn => "an array of values",
        Operator::Has | Operator::HasAll => "a value or an array of values",
        _ => "one value",
    }
}

impl Serialize for Expr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => one_entry(serializer, "all", &true),
            Self::And(parts) => one_entry(serializer, "and", parts),
            Self::Or(parts) => one_entry(serializer, "or", parts),
            Self::Not(inner) => one_entry(serializer, "not", inner),
            Self::Condition(condition) => condition.serialize(serializer),
        }
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let has_value = self.value != Operand::None;
        let mut map = serializer.serialize_map(Some(if has_value { 3 } else { 2 }))?;
        map.serialize_entry("field", &self.field)?;
        map.serialize_entry("op", self.operator.as_str())?;
        if has_value {
            map.serialize_entry("value", &self.value)?;
        }
        map.end()
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Operand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            Self::One(literal) => literal.serialize(serializer),
            Self::Many(literals) => {
                let mut list = serializer.serialize_seq(Some(literals.len()))?;
                for literal in literals {
                    list.serialize_element(literal)?;
                }
                list.end()
            }
        }
    }
}

impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Integer(integer) => serializer.serialize_i64(*integer),
            Self::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Self::Date(date) | Self::Day { date, .. } => one_entry(serializer, "date", date),
            Self::Instant(ms) => one_entry(serializer, "instant", &calendar::format_instant(*ms)),
            Self::Today { offset_days } => {
                one_entry(serializer, "today", &OneEntry("offset_days", i64::from(*offset_days)))
            }
            Self::Now { offset_minutes } => one_entry(serializer, "now", &OneEntry("offset_minutes", *offset_minutes)),
            Self::Me => one_entry(serializer, "me", &true),
            Self::MyPeople => one_entry(serializer, "my_people", &true),
            Self::MyTeams => one_entry(serializer, "my_teams", &true),
        }
    }
}

/// An object with one integer.
struct OneEntry(&'static str, i64);

impl Serialize for OneEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        one_entry(serializer, self.0, &self.1)
    }
}

fn one_entry<S: Serializer>(serializer: S, key: &str, value: &(impl Serialize + ?Sized)) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

#[cfg(test)]
mod tests;
