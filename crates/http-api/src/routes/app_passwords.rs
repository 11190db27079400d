//! The passwords of programs: what a phone reads the address book with. Made and taken back by their owner.

use axum::extract::State;
use identity::AppPassword;
use modules::address_book::{self, Contacts};
use record_engine::{EngineError, FieldError, context};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use crate::error::Result;
use crate::extract::{Caller, Json, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/session/app-passwords" list_app_passwords)
            .summary("The own passwords of programs, without their texts")
            .answers(200, "AppPasswordPage"),
        route!(post "/session/app-passwords" create_app_password)
            .summary("Makes a password for a program that reads the address book; its text is answered this once")
            .body("AppPasswordInput")
            .answers(201, "NewAppPassword"),
        route!(delete "/session/app-passwords/{id}" revoke_app_password)
            .summary("Takes an own password of a program back"),
    ]
}

async fn list_app_passwords(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let found = identity::list_app_passwords(engine, caller.session.user_id)?;
            let items: Vec<JsonValue> = found.iter().map(describe).collect();
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": null })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppPasswordInput {
    name: String,
    #[serde(default)]
    contacts: Option<String>,
}

/// Not retryable: the stored answer would hold the password.
async fn create_app_password(
    State(state): State<ApiState>,
    caller: Caller,
    Json(input): Json<AppPasswordInput>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let contacts = input.contacts.as_deref().unwrap_or("own");
            match Contacts::from_key(contacts) {
                None => {
                    let error = FieldError::new("contacts", "unknown_option").with("value", contacts);
                    return Err(EngineError::field(error).into());
                }
                // A phone with everything is an export; the book looks again each time.
                Some(Contacts::All) if !address_book::may_have_all(engine, &context)? => {
                    return Err(Problem::new("export_forbidden").into());
                }
                Some(_) => {}
            }
            let (made, password) = identity::create_app_password(engine, &context, &input.name, contacts)?;
            let mut answer = describe(&made);
            if let Some(members) = answer.as_object_mut() {
                members.insert("login".into(), json!(caller.session.login));
                members.insert("password".into(), json!(password.expose()));
            }
            Ok(Answer::created(&answer))
        })
        .await
}

async fn revoke_app_password(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            engine.write(|tx| {
                identity::revoke_app_password(tx, &context, id)?;
                address_book::forget(tx, id)?;
                Ok::<_, crate::error::ApiError>(())
            })?;
            Ok(Answer::empty())
        })
        .await
}

fn describe(password: &AppPassword) -> JsonValue {
    json!({
        "id": password.id,
        "name": password.name,
        "contacts": password.scope,
        "created_at": context::instant_text(password.created_at),
        "last_used_at": password.last_used_at.map(context::instant_text),
    })
}
