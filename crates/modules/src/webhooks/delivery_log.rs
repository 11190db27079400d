//! The log of deliveries, as people read it: pages, one with its attempts, sending again, and how long it is kept.
//!
//! What must stay true: it names no record to somebody who may not know of it.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Row, Tx, Value};
use record_engine::Engine;
use record_engine::catalog::Catalog;
use record_engine::context::RequestContext;
use record_engine::error::{EngineError, Result};
use record_engine::query::visible_ids;

use super::deliveries::{Attempt, COLUMNS, Delivery, DeliveryQuery, DeliveryState, NOT_VISIBLE, load};
use super::store;

/// Most deliveries of a page.
const MAX_LIMIT: usize = 100;
/// How long deliveries are kept.
const KEEP_MS: i64 = 30 * 24 * 3_600 * 1_000;
/// How long the texts are kept of what went well: a mass change sends the whole base.
const KEEP_TEXTS_MS: i64 = 3 * 24 * 3_600 * 1_000;
/// So many rows are removed in one transaction.
const REMOVED_AT_ONCE: usize = 2_000;

/// The deliveries of a webhook, the newest first, and the next cursor. A page may hold fewer than it could: what its reader may not know of is left out.
///
/// # Errors
/// `Forbidden` without [`record_engine::access::Feature::Webhooks`], `NotFound`; those of the database.
pub fn list_deliveries(
    tx: &mut dyn Query,
    catalog: &Catalog,
    context: &RequestContext,
    webhook_id: i64,
    query: &DeliveryQuery,
) -> Result<(Vec<Delivery>, Option<i64>)> {
    store::find(tx, context, webhook_id)?;
    let limit = query.limit.clamp(1, MAX_LIMIT);
    let mut sql = format!("SELECT {COLUMNS} FROM webhook_deliveries WHERE webhook_id = ?");
    let mut params: Vec<Value> = vec![webhook_id.into()];
    if let Some(state) = query.state {
        sql.push_str(" AND state = ?");
        params.push(state.key().into());
    }
    if let Some(before) = query.before {
        sql.push_str(" AND id < ?");
        params.push(before.into());
    }
    if !context.is_administrator() {
        sql.push_str(&format!(" AND NOT (state = 'skipped' AND error = '{NOT_VISIBLE}')"));
    }
    sql.push_str(&format!(" ORDER BY id DESC LIMIT {}", limit + 1));
    let mut found: Vec<Delivery> = tx.query(&sql, &params)?.iter().map(Delivery::read).collect::<Result<_>>()?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|last| last.id);
    Ok((known_to(tx, catalog, context, found)?, next))
}

/// The deliveries that the reader may know of. Whether its user sees the record is looked at when a delivery is sent: what he does not see, and what
/// was not tried yet, names records of others, so it is for administrators.
fn known_to(
    tx: &mut dyn Query,
    catalog: &Catalog,
    context: &RequestContext,
    mut deliveries: Vec<Delivery>,
) -> Result<Vec<Delivery>> {
    if context.is_administrator() {
        return Ok(deliveries);
    }
    deliveries.retain(|delivery| delivery.error.as_deref() != Some(NOT_VISIBLE));
    let is_untried = |delivery: &Delivery| {
        delivery.state == DeliveryState::Waiting && delivery.attempts == 0 && !delivery.is_trial()
    };
    let mut untried: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for delivery in deliveries.iter().filter(|delivery| is_untried(delivery)) {
        untried.entry(delivery.object_type.clone()).or_default().push(delivery.record_id);
    }
    for (type_name, ids) in untried {
        let visible = match catalog.object_type(&type_name) {
            Some(object_type) => visible_ids(tx, context, object_type, &ids)?,
            None => BTreeSet::new(),
        };
        deliveries.retain(|delivery| {
            !is_untried(delivery) || delivery.object_type != type_name || visible.contains(&delivery.record_id)
        });
    }
    Ok(deliveries)
}

/// One delivery of a webhook.
///
/// # Errors
/// `Forbidden` without [`record_engine::access::Feature::Webhooks`], `NotFound`; those of the database.
pub fn find_delivery(
    tx: &mut dyn Query,
    catalog: &Catalog,
    context: &RequestContext,
    webhook_id: i64,
    id: i64,
) -> Result<Delivery> {
    store::find(tx, context, webhook_id)?;
    let found = load(tx, id)?.filter(|delivery| delivery.webhook_id == webhook_id);
    known_to(tx, catalog, context, found.into_iter().collect())?.pop().ok_or(EngineError::NotFound)
}

/// The attempts of a delivery, the newest first.
///
/// # Errors
/// Those of the database.
pub fn attempts_of(tx: &mut dyn Query, delivery: &Delivery) -> Result<Vec<Attempt>> {
    const SQL: &str = "SELECT at, status, error, duration_ms, request, answer FROM webhook_attempts WHERE delivery_id = ? ORDER BY number DESC LIMIT 100";
    let rows = tx.query(SQL, &[delivery.id.into()])?;
    let read = |row: &Row| {
        Ok(Attempt {
            at: row.integer(0)?,
            status: row.optional_integer(1)?,
            error: row.optional_text(2)?,
            duration_ms: row.integer(3)?,
            request: row.optional_text(4)?,
            answer: row.optional_text(5)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Sends a delivery that has ended once more, as the record is now; the message keeps its id, so that a receiver knows it again.
///
/// # Errors
/// `Forbidden` without [`record_engine::access::Feature::Webhooks`], `NotFound`, `State("delivery_waits")` while it has not ended; those of the database.
pub fn replay(tx: &mut Tx, catalog: &Catalog, context: &RequestContext, webhook_id: i64, id: i64) -> Result<()> {
    let delivery = find_delivery(tx, catalog, context, webhook_id, id)?;
    if delivery.is_trial() {
        return Err(EngineError::State("delivery_is_trial"));
    }
    let sql = format!("{REPLAY} AND id = ? AND state <> 'waiting'");
    let done = tx.execute(&sql, &[context.now_ms.into(), webhook_id.into(), id.into()])?;
    if done == 1 { Ok(()) } else { Err(EngineError::State("delivery_waits")) }
}

const REPLAY: &str = "UPDATE webhook_deliveries SET state = 'waiting', next_at = ?, attempts = 0, status = NULL, error = NULL, finished_at = NULL \
    WHERE webhook_id = ? AND outbox_id IS NOT NULL";

/// Sends everything once more that was given up since a moment; answers how many those are.
///
/// # Errors
/// `Forbidden` without [`record_engine::access::Feature::Webhooks`], `NotFound`; those of the database.
pub fn replay_since(engine: &Engine, context: &RequestContext, webhook_id: i64, since_ms: i64) -> Result<u64> {
    engine.database().read(|tx| store::find(tx, context, webhook_id))?;
    let sql = format!(
        "{REPLAY} AND id IN (SELECT id FROM webhook_deliveries WHERE webhook_id = ? AND state = 'failed' AND event_at >= ? \
         AND outbox_id IS NOT NULL AND id > ? ORDER BY id LIMIT {REMOVED_AT_ONCE})"
    );
    let mut count = 0;
    loop {
        // Each batch leaves the state that it looks for.
        let now = context.now_ms.into();
        let params = [now, webhook_id.into(), webhook_id.into(), since_ms.into(), 0.into()];
        let done = engine.write(|tx| tx.execute(&sql, &params))?;
        count += done;
        if done < REMOVED_AT_ONCE as u64 {
            return Ok(count);
        }
    }
}

/// Removes what is older than the log is kept, what belongs to webhooks that are gone, and the texts of what went well some days ago.
///
/// # Errors
/// Those of the database.
pub fn prune(engine: &Engine) -> Result<()> {
    let now_ms = engine.clock().now_ms();
    let gone = "SELECT id FROM webhook_deliveries WHERE created_at < ? OR webhook_id NOT IN (SELECT id FROM webhooks)";
    let attempts =
        format!("DELETE FROM webhook_attempts WHERE delivery_id IN ({gone} ORDER BY id LIMIT {REMOVED_AT_ONCE})");
    let deliveries = format!("DELETE FROM webhook_deliveries WHERE id IN ({gone} ORDER BY id LIMIT {REMOVED_AT_ONCE})");
    loop {
        let before: [Value; 1] = [(now_ms - KEEP_MS).into()];
        let done = engine.write(|tx| {
            tx.execute(&attempts, &before)?;
            tx.execute(&deliveries, &before)
        })?;
        if done < REMOVED_AT_ONCE as u64 {
            break;
        }
    }
    let texts = format!(
        "UPDATE webhook_attempts SET request = NULL, answer = NULL WHERE delivery_id IN (SELECT delivery_id FROM webhook_attempts \
         WHERE request IS NOT NULL AND error IS NULL AND at < ? LIMIT {REMOVED_AT_ONCE}) AND error IS NULL"
    );
    loop {
        let done = engine.write(|tx| tx.execute(&texts, &[(now_ms - KEEP_TEXTS_MS).into()]))?;
        if done < REMOVED_AT_ONCE as u64 {
            return Ok(());
        }
    }
}
