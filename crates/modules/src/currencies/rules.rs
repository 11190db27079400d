//! What currencies and rates must fulfil.

use std::collections::{BTreeMap, BTreeSet};

use database::{Backend, Query, Tx, Value, in_list};
use record_engine::RequestContext;
use record_engine::catalog::Catalog;
use record_engine::currency;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::field_types::NormaliseContext;
use record_engine::record::Values;
use record_engine::settings;
use record_engine::write::{Intent, Occasion, Operation, Proposal, Rules};
use serde_json::{Value as Json, json};

/// Number of the lock under which codes and days are taken on PostgreSQL; any that nobody else takes.
const LOCK: i64 = 7_461_038;

pub(super) struct CurrencyRules;

fn text<'a>(values: &'a Values, field: &str) -> &'a str {
    values.get(field).and_then(Json::as_str).unwrap_or_default()
}

fn is_active(values: &Values) -> bool {
    values.get("is_active") == Some(&Json::Bool(true))
}

/// Of two who write at once the second waits and then sees what the first has written.
fn wait_for_others(tx: &mut dyn Query) -> Result<()> {
    if tx.backend() == Backend::Postgres {
        tx.query("SELECT 1 FROM pg_advisory_xact_lock(?)", &[LOCK.into()])?;
    }
    Ok(())
}

impl Rules for CurrencyRules {
    fn apply(&self, _: Occasion<'_>, before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let code = text(after, "code").to_uppercase();
        if code.is_empty() {
            return Vec::new();
        }
        if !currency::is_known(&code) {
            return vec![FieldError::new("code", "currency_unknown").with("value", code)];
        }
        if before.is_some_and(|before| text(before, "code") != code) {
            return vec![FieldError::new("code", "currency_code_stays")];
        }
        after.insert("minor_units".into(), json!(currency::places(&code)));
        after.insert("code".into(), json!(code));
        Vec::new()
    }

    fn check_batch(
        &self,
        tx: &mut dyn Query,
        _: &Catalog,
        _: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        wait_for_others(tx)?;
        let own = settings::read_installation(tx)?.currency;
        let codes: BTreeSet<&str> = proposals.iter().map(|proposal| text(proposal.after, "code")).collect();
        let params: Vec<Value> = codes.iter().map(|code| Value::from(*code)).collect();
        let sql =
            format!("SELECT code, id FROM currency WHERE deleted_at IS NULL AND code IN {}", in_list(params.len()));
        let mut taken: Vec<(String, Option<i64>)> = Vec::new();
        for row in tx.query(&sql, &params)? {
            taken.push((row.text(0)?, Some(row.integer(1)?)));
        }
        let mut refused = Vec::new();
        for (place, proposal) in proposals.iter().enumerate() {
            let code = text(proposal.after, "code");
            if code == own && (proposal.intent == Intent::Delete || !is_active(proposal.after)) {
                refused.push((place, EngineError::field(FieldError::new("is_active", "currency_of_company"))));
            } else if proposal.intent != Intent::Delete
                && taken.iter().any(|(other, id)| other == code && (id.is_none() || *id != proposal.id))
            {
                refused.push((place, EngineError::field(FieldError::new("code", "currency_taken"))));
            }
            if proposal.intent == Intent::Create {
                taken.push((code.to_owned(), None));
            }
        }
        Ok(refused)
    }

    fn follow_batch(&self, tx: &mut Tx, _: &RequestContext, _: &Operation, _: &[Proposal<'_>]) -> Result<()> {
        settings::lock(tx)?;
        let mut installation = settings::read_installation(tx)?;
        const SQL: &str = "SELECT code FROM currency WHERE deleted_at IS NULL AND is_active = 1 ORDER BY id";
        installation.currencies = tx.query(SQL, &[])?.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
        settings::write_installation(tx, &installation)
    }

    fn announces(&self, _: &[Proposal<'_>]) -> bool {
        true
    }
}

pub(super) struct RateRules;

/// The currency, the one that it is counted in, and the day of a rate.
type Place = (i64, String, String);

fn place_of(values: &Values) -> Place {
    let currency = values.get("currency").and_then(Json::as_i64).unwrap_or_default();
    (currency, text(values, "base").to_owned(), text(values, "date").to_owned())
}

impl Rules for RateRules {
    fn settle(&self, installation: &NormaliseContext, values: &mut Values) {
        values.entry("base".into()).or_insert_with(|| json!(installation.currency));
    }

    fn apply(&self, _: Occasion<'_>, _: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let number = |field: &str| after.get(field).map(Json::to_string).unwrap_or_default();
        let (rate, units) = (number("rate"), number("units"));
        let per = if units == "1" { String::new() } else { format!(" / {units}") };
        let title = format!("{rate} {}{per} · {}", text(after, "base"), text(after, "date"));
        after.insert("title".into(), json!(title));
        Vec::new()
    }

    fn check_batch(
        &self,
        tx: &mut dyn Query,
        _: &Catalog,
        _: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        wait_for_others(tx)?;
        let is_kept = |proposal: &&Proposal<'_>| proposal.intent != Intent::Delete;
        let days: BTreeSet<String> =
            proposals.iter().filter(is_kept).map(|proposal| place_of(proposal.after).2).collect();
        if days.is_empty() {
            return Ok(Vec::new());
        }
        let mut codes: BTreeMap<i64, String> = BTreeMap::new();
        for row in tx.query("SELECT id, code FROM currency", &[])? {
            codes.insert(row.integer(0)?, row.text(1)?);
        }
        let params: Vec<Value> = days.iter().map(Value::from).collect();
        let sql = format!(
            "SELECT currency, base, date, id FROM currency_rate WHERE deleted_at IS NULL AND date IN {}",
            in_list(params.len())
        );
        let mut taken: BTreeMap<Place, Option<i64>> = BTreeMap::new();
        for row in tx.query(&sql, &params)? {
            let base = row.optional_text(1)?.unwrap_or_default();
            taken.insert((row.integer(0)?, base, row.text(2)?), Some(row.integer(3)?));
        }
        let mut refused = Vec::new();
        for (place, proposal) in proposals.iter().enumerate().filter(|(_, proposal)| is_kept(proposal)) {
            let wanted = place_of(proposal.after);
            if codes.get(&wanted.0) == Some(&wanted.1) {
                refused.push((place, EngineError::field(FieldError::new("currency", "rate_of_company"))));
            } else if taken.get(&wanted).is_some_and(|id| id.is_none() || *id != proposal.id) {
                refused.push((place, EngineError::field(FieldError::new("date", "rate_taken"))));
            } else {
                taken.insert(wanted, proposal.id);
            }
        }
        Ok(refused)
    }
}
