//! The record engine: every thing of the business is a record of an object type.
//!
//! A record gets from here, without code in its module: validated writes with a version check, full history, undo, trash,
//! access rules, lists with filter, sort and search, bulk jobs and live events.
//!
//! What must stay true:
//! - only [`write`] changes record tables, and each change belongs to an operation;
//! - only [`query`] builds dynamic SQL, identifiers come from the [`catalog`], values are always bound;
//! - no query is built without a [`access::Scope`].
//!
//! It deliberately knows no business rule (modules hand in data and pure functions), no HTTP and no SQL driver.

pub mod access;
pub mod audit;
pub mod bulk;
pub mod catalog;
pub mod context;
pub mod currency;
pub mod decimal;
pub mod engine;
pub mod error;
pub mod field_types;
pub mod files;
pub mod filter_form;
pub mod followers;
pub mod formats;
pub mod history;
pub mod index_job;
pub mod jobs;
pub mod lease;
pub mod merge;
pub mod migrations;
pub mod notifications;
pub mod outbox;
pub mod pictures;
pub mod plain_text;
pub mod query;
pub mod reactions;
pub mod record;
pub mod recurrence;
pub mod schema_sync;
pub mod search_text;
pub mod settings;
pub mod undo;
pub mod vault;
pub mod wall_clock;
pub mod write;

pub use context::{Actor, Clock, Origin, Proof, RequestContext, Role, Source};
pub use engine::Engine;
pub use error::{EngineError, FieldError};
pub use record::{Record, Values};
