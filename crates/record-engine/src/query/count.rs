//! Counting without counting everything: up to a cap, under a deadline.

use std::time::{Duration, Instant};

use database::{Query, ReadTx, quote_identifier};
use filter_language::CheckedExpr;

use super::compile::Predicate;
use super::conditions::Fragment;
use super::page::{smallest_source, too_slow};
use super::search;
use crate::access::{Action, Scope};
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::error::{EngineError, Result};

/// Beyond this a count says "more than".
pub const CAP: i64 = 10_000;
/// A walk for a count ends at the cap, not at the end of a page: that makes shorter ways of more sources.
const WALK: usize = 10_000;
/// How long a capped count may take; a list must not wait for it.
const DEADLINE: Duration = Duration::from_millis(800);
/// How long many counts may take together.
const MANY_DEADLINE: Duration = Duration::from_secs(4);
/// How long an exact count may take.
const EXACT_DEADLINE: Duration = Duration::from_secs(30);

/// A count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How many, at most [`CAP`] when capped; `None` when even that took too long.
    pub count: Option<i64>,
    /// Whether there are more.
    pub is_capped: bool,
}

/// Counts what a list would show.
///
/// # Errors
/// `TooSlow` for an exact count that takes too long.
pub fn count(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    filter: &CheckedExpr,
    search_for: Option<&str>,
    is_trash: bool,
    is_exact: bool,
) -> Result<Count> {
    let asked = Asked { filter, action: Action::See, search_for, is_trash, is_exact };
    asked.count(tx, context, object_type)
}

/// What is counted.
struct Asked<'a> {
    filter: &'a CheckedExpr,
    /// Of the records that the actor sees, those with which he may do this.
    action: Action,
    search_for: Option<&'a str>,
    is_trash: bool,
    is_exact: bool,
}

impl Asked<'_> {
    fn count(&self, tx: &mut ReadTx, context: &RequestContext, object_type: &ObjectType) -> Result<Count> {
        let Asked { search_for, is_trash, is_exact, .. } = *self;
        let scope = Scope::of(context, object_type, Action::See)?;
        scope.check_fields(self.filter.expr())?;
        tx.set_deadline(if is_exact { EXACT_DEADLINE } else { DEADLINE })?;
        let predicate = Predicate::of_filter(tx, object_type, scope.rows(), self.filter);
        let mut predicate = match predicate.map_err(too_slow) {
            Err(EngineError::TooSlow) if !is_exact => return Ok(Count { count: None, is_capped: true }),
            predicate => predicate?,
        };
        if self.action != Action::See {
            predicate.narrow(object_type, Scope::of(context, object_type, self.action)?.rows(), tx.backend());
        }
        let found = match search_for.filter(|text| !text.trim().is_empty()) {
            Some(text) => search::candidates(tx, context, object_type, &predicate, text, is_trash).map(|ids| Count {
                count: i64::try_from(ids.len()).ok(),
                is_capped: ids.len() >= search::MAX_CANDIDATES,
            }),
            None => counted(tx, object_type, &predicate, is_trash, is_exact).map(|found| match found {
                found if !is_exact && found > CAP => Count { count: Some(CAP), is_capped: true },
                found => Count { count: Some(found), is_capped: false },
            }),
        };
        match found.map_err(too_slow) {
            Err(EngineError::TooSlow) if !is_exact => Ok(Count { count: None, is_capped: true }),
            other => other,
        }
    }
}

/// Counts with which of the records that each filter finds the actor may do `action`, in their order, each as [`count`] does. Those that are
/// not reached in time are unknown.
///
/// # Errors
/// As [`count`].
pub fn count_many(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    filters: &[CheckedExpr],
    action: Action,
) -> Result<Vec<Count>> {
    let end = Instant::now() + MANY_DEADLINE;
    let counted = |filter| {
        if Instant::now() >= end {
            return Ok(Count { count: None, is_capped: true });
        }
        let asked = Asked { filter, action, search_for: None, is_trash: false, is_exact: false };
        asked.count(tx, context, object_type)
    };
    filters.iter().map(counted).collect()
}

/// Counts up to one more than [`CAP`], or all.
pub(super) fn counted(
    tx: &mut ReadTx,
    object_type: &ObjectType,
    predicate: &Predicate,
    is_trash: bool,
    is_exact: bool,
) -> Result<i64> {
    let table = quote_identifier(object_type.table());
    let live = if is_trash { "t.deleted_at IS NOT NULL" } else { "t.deleted_at IS NULL" };
    let limit = if is_exact { String::new() } else { format!(" LIMIT {}", CAP + 1) };
    let source = if is_trash { None } else { smallest_source(tx, object_type, predicate, WALK)? };
    let mut statement = Fragment::default();
    match source {
        Some(source) => {
            statement.push("WITH d (id) AS (SELECT DISTINCT * FROM (");
            statement.append(&source);
            statement.push(&format!(
                ") s) SELECT COUNT(*) FROM (SELECT 1 FROM d CROSS JOIN {table} t WHERE t.id = d.id AND {live}"
            ));
        }
        None => statement.push(&format!("SELECT COUNT(*) FROM (SELECT 1 FROM {table} t WHERE {live}")),
    }
    statement.append(&predicate.and_sql());
    statement.push(&format!("{limit}) n"));
    Ok(tx.query_one(&statement.sql, &statement.params)?.integer(0)?)
}
