//! Sums of the amounts of a list, each currency by itself and all in that of the company.

use axum::extract::State;
use filter_language::CheckedExpr;
use modules::currencies::{self, Total};
use record_engine::access::{Action, Scope};
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::field_types::FieldKind;
use record_engine::query::present::{References, Titles};
use record_engine::query::{Figure, Shown, Summed};
use record_engine::{EngineError, FieldError, RequestContext, query};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::{Filter, check_length, name_list_errors};
use crate::error::Result;
use crate::extract::{Caller, Params, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

/// Most fields that are added up at once.
const MAX_FIELDS: usize = 10;

const SUMS: &[Parameter] =
    &[Parameter::text("fields"), Parameter::text("filter"), Parameter::text("search"), Parameter::flag("trash")];

const FIGURES: &[Parameter] = &[
    Parameter::text("by").required(),
    Parameter::text("sum").required(),
    Parameter::text("filter"),
    Parameter::text("search"),
];

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/records/{type}/sums" get_record_sums)
            .summary("Sums of the amounts of a list by currency, and in the currency of the company")
            .query(SUMS)
            .answers(200, "RecordSums"),
        route!(get "/records/{type}/figures" get_record_figures)
            .summary("A list taken apart by a reference or a choice field: how many each has and what that comes to in the currency of the company")
            .query(FIGURES)
            .answers(200, "RecordFigures"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SumParams {
    /// Names of money fields; all that the caller sees without it.
    fields: Option<String>,
    filter: Option<String>,
    search: Option<String>,
    #[serde(default)]
    trash: bool,
}

async fn get_record_sums(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Params(params): Params<SumParams>,
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
            let fields = wanted(&context, &object_type, params.fields.as_deref())?;
            let sums = engine.database().read(|tx| {
                let (rates, ids) = currencies::seen_rates(tx, &snapshot, &context)?;
                let (own, today) = (&snapshot.installation.currency, context.today().to_string());
                let mut sums = Vec::new();
                for field in &fields {
                    let shown = Shown { filter: &filter, search: params.search.as_deref(), is_trash: params.trash };
                    let summed = query::sum(tx, &context, &object_type, field, shown).map_err(name_list_errors)?;
                    sums.push(present(&currencies::total(field, summed, &rates, own, &today), &ids));
                }
                Ok::<_, crate::error::ApiError>(sums)
            })?;
            Ok(Answer::ok(&json!({ "sums": sums })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureParams {
    /// Name of a reference or choice field.
    by: String,
    /// Name of a money field.
    sum: String,
    filter: Option<String>,
    search: Option<String>,
}

async fn get_record_figures(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Params(params): Params<FigureParams>,
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
            engine.database().read(|tx| {
                let (rates, ids) = currencies::seen_rates(tx, &snapshot, &context)?;
                let shown = Shown { filter: &filter, search: params.search.as_deref(), is_trash: false };
                let found = query::figures(tx, &context, &object_type, &params.by, &params.sum, shown)
                    .map_err(name_list_errors)?;
                let target = object_type.field(&params.by).and_then(|field| field.kind.reference_target());
                let target = target.map(|target| target.target.clone());
                let titles = titles(tx, &snapshot, &context, target.as_deref(), found.groups.as_deref())?;
                let (own, today) = (&snapshot.installation.currency, context.today().to_string());
                let total = |amounts| {
                    let (dated_by, weighted_by) = (found.dated_by.clone(), found.weighted_by.clone());
                    let summed = Summed { dated_by, weighted_by, amounts: Some(amounts) };
                    present(&currencies::total(&params.sum, summed, &rates, own, &today), &ids)
                };
                let groups = found.groups.as_ref().map(|groups| {
                    let group = |group: &Figure| {
                        let id = group.key.as_deref().and_then(|key| key.parse::<i64>().ok());
                        let reference = target.as_deref().zip(id).map(|(target, id)| titles.reference(target, id));
                        let option = group.key.as_ref().filter(|_| target.is_none());
                        json!({ "option": option, "reference": reference, "count": group.count, "total": total(group.amounts.clone()) })
                    };
                    groups.iter().map(group).collect::<Vec<_>>()
                });
                Ok(Answer::ok(&json!({ "groups": groups })))
            })
        })
        .await
}

/// The names of the records by which a list was taken apart.
fn titles(
    tx: &mut dyn database::Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    target: Option<&str>,
    groups: Option<&[Figure]>,
) -> std::result::Result<Titles, EngineError> {
    let mut wanted = References::default();
    let ids = groups.unwrap_or_default().iter().filter_map(|group| group.key.as_deref()?.parse::<i64>().ok());
    if let Some(target) = target {
        ids.for_each(|id| wanted.add(target, id));
    }
    Titles::load(tx, context, &snapshot.catalog, &wanted)
}

/// The money fields that are asked for; all that the caller sees without a word.
fn wanted(context: &RequestContext, object_type: &ObjectType, named: Option<&str>) -> Result<Vec<String>> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let fields: Vec<String> = match named {
        Some(named) => named.split(',').map(str::trim).filter(|name| !name.is_empty()).map(String::from).collect(),
        None => object_type
            .value_fields()
            .filter(|field| {
                matches!(&field.kind, FieldKind::Money(settings) if !settings.is_price) && scope.shows(field)
            })
            .take(MAX_FIELDS)
            .map(|field| field.name.clone())
            .collect(),
    };
    if fields.len() > MAX_FIELDS {
        let error = FieldError::new("fields", "too_many_values").with("max", MAX_FIELDS);
        return Err(Problem::invalid(vec![error], "").into());
    }
    Ok(fields)
}

/// With the ids of the currencies that want a rate, so that a form can be opened for one.
fn present(total: &Total, ids: &currencies::Ids) -> JsonValue {
    let mut presented = json!(total);
    for missing in presented.get_mut("missing").and_then(JsonValue::as_array_mut).into_iter().flatten() {
        let id = missing.get("currency").and_then(JsonValue::as_str).and_then(|code| ids.get(code)).copied();
        if let Some(missing) = missing.as_object_mut() {
            missing.insert("currency_id".into(), json!(id));
        }
    }
    presented
}
