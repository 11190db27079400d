//! How the records of a page are found.
//!
//! *Source*: take the ids of a selective condition from its index, then sort those few; good when few match. *Walk*: follow the index of the sort
//! field and test each record; good when many match. Between them, a walk that first asks whether the record is among the ids of a condition,
//! taken into memory once: asking a set costs a tenth of looking into another table. It looks only so far as the page should be, and the set is sorted
//! when it is not there, for the rest of the filter leaves too little of it. Where so many match that a page should be near, a *look*
//! at the first records of the order finds it; when it does not, for the condition and the order have to do with each other (the people of a
//! Ukrainian city, by names that begin with Latin letters), the set is worth its price.
//!
//! A walk is one along the index of the order, or several along an index that has the records of each value in that order ([`super::streams`]); then
//! those conditions are no question any more.
//!
//! *Along*: in the order of titles, for a condition whose index has its matches in that order: never more than the page and what other conditions
//! refuse on the way.
//!
//! Which one is decided by asking the index how many there are, up to a limit and once a minute, so that an employee who sees one card in a
//! thousand pays for his cards and not for the base.

use database::{Backend, Query, quote_identifier};

use crate::catalog::ObjectType;
use crate::error::Result;
use crate::query::compile::{Predicate, TitleWalk};
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
const LOOKS: [i64; 2] = [2_000, LOOK];
const LOOK: i64 = 20_000;
/// A look without a set is worth while when a page should be found in this part of it.
const CHANCE: i64 = 4;

/// How a page is found.
pub(super) enum Plan {
    /// From the ids of a condition.
    Source(Fragment),
    /// Along the index of the sort field, perhaps with the ids of a condition as a set.
    Walk(Option<Fragment>),
    /// Along the entries that satisfy one condition, perhaps with the ids of another as a set.
    Along(TitleWalk, Option<Fragment>),
    /// Among the first records of the order, perhaps with the ids of a condition as a set; [`behind_a_look`] when there are not enough.
    Look(Look),
}

/// How far is looked.
pub(super) struct Look {
    /// The ids of a condition.
    pub set: Option<Fragment>,
    /// At so many records, then at so many.
    pub lengths: Vec<i64>,
}

/// How the records stand that a walk looks at.
pub(super) struct Ordered<'a> {
    /// Whether an index has them in the order of the page.
    pub has_index: bool,
    /// Whether that order is the one of titles.
    pub is_of_titles: bool,
    /// How many walks are merged: each takes a set into memory for itself.
    pub walks: i64,
    /// By their place, the terms of the predicate that leave no record out on the way, because the walk is among those that satisfy them.
    pub is_said: &'a dyn Fn(usize) -> bool,
}

impl Ordered<'_> {
    fn is_asked(&self, place: usize) -> bool {
        !(self.is_said)(place)
    }
}

/// The plan for a page. PostgreSQL chooses between walks by itself.
///
/// # Errors
/// Those of the database.
pub(super) fn choose(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    predicate: &Predicate,
    page: usize,
    ordered: &Ordered<'_>,
) -> Result<Plan> {
    let is_asked = |place: usize| ordered.is_asked(place);
    let mut asked = predicate.terms.iter().enumerate().filter(|(place, _)| is_asked(*place));
    if asked.all(|(_, term)| term.source.is_none()) {
        return Ok(Plan::Walk(None));
    }
    let has_index = ordered.has_index;
    let walk = whole_walk(tx, object_type, page)?;
    let limit = source_limit(walk);
    let (few, most) = match (tx.backend(), has_index) {
        // A walk with a set looks at as many records, but a look costs it a tenth: it is worth while three times as early, and, since an id of
        // a set costs a tenth, too, three times as long.
        (Backend::Sqlite, true) => (limit / 3, (walk.saturating_mul(CHANCE) / LOOK).max(limit.saturating_mul(3))),
        (Backend::Sqlite, false) => (limit / 3, MAX_SORTED_SET),
        (Backend::Postgres, _) => (limit, limit),
    };
    let most = (most / ordered.walks).max(few);
    // No walk among so few is long.
    if smallest_within(tx, object_type, predicate, few, &|place| !is_asked(place))?.is_some() {
        return Ok(Plan::Walk(None));
    }
    let along =
        predicate.terms.iter().enumerate().find_map(|(place, term)| Some((place, term.in_title_order.clone()?)));
    let along = along.filter(|_| ordered.is_of_titles);
    Ok(match (smallest_within(tx, object_type, predicate, most, &is_asked)?, along) {
        // The source of its own condition has the same records in no order.
        (Some(smallest), Some((place, walk))) if smallest.place == place => Plan::Along(walk, None),
        (Some(smallest), _) if smallest.count <= few => Plan::Source(smallest.source),
        (smallest, Some((_, walk))) => Plan::Along(walk, smallest.map(|smallest| smallest.source)),
        // Where other conditions leave less than a page of the set, the walk would end with the base.
        (Some(smallest), None) if has_index => Plan::Look(Look {
            set: Some(smallest.source),
            lengths: vec![walk.saturating_mul(CHANCE) / smallest.count.max(1)],
        }),
        (Some(smallest), None) => Plan::Walk(Some(smallest.source)),
        (None, None) if has_index && tx.backend() == Backend::Sqlite => {
            Plan::Look(Look { set: None, lengths: LOOKS.to_vec() })
        }
        (None, None) => Plan::Walk(None),
    })
}

/// The plan for a page that a look has not found: a set that was worth a look is small enough to be sorted.
///
/// # Errors
/// Those of the database.
pub(super) fn behind_a_look(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    predicate: &Predicate,
    look: &Look,
    ordered: &Ordered<'_>,
) -> Result<Plan> {
    if let Some(set) = &look.set {
        return Ok(Plan::Source(set.clone()));
    }
    let smallest =
        smallest_within(tx, object_type, predicate, MAX_SET / ordered.walks, &|place| ordered.is_asked(place))?;
    Ok(Plan::Walk(smallest.map(|smallest| smallest.source)))
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
    Ok(smallest_within(tx, object_type, predicate, most, &|_| true)?.map(|smallest| smallest.source))
}

/// The source of a term that has the fewest ids.
struct Smallest {
    count: i64,
    /// Which of the terms.
    place: usize,
    source: Fragment,
}

/// The source with the fewest ids among the terms at some places, when one has at most `most`.
fn smallest_within(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    predicate: &Predicate,
    most: i64,
    is_meant: &dyn Fn(usize) -> bool,
) -> Result<Option<Smallest>> {
    let mut best: Option<(i64, usize, &Fragment)> = None;
    for (place, term) in predicate.terms.iter().enumerate().filter(|(place, _)| is_meant(*place)) {
        let Some(source) = &term.source else { continue };
        let limit = best.map_or(most + 1, |(count, ..)| count);
        if let Some(count) = object_type.statistics().count_below(tx, source, limit)? {
            best = Some((count, place, source));
        }
    }
    Ok(best.map(|(count, place, source)| Smallest { count, place, source: source.clone() }))
}
