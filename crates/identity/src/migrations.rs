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
        version: 15,
        name: "strong sign-in",
        // The keys of one-time codes are sealed; the data of tickets is JSON.
        sql: MigrationSql::Both(
            "
ALTER TABLE sessions ADD COLUMN confirmed_at {int} NOT NULL DEFAULT 0;
UPDATE sessions SET confirmed_at = created_at;

CREATE TABLE code_generators (
    user_id {id},
    sealed_key {text} NOT NULL,
    last_step {int} NOT NULL,
    created_at {int} NOT NULL
);

CREATE TABLE recovery_codes (code_hash {text} NOT NULL PRIMARY KEY, user_id {int} NOT NULL);
CREATE INDEX recovery_codes_user ON recovery_codes (user_id);

CREATE TABLE passkeys (
    id {id},
    user_id {int} NOT NULL,
    name {text} NOT NULL,
    credential_id {text} NOT NULL UNIQUE,
    public_key {text} NOT NULL,
    sign_count {int} NOT NULL,
    created_at {int} NOT NULL,
    last_used_at {int}
);
CREATE INDEX passkeys_user ON passkeys (user_id);

CREATE TABLE sign_in_tickets (
    ticket_hash {text} NOT NULL PRIMARY KEY,
    purpose {text} NOT NULL,
    user_id {int},
    data {text} NOT NULL,
    expires_at {int} NOT NULL
);
CREATE INDEX sign_in_tickets_user ON sign_in_tickets (user_id);
CREATE INDEX sign_in_tickets_expires ON sign_in_tickets (expires_at);
",
        ),
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
    Migration {
        version: 24,
        name: "identity providers",
        // Domains are a JSON list. An unknown password is one that nobody was told: whoever was made by a provider has none of his own.
        sql: MigrationSql::Both(
            "
CREATE TABLE identity_providers (
    id {id},
    place {int} NOT NULL,
    name {text} NOT NULL,
    issuer {text} NOT NULL UNIQUE,
    client_id {text} NOT NULL,
    sealed_secret {text},
    is_active {int} NOT NULL,
    links_by_email {int} NOT NULL,
    new_user_role {int},
    domains {text} NOT NULL,
    is_second_step {int} NOT NULL
);

CREATE TABLE user_identities (
    id {id},
    user_id {int} NOT NULL,
    issuer {text} NOT NULL,
    subject {text} NOT NULL,
    email {text},
    created_at {int} NOT NULL,
    last_used_at {int}
);
CREATE UNIQUE INDEX user_identities_account ON user_identities (issuer, subject);
CREATE INDEX user_identities_user ON user_identities (user_id);

ALTER TABLE sessions ADD COLUMN provider_id {int};
ALTER TABLE sessions ADD COLUMN is_strong {int} NOT NULL DEFAULT 0;
CREATE INDEX sessions_provider ON sessions (provider_id);
ALTER TABLE user_credentials ADD COLUMN is_unknown {int} NOT NULL DEFAULT 0;
",
        ),
    },
    Migration {
        version: 28,
        name: "own formats of dates and numbers",
        // JSON: only what somebody has chosen.
        sql: MigrationSql::Both("ALTER TABLE user_preferences ADD COLUMN formats {text};"),
    },
    Migration {
        version: 30,
        name: "directories",
        // A provider with a directory, JSON, is one; the others speak OpenID Connect. An account that is gone from its directory opens nothing.
        sql: MigrationSql::Both(
            "
ALTER TABLE identity_providers ADD COLUMN directory {text};
ALTER TABLE user_identities ADD COLUMN login_key {text};
ALTER TABLE user_identities ADD COLUMN gone_at {int};
CREATE INDEX user_identities_login ON user_identities (login_key);
",
        ),
    },
];
