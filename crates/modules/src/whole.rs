//! Parts that change what their whole says, such as the lines of a deal: only who may change the whole adds, changes and deletes them.

use std::collections::{BTreeMap, BTreeSet};

use database::Query;
use record_engine::RequestContext;
use record_engine::access::{Action, Scope};
use record_engine::catalog::Catalog;
use record_engine::error::{EngineError, Result};
use record_engine::query;
use record_engine::record::Values;
use record_engine::write::Proposal;
use serde_json::Value as Json;

/// A field that names a whole, with the type of it.
pub(crate) type WholeField = (&'static str, &'static str);

/// The whole that values name: the field, the type and the id.
pub(crate) fn whole_of(wholes: &[WholeField], values: &Values) -> Option<(WholeField, i64)> {
    wholes.iter().find_map(|whole| Some((*whole, values.get(whole.0).and_then(Json::as_i64)?)))
}

/// The wholes that proposals belong to, and those that they belonged to before.
pub(crate) fn wholes_of(wholes: &[WholeField], proposals: &[Proposal<'_>]) -> BTreeSet<(WholeField, i64)> {
    let before = |proposal: &Proposal<'_>| whole_of(wholes, &proposal.before?.values);
    proposals.iter().flat_map(|one| [whole_of(wholes, one.after), before(one)]).flatten().collect()
}

/// Refuses the proposals of whoever may not change their wholes. One that he does not see is not found.
///
/// # Errors
/// Those of the database.
pub(crate) fn refuse_without_right(
    tx: &mut dyn Query,
    catalog: &Catalog,
    context: &RequestContext,
    wholes: &[WholeField],
    proposals: &[Proposal<'_>],
) -> Result<Vec<(usize, EngineError)>> {
    let mut judged: BTreeMap<(WholeField, i64), Option<EngineError>> = BTreeMap::new();
    let mut refused = Vec::new();
    for (place, proposal) in proposals.iter().enumerate().filter(|(_, proposal)| !proposal.is_trusted) {
        for whole in wholes_of(wholes, std::slice::from_ref(proposal)) {
            let verdict = match judged.get(&whole) {
                Some(known) => known.clone(),
                None => {
                    let verdict = judge(tx, catalog, context, whole)?;
                    judged.insert(whole, verdict.clone());
                    verdict
                }
            };
            if let Some(error) = verdict {
                refused.push((place, error));
                break;
            }
        }
    }
    Ok(refused)
}

fn judge(
    tx: &mut dyn Query,
    catalog: &Catalog,
    context: &RequestContext,
    ((_, name), id): (WholeField, i64),
) -> Result<Option<EngineError>> {
    let Some(object_type) = catalog.object_type(name) else { return Ok(Some(EngineError::NotFound)) };
    match query::get_whole(tx, context, object_type, id) {
        Ok(record) => {
            let may = Scope::of(context, object_type, Action::Change)?.admits(object_type, &record);
            Ok((!may).then_some(EngineError::Forbidden))
        }
        Err(EngineError::NotFound) => Ok(Some(EngineError::NotFound)),
        Err(error) => Err(error),
    }
}
