//! The passwords of programs: what a phone keeps its address book in step with, and the secret addresses of calendars. Made and taken back by their owner.

use axum::extract::State;
use identity::AppPassword;
use modules::address_book::{self, Contacts};
use modules::collections;
use record_engine::access::Feature;
use record_engine::{Engine, EngineError, FieldError, RequestContext, context};
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
            .session_only()
            .summary("The own passwords of programs, without their texts")
            .answers(200, "AppPasswordPage"),
        route!(post "/session/app-passwords" create_app_password)
            .session_only()
            .summary(
                "Makes a password for a program that keeps an address book in step, or the own events and tasks, or the address of the own calendar; its text is answered this once",
            )
            .body("AppPasswordInput")
            .answers(201, "NewAppPassword"),
        route!(delete "/session/app-passwords/{id}" revoke_app_password)
            .session_only()
            .summary("Takes an own password of a program back"),
    ]
}

async fn list_app_passwords(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let found = identity::list_app_passwords(engine, caller.session.user_id)?;
            let context = caller.context(engine);
            let items = found
                .iter()
                .map(|password| describe(engine, &context, password))
                .collect::<Result<Vec<JsonValue>>>()?;
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": null })))
        })
        .await
}

/// What a password opens.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Gives {
    /// The address book.
    #[default]
    Contacts,
    /// The address of the own calendar, for reading.
    Calendar,
    /// The own events and tasks.
    EventsAndTasks,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppPasswordInput {
    name: String,
    #[serde(default)]
    gives: Gives,
    #[serde(default)]
    contacts: Option<String>,
    /// The view or group, where that is what the device gets.
    #[serde(default)]
    contacts_id: Option<i64>,
    #[serde(default)]
    may_write: bool,
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
            if !context.may(Feature::AddressBook) {
                return Err(EngineError::Forbidden.into());
            }
            let scope = match input.gives {
                Gives::Contacts => chosen(engine, &context, &input)?.key(),
                Gives::Calendar => calendar_scope(&input)?,
                Gives::EventsAndTasks => {
                    refuse_contacts(&input, &[])?;
                    identity::EVENTS_AND_TASKS_SCOPE.to_owned()
                }
            };
            let (made, password) =
                identity::create_app_password(engine, &caller.session, &context, &input.name, &scope, input.may_write)?;
            let mut answer = describe(engine, &context, &made)?;
            if let Some(members) = answer.as_object_mut() {
                members.insert("login".into(), json!(caller.session.login));
                members.insert("password".into(), json!(password.expose()));
                let address = (input.gives == Gives::Calendar).then(|| format!("/calendar/{}.ics", password.expose()));
                members.insert("address".into(), json!(address));
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
                collections::forget(tx, id)?;
                Ok::<_, crate::error::ApiError>(())
            })?;
            Ok(Answer::empty())
        })
        .await
}

/// An address of a calendar is read only, and has no contacts.
fn calendar_scope(input: &AppPasswordInput) -> Result<String> {
    refuse_contacts(input, &[("may_write", input.may_write)])?;
    Ok(identity::CALENDAR_SCOPE.to_owned())
}

/// Refuses contacts, and what else does not belong to a password.
fn refuse_contacts(input: &AppPasswordInput, more: &[(&'static str, bool)]) -> Result<()> {
    let contacts = [("contacts", input.contacts.is_some()), ("contacts_id", input.contacts_id.is_some())];
    match contacts.iter().chain(more).find(|(_, is_given)| *is_given) {
        Some((name, _)) => Err(Problem::invalid(vec![FieldError::new(name, "unknown_option")], "").into()),
        None => Ok(()),
    }
}

/// What the device is to get, as far as its owner may have it.
fn chosen(engine: &Engine, context: &RequestContext, input: &AppPasswordInput) -> Result<Contacts> {
    let kind = input.contacts.as_deref().unwrap_or("own");
    let Some(contacts) = Contacts::of(kind, input.contacts_id) else {
        let is_known = Contacts::of(kind, None).is_some() || Contacts::of(kind, Some(0)).is_some();
        let error = match (is_known, input.contacts_id) {
            (false, _) => FieldError::new("contacts", "unknown_option").with("value", kind),
            (true, None) => FieldError::new("contacts_id", "required"),
            (true, Some(id)) => FieldError::new("contacts_id", "unknown_option").with("value", id),
        };
        return Err(Problem::invalid(vec![error], "").into());
    };
    // A phone with everything is an export; the book looks again each time.
    if contacts == Contacts::All && !address_book::may_have_all(engine, context)? {
        return Err(Problem::new("export_forbidden").into());
    }
    if contacts.id().is_some() && address_book::title_of(engine, context, contacts)?.is_none() {
        return Err(Problem::field("contacts_id", "unknown_record").into());
    }
    Ok(contacts)
}

/// `contacts_title` is the name of the view or group; nothing when it is gone or not seen any more, and the book is empty.
fn describe(engine: &Engine, context: &RequestContext, password: &AppPassword) -> Result<JsonValue> {
    let gives = match password.scope.as_str() {
        identity::CALENDAR_SCOPE => "calendar",
        identity::EVENTS_AND_TASKS_SCOPE => "events_and_tasks",
        _ => "contacts",
    };
    let contacts = (gives == "contacts").then(|| Contacts::from_key(&password.scope).unwrap_or(Contacts::Own));
    let title = contacts.map(|contacts| address_book::title_of(engine, context, contacts)).transpose()?.flatten();
    Ok(json!({
        "id": password.id,
        "name": password.name,
        "gives": gives,
        "contacts": contacts.map(Contacts::kind),
        "contacts_id": contacts.and_then(Contacts::id),
        "contacts_title": title,
        "may_write": password.may_write,
        "created_at": context::instant_text(password.created_at),
        "last_used_at": password.last_used_at.map(context::instant_text),
    }))
}
