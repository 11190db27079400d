//! What becomes of the values when several records become one: pure, so that the preview and the merge cannot differ.
//!
//! What must stay true: nothing is lost silently. A value of the survivor stands unless another was chosen, what it lacks comes from the
//! others in their order, and many-valued fields hold the entries of all.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::catalog::{Field, ObjectType};
use crate::error::{EngineError, FieldError, Result};
use crate::record::Record;

/// What is known of the records beside their values.
pub(super) struct Circumstances<'a> {
    /// Whose value stands, by field.
    pub choices: &'a BTreeMap<String, i64>,
    /// Fields of trees with records that may not stand above the merged one, because they stand below it.
    pub blocked: BTreeSet<(String, i64)>,
}

/// What becomes of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldPlan {
    /// Name of the field.
    pub field: String,
    /// The value of the merged record, in stored form.
    pub value: Json,
    /// The record whose value it is; `None` for an empty or a united one.
    pub from: Option<i64>,
    /// Whether entries of several records were put together.
    pub is_united: bool,
    /// Whether the records say different things, of which one stands.
    pub is_conflict: bool,
}

/// Plans the fields that `is_open` lets through, the survivor being the first record.
///
/// # Errors
/// `Invalid` for a choice that names no such field or record, or one that would put the record above itself.
pub(super) fn plan(
    object_type: &ObjectType,
    is_open: &dyn Fn(&Field) -> bool,
    records: &[Record],
    circumstances: &Circumstances<'_>,
) -> Result<Vec<FieldPlan>> {
    let group: BTreeSet<i64> = records.iter().map(|record| record.id).collect();
    check_choices(object_type, is_open, &group, circumstances)?;
    let fields = object_type.value_fields().filter(|field| !field.is_read_only && is_open(field));
    Ok(fields.map(|field| plan_field(object_type, field, records, &group, circumstances)).collect())
}

fn check_choices(
    object_type: &ObjectType,
    is_open: &dyn Fn(&Field) -> bool,
    group: &BTreeSet<i64>,
    circumstances: &Circumstances<'_>,
) -> Result<()> {
    let mut errors = Vec::new();
    for (name, id) in circumstances.choices {
        let field = object_type.field(name).filter(|field| is_open(field));
        let code = match field {
            None => "unknown_field",
            Some(field) if field.is_system || field.is_read_only => "read_only",
            Some(_) if !group.contains(id) => "unknown_record",
            Some(_) => continue,
        };
        errors.push(FieldError::new(name, code).with("id", *id).below("choices"));
    }
    if errors.is_empty() { Ok(()) } else { Err(EngineError::Invalid(errors)) }
}

fn plan_field(
    object_type: &ObjectType,
    field: &Field,
    records: &[Record],
    group: &BTreeSet<i64>,
    circumstances: &Circumstances<'_>,
) -> FieldPlan {
    let is_blocked = |id: i64| circumstances.blocked.contains(&(field.name.clone(), id));
    let candidates: Vec<(i64, Json)> = records
        .iter()
        .map(|record| (record.id, without_group(object_type, field, record.value(&field.name), group, &is_blocked)))
        .collect();
    let made = |value: Json, from: Option<i64>, is_united: bool, is_conflict: bool| FieldPlan {
        field: field.name.clone(),
        value,
        from,
        is_united,
        is_conflict,
    };
    let filled: Vec<&(i64, Json)> = candidates.iter().filter(|(_, value)| !value.is_null()).collect();
    let chosen = circumstances.choices.get(&field.name);
    let is_many = field.behaviour().child_table().is_some();
    let is_conflict = !is_many && filled.windows(2).any(|pair| matches!(pair, [one, two] if one.1 != two.1));
    if let Some((id, value)) = chosen.and_then(|chosen| candidates.iter().find(|(id, _)| id == chosen)) {
        return made(value.clone(), Some(*id).filter(|_| !value.is_null()), false, is_conflict);
    }
    let Some((first, value)) = filled.first() else { return made(Json::Null, None, false, false) };
    if !is_many {
        return made(value.clone(), Some(*first), false, is_conflict);
    }
    let united = united(field, filled.iter().map(|(_, value)| value));
    let is_united = united != *value;
    made(united, Some(*first).filter(|_| !is_united), is_united, false)
}

/// A value without pointers into the group: the merged record is all of them. A circle in a tree is left out the same way.
fn without_group(
    object_type: &ObjectType,
    field: &Field,
    value: &Json,
    group: &BTreeSet<i64>,
    is_blocked: &dyn Fn(i64) -> bool,
) -> Json {
    if field.kind.reference_target().is_none_or(|settings| settings.target != object_type.name) {
        return value.clone();
    }
    let is_inside = |id: &Json| id.as_i64().is_some_and(|id| group.contains(&id) || is_blocked(id));
    match value {
        Json::Array(ids) => {
            let kept: Vec<Json> = ids.iter().filter(|id| !is_inside(id)).cloned().collect();
            if kept.is_empty() { Json::Null } else { Json::Array(kept) }
        }
        id if is_inside(id) => Json::Null,
        other => other.clone(),
    }
}

/// The entries of several values without repeats. The first value wins: a later one completes what an entry of it leaves open.
fn united<'a>(field: &Field, values: impl Iterator<Item = &'a Json>) -> Json {
    let mut entries: Vec<(String, Json)> = Vec::new();
    for (place, value) in values.enumerate() {
        for entry in value.as_array().into_iter().flatten() {
            let key = field.behaviour().entry_key(entry);
            match entries.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => complete(known, entry),
                None => {
                    let mut entry = entry.clone();
                    if let Some(object) =
                        entry.as_object_mut().filter(|object| place > 0 && object.contains_key("is_primary"))
                    {
                        object.insert("is_primary".into(), Json::Bool(false));
                    }
                    entries.push((key, entry));
                }
            }
        }
    }
    Json::Array(entries.into_iter().map(|(_, entry)| entry).collect())
}

fn complete(known: &mut Json, other: &Json) {
    let (Some(known), Some(other)) = (known.as_object_mut(), other.as_object()) else { return };
    for (part, value) in other {
        let slot = known.entry(part.clone()).or_insert(Json::Null);
        if slot.is_null() {
            *slot = value.clone();
        }
    }
}

/// A many-valued field as it would stand had a change from `old` to `new` not happened: entries that came with it go, those that went with
/// it come back, and what others did to `current` since stays.
pub(crate) fn taken_back(field: &Field, current: &Json, old: &Json, new: &Json) -> Json {
    let entries = |value: &Json| value.as_array().cloned().unwrap_or_default();
    let keys = |value: &Json| -> BTreeSet<String> {
        entries(value).iter().map(|entry| field.behaviour().entry_key(entry)).collect()
    };
    let (in_old, in_new, in_current) = (keys(old), keys(new), keys(current));
    let key = |entry: &Json| field.behaviour().entry_key(entry);
    let came = |entry: &Json| in_new.contains(&key(entry)) && !in_old.contains(&key(entry));
    let went = |entry: &Json| !in_new.contains(&key(entry)) && !in_current.contains(&key(entry));
    let mut kept: Vec<Json> = entries(current).into_iter().filter(|entry| !came(entry)).collect();
    kept.extend(entries(old).into_iter().filter(|entry| went(entry)));
    if kept.is_empty() { Json::Null } else { Json::Array(kept) }
}
