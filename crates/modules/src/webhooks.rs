//! Webhooks: other programs are told what happened to records.
//!
//! What must stay true:
//! - a webhook acts as a user: a message holds what he sees of the record when it is sent, and of what he may not know nothing is said;
//! - each event becomes one delivery of each webhook that asks for it ([`follow`]), in the transaction that moves the position in the outbox;
//!   however many processes follow, none is lost and none is made twice;
//! - a delivery is done only after its receiver has said so ([`deliveries`]): a process that dies in between sends the same message again, with
//!   the same id. Of one record the messages of a webhook go out in the order of the events, each after the one before it has ended;
//! - a receiver that is slow, hangs or fails costs the others nothing: few requests at once, none longer than some seconds, longer and longer
//!   pauses ([`schedule`]); after a week of failures, or when it says that it is gone, its webhook is switched off;
//! - messages are signed as Standard Webhooks asks ([`signature`]); the secret is stored sealed, and nobody reads it again.
//!
//! What it deliberately does not do: it knows no HTTP server, and it reads nothing into the answers of receivers but their status.

mod deliveries;
mod delivery_log;
mod follow;
mod message;
mod schedule;
mod send;
mod signature;
mod store;
mod validation;
mod worker;

pub use deliveries::{Attempt, Delivery, DeliveryQuery, DeliveryState};
pub use delivery_log::{attempts_of, find_delivery, list_deliveries, prune, replay, replay_since};
pub use follow::kept_behind;
pub use send::{Senders, try_out};
pub use signature::{Signature, sign};
pub use store::{
    MIGRATIONS, OffReason, Subscription, Webhook, count_switched_off, create, delete, find, list, rotate_secret, update,
};
pub use validation::{Action, MAX_WEBHOOKS, WebhookChange, WebhookInput};
pub use worker::Dispatcher;

/// The topic of outbox events by which administrators hear that a webhook was switched off.
pub const TOPIC: &str = "webhook";
