//! The identity providers that people may log in with; for administrators.

use axum::extract::State;
use identity::{IdentityProvider, ProviderInput, TrialStep};
use record_engine::Engine;
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::identities::redirect_uri;
use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::{Caller, Json, Path};
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/identity-providers" list_identity_providers)
            .session_only()
            .summary("The identity providers in the order of their buttons, without their secrets; for administrators")
            .answers(200, "IdentityProviderList"),
        route!(post "/identity-providers" create_identity_provider)
            .session_only()
            .summary("Adds an identity provider; for administrators")
            .body("IdentityProviderInput")
            .answers(201, "IdentityProvider"),
        route!(put "/identity-providers/order" order_identity_providers)
            .session_only()
            .summary("Puts the buttons of the identity providers into an order; for administrators")
            .body("IdentityProviderOrder"),
        route!(post "/identity-providers/trial" try_identity_provider)
            .session_only()
            .summary("Looks at what an issuer publishes and says what is wrong; for administrators")
            .body("IdentityProviderTrial")
            .answers(200, "IdentityProviderTrialResult"),
        route!(post "/identity-providers/directory-trial" try_directory)
            .session_only()
            .summary(
                "Tries a directory step by step, with a login and a password if they are given; for administrators",
            )
            .body("DirectoryTrial")
            .answers(200, "DirectoryTrialResult"),
        route!(put "/identity-providers/{id}" update_identity_provider)
            .session_only()
            .summary("Changes an identity provider; a secret that is left out stays; for administrators")
            .body("IdentityProviderInput")
            .answers(200, "IdentityProvider"),
        route!(delete "/identity-providers/{id}" remove_identity_provider)
            .session_only()
            .summary("Removes an identity provider and ends the sessions that it opened; for administrators"),
    ]
}

async fn list_identity_providers(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    let fixed = state.config().public_url.clone();
    state
        .run(move |engine| {
            let found = identity::list_providers(engine, &caller.context(engine))?;
            let items: Vec<JsonValue> = found.iter().map(describe).collect();
            Ok(Answer::ok(&json!({ "items": items, "redirect_uri": redirect_uri(engine, fixed).ok() })))
        })
        .await
}

async fn create_identity_provider(
    State(state): State<ApiState>,
    caller: Caller,
    Json(input): Json<ProviderInput>,
) -> Result<Answer> {
    state
        .run(move |engine: &Engine| {
            let made = identity::create_provider(engine, &caller.context(engine), &input)?;
            Ok(Answer::created(&describe(&made)))
        })
        .await
}

async fn update_identity_provider(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(input): Json<ProviderInput>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let changed = identity::update_provider(engine, &caller.context(engine), id, &input)?;
            Ok(Answer::ok(&describe(&changed)))
        })
        .await
}

async fn remove_identity_provider(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            identity::remove_provider(engine, &caller.context(engine), id)?;
            Ok(Answer::empty())
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    ids: Vec<i64>,
}

async fn order_identity_providers(
    State(state): State<ApiState>,
    caller: Caller,
    Json(order): Json<Order>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            identity::order_providers(engine, &caller.context(engine), &order.ids)?;
            Ok(Answer::empty())
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trial {
    issuer: String,
}

async fn try_identity_provider(
    State(state): State<ApiState>,
    caller: Caller,
    Json(trial): Json<Trial>,
) -> Result<Answer> {
    let providers = state.providers();
    state
        .run_in(Lane::Outside, move |engine| {
            let fault = identity::try_provider(engine, &caller.context(engine), &providers, &trial.issuer)?;
            let (code, detail) = fault.map(|fault| (fault.code, fault.detail)).unzip();
            Ok(Answer::ok(&json!({ "code": code, "detail": detail })))
        })
        .await
}

async fn try_directory(
    State(state): State<ApiState>,
    caller: Caller,
    Json(trial): Json<identity::Trial>,
) -> Result<Answer> {
    let providers = state.providers();
    state
        .run_in(Lane::Outside, move |engine| {
            let steps = identity::try_directory(engine, &caller.context(engine), &providers, &trial)?;
            let items: Vec<JsonValue> = steps.iter().map(describe_step).collect();
            Ok(Answer::ok(&json!({ "steps": items })))
        })
        .await
}

fn describe_step(step: &TrialStep) -> JsonValue {
    json!({
        "step": step.step,
        "code": step.fault.as_ref().map(|fault| fault.code),
        "detail": step.fault.as_ref().map(|fault| fault.detail.as_str()),
        "person": step.person,
    })
}

fn describe(provider: &IdentityProvider) -> JsonValue {
    json!({
        "id": provider.id,
        "name": provider.name,
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "has_secret": provider.has_secret(),
        "is_active": provider.is_active,
        "links_by_email": provider.links_by_email,
        "new_user_role": provider.new_user_role,
        "domains": provider.domains,
        "is_second_step": provider.is_second_step,
        "directory": provider.directory,
    })
}
