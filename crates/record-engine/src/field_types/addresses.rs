//! Postal addresses: any number of them, searchable by their parts.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue, sort_key};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{ChannelLabel, ChildTable, Column, FieldBehaviour, NormaliseContext, text};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::{self, Leaf};

/// Most addresses of one record.
const MAX_ADDRESSES: usize = 50;
/// Longest part, in characters.
const MAX_PART_LENGTH: usize = 500;

/// The written parts in the order of the columns.
const PARTS: [&str; 5] = ["street", "city", "region", "postcode", "country"];

/// Settings of address fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddressesSettings {
    /// What an address is for.
    pub address_labels: Vec<ChannelLabel>,
}

fn text_at<'a>(entry: &'a Json, part: &str) -> &'a str {
    entry.get(part).and_then(Json::as_str).unwrap_or_default()
}

fn entry(field: &Field, at: usize, input: &Json) -> Result<Option<Json>, FieldError> {
    let mut made = serde_json::Map::new();
    let label = text_at(input, "label").trim();
    made.insert(
        "label".into(),
        if label.is_empty() { Json::Null } else { json!(label.chars().take(60).collect::<String>()) },
    );
    let mut is_empty = true;
    for part in PARTS {
        let value = match input.get(part) {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(text)) => {
                text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
            }
            Some(Json::Number(number)) => number.to_string(),
            Some(_) => return Err(FieldError::new(&field.name, "wrong_type").at(format!("{at}/{part}"))),
        };
        if value.chars().count() > MAX_PART_LENGTH {
            return Err(FieldError::new(&field.name, "too_long")
                .at(format!("{at}/{part}"))
                .with("max", MAX_PART_LENGTH));
        }
        is_empty &= value.is_empty();
        made.insert(part.into(), if value.is_empty() { Json::Null } else { Json::String(value) });
    }
    made.insert("is_primary".into(), json!(input.get("is_primary").and_then(Json::as_bool).unwrap_or(false)));
    Ok((!is_empty).then_some(Json::Object(made)))
}

impl FieldBehaviour for AddressesSettings {
    fn columns(&self, _: &Field) -> Vec<Column> {
        Vec::new()
    }

    fn child_table(&self) -> Option<ChildTable> {
        let text = |name: &str| Column::new(name, ColumnType::Text);
        let mut columns = vec![text("label")];
        columns.extend(PARTS.iter().map(|part| text(part)));
        columns.extend(PARTS.iter().map(|part| text(&format!("{part}_key"))));
        columns.push(Column::new("is_primary", ColumnType::Integer));
        Some(ChildTable {
            columns,
            indexes: vec![
                vec!["city_key", "record_id"],
                vec!["region_key", "record_id"],
                vec!["country_key", "record_id"],
            ],
            unique: None,
        })
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        let entries = match input {
            Json::Null => return Ok(Json::Null),
            Json::Array(entries) => entries,
            _ => return Err(vec![FieldError::new(&field.name, "wrong_type")]),
        };
        if entries.len() > MAX_ADDRESSES {
            return Err(vec![FieldError::new(&field.name, "too_many_values").with("max", MAX_ADDRESSES)]);
        }
        let mut made = Vec::new();
        let mut errors = Vec::new();
        for (at, input) in entries.iter().enumerate() {
            match entry(field, at, input) {
                Ok(Some(entry)) => made.push(entry),
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let primary = made.iter().position(|entry| entry.get("is_primary") == Some(&Json::Bool(true))).unwrap_or(0);
        for (at, entry) in made.iter_mut().enumerate() {
            if let Some(object) = entry.as_object_mut() {
                object.insert("is_primary".into(), Json::Bool(at == primary));
            }
        }
        Ok(if made.is_empty() { Json::Null } else { Json::Array(made) })
    }

    fn encode(&self, _: &Field, _: &Json, _: &mut Vec<Value>) {}

    fn decode(&self, _: &mut Row, _: usize) -> Json {
        Json::Null
    }

    fn encode_children(&self, _: &Field, value: &Json, _: bool) -> Vec<Vec<Value>> {
        let entries = value.as_array().map(Vec::as_slice).unwrap_or_default();
        entries
            .iter()
            .map(|entry| {
                let optional = |part: &str| entry.get(part).and_then(Json::as_str);
                let mut row = vec![optional("label").map_or(Value::Null, Value::from)];
                row.extend(PARTS.iter().map(|part| optional(part).map_or(Value::Null, Value::from)));
                row.extend(PARTS.iter().map(|part| optional(part).map_or(Value::Null, |text| sort_key(text).into())));
                row.push(Value::from(entry.get("is_primary") == Some(&Json::Bool(true))));
                row
            })
            .collect()
    }

    fn decode_child(&self, row: &mut Row, at: usize) -> Json {
        let mut entry = serde_json::Map::new();
        entry.insert("label".into(), text::decode(row, at));
        for (offset, part) in PARTS.iter().enumerate() {
            entry.insert((*part).into(), text::decode(row, at + 1 + offset));
        }
        entry.insert(
            "is_primary".into(),
            Json::Bool(row.optional_integer(at + 1 + 2 * PARTS.len()).ok().flatten() == Some(1)),
        );
        Json::Object(entry)
    }

    fn entry_key(&self, entry: &Json) -> String {
        PARTS.map(|part| sort_key(text_at(entry, part))).join("\n")
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        match part {
            // Without a part only "is empty" and "contains" over the city make sense; the city stands for the address.
            None => Some(FieldType::Text),
            Some(part) => PARTS.contains(&part).then_some(FieldType::Text),
        }
    }

    fn filter_value(&self, _: &Field, value: &Json, part: Option<&str>) -> FieldValue {
        let part = part.unwrap_or("city");
        let entries = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let values: Vec<String> = entries
            .iter()
            .map(|entry| text_at(entry, part))
            .filter(|text| !text.is_empty())
            .map(String::from)
            .collect();
        if values.is_empty() { FieldValue::Empty } else { FieldValue::TextSet(values) }
    }

    fn condition(&self, object_type: &ObjectType, field: &Field, condition: &Condition, backend: Backend) -> Vec<Leaf> {
        let part = condition
            .field
            .part
            .as_deref()
            .and_then(|part| PARTS.iter().find(|known| **known == part))
            .copied()
            .unwrap_or("city");
        let is_indexed = matches!(part, "city" | "region" | "country");
        let column = format!("c.{part}_key");
        conditions::child(&object_type.child_table(field), condition, is_indexed, |operator, values| {
            conditions::text(&column, operator, values, backend)
        })
    }

    fn sort_column(&self, _: &Field) -> Option<String> {
        None
    }

    fn search_text(&self, value: &Json, out: &mut String) {
        for entry in value.as_array().into_iter().flatten() {
            let city = text_at(entry, "city");
            out.push(' ');
            out.push_str(city);
        }
    }

    fn json_schema(&self, _: &Field) -> Json {
        let part = json!({ "type": ["string", "null"], "maxLength": MAX_PART_LENGTH });
        json!({ "type": ["array", "null"], "items": { "type": "object", "properties": {
            "label": { "type": ["string", "null"] }, "street": part, "city": part, "region": part, "postcode": part, "country": part,
            "is_primary": { "type": "boolean" }
        } } })
    }
}
