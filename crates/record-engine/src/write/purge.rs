//! Emptying the trash: what has lain there longer than the retention period goes for good, in small batches.
//!
//! What the rules of its type keep stays in the trash (a legal hold, for one), and is asked again each time.
//!
//! The history of a purged record stays: it says what was done, by whom, without bringing the record back. Its parts, such as comments, go with it.

use std::sync::Arc;

use database::{Backend, Query, Tx, Value, in_list, quote_identifier};

use crate::catalog::ObjectType;
use crate::engine::Engine;
use crate::error::Result;
use crate::followers;
use crate::query::load_records;
use crate::reactions;
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
        let mut after = Some((i64::MIN, i64::MIN));
        while let Some(place) = after {
            let (count, next) = engine.write_batch(|tx| purge_batch(tx, types, object_type, before_ms, place))?;
            total += count;
            after = next;
        }
    }
    Ok(total)
}

/// Looks at the next records behind a place, which is when one was deleted and its id; answers how many went, and the place of the last that was looked
/// at, or `None` when there are no more.
fn purge_batch(
    tx: &mut Tx,
    types: &[Arc<ObjectType>],
    object_type: &ObjectType,
    before_ms: i64,
    (after_ms, after_id): (i64, i64),
) -> Result<(usize, Option<(i64, i64)>)> {
    let table = quote_identifier(object_type.table());
    // Whoever is just taking a record out of the trash comes first; once he has, it does not match any more.
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!(
        "SELECT id, deleted_at FROM {table} WHERE deleted_at IS NOT NULL AND deleted_at < ? AND (deleted_at, id) > (?, ?) \
         ORDER BY deleted_at, id LIMIT {BATCH}{lock}"
    );
    let rows = tx.query(&sql, &[before_ms.into(), after_ms.into(), after_id.into()])?;
    let found: Vec<i64> = rows.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?;
    let next = match rows.last() {
        Some(last) if rows.len() == BATCH => Some((last.integer(1)?, last.integer(0)?)),
        _ => None,
    };
    let records = load_records(tx, object_type, &found, false)?;
    let goes = |id: &i64| records.get(id).is_some_and(|record| !object_type.rules().keeps_in_trash(record));
    let ids: Vec<Value> = found.into_iter().filter(goes).map(Value::Integer).collect();
    if ids.is_empty() {
        return Ok((0, next));
    }
    for part in types {
        let Some(field) = part.part_field(object_type) else { continue };
        let (table, column) = (quote_identifier(part.table()), quote_identifier(&field.column));
        let sql = format!("SELECT id FROM {table} WHERE {column} IN {}", in_list(ids.len()));
        let parts: Vec<Value> =
            tx.query(&sql, &ids)?.iter().map(|row| row.integer(0).map(Value::Integer)).collect::<Result<_, _>>()?;
        for chunk in parts.chunks(BATCH) {
            remove(tx, part, chunk)?;
        }
    }
    remove(tx, object_type, &ids)?;
    Ok((ids.len(), next))
}

/// Removes the rows of records, and of all that stands beside them but for their history.
pub(super) fn remove(tx: &mut Tx, object_type: &ObjectType, ids: &[Value]) -> Result<()> {
    let table = quote_identifier(object_type.table());
    let list = in_list(ids.len());
    for field in object_type.value_fields().filter(|field| field.behaviour().child_table().is_some()) {
        tx.execute(&format!("DELETE FROM {} WHERE record_id IN {list}", object_type.child_table(field)), ids)?;
    }
    search_text::remove(tx, object_type, ids)?;
    followers::forget(tx, object_type, ids)?;
    reactions::forget(tx, object_type, ids)?;
    tx.execute(&format!("DELETE FROM {table} WHERE id IN {list}"), ids)?;
    Ok(())
}
