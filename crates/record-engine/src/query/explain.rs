//! Why a record is in a list or a set, or is not: the evaluator in memory asks each condition about it.
//!
//! What must stay true: nobody learns of a record or a field by an explanation that he could not read.

use database::Query;
use filter_language::{CheckedExpr, Explanation, explain, matches, resolve};

use super::load::get;
use super::present::{References, Titles};
use crate::access::{Action, Scope};
use crate::catalog::{Catalog, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::followers::asked::Followed;
use crate::record::TypedRecord;

/// The verdict on a filter and on each of its conditions, for one record.
///
/// # Errors
/// `NotFound` for a record that the reader does not see; `Filter` for a field that he does not.
pub fn explain_filter(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    id: i64,
    filter: &CheckedExpr,
) -> Result<Explanation> {
    let record = get(tx, context, object_type, id)?.ok_or(EngineError::NotFound)?;
    Scope::of(context, object_type, Action::See)?.check_fields(filter.expr())?;
    let followed = Followed::of(tx, context, object_type, filter, &[id])?;
    Ok(explain(filter, &followed.row(TypedRecord { object_type, record: &record })))
}

/// A set to which a record belongs by a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetByRule {
    /// The field that would name the set if the record had been put in.
    pub field: String,
    /// The set.
    pub id: i64,
    /// Its title.
    pub title: String,
}

/// The sets, such as smart groups, to which a record belongs without having been put in. Those that the reader does not see are left out, and all of
/// a field that he does not see.
///
/// # Errors
/// `NotFound` for a record that the reader does not see.
pub fn sets_by_rule(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    object_type: &ObjectType,
    id: i64,
) -> Result<Vec<SetByRule>> {
    let record = get(tx, context, object_type, id)?.ok_or(EngineError::NotFound)?;
    let row = TypedRecord { object_type, record: &record };
    let clock = context.filter_clock();
    let permissions = context.permissions(object_type);
    let mut found = Vec::new();
    for field in object_type.value_fields().filter(|field| !permissions.hides(&field.name)) {
        let Some(settings) = field.kind.reference_target() else { continue };
        let rules = object_type.set_rules(&field.name, permissions.hidden_fields());
        let ids: Vec<i64> =
            rules.iter().filter(|set| matches(&resolve(&set.rule, &clock), &row)).map(|set| set.id).collect();
        let titles = Titles::load(tx, context, catalog, &References::to(&settings.target, ids.iter().copied()))?;
        found.extend(ids.into_iter().filter_map(|id| {
            let title = titles.title(&settings.target, id)?.to_owned();
            Some(SetByRule { field: field.name.clone(), id, title })
        }));
    }
    Ok(found)
}
