//! Letters out: the mail server, a trial, and what became of each letter; for administrators.

use axum::extract::State;
use mail::outbox::{self, Listed};
use mail::{MailChange, MailSettings, Refusal};
use record_engine::{Engine, EngineError, RequestContext, context};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::{Caller, Json, Params, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

/// Letters of a page, unless the request says less.
const PAGE: usize = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/mail/settings" get_mail_settings)
            .session_only()
            .summary("The mail server, without its password; for administrators")
            .answers(200, "MailSettings"),
        route!(patch "/mail/settings" update_mail_settings)
            .session_only()
            .summary("Changes the mail server; for administrators")
            .body("MailSettingsChange")
            .answers(200, "MailSettings"),
        route!(post "/mail/trial" send_trial_letter)
            .session_only()
            .summary("Sends a trial letter at once; for administrators")
            .body("TrialLetter")
            .lasting()
            .answers(200, "TrialResult"),
        route!(get "/mail/letters" list_letters)
            .session_only()
            .summary("What became of letters, the newest first; for administrators")
            .query(&[Parameter::text("state"), Parameter::text("cursor"), Parameter::integer("limit")])
            .answers(200, "LetterPage"),
        route!(post "/mail/letters/{id}/resend" resend_letter)
            .session_only()
            .summary("Sends a letter once more that has not left; for administrators")
            .answers(200, "Letter"),
    ]
}

/// Who names the server reads every letter, links to new passwords among them: nobody but administrators, whatever else a role opens.
fn refuse_all_but_administrators(context: &RequestContext) -> Result<(), EngineError> {
    if context.is_administrator() { Ok(()) } else { Err(EngineError::Forbidden) }
}

async fn get_mail_settings(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    let fixed = state.config().public_url.clone();
    state
        .run(move |engine| {
            refuse_all_but_administrators(&caller.context(engine))?;
            let settings = engine.database().read(|tx| mail::read_settings(tx))?;
            Ok(Answer::ok(&describe(engine, &settings, fixed.as_deref())))
        })
        .await
}

async fn update_mail_settings(
    State(state): State<ApiState>,
    caller: Caller,
    Json(change): Json<MailChange>,
) -> Result<Answer> {
    let fixed = state.config().public_url.clone();
    state
        .run(move |engine| {
            let context = caller.context(engine);
            refuse_all_but_administrators(&context)?;
            let changed = mail::change_settings(engine, &context, &change).map_err(at_once)?;
            Ok(Answer::ok(&describe(engine, &changed, fixed.as_deref())))
        })
        .await
}

/// The bodies of these requests have no `values`.
fn at_once(error: EngineError) -> crate::error::ApiError {
    match error {
        EngineError::Invalid(errors) => Problem::invalid(errors, "").into(),
        other => other.into(),
    }
}

fn describe(engine: &Engine, settings: &MailSettings, fixed: Option<&str>) -> JsonValue {
    json!({
        "is_set_up": settings.is_set_up(),
        "host": settings.host,
        "port": settings.port,
        "security": settings.security,
        "user": settings.user,
        "has_password": settings.sealed_password.is_some(),
        "sender_address": settings.sender_address,
        "sender_name": settings.sender_name,
        "public_url": fixed.map_or_else(|| engine.snapshot().installation.public_url.clone(), str::to_owned),
        "is_public_url_fixed": fixed.is_some(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrialInput {
    address: String,
}

async fn send_trial_letter(
    State(state): State<ApiState>,
    caller: Caller,
    Json(input): Json<TrialInput>,
) -> Result<Answer> {
    let allows_local = state.config().allows_local_services;
    state
        .run_in(Lane::Outside, move |engine| {
            refuse_all_but_administrators(&caller.context(engine))?;
            let address = input.address.trim();
            if !mail::address::is_address(address) {
                return Err(Problem::field("address", "not_an_email").into());
            }
            let company = engine.snapshot().installation.company_name.clone();
            let content = mail::letters::trial(&caller.session.language, &company);
            let sent = mail::send_trial(engine, address, &content, allows_local)?;
            Ok(Answer::ok(&match sent {
                Ok(()) => json!({ "is_sent": true, "code": null, "text": null }),
                Err(Refusal { failure, text }) => json!({ "is_sent": false, "code": failure.code(), "text": text }),
            }))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LetterParams {
    state: Option<String>,
    cursor: Option<i64>,
    limit: Option<usize>,
}

async fn list_letters(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<LetterParams>,
) -> Result<Answer> {
    let LetterParams { state: group, cursor, limit } = params;
    if let Some(group) = group.as_deref().filter(|group| !["open", "sent", "failed"].contains(group)) {
        return Err(Problem::new("malformed_request").detail(format!("no state {group}")).into());
    }
    let limit = limit.unwrap_or(PAGE).clamp(1, PAGE);
    state
        .run(move |engine| {
            refuse_all_but_administrators(&caller.context(engine))?;
            let mut found = engine.database().read(|tx| outbox::list(tx, group.as_deref(), cursor, limit + 1))?;
            let is_more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().filter(|_| is_more).map(|letter| letter.id.to_string());
            let items: Vec<JsonValue> = found.iter().map(describe_letter).collect();
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": next })))
        })
        .await
}

pub(super) fn describe_letter(letter: &Listed) -> JsonValue {
    json!({
        "id": letter.id,
        "kind": letter.kind,
        "receiver": letter.receiver,
        "receiver_name": letter.receiver_name,
        "subject": letter.subject,
        "state": letter.state,
        "attempts": letter.attempts,
        "created_at": context::instant_text(letter.created_at),
        "due_at": letter.due_at.map(context::instant_text),
        "sent_at": letter.sent_at.map(context::instant_text),
        "error_code": letter.error_code,
        "error_text": letter.error_text,
        "can_resend": letter.can_resend && letter.state != "sending",
    })
}

async fn resend_letter(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            refuse_all_but_administrators(&caller.context(engine))?;
            let now = engine.clock().now_ms();
            let letter = engine.write(|tx| outbox::resend(tx, id, now))?;
            Ok(Answer::ok(&describe_letter(&letter)))
        })
        .await
}
