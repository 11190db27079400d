//! The queue of duplicates as its reader sees it: pairs gathered into clusters.
//!
//! What must stay true: every query asks that both records stand as they were compared and that the reader sees both. So records that were
//! merged, deleted or changed leave the queue by themselves, without a word from whoever wrote them, and come back when that is undone.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Tx, Value, in_list};
use record_engine::RequestContext;
use record_engine::access::{Action, Feature, Scope};
use record_engine::catalog::ObjectType;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::merge::MAX_RECORDS;
use record_engine::query::conditions::Fragment;
use record_engine::query::{admitted, load_records, standing, visible_ids};
use serde_json::Value as Json;

use super::compare::Reason;
use super::store::{self, PAIR_COLUMNS, Pair, Place};
use super::traits::fields_of;

/// Most clusters of a page.
pub const MAX_PAGE: usize = 50;
/// Pairs that a page looks at in one go.
const PAIRS: usize = 60;
/// How often a page looks further, when clusters are made of many pairs; then it answers what it has, with a cursor.
const ROUNDS: usize = 8;
/// Pairs that a count looks at; beyond that it says "more than".
const MAX_COUNTED: usize = 20_000;

/// Which part of the queue.
#[derive(Clone, Debug, Default)]
pub struct QueueQuery {
    /// Only pairs of at least this score.
    pub min_score: i64,
    /// Only pairs with one of these reasons; empty for all.
    pub reasons: Vec<Reason>,
}

impl QueueQuery {
    fn wants(&self, pair: &Pair) -> bool {
        pair.score >= self.min_score
            && (self.reasons.is_empty() || pair.reasons.iter().any(|reason| self.reasons.contains(reason)))
    }
}

/// Records that may be one.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The records, ascending.
    pub ids: Vec<i64>,
    /// The highest score among its pairs.
    pub score: i64,
    /// What any of its pairs have in common.
    pub reasons: Vec<Reason>,
    /// Which of them are alike.
    pub pairs: Vec<ClusterPair>,
}

/// Two records of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterPair {
    /// The smaller id.
    pub left: i64,
    /// The greater id.
    pub right: i64,
    /// How alike they are.
    pub score: i64,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// A page of the queue, the surest first.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterPage {
    /// The clusters.
    pub clusters: Vec<Cluster>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// How long the queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Clusters.
    pub clusters: usize,
    /// Records in them.
    pub records: usize,
    /// Whether there are more.
    pub is_capped: bool,
}

/// Before the search that found a pair looked at its records; SQL over `duplicate_pairs p`.
const SEARCHED_AT: &str = "(SELECT j.created_at FROM jobs j WHERE j.id = p.search_id)";

/// Whether the reader sees all that records are compared by. A pair tells what its records have in common, be it by its score alone, so there is no queue
/// for who sees only a part.
pub fn knows_what_is_compared(context: &RequestContext, object_type: &ObjectType) -> bool {
    let permissions = context.permissions(object_type);
    fields_of(object_type).iter().all(|field| !permissions.hides(field))
}

/// The pairs that a reader may see, as SQL.
pub(super) struct Readable<'a> {
    object_type: &'a ObjectType,
    standing: Fragment,
}

impl<'a> Readable<'a> {
    pub fn new(tx: &dyn Query, context: &RequestContext, object_type: &'a ObjectType) -> Result<Readable<'a>> {
        if !knows_what_is_compared(context, object_type) {
            return Ok(Readable { object_type, standing: Fragment::new(" AND 1 = 0", Vec::new()) });
        }
        let mut both = Fragment::new(" AND ", Vec::new());
        both.append(&standing(context, object_type, tx.backend(), "p.left_id", "p.left_version", SEARCHED_AT)?);
        both.push(" AND ");
        both.append(&standing(context, object_type, tx.backend(), "p.right_id", "p.right_version", SEARCHED_AT)?);
        Ok(Readable { object_type, standing: both })
    }

    fn pairs(
        &self,
        tx: &mut dyn Query,
        condition: &str,
        params: &[Value],
        order: &str,
        limit: usize,
    ) -> Result<Vec<Pair>> {
        let sql = format!(
            "SELECT {PAIR_COLUMNS} FROM duplicate_pairs p WHERE p.object_type_id = ? AND {condition}{} ORDER BY {order} LIMIT {limit}",
            self.standing.sql
        );
        let params = [&[Value::from(self.object_type.id)], params, &self.standing.params].concat();
        tx.query(&sql, &params)?.iter().map(Pair::read).collect()
    }

    /// The next pairs of the queue behind a place.
    pub fn after(&self, tx: &mut dyn Query, query: &QueueQuery, place: Place, limit: usize) -> Result<Vec<Pair>> {
        let params: [Value; 4] = [query.min_score.into(), place.0.into(), place.1.into(), place.2.into()];
        let behind = "p.is_dismissed = 0 AND p.score >= ? AND (p.score, p.left_id, p.right_id) < (?, ?, ?)";
        self.pairs(tx, behind, &params, "p.score DESC, p.left_id DESC, p.right_id DESC", limit)
    }

    /// The pairs of some records.
    fn around(&self, tx: &mut dyn Query, query: &QueueQuery, ids: &BTreeSet<i64>) -> Result<Vec<Pair>> {
        let list = in_list(ids.len());
        let mut params = vec![Value::from(query.min_score)];
        params.extend(ids.iter().map(|id| Value::Integer(*id)));
        let mut found = Vec::new();
        for (column, other) in [("p.left_id", "p.right_id"), ("p.right_id", "p.left_id")] {
            // The plus keeps SQLite from walking the whole queue in its order instead of looking the few records up.
            let condition = format!("+p.is_dismissed = 0 AND +p.score >= ? AND {column} IN {list}");
            let order = format!("{column}, {other}");
            found.extend(self.pairs(tx, &condition, &params, &order, MAX_RECORDS * MAX_RECORDS)?);
        }
        found.retain(|pair| query.wants(pair));
        Ok(found)
    }

    /// Everything that hangs together with some records, up to as many as one merge takes.
    pub fn cluster(&self, tx: &mut dyn Query, query: &QueueQuery, seed: BTreeSet<i64>) -> Result<Option<Cluster>> {
        let (mut ids, mut fresh) = (seed.clone(), seed);
        let mut pairs: BTreeMap<(i64, i64), Pair> = BTreeMap::new();
        while !fresh.is_empty() {
            let mut found = self.around(tx, query, &fresh)?;
            found.sort_by_key(|pair| std::cmp::Reverse(pair.place()));
            fresh.clear();
            for pair in found {
                let new: Vec<i64> = [pair.left, pair.right].into_iter().filter(|id| !ids.contains(id)).collect();
                if ids.len() + new.len() <= MAX_RECORDS {
                    ids.extend(&new);
                    fresh.extend(new);
                    pairs.insert((pair.left, pair.right), pair);
                }
            }
        }
        let Some(score) = pairs.values().map(|pair| pair.score).max() else { return Ok(None) };
        let reasons: BTreeSet<Reason> = pairs.values().flat_map(|pair| pair.reasons.iter().copied()).collect();
        let shown =
            |pair: Pair| ClusterPair { left: pair.left, right: pair.right, score: pair.score, reasons: pair.reasons };
        Ok(Some(Cluster {
            ids: ids.into_iter().collect(),
            score,
            reasons: reasons.into_iter().collect(),
            pairs: pairs.into_values().map(shown).collect(),
        }))
    }
}

/// The beginning of the queue.
pub(super) const START: Place = (i64::MAX, i64::MAX, i64::MAX);

/// Whether this pair stands for its cluster: the first of its pairs in the queue. All others would show the same cluster again.
pub(super) fn leads(pair: &Pair, cluster: &Cluster) -> bool {
    cluster.pairs.iter().all(|other| (other.score, other.left, other.right) <= pair.place())
}

/// A page of clusters. May be shorter than asked for, even empty, with a cursor to go on.
///
/// # Errors
/// `Invalid` for a cursor that is none.
pub fn clusters(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    query: &QueueQuery,
    cursor: Option<&str>,
    limit: usize,
) -> Result<ClusterPage> {
    let mut place = match cursor {
        Some(text) => parse_cursor(text)?,
        None => START,
    };
    let readable = Readable::new(tx, context, object_type)?;
    let mut clusters: Vec<Cluster> = Vec::new();
    for _ in 0..ROUNDS {
        let pairs = readable.after(tx, query, place, PAIRS)?;
        let is_last = pairs.len() < PAIRS;
        for pair in pairs {
            if clusters.len() == limit {
                return Ok(ClusterPage { clusters, next_cursor: Some(cursor_text(place)) });
            }
            place = pair.place();
            if !query.wants(&pair) || clusters.iter().any(|cluster| cluster.ids.contains(&pair.left)) {
                continue;
            }
            let found = readable.cluster(tx, query, BTreeSet::from([pair.left, pair.right]))?;
            clusters.extend(found.filter(|cluster| leads(&pair, cluster)));
        }
        if is_last {
            return Ok(ClusterPage { clusters, next_cursor: None });
        }
    }
    Ok(ClusterPage { clusters, next_cursor: Some(cursor_text(place)) })
}

/// The cluster of one record, if it is in the queue.
///
/// # Errors
/// Those of the database.
pub fn cluster_of(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    query: &QueueQuery,
    id: i64,
) -> Result<Option<Cluster>> {
    Readable::new(tx, context, object_type)?.cluster(tx, query, BTreeSet::from([id]))
}

fn cursor_text((score, left, right): Place) -> String {
    format!("{score}-{left}-{right}")
}

fn parse_cursor(text: &str) -> Result<Place> {
    let mut numbers = text.split('-').map(str::parse::<i64>);
    match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
        (Some(Ok(score)), Some(Ok(left)), Some(Ok(right)), None) => Ok((score, left, right)),
        _ => Err(EngineError::field(FieldError::new("cursor", "wrong_type"))),
    }
}

/// Counts clusters and their records, up to a limit.
///
/// # Errors
/// Those of the database.
pub fn count(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    query: &QueueQuery,
) -> Result<Summary> {
    let readable = Readable::new(tx, context, object_type)?;
    let pairs = readable.after(tx, query, START, MAX_COUNTED + 1)?;
    let is_capped = pairs.len() > MAX_COUNTED;
    let mut above: BTreeMap<i64, i64> = BTreeMap::new();
    fn top(above: &mut BTreeMap<i64, i64>, id: i64) -> i64 {
        let mut at = id;
        while let Some(next) = above.get(&at).copied().filter(|next| *next != at) {
            at = next;
        }
        above.insert(id, at);
        at
    }
    for pair in pairs.iter().filter(|pair| query.wants(pair)) {
        let (one, two) = (top(&mut above, pair.left), top(&mut above, pair.right));
        above.insert(one.max(two), one.min(two));
    }
    let records = above.len();
    let clusters = above.iter().filter(|(id, above)| id == above).count();
    Ok(Summary { clusters, records, is_capped })
}

/// Says of some records that they are no duplicates of each other, or takes that back; answers how many pairs that makes. It holds for everybody, so it
/// is for those who may decide the other way: merge them.
///
/// # Errors
/// `Forbidden` without [`Feature::Duplicates`], for who may not merge one of them, and for who does not see what they are compared by; `NotFound` for
/// a record that the reader does not see, `Invalid` for fewer than two.
pub fn dismiss(
    tx: &mut Tx,
    context: &RequestContext,
    object_type: &ObjectType,
    ids: &[i64],
    is_dismissed: bool,
) -> Result<usize> {
    if !context.may(Feature::Duplicates) {
        return Err(EngineError::Forbidden);
    }
    let ids: BTreeSet<i64> = ids.iter().copied().collect();
    if ids.len() < 2 {
        return Err(EngineError::field(FieldError::new("ids", "required")));
    }
    if ids.len() > MAX_RECORDS {
        return Err(EngineError::field(FieldError::new("ids", "too_many_values").with("max", MAX_RECORDS)));
    }
    let ids: Vec<i64> = ids.into_iter().collect();
    let known = load_records(tx, object_type, &ids, false)?;
    if known.len() < ids.len() || visible_ids(tx, context, object_type, &ids)?.len() < ids.len() {
        return Err(EngineError::NotFound);
    }
    let mergeable = admitted(tx, &Scope::of(context, object_type, Action::Merge)?, object_type, known.values())?;
    if mergeable.len() < ids.len() || !knows_what_is_compared(context, object_type) {
        return Err(EngineError::Forbidden);
    }
    let mut count = 0;
    for (at, left) in ids.iter().enumerate() {
        for right in ids.iter().skip(at + 1) {
            store::set_dismissed(tx, context, object_type.id, *left, *right, is_dismissed)?;
            count += 1;
        }
    }
    Ok(count)
}

/// When the type was last searched, in milliseconds UTC, and what came out.
///
/// # Errors
/// Those of the database.
pub fn last_search(tx: &mut dyn Query, object_type: &ObjectType) -> Result<Option<(i64, Json)>> {
    store::last_search(tx, object_type.id)
}
