//! The tables of this module: what was erased and by which act, and the bytes that are still to be destroyed.

use database::{Migration, MigrationSql, Query, Tx};
use record_engine::error::Result;

/// The tables of this module.
pub const MIGRATIONS: &[Migration] = &[
    FIRST,
    Migration {
        version: 25,
        name: "keeping and restricting personal data",
        sql: MigrationSql::Both(
            "
CREATE TABLE export_recalls (id {int} NOT NULL PRIMARY KEY, number {int} NOT NULL);
INSERT INTO export_recalls (id, number) VALUES (1, 0);
",
        ),
    },
    super::retention::MIGRATION,
];

const FIRST: Migration = Migration {
    version: 18,
    name: "personal data",
    sql: MigrationSql::Both(
        "
CREATE TABLE destruction_acts (
    id {id},
    number {text} NOT NULL UNIQUE,
    at {int} NOT NULL,
    user_id {int},
    document {text} NOT NULL
);
CREATE INDEX destruction_acts_at ON destruction_acts (at);

CREATE TABLE erasures (
    object_type {text} NOT NULL,
    record_id {int} NOT NULL,
    created_at {int} NOT NULL,
    at {int} NOT NULL,
    act_id {int} NOT NULL,
    is_in_ledger {int} NOT NULL DEFAULT 0,
    PRIMARY KEY (object_type, record_id, created_at)
);
CREATE INDEX erasures_open ON erasures (is_in_ledger);

CREATE TABLE doomed_files (hash {text} NOT NULL PRIMARY KEY);
",
    ),
};

/// A record that was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Erasure {
    /// Name of its type.
    pub object_type: String,
    /// The record.
    pub record_id: i64,
    /// When the record was made: ids of a restored database are given out a second time, moments are not.
    pub created_at: i64,
    /// When it was erased, milliseconds UTC.
    pub at: i64,
    /// The act that says so.
    pub act_id: i64,
}

/// Notes erased records; one that was erased before keeps its first note.
pub(super) fn note(tx: &mut Tx, erasures: &[Erasure]) -> Result<()> {
    for erasure in erasures {
        tx.execute(
            "INSERT INTO erasures (object_type, record_id, created_at, at, act_id) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (object_type, record_id, created_at) DO NOTHING",
            &[
                erasure.object_type.as_str().into(),
                erasure.record_id.into(),
                erasure.created_at.into(),
                erasure.at.into(),
                erasure.act_id.into(),
            ],
        )?;
    }
    Ok(())
}

/// The erasures that are not in the ledger yet, the oldest first.
pub(super) fn outside_ledger(tx: &mut dyn Query) -> Result<Vec<Erasure>> {
    let sql = "SELECT object_type, record_id, created_at, at, act_id FROM erasures WHERE is_in_ledger = 0 ORDER BY at, record_id";
    tx.query(sql, &[])?
        .iter()
        .map(|row| {
            Ok(Erasure {
                object_type: row.text(0)?,
                record_id: row.integer(1)?,
                created_at: row.integer(2)?,
                at: row.integer(3)?,
                act_id: row.integer(4)?,
            })
        })
        .collect()
}

/// Whether a record was erased by this database.
pub(super) fn is_noted(tx: &mut dyn Query, object_type: &str, record_id: i64, created_at: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM erasures WHERE object_type = ? AND record_id = ? AND created_at = ?";
    Ok(tx.query_optional(sql, &[object_type.into(), record_id.into(), created_at.into()])?.is_some())
}

/// The ledger has them now.
pub(super) fn are_in_ledger(tx: &mut Tx, erasures: &[Erasure]) -> Result<()> {
    for erasure in erasures {
        tx.execute(
            "UPDATE erasures SET is_in_ledger = 1 WHERE object_type = ? AND record_id = ? AND created_at = ?",
            &[erasure.object_type.as_str().into(), erasure.record_id.into(), erasure.created_at.into()],
        )?;
    }
    Ok(())
}

/// Names bytes that nothing refers to any more; they are destroyed once the transaction is durable.
pub(super) fn doom(tx: &mut Tx, hashes: impl IntoIterator<Item = String>) -> Result<()> {
    for hash in hashes {
        tx.execute("INSERT INTO doomed_files (hash) VALUES (?) ON CONFLICT (hash) DO NOTHING", &[hash.into()])?;
    }
    Ok(())
}

/// The bytes that are to be destroyed, and whether something refers to them after all.
pub(super) fn doomed(tx: &mut dyn Query) -> Result<Vec<(String, bool)>> {
    let held = "SELECT (SELECT COUNT(*) FROM files WHERE hash = ?) + (SELECT COUNT(*) FROM imports WHERE file_hash = ?) \
                + (SELECT COUNT(*) FROM jobs WHERE position LIKE ?)";
    let mut left = Vec::new();
    for row in tx.query("SELECT hash FROM doomed_files ORDER BY hash", &[])? {
        let hash = row.text(0)?;
        let of_hash = [hash.as_str().into(), hash.as_str().into(), format!("%{hash}%").into()];
        let is_held = tx.query_one(held, &of_hash)?.integer(0)? > 0;
        left.push((hash, is_held));
    }
    Ok(left)
}

/// The bytes are gone, or stay.
pub(super) fn spare(tx: &mut Tx, hash: &str) -> Result<()> {
    tx.execute("DELETE FROM doomed_files WHERE hash = ?", &[hash.into()])?;
    Ok(())
}
