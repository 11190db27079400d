//! Loading the catalog and changing it: standard types come from the modules, ids and everything an administrator set from the database.

use std::collections::{HashMap, HashSet};
use std::mem::discriminant;
use std::sync::Arc;

use database::{Query, Row, Tx, Value};
use filter_language::{check, parse};
use serde_json::{Value as Json, json};

use super::definition::labels;
use super::layout::{self, Layout};
use super::options::{check_traits, checked_options, keep_options};
use super::{Catalog, Field, FieldDefinition, Labels, ObjectType, ObjectTypeDefinition, USER_TYPE};
use crate::access::compile;
use crate::context::RequestContext;
use crate::currency;
use crate::engine::Snapshot;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::{FieldKind, NumberSettings, ReferenceSettings};
use crate::outbox;
use crate::schema_sync;

/// Most fields that administrators may add to one type: both databases have room for them with their key columns.
pub const MAX_CUSTOM_FIELDS: usize = 600;
/// Longest label, in characters.
const MAX_LABEL_LENGTH: usize = 120;
/// Most options of a list.
pub(super) const MAX_OPTIONS: usize = 1_000;

/// Loads the catalog and registers standard types and fields that are new in this version of the program.
///
/// # Errors
/// Those of the database; `Stored` when a stored field cannot be read.
pub fn load(tx: &mut Tx, definitions: &[Arc<ObjectTypeDefinition>]) -> Result<Catalog> {
    // Read first: what somebody changes meanwhile is then read again, and not taken for known.
    let version = version(tx)?;
    let mut object_types = Vec::with_capacity(definitions.len());
    for definition in definitions {
        let (type_id, layout) = stored_type(tx, definition.name)?;
        let mut stored = stored_fields(tx, type_id)?;
        for field in &definition.fields {
            if !stored.contains_key(field.name) {
                let id = first_id(tx, "catalog_fields")?;
                tx.execute(
                    "INSERT INTO catalog_fields (id, object_type_id, name, is_custom) VALUES (?, ?, ?, 0)",
                    &[id.into(), type_id.into(), field.name.into()],
                )?;
                stored.insert(field.name.into(), StoredField { id, ..StoredField::default() });
            }
        }
        let mut fields = system_fields();
        for definition in &definition.fields {
            if let Some(stored) = stored.remove(definition.name) {
                fields.push(standard_field(definition, stored));
            }
        }
        let mut custom: Vec<(String, StoredField)> = stored.into_iter().filter(|(_, field)| field.is_custom).collect();
        custom.sort_by_key(|(_, field)| field.id);
        for (name, field) in custom {
            fields.push(custom_field(name, field)?);
        }
        object_types.push(Arc::new(ObjectType::new(type_id, definition.clone(), fields, &layout)?));
    }
    Ok(Catalog { version, object_types })
}

/// The version of the stored catalog.
///
/// # Errors
/// Those of the database.
pub fn version(tx: &mut dyn Query) -> Result<i64> {
    Ok(tx.query_one("SELECT version FROM catalog_versions WHERE id = 1", &[])?.integer(0)?)
}

/// Keeps others who change the catalog waiting until this transaction ends, so that nobody's change counts as another's.
///
/// # Errors
/// Those of the database.
pub(crate) fn lock(tx: &mut Tx) -> Result<()> {
    tx.execute("UPDATE catalog_versions SET version = version WHERE id = 1", &[])?;
    Ok(())
}

/// The kind `was`, as stored, with the options of the kind `stands` that it lacks as retired ones.
///
/// # Errors
/// `Stored` when one of them cannot be read.
pub(crate) fn kind_with_options(stands: &str, was: &str) -> Result<String> {
    let read =
        |text: &str| serde_json::from_str::<FieldKind>(text).map_err(|error| EngineError::Stored(error.to_string()));
    let kept = keep_options(&read(stands)?, read(was)?);
    serde_json::to_string(&kept).map_err(|error| EngineError::Stored(error.to_string()))
}

/// Tells all processes that the stored catalog, or what it says of sets, has changed.
///
/// # Errors
/// Those of the database.
pub(crate) fn announce(tx: &mut Tx, context: &RequestContext) -> Result<()> {
    raise_version(tx)?;
    let version = version(tx)?;
    outbox::emit(tx, context, None, "catalog", &json!({ "version": version }))
}

fn raise_version(tx: &mut Tx) -> Result<()> {
    tx.execute("UPDATE catalog_versions SET version = version + 1 WHERE id = 1", &[])?;
    Ok(())
}

fn first_id(tx: &mut Tx, sequence: &str) -> Result<i64> {
    tx.allocate_ids(sequence, 1)?
        .first()
        .copied()
        .ok_or_else(|| EngineError::Stored(format!("sequence {sequence} gave no id")))
}

fn stored_type(tx: &mut Tx, name: &str) -> Result<(i64, Layout)> {
    let sql = "SELECT id, layout FROM catalog_object_types WHERE name = ?";
    if let Some(row) = tx.query_optional(sql, &[name.into()])? {
        return Ok((row.integer(0)?, read_json(row.optional_text(1)?)?.unwrap_or_default()));
    }
    let id = first_id(tx, "catalog_object_types")?;
    tx.execute("INSERT INTO catalog_object_types (id, name) VALUES (?, ?)", &[id.into(), name.into()])?;
    Ok((id, Layout::default()))
}

#[derive(Default)]
struct StoredField {
    id: i64,
    is_custom: bool,
    labels: Option<Labels>,
    kind: Option<FieldKind>,
    group: Option<String>,
    is_required: Option<bool>,
    is_retired: bool,
    is_indexed: bool,
    default: Option<Json>,
    shown_if: Option<String>,
    required_if: Option<String>,
    hint: Option<Labels>,
}

fn stored_fields(tx: &mut Tx, type_id: i64) -> Result<HashMap<String, StoredField>> {
    let rows = tx.query(
        "SELECT name, id, is_custom, labels, kind, field_group, is_required, is_retired, is_indexed, \
         default_value, shown_if, required_if, hint FROM catalog_fields WHERE object_type_id = ?",
        &[type_id.into()],
    )?;
    rows.into_iter().map(|row| stored_field(&row)).collect()
}

fn read_json<T: serde::de::DeserializeOwned>(text: Option<String>) -> Result<Option<T>> {
    text.map(|text| serde_json::from_str(&text).map_err(|error| EngineError::Stored(error.to_string()))).transpose()
}

fn stored_field(row: &Row) -> Result<(String, StoredField)> {
    let field = StoredField {
        id: row.integer(1)?,
        is_custom: row.boolean(2)?,
        labels: read_json(row.optional_text(3)?)?,
        kind: read_json(row.optional_text(4)?)?,
        group: row.optional_text(5)?,
        is_required: row.optional_integer(6)?.map(|flag| flag == 1),
        is_retired: row.boolean(7)?,
        is_indexed: row.boolean(8)?,
        default: read_json(row.optional_text(9)?)?,
        shown_if: row.optional_text(10)?,
        required_if: row.optional_text(11)?,
        hint: read_json(row.optional_text(12)?)?,
    };
    Ok((row.text(0)?, field))
}

fn system_fields() -> Vec<Field> {
    let field = |id: i64, name: &str, texts: [&str; 3], kind: FieldKind| Field {
        id,
        name: name.into(),
        column: name.into(),
        labels: labels(texts),
        kind,
        group: "system".into(),
        is_custom: false,
        is_system: true,
        is_read_only: true,
        is_required: false,
        is_retired: false,
        is_indexed: true,
        is_searched: false,
        shown_if: None,
        required_if: None,
        overdue_if: None,
        timeline: None,
        rolls_up: false,
        default: None,
        hint: Labels::new(),
    };
    let user = || FieldKind::Reference(ReferenceSettings::to(USER_TYPE));
    // Negative ids: they never appear in history and cannot meet those of the sequence.
    vec![
        field(-1, "id", ["ID", "ID", "ID"], FieldKind::Number(NumberSettings::default())),
        field(-2, "created_at", ["Created", "Создан", "Створено"], FieldKind::DateTime),
        Field {
            is_indexed: false, ..field(-3, "created_by", ["Created by", "Кто создал", "Хто створив"], user())
        },
        field(-4, "updated_at", ["Changed", "Изменён", "Змінено"], FieldKind::DateTime),
        Field {
            is_indexed: false, ..field(-5, "updated_by", ["Changed by", "Кто изменил", "Хто змінив"], user())
        },
    ]
}

fn standard_field(definition: &FieldDefinition, stored: StoredField) -> Field {
    Field {
        id: stored.id,
        name: definition.name.into(),
        column: definition.name.into(),
        labels: stored.labels.unwrap_or_else(|| labels(definition.labels)),
        kind: stored.kind.unwrap_or_else(|| definition.kind.clone()),
        group: stored.group.unwrap_or_else(|| definition.group.into()),
        is_custom: false,
        is_system: false,
        is_read_only: definition.is_read_only,
        // What the module needs cannot be waived.
        is_required: definition.is_required || stored.is_required.unwrap_or(false),
        is_retired: stored.is_retired,
        is_indexed: definition.is_indexed || stored.is_indexed || is_always_indexed(&definition.kind),
        is_searched: definition.is_searched,
        shown_if: joined(definition.shown_if, "and", stored.shown_if),
        required_if: joined(definition.required_if, "or", stored.required_if),
        overdue_if: definition.overdue_if,
        timeline: definition.timeline,
        rolls_up: definition.rolls_up,
        default: stored.default.or_else(|| definition.default.clone()),
        hint: stored.hint.unwrap_or_default(),
    }
}

/// The module's condition and that of an administrator.
fn joined(own: Option<&str>, word: &str, added: Option<String>) -> Option<String> {
    match (own, added) {
        (Some(own), Some(added)) => Some(format!("({own}) {word} ({added})")),
        (own, added) => added.or_else(|| own.map(String::from)),
    }
}

/// Who may download a file depends on the records that hold it, so these are always found by an index.
fn is_always_indexed(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::File(_))
}

fn custom_field(name: String, stored: StoredField) -> Result<Field> {
    let kind = stored.kind.ok_or_else(|| EngineError::Stored(format!("field {name} has no kind")))?;
    Ok(Field {
        id: stored.id,
        column: name.clone(),
        labels: stored.labels.unwrap_or_default(),
        group: stored.group.unwrap_or_else(|| "details".into()),
        is_custom: true,
        is_system: false,
        is_read_only: false,
        is_required: stored.is_required.unwrap_or(false),
        is_retired: stored.is_retired,
        is_indexed: stored.is_indexed || is_always_indexed(&kind),
        is_searched: matches!(kind, FieldKind::Text(_)),
        shown_if: stored.shown_if,
        required_if: stored.required_if,
        overdue_if: None,
        timeline: None,
        rolls_up: false,
        default: stored.default,
        hint: stored.hint.unwrap_or_default(),
        name,
        kind,
    })
}

/// A field to add.
pub struct NewField {
    /// Texts by language; at least one.
    pub labels: Labels,
    /// Kind with settings.
    pub kind: FieldKind,
    /// Block of the card.
    pub group: Option<String>,
    /// Must have a value.
    pub is_required: bool,
}

/// What to change on a field; `None` leaves it.
#[derive(Default)]
pub struct FieldChange {
    /// Texts by language.
    pub labels: Option<Labels>,
    /// New settings; the kind itself cannot change.
    pub kind: Option<FieldKind>,
    /// Block of the card.
    pub group: Option<String>,
    /// Must have a value.
    pub is_required: Option<bool>,
    /// Retired or back.
    pub is_retired: Option<bool>,
    /// Value of a new record; `null` for none, or the module's own.
    pub default: Option<Json>,
    /// When it shows, in the filter language; empty for always. Comes on top of what the module says.
    pub shown_if: Option<String>,
    /// When it is required; empty for never. Comes on top of what the module says.
    pub required_if: Option<String>,
    /// A word about what to enter, by language.
    pub hint: Option<Labels>,
}

/// Adds a field with its columns. Call inside a schema change; afterwards the engine reloads its catalog.
///
/// # Errors
/// `Invalid` for labels, options or a number of fields beyond the limit.
pub fn add_field(tx: &mut Tx, catalog: &Catalog, object_type: &ObjectType, new: &NewField) -> Result<String> {
    let kind = checked_kind(catalog, new.kind.clone())?;
    check_traits(object_type, &kind)?;
    check_labels(&new.labels)?;
    if object_type.fields.iter().filter(|field| field.is_custom).count() >= MAX_CUSTOM_FIELDS {
        return Err(EngineError::field(FieldError::new("kind", "too_many_fields").with("max", MAX_CUSTOM_FIELDS)));
    }
    let id = first_id(tx, "catalog_fields")?;
    let name = format!("x{id}");
    tx.execute(
        "INSERT INTO catalog_fields (id, object_type_id, name, is_custom, labels, kind, field_group, is_required) VALUES (?, ?, ?, 1, ?, ?, ?, ?)",
        &[
            id.into(),
            object_type.id.into(),
            name.as_str().into(),
            json_text(&new.labels)?,
            json_text(&kind)?,
            new.group.as_deref().unwrap_or("details").into(),
            new.is_required.into(),
        ],
    )?;
    raise_version(tx)?;
    let stored = StoredField { id, is_custom: true, kind: Some(kind), ..StoredField::default() };
    schema_sync::add_field(tx, object_type, &custom_field(name.clone(), stored)?, &HashSet::new())?;
    Ok(name)
}

/// Changes texts, settings or flags of a field. Options that disappear from a list are retired instead when records may use them.
///
/// # Errors
/// `Invalid` when the kind would change or the settings are wrong.
pub fn change_field(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &ObjectType,
    field: &Field,
    change: &FieldChange,
) -> Result<()> {
    let catalog: &Catalog = &snapshot.catalog;
    if let Some(Ok(asked)) = change.required_if.as_deref().map(parse)
        && asked.conditions().iter().any(|condition| object_type.has_sets(&condition.field.field))
    {
        // A record that is being written belongs to no group by rule yet.
        return Err(EngineError::field(FieldError::new("required_if", "filter_invalid").with("value", "groups")));
    }
    for (name, condition) in [("shown_if", &change.shown_if), ("required_if", &change.required_if)] {
        let Some(text) = condition.as_deref().filter(|text| !text.trim().is_empty()) else { continue };
        compile(text, object_type, context).map_err(|error| {
            EngineError::field(FieldError::new(name, "filter_invalid").with("value", error.to_string()))
        })?;
    }
    if change.default.as_ref().is_some_and(|value| !value.is_null()) && field.kind.reference_target().is_some() {
        // It may go to the trash, or not be seen by everyone: no record could be made any more.
        return Err(EngineError::field(FieldError::new("default", "wrong_type")));
    }
    let mut kind = None;
    if let Some(wanted) = &change.kind {
        // Not by name: to clients a computed sign is a checkbox, and it has no column of one.
        if discriminant(wanted) != discriminant(&field.kind) {
            return Err(EngineError::field(FieldError::new("kind", "kind_cannot_change")));
        }
        keep_target(&field.kind, wanted)?;
        let wanted = keep_options(&field.kind, checked_kind(catalog, wanted.clone())?);
        check_traits(object_type, &wanted)?;
        kind = Some(wanted);
    }
    let default = match &change.default {
        Some(value) => {
            // With the options as they will be.
            let changed = Field { kind: kind.clone().unwrap_or_else(|| field.kind.clone()), ..field.clone() };
            Some(changed.behaviour().normalise(&changed, value, snapshot.normalise()).map_err(at_default)?)
        }
        None => None,
    };
    if let Some(labels) = &change.labels {
        check_labels(labels)?;
    }
    let optional = |value: Option<bool>| value.map_or(Value::Null, Value::from);
    let condition = |text: &Option<String>| text.as_deref().map_or(Value::Null, |text| text.trim().into());
    tx.execute(
        "UPDATE catalog_fields SET labels = COALESCE(?, labels), kind = COALESCE(?, kind), field_group = COALESCE(?, field_group), \
         is_required = COALESCE(?, is_required), is_retired = COALESCE(?, is_retired), hint = COALESCE(?, hint), \
         default_value = NULLIF(COALESCE(?, default_value), 'null'), shown_if = NULLIF(COALESCE(?, shown_if), ''), \
         required_if = NULLIF(COALESCE(?, required_if), '') WHERE id = ?",
        &[
            change.labels.as_ref().map(json_text).transpose()?.unwrap_or(Value::Null),
            kind.as_ref().map(json_text).transpose()?.unwrap_or(Value::Null),
            change.group.as_deref().map_or(Value::Null, Value::from),
            optional(change.is_required),
            optional(change.is_retired),
            change.hint.as_ref().map(json_text).transpose()?.unwrap_or(Value::Null),
            default.as_ref().map(json_text).transpose()?.unwrap_or(Value::Null),
            condition(&change.shown_if),
            condition(&change.required_if),
            field.id.into(),
        ],
    )?;
    raise_version(tx)
}

/// The errors of a value name its field; here the value is a default.
fn at_default(errors: Vec<FieldError>) -> EngineError {
    EngineError::Invalid(errors.into_iter().map(|error| FieldError { pointer: "/default".into(), ..error }).collect())
}

/// Stores how the card of a type is arranged.
///
/// # Errors
/// `Invalid` with pointers into the layout.
pub fn change_layout(tx: &mut Tx, context: &RequestContext, object_type: &ObjectType, layout: &Layout) -> Result<()> {
    layout::check(layout, object_type, context)?;
    tx.execute(
        "UPDATE catalog_object_types SET layout = ? WHERE id = ?",
        &[json_text(layout)?, object_type.id.into()],
    )?;
    raise_version(tx)
}

/// Marks a field as indexed once its index stands.
///
/// # Errors
/// Those of the database.
pub fn set_indexed(tx: &mut Tx, field: &Field) -> Result<()> {
    tx.execute("UPDATE catalog_fields SET is_indexed = 1 WHERE id = ?", &[field.id.into()])?;
    raise_version(tx)
}

fn json_text(value: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_string(value).map(Value::Text).map_err(|error| EngineError::Stored(error.to_string()))
}

pub(super) fn check_labels(labels: &Labels) -> Result<()> {
    if labels.values().all(|label| label.trim().is_empty()) {
        return Err(EngineError::field(FieldError::new("labels", "required")));
    }
    if labels.values().any(|label| label.chars().count() > MAX_LABEL_LENGTH) {
        return Err(EngineError::field(FieldError::new("labels", "too_long").with("max", MAX_LABEL_LENGTH)));
    }
    Ok(())
}

/// Checks settings that come from outside and gives options without a key one.
fn checked_kind(catalog: &Catalog, kind: FieldKind) -> Result<FieldKind> {
    match kind {
        FieldKind::Choice(mut settings) => {
            settings.options = checked_options(settings.options)?;
            // What options mean is declared by the module whose field it is.
            (settings.meanings, settings.within) = (Vec::new(), None);
            Ok(FieldKind::Choice(settings))
        }
        FieldKind::ChoiceSet(mut settings) => {
            settings.options = checked_options(settings.options)?;
            Ok(FieldKind::ChoiceSet(settings))
        }
        FieldKind::Reference(settings) | FieldKind::ReferenceSet(settings)
            if catalog.object_type(&settings.target).is_none() =>
        {
            Err(EngineError::field(
                FieldError::new("settings", "unknown_option").at("target").with("value", settings.target),
            ))
        }
        FieldKind::Reference(settings) => {
            check_target_filter(catalog, &settings)?;
            Ok(FieldKind::Reference(settings))
        }
        FieldKind::ReferenceSet(settings) => {
            check_target_filter(catalog, &settings)?;
            Ok(FieldKind::ReferenceSet(settings))
        }
        FieldKind::Number(settings) if settings.decimals > 6 => {
            Err(EngineError::field(FieldError::new("settings", "out_of_range").at("decimals")))
        }
        FieldKind::Money(settings) => {
            let unknown = settings.currencies.iter().find(|code| !currency::is_known(code));
            if let Some(code) = unknown {
                let error = FieldError::new("settings", "unknown_option").at("currencies");
                return Err(EngineError::field(error.with("value", code.as_str())));
            }
            Ok(FieldKind::Money(settings))
        }
        FieldKind::File(settings) if settings.picture.is_some_and(|into| !into.is_sensible()) => {
            Err(EngineError::field(FieldError::new("settings", "out_of_range").at("picture")))
        }
        FieldKind::Channels(_)
        | FieldKind::Addresses(_)
        | FieldKind::Filter(_)
        | FieldKind::Recurrence
        | FieldKind::Referred(_) => {
            Err(EngineError::field(FieldError::new("kind", "unknown_option").with("value", kind.name())))
        }
        other => Ok(other),
    }
}

/// A filter that does not fit its target would fail every later write of the field.
fn check_target_filter(catalog: &Catalog, settings: &ReferenceSettings) -> Result<()> {
    let (Some(text), Some(target)) = (&settings.target_filter, catalog.object_type(&settings.target)) else {
        return Ok(());
    };
    let is_fitting = parse(text).is_ok_and(|expr| check(&expr, target.as_ref()).is_ok());
    if is_fitting {
        return Ok(());
    }
    Err(EngineError::field(
        FieldError::new("settings", "filter_invalid").at("target_filter").with("value", text.as_str()),
    ))
}

/// Stored values are ids of the target, and a tree stays a tree, and a value its owner's alone, only if every write was checked: none of it changes
/// afterwards.
fn keep_target(old: &FieldKind, new: &FieldKind) -> Result<()> {
    let refused = |member: &str| EngineError::field(FieldError::new("settings", "kind_cannot_change").at(member));
    if let (FieldKind::Number(old), FieldKind::Number(new)) = (old, new) {
        if old.is_exact != new.is_exact {
            return Err(refused("is_exact"));
        }
        // The column counts the last place.
        if old.is_exact && old.decimals != new.decimals {
            return Err(refused("decimals"));
        }
    }
    let (Some(old), Some(new)) = (old.reference_target(), new.reference_target()) else { return Ok(()) };
    if old.target != new.target {
        return Err(refused("target"));
    }
    if old.is_hierarchy != new.is_hierarchy {
        return Err(refused("is_hierarchy"));
    }
    if old.is_unique != new.is_unique {
        return Err(refused("is_unique"));
    }
    Ok(())
}

/// The settings of a kind as JSON, without the tag.
pub(super) fn settings_json(kind: &FieldKind) -> Json {
    serde_json::to_value(kind).ok().and_then(|value| value.get("settings").cloned()).unwrap_or_else(|| json!({}))
}
