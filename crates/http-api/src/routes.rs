//! The handlers, a file for each resource; each says in its table what the router and the OpenAPI document need to know.

mod access;
mod address_service;
mod app_passwords;
mod audit;
mod catalog;
mod cells;
mod duplicates;
mod events;
mod exports;
mod files;
mod handovers;
mod health;
mod history;
mod imports;
mod jobs;
mod maps;
mod membership;
mod merges;
mod openapi;
mod operations;
mod passkeys;
mod personal_data;
mod presence;
mod record_lists;
mod record_writes;
mod search;
mod second_step;
mod session;
mod setup;
mod shown_fields;
mod users;

pub(crate) use session::client;

use crate::route::Route;

/// All routes of the API.
pub(crate) fn table() -> Vec<Route> {
    [
        health::routes(),
        setup::routes(),
        session::routes(),
        second_step::routes(),
        passkeys::routes(),
        app_passwords::routes(),
        users::routes(),
        access::routes(),
        handovers::routes(),
        catalog::routes(),
        record_lists::routes(),
        record_writes::routes(),
        cells::routes(),
        merges::routes(),
        duplicates::routes(),
        history::routes(),
        membership::routes(),
        presence::routes(),
        operations::routes(),
        search::routes(),
        jobs::routes(),
        maps::routes(),
        address_service::routes(),
        imports::routes(),
        exports::routes(),
        personal_data::routes(),
        files::routes(),
        events::routes(),
        audit::routes(),
        openapi::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
