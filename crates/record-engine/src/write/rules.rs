//! What a module adds to the write path: checks, derived values, consequences.

use database::{Query, Tx};
use jiff::civil::Date;

use super::draft::Intent;
use super::operation::Operation;
use super::{Change, Writer, apply};
use crate::catalog::{Catalog, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::{ChoiceSettings, FieldKind, NormaliseContext};
use crate::record::{Record, Values};

/// The rules of an object type. Most are pure and see one record; the two for batches may look into the database, in the transaction of the write.
pub trait Rules: Sync + Send {
    /// Checks `after`, sets derived fields in it. `before` is `None` for a new record.
    fn apply(&self, _occasion: Occasion<'_>, _before: Option<&Values>, _after: &mut Values) -> Vec<FieldError> {
        Vec::new()
    }

    /// Values of a new record that depend on who makes it; they fill only empty fields.
    fn defaults(&self, _context: &RequestContext, _values: &mut Values) {}

    /// Values of a new record that depend on the installation.
    fn settle(&self, _installation: &NormaliseContext, _values: &mut Values) {}

    /// Whether it completes what was given ([`Rules::complete_batch`]); such records are worked out in their transaction only.
    fn completes(&self) -> bool {
        false
    }

    /// Completes what was given of new and changed records by what stands elsewhere, before the other rules: the price of a product. What it reads it reads
    /// under the rights of `context`. Nothing has been checked yet. The answer names those to refuse by their place.
    ///
    /// # Errors
    /// Those of the database.
    fn complete_batch(
        &self,
        _tx: &mut Tx,
        _surroundings: Surroundings<'_>,
        _completions: &mut [Completion<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        Ok(Vec::new())
    }

    /// Checks what only the catalog can tell, of a record that stands well otherwise.
    fn check_values(&self, _catalog: &Catalog, _proposal: &Proposal<'_>) -> Vec<FieldError> {
        Vec::new()
    }

    /// Checks what only the whole table can tell. `proposals` have passed all other checks; the answer names those to refuse by their place.
    ///
    /// # Errors
    /// Those of the database.
    fn check_batch(
        &self,
        _tx: &mut dyn Query,
        _catalog: &Catalog,
        _context: &RequestContext,
        _proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        Ok(Vec::new())
    }

    /// Does what must happen together with the change, in tables of the module; the operation is stored. Not called for a rehearsal.
    ///
    /// # Errors
    /// Those of the database; they undo the write too.
    fn follow_batch(
        &self,
        _tx: &mut Tx,
        _context: &RequestContext,
        _operation: &Operation,
        _proposals: &[Proposal<'_>],
    ) -> Result<()> {
        Ok(())
    }

    /// What follows for records of other types, by the names of these: it is written in the same operation whatever the actor may do with them. The change is
    /// stored. It must end: what follows from what follows names no type twice.
    ///
    /// # Errors
    /// Those of the database.
    fn consequences(&self, _tx: &mut dyn Query, _proposals: &[Proposal<'_>]) -> Result<Vec<(&'static str, Change)>> {
        Ok(Vec::new())
    }

    /// Makes what follows from the change as a part of its operation, so that one undo takes both back. Not called for a rehearsal, and not for what
    /// comes back by an undo: what followed comes back with it.
    ///
    /// # Errors
    /// Those of the database; they undo the write too.
    fn continue_batch(&self, _write: &mut Continuation<'_>, _proposals: &[Proposal<'_>]) -> Result<()> {
        Ok(())
    }

    /// Whether a record in the trash stays there when its time is over.
    fn keeps_in_trash(&self, _record: &Record) -> bool {
        false
    }

    /// Whether every process must read again what it works with, the rights of users among it.
    fn announces(&self, _proposals: &[Proposal<'_>]) -> bool {
        false
    }
}

/// The transaction of a write that goes on: new records in it belong to its operation.
pub struct Continuation<'a> {
    /// The transaction.
    pub tx: &'a mut Tx,
    /// Who writes, and when.
    pub context: &'a RequestContext,
    pub(super) writer: Writer<'a>,
    pub(super) operation: &'a mut Operation,
}

impl Continuation<'_> {
    /// Makes records, one result for each. Rights are not asked: they follow from what was authorised.
    ///
    /// # Errors
    /// `NotFound` for an unknown type; those of the database.
    pub fn create(&mut self, type_name: &str, values: Vec<Values>) -> Result<Vec<Result<i64>>> {
        let writer = Writer { is_trusted: true, is_bulk: false, ..self.writer };
        self.create_by(writer, type_name, values)
    }

    /// As [`Continuation::create`], and nothing is required of the records: what is asked of new ones may be asked since a time after that from which
    /// what they follow from is.
    ///
    /// # Errors
    /// Those of [`Continuation::create`].
    pub fn create_incomplete(&mut self, type_name: &str, values: Vec<Values>) -> Result<Vec<Result<i64>>> {
        let writer = Writer { is_trusted: true, is_bulk: false, is_erasure: true, ..self.writer };
        self.create_by(writer, type_name, values)
    }

    fn create_by(&mut self, writer: Writer<'_>, type_name: &str, values: Vec<Values>) -> Result<Vec<Result<i64>>> {
        let object_type = writer.catalog.object_type(type_name).ok_or(EngineError::NotFound)?;
        let changes = values.into_iter().map(|values| Change::Create { values }).collect();
        let made = apply(self.tx, writer, self.context, self.operation, object_type, changes)?;
        Ok(made.into_iter().map(|outcome| outcome.map(|outcome| outcome.id())).collect())
    }
}

/// Rules of types that have none.
pub struct NoRules;

impl Rules for NoRules {}

/// When and by whom a record is written, and its type as it stands, whose options administrators change.
#[derive(Clone, Copy)]
pub struct Occasion<'a> {
    /// The type of the record.
    pub object_type: &'a ObjectType,
    /// The time, milliseconds UTC.
    pub now_ms: i64,
    /// The day that whoever writes has then.
    pub today: Date,
    /// Who writes; `None` for the program.
    pub user_id: Option<i64>,
    /// Off for what the program itself writes and for what comes back by an undo.
    pub is_strict: bool,
}

impl<'a> Occasion<'a> {
    /// A record of this type is written now, by whoever asks.
    pub fn of(object_type: &'a ObjectType, context: &RequestContext) -> Occasion<'a> {
        Occasion {
            object_type,
            now_ms: context.now_ms,
            today: context.today(),
            user_id: context.actor.user_id(),
            is_strict: true,
        }
    }

    /// The settings of a choice field.
    pub fn choice(&self, field: &str) -> Option<&'a ChoiceSettings> {
        match &self.object_type.field(field)?.kind {
            FieldKind::Choice(settings) => Some(settings),
            _ => None,
        }
    }
}

/// What a completion works with.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The installation, as values are normalised for it.
    pub installation: &'a NormaliseContext,
    /// Who writes, and when.
    pub context: &'a RequestContext,
}

/// A new or changed record whose values may be completed.
pub struct Completion<'a> {
    /// What stands there; `None` for a new record.
    pub before: Option<&'a Record>,
    /// What was given, in stored form; a value of `null` empties.
    pub input: &'a mut Values,
    /// Off for what the program itself writes and for what comes back by an undo.
    pub is_strict: bool,
}

/// A record of a batch that is about to be written, or just was.
#[derive(Clone, Copy, Debug)]
pub struct Proposal<'a> {
    /// What is done with it.
    pub intent: Intent,
    /// The record; a new one has its id only once it is stored.
    pub id: Option<i64>,
    /// What stood there; `None` for a new record.
    pub before: Option<&'a Record>,
    /// All values as they will stand.
    pub after: &'a Values,
    /// It is the program's own work: rights have been asked for the whole of it.
    pub is_trusted: bool,
}
