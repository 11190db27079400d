//! The database crate against real databases of both kinds.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod it {
    mod backup;
    mod concurrency;
    mod deadlines;
    mod errors;
    mod ids;
    mod late;
    mod migrations;
    mod opening;
    mod postgres;
    mod schema;
    mod streaming;
    mod transactions;
    mod values;
}
