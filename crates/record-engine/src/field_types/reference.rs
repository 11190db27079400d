//! Another record, by id.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::{self, Leaf};

/// Settings of references.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceSettings {
    /// The object type it points to.
    pub target: String,
    /// What the target must satisfy, in the filter language of its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_filter: Option<String>,
    /// The records form a tree through this field: nothing may stand above itself.
    #[serde(default)]
    pub is_hierarchy: bool,
    /// A target belongs to one live record only. Of a set it says nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unique: bool,
}

impl ReferenceSettings {
    /// A plain reference.
    pub fn to(target: &str) -> ReferenceSettings {
        ReferenceSettings { target: target.into(), target_filter: None, is_hierarchy: false, is_unique: false }
    }
}

/// Reads an id from `5`, `"5"` or `{"id": 5}`.
pub(super) fn input_id(field: &Field, input: &Json) -> Result<Option<i64>, FieldError> {
    let id = match input {
        Json::Null => return Ok(None),
        Json::String(text) if text.trim().is_empty() => return Ok(None),
        Json::Number(number) => number.as_i64(),
        Json::String(text) => text.trim().parse().ok(),
        Json::Object(object) => object.get("id").and_then(Json::as_i64),
        Json::Bool(_) | Json::Array(_) => None,
    };
    id.map(Some).ok_or_else(|| FieldError::new(&field.name, "wrong_type"))
}

/// JSON Schema of a reference as it is read and written.
pub(super) fn reference_schema() -> Json {
    json!({ "anyOf": [
        { "type": "integer" },
        { "type": "object", "properties": { "id": { "type": "integer" }, "title": { "type": ["string", "null"] }, "type": { "type": "string" } }, "required": ["id"] }
    ] })
}

impl FieldBehaviour for ReferenceSettings {
    fn columns(&self, field: &Field) -> Vec<Column> {
        vec![Column::new(&field.column, ColumnType::Integer)]
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        input_id(field, input).map(|id| id.map_or(Json::Null, |id| json!(id))).map_err(|error| vec![error])
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        out.push(value.as_i64().map_or(Value::Null, Value::Integer));
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        row.optional_integer(at).ok().flatten().map_or(Json::Null, |id| json!(id))
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        part.is_none().then_some(FieldType::Reference)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        value.as_i64().map_or(FieldValue::Empty, FieldValue::Reference)
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        vec![conditions::own(field, condition)]
    }

    fn sort_column(&self, _: &Field) -> Option<String> {
        None
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "anyOf": [reference_schema(), { "type": "null" }] })
    }
}
