//! Passkeys: the own ones, and logging in with them. Binary parts travel as base64url; the client makes what browsers want of them.

use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::{KeyRequest, NewKey, Passkey, Proof, Secret, Session, Site};
use record_engine::{Engine, EngineError, context};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::second_step::changed_answer;
use super::session::{Arrival, client};
use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::{Arriving, Json, Path, session_token};
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/session/passkeys" list_passkeys)
            .session_only()
            .summary("The own passkeys")
            .answers(200, "PasskeyPage"),
        route!(post "/session/passkeys/begin" begin_passkey)
            .session_only()
            .summary("Asks for a new passkey of the browser")
            .answers(200, "KeyRequest"),
        route!(post "/session/passkeys" create_passkey)
            .session_only()
            .summary("Stores a passkey that the browser has made; all other own sessions end")
            .body("NewPasskey")
            .answers(200, "RecoveryCodes"),
        route!(post "/session/passkeys/{id}/remove" remove_passkey)
            .session_only()
            .summary("Takes an own passkey away; all other own sessions end")
            .body("PasskeyRemoval")
            .answers(200, "RecoveryCodes"),
        route!(post "/session/passkey/begin" begin_passkey_login)
            .public()
            .summary("Asks for any passkey, to log in without a password")
            .answers(200, "KeyRequest"),
        route!(post "/session/passkey" log_in_with_passkey)
            .public()
            .summary("Logs in with a passkey")
            .body("PasskeyProof")
            .answers(200, "Session"),
        route!(post "/session/second-step/passkey/begin" begin_passkey_step)
            .public()
            .summary("Asks for a passkey as the second step of a login")
            .body("SignInTicket")
            .answers(200, "KeyRequest"),
        route!(post "/session/second-step/passkey" finish_with_passkey)
            .public()
            .summary("The second step of a login: a passkey")
            .body("PasskeyProof")
            .answers(200, "Session"),
    ]
}

/// The site that keys are made for: what the operator has said on the command line, else what an administrator has said in the settings.
pub(super) fn site_of(engine: &Engine, fixed: Option<&str>) -> Option<Site> {
    Site::of(fixed.unwrap_or(&engine.snapshot().installation.public_url))
}

pub(super) fn site(engine: &Engine, fixed: Option<&str>) -> Result<Site> {
    Ok(site_of(engine, fixed).ok_or(EngineError::State("no_address_for_passkeys"))?)
}

async fn list_passkeys(State(state): State<ApiState>, Arriving(caller): Arriving) -> Result<Answer> {
    state
        .run(move |engine| {
            let found = identity::list_passkeys(engine, caller.session.user_id)?;
            let items: Vec<JsonValue> = found.iter().map(describe).collect();
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": null })))
        })
        .await
}

async fn begin_passkey(State(state): State<ApiState>, Arriving(caller): Arriving) -> Result<Answer> {
    let fixed = state.config().public_url.clone();
    state
        .run(move |engine| {
            let site = site(engine, fixed.as_deref())?;
            let request = identity::begin_passkey(engine, &caller.session)?;
            Ok(Answer::ok(&describe_request(&request, &site, Some(&caller.session))))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPasskey {
    ticket: Secret,
    name: String,
    key: NewKey,
}

async fn create_passkey(
    State(state): State<ApiState>,
    Arriving(caller): Arriving,
    Json(input): Json<NewPasskey>,
) -> Result<Response> {
    let fixed = state.config().public_url.clone();
    let arrival = state
        .run(move |engine| {
            let site = site(engine, fixed.as_deref())?;
            let context = caller.context(engine);
            let NewPasskey { ticket, name, key } = input;
            let changed = identity::create_passkey(engine, &caller.session, &context, &site, &ticket, &name, &key)?;
            Ok(changed_answer(engine, changed))
        })
        .await?;
    Ok(arrival.into_response(state.config()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasskeyRemoval {
    password: Secret,
    /// A recovery code, when no other second step is left.
    code: Option<Secret>,
}

async fn remove_passkey(
    State(state): State<ApiState>,
    Arriving(caller): Arriving,
    Path(id): Path<i64>,
    Json(input): Json<PasskeyRemoval>,
) -> Result<Response> {
    let arrival = state
        .run_in(Lane::Login, move |engine| {
            let context = caller.context(engine);
            let PasskeyRemoval { password, code } = input;
            let changed = identity::remove_passkey(engine, &caller.session, &context, id, &password, code.as_ref())?;
            Ok(changed_answer(engine, changed))
        })
        .await?;
    Ok(arrival.into_response(state.config()))
}

async fn begin_passkey_login(
    State(state): State<ApiState>,
    headers: HeaderMap,
    extensions: Extensions,
) -> Result<Answer> {
    let client = client(&extensions, &headers, state.config());
    let fixed = state.config().public_url.clone();
    state
        .run(move |engine| {
            let site = site(engine, fixed.as_deref())?;
            let request = identity::begin_passkey_login(engine, &client)?;
            Ok(Answer::ok(&describe_request(&request, &site, None)))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PasskeyProof {
    pub ticket: Secret,
    pub proof: Proof,
}

async fn log_in_with_passkey(
    State(state): State<ApiState>,
    headers: HeaderMap,
    extensions: Extensions,
    Json(input): Json<PasskeyProof>,
) -> Result<Response> {
    let client = client(&extensions, &headers, state.config());
    let earlier = session_token(&headers, state.config());
    let (version, fixed) = (state.config().version.clone(), state.config().public_url.clone());
    let arrival = state
        .run(move |engine| {
            let site = site(engine, fixed.as_deref())?;
            let opened = identity::log_in_with_passkey(engine, &site, &input.ticket, &input.proof, &client)?;
            // The browser forgets its earlier session, so nobody else shall go on with it.
            if let Some(earlier) = earlier {
                identity::log_out(engine, &earlier, &client)?;
            }
            Arrival::new(engine, opened, &version)
        })
        .await?;
    Ok(arrival.into_response(state.config()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInTicket {
    pub ticket: Secret,
}

async fn begin_passkey_step(State(state): State<ApiState>, Json(input): Json<SignInTicket>) -> Result<Answer> {
    let fixed = state.config().public_url.clone();
    state
        .run(move |engine| {
            let site = site(engine, fixed.as_deref())?;
            let request = identity::begin_passkey_step(engine, &input.ticket)?;
            Ok(Answer::ok(&describe_request(&request, &site, None)))
        })
        .await
}

async fn finish_with_passkey(
    State(state): State<ApiState>,
    headers: HeaderMap,
    extensions: Extensions,
    Json(input): Json<PasskeyProof>,
) -> Result<Response> {
    let client = client(&extensions, &headers, state.config());
    let (version, fixed) = (state.config().version.clone(), state.config().public_url.clone());
    let arrival = state
        .run(move |engine| {
            let site = site(engine, fixed.as_deref())?;
            let opened = identity::finish_login_with_passkey(engine, &site, &input.ticket, &input.proof, &client)?;
            Arrival::new(engine, opened, &version)
        })
        .await?;
    Ok(arrival.into_response(state.config()))
}

fn describe(passkey: &Passkey) -> JsonValue {
    json!({
        "id": passkey.id,
        "name": passkey.name,
        "created_at": context::instant_text(passkey.created_at),
        "last_used_at": passkey.last_used_at.map(context::instant_text),
    })
}

pub(super) fn describe_request(request: &KeyRequest, site: &Site, of: Option<&Session>) -> JsonValue {
    json!({
        "ticket": request.ticket.expose(),
        "challenge": request.challenge.expose(),
        "site": site.id,
        "user": of.map(|session| json!({
            "id": URL_SAFE_NO_PAD.encode(session.user_id.to_be_bytes()),
            "login": session.login,
            "name": session.name,
        })),
        "keys": request.keys,
        "algorithms": request.algorithms,
    })
}
