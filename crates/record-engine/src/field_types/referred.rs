//! Whether other live records of the type point to the record: of a company, whether it has people. Computed wherever a record is read and stored
//! nowhere, so it cannot be wrong and no save of a person waits for his company.
//!
//! What must stay true: the expression that is read ([`FieldBehaviour::computed`]) and the condition ask the same. It says that there is such a
//! record, never which, so it counts records too that the reader does not see. Of it there is no history.

use database::{Backend, Row, Value, quote_identifier};
use filter_language::{Condition, FieldType, FieldValue};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Column, FieldBehaviour, NormaliseContext, checkbox::Checkbox};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::Leaf;

/// Settings of computed signs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferredSettings {
    /// The reference field of the same type that points to the record; indexed, for it is asked for each record.
    pub by: String,
    /// Only records with this choice count: a choice field and the key of an option.
    pub only: Option<(String, String)>,
    /// Only records with this choice can have the sign; of the others nothing is looked up.
    pub of: Option<(String, String)>,
}

impl ReferredSettings {
    fn exists(&self, object_type: &ObjectType) -> String {
        let column = |name: &str| {
            object_type.field(name).map_or_else(|| quote_identifier(name), |field| quote_identifier(&field.column))
        };
        // Keys of options are words of modules; the quote is doubled all the same.
        let is = |alias: &str, (field, key): &(String, String)| {
            format!("{alias}.{} IS NOT DISTINCT FROM '{}'", column(field), key.replace('\'', "''"))
        };
        let of = self.of.as_ref().map_or_else(String::new, |of| format!("{} AND ", is("t", of)));
        let only = self.only.as_ref().map_or_else(String::new, |only| format!(" AND {}", is("r", only)));
        format!(
            "({of}EXISTS (SELECT 1 FROM {} r WHERE r.{} = t.id AND r.deleted_at IS NULL{only}))",
            quote_identifier(object_type.table()),
            column(&self.by),
        )
    }
}

impl FieldBehaviour for ReferredSettings {
    fn columns(&self, _: &Field) -> Vec<Column> {
        Vec::new()
    }

    fn computed(&self, object_type: &ObjectType) -> Option<String> {
        Some(format!("CASE WHEN {} THEN CAST(1 AS BIGINT) END", self.exists(object_type)))
    }

    fn normalise(&self, field: &Field, _: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        Err(vec![FieldError::new(&field.name, "read_only")])
    }

    fn encode(&self, _: &Field, _: &Json, _: &mut Vec<Value>) {}

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        Checkbox.decode(row, at)
    }

    fn filter_type(&self, field: &Field, part: Option<&str>) -> Option<FieldType> {
        Checkbox.filter_type(field, part)
    }

    fn filter_value(&self, field: &Field, value: &Json, part: Option<&str>) -> FieldValue {
        Checkbox.filter_value(field, value, part)
    }

    fn condition(&self, object_type: &ObjectType, _: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        let exists = self.exists(object_type);
        super::checkbox::condition(condition, false, &exists, &format!("NOT {exists}"))
    }

    fn sort_column(&self, _: &Field) -> Option<String> {
        None
    }

    fn json_schema(&self, field: &Field) -> Json {
        Checkbox.json_schema(field)
    }
}
