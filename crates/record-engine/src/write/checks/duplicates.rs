//! Values that belong to one live record only: channels of unique kinds, and references that are unique.
//!
//! What must stay true: who may not see the owner of a value hears who answers for the owner, and nothing else of it.

use std::collections::HashMap;

use database::{Query, Tx, Value, in_list, quote_identifier};
use serde_json::Value as Json;

use super::super::Writer;
use super::super::draft::{Draft, Intent};
use crate::access::{Action, Scope};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::{FieldKind, unique_value};
use crate::query::load::{MAX_IN_LIST, load_records};
use crate::record::Record;

/// A value that a draft will hold and nobody else may: what the owner is looked up by, and where in the field it stands.
struct Unique {
    key: String,
    inside: Option<String>,
}

/// A value of a unique channel may belong to one live record only, unless it is marked as shared; so may what a unique reference names.
pub(in super::super) fn duplicates(
    tx: &mut Tx,
    writer: Writer<'_>,
    context: &RequestContext,
    object_type: &ObjectType,
    drafts: &mut [Draft],
) -> Result<()> {
    for field in object_type.value_fields() {
        if !field.kind.is_unique() {
            continue;
        }
        let mut wanted: Vec<(usize, Unique)> = Vec::new();
        for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| draft.is_checkable()) {
            wanted.extend(unique_values(draft, field).into_iter().map(|value| (at, value)));
        }
        if wanted.is_empty() {
            continue;
        }
        let owners = owners(tx, object_type, field, wanted.iter().map(|(_, value)| value.key.as_str()))?;
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut clashes: Vec<(usize, &Unique, Option<i64>)> = Vec::new();
        for (at, value) in &wanted {
            let own = drafts.get(*at).and_then(|draft| draft.id);
            let owner = owners.get(&value.key).copied().filter(|owner| Some(*owner) != own);
            let first = *seen.entry(&value.key).or_insert(*at);
            if owner.is_some() || first != *at {
                clashes.push((*at, value, owner));
            }
        }
        let ids: Vec<i64> = clashes.iter().filter_map(|(_, _, owner)| *owner).collect();
        let cards = load_records(tx, object_type, &ids, false)?;
        let scope = Scope::of(context, object_type, Action::See)?;
        for (at, value, owner) in clashes {
            let mut error = FieldError::new(&field.name, "duplicate").with("type", object_type.name.as_str());
            if let Some(inside) = &value.inside {
                error = error.at(inside);
            }
            if let Some(record) = owner.and_then(|owner| cards.get(&owner)) {
                let is_visible = scope.admits(object_type, record);
                error = error.with("is_visible", is_visible);
                if is_visible {
                    let title = record.value(object_type.definition.title_field).as_str().unwrap_or_default();
                    error = error.with("id", record.id).with("title", title);
                } else {
                    error = error.with("responsible", responsible(tx, writer, object_type, record)?);
                }
            }
            if let Some(draft) = drafts.get_mut(at) {
                draft.fail(EngineError::field(error));
            }
        }
    }
    Ok(())
}

/// Who answers for a card that the actor may not see: the first person in its first field of users.
fn responsible(tx: &mut Tx, writer: Writer<'_>, object_type: &ObjectType, record: &Record) -> Result<Json> {
    let is_users = |field: &&Field| matches!(&field.kind, FieldKind::ReferenceSet(settings) if settings.target == crate::catalog::USER_TYPE);
    let field = object_type.value_fields().find(is_users);
    let first =
        field.and_then(|field| record.value(&field.name).as_array()).and_then(|ids| ids.first()).and_then(Json::as_i64);
    let (Some(id), Some(users)) = (first.or(record.created_by), writer.catalog.object_type(crate::catalog::USER_TYPE))
    else {
        return Ok(Json::Null);
    };
    let sql = format!(
        "SELECT {} FROM {} WHERE id = ?",
        quote_identifier(users.definition.title_field),
        quote_identifier(users.table())
    );
    let row = tx.query_optional(&sql, &[id.into()])?;
    Ok(row.map(|row| row.optional_text(0)).transpose()?.flatten().map_or(Json::Null, Json::String))
}

/// The unique values that a draft will hold, with the places of their entries.
fn unique_values(draft: &Draft, field: &Field) -> Vec<Unique> {
    let is_kept = draft.intent == Intent::Update
        && draft.before.as_ref().is_some_and(|record| record.values.get(&field.name) == draft.after.get(&field.name));
    if draft.intent == Intent::Delete || is_kept {
        return Vec::new();
    }
    let FieldKind::Channels(settings) = &field.kind else {
        let named = draft.after.get(&field.name).and_then(Json::as_i64);
        return named.map(|id| Unique { key: id.to_string(), inside: None }).into_iter().collect();
    };
    let entries = draft.after.get(&field.name).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |entry: &Json, part: &str| entry.get(part).and_then(Json::as_str).unwrap_or_default().to_owned();
    entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.get("is_shared") != Some(&Json::Bool(true)))
        .filter(|(_, entry)| settings.kinds.iter().any(|kind| kind.is_unique && kind.key == text(entry, "kind")))
        .map(|(place, entry)| Unique {
            key: unique_value(&text(entry, "kind"), &text(entry, "value")),
            inside: Some(format!("{place}/value")),
        })
        .collect()
}

/// The live owners of unique values, by their keys.
fn owners<'a>(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    field: &Field,
    keys: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, i64>> {
    let (select, values): (String, Vec<Value>) = if field.behaviour().child_table().is_some() {
        let table = object_type.child_table(field);
        (format!("SELECT record_id, unique_value FROM {table} WHERE unique_value IN"), keys.map(Value::from).collect())
    } else {
        let (table, column) = (quote_identifier(object_type.table()), quote_identifier(&field.column));
        let ids = keys.filter_map(|key| key.parse().ok().map(Value::Integer)).collect();
        (format!("SELECT id, {column} FROM {table} WHERE deleted_at IS NULL AND {column} IN"), ids)
    };
    let mut owners = HashMap::new();
    for chunk in values.chunks(MAX_IN_LIST) {
        for row in tx.query(&format!("{select} {}", in_list(chunk.len())), chunk)? {
            let key = match field.behaviour().child_table() {
                Some(_) => row.optional_text(1)?.unwrap_or_default(),
                None => row.integer(1)?.to_string(),
            };
            owners.insert(key, row.integer(0)?);
        }
    }
    Ok(owners)
}
