//! Postal addresses: any number of them, searchable by their parts, each with an exact point if somebody set one.
//!
//! What must stay true: an address has both numbers of its point or none of them, and an entry without a point does not name them, so that
//! values from before there were points are equal to what they were.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue, Point, sort_key};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{ChannelLabel, ChildTable, Column, FieldBehaviour, NormaliseContext, TITLE_KEY, text};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::areas;
use crate::query::conditions::{self, EntryIndex, Leaf};

/// Most addresses of one record.
const MAX_ADDRESSES: usize = 50;
/// Longest part, in characters.
const MAX_PART_LENGTH: usize = 500;

/// The written parts in the order of the columns.
const PARTS: [&str; 5] = ["street", "city", "region", "postcode", "country"];

/// Where the words of a city are compared. Hundreds of thousands of records share one.
const CITY_KEY: &str = "city_key";

/// The parts of the exact point with their limits in degrees, in the order of the columns. Stored in [`DEGREE`]ths.
const POINT: [(&str, f64); 2] = [("latitude", 90.0), ("longitude", 180.0)];
/// The part of the field that asks where the primary address stands on the map.
pub const PLACE: &str = "place";
/// Points are kept in millionths of a degree, a tenth of a metre.
pub const DEGREE: f64 = 1e6;

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
    if let Some(point) = point(&field.name, at, input)? {
        is_empty = false;
        made.extend(point);
    }
    made.insert("is_primary".into(), json!(input.get("is_primary").and_then(Json::as_bool).unwrap_or(false)));
    Ok((!is_empty).then_some(Json::Object(made)))
}

/// The exact point of an entry, rounded as it is stored.
fn point(field: &str, at: usize, input: &Json) -> Result<Option<[(String, Json); 2]>, FieldError> {
    let given = POINT.map(|(part, _)| input.get(part).filter(|value| !value.is_null()));
    if given == [None, None] {
        return Ok(None);
    }
    let error = |part: &str, code: &str| FieldError::new(field, code).at(format!("{at}/{part}"));
    let mut made = POINT.map(|(part, _)| (part.to_owned(), Json::Null));
    for (((part, limit), value), made) in POINT.iter().zip(given).zip(&mut made) {
        let value = value.ok_or_else(|| error(part, "required"))?;
        let degrees = value.as_f64().ok_or_else(|| error(part, "wrong_type"))?;
        if !(-limit..=*limit).contains(&degrees) {
            return Err(error(part, "out_of_range").with("minimum", -limit).with("maximum", *limit));
        }
        made.1 = degrees_of(millionths(degrees));
    }
    Ok(Some(made))
}

#[expect(clippy::cast_possible_truncation, reason = "at most 180 million")]
fn millionths(degrees: f64) -> i64 {
    (degrees * DEGREE).round() as i64
}

/// Degrees as JSON, of millionths of a degree.
#[expect(clippy::cast_precision_loss, reason = "at most 180 million")]
pub(crate) fn degrees_of(millionths: i64) -> Json {
    json!(millionths as f64 / DEGREE)
}

/// Where the primary address stands: at its exact point, or in its town.
fn place(value: &Json) -> Option<Point> {
    let mut entries = value.as_array()?.iter();
    let primary = entries.find(|entry| entry.get("is_primary") == Some(&Json::Bool(true)))?;
    let exact = POINT.map(|(part, _)| primary.get(part).and_then(Json::as_f64).map(millionths));
    if let [Some(latitude_e6), Some(longitude_e6)] = exact {
        return Some(Point { latitude_e6, longitude_e6 });
    }
    let [country, region, city] = ["country", "region", "city"].map(|part| text_at(primary, part));
    let town = (!city.is_empty()).then(|| gazetteer::find(country, region, city)).flatten()?;
    Some(Point { latitude_e6: town.latitude_e6, longitude_e6: town.longitude_e6 })
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
        columns.extend(POINT.iter().map(|(part, _)| Column::new(*part, ColumnType::Integer)));
        columns.push(text(TITLE_KEY));
        Some(ChildTable {
            columns,
            indexes: vec![
                vec!["region_key", "record_id"],
                vec!["country_key", "record_id"],
                vec!["latitude", "longitude", "record_id"],
            ],
            unique: None,
            in_title_order: Some(CITY_KEY),
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
                row.extend(POINT.map(|(part, _)| {
                    entry.get(part).and_then(Json::as_f64).map_or(Value::Null, |degrees| millionths(degrees).into())
                }));
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
        let is_primary = at + 1 + 2 * PARTS.len();
        entry.insert("is_primary".into(), Json::Bool(row.optional_integer(is_primary).ok().flatten() == Some(1)));
        for (offset, (part, _)) in POINT.iter().enumerate() {
            if let Ok(Some(stored)) = row.optional_integer(is_primary + 1 + offset) {
                entry.insert((*part).into(), degrees_of(stored));
            }
        }
        Json::Object(entry)
    }

    fn entry_key(&self, entry: &Json) -> String {
        let written = PARTS.map(|part| sort_key(text_at(entry, part)));
        if written.iter().all(String::is_empty) {
            // Without words the point is the address.
            return POINT.map(|(part, _)| entry.get(part).map(Json::to_string).unwrap_or_default()).join(",");
        }
        written.join("\n")
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        match part {
            // Without a part only "is empty" and "contains" over the city make sense; the city stands for the address.
            None => Some(FieldType::Text),
            Some(PLACE) => Some(FieldType::Place),
            Some(part) => PARTS.contains(&part).then_some(FieldType::Text),
        }
    }

    fn filter_value(&self, _: &Field, value: &Json, part: Option<&str>) -> FieldValue {
        if part == Some(PLACE) {
            return place(value).map_or(FieldValue::Empty, FieldValue::Place);
        }
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
        if condition.field.part.as_deref() == Some(PLACE) {
            return conditions::child(
                &object_type.child_table(field),
                condition,
                EntryIndex::InTitleOrder,
                |_, values| areas::inside(values),
            );
        }
        let part = condition
            .field
            .part
            .as_deref()
            .and_then(|part| PARTS.iter().find(|known| **known == part))
            .copied()
            .unwrap_or("city");
        let index = match part {
            "city" => EntryIndex::InTitleOrder,
            "region" | "country" => EntryIndex::Plain,
            _ => EntryIndex::None,
        };
        let column = format!("c.{part}_key");
        conditions::child(&object_type.child_table(field), condition, index, |operator, values| {
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
            "is_primary": { "type": "boolean" },
            "latitude": { "type": ["number", "null"], "minimum": -90, "maximum": 90 },
            "longitude": { "type": ["number", "null"], "minimum": -180, "maximum": 180 }
        } } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_whole_within_the_world_and_rounded() {
        let check = |input: Json, expect: Result<Option<f64>, (&str, &str)>| {
            let found = point("addresses", 0, &input);
            let found = match &found {
                Ok(point) => Ok(point.as_ref().and_then(|[latitude, _]| latitude.1.as_f64())),
                Err(error) => Err((error.pointer.as_str(), error.code.as_str())),
            };
            assert_eq!(found, expect, "{input}");
        };
        check(json!({"city": "Київ"}), Ok(None));
        check(json!({"latitude": null, "longitude": null}), Ok(None));
        check(json!({"latitude": 50.450_100_49, "longitude": 30.5234}), Ok(Some(50.4501)));
        check(json!({"latitude": 50, "longitude": -180}), Ok(Some(50.0)));
        check(json!({"latitude": 50.4501}), Err(("/addresses/0/longitude", "required")));
        check(json!({"latitude": "50.4501", "longitude": 30}), Err(("/addresses/0/latitude", "wrong_type")));
        check(json!({"latitude": 90.1, "longitude": 30}), Err(("/addresses/0/latitude", "out_of_range")));
        check(json!({"latitude": 9, "longitude": 180.5}), Err(("/addresses/0/longitude", "out_of_range")));
    }

    #[test]
    fn an_address_is_known_by_its_words_and_without_them_by_its_point() {
        let settings = AddressesSettings { address_labels: Vec::new() };
        let key = |entry: Json| settings.entry_key(&entry);
        let kyiv = key(json!({"city": "Київ"}));
        assert_eq!(kyiv, key(json!({"city": "київ", "latitude": 50.4, "longitude": 30.5})));
        let point = key(json!({"latitude": 50.4, "longitude": 30.5}));
        assert_ne!(point, key(json!({"latitude": 50.4, "longitude": 30.6})));
    }
}
