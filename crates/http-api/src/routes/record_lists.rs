//! Reading records: pages, one record, counts.

use axum::extract::State;
use filter_language::CheckedExpr;
use modules::contacts;
use record_engine::access::Action;
use record_engine::catalog::{Catalog, ObjectType};
pub(super) use record_engine::filter_form::Filter;
use record_engine::query::page::MAX_LIMIT;
use record_engine::query::present::Presented;
use record_engine::query::{self, Count, ListQuery, Sort};
use record_engine::{EngineError, FieldError, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value as JsonValue, json};

use super::history::instant;
use super::maps::bounds;
use super::shown_fields::Shown;
use crate::audit::tell_of_view;
use crate::error::{ApiError, Result};
use crate::extract::{Caller, Json, Params, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

const DEFAULT_LIMIT: usize = 50;
/// Longest cursor and search text, in bytes; what is longer was not made here or by a person.
const MAX_TEXT_BYTES: usize = 20_000;

/// Most filters that are counted at once.
const MAX_COUNTS: usize = 100;

const LIST: &[Parameter] = &[
    Parameter::text("filter"),
    Parameter::text("sort"),
    Parameter::text("fields"),
    Parameter::integer("limit"),
    Parameter::text("cursor"),
    Parameter::text("search"),
    Parameter::flag("trash"),
    Parameter::text("bbox"),
    Parameter::text("as_of"),
];
const COUNT: &[Parameter] = &[
    Parameter::text("filter"),
    Parameter::text("search"),
    Parameter::flag("trash"),
    Parameter::flag("exact"),
    Parameter::text("as_of"),
];

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/records/{type}" list_records).summary("A page of records").query(LIST).answers(200, "RecordPage"),
        route!(post "/records/{type}/query" query_records)
            .reads()
            .summary("A page of records, for filters too long for an address")
            .body("RecordQuery")
            .answers(200, "RecordPage"),
        route!(get "/records/{type}/count" count_records)
            .summary("How many records a list shows")
            .query(COUNT)
            .answers(200, "RecordCount"),
        route!(post "/records/{type}/counts" query_counts)
            .reads()
            .summary("How many records each of several filters finds")
            .body("RecordCountsQuery")
            .answers(200, "RecordCounts"),
        route!(get "/records/{type}/{id}" get_record)
            .summary("One record, as it is or as it was")
            .query(&[Parameter::text("as_of")])
            .answers(200, "Record"),
    ]
}

/// A list as asked for in an address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListParams {
    filter: Option<String>,
    sort: Option<String>,
    fields: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
    search: Option<String>,
    #[serde(default)]
    trash: bool,
    as_of: Option<String>,
    bbox: Option<String>,
}

/// A list as asked for in a body: the filter in its text or JSON form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListBody {
    filter: Option<Filter>,
    sort: Option<String>,
    fields: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
    search: Option<String>,
    #[serde(default)]
    trash: bool,
    as_of: Option<String>,
    bbox: Option<String>,
}

async fn list_records(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Params(params): Params<ListParams>,
) -> Result<Answer> {
    let ListParams { filter, sort, fields, limit, cursor, search, trash, as_of, bbox } = params;
    let asked = ListBody { filter: filter.map(Filter::Text), sort, fields, limit, cursor, search, trash, as_of, bbox };
    list(state, caller, type_name, asked).await
}

async fn query_records(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Json(asked): Json<ListBody>,
) -> Result<Answer> {
    list(state, caller, type_name, asked).await
}

#[derive(Serialize)]
struct ListAnswer<'a> {
    items: Presented<'a>,
    next_cursor: Option<&'a str>,
    is_capped: bool,
}

async fn list(state: ApiState, caller: Caller, type_name: String, asked: ListBody) -> Result<Answer> {
    let limit = checked_limit(asked.limit, DEFAULT_LIMIT, MAX_LIMIT)?;
    check_length("cursor", asked.cursor.as_deref())?;
    check_length("search", asked.search.as_deref())?;
    let as_of = instant("as_of", asked.as_of.as_deref())?;
    let within = asked.bbox.as_deref().map(|text| bounds(Some(text))).transpose()?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let filter = match &asked.filter {
                Some(filter) => filter.compile(&object_type, &context)?,
                None => CheckedExpr::all(),
            };
            let shown = asked.fields.as_deref().map(Shown::parse);
            let query = ListQuery {
                action: Action::See,
                filter,
                sort: asked.sort.as_deref().map(Sort::parse).unwrap_or_default(),
                fields: shown.as_ref().map(|shown| shown.to_load(&object_type)),
                limit,
                cursor: asked.cursor,
                search: asked.search,
                is_trash: asked.trash,
                within,
                is_grounded: false,
            };
            engine.database().read(|tx| {
                let page = match as_of {
                    Some(at_ms) => query::list_as_of(tx, &context, &object_type, &query, at_ms),
                    None => query::list(tx, &context, &object_type, &query),
                }
                .map_err(name_list_errors)?;
                let mut items = query::present(tx, &context, &snapshot.catalog, &object_type, &page.records)?;
                if let Some(shown) = &shown {
                    items.keep_fields(|name| shown.names.contains(name));
                }
                let (next_cursor, is_capped) = (page.next_cursor.as_deref(), page.is_capped);
                if as_of.is_some() {
                    let items: Vec<JsonValue> = items.iter().map(|record| of_the_past(record.to_json())).collect();
                    return Ok(Answer::ok(&json!({ "items": items, "next_cursor": next_cursor, "is_capped": false })));
                }
                Ok(Answer::ok(&ListAnswer { items, next_cursor, is_capped }))
            })
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountParams {
    filter: Option<String>,
    search: Option<String>,
    #[serde(default)]
    trash: bool,
    #[serde(default)]
    exact: bool,
    as_of: Option<String>,
}

async fn count_records(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Params(params): Params<CountParams>,
) -> Result<Answer> {
    check_length("search", params.search.as_deref())?;
    let as_of = instant("as_of", params.as_of.as_deref())?;
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let object_type = engine.snapshot().object_type(&type_name)?;
            let filter = match params.filter.as_deref() {
                Some(text) => Filter::Text(text.into()).compile(&object_type, &context)?,
                None => CheckedExpr::all(),
            };
            let count = engine.database().read(|tx| {
                if let Some(at_ms) = as_of {
                    query::check_past(params.search.as_deref(), params.trash).map_err(name_list_errors)?;
                    return query::count_as_of(tx, &context, &object_type, &filter, at_ms).map_err(name_list_errors);
                }
                query::count(tx, &context, &object_type, &filter, params.search.as_deref(), params.trash, params.exact)
                    .map_err(name_list_errors)
            })?;
            Ok(Answer::ok(&present_count(count)))
        })
        .await
}

pub(super) fn present_count(count: Count) -> JsonValue {
    json!({ "count": count.count, "is_capped": count.is_capped })
}

/// Filters in their text or JSON form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountsBody {
    filters: Vec<Filter>,
    #[serde(default)]
    may: May,
}

/// With which of the records something may be done.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum May {
    #[default]
    See,
    Change,
    Delete,
}

impl From<May> for Action {
    fn from(may: May) -> Action {
        match may {
            May::See => Action::See,
            May::Change => Action::Change,
            May::Delete => Action::Delete,
        }
    }
}

async fn query_counts(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Json(asked): Json<CountsBody>,
) -> Result<Answer> {
    if asked.filters.len() > MAX_COUNTS {
        let error = FieldError::new("filters", "too_many_values").with("max", MAX_COUNTS);
        return Err(Problem::invalid(vec![error], "").into());
    }
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let object_type = engine.snapshot().object_type(&type_name)?;
            let filters: Vec<CheckedExpr> =
                asked.filters.iter().map(|filter| filter.compile(&object_type, &context)).collect::<Result<_, _>>()?;
            let counts = engine
                .database()
                .read(|tx| query::count_many(tx, &context, &object_type, &filters, asked.may.into()))?;
            let counts: Vec<JsonValue> = counts.into_iter().map(present_count).collect();
            Ok(Answer::ok(&json!({ "counts": counts })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordParams {
    as_of: Option<String>,
}

async fn get_record(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, id)): Path<(String, i64)>,
    Params(params): Params<RecordParams>,
) -> Result<Answer> {
    if let Some(at_ms) = instant("as_of", params.as_of.as_deref())? {
        return get_record_as_of(state, caller, type_name, id, at_ms).await;
    }
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let record = engine
                .database()
                .read(|tx| present_one(tx, &context, &snapshot.catalog, &object_type, id))?
                .ok_or(EngineError::NotFound)?;
            if contacts::is_private(&object_type.name, &record) {
                tell_of_view(engine, &context, &object_type.name, id)?;
            }
            Ok(Answer::ok(&record).tagged(&record))
        })
        .await
}

/// The past cannot be changed, so the answer has no entity tag and says that it cannot be edited.
async fn get_record_as_of(state: ApiState, caller: Caller, type_name: String, id: i64, at_ms: i64) -> Result<Answer> {
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let record = engine.database().read(|tx| {
                let records = [query::record_as_of(tx, &context, &object_type, id, at_ms)?];
                let presented = query::present(tx, &context, &snapshot.catalog, &object_type, &records)?;
                let shown = presented.iter().next().map(|record| of_the_past(record.to_json()));
                Ok::<_, EngineError>(shown.unwrap_or_default())
            })?;
            Ok(Answer::ok(&record))
        })
        .await
}

/// What was cannot be changed any more.
fn of_the_past(mut record: JsonValue) -> JsonValue {
    for right in ["can_edit", "can_delete"] {
        if let Some(right) = record.get_mut(right) {
            *right = JsonValue::Bool(false);
        }
    }
    record
}

/// A record as the reader sees it, if he sees it.
pub(super) fn present_one(
    tx: &mut dyn database::Query,
    context: &RequestContext,
    catalog: &Catalog,
    object_type: &ObjectType,
    id: i64,
) -> Result<Option<JsonValue>> {
    let Some(record) = query::get(tx, context, object_type, id)? else { return Ok(None) };
    Ok(query::present(tx, context, catalog, object_type, &[record])?.iter().next().map(|record| record.to_json()))
}

/// Sort order, cursor and fields stand in the query or the body itself, not among the values of a record.
pub(super) fn name_list_errors(error: EngineError) -> ApiError {
    match error {
        EngineError::Invalid(errors) => Problem::invalid(errors, "").into(),
        other => other.into(),
    }
}

/// A page size within its limits.
pub(super) fn checked_limit(limit: Option<usize>, default: usize, max: usize) -> Result<usize, Problem> {
    match limit {
        None => Ok(default),
        Some(limit) if (1..=max).contains(&limit) => Ok(limit),
        Some(_) => Err(Problem::invalid(
            vec![FieldError::new("limit", "out_of_range").with("minimum", 1).with("maximum", max)],
            "",
        )),
    }
}

/// Refuses a text that nobody typed.
pub(super) fn check_length(name: &str, text: Option<&str>) -> Result<(), Problem> {
    if text.is_some_and(|text| text.len() > MAX_TEXT_BYTES) {
        return Err(Problem::invalid(vec![FieldError::new(name, "too_long").with("max", MAX_TEXT_BYTES)], ""));
    }
    Ok(())
}
