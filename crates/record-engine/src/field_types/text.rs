//! One line of text. Beside the text stands its sort key, so both databases order and match alike and without regard to case.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue, sort_key};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::{self, Leaf};

/// Longest text of one line, in characters, unless the field says less.
pub const MAX_LENGTH: usize = 1_000;

/// Settings of text fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextSettings {
    /// Longest text, in characters.
    #[serde(default = "default_max_length")]
    pub max_length: usize,
}

fn default_max_length() -> usize {
    MAX_LENGTH
}

impl Default for TextSettings {
    fn default() -> Self {
        TextSettings { max_length: MAX_LENGTH }
    }
}

/// The columns of a text: as typed, and its sort key.
pub(super) fn columns(field: &Field) -> Vec<Column> {
    vec![Column::new(&field.column, ColumnType::Text), Column::new(key_column(&field.column), ColumnType::Text)]
}

/// The column of the sort key.
pub fn key_column(column: &str) -> String {
    format!("{column}_key")
}

pub(super) fn encode(value: &Json, out: &mut Vec<Value>) {
    match value.as_str() {
        Some(text) => {
            let key = sort_key(text);
            out.push(text.into());
            // A text of nothing but signs has an empty key and counts as empty in filters.
            out.push(if key.is_empty() { Value::Null } else { key.into() });
        }
        None => out.extend([Value::Null, Value::Null]),
    }
}

pub(super) fn decode(row: &mut Row, at: usize) -> Json {
    match row.take_value(at) {
        Value::Text(text) => Json::String(text),
        _ => Json::Null,
    }
}

/// Reads text input; numbers and booleans of loosely typed callers are taken as they print.
pub(super) fn input_text(field: &Field, input: &Json) -> Result<String, FieldError> {
    match input {
        Json::Null => Ok(String::new()),
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(number.to_string()),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => Err(FieldError::new(&field.name, "wrong_type")),
    }
}

pub(super) fn condition(field: &Field, condition: &Condition, backend: Backend) -> Vec<Leaf> {
    vec![Leaf::Own {
        condition: conditions::text(
            &format!("t.{}", key_column(&field.column)),
            condition.operator,
            condition.literals(),
            backend,
        ),
        is_indexed: field.is_indexed && conditions::is_lookup(condition.operator),
    }]
}

pub(super) fn filter_value(value: &Json) -> FieldValue {
    value.as_str().map_or(FieldValue::Empty, |text| FieldValue::Text(text.into()))
}

impl FieldBehaviour for TextSettings {
    fn columns(&self, field: &Field) -> Vec<Column> {
        columns(field)
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        let text = input_text(field, input).map_err(|error| vec![error])?;
        // One line: line breaks and runs of blanks become one blank.
        let mut line = String::with_capacity(text.len());
        for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if line.is_empty() {
            return Ok(Json::Null);
        }
        if line.chars().count() > self.max_length {
            return Err(vec![FieldError::new(&field.name, "too_long").with("max", self.max_length)]);
        }
        Ok(Json::String(line))
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        encode(value, out);
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        decode(row, at)
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        part.is_none().then_some(FieldType::Text)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        filter_value(value)
    }

    fn condition(&self, _: &ObjectType, field: &Field, given: &Condition, backend: Backend) -> Vec<Leaf> {
        condition(field, given, backend)
    }

    fn sort_column(&self, field: &Field) -> Option<String> {
        Some(key_column(&field.column))
    }

    fn search_text(&self, value: &Json, out: &mut String) {
        push_text(value, out);
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "type": ["string", "null"], "maxLength": self.max_length })
    }
}

/// Appends a text value to a search text.
pub(super) fn push_text(value: &Json, out: &mut String) {
    if let Some(text) = value.as_str() {
        out.push(' ');
        out.push_str(text);
    }
}
