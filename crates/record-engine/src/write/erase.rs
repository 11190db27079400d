//! Erasing the personal data of records for good: the record stays, with values that name nobody; what it held is gone from it, from its history,
//! from the index of the search and from the titles of the operations that touched it.
//!
//! What must stay true: nothing brings it back. An erased record takes no values any more, an undo passes it by, and what its history held is
//! overwritten, not hidden. Which fields stay, and what stands in the others, is said by the caller: the engine knows of no people.

use std::collections::BTreeSet;

use database::{Backend, Query, Tx, Value, in_list, quote_identifier};
use serde_json::{Map, Value as Json};

use super::store::{DELETED_FIELD_ID, ERASED_FIELD_ID, MERGED_FIELD_ID};
use super::{Change, Operation, OperationKind, Outcome, Writer, apply, purge};
use crate::catalog::{Catalog, ObjectType};
use crate::context::RequestContext;
use crate::engine::Snapshot;
use crate::error::{EngineError, Result};
use crate::field_types::FieldKind;
use crate::history::StoredOperation;
use crate::query::load::{MAX_IN_LIST, load_records};
use crate::record::{Record, Values};
use crate::schema_sync::ERASED_AT;

/// What is never taken back: erased data is gone, a consent is followed by its withdrawal, and a restriction is lifted with a reason of its own.
pub(crate) const FINAL_KINDS: [OperationKind; 3] =
    [OperationKind::Erase, OperationKind::Consent, OperationKind::Restriction];

/// Shorter texts tell nobody apart; looking for them would hit everything.
const MIN_TRACE: usize = 3;

/// Leaves of each record the given values and nothing else, neither in it nor in its history; it is marked as erased.
/// Records in the trash are erased too. Rights are the caller's to ask.
///
/// # Errors
/// `NotFound` for an unknown record, those of the rules of its type, those of the database.
pub fn erase(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    operation: &mut Operation,
    object_type: &ObjectType,
    remains: &[(i64, Values)],
) -> Result<()> {
    let ids: Vec<i64> = remains.iter().map(|(id, _)| *id).collect();
    let records = load_records(tx, object_type, &ids, true)?;
    let mut changes = Vec::with_capacity(remains.len());
    for (id, stays) in remains {
        let record = records.get(id).ok_or(EngineError::NotFound)?;
        let goes = object_type.value_fields().filter(|field| !field.is_computed());
        let values = goes
            .filter(|field| record.values.contains_key(&field.name) || stays.contains_key(&field.name))
            .map(|field| (field.name.clone(), stays.get(&field.name).cloned().unwrap_or(Json::Null)))
            .filter(|(name, value)| record.value(name) != value)
            .collect();
        changes.push(Change::Update { id: *id, base_version: None, values });
    }
    let writer = Writer { is_erasure: true, ..snapshot.trusted_writer() };
    for result in apply(tx, writer, context, operation, object_type, changes)? {
        if let Outcome::Unchanged(_) = result? {
            operation.add(tx, context, 1)?;
        }
    }
    let operation_id = operation.stored_id().ok_or(EngineError::NotFound)?;
    for chunk in ids.chunks(MAX_IN_LIST) {
        let (list, params) = listed(chunk);
        let table = quote_identifier(object_type.table());
        let at = [[context.now_ms.into()].as_slice(), &params].concat();
        tx.execute(&format!("UPDATE {table} SET {ERASED_AT} = ? WHERE id IN {list}"), &at)?;
        let of_these = [[object_type.id.into()].as_slice(), &params].concat();
        // Ways into the trash and out of it say nothing of the person.
        tx.execute(
            &format!(
                "UPDATE changes SET old_value = NULL, new_value = NULL WHERE object_type_id = ? AND record_id IN {list} \
                 AND field_id NOT IN ({DELETED_FIELD_ID}, {MERGED_FIELD_ID})"
            ),
            &of_these,
        )?;
        tx.execute(
            &format!(
                "DELETE FROM changes WHERE object_type_id = ? AND record_id IN {list} AND field_id = {ERASED_FIELD_ID}"
            ),
            &of_these,
        )?;
    }
    let versions = load_records(tx, object_type, &ids, false)?;
    let marks: Vec<Vec<Value>> = versions
        .values()
        .map(|record| {
            let place = [object_type.id, record.id, operation_id, ERASED_FIELD_ID].map(Value::Integer);
            [place.as_slice(), &[Value::Null, Value::from("true"), record.version.into()]].concat()
        })
        .collect();
    tx.insert_many(
        "changes",
        &["object_type_id", "record_id", "operation_id", "field_id", "old_value", "new_value", "record_version"],
        &marks,
    )?;
    Ok(())
}

/// Overwrites fields of records, and what their history holds of these fields; the rest of the records stays as it is, and may be changed on.
/// Records in the trash are written too. Rights are the caller's to ask.
///
/// # Errors
/// `NotFound` for an unknown record, those of the rules of its type, those of the database.
pub fn overwrite(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    operation: &mut Operation,
    object_type: &ObjectType,
    remains: &[(i64, Values)],
) -> Result<()> {
    let ids: Vec<i64> = remains.iter().map(|(id, _)| *id).collect();
    let change = |(id, values): &(i64, Values)| Change::Update { id: *id, base_version: None, values: values.clone() };
    let writer = Writer { is_erasure: true, ..snapshot.trusted_writer() };
    for result in apply(tx, writer, context, operation, object_type, remains.iter().map(change).collect())? {
        result?;
    }
    let names: BTreeSet<&String> = remains.iter().flat_map(|(_, values)| values.keys()).collect();
    let fields: Vec<Value> =
        names.iter().filter_map(|name| Some(Value::Integer(object_type.field(name)?.id))).collect();
    for chunk in ids.chunks(MAX_IN_LIST) {
        let (list, params) = listed(chunk);
        let of_these = [[object_type.id.into()].as_slice(), &params, &fields].concat();
        tx.execute(
            &format!(
                "UPDATE changes SET old_value = NULL, new_value = NULL WHERE object_type_id = ? AND record_id IN {list} AND field_id IN {}",
                in_list(fields.len())
            ),
            &of_these,
        )?;
    }
    Ok(())
}

/// Removes parts of records for good, with their history: what somebody wrote about a person goes with him.
///
/// # Errors
/// Those of the database.
pub fn remove_for_good(tx: &mut Tx, object_type: &ObjectType, ids: &[i64]) -> Result<()> {
    for chunk in ids.chunks(MAX_IN_LIST) {
        let (list, params) = listed(chunk);
        purge::remove(tx, object_type, &params)?;
        let of_these = [[object_type.id.into()].as_slice(), &params].concat();
        tx.execute(&format!("DELETE FROM changes WHERE object_type_id = ? AND record_id IN {list}"), &of_these)?;
    }
    Ok(())
}

/// What tells a person: the texts of his record and of all that its history holds.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    words: BTreeSet<String>,
}

impl Traces {
    /// The texts of records as they stand and as they stood.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(tx: &mut dyn Query, object_type: &ObjectType, records: &[Record]) -> Result<Traces> {
        let mut traces = Traces::default();
        for record in records {
            for (name, value) in &record.values {
                traces.take(object_type, object_type.field(name).map(|field| field.id), value);
            }
        }
        let ids: Vec<i64> = records.iter().map(|record| record.id).collect();
        for chunk in ids.chunks(MAX_IN_LIST) {
            let (list, params) = listed(chunk);
            let sql = format!(
                "SELECT field_id, old_value, new_value FROM changes WHERE object_type_id = ? AND record_id IN {list}"
            );
            for row in tx.query(&sql, &[[object_type.id.into()].as_slice(), &params].concat())? {
                for at in [1, 2] {
                    let value: Option<Json> = row.optional_text(at)?.and_then(|text| serde_json::from_str(&text).ok());
                    traces.take(object_type, Some(row.integer(0)?), &value.unwrap_or(Json::Null));
                }
            }
        }
        Ok(traces)
    }

    /// Some texts that are known already.
    pub fn from_words(words: impl IntoIterator<Item = String>) -> Traces {
        Traces { words: words.into_iter().collect() }
    }

    fn take(&mut self, object_type: &ObjectType, field_id: Option<i64>, value: &Json) {
        let tells = field_id.and_then(|id| object_type.field_by_id(id)).is_some_and(|field| {
            matches!(
                field.kind,
                FieldKind::Text(_)
                    | FieldKind::LongText(_)
                    | FieldKind::Channels(_)
                    | FieldKind::Addresses(_)
                    | FieldKind::Link
            )
        });
        if tells {
            gather(value, &mut self.words);
        }
    }

    /// The texts, in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a text holds one of them.
    pub fn are_in(&self, text: &str) -> bool {
        self.words.iter().any(|word| text.contains(word.as_str()))
    }

    /// The text without them.
    pub fn cut_from(&self, text: &str) -> String {
        // The longest first: a name holds its parts.
        let mut words: Vec<&String> = self.words.iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.into_iter().fold(text.to_owned(), |text, word| text.replace(word.as_str(), "…"))
    }

    /// JSON without them; `None` when it holds none.
    pub fn cut_from_json(&self, text: &str) -> Option<String> {
        if !self.are_in(text) && !text.contains('\\') {
            return None;
        }
        let stored: Json = match serde_json::from_str(text) {
            Ok(stored) => stored,
            Err(_) => return Some(self.cut_from(text)).filter(|cut| cut != text),
        };
        let cut = self.cut_from_value(&stored);
        (cut != stored).then(|| cut.to_string())
    }

    fn cut_from_value(&self, value: &Json) -> Json {
        match value {
            Json::String(text) if self.are_in(text) => Json::String(self.cut_from(text)),
            Json::Array(entries) => entries.iter().map(|entry| self.cut_from_value(entry)).collect(),
            Json::Object(members) => {
                let cut = |(name, value): (&String, &Json)| (name.clone(), self.cut_from_value(value));
                Json::Object(members.iter().map(cut).collect::<Map<String, Json>>())
            }
            other => other.clone(),
        }
    }

    /// A condition that a text column holds one of some words, and its parameters: case counts, nothing is a wildcard.
    pub fn condition(backend: Backend, column: &str, words: &[&str]) -> (String, Vec<Value>) {
        let holds = if backend == Backend::Sqlite { "instr" } else { "strpos" };
        let one = format!("{holds}({column}, ?) > 0");
        let all = vec![one.as_str(); words.len()].join(" OR ");
        (format!("({all})"), words.iter().map(|word| Value::from(*word)).collect())
    }
}

fn gather(value: &Json, words: &mut BTreeSet<String>) {
    match value {
        Json::String(text) if text.trim().chars().count() >= MIN_TRACE => {
            words.insert(text.trim().to_owned());
        }
        Json::Array(entries) => entries.iter().for_each(|entry| gather(entry, words)),
        Json::Object(members) => members
            .iter()
            // Kinds and labels are keys of options.
            .filter(|(name, _)| !matches!(name.as_str(), "kind" | "label" | "type"))
            .for_each(|(_, entry)| gather(entry, words)),
        _ => {}
    }
}

/// Takes the person out of titles and reasons of the operations that touched these records.
///
/// # Errors
/// Those of the database.
pub fn clear_operations(
    tx: &mut Tx,
    object_type: &ObjectType,
    ids: &[i64],
    traces: &Traces,
    pseudonym: Option<&str>,
) -> Result<()> {
    for operation in operations_of(tx, object_type, ids)? {
        let Some(row) = tx.query_optional(
            "SELECT title, reason, record_count, object_type_id FROM operations WHERE id = ?",
            &[operation.into()],
        )?
        else {
            continue;
        };
        let (title, reason) = (row.optional_text(0)?, row.optional_text(1)?);
        let is_single = row.integer(2)? <= 1 && row.optional_integer(3)? == Some(object_type.id);
        let title = match title {
            Some(_) if is_single => pseudonym.map(String::from),
            Some(text) if traces.are_in(&text) => pseudonym.map(String::from),
            other => other,
        };
        let reason = reason.filter(|_| !is_single).map(|text| traces.cut_from(&text));
        tx.execute(
            "UPDATE operations SET title = ?, reason = ? WHERE id = ?",
            &[title.into(), reason.into(), operation.into()],
        )?;
    }
    Ok(())
}

/// The operations that made or changed these records.
///
/// # Errors
/// Those of the database.
pub fn operations_of(tx: &mut dyn Query, object_type: &ObjectType, ids: &[i64]) -> Result<BTreeSet<i64>> {
    let mut found = BTreeSet::new();
    for chunk in ids.chunks(MAX_IN_LIST) {
        let (list, params) = listed(chunk);
        let table = quote_identifier(object_type.table());
        let changed =
            format!("SELECT DISTINCT operation_id FROM changes WHERE object_type_id = ? AND record_id IN {list}");
        let made = format!("SELECT DISTINCT created_operation FROM {table} WHERE id IN {list}");
        let of_these = [[object_type.id.into()].as_slice(), &params].concat();
        for row in tx.query(&changed, &of_these)?.iter().chain(tx.query(&made, &params)?.iter()) {
            found.insert(row.integer(0)?);
        }
    }
    Ok(found)
}

/// Refuses to take back what stays as it is: an erasure, a consent, and an operation whose records have all been erased since.
/// Of one that touched others too, the undo keeps the erased ones.
///
/// # Errors
/// `State("cannot_be_undone")`, `State("erased")`; those of the database.
pub(crate) fn refuse_undo(tx: &mut dyn Query, catalog: &Catalog, operation: &StoredOperation) -> Result<()> {
    if FINAL_KINDS.iter().any(|kind| kind.key() == operation.kind) {
        return Err(EngineError::State("cannot_be_undone"));
    }
    let mut is_any_erased = false;
    for object_type in &catalog.object_types {
        let table = quote_identifier(object_type.table());
        for of_operation in [
            "t.created_operation = ?",
            "t.id IN (SELECT c.record_id FROM changes c WHERE c.operation_id = ? AND c.object_type_id = {type})",
        ] {
            let of_operation = of_operation.replace("{type}", &object_type.id.to_string());
            let first = |condition: &str| {
                format!("SELECT t.id FROM {table} t WHERE {of_operation} AND t.{ERASED_AT} {condition} LIMIT 1")
            };
            if tx.query_optional(&first("IS NULL"), &[operation.id.into()])?.is_some() {
                return Ok(());
            }
            is_any_erased |= tx.query_optional(&first("IS NOT NULL"), &[operation.id.into()])?.is_some();
        }
    }
    if is_any_erased { Err(EngineError::State("erased")) } else { Ok(()) }
}

fn listed(ids: &[i64]) -> (String, Vec<Value>) {
    (in_list(ids.len()), ids.iter().map(|id| Value::Integer(*id)).collect())
}
