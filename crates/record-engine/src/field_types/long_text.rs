//! Text of many lines: descriptions, notes. Line breaks are kept; it cannot be sorted by.

use database::{Backend, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, FieldKind, NormaliseContext, text};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::Leaf;

/// Longest text, in characters.
pub const MAX_LENGTH: usize = 65_000;

/// See the module.
pub struct LongText;

fn max_length(field: &Field) -> usize {
    match &field.kind {
        FieldKind::LongText(settings) => settings.max_length.min(MAX_LENGTH),
        _ => MAX_LENGTH,
    }
}

impl FieldBehaviour for LongText {
    fn columns(&self, field: &Field) -> Vec<Column> {
        text::columns(field)
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        let raw = text::input_text(field, input).map_err(|error| vec![error])?;
        let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
        let clean: String = unified.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let trimmed = clean.trim();
        if trimmed.is_empty() {
            return Ok(Json::Null);
        }
        let max = max_length(field);
        if trimmed.chars().count() > max {
            return Err(vec![FieldError::new(&field.name, "too_long").with("max", max)]);
        }
        Ok(Json::String(trimmed.into()))
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

    fn sort_column(&self, _: &Field) -> Option<String> {
        None
    }

    fn search_text(&self, value: &Json, out: &mut String) {
        text::push_text(value, out);
    }

    fn json_schema(&self, field: &Field) -> Json {
        json!({ "type": ["string", "null"], "maxLength": max_length(field) })
    }
}
