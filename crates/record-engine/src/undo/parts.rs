//! In which order an undo takes the changes of an operation back.
//!
//! Most operations need none. A merge does: a merged record comes back only once the survivor has given up its channels and what else is one record's alone, and things can
//! point to it only once it is there. What must stay true: each change belongs to exactly one part.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Value, in_list};
use serde_json::Value as Json;

use super::step::FieldChange;
use crate::catalog::{Catalog, ObjectType};
use crate::error::Result;
use crate::history::{StoredOperation, find_operation};
use crate::query::load::MAX_IN_LIST;
use crate::write::{DELETED_FIELD_ID, MERGED_FIELD_ID, OperationKind};

/// A share of the changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// All of them.
    All,
    /// Records that go to the trash again.
    Deletions,
    /// Channels and other unique values that the survivor got.
    Releases,
    /// Records that come back.
    Returns,
    /// Unique values of those that could not come back, for the survivor again.
    Regains,
    /// What pointed to them.
    Relations,
    /// Every other field.
    Rest,
}

const PLAIN: &[Part] = &[Part::All];
const UNMERGE: &[Part] = &[Part::Releases, Part::Returns, Part::Regains, Part::Relations, Part::Rest];
const MERGE_AGAIN: &[Part] = &[Part::Deletions, Part::Rest, Part::Relations];

/// The parts in which an operation is taken back.
pub(super) fn parts_of(tx: &mut dyn Query, undone: &StoredOperation) -> Result<&'static [Part]> {
    let (mut kind, mut below, mut is_merged) = (undone.kind.clone(), undone.undoes, true);
    while let Some(operation) = below.map(|id| find_operation(tx, id)).transpose()?.flatten() {
        (kind, below, is_merged) = (operation.kind, operation.undoes, !is_merged);
    }
    Ok(match kind == OperationKind::Merge.key() {
        false => PLAIN,
        true if is_merged => UNMERGE,
        true => MERGE_AGAIN,
    })
}

/// Tells to which part a change belongs.
pub(super) struct Sorter {
    parts: &'static [Part],
    /// Records that the operation merged away or brought back, by type.
    moved: BTreeMap<String, BTreeSet<i64>>,
}

impl Sorter {
    /// For the changes of one batch.
    pub fn new(
        tx: &mut dyn Query,
        catalog: &Catalog,
        object_type: &ObjectType,
        undone: &StoredOperation,
        parts: &'static [Part],
        changes: &BTreeMap<i64, Vec<FieldChange>>,
    ) -> Result<Sorter> {
        let mut moved: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
        if parts == PLAIN {
            return Ok(Sorter { parts, moved });
        }
        for (field_id, old, new) in changes.values().flatten() {
            let Some(target) = object_type.field_by_id(*field_id).and_then(|field| field.kind.reference_target())
            else {
                continue;
            };
            let (gone, come) = difference(old, new);
            moved.entry(target.target.clone()).or_default().extend(gone.into_iter().chain(come));
        }
        for (target, ids) in &mut moved {
            let Some(target) = catalog.object_type(target) else { continue };
            let asked: Vec<Value> = std::mem::take(ids).into_iter().map(Value::Integer).collect();
            for chunk in asked.chunks(MAX_IN_LIST) {
                let mut params: Vec<Value> = vec![target.id.into(), undone.id.into(), MERGED_FIELD_ID.into()];
                params.extend_from_slice(chunk);
                let sql = format!(
                    "SELECT record_id FROM changes WHERE object_type_id = ? AND operation_id = ? AND field_id = ? AND record_id IN {}",
                    in_list(chunk.len())
                );
                for row in tx.query(&sql, &params)? {
                    ids.insert(row.integer(0)?);
                }
            }
        }
        Ok(Sorter { parts, moved })
    }

    /// Whether merged records are told apart at all.
    pub fn is_ordered(&self) -> bool {
        self.parts != PLAIN
    }

    /// The part of a change.
    pub fn part(&self, object_type: &ObjectType, (field_id, old, new): &FieldChange) -> Part {
        if !self.is_ordered() {
            return Part::All;
        }
        if *field_id == DELETED_FIELD_ID || *field_id == MERGED_FIELD_ID {
            return if self.parts == UNMERGE { Part::Returns } else { Part::Deletions };
        }
        let Some(field) = object_type.field_by_id(*field_id) else { return Part::Rest };
        let moved = field.kind.reference_target().and_then(|target| self.moved.get(&target.target));
        let (gone, come) = difference(old, new);
        let are_moved = |ids: &BTreeSet<i64>| !ids.is_empty() && moved.is_some_and(|moved| ids.is_subset(moved));
        if are_moved(&gone) || are_moved(&come) {
            // What points to a record that is coming back can do so only then.
            Part::Relations
        } else if field.kind.is_unique() && self.parts == UNMERGE {
            Part::Releases
        } else {
            Part::Rest
        }
    }

    /// Whether this is the first part in which something of the record is taken back: reports count a record once.
    pub fn is_first(&self, object_type: &ObjectType, part: Part, fields: &[FieldChange]) -> bool {
        let place = |part: Part| self.parts.iter().position(|other| *other == part);
        let earliest = fields.iter().filter_map(|change| place(self.part(object_type, change))).min();
        place(part) == earliest
    }
}

/// The ids that a value of a reference lost and got.
fn difference(old: &Json, new: &Json) -> (BTreeSet<i64>, BTreeSet<i64>) {
    let ids = |value: &Json| -> BTreeSet<i64> {
        match value {
            Json::Array(ids) => ids.iter().filter_map(Json::as_i64).collect(),
            other => other.as_i64().into_iter().collect(),
        }
    };
    let (old, new) = (ids(old), ids(new));
    (old.difference(&new).copied().collect(), new.difference(&old).copied().collect())
}
