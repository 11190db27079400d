//! Inviting people, and coming in by an invitation.

use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum::response::{IntoResponse, Response};
use identity::{Acceptance, Employment, InvitationLink, NewInvitation, OpenInvitation, Secret};
use modules::contacts::make_employee_card;
use record_engine::catalog::USER_TYPE;
use record_engine::context;
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::mail::describe_letter;
use super::record_lists::present_one;
use super::session::{client, session_answer};
use super::users::at_email;
use crate::blocking::Lane;
use crate::error::{ApiError, Result};
use crate::extract::{Caller, Json, Path, set_session_cookie};
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/invitations" list_invitations)
            .session_only()
            .summary("The invitations that nobody has accepted; for whoever keeps the users")
            .answers(200, "InvitationPage"),
        route!(post "/invitations" create_invitation)
            .session_only()
            .summary("Makes a user who is not in yet, and sends him a link; for whoever keeps the users")
            .body("InvitationInput")
            .answers(201, "InvitationAnswer"),
        route!(post "/invitations/{id}/renew" renew_invitation)
            .session_only()
            .summary("A new link for a user who is invited, by mail or to hand over; for whoever keeps the users")
            .body("RenewInput")
            .answers(200, "InvitationLink"),
        route!(delete "/invitations/{id}" delete_invitation)
            .session_only()
            .summary("Takes an invitation back; for whoever keeps the users"),
        route!(post "/invitations/look" look_at_invitation)
            .public()
            .summary("Who is invited by a link")
            .body("LinkInput")
            .answers(200, "InvitationView"),
        route!(post "/invitations/accept" accept_invitation)
            .public()
            .summary("Chooses login and password, and logs in")
            .body("AcceptanceInput")
            .answers(201, "Session"),
    ]
}

async fn list_invitations(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let found = engine.database().read(|tx| identity::list_invitations(tx, &context))?;
            let items: Vec<JsonValue> = found.iter().map(|open| describe(open, context.now_ms)).collect();
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": null })))
        })
        .await
}

fn describe(open: &OpenInvitation, now_ms: i64) -> JsonValue {
    json!({
        "user_id": open.user_id,
        "created_at": context::instant_text(open.created_at),
        "expires_at": context::instant_text(open.expires_at),
        "is_good": open.expires_at > now_ms,
        "letter": open.letter.as_ref().map(describe_letter),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InvitationInput {
    name: String,
    email: String,
    roles: Vec<i64>,
    language: Option<String>,
    time_zone: Option<String>,
    /// Who he is to the company, and his last day.
    user_kind: Option<String>,
    active_until: Option<String>,
    /// Whether he gets a card among the contacts at once.
    #[serde(default)]
    makes_card: bool,
}

/// Not retryable: the stored answer would hold the link.
async fn create_invitation(
    State(state): State<ApiState>,
    caller: Caller,
    Json(input): Json<InvitationInput>,
) -> Result<Answer> {
    let InvitationInput { name, email, roles, language, time_zone, user_kind, active_until, makes_card } = input;
    let employment = Employment { user_kind, active_until };
    let invitation = NewInvitation { name, email, roles, language, time_zone, employment };
    let fixed = state.config().public_url.clone();
    state
        .run(move |engine| {
            let (snapshot, context) = (engine.snapshot(), caller.context(engine));
            let public_url = public_url(fixed, &snapshot.installation.public_url);
            let token = identity::link_token()?;
            let answer = engine.write(|tx| {
                let made = identity::insert_invited(tx, &snapshot, &context, &invitation)?;
                if makes_card {
                    make_employee_card(tx, &snapshot, &context, made.id).map_err(at_email)?;
                }
                let link = identity::send_invitation(tx, engine, &context, made.id, &token, public_url.as_deref())?;
                let object_type = snapshot.object_type(USER_TYPE)?;
                let record = present_one(tx, &context, &snapshot.catalog, &object_type, made.id)?;
                Ok::<_, ApiError>(json!({
                    "record": record,
                    "operation_id": made.operation_id,
                    "invitation": describe_link(&link, public_url.as_deref()),
                }))
            })?;
            Ok(Answer::created(&answer))
        })
        .await
}

/// What the operator has said on the command line, else what an administrator has said in the settings.
pub(super) fn public_url(fixed: Option<String>, stored: &str) -> Option<String> {
    fixed.or_else(|| (!stored.is_empty()).then(|| stored.to_owned()))
}

fn describe_link(link: &InvitationLink, public_url: Option<&str>) -> JsonValue {
    json!({
        "is_mailed": link.is_mailed,
        "page": link.page,
        "url": public_url.map(|url| format!("{url}{}", link.page)),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RenewInput {
    /// Whether the link leaves as a letter; else it is only answered.
    is_mailed: bool,
}

/// Not retryable: the stored answer would hold the link.
async fn renew_invitation(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(input): Json<RenewInput>,
) -> Result<Answer> {
    let fixed = state.config().public_url.clone();
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let public_url = public_url(fixed, &engine.snapshot().installation.public_url);
            let token = identity::link_token()?;
            let by_mail = public_url.as_deref().filter(|_| input.is_mailed);
            let link = engine.write(|tx| identity::send_invitation(tx, engine, &context, id, &token, by_mail))?;
            Ok(Answer::ok(&describe_link(&link, public_url.as_deref())))
        })
        .await
}

async fn delete_invitation(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let catalog = engine.snapshot().catalog.clone();
            engine.write(|tx| identity::revoke_invitation(tx, &catalog, &context, id))?;
            Ok(Answer::empty())
        })
        .await
}

/// The token of a link, in the body: addresses stand in logs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkInput {
    pub token: Secret,
}

async fn look_at_invitation(State(state): State<ApiState>, Json(input): Json<LinkInput>) -> Result<Answer> {
    state
        .run(move |engine| {
            let view = identity::look_at_invitation(engine, &input.token)?;
            let company = &engine.snapshot().installation.company_name;
            Ok(Answer::ok(&json!({
                "name": view.name, "email": view.email, "language": view.language, "company_name": company,
            })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptanceInput {
    token: Secret,
    login: String,
    password: Secret,
}

async fn accept_invitation(
    State(state): State<ApiState>,
    headers: HeaderMap,
    extensions: Extensions,
    Json(input): Json<AcceptanceInput>,
) -> Result<Response> {
    let AcceptanceInput { token, login, password } = input;
    let acceptance = Acceptance { token, login, password };
    let client = client(&extensions, &headers, state.config());
    let version = state.config().version.clone();
    let (answer, opened, now_ms) = state
        .run_in(Lane::Login, move |engine| {
            let opened = identity::accept_invitation(engine, &acceptance, &client)?;
            Ok((session_answer(engine, &opened.token, &version, Answer::created)?, opened, engine.clock().now_ms()))
        })
        .await?;
    let mut response = answer.into_response();
    set_session_cookie(&mut response, state.config(), &opened, now_ms);
    Ok(response)
}
