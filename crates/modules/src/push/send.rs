//! Sending one claimed delivery, and trying a browser.

use std::sync::Arc;
use std::time::Duration;

use database::Query;
use egress::{Client, EgressError, Limits};
use record_engine::error::{EngineError, Result};
use record_engine::notifications::pushing;
use record_engine::{Engine, RequestContext, Source};
use serde_json::Value as Json;

use super::deliveries::{self, Delivery, Outcome};
use super::encryption::encrypt;
use super::keys::Keys;
use super::schedule::asked_ms;
use super::subscriptions::{self, Reached};
use super::{endpoint, message};

/// How long a push service may take; its answer says nothing beyond its head.
const LIMITS: Limits = Limits { timeout: Duration::from_secs(10), answer_bytes: 1_024 };
/// How long a trial is worth keeping, in seconds.
const TRIAL_TTL: i64 = 60;

/// Those who send: the engine and the way out. Cheap to clone.
#[derive(Clone)]
pub struct Senders {
    engine: Engine,
    client: Client,
    allows_local: bool,
    public_url: Option<String>,
}

/// How a trial went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// The push service took it.
    Sent,
    /// It does not know the browser any more; the subscription is removed.
    Gone,
    /// It did not take it.
    Refused,
    /// It could not be reached.
    Unreachable,
}

impl Senders {
    /// `user_agent` tells services who speaks; `allows_local` lets those that an administrator has named be in the own network; `public_url` is what
    /// the operator says, and the settings where he says nothing.
    pub fn new(engine: &Engine, user_agent: &str, allows_local: bool, public_url: Option<String>) -> Senders {
        Senders { engine: engine.clone(), client: Client::new(user_agent, allows_local), allows_local, public_url }
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    fn attempt(&self, delivery: &Delivery) -> Result<Outcome> {
        let engine = &self.engine;
        let snapshot = engine.snapshot();
        let told = engine.database().read(|tx| {
            let Some(browser) = subscriptions::reach(engine, tx, delivery.subscription_id)? else { return Ok(None) };
            let Some((context, language)) = self.reader(tx, &browser)? else { return Ok(None) };
            let item = pushing::unread(tx, &context, &snapshot.catalog, delivery.notification_id)?;
            let told = item.map(|item| message::of_notification(&item, browser.user_id, &language, delivery.is_short));
            Ok::<_, EngineError>(told.map(|told| (browser, told)))
        })?;
        let Some((browser, told)) = told else { return Ok(Outcome::Nothing) };
        let seconds = (delivery.expires_at - engine.clock().now_ms()) / 1_000;
        self.send(&browser, &told, seconds, Some(delivery.notification_id))
    }

    /// As whom a message is read, and in which language; `None` when its reader may not be told.
    fn reader(&self, tx: &mut dyn Query, browser: &Reached) -> Result<Option<(RequestContext, String)>> {
        let (engine, user_id) = (&self.engine, browser.user_id);
        if !engine.session_stands(tx, browser.session_id, user_id)? {
            return Ok(None);
        }
        let Some(access) = engine.acting_access(tx, &engine.snapshot(), user_id)? else { return Ok(None) };
        let row = tx.query_optional("SELECT language FROM \"user\" WHERE id = ?", &[user_id.into()])?;
        let language = row.map(|row| row.text(0)).transpose()?.unwrap_or_default();
        // It lies on a locked screen: what a hand has to open stays out of it.
        let access = Arc::new(access.leaving_restricted());
        let context = RequestContext::of(user_id, access, Source::System, engine.clock());
        Ok(Some((RequestContext { language: language.clone(), ..context }, language)))
    }

    fn send(&self, browser: &Reached, told: &Json, seconds: i64, topic: Option<i64>) -> Result<Outcome> {
        let engine = &self.engine;
        let now_ms = engine.clock().now_ms();
        let services = &engine.snapshot().installation.push_services;
        // An administrator may have taken the service off the list since.
        let Some(place) = endpoint::read(&browser.url, services, self.allows_local) else { return Ok(Outcome::Gone) };
        let body = encrypt(told.to_string().as_bytes(), &browser.keys)?;
        let contact = self.contact()?;
        let authorization = Keys::of(engine)?.authorization(&place.origin, contact.as_deref(), now_ms)?;
        let (ttl, topic) = (seconds.max(0).to_string(), topic.map(|id| format!("notification-{id}")));
        let mut headers = vec![
            ("authorization", authorization.as_str()),
            ("content-encoding", "aes128gcm"),
            ("content-type", "application/octet-stream"),
            ("ttl", ttl.as_str()),
            ("urgency", "high"),
        ];
        if let Some(topic) = &topic {
            // What still waits at the service under the same topic is replaced.
            headers.push(("topic", topic));
        }
        Ok(match self.client.post(&browser.url, &headers, &body, LIMITS) {
            Ok(reply) => match reply.status {
                200..=299 => Outcome::Arrived,
                404 | 410 => Outcome::Gone,
                413 => Outcome::TooLong,
                _ => Outcome::Refused { asked_ms: reply.retry_after.and_then(|header| asked_ms(&header, now_ms)) },
            },
            Err(EgressError::LocalAddress | EgressError::Unreachable(_)) => Outcome::Unreachable,
            Err(EgressError::BadAnswer(_)) => Outcome::Refused { asked_ms: None },
        })
    }

    /// Where the people of a push service may write to.
    fn contact(&self) -> Result<Option<String>> {
        let sender = self.engine.database().read(|tx| mail::read_settings(tx))?.sender_address;
        if !sender.is_empty() {
            return Ok(Some(format!("mailto:{sender}")));
        }
        let url = self.public_url.clone().unwrap_or_else(|| self.engine.snapshot().installation.public_url.clone());
        Ok(url.starts_with("https://").then_some(url))
    }
}

/// Makes deliveries of what is due and sends one of them; answers whether there was something to do.
///
/// # Errors
/// Those of the database; how the sending went stands in the delivery.
pub fn send_due(senders: &Senders) -> Result<bool> {
    let engine = &senders.engine;
    let now_ms = engine.clock().now_ms();
    let (is_told, is_waiting) = engine.database().read(|tx| deliveries::is_any_due(tx, now_ms))?;
    if is_told {
        engine.write(|tx| deliveries::make(tx, now_ms))?;
    }
    if !is_told && !is_waiting {
        return Ok(false);
    }
    let Some(delivery) = engine.write(|tx| deliveries::claim(tx, now_ms))? else { return Ok(is_told) };
    let outcome = senders.attempt(&delivery)?;
    if !matches!(outcome, Outcome::Arrived | Outcome::Nothing) {
        tracing::info!(
            delivery = delivery.claim.id,
            attempt = delivery.claim.attempt,
            ?outcome,
            "a push did not arrive"
        );
    }
    engine.write(|tx| deliveries::finish(tx, &delivery, outcome, engine.clock().now_ms()))?;
    Ok(true)
}

/// Sends a message to a browser of the actor, at once.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn try_out(senders: &Senders, context: &RequestContext, id: i64) -> Result<Trial> {
    let engine = &senders.engine;
    let browser = engine.database().read(|tx| {
        subscriptions::require_own(tx, context, id)?;
        subscriptions::reach(engine, tx, id)
    })?;
    let Some(browser) = browser else {
        engine.write(|tx| subscriptions::remove(tx, id))?;
        return Ok(Trial::Gone);
    };
    let company = &engine.snapshot().installation.company_name;
    let told = message::trial(browser.user_id, &context.language, company);
    let outcome = senders.send(&browser, &told, TRIAL_TTL, None)?;
    let now_ms = engine.clock().now_ms();
    engine.write(|tx| match outcome {
        Outcome::Arrived => subscriptions::note_success(tx, browser.id, now_ms),
        Outcome::Gone => subscriptions::remove(tx, browser.id),
        _ => subscriptions::note_failure(tx, browser.id, now_ms),
    })?;
    Ok(match outcome {
        Outcome::Arrived => Trial::Sent,
        Outcome::Gone => Trial::Gone,
        Outcome::Unreachable => Trial::Unreachable,
        Outcome::Nothing | Outcome::TooLong | Outcome::Refused { .. } => Trial::Refused,
    })
}
