//! Deals: what somebody may buy, for how much, how far it is, and how sure that is.
//!
//! What must stay true: whether a deal is open, won or lost is the meaning of its stage, whatever stages an administrator has; its chance is that of the
//! stage until somebody says otherwise; since when it stands in its stage, and when it was closed, is known. Deals are open to all unless somebody
//! restricts one (D5); whom it is opened to is told.
//!
//! While a deal has lines, its budget is what they come to. People of the base have roles in it ([`people`]).
//!
//! It requires `sharing` for the fields and the notifications, `lines` for the budget, `closing` for what an undo brings back, `whole` for the rights of
//! people; contacts, tags and users are referred to by the names of their types.

mod objects;
pub mod people;
mod rules;

pub use objects::{DEAL_TYPE, object_type};
