//! The program over HTTP and from its command line, on both databases, and the rules that hold for the repository as a whole.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod it {
    pub(crate) mod app;
    pub(crate) mod person;
    pub(crate) mod receiver;

    mod access;
    pub(crate) mod acl_matrix;
    mod address_book;
    mod address_book_choices;
    mod address_book_pictures;
    mod address_book_writes;
    mod address_service;
    mod api_keys;
    mod asvs;
    mod audit;
    mod authorization_coverage;
    mod bench_smoke;
    mod bulk;
    mod card_builder;
    mod cells;
    mod command_line;
    mod comments;
    mod conflicts;
    pub(crate) mod cross_origin;
    mod custom_fields;
    mod demo;
    mod directories;
    mod documents;
    mod employees;
    mod events;
    mod export_all;
    mod exports;
    mod files;
    mod groups;
    mod handover;
    mod history;
    mod history_replay;
    mod idempotency;
    mod identity_providers;
    mod import_killed;
    mod imports;
    mod invitations;
    mod letters;
    mod limits;
    mod maps;
    mod no_escalation;
    mod non_interference;
    mod notifications;
    mod openapi;
    mod password_resets;
    mod personal_data;
    mod photos;
    mod presence;
    mod protected_fields;
    mod records;
    mod repository_rules;
    mod requisites;
    mod retries;
    mod saved_views;
    mod schedules;
    mod search;
    mod second_step;
    mod security;
    mod security_answers;
    mod session;
    mod sessions_end;
    mod setup;
    mod sharing;
    mod side_ways;
    mod users;
    mod webhooks;
    mod webhooks_killed;
}
