//! The timeline of a record.

use axum::extract::State;
use record_engine::EngineError;
use record_engine::query::timeline::{self, TimelineQuery};
use serde::Deserialize;
use serde_json::json;

use super::history::instant;
use super::record_lists::{check_length, checked_limit};
use crate::error::{ApiError, Result};
use crate::extract::{Caller, Params, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

const DEFAULT_LIMIT: usize = 30;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/records/{type}/{id}/timeline" get_timeline)
            .summary("What was written about a record, what is to be done, sold and held, newest first")
            .query(&[
                Parameter::text("kinds"),
                Parameter::text("category"),
                Parameter::flag("with_others"),
                Parameter::text("from"),
                Parameter::text("to"),
                Parameter::text("cursor"),
                Parameter::integer("limit"),
            ])
            .answers(200, "TimelinePage"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TimelineParams {
    kinds: Option<String>,
    category: Option<String>,
    with_others: Option<bool>,
    from: Option<String>,
    to: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

async fn get_timeline(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, id)): Path<(String, i64)>,
    Params(params): Params<TimelineParams>,
) -> Result<Answer> {
    for (name, text) in [("kinds", &params.kinds), ("category", &params.category), ("cursor", &params.cursor)] {
        check_length(name, text.as_deref())?;
    }
    let query = TimelineQuery {
        kinds: params.kinds.as_deref().map(names),
        categories: params.category.as_deref().map(names).unwrap_or_default(),
        with_others: params.with_others.unwrap_or(true),
        from_ms: instant("from", params.from.as_deref())?,
        to_ms: instant("to", params.to.as_deref())?,
        cursor: params.cursor,
        limit: checked_limit(params.limit, DEFAULT_LIMIT, timeline::MAX_LIMIT)?,
    };
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let page = engine
                .database()
                .read(|tx| timeline::timeline(tx, &context, &snapshot.catalog, &object_type, id, &query))
                .map_err(|error| match error {
                    EngineError::Invalid(errors) => Problem::invalid(errors, "").into(),
                    other => ApiError::from(other),
                })?;
            Ok(Answer::ok(&json!({
                "items": page.items, "pinned": page.pinned, "others": page.others, "next_cursor": page.next_cursor,
            })))
        })
        .await
}

/// `comment,task`; nothing between the commas is nothing.
fn names(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(String::from).collect()
}
