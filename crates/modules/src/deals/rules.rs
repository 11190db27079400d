//! Checks and derived values of deals, and who hears of them.

use database::Tx;
use record_engine::RequestContext;
use record_engine::context::instant_text;
use record_engine::error::{EngineError, FieldError};
use record_engine::record::Values;
use record_engine::write::{Occasion, Operation, Proposal, Rules};
use serde_json::{Value as Json, json};

use super::objects::DEAL_TYPE;
use crate::closing::comes_back;
use crate::lines::TOTAL_FIELD;
use crate::sharing::notify;

/// The rules of deals.
pub(super) struct DealRules;

/// While there are lines, the budget is what they come to; nobody writes another one.
fn budget_of_lines(occasion: Occasion<'_>, before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
    let Some(total) = after.get(TOTAL_FIELD).cloned() else { return Vec::new() };
    if before.and_then(|before| before.get(TOTAL_FIELD)) != Some(&total) {
        after.insert("budget".into(), total);
    } else if occasion.is_strict && after.get("budget") != Some(&total) {
        return vec![FieldError::new("budget", "budget_of_lines")];
    }
    Vec::new()
}

impl Rules for DealRules {
    fn apply(&self, occasion: Occasion<'_>, before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let stages = occasion.choice("stage");
        let option = |values: &Values| stages?.option(values.get("stage")?.as_str()?);
        let is_same = |name: &str| before.is_some_and(|before| before.get(name) == after.get(name));
        let (is_moved, has_own_chance) = (!is_same("stage"), before.is_none() && after.contains_key("probability"));
        let says_chance = has_own_chance || (before.is_some() && !is_same("probability"));
        let is_open = |values: &Values| {
            option(values).and_then(|option| option.traits.meaning.as_deref()).is_none_or(|meaning| meaning == "open")
        };
        let (was_open, is_open) = (before.is_none_or(is_open), is_open(after));
        if is_moved {
            let percent = option(after).and_then(|option| option.traits.percent);
            if !comes_back(occasion, before, after, "stage_since") {
                after.insert("stage_since".into(), json!(instant_text(occasion.now_ms)));
            }
            if let Some(percent) = percent.filter(|_| !says_chance) {
                after.insert("probability".into(), json!(percent));
            }
        }
        if is_open {
            after.remove("closed_on");
            // Why it was lost is no news of one that goes on.
            after.remove("lost_reason");
        } else if was_open && !comes_back(occasion, before, after, "closed_on") {
            after.insert("closed_on".into(), json!(occasion.today.to_string()));
        }
        if after.get("budget_type").and_then(Json::as_str) == Some("fixed") {
            after.remove("periods");
        }
        budget_of_lines(occasion, before, after)
    }

    /// Who makes a deal is responsible for it, unless he names somebody.
    fn defaults(&self, context: &RequestContext, values: &mut Values) {
        let Some(id) = context.actor.user_id() else { return };
        values.entry("responsible".into()).or_insert_with(|| json!(id));
    }

    fn follow_batch(
        &self,
        tx: &mut Tx,
        context: &RequestContext,
        operation: &Operation,
        proposals: &[Proposal<'_>],
    ) -> Result<(), EngineError> {
        notify(tx, context, operation, DEAL_TYPE, proposals)
    }
}
