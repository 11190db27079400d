//! What a message says: the record as the user sees it now, as whom the webhook acts.

use database::ReadTx;
use filter_language::CheckedExpr;
use record_engine::RequestContext;
use record_engine::access::compile;
use record_engine::context::instant_text;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::history::changed_fields;
use record_engine::query::{ListQuery, list, present};
use serde_json::json;

use super::deliveries::{Delivery, NOT_VISIBLE};
use super::store::Webhook;

/// A message, or why there is none.
pub(super) enum Message {
    /// Its body.
    Body(String),
    /// A stable code.
    Nothing(&'static str),
}

/// The message of a delivery, for the user of `context`. It is read like a list of one record, so that nothing is told that a list would not show.
pub(super) fn compose(
    tx: &mut ReadTx,
    snapshot: &Snapshot,
    context: &RequestContext,
    webhook: &Webhook,
    delivery: &Delivery,
) -> Result<Message> {
    if delivery.is_trial() {
        let data = json!({ "webhook": { "id": webhook.id, "name": webhook.name } });
        return Ok(Message::Body(body("webhook.trial", delivery.event_at, &data)));
    }
    let Some(object_type) = snapshot.catalog.object_type(&delivery.object_type) else {
        return Ok(Message::Nothing(NOT_VISIBLE));
    };
    let this = compile(&format!("id = {}", delivery.record_id), object_type, context)?;
    let find = |tx: &mut ReadTx, filter: CheckedExpr| {
        for is_trash in [false, true] {
            let query = ListQuery { filter: filter.clone(), limit: 1, is_trash, ..ListQuery::default() };
            if let Some(record) = list(tx, context, object_type, &query)?.records.into_iter().next() {
                return Ok::<_, EngineError>(Some(record));
            }
        }
        Ok(None)
    };
    let Some(record) = find(tx, this.clone())? else { return Ok(Message::Nothing(NOT_VISIBLE)) };
    // What it asks for may have been changed since the event.
    let filter = webhook.subscription(&delivery.object_type).and_then(|asked| asked.filter.as_deref());
    if let Some(text) = filter {
        let filter = CheckedExpr::all_of([this, compile(text, object_type, context)?]);
        if find(tx, filter)?.is_none() {
            return Ok(Message::Nothing("not_matching"));
        }
    }
    let changed = match delivery.operation_id {
        Some(operation) if delivery.action == "updated" => {
            changed_fields(tx, context, object_type, operation, delivery.record_id)?
        }
        _ => Vec::new(),
    };
    if delivery.action == "updated" && delivery.operation_id.is_some() && changed.is_empty() {
        return Ok(Message::Nothing("nothing_visible_changed"));
    }
    let presented =
        present(tx, context, &snapshot.catalog, object_type, &[record])?.iter().next().map(|record| record.to_json());
    let data = json!({ "record": presented, "changed_fields": changed, "operation_id": delivery.operation_id });
    Ok(Message::Body(body(&format!("{}.{}", delivery.object_type, delivery.action), delivery.event_at, &data)))
}

fn body(kind: &str, at_ms: i64, data: &serde_json::Value) -> String {
    json!({ "type": kind, "timestamp": instant_text(at_ms), "data": data }).to_string()
}
