//! The field of contacts that names their valid consents, kept in step with the calendar and with merges: consents run out without anybody doing
//! anything, and a merge unites what the consents themselves may see otherwise.

use std::collections::BTreeSet;

use database::{Query, Value, quote_identifier};
use record_engine::catalog::ObjectType;
use record_engine::context::date_of;
use record_engine::error::{EngineError, Result};
use record_engine::query::load_records;
use record_engine::write::{Operation, OperationKind};
use record_engine::{Engine, RequestContext, settings};
use serde_json::{Value as Json, json};

use super::super::SUBJECT;
use super::{CONSENT_TYPE, follow};

/// The setting that says up to when this was done.
const DONE_SETTING: &str = "consents_refreshed";
/// Contacts of one transaction.
const BATCH: usize = 200;

/// Brings the field up to date for consents that ran out, or moved to another contact, since the last time; answers how many contacts it
/// looked at.
///
/// # Errors
/// Those of the database.
pub fn refresh(engine: &Engine) -> Result<usize> {
    let now_ms = engine.clock().now_ms();
    let today = date_of(now_ms);
    let snapshot = engine.snapshot();
    let consents = snapshot.object_type(CONSENT_TYPE)?;
    let done = engine.database().read(|tx| settings::read(tx, DONE_SETTING))?;
    let (last_day, last_ms) = match &done {
        Some(done) => (
            done.get("day").and_then(Json::as_str).unwrap_or_default().to_owned(),
            done.get("at_ms").and_then(Json::as_i64).unwrap_or_default(),
        ),
        None => (String::new(), 0),
    };
    let contacts = engine.database().read(|tx| moved(tx, &consents, &last_day, &today, last_ms))?;
    let context = RequestContext::system(engine.clock());
    for chunk in contacts.chunks(BATCH) {
        engine.write_batch(|tx| {
            let object_type = snapshot.object_type(SUBJECT)?;
            let mut operation = Operation::new(OperationKind::Consent, Some(object_type.id));
            for contact in load_records(tx, &object_type, chunk, true)?.into_values() {
                if contact.deleted_at.is_none() && contact.erased_at.is_none() {
                    follow(tx, &snapshot, &context, &mut operation, contact.id)?;
                }
            }
            Ok::<(), EngineError>(())
        })?;
    }
    let done = json!({ "day": today, "at_ms": now_ms });
    engine.write(|tx| settings::write(tx, DONE_SETTING, &done))?;
    Ok(contacts.len())
}

/// The contacts of consents whose last day lies between two days, or which changed since an instant: a merge gave them to another contact.
fn moved(tx: &mut dyn Query, consents: &ObjectType, from: &str, before: &str, since_ms: i64) -> Result<Vec<i64>> {
    let (Some(contact), Some(last)) = (consents.field("record"), consents.field("expires_on")) else {
        return Ok(Vec::new());
    };
    let (table, contact) = (quote_identifier(consents.table()), quote_identifier(&contact.column));
    let last = quote_identifier(&last.column);
    let mut found = BTreeSet::new();
    let days =
        format!("SELECT DISTINCT {contact} FROM {table} WHERE {last} >= ? AND {last} < ? AND deleted_at IS NULL");
    let changed =
        format!("SELECT DISTINCT {contact} FROM {table} WHERE updated_at >= ? AND version > 1 AND deleted_at IS NULL");
    let of_days: [Value; 2] = [from.into(), before.into()];
    for row in tx.query(&days, &of_days)?.iter().chain(tx.query(&changed, &[since_ms.into()])?.iter()) {
        found.extend(row.optional_integer(0)?);
    }
    Ok(found.into_iter().collect())
}

/// The ids of all live records of a small type.
pub(super) fn live_ids(tx: &mut dyn Query, object_type: &ObjectType) -> Result<Vec<i64>> {
    let table = quote_identifier(object_type.table());
    let rows = tx.query(&format!("SELECT id FROM {table} WHERE deleted_at IS NULL ORDER BY id LIMIT 500"), &[])?;
    Ok(rows.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?)
}
