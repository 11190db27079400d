//! The tables of the engine itself. The tables of the records are made by [`crate::schema_sync`] from the catalog.
//!
//! A released migration is never edited; a new one is added below.

use database::{Migration, MigrationSql};

/// All migrations of the engine in order. The versions between belong to the crates above.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "engine",
        sql: MigrationSql::Both(
            "
CREATE TABLE settings (name {text} NOT NULL PRIMARY KEY, value {text} NOT NULL);

CREATE TABLE catalog_versions (id {id}, version {int} NOT NULL);
INSERT INTO catalog_versions (id, version) VALUES (1, 1);

CREATE TABLE catalog_object_types (id {id}, name {text} NOT NULL UNIQUE);

CREATE TABLE catalog_fields (
    id {id},
    object_type_id {int} NOT NULL,
    name {text} NOT NULL,
    is_custom {int} NOT NULL,
    labels {text},
    kind {text},
    field_group {text},
    is_required {int},
    is_retired {int} NOT NULL DEFAULT 0,
    is_indexed {int} NOT NULL DEFAULT 0,
    UNIQUE (object_type_id, name)
);

CREATE TABLE operations (
    id {id},
    kind {text} NOT NULL,
    object_type_id {int},
    user_id {int},
    at {int} NOT NULL,
    source {text} NOT NULL,
    reason {text},
    title {text},
    record_count {int} NOT NULL DEFAULT 0,
    undoes_operation_id {int},
    undone_by_operation_id {int}
);
CREATE INDEX operations_user ON operations (user_id, id);

CREATE TABLE changes (
    object_type_id {int} NOT NULL,
    record_id {int} NOT NULL,
    operation_id {int} NOT NULL,
    field_id {int} NOT NULL,
    old_value {text},
    new_value {text},
    PRIMARY KEY (object_type_id, record_id, operation_id, field_id)
);
CREATE INDEX changes_operation ON changes (operation_id, object_type_id, record_id);

CREATE TABLE outbox (
    id {id},
    operation_id {int},
    user_id {int},
    topic {text} NOT NULL,
    payload {text} NOT NULL,
    at {int} NOT NULL
);

CREATE TABLE idempotency_keys (
    user_id {int} NOT NULL,
    idempotency_key {text} NOT NULL,
    request_hash {text} NOT NULL,
    status {int} NOT NULL,
    etag {text},
    body {text} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (user_id, idempotency_key)
);

CREATE TABLE jobs (
    id {id},
    kind {text} NOT NULL,
    state {text} NOT NULL,
    user_id {int},
    role {text},
    payload {text} NOT NULL,
    position {text},
    done {int} NOT NULL DEFAULT 0,
    total {int},
    report {text},
    error {text},
    is_cancel_requested {int} NOT NULL DEFAULT 0,
    operation_id {int},
    created_at {int} NOT NULL,
    started_at {int},
    finished_at {int},
    locked_by {text},
    locked_until {int}
);
CREATE INDEX jobs_state ON jobs (state, id);

CREATE TABLE files (
    id {text} NOT NULL PRIMARY KEY,
    hash {text} NOT NULL,
    name {text} NOT NULL,
    size {int} NOT NULL,
    media_type {text} NOT NULL,
    user_id {int},
    created_at {int} NOT NULL
);
",
        ),
    },
    Migration {
        version: 4,
        name: "record versions in the history",
        // Changes from before have none; they are told apart by their operations.
        sql: MigrationSql::Both(
            "
ALTER TABLE changes ADD COLUMN record_version {int};
CREATE INDEX jobs_operation ON jobs (operation_id);
",
        ),
    },
    Migration {
        version: 5,
        name: "card builder",
        sql: MigrationSql::Both(
            "
ALTER TABLE catalog_fields ADD COLUMN default_value {text};
ALTER TABLE catalog_fields ADD COLUMN shown_if {text};
ALTER TABLE catalog_fields ADD COLUMN required_if {text};
ALTER TABLE catalog_fields ADD COLUMN hint {text};
ALTER TABLE catalog_object_types ADD COLUMN layout {text};

CREATE TABLE catalog_changes (
    operation_id {int} NOT NULL,
    object_type_id {int} NOT NULL,
    field_id {int} NOT NULL,
    old_value {text},
    new_value {text},
    PRIMARY KEY (operation_id, object_type_id, field_id)
);
",
        ),
    },
    Migration {
        version: 7,
        name: "pictures",
        // In pixels; only of pictures that the program made itself.
        sql: MigrationSql::Both(
            "
ALTER TABLE files ADD COLUMN width {int};
ALTER TABLE files ADD COLUMN height {int};
",
        ),
    },
    Migration {
        version: 11,
        name: "failures of jobs",
        sql: MigrationSql::Both(
            "
ALTER TABLE jobs ADD COLUMN failed_count {int} NOT NULL DEFAULT 0;

CREATE TABLE job_failures (
    job_id {int} NOT NULL,
    place {int} NOT NULL,
    record_id {int} NOT NULL,
    record_ids {text},
    field {text},
    code {text} NOT NULL,
    params {text} NOT NULL,
    PRIMARY KEY (job_id, place)
);
",
        ),
    },
    Migration {
        version: 19,
        name: "audit",
        // `audit_chain` holds one row: the end of the chain.
        sql: MigrationSql::Both(
            "
CREATE TABLE audit_events (
    id {id},
    at {int} NOT NULL,
    user_id {int},
    proof {text},
    proof_id {int},
    source {text} NOT NULL,
    address {text},
    kind {text} NOT NULL,
    object_type {text},
    record_id {int},
    outcome {text} NOT NULL,
    details {text} NOT NULL,
    words {text} NOT NULL,
    hash {text} NOT NULL
);
CREATE INDEX audit_events_at ON audit_events (at, id);
CREATE INDEX audit_events_user ON audit_events (user_id, at, id);
CREATE INDEX audit_events_kind ON audit_events (kind, at, id);
CREATE INDEX audit_events_address ON audit_events (address, at, id);
CREATE INDEX audit_events_record ON audit_events (object_type, record_id, at, id);

CREATE TABLE audit_chain (id {id}, last_id {int} NOT NULL, last_hash {text} NOT NULL);
INSERT INTO audit_chain (id, last_id, last_hash) VALUES (1, 0, '');
",
        ),
    },
    Migration {
        version: 23,
        name: "notifications",
        // `notification_records` holds the first records alone.
        sql: MigrationSql::Both(
            "
CREATE TABLE notifications (
    id {id},
    user_id {int} NOT NULL,
    kind {text} NOT NULL,
    object_type {text},
    operation_id {int},
    job_id {int},
    actor_id {int},
    record_count {int} NOT NULL,
    created_at {int} NOT NULL,
    read_at {int},
    is_on_page {int} NOT NULL,
    mail_at {int}
);
CREATE INDEX notifications_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE read_at IS NULL;
CREATE UNIQUE INDEX notifications_operation ON notifications (operation_id, object_type, kind, user_id);
CREATE INDEX notifications_mail ON notifications (mail_at) WHERE mail_at IS NOT NULL;
CREATE INDEX notifications_read ON notifications (read_at);
CREATE INDEX notifications_created ON notifications (created_at);

CREATE TABLE notification_records (
    notification_id {int} NOT NULL,
    record_id {int} NOT NULL,
    PRIMARY KEY (notification_id, record_id)
);

CREATE TABLE notification_settings (
    user_id {int} NOT NULL,
    kind {text} NOT NULL,
    is_on_page {int} NOT NULL,
    is_mailed {int} NOT NULL,
    PRIMARY KEY (user_id, kind)
);
",
        ),
    },
    Migration {
        version: 32,
        name: "questions of the audit log",
        // Nearly every event went well, so those that did not have an index of their own.
        sql: MigrationSql::Both(
            "
CREATE INDEX audit_events_type ON audit_events (object_type, at, id) WHERE object_type IS NOT NULL;
CREATE INDEX audit_events_not_done ON audit_events (outcome, at, id) WHERE outcome <> 'success';
",
        ),
    },
    Migration {
        version: 33,
        name: "notifications of browsers",
        // Whoever does not want a kind on the page does not want it over all windows either. A delivery is a row until it has ended.
        sql: MigrationSql::Both(
            "
ALTER TABLE notifications ADD COLUMN push_at {int};
CREATE INDEX notifications_push ON notifications (push_at) WHERE push_at IS NOT NULL;
ALTER TABLE notification_settings ADD COLUMN is_pushed {int} NOT NULL DEFAULT 0;
UPDATE notification_settings SET is_pushed = is_on_page;

CREATE TABLE push_subscriptions (
    id {id},
    user_id {int} NOT NULL,
    session_id {int} NOT NULL UNIQUE,
    endpoint_mark {text} NOT NULL UNIQUE,
    host {text} NOT NULL,
    sealed {text} NOT NULL,
    user_agent {text},
    created_at {int} NOT NULL,
    used_at {int},
    failing_since {int}
);
CREATE INDEX push_subscriptions_user ON push_subscriptions (user_id);

CREATE TABLE push_deliveries (
    id {id},
    notification_id {int} NOT NULL,
    subscription_id {int} NOT NULL,
    attempts {int} NOT NULL,
    due_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    is_short {int} NOT NULL,
    UNIQUE (notification_id, subscription_id)
);
CREATE INDEX push_deliveries_due ON push_deliveries (due_at, id);
CREATE INDEX push_deliveries_subscription ON push_deliveries (subscription_id);
",
        ),
    },
    Migration {
        version: 38,
        name: "followers and reactions",
        // Who has stopped stays as a row that says so.
        sql: MigrationSql::Both(
            "
CREATE TABLE record_followers (
    object_type {text} NOT NULL,
    record_id {int} NOT NULL,
    user_id {int} NOT NULL,
    is_following {int} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (object_type, record_id, user_id)
);
CREATE INDEX record_followers_user ON record_followers (user_id, object_type, record_id);

CREATE TABLE reactions (
    object_type {text} NOT NULL,
    record_id {int} NOT NULL,
    user_id {int} NOT NULL,
    reaction {text} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (object_type, record_id, user_id, reaction)
);
CREATE INDEX reactions_user ON reactions (user_id);
",
        ),
    },
];
