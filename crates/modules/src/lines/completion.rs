//! What a line takes over: name, unit, price and taxes of its product, the percents of its taxes, and the currency of the other lines.

use std::collections::BTreeMap;

use database::Tx;
use record_engine::access::{Action, Scope};
use record_engine::catalog::Catalog;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::field_types::FieldKind;
use record_engine::query;
use record_engine::record::{Record, Values};
use record_engine::write::{Completion, Surroundings};
use serde_json::{Value as Json, json};

use super::{TOTAL_FIELD, WHOLES};
use crate::currencies::{self, RATE_TYPE, Rates};
use crate::products::{PRODUCT_TYPE, TAX_TYPE};
use crate::whole::{WholeField, whole_of};

/// The two taxes of a line: the reference, the percent, whether the price includes it.
pub(super) const TAXES: [[&str; 3]; 2] =
    [["tax", "tax_percent", "tax_is_included"], ["second_tax", "second_tax_percent", "second_tax_is_included"]];

/// The currency of a whole and the day by whose rate prices are counted over.
#[derive(Clone)]
struct Ground {
    currency: Option<String>,
    day: String,
}

/// What the lines of a batch are completed by, read once.
pub(super) struct Completer<'a> {
    around: Surroundings<'a>,
    rates: Option<Rates>,
    grounds: BTreeMap<(WholeField, i64), Ground>,
}

impl<'a> Completer<'a> {
    pub fn new(around: Surroundings<'a>) -> Completer<'a> {
        Completer { around, rates: None, grounds: BTreeMap::new() }
    }

    /// Completes one line.
    ///
    /// # Errors
    /// Those of the database; `Invalid` for a price without a rate.
    pub fn complete(&mut self, tx: &mut Tx, completion: &mut Completion<'_>) -> Result<()> {
        let before = completion.before;
        let gives = |input: &Values, field: &str| {
            input.get(field).filter(|value| before.is_none_or(|before| before.value(field) != *value)).cloned()
        };
        let product = gives(completion.input, "product").and_then(|id| id.as_i64()).filter(|_| completion.is_strict);
        if let Some(product) = product
            && let Some(product) = self.record(tx, PRODUCT_TYPE, product)?
        {
            self.take_over(&product, completion.input);
        }
        for [tax, percent, is_included] in TAXES {
            // What is copied from another line says itself how much it was.
            if completion.input.contains_key(percent) {
                continue;
            }
            let Some(given) = gives(completion.input, tax) else { continue };
            let stored = match given.as_i64() {
                Some(id) => self.record(tx, TAX_TYPE, id)?,
                None => None,
            };
            let value = |field: &str| stored.as_ref().map_or(Json::Null, |stored| stored.value(field).clone());
            completion.input.insert(percent.into(), value("percent"));
            completion.input.insert(is_included.into(), value("is_included"));
        }
        self.price(tx, completion)
    }

    fn record(&self, tx: &mut Tx, name: &str, id: i64) -> Result<Option<Record>> {
        let Some(object_type) = self.around.catalog.object_type(name) else { return Ok(None) };
        query::get(tx, self.around.context, object_type, id)
    }

    fn take_over(&self, product: &Record, input: &mut Values) {
        let unit = unit_text(self.around.catalog, &self.around.context.language, product.value("unit"));
        let taken = [
            ("name", product.value("name").clone()),
            ("price", product.value("price").clone()),
            ("tax", product.value("tax").clone()),
            ("second_tax", product.value("second_tax").clone()),
            ("unit", unit.map_or(Json::Null, Json::String)),
        ];
        for (field, value) in taken {
            input.entry(field.into()).or_insert(value);
        }
    }

    /// Gives a new line without a price one of zero, and counts a price over into the currency of the whole.
    fn price(&mut self, tx: &mut Tx, completion: &mut Completion<'_>) -> Result<()> {
        let stands = completion.before.map(|before| before.values.clone()).unwrap_or_default();
        let named = |values: &Values| whole_of(&WHOLES, values);
        let (is_moved, whole) = match named(completion.input) {
            Some(whole) => (named(&stands) != Some(whole), Some(whole)),
            None => (false, named(&stands)),
        };
        let is_given = completion.input.get("price").is_some_and(|price| !price.is_null());
        let is_new = completion.before.is_none();
        let Some(whole) = whole.filter(|_| is_given || is_moved || is_new) else { return Ok(()) };
        let ground = self.ground(tx, whole)?;
        let own = || self.around.installation.currency.clone();
        if is_new && !is_given {
            let currency = ground.currency.clone().unwrap_or_else(own);
            completion.input.insert("price".into(), json!({ "amount": 0, "currency": currency }));
        }
        let price = completion.input.get("price").filter(|price| !price.is_null()).or_else(|| stands.get("price"));
        let Some((amount, currency)) = price.and_then(read_money) else { return Ok(()) };
        let wanted = ground.currency.clone().unwrap_or_else(|| currency.clone());
        if wanted != currency {
            let converted = self.convert(tx, amount, &currency, &wanted, &ground.day)?;
            completion.input.insert("price".into(), json!({ "amount": converted, "currency": wanted }));
        }
        self.grounds.insert(whole, Ground { currency: Some(wanted), ..ground });
        Ok(())
    }

    fn ground(&mut self, tx: &mut Tx, whole: (WholeField, i64)) -> Result<Ground> {
        if let Some(known) = self.grounds.get(&whole) {
            return Ok(known.clone());
        }
        let ((_, name), id) = whole;
        let record = self.record(tx, name, id)?;
        let currency = |field: &str| record.as_ref().and_then(|record| Some(read_money(record.value(field))?.1));
        let day = record.as_ref().and_then(|record| record.value("ordered_on").as_str().map(String::from));
        let ground = Ground {
            currency: currency(TOTAL_FIELD).or_else(|| currency("budget")),
            day: day.unwrap_or_else(|| self.around.context.today().to_string()),
        };
        self.grounds.insert(whole, ground.clone());
        Ok(ground)
    }

    fn convert(&mut self, tx: &mut Tx, amount: i64, from: &str, to: &str, day: &str) -> Result<i64> {
        if self.rates.is_none() {
            // Who may see no rates is told nothing of them.
            let of_rates = self.around.catalog.object_type(RATE_TYPE);
            let is_seen = of_rates.is_some_and(|rates| Scope::of(self.around.context, rates, Action::See).is_ok());
            self.rates = Some(if is_seen { currencies::load(tx)? } else { Rates::default() });
        }
        let at = self.rates.as_ref().map(|rates| rates.at(from, to, day));
        let converted = match at {
            Some(Ok(rate)) => rate.convert(amount.into(), from, to).and_then(|amount| i64::try_from(amount).ok()),
            Some(Err(missing)) => {
                let error = FieldError::new("price", "rate_missing").with("currency", missing.currency);
                return Err(EngineError::field(error.with("date", missing.date)));
            }
            None => None,
        };
        converted.ok_or_else(|| EngineError::field(FieldError::new("price", "not_a_number")))
    }
}

/// The amount in minor units, and the currency.
pub(super) fn read_money(value: &Json) -> Option<(i64, String)> {
    Some((value.get("amount")?.as_i64()?, value.get("currency")?.as_str()?.to_owned()))
}

/// The unit of a product in words.
fn unit_text(catalog: &Catalog, language: &str, unit: &Json) -> Option<String> {
    let FieldKind::Choice(units) = &catalog.object_type(PRODUCT_TYPE)?.field("unit")?.kind else { return None };
    let labels = &units.option(unit.as_str()?)?.labels;
    labels.get(language).or_else(|| labels.get("en")).or_else(|| labels.values().next()).cloned()
}
