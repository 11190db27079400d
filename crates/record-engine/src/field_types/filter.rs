//! A filter over the records of a type: the rule of a group. Its text form is stored.
//!
//! Whether it fits the fields of its type is checked in the write path, where the catalog is known.

use database::{Backend, Row, Value};
use filter_language::{Condition, FieldType, FieldValue, ParseError, parse};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext, text};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::Leaf;

/// Settings of filter fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FilterSettings {
    /// The type whose records are filtered.
    pub target: String,
}

impl FieldBehaviour for FilterSettings {
    fn columns(&self, field: &Field) -> Vec<Column> {
        text::columns(field)
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        let raw = text::input_text(field, input).map_err(|error| vec![error])?;
        let made = canonical(&raw).map_err(|error| vec![refused(field, &error.to_string())])?;
        Ok(made.map_or(Json::Null, Json::String))
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        text::encode(value, out);
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        text::decode(row, at)
    }

    fn filter_type(&self, _: &Field, _: Option<&str>) -> Option<FieldType> {
        None
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

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "type": ["string", "null"], "description": format!("filter over {}", self.target) })
    }
}

/// What is wrong with a filter, for its author.
pub(crate) fn refused(field: &Field, message: &str) -> FieldError {
    FieldError::new(&field.name, "filter_invalid").with("value", message)
}

/// The one spelling of a filter, so that equal filters are equal texts; `None` when nothing is written.
fn canonical(text: &str) -> Result<Option<String>, ParseError> {
    if text.trim().is_empty() { Ok(None) } else { parse(text).map(|expr| Some(expr.to_string())) }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn a_filter_is_stored_in_one_spelling() {
        let check = |input: &str, expected: Option<&str>| {
            assert_eq!(canonical(input).ok(), Some(expected.map(String::from)), "{input}");
        };
        check("", None);
        check("  ", None);
        check("all", Some("all"));
        check("  warmth=hot   and (name contains \"x\")", Some("warmth = \"hot\" and name contains \"x\""));
        assert!(canonical("warmth =").is_err());
    }
}
