//! What a module adds to the write path: checks, derived values, consequences.

use database::{Query, Tx};

use super::draft::Intent;
use super::operation::Operation;
use crate::catalog::Catalog;
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::record::{Record, Values};

/// The rules of an object type. Most are pure and see one record; the two for batches may look into the database, in the transaction of the write.
pub trait Rules: Sync + Send {
    /// Checks `after`, sets derived fields in it. `before` is `None` for a new record.
    fn apply(&self, _before: Option<&Values>, _after: &mut Values) -> Vec<FieldError> {
        Vec::new()
    }

    /// Values of a new record that depend on who makes it; they fill only empty fields.
    fn defaults(&self, _context: &RequestContext, _values: &mut Values) {}

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

    /// Whether every process must read again what it works with, the rights of users among it.
    fn announces(&self, _proposals: &[Proposal<'_>]) -> bool {
        false
    }
}

/// Rules of types that have none.
pub struct NoRules;

impl Rules for NoRules {}

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
}
