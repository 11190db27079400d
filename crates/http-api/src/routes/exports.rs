//! Exports: started as a job, downloaded by whoever started it.

use axum::extract::State;
use axum::response::Response;
use modules::exchange::{self, ExportRequest};
use record_engine::RequestContext;
use record_engine::engine::Snapshot;
use serde_json::json;

use super::files::{attachment, media_type};
use super::jobs::present_job;
use crate::error::Result;
use crate::extract::{Caller, Command, Nothing, Path};
use crate::response::Answer;
use crate::route::{Content, Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/exports" create_export)
            .summary("Writes what a filter finds to a file, in a job; for those who may export")
            .body("ExportInput")
            .retryable()
            .answers(202, "JobAnswer"),
        route!(post "/exports/all" export_all)
            .summary("Writes the whole base to an archive, in a job; for administrators")
            .retryable()
            .answers(202, "JobAnswer"),
        route!(get "/exports/{id}/file" get_export_file)
            .summary("The file of a finished export")
            .lasting()
            .answers_with(Content::Bytes),
    ]
}

async fn create_export(
    State(state): State<ApiState>,
    caller: Caller,
    Command { body, retry }: Command<ExportRequest>,
) -> Result<Answer> {
    let engine = state.engine().clone();
    let prepare = move |_: &Snapshot, context: &RequestContext| Ok(exchange::prepare_export(&engine, context, body)?);
    state
        .write_prepared(caller, retry, prepare, |new, Work { tx, snapshot, context }| {
            let job = exchange::enqueue_export(tx, context, new)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, job)? })))
        })
        .await
}

async fn export_all(State(state): State<ApiState>, caller: Caller, command: Command<Nothing>) -> Result<Answer> {
    state
        .write(caller, command.retry, |Work { tx, snapshot, context }| {
            let job = exchange::enqueue_export(tx, context, &exchange::prepare_export_all(context)?)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, job)? })))
        })
        .await
}

async fn get_export_file(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Response> {
    let (path, name) = state
        .run(move |engine| {
            let context = caller.context(engine);
            let file = exchange::export_file(engine, &context, id)?;
            // Told before it is taken away: who breaks off the download has had a part of it.
            exchange::tell_of_download(engine, &context, id)?;
            Ok(file)
        })
        .await?;
    attachment(&path, &name, media_type(&name)).await
}
