//! The write path: the only code that changes record tables.
//!
//! [`apply`] reads top to bottom: authorise → refuse unknown and read-only input → normalise → load, check version → completion → defaults → module rules →
//! required fields → references → filters → duplicates → batch rules → trees → write → history → consequences of the module → outbox. Everything happens in one transaction of the caller, for one record or
//! for a batch: single saves, imports, mass edits, undo and restore are all this one path. A record that breaks a rule is left out and reported; the others are written.
//!
//! What must stay true: each change belongs to an operation; a created record costs no change rows (its operation is enough);
//! nothing is written for a record before all its checks have passed.

mod agreement;
mod checks;
mod completion;
mod draft;
pub mod erase;
mod operation;
mod purge;
mod rules;
mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use database::Tx;
use serde_json::{Value as Json, json};

pub use draft::Intent;
pub use operation::{Operation, OperationKind};
pub use purge::{DEFAULT_RETENTION_DAYS, purge_expired};
pub use rules::{Completion, Continuation, NoRules, Occasion, Proposal, Rules, Surroundings};
pub(crate) use store::{DELETED_FIELD_ID, ERASED_FIELD_ID, MERGED_FIELD_ID};

use crate::access::{Action, Locks, Permissions, Scope};
use crate::catalog::{self, Catalog, Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::NormaliseContext;
use crate::followers;
use crate::notifications;
use crate::outbox;
use crate::query::load::versions;
use crate::query::{admitted, load_records};
use crate::record::{Record, Values};
use draft::{Draft, Leniency};

/// What to do with one record.
#[derive(Clone, Debug)]
pub enum Change {
    /// Make a record.
    Create {
        /// Its values.
        values: Values,
    },
    /// Set some fields of a record.
    Update {
        /// The record.
        id: i64,
        /// The version the caller saw; `None` overwrites whatever stands there.
        base_version: Option<i64>,
        /// The fields to set; `null` empties.
        values: Values,
    },
    /// Move it to the trash.
    Delete {
        /// The record.
        id: i64,
        /// The version the caller saw; `None` deletes whatever stands there.
        base_version: Option<i64>,
    },
    /// Move it to the trash because another record has taken its place.
    MergeAway {
        /// The record.
        id: i64,
        /// The record that stands for it from now on.
        into: i64,
    },
    /// Take it out of the trash.
    Restore {
        /// The record.
        id: i64,
    },
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A record was made.
    Created(i64),
    /// Fields changed.
    Updated(i64),
    /// The record already had these values.
    Unchanged(i64),
    /// It is in the trash now.
    Deleted(i64),
    /// It is out of the trash.
    Restored(i64),
}

impl Outcome {
    /// The record.
    pub fn id(&self) -> i64 {
        match self {
            Outcome::Created(id)
            | Outcome::Updated(id)
            | Outcome::Unchanged(id)
            | Outcome::Deleted(id)
            | Outcome::Restored(id) => *id,
        }
    }
}

/// Everything the write path needs beside the transaction.
#[derive(Clone, Copy)]
pub struct Writer<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// How values are normalised.
    pub normalise: &'a NormaliseContext,
    /// Counts the writes to sets, after which the catalog is read again.
    pub set_writes: &'a AtomicU64,
    /// Checks only: nothing is written.
    pub is_rehearsal: bool,
    /// Rights are not asked: the program's own work, which was authorised as a whole.
    pub is_trusted: bool,
    /// One of many records of a mass change: the right to that is asked too.
    pub is_bulk: bool,
    /// What stood there once comes back: neither the trash nor a retired option is in the way of that. Rights are asked.
    pub is_undo: bool,
    /// Personal data goes for good, see [`erase`]: nothing is required, and what was erased before may be written.
    pub is_erasure: bool,
}

/// Applies changes to records of one type in the caller's transaction; answers one result for each change, in order.
///
/// A record may appear only once in a call. Two writers that meet on PostgreSQL end in `DatabaseError::Serialization`, which the database retries.
///
/// # Errors
/// Those of the database; what is wrong with single records stands in their results.
pub fn apply(
    tx: &mut Tx,
    writer: Writer<'_>,
    context: &RequestContext,
    operation: &mut Operation,
    object_type: &ObjectType,
    changes: Vec<Change>,
) -> Result<Vec<Result<Outcome>>> {
    let prepared = prepare(writer, context, object_type, changes)?;
    apply_prepared(tx, writer, context, operation, object_type, prepared)
}

/// [`apply`] for records that were read for their change in the same transaction, and not written since.
///
/// # Errors
/// As [`apply`].
pub(crate) fn apply_to(
    tx: &mut Tx,
    writer: Writer<'_>,
    context: &RequestContext,
    operation: &mut Operation,
    object_type: &ObjectType,
    changes: Vec<Change>,
    records: BTreeMap<i64, Record>,
) -> Result<Vec<Result<Outcome>>> {
    let prepared = Ahead::prepare(writer, context, object_type, changes, records)?.of_this_transaction();
    apply_prepared(tx, writer, context, operation, object_type, prepared)
}

/// Changes that are ready for their transaction: all that needs no database has been done.
///
/// A mass import prepares on one thread while another writes, and a transaction that must be tried again does not prepare again.
#[derive(Clone)]
pub struct Prepared {
    rights: Arc<Rights>,
    drafts: Vec<Draft>,
}

impl Prepared {
    /// How many changes there are.
    pub fn len(&self) -> usize {
        self.drafts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }

    /// What is wrong with the first change, as far as it is known before its transaction.
    ///
    /// # Errors
    /// That.
    pub fn first_error(&self) -> Result<()> {
        self.drafts.first().and_then(Draft::error).map_or(Ok(()), |error| Err(error.clone()))
    }

    /// Only the changes at these places, in this order.
    #[must_use]
    pub fn select(&self, places: &[usize]) -> Prepared {
        let drafts = places.iter().filter_map(|place| self.drafts.get(*place)).cloned().collect();
        Prepared { rights: self.rights.clone(), drafts }
    }

    /// Sets a field of a new record to a value in stored form: a reference that became known only while writing.
    /// Rules of the module have run before and do not see it. Cheap as long as no clone of this record's change exists.
    pub fn set(&mut self, place: usize, object_type: &ObjectType, field_name: &str, value: Json) {
        let field = object_type.fields.iter().enumerate().find(|(_, field)| field.name == field_name);
        let (Some(draft), Some((at, field))) = (self.drafts.get_mut(place), field) else { return };
        if let Some(encoded) = &mut draft.encoded {
            Arc::make_mut(encoded).set(at, field, &value);
        }
        if draft.encoded.is_none() {
            // It is worked out in its transaction only, from what was given.
            draft.input.insert(field_name.into(), value.clone());
        }
        Arc::make_mut(&mut draft.after).insert(field_name.into(), value);
    }
}

/// Does what needs no database: refuses unknown and read-only input, normalises, and for new records runs the rules and encodes them.
///
/// # Errors
/// `Stored` for a catalog whose rules do not fit; what is wrong with single records comes out of [`apply_prepared`].
pub fn prepare(
    writer: Writer<'_>,
    context: &RequestContext,
    object_type: &ObjectType,
    changes: Vec<Change>,
) -> Result<Prepared> {
    let rights = Rights::of(context, object_type, writer)?;
    let mut drafts: Vec<Draft> = changes.into_iter().map(Draft::new).collect();
    for draft in &mut drafts {
        if draft.intent == Intent::Create && !rights.is_trusted && !rights.permissions.may(Action::Create) {
            draft.fail(EngineError::Forbidden);
            continue;
        }
        draft.refuse_and_normalise(writer, object_type, &rights);
        if draft.intent == Intent::Create
            && draft.is_open()
            && !object_type.rules().completes()
            && let Err(error) = draft.make_new(writer, context, object_type, &rights)
        {
            draft.fail(error);
        }
    }
    Ok(Prepared { rights: Arc::new(rights), drafts })
}

/// Changes of records that were read before their transaction: what a transaction of many records would otherwise do while others wait for it.
pub struct Ahead {
    prepared: Prepared,
}

impl Ahead {
    /// Prepares changes of these records; a change of a record that is not among them is left to the transaction.
    ///
    /// # Errors
    /// As [`prepare`].
    pub fn prepare(
        writer: Writer<'_>,
        context: &RequestContext,
        object_type: &ObjectType,
        changes: Vec<Change>,
        mut records: BTreeMap<i64, Record>,
    ) -> Result<Ahead> {
        let mut prepared = prepare(writer, context, object_type, changes)?;
        let leniency = prepared.rights.leniency;
        for draft in prepared.drafts.iter_mut().filter(|draft| draft.is_open() && draft.base_version.is_none()) {
            match draft.id.and_then(|id| records.remove(&id)) {
                Some(record) if draft.intent == Intent::Update && !object_type.rules().completes() => {
                    draft.look_ahead(object_type, context, record, leniency)
                }
                record => draft.before = record,
            }
        }
        Ok(Ahead { prepared })
    }

    /// The changes of records that were read for them in the transaction that writes them.
    pub(crate) fn of_this_transaction(self) -> Prepared {
        self.prepared
    }

    /// The changes, if all records still stand as they were read; they stay so until the transaction ends.
    ///
    /// # Errors
    /// Those of the database.
    pub fn if_unchanged(self, tx: &mut Tx, object_type: &ObjectType) -> Result<Option<Prepared>> {
        let read: BTreeMap<i64, i64> =
            self.prepared.drafts.iter().filter_map(|draft| Some((draft.id?, draft.before.as_ref()?.version))).collect();
        let is_same = versions(tx, object_type, read.keys().copied())? == read;
        Ok(is_same.then_some(self.prepared))
    }
}

/// [`apply`] for prepared changes.
///
/// # Errors
/// Those of the database; what is wrong with single records stands in their results.
pub fn apply_prepared(
    tx: &mut Tx,
    writer: Writer<'_>,
    context: &RequestContext,
    operation: &mut Operation,
    object_type: &ObjectType,
    prepared: Prepared,
) -> Result<Vec<Result<Outcome>>> {
    let Prepared { rights, mut drafts } = prepared;
    load_current(tx, object_type, &mut drafts)?;
    completion::complete(tx, writer, context, object_type, &rights, &mut drafts)?;
    for draft in drafts.iter_mut().filter(|draft| draft.is_open() && draft.intent != Intent::Create) {
        if let Err(error) = meet_current(tx, context, object_type, &rights, draft) {
            draft.fail(error);
        }
    }
    checks::references(tx, writer, context, object_type, &mut drafts)?;
    checks::filters(writer, context, object_type, &mut drafts);
    checks::values(writer, object_type, &mut drafts);
    checks::currencies(writer, object_type, &mut drafts);
    checks::files(tx, writer, object_type, &mut drafts)?;
    checks::duplicates(tx, writer, context, object_type, &mut drafts)?;
    checks::batch_rules(tx, writer, context, object_type, &mut drafts)?;
    checks::hierarchies(tx, object_type, &mut drafts)?;
    if !writer.is_rehearsal {
        operation.ensure_id(tx)?;
        store::write(tx, context, operation, object_type, &mut drafts)?;
        let proposals: Vec<Proposal<'_>> =
            drafts.iter().filter(|draft| draft.is_written()).map(|draft| draft.proposal(writer.is_trusted)).collect();
        object_type.rules().follow_batch(tx, context, operation, &proposals)?;
        followers::tell_changes(tx, context, operation, object_type, &proposals)?;
        let consequences = object_type.rules().consequences(tx, &proposals)?;
        if !writer.is_undo && !writer.is_erasure {
            let mut write = Continuation { tx, context, writer, operation };
            object_type.rules().continue_batch(&mut write, &proposals)?;
        }
        if let Some(undone) = operation.undone_id(tx)? {
            let ids = proposals.iter().filter_map(|proposal| proposal.id).collect();
            notifications::take_back(tx, context, undone, &object_type.name, &ids)?;
        }
        let is_steering = object_type.definition.membership.is_some() || object_type.rules().announces(&proposals);
        if is_steering && !proposals.is_empty() {
            catalog::announce(tx, context)?;
            writer.set_writes.fetch_add(1, Ordering::Release);
        }
        announce(tx, context, operation, object_type, &drafts)?;
        completion::follow(tx, writer, context, operation, consequences)?;
    }
    Ok(drafts.into_iter().map(Draft::into_result).collect())
}

/// Applies one change as an operation of its own; answers its outcome and the operation, unless nothing changed.
///
/// # Errors
/// What is wrong with the change, or trouble of the database.
pub fn apply_one(
    tx: &mut Tx,
    writer: Writer<'_>,
    context: &RequestContext,
    object_type: &ObjectType,
    change: Change,
) -> Result<(Outcome, Option<i64>)> {
    let prepared = prepare(writer, context, object_type, vec![change])?;
    apply_prepared_one(tx, writer, context, object_type, prepared)
}

/// [`apply_one`] for a change that was prepared before its transaction began, so that other writers do not wait for that.
///
/// # Errors
/// What is wrong with the change, or trouble of the database.
pub fn apply_prepared_one(
    tx: &mut Tx,
    writer: Writer<'_>,
    context: &RequestContext,
    object_type: &ObjectType,
    prepared: Prepared,
) -> Result<(Outcome, Option<i64>)> {
    let intent = prepared.drafts.first().map(|draft| draft.intent).ok_or(EngineError::NotFound)?;
    let kind = match intent {
        Intent::Create => OperationKind::Create,
        Intent::Update => OperationKind::Update,
        Intent::Delete => OperationKind::Delete,
        Intent::Restore => OperationKind::Restore,
    };
    let mut operation = Operation::new(kind, Some(object_type.id));
    let results = apply_prepared(tx, writer, context, &mut operation, object_type, prepared)?;
    let outcome = results.into_iter().next().unwrap_or(Err(EngineError::NotFound))?;
    Ok((outcome, operation.stored_id()))
}

/// What the actor may do, compiled once for a batch.
pub(crate) struct Rights {
    see: Scope,
    change: Scope,
    delete: Scope,
    locks: Locks,
    bulk: Option<Scope>,
    /// What a record must be after a change, and a new one.
    kept: Scope,
    created: Scope,
    permissions: Arc<Permissions>,
    is_trusted: bool,
    leniency: Leniency,
}

impl Rights {
    fn of(context: &RequestContext, object_type: &ObjectType, writer: Writer<'_>) -> Result<Rights> {
        let scope = |action| Scope::of(context, object_type, action);
        Ok(Rights {
            see: scope(Action::See)?,
            change: scope(Action::Change)?,
            delete: scope(Action::Delete)?,
            locks: Locks::of(context, object_type)?,
            bulk: writer.is_bulk.then(|| scope(Action::Bulk)).transpose()?,
            kept: Scope::of_kinds_kept(context, object_type),
            created: scope(Action::Create)?,
            permissions: context.permissions(object_type),
            is_trusted: writer.is_trusted,
            leniency: match writer {
                Writer { is_erasure: true, .. } => Leniency::Erasing,
                Writer { is_trusted: true, .. } | Writer { is_undo: true, .. } => Leniency::Lenient,
                _ => Leniency::Strict,
            },
        })
    }

    fn check(&self, tx: &mut Tx, object_type: &ObjectType, record: &Record, action: Action) -> Result<()> {
        if self.is_trusted {
            return Ok(());
        }
        if admitted(tx, &self.see, object_type, [record])?.is_empty() {
            return Err(EngineError::NotFound);
        }
        let scope = if action == Action::Change { &self.change } else { &self.delete };
        let is_open =
            scope.admits(object_type, record) && self.bulk.as_ref().is_none_or(|bulk| bulk.admits(object_type, record));
        if is_open { Ok(()) } else { Err(EngineError::Forbidden) }
    }

    /// Holds the record as it will stand against the rights: it stays of a kind that the actor may change or make, only who may share says with whom it
    /// is shared, and only who has it not by sharing alone says whose it is.
    fn check_result(&self, object_type: &ObjectType, draft: &Draft) -> Result<()> {
        if self.is_trusted {
            return Ok(());
        }
        let kinds = if draft.intent == Intent::Create { &self.created } else { &self.kept };
        if !kinds.admits_values(object_type, &draft.after) {
            return Err(EngineError::Forbidden);
        }
        let locked = self.locks.fields(object_type, draft.before.as_ref());
        if locked.is_empty() {
            return Ok(());
        }
        let is_default = |field: &Field, value: &Json| draft.before.is_none() && field.default.as_ref() == Some(value);
        let refused: Vec<FieldError> = draft
            .changed(object_type)
            .into_iter()
            .filter(|(field, _, value)| locked.contains(&field.name.as_str()) && !is_default(field, value))
            .map(|(field, ..)| FieldError::new(&field.name, "read_only"))
            .collect();
        if refused.is_empty() { Ok(()) } else { Err(EngineError::Invalid(refused)) }
    }
}

fn load_current(tx: &mut Tx, object_type: &ObjectType, drafts: &mut [Draft]) -> Result<()> {
    let is_missing = |draft: &Draft| draft.is_open() && draft.id.is_some() && draft.before.is_none();
    let ids: Vec<i64> = drafts.iter().filter(|draft| is_missing(draft)).filter_map(|draft| draft.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut current: BTreeMap<i64, Record> = load_records(tx, object_type, &ids, true)?;
    for draft in drafts.iter_mut().filter(|draft| is_missing(draft)) {
        match draft.id.and_then(|id| current.remove(&id)) {
            Some(record) => draft.before = Some(record),
            None => draft.fail(EngineError::NotFound),
        }
    }
    Ok(())
}

/// Holds a change against the record as it stands.
fn meet_current(
    tx: &mut Tx,
    context: &RequestContext,
    object_type: &ObjectType,
    rights: &Rights,
    draft: &mut Draft,
) -> Result<()> {
    match draft.intent {
        Intent::Create => Ok(()),
        Intent::Update => {
            let before = draft.before.as_ref().ok_or(EngineError::NotFound)?;
            rights.check(tx, object_type, before, Action::Change)?;
            if before.erased_at.is_some() && rights.leniency != Leniency::Erasing {
                return Err(EngineError::State("erased"));
            }
            if before.deleted_at.is_some() && rights.leniency == Leniency::Strict {
                return Err(EngineError::State("in_trash"));
            }
            checks::version(tx, object_type, draft)?;
            draft.work_out(object_type, context, rights.leniency)?;
            rights.check_result(object_type, draft)
        }
        Intent::Delete | Intent::Restore => {
            let before = draft.before.as_ref().ok_or(EngineError::NotFound)?;
            rights.check(tx, object_type, before, Action::Delete)?;
            checks::same_version(before, draft.base_version)?;
            draft.after = Arc::new(before.values.clone());
            let is_done = before.deleted_at.is_some() == (draft.intent == Intent::Delete);
            draft.is_unchanged = is_done;
            Ok(())
        }
    }
}

fn announce(
    tx: &mut Tx,
    context: &RequestContext,
    operation: &Operation,
    object_type: &ObjectType,
    drafts: &[Draft],
) -> Result<()> {
    for (intent, action) in [
        (Intent::Create, "created"),
        (Intent::Update, "updated"),
        (Intent::Delete, "deleted"),
        (Intent::Restore, "restored"),
    ] {
        let ids: Vec<i64> = drafts
            .iter()
            .filter(|draft| draft.intent == intent && draft.is_written())
            .filter_map(|draft| draft.id)
            .collect();
        if !ids.is_empty() {
            let mut payload = json!({ "type": object_type.name, "ids": ids, "action": action });
            if intent == Intent::Update {
                // Who loses sight of a record by it is told so; most changes touch nothing that rights are made of.
                let fields = drafts.iter().filter(|draft| draft.intent == intent && draft.is_written());
                let fields: BTreeSet<&str> = fields
                    .flat_map(|draft| draft.changed(object_type))
                    .map(|(field, ..)| field.name.as_str())
                    .collect();
                payload = json!({ "type": object_type.name, "ids": ids, "action": action, "fields": fields });
            }
            outbox::emit(tx, context, operation.stored_id(), "records", &payload)?;
        }
    }
    Ok(())
}
