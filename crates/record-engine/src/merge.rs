//! Merging: several records of a type become one, and can become several again.
//!
//! One record survives. The others give it what it lacks (`plan`), everything that points to them points to it from then on, and they go
//! to the trash with a note of where they went. All of it takes the ordinary write path under one operation, so that its undo is the
//! *unmerge*.
//!
//! What must stay true: the preview and the merge come from the same plan; every relation moves, whoever may see it; all or nothing.
//! The losers go first, because they must release their channels before the survivor takes them.

mod plan;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use database::{Query, Tx};
use serde_json::{Value as Json, json};

pub use plan::FieldPlan;
pub(crate) use plan::taken_back;

use crate::access::{Action, Locks, Permissions, Scope};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::engine::Snapshot;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::FieldKind;
use crate::followers;
use crate::query::load::{load_records, masked};
use crate::query::relations::{Relation, pointing_to, relations_to};
use crate::query::visible_ids;
use crate::record::{Record, Values};
use crate::write::{Change, Occasion, Operation, OperationKind, Outcome, Writer, apply};
use plan::{Circumstances, plan};

/// Most records that one merge makes one of.
pub const MAX_RECORDS: usize = 20;
/// Most records that may point to the losers: they move in one transaction, which others wait for.
const MAX_RELATIONS: usize = 10_000;
/// Records of one statement while relations move.
const BATCH: usize = 250;
/// Most records above one another that are looked at; trees are kept below it.
const MAX_DEPTH: usize = 200;

/// Which records become one, and how.
#[derive(Clone, Debug, Default)]
pub struct MergeRequest {
    /// The one that stays.
    pub survivor: i64,
    /// Those that become part of it, the most trusted first.
    pub losers: Vec<i64>,
    /// By field, the record whose value stands; for a many-valued field it stands alone.
    pub choices: BTreeMap<String, i64>,
    /// By record, the version that the caller saw.
    pub versions: BTreeMap<i64, i64>,
}

/// How many records point to the losers by one field.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationCount {
    /// Name of the type that points.
    pub object_type: String,
    /// Name of its field.
    pub field: String,
    /// How many records.
    pub count: usize,
}

/// What a merge would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The records as they are, as far as the reader may see them, the survivor first.
    pub records: Vec<Record>,
    /// The survivor as it would be.
    pub merged: Record,
    /// Field by field, as far as the reader may write it.
    pub fields: Vec<FieldPlan>,
    /// What would point to the survivor anew, of what the reader sees.
    pub relations: Vec<RelationCount>,
}

/// What a merge did.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The operation; its undo takes the merge back.
    pub operation_id: i64,
    /// Records that point to the survivor instead of a loser, of those that the actor sees: no more are counted, but all are moved.
    pub moved: usize,
}

/// Says what a merge would do, without doing it.
///
/// # Errors
/// As [`merge`].
pub fn preview(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &ObjectType,
    request: &MergeRequest,
) -> Result<Preview> {
    let group = Group::load(tx, context, object_type, request, false)?;
    let fields = group.plan(tx, context, object_type, request)?;
    let survivor = group.survivor()?;
    let mut merged = survivor.clone();
    for field in &fields {
        merged.values.insert(field.field.clone(), field.value.clone());
    }
    merged.values.retain(|_, value| !value.is_null());
    // Derived values follow; what a rule has to say against the result is said when it is written.
    object_type.rules().apply(Occasion::of(object_type, context), Some(&survivor.values), &mut merged.values);
    merged.values.retain(|_, value| !value.is_null());
    let mut relations = Vec::new();
    for (relation, ids) in group.relations(tx, snapshot, object_type)? {
        let ids = known(tx, context, relation, &ids)?;
        if !ids.is_empty() {
            let (object_type, field) = (relation.object_type.name.clone(), relation.field.name.clone());
            relations.push(RelationCount { object_type, field, count: ids.len() });
        }
    }
    let see = &group.see;
    let merged = masked(object_type, see, merged);
    let records = group.records.iter().map(|record| masked(object_type, see, record.clone())).collect();
    Ok(Preview { records, merged, fields, relations })
}

/// Makes one record of several in the caller's transaction, as an operation of its own. After an error nothing of it may be committed.
///
/// # Errors
/// `NotFound` for a record that the actor may not see, `Forbidden` for one that he may not change or delete, `State` for one in the trash,
/// `Conflict` for one that changed, `Invalid` for choices and values that cannot stand.
pub fn merge(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &ObjectType,
    request: &MergeRequest,
) -> Result<Merged> {
    let group = Group::load(tx, context, object_type, request, true)?;
    let mut operation = Operation::new(OperationKind::Merge, Some(object_type.id));
    let title = group.survivor()?.value(object_type.definition.title_field);
    operation.title = title.as_str().map(String::from);
    group.merge(tx, snapshot, context, object_type, request, &mut operation)
}

/// The same as part of a larger operation.
///
/// # Errors
/// As [`merge`].
pub fn merge_within(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &ObjectType,
    request: &MergeRequest,
    operation: &mut Operation,
) -> Result<Merged> {
    Group::load(tx, context, object_type, request, true)?.merge(tx, snapshot, context, object_type, request, operation)
}

fn all(results: Vec<Result<Outcome>>) -> Result<()> {
    results.into_iter().try_for_each(|result| result.map(drop))
}

/// Those of the records of a relation of which the actor may hear: that he sees, pointing by a field that he sees.
fn known(tx: &mut dyn Query, context: &RequestContext, relation: Relation<'_>, ids: &[i64]) -> Result<BTreeSet<i64>> {
    if context.permissions(relation.object_type).hides(&relation.field.name) {
        return Ok(BTreeSet::new());
    }
    visible_ids(tx, context, relation.object_type, ids)
}

/// A record that cannot point to the survivor, told without saying which: the actor may not know it.
fn refused_relation(relation: Relation<'_>, error: EngineError) -> EngineError {
    let EngineError::Invalid(errors) = error else { return error };
    let cause = errors.first().map_or_else(String::new, |error| error.code.clone());
    let refused = FieldError::new("losers", "relation_refused")
        .with("type", relation.object_type.name.as_str())
        .with("field", relation.field.name.as_str())
        .with("cause", cause);
    EngineError::field(refused)
}

/// The records of a merge, the survivor first.
struct Group {
    records: Vec<Record>,
    see: Scope,
    permissions: Arc<Permissions>,
    /// Fields of the survivor that the actor leaves as they are.
    locked: Vec<&'static str>,
}

impl Group {
    fn load(
        tx: &mut dyn Query,
        context: &RequestContext,
        object_type: &ObjectType,
        request: &MergeRequest,
        for_update: bool,
    ) -> Result<Group> {
        if object_type.definition.is_system {
            return Err(EngineError::State("cannot_be_merged"));
        }
        let ids = ids_of(request)?;
        let mut found = load_records(tx, object_type, &ids, for_update)?;
        let records: Vec<Record> = ids.iter().filter_map(|id| found.remove(id)).collect();
        let see = Scope::of(context, object_type, Action::See)?;
        if records.len() < ids.len() || !records.iter().all(|record| see.admits(object_type, record)) {
            return Err(EngineError::NotFound);
        }
        let merge = Scope::of(context, object_type, Action::Merge)?;
        let change = Scope::of(context, object_type, Action::Change)?;
        let delete = Scope::of(context, object_type, Action::Delete)?;
        for (place, record) in records.iter().enumerate() {
            let is_open = merge.admits(object_type, record) && change.admits(object_type, record);
            if !is_open || (place > 0 && !delete.admits(object_type, record)) {
                return Err(EngineError::Forbidden);
            }
            if record.deleted_at.is_some() {
                return Err(EngineError::State("in_trash"));
            }
        }
        // What was merged or deleted meanwhile changed too, but that is not the news.
        let changed =
            records.iter().find(|record| request.versions.get(&record.id).is_some_and(|seen| *seen != record.version));
        if let Some(record) = changed {
            return Err(EngineError::Conflict { version: record.version, fields: Vec::new() });
        }
        let permissions = context.permissions(object_type);
        let locked = Locks::of(context, object_type)?.fields(object_type, records.first());
        Ok(Group { records, see, permissions, locked })
    }

    fn survivor(&self) -> Result<&Record> {
        self.records.first().ok_or(EngineError::NotFound)
    }

    fn losers(&self) -> impl Iterator<Item = i64> {
        self.records.iter().skip(1).map(|record| record.id)
    }

    fn plan(
        &self,
        tx: &mut dyn Query,
        context: &RequestContext,
        object_type: &ObjectType,
        request: &MergeRequest,
    ) -> Result<Vec<FieldPlan>> {
        let blocked = self.standing_below(tx, object_type)?;
        let circumstances = Circumstances { choices: &request.choices, blocked };
        // A field that the actor may not write keeps the survivor's value; the losers keep theirs in the trash.
        let is_his = |name: &str| self.permissions.writes(name) && !self.locked.contains(&name);
        let is_open = |field: &Field| context.actor.user_id().is_none() || is_his(&field.name);
        self.refuse_lost_links(object_type, &is_open)?;
        plan(object_type, &is_open, &self.records, &circumstances)
    }

    /// What only one live record may have (whose card it is) is no more had by any once it lies in the trash. Who may write it moves it to
    /// the survivor; who may not merges only into the record that has it.
    fn refuse_lost_links(&self, object_type: &ObjectType, is_open: &dyn Fn(&Field) -> bool) -> Result<()> {
        let is_only_one = |field: &&Field| matches!(&field.kind, FieldKind::Reference(settings) if settings.is_unique);
        for field in object_type.value_fields().filter(is_only_one).filter(|field| !is_open(field)) {
            let lost = self.records.iter().skip(1).find(|record| !record.value(&field.name).is_null());
            if let Some(record) = lost {
                let error =
                    FieldError::new("losers", "must_stay").with("id", record.id).with("field", field.name.as_str());
                return Err(EngineError::field(error));
            }
        }
        Ok(())
    }

    fn merge(
        &self,
        tx: &mut Tx,
        snapshot: &Snapshot,
        context: &RequestContext,
        object_type: &ObjectType,
        request: &MergeRequest,
        operation: &mut Operation,
    ) -> Result<Merged> {
        let fields = self.plan(tx, context, object_type, request)?;
        let relations = self.relations(tx, snapshot, object_type)?;
        let survivor = self.survivor()?;
        let writer = snapshot.writer();
        let away = self.losers().map(|loser| Change::MergeAway { id: loser, into: survivor.id }).collect();
        all(apply(tx, writer, context, operation, object_type, away)?)?;

        let changed = fields.into_iter().filter(|plan| plan.value != *survivor.value(&plan.field));
        let values: Values = changed.map(|plan| (plan.field, plan.value)).collect();
        if !values.is_empty() {
            let change = Change::Update { id: survivor.id, base_version: None, values };
            // What a loser had may be an option that is retired by now; it stood in the base and goes on standing there.
            let lenient = Writer { is_undo: true, ..writer };
            all(apply(tx, lenient, context, operation, object_type, vec![change])?).map_err(|error| match error {
                EngineError::Invalid(errors) => {
                    EngineError::Invalid(errors.into_iter().map(|error| error.below("choices")).collect())
                }
                other => other,
            })?;
        }

        let mut moved = BTreeSet::new();
        for (relation, ids) in relations {
            let known = known(tx, context, relation, &ids)?;
            moved.extend(known.into_iter().map(|id| (relation.object_type.id, id)));
            for chunk in ids.chunks(BATCH) {
                let records = load_records(tx, relation.object_type, chunk, true)?;
                let changes = records.values().map(|record| self.redirect(relation, record, survivor.id)).collect();
                // Whoever may merge the records moves what points to them, also what he may not see: nothing may point into the trash.
                let results = apply(tx, snapshot.trusted_writer(), context, operation, relation.object_type, changes)?;
                all(results).map_err(|error| refused_relation(relation, error))?;
            }
        }
        followers::merge(tx, context, &object_type.name, &self.losers().collect::<Vec<i64>>(), survivor.id)?;
        let operation_id =
            operation.stored_id().ok_or_else(|| EngineError::Stored("a merge that wrote nothing".into()))?;
        Ok(Merged { operation_id, moved: moved.len() })
    }

    /// The records that a value of the group would put above it in a tree, though they stand below one of the group.
    fn standing_below(&self, tx: &mut dyn Query, object_type: &ObjectType) -> Result<BTreeSet<(String, i64)>> {
        let mut below = BTreeSet::new();
        let group: BTreeSet<i64> = self.records.iter().map(|record| record.id).collect();
        for field in object_type.value_fields() {
            if !matches!(&field.kind, FieldKind::Reference(settings) if settings.is_hierarchy) {
                continue;
            }
            for wanted in self.records.iter().filter_map(|record| record.value(&field.name).as_i64()) {
                let mut above = Some(wanted).filter(|id| !group.contains(id));
                for _ in 0..MAX_DEPTH {
                    let Some(id) = above else { break };
                    let record = load_records(tx, object_type, &[id], false)?.remove(&id);
                    above = record.and_then(|record| record.value(&field.name).as_i64());
                    if above.is_some_and(|id| group.contains(&id)) {
                        below.insert((field.name.clone(), wanted));
                        break;
                    }
                }
            }
        }
        Ok(below)
    }

    /// The records outside the group that point to its losers, by relation.
    fn relations<'a>(
        &self,
        tx: &mut dyn Query,
        snapshot: &'a Snapshot,
        object_type: &ObjectType,
    ) -> Result<Vec<(Relation<'a>, Vec<i64>)>> {
        let losers: Vec<i64> = self.losers().collect();
        let mut total = 0;
        let mut found = Vec::new();
        for relation in relations_to(&snapshot.catalog, &object_type.name) {
            let mut ids = pointing_to(tx, relation, &losers, MAX_RELATIONS + MAX_RECORDS + 1)?;
            if relation.object_type.id == object_type.id {
                ids.retain(|id| !self.records.iter().any(|record| record.id == *id));
            }
            total += ids.len();
            if total > MAX_RELATIONS {
                let error = FieldError::new("losers", "too_many_relations").with("max", MAX_RELATIONS);
                return Err(EngineError::field(error));
            }
            found.push((relation, ids));
        }
        Ok(found)
    }

    /// A record that pointed to losers and now points to the survivor.
    fn redirect(&self, relation: Relation<'_>, record: &Record, survivor: i64) -> Change {
        let is_loser = |id: &Json| id.as_i64().is_some_and(|id| self.losers().any(|loser| loser == id));
        let value = match record.value(&relation.field.name) {
            Json::Array(ids) => {
                let mut kept: Vec<Json> = Vec::with_capacity(ids.len());
                for id in ids {
                    let id = if is_loser(id) { json!(survivor) } else { id.clone() };
                    if !kept.contains(&id) {
                        kept.push(id);
                    }
                }
                Json::Array(kept)
            }
            id if is_loser(id) => json!(survivor),
            other => other.clone(),
        };
        let values = Values::from([(relation.field.name.clone(), value)]);
        Change::Update { id: record.id, base_version: None, values }
    }
}

/// The ids of a request, the survivor first.
fn ids_of(request: &MergeRequest) -> Result<Vec<i64>> {
    let mut ids = vec![request.survivor];
    for loser in &request.losers {
        if *loser == request.survivor {
            return Err(EngineError::field(FieldError::new("losers", "same_record").with("id", *loser)));
        }
        if !ids.contains(loser) {
            ids.push(*loser);
        }
    }
    if ids.len() < 2 {
        return Err(EngineError::field(FieldError::new("losers", "required")));
    }
    if ids.len() > MAX_RECORDS {
        return Err(EngineError::field(FieldError::new("losers", "too_many_values").with("max", MAX_RECORDS)));
    }
    Ok(ids)
}
