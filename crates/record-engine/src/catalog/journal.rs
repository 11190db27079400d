//! Changes of the catalog as operations: what stood there before and after, and the way back.
//!
//! What must stay true: every change that goes through [`crate::Engine::change_catalog`] leaves its operation, whatever code made it, because
//! the stored rows themselves are compared; taking one back keeps what was changed since. A field that was added is retired, never dropped:
//! its values stay.

use std::collections::BTreeMap;
use std::sync::Arc;

use database::{Query, Tx, Value};
use serde_json::{Map, Value as Json, json};

use super::ObjectType;
use crate::access::Feature;
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::write::{Operation, OperationKind};

/// The columns of a field that administrators set.
const COLUMNS: [&str; 9] =
    ["labels", "kind", "field_group", "is_required", "is_retired", "default_value", "shown_if", "required_if", "hint"];
/// Stands for the field where a change is one of the type.
const OF_TYPE: i64 = 0;

/// What is stored of the catalog: by type and field the columns, by type alone its layout.
pub(crate) type Stored = BTreeMap<(i64, i64), Json>;

/// A change of one entry of [`Stored`].
struct Change {
    place: (i64, i64),
    old: Json,
    new: Json,
}

/// Everything that administrators set.
pub(crate) fn stored(tx: &mut dyn Query) -> Result<Stored> {
    let mut found = Stored::new();
    for mut row in tx.query(&format!("SELECT object_type_id, id, {} FROM catalog_fields", COLUMNS.join(", ")), &[])? {
        let mut columns = Map::new();
        for (at, column) in COLUMNS.iter().enumerate() {
            columns.insert((*column).into(), json_of(row.take_value(at + 2)));
        }
        found.insert((row.integer(0)?, row.integer(1)?), Json::Object(columns));
    }
    for mut row in tx.query("SELECT id, layout FROM catalog_object_types", &[])? {
        let layout = json_of(row.take_value(1));
        found.insert((row.integer(0)?, OF_TYPE), json!({ "layout": layout }));
    }
    Ok(found)
}

fn json_of(value: Value) -> Json {
    match value {
        Value::Integer(number) => json!(number),
        Value::Text(text) => Json::String(text),
        Value::Null | Value::Real(_) | Value::Bytes(_) => Json::Null,
    }
}

fn value_of(json: Option<&Json>) -> Value {
    match json {
        Some(Json::String(text)) => text.as_str().into(),
        Some(Json::Number(number)) => number.as_i64().into(),
        _ => Value::Null,
    }
}

/// Records what changed as an operation; answers it, if anything did.
pub(crate) fn record(
    tx: &mut Tx,
    context: &RequestContext,
    before: &Stored,
    after: &Stored,
    title: impl Fn((i64, i64)) -> Option<String>,
) -> Result<Option<i64>> {
    let changes = difference(before, after);
    let Some(first) = changes.first() else { return Ok(None) };
    let mut operation = Operation::new(OperationKind::Catalog, Some(first.place.0));
    operation.title = title(first.place);
    store(tx, context, &mut operation, &changes).map(Some)
}

fn difference(before: &Stored, after: &Stored) -> Vec<Change> {
    let differs = |(place, new): (&(i64, i64), &Json)| {
        let old = before.get(place).cloned().unwrap_or(Json::Null);
        (old != *new).then(|| Change { place: *place, old, new: new.clone() })
    };
    after.iter().filter_map(differs).collect()
}

fn store(tx: &mut Tx, context: &RequestContext, operation: &mut Operation, changes: &[Change]) -> Result<i64> {
    let id = operation.add(tx, context, changes.len())?;
    let text = |json: &Json| if json.is_null() { Value::Null } else { json.to_string().into() };
    let rows: Vec<Vec<Value>> = changes
        .iter()
        .map(|change| {
            vec![id.into(), change.place.0.into(), change.place.1.into(), text(&change.old), text(&change.new)]
        })
        .collect();
    tx.insert_many(
        "catalog_changes",
        &["operation_id", "object_type_id", "field_id", "old_value", "new_value"],
        &rows,
    )?;
    Ok(id)
}

fn changes_of(tx: &mut dyn Query, operation_id: i64) -> Result<Vec<Change>> {
    let read = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null);
    let sql = "SELECT object_type_id, field_id, old_value, new_value FROM catalog_changes WHERE operation_id = ? ORDER BY object_type_id, field_id";
    let rows = tx.query(sql, &[operation_id.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Change {
                place: (row.integer(0)?, row.integer(1)?),
                old: read(row.optional_text(2)?),
                new: read(row.optional_text(3)?),
            })
        })
        .collect()
}

/// Whether an operation changed the catalog.
pub(crate) fn is_of_catalog(tx: &mut dyn Query, operation_id: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM catalog_changes WHERE operation_id = ? LIMIT 1";
    Ok(tx.query_optional(sql, &[operation_id.into()])?.is_some())
}

/// What taking a change of the catalog back did.
pub(crate) struct Undone {
    pub operation_id: Option<i64>,
    pub undone: i64,
    /// Type and field of what was changed since.
    pub kept: Vec<(i64, i64)>,
}

/// Puts the old values back where the new ones still stand.
///
/// # Errors
/// `Forbidden` for all but administrators.
pub(crate) fn undo(
    tx: &mut Tx,
    types: &[Arc<ObjectType>],
    context: &RequestContext,
    operation_id: i64,
    object_type_id: Option<i64>,
    title: Option<String>,
) -> Result<Undone> {
    if !context.may(Feature::Fields) {
        return Err(EngineError::Forbidden);
    }
    super::store::lock(tx)?;
    let before = stored(tx)?;
    let mut kept = Vec::new();
    for change in changes_of(tx, operation_id)? {
        let Some(stands) = before.get(&change.place) else { continue };
        let (back, is_kept) = way_back(stands, &change);
        if let Some(back) = back {
            put(tx, types, change.place, &back)?;
        }
        if is_kept {
            kept.push(change.place);
        }
    }
    let changes = difference(&before, &stored(tx)?);
    if changes.is_empty() {
        return Ok(Undone { operation_id: None, undone: 0, kept });
    }
    let mut operation = Operation::new(OperationKind::Undo, object_type_id);
    operation.undoes = Some(operation_id);
    operation.title = title;
    let id = store(tx, context, &mut operation, &changes)?;
    Ok(Undone { operation_id: Some(id), undone: i64::try_from(changes.len()).unwrap_or(i64::MAX), kept })
}

/// What of a change goes back, if anything, and whether something of it was changed since and stays.
fn way_back(stands: &Json, change: &Change) -> (Option<Json>, bool) {
    let written = change.new.as_object().into_iter().flatten();
    let own = written.filter(|(name, value)| change.old.get(name.as_str()) != Some(value));
    let (back, since): (Vec<_>, Vec<_>) = own.partition(|(name, value)| stands.get(name.as_str()) == Some(value));
    if change.old.is_null() {
        // What was made goes out of use as a whole, unless somebody has worked on it.
        return if since.is_empty() { (Some(Json::Null), false) } else { (None, true) };
    }
    let back: Map<String, Json> =
        back.into_iter().map(|(name, _)| (name.clone(), change.old.get(name).cloned().unwrap_or_default())).collect();
    ((!back.is_empty()).then_some(Json::Object(back)), !since.is_empty())
}

fn put(tx: &mut Tx, types: &[Arc<ObjectType>], (type_id, field_id): (i64, i64), old: &Json) -> Result<()> {
    if field_id == OF_TYPE {
        let layout = value_of(old.get("layout"));
        tx.execute("UPDATE catalog_object_types SET layout = ? WHERE id = ?", &[layout, type_id.into()])?;
        return Ok(());
    }
    if old.is_null() {
        tx.execute("UPDATE catalog_fields SET is_retired = 1 WHERE id = ?", &[field_id.into()])?;
        return Ok(());
    }
    let mut old = old.clone();
    let row = tx.query_one("SELECT kind FROM catalog_fields WHERE id = ?", &[field_id.into()])?;
    if let Some(stands) = row.optional_text(0)? {
        // Records may have taken options since; their keys must not be given out for something else.
        let was = match old.get("kind").and_then(Json::as_str) {
            Some(was) => Some(was.to_owned()),
            None => declared_kind(types, type_id, field_id)?,
        };
        if let (Some(was), Some(slot)) = (was, old.get_mut("kind")) {
            *slot = Json::String(super::store::kind_with_options(&stands, &was)?);
        }
    }
    let known: Vec<&str> = COLUMNS.into_iter().filter(|column| old.get(column).is_some()).collect();
    let assignments: Vec<String> = known.iter().map(|column| format!("{column} = ?")).collect();
    let mut params: Vec<Value> = known.iter().map(|column| value_of(old.get(*column))).collect();
    params.push(field_id.into());
    tx.execute(&format!("UPDATE catalog_fields SET {} WHERE id = ?", assignments.join(", ")), &params)?;
    Ok(())
}

/// The kind of a standard field as its module declares it, in stored form.
fn declared_kind(types: &[Arc<ObjectType>], type_id: i64, field_id: i64) -> Result<Option<String>> {
    let object_type = types.iter().find(|object_type| object_type.id == type_id);
    let declared = object_type.and_then(|object_type| {
        let name = &object_type.field_by_id(field_id)?.name;
        object_type.definition.fields.iter().find(|field| field.name == name)
    });
    let text = declared.map(|field| serde_json::to_string(&field.kind)).transpose();
    text.map_err(|error| EngineError::Stored(error.to_string()))
}

/// For people: the field that a change is about, or the type.
pub(crate) fn title_of(types: &[Arc<ObjectType>], (type_id, field_id): (i64, i64), language: &str) -> Option<String> {
    let object_type = types.iter().find(|object_type| object_type.id == type_id)?;
    let labels = match object_type.field_by_id(field_id) {
        Some(field) => field.labels.clone(),
        None => super::labels(object_type.definition.labels),
    };
    let label = labels.get(language).or_else(|| labels.values().next())?;
    // PostgreSQL takes no zero in a text.
    Some(label.chars().filter(|c| !c.is_control()).collect())
}
