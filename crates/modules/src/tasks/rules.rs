//! Checks and derived values of tasks, and who hears of them.

use std::collections::BTreeMap;

use database::Tx;
use record_engine::RequestContext;
use record_engine::error::{EngineError, FieldError};
use record_engine::notifications::{Kind, MADE_PARTICIPANT, MADE_RESPONSIBLE, TASK_CLOSED, TASK_REOPENED, file};
use record_engine::record::Values;
use record_engine::write::{Continuation, Intent, Occasion, Operation, Proposal, Rules};
use serde_json::{Value as Json, json};

use super::objects::TASK_TYPE;
use super::reminders::REMINDING;
use super::repeat::{keep_series, repeat};
use crate::closing::{begins_before, keep_closed_at};
use crate::reminders::plan;
use crate::sharing::{gained, ids};

/// The rules of tasks.
pub(super) struct TaskRules;

impl Rules for TaskRules {
    fn apply(&self, occasion: Occasion<'_>, before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        keep_closed_at(occasion, before, after);
        keep_series(before, after);
        begins_before(after, "deadline", "after_deadline")
    }

    /// Who makes a task has given it, and does it himself unless he names somebody.
    fn defaults(&self, context: &RequestContext, values: &mut Values) {
        let Some(id) = context.actor.user_id() else { return };
        // What comes again was given by whoever gave it first.
        if !values.contains_key("previous") {
            values.insert("author".into(), json!(id));
        }
        values.entry("responsible".into()).or_insert_with(|| json!(id));
    }

    fn continue_batch(&self, write: &mut Continuation<'_>, proposals: &[Proposal<'_>]) -> Result<(), EngineError> {
        repeat(write, proposals)
    }

    fn follow_batch(
        &self,
        tx: &mut Tx,
        context: &RequestContext,
        operation: &Operation,
        proposals: &[Proposal<'_>],
    ) -> Result<(), EngineError> {
        plan(tx, context.now_ms, &REMINDING, proposals)?;
        for (kind, told) in news(proposals) {
            file(tx, context, operation, kind, TASK_TYPE, told)?;
        }
        Ok(())
    }
}

/// Who hears what of which tasks: of each, only the most that it means to him.
fn news(proposals: &[Proposal<'_>]) -> Vec<(&'static Kind, BTreeMap<i64, Vec<i64>>)> {
    let kinds = [&MADE_RESPONSIBLE, &MADE_PARTICIPANT, &TASK_CLOSED, &TASK_REOPENED];
    let mut told: [BTreeMap<i64, Vec<i64>>; 4] = Default::default();
    let nothing = Values::new();
    for proposal in proposals.iter().filter(|one| matches!(one.intent, Intent::Create | Intent::Update)) {
        let Some(id) = proposal.id else { continue };
        let (was, is) = (proposal.before.map_or(&nothing, |record| &record.values), proposal.after);
        let mut heard: Vec<i64> = Vec::new();
        let mut tell = |place: usize, users: Vec<i64>| {
            for user in users {
                if !heard.contains(&user) {
                    heard.push(user);
                    if let Some(told) = told.get_mut(place) {
                        told.entry(user).or_default().push(id);
                    }
                }
            }
        };
        if is.get("notifies") == Some(&Json::Bool(true)) {
            tell(0, gained(was, is, "responsible"));
            tell(1, gained(was, is, "participants"));
        }
        let everybody = || ["author", "responsible", "participants"].map(|field| ids(is, field)).concat();
        match (was.contains_key("closed_at"), is.contains_key("closed_at")) {
            (false, true) if proposal.before.is_some() => tell(2, everybody()),
            (true, false) => tell(3, everybody()),
            _ => {}
        }
    }
    kinds.into_iter().zip(told).filter(|(_, told)| !told.is_empty()).collect()
}
