//! A record as it is read: system fields, values and what the reader may do with it.

use std::collections::BTreeMap;

use filter_language::{FieldPath, FieldValue, Row};
use serde_json::Value as Json;

use crate::catalog::ObjectType;

/// Values by field name. A missing key and `null` both mean empty.
pub type Values = BTreeMap<String, Json>;

/// A record with its values in stored form (references as ids).
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Id within the object type.
    pub id: i64,
    /// Counts the changes; starts at 1.
    pub version: i64,
    /// Milliseconds UTC.
    pub created_at: i64,
    /// User id of the creator; `None` for the program itself.
    pub created_by: Option<i64>,
    /// The operation that made it.
    pub created_operation: i64,
    /// Milliseconds UTC.
    pub updated_at: i64,
    /// User id of the last editor.
    pub updated_by: Option<i64>,
    /// Milliseconds UTC when it went to the trash.
    pub deleted_at: Option<i64>,
    /// The record that it was merged into, while it is in the trash for that.
    pub merged_into: Option<i64>,
    /// Milliseconds UTC when the personal data in it was erased; it takes no values any more.
    pub erased_at: Option<i64>,
    /// The values; only the fields that were asked for.
    pub values: Values,
}

impl Record {
    /// The value of a field; `Json::Null` when empty.
    pub fn value(&self, field: &str) -> &Json {
        self.values.get(field).unwrap_or(&Json::Null)
    }
}

/// A record beside its type, as the filter language sees it.
pub struct TypedRecord<'a> {
    /// Its type.
    pub object_type: &'a ObjectType,
    /// The record.
    pub record: &'a Record,
}

impl Row for TypedRecord<'_> {
    fn value(&self, path: &FieldPath) -> FieldValue {
        match path.field.as_str() {
            "id" => FieldValue::Integer(self.record.id),
            "created_at" => FieldValue::Instant(self.record.created_at),
            "updated_at" => FieldValue::Instant(self.record.updated_at),
            "created_by" => self.record.created_by.map_or(FieldValue::Empty, FieldValue::Reference),
            "updated_by" => self.record.updated_by.map_or(FieldValue::Empty, FieldValue::Reference),
            name => match self.object_type.field(name) {
                Some(field) => field.behaviour().filter_value(field, self.record.value(name), path.part.as_deref()),
                None => FieldValue::Empty,
            },
        }
    }
}
