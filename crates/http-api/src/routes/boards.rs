//! Boards: what a list shows, in columns by a choice field.

use axum::extract::State;
use filter_language::CheckedExpr;
use record_engine::query::board::{BoardQuery, Column, MAX_CARDS, Sum, Tally, cards, is_quick_without_tally, tally};
use record_engine::query::{self, ListQuery, Sort};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::{Filter, check_length, checked_limit, name_list_errors, present_count};
use super::shown_fields::Shown;
use crate::error::Result;
use crate::extract::{Caller, Params, Path};
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

const DEFAULT_CARDS: usize = 20;
/// Beyond this a double is no exact whole number.
const LARGEST: f64 = 9_007_199_254_740_991.0;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/records/{type}/board" get_board)
            .summary("What a list shows, in columns by a choice field")
            .query(&[
                Parameter::text("field").required(),
                Parameter::text("within"),
                Parameter::text("sum"),
                Parameter::text("filter"),
                Parameter::text("sort"),
                Parameter::text("fields"),
                Parameter::integer("limit"),
                Parameter::text("search"),
                Parameter::flag("counts"),
            ])
            .answers(200, "RecordBoard"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BoardParams {
    field: String,
    within: Option<String>,
    sum: Option<String>,
    filter: Option<String>,
    sort: Option<String>,
    fields: Option<String>,
    limit: Option<usize>,
    search: Option<String>,
    #[serde(default = "yes")]
    counts: bool,
}

fn yes() -> bool {
    true
}

async fn get_board(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Params(params): Params<BoardParams>,
) -> Result<Answer> {
    // Zero asks for the numbers alone.
    let limit = if params.limit == Some(0) { 0 } else { checked_limit(params.limit, DEFAULT_CARDS, MAX_CARDS)? };
    check_length("search", params.search.as_deref())?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let filter = match params.filter {
                Some(text) => Filter::Text(text).compile(&object_type, &context)?,
                None => CheckedExpr::all(),
            };
            let shown = params.fields.as_deref().map(Shown::parse);
            let list = ListQuery {
                filter,
                sort: params.sort.as_deref().map(Sort::parse).unwrap_or_default(),
                fields: shown.as_ref().map(|shown| shown.to_load(&object_type)),
                limit,
                search: params.search,
                ..ListQuery::default()
            };
            let asked = BoardQuery { field: params.field, within: params.within, sum: params.sum, list };
            let database = engine.database();
            // PostgreSQL ends the transaction of a count that takes too long; the cards have one of their own.
            let counted = if params.counts || !is_quick_without_tally(&object_type, &asked) {
                database.read(|tx| tally(tx, &context, &object_type, &asked)).map_err(name_list_errors)?
            } else {
                Tally::default()
            };
            database.read(|tx| {
                let columns = cards(tx, &context, &object_type, &asked, &counted).map_err(name_list_errors)?;
                let (columns, records) = apart(columns);
                let mut items = query::present(tx, &context, &snapshot.catalog, &object_type, &records)?;
                if let Some(shown) = &shown {
                    items.keep_fields(|name| shown.names.contains(name));
                }
                let mut items = items.iter();
                let columns: Vec<JsonValue> = columns
                    .iter()
                    .map(|(column, length)| {
                        let items: Vec<JsonValue> = items.by_ref().take(*length).map(|item| item.to_json()).collect();
                        present_column(column, &items)
                    })
                    .collect();
                Ok(Answer::ok(&json!({ "columns": columns })))
            })
        })
        .await
}

/// The columns with the numbers of their cards, and the cards of all one behind the other, so that they are presented together.
fn apart(columns: Vec<Column>) -> (Vec<(Column, usize)>, Vec<record_engine::Record>) {
    let mut records = Vec::new();
    let columns = columns
        .into_iter()
        .map(|mut column| {
            let own = std::mem::take(&mut column.page.records);
            let length = own.len();
            records.extend(own);
            (column, length)
        })
        .collect();
    (columns, records)
}

fn present_column(column: &Column, items: &[JsonValue]) -> JsonValue {
    let sums = column.amount.sums.as_ref().map(|sums| sums.iter().map(present_sum).collect::<Vec<_>>());
    json!({
        "option": column.key,
        "count": present_count(column.amount.count),
        "sums": sums,
        "items": items,
        "next_cursor": column.page.next_cursor,
        "is_capped": column.page.is_capped,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "whole, and within the exact range")]
fn present_sum(sum: &Sum) -> JsonValue {
    let is_whole = sum.total.fract() == 0.0 && sum.total.abs() <= LARGEST;
    let amount = if is_whole { json!(sum.total as i64) } else { json!(sum.total) };
    json!({ "currency": sum.currency, "amount": amount })
}
