//! Operations: who changed how many records, when, from where and why.

use database::{Query, Tx};
use serde::{Deserialize, Serialize};

use crate::context::RequestContext;
use crate::error::{EngineError, Result};

/// What an operation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// Made one record.
    Create,
    /// Changed one record.
    Update,
    /// Moved one record to the trash.
    Delete,
    /// Took one record out of the trash.
    Restore,
    /// Brought records in from a file.
    Import,
    /// Changed many records.
    Bulk,
    /// Changed fields or the arrangement of cards.
    Catalog,
    /// Made one record of several.
    Merge,
    /// Took another operation back.
    Undo,
    /// Erased personal data for good.
    Erase,
    /// Noted what somebody consented to, or that he does not any more.
    Consent,
    /// Put a record out of use, or back into it.
    Restriction,
}

impl OperationKind {
    /// The stored key.
    pub fn key(self) -> &'static str {
        match self {
            OperationKind::Create => "create",
            OperationKind::Update => "update",
            OperationKind::Delete => "delete",
            OperationKind::Restore => "restore",
            OperationKind::Import => "import",
            OperationKind::Bulk => "bulk",
            OperationKind::Catalog => "catalog",
            OperationKind::Merge => "merge",
            OperationKind::Undo => "undo",
            OperationKind::Erase => "erase",
            OperationKind::Consent => "consent",
            OperationKind::Restriction => "restriction",
        }
    }
}

/// An operation under way. Its row appears with the first record it writes; one that changes nothing leaves no trace.
#[derive(Clone, Debug)]
pub struct Operation {
    kind: OperationKind,
    object_type_id: Option<i64>,
    id: Option<i64>,
    is_stored: bool,
    /// What it is about, for people: the name of an import file.
    pub title: Option<String>,
    /// The operation that it takes back.
    pub undoes: Option<i64>,
    /// Nobody is notified of it: a base that was made up.
    pub is_quiet: bool,
}

impl Operation {
    /// A new operation.
    pub fn new(kind: OperationKind, object_type_id: Option<i64>) -> Operation {
        Operation { kind, object_type_id, id: None, is_stored: false, title: None, undoes: None, is_quiet: false }
    }

    /// Goes on with a stored operation: the next batch of a job.
    pub fn resume(kind: OperationKind, object_type_id: Option<i64>, id: i64) -> Operation {
        Operation { kind, object_type_id, id: Some(id), is_stored: true, title: None, undoes: None, is_quiet: false }
    }

    /// The id, once the operation is stored.
    pub fn stored_id(&self) -> Option<i64> {
        self.id.filter(|_| self.is_stored)
    }

    /// The operation that it takes back, also when an earlier batch has said so.
    pub(crate) fn undone_id(&self, tx: &mut Tx) -> Result<Option<i64>> {
        let Some(id) = self.stored_id().filter(|_| self.kind == OperationKind::Undo && self.undoes.is_none()) else {
            return Ok(self.undoes);
        };
        let row = tx.query_optional("SELECT undoes_operation_id FROM operations WHERE id = ?", &[id.into()])?;
        Ok(row.map(|row| row.optional_integer(0)).transpose()?.flatten())
    }

    /// Whether an earlier batch belongs to the same operation.
    pub(super) fn is_continued(&self) -> bool {
        self.is_stored
    }

    /// The id of the operation, taken from the sequence the first time.
    pub(super) fn ensure_id(&mut self, tx: &mut Tx) -> Result<i64> {
        if let Some(id) = self.id {
            return Ok(id);
        }
        let ids = tx.allocate_ids("operations", 1)?;
        let id =
            ids.first().copied().ok_or_else(|| EngineError::Stored("the sequence of operations gave no id".into()))?;
        self.id = Some(id);
        Ok(id)
    }

    /// Stores the operation or adds to its count.
    ///
    /// # Errors
    /// Those of the database.
    pub fn add(&mut self, tx: &mut Tx, context: &RequestContext, records: usize) -> Result<i64> {
        let id = self.ensure_id(tx)?;
        let count = i64::try_from(records).unwrap_or(i64::MAX);
        if self.is_stored {
            tx.execute(
                "UPDATE operations SET record_count = record_count + ? WHERE id = ?",
                &[count.into(), id.into()],
            )?;
            return Ok(id);
        }
        tx.insert_many(
            "operations",
            &[
                "id",
                "kind",
                "object_type_id",
                "user_id",
                "at",
                "source",
                "reason",
                "title",
                "record_count",
                "undoes_operation_id",
            ],
            &[vec![
                id.into(),
                self.kind.key().into(),
                self.object_type_id.into(),
                context.actor.user_id().into(),
                context.now_ms.into(),
                context.source.key().into(),
                context.reason.clone().into(),
                self.title.clone().into(),
                count.into(),
                self.undoes.into(),
            ]],
        )?;
        if let Some(undone) = self.undoes {
            tx.execute("UPDATE operations SET undone_by_operation_id = ? WHERE id = ?", &[id.into(), undone.into()])?;
            follow_undo_chain(tx, undone)?;
        }
        self.is_stored = true;
        Ok(id)
    }
}

/// Undoing an undo puts what that had taken back into force again; if this was an undo too, what it takes back is out of force, and so on.
fn follow_undo_chain(tx: &mut Tx, undone: i64) -> Result<()> {
    let (mut above, mut is_in_force) = (undone, false);
    loop {
        let row = tx.query_optional("SELECT undoes_operation_id FROM operations WHERE id = ?", &[above.into()])?;
        let Some(below) = row.map(|row| row.optional_integer(0)).transpose()?.flatten() else { return Ok(()) };
        let changed = if is_in_force {
            tx.execute(
                "UPDATE operations SET undone_by_operation_id = ? WHERE id = ? AND undone_by_operation_id IS NULL",
                &[above.into(), below.into()],
            )?
        } else {
            tx.execute(
                "UPDATE operations SET undone_by_operation_id = NULL WHERE id = ? AND undone_by_operation_id = ?",
                &[below.into(), above.into()],
            )?
        };
        if changed == 0 {
            // Another undo holds it; what lies below follows from that one.
            return Ok(());
        }
        (above, is_in_force) = (below, !is_in_force);
    }
}
