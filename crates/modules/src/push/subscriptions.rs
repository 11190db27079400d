//! Which browsers want to be told, and how they are reached.
//!
//! What must stay true: a subscription belongs to a session, so there is one for each at most and none outlives it; address and keys are sealed, because
//! whoever has them and the key of the installation speaks in its name.

use database::{Query, Row, Tx};
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::{Engine, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::encryption::BrowserKeys;
use super::endpoint::{self, Endpoint};

/// Most characters of the name of a browser that are kept.
const USER_AGENT_LENGTH: usize = 300;
/// A browser that could not be reached for so long is forgotten.
const GIVEN_UP_AFTER_MS: i64 = 14 * 24 * 3_600 * 1_000;

/// A browser that wants to be told, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: i64,
    /// The session in whose browser it was made.
    pub session_id: i64,
    /// What the browser says about itself.
    pub user_agent: Option<String>,
    /// Milliseconds UTC.
    pub created_at: i64,
    /// When the push service last took a message, milliseconds UTC.
    pub used_at: Option<i64>,
    /// Since when it takes none, milliseconds UTC.
    pub failing_since: Option<i64>,
}

/// What a browser gives: its `PushSubscription`.
#[derive(Clone, Debug)]
pub struct SubscriptionInput {
    /// Where messages go.
    pub endpoint: String,
    /// Its public key, base64url.
    pub p256dh: String,
    /// The secret shared with it, base64url.
    pub auth: String,
    /// What it says about itself.
    pub user_agent: Option<String>,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Secrets {
    endpoint: String,
    p256dh: String,
    auth: String,
}

/// A browser as it is reached.
pub(super) struct Reached {
    pub id: i64,
    pub user_id: i64,
    pub session_id: i64,
    pub url: String,
    pub keys: BrowserKeys,
}

const COLUMNS: &str = "id, session_id, user_agent, created_at, used_at, failing_since";

fn read(row: &Row) -> Result<Subscription> {
    Ok(Subscription {
        id: row.integer(0)?,
        session_id: row.integer(1)?,
        user_agent: row.optional_text(2)?,
        created_at: row.integer(3)?,
        used_at: row.optional_integer(4)?,
        failing_since: row.optional_integer(5)?,
    })
}

fn purpose(mark: &str) -> String {
    format!("push/{mark}")
}

/// The subscriptions of the actor whose sessions go on, the newest first.
///
/// # Errors
/// Those of the database.
pub fn list(engine: &Engine, tx: &mut dyn Query, context: &RequestContext) -> Result<Vec<Subscription>> {
    let Some(user_id) = context.actor.user_id() else { return Ok(Vec::new()) };
    let sql = format!("SELECT {COLUMNS} FROM push_subscriptions WHERE user_id = ? ORDER BY id DESC");
    let mut found = Vec::new();
    for row in tx.query(&sql, &[user_id.into()])? {
        let subscription = read(&row)?;
        if engine.session_stands(tx, subscription.session_id, user_id)? {
            found.push(subscription);
        }
    }
    Ok(found)
}

/// From now on the browser of a session is told; whatever stood for this browser or this session before is replaced.
///
/// # Errors
/// `Invalid` for an address that no push service has which an administrator has named, and for keys that are none; those of the database.
pub fn subscribe(
    engine: &Engine,
    context: &RequestContext,
    session_id: i64,
    input: &SubscriptionInput,
    allows_local: bool,
) -> Result<Subscription> {
    let user_id = context.actor.user_id().ok_or(EngineError::Forbidden)?;
    let services = &engine.snapshot().installation.push_services;
    let Endpoint { host, .. } = endpoint::read(&input.endpoint, services, allows_local)
        .ok_or_else(|| EngineError::field(FieldError::new("endpoint", "unknown_push_service")))?;
    if BrowserKeys::read(&input.p256dh, &input.auth).is_none() {
        return Err(EngineError::field(FieldError::new("p256dh", "not_a_push_key")));
    }
    let mark = engine.vault().mark(input.endpoint.as_bytes());
    let secrets =
        json!(Secrets { endpoint: input.endpoint.clone(), p256dh: input.p256dh.clone(), auth: input.auth.clone() });
    let sealed = engine.vault().seal_text(&purpose(&mark), &secrets.to_string())?;
    let user_agent = input.user_agent.as_ref().map(|text| text.chars().take(USER_AGENT_LENGTH).collect::<String>());
    engine.write(|tx| {
        const BEFORE: &str =
            "SELECT id, user_id, session_id FROM push_subscriptions WHERE endpoint_mark = ? OR session_id = ?";
        if !engine.session_stands(tx, session_id, user_id)? {
            return Err(EngineError::NotFound);
        }
        for row in tx.query(BEFORE, &[mark.as_str().into(), session_id.into()])? {
            remove(tx, row.integer(0)?)?;
        }
        let id = tx.allocate_ids("push_subscriptions", 1)?.first().copied();
        let id = id.ok_or_else(|| EngineError::Stored("the sequence of subscriptions gave no id".into()))?;
        tx.insert_many(
            "push_subscriptions",
            &["id", "user_id", "session_id", "endpoint_mark", "host", "sealed", "user_agent", "created_at"],
            &[vec![
                id.into(),
                user_id.into(),
                session_id.into(),
                mark.as_str().into(),
                host.as_str().into(),
                sealed.as_str().into(),
                user_agent.clone().into(),
                context.now_ms.into(),
            ]],
        )?;
        let row = tx.query_one(&format!("SELECT {COLUMNS} FROM push_subscriptions WHERE id = ?"), &[id.into()])?;
        read(&row)
    })
}

/// A browser of the actor is told nothing any more.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn unsubscribe(engine: &Engine, context: &RequestContext, id: i64) -> Result<()> {
    engine.write(|tx| {
        require_own(tx, context, id)?;
        remove(tx, id)
    })
}

/// Refuses what is not the actor's.
pub(super) fn require_own(tx: &mut dyn Query, context: &RequestContext, id: i64) -> Result<()> {
    let sql = "SELECT id FROM push_subscriptions WHERE id = ? AND user_id = ?";
    let found = tx.query_optional(sql, &[id.into(), context.actor.user_id().into()])?;
    found.map(drop).ok_or(EngineError::NotFound)
}

/// Forgets a browser with all that waits for it.
pub(super) fn remove(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute("DELETE FROM push_deliveries WHERE subscription_id = ?", &[id.into()])?;
    tx.execute("DELETE FROM push_subscriptions WHERE id = ?", &[id.into()])?;
    Ok(())
}

/// The ids of the browsers of a user.
pub(super) fn of_user(tx: &mut dyn Query, user_id: i64) -> Result<Vec<i64>> {
    let sql = "SELECT id FROM push_subscriptions WHERE user_id = ? ORDER BY id";
    tx.query(sql, &[user_id.into()])?.iter().map(|row| Ok(row.integer(0)?)).collect()
}

/// How a browser is reached; `None` when it is forgotten, or sealed with a key that was lost.
pub(super) fn reach(engine: &Engine, tx: &mut dyn Query, id: i64) -> Result<Option<Reached>> {
    let sql = "SELECT user_id, session_id, endpoint_mark, sealed FROM push_subscriptions WHERE id = ?";
    let Some(row) = tx.query_optional(sql, &[id.into()])? else { return Ok(None) };
    let secrets = match engine.vault().open_text(&purpose(row.text_str(2)?), row.text_str(3)?) {
        Ok(text) => text,
        Err(EngineError::State(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let secrets: Secrets = serde_json::from_str(&secrets).map_err(|error| EngineError::Stored(error.to_string()))?;
    let keys = BrowserKeys::read(&secrets.p256dh, &secrets.auth);
    let keys = keys.ok_or_else(|| EngineError::Stored("the keys of a subscription".into()))?;
    Ok(Some(Reached { id, user_id: row.integer(0)?, session_id: row.integer(1)?, url: secrets.endpoint, keys }))
}

/// Notes that the push service took a message.
pub(super) fn note_success(tx: &mut Tx, id: i64, now_ms: i64) -> Result<()> {
    let sql = "UPDATE push_subscriptions SET used_at = ?, failing_since = NULL WHERE id = ?";
    tx.execute(sql, &[now_ms.into(), id.into()])?;
    Ok(())
}

/// Notes that it did not.
pub(super) fn note_failure(tx: &mut Tx, id: i64, now_ms: i64) -> Result<()> {
    let sql = "UPDATE push_subscriptions SET failing_since = ? WHERE id = ? AND failing_since IS NULL";
    tx.execute(sql, &[now_ms.into(), id.into()])?;
    Ok(())
}

/// Forgets browsers whose session is over, and those that have not been reached for a fortnight.
///
/// # Errors
/// Those of the database.
pub fn prune(engine: &Engine) -> Result<()> {
    const GONE: &str = "SELECT id FROM push_subscriptions WHERE failing_since <= ? \
        OR NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = session_id)";
    let before = engine.clock().now_ms() - GIVEN_UP_AFTER_MS;
    let is_any = engine.database().read(|tx| tx.query_optional(&format!("{GONE} LIMIT 1"), &[before.into()]))?;
    if is_any.is_none() {
        return Ok(());
    }
    engine.write(|tx| {
        for row in tx.query(GONE, &[before.into()])? {
            remove(tx, row.integer(0)?)?;
        }
        Ok(())
    })
}
