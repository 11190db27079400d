//! The own second step of login: codes of an app and recovery codes. Its answers are not retryable, because a stored one would hold secrets.

use axum::extract::State;
use axum::response::Response;
use identity::{ChangedSecondStep, SecondStep, Secret};
use record_engine::{Engine, context};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::session::Arrival;
use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::{Arriving, Json};
use crate::qr_code;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/session/second-step" get_second_step)
            .session_only()
            .summary("The own second step of login")
            .answers(200, "SecondStep"),
        route!(post "/session/second-step/codes" begin_code_setup)
            .session_only()
            .summary("Makes a key for an app that makes codes; nothing is asked for before it is confirmed")
            .answers(200, "CodeSetup"),
        route!(post "/session/second-step/codes/confirm" confirm_code_setup)
            .session_only()
            .summary("Puts a key of codes into use; all other own sessions end")
            .body("SecondStepInput")
            .answers(200, "RecoveryCodes"),
        route!(post "/session/second-step/codes/remove" remove_codes)
            .session_only()
            .summary("Stops asking for codes of the app; all other own sessions end")
            .body("CodeRemoval")
            .answers(200, "RecoveryCodes"),
        route!(post "/session/second-step/recovery-codes" renew_recovery_codes)
            .session_only()
            .summary("Makes new recovery codes instead of the old ones; they are answered this once")
            .answers(200, "RecoveryCodes"),
    ]
}

async fn get_second_step(State(state): State<ApiState>, Arriving(caller): Arriving) -> Result<Answer> {
    state
        .run(move |engine| {
            let has = identity::get_second_step(engine, caller.session.user_id)?;
            let is_required = identity::must_have_second_step(&engine.snapshot(), &caller.session);
            Ok(Answer::ok(&describe(&has, is_required)))
        })
        .await
}

async fn begin_code_setup(State(state): State<ApiState>, Arriving(caller): Arriving) -> Result<Answer> {
    state
        .run(move |engine| {
            let setup = identity::begin_code_setup(engine, &caller.session)?;
            let picture = qr_code::of(setup.uri.expose())?;
            Ok(Answer::ok(&json!({
                "ticket": setup.ticket.expose(),
                "key": setup.key.expose(),
                "uri": setup.uri.expose(),
                "picture": { "size": picture.size, "path": picture.path },
            })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SecondStepInput {
    ticket: Secret,
    code: Secret,
}

async fn confirm_code_setup(
    State(state): State<ApiState>,
    Arriving(caller): Arriving,
    Json(input): Json<SecondStepInput>,
) -> Result<Response> {
    let arrival = state
        .run(move |engine| {
            let context = caller.context(engine);
            let changed = identity::confirm_code_setup(engine, &caller.session, &context, &input.ticket, &input.code)?;
            Ok(changed_answer(engine, changed))
        })
        .await?;
    Ok(arrival.into_response(state.config()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeRemoval {
    password: Secret,
    code: Secret,
}

async fn remove_codes(
    State(state): State<ApiState>,
    Arriving(caller): Arriving,
    Json(input): Json<CodeRemoval>,
) -> Result<Response> {
    let arrival = state
        .run_in(Lane::Login, move |engine| {
            let context = caller.context(engine);
            let changed = identity::remove_codes(engine, &caller.session, &context, &input.password, &input.code)?;
            Ok(changed_answer(engine, changed))
        })
        .await?;
    Ok(arrival.into_response(state.config()))
}

async fn renew_recovery_codes(State(state): State<ApiState>, Arriving(caller): Arriving) -> Result<Answer> {
    state
        .run(move |engine| {
            let codes = identity::renew_recovery_codes(engine, &caller.session, &caller.context(engine))?;
            Ok(Answer::ok(&json!({ "recovery_codes": texts(&codes) })))
        })
        .await
}

/// The session goes on under the token that the change gave it.
pub(super) fn changed_answer(engine: &Engine, changed: ChangedSecondStep) -> Arrival {
    let answer = Answer::ok(&json!({ "recovery_codes": texts(&changed.recovery_codes) }));
    Arrival::with(engine, changed.session, answer)
}

fn texts(codes: &[Secret]) -> Vec<&str> {
    codes.iter().map(Secret::expose).collect()
}

fn describe(has: &SecondStep, is_required: bool) -> JsonValue {
    json!({
        "codes_since": has.code_since.map(context::instant_text),
        "recovery_codes_left": has.recovery_codes,
        "is_required": is_required,
    })
}
