//! How a record comes again: a rule as [`crate::recurrence`] has it, stored as text in its one form.

use database::{Backend, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext, text};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::Leaf;
use crate::recurrence::Rule;

/// Longest rule, in characters.
const MAX_LENGTH: usize = 500;

/// See the module.
pub struct Recurrence;

impl FieldBehaviour for Recurrence {
    fn columns(&self, field: &Field) -> Vec<Column> {
        text::columns(field)
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        let raw = text::input_text(field, input).map_err(|error| vec![error])?;
        if raw.trim().is_empty() {
            return Ok(Json::Null);
        }
        if raw.chars().count() > MAX_LENGTH {
            return Err(vec![FieldError::new(&field.name, "too_long").with("max", MAX_LENGTH)]);
        }
        let rule = Rule::parse(&raw).map(|rule| Json::String(rule.to_string()));
        rule.ok_or_else(|| vec![FieldError::new(&field.name, "not_a_recurrence")])
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        text::encode(value, out);
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        text::decode(row, at)
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        part.is_none().then_some(FieldType::Text)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        text::filter_value(value)
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, backend: Backend) -> Vec<Leaf> {
        text::condition(field, condition, backend)
    }

    fn sort_column(&self, field: &Field) -> Option<String> {
        Some(text::key_column(&field.column))
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "type": ["string", "null"], "maxLength": MAX_LENGTH, "description": "A rule of RFC 5545: FREQ=WEEKLY;BYDAY=MO." })
    }
}
