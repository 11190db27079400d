//! Notifications of browsers, over all windows: Web Push with the installation's own keys. It requires `notifications` for where a click leads.
//!
//! What must stay true:
//! - a subscription belongs to the session in whose browser it was made: when the session is over, nothing is sent there any more ([`subscriptions`]);
//! - requests go to push services that an administrator has named, whatever address a browser gives ([`endpoint`]);
//! - each notification becomes one delivery for each browser, in the transaction that takes it off the list; a delivery is claimed with a lease and goes
//!   only with its outcome, so that none is lost, and what is sent again after a kill has the same tag and is shown once ([`deliveries`]);
//! - what a message says is read under the rights of its reader when it is sent ([`message`]); what he has read meanwhile is not sent;
//! - the push service reads nothing of it: RFC 8291 ([`encryption`]), and knows the sender by RFC 8292 ([`keys`]). The private key lies in the vault.
//!
//! What is told, to whom and where is decided by [`record_engine::notifications`].

mod deliveries;
mod encryption;
mod endpoint;
mod keys;
mod message;
mod schedule;
mod send;
mod subscriptions;
mod worker;

pub use keys::public_key;
pub use send::{Senders, Trial, send_due, try_out};
pub use subscriptions::{Subscription, SubscriptionInput, list, prune, subscribe, unsubscribe};
pub use worker::Pushers;
