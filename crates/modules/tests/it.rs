//! The modules over the engine, on both databases.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod it {
    mod duplicates;
    mod exchange;
}
