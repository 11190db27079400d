//! What an erasure would touch: the same for the preview, the erasure and its act.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Value, in_list, quote_identifier};
use record_engine::Record;
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::error::Result;
use record_engine::field_types::FieldKind;
use record_engine::query::load_records;
use record_engine::query::relations::{pointing_to, relations_to};
use record_engine::schema_sync::MERGED_INTO;
use record_engine::write::erase::operations_of;
use serde_json::{Value as Json, json};

use super::super::data_map::{self, KEPT_FIELDS, Role};

/// Most parts of a person that are looked at in one go; nobody has so many.
const MAX_PARTS: usize = 100_000;

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    fields: BTreeSet<String>,
    parts: BTreeMap<String, Vec<i64>>,
    proofs: BTreeSet<String>,
    files: BTreeSet<String>,
    imports: BTreeMap<i64, (String, bool)>,
    history: i64,
    exports: i64,
    relations: Vec<(String, String, usize)>,
    is_user: bool,
    work: BTreeMap<String, (&'static str, usize)>,
}

impl Inventory {
    /// What there is of these records; `imports` are those whose files name them.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(
        tx: &mut dyn Query,
        snapshot: &Snapshot,
        object_type: &ObjectType,
        records: &[Record],
        imports: &BTreeSet<i64>,
    ) -> Result<Inventory> {
        let ids: Vec<i64> = records.iter().map(|record| record.id).collect();
        let mut found = Inventory::default();
        for field in object_type.value_fields().filter(|field| !KEPT_FIELDS.contains(&field.name.as_str())) {
            if records.iter().any(|record| !record.value(&field.name).is_null()) && !field.is_computed() {
                found.fields.insert(field.name.clone());
            }
        }
        found.is_user = found.fields.contains("employee_user");
        found.files.extend(files_of(tx, object_type, &ids)?);
        let mut operations = operations_of(tx, object_type, &ids)?;
        found.history = changes_of(tx, object_type, &ids)?;
        for relation in relations_to(&snapshot.catalog, &object_type.name) {
            let part = relation.object_type.part_field(object_type).is_some_and(|field| field.id == relation.field.id);
            let pointing = pointing_to(tx, relation, &ids, MAX_PARTS)?;
            let role = data_map::role_of(&relation.object_type.name);
            if !part || !matches!(role, Some(Role::Part | Role::Proof(_))) {
                let others =
                    pointing.iter().filter(|id| relation.object_type.id != object_type.id || !ids.contains(id));
                let count = others.count();
                if count > 0 {
                    found.relations.push((relation.object_type.name.clone(), relation.field.name.clone(), count));
                }
                continue;
            }
            if role == Some(Role::Part) {
                found.files.extend(files_of(tx, relation.object_type, &pointing)?);
                operations.extend(operations_of(tx, relation.object_type, &pointing)?);
            } else {
                found.proofs.insert(relation.object_type.name.clone());
            }
            found.history += changes_of(tx, relation.object_type, &pointing)?;
            found.parts.insert(relation.object_type.name.clone(), pointing);
        }
        found.imports = imports_of(tx, object_type, &ids, &operations, imports.clone())?;
        let exports = "SELECT COUNT(*) FROM jobs WHERE position LIKE '%\"hash\"%' AND finished_at IS NOT NULL";
        found.exports = tx.query_one(exports, &[])?.integer(0)?;
        Ok(found)
    }

    /// Notes what becomes of so many records of work, by the key of its treatment.
    pub(super) fn note_work(&mut self, object_type: &str, treatment: &'static str, count: usize) {
        self.work.insert(object_type.to_owned(), (treatment, count));
    }

    /// So many records of work do not name the person any more, because they are gone.
    pub(super) fn forget_relation(&mut self, object_type: &str, gone: usize) {
        for (_, _, count) in self.relations.iter_mut().filter(|(name, ..)| name == object_type) {
            *count = count.saturating_sub(gone);
        }
        self.relations.retain(|(_, _, count)| *count > 0);
    }

    /// The parts of a type.
    pub fn parts_of(&self, object_type: &str) -> &[i64] {
        self.parts.get(object_type).map_or(&[], Vec::as_slice)
    }

    /// The stored files that nothing else names.
    pub fn file_ids(&self) -> &BTreeSet<String> {
        &self.files
    }

    /// The imports that touched the records or found them.
    pub fn import_ids(&self) -> impl Iterator<Item = i64> {
        self.imports.keys().copied()
    }

    /// Names of their files.
    pub fn import_names(&self) -> Vec<&str> {
        self.imports.values().map(|(name, _)| name.as_str()).collect()
    }

    /// Whether one of them has not ended.
    pub fn is_import_running(&self) -> bool {
        self.imports.values().any(|(_, is_running)| *is_running)
    }

    /// Kinds of what goes, with numbers; no values.
    pub fn goes(&self) -> Json {
        let is_proof = |name: &&String| self.proofs.contains(*name);
        let parts: BTreeMap<&String, usize> = self
            .parts
            .iter()
            .filter(|(name, ids)| !is_proof(name) && !ids.is_empty())
            .map(|(name, ids)| (name, ids.len()))
            .collect();
        let work: Vec<Json> = self
            .work
            .iter()
            .map(|(name, (treatment, count))| json!({ "type": name, "treatment": treatment, "count": count }))
            .collect();
        json!({
            "fields": self.fields,
            "work": work,
            "parts": parts,
            "files": self.files.len(),
            "history_entries": self.history,
            "imports": self.imports.len(),
            "exports": self.exports,
        })
    }

    /// Kinds of what stays.
    pub fn stays(&self) -> Json {
        let parts: BTreeMap<&String, usize> = self
            .parts
            .iter()
            .filter(|(name, ids)| self.proofs.contains(*name) && !ids.is_empty())
            .map(|(name, ids)| (name, ids.len()))
            .collect();
        let relations: Vec<Json> = self
            .relations
            .iter()
            .map(|(object_type, field, count)| json!({ "type": object_type, "field": field, "count": count }))
            .collect();
        json!({ "fields": KEPT_FIELDS, "parts": parts, "relations": relations, "is_user": self.is_user })
    }
}

/// The records and all that were merged into them, over any number of steps.
pub(in super::super) fn with_merged(tx: &mut dyn Query, object_type: &ObjectType, ids: &[i64]) -> Result<Vec<i64>> {
    let mut all: BTreeSet<i64> = ids.iter().copied().collect();
    let mut fresh: Vec<i64> = all.iter().copied().collect();
    let table = quote_identifier(object_type.table());
    while !fresh.is_empty() {
        let params: Vec<Value> = fresh.iter().map(|id| Value::Integer(*id)).collect();
        // The index of the trash holds them all.
        let sql = format!(
            "SELECT id FROM {table} WHERE deleted_at IS NOT NULL AND {MERGED_INTO} IN {}",
            in_list(params.len())
        );
        let found: Vec<i64> = tx.query(&sql, &params)?.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?;
        fresh = found.into_iter().filter(|id| all.insert(*id)).collect();
    }
    Ok(all.into_iter().collect())
}

/// The stored files that these records name, or named once.
pub(in super::super) fn files_of(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    ids: &[i64],
) -> Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    let fields: Vec<_> = object_type.value_fields().filter(|field| matches!(field.kind, FieldKind::File(_))).collect();
    if fields.is_empty() || ids.is_empty() {
        return Ok(files);
    }
    for chunk in ids.chunks(500) {
        for record in load_records(tx, object_type, chunk, false)?.values() {
            files.extend(fields.iter().filter_map(|field| record.value(&field.name).as_str()).map(String::from));
        }
        let mut params: Vec<Value> = vec![object_type.id.into()];
        params.extend(chunk.iter().map(|id| Value::Integer(*id)));
        params.extend(fields.iter().map(|field| Value::Integer(field.id)));
        let sql = format!(
            "SELECT old_value, new_value FROM changes WHERE object_type_id = ? AND record_id IN {} AND field_id IN {}",
            in_list(chunk.len()),
            in_list(fields.len())
        );
        for row in tx.query(&sql, &params)? {
            for at in [0, 1] {
                let value: Option<Json> = row.optional_text(at)?.and_then(|text| serde_json::from_str(&text).ok());
                files.extend(value.as_ref().and_then(Json::as_str).map(String::from));
            }
        }
    }
    Ok(files)
}

fn changes_of(tx: &mut dyn Query, object_type: &ObjectType, ids: &[i64]) -> Result<i64> {
    let mut count = 0;
    for chunk in ids.chunks(500) {
        let mut params: Vec<Value> = vec![object_type.id.into()];
        params.extend(chunk.iter().map(|id| Value::Integer(*id)));
        let sql = format!(
            "SELECT COUNT(*) FROM changes WHERE object_type_id = ? AND record_id IN {} AND (old_value IS NOT NULL OR new_value IS NOT NULL)",
            in_list(chunk.len())
        );
        count += tx.query_one(&sql, &params)?.integer(0)?;
    }
    Ok(count)
}

/// The imports that made or changed the records, that found them in their rows, or whose waiting rows were answered into them: their names, and
/// whether they run.
fn imports_of(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    ids: &[i64],
    operations: &BTreeSet<i64>,
    mut found: BTreeSet<i64>,
) -> Result<BTreeMap<i64, (String, bool)>> {
    let operations: Vec<Value> = operations.iter().map(|id| Value::Integer(*id)).collect();
    for chunk in operations.chunks(500) {
        let list = in_list(chunk.len());
        let own = format!("SELECT id FROM imports WHERE operation_id IN {list}");
        for row in tx.query(&own, chunk)? {
            found.insert(row.integer(0)?);
        }
        let queues = format!("SELECT payload FROM jobs WHERE kind = 'import_queue' AND operation_id IN {list}");
        for row in tx.query(&queues, chunk)? {
            let payload: Json = serde_json::from_str(row.text_str(0)?).unwrap_or_default();
            found.extend(payload.get("import_id").and_then(Json::as_i64));
        }
    }
    for chunk in ids.chunks(500) {
        let mut params: Vec<Value> = vec![object_type.name.as_str().into()];
        params.extend(chunk.iter().map(|id| Value::Integer(*id)));
        let matched = format!(
            "SELECT DISTINCT p.import_id FROM import_problems p JOIN imports i ON i.id = p.import_id WHERE i.object_type = ? AND p.match_id IN {}",
            in_list(chunk.len())
        );
        for row in tx.query(&matched, &params)? {
            found.insert(row.integer(0)?);
        }
    }
    let mut imports = BTreeMap::new();
    for id in found {
        let row = tx.query_optional("SELECT file_name, state FROM imports WHERE id = ?", &[id.into()])?;
        if let Some(row) = row {
            imports.insert(id, (row.text(0)?, matches!(row.text_str(1)?, "running" | "checking")));
        }
    }
    Ok(imports)
}
