//! Emptying the trash: what has lain there longer than the retention period goes for good, in small batches.
//!
//! The history of a purged record stays: it says what was done, by whom, without bringing the record back.

use database::{Backend, Query, Tx, Value, in_list, quote_identifier};

use crate::catalog::ObjectType;
use crate::engine::Engine;
use crate::error::Result;

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
    for object_type in &engine.snapshot().catalog.object_types {
        loop {
            let count = engine.write_batch(|tx| purge_batch(tx, object_type, before_ms))?;
            total += count;
            if count < BATCH {
                break;
            }
        }
    }
    Ok(total)
}

fn purge_batch(tx: &mut Tx, object_type: &ObjectType, before_ms: i64) -> Result<usize> {
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
    let list = in_list(ids.len());
    for field in object_type.value_fields().filter(|field| field.behaviour().child_table().is_some()) {
        tx.execute(&format!("DELETE FROM {} WHERE record_id IN {list}", object_type.child_table(field)), &ids)?;
    }
    let search = object_type.search_table();
    tx.execute(&format!("DELETE FROM {search} WHERE record_id IN {list}"), &ids)?;
    if tx.backend() == Backend::Sqlite {
        tx.execute_late(format!("DELETE FROM {search}_index WHERE rowid IN {list}"), ids.clone());
    }
    tx.execute(&format!("DELETE FROM {table} WHERE id IN {list}"), &ids)?;
    Ok(ids.len())
}
