//! Lists of work: what one person has to do, of all types, by deadline.

use axum::extract::State;
use modules::work::{PARTS, counts, zone_of};
use record_engine::context::instant_text;
use record_engine::query::present;
use record_engine::query::work::{self, MAX_LIMIT, WorkFields, WorkQuery};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::{check_length, checked_limit};
use crate::error::Result;
use crate::extract::{Caller, Params};
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

const DEFAULT_LIMIT: usize = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/work" list_work)
            .summary("What a person has to do, of all types, by deadline")
            .query(&[Parameter::integer("user"), Parameter::integer("limit"), Parameter::text("cursor")])
            .answers(200, "WorkPage"),
        route!(get "/work/counts" count_work)
            .summary("How much of it is due when")
            .query(&[Parameter::integer("user")])
            .answers(200, "WorkCounts"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListParams {
    user: Option<i64>,
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn list_work(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, MAX_LIMIT)?;
    check_length("cursor", params.cursor.as_deref())?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let me = context.actor.user_id().unwrap_or_default();
            engine.database().read(|tx| {
                let zone = zone_of(tx, me)?;
                let query = WorkQuery { user_id: params.user.unwrap_or(me), zone, limit, cursor: params.cursor.clone() };
                let page = work::list(tx, &context, &snapshot.catalog, &query)?;
                let mut items: Vec<Option<JsonValue>> = vec![None; page.items.len()];
                for (place, object_type) in page.types.iter().enumerate() {
                    let of_type = || page.items.iter().enumerate().filter(|(_, item)| item.place == place);
                    let records: Vec<_> = of_type().map(|(_, item)| item.record.clone()).collect();
                    let mut shown = present(tx, &context, &snapshot.catalog, object_type, &records)?;
                    let fields = WorkFields::of(object_type).map(|fields| [fields.of, fields.state, fields.by]);
                    let field = fields.map(|[_, _, by]| by.name.clone());
                    let is_work = |name: &str| fields.iter().flatten().any(|field| field.name == name);
                    shown.keep_fields(|name| object_type.definition.default_columns.contains(&name) || is_work(name));
                    for ((at, item), record) in of_type().zip(shown.iter()) {
                        if let Some(slot) = items.get_mut(at) {
                            *slot = Some(json!({ "field": field, "by": item.by_ms.map(instant_text), "record": record.to_json() }));
                        }
                    }
                }
                let items: Vec<JsonValue> = items.into_iter().flatten().collect();
                Ok(Answer::ok(&json!({ "items": items, "next_cursor": page.next_cursor })))
            })
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountParams {
    user: Option<i64>,
}

async fn count_work(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<CountParams>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let me = context.actor.user_id().unwrap_or_default();
            engine.database().read(|tx| {
                let zone = zone_of(tx, me)?;
                let (counted, is_capped) = counts(tx, &context, &snapshot.catalog, params.user.unwrap_or(me), &zone)?;
                let parts: serde_json::Map<String, JsonValue> =
                    PARTS.iter().zip(counted).map(|(part, count)| ((*part).to_owned(), json!(count))).collect();
                Ok(Answer::ok(&json!({ "parts": parts, "is_capped": is_capped })))
            })
        })
        .await
}
