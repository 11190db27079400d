//! Tasks that come again: whoever closes one makes the next.
//!
//! What must stay true: the next task is made in the operation that closes the one before it, so one undo takes both back; a task is followed by one
//! task, however often it is closed and by however many processes (`previous` is unique). It is due by the wall clock of who is responsible, and never
//! in the past.

use std::collections::BTreeSet;

use database::{Query, Value, in_list};
use jiff::Timestamp;
use record_engine::context::{instant_text, parse_instant};
use record_engine::error::EngineError;
use record_engine::record::Values;
use record_engine::recurrence::Rule;
use record_engine::write::{Continuation, Proposal};
use serde_json::{Value as Json, json};

use super::objects::TASK_TYPE;
use crate::checklists::{self, CHECKLIST_ITEM_TYPE};
use crate::work::zone_of;

/// What the next task does not have of the one before it: it begins anew.
const OWN: [&str; 7] = ["status", "closed_at", "deadline", "starts_at", "recurrence", "series_at", "previous"];

/// Notes from which moment a series is counted: the deadline that stood when its rule was set. A task that is put off moves no series.
pub(super) fn keep_series(before: Option<&Values>, after: &mut Values) {
    let is_same = |field: &str| before.is_some_and(|before| before.get(field) == after.get(field));
    // The next task of a series, and what an undo brings back, say it themselves.
    let is_said = after.contains_key("series_at") && !is_same("series_at");
    if !after.contains_key("recurrence") {
        after.remove("series_at");
    } else if !is_said && (!is_same("recurrence") || !after.contains_key("series_at")) {
        match after.get("deadline").cloned() {
            Some(deadline) => after.insert("series_at".into(), deadline),
            None => after.remove("series_at"),
        };
    }
}

fn at(values: &Values, field: &str) -> Option<i64> {
    values.get(field).and_then(Json::as_str).and_then(parse_instant)
}

/// Makes the next task of each that has just been closed.
pub(super) fn repeat(write: &mut Continuation<'_>, proposals: &[Proposal<'_>]) -> Result<(), EngineError> {
    let is_closed_now = |proposal: &&Proposal<'_>| {
        proposal.before.is_some_and(|before| !before.values.contains_key("closed_at"))
            && proposal.after.contains_key("closed_at")
            && proposal.after.contains_key("recurrence")
    };
    let closed: Vec<(i64, &Values)> =
        proposals.iter().filter(is_closed_now).filter_map(|proposal| Some((proposal.id?, proposal.after))).collect();
    if closed.is_empty() {
        return Ok(());
    }
    let followed = followed(write, &closed)?;
    for (id, values) in closed.into_iter().filter(|(id, _)| !followed.contains(id)) {
        let Some(mut next) = next_of(write, id, values)? else { continue };
        let mut made = write.create(TASK_TYPE, vec![next.clone()])?.pop();
        if let Some(Err(EngineError::Invalid(errors))) = &made {
            // What it names may be gone by now, which is no reason to end the series.
            for error in errors {
                next.remove(error.pointer.trim_start_matches('/').split('/').next().unwrap_or_default());
            }
            made = write.create_incomplete(TASK_TYPE, vec![next])?.pop();
        }
        let made = match made {
            Some(Ok(made)) => made,
            // Whoever closes a task has closed it, whatever its series comes to.
            None | Some(Err(EngineError::Invalid(_))) => continue,
            Some(Err(error)) => return Err(error),
        };
        let items = checklists::begun_anew(write.tx, id, made)?;
        for item in write.create(CHECKLIST_ITEM_TYPE, items)? {
            item?;
        }
    }
    Ok(())
}

/// Those that are followed by a task already.
fn followed(write: &mut Continuation<'_>, closed: &[(i64, &Values)]) -> Result<BTreeSet<i64>, EngineError> {
    let mut found = BTreeSet::new();
    for some in closed.chunks(500) {
        let ids: Vec<Value> = some.iter().map(|(id, _)| Value::Integer(*id)).collect();
        let sql = format!("SELECT previous FROM task WHERE deleted_at IS NULL AND previous IN {}", in_list(ids.len()));
        for row in write.tx.query(&sql, &ids)? {
            found.insert(row.integer(0)?);
        }
    }
    Ok(found)
}

/// The values of the task that follows; `None` at the end of the series.
fn next_of(write: &mut Continuation<'_>, id: i64, values: &Values) -> Result<Option<Values>, EngineError> {
    let rule = values.get("recurrence").and_then(Json::as_str).and_then(Rule::parse);
    let (Some(rule), Some(deadline)) = (rule, at(values, "deadline")) else { return Ok(None) };
    let zone = zone_of(write.tx, values.get("responsible").and_then(Json::as_i64).unwrap_or_default())?;
    let series = at(values, "series_at").unwrap_or(deadline);
    let Some(next) = rule.next(series, deadline, write.context.now_ms, &zone) else { return Ok(None) };
    let mut made: Values = values
        .iter()
        .filter(|(name, _)| !OWN.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    made.insert("deadline".into(), json!(instant_text(next.at_ms)));
    made.insert("series_at".into(), json!(instant_text(next.series_ms)));
    made.insert("recurrence".into(), json!(next.rule.to_string()));
    made.insert("previous".into(), json!(id));
    if let Some(starts_at) = at(values, "starts_at") {
        // As long before the deadline as it was, by the clock on the wall.
        let wall = |ms: i64| Some(Timestamp::from_millisecond(ms).ok()?.to_zoned(zone.clone()).datetime());
        let moved = || {
            let ahead = wall(deadline)?.since(wall(starts_at)?).ok()?;
            let begins = wall(next.at_ms)?.checked_sub(ahead).ok()?.to_zoned(zone.clone()).ok()?;
            Some(begins.timestamp().as_millisecond().min(next.at_ms))
        };
        if let Some(begins) = moved() {
            made.insert("starts_at".into(), json!(instant_text(begins)));
        }
    }
    Ok(Some(made))
}
