//! When events remind: before they begin, whoever is responsible and the colleagues who take part.

use jiff::tz::TimeZone;
use record_engine::context::parse_instant;
use record_engine::notifications::EVENT_SOON;
use record_engine::record::Values;
use serde_json::Value as Json;

use super::objects::EVENT_TYPE;
use crate::reminders::moments::{before, morning_of};
use crate::reminders::{Due, Reminding};
use crate::sharing::ids;

/// How events remind.
pub(crate) static REMINDING: Reminding =
    Reminding { object_type: EVENT_TYPE, kind: |_| &EVENT_SOON, moments, others: |values| ids(values, "colleagues") };

/// Nothing of one that is over or has no beginning. What lasts whole days begins in the morning.
fn moments(values: &Values, zone: &TimeZone) -> Vec<(Due, i64)> {
    let text = |field: &str| values.get(field).and_then(Json::as_str);
    let is_open = !values.contains_key("closed_at");
    let Some(begins) = text("starts_at").and_then(parse_instant).filter(|_| is_open) else { return Vec::new() };
    let is_whole = values.get("is_all_day") == Some(&Json::Bool(true));
    let begins = if is_whole { morning_of(begins, zone).unwrap_or(begins) } else { begins };
    let soon = before(text("reminder").unwrap_or_default(), begins, zone);
    soon.map(|at| (Due::Soon, at)).into_iter().collect()
}
