//! Personal data: what people consented to, everything about one person, erasing it for good, how long it is kept.
//!
//! What must stay true: what was erased does not come back, neither by an undo nor by an import's file nor by an old backup (`ledger`); every text
//! column of every table stands in the `data_map`, with what becomes of it; the act of a destruction holds nothing of what was destroyed; a consent
//! is never changed, only followed by another one.
//!
//! It requires `contacts`, for the fields that it keeps there, `erased_addresses`, and `exchange`, for the files of imports and exports. It looks into the
//! tables of imports, exports, duplicates, address books and webhooks, since all of them may hold a person. Who may do all this is asked in one place:
//! [`may_manage`].

pub mod acts;
pub mod addresses;
pub mod consents;
pub mod data_map;
pub mod erase;
pub mod ledger;
pub mod purposes;
pub mod restriction;
pub mod retention;
mod store;
pub mod subject_export;

use std::sync::Arc;

use record_engine::access::Feature;
use record_engine::error::{EngineError, Result};
use record_engine::jobs::JobHandler;
use record_engine::{Engine, RequestContext};

pub use store::MIGRATIONS;

/// The type whose records are people and companies.
pub const SUBJECT: &str = "contact";

/// Whether the actor works with personal data as such: exports, erases, sets rules.
pub fn may_manage(context: &RequestContext) -> bool {
    context.may(Feature::PersonalData)
}

/// Refuses whoever does not.
///
/// # Errors
/// `Forbidden`.
pub fn ensure_manager(context: &RequestContext) -> Result<()> {
    if may_manage(context) { Ok(()) } else { Err(EngineError::Forbidden) }
}

/// What time and erasures leave to be done: bytes and lines that a stopped process owes, consents that ran out, acts whose time is over.
///
/// # Errors
/// Those of the database and of the file system.
pub fn maintain(engine: &Engine) -> Result<()> {
    erase::settle(engine)?;
    consents::refresh(engine)?;
    acts::remove_old(engine)?;
    retention::start_due(engine)?;
    Ok(())
}

/// The jobs of this module.
pub(crate) fn handlers() -> Vec<Arc<dyn JobHandler>> {
    vec![Arc::new(erase::EraseJob), Arc::new(subject_export::SubjectExportJob), Arc::new(retention::RetentionJob)]
}
