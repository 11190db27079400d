//! Keys of programs: made and taken back by their owner, and seen by those who keep users.

use axum::extract::State;
use identity::{ApiKey, NewApiKey};
use record_engine::catalog::USER_TYPE;
use record_engine::context::instant_text;
use record_engine::query::present::{References, Titles};
use record_engine::{Engine, RequestContext};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use crate::error::Result;
use crate::extract::{Caller, Json, Path};
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/session/api-keys" list_api_keys)
            .session_only()
            .summary("The own keys of programs, without their texts")
            .answers(200, "ApiKeyPage"),
        route!(post "/session/api-keys" create_api_key)
            .session_only()
            .summary("Makes a key for a program; its text is answered this once")
            .body("ApiKeyInput")
            .answers(201, "NewApiKey"),
        route!(get "/api-keys" list_all_api_keys)
            .session_only()
            .summary("The keys of everybody; for those who keep users")
            .answers(200, "ApiKeyPage"),
        route!(delete "/api-keys/{id}" revoke_api_key)
            .session_only()
            .summary("Takes a key back: an own one, or, for those who keep users, anybody's"),
    ]
}

async fn list_api_keys(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            page(engine, &context, &identity::list_api_keys(engine, &context)?)
        })
        .await
}

async fn list_all_api_keys(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            page(engine, &context, &identity::list_all_api_keys(engine, &context)?)
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApiKeyInput {
    name: String,
    #[serde(default)]
    types: Option<Vec<String>>,
    #[serde(default)]
    may_write: bool,
    #[serde(default)]
    valid_days: Option<i64>,
    #[serde(default)]
    never_expires: bool,
}

/// Not retryable: the stored answer would hold the key.
async fn create_api_key(
    State(state): State<ApiState>,
    caller: Caller,
    Json(input): Json<ApiKeyInput>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let ApiKeyInput { name, types, may_write, valid_days, never_expires } = input;
            let new = NewApiKey { name, types, may_write, valid_days, never_expires };
            let (made, text) = identity::create_api_key(engine, &caller.session, &context, &new)?;
            let mut answer = described(engine, &context, std::slice::from_ref(&made))?.pop().unwrap_or_default();
            if let Some(members) = answer.as_object_mut() {
                members.insert("key".into(), json!(text.expose()));
            }
            Ok(Answer::created(&answer))
        })
        .await
}

async fn revoke_api_key(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let catalog = engine.snapshot().catalog.clone();
            engine.write(|tx| identity::revoke_api_key(tx, &catalog, &context, id))?;
            Ok(Answer::empty())
        })
        .await
}

fn page(engine: &Engine, context: &RequestContext, keys: &[ApiKey]) -> Result<Answer> {
    Ok(Answer::ok(&json!({ "items": described(engine, context, keys)?, "next_cursor": null })))
}

fn described(engine: &Engine, context: &RequestContext, keys: &[ApiKey]) -> Result<Vec<JsonValue>> {
    let users = References::to(USER_TYPE, keys.iter().map(|key| key.user_id));
    let titles = engine.database().read(|tx| Titles::load(tx, context, &engine.snapshot().catalog, &users))?;
    let describe = |key: &ApiKey| {
        json!({
            "id": key.id,
            "name": key.name,
            "user": titles.reference(USER_TYPE, key.user_id),
            "types": key.types,
            "may_write": key.may_write,
            "created_at": instant_text(key.created_at),
            "expires_at": key.expires_at.map(instant_text),
            "is_over": key.expires_at.is_some_and(|end| context.now_ms >= end),
            "last_used_at": key.last_used_at.map(instant_text),
            "last_address": key.last_address,
            "written_today": key.written_today,
            "refused_today": key.refused_today,
            "last_error": key.last_error,
            "last_error_at": key.last_error_at.map(instant_text),
        })
    };
    Ok(keys.iter().map(describe).collect())
}
