//! The handlers, a file for each resource; each says in its table what the router and the OpenAPI document need to know.

mod access;
mod address_service;
mod api_keys;
mod app_passwords;
mod audit;
mod boards;
mod calendar;
mod catalog;
mod cells;
mod confirmation;
mod duplicates;
mod erased_addresses;
mod events;
mod exports;
mod files;
mod followers;
mod free_times;
mod handovers;
mod health;
mod history;
mod identities;
mod identity_providers;
mod imports;
mod invitations;
mod jobs;
mod mail;
mod maps;
mod membership;
mod merges;
mod notifications;
mod openapi;
mod operations;
mod orders;
mod passkeys;
mod password_resets;
mod personal_data;
mod pivots;
mod presence;
mod push;
mod record_lists;
mod record_writes;
mod retention;
mod sales_plan;
mod search;
mod second_step;
mod session;
mod setup;
mod shown_fields;
mod spans;
mod sums;
mod task_templates;
mod timeline;
mod users;
mod webhooks;
mod work;
mod working_hours;
mod workload;

pub(crate) use session::client;

use crate::route::Route;

/// All routes of the API.
pub(crate) fn table() -> Vec<Route> {
    [
        health::routes(),
        setup::routes(),
        session::routes(),
        confirmation::routes(),
        second_step::routes(),
        passkeys::routes(),
        identities::routes(),
        identity_providers::routes(),
        app_passwords::routes(),
        api_keys::routes(),
        users::routes(),
        working_hours::routes(),
        invitations::routes(),
        password_resets::routes(),
        mail::routes(),
        notifications::routes(),
        push::routes(),
        access::routes(),
        handovers::routes(),
        catalog::routes(),
        record_lists::routes(),
        sums::routes(),
        sales_plan::routes(),
        pivots::routes(),
        spans::routes(),
        record_writes::routes(),
        cells::routes(),
        merges::routes(),
        duplicates::routes(),
        history::routes(),
        timeline::routes(),
        followers::routes(),
        membership::routes(),
        presence::routes(),
        operations::routes(),
        orders::routes(),
        task_templates::routes(),
        search::routes(),
        jobs::routes(),
        maps::routes(),
        boards::routes(),
        work::routes(),
        workload::routes(),
        calendar::routes(),
        free_times::routes(),
        address_service::routes(),
        imports::routes(),
        exports::routes(),
        personal_data::routes(),
        retention::routes(),
        erased_addresses::routes(),
        files::routes(),
        webhooks::routes(),
        events::routes(),
        audit::routes(),
        openapi::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_for_people_who_logged_in() {
        let is_of_accounts = |path: &str| {
            ["/session", "/users", "/invitations", "/mail", "/api-keys", "/webhooks"]
                .iter()
                .any(|start| path.starts_with(start))
        };
        for route in table() {
            let is_open = route.is_public || route.operation_id == "get_session" || !is_of_accounts(route.path);
            assert!(is_open || route.is_session_only, "{}", route.operation_id);
        }
    }

    #[test]
    fn what_only_reads_is_never_repeated_for_its_effect() {
        for route in table().iter().filter(|route| route.is_reading) {
            assert!(!route.is_retryable, "{}", route.operation_id);
        }
    }
}
