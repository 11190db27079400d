//! When a record was closed: the field `closed_at` of types whose status means open or closed.

use record_engine::context::instant_text;
use record_engine::error::FieldError;
use record_engine::record::Values;
use record_engine::write::Occasion;
use serde_json::{Value as Json, json};

/// What the status means while there is something to do.
const OPEN: &str = "open";

/// Notes the moment at which a record was closed, and forgets it when it goes on.
pub(crate) fn keep_closed_at(occasion: Occasion<'_>, before: Option<&Values>, after: &mut Values) {
    let is_closed = |values: &Values| {
        let statuses = occasion.choice("status");
        values.get("status").and_then(|key| statuses?.meaning_of(key)).is_some_and(|meaning| meaning != OPEN)
    };
    match (before.is_some_and(is_closed), is_closed(after)) {
        // An undo says itself when it was.
        (false, true) if comes_back(occasion, before, after, "closed_at") => {}
        (false, true) => {
            after.insert("closed_at".into(), json!(instant_text(occasion.now_ms)));
        }
        (_, false) => {
            after.remove("closed_at");
        }
        (true, true) => {}
    }
}

/// Whether an undo brings a derived value back that stood there once.
pub(crate) fn comes_back(occasion: Occasion<'_>, before: Option<&Values>, after: &Values, field: &str) -> bool {
    !occasion.is_strict
        && after.contains_key(field)
        && before.is_some_and(|before| before.get(field) != after.get(field))
}

/// Refuses what begins after its end.
pub(crate) fn begins_before(after: &Values, end: &str, code: &'static str) -> Vec<FieldError> {
    // Both are written in one form, so that text compares as time does.
    let time = |field: &str| after.get(field).and_then(Json::as_str);
    match (time("starts_at"), time(end)) {
        (Some(start), Some(end)) if start > end => vec![FieldError::new("starts_at", code)],
        _ => Vec::new(),
    }
}
