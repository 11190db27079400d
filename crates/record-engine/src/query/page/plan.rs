//! How the records of a page are found.
//!
//! *Source*: take the ids of a selective condition from its index, then sort those few; good when few match. *Walk*: follow the index of the sort
//! field and test each record; good when many match. Between them, a walk that first asks whether the record is among the ids of a condition,
//! taken into memory once: asking a set costs a tenth of looking into another table. Where so many match that a page should be near, a *look*
//! at the first records of the order finds it; when it does not, for the condition and the order have to do with each other (the people of a
//! Ukrainian city, by names that begin with Latin letters), the set is worth its price.
//!
//! Which one is decided by asking the index how many there are, up to a limit and once a minute, so that an employee who sees one card in a
//! thousand pays for his cards and not for the base.

use database::{Backend, Query, quote_identifier};

use crate::catalog::ObjectType;
use crate::error::Result;
use crate::query::compile::Predicate;
use crate::query::conditions::Fragment;

/// At least this many ids of a source are taken whole and sorted, whatever the walk would cost.
const MIN_SOURCE: i64 = 500;
/// At most this many.
const MAX_SOURCE: i64 = 20_000;
/// Up to this many ids are taken into memory for a walk along an index, after a look has failed: some ten megabytes, 0.3 s.
const MAX_SET: i64 = 1_000_000;
/// Up to this many for a walk that sorts all it finds.
const MAX_SORTED_SET: i64 = 60_000;
/// At so many records a look looks, and then at so many.
pub(super) const LOOKS: [i64; 2] = [2_000, LOOK];
const LOOK: i64 = 20_000;
/// A look is worth while when a page should be found in this part of it.
const CHANCE: i64 = 4;

/// How a page is found.
pub(super) enum Plan {
    /// From the ids of a condition.
    Source(Fragment),
    /// Along the index of the sort field, perhaps with the ids of a condition as a set.
    Walk(Option<Fragment>),
    /// Among the first records of the order, [`LOOKS`]; [`behind_a_look`] when there are not enough.
    Look,
}

/// The plan for a page of an order that has an index or not. PostgreSQL chooses between walks by itself.
///
/// # Errors
/// Those of the database.
pub(super) fn choose(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    predicate: &Predicate,
    page: usize,
    has_index: bool,
) -> Result<Plan> {
    if predicate.terms.iter().all(|term| term.source.is_none()) {
        return Ok(Plan::Walk(None));
    }
    let walk = whole_walk(tx, object_type, page)?;
    let limit = source_limit(walk);
    let (few, most) = match (tx.backend(), has_index) {
        // A walk with a set looks at as many records, but a look costs it a tenth: it is worth while three times as early, and, since an id of
        // a set costs a tenth, too, three times as long.
        (Backend::Sqlite, true) => (limit / 3, (walk.saturating_mul(CHANCE) / LOOK).max(limit.saturating_mul(3))),
        (Backend::Sqlite, false) => (limit / 3, MAX_SORTED_SET),
        (Backend::Postgres, _) => (limit, limit),
    };
    Ok(match smallest_within(tx, object_type, predicate, most)? {
        Some((count, source)) if count <= few => Plan::Source(source),
        Some((_, source)) => Plan::Walk(Some(source)),
        None if has_index && tx.backend() == Backend::Sqlite => Plan::Look,
        None => Plan::Walk(None),
    })
}

/// The plan for a page that a look has not found.
///
/// # Errors
/// Those of the database.
pub(super) fn behind_a_look(tx: &mut dyn Query, object_type: &ObjectType, predicate: &Predicate) -> Result<Plan> {
    Ok(Plan::Walk(smallest_within(tx, object_type, predicate, MAX_SET)?.map(|(_, source)| source)))
}

/// About how many records the walks for a page look at, times the number of those that match.
fn whole_walk(tx: &mut dyn Query, object_type: &ObjectType, page: usize) -> Result<i64> {
    let sql = format!("SELECT COALESCE(MAX(id), 0) FROM {}", quote_identifier(object_type.table()));
    let total = tx.query_one(&sql, &[])?.integer(0)?;
    Ok(i64::try_from(page).unwrap_or(i64::MAX).saturating_mul(total))
}

/// Up to how many ids a source is cheaper than the walk.
///
/// A source of `n` ids costs `n` look-ups; a walk that looks for a page among records of which `n` of `total` match costs about
/// `page * total / n` look-ups. They meet at the square root of `page * total`.
fn source_limit(whole_walk: i64) -> i64 {
    whole_walk.isqrt().clamp(MIN_SOURCE, MAX_SOURCE)
}

/// The source with the fewest ids, when one has fewer than a walk for `page` records would look at.
///
/// # Errors
/// Those of the database.
pub(in crate::query) fn smallest_source(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    predicate: &Predicate,
    page: usize,
) -> Result<Option<Fragment>> {
    let most = source_limit(whole_walk(tx, object_type, page)?);
    Ok(smallest_within(tx, object_type, predicate, most)?.map(|(_, source)| source))
}

/// The source with the fewest ids and their number, when one has at most `most`.
fn smallest_within(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    predicate: &Predicate,
    most: i64,
) -> Result<Option<(i64, Fragment)>> {
    let mut best: Option<(i64, &Fragment)> = None;
    for source in predicate.terms.iter().filter_map(|term| term.source.as_ref()) {
        let limit = best.map_or(most + 1, |(count, _)| count);
        if let Some(count) = object_type.statistics().count_below(tx, source, limit)? {
            best = Some((count, source));
        }
    }
    Ok(best.map(|(count, source)| (count, source.clone())))
}
