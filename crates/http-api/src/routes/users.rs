//! Making users and giving them new passwords. Everything else about users is done with their records.

use axum::extract::State;
use identity::{Employment, NewUser, PasswordHash, Secret, check_new_user, insert_user};
use modules::contacts::make_employee_card;
use record_engine::EngineError;
use record_engine::access::Feature;
use record_engine::catalog::USER_TYPE;
use serde::Deserialize;
use serde_json::json;

use super::record_lists::present_one;
use super::session::describe_open;
use crate::blocking::Lane;
use crate::error::{ApiError, Result};
use crate::extract::{Caller, Command, Json, Nothing, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/users" create_user)
            .session_only()
            .summary("Makes a user with a first password; for whoever keeps the users")
            .retryable()
            .body("UserInput")
            .answers(201, "WriteAnswer"),
        route!(post "/users/{id}/card" create_user_card)
            .session_only()
            .summary("Makes the card of a user among the contacts; for administrators")
            .retryable()
            .answers(201, "WriteAnswer"),
        route!(post "/users/{id}/password" reset_user_password)
            .session_only()
            .summary("Gives another user a new password and ends his sessions; for administrators")
            .body("PasswordReset"),
        route!(post "/users/{id}/second-step/reset" reset_second_step)
            .session_only()
            .summary("Takes the second step of login of another user away and ends his sessions; for administrators")
            .body("SecondStepReset"),
        route!(get "/users/{id}/sessions" list_user_sessions)
            .session_only()
            .summary("The sessions of a user; for administrators")
            .answers(200, "OpenSessionPage"),
        route!(delete "/users/{id}/sessions" delete_user_sessions)
            .session_only()
            .summary("Ends all sessions of a user; for administrators"),
        route!(delete "/users/{id}/sessions/{session_id}" delete_user_session)
            .session_only()
            .summary("Ends a session of a user; for administrators"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserInput {
    name: String,
    login: String,
    email: Option<String>,
    password: Secret,
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

async fn create_user(State(state): State<ApiState>, caller: Caller, command: Command<UserInput>) -> Result<Answer> {
    let UserInput { name, login, email, password, roles, language, time_zone, user_kind, active_until, makes_card } =
        command.body;
    let employment = Employment { user_kind, active_until };
    let user = NewUser { name, login, email, password, roles, language, time_zone, employment };
    let retry = command.retry;
    state
        .run_in(Lane::Login, move |engine| {
            let (snapshot, context) = (engine.snapshot(), caller.context(engine));
            // Asked first, so that nobody else's request costs a hash.
            if !context.may(Feature::Users) {
                return Err(EngineError::Forbidden.into());
            }
            let errors = check_new_user(&user);
            if !errors.is_empty() {
                return Err(Problem::invalid(errors, "").into());
            }
            let hash = PasswordHash::new(&user.password)?;
            let attempt = || {
                engine.write(|tx| {
                    retry.once(tx, engine.vault(), &context, |tx| {
                        let created = insert_user(tx, &snapshot, &context, &user, &hash)?;
                        if makes_card {
                            make_employee_card(tx, &snapshot, &context, created.id).map_err(at_email)?;
                        }
                        let object_type = snapshot.object_type(USER_TYPE)?;
                        let record =
                            present_one(tx, &context, &snapshot.catalog, &object_type, created.id)?.unwrap_or_default();
                        Ok(Answer::created(&json!({ "record": record, "operation_id": created.operation_id }))
                            .tagged(&record))
                    })
                })
            };
            match attempt() {
                // Somebody took the login in between; the second time the check says so.
                Err(error) if error.is_lost_race() => attempt(),
                result => result,
            }
        })
        .await
}

/// What the card refuses comes of the e-mail of the user to be: it is a channel there, and another contact may have it.
pub(super) fn at_email(error: EngineError) -> ApiError {
    let EngineError::Invalid(mut errors) = error else { return error.into() };
    for error in errors.iter_mut().filter(|error| error.pointer.starts_with("/channels")) {
        error.pointer = "/email".into();
    }
    Problem::invalid(errors, "").into()
}

async fn create_user_card(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let (contact_id, operation_id) = make_employee_card(tx, snapshot, context, id)?;
            let object_type = snapshot.object_type("contact")?;
            let record = present_one(tx, context, &snapshot.catalog, &object_type, contact_id)?.unwrap_or_default();
            Ok(Answer::created(&json!({ "record": record, "operation_id": operation_id })).tagged(&record))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordReset {
    new_password: Secret,
}

async fn reset_user_password(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(input): Json<PasswordReset>,
) -> Result<Answer> {
    state
        .run_in(Lane::Login, move |engine| {
            identity::reset_password(engine, &caller.context(engine), id, &input.new_password)?;
            Ok(Answer::empty())
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SecondStepReset {
    /// Why, for the history.
    #[serde(default)]
    reason: Option<String>,
}

async fn reset_second_step(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(input): Json<SecondStepReset>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            identity::reset_second_step(engine, &caller.context(engine), id, input.reason.as_deref())?;
            Ok(Answer::empty())
        })
        .await
}

async fn list_user_sessions(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let sessions = identity::list_sessions_of(engine, &caller.context(engine), id)?;
            let items: Vec<_> = sessions.iter().map(|session| describe_open(session, caller.session.id)).collect();
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": null })))
        })
        .await
}

async fn delete_user_sessions(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            identity::end_sessions_of(engine, &caller.context(engine), id)?;
            Ok(Answer::empty())
        })
        .await
}

async fn delete_user_session(
    State(state): State<ApiState>,
    caller: Caller,
    Path((id, session_id)): Path<(i64, i64)>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            identity::end_session_of(engine, &caller.context(engine), id, session_id)?;
            Ok(Answer::empty())
        })
        .await
}
