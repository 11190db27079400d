//! Consents: who agreed to what, when, where and by which words; and who did not any more.
//!
//! What must stay true: a consent is never changed and never removed while its contact stands; a withdrawal is a consent of its own. The text is
//! copied from the purpose, with hash and version, so that a later change of the purpose says nothing else than what the person has read. Of a
//! purpose the newest record counts. Whoever sends something asks [`may_contact`], which reads the records themselves; the field `consents` of the
//! contact is for lists, and follows them.

mod refresh;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Tx};
use record_engine::access::{Action, Scope};
use record_engine::audit::{self, Event, Kind};
use record_engine::catalog::ObjectType;
use record_engine::context::{date_of, instant_text, parse_instant};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::query::relations::{Relation, pointing_to, relations_to};
use record_engine::query::{get, get_whole, load_records};
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{Record, RequestContext, Values};
use serde::Deserialize;
use serde_json::{Value as Json, json};

pub use refresh::refresh;
pub use types::{CONSENT_TYPE, PROOF_FIELDS, object_type};

use super::SUBJECT;
use super::purposes::PURPOSE_TYPE;
use crate::contacts::{CONSENTS_FIELD, RESTRICTED_FIELD};

/// Most consents of a contact that are looked at.
const MAX_CONSENTS: usize = 10_000;
/// Clocks of forms and of the program differ by so much at most, in milliseconds.
const MAX_AHEAD_MS: i64 = 300_000;

/// What somebody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// He consents.
    Given,
    /// He does not any more.
    Withdrawn,
}

impl Said {
    fn key(self) -> &'static str {
        match self {
            Said::Given => "given",
            Said::Withdrawn => "withdrawn",
        }
    }
}

/// A consent or its withdrawal, as whoever heard of it records it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// The purpose.
    pub purpose: i64,
    /// What was said.
    pub state: Said,
    /// How it came: a key of the choice `source`.
    pub source: String,
    /// The address of the form, the number of the paper.
    #[serde(default)]
    pub source_detail: Option<String>,
    /// The phone or e-mail over which it came.
    #[serde(default)]
    pub channel: Option<String>,
    /// When; now without it.
    #[serde(default)]
    pub at: Option<String>,
    /// The network address of whoever sent the form.
    #[serde(default)]
    pub address: Option<String>,
    /// His browser.
    #[serde(default)]
    pub user_agent: Option<String>,
    /// Until when it holds; by the purpose without it.
    #[serde(default)]
    pub expires_on: Option<String>,
    /// When it is to be looked at again.
    #[serde(default)]
    pub review_on: Option<String>,
    /// For colleagues.
    #[serde(default)]
    pub remark: Option<String>,
}

/// Records a consent or a withdrawal of a contact that the actor may change; answers the record and the operation.
///
/// # Errors
/// `NotFound`, `Forbidden`, `State` for a contact in the trash or erased, `Invalid`.
pub fn record_consent(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    contact_id: i64,
    new: &NewConsent,
) -> Result<(i64, i64)> {
    let contacts = snapshot.object_type(SUBJECT)?;
    let contact = get_whole(tx, context, &contacts, contact_id)?;
    if !Scope::of(context, &contacts, Action::Change)?.admits(&contacts, &contact) {
        return Err(EngineError::Forbidden);
    }
    match (contact.erased_at, contact.deleted_at) {
        (Some(_), _) => return Err(EngineError::State("erased")),
        (_, Some(_)) => return Err(EngineError::State("in_trash")),
        (None, None) => {}
    }
    let values = values_of(tx, snapshot, context, contact_id, new)?;
    let consents = snapshot.object_type(CONSENT_TYPE)?;
    let mut operation = Operation::new(OperationKind::Consent, Some(contacts.id));
    operation.title = contact.value(contacts.definition.title_field).as_str().map(String::from);
    let writer = snapshot.trusted_writer();
    let made = apply(tx, writer, context, &mut operation, &consents, vec![Change::Create { values }])?;
    let id = made.into_iter().next().ok_or(EngineError::NotFound)??.id();
    follow(tx, snapshot, context, &mut operation, contact_id)?;
    let kind = match new.state {
        Said::Given => Kind::ConsentGiven,
        Said::Withdrawn => Kind::ConsentWithdrawn,
    };
    audit::record(tx, context, Event::new(kind).on(SUBJECT, contact_id).with("purpose_id", new.purpose));
    let operation_id = operation.stored_id().ok_or(EngineError::NotFound)?;
    Ok((id, operation_id))
}

fn values_of(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    contact_id: i64,
    new: &NewConsent,
) -> Result<Values> {
    let purposes = snapshot.object_type(PURPOSE_TYPE)?;
    let unknown = || EngineError::field(FieldError::new("purpose", "unknown_record").with("id", new.purpose));
    let purpose = get(tx, context, &purposes, new.purpose)?.filter(|purpose| purpose.deleted_at.is_none());
    let purpose = purpose.ok_or_else(unknown)?;
    if new.state == Said::Given && purpose.value("is_active").as_bool() != Some(true) {
        return Err(unknown());
    }
    let at_ms = match &new.at {
        Some(text) => parse_instant(text).ok_or_else(|| EngineError::field(FieldError::new("at", "not_an_instant")))?,
        None => context.now_ms,
    };
    if at_ms > context.now_ms + MAX_AHEAD_MS {
        return Err(EngineError::field(FieldError::new("at", "in_the_future")));
    }
    let mut values = Values::from([
        ("record".to_owned(), json!(contact_id)),
        ("purpose".to_owned(), json!(new.purpose)),
        ("state".to_owned(), json!(new.state.key())),
        ("source".to_owned(), json!(new.source)),
        ("at".to_owned(), json!(instant_text(at_ms))),
        ("title".to_owned(), purpose.value("name").clone()),
        ("basis".to_owned(), purpose.value("basis").clone()),
    ]);
    for field in ["text", "text_hash", "text_version"] {
        values.insert(field.into(), purpose.value(field).clone());
    }
    let given = (new.state == Said::Given).then(|| expiry(&purpose, at_ms)).flatten();
    let texts = [
        ("source_detail", &new.source_detail),
        ("channel", &new.channel),
        ("address", &new.address),
        ("user_agent", &new.user_agent),
        ("review_on", &new.review_on),
        ("remark", &new.remark),
    ];
    for (field, text) in texts {
        if let Some(text) = text {
            values.insert(field.into(), json!(text));
        }
    }
    if let Some(day) = new.expires_on.clone().or(given) {
        values.insert("expires_on".into(), json!(day));
    }
    Ok(values)
}

/// The last day of a consent that was given at a moment, if its purpose says how long it holds.
fn expiry(purpose: &Record, at_ms: i64) -> Option<String> {
    let months = purpose.value("months").as_i64()?;
    let day: jiff::civil::Date = date_of(at_ms).parse().ok()?;
    day.checked_add(jiff::Span::new().try_months(months).ok()?).ok().map(|day| day.to_string())
}

/// What the newest record of each purpose says of a contact.
///
/// # Errors
/// Those of the database.
pub fn newest_by_purpose(tx: &mut dyn Query, snapshot: &Snapshot, contact_id: i64) -> Result<BTreeMap<i64, Record>> {
    let consents = snapshot.object_type(CONSENT_TYPE)?;
    let mut newest: BTreeMap<i64, Record> = BTreeMap::new();
    let ids = match of_contact(snapshot, &consents) {
        Some(relation) => pointing_to(tx, relation, &[contact_id], MAX_CONSENTS)?,
        None => Vec::new(),
    };
    for record in load_records(tx, &consents, &ids, false)?.into_values().filter(|record| record.deleted_at.is_none()) {
        let Some(purpose) = record.value("purpose").as_i64() else { continue };
        // Instants are stored in one form, so their texts are in their order.
        let place = |record: &Record| (record.value("at").as_str().unwrap_or_default().to_owned(), record.id);
        if newest.get(&purpose).is_none_or(|known| place(known) < place(&record)) {
            newest.insert(purpose, record);
        }
    }
    Ok(newest)
}

fn of_contact<'a>(snapshot: &'a Snapshot, consents: &ObjectType) -> Option<Relation<'a>> {
    relations_to(&snapshot.catalog, SUBJECT)
        .into_iter()
        .find(|relation| relation.object_type.id == consents.id && relation.field.name == "record")
}

/// Whether a record of a consent holds on a day.
pub fn is_valid(consent: &Record, today: &str) -> bool {
    consent.value("state").as_str() == Some(Said::Given.key())
        && consent.value("expires_on").as_str().is_none_or(|last| last >= today)
}

/// Whether a contact may be approached for a purpose today: its newest record of it is a consent that holds, and its data is neither erased,
/// restricted nor in the trash. What sends anything asks this in the transaction in which it decides to send.
///
/// # Errors
/// Those of the database; an unknown contact may not be approached.
pub fn may_contact(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    contact_id: i64,
    purpose_id: i64,
) -> Result<bool> {
    let contacts = snapshot.object_type(SUBJECT)?;
    let Some(contact) = load_records(tx, &contacts, &[contact_id], false)?.remove(&contact_id) else {
        return Ok(false);
    };
    let is_restricted = !contact.value(RESTRICTED_FIELD).is_null();
    if contact.erased_at.is_some() || contact.deleted_at.is_some() || is_restricted {
        return Ok(false);
    }
    let today = date_of(context.now_ms);
    let newest = newest_by_purpose(tx, snapshot, contact_id)?;
    Ok(newest.get(&purpose_id).is_some_and(|consent| is_valid(consent, &today)))
}

/// Puts the purposes with a valid consent into the field of the contact.
fn follow(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    operation: &mut Operation,
    contact_id: i64,
) -> Result<()> {
    let contacts = snapshot.object_type(SUBJECT)?;
    let today = date_of(context.now_ms);
    let newest = newest_by_purpose(tx, snapshot, contact_id)?;
    let valid: BTreeSet<i64> =
        newest.iter().filter(|(_, consent)| is_valid(consent, &today)).map(|(purpose, _)| *purpose).collect();
    let value = if valid.is_empty() { Json::Null } else { json!(valid) };
    let values = Values::from([(CONSENTS_FIELD.to_owned(), value)]);
    let change = Change::Update { id: contact_id, base_version: None, values };
    for result in apply(tx, snapshot.trusted_writer(), context, operation, &contacts, vec![change])? {
        result?;
    }
    Ok(())
}

/// What a contact has consented to, purpose by purpose, as clients read it.
///
/// # Errors
/// `NotFound` for a contact that the reader may not see.
pub fn present(tx: &mut dyn Query, snapshot: &Snapshot, context: &RequestContext, contact_id: i64) -> Result<Json> {
    let contacts = snapshot.object_type(SUBJECT)?;
    let contact = get_whole(tx, context, &contacts, contact_id)?;
    let may_change = Scope::of(context, &contacts, Action::Change)?.admits(&contacts, &contact);
    let purposes = snapshot.object_type(PURPOSE_TYPE)?;
    let today = date_of(context.now_ms);
    let newest = newest_by_purpose(tx, snapshot, contact_id)?;
    let ids = refresh::live_ids(tx, &purposes)?;
    let mut items = Vec::new();
    for (id, purpose) in load_records(tx, &purposes, &ids, false)? {
        let consent = newest.get(&id);
        let is_active = purpose.value("is_active").as_bool() == Some(true);
        if consent.is_none() && !is_active {
            continue;
        }
        let state = match consent {
            None => "none",
            Some(consent) if is_valid(consent, &today) => "given",
            Some(consent) if consent.value("state").as_str() == Some(Said::Given.key()) => "expired",
            Some(_) => "withdrawn",
        };
        let is_outdated = consent.is_some_and(|consent| consent.value("text_hash") != purpose.value("text_hash"));
        items.push(json!({
            "purpose": { "id": id, "title": purpose.value("name"), "type": PURPOSE_TYPE },
            "text": purpose.value("text"),
            "version": purpose.value("text_version"),
            "is_active": is_active,
            "state": state,
            "at": consent.map(|consent| consent.value("at").clone()),
            "expires_on": consent.map(|consent| consent.value("expires_on").clone()),
            "review_on": consent.map(|consent| consent.value("review_on").clone()),
            "consent_id": consent.map(|consent| consent.id),
            "is_outdated": is_outdated,
        }));
    }
    let is_open = contact.deleted_at.is_none() && contact.erased_at.is_none();
    Ok(json!({ "items": items, "can_record": may_change && is_open }))
}
