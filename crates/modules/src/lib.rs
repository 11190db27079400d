//! The business modules: a file or folder each, declared as data over the record engine.
//!
//! A module brings object types ([`record_engine::catalog::ObjectTypeDefinition`]), pure rules, actions and jobs; it knows no HTTP. Modules meet
//! through records and events: none imports another but those it names in its own documentation.

pub mod address_book;
pub mod audit;
mod authorship;
pub mod comments;
pub mod contacts;
pub mod documents;
pub mod duplicates;
pub mod erased_addresses;
pub mod exchange;
pub mod geocoding;
pub mod groups;
pub mod handover;
pub mod notifications;
pub mod personal_data;
pub mod saved_views;
pub mod sharing;
pub mod tags;
pub mod webhooks;

use std::sync::Arc;

use database::Migration;
use record_engine::catalog::ObjectTypeDefinition;
use record_engine::jobs::JobHandler;

/// The object types of all modules, in the order of the navigation.
pub fn object_types() -> Vec<Arc<ObjectTypeDefinition>> {
    vec![
        Arc::new(contacts::object_type()),
        Arc::new(groups::object_type()),
        Arc::new(tags::object_type()),
        Arc::new(saved_views::object_type()),
        Arc::new(comments::object_type()),
        Arc::new(documents::object_type()),
        Arc::new(personal_data::purposes::object_type()),
        Arc::new(personal_data::consents::object_type()),
    ]
}

/// The tables of all modules beside those of their records.
pub fn migrations() -> Vec<Migration> {
    [
        exchange::MIGRATIONS,
        duplicates::MIGRATIONS,
        address_book::MIGRATIONS,
        personal_data::MIGRATIONS,
        webhooks::MIGRATIONS,
    ]
    .concat()
}

/// The handlers of the jobs of all modules.
pub fn job_handlers() -> Vec<Arc<dyn JobHandler>> {
    let handover: Arc<dyn JobHandler> = Arc::new(handover::HandoverJob);
    exchange::handlers()
        .into_iter()
        .chain(duplicates::handlers())
        .chain(personal_data::handlers())
        .chain([handover])
        .collect()
}
