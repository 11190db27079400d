//! What somebody chose to take back although it was changed since.
//!
//! What must stay true: only what he was shown is overwritten. A field that was changed again after its value was shown stays as it is, unless he
//! chose all of them; and he writes with his own rights, also where an undo otherwise follows a merged record back.

use std::collections::{BTreeMap, BTreeSet};

use database::Tx;
use serde::{Deserialize, Serialize};

use super::later::{is_changed_since, last_changes, touches};
use super::step::FieldChange;
use crate::catalog::{Catalog, ObjectType};
use crate::error::{EngineError, FieldError, Result};
use crate::record::Record;

/// Most fields that one request names.
pub const MAX_CHOICES: usize = 500;

/// A field of a record, or a record as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Name of the object type.
    #[serde(rename = "type")]
    pub object_type: String,
    /// The record.
    pub id: i64,
    /// Name of the field; `None` for a record that the operation made and that goes to the trash although it was changed since.
    #[serde(default)]
    pub field: Option<String>,
    /// The version of the record that was shown: what was changed after it stays.
    #[serde(default)]
    pub version: Option<i64>,
}

/// What goes back although it was changed since; by default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overwrite {
    /// These.
    #[serde(default)]
    pub overwrite: Vec<Choice>,
    /// Everything, whatever it is by then.
    #[serde(default)]
    pub overwrite_all: bool,
    /// Of everything, all but these.
    #[serde(default)]
    pub keep: Vec<Choice>,
}

impl Overwrite {
    /// Whether nothing was chosen.
    pub fn is_empty(&self) -> bool {
        self.overwrite.is_empty() && !self.overwrite_all
    }

    /// Checks what can be checked before anything is read.
    ///
    /// # Errors
    /// `Invalid` when more is named than one request may name.
    pub fn check(&self) -> Result<()> {
        for (name, choices) in [("overwrite", &self.overwrite), ("keep", &self.keep)] {
            if choices.len() > MAX_CHOICES {
                let error = FieldError::new(name, "too_many_values");
                return Err(EngineError::field(error.with("max", i64::try_from(MAX_CHOICES).unwrap_or(i64::MAX))));
            }
        }
        Ok(())
    }

    /// The chosen records, in the order of the walk through an operation, where only they need to be looked at: type and id.
    pub(super) fn places(&self, catalog: &Catalog) -> Option<BTreeSet<(i64, i64)>> {
        let place = |choice: &Choice| Some((catalog.object_type(&choice.object_type)?.id, choice.id));
        (!self.overwrite_all).then(|| self.overwrite.iter().filter_map(place).collect())
    }

    /// The ids that were chosen as whole records, of this type; there are at most [`MAX_CHOICES`].
    pub(super) fn whole_records(&self, object_type: &ObjectType) -> BTreeSet<i64> {
        let whole = |choice: &&Choice| choice.field.is_none() && choice.object_type == object_type.name;
        self.overwrite.iter().filter(whole).map(|choice| choice.id).collect()
    }

    /// Whether it is to be overwritten if it stands as at this version still.
    fn names(&self, object_type: &ObjectType, id: i64, field: Option<&str>, last: Option<i64>) -> bool {
        let is_meant = |choice: &&Choice| {
            choice.object_type == object_type.name && choice.id == id && choice.field.as_deref() == field
        };
        if self.overwrite_all {
            return !self.keep.iter().any(|choice| is_meant(&choice));
        }
        let is_as_shown = |choice: &Choice| choice.version.is_none_or(|shown| last.is_none_or(|last| last <= shown));
        self.overwrite.iter().find(is_meant).is_some_and(is_as_shown)
    }

    /// Of the changes of a batch, record and field of those that go back although they were changed since.
    pub(super) fn fields(
        &self,
        tx: &mut Tx,
        operation_id: i64,
        object_type: &ObjectType,
        changes: &BTreeMap<i64, Vec<FieldChange>>,
        records: &BTreeMap<i64, Record>,
    ) -> Result<BTreeSet<(i64, i64)>> {
        let mut asked: BTreeSet<(i64, i64)> = BTreeSet::new();
        if self.is_empty() {
            return Ok(asked);
        }
        for (id, fields) in changes {
            let Some(record) = records.get(id) else { continue };
            for (field_id, old, new) in fields {
                let field = object_type.field_by_id(*field_id).filter(|field| !field.is_read_only);
                if field.is_some_and(|field| is_changed_since(record.value(&field.name), old, new)) {
                    asked.insert((*id, *field_id));
                }
            }
        }
        let ids: Vec<i64> = asked.iter().map(|(id, _)| *id).collect();
        let last = last_changes(tx, operation_id, object_type.id, &ids)?;
        asked.retain(|place| {
            let name = object_type.field_by_id(place.1).map(|field| field.name.as_str());
            name.is_some() && self.names(object_type, place.0, name, last.get(place).and_then(|change| change.version))
        });
        Ok(asked)
    }

    /// Of records that the operation made and that were changed since, those that go to the trash all the same.
    pub(super) fn records(
        &self,
        tx: &mut Tx,
        operation_id: i64,
        object_type: &ObjectType,
        touched: &BTreeSet<i64>,
    ) -> Result<BTreeSet<i64>> {
        if self.is_empty() {
            return Ok(BTreeSet::new());
        }
        let ids: Vec<i64> = touched.iter().copied().collect();
        let last = touches(tx, operation_id, object_type.id, &ids)?;
        let is_chosen = |id: &i64| self.names(object_type, *id, None, last.get(id).and_then(|change| change.version));
        Ok(touched.iter().copied().filter(is_chosen).collect())
    }
}
