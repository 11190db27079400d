//! When tasks remind: before the deadline as somebody chose, and once it has passed.

use jiff::tz::TimeZone;
use record_engine::context::parse_instant;
use record_engine::notifications::{TASK_DUE, TASK_OVERDUE};
use record_engine::record::Values;
use serde_json::Value as Json;

use super::objects::TASK_TYPE;
use crate::reminders::moments::before;
use crate::reminders::{Due, Reminding};

/// How tasks remind: whoever is responsible.
pub(crate) static REMINDING: Reminding = Reminding {
    object_type: TASK_TYPE,
    kind: |due| match due {
        Due::Soon => &TASK_DUE,
        Due::Over => &TASK_OVERDUE,
    },
    moments,
    others: |_| Vec::new(),
};

/// Nothing of one that is closed or has no deadline.
fn moments(values: &Values, zone: &TimeZone) -> Vec<(Due, i64)> {
    let text = |field: &str| values.get(field).and_then(Json::as_str);
    let is_open = !values.contains_key("closed_at");
    let Some(deadline) = text("deadline").and_then(parse_instant).filter(|_| is_open) else { return Vec::new() };
    let choice = text("reminder").unwrap_or_default();
    let is_exact = text("deadline_kind") == Some("at");
    let over = (!is_exact && choice != "at_time").then_some((Due::Over, deadline));
    before(choice, deadline, zone).map(|at| (Due::Soon, at)).into_iter().chain(over).collect()
}
