//! What a line comes to, who may change it, and what its whole says of its lines.

use std::collections::{BTreeMap, BTreeSet};

use database::{Backend, Query, Tx, quote_identifier};
use record_engine::RequestContext;
use record_engine::catalog::Catalog;
use record_engine::decimal;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::field_types::LARGEST_AMOUNT;
use record_engine::record::Values;
use record_engine::write::{Change, Completion, Intent, Occasion, Proposal, Rules, Surroundings};
use serde_json::{Value as Json, json};

use super::amounts::{Tax, Terms, amounts};
use super::completion::{Completer, TAXES, read_money};
use super::{DISCOUNT_PLACES, LINE_TYPE, QUANTITY_PLACES, TAX_PLACES, TOTAL_FIELD, WHOLES};
use crate::whole::{WholeField, refuse_without_right, whole_of, wholes_of};

pub(super) struct LineRules;

/// The derived amounts.
const DERIVED: [&str; 4] = ["amount", "tax_amount", "second_tax_amount", "total"];

/// An exact number as a whole number of its last place; nothing is zero.
fn scaled(values: &Values, field: &str, places: u32) -> Option<i64> {
    match values.get(field) {
        Some(number) => i64::try_from(decimal::scaled(&number.to_string(), places)?).ok(),
        None => Some(0),
    }
}

/// What a line is counted of, as far as it says it, and its currency.
fn terms(values: &Values) -> Option<(Terms, String)> {
    let (price, currency) = read_money(values.get("price")?)?;
    let mut taxes = [None; 2];
    for ([tax, percent, is_included], slot) in TAXES.iter().zip(&mut taxes) {
        if values.contains_key(*tax) {
            let is_included = values.get(*is_included) == Some(&Json::Bool(true));
            *slot = Some(Tax { percent: scaled(values, percent, TAX_PLACES)?, is_included });
        }
    }
    let quantity = scaled(values, "quantity", QUANTITY_PLACES)?;
    Some((Terms { price, quantity, discount: scaled(values, "discount", DISCOUNT_PLACES)?, taxes }, currency))
}

impl Rules for LineRules {
    fn completes(&self) -> bool {
        true
    }

    fn complete_batch(
        &self,
        tx: &mut Tx,
        surroundings: Surroundings<'_>,
        completions: &mut [Completion<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        let mut completer = Completer::new(surroundings);
        let mut refused = Vec::new();
        for (place, completion) in completions.iter_mut().enumerate() {
            match completer.complete(tx, completion) {
                Ok(()) => {}
                Err(error @ EngineError::Invalid(_)) => refused.push((place, error)),
                Err(error) => return Err(error),
            }
        }
        Ok(refused)
    }

    fn apply(&self, _: Occasion<'_>, _: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if !after.contains_key("tax") {
            after.remove("second_tax");
        } else if after.get("second_tax") == after.get("tax") {
            errors.push(FieldError::new("second_tax", "tax_twice"));
        }
        for [tax, percent, is_included] in TAXES {
            if !after.contains_key(tax) {
                after.remove(percent);
                after.remove(is_included);
            }
        }
        after.retain(|name, _| !DERIVED.contains(&name.as_str()));
        let Some((terms, currency)) = terms(after) else { return errors };
        let is_small = |amount: &i64| amount.unsigned_abs() <= LARGEST_AMOUNT.unsigned_abs();
        let Some(counted) = amounts(terms).filter(|counted| is_small(&counted.amount) && is_small(&counted.total))
        else {
            errors.push(FieldError::new("price", "line_too_large"));
            return errors;
        };
        let [first, second] = counted.taxes;
        let all = [Some(counted.amount), first, second, Some(counted.total)];
        for (name, amount) in DERIVED.iter().zip(all) {
            if let Some(amount) = amount {
                after.insert((*name).into(), json!({ "amount": amount, "currency": currency }));
            }
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
        lock_wholes(tx, proposals)?;
        let mut refused = refuse_without_right(tx, catalog, context, &WHOLES, proposals)?;
        let known: BTreeSet<usize> = refused.iter().map(|(place, _)| *place).collect();
        let mut currencies: BTreeMap<(WholeField, i64), Option<String>> = BTreeMap::new();
        for (place, proposal) in proposals.iter().enumerate() {
            let Some(whole) = whole_of(&WHOLES, proposal.after).filter(|_| proposal.intent != Intent::Delete) else {
                continue;
            };
            let own = proposal.after.get("price").and_then(read_money).map(|(_, currency)| currency);
            let of_others = match currencies.get(&whole) {
                Some(known) => known.clone(),
                None => other_currency(tx, whole, proposals)?,
            };
            if !known.contains(&place) && of_others.is_some() && own != of_others {
                let error = FieldError::new("price", "other_currency").at("currency");
                let error = error.with("currency", of_others.clone().unwrap_or_default());
                refused.push((place, EngineError::field(error)));
            }
            currencies.insert(whole, of_others.or(own));
        }
        Ok(refused)
    }

    fn consequences(&self, tx: &mut dyn Query, proposals: &[Proposal<'_>]) -> Result<Vec<(&'static str, Change)>> {
        let mut changes = Vec::new();
        for whole in wholes_of(&WHOLES, proposals) {
            let ((_, name), id) = whole;
            let values = Values::from([(TOTAL_FIELD.to_owned(), total_of(tx, whole)?)]);
            changes.push((name, Change::Update { id, base_version: None, values }));
        }
        Ok(changes)
    }
}

/// Lets one writer at a time change the lines of a whole: two who change different lines would each add up what the other has not stored yet. SQLite has
/// one writer anyway.
fn lock_wholes(tx: &mut dyn Query, proposals: &[Proposal<'_>]) -> Result<()> {
    if tx.backend() != Backend::Postgres {
        return Ok(());
    }
    // In one order, so that nobody waits for who waits for him.
    for ((_, name), id) in wholes_of(&WHOLES, proposals) {
        let sql = format!("SELECT id FROM {} WHERE id = ? FOR UPDATE", quote_identifier(name));
        tx.query(&sql, &[id.into()])?;
    }
    Ok(())
}

/// The currency of the lines of a whole that are not being written.
fn other_currency(tx: &mut dyn Query, whole: (WholeField, i64), proposals: &[Proposal<'_>]) -> Result<Option<String>> {
    let ((field, _), id) = whole;
    let sql = format!(
        "SELECT id, price_currency FROM {LINE_TYPE} WHERE {} = ? AND deleted_at IS NULL",
        quote_identifier(field)
    );
    for row in tx.query(&sql, &[id.into()])? {
        let line = row.integer(0)?;
        if proposals.iter().all(|proposal| proposal.id != Some(line)) {
            return Ok(row.optional_text(1)?);
        }
    }
    Ok(None)
}

/// What the lines of a whole come to; `null` when it has none.
fn total_of(tx: &mut dyn Query, whole: (WholeField, i64)) -> Result<Json> {
    let ((field, _), id) = whole;
    let sql = format!(
        "SELECT total, total_currency FROM {LINE_TYPE} WHERE {} = ? AND deleted_at IS NULL AND total IS NOT NULL",
        quote_identifier(field)
    );
    let mut sum: i128 = 0;
    let mut currency = None;
    for row in tx.query(&sql, &[id.into()])? {
        sum += i128::from(row.integer(0)?);
        currency = row.optional_text(1)?;
    }
    let Some(currency) = currency else { return Ok(Json::Null) };
    match i64::try_from(sum).ok().filter(|sum| sum.unsigned_abs() <= LARGEST_AMOUNT.unsigned_abs()) {
        Some(amount) => Ok(json!({ "amount": amount, "currency": currency })),
        None => Err(EngineError::field(FieldError::new("price", "line_too_large"))),
    }
}
