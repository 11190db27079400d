//! Users, passwords and sessions on both databases.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod it {
    mod audit;
    mod base;
    mod login;
    mod passkeys;
    mod passwords;
    mod schedules;
    mod second_step;
    mod sessions;
    mod setup;
    mod users;
}
