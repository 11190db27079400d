//! A list as a table of groups.

use axum::extract::State;
use filter_language::CheckedExpr;
use modules::pivots::{self, Amount, Figure, Table};
use record_engine::access::Action;
use record_engine::field_types::FieldKind;
use record_engine::query::Shown;
use record_engine::query::present::Titles;
use record_engine::query::sums::{Grouping, Line, MAX_GROUPS, Wanted};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::{Filter, check_length, name_list_errors};
use crate::error::Result;
use crate::extract::{Caller, Params, Path};
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

/// Beyond this a double is no exact whole number.
const LARGEST: f64 = 9_007_199_254_740_991.0;

const PIVOT: &[Parameter] = &[
    Parameter::text("rows").required(),
    Parameter::text("columns"),
    Parameter::text("value"),
    Parameter::text("filter"),
    Parameter::text("search"),
];

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/records/{type}/pivot" get_pivot)
            .summary("What a list shows as a table: rows by one or two fields, columns by one, counted and added up")
            .query(PIVOT)
            .answers(200, "RecordPivot"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PivotParams {
    /// One or two fields: `responsible`, `closed_on:month`.
    rows: String,
    columns: Option<String>,
    /// A field of money or numbers.
    value: Option<String>,
    filter: Option<String>,
    search: Option<String>,
}

async fn get_pivot(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Params(params): Params<PivotParams>,
) -> Result<Answer> {
    check_length("search", params.search.as_deref())?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let filter = match &params.filter {
                Some(text) => Filter::Text(text.clone()).compile(&object_type, &context)?,
                None => CheckedExpr::all(),
            };
            let named: Vec<&str> =
                params.rows.splitn(MAX_GROUPS + 1, ',').map(str::trim).filter(|name| !name.is_empty()).collect();
            let wanted = Wanted {
                rows: &named,
                columns: params.columns.as_deref().filter(|name| !name.is_empty()),
                value: params.value.as_deref().filter(|name| !name.is_empty()),
                action: Action::See,
            };
            let shown = Shown { filter: &filter, search: params.search.as_deref(), is_trash: false };
            let table = pivots::read(engine, &snapshot, &context, &object_type, wanted, shown);
            let table = table.map_err(name_list_errors)?;
            Ok(Answer::ok(&json!({ "table": table.as_ref().map(present) })))
        })
        .await
}

fn present(table: &Table<'_>) -> JsonValue {
    let pivot = &table.pivot;
    let line = |groups: &[Grouping<'_>], line: &Line| -> JsonValue {
        let keys = groups.iter().zip(line).map(|(group, key)| present_key(group, key.as_deref(), &table.titles));
        json!(keys.collect::<Vec<_>>())
    };
    let cells = table.cells.iter().map(|((row, column), figure)| {
        let mut figure = present_figure(figure);
        if let Some(members) = figure.as_object_mut() {
            members.insert("row".into(), json!(row));
            members.insert("column".into(), json!(column));
        }
        figure
    });
    let figures = |figures: &[Figure]| figures.iter().map(present_figure).collect::<Vec<_>>();
    json!({
        "currency": table.currency,
        "rows": pivot.rows.iter().map(|row| line(&pivot.row_groups, row)).collect::<Vec<_>>(),
        "columns": pivot.columns.iter().map(|column| line(pivot.column_group.as_slice(), column)).collect::<Vec<_>>(),
        "cells": cells.collect::<Vec<_>>(),
        "row_totals": figures(&table.row_totals),
        "column_totals": figures(&table.column_totals),
        "total": present_figure(&table.total),
        "has_more_rows": pivot.has_more_rows,
        "has_more_columns": pivot.has_more_columns,
    })
}

fn present_figure(figure: &Figure) -> JsonValue {
    let amount = |amount: Option<Amount>| match amount {
        None => JsonValue::Null,
        Some(Amount::Money(amount)) => json!(amount),
        Some(Amount::Number(number)) => present_number(number),
    };
    json!({
        "count": figure.count,
        "sum": amount(figure.sum),
        "average": amount(figure.average),
        "is_partial": figure.is_partial,
    })
}

fn present_key(group: &Grouping<'_>, key: Option<&str>, titles: &Titles) -> JsonValue {
    let target = group.field().kind.reference_target();
    let reference = target.zip(key.and_then(|key| key.parse().ok()));
    let reference = reference.map(|(target, id)| titles.reference(&target.target, id));
    let is_option = matches!(group.field().kind, FieldKind::Choice(_));
    let period = key.filter(|_| group.grain().is_some());
    json!({ "option": key.filter(|_| is_option), "reference": reference, "period": period })
}

/// Whole ones are written so.
#[expect(clippy::cast_possible_truncation, reason = "whole, and within the exact range")]
fn present_number(number: f64) -> JsonValue {
    let is_whole = number.fract() == 0.0 && number.abs() <= LARGEST;
    if is_whole { json!(number as i64) } else { json!(number) }
}
