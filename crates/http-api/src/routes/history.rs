//! The history of a record.

use axum::extract::State;
use record_engine::history::{self, HistoryQuery};
use record_engine::{EngineError, FieldError, context};
use serde::Deserialize;
use serde_json::json;

use super::record_lists::checked_limit;
use crate::error::Result;
use crate::extract::{Caller, Params, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

const DEFAULT_LIMIT: usize = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/records/{type}/{id}/history" list_record_history)
            .summary("What happened to a record, newest first")
            .query(&[
                Parameter::text("field"),
                Parameter::integer("user"),
                Parameter::text("from"),
                Parameter::text("to"),
                Parameter::text("cursor"),
                Parameter::integer("limit"),
            ])
            .answers(200, "HistoryPage"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HistoryParams {
    field: Option<String>,
    user: Option<i64>,
    from: Option<String>,
    to: Option<String>,
    cursor: Option<i64>,
    limit: Option<usize>,
}

async fn list_record_history(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, id)): Path<(String, i64)>,
    Params(params): Params<HistoryParams>,
) -> Result<Answer> {
    let query = HistoryQuery {
        field: params.field,
        user: params.user,
        from_ms: instant("from", params.from.as_deref())?,
        to_ms: instant("to", params.to.as_deref())?,
        before: params.cursor,
        limit: checked_limit(params.limit, DEFAULT_LIMIT, history::MAX_LIMIT)?,
    };
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let (items, next) = engine
                .database()
                .read(|tx| history::record_history(tx, &context, &snapshot.catalog, &object_type, id, &query))
                .map_err(|error| match error {
                    EngineError::Invalid(errors) => Problem::invalid(errors, "").into(),
                    other => crate::error::ApiError::from(other),
                })?;
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": next.map(|id| id.to_string()) })))
        })
        .await
}

/// An instant, or a day for its start in UTC.
pub(super) fn instant(name: &str, text: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let parsed = context::parse_instant(text).or_else(|| context::parse_instant(&format!("{text}T00:00:00Z")));
    parsed.map(Some).ok_or_else(|| Problem::invalid(vec![FieldError::new(name, "not_an_instant")], ""))
}
