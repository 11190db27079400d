//! A stored file: the value names it, the bytes lie in the file store ([`crate::files`]).

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext, text};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::pictures::PictureBox;
use crate::query::conditions::{self, Leaf};

/// Settings of file fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileSettings {
    /// Largest file, in bytes.
    #[serde(default = "default_max_bytes")]
    pub max_bytes: u64,
    /// Takes pictures only, which are made to fit when they are uploaded; `None` takes any file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureBox>,
}

impl FileSettings {
    /// Takes pictures of up to `max_bytes` bytes, made to fit into a box.
    pub fn picture(max_bytes: u64, into: PictureBox) -> FileSettings {
        FileSettings { max_bytes, picture: Some(into) }
    }

    /// The largest file in megabytes, for the text of `file_over_limit`.
    pub fn max_megabytes(&self) -> f64 {
        let kilobytes = u32::try_from(self.max_bytes / 1024).unwrap_or(u32::MAX);
        f64::from(kilobytes) / 1024.0
    }
}

fn default_max_bytes() -> u64 {
    25 * 1024 * 1024
}

impl Default for FileSettings {
    fn default() -> Self {
        FileSettings { max_bytes: default_max_bytes(), picture: None }
    }
}

impl FieldBehaviour for FileSettings {
    fn columns(&self, field: &Field) -> Vec<Column> {
        vec![Column::new(&field.column, ColumnType::Text)]
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        let id = match input {
            Json::Null => return Ok(Json::Null),
            Json::String(id) if id.is_empty() => return Ok(Json::Null),
            Json::String(id) => Some(id.as_str()),
            Json::Object(object) => object.get("id").and_then(Json::as_str),
            _ => None,
        };
        let id = id.filter(|id| id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric()));
        id.map(|id| Json::String(id.into())).ok_or_else(|| vec![FieldError::new(&field.name, "wrong_type")])
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        out.push(value.as_str().map_or(Value::Null, Value::from));
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        text::decode(row, at)
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        // Only "is empty" makes sense for people; an id compares like a key.
        part.is_none().then_some(FieldType::Choice)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        value.as_str().map_or(FieldValue::Empty, |id| FieldValue::Choice(id.into()))
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        vec![conditions::own(field, condition)]
    }

    fn sort_column(&self, _: &Field) -> Option<String> {
        None
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "anyOf": [{ "type": "string" }, { "type": "object", "properties": { "id": { "type": "string" }, "name": { "type": "string" }, "size": { "type": "integer" }, "media_type": { "type": "string" }, "width": { "type": "integer" }, "height": { "type": "integer" } }, "required": ["id"] }, { "type": "null" }] })
    }
}
