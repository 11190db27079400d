//! A new password by mail, for who forgot his.

use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use identity::Secret;
use record_engine::FieldError;
use serde::Deserialize;
use serde_json::json;

use super::invitations::{LinkInput, public_url};
use super::session::client;
use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::Json;
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/password-resets" request_password_reset)
            .public()
            .summary("Sends a link to a new password to whoever has this login or e-mail; the answer says nothing about that")
            .body("ResetRequest"),
        route!(post "/password-resets/look" look_at_password_reset)
            .public()
            .summary("Whose new password a link is for")
            .body("LinkInput")
            .answers(200, "ResetView"),
        route!(post "/password-resets/complete" complete_password_reset)
            .public()
            .summary("Sets a new password by a link and ends all sessions; it opens none")
            .body("ResetInput"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetRequest {
    login_or_email: String,
}

/// Longest text that is looked for, in characters; longer ones are nobody's.
const MAX_TYPED: usize = 300;

async fn request_password_reset(
    State(state): State<ApiState>,
    headers: HeaderMap,
    extensions: Extensions,
    Json(input): Json<ResetRequest>,
) -> Result<Answer> {
    let client = client(&extensions, &headers, state.config());
    let address = client.address;
    if input.login_or_email.chars().count() > MAX_TYPED {
        let error = FieldError::new("login_or_email", "too_long").with("max", MAX_TYPED);
        return Err(Problem::invalid(vec![error], "").into());
    }
    state.run(move |engine| Ok(identity::admit_reset(engine, address)?)).await?;
    // Behind the answer, so that its time tells nobody whether there is such a user.
    let later = state.clone();
    tokio::spawn(async move {
        let fixed = later.config().public_url.clone();
        let done = later
            .run_in(Lane::Login, move |engine| {
                let public_url = public_url(fixed, &engine.snapshot().installation.public_url);
                Ok(identity::request_reset(engine, &input.login_or_email, public_url.as_deref(), &client)?)
            })
            .await;
        if let Err(error) = done {
            tracing::warn!(%error, "a link to a new password could not be sent");
        }
    });
    Ok(Answer::empty())
}

async fn look_at_password_reset(State(state): State<ApiState>, Json(input): Json<LinkInput>) -> Result<Answer> {
    state
        .run(move |engine| {
            let login = identity::look_at_reset(engine, &input.token)?;
            Ok(Answer::ok(&json!({ "login": login })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetInput {
    token: Secret,
    new_password: Secret,
}

async fn complete_password_reset(
    State(state): State<ApiState>,
    headers: HeaderMap,
    extensions: Extensions,
    Json(input): Json<ResetInput>,
) -> Result<Answer> {
    let client = client(&extensions, &headers, state.config());
    state
        .run_in(Lane::Login, move |engine| {
            identity::complete_reset(engine, &input.token, &input.new_password, &client)?;
            Ok(Answer::empty())
        })
        .await
}
