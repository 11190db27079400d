//! Showing once more who one is, before one changes how one logs in: the password, and the second step of whoever has one.

use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use identity::Secret;
use serde::Deserialize;

use super::passkeys::{PasskeyProof, SignInTicket, describe_request, site};
use super::session::{SecondStepInput, client, describe_step};
use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::{Arriving, Json};
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/session/confirm" confirm_session)
            .session_only()
            .summary("Gives the password again, so that one may change how one logs in; who has a second step gets a ticket for it")
            .body("Confirmation")
            .or_answers(202, "OpenSecondStep", "The second step is missing"),
        route!(post "/session/confirm/second-step" confirm_with_code)
            .session_only()
            .summary("The second step of giving the password again: a code of the app, or a recovery code")
            .body("SecondStepInput"),
        route!(post "/session/confirm/passkey/begin" begin_passkey_confirmation)
            .session_only()
            .summary("Asks for a passkey as the second step of giving the password again")
            .body("SignInTicket")
            .answers(200, "KeyRequest"),
        route!(post "/session/confirm/passkey" confirm_with_passkey)
            .session_only()
            .summary("The second step of giving the password again: a passkey")
            .body("PasskeyProof"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    password: Secret,
}

async fn confirm_session(
    State(state): State<ApiState>,
    Arriving(caller): Arriving,
    Json(input): Json<Confirmation>,
) -> Result<Answer> {
    let (providers, user_id) = (state.providers(), caller.session.user_id);
    let is_elsewhere = state.run(move |engine| Ok(identity::has_directory_account(engine, user_id)?)).await?;
    state
        .run_in(if is_elsewhere { Lane::SignIn } else { Lane::Login }, move |engine| {
            let missing = identity::confirm_session(engine, &providers, &caller.session, &input.password)?;
            Ok(missing.map_or_else(Answer::empty, |step| Answer::accepted(&describe_step(&step))))
        })
        .await
}

async fn confirm_with_code(
    State(state): State<ApiState>,
    Arriving(caller): Arriving,
    headers: HeaderMap,
    extensions: Extensions,
    Json(input): Json<SecondStepInput>,
) -> Result<Answer> {
    let device = client(&extensions, &headers, state.config());
    state
        .run_in(Lane::Login, move |engine| {
            identity::confirm_with_code(engine, &caller.session, &input.ticket, &input.code, &device)?;
            Ok(Answer::empty())
        })
        .await
}

async fn begin_passkey_confirmation(
    State(state): State<ApiState>,
    Arriving(caller): Arriving,
    Json(input): Json<SignInTicket>,
) -> Result<Answer> {
    let fixed = state.config().public_url.clone();
    state
        .run(move |engine| {
            let site = site(engine, fixed.as_deref())?;
            let request = identity::begin_passkey_confirmation(engine, &caller.session, &input.ticket)?;
            Ok(Answer::ok(&describe_request(&request, &site, None)))
        })
        .await
}

async fn confirm_with_passkey(
    State(state): State<ApiState>,
    Arriving(caller): Arriving,
    headers: HeaderMap,
    extensions: Extensions,
    Json(input): Json<PasskeyProof>,
) -> Result<Answer> {
    let device = client(&extensions, &headers, state.config());
    let fixed = state.config().public_url.clone();
    state
        .run(move |engine| {
            let site = site(engine, fixed.as_deref())?;
            let PasskeyProof { ticket, proof } = input;
            identity::confirm_with_passkey(engine, &caller.session, &site, &ticket, &proof, &device)?;
            Ok(Answer::empty())
        })
        .await
}
