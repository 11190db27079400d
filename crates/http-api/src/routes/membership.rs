//! Why a record is where it is: the verdict of a filter on it, and the sets it belongs to by their rules.

use axum::extract::State;
use record_engine::query;
use serde::Deserialize;
use serde_json::json;

use super::record_lists::Filter;
use crate::error::Result;
use crate::extract::{Caller, Params, Path};
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/records/{type}/{id}/explain" get_explanation)
            .summary("Whether a filter holds for a record, condition by condition")
            .query(&[Parameter::text("filter")])
            .answers(200, "Explanation"),
        route!(get "/records/{type}/{id}/sets" list_sets)
            .summary("The sets, such as smart groups, to which a record belongs by a rule")
            .answers(200, "SetList"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExplainParams {
    #[serde(default)]
    filter: String,
}

async fn get_explanation(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, id)): Path<(String, i64)>,
    Params(params): Params<ExplainParams>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let filter = Filter::Text(params.filter).compile(&object_type, &context)?;
            let explanation =
                engine.database().read(|tx| query::explain_filter(tx, &context, &object_type, id, &filter))?;
            Ok(Answer::ok(&explanation))
        })
        .await
}

async fn list_sets(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, id)): Path<(String, i64)>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let sets =
                engine.database().read(|tx| query::sets_by_rule(tx, &context, &snapshot.catalog, &object_type, id))?;
            let items: Vec<_> =
                sets.iter().map(|set| json!({ "field": set.field, "id": set.id, "title": set.title })).collect();
            Ok(Answer::ok(&json!({ "items": items })))
        })
        .await
}
