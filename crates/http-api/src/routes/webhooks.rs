//! Webhooks and the log of their deliveries; for administrators.

use axum::extract::State;
use database::Query;
use modules::webhooks::{
    self, Attempt, Delivery, DeliveryQuery, DeliveryState, Subscription, Webhook, WebhookChange, WebhookInput as Input,
};
use record_engine::catalog::{Catalog, USER_TYPE};
use record_engine::context::instant_text;
use record_engine::query::present::{References, Titles};
use record_engine::{Engine, EngineError, RequestContext};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::history::instant;
use super::record_lists::checked_limit;
use crate::blocking::Lane;
use crate::error::{ApiError, Result};
use crate::extract::{Caller, Command, Json, Nothing, Params, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/webhooks" list_webhooks)
            .session_only().summary("All webhooks; for administrators").answers(200, "WebhookPage"),
        route!(post "/webhooks" create_webhook)
            .session_only()
            .summary("Makes a webhook; its secret is answered this once; for administrators")
            .body("WebhookInput")
            .answers(201, "NewWebhook"),
        route!(get "/webhooks/{id}" get_webhook)
            .session_only().summary("One webhook; for administrators").answers(200, "Webhook"),
        route!(patch "/webhooks/{id}" update_webhook)
            .session_only()
            .summary("Changes a webhook, or switches it on or off; for administrators")
            .body("WebhookChange")
            .answers(200, "Webhook"),
        route!(delete "/webhooks/{id}" delete_webhook)
            .session_only()
            .summary("Removes a webhook with the log of its deliveries; for administrators"),
        route!(post "/webhooks/{id}/secret" rotate_webhook_secret)
            .session_only()
            .summary("Gives a webhook a new secret, answered this once; the old one signs beside it for a day; for administrators")
            .answers(200, "WebhookSecret"),
        route!(post "/webhooks/{id}/trial" try_webhook)
            .session_only()
            .summary("Sends a trial now and answers how it went; for administrators")
            .answers(200, "WebhookDeliveryDetails"),
        route!(get "/webhooks/{id}/deliveries" list_webhook_deliveries)
            .session_only()
            .summary("What a webhook sent, sends and could not send, newest first; for administrators")
            .query(&[Parameter::text("state"), Parameter::integer("cursor"), Parameter::integer("limit")])
            .answers(200, "WebhookDeliveryPage"),
        route!(get "/webhooks/{id}/deliveries/{delivery_id}" get_webhook_delivery)
            .session_only()
            .summary("One delivery with its attempts; for administrators")
            .answers(200, "WebhookDeliveryDetails"),
        route!(post "/webhooks/{id}/deliveries/{delivery_id}/replay" replay_webhook_delivery)
            .session_only()
            .summary("Sends a delivery that has ended once more, as the record is now; for administrators")
            .retryable()
            .answers(200, "WebhookDeliveryDetails"),
        route!(post "/webhooks/{id}/replay" replay_webhook)
            .session_only()
            .summary("Sends everything once more that was given up since a moment; for administrators")
            .body("WebhookReplay")
            .answers(200, "WebhookReplayed"),
    ]
}

async fn list_webhooks(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let items = engine.database().read(|tx| {
                let found = webhooks::list(tx, &context)?;
                found.iter().map(|webhook| describe(tx, engine, &context, webhook)).collect::<Result<Vec<_>>>()
            })?;
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": null })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookInput {
    name: String,
    url: String,
    /// As whom it acts; its author without one.
    user_id: Option<i64>,
    subscriptions: Vec<Subscription>,
    #[serde(default = "yes")]
    is_active: bool,
}

const fn yes() -> bool {
    true
}

/// Not retryable: the stored answer would hold the secret.
async fn create_webhook(
    State(state): State<ApiState>,
    caller: Caller,
    Json(input): Json<WebhookInput>,
) -> Result<Answer> {
    let allows_local = state.config().allows_local_services;
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let WebhookInput { name, url, user_id, subscriptions, is_active } = input;
            let user_id = user_id.unwrap_or(caller.session.user_id);
            let input = Input { name, url, user_id, subscriptions, is_active };
            let (id, secret) = webhooks::create(engine, &context, input, allows_local).map_err(unplaced)?;
            let mut answer = shown(engine, &context, id)?;
            if let Some(members) = answer.as_object_mut() {
                members.insert("secret".into(), json!(secret));
            }
            Ok(Answer::created(&answer))
        })
        .await
}

async fn get_webhook(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state.run(move |engine| Ok(Answer::ok(&shown(engine, &caller.context(engine), id)?))).await
}

async fn update_webhook(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(change): Json<WebhookChange>,
) -> Result<Answer> {
    let allows_local = state.config().allows_local_services;
    state
        .run(move |engine| {
            let context = caller.context(engine);
            webhooks::update(engine, &context, id, &change, allows_local).map_err(unplaced)?;
            Ok(Answer::ok(&shown(engine, &context, id)?))
        })
        .await
}

async fn delete_webhook(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            engine.write(|tx| webhooks::delete(tx, &context, id))?;
            Ok(Answer::empty())
        })
        .await
}

async fn rotate_webhook_secret(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let (secret, until) = webhooks::rotate_secret(engine, &caller.context(engine), id)?;
            Ok(Answer::ok(&json!({ "secret": secret, "old_secret_until": instant_text(until) })))
        })
        .await
}

async fn try_webhook(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    let senders = state.webhook_senders();
    state
        .run_in(Lane::Trial, move |engine| {
            let context = caller.context(engine);
            let tried = webhooks::try_out(&senders, &context, id)?;
            let catalog = engine.snapshot().catalog;
            Ok(Answer::ok(&engine.database().read(|tx| details(tx, &catalog, &context, id, tried.id))?))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeliveryParams {
    state: Option<String>,
    cursor: Option<i64>,
    limit: Option<usize>,
}

async fn list_webhook_deliveries(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Params(params): Params<DeliveryParams>,
) -> Result<Answer> {
    let wanted = match params.state.as_deref() {
        Some(key) => Some(DeliveryState::from_key(key).ok_or_else(|| Problem::field("state", "unknown_option"))?),
        None => None,
    };
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, MAX_LIMIT)?;
    let query = DeliveryQuery { state: wanted, before: params.cursor, limit };
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let catalog = engine.snapshot().catalog;
            let (items, next) =
                engine.database().read(|tx| webhooks::list_deliveries(tx, &catalog, &context, id, &query))?;
            let items: Vec<JsonValue> = items.iter().map(describe_delivery).collect();
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": next.map(|id| id.to_string()) })))
        })
        .await
}

async fn get_webhook_delivery(
    State(state): State<ApiState>,
    caller: Caller,
    Path((id, delivery_id)): Path<(i64, i64)>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let catalog = engine.snapshot().catalog;
            Ok(Answer::ok(&engine.database().read(|tx| details(tx, &catalog, &context, id, delivery_id))?))
        })
        .await
}

async fn replay_webhook_delivery(
    State(state): State<ApiState>,
    caller: Caller,
    Path((id, delivery_id)): Path<(i64, i64)>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let catalog = &snapshot.catalog;
            webhooks::replay(tx, catalog, context, id, delivery_id)?;
            Ok(Answer::ok(&details(tx, catalog, context, id, delivery_id)?))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookReplay {
    since: String,
}

async fn replay_webhook(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(input): Json<WebhookReplay>,
) -> Result<Answer> {
    let since_ms = instant("since", Some(&input.since))?.unwrap_or_default();
    state
        .run(move |engine| {
            let count = webhooks::replay_since(engine, &caller.context(engine), id, since_ms)?;
            Ok(Answer::ok(&json!({ "count": count })))
        })
        .await
}

/// Field errors name members of the body itself.
fn unplaced(error: EngineError) -> ApiError {
    match error {
        EngineError::Invalid(errors) => Problem::invalid(errors, "").into(),
        other => other.into(),
    }
}

fn shown(engine: &Engine, context: &RequestContext, id: i64) -> Result<JsonValue> {
    engine.database().read(|tx| {
        let webhook = webhooks::find(tx, context, id)?;
        describe(tx, engine, context, &webhook)
    })
}

fn describe(tx: &mut dyn Query, engine: &Engine, context: &RequestContext, webhook: &Webhook) -> Result<JsonValue> {
    let mut users = References::to(USER_TYPE, [webhook.user_id]);
    users.add_user(webhook.created_by);
    let titles = Titles::load(tx, context, &engine.snapshot().catalog, &users)?;
    let old_secret_until = webhook.old_secret_until.filter(|until| *until > context.now_ms);
    Ok(json!({
        "id": webhook.id,
        "name": webhook.name,
        "url": webhook.url,
        "user": titles.reference(USER_TYPE, webhook.user_id),
        "subscriptions": webhook.subscriptions,
        "is_active": webhook.is_active,
        "off_reason": webhook.off_reason,
        "off_at": webhook.off_at.map(instant_text),
        "failing_since": webhook.failing_since.map(instant_text),
        "old_secret_until": old_secret_until.map(instant_text),
        "created_by": webhook.created_by.map(|id| titles.reference(USER_TYPE, id)),
        "created_at": instant_text(webhook.created_at),
    }))
}

fn describe_delivery(delivery: &Delivery) -> JsonValue {
    let is_waiting = delivery.state == DeliveryState::Waiting;
    json!({
        "id": delivery.id,
        "message_id": delivery.message_id(),
        "type": (!delivery.is_trial()).then_some(&delivery.object_type),
        "record_id": (!delivery.is_trial()).then_some(delivery.record_id),
        "action": delivery.action,
        "operation_id": delivery.operation_id,
        "event_at": instant_text(delivery.event_at),
        "state": delivery.state.key(),
        "attempts": delivery.attempts,
        "next_at": is_waiting.then(|| instant_text(delivery.next_at)),
        "status": delivery.status,
        "error": delivery.error,
        "finished_at": delivery.finished_at.map(instant_text),
    })
}

fn details(
    tx: &mut dyn Query,
    catalog: &Catalog,
    context: &RequestContext,
    webhook_id: i64,
    id: i64,
) -> Result<JsonValue> {
    let delivery = webhooks::find_delivery(tx, catalog, context, webhook_id, id)?;
    let attempts: Vec<JsonValue> = webhooks::attempts_of(tx, &delivery)?.iter().map(describe_attempt).collect();
    let mut answer = describe_delivery(&delivery);
    if let Some(members) = answer.as_object_mut() {
        members.insert("log".into(), json!(attempts));
    }
    Ok(answer)
}

fn describe_attempt(attempt: &Attempt) -> JsonValue {
    json!({
        "at": instant_text(attempt.at),
        "status": attempt.status,
        "error": attempt.error,
        "duration_ms": attempt.duration_ms,
        "request": attempt.request,
        "answer": attempt.answer,
    })
}
