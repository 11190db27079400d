//! Orders: what a client has asked for, with lines as a deal has them, how far it is, and why it was refused.
//!
//! What must stay true: every order has a number that no other live order has; whether it is open, done or refused is the meaning of its status; a refused
//! order stays, with its reason. An order of a deal is made in one operation with copies of the lines, and is seen by whoever sees the deal.
//!
//! It requires `sharing` for the fields and notifications, `closing` for when it was over, `lines` for its sum, and `deals`.

mod from_deal;
mod objects;
mod rules;

pub use from_deal::{Made, from_deal};
pub use objects::{ORDER_TYPE, object_type};
