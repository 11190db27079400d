//! One record on its way through the write path.

use serde_json::Value as Json;

use super::{Change, Outcome, Proposal, Rights, Writer};
use crate::access::compile;
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::record::{Record, TypedRecord, Values};

/// What is done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// It is made.
    Create,
    /// Fields change.
    Update,
    /// It goes to the trash.
    Delete,
    /// It comes back from the trash.
    Restore,
}

/// A record between input and storage.
pub(super) struct Draft {
    pub intent: Intent,
    /// Known from the start, except for new records, which get it when they are stored.
    pub id: Option<i64>,
    pub base_version: Option<i64>,
    /// The input, normalised.
    pub input: Values,
    pub before: Option<Record>,
    /// All values as they will stand.
    pub after: Values,
    pub is_unchanged: bool,
    error: Option<EngineError>,
}

impl Draft {
    pub fn new(change: Change) -> Draft {
        let (intent, id, base_version, input) = match change {
            Change::Create { values } => (Intent::Create, None, None, values),
            Change::Update { id, base_version, values } => (Intent::Update, Some(id), base_version, values),
            Change::Delete { id } => (Intent::Delete, Some(id), None, Values::new()),
            Change::Restore { id } => (Intent::Restore, Some(id), None, Values::new()),
        };
        Draft { intent, id, base_version, input, before: None, after: Values::new(), is_unchanged: false, error: None }
    }

    /// Still on its way.
    pub fn is_open(&self) -> bool {
        self.error.is_none()
    }

    /// Passed all checks and has something to write.
    pub fn is_written(&self) -> bool {
        self.error.is_none() && !self.is_unchanged
    }

    /// Worth further checks: sound so far, or with field errors only, so that a form hears of everything at once.
    pub fn is_checkable(&self) -> bool {
        matches!(self.error, None | Some(EngineError::Invalid(_))) && !self.is_unchanged
    }

    pub fn fail(&mut self, error: EngineError) {
        // Field errors of several checks come together, so that a form shows them all.
        match (&mut self.error, error) {
            (Some(EngineError::Invalid(known)), EngineError::Invalid(more)) => known.extend(more),
            (slot @ None, error) => *slot = Some(error),
            (Some(_), _) => {}
        }
    }

    pub fn into_result(self) -> Result<Outcome> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let id = self.id.unwrap_or_default();
        if self.is_unchanged {
            return Ok(Outcome::Unchanged(id));
        }
        Ok(match self.intent {
            Intent::Create => Outcome::Created(id),
            Intent::Update => Outcome::Updated(id),
            Intent::Delete => Outcome::Deleted(id),
            Intent::Restore => Outcome::Restored(id),
        })
    }

    /// The draft as the rules of a module see it.
    pub fn proposal(&self) -> Proposal<'_> {
        Proposal { intent: self.intent, id: self.id, before: self.before.as_ref(), after: &self.after }
    }

    pub fn refuse_and_normalise(&mut self, writer: Writer<'_>, object_type: &ObjectType, rights: &Rights) {
        let mut errors = Vec::new();
        let mut normalised = Values::new();
        for (name, value) in std::mem::take(&mut self.input) {
            let field = object_type.field(&name).filter(|field| rights.is_trusted || rights.see.shows(field));
            match field {
                None => errors.push(FieldError::new(&name, "unknown_field")),
                Some(field) if field.is_system || (!rights.is_trusted && is_read_only(field, rights)) => {
                    errors.push(FieldError::new(&name, "read_only"));
                }
                Some(field) => match field.behaviour().normalise(field, &value, writer.normalise) {
                    Ok(value) => {
                        normalised.insert(name, value);
                    }
                    Err(more) => errors.extend(more),
                },
            }
        }
        self.input = normalised;
        if !errors.is_empty() {
            self.fail(EngineError::Invalid(errors));
        }
    }

    pub fn fill_defaults(&mut self, writer: Writer<'_>, context: &RequestContext, object_type: &ObjectType) -> Result<()> {
        let mut values: Values = std::mem::take(&mut self.input).into_iter().filter(|(_, value)| !value.is_null()).collect();
        for field in object_type.value_fields() {
            if let Some(default) = field.default.as_ref().filter(|_| !values.contains_key(&field.name)) {
                let value = field.behaviour().normalise(field, default, writer.normalise).map_err(EngineError::Invalid)?;
                values.insert(field.name.clone(), value);
            }
        }
        object_type.rules().defaults(context, &mut values);
        self.after = values;
        Ok(())
    }

    pub fn merge_into_current(&mut self) {
        if let Some(before) = &self.before {
            self.after.clone_from(&before.values);
        }
        for (name, value) in std::mem::take(&mut self.input) {
            if value.is_null() {
                self.after.remove(&name);
            } else {
                self.after.insert(name, value);
            }
        }
    }

    /// Module rules and required fields.
    pub fn finish(&mut self, object_type: &ObjectType) -> Result<()> {
        let before = self.before.as_ref().map(|record| &record.values);
        let mut errors = object_type.rules().apply(before, &mut self.after);
        self.after.retain(|_, value| !value.is_null());
        self.is_unchanged = before.is_some_and(|before| before == &self.after);
        for field in object_type.value_fields() {
            let is_touched = before.is_none_or(|before| before.get(&field.name) != self.after.get(&field.name) || before.get("kind") != self.after.get("kind"));
            if is_touched && !self.after.contains_key(&field.name) && self.is_required(object_type, field)? {
                errors.push(FieldError::new(&field.name, "required"));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(EngineError::Invalid(errors)) }
    }

    fn is_required(&self, object_type: &ObjectType, field: &Field) -> Result<bool> {
        if field.is_retired || field.is_read_only {
            return Ok(false);
        }
        match &field.required_if {
            _ if field.is_required => Ok(true),
            None => Ok(false),
            Some(condition) => {
                // The clock matters to no condition on a record's own fields; the program's own stands in.
                let context = RequestContext::system(&crate::Clock::fixed(0));
                let condition = compile(condition, object_type, &context)?;
                let record = Record {
                    id: 0,
                    version: 0,
                    created_at: 0,
                    created_by: None,
                    created_operation: 0,
                    updated_at: 0,
                    updated_by: None,
                    deleted_at: None,
                    values: self.after.clone(),
                };
                Ok(filter_language::matches(&condition, &TypedRecord { object_type, record: &record }))
            }
        }
    }

    /// The fields whose values change, with old and new.
    pub fn changed<'a>(&'a self, object_type: &'a ObjectType) -> impl Iterator<Item = (&'a Field, &'a Json, &'a Json)> {
        let null = &Json::Null;
        object_type.value_fields().filter_map(move |field| {
            let old = self.before.as_ref().and_then(|record| record.values.get(&field.name)).unwrap_or(null);
            let new = self.after.get(&field.name).unwrap_or(null);
            (old != new).then_some((field, old, new))
        })
    }
}

fn is_read_only(field: &Field, rights: &Rights) -> bool {
    field.is_read_only || rights.read_only_fields.contains(&field.name.as_str())
}
