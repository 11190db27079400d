//! From events to deliveries. One process at a time follows; the position stands in the database and moves with the deliveries it stands for.

use database::{Backend, Query, Tx};
use record_engine::Engine;
use record_engine::error::{EngineError, Result};
use record_engine::outbox::{self, Event, Follower};
use serde_json::Value as Json;

use super::store::{self, Webhook};
use super::{deliveries, validation::Action};

/// Events of one look.
const PAGE: usize = 500;
/// Deliveries of one transaction, or a few more: nobody waits long for the writer.
const MOST_ROWS: usize = 1_000;

/// Makes the deliveries of what has happened since; answers whether there was something.
pub(super) fn follow(engine: &Engine) -> Result<bool> {
    // Looking needs no turn to write; most looks find nothing.
    let now_ms = engine.clock().now_ms();
    let is_worth_it = engine.database().read(|tx| {
        let webhooks = store::active(tx)?;
        let before = position(tx, "")?.unwrap_or_default();
        let step = Step::of(tx, before.clone(), &webhooks, now_ms)?;
        Ok::<_, EngineError>(step.is_some_and(|step| step.follower != before))
    })?;
    if !is_worth_it {
        return Ok(false);
    }
    engine.write(|tx| {
        let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
        // Another process is at it.
        let Some(before) = position(tx, lock)? else { return Ok(false) };
        let webhooks = store::active(tx)?;
        let Some(step) = Step::of(tx, before, &webhooks, now_ms)? else { return Ok(false) };
        step.take(tx, &webhooks, now_ms)
    })
}

/// Up to which event everything has been turned into deliveries; `None` when nobody asks for any.
///
/// # Errors
/// Those of the database.
pub fn kept_behind(tx: &mut dyn Query) -> Result<Option<i64>> {
    let webhooks = store::active(tx)?;
    let Some(oldest) = webhooks.iter().map(|webhook| webhook.after_outbox_id).min() else { return Ok(None) };
    Ok(position(tx, "")?.map(|follower| follower.settled().max(oldest)))
}

fn position(tx: &mut dyn Query, lock: &str) -> Result<Option<Follower>> {
    let row = tx.query_optional(&format!("SELECT follower FROM webhook_position WHERE id = 1{lock}"), &[])?;
    let Some(row) = row else { return Ok(None) };
    serde_json::from_str(row.text_str(0)?).map(Some).map_err(|error| EngineError::Stored(error.to_string()))
}

/// What one transaction does.
struct Step {
    follower: Follower,
    fresh: Vec<Event>,
}

impl Step {
    fn of(tx: &mut dyn Query, mut follower: Follower, webhooks: &[Webhook], now_ms: i64) -> Result<Option<Step>> {
        let Some(oldest) = webhooks.iter().map(|webhook| webhook.after_outbox_id).min() else { return Ok(None) };
        follower.skip_to(oldest);
        let mut events = outbox::read_after(tx, follower.settled(), PAGE + follower.pending())?;
        let mut rows = 0;
        let enough = events.iter().position(|event| {
            rows += webhooks.iter().map(|webhook| asked_ids(webhook, event).len()).sum::<usize>();
            rows > MOST_ROWS
        });
        if let Some(last) = enough {
            events.truncate(last + 1);
        }
        let fresh = follower.accept(events, now_ms);
        Ok(Some(Step { follower, fresh }))
    }

    fn take(self, tx: &mut Tx, webhooks: &[Webhook], now_ms: i64) -> Result<bool> {
        for event in &self.fresh {
            for webhook in webhooks {
                let ids = asked_ids(webhook, event);
                if !ids.is_empty() {
                    deliveries::insert(tx, webhook, event, &ids, now_ms)?;
                }
            }
        }
        let text = serde_json::to_string(&self.follower).map_err(|error| EngineError::Stored(error.to_string()))?;
        tx.execute("UPDATE webhook_position SET follower = ? WHERE id = 1", &[text.into()])?;
        Ok(true)
    }
}

/// The records of an event that a webhook wants to hear of.
fn asked_ids(webhook: &Webhook, event: &Event) -> Vec<i64> {
    if event.topic != "records" || event.id <= webhook.after_outbox_id {
        return Vec::new();
    }
    let member = |name: &str| event.payload.get(name).and_then(Json::as_str);
    let action = member("action").and_then(Action::from_key);
    let subscription = member("type").and_then(|name| webhook.subscription(name));
    let is_asked = subscription.zip(action).is_some_and(|(asked, action)| asked.actions.contains(&action));
    if !is_asked {
        return Vec::new();
    }
    event.payload.get("ids").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_i64).collect()
}
