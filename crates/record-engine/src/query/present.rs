//! Records as clients read them: references with titles, permissions, times as text. The shape stands in `docs/api.md`.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Value, in_list, quote_identifier};
use serde_json::{Map, Value as Json, json};

use super::compile::Predicate;
use super::load::MAX_IN_LIST;
use crate::access::{Action, Scope};
use crate::catalog::{Catalog, Field, ObjectType, USER_TYPE};
use crate::context::{RequestContext, instant_text};
use crate::error::Result;
use crate::field_types::FieldKind;
use crate::files;
use crate::record::Record;
use filter_language::CheckedExpr;

/// Titles of referenced records by type and id. A record that the reader may not see has no title here.
#[derive(Default)]
pub struct Titles(BTreeMap<(String, i64), String>);

impl Titles {
    /// A reference as clients read it.
    pub fn reference(&self, target: &str, id: i64) -> Json {
        json!({ "id": id, "title": self.0.get(&(target.to_owned(), id)), "type": target })
    }

    /// Loads the titles of the wanted references, a statement for each type.
    ///
    /// # Errors
    /// Those of the database.
    pub fn load(
        tx: &mut dyn Query,
        context: &RequestContext,
        catalog: &Catalog,
        wanted: &BTreeSet<(String, i64)>,
    ) -> Result<Titles> {
        let mut by_type: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for (target, id) in wanted {
            by_type.entry(target).or_default().push(*id);
        }
        let mut titles = BTreeMap::new();
        for (target, ids) in by_type {
            let Some(object_type) = catalog.object_type(target) else { continue };
            let scope = Scope::of(context, object_type, Action::See)?;
            let predicate = Predicate::new(object_type, scope.rows(), &CheckedExpr::all(), tx.backend()).and_sql();
            for chunk in ids.chunks(MAX_IN_LIST) {
                let mut params: Vec<Value> = chunk.iter().map(|id| Value::Integer(*id)).collect();
                params.extend(predicate.params.iter().cloned());
                let sql = format!(
                    "SELECT t.id, t.{} FROM {} t WHERE t.id IN {}{}",
                    quote_identifier(object_type.definition.title_field),
                    quote_identifier(object_type.table()),
                    in_list(chunk.len()),
                    predicate.sql
                );
                for row in tx.query(&sql, &params)? {
                    titles.insert((target.to_owned(), row.integer(0)?), row.optional_text(1)?.unwrap_or_default());
                }
            }
        }
        Ok(Titles(titles))
    }
}

/// Collects the references of a value.
pub fn collect_references(field: &Field, value: &Json, wanted: &mut BTreeSet<(String, i64)>) {
    let Some(reference) = field.kind.reference_target() else { return };
    let mut add = |id: Option<i64>| {
        if let Some(id) = id {
            wanted.insert((reference.target.clone(), id));
        }
    };
    match value {
        Json::Array(ids) => ids.iter().for_each(|id| add(id.as_i64())),
        other => add(other.as_i64()),
    }
}

/// A stored value as clients read it.
///
/// # Errors
/// Those of the database.
pub fn present_value(tx: &mut dyn Query, field: &Field, value: &Json, titles: &Titles) -> Result<Json> {
    Ok(match (&field.kind, value) {
        (_, Json::Null) => Json::Null,
        (FieldKind::Reference(settings), id) => {
            id.as_i64().map_or(Json::Null, |id| titles.reference(&settings.target, id))
        }
        (FieldKind::ReferenceSet(settings), Json::Array(ids)) => {
            ids.iter().filter_map(Json::as_i64).map(|id| titles.reference(&settings.target, id)).collect()
        }
        (FieldKind::File(_), Json::String(id)) => files::describe(tx, id)?.unwrap_or_else(|| json!({ "id": id })),
        (_, value) => value.clone(),
    })
}

/// Records of one type as clients read them.
///
/// # Errors
/// Those of the database.
pub fn present(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    object_type: &ObjectType,
    records: &[Record],
) -> Result<Vec<Json>> {
    let change = Scope::of(context, object_type, Action::Change)?;
    let delete = Scope::of(context, object_type, Action::Delete)?;
    let mut wanted = BTreeSet::new();
    for record in records {
        wanted
            .extend([record.created_by, record.updated_by].into_iter().flatten().map(|id| (USER_TYPE.to_owned(), id)));
        for field in object_type.value_fields() {
            if let Some(value) = record.values.get(&field.name) {
                collect_references(field, value, &mut wanted);
            }
        }
    }
    let titles = Titles::load(tx, context, catalog, &wanted)?;
    let user = |id: Option<i64>| id.map_or(Json::Null, |id| titles.reference(USER_TYPE, id));
    let mut presented = Vec::with_capacity(records.len());
    for record in records {
        let mut values = Map::new();
        for field in object_type.value_fields() {
            if let Some(value) = record.values.get(&field.name) {
                values.insert(field.name.clone(), present_value(tx, field, value, &titles)?);
            }
        }
        let is_live = record.deleted_at.is_none();
        presented.push(json!({
            "id": record.id,
            "type": object_type.name,
            "version": record.version,
            "title": record.value(object_type.definition.title_field).as_str().unwrap_or_default(),
            "created_at": instant_text(record.created_at),
            "created_by": user(record.created_by),
            "updated_at": instant_text(record.updated_at),
            "updated_by": user(record.updated_by),
            "deleted_at": record.deleted_at.map(instant_text),
            "can_edit": is_live && change.admits(object_type, record),
            "can_delete": delete.admits(object_type, record),
            "values": values,
        }));
    }
    Ok(presented)
}
