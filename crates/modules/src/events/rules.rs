//! Checks and derived values of events, and who hears of them.

use std::collections::BTreeMap;

use database::Tx;
use record_engine::RequestContext;
use record_engine::error::{EngineError, FieldError};
use record_engine::notifications::{MADE_PARTICIPANT, file};
use record_engine::record::Values;
use record_engine::write::{Intent, Occasion, Operation, Proposal, Rules};
use serde_json::json;

use super::objects::EVENT_TYPE;
use super::reminders::REMINDING;
use crate::closing::{begins_before, keep_closed_at};
use crate::reminders::plan;
use crate::sharing::{gained, ids, notify};

/// The rules of events.
pub(super) struct EventRules;

impl Rules for EventRules {
    fn apply(&self, occasion: Occasion<'_>, before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        keep_closed_at(occasion, before, after);
        begins_before(after, "ends_at", "after_end")
    }

    /// Who makes an event is responsible for it, unless he names somebody.
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
        plan(tx, context.now_ms, &REMINDING, proposals)?;
        let nothing = Values::new();
        let mut told: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for proposal in proposals.iter().filter(|one| matches!(one.intent, Intent::Create | Intent::Update)) {
            let Some(id) = proposal.id else { continue };
            let was = proposal.before.map_or(&nothing, |record| &record.values);
            let responsible = ids(proposal.after, "responsible");
            for user in gained(was, proposal.after, "colleagues") {
                if !responsible.contains(&user) {
                    told.entry(user).or_default().push(id);
                }
            }
        }
        file(tx, context, operation, &MADE_PARTICIPANT, EVENT_TYPE, told)?;
        notify(tx, context, operation, EVENT_TYPE, proposals)
    }
}
