//! Letters out: the settings of the mail server, the outbox of letters, the thread that sends them, their texts in three languages.
//!
//! What must stay true:
//! - a letter is a row, written in the transaction that causes it ([`outbox::post`]): what was rolled back sends nothing;
//! - it is sent at least once; a doubt (the connection broke after the text was sent) ends in a second letter with the same `Message-ID`;
//! - its text stands in the database encrypted, and only until it is sent, because it may hold a link that opens a door;
//! - no address, name or subject with a line break or another control character comes into a header ([`address`]);
//! - the server is judged before the connection as every other service, its certificate is verified, and nothing waits without end.
//!
//! It knows no HTTP and no users: who gets which letter is decided by its callers. Letters that come in are not its business.

pub mod address;
mod courier;
pub mod letters;
mod message;
mod migrations;
pub mod outbox;
mod settings;
mod smtp;

pub use courier::{Courier, send_due, send_trial};
pub use migrations::MIGRATIONS;
pub use settings::{MailChange, MailSettings, Security, change_settings, read_settings};
pub use smtp::{Failure, Refusal};
