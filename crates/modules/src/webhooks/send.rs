//! Sending one claimed delivery.

use std::sync::Arc;
use std::time::{Duration, Instant};

use database::Query;
use egress::{Client, EgressError, Limits};
use record_engine::catalog::USER_TYPE;
use record_engine::error::{EngineError, Result};
use record_engine::query::load_records;
use record_engine::{Engine, RequestContext, Source, jobs};

use super::deliveries::{self, Delivery, Exchanged, Outcome};
use super::message::{Message, compose};
use super::signature::sign;
use super::store::{self, OffReason, Webhook};

/// How long a receiver may take, and how much of its answer is kept.
const LIMITS: Limits = Limits { timeout: Duration::from_secs(15), answer_bytes: 4_096 };
/// Most bytes of a sent body that the log keeps.
const KEPT_REQUEST: usize = 64 * 1024;

/// Those who send: the engine and the way out. Cheap to clone.
#[derive(Clone)]
pub struct Senders {
    engine: Engine,
    client: Client,
}

impl Senders {
    /// `user_agent` tells receivers who speaks; `allows_local` lets them be in the own network.
    pub fn new(engine: &Engine, user_agent: &str, allows_local: bool) -> Senders {
        Senders { engine: engine.clone(), client: Client::new(user_agent, allows_local) }
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Sends a claimed delivery and notes how that ended.
    pub(super) fn deliver(&self, delivery: &Delivery) -> Result<()> {
        let (outcome, exchanged) = self.attempt(delivery)?;
        let context = RequestContext::system(self.engine.clock());
        self.engine.write(|tx| deliveries::finish(tx, &context, delivery, &outcome, &exchanged))
    }

    fn attempt(&self, delivery: &Delivery) -> Result<(Outcome, Exchanged)> {
        let nothing = Exchanged::default();
        let (webhook, acting) = self.engine.database().read(|tx| {
            let webhook = store::load(tx, delivery.webhook_id, "")?;
            let acting = match &webhook {
                Some(webhook) => acting_context(&self.engine, tx, webhook.user_id)?,
                None => None,
            };
            Ok::<_, EngineError>((webhook, acting))
        })?;
        let Some(webhook) = webhook.filter(|webhook| webhook.is_active || delivery.is_trial()) else {
            return Ok((Outcome::Withheld, nothing));
        };
        let acting = match acting {
            Some(acting) if webhook.is_kept_by(&acting) => acting,
            Some(_) => return self.give_up(&webhook, delivery, OffReason::FeatureClosed),
            None => return self.give_up(&webhook, delivery, OffReason::UserInactive),
        };
        let snapshot = self.engine.snapshot();
        let composed = self.engine.database().read(|tx| compose(tx, &snapshot, &acting, &webhook, delivery));
        match composed {
            Ok(Message::Body(body)) => self.send(&webhook, delivery, &body),
            Ok(Message::Nothing(reason)) => Ok((Outcome::Skipped { reason }, nothing)),
            // The filter speaks of a field that the user does not see any more, or that is gone.
            Err(EngineError::Filter(_)) => Ok((Outcome::Failed { status: None, error: "filter_invalid" }, nothing)),
            Err(EngineError::TooSlow) => Ok((Outcome::Failed { status: None, error: "too_slow" }, nothing)),
            Err(other) => Err(other),
        }
    }

    /// Switches a webhook off that says nothing any more; what waits goes out when somebody has switched it on again.
    fn give_up(&self, webhook: &Webhook, delivery: &Delivery, reason: OffReason) -> Result<(Outcome, Exchanged)> {
        let context = RequestContext::system(self.engine.clock());
        self.engine.write(|tx| store::switch_off(tx, &context, webhook.id, reason))?;
        let failed = Outcome::Failed { status: None, error: reason.key() };
        Ok((if delivery.is_trial() { failed } else { Outcome::Withheld }, Exchanged::default()))
    }

    fn send(&self, webhook: &Webhook, delivery: &Delivery, body: &str) -> Result<(Outcome, Exchanged)> {
        let now_ms = self.engine.clock().now_ms();
        let secrets = match webhook.secrets(&self.engine, now_ms) {
            Ok(secrets) => secrets,
            Err(EngineError::State(code)) => {
                return Ok((Outcome::Failed { status: None, error: code }, Exchanged::default()));
            }
            Err(other) => return Err(other),
        };
        let signature = sign(&secrets, &delivery.message_id(), now_ms, body)?;
        let headers = [
            ("content-type", "application/json"),
            ("webhook-id", signature.id.as_str()),
            ("webhook-timestamp", signature.timestamp.as_str()),
            ("webhook-signature", signature.signatures.as_str()),
        ];
        let started = Instant::now();
        let replied = self.client.post(&webhook.url, &headers, body.as_bytes(), LIMITS);
        let duration_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
        let request = Some(beginning(body).to_owned());
        let (outcome, answer) = match replied {
            Ok(reply) => {
                let status = i64::from(reply.status);
                let answer = text_of(&reply.body);
                if (200..300).contains(&status) {
                    (Outcome::Arrived { status }, Some(answer))
                } else {
                    (Outcome::Failed { status: Some(status), error: "receiver_refused" }, Some(answer))
                }
            }
            Err(error) => (Outcome::Failed { status: None, error: code_of(&error) }, None),
        };
        Ok((outcome, Exchanged { duration_ms, request, answer }))
    }
}

/// Tries the receiver of a webhook now, also of one that is off; answers how it went.
///
/// # Errors
/// `Forbidden` without [`record_engine::access::Feature::Webhooks`], `NotFound`; those of the database.
pub fn try_out(senders: &Senders, context: &RequestContext, webhook_id: i64) -> Result<Delivery> {
    let engine = senders.engine();
    let owner = jobs::owner_name();
    let trial = engine.write(|tx| {
        store::find(tx, context, webhook_id)?;
        deliveries::insert_trial(tx, webhook_id, &owner, context.now_ms)
    })?;
    senders.deliver(&trial)?;
    engine.database().read(|tx| deliveries::load(tx, trial.id))?.ok_or(EngineError::NotFound)
}

/// The context of a user as he is now; `None` when he is gone or not active.
pub(super) fn acting_context(engine: &Engine, tx: &mut dyn Query, user_id: i64) -> Result<Option<RequestContext>> {
    let snapshot = engine.snapshot();
    let Some(access) = engine.acting_access(tx, &snapshot, user_id)? else { return Ok(None) };
    let users = snapshot.object_type(USER_TYPE)?;
    let user = load_records(tx, &users, &[user_id], false)?.remove(&user_id);
    let language = user.and_then(|user| user.value("language").as_str().map(str::to_owned));
    let context = RequestContext::of(user_id, Arc::new(access.leaving_restricted()), Source::System, engine.clock());
    Ok(Some(RequestContext { language: language.unwrap_or(context.language), ..context }))
}

fn code_of(error: &EgressError) -> &'static str {
    match error {
        EgressError::LocalAddress => "receiver_is_local",
        EgressError::Unreachable(_) => "receiver_unreachable",
        EgressError::BadAnswer(_) => "receiver_strange",
    }
}

/// The beginning of a body, for the log.
fn beginning(body: &str) -> &str {
    let mut end = body.len().min(KEPT_REQUEST);
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    body.get(..end).unwrap_or_default()
}

/// What a stranger answered, as a text that databases and people can take.
fn text_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().filter(|c| !c.is_control() || "\n\r\t".contains(*c)).collect()
}
