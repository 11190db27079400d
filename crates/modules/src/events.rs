//! Events: a meeting, a seminar, an exhibition with people of the base.
//!
//! What must stay true: whether an event is over is the meaning of its status; its end is never before its beginning; when it was closed is known.
//! Events are open to all unless somebody restricts one (D5); who is asked to take part, and whom it is opened to, is told; who takes part is reminded.
//!
//! It requires `sharing` for the fields and the notifications and `closing` for what is over, `reminders`; contacts, tags and users are referred to by the names of
//! their types.

mod objects;
pub(crate) mod reminders;
mod rules;

pub use objects::{EVENT_TYPE, object_type};
