//! Logging in with an identity provider, and the accounts of providers that are tied to the one who asks.
//!
//! A provider sends the browser back to a page of the client, which hands over what it was given: nothing here is changed by a `GET`.

use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum::response::{IntoResponse, Response};
use identity::{
    FinishedSignIn, IdentityProvider, LinkedIdentity, LoggedIn, ProviderAnswer, Secret, SignInRequest, SignInWish,
};
use record_engine::{Engine, EngineError, context};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::invitations::public_url;
use super::session::{Arrival, client, describe, describe_step};
use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::{
    Arriving, Caller, Json, Path, clear_session_cookie, session_token, set_sign_in_cookie, sign_in_token,
};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::{ApiConfig, ApiState};

/// The page of the client to which providers send browsers back.
const PAGE: &str = "/sign-in";

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/session/providers/{id}/begin" begin_provider_login)
            .public()
            .summary("Begins a login with an identity provider: where the browser goes")
            .answers(200, "ProviderRequest"),
        route!(post "/session/providers/finish" finish_provider_login)
            .public()
            .summary(
                "Finishes what was begun with an identity provider in this browser, with what the provider sent along",
            )
            .body("ProviderAnswer")
            .answers(200, "FinishedProviderLogin"),
        route!(get "/session/identities" list_identities)
            .session_only()
            .summary("The own accounts of identity providers")
            .answers(200, "LinkedIdentityPage"),
        route!(post "/session/identities/link/{id}" begin_identity_link)
            .session_only()
            .summary("Begins to tie an account of an identity provider to the own user")
            .answers(200, "ProviderRequest"),
        route!(post "/session/confirm/{id}" begin_identity_confirmation)
            .session_only()
            .summary("Begins to log in with an identity provider once more, instead of giving the password again")
            .answers(200, "ProviderRequest"),
        route!(post "/session/identities/directory/{id}" link_directory)
            .session_only()
            .summary("Ties an account of a directory, by its login and password, to the own user; all other own sessions end")
            .body("DirectoryLogin"),
        route!(delete "/session/identities/{id}" unlink_identity)
            .session_only()
            .summary("Unties an own account of an identity provider; all other own sessions end"),
    ]
}

/// Where a provider sends browsers back to; it must be told so beforehand.
pub(super) fn redirect_uri(engine: &Engine, fixed: Option<String>) -> Result<String> {
    let address = public_url(fixed, &engine.snapshot().installation.public_url);
    Ok(address.map(|address| format!("{address}{PAGE}")).ok_or(EngineError::State("no_public_address"))?)
}

/// What the login page says of a provider.
pub(super) fn describe_button(provider: &IdentityProvider) -> JsonValue {
    json!({ "id": provider.id, "name": provider.name, "is_directory": provider.directory.is_some() })
}

/// Hands the ticket to the browser and tells it where to go.
fn going(engine: &Engine, request: SignInRequest, config: &ApiConfig) -> Response {
    let mut response = Answer::ok(&json!({ "url": request.url })).into_response();
    let seconds = ((request.expires_at - engine.clock().now_ms()) / 1_000).max(0);
    set_sign_in_cookie(&mut response, config, Some((&request.browser, seconds)));
    response
}

async fn begin_provider_login(
    State(state): State<ApiState>,
    headers: HeaderMap,
    extensions: Extensions,
    Path(id): Path<i64>,
) -> Result<Response> {
    let device = client(&extensions, &headers, state.config());
    let (providers, fixed) = (state.providers(), state.config().public_url.clone());
    let request = state
        .run_in(Lane::SignIn, move |engine| {
            let redirect_uri = redirect_uri(engine, fixed)?;
            Ok(identity::begin_sign_in(engine, &providers, id, &redirect_uri, SignInWish::LogIn, &device)?)
        })
        .await?;
    Ok(going(state.engine(), request, state.config()))
}

async fn begin_identity_link(
    State(state): State<ApiState>,
    caller: Caller,
    headers: HeaderMap,
    extensions: Extensions,
    Path(id): Path<i64>,
) -> Result<Response> {
    let device = client(&extensions, &headers, state.config());
    let (providers, fixed) = (state.providers(), state.config().public_url.clone());
    let request = state
        .run_in(Lane::SignIn, move |engine| {
            let redirect_uri = redirect_uri(engine, fixed)?;
            Ok(identity::begin_sign_in(
                engine,
                &providers,
                id,
                &redirect_uri,
                SignInWish::Link(&caller.session),
                &device,
            )?)
        })
        .await?;
    Ok(going(state.engine(), request, state.config()))
}

async fn begin_identity_confirmation(
    State(state): State<ApiState>,
    Arriving(caller): Arriving,
    headers: HeaderMap,
    extensions: Extensions,
    Path(id): Path<i64>,
) -> Result<Response> {
    let device = client(&extensions, &headers, state.config());
    let (providers, fixed) = (state.providers(), state.config().public_url.clone());
    let request = state
        .run_in(Lane::SignIn, move |engine| {
            let redirect_uri = redirect_uri(engine, fixed)?;
            Ok(identity::begin_sign_in(
                engine,
                &providers,
                id,
                &redirect_uri,
                SignInWish::Confirm(&caller.session),
                &device,
            )?)
        })
        .await?;
    Ok(going(state.engine(), request, state.config()))
}

/// What a browser is told.
enum Told {
    Entered(Arrival),
    SecondStep(JsonValue),
    Confirmed,
    ConfirmSecondStep(JsonValue),
}

async fn finish_provider_login(
    State(state): State<ApiState>,
    headers: HeaderMap,
    extensions: Extensions,
    Json(answer): Json<ProviderAnswer>,
) -> Result<Response> {
    let device = client(&extensions, &headers, state.config());
    let browser = sign_in_token(&headers, state.config()).ok_or_else(|| Problem::new("sign_in_expired"))?;
    let earlier = session_token(&headers, state.config());
    let (providers, fixed) = (state.providers(), state.config().public_url.clone());
    let version = state.config().version.clone();
    let told = state
        .run_in(Lane::SignIn, move |engine| {
            let redirect_uri = redirect_uri(engine, fixed)?;
            let session = match &earlier {
                // Who looks with the eyes of somebody else changes nothing of his.
                Some(token) => identity::authenticate(engine, token)?.filter(|session| session.seen_by.is_none()),
                None => None,
            };
            let finished = identity::finish_sign_in(
                engine,
                &providers,
                &redirect_uri,
                &browser,
                &answer,
                session.as_ref(),
                &device,
            )?;
            let (opened, result) = match finished {
                FinishedSignIn::Confirmed => return Ok(Told::Confirmed),
                FinishedSignIn::ConfirmSecondStep(step) => return Ok(Told::ConfirmSecondStep(describe_step(&step))),
                FinishedSignIn::Linked(opened) => (opened, "linked"),
                FinishedSignIn::LoggedIn(logged_in) => {
                    // The browser forgets its earlier session, so nobody else shall go on with it.
                    if let Some(earlier) = earlier {
                        identity::log_out(engine, &earlier, &device)?;
                    }
                    match logged_in {
                        LoggedIn::Open(opened) => (opened, "entered"),
                        LoggedIn::SecondStep(step) => return Ok(Told::SecondStep(describe_step(&step))),
                    }
                }
            };
            let session =
                identity::authenticate(engine, &opened.token)?.ok_or_else(|| Problem::new("unauthenticated"))?;
            let session = describe(engine, &session, &version);
            Ok(Told::Entered(Arrival::with(engine, opened, finish(result, &session, &JsonValue::Null))))
        })
        .await?;
    let mut response = match told {
        Told::Entered(arrival) => arrival.into_response(state.config()),
        Told::Confirmed => finish("confirmed", &JsonValue::Null, &JsonValue::Null).into_response(),
        // The session goes on; what is missing is shown to it.
        Told::ConfirmSecondStep(step) => finish("confirm_second_step", &JsonValue::Null, &step).into_response(),
        Told::SecondStep(step) => {
            let mut response = finish("second_step", &JsonValue::Null, &step).into_response();
            clear_session_cookie(&mut response, state.config());
            response
        }
    };
    set_sign_in_cookie(&mut response, state.config(), None);
    Ok(response)
}

fn finish(result: &str, session: &JsonValue, step: &JsonValue) -> Answer {
    Answer::ok(&json!({ "result": result, "session": session, "step": step }))
}

async fn list_identities(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let found = identity::list_identities(engine, caller.session.user_id)?;
            let items: Vec<JsonValue> = found.iter().map(describe_identity).collect();
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": null })))
        })
        .await
}

fn describe_identity(linked: &LinkedIdentity) -> JsonValue {
    json!({
        "id": linked.id,
        "provider_id": linked.provider_id,
        "provider": linked.provider,
        "is_directory": linked.is_directory,
        "email": linked.email,
        "created_at": context::instant_text(linked.created_at),
        "last_used_at": linked.last_used_at.map(context::instant_text),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DirectoryLogin {
    login: String,
    password: Secret,
}

async fn link_directory(
    State(state): State<ApiState>,
    caller: Caller,
    headers: HeaderMap,
    extensions: Extensions,
    Path(id): Path<i64>,
    Json(input): Json<DirectoryLogin>,
) -> Result<Response> {
    let device = client(&extensions, &headers, state.config());
    let providers = state.providers();
    let arrival = state
        .run_in(Lane::SignIn, move |engine| {
            let DirectoryLogin { login, password } = input;
            let opened = identity::link_directory(engine, &providers, &caller.session, id, &login, &password, &device)?;
            Ok(Arrival::with(engine, opened, Answer::empty()))
        })
        .await?;
    Ok(arrival.into_response(state.config()))
}

async fn unlink_identity(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Response> {
    let arrival = state
        .run(move |engine| {
            let context = caller.context(engine);
            let opened = identity::unlink_identity(engine, &caller.session, &context, id)?;
            Ok(Arrival::with(engine, opened, Answer::empty()))
        })
        .await?;
    Ok(arrival.into_response(state.config()))
}
