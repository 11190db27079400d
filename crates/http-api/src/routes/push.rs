//! In which browsers one is notified over all windows. Below the session: it is for its owner alone.

use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use modules::push::{self, Subscription, SubscriptionInput, Trial};
use record_engine::EngineError;
use record_engine::context::instant_text;
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::client;
use crate::error::{ApiError, Result};
use crate::extract::{Caller, Json, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/session/push" get_push_state)
            .session_only()
            .summary("The key that browsers subscribe with, and the own browsers that are told")
            .answers(200, "PushState"),
        route!(post "/session/push/subscriptions" create_push_subscription)
            .session_only()
            .summary("This browser is told from now on, until the session ends")
            .body("PushSubscriptionInput")
            .answers(201, "PushSubscription"),
        route!(delete "/session/push/subscriptions/{id}" delete_push_subscription)
            .session_only()
            .summary("A browser is told nothing any more"),
        route!(post "/session/push/subscriptions/{id}/test" try_push_subscription)
            .session_only()
            .summary("Sends a notification to an own browser, to try it")
            .answers(200, "PushTrial"),
    ]
}

async fn get_push_state(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let is_on = !engine.snapshot().installation.push_services.is_empty();
            let key = is_on.then(|| push::public_key(engine)).transpose()?;
            let found = engine.database().read(|tx| push::list(engine, tx, &context))?;
            let items: Vec<JsonValue> = found.iter().map(|item| describe(item, caller.session.id)).collect();
            Ok(Answer::ok(&json!({ "public_key": key, "items": items })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PushSubscriptionBody {
    endpoint: String,
    p256dh: String,
    auth: String,
}

async fn create_push_subscription(
    State(state): State<ApiState>,
    caller: Caller,
    headers: HeaderMap,
    extensions: Extensions,
    Json(input): Json<PushSubscriptionBody>,
) -> Result<Answer> {
    let allows_local = state.config().allows_local_services;
    let input = SubscriptionInput {
        endpoint: input.endpoint,
        p256dh: input.p256dh,
        auth: input.auth,
        user_agent: client(&extensions, &headers, state.config()).user_agent,
    };
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let made = push::subscribe(engine, &context, caller.session.id, &input, allows_local);
            let made = made.map_err(|error| match error {
                // The body has no `values`.
                EngineError::Invalid(errors) => Problem::invalid(errors, "").into(),
                other => ApiError::from(other),
            })?;
            Ok(Answer::created(&describe(&made, caller.session.id)))
        })
        .await
}

async fn delete_push_subscription(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            push::unsubscribe(engine, &caller.context(engine), id)?;
            Ok(Answer::empty())
        })
        .await
}

async fn try_push_subscription(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    let senders = state.push_senders();
    state
        .run(move |engine| {
            let result = match push::try_out(&senders, &caller.context(engine), id)? {
                Trial::Sent => "sent",
                Trial::Gone => "gone",
                Trial::Refused => "refused",
                Trial::Unreachable => "unreachable",
            };
            Ok(Answer::ok(&json!({ "result": result })))
        })
        .await
}

fn describe(subscription: &Subscription, session_id: i64) -> JsonValue {
    json!({
        "id": subscription.id,
        "user_agent": subscription.user_agent,
        "created_at": instant_text(subscription.created_at),
        "used_at": subscription.used_at.map(instant_text),
        "failing_since": subscription.failing_since.map(instant_text),
        "is_here": subscription.session_id == session_id,
    })
}
