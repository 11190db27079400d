//! Operations and undo.

use axum::extract::State;
use record_engine::EngineError;
use record_engine::history;
use record_engine::undo::{Undo, undo_within};
use serde::Deserialize;
use serde_json::json;

use super::jobs::present_job;
use super::record_lists::checked_limit;
use crate::error::Result;
use crate::extract::{Caller, Command, Nothing, Params, Path};
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

const DEFAULT_LIMIT: usize = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/operations" list_operations)
            .summary("Who changed what, newest first: all for administrators, their own for others")
            .query(&[Parameter::text("cursor"), Parameter::integer("limit")])
            .answers(200, "OperationPage"),
        route!(post "/operations/{id}/undo" undo_operation)
            .summary("Takes an operation back; what others changed since is kept. A large one answers 202 with a job")
            .retryable()
            .answers(200, "UndoAnswer"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageParams {
    cursor: Option<i64>,
    limit: Option<usize>,
}

async fn list_operations(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<PageParams>,
) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, history::MAX_LIMIT)?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let (items, next) = engine
                .database()
                .read(|tx| history::list_operations(tx, &context, &snapshot.catalog, params.cursor, limit))?;
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": next.map(|id| id.to_string()) })))
        })
        .await
}

async fn undo_operation(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            // Whose operations a user may know of is the same rule as in the list; of the others not even the number is confirmed.
            let operation = history::find_operation(tx, id)?.ok_or(EngineError::NotFound)?;
            if !context.actor.is_administrator() && operation.user_id != context.actor.user_id() {
                return Err(EngineError::NotFound.into());
            }
            Ok(match undo_within(tx, snapshot, context, id)? {
                Undo::Done(report) => Answer::ok(&json!({
                    "operation_id": report.operation_id,
                    "undone": report.undone,
                    "kept": report.kept,
                    "kept_count": report.kept_count,
                })),
                Undo::Job(job) => Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, job)? })),
            })
        })
        .await
}
