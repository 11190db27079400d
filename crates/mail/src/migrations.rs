//! The tables of this crate. A released migration is never edited; a new one is added below.

use database::{Migration, MigrationSql};

/// All migrations of this crate in order.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 16,
    name: "letters",
    // `due_at` is when somebody may take the letter next; of one that is being sent, when its lease is over; of one that is done, nothing.
    sql: MigrationSql::Both(
        "
CREATE TABLE letters (
    id {id},
    message_id {text} NOT NULL UNIQUE,
    kind {text} NOT NULL,
    user_id {int},
    receiver {text} NOT NULL,
    receiver_name {text} NOT NULL,
    subject {text} NOT NULL,
    body {text},
    state {text} NOT NULL,
    attempts {int} NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    due_at {int},
    sent_at {int},
    error_code {text},
    error_text {text}
);
CREATE INDEX letters_due ON letters (due_at);
CREATE INDEX letters_user ON letters (user_id);
CREATE INDEX letters_created ON letters (created_at);
",
    ),
}];
