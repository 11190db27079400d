//! What the tests of several crates share; a development dependency only.
//!
//! Every test gets a database of its own, and the same test runs on both kinds:
//!
//! ```no_run
//! test_kit::for_each_backend(|test| {
//!     let database = test.open();
//!     // …
//! });
//! ```
//!
//! Two environment variables choose the databases:
//!
//! - `KARTOTEKA_TEST_BACKENDS`: `sqlite`, `postgres` or `both` (the default). A
//!   PostgreSQL that cannot be found fails the test; it is not skipped.
//! - `KARTOTEKA_TEST_POSTGRES`: the address of a server whose user may create
//!   databases. Without it a private server is started from the installed binaries
//!   and shared by all test processes of the user. It keeps running after the tests,
//!   on a free port of this machine only, and the next run finds it.
//!
//! Everything here panics when it fails, because that is how a test reports.

#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

mod authenticator;
mod directory_server;
mod identity_server;
mod mail_sink;
mod postgres_server;
mod push_service;
mod security_key;
mod test_database;

pub use authenticator::authenticator_code;
pub use directory_server::{
    DIRECTORY_ASKER, DIRECTORY_AUTHORITY, DirectoryConduct, DirectoryEntry, DirectoryMood, DirectoryServer,
};
pub use identity_server::{Conduct, IdentityServer, Signing};
pub use mail_sink::{MailSink, Mood, Received};
pub use push_service::{PushBrowser, PushMood, PushService, Pushed};
pub use security_key::SecurityKey;
pub use test_database::{TestDatabase, backends, for_each_backend, postgres_url};
