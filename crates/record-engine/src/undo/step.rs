//! One batch of an undo: what was changed goes back to what it was, what was made goes to the trash.
//!
//! What must stay true: it writes with the rights that the actor has now, not with those he had when he did what is taken back. Only what a
//! merge made point to the survivor points back to a record that returns, whoever may see it: that is part of the record's return.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Tx, Value, in_list, quote_identifier};
use serde_json::Value as Json;

use super::kept::Kept;
use super::parts::{Part, Sorter, parts_of};
use super::regain::regain;
use super::{Position, UndoReport};
use crate::access::{Action, Scope};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::engine::Snapshot;
use crate::error::{EngineError, Result};
use crate::history::StoredOperation;
use crate::merge::taken_back;
use crate::query::admitted;
use crate::query::load::load_records;
use crate::record::{Record, Values};
use crate::write::{Change, DELETED_FIELD_ID, MERGED_FIELD_ID, Operation, OperationKind, Outcome, Writer, apply};

/// Records of one batch.
const BATCH: usize = 250;

/// One batch, in the caller's transaction.
pub(super) fn step(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    undone: &StoredOperation,
    position: &mut Position,
) -> Result<()> {
    let mut operation = match position.report.operation_id {
        Some(id) => Operation::resume(OperationKind::Undo, undone.object_type_id, id),
        None => {
            let mut operation = Operation::new(OperationKind::Undo, undone.object_type_id);
            operation.undoes = Some(undone.id);
            operation.title.clone_from(&undone.title);
            operation
        }
    };
    if position.is_changed_done {
        undo_created(tx, snapshot, context, undone, &mut operation, position)?;
    } else {
        undo_changed(tx, snapshot, context, undone, &mut operation, position)?;
    }
    if position.is_done && operation.stored_id().is_none() && position.report.kept_count == 0 {
        // Nothing was left to take back; the operation still counts as undone. One whose records were all kept does not:
        // somebody with more rights may take it back.
        operation.add(tx, context, 0)?;
    }
    position.report.operation_id = operation.stored_id();
    Ok(())
}

/// Field id, old and new value of a change.
pub(super) type FieldChange = (i64, Json, Json);

fn undo_changed(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    undone: &StoredOperation,
    operation: &mut Operation,
    position: &mut Position,
) -> Result<()> {
    let (after_type, after_id) = position.changed_after;
    let places = tx.query(
        &format!(
            "SELECT DISTINCT object_type_id, record_id FROM changes WHERE operation_id = ? AND (object_type_id, record_id) > (?, ?) \
             ORDER BY object_type_id, record_id LIMIT {BATCH}"
        ),
        &[undone.id.into(), after_type.into(), after_id.into()],
    )?;
    let parts = parts_of(tx, undone)?;
    let Some(first) = places.first().map(|row| row.integer(0)).transpose()? else {
        position.part += 1;
        position.changed_after = (0, 0);
        position.is_changed_done = position.part >= parts.len();
        return Ok(());
    };
    let part = parts.get(position.part).copied().unwrap_or(Part::All);
    let ids: Vec<i64> = places
        .iter()
        .filter(|row| row.integer(0).ok() == Some(first))
        .map(|row| row.integer(1))
        .collect::<Result<_, _>>()?;
    position.changed_after = (first, ids.last().copied().unwrap_or(after_id));
    let Some(object_type) = snapshot.catalog.object_type_by_id(first) else { return Ok(()) };
    let changes = changes_of(tx, undone.id, first, &ids)?;
    let records = load_records(tx, object_type, &ids, true)?;
    if part == Part::Regains {
        return regain(tx, snapshot, context, undone, operation, object_type, &changes, &records);
    }
    let sorter = Sorter::new(tx, &snapshot.catalog, object_type, undone, parts, &changes)?;
    let mut batch = Batch::new(tx, snapshot, context, object_type, &records)?;
    for (id, fields) in changes {
        if let Some(record) = records.get(&id) {
            batch.plan(record, fields, &sorter, part);
        }
    }
    batch.run(tx, operation, &mut position.report)
}

fn changes_of(tx: &mut Tx, operation_id: i64, type_id: i64, ids: &[i64]) -> Result<BTreeMap<i64, Vec<FieldChange>>> {
    let mut params: Vec<Value> = vec![operation_id.into(), type_id.into()];
    params.extend(ids.iter().map(|id| Value::Integer(*id)));
    let sql = format!(
        "SELECT record_id, field_id, old_value, new_value FROM changes WHERE operation_id = ? AND object_type_id = ? AND record_id IN {}",
        in_list(ids.len())
    );
    let mut changes: BTreeMap<i64, Vec<FieldChange>> = BTreeMap::new();
    for row in tx.query(&sql, &params)? {
        let read = |at: usize| -> Result<Json> {
            Ok(row.optional_text(at)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null))
        };
        changes.entry(row.integer(0)?).or_default().push((row.integer(1)?, read(2)?, read(3)?));
    }
    Ok(changes)
}

fn undo_created(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    undone: &StoredOperation,
    operation: &mut Operation,
    position: &mut Position,
) -> Result<()> {
    let Some(object_type) = snapshot.catalog.object_types.get(position.created_type) else {
        position.is_done = true;
        return Ok(());
    };
    let sql = format!(
        "SELECT id FROM {} WHERE created_operation = ? AND id > ? ORDER BY id LIMIT {BATCH}",
        quote_identifier(object_type.table())
    );
    let ids: Vec<i64> = tx
        .query(&sql, &[undone.id.into(), position.created_after.into()])?
        .iter()
        .map(|row| row.integer(0))
        .collect::<Result<_, _>>()?;
    let Some(last) = ids.last() else {
        position.created_type += 1;
        position.created_after = 0;
        return Ok(());
    };
    position.created_after = *last;
    let records = load_records(tx, object_type, &ids, true)?;
    let touched = touched_since(tx, undone.id, object_type.id, &ids)?;
    let mut batch = Batch::new(tx, snapshot, context, object_type, &records)?;
    for (id, record) in records.iter().filter(|(_, record)| record.deleted_at.is_none()) {
        if touched.contains(id) {
            batch.kept.record(record);
        } else {
            batch.moves.push(Change::Delete { id: *id, base_version: None });
        }
    }
    batch.run(tx, operation, &mut position.report)
}

/// Records, made by this operation, that others, still in force, have changed since.
///
/// A job keeps one number for minutes, so an operation with a lower number may have come to the record later than this one.
fn touched_since(tx: &mut Tx, operation_id: i64, type_id: i64, ids: &[i64]) -> Result<BTreeSet<i64>> {
    let mut params: Vec<Value> = vec![type_id.into(), operation_id.into()];
    params.extend(ids.iter().map(|id| Value::Integer(*id)));
    let sql = format!(
        "SELECT DISTINCT c.record_id FROM changes c JOIN operations o ON o.id = c.operation_id WHERE c.object_type_id = ? AND c.operation_id <> ? \
         AND o.undone_by_operation_id IS NULL AND o.kind <> 'undo' AND c.record_id IN {}",
        in_list(ids.len())
    );
    tx.query(&sql, &params)?.iter().map(|row| row.integer(0).map_err(Into::into)).collect()
}

/// The records of one type in a batch, and what is to be done with them.
struct Batch<'a> {
    snapshot: &'a Snapshot,
    context: &'a RequestContext,
    object_type: &'a ObjectType,
    records: &'a BTreeMap<i64, Record>,
    read_only_fields: &'static [&'static str],
    moves: Vec<Change>,
    updates: Vec<Change>,
    /// What follows a merged record back.
    relations: Vec<Change>,
    /// Records of which an earlier part has told.
    told: BTreeSet<i64>,
    kept: Kept<'a>,
}

impl<'a> Batch<'a> {
    fn new(
        tx: &mut Tx,
        snapshot: &'a Snapshot,
        context: &'a RequestContext,
        object_type: &'a ObjectType,
        records: &'a BTreeMap<i64, Record>,
    ) -> Result<Batch<'a>> {
        let see = Scope::of(context, object_type, Action::See)?;
        let seen = admitted(tx, &see, object_type, records.values())?;
        Ok(Batch {
            snapshot,
            context,
            object_type,
            records,
            read_only_fields: object_type.access().grants(context.actor).read_only_fields,
            moves: Vec::new(),
            updates: Vec::new(),
            relations: Vec::new(),
            told: BTreeSet::new(),
            kept: Kept::new(object_type, see, seen),
        })
    }

    fn plan(&mut self, record: &'a Record, mut fields: Vec<FieldChange>, sorter: &Sorter, part: Part) {
        let is_first = sorter.is_first(self.object_type, part, &fields);
        let merged = fields.iter().find(|(field_id, ..)| *field_id == MERGED_FIELD_ID);
        let merged_into = merged.and_then(|(_, old, _)| old.as_i64());
        fields.retain(|change| sorter.part(self.object_type, change) == part);
        if !is_first {
            self.told.insert(record.id);
        }
        if part != Part::Relations && !self.kept.sees(record) {
            // What has happened to its values since is not his to know either.
            if is_first {
                self.kept.record(record);
            }
            return;
        }
        let mut values = Values::new();
        for (field_id, old, new) in fields {
            if field_id == DELETED_FIELD_ID {
                let was_deleted = new == Json::Bool(true);
                if was_deleted == record.deleted_at.is_some() {
                    self.moves.push(match merged_into {
                        _ if was_deleted => Change::Restore { id: record.id },
                        Some(into) => Change::MergeAway { id: record.id, into },
                        None => Change::Delete { id: record.id, base_version: None },
                    });
                }
                continue;
            }
            let Some(field) = self.object_type.field_by_id(field_id) else { continue };
            if field.is_read_only {
                // Derived values follow from the others.
                continue;
            }
            let current = record.value(&field.name);
            let is_many = field.behaviour().child_table().is_some();
            if (part == Part::Relations || self.is_writable(field))
                && (*current == new || (sorter.is_ordered() && is_many))
            {
                let back = if *current == new { old } else { taken_back(field, current, &old, &new) };
                values.insert(field.name.clone(), back);
            } else if *current != old {
                self.kept.field(record, field, old);
            }
        }
        if !values.is_empty() {
            let to = if part == Part::Relations { &mut self.relations } else { &mut self.updates };
            to.push(Change::Update { id: record.id, base_version: None, values });
        }
    }

    fn is_writable(&self, field: &Field) -> bool {
        self.kept.shows(field) && !self.read_only_fields.contains(&field.name.as_str())
    }

    /// Writes what was planned and tells what was kept.
    fn run(mut self, tx: &mut Tx, operation: &mut Operation, report: &mut UndoReport) -> Result<()> {
        // Out of the trash first, so that the fields find a live record; a record stands once in each call.
        let own = self.snapshot.undo_writer();
        for (writer, changes) in [
            (own, std::mem::take(&mut self.moves)),
            (own, std::mem::take(&mut self.updates)),
            (self.snapshot.trusted_writer(), std::mem::take(&mut self.relations)),
        ] {
            if !changes.is_empty() {
                report.undone += self.write(tx, writer, operation, changes)?;
            }
        }
        self.kept.tell(tx, self.snapshot, self.context, report)
    }

    fn write(
        &mut self,
        tx: &mut Tx,
        writer: Writer<'_>,
        operation: &mut Operation,
        changes: Vec<Change>,
    ) -> Result<i64> {
        let ids: Vec<i64> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Update { id, .. }
                | Change::Delete { id, .. }
                | Change::MergeAway { id, .. }
                | Change::Restore { id } => Some(*id),
                Change::Create { .. } => None,
            })
            .collect();
        let mut undone = 0;
        for (id, result) in ids.into_iter().zip(apply(tx, writer, self.context, operation, self.object_type, changes)?)
        {
            match result {
                Ok(Outcome::Unchanged(_)) => {}
                Ok(_) => undone += i64::from(!self.told.contains(&id)),
                // A restored card whose number somebody else has by now, a value that rules no longer allow, a record that the actor may not change
                // any more: kept as it is.
                Err(
                    EngineError::Invalid(_) | EngineError::State(_) | EngineError::NotFound | EngineError::Forbidden,
                ) => {
                    if let Some(record) = self.records.get(&id) {
                        self.kept.record(record);
                    }
                }
                Err(other) => return Err(other),
            }
        }
        Ok(undone)
    }
}
