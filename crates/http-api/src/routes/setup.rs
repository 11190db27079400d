//! The first start: the set-up page makes the first administrator.

use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum::response::{IntoResponse, Response};
use identity::{Secret, SetupRequest};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::identities::describe_button;
use super::invitations::public_url;
use super::passkeys::site_of;
use super::session::{client, session_answer};
use crate::blocking::Lane;
use crate::error::{ApiError, Result};
use crate::extract::{Json, set_session_cookie};
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/setup" get_setup)
            .public()
            .summary("Whether the first administrator is still missing")
            .answers(200, "Setup"),
        route!(post "/setup" create_setup)
            .public()
            .summary("Makes the first administrator with the token of the set-up link, and logs him in")
            .body("SetupInput")
            .answers(201, "Session"),
    ]
}

async fn get_setup(State(state): State<ApiState>) -> Result<Answer> {
    let fixed = state.config().public_url.clone();
    state
        .run(move |engine| {
            let (is_set_up, mail) =
                engine.database().read(|tx| Ok::<_, ApiError>((identity::is_set_up(tx)?, mail::read_settings(tx)?)))?;
            let has_address = public_url(fixed.clone(), &engine.snapshot().installation.public_url).is_some();
            let resets_by_mail = is_set_up && has_address && mail.is_set_up();
            let takes_passkeys = site_of(engine, fixed.as_deref()).is_some();
            // Without an address nobody comes back from a provider; a directory is asked from here.
            let providers = identity::open_providers(engine)?;
            let open = providers.iter().filter(|provider| has_address || provider.directory.is_some());
            let buttons: Vec<JsonValue> = open.map(describe_button).collect();
            let only_providers = engine.snapshot().installation.only_identity_providers && !buttons.is_empty();
            Ok(Answer::ok(&json!({
                "is_open": !is_set_up, "resets_by_mail": resets_by_mail, "takes_passkeys": takes_passkeys,
                "providers": buttons, "only_providers": only_providers,
            })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetupInput {
    token: Secret,
    company_name: String,
    country: String,
    language: String,
    name: String,
    login: String,
    password: Secret,
}

async fn create_setup(
    State(state): State<ApiState>,
    headers: HeaderMap,
    extensions: Extensions,
    Json(input): Json<SetupInput>,
) -> Result<Response> {
    let SetupInput { token, company_name, country, language, name, login, password } = input;
    let request = SetupRequest { token, company_name, country, language, name, login, password };
    let client = client(&extensions, &headers, state.config());
    let version = state.config().version.clone();
    let (answer, opened, now_ms) = state
        .run_in(Lane::Login, move |engine| {
            let opened = identity::complete_setup(engine, &request, &client)?;
            Ok((session_answer(engine, &opened.token, &version, Answer::created)?, opened, engine.clock().now_ms()))
        })
        .await?;
    let mut response = answer.into_response();
    set_session_cookie(&mut response, state.config(), &opened, now_ms);
    Ok(response)
}
