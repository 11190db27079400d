//! The list of erased addresses as those see it who work with personal data: how many there are, whether one is on it, taking one off.

use database::{Query, Tx};
use record_engine::RequestContext;
use record_engine::audit::{self, Event, Kind};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::vault::Vault;
use serde_json::{Value as Json, json};

use super::{SUBJECT, ensure_manager};
use crate::erased_addresses::{self, Typed};

/// How many there are.
///
/// # Errors
/// `Forbidden`; those of the database.
pub fn describe(tx: &mut dyn Query, context: &RequestContext) -> Result<Json> {
    ensure_manager(context)?;
    Ok(json!({ "count": erased_addresses::count(tx)? }))
}

/// Whether an address that somebody typed is on the list.
///
/// # Errors
/// `Forbidden`, `Invalid` for what is neither a phone nor an e-mail address; those of the database.
pub fn check(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    vault: &Vault,
    context: &RequestContext,
    address: &str,
) -> Result<Json> {
    Ok(typed(tx, snapshot, vault, context, address)?.present())
}

/// Takes an address off the list, for somebody who comes back by himself.
///
/// # Errors
/// As [`check`], `State("not_listed")`.
pub fn remove(
    tx: &mut Tx,
    snapshot: &Snapshot,
    vault: &Vault,
    context: &RequestContext,
    address: &str,
) -> Result<Json> {
    let typed = typed(tx, snapshot, vault, context, address)?;
    if typed.since.is_none() {
        return Err(EngineError::State("not_listed"));
    }
    erased_addresses::remove(tx, &typed, context.now_ms)?;
    audit::record(tx, context, Event::new(Kind::SettingsChanged).with("section", "erased_addresses"));
    Ok(json!({ "count": erased_addresses::count(tx)? }))
}

fn typed(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    vault: &Vault,
    context: &RequestContext,
    address: &str,
) -> Result<Typed> {
    ensure_manager(context)?;
    let contacts = snapshot.object_type(SUBJECT)?;
    let found = erased_addresses::look_up(tx, vault, &contacts, &snapshot.installation.country, address)?;
    found.ok_or_else(|| EngineError::field(FieldError::new("address", "not_an_address")))
}
