//! What a goal must fulfil.

use std::collections::BTreeSet;

use database::{Backend, Query, Value, in_list};
use record_engine::RequestContext;
use record_engine::access::{Action, Scope};
use record_engine::catalog::Catalog;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::record::Values;
use record_engine::write::{Intent, Occasion, Proposal, Rules};
use serde_json::{Value as Json, json};

use super::SALES_GOAL_TYPE;

/// Number of the lock under which goals are set on PostgreSQL; any that nobody else takes.
const LOCK: i64 = 7_461_047;

/// The rules of goals.
pub(super) struct GoalRules;

/// Whose it is, and of which month: a person, a team, a day.
type Place = (Option<i64>, Option<i64>, String);

fn place(values: &Values) -> Option<Place> {
    let id = |name: &str| values.get(name).and_then(Json::as_i64);
    Some((id("person"), id("team"), values.get("month")?.as_str()?.to_owned()))
}

impl Rules for GoalRules {
    fn apply(&self, _: Occasion<'_>, _: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let mut errors = Vec::new();
        match (after.contains_key("person"), after.contains_key("team")) {
            (true, true) => errors.push(FieldError::new("team", "one_of_several")),
            (false, false) => errors.push(FieldError::new("person", "required")),
            _ => {}
        }
        let amount = after.get("amount").and_then(|amount| amount.get("amount")).and_then(Json::as_i64);
        if amount.is_some_and(|amount| amount < 0) {
            errors.push(FieldError::new("amount", "out_of_range").with("minimum", 0));
        }
        // A goal is of its whole month, whatever day of it was typed.
        let month = after.get("month").and_then(Json::as_str).and_then(|day| day.get(..7)).map(String::from);
        if let Some(month) = month {
            after.insert("month".into(), json!(format!("{month}-01")));
            after.insert("title".into(), json!(month));
        }
        errors
    }

    fn check_batch(
        &self,
        tx: &mut dyn Query,
        catalog: &Catalog,
        context: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        let mut refused = Vec::new();
        let Some(object_type) = catalog.object_type(SALES_GOAL_TYPE) else { return Ok(refused) };
        let scope = Scope::of(context, object_type, Action::Change)?;
        for (at, proposal) in proposals.iter().enumerate().filter(|(_, proposal)| !proposal.is_trusted) {
            // Nobody sets a goal for whom he has no say over.
            if proposal.intent != Intent::Delete && !scope.admits_values(object_type, proposal.after) {
                refused.push((at, EngineError::Forbidden));
            }
        }
        let known: BTreeSet<usize> = refused.iter().map(|(at, _)| *at).collect();
        let kept = || {
            let kept = proposals.iter().enumerate();
            let kept = kept.filter(|(at, proposal)| proposal.intent != Intent::Delete && !known.contains(at));
            kept.filter_map(|(at, proposal)| Some((at, proposal.id, place(proposal.after)?)))
        };
        let months: BTreeSet<String> = kept().map(|(.., (_, _, month))| month).collect();
        if months.is_empty() {
            return Ok(refused);
        }
        if tx.backend() == Backend::Postgres {
            // Of two who set a goal at once the second waits and then sees the first.
            tx.query("SELECT 1 FROM pg_advisory_xact_lock(?)", &[LOCK.into()])?;
        }
        let params: Vec<Value> = months.iter().map(Value::from).collect();
        let sql = format!(
            "SELECT person, team, month, id FROM {SALES_GOAL_TYPE} WHERE deleted_at IS NULL AND month IN {}",
            in_list(params.len())
        );
        let mut taken: BTreeSet<(Place, i64)> = BTreeSet::new();
        for row in tx.query(&sql, &params)? {
            taken.insert(((row.optional_integer(0)?, row.optional_integer(1)?, row.text(2)?), row.integer(3)?));
        }
        let mut met: BTreeSet<Place> = BTreeSet::new();
        let mut twice = Vec::new();
        for (at, id, wanted) in kept() {
            let is_taken = taken.iter().any(|(other, holder)| *other == wanted && Some(*holder) != id);
            if is_taken || !met.insert(wanted) {
                twice.push((at, EngineError::field(FieldError::new("month", "goal_exists"))));
            }
        }
        refused.extend(twice);
        Ok(refused)
    }
}
