//! Operations and undo.

use axum::extract::State;
use database::Query;
use record_engine::catalog::Catalog;
use record_engine::history;
use record_engine::undo::{MAX_LATER, Overwrite, Undo, UndoReport, later_changes, undo_within};
use record_engine::{EngineError, RequestContext};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::jobs::present_job;
use super::record_lists::checked_limit;
use crate::error::Result;
use crate::extract::{Caller, Command, Params, Path};
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
            .summary("Takes an operation back; what was changed since is kept unless it is named. A large one answers 202 with a job")
            .body("UndoInput")
            .retryable()
            .answers(200, "UndoAnswer"),
        route!(get "/operations/{id}/later-changes" list_later_changes)
            .summary("What was changed since an operation, field by field: what its undo keeps, or has kept")
            .query(&[Parameter::text("cursor"), Parameter::integer("limit")])
            .answers(200, "LaterChangePage"),
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
    command: Command<Overwrite>,
) -> Result<Answer> {
    let choices = command.body;
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            check_known(tx, context, &snapshot.catalog, id)?;
            Ok(match undo_within(tx, snapshot, context, id, &choices)? {
                Undo::Done(report) => Answer::ok(&Json::Object(present_undo(&report))),
                Undo::Job(job) => Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, job)? })),
            })
        })
        .await
}

/// What an undo did, as clients read it.
pub(super) fn present_undo(report: &UndoReport) -> Map<String, Json> {
    let members = [
        ("operation_id", json!(report.operation_id)),
        ("undoes", json!(report.undoes)),
        ("undone", json!(report.undone)),
        ("kept", json!(report.kept)),
        ("kept_count", json!(report.kept_count)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LaterParams {
    cursor: Option<String>,
    limit: Option<usize>,
}

async fn list_later_changes(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Params(params): Params<LaterParams>,
) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, MAX_LATER)?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let page = engine.database().read(|tx| {
                check_known(tx, &context, &snapshot.catalog, id)?;
                later_changes(tx, &context, &snapshot.catalog, id, params.cursor.as_deref(), limit)
            })?;
            Ok(Answer::ok(&json!({
                "items": page.items,
                "next_cursor": page.next_cursor,
                "looked_at": page.looked_at,
            })))
        })
        .await
}

/// Whose operations a user may know of is the same rule as in the list; of the others not even the number is confirmed.
fn check_known(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    id: i64,
) -> std::result::Result<(), EngineError> {
    let operation = history::find_operation(tx, id)?.ok_or(EngineError::NotFound)?;
    if operation.belongs_to(context, catalog) { Ok(()) } else { Err(EngineError::NotFound) }
}
