//! The search for duplicates over all records of a type.
//!
//! First every record leaves its keys in a table; then records with a common key are compared and the alike ones stored; at the end the
//! pairs of earlier searches go. The queue of before stays usable until then.
//!
//! What must stay true: a batch and the position behind it are one transaction, so a killed search goes on where it ended; a key is used up
//! by the batch that compares its records; a key that more than [`MAX_MEMBERS`] records share says nothing and is cut off.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Tx};
use record_engine::access::{Action, Feature};
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::jobs::{self, JobHandler, JobRun, NewJob};
use record_engine::query::page::MAX_LIMIT;
use record_engine::query::{ListQuery, Sort, count, list, load_records};
use record_engine::{Record, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::compare::compare;
use super::queue::knows_what_is_compared;
use super::store;
use super::traits::{Traits, fields_of, key_hash, traits_of};

/// Kind of the job.
pub const FIND_JOB: &str = "find_duplicates";
/// Most records of one key; more share it by chance, or by a number of a whole office.
pub(super) const MAX_MEMBERS: usize = 40;
/// Rows of keys in one batch of comparing.
const KEY_ROWS: usize = 2_000;

/// By what records are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchKey {
    /// A common phone, mailbox, messenger or site.
    Channel,
    /// The same name of a person in whatever spelling and order.
    Name,
    /// A name with one slip.
    SimilarName,
    /// The same name of a company but for its legal form.
    CompanyName,
}

impl SearchKey {
    /// All of them.
    pub fn all() -> BTreeSet<SearchKey> {
        [SearchKey::Channel, SearchKey::Name, SearchKey::SimilarName, SearchKey::CompanyName].into()
    }
}

/// What to search, and by what.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindRequest {
    /// Name of the object type.
    #[serde(rename = "type")]
    pub object_type: String,
    /// The keys; all unless chosen.
    #[serde(default = "SearchKey::all")]
    pub keys: BTreeSet<SearchKey>,
    /// Equal names count only together with the same company or city.
    #[serde(default)]
    pub with_place: bool,
}

/// Checks a search before it becomes a job.
///
/// # Errors
/// `Forbidden` for whoever does not see the whole base, `State` when one is under way, `Invalid` without a key, `NotFound` for a type that
/// there is not or that is none of the business.
pub fn prepare_search(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    request: &FindRequest,
) -> Result<NewJob> {
    let object_type = snapshot.object_type(&request.object_type)?;
    if object_type.definition.is_system {
        return Err(EngineError::NotFound);
    }
    if !context.may(Feature::Duplicates) {
        return Err(EngineError::Forbidden);
    }
    check_sees_all(context, &object_type)?;
    if request.keys.is_empty() {
        return Err(EngineError::field(FieldError::new("keys", "required")));
    }
    let of_type = |payload: &Json| payload.get("type") == Some(&json!(object_type.name));
    if jobs::open_of_kind(tx, FIND_JOB)?.iter().any(|job| of_type(&job.payload)) {
        return Err(EngineError::State("search_is_running"));
    }
    let payload = serde_json::to_value(request).map_err(|error| EngineError::Stored(error.to_string()))?;
    Ok(NewJob { kind: FIND_JOB, payload, total: None })
}

fn check_sees_all(context: &RequestContext, object_type: &ObjectType) -> Result<()> {
    let sees_all = context.permissions(object_type).may_all(Action::See);
    if sees_all && knows_what_is_compared(context, object_type) { Ok(()) } else { Err(EngineError::Forbidden) }
}

/// Where the search stands between batches.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Position {
    stage: Stage,
    /// Of the records: the cursor of the next page.
    cursor: Option<String>,
    records: i64,
    keys: i64,
    used_keys: i64,
    cut_keys: i64,
    cut_records: i64,
    compared: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    #[default]
    Clear,
    Read,
    Compare,
    Finish,
    Done,
}

impl Position {
    /// Both halves of the work count as many steps as there are records.
    fn done(&self) -> i64 {
        let of_keys = self.records.saturating_mul(self.used_keys).checked_div(self.keys).unwrap_or(0);
        let compared = if self.stage >= Stage::Finish { self.records } else { of_keys };
        self.records + compared
    }
}

/// See the module.
pub(super) struct FindJob;

impl JobHandler for FindJob {
    fn kind(&self) -> &'static str {
        FIND_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let request: FindRequest =
            serde_json::from_value(run.payload().clone()).map_err(|error| EngineError::Stored(error.to_string()))?;
        let context = run.context();
        let mut position: Position = match run.position()? {
            Some(position) => position,
            None => {
                run.show(0, total(run, &context, &request)?, None)?;
                Position::default()
            }
        };
        while position.stage != Stage::Done {
            run.check_cancelled()?;
            let snapshot = run.engine().snapshot();
            let object_type = snapshot.object_type(&request.object_type)?;
            check_sees_all(&context, &object_type)?;
            let search = Search { run, request: &request, object_type: &object_type };
            position = match position.stage {
                Stage::Clear => search.clear(&position)?,
                Stage::Read => search.read(&context, &position)?,
                Stage::Compare => search.compare(&position)?,
                Stage::Finish | Stage::Done => search.finish(&position)?,
            };
        }
        let type_id = run.engine().snapshot().object_type(&request.object_type)?.id;
        let found = run.engine().database().read(|tx| store::count_found(tx, type_id))?;
        Ok(report(&request, &position, found))
    }
}

fn report(request: &FindRequest, position: &Position, found: i64) -> Json {
    json!({
        "type": request.object_type,
        "records": position.records,
        "pairs": found,
        "cut_keys": position.cut_keys,
        "cut_records": position.cut_records,
    })
}

/// Twice the records: each is read and then compared.
fn total(run: &JobRun<'_>, context: &RequestContext, request: &FindRequest) -> Result<Option<i64>> {
    let object_type = run.engine().snapshot().object_type(&request.object_type)?;
    let all = filter_language::CheckedExpr::all();
    match run.engine().database().read(|tx| count(tx, context, &object_type, &all, None, false, true)) {
        Ok(counted) => Ok(counted.count.map(|count| count * 2)),
        Err(EngineError::TooSlow) => Ok(None),
        Err(other) => Err(other),
    }
}

struct Search<'a> {
    run: &'a JobRun<'a>,
    request: &'a FindRequest,
    object_type: &'a ObjectType,
}

impl Search<'_> {
    /// One batch, together with the position behind it.
    fn batch(&self, position: &Position, work: impl Fn(&mut Tx, &mut Position) -> Result<()>) -> Result<Position> {
        self.run.engine().write_batch(|tx| {
            let mut next = position.clone();
            work(tx, &mut next)?;
            self.run.checkpoint(tx, &next, next.done())?;
            Ok::<Position, EngineError>(next)
        })
    }

    /// What a search that was stopped has left.
    fn clear(&self, position: &Position) -> Result<Position> {
        self.batch(position, |tx, next| {
            if !store::clear_keys(tx, self.object_type.id)? {
                next.stage = Stage::Read;
            }
            Ok(())
        })
    }

    fn read(&self, context: &RequestContext, position: &Position) -> Result<Position> {
        let query = ListQuery {
            sort: Sort::parse("id"),
            fields: Some(fields_of(self.object_type)),
            limit: MAX_LIMIT,
            cursor: position.cursor.clone(),
            ..ListQuery::default()
        };
        let page = self.run.engine().database().read(|tx| list(tx, context, self.object_type, &query))?;
        let mut keys = BTreeSet::new();
        for record in &page.records {
            let of_record = traits_of(self.object_type, record).keys(&self.request.keys);
            keys.extend(of_record.iter().map(|key| (key_hash(key), record.id)));
        }
        let keys: Vec<(i64, i64)> = keys.into_iter().collect();
        self.batch(position, |tx, next| {
            store::add_keys(tx, self.object_type.id, &keys)?;
            next.records += length(page.records.len());
            next.keys += length(keys.len());
            next.cursor.clone_from(&page.next_cursor);
            if page.next_cursor.is_none() {
                next.stage = Stage::Compare;
            }
            Ok(())
        })
    }

    fn compare(&self, position: &Position) -> Result<Position> {
        let rows = self.run.engine().database().read(|tx| store::first_keys(tx, self.object_type.id, KEY_ROWS))?;
        let Some((last, _)) = rows.last().copied() else {
            return self.batch(position, |_, next| {
                next.stage = Stage::Finish;
                Ok(())
            });
        };
        let is_whole = rows.len() < KEY_ROWS;
        let mut groups: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (key, record) in rows {
            groups.entry(key).or_default().push(record);
        }
        // The last key may go on behind the batch. If what is here is too much already, the rest need not be seen.
        if !is_whole && groups.get(&last).is_some_and(|members| members.len() <= MAX_MEMBERS) {
            groups.remove(&last);
        }
        let Some(up_to) = groups.keys().next_back().copied() else {
            return Err(EngineError::Stored("a batch of keys without a key".into()));
        };
        let mut cut_keys = 0;
        let mut pairs: BTreeSet<(i64, i64)> = BTreeSet::new();
        for members in groups.values() {
            if members.len() > MAX_MEMBERS {
                cut_keys += 1;
                continue;
            }
            for (at, left) in members.iter().enumerate() {
                pairs.extend(members.iter().skip(at + 1).map(|right| (*left, *right)));
            }
        }
        let ids: Vec<i64> =
            pairs.iter().flat_map(|(left, right)| [*left, *right]).collect::<BTreeSet<i64>>().into_iter().collect();
        let records = self.run.engine().database().read(|tx| load_records(tx, self.object_type, &ids, false))?;
        let traits: BTreeMap<i64, (&Record, Traits)> = records
            .iter()
            .filter(|(_, record)| record.deleted_at.is_none())
            .map(|(id, record)| (*id, (record, traits_of(self.object_type, record))))
            .collect();
        let alike: Vec<_> = pairs
            .iter()
            .filter_map(|(left, right)| {
                let (left, right) = (traits.get(left)?, traits.get(right)?);
                let alike = compare(&left.1, &right.1, &self.request.keys, self.request.with_place)?;
                Some(((left.0.id, left.0.version), (right.0.id, right.0.version), alike))
            })
            .collect();
        let cut_ids: i64 =
            groups.values().filter(|members| members.len() > MAX_MEMBERS).map(|members| length(members.len())).sum();
        self.batch(position, |tx, next| {
            for (left, right, alike) in &alike {
                store::keep_pair(tx, self.object_type.id, self.run.id(), *left, *right, alike)?;
            }
            next.used_keys += store::forget_keys(tx, self.object_type.id, up_to)?;
            next.compared += length(pairs.len());
            next.cut_keys += cut_keys;
            next.cut_records += cut_ids;
            Ok(())
        })
    }

    fn finish(&self, position: &Position) -> Result<Position> {
        self.batch(position, |tx, next| {
            if store::drop_older(tx, self.object_type.id, self.run.id())? {
                return Ok(());
            }
            next.stage = Stage::Done;
            let found = store::count_found(tx, self.object_type.id)?;
            let now = self.run.engine().clock().now_ms();
            store::finish(tx, self.object_type.id, self.run.id(), now, &report(self.request, next, found))?;
            Ok::<(), EngineError>(())
        })
    }
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
