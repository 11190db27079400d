//! Currencies of the installation, and what one of them costs in another on a day.
//!
//! What must stay true: nothing is counted one to one because a rate is missing; a missing rate is an answer of its own ([`Missing`]) that reaches the
//! screen. A currency is never deleted, for amounts name it; it is put out of use. Its code never changes. The list of those in use that the settings
//! of the installation hold follows the records. Each rate keeps the currency that it counts in, so another default currency loses none of them.
//! Decision 0038.
//!
//! It requires no other module.

mod objects;
mod rates;
mod rules;
mod totals;

use std::collections::BTreeSet;

use database::Query;
use record_engine::access::{Action, Scope};
use record_engine::catalog::Catalog;
use record_engine::engine::Snapshot;
use record_engine::error::Result;
use record_engine::field_types::FieldKind;
use record_engine::write::{Change, apply_one};
use record_engine::{Engine, RequestContext, Values};
use serde_json::json;

pub use objects::{currency_type, rate_type};
pub use rates::{Ids, Missing, Rate, Rates, ids, load};
pub use totals::{Converted, CurrencySum, MissingRates, Total, total};

/// Name of the object type of currencies.
pub const CURRENCY_TYPE: &str = "currency";
/// Name of the object type of rates.
pub const RATE_TYPE: &str = "currency_rate";

/// Makes the first currencies of an installation that has none: those of the region, its own, and those that its fields name. They have no rates.
///
/// # Errors
/// Those of the database.
pub fn ensure_currencies(engine: &Engine) -> Result<()> {
    let has_some = |tx: &mut dyn Query| -> Result<bool> {
        Ok(tx.query_optional("SELECT 1 FROM currency LIMIT 1", &[])?.is_some())
    };
    let is_known = engine.snapshot().catalog.object_type(CURRENCY_TYPE).is_some();
    if !is_known || engine.database().read(|tx| has_some(tx))? {
        return Ok(());
    }
    let context = RequestContext::system(engine.clock());
    engine.write(|tx| -> Result<()> {
        // Of two processes that start at once the second waits here and then sees what the first has made.
        record_engine::settings::lock(tx)?;
        if has_some(tx)? {
            return Ok(());
        }
        let snapshot = engine.snapshot();
        let object_type = snapshot.object_type(CURRENCY_TYPE)?;
        let own = &snapshot.installation.currency;
        let mut met = BTreeSet::new();
        let codes = std::iter::once(own).chain(&snapshot.installation.currencies).chain(named(&snapshot.catalog));
        for code in codes.filter(|code| record_engine::currency::is_known(code) && met.insert((*code).clone())) {
            let values = Values::from([("code".to_owned(), json!(code)), ("is_active".to_owned(), json!(true))]);
            apply_one(tx, snapshot.trusted_writer(), &context, &object_type, Change::Create { values })?;
        }
        Ok(())
    })?;
    engine.reload()
}

/// The rates and the ids of the currencies, as far as the reader may see them: who sees no rates gets no sum that tells of them.
///
/// # Errors
/// Those of the database.
pub fn seen_rates(tx: &mut dyn Query, snapshot: &Snapshot, context: &RequestContext) -> Result<(Rates, Ids)> {
    let Ok(object_type) = snapshot.object_type(RATE_TYPE) else { return Ok(Default::default()) };
    if Scope::of(context, &object_type, Action::See).is_err() {
        return Ok(Default::default());
    }
    Ok((load(tx)?, ids(tx)?))
}

/// The codes that money fields name.
fn named(catalog: &Catalog) -> impl Iterator<Item = &String> {
    let fields = catalog.object_types.iter().flat_map(|object_type| &object_type.fields);
    fields.flat_map(|field| match &field.kind {
        FieldKind::Money(settings) => settings.currencies.as_slice(),
        _ => &[],
    })
}
