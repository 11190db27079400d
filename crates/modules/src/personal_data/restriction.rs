//! Restriction of processing (GDPR, article 18; the demand to stop of other laws): a contact that is kept and not used.
//!
//! What must stay true: it is two fields of the contact, which nothing else writes; that nobody else sees such a card follows from the rights
//! (`record_engine::access::Restriction`) and from nothing here. A restriction is lifted with a reason and never undone.

use database::Tx;
use record_engine::RequestContext;
use record_engine::audit::{self, Event, Kind};
use record_engine::context::date_of;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::query::get_whole;
use record_engine::write::{Change, Operation, OperationKind, apply};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{SUBJECT, ensure_manager};
use crate::contacts::{RESTRICTED_FIELD, RESTRICTION_CAUSE};

/// Longest reason, in characters.
const MAX_REASON: usize = 500;

/// Why a contact is only kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The person says that the data is wrong, until that is looked at.
    Accuracy,
    /// There is no right to the data, and the person wants it kept all the same.
    Unlawful,
    /// The person needs it for a claim.
    Claims,
    /// The person objects, until it is known whose interests weigh more.
    Objection,
    /// The person demands that the use ends.
    Demand,
}

/// A demand to restrict.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restrict {
    /// Why.
    pub cause: Ground,
    /// Since when, a day; today without it.
    #[serde(default)]
    pub since: Option<String>,
    /// In words: the letter, the number of the request.
    #[serde(default)]
    pub reason: Option<String>,
}

/// The end of a restriction.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lift {
    /// Why it ends.
    pub reason: String,
}

/// Restricts the use of a contact; answers the operation.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid`, `State("erased")`, `State("in_trash")`, `State("restricted")`.
pub fn restrict(tx: &mut Tx, snapshot: &Snapshot, context: &RequestContext, id: i64, demand: &Restrict) -> Result<i64> {
    let today = date_of(context.now_ms);
    let since = demand.since.clone().unwrap_or_else(|| today.clone());
    // Days as texts stand in the order of time. Where it is tomorrow already, people write so.
    let is_day = since.parse::<jiff::civil::Date>().is_ok_and(|day| day.to_string() == since);
    if !is_day {
        return Err(EngineError::field(FieldError::new("since", "not_a_date")));
    }
    if since > date_of(context.now_ms + DAY_MS) {
        return Err(EngineError::field(FieldError::new("since", "in_the_future")));
    }
    let reason = demand.reason.as_deref().map(checked_reason).transpose()?.flatten();
    write(tx, snapshot, context, id, reason, Some((since, demand.cause)))
}

/// Lets a contact be used again; answers the operation.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid` without a reason, `State("erased")`, `State("in_trash")`, `State("not_restricted")`.
pub fn lift(tx: &mut Tx, snapshot: &Snapshot, context: &RequestContext, id: i64, end: &Lift) -> Result<i64> {
    let reason = checked_reason(&end.reason)?;
    let required = || EngineError::field(FieldError::new("reason", "required"));
    write(tx, snapshot, context, id, Some(reason.ok_or_else(required)?), None)
}

const DAY_MS: i64 = 86_400_000;

fn checked_reason(text: &str) -> Result<Option<String>> {
    let text = text.trim();
    if text.chars().count() > MAX_REASON {
        return Err(EngineError::field(FieldError::new("reason", "too_long").with("max", MAX_REASON)));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

fn write(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    id: i64,
    reason: Option<String>,
    to: Option<(String, Ground)>,
) -> Result<i64> {
    ensure_manager(context)?;
    let contacts = snapshot.object_type(SUBJECT)?;
    let contact = get_whole(tx, context, &contacts, id)?;
    let is_restricted = !contact.value(RESTRICTED_FIELD).is_null();
    match (contact.erased_at, contact.deleted_at, is_restricted, &to) {
        (Some(_), ..) => return Err(EngineError::State("erased")),
        (_, Some(_), ..) => return Err(EngineError::State("in_trash")),
        (_, _, true, Some(_)) => return Err(EngineError::State("restricted")),
        (_, _, false, None) => return Err(EngineError::State("not_restricted")),
        _ => {}
    }
    let state = if to.is_some() { "restricted" } else { "released" };
    let cause = to.as_ref().map(|(_, cause)| json!(cause));
    let (since, ground) = to.map_or((Json::Null, Json::Null), |(since, cause)| (json!(since), json!(cause)));
    let values = [(RESTRICTED_FIELD.to_owned(), since), (RESTRICTION_CAUSE.to_owned(), ground)].into();
    let mut operation = Operation::new(OperationKind::Restriction, Some(contacts.id));
    operation.is_quiet = true;
    let context = RequestContext { reason, ..context.clone() };
    let change = vec![Change::Update { id, base_version: None, values }];
    for outcome in apply(tx, snapshot.trusted_writer(), &context, &mut operation, &contacts, change)? {
        outcome?;
    }
    let event = Event::new(Kind::ProcessingRestricted).on(SUBJECT, id).with("action", state);
    let event = match cause {
        Some(cause) => event.with("cause", cause),
        None => event,
    };
    audit::record(tx, &context, event);
    operation.stored_id().ok_or(EngineError::NotFound)
}
