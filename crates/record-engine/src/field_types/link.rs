//! A web address. Only `http` and `https`: anything else could run in the page of whoever clicks it.

use database::{Backend, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext, text};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::Leaf;

/// Longest address, in characters.
const MAX_LENGTH: usize = 2_000;

/// See the module.
pub struct Link;

/// A clean web address, `https://` added where the scheme is missing; `None` when it is not one.
pub(super) fn normalise_url(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let lower = trimmed.to_ascii_lowercase();
    let with_scheme = if lower.starts_with("http://") || lower.starts_with("https://") {
        trimmed.to_owned()
    } else if trimmed.contains("://")
        || lower.starts_with("javascript:")
        || lower.starts_with("data:")
        || lower.starts_with("mailto:")
    {
        return None;
    } else {
        format!("https://{trimmed}")
    };
    let (_, rest) = with_scheme.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_clean = !with_scheme.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"'));
    (is_clean && host.contains('.') && !host.starts_with('.') && !host.contains('@')).then_some(with_scheme)
}

impl FieldBehaviour for Link {
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
        normalise_url(&raw).map(Json::String).ok_or_else(|| vec![FieldError::new(&field.name, "not_a_url")])
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

    fn search_text(&self, value: &Json, out: &mut String) {
        text::push_text(value, out);
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "type": ["string", "null"], "format": "uri", "maxLength": MAX_LENGTH })
    }
}

#[cfg(test)]
mod tests {
    use super::normalise_url;

    #[test]
    fn urls() {
        let check = |input: &str, expect: Option<&str>| assert_eq!(normalise_url(input).as_deref(), expect, "{input}");
        check("example.com", Some("https://example.com"));
        check("http://example.com/a?b#c", Some("http://example.com/a?b#c"));
        check("HTTP://карпати.укр", Some("HTTP://карпати.укр"));
        check("javascript:alert(1)", None);
        check("data:text/html,x", None);
        check("ftp://example.com", None);
        check("https://user@example.com", None);
        check("no dots", None);
        check("https://exa\"mple.com", None);
    }
}
