//! Several other records: a child table of ids in the order given (the first manager is the one responsible).

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde_json::{Value as Json, json};

use super::{ChildTable, Column, FieldBehaviour, NormaliseContext, reference};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::{self, EntryIndex, Leaf};

/// Most values of one record.
const MAX_VALUES: usize = 1_000;

/// See the module.
pub struct ReferenceSet;

impl FieldBehaviour for ReferenceSet {
    fn columns(&self, _: &Field) -> Vec<Column> {
        Vec::new()
    }

    fn child_table(&self) -> Option<ChildTable> {
        Some(ChildTable {
            columns: vec![Column::new("value", ColumnType::Integer)],
            indexes: vec![vec!["value", "record_id"]],
            unique: None,
            in_title_order: None,
        })
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        let entries = match input {
            Json::Null => return Ok(Json::Null),
            Json::Array(entries) => entries.clone(),
            single => vec![single.clone()],
        };
        if entries.len() > MAX_VALUES {
            return Err(vec![FieldError::new(&field.name, "too_many_values").with("max", MAX_VALUES)]);
        }
        let mut ids: Vec<i64> = Vec::new();
        let mut errors = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            match reference::input_id(field, entry) {
                Ok(Some(id)) if !ids.contains(&id) => ids.push(id),
                Ok(_) => {}
                Err(error) => errors.push(error.at(at)),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(if ids.is_empty() { Json::Null } else { json!(ids) })
    }

    fn encode(&self, _: &Field, _: &Json, _: &mut Vec<Value>) {}

    fn decode(&self, _: &mut Row, _: usize) -> Json {
        Json::Null
    }

    fn encode_children(&self, _: &Field, value: &Json, _: bool) -> Vec<Vec<Value>> {
        ids(value).map(|id| vec![Value::Integer(id)]).collect()
    }

    fn decode_child(&self, row: &mut Row, at: usize) -> Json {
        row.optional_integer(at).ok().flatten().map_or(Json::Null, |id| json!(id))
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        part.is_none().then_some(FieldType::ReferenceSet)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        let ids: Vec<i64> = ids(value).collect();
        if ids.is_empty() { FieldValue::Empty } else { FieldValue::ReferenceSet(ids) }
    }

    fn condition(&self, object_type: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        conditions::child(&object_type.child_table(field), condition, EntryIndex::Plain, |operator, values| {
            conditions::entry("c.value", operator, values)
        })
    }

    fn sort_column(&self, _: &Field) -> Option<String> {
        None
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "type": ["array", "null"], "items": reference::reference_schema() })
    }
}

fn ids(value: &Json) -> impl Iterator<Item = i64> {
    value.as_array().into_iter().flatten().filter_map(Json::as_i64)
}
