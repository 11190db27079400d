//! One of a list. The column holds the option's key, so renaming an option touches no record.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext, text};
use crate::catalog::{Field, Labels, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::{self, Leaf};

/// Settings of drop-downs and lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChoiceSettings {
    /// The options in their order.
    #[serde(default)]
    pub options: Vec<ChoiceOption>,
}

/// An option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// Stable key, `[a-z0-9_]+`.
    pub key: String,
    /// Texts by language.
    pub labels: Labels,
    /// `grey`, `red`, `amber`, `green`, `blue`, `purple`.
    #[serde(default)]
    pub color: Option<String>,
    /// No longer offered; records keep it.
    #[serde(default)]
    pub is_retired: bool,
}

impl ChoiceSettings {
    /// Standard options: key, texts in English, Russian, Ukrainian, colour.
    pub fn of(options: &[(&str, [&str; 3], Option<&str>)]) -> ChoiceSettings {
        let options = options
            .iter()
            .map(|(key, texts, color)| ChoiceOption {
                key: (*key).into(),
                labels: crate::catalog::labels(*texts),
                color: color.map(String::from),
                is_retired: false,
            })
            .collect();
        ChoiceSettings { options }
    }

    /// The option that a text means: its key, or its label in any language.
    pub fn find(&self, text: &str) -> Option<&ChoiceOption> {
        let named = |option: &&ChoiceOption| option.key == text || option.labels.values().any(|label| label == text);
        // Files mostly have the exact text, and an import asks for every row.
        self.options.iter().find(|option| option.key == text).or_else(|| self.options.iter().find(named)).or_else(
            || {
                let wanted = filter_language::sort_key(text);
                self.options
                    .iter()
                    .find(|option| option.labels.values().any(|label| filter_language::sort_key(label) == wanted))
            },
        )
    }

    /// The key of the option that `input` means.
    pub(super) fn key(&self, field: &Field, input: &Json) -> Result<Option<String>, FieldError> {
        let text = match input {
            Json::Null => return Ok(None),
            Json::String(text) if text.trim().is_empty() => return Ok(None),
            Json::String(text) => text.trim().to_owned(),
            Json::Number(number) => number.to_string(),
            _ => return Err(FieldError::new(&field.name, "wrong_type")),
        };
        match self.find(&text) {
            Some(option) => Ok(Some(option.key.clone())),
            None => Err(FieldError::new(&field.name, "unknown_option").with("value", text)),
        }
    }

    /// JSON Schema of a key.
    pub(super) fn key_schema(&self) -> Json {
        json!({ "type": "string", "enum": self.options.iter().map(|option| &option.key).collect::<Vec<_>>() })
    }
}

impl FieldBehaviour for ChoiceSettings {
    fn columns(&self, field: &Field) -> Vec<Column> {
        vec![Column::new(&field.column, ColumnType::Text)]
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        self.key(field, input).map(|key| key.map_or(Json::Null, Json::String)).map_err(|error| vec![error])
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        out.push(value.as_str().map_or(Value::Null, Value::from));
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        text::decode(row, at)
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        part.is_none().then_some(FieldType::Choice)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        value.as_str().map_or(FieldValue::Empty, |key| FieldValue::Choice(key.into()))
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        vec![conditions::own(field, condition)]
    }

    fn sort_column(&self, field: &Field) -> Option<String> {
        Some(field.column.clone())
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "anyOf": [self.key_schema(), { "type": "null" }] })
    }
}
