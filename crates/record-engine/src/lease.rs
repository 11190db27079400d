//! One claim with a lease, for rows of a table that wait to be done by whichever process comes first.
//!
//! What must stay true: a claim is written before anything is done about the row, and each has a number, so that of two processes only the one with the
//! last claim says how it ended. Whose process dies loses his claim with the lease, and the row is due again by itself.
//!
//! The table has `id`, `due_at` (when somebody may take the row next, nothing when it is done) and `attempts` (the number of the last claim).

use database::{Backend, Query, Tx, Value, in_list};

use crate::error::Result;

/// A table of waiting rows.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    /// Its name.
    pub table: &'static str,
    /// How long a claim lasts: longer than the longest work on one row.
    pub lease_ms: i64,
}

/// A row that one attempt owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The row.
    pub id: i64,
    /// Which attempt it is, from 1; tells a later claim from this one.
    pub attempt: i64,
}

impl Claim {
    /// What the last parameters of `… WHERE id = ? AND attempts = ?` are.
    pub fn params(&self) -> [Value; 2] {
        [self.id.into(), self.attempt.into()]
    }
}

impl Queue {
    /// Whether a row is due; looking needs no turn to write.
    ///
    /// # Errors
    /// Those of the database.
    pub fn is_any_due(&self, tx: &mut dyn Query, now_ms: i64) -> Result<bool> {
        let sql = format!("SELECT id FROM {} WHERE due_at <= ? LIMIT 1", self.table);
        Ok(tx.query_optional(&sql, &[now_ms.into()])?.is_some())
    }

    /// Takes the rows that wait longest, up to `limit`. Two that claim at once get different ones.
    ///
    /// # Errors
    /// Those of the database.
    pub fn claim(&self, tx: &mut Tx, now_ms: i64, limit: usize) -> Result<Vec<Claim>> {
        let Queue { table, lease_ms } = self;
        let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
        let sql = format!("SELECT id FROM {table} WHERE due_at <= ? ORDER BY due_at, id LIMIT {limit}{lock}");
        let rows = tx.query(&sql, &[now_ms.into()])?;
        let ids = rows.iter().map(|row| Ok(row.integer(0)?.into())).collect::<Result<Vec<Value>>>()?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "UPDATE {table} SET attempts = attempts + 1, due_at = ? WHERE id IN {} RETURNING id, attempts",
            in_list(ids.len())
        );
        let claimed = tx.query(&sql, &[&[(now_ms + lease_ms).into()], ids.as_slice()].concat())?;
        claimed.iter().map(|row| Ok(Claim { id: row.integer(0)?, attempt: row.integer(1)? })).collect()
    }
}
