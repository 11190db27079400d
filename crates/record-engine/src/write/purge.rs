//! Emptying the trash: what has lain there longer than the retention period goes for good, in small batches.
//!
//! The history of a purged record stays: it says what was done, by whom, without bringing the record back. Its parts, such as comments, go with it.

use std::sync::Arc;

use database::{Backend, Query, Tx, Value, in_list, quote_identifier};

use crate::catalog::ObjectType;
use crate::engine::Engine;
use crate::error::Result;
use crate::search_text;

/// Records of one transaction.
const BATCH: usize = 200;
/// Name of the setting.
const SETTING: &str = "trash_retention_days";
/// How long the trash keeps records unless the setting says otherwise, in days.
pub const DEFAULT_RETENTION_DAYS: i64 = 90;
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Removes what has been in the trash for longer than the retention period; answers how many records.
///
/// # Errors
/// Those of the database.
pub fn purge_expired(engine: &Engine) -> Result<usize> {
    let setting = engine.database().read(|tx| crate::settings::read(tx, SETTING))?;
    let days = setting.and_then(|value| value.as_i64()).unwrap_or(DEFAULT_RETENTION_DAYS);
    let before_ms = engine.clock().now_ms() - days.saturating_mul(DAY_MS);
    let mut total = 0;
    let snapshot = engine.snapshot();
    let types = &snapshot.catalog.object_types;
    for object_type in types {
        loop {
            let count = engine.write_batch(|tx| purge_batch(tx, types, object_type, before_ms))?;
            total += count;
            if count < BATCH {
                break;
            }
        }
    }
    Ok(total)
}

fn purge_batch(tx: &mut Tx, types: &[Arc<ObjectType>], object_type: &ObjectType, before_ms: i64) -> Result<usize> {
    let table = quote_identifier(object_type.table());
    // Whoever is just taking a record out of the trash comes first; once he has, it does not match any more.
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!(
        "SELECT id FROM {table} WHERE deleted_at IS NOT NULL AND deleted_at < ? ORDER BY deleted_at, id LIMIT {BATCH}{lock}"
    );
    let ids: Vec<Value> = tx
        .query(&sql, &[before_ms.into()])?
        .iter()
        .map(|row| row.integer(0).map(Value::Integer))
        .collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(0);
    }
    for part in types {
        let Some((name, whole)) = part.whole() else { continue };
        let Some(field) = part.field(name).filter(|_| whole.id == object_type.id) else { continue };
        let (table, column) = (quote_identifier(part.table()), quote_identifier(&field.column));
        let sql = format!("SELECT id FROM {table} WHERE {column} IN {}", in_list(ids.len()));
        let parts: Vec<Value> =
            tx.query(&sql, &ids)?.iter().map(|row| row.integer(0).map(Value::Integer)).collect::<Result<_, _>>()?;
        for chunk in parts.chunks(BATCH) {
            remove(tx, part, chunk)?;
        }
    }
    remove(tx, object_type, &ids)?;
    Ok(ids.len())
}

/// Removes the rows of records, and of all that stands beside them but for their history.
pub(super) fn remove(tx: &mut Tx, object_type: &ObjectType, ids: &[Value]) -> Result<()> {
    let table = quote_identifier(object_type.table());
    let list = in_list(ids.len());
    for field in object_type.value_fields().filter(|field| field.behaviour().child_table().is_some()) {
        tx.execute(&format!("DELETE FROM {} WHERE record_id IN {list}", object_type.child_table(field)), ids)?;
    }
    search_text::remove(tx, object_type, ids)?;
    tx.execute(&format!("DELETE FROM {table} WHERE id IN {list}"), ids)?;
    Ok(())
}
