//! One record on its way through the write path.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use database::Value;
use filter_language::{FieldPath, FieldValue};
use serde_json::Value as Json;

use super::rules::Occasion;
use super::{Change, Outcome, Proposal, Rights, Writer, agreement};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::FieldKind;
use crate::record::{Record, Values};
use crate::search_text;

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

/// Which rules are not in the way of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leniency {
    /// All hold.
    Strict,
    /// The trash and retired options may be written: what the program itself does, and what an undo brings back.
    Lenient,
    /// Nor is anything required: what is erased is gone, whatever the form asks for.
    Erasing,
}

/// A record between input and storage. Cheap to clone: a transaction that is tried again starts from the same drafts.
#[derive(Clone)]
pub(super) struct Draft {
    pub intent: Intent,
    /// Known from the start, except for new records, which get it when they are stored.
    pub id: Option<i64>,
    pub base_version: Option<i64>,
    /// Of one that is merged away: the record that takes its place.
    pub merged_into: Option<i64>,
    /// The input, normalised.
    pub input: Values,
    pub before: Option<Record>,
    /// All values as they will stand.
    pub after: Arc<Values>,
    /// What a new record is stored as, made before its transaction begins.
    pub encoded: Option<Arc<Encoded>>,
    pub is_unchanged: bool,
    /// What was worked out before the transaction began.
    pub ahead: Option<Ahead>,
    error: Option<EngineError>,
}

/// What needs no more than the record as it stood: it counts as long as the record still stands so.
#[derive(Clone)]
pub(super) struct Ahead {
    /// What [`Draft::finish`] said; told once the rights have been asked.
    finished: Result<()>,
    /// The search text as it will be, if it may be another.
    search_text: Option<String>,
}

impl Draft {
    pub fn new(change: Change) -> Draft {
        let merged_into = if let Change::MergeAway { into, .. } = &change { Some(*into) } else { None };
        let (intent, id, base_version, input) = match change {
            Change::Create { values } => (Intent::Create, None, None, values),
            Change::Update { id, base_version, values } => (Intent::Update, Some(id), base_version, values),
            Change::Delete { id, base_version } => (Intent::Delete, Some(id), base_version, Values::new()),
            Change::MergeAway { id, .. } => (Intent::Delete, Some(id), None, Values::new()),
            Change::Restore { id } => (Intent::Restore, Some(id), None, Values::new()),
        };
        Draft {
            intent,
            id,
            base_version,
            merged_into,
            input,
            before: None,
            after: Arc::default(),
            encoded: None,
            is_unchanged: false,
            ahead: None,
            error: None,
        }
    }

    /// What is wrong with it.
    pub fn error(&self) -> Option<&EngineError> {
        self.error.as_ref()
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
    pub fn proposal(&self, is_trusted: bool) -> Proposal<'_> {
        Proposal { intent: self.intent, id: self.id, before: self.before.as_ref(), after: &self.after, is_trusted }
    }

    pub fn refuse_and_normalise(&mut self, writer: Writer<'_>, object_type: &ObjectType, rights: &Rights) {
        let mut errors = Vec::new();
        let mut normalised = Values::new();
        for (name, mut value) in std::mem::take(&mut self.input) {
            remove_nul(&mut value);
            // What comes back by an undo is derived: it asks for no right.
            let is_own = |field: &Field| rights.is_trusted || (writer.is_undo && object_type.comes_back(field));
            let field = object_type.field(&name).filter(|field| is_own(field) || rights.see.shows(field));
            match field {
                None => errors.push(FieldError::new(&name, "unknown_field")),
                Some(field) if field.is_system || (!is_own(field) && is_read_only(field, rights)) => {
                    errors.push(FieldError::new(&name, "read_only"));
                }
                Some(field) => match field.behaviour().normalise(field, &value, writer.normalise) {
                    // An empty tick box that was said to be empty gets no default.
                    Ok(Json::Null) if self.intent == Intent::Create && value == Json::Bool(false) => {
                        normalised.insert(name, value);
                    }
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

    /// A new record from its input to what is stored.
    pub fn make_new(
        &mut self,
        writer: Writer<'_>,
        context: &RequestContext,
        object_type: &ObjectType,
        rights: &Rights,
    ) -> Result<()> {
        self.fill_defaults(writer, context, object_type)?;
        let finished = self.finish(object_type, context, rights.leniency);
        rights.check_result(object_type, self)?;
        finished?;
        self.encoded = Some(Arc::new(Encoded::of(object_type, &self.after)));
        Ok(())
    }

    fn fill_defaults(&mut self, writer: Writer<'_>, context: &RequestContext, object_type: &ObjectType) -> Result<()> {
        let mut values: Values =
            std::mem::take(&mut self.input).into_iter().filter(|(_, value)| !value.is_null()).collect();
        for field in object_type.value_fields() {
            let default = field.default.as_ref().filter(|_| !values.contains_key(&field.name));
            if let Some(default) = default.and_then(|value| offered_default(field, value, context)) {
                let value =
                    field.behaviour().normalise(field, &default, writer.normalise).map_err(EngineError::Invalid)?;
                values.insert(field.name.clone(), value);
            }
        }
        values.retain(|_, value| *value != Json::Bool(false));
        object_type.rules().defaults(context, &mut values);
        object_type.rules().settle(writer.normalise, &mut values);
        self.after = Arc::new(values);
        Ok(())
    }

    /// Does for a change of `record` what needs no transaction.
    pub fn look_ahead(
        &mut self,
        object_type: &ObjectType,
        context: &RequestContext,
        record: Record,
        leniency: Leniency,
    ) {
        self.before = Some(record);
        self.merge_into_current();
        let finished = self.finish(object_type, context, leniency);
        let is_searched = self.changed(object_type).iter().any(|(field, ..)| field.is_searched);
        let search_text = is_searched.then(|| search_text::search_text(object_type, &self.after));
        self.ahead = Some(Ahead { finished, search_text });
    }

    /// The values as they will stand, checked as far as one record tells.
    pub fn work_out(&mut self, object_type: &ObjectType, context: &RequestContext, leniency: Leniency) -> Result<()> {
        match &self.ahead {
            Some(ahead) => ahead.finished.clone(),
            None => {
                self.merge_into_current();
                self.finish(object_type, context, leniency)
            }
        }
    }

    /// The search text as it will be.
    pub fn search_text(&self, object_type: &ObjectType) -> String {
        let known = self.ahead.as_ref().and_then(|ahead| ahead.search_text.clone());
        known.unwrap_or_else(|| search_text::search_text(object_type, &self.after))
    }

    fn merge_into_current(&mut self) {
        let mut after = self.before.as_ref().map(|before| before.values.clone()).unwrap_or_default();
        for (name, value) in std::mem::take(&mut self.input) {
            if value.is_null() {
                after.remove(&name);
            } else {
                after.insert(name, value);
            }
        }
        self.after = Arc::new(after);
    }

    /// Module rules, required fields, options that nobody may choose any more. Undo may bring those back.
    fn finish(&mut self, object_type: &ObjectType, context: &RequestContext, leniency: Leniency) -> Result<()> {
        let occasion = Occasion { is_strict: leniency == Leniency::Strict, ..Occasion::of(object_type, context) };
        let before = self.before.as_ref().map(|record| &record.values);
        let after = Arc::make_mut(&mut self.after);
        let mut errors = agreement::follow(object_type, before, after, leniency == Leniency::Strict);
        errors.extend(object_type.rules().apply(occasion, before, after));
        after.retain(|_, value| !value.is_null());
        self.is_unchanged = before.is_some_and(|before| before == after);
        let is_changed = |field: &str| before.is_none_or(|before| before.get(field) != after.get(field));
        errors.extend(agreement::whole(object_type, before, after));
        for requirement in
            object_type.requirements().iter().filter(|requirement| !after.contains_key(&requirement.field))
        {
            // An old record that never had the value does not stop the change of another field.
            let mut asked = requirement.condition.expr().conditions().into_iter();
            let is_touched =
                is_changed(&requirement.field) || asked.any(|condition| is_changed(&condition.field.field));
            let value_of = |path: &FieldPath| {
                let field = object_type.field(&path.field);
                let value = after.get(&path.field).unwrap_or(&Json::Null);
                field.map_or(FieldValue::Empty, |field| {
                    field.behaviour().filter_value(field, value, path.part.as_deref())
                })
            };
            let is_asked = is_touched && leniency != Leniency::Erasing;
            if is_asked && filter_language::matches(&requirement.condition, &value_of) {
                errors.push(FieldError::new(&requirement.field, "required"));
            }
        }
        if leniency == Leniency::Strict {
            errors.extend(
                self.changed(object_type).into_iter().filter_map(|(field, old, new)| retired_option(field, old, new)),
            );
            if self.before.is_none() {
                let values = object_type
                    .value_fields()
                    .filter_map(|field| self.after.get(&field.name).map(|value| (field, value)));
                errors.extend(values.filter_map(|(field, value)| option_of_others(field, value, context)));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(EngineError::Invalid(errors)) }
    }

    /// The fields whose values change, with old and new, in the order of the catalog.
    pub fn changed<'a>(&'a self, object_type: &'a ObjectType) -> Vec<(&'a Field, &'a Json, &'a Json)> {
        let null = &Json::Null;
        let mut old = self.before.iter().flat_map(|record| &record.values).peekable();
        let mut new = self.after.iter().peekable();
        let mut changed = Vec::new();
        // Both are in the order of the names, so one pass tells: most of the fields of a record do not change.
        loop {
            let order = match (old.peek(), new.peek()) {
                (Some((old, _)), Some((new, _))) => old.cmp(new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let was = if order.is_le() { old.next() } else { None };
            let is = if order.is_ge() { new.next() } else { None };
            let Some(name) = was.or(is).map(|(name, _)| name) else { break };
            let (was, is) = (was.map_or(null, |(_, value)| value), is.map_or(null, |(_, value)| value));
            if was != is {
                changed.extend(object_type.place_and_field(name).map(|(place, field)| (place, field, was, is)));
            }
        }
        changed.sort_unstable_by_key(|(place, ..)| *place);
        changed
            .into_iter()
            .filter(|(_, field, ..)| !field.is_system)
            .map(|(_, field, was, is)| (field, was, is))
            .collect()
    }
}

/// A new record as the database takes it: only the fields that have a value, by their place in the catalog.
#[derive(Clone)]
pub(super) struct Encoded {
    /// Values of the columns of a field.
    pub columns: BTreeMap<usize, Vec<Value>>,
    /// Rows of the child table of a field.
    pub children: BTreeMap<usize, Vec<Vec<Value>>>,
    pub search_text: String,
}

impl Encoded {
    pub fn of(object_type: &ObjectType, values: &Values) -> Encoded {
        let mut encoded = Encoded {
            columns: BTreeMap::new(),
            children: BTreeMap::new(),
            search_text: search_text::search_text(object_type, values),
        };
        for (place, field) in object_type.fields.iter().enumerate() {
            if let Some(value) = values.get(&field.name) {
                encoded.set(place, field, value);
            }
        }
        encoded
    }

    pub fn set(&mut self, place: usize, field: &Field, value: &Json) {
        if field.behaviour().child_table().is_some() {
            self.children.insert(place, field.behaviour().encode_children(field, value, true));
        } else {
            let mut columns = Vec::new();
            field.behaviour().encode(field, value, &mut columns);
            self.columns.insert(place, columns);
        }
    }
}

/// PostgreSQL stores no U+0000, which no person types either.
fn remove_nul(value: &mut Json) {
    match value {
        Json::String(text) if text.contains('\0') => text.retain(|c| c != '\0'),
        Json::Array(entries) => entries.iter_mut().for_each(remove_nul),
        Json::Object(members) => members.values_mut().for_each(remove_nul),
        _ => {}
    }
}

/// Whether a new record may have the default: a retired field gets no values any more, and an option may have been retired since.
fn is_usable(field: &Field, default: &Json) -> bool {
    !field.is_retired && retired_option(field, &Json::Null, default).is_none()
}

/// The default of a new record; another option where that one is not offered to whoever makes it.
fn offered_default(field: &Field, default: &Json, context: &RequestContext) -> Option<Json> {
    if option_of_others(field, default, context).is_none() {
        return is_usable(field, default).then(|| default.clone());
    }
    let mut options = field.kind.options()?.iter();
    options
        .find(|option| !option.is_retired && context.access.is_offered(option))
        .map(|option| Json::from(option.key.as_str()))
}

/// An option that other teams are offered, and not whoever makes the record.
fn option_of_others(field: &Field, value: &Json, context: &RequestContext) -> Option<FieldError> {
    let FieldKind::Choice(settings) = &field.kind else { return None };
    let option = settings.option(value.as_str()?).filter(|option| !option.is_retired)?;
    let is_offered = context.access.is_offered(option);
    (!is_offered).then(|| FieldError::new(&field.name, "option_of_others").with("value", option.key.as_str()))
}

/// A retired option that a value names and did not name before.
fn retired_option(field: &Field, old: &Json, new: &Json) -> Option<FieldError> {
    let names = |value: &Json, key: &str| match value {
        Json::Array(keys) => keys.iter().any(|other| other == key),
        other => other == key,
    };
    let mut retired = field.kind.options()?.iter().filter(|option| option.is_retired);
    let chosen = retired.find(|option| names(new, &option.key) && !names(old, &option.key))?;
    Some(FieldError::new(&field.name, "retired_option").with("value", chosen.key.as_str()))
}

fn is_read_only(field: &Field, rights: &Rights) -> bool {
    field.is_read_only || !rights.permissions.writes(&field.name)
}
