//! An unmerge of which a record cannot return: somebody else has one of its unique values by now, or its reader may not restore it any more. What the
//! survivor gave up for it goes back to the survivor, so that no number is left on the trash alone.

use std::collections::BTreeMap;

use database::{Query, Tx};
use serde_json::Value as Json;

use super::step::FieldChange;
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::engine::Snapshot;
use crate::error::{EngineError, Result};
use crate::field_types::FieldKind;
use crate::history::StoredOperation;
use crate::query::load::load_records;
use crate::record::{Record, Values};
use crate::write::{Change, MERGED_FIELD_ID, Operation, apply};

/// Gives the survivors among the changed records the unique values of those that stayed in the trash, one by one: some may belong to others now.
///
/// # Errors
/// Those of the database.
#[expect(clippy::too_many_arguments, reason = "one caller; a struct would only rename the arguments")]
pub(super) fn regain(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    undone: &StoredOperation,
    operation: &mut Operation,
    object_type: &ObjectType,
    changes: &BTreeMap<i64, Vec<FieldChange>>,
    records: &BTreeMap<i64, Record>,
) -> Result<()> {
    let stranded = stranded(tx, undone, object_type)?;
    if stranded.is_empty() {
        return Ok(());
    }
    for (id, fields) in changes {
        let Some(survivor) = records.get(id).filter(|record| record.deleted_at.is_none()) else { continue };
        for (field_id, old, new) in fields {
            let Some(field) = object_type.field_by_id(*field_id) else { continue };
            let is_of_stranded = |record: &Record| record.merged_into == Some(*id) && record.value(&field.name) == new;
            if field.kind.is_unique() && field.behaviour().child_table().is_none() {
                if new != survivor.value(&field.name) && stranded.iter().any(is_of_stranded) {
                    let values = Values::from([(field.name.clone(), new.clone())]);
                    give(tx, snapshot, context, operation, object_type, *id, values)?;
                }
                continue;
            }
            if !matches!(field.kind, FieldKind::Channels(_)) {
                continue;
            }
            let mut current: Vec<Json> = entries(survivor.value(&field.name)).to_vec();
            let of_stranded = stranded.iter().filter(|record| record.merged_into == Some(*id));
            for entry in of_stranded.flat_map(|record| entries(record.value(&field.name))) {
                let came = holds(entries(new), entry) && !holds(entries(old), entry);
                if !came || holds(&current, entry) {
                    continue;
                }
                let with: Vec<Json> = current.iter().chain([entry]).cloned().collect();
                let values = Values::from([(field.name.clone(), Json::Array(with.clone()))]);
                if give(tx, snapshot, context, operation, object_type, *id, values)? {
                    current = with;
                }
            }
        }
    }
    Ok(())
}

/// Whether the survivor took it: what somebody else has by now is why the record could not return.
fn give(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    operation: &mut Operation,
    object_type: &ObjectType,
    id: i64,
    values: Values,
) -> Result<bool> {
    let change = Change::Update { id, base_version: None, values };
    let results = apply(tx, snapshot.undo_writer(), context, operation, object_type, vec![change])?;
    match results.into_iter().next() {
        Some(Ok(_)) => Ok(true),
        Some(Err(EngineError::Invalid(_))) | None => Ok(false),
        Some(Err(other)) => Err(other),
    }
}

/// The records that the operation merged away and that are in the trash still.
fn stranded(tx: &mut Tx, undone: &StoredOperation, object_type: &ObjectType) -> Result<Vec<Record>> {
    let sql = "SELECT record_id FROM changes WHERE operation_id = ? AND object_type_id = ? AND field_id = ?";
    let rows = tx.query(sql, &[undone.id.into(), object_type.id.into(), MERGED_FIELD_ID.into()])?;
    let ids: Vec<i64> = rows.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?;
    let records = load_records(tx, object_type, &ids, false)?;
    Ok(records.into_values().filter(|record| record.deleted_at.is_some() && record.merged_into.is_some()).collect())
}

fn entries(value: &Json) -> &[Json] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Whether the same channel stands there, whatever its label.
fn holds(entries: &[Json], entry: &Json) -> bool {
    let key = |entry: &Json| (entry.get("kind").cloned(), entry.get("value").cloned());
    entries.iter().any(|other| key(other) == key(entry))
}
