//! Tests of the interface over a router, without sockets, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

#[path = "it/address_service.rs"]
mod address_service;
#[path = "it/app.rs"]
mod app;
#[path = "it/authorization.rs"]
mod authorization;
#[path = "it/bulk.rs"]
mod bulk;
#[path = "it/catalog.rs"]
mod catalog;
#[path = "it/conflicts.rs"]
mod conflicts;
#[path = "it/duplicates.rs"]
mod duplicates;
#[path = "it/events.rs"]
mod events;
#[path = "it/files.rs"]
mod files;
#[path = "it/idempotency.rs"]
mod idempotency;
#[path = "it/imports.rs"]
mod imports;
#[path = "it/openapi.rs"]
mod openapi;
#[path = "it/password_resets.rs"]
mod password_resets;
#[path = "it/protection.rs"]
mod protection;
#[path = "it/records.rs"]
mod records;
#[path = "it/sessions.rs"]
mod sessions;
