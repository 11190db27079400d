//! The HTTP interface: routes, extractors, problem documents, the OpenAPI document, the event stream and the embedded web client.
//!
//! What must stay true:
//! - a handler authenticates (it takes a [`extract::Caller`]) or its route says `public`; rights on records are asked by the engine, never here;
//! - engine work runs on the blocking pool behind a limit ([`ApiState`]), never on a worker of the runtime;
//! - the router and the OpenAPI document come from one table of routes, so neither can have what the other lacks;
//! - a stored answer to an `Idempotency-Key` and the write it stands for are one transaction.
//!
//! It holds no business rule and no SQL beyond its own table of idempotency keys.

mod audit;
mod blocking;
mod calendar_feed;
mod dav;
mod error;
mod events;
mod extract;
mod housekeeping;
mod idempotency;
mod keys;
pub mod openapi;
mod presence;
mod problem;
mod qr_code;
mod request;
mod response;
mod route;
mod router;
mod routes;
mod security;
mod server;
mod state;
mod transaction;
mod uploads;
mod web_client;

pub use router::router;
pub use server::{ServerLimits, serve};
pub use state::{ApiConfig, ApiState};
