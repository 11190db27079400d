//! Tests of the engine on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

#[path = "it/as_of.rs"]
mod as_of;
#[path = "it/audit.rs"]
mod audit;
#[path = "it/bench_type.rs"]
mod bench_type;
#[path = "it/board.rs"]
mod board;
#[path = "it/conditions.rs"]
mod conditions;
#[path = "it/custom_fields.rs"]
mod custom_fields;
#[path = "it/filters_agree.rs"]
mod filters_agree;
#[path = "it/jobs.rs"]
mod jobs;
#[path = "it/map.rs"]
mod map;
#[path = "it/merging.rs"]
mod merging;
#[path = "it/options.rs"]
mod options;
#[path = "it/ordered.rs"]
mod ordered;
#[path = "it/paging.rs"]
mod paging;
#[path = "it/referred.rs"]
mod referred;
#[path = "it/rights.rs"]
mod rights;
#[path = "it/search.rs"]
mod search;
#[path = "it/today.rs"]
mod today;
#[path = "it/undo.rs"]
mod undo;
#[path = "it/undo_jobs.rs"]
mod undo_jobs;
#[path = "it/undo_overwrite.rs"]
mod undo_overwrite;
#[path = "it/undo_rights.rs"]
mod undo_rights;
#[path = "it/vault.rs"]
mod vault;
#[path = "it/versions.rs"]
mod versions;
#[path = "it/writing.rs"]
mod writing;
