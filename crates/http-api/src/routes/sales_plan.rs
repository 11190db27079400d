//! Sales goals beside what was won and what may still come.

use axum::extract::State;
use modules::currencies::{self, Total};
use modules::sales_goals::{self, Month, PlanQuery, PlanRow, months_between};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::name_list_errors;
use crate::error::Result;
use crate::extract::{Caller, Params};
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

const PLAN: &[Parameter] = &[
    Parameter::text("from").required(),
    Parameter::text("to").required(),
    Parameter::integer("team"),
    Parameter::flag("mine"),
];

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/sales-plan" get_sales_plan)
            .summary("Sales goals of people and teams month by month, beside what was won and what may still come, in the currency of the company")
            .query(PLAN)
            .answers(200, "SalesPlan"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanParams {
    /// The first month, `YYYY-MM`.
    from: String,
    /// The last one.
    to: String,
    team: Option<i64>,
    #[serde(default)]
    mine: bool,
}

async fn get_sales_plan(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<PlanParams>,
) -> Result<Answer> {
    let months = months_between(&params.from, &params.to).map_err(name_list_errors)?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let (rates, _) = engine.database().read(|tx| currencies::seen_rates(tx, &snapshot, &context))?;
            let asked = PlanQuery { months: months.clone(), team: params.team, is_own: params.mine };
            let plan = sales_goals::plan(engine, &context, &rates, &asked)?;
            let rows: Vec<JsonValue> = plan.rows.iter().map(present_row).collect();
            Ok(Answer::ok(&json!({
                "currency": snapshot.installation.currency,
                "months": months,
                "has_facts": plan.has_facts,
                "rows": rows,
            })))
        })
        .await
}

fn present_row(row: &PlanRow) -> JsonValue {
    let months: Vec<JsonValue> = row.months.iter().map(present_month).collect();
    let of = json!({ "id": row.id, "title": row.title, "type": row.target });
    json!({ "of": of, "people": row.people, "can_edit": row.can_edit, "months": months })
}

fn present_month(month: &Month) -> JsonValue {
    let amount = |total: &Total| total.converted.as_ref().and_then(|converted| converted.amount);
    let weighted = month.forecast.converted.as_ref().and_then(|converted| converted.weighted);
    let missing = [&month.planned, &month.fact, &month.forecast].into_iter().flat_map(|total| &total.missing);
    let unrated: std::collections::BTreeSet<&str> = missing.map(|missing| missing.currency.as_str()).collect();
    json!({
        "goal": month.goal,
        "planned": amount(&month.planned),
        "won": { "count": month.won, "amount": amount(&month.fact) },
        "open": { "count": month.open, "amount": amount(&month.forecast), "weighted": weighted },
        "unrated": unrated,
    })
}
