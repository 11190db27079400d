//! Templates of tasks: several tasks that are given together, each with its distance from a day, made in one operation.
//!
//! What must stay true: what is shown before is what is made, since both come of one plan; a deadline of days is a time by the clock on the wall of who is
//! responsible, whatever the clocks do in between, and one of hours is so many hours later; working days leave out weekends and holidays of the company;
//! a task that a template makes is an ordinary task, made with the rights of whoever uses the template. A line that names somebody or something gone does
//! without it.
//!
//! It requires `tasks`, `checklists` and `work` for what it makes, `lines` and `whole` for the rights on its lines; contacts, deals, events, tags and users are referred
//! to by the names of their types.

mod for_each;
mod moments;
mod objects;
mod plan;
mod rules;
mod using;

pub(crate) use for_each::handler;
pub use for_each::{USE_FOR_EACH_JOB, UseForEach, UseForEachJob};
pub use moments::Base;
pub use objects::{LINE_TYPE, TEMPLATE_TYPE, line_type, object_type};
pub use plan::{PlannedTask, Template};
pub use using::{Made, UsedFor, use_template};

/// Most tasks of one template.
pub(crate) const MOST_LINES: usize = 50;
/// Most steps of one of its tasks.
const MOST_STEPS: usize = 100;
/// Longest step, in characters: that of a checklist.
const STEP_LENGTH: usize = 500;
