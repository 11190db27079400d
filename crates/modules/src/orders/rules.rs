//! Numbers of orders, when one is over, and who hears of it.

use std::collections::BTreeSet;

use database::{Backend, Query, Tx, Value, in_list};
use filter_language::sort_key;
use record_engine::RequestContext;
use record_engine::catalog::Catalog;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::record::Values;
use record_engine::write::{Completion, Intent, Occasion, Operation, Proposal, Rules, Surroundings};
use serde_json::{Value as Json, json};

use super::objects::ORDER_TYPE;
use crate::closing::keep_closed_at;
use crate::sharing::notify;

/// The sequence that numbers come from.
const NUMBERS: &str = "order_numbers";
/// Number of the lock under which numbers are given on PostgreSQL; any that nobody else takes.
const LOCK: i64 = 7_461_042;

pub(super) struct OrderRules;

fn number_key(values: &Values) -> Option<String> {
    let number = values.get("number").and_then(Json::as_str)?;
    Some(sort_key(number)).filter(|key| !key.is_empty())
}

/// The live orders with one of some numbers.
fn holders(tx: &mut dyn Query, numbers: &BTreeSet<String>) -> Result<BTreeSet<(String, i64)>> {
    let params: Vec<Value> = numbers.iter().map(Value::from).collect();
    let sql = format!(
        "SELECT number_key, id FROM \"order\" WHERE deleted_at IS NULL AND number_key IN {}",
        in_list(params.len())
    );
    tx.query(&sql, &params)?.iter().map(|row| Ok((row.text(0)?, row.integer(1)?))).collect()
}

impl Rules for OrderRules {
    fn completes(&self) -> bool {
        true
    }

    /// A new order gets the next number that is free, and the day of today.
    fn complete_batch(
        &self,
        tx: &mut Tx,
        surroundings: Surroundings<'_>,
        completions: &mut [Completion<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        for completion in completions.iter_mut().filter(|completion| completion.before.is_none()) {
            let today = || json!(surroundings.context.today().to_string());
            completion.input.entry("ordered_on".into()).or_insert_with(today);
            while completion.input.get("number").is_none_or(Json::is_null) {
                for next in tx.allocate_ids(NUMBERS, 1)? {
                    let number = next.to_string();
                    if holders(tx, &BTreeSet::from([sort_key(&number)]))?.is_empty() {
                        completion.input.insert("number".into(), json!(number));
                    }
                }
            }
        }
        Ok(Vec::new())
    }

    fn apply(&self, occasion: Occasion<'_>, before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        keep_closed_at(occasion, before, after);
        let statuses = occasion.choice("status");
        let meaning = after.get("status").and_then(|key| statuses?.meaning_of(key));
        if meaning.is_none_or(|meaning| meaning != "lost") {
            // Why it was refused is no news of one that goes on.
            after.remove("refusal_reason");
        }
        let number = after.get("number").and_then(Json::as_str).unwrap_or_default();
        let title = format!("№ {number}");
        let is_missing = number_key(after).is_none();
        after.insert("title".into(), json!(title));
        if is_missing { vec![FieldError::new("number", "required")] } else { Vec::new() }
    }

    /// Who makes an order is responsible for it, unless he names somebody.
    fn defaults(&self, context: &RequestContext, values: &mut Values) {
        let Some(id) = context.actor.user_id() else { return };
        values.entry("responsible".into()).or_insert_with(|| json!(id));
    }

    fn check_batch(
        &self,
        tx: &mut dyn Query,
        _: &Catalog,
        _: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        let kept = || {
            let kept = proposals.iter().enumerate().filter(|(_, proposal)| proposal.intent != Intent::Delete);
            kept.filter_map(|(place, proposal)| Some((place, proposal.id, number_key(proposal.after)?)))
        };
        let wanted: BTreeSet<String> = kept().map(|(.., number)| number).collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        if tx.backend() == Backend::Postgres {
            // Of two who give a number at once the second waits and then sees the first.
            tx.query("SELECT 1 FROM pg_advisory_xact_lock(?)", &[LOCK.into()])?;
        }
        let taken = holders(tx, &wanted)?;
        let mut refused = Vec::new();
        let mut met: BTreeSet<String> = BTreeSet::new();
        for (place, id, number) in kept() {
            let is_taken = taken.iter().any(|(other, holder)| *other == number && Some(*holder) != id);
            if is_taken || !met.insert(number) {
                refused.push((place, EngineError::field(FieldError::new("number", "number_taken"))));
            }
        }
        Ok(refused)
    }

    fn follow_batch(
        &self,
        tx: &mut Tx,
        context: &RequestContext,
        operation: &Operation,
        proposals: &[Proposal<'_>],
    ) -> Result<()> {
        notify(tx, context, operation, ORDER_TYPE, proposals)
    }
}
