//! What this crate tells the audit log about people who are not logged in yet, or just no more.

use std::collections::BTreeSet;

use database::Tx;
use record_engine::audit::{self, Event, FLOOD, Kind, record};
use record_engine::write::{Intent, Proposal};
use record_engine::{Clock, Engine, Origin, Proof, RequestContext, Source};

use serde_json::{Value as Json, json};

use crate::error::{IdentityError, Result};
use crate::secret::hash;
use crate::sessions::Client;

/// Characters of the hash of a login that are told: enough to see that somebody tries the same one again, too few to lead back to what was typed.
const HASH_LENGTH: usize = 6;

/// The context of somebody at this device of whom no more is known.
pub(crate) fn stranger(client: &Client, now_ms: i64) -> RequestContext {
    let origin = Origin { address: Some(client.address), proof: None, ..Origin::default() };
    RequestContext { source: Source::Web, ..RequestContext::system(&Clock::fixed(now_ms)).through(origin) }
}

/// The context of a session at this device.
pub(crate) fn holder(client: &Client, session_id: i64, now_ms: i64) -> RequestContext {
    let origin = Origin { address: Some(client.address), proof: Some(Proof::Session(session_id)), ..Origin::default() };
    stranger(client, now_ms).through(origin)
}

/// A login that was not let in; of the login itself, which may well be a password in the wrong field, only a piece of a hash is told.
pub(crate) fn refused_login(client: &Client, login_key: &str, user_id: Option<i64>, reason: &str) -> Event {
    let fingerprint: String = hash(&["audited_login", login_key]).chars().take(HASH_LENGTH).collect();
    refused(client, user_id, reason).with("login_hash", fingerprint)
}

/// Somebody who was not let in, by whatever he showed.
pub(crate) fn refused(client: &Client, user_id: Option<i64>, reason: &str) -> Event {
    let event = Event::new(Kind::Login).failed().with("reason", reason);
    let event = match &client.user_agent {
        Some(name) => event.with("user_agent", name.as_str()),
        None => event,
    };
    match user_id {
        Some(id) => event.on("user", id),
        None => event,
    }
}

/// Tells what became of roles or teams: which fields have changed, and of the members who came and went.
pub(crate) fn tell_of_records(
    tx: &mut Tx,
    context: &RequestContext,
    kind: Kind,
    object_type: &str,
    proposals: &[Proposal<'_>],
) {
    for proposal in proposals {
        let Some(id) = proposal.id else { continue };
        let (action, before) = match (proposal.intent, proposal.before) {
            (Intent::Create, _) | (_, None) => ("created", None),
            (Intent::Update, Some(before)) => ("changed", Some(before)),
            (Intent::Delete, _) => ("deleted", None),
            _ => ("restored", None),
        };
        let event = Event::new(kind).on(object_type, id).with("action", action);
        let Some(before) = before else {
            record(tx, context, event);
            continue;
        };
        let is_other = |name: &&String| before.value(name) != proposal.after.get(*name).unwrap_or(&Json::Null);
        let names: BTreeSet<&String> = before.values.keys().chain(proposal.after.keys()).collect();
        let changed: Vec<String> = names.into_iter().filter(is_other).cloned().collect();
        let event = if changed.iter().any(|name| name == "members") {
            let after = proposal.after.get("members").unwrap_or(&Json::Null);
            event.with("changes", json!({ "members": [before.value("members"), after] }))
        } else {
            event
        };
        if !changed.is_empty() {
            record(tx, context, event.with("fields", changed));
        }
    }
}

/// Writes what happened outside of a transaction, unless there have been many of it lately.
pub(crate) fn tell(engine: &Engine, context: &RequestContext, event: &Event) -> Result<()> {
    if engine.database().read(|tx| audit::has_room(tx, context, event, FLOOD))? {
        engine.write(|tx| {
            audit::record(tx, context, event.clone());
            Ok::<(), IdentityError>(())
        })?;
    }
    Ok(())
}
