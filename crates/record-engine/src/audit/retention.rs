//! How long events are kept, and the one place that removes them.

use database::{Query, Tx};
use serde::{Deserialize, Serialize};

use super::{Event, Kind, chain, record};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::{Engine, settings};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Where the settings stand.
const NAME: &str = "audit";
/// The shortest time, in days: what happened is often asked for months later.
pub const MIN_DAYS: i64 = 90;
/// The longest time, in days.
pub const MAX_DAYS: i64 = 3_660;
/// Events that one transaction removes.
const BATCH: i64 = 5_000;

/// What administrators decide about the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditSettings {
    /// How long events are kept, in days.
    pub retention_days: i64,
    /// Whether it is told who opened which private card.
    pub records_views: bool,
}

impl Default for AuditSettings {
    fn default() -> Self {
        AuditSettings { retention_days: 3 * 365, records_views: false }
    }
}

/// Reads the settings.
///
/// # Errors
/// Those of the database.
pub fn read_settings(tx: &mut dyn Query) -> Result<AuditSettings> {
    Ok(settings::read(tx, NAME)?.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default())
}

/// Stores the settings, and tells of it.
///
/// # Errors
/// `Invalid` at `/retention_days`; those of the database.
pub fn write_settings(tx: &mut Tx, context: &RequestContext, changed: AuditSettings) -> Result<()> {
    if !(MIN_DAYS..=MAX_DAYS).contains(&changed.retention_days) {
        let error = FieldError::new("retention_days", "out_of_range");
        return Err(EngineError::field(error.with("minimum", MIN_DAYS).with("maximum", MAX_DAYS)));
    }
    let before = read_settings(tx)?;
    if before == changed {
        return Ok(());
    }
    let json = |settings: AuditSettings| {
        serde_json::to_value(settings).map_err(|error| EngineError::Stored(error.to_string()))
    };
    settings::write(tx, NAME, &json(changed)?)?;
    let event = Event::new(Kind::SettingsChanged).with("section", "audit");
    record(tx, context, event.with("before", json(before)?).with("after", json(changed)?));
    Ok(())
}

/// Removes the events whose time is over; answers how many.
///
/// # Errors
/// Those of the database.
pub fn remove_old(engine: &Engine) -> Result<u64> {
    let mut removed = 0;
    loop {
        let step = engine.write(|tx| remove_some(tx, &RequestContext::system(engine.clock())))?;
        removed += step;
        if step < BATCH.unsigned_abs() {
            return Ok(removed);
        }
    }
}

/// Only from the beginning of the chain on: an old event behind a young one waits for it.
fn remove_some(tx: &mut Tx, context: &RequestContext) -> Result<u64> {
    let before_ms = context.now_ms - read_settings(tx)?.retention_days * DAY_MS;
    let kept = tx.query_one("SELECT MIN(id) FROM audit_events WHERE at >= ?", &[before_ms.into()])?;
    let (first, end) = (tx.query_one("SELECT MIN(id) FROM audit_events", &[])?, chain::read_end(tx)?);
    let Some(first) = first.optional_integer(0)? else { return Ok(0) };
    let last = kept.optional_integer(0)?.map_or(end.last_id, |kept| kept - 1).min(first + BATCH - 1);
    let row = tx.query_optional("SELECT hash FROM audit_events WHERE id = ?", &[last.into()])?;
    let Some(row) = row.filter(|_| last >= first) else { return Ok(0) };
    let removed = tx.execute("DELETE FROM audit_events WHERE id <= ?", &[last.into()])?;
    let event = Event::new(Kind::AuditPruned).with("count", removed).with("first_id", first).with("last_id", last);
    record(tx, context, event.with("hash", row.text_str(0)?));
    Ok(removed)
}
