//! Tasks: what somebody has to do, by when, for whom.
//!
//! What must stay true: whether a task is open or closed is the meaning of its status, whatever statuses an administrator has; that it is overdue is
//! never stored, it follows from the status and the deadline; when it was closed is known. A task is seen by who is responsible, who takes part and who
//! gave it, and by others as roles and `visibility` say.
//!
//! It requires `sharing` for the rights, `closing`, `checklists`, `reminders` and `work` for the time zone; contacts, deals, events, tags and users are referred to by
//! the names of their types.

mod objects;
pub(crate) mod reminders;
mod repeat;
mod rules;

pub use objects::{TASK_TYPE, object_type};
