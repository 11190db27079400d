//! Merging all clusters of the queue that are sure enough, by a rule that says which record survives.
//!
//! What must stay true: all clusters are one operation, hence one undo. A cluster, its place in the queue and the report behind it are one
//! transaction, so a killed job neither repeats nor skips one. It merges with the rights of whoever started it; a cluster that is refused is
//! reported, and the others are merged.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use database::Tx;
use record_engine::access::{Action, Feature};
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::jobs::{Failure, JobHandler, JobRun, NewJob};
use record_engine::merge::{MergeRequest, merge_within};
use record_engine::query::load_records;
use record_engine::write::{Operation, OperationKind};
use record_engine::{Record, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::compare::{MIN_SCORE, Reason};
use super::queue::{Cluster, QueueQuery, Readable, START, count, leads};
use super::store::{self, Place};

/// Kind of the job.
pub const MERGE_JOB: &str = "merge_duplicates";
/// Pairs that are looked at in one go.
const PAIRS: usize = 50;

/// Which record of a cluster survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The one made first.
    Oldest,
    /// The one with the most filled fields.
    MostComplete,
    /// The one changed last.
    MostRecent,
}

/// What to merge, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeAllRequest {
    /// Name of the object type.
    #[serde(rename = "type")]
    pub object_type: String,
    /// Only pairs of at least this score.
    pub min_score: i64,
    /// Only pairs with one of these reasons; empty for all.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// Which record survives.
    pub rule: Rule,
}

impl MergeAllRequest {
    fn query(&self) -> QueueQuery {
        QueueQuery { min_score: self.min_score, reasons: self.reasons.clone() }
    }
}

/// Checks what can be checked before the first cluster.
///
/// # Errors
/// `NotFound` for an unknown type, `Invalid` for a score out of range.
pub fn prepare_merge(snapshot: &Snapshot, context: &RequestContext, request: &MergeAllRequest) -> Result<NewJob> {
    let object_type = snapshot.object_type(&request.object_type)?;
    if object_type.definition.is_system {
        return Err(EngineError::NotFound);
    }
    let permissions = context.permissions(&object_type);
    if !context.may(Feature::Duplicates) || !permissions.may(Action::Merge) || !permissions.may(Action::Bulk) {
        return Err(EngineError::Forbidden);
    }
    if !(MIN_SCORE..=100).contains(&request.min_score) {
        let error = FieldError::new("min_score", "out_of_range").with("minimum", MIN_SCORE).with("maximum", 100);
        return Err(EngineError::field(error));
    }
    let payload = serde_json::to_value(request).map_err(|error| EngineError::Stored(error.to_string()))?;
    Ok(NewJob { kind: MERGE_JOB, payload, total: None })
}

/// Where the job stands between clusters.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Position {
    place: Place,
    is_done: bool,
    /// Clusters that became one record.
    merged: i64,
    /// Records that are part of another now.
    gone: i64,
    /// Records that point elsewhere.
    moved: i64,
    failed_count: i64,
    operation_id: Option<i64>,
}

impl Default for Position {
    fn default() -> Position {
        Position { place: START, is_done: false, merged: 0, gone: 0, moved: 0, failed_count: 0, operation_id: None }
    }
}

/// See the module.
pub(super) struct MergeJob;

impl JobHandler for MergeJob {
    fn kind(&self) -> &'static str {
        MERGE_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let request = request_of(run)?;
        let context = run.context();
        let query = request.query();
        let mut position: Position = match run.position()? {
            Some(position) => position,
            None => {
                let object_type = run.engine().snapshot().object_type(&request.object_type)?;
                let counted = run.engine().database().read(|tx| count(tx, &context, &object_type, &query))?;
                let total = i64::try_from(counted.clusters).ok().filter(|_| !counted.is_capped);
                run.show(0, total, None)?;
                Position::default()
            }
        };
        while !position.is_done {
            run.check_cancelled()?;
            let snapshot = run.engine().snapshot();
            let object_type = snapshot.object_type(&request.object_type)?;
            let step =
                Step { run, snapshot: &snapshot, context: &context, object_type: &object_type, request: &request };
            let (cluster, place) = step.next(&query, position.place)?;
            position = match run.engine().write_batch(|tx| step.write(tx, cluster.as_ref(), place, position.clone())) {
                // Somebody took a channel between check and write; the second time the check sees it.
                Err(EngineError::Database(database::DatabaseError::Unique { .. })) => {
                    run.engine().write_batch(|tx| step.write(tx, cluster.as_ref(), place, position.clone()))
                }
                result => result,
            }?;
        }
        report(run, &request, &position)
    }

    fn report_so_far(&self, run: &JobRun<'_>) -> Result<Option<Json>> {
        let Some(position) = run.position()? else { return Ok(None) };
        report(run, &request_of(run)?, &position).map(Some)
    }
}

fn request_of(run: &JobRun<'_>) -> Result<MergeAllRequest> {
    MergeAllRequest::deserialize(run.payload()).map_err(|error| EngineError::Stored(error.to_string()))
}

fn report(run: &JobRun<'_>, request: &MergeAllRequest, position: &Position) -> Result<Json> {
    Ok(json!({
        "type": request.object_type,
        "merged": position.merged,
        "gone": position.gone,
        "moved": position.moved,
        "failed_count": position.failed_count,
        "failed": run.first_failures()?,
        "operation_id": position.operation_id,
    }))
}

struct Step<'a> {
    run: &'a JobRun<'a>,
    snapshot: &'a Snapshot,
    context: &'a RequestContext,
    object_type: &'a ObjectType,
    request: &'a MergeAllRequest,
}

impl Step<'_> {
    /// The next cluster behind a place, and the place of its pair; `None` at the end of the queue, or where only other pairs stood so far.
    fn next(&self, query: &QueueQuery, place: Place) -> Result<(Option<Cluster>, Option<Place>)> {
        self.run.engine().database().read(|tx| {
            let readable = Readable::new(tx, self.context, self.object_type)?;
            let mut last = None;
            for pair in readable.after(tx, query, place, PAIRS)? {
                last = Some(pair.place());
                let cluster = readable.cluster(tx, query, BTreeSet::from([pair.left, pair.right]))?;
                if let Some(cluster) = cluster.filter(|cluster| {
                    leads(&pair, cluster)
                        && cluster.pairs.iter().any(|other| (other.left, other.right) == (pair.left, pair.right))
                }) {
                    return Ok((Some(cluster), last));
                }
            }
            Ok((None, last))
        })
    }

    fn write(
        &self,
        tx: &mut Tx,
        cluster: Option<&Cluster>,
        place: Option<Place>,
        mut position: Position,
    ) -> Result<Position> {
        match place {
            Some(place) => position.place = place,
            None => position.is_done = true,
        }
        if let Some(cluster) = cluster {
            self.merge(tx, cluster, &mut position)?;
        }
        self.run.checkpoint(tx, &position, position.merged + position.failed_count)?;
        Ok(position)
    }

    fn merge(&self, tx: &mut Tx, cluster: &Cluster, position: &mut Position) -> Result<()> {
        if let Some((left, right)) = store::dismissed_among(tx, self.object_type.id, &cluster.ids)? {
            // Two of them are known not to be the same, though a third is like both: that is for a person to decide.
            position.failed_count += 1;
            let mut failure = Failure::new(left, &EngineError::State("dismissed")).of_all(&cluster.ids);
            failure.params.extend([("left".into(), left.into()), ("right".into(), right.into())]);
            return self.run.note_failures(tx, &[failure]);
        }
        let records = load_records(tx, self.object_type, &cluster.ids, true)?;
        let mut ranked: Vec<&Record> = records.values().collect();
        ranked.sort_by_key(|record| rank(self.request.rule, record));
        let mut ids = ranked.iter().map(|record| record.id);
        let Some(survivor) = ids.next() else { return Ok(()) };
        let request = MergeRequest { survivor, losers: ids.collect(), ..MergeRequest::default() };
        let type_id = Some(self.object_type.id);
        let begun = position.operation_id;
        let result = tx.savepoint(|tx| {
            let mut operation = match begun {
                Some(id) => Operation::resume(OperationKind::Merge, type_id, id),
                None => Operation::new(OperationKind::Merge, type_id),
            };
            // The name of the first of many would say nothing.
            operation.title = Some(String::new());
            merge_within(tx, self.snapshot, self.context, self.object_type, &request, &mut operation)
        });
        match result {
            Ok(merged) => {
                position.merged += 1;
                position.gone += i64::try_from(request.losers.len()).unwrap_or(i64::MAX);
                position.moved += i64::try_from(merged.moved).unwrap_or(i64::MAX);
                if begun.is_none() {
                    position.operation_id = Some(merged.operation_id);
                    self.run.set_operation(tx, merged.operation_id)?;
                }
                Ok(())
            }
            Err(trouble @ (EngineError::Database(_) | EngineError::Stored(_) | EngineError::File(_))) => Err(trouble),
            Err(refused) => {
                position.failed_count += 1;
                self.run.note_failures(tx, &[Failure::new(survivor, &refused).of_all(&cluster.ids)])
            }
        }
    }
}

/// The order in which the records of a cluster are trusted; the first survives. The older one where the rule does not decide.
fn rank(rule: Rule, record: &Record) -> (Reverse<usize>, Reverse<i64>, i64, i64) {
    let filled = record.values.len();
    let entries: usize = record.values.values().filter_map(Json::as_array).map(Vec::len).sum();
    let (complete, recent) = match rule {
        Rule::Oldest => (0, 0),
        Rule::MostComplete => (filled + entries, 0),
        Rule::MostRecent => (0, record.updated_at),
    };
    (Reverse(complete), Reverse(recent), record.created_at, record.id)
}
