//! Jobs: what works in the background, and stopping it.

use axum::extract::State;
use axum::response::Response;
use database::Query;
use modules::exchange::{self, TableFormat};
use record_engine::engine::Snapshot;
use record_engine::{EngineError, RequestContext, jobs};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::files::send_table;
use super::record_lists::checked_limit;
use crate::error::Result;
use crate::extract::{Caller, Command, Nothing, Params, Path};
use crate::response::Answer;
use crate::route::{Content, Parameter, Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/jobs" list_jobs)
            .summary("The newest jobs: all for administrators, their own for others")
            .query(&[Parameter::integer("limit")])
            .answers(200, "JobPage"),
        route!(get "/jobs/{id}" get_job).summary("One job").answers(200, "Job"),
        route!(get "/jobs/{id}/failures" get_job_failures)
            .summary("The records with which a job did not do what it should, with causes; the first 10,000 of them")
            .query(&[Parameter::text("format")])
            .lasting()
            .answers_with(Content::Bytes),
        route!(post "/jobs/{id}/cancel" cancel_job).summary("Asks a job to stop").retryable().answers(200, "Job"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JobParams {
    limit: Option<usize>,
}

async fn list_jobs(State(state): State<ApiState>, caller: Caller, Params(params): Params<JobParams>) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, MAX_LIMIT)?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let items = engine.database().read(|tx| {
                let found = jobs::list(tx, &context, limit)?;
                found
                    .iter()
                    .map(|job| job.present(tx, &context, &snapshot.catalog))
                    .collect::<Result<Vec<JsonValue>, EngineError>>()
            })?;
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": null })))
        })
        .await
}

async fn get_job(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let job = engine.database().read(|tx| present_job(tx, &engine.snapshot(), &context, id))?;
            Ok(Answer::ok(&job))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FailureParams {
    format: Option<TableFormat>,
}

async fn get_job_failures(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Params(params): Params<FailureParams>,
) -> Result<Response> {
    let format = params.format.unwrap_or(TableFormat::Xlsx);
    send_table(&state, format, &format!("not-done-{id}"), move |engine, path| {
        exchange::write_left_records(engine, &caller.context(engine), id, format, path)
    })
    .await
}

async fn cancel_job(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            // Asking for its presentation refuses jobs that the caller may not know of.
            present_job(tx, snapshot, context, id)?;
            jobs::cancel(tx, context, id)?;
            Ok(Answer::ok(&present_job(tx, snapshot, context, id)?))
        })
        .await
}

/// A job as its owner or an administrator reads it.
///
/// # Errors
/// `NotFound` for everybody else.
pub(crate) fn present_job(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    id: i64,
) -> Result<JsonValue, EngineError> {
    let job = jobs::find(tx, id)?.filter(|job| job.belongs_to(context)).ok_or(EngineError::NotFound)?;
    job.present(tx, context, &snapshot.catalog)
}
