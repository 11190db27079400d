//! The business modules: a file or folder each, declared as data over the record engine.
//!
//! A module brings object types ([`record_engine::catalog::ObjectTypeDefinition`]), pure rules, actions and jobs; it knows no HTTP. Modules meet
//! through records and events: none imports another but those it names in its own documentation.

pub mod address_book;
pub mod audit;
mod authorship;
pub mod calendar_feed;
pub mod checklists;
mod closing;
pub mod collections;
pub mod comments;
pub mod contacts;
pub mod currencies;
pub mod deals;
pub mod device_calendar;
pub mod documents;
pub mod duplicates;
pub mod erased_addresses;
pub mod events;
pub mod exchange;
pub mod free_time;
pub mod geocoding;
pub mod groups;
pub mod handover;
pub mod lines;
pub mod notifications;
pub mod orders;
pub mod personal_data;
pub mod pivots;
pub mod products;
pub mod push;
pub mod reminders;
pub mod sales_goals;
pub mod saved_views;
pub mod sharing;
pub mod tags;
pub mod task_templates;
pub mod tasks;
pub mod webhooks;
mod whole;
pub mod work;

use std::sync::Arc;

use database::Migration;
use record_engine::catalog::ObjectTypeDefinition;
use record_engine::jobs::JobHandler;

/// The object types of all modules, in the order of the navigation.
pub fn object_types() -> Vec<Arc<ObjectTypeDefinition>> {
    vec![
        Arc::new(contacts::object_type()),
        Arc::new(deals::object_type()),
        Arc::new(deals::people::object_type()),
        // Before what may be made together with its lines: an undo takes back the lines first.
        Arc::new(lines::object_type()),
        Arc::new(orders::object_type()),
        Arc::new(tasks::object_type()),
        Arc::new(events::object_type()),
        Arc::new(groups::object_type()),
        Arc::new(tags::object_type()),
        Arc::new(saved_views::object_type()),
        Arc::new(checklists::object_type()),
        Arc::new(task_templates::object_type()),
        Arc::new(task_templates::line_type()),
        Arc::new(comments::object_type()),
        Arc::new(documents::object_type()),
        Arc::new(personal_data::purposes::object_type()),
        Arc::new(personal_data::consents::object_type()),
        Arc::new(products::product_type()),
        Arc::new(products::tax_type()),
        Arc::new(currencies::currency_type()),
        Arc::new(currencies::rate_type()),
        Arc::new(sales_goals::object_type()),
    ]
}

/// The tables of all modules beside those of their records.
pub fn migrations() -> Vec<Migration> {
    [
        exchange::MIGRATIONS,
        duplicates::MIGRATIONS,
        collections::MIGRATIONS,
        personal_data::MIGRATIONS,
        webhooks::MIGRATIONS,
        reminders::MIGRATIONS,
    ]
    .concat()
}

/// The types that remind people.
pub(crate) fn reminding() -> [&'static reminders::Reminding; 2] {
    [&tasks::reminders::REMINDING, &events::reminders::REMINDING]
}

/// The handlers of the jobs of all modules.
pub fn job_handlers() -> Vec<Arc<dyn JobHandler>> {
    let handover: Arc<dyn JobHandler> = Arc::new(handover::HandoverJob);
    exchange::handlers()
        .into_iter()
        .chain(duplicates::handlers())
        .chain(personal_data::handlers())
        .chain([handover, task_templates::handler()])
        .collect()
}
