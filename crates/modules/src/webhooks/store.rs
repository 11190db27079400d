//! The tables of webhooks, and the webhooks themselves.

use database::{Backend, Migration, MigrationSql, Query, Row, Tx, Value};
use record_engine::access::Feature;
use record_engine::audit::{Event, Kind, record};
use record_engine::context::RequestContext;
use record_engine::error::{EngineError, Result};
use record_engine::{Engine, outbox};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::TOPIC;
use super::schedule::{GIVEN_UP_AFTER_MS, rest_ms};
use super::send::acting_context;
use super::signature::random_secret;
use super::validation::{Action, MAX_WEBHOOKS, WebhookChange, WebhookInput};

/// How long the secret before the present one still signs.
const OLD_SECRET_MS: i64 = 24 * 3_600 * 1_000;

/// The tables of this module.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 17,
    name: "webhooks",
    sql: MigrationSql::Both(
        "
CREATE TABLE webhooks (
    id {id},
    name {text} NOT NULL,
    url {text} NOT NULL,
    user_id {int} NOT NULL,
    subscriptions {text} NOT NULL,
    is_active {int} NOT NULL,
    secret {text} NOT NULL,
    old_secret {text},
    old_secret_until {int},
    after_outbox_id {int} NOT NULL,
    off_reason {text},
    off_at {int},
    failing_since {int},
    failures_in_row {int} NOT NULL DEFAULT 0,
    rests_until {int},
    created_by {int},
    created_at {int} NOT NULL
);

CREATE TABLE webhook_position (id {id}, follower {text} NOT NULL);
INSERT INTO webhook_position (id, follower) VALUES (1, '{\"settled\":0,\"ahead\":{}}');

CREATE TABLE webhook_deliveries (
    id {id},
    webhook_id {int} NOT NULL,
    outbox_id {int},
    object_type {text} NOT NULL,
    record_id {int} NOT NULL,
    action {text} NOT NULL,
    operation_id {int},
    event_at {int} NOT NULL,
    state {text} NOT NULL,
    attempts {int} NOT NULL DEFAULT 0,
    next_at {int} NOT NULL,
    locked_by {text},
    status {int},
    error {text},
    created_at {int} NOT NULL,
    finished_at {int}
);
CREATE UNIQUE INDEX webhook_deliveries_event ON webhook_deliveries (record_id, webhook_id, outbox_id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_queue ON webhook_deliveries (webhook_id, record_id, outbox_id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_state ON webhook_deliveries (webhook_id, state, id);

CREATE TABLE webhook_attempts (
    delivery_id {int} NOT NULL,
    number {int} NOT NULL,
    at {int} NOT NULL,
    status {int},
    error {text},
    duration_ms {int} NOT NULL,
    request {text},
    answer {text},
    PRIMARY KEY (delivery_id, number)
);
",
    ),
}];

/// What a webhook tells of: one type of records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// The type.
    #[serde(rename = "type")]
    pub object_type: String,
    /// What happened to a record.
    pub actions: Vec<Action>,
    /// Which records, in the filter language, as they are when the message is sent; all without one.
    #[serde(default)]
    pub filter: Option<String>,
}

/// Why the program switched a webhook off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffReason {
    /// The receiver answered 410.
    Gone,
    /// It has only failed for a week.
    Failing,
    /// The user as whom it acts is not active any more.
    UserInactive,
    /// The one who made it for himself may have no webhooks any more.
    FeatureClosed,
}

impl OffReason {
    /// The stored key.
    pub fn key(self) -> &'static str {
        match self {
            OffReason::Gone => "gone",
            OffReason::Failing => "failing",
            OffReason::UserInactive => "user_inactive",
            OffReason::FeatureClosed => "feature_closed",
        }
    }
}

/// A webhook, without its secret.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Its id.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// As whom it acts.
    pub user_id: i64,
    /// What it tells of.
    pub subscriptions: Vec<Subscription>,
    /// Whether it is on.
    pub is_active: bool,
    /// Why the program switched it off; `None` while it is on, and when a person did.
    pub off_reason: Option<String>,
    /// When that was, milliseconds UTC.
    pub off_at: Option<i64>,
    /// Since when nothing has arrived any more, milliseconds UTC.
    pub failing_since: Option<i64>,
    /// How long the secret before the present one still signs, milliseconds UTC.
    pub old_secret_until: Option<i64>,
    /// Who made it.
    pub created_by: Option<i64>,
    /// When, milliseconds UTC.
    pub created_at: i64,
    pub(super) after_outbox_id: i64,
    pub(super) rests_until: Option<i64>,
    secret: String,
    old_secret: Option<String>,
}

const COLUMNS: &str = "id, name, url, user_id, subscriptions, is_active, off_reason, off_at, failing_since, old_secret_until, created_by, created_at, \
    after_outbox_id, rests_until, secret, old_secret";

impl Webhook {
    fn read(row: &Row) -> Result<Webhook> {
        let unreadable = |error: serde_json::Error| EngineError::Stored(format!("subscriptions: {error}"));
        Ok(Webhook {
            id: row.integer(0)?,
            name: row.text(1)?,
            url: row.text(2)?,
            user_id: row.integer(3)?,
            subscriptions: serde_json::from_str(row.text_str(4)?).map_err(unreadable)?,
            is_active: row.boolean(5)?,
            off_reason: row.optional_text(6)?,
            off_at: row.optional_integer(7)?,
            failing_since: row.optional_integer(8)?,
            old_secret_until: row.optional_integer(9)?,
            created_by: row.optional_integer(10)?,
            created_at: row.integer(11)?,
            after_outbox_id: row.integer(12)?,
            rests_until: row.optional_integer(13)?,
            secret: row.text(14)?,
            old_secret: row.optional_text(15)?,
        })
    }

    /// Whether it goes on with these rights of the user as whom it acts. Who made it for himself must still be allowed to: nobody else stands for it, and
    /// he himself can stop it no more. What an administrator made in somebody's name is kept by administrators.
    pub(super) fn is_kept_by(&self, acting: &RequestContext) -> bool {
        let is_of_administrator = self.created_by.is_some_and(|author| author != self.user_id);
        is_of_administrator || acting.may(Feature::Webhooks)
    }

    /// What it asks for of a type.
    pub(super) fn subscription(&self, object_type: &str) -> Option<&Subscription> {
        self.subscriptions.iter().find(|subscription| subscription.object_type == object_type)
    }

    /// The secrets that sign now, the present one first.
    pub(super) fn secrets(&self, engine: &Engine, now_ms: i64) -> Result<Vec<String>> {
        let purpose = purpose(self.id);
        let old = self.old_secret.as_ref().filter(|_| self.old_secret_until.is_some_and(|until| now_ms < until));
        let sealed = [Some(&self.secret), old];
        sealed.into_iter().flatten().map(|sealed| engine.vault().open_text(&purpose, sealed)).collect()
    }
}

fn purpose(id: i64) -> String {
    format!("webhook/{id}")
}

/// All webhooks, the oldest first.
///
/// # Errors
/// `Forbidden` without [`Feature::Webhooks`]; those of the database.
pub fn list(tx: &mut dyn Query, context: &RequestContext) -> Result<Vec<Webhook>> {
    check_right(context)?;
    let rows = tx.query(&format!("SELECT {COLUMNS} FROM webhooks ORDER BY id"), &[])?;
    let mut found = rows.iter().map(Webhook::read).collect::<Result<Vec<Webhook>>>()?;
    found.retain(|webhook| may_act_as(context, webhook.user_id));
    Ok(found)
}

/// One webhook.
///
/// # Errors
/// `Forbidden` without [`Feature::Webhooks`], `NotFound`; those of the database.
pub fn find(tx: &mut dyn Query, context: &RequestContext, id: i64) -> Result<Webhook> {
    check_right(context)?;
    load(tx, id, "")?.filter(|webhook| may_act_as(context, webhook.user_id)).ok_or(EngineError::NotFound)
}

/// How many webhooks the program itself has switched off and nobody has looked after since.
///
/// # Errors
/// Those of the database.
pub fn count_switched_off(tx: &mut dyn Query) -> Result<i64> {
    Ok(tx.query_one("SELECT COUNT(*) FROM webhooks WHERE is_active = 0 AND off_reason IS NOT NULL", &[])?.integer(0)?)
}

pub(super) fn load(tx: &mut dyn Query, id: i64, lock: &str) -> Result<Option<Webhook>> {
    let row = tx.query_optional(&format!("SELECT {COLUMNS} FROM webhooks WHERE id = ?{lock}"), &[id.into()])?;
    row.as_ref().map(Webhook::read).transpose()
}

pub(super) fn active(tx: &mut dyn Query) -> Result<Vec<Webhook>> {
    let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE is_active = 1 ORDER BY id");
    tx.query(&sql, &[])?.iter().map(Webhook::read).collect()
}

/// Makes a webhook; answers its id and its secret, which nobody can ask for again.
///
/// # Errors
/// `Forbidden` without [`Feature::Webhooks`], `Invalid`, `State("too_many_webhooks")`; those of the database.
pub fn create(
    engine: &Engine,
    context: &RequestContext,
    input: WebhookInput,
    allows_local: bool,
) -> Result<(i64, String)> {
    check_right(context)?;
    let input = engine.database().read(|tx| checked(tx, engine, context, input.clone(), allows_local))?;
    let secret = random_secret()?;
    engine.write(|tx| {
        if tx.query_one("SELECT COUNT(*) FROM webhooks", &[])?.integer(0)? >= MAX_WEBHOOKS {
            return Err(EngineError::State("too_many_webhooks"));
        }
        let ids = tx.allocate_ids("webhooks", 1)?;
        let id = ids.first().copied().ok_or_else(|| EngineError::Stored("the sequence gave no id".into()))?;
        let columns = [
            "id",
            "name",
            "url",
            "user_id",
            "subscriptions",
            "is_active",
            "secret",
            "after_outbox_id",
            "created_by",
            "created_at",
        ];
        let row: Vec<Value> = vec![
            id.into(),
            input.name.as_str().into(),
            input.url.as_str().into(),
            input.user_id.into(),
            stored(&input.subscriptions)?.into(),
            input.is_active.into(),
            engine.vault().seal_text(&purpose(id), &secret)?.into(),
            outbox::last_id(tx)?.into(),
            context.actor.user_id().into(),
            context.now_ms.into(),
        ];
        tx.insert_many("webhooks", &columns, &[row])?;
        record(tx, context, told(Kind::WebhookCreated, id, &input).on("user", input.user_id));
        Ok((id, secret.clone()))
    })
}

/// Changes a webhook; what the change leaves out stays as it is. One that is switched on tells of what happens from then on, and begins anew with what
/// still waits.
///
/// # Errors
/// `Forbidden` without [`Feature::Webhooks`], `NotFound`, `Invalid`; those of the database.
pub fn update(
    engine: &Engine,
    context: &RequestContext,
    id: i64,
    change: &WebhookChange,
    allows_local: bool,
) -> Result<()> {
    check_right(context)?;
    engine.write(|tx| {
        // Merged where nobody else changes it: of two changes at once both stay.
        let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
        let before = load(tx, id, lock)?.filter(|webhook| may_act_as(context, webhook.user_id));
        let before = before.ok_or(EngineError::NotFound)?;
        let input = checked(tx, engine, context, change.clone().over(&before), allows_local)?;
        let after = if input.is_active && !before.is_active { outbox::last_id(tx)? } else { before.after_outbox_id };
        // Who writes it anew has looked after it: the receiver gets its chance, and the mark of the program goes.
        tx.execute(
            "UPDATE webhooks SET name = ?, url = ?, user_id = ?, subscriptions = ?, is_active = ?, after_outbox_id = ?, off_reason = NULL, \
             off_at = NULL, failing_since = NULL, failures_in_row = 0, rests_until = NULL WHERE id = ?",
            &[
                input.name.as_str().into(),
                input.url.as_str().into(),
                input.user_id.into(),
                stored(&input.subscriptions)?.into(),
                input.is_active.into(),
                after.into(),
                id.into(),
            ],
        )?;
        record(tx, context, told(Kind::WebhookChanged, id, &input).on("user", input.user_id));
        announce(tx, context, id)
    })
}

/// Removes a webhook with all that was noted about its deliveries.
///
/// # Errors
/// `Forbidden` without [`Feature::Webhooks`], `NotFound`; those of the database.
pub fn delete(tx: &mut Tx, context: &RequestContext, id: i64) -> Result<()> {
    check_right(context)?;
    find(tx, context, id)?;
    tx.execute("DELETE FROM webhooks WHERE id = ?", &[id.into()])?;
    record(tx, context, Event::new(Kind::WebhookRemoved).with("id", id));
    // Its deliveries, of which there may be very many, go with the next cleaning.
    announce(tx, context, id)
}

/// Gives a webhook a new secret; the one before signs beside it for a day. Answers it and until when the old one is valid.
///
/// # Errors
/// `Forbidden` without [`Feature::Webhooks`], `NotFound`; those of the database.
pub fn rotate_secret(engine: &Engine, context: &RequestContext, id: i64) -> Result<(String, i64)> {
    check_right(context)?;
    let (secret, until) = (random_secret()?, context.now_ms + OLD_SECRET_MS);
    let sealed = engine.vault().seal_text(&purpose(id), &secret)?;
    let sql = "UPDATE webhooks SET old_secret = secret, old_secret_until = ?, secret = ? WHERE id = ?";
    engine.write(|tx| {
        find(tx, context, id)?;
        record(tx, context, Event::new(Kind::WebhookChanged).with("id", id).with("secret", "new"));
        Ok::<_, EngineError>(tx.execute(sql, &[until.into(), sealed.as_str().into(), id.into()])?)
    })?;
    Ok((secret, until))
}

/// Switches a webhook off and tells administrators.
pub(super) fn switch_off(tx: &mut Tx, context: &RequestContext, id: i64, reason: OffReason) -> Result<()> {
    let sql = "UPDATE webhooks SET is_active = 0, off_reason = ?, off_at = ? WHERE id = ? AND is_active = 1";
    if tx.execute(sql, &[reason.key().into(), context.now_ms.into(), id.into()])? == 1 {
        tracing::warn!(webhook = id, reason = reason.key(), "a webhook was switched off");
        record(tx, context, Event::new(Kind::WebhookChanged).with("id", id).with("off_reason", reason.key()));
        announce(tx, context, id)?;
    }
    Ok(())
}

/// A webhook in the audit log. The address stays out of it: it may hold a key.
fn told(kind: Kind, id: i64, input: &WebhookInput) -> Event {
    Event::new(kind).with("id", id).with("name", input.name.as_str()).with("is_active", input.is_active)
}

/// Something arrived: the receiver is well.
pub(super) fn note_success(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute(
        "UPDATE webhooks SET failing_since = NULL, failures_in_row = 0, rests_until = NULL WHERE id = ? AND failing_since IS NOT NULL",
        &[id.into()],
    )?;
    Ok(())
}

/// Something did not arrive: after several in a row the receiver rests, after a week of nothing else it is given up.
pub(super) fn note_failure(tx: &mut Tx, context: &RequestContext, id: i64) -> Result<()> {
    let sql = "UPDATE webhooks SET failing_since = COALESCE(failing_since, ?), failures_in_row = failures_in_row + 1 WHERE id = ? \
        RETURNING failing_since, failures_in_row";
    let Some(row) = tx.query_optional(sql, &[context.now_ms.into(), id.into()])? else { return Ok(()) };
    if context.now_ms - row.integer(0)? >= GIVEN_UP_AFTER_MS {
        return switch_off(tx, context, id, OffReason::Failing);
    }
    if let Some(rest) = rest_ms(row.integer(1)?) {
        let until = context.now_ms + rest;
        tx.execute("UPDATE webhooks SET rests_until = ? WHERE id = ?", &[until.into(), id.into()])?;
    }
    Ok(())
}

fn checked(
    tx: &mut dyn Query,
    engine: &Engine,
    context: &RequestContext,
    input: WebhookInput,
    allows_local: bool,
) -> Result<WebhookInput> {
    let acting = acting_context(engine, tx, input.user_id)?;
    let acting = acting.filter(|_| may_act_as(context, input.user_id));
    input.checked(&engine.snapshot(), acting.as_ref(), allows_local)
}

fn stored(subscriptions: &[Subscription]) -> Result<String> {
    serde_json::to_string(subscriptions).map_err(|error| EngineError::Stored(error.to_string()))
}

fn announce(tx: &mut Tx, context: &RequestContext, id: i64) -> Result<()> {
    outbox::emit(tx, context, None, TOPIC, &json!({ "id": id }))
}

pub(super) fn check_right(context: &RequestContext) -> Result<()> {
    if context.may(Feature::Webhooks) { Ok(()) } else { Err(EngineError::Forbidden) }
}

/// Whether the actor may have a webhook that acts as a user: whoever does not administer sees and sends in his own name only.
pub(super) fn may_act_as(context: &RequestContext, user_id: i64) -> bool {
    context.is_administrator() || context.actor.user_id() == Some(user_id)
}
