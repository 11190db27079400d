//! The queue of duplicates: reading and counting it, starting a search, dismissing, merging all by a rule.

use std::time::Duration;

use axum::extract::State;
use database::Query;
use modules::duplicates::{self, Cluster, FIND_JOB, FindRequest, MAX_PAGE, MergeAllRequest, QueueQuery, Reason};
use record_engine::access::{Action, Scope};
use record_engine::catalog::ObjectType;
use record_engine::context::instant_text;
use record_engine::engine::Snapshot;
use record_engine::query::load::masked;
use record_engine::query::{load_records, present};
use record_engine::{EngineError, RequestContext, jobs};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::jobs::present_job;
use super::record_lists::{checked_limit, name_list_errors};
use crate::error::Result;
use crate::extract::{Caller, Command, Params};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

const DEFAULT_LIMIT: usize = 20;
/// How long a look at the queue may take: one who sees few records may have to pass by many pairs.
const DEADLINE: Duration = Duration::from_secs(10);

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/duplicates" list_duplicates)
            .summary("Records that may be one, in clusters, the surest first; or the cluster of one record")
            .query(&[
                Parameter::text("type").required(),
                Parameter::integer("id"),
                Parameter::integer("min_score"),
                Parameter::text("reasons"),
                Parameter::text("cursor"),
                Parameter::integer("limit"),
            ])
            .answers(200, "DuplicatePage"),
        route!(get "/duplicates/count" count_duplicates)
            .summary("How long the queue is, and when the base was last searched")
            .query(&[Parameter::text("type").required(), Parameter::integer("min_score"), Parameter::text("reasons")])
            .answers(200, "DuplicateCount"),
        route!(post "/duplicates/search" find_duplicates)
            .summary("Searches all records of a type, in a job; for those who see them all")
            .retryable()
            .body("DuplicateSearchInput")
            .answers(202, "JobAnswer"),
        route!(post "/duplicates/dismiss" dismiss_duplicates)
            .summary("Says that some records are no duplicates of each other, for good, or takes that back")
            .retryable()
            .body("DuplicateDismissal")
            .answers(200, "DismissAnswer"),
        route!(post "/duplicates/merge" merge_duplicates)
            .summary("Merges every cluster that is sure enough, in a job and as one operation")
            .retryable()
            .body("DuplicateMergeInput")
            .answers(202, "JobAnswer"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QueueParams {
    r#type: String,
    id: Option<i64>,
    min_score: Option<i64>,
    reasons: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

fn queue_query(min_score: Option<i64>, reasons: Option<&str>) -> Result<QueueQuery, Problem> {
    let unknown = |_| Problem::field("reasons", "unknown_option");
    let names = reasons.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
    let reasons: Vec<Reason> =
        names.map(|name| serde_json::from_value(json!(name)).map_err(unknown)).collect::<Result<_, _>>()?;
    Ok(QueueQuery { min_score: min_score.unwrap_or_default(), reasons })
}

async fn list_duplicates(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<QueueParams>,
) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, MAX_PAGE)?;
    let query = queue_query(params.min_score, params.reasons.as_deref())?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&params.r#type)?;
            engine.database().read(|tx| {
                tx.set_deadline(DEADLINE)?;
                let (clusters, next_cursor) = match params.id {
                    Some(id) => {
                        let found = duplicates::cluster_of(tx, &context, &object_type, &query, id)?;
                        (found.into_iter().collect(), None)
                    }
                    None => {
                        let cursor = params.cursor.as_deref();
                        let page = duplicates::clusters(tx, &context, &object_type, &query, cursor, limit)
                            .map_err(name_list_errors)?;
                        (page.clusters, page.next_cursor)
                    }
                };
                let items = clusters
                    .iter()
                    .map(|cluster| present_cluster(tx, &snapshot, &context, &object_type, cluster))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Answer::ok(&json!({ "items": items, "next_cursor": next_cursor })))
            })
        })
        .await
}

fn present_cluster(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &ObjectType,
    cluster: &Cluster,
) -> Result<JsonValue, EngineError> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let found = load_records(tx, object_type, &cluster.ids, false)?;
    let records: Vec<_> = found.into_values().map(|record| masked(object_type, &scope, record)).collect();
    let shown = present(tx, context, &snapshot.catalog, object_type, &records)?;
    let pairs: Vec<_> = cluster
        .pairs
        .iter()
        .map(|pair| json!({ "left": pair.left, "right": pair.right, "score": pair.score, "reasons": pair.reasons }))
        .collect();
    Ok(json!({ "score": cluster.score, "reasons": cluster.reasons, "records": shown, "pairs": pairs }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountParams {
    r#type: String,
    min_score: Option<i64>,
    reasons: Option<String>,
}

async fn count_duplicates(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<CountParams>,
) -> Result<Answer> {
    let query = queue_query(params.min_score, params.reasons.as_deref())?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&params.r#type)?;
            let can_search = context.permissions(&object_type).may_all(Action::See)
                && duplicates::knows_what_is_compared(&context, &object_type);
            engine.database().read(|tx| {
                tx.set_deadline(DEADLINE)?;
                let counted = duplicates::count(tx, &context, &object_type, &query)?;
                let last_search = duplicates::last_search(tx, &object_type)?.map(|(at_ms, report)| {
                    let of = |name: &str| report.get(name).cloned().unwrap_or_else(|| json!(0));
                    json!({
                        "finished_at": instant_text(at_ms), "records": of("records"), "pairs": of("pairs"),
                        "cut_keys": of("cut_keys"), "cut_records": of("cut_records"),
                    })
                });
                let is_ours = |job: &jobs::Job| {
                    job.payload.get("type") == Some(&json!(object_type.name)) && job.belongs_to(&context)
                };
                let job = match jobs::open_of_kind(tx, FIND_JOB)?.into_iter().find(is_ours) {
                    Some(job) => Some(present_job(tx, &snapshot, &context, job.id)?),
                    None => None,
                };
                Ok(Answer::ok(&json!({
                    "clusters": counted.clusters,
                    "records": counted.records,
                    "is_capped": counted.is_capped,
                    // What was searched speaks of records that not everybody may count.
                    "last_search": last_search.filter(|_| can_search),
                    "job": job,
                    "can_search": can_search,
                })))
            })
        })
        .await
}

async fn find_duplicates(
    State(state): State<ApiState>,
    caller: Caller,
    command: Command<FindRequest>,
) -> Result<Answer> {
    let request = command.body;
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let new = duplicates::prepare_search(tx, snapshot, context, &request).map_err(name_list_errors)?;
            let id = jobs::enqueue(tx, context, &new)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, id)? })))
        })
        .await
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dismissal {
    r#type: String,
    ids: Vec<i64>,
    #[serde(default = "yes")]
    is_dismissed: bool,
}

async fn dismiss_duplicates(
    State(state): State<ApiState>,
    caller: Caller,
    command: Command<Dismissal>,
) -> Result<Answer> {
    let Dismissal { r#type, ids, is_dismissed } = command.body;
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let object_type = snapshot.object_type(&r#type)?;
            let pairs = duplicates::dismiss(tx, context, &object_type, &ids, is_dismissed).map_err(name_list_errors)?;
            Ok(Answer::ok(&json!({ "pairs": pairs })))
        })
        .await
}

async fn merge_duplicates(
    State(state): State<ApiState>,
    caller: Caller,
    command: Command<MergeAllRequest>,
) -> Result<Answer> {
    let request = command.body;
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let new = duplicates::prepare_merge(snapshot, context, &request).map_err(name_list_errors)?;
            let id = jobs::enqueue(tx, context, &new)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, id)? })))
        })
        .await
}
