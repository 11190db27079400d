//! Letters from the transaction to the server, on both databases.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod it {
    mod base;
    mod corpus;
    mod delivery;
    mod settings;
}
