//! One batch of an undo: what was changed goes back to what it was, what was made goes to the trash.
//!
//! What must stay true: it writes with the rights that the actor has now, not with those he had when he did what is taken back. Only what a
//! merge made point to the survivor points back to a record that returns, whoever may see it: that is part of the record's return.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use database::{Query, Tx, Value, in_list};
use serde_json::Value as Json;

use super::kept::Kept;
use super::later::{PutBack, is_changed_since};
use super::parts::{Part, Sorter, parts_of};
use super::regain::regain;
use super::{Manner, Position, UndoReport};
use crate::access::{Action, Permissions, Scope};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::engine::Snapshot;
use crate::error::{EngineError, Result};
use crate::history::StoredOperation;
use crate::merge::taken_back;
use crate::query::admitted;
use crate::query::load::load_records;
use crate::record::{Record, Values};
use crate::write::{Change, DELETED_FIELD_ID, MERGED_FIELD_ID, Operation, OperationKind, Outcome, Writer, apply_to};

/// One batch, in the caller's transaction.
pub(super) fn step(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    undone: &StoredOperation,
    manner: &Manner,
    position: &mut Position,
) -> Result<()> {
    let mut operation = match position.report.operation_id {
        Some(id) => Operation::resume(OperationKind::Undo, undone.object_type_id, id),
        None => {
            let mut operation = Operation::new(OperationKind::Undo, undone.object_type_id);
            operation.undoes = Some(undone.id).filter(|_| !manner.is_rest);
            operation.title.clone_from(&undone.title);
            operation
        }
    };
    if position.is_changed_done {
        undo_created(tx, snapshot, context, undone, manner, &mut operation, position)?;
    } else {
        undo_changed(tx, snapshot, context, undone, manner, &mut operation, position)?;
    }
    if position.is_done && operation.stored_id().is_none() && position.report.kept_count == 0 && !manner.is_rest {
        // Nothing was left to take back; the operation still counts as undone. One whose records were all kept does not:
        // somebody with more rights may take it back.
        operation.add(tx, context, 0)?;
    }
    position.report.operation_id = operation.stored_id();
    position.report.undoes = Some(undone.id);
    Ok(())
}

/// Field id, old and new value of a change.
pub(super) type FieldChange = (i64, Json, Json);

fn undo_changed(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    undone: &StoredOperation,
    manner: &Manner,
    operation: &mut Operation,
    position: &mut Position,
) -> Result<()> {
    let parts = parts_of(tx, undone)?;
    let Some((first, ids)) = manner.changed_batch(tx, &snapshot.catalog, undone.id, position.changed_after)? else {
        position.part += 1;
        position.changed_after = (0, 0);
        position.is_changed_done = position.part >= parts.len();
        return Ok(());
    };
    let part = parts.get(position.part).copied().unwrap_or(Part::All);
    position.changed_after = (first, ids.last().copied().unwrap_or_default());
    let Some(object_type) = snapshot.catalog.object_type_by_id(first) else { return Ok(()) };
    let mut changes = changes_of(tx, undone.id, first, &ids)?;
    if manner.is_rest {
        PutBack::load(tx, undone, first, &ids)?.leave_kept(&mut changes);
    }
    let records = load_records(tx, object_type, &ids, true)?;
    if part == Part::Regains {
        if manner.is_rest {
            return Ok(());
        }
        return regain(tx, snapshot, context, undone, operation, object_type, &changes, &records);
    }
    let sorter = Sorter::new(tx, &snapshot.catalog, object_type, undone, parts, &changes)?;
    let mut batch = Batch::new(tx, snapshot, context, object_type, &records)?;
    batch.is_rest = manner.is_rest;
    batch.overwritten = manner.choices.fields(tx, undone.id, object_type, &changes, &records)?;
    for (id, fields) in changes {
        if let Some(record) = records.get(&id) {
            batch.plan(record, fields, &sorter, part);
        }
    }
    batch.run(tx, operation, &mut position.report)
}

/// What the operation changed of these records.
pub(super) fn changes_of(
    tx: &mut dyn Query,
    operation_id: i64,
    type_id: i64,
    ids: &[i64],
) -> Result<BTreeMap<i64, Vec<FieldChange>>> {
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
    manner: &Manner,
    operation: &mut Operation,
    position: &mut Position,
) -> Result<()> {
    let Some(object_type) = snapshot.catalog.object_types.get(position.created_type) else {
        position.is_done = true;
        return Ok(());
    };
    let ids = manner.created_batch(tx, undone.id, object_type, position.created_after)?;
    let Some(last) = ids.last() else {
        position.created_type += 1;
        position.created_after = 0;
        return Ok(());
    };
    position.created_after = *last;
    let records = load_records(tx, object_type, &ids, true)?;
    let mut touched = touched_since(tx, undone.id, object_type.id, &ids)?;
    if manner.is_rest {
        PutBack::load(tx, undone, object_type.id, &ids)?.leave_kept_records(&mut touched);
    }
    let overwritten = manner.choices.records(tx, undone.id, object_type, &touched)?;
    let mut batch = Batch::new(tx, snapshot, context, object_type, &records)?;
    for (id, record) in records.iter().filter(|(_, record)| record.deleted_at.is_none()) {
        if touched.contains(id) && !overwritten.contains(id) {
            batch.kept.record(record);
        } else if !manner.is_rest || overwritten.contains(id) {
            batch.moves.push(Change::Delete { id: *id, base_version: None });
        }
    }
    batch.run(tx, operation, &mut position.report)
}

/// Records, made by this operation, that others, still in force, have changed since.
///
/// A job keeps one number for minutes, so an operation with a lower number may have come to the record later than this one.
pub(super) fn touched_since(tx: &mut dyn Query, operation_id: i64, type_id: i64, ids: &[i64]) -> Result<BTreeSet<i64>> {
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
    permissions: Arc<Permissions>,
    moves: Vec<Change>,
    updates: Vec<Change>,
    /// Records that one of its calls has been given: they may stand otherwise than they were read.
    written: BTreeSet<i64>,
    /// The same without what is overwritten, by record: what is left of an update that is refused because of that.
    plain: BTreeMap<i64, Values>,
    /// Record and field of what goes back although it was changed since.
    overwritten: BTreeSet<(i64, i64)>,
    /// Nothing else goes back.
    is_rest: bool,
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
            permissions: context.permissions(object_type),
            moves: Vec::new(),
            updates: Vec::new(),
            written: BTreeSet::new(),
            plain: BTreeMap::new(),
            overwritten: BTreeSet::new(),
            is_rest: false,
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
            if is_first && !self.is_rest {
                self.kept.record(record);
            }
            return;
        }
        let mut values = Values::new();
        let mut overwritten = Values::new();
        let mut derived = Values::new();
        for (field_id, old, new) in fields {
            if field_id == DELETED_FIELD_ID && self.is_rest {
                continue;
            }
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
                // Derived values follow from the others, or come back with them.
                if self.object_type.comes_back(field) && *record.value(&field.name) == new {
                    derived.insert(field.name.clone(), old);
                }
                continue;
            }
            let current = record.value(&field.name);
            let is_many = field.behaviour().child_table().is_some();
            // Sets and channels of a merge go back entry by entry, so nothing of theirs is in the way.
            let goes_by_entry = sorter.is_ordered() && is_many;
            if self.overwritten.contains(&(record.id, field_id)) && self.is_writable(field) && !goes_by_entry {
                overwritten.insert(field.name.clone(), old);
            } else if self.is_rest {
                if is_changed_since(current, &old, &new) {
                    self.kept.field(record, field, old);
                }
            } else if (part == Part::Relations || self.is_writable(field)) && (*current == new || goes_by_entry) {
                let back = if *current == new { old } else { taken_back(field, current, &old, &new) };
                values.insert(field.name.clone(), back);
            } else if *current != old {
                self.kept.field(record, field, old);
            }
        }
        if part == Part::Relations && !values.is_empty() {
            let values = std::mem::take(&mut values);
            self.relations.push(Change::Update { id: record.id, base_version: None, values });
        }
        if !overwritten.is_empty() {
            // Also what a merge redirected is overwritten with the rights of who chose it.
            self.plain.insert(record.id, values.clone());
            values.extend(overwritten);
        }
        if !values.is_empty() {
            values.extend(derived);
            self.updates.push(Change::Update { id: record.id, base_version: None, values });
        }
    }

    fn is_writable(&self, field: &Field) -> bool {
        self.kept.shows(field) && self.permissions.writes(&field.name)
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
        let mut again = Vec::new();
        // What this batch has not written yet stands as it was read for it.
        let fresh = ids.iter().filter(|id| self.written.insert(**id)).filter_map(|id| self.records.get_key_value(id));
        let fresh = fresh.map(|(id, record)| (*id, record.clone())).collect();
        let results = apply_to(tx, writer, self.context, operation, self.object_type, changes, fresh)?;
        for (id, result) in ids.into_iter().zip(results) {
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
                    if let Some(values) = self.plain.remove(&id).filter(|values| !values.is_empty()) {
                        again.push(Change::Update { id, base_version: None, values });
                    }
                }
                Err(other) => return Err(other),
            }
        }
        if !again.is_empty() {
            undone += self.write(tx, writer, operation, again)?;
        }
        Ok(undone)
    }
}
