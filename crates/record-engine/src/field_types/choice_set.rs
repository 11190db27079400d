//! Several of a list: a child table of option keys.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde_json::{Value as Json, json};

use super::{ChildTable, ChoiceSettings, Column, FieldBehaviour, FieldKind, NormaliseContext, texts};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::{self, EntryIndex, Leaf};

/// Most values of one record.
const MAX_VALUES: usize = 200;

/// See the module.
pub struct ChoiceSet;

fn settings(field: &Field) -> ChoiceSettings {
    match &field.kind {
        FieldKind::ChoiceSet(settings) => settings.clone(),
        _ => ChoiceSettings::default(),
    }
}

impl FieldBehaviour for ChoiceSet {
    fn columns(&self, _: &Field) -> Vec<Column> {
        Vec::new()
    }

    fn child_table(&self) -> Option<ChildTable> {
        Some(ChildTable {
            columns: vec![Column::new("value", ColumnType::Text)],
            indexes: vec![vec!["value", "record_id"]],
            unique: None,
            in_title_order: None,
        })
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        let entries: Vec<Json> = match input {
            Json::Null => Vec::new(),
            // A cell of a spreadsheet: options separated by semicolons, commas or lines.
            Json::String(text) => text.split([';', ',', '\n']).map(|part| Json::String(part.trim().into())).collect(),
            Json::Array(entries) => entries.clone(),
            _ => return Err(vec![FieldError::new(&field.name, "wrong_type")]),
        };
        if entries.len() > MAX_VALUES {
            return Err(vec![FieldError::new(&field.name, "too_many_values").with("max", MAX_VALUES)]);
        }
        let settings = settings(field);
        let mut keys: Vec<String> = Vec::new();
        let mut errors = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            match settings.key(field, entry) {
                Ok(Some(key)) if !keys.contains(&key) => keys.push(key),
                Ok(_) => {}
                Err(error) => errors.push(error.at(at)),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        // The order of the list, so that equal sets are equal JSON.
        keys.sort_by_key(|key| settings.options.iter().position(|option| &option.key == key));
        Ok(if keys.is_empty() { Json::Null } else { json!(keys) })
    }

    fn encode(&self, _: &Field, _: &Json, _: &mut Vec<Value>) {}

    fn decode(&self, _: &mut Row, _: usize) -> Json {
        Json::Null
    }

    fn encode_children(&self, _: &Field, value: &Json, _: bool) -> Vec<Vec<Value>> {
        texts(value).map(|key| vec![Value::from(key)]).collect()
    }

    fn decode_child(&self, row: &mut Row, at: usize) -> Json {
        super::text::decode(row, at)
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        part.is_none().then_some(FieldType::ChoiceSet)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        let keys: Vec<String> = texts(value).map(String::from).collect();
        if keys.is_empty() { FieldValue::Empty } else { FieldValue::ChoiceSet(keys) }
    }

    fn condition(&self, object_type: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        conditions::child(&object_type.child_table(field), condition, EntryIndex::Plain, |operator, values| {
            conditions::entry("c.value", operator, values)
        })
    }

    fn sort_column(&self, _: &Field) -> Option<String> {
        None
    }

    fn json_schema(&self, field: &Field) -> Json {
        json!({ "type": ["array", "null"], "items": settings(field).key_schema() })
    }
}
