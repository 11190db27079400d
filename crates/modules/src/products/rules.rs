//! What a product must fulfil.

use std::collections::BTreeSet;

use database::{Backend, Query, Value, in_list};
use filter_language::sort_key;
use record_engine::RequestContext;
use record_engine::catalog::Catalog;
use record_engine::currency::{USUAL_PLACES, places};
use record_engine::decimal;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::record::Values;
use record_engine::write::{Intent, Occasion, Proposal, Rules};
use serde_json::Value as Json;

use super::LARGEST_PRICE;

/// Number of the lock under which SKUs are given on PostgreSQL; any that nobody else takes.
const SKU_LOCK: i64 = 7_461_039;

pub(super) struct ProductRules;

impl Rules for ProductRules {
    fn apply(&self, _: Occasion<'_>, _: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if let Some(price) = after.get("price").filter(|price| !is_price(price)) {
            let currency = price.get("currency").and_then(Json::as_str).unwrap_or_default();
            let largest = decimal::text(LARGEST_PRICE.into(), 2);
            let error = FieldError::new("price", "out_of_range").at("amount").with("currency", currency);
            errors.push(error.with("minimum", 0).with("maximum", largest));
        }
        if after.get("tax").is_none_or(Json::is_null) {
            after.remove("second_tax");
        } else if after.get("second_tax") == after.get("tax") {
            errors.push(FieldError::new("second_tax", "tax_twice"));
        }
        errors
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
            kept.filter_map(|(place, proposal)| Some((place, proposal.id, sku_of(proposal)?)))
        };
        let wanted: BTreeSet<String> = kept().map(|(.., sku)| sku).collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        if tx.backend() == Backend::Postgres {
            // Of two who give a SKU at once the second waits and then sees the first.
            tx.query("SELECT 1 FROM pg_advisory_xact_lock(?)", &[SKU_LOCK.into()])?;
        }
        let params: Vec<Value> = wanted.iter().map(Value::from).collect();
        let sql = format!(
            "SELECT sku_key, id FROM product WHERE deleted_at IS NULL AND sku_key IN {}",
            in_list(params.len())
        );
        let mut taken: BTreeSet<(String, i64)> = BTreeSet::new();
        for row in tx.query(&sql, &params)? {
            taken.insert((row.text(0)?, row.integer(1)?));
        }
        let mut refused = Vec::new();
        let mut met: BTreeSet<String> = BTreeSet::new();
        for (place, id, sku) in kept() {
            let is_taken = taken.iter().any(|(other, holder)| *other == sku && Some(*holder) != id);
            if is_taken || !met.insert(sku) {
                refused.push((place, EngineError::field(FieldError::new("sku", "sku_taken"))));
            }
        }
        Ok(refused)
    }
}

fn sku_of(proposal: &Proposal<'_>) -> Option<String> {
    let sku = proposal.after.get("sku").and_then(Json::as_str)?;
    Some(sort_key(sku)).filter(|key| !key.is_empty())
}

/// Whether an amount is a price: from nothing to [`LARGEST_PRICE`], in a currency of any number of decimal places.
fn is_price(price: &Json) -> bool {
    let amount = price.get("amount").and_then(Json::as_i64).unwrap_or_default();
    let places = price.get("currency").and_then(Json::as_str).map_or(USUAL_PLACES, places);
    let within = || {
        Some(i128::from(amount) * decimal::power(USUAL_PLACES)? <= i128::from(LARGEST_PRICE) * decimal::power(places)?)
    };
    amount >= 0 && within().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::is_price;
    use serde_json::json;

    #[test]
    fn prices_have_a_limit_in_every_currency() {
        let check = |amount: i64, currency: &str, expect: bool| {
            assert_eq!(is_price(&json!({ "amount": amount, "currency": currency })), expect, "{amount} {currency}");
        };
        check(0, "UAH", true);
        check(-1, "UAH", false);
        check(9_999_999_999, "UAH", true);
        check(10_000_000_000, "UAH", false);
        check(99_999_999, "JPY", true);
        check(100_000_000, "JPY", false);
        check(99_999_999_990, "KWD", true);
        check(99_999_999_991, "KWD", false);
    }
}
