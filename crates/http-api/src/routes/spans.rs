//! A list on a time axis: the records whose time meets a span.

use axum::extract::State;
use filter_language::CheckedExpr;
use record_engine::FieldError;
use record_engine::query::calendar::{SpanQuery, spans};
use record_engine::query::{count, present};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::calendar::span;
use super::record_lists::{Filter, check_length, name_list_errors};
use super::shown_fields::Shown;
use crate::error::{ApiError, Result};
use crate::extract::{Caller, Params, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

/// Longest span, in days: what is further apart is too small to be seen.
const MOST_DAYS: i64 = 1_500;

const SPANS: &[Parameter] = &[
    Parameter::text("from").required(),
    Parameter::text("to").required(),
    Parameter::text("begins"),
    Parameter::text("ends"),
    Parameter::text("fields"),
    Parameter::text("filter"),
    Parameter::text("search"),
];

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/records/{type}/spans" get_record_spans)
            .summary("The records of a list whose time, between two of their dates, meets a span")
            .query(SPANS)
            .answers(200, "RecordSpans"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpanParams {
    from: String,
    to: String,
    /// The date that says when a record begins.
    begins: Option<String>,
    /// The one that says when it ends; one of the two must be given.
    ends: Option<String>,
    fields: Option<String>,
    filter: Option<String>,
    search: Option<String>,
}

async fn get_record_spans(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Params(params): Params<SpanParams>,
) -> Result<Answer> {
    check_length("search", params.search.as_deref())?;
    let (from_ms, to_ms) = span(&params.from, &params.to, MOST_DAYS)?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let filter = match &params.filter {
                Some(text) => Filter::Text(text.clone()).compile(&object_type, &context)?,
                None => CheckedExpr::all(),
            };
            let given = |name: &'static str, field: &Option<String>| match field.as_deref() {
                Some("") => Err(Problem::invalid(vec![FieldError::new(name, "required")], "")),
                field => Ok(field.map(String::from)),
            };
            let (begins, ends) = (given("begins", &params.begins)?, given("ends", &params.ends)?);
            let mut shown = Shown::parse(params.fields.as_deref().unwrap_or_default());
            shown.names.extend([&begins, &ends].into_iter().flatten().cloned());
            let query = SpanQuery {
                from_ms,
                to_ms,
                begins: begins.as_deref(),
                ends: ends.as_deref(),
                filter,
                search: params.search.clone(),
                fields: shown.to_load(&object_type),
            };
            let (items, counted) = engine.database().read(|tx| {
                let found = spans(tx, &context, &object_type, query).map_err(name_list_errors)?;
                let mut items = present(tx, &context, &snapshot.catalog, &object_type, &found.records)?;
                items.keep_fields(|name| shown.names.contains(name));
                let items: Vec<JsonValue> = items.iter().map(|record| record.to_json()).collect();
                Ok::<_, ApiError>((items, found.is_capped.then_some(found.filter)))
            })?;
            // A count that takes too long ends its transaction on PostgreSQL.
            let search = params.search.as_deref();
            let total = counted.map(|filter| {
                engine.database().read(|tx| count(tx, &context, &object_type, &filter, search, false, false))
            });
            let total = total.transpose()?;
            let total = total.map(|total| json!({ "count": total.count, "is_capped": total.is_capped }));
            Ok(Answer::ok(&json!({ "items": items, "total": total })))
        })
        .await
}
