//! Exports: started as a job, downloaded by whoever started it.

use axum::extract::State;
use axum::response::Response;
use modules::exchange::{self, ExportRequest};
use serde_json::json;

use super::files::{attachment, media_type};
use super::jobs::present_job;
use crate::error::Result;
use crate::extract::{Caller, Json, Path};
use crate::response::Answer;
use crate::route::{Content, Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/exports" create_export)
            .summary("Writes what a filter finds to a file, in a job; for those who may export")
            .body("ExportInput")
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
    Json(request): Json<ExportRequest>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let job = exchange::start_export(engine, &context, request)?;
            let job = engine.database().read(|tx| present_job(tx, &engine.snapshot(), &context, job))?;
            Ok(Answer::accepted(&json!({ "job": job })))
        })
        .await
}

async fn get_export_file(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Response> {
    let (path, name) = state.run(move |engine| Ok(exchange::export_file(engine, &caller.context(engine), id)?)).await?;
    attachment(&path, &name, media_type(&name)).await
}
