//! The tables of this crate. A released migration is never edited; a new one is added below.

use database::{Migration, MigrationSql};

/// All migrations of this crate in order; they follow those of the engine.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 2,
        name: "identity",
        sql: MigrationSql::Both(
            "
CREATE TABLE user_credentials (
    user_id {id},
    login_key {text} NOT NULL UNIQUE,
    password_hash {text} NOT NULL,
    changed_at {int} NOT NULL
);

CREATE TABLE user_preferences (user_id {id}, theme {text}, density {text});

CREATE TABLE user_networks (
    user_id {int} NOT NULL,
    network {text} NOT NULL,
    last_login_at {int} NOT NULL,
    PRIMARY KEY (user_id, network)
);

CREATE TABLE sessions (
    id {id},
    token_hash {text} NOT NULL UNIQUE,
    user_id {int} NOT NULL,
    created_at {int} NOT NULL,
    last_seen_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    address {text},
    user_agent {text}
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE login_attempts (
    subject {text} NOT NULL PRIMARY KEY,
    failures {int} NOT NULL,
    first_at {int} NOT NULL,
    last_at {int} NOT NULL,
    blocked_until {int}
);
CREATE INDEX login_attempts_last ON login_attempts (last_at);

CREATE TABLE setup_tokens (token_hash {text} NOT NULL PRIMARY KEY, expires_at {int} NOT NULL, used_at {int});
",
        ),
    },
    Migration {
        version: 8,
        name: "chosen_views",
        // JSON lists of record ids.
        sql: MigrationSql::Both(
            "
ALTER TABLE user_preferences ADD COLUMN pinned_views {text};
ALTER TABLE user_preferences ADD COLUMN default_views {text};
",
        ),
    },
    Migration {
        version: 9,
        name: "passwords of programs",
        sql: MigrationSql::Both(
            "
CREATE TABLE app_passwords (
    id {id},
    user_id {int} NOT NULL,
    name {text} NOT NULL,
    scope {text} NOT NULL,
    password_hash {text} NOT NULL UNIQUE,
    created_at {int} NOT NULL,
    last_used_at {int}
);
CREATE INDEX app_passwords_user ON app_passwords (user_id);
",
        ),
    },
    Migration {
        version: 12,
        name: "programs that write",
        sql: MigrationSql::Both("ALTER TABLE app_passwords ADD COLUMN may_write {int} NOT NULL DEFAULT 0;"),
    },
    Migration {
        version: 14,
        name: "sessions that see as somebody else",
        sql: MigrationSql::Both("ALTER TABLE sessions ADD COLUMN seen_as {int};"),
    },
    Migration {
        version: 20,
        name: "links of users",
        sql: MigrationSql::Both(
            "
CREATE TABLE user_links (
    token_hash {text} NOT NULL PRIMARY KEY,
    user_id {int} NOT NULL,
    purpose {text} NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    used_at {int}
);
CREATE INDEX user_links_user ON user_links (user_id, purpose);
",
        ),
    },
    Migration {
        version: 21,
        name: "keys of programs",
        // What is counted belongs to `counted_on`, a day in UTC.
        sql: MigrationSql::Both(
            "
CREATE TABLE api_keys (
    id {id},
    user_id {int} NOT NULL,
    name {text} NOT NULL,
    secret_hash {text} NOT NULL,
    types {text},
    may_write {int} NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int},
    last_used_at {int},
    last_address {text},
    counted_on {text},
    written_count {int} NOT NULL DEFAULT 0,
    refused_count {int} NOT NULL DEFAULT 0,
    last_error {text},
    last_error_at {int}
);
CREATE INDEX api_keys_user ON api_keys (user_id);
",
        ),
    },
];
