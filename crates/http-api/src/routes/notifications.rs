//! What a person is notified of, and where. Below the session: it is for its owner alone, neither for programs nor for who looks with his eyes.

use axum::extract::State;
use record_engine::engine::Snapshot;
use record_engine::notifications::inbox::{self, MAX_MARKED};
use record_engine::notifications::{Channels, Kind, settings};
use record_engine::{EngineError, FieldError, RequestContext};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::checked_limit;
use crate::error::Result;
use crate::extract::{Caller, Json, Params};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

const DEFAULT_LIMIT: usize = 30;
const MAX_LIMIT: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/session/notifications" list_notifications)
            .session_only()
            .summary("The own notifications as far as one may still see what they are about, newest first")
            .query(&[Parameter::flag("unread"), Parameter::text("cursor"), Parameter::integer("limit")])
            .answers(200, "NotificationPage"),
        route!(get "/session/notifications/unread" count_unread_notifications)
            .session_only()
            .summary("How many of the own notifications are unread, up to a hundred")
            .answers(200, "UnreadNotifications"),
        route!(post "/session/notifications/read" mark_notifications_read)
            .session_only()
            .summary("Marks own notifications as read: some, or all up to one")
            .body("NotificationsToMark")
            .answers(200, "UnreadNotifications"),
        route!(get "/session/notification-settings" get_notification_settings)
            .session_only()
            .summary("Which kinds of notifications reach one where")
            .answers(200, "NotificationSettings"),
        route!(patch "/session/notification-settings" update_notification_settings)
            .session_only()
            .summary("Changes where one kind of notifications goes")
            .body("NotificationSettingChange")
            .answers(200, "NotificationSettings"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotificationParams {
    #[serde(default)]
    unread: bool,
    cursor: Option<String>,
    limit: Option<usize>,
}

async fn list_notifications(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<NotificationParams>,
) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, MAX_LIMIT)?;
    let before = params.cursor.as_deref().map(inbox::cursor_of).transpose()?;
    state
        .run(move |engine| {
            let (context, snapshot) = (caller.context(engine), engine.snapshot());
            let page = engine
                .database()
                .read(|tx| inbox::list(tx, &context, &snapshot.catalog, params.unread, before, limit))?;
            let items: Vec<JsonValue> = page.items.iter().map(|item| item.to_json(&context.language)).collect();
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": page.next.map(|id| id.to_string()) })))
        })
        .await
}

async fn count_unread_notifications(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let (context, snapshot) = (caller.context(engine), engine.snapshot());
            Ok(Answer::ok(&engine.database().read(|tx| unread(tx, &context, &snapshot))?))
        })
        .await
}

fn unread(
    tx: &mut dyn database::Query,
    context: &RequestContext,
    snapshot: &Snapshot,
) -> Result<JsonValue, EngineError> {
    Ok(json!({ "unread": inbox::count_unread(tx, context, &snapshot.catalog)? }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotificationsToMark {
    #[serde(default)]
    ids: Vec<i64>,
    up_to: Option<i64>,
}

async fn mark_notifications_read(
    State(state): State<ApiState>,
    caller: Caller,
    Json(input): Json<NotificationsToMark>,
) -> Result<Answer> {
    if input.ids.len() > MAX_MARKED {
        let error = FieldError::new("ids", "out_of_range").with("minimum", 0).with("maximum", MAX_MARKED);
        return Err(Problem::invalid(vec![error], "").into());
    }
    state
        .run(move |engine| {
            let (context, snapshot) = (caller.context(engine), engine.snapshot());
            Ok(Answer::ok(&engine.write(|tx| {
                inbox::mark_read(tx, &context, &input.ids, input.up_to)?;
                unread(tx, &context, &snapshot)
            })?))
        })
        .await
}

async fn get_notification_settings(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            Ok(Answer::ok(&engine.database().read(|tx| described(tx, &context))?))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotificationSettingChange {
    kind: String,
    page: Option<bool>,
    mail: Option<bool>,
    push: Option<bool>,
}

async fn update_notification_settings(
    State(state): State<ApiState>,
    caller: Caller,
    Json(change): Json<NotificationSettingChange>,
) -> Result<Answer> {
    let kind = Kind::from_key(&change.kind).ok_or_else(|| Problem::field("kind", "unknown_option"))?;
    state
        .run(move |engine| {
            let (context, user_id) = (caller.context(engine), caller.session.user_id);
            Ok(Answer::ok(&engine.write(|tx| {
                let before = settings::read(tx, user_id)?;
                let before = before.into_iter().find(|(found, _)| found.key == kind.key);
                let before = before.map_or(kind.channels, |(_, channels)| channels);
                let after = Channels {
                    page: change.page.unwrap_or(before.page),
                    mail: change.mail.unwrap_or(before.mail),
                    push: change.push.unwrap_or(before.push),
                };
                settings::write(tx, user_id, kind, after)?;
                described(tx, &context)
            })?))
        })
        .await
}

fn described(tx: &mut dyn database::Query, context: &RequestContext) -> Result<JsonValue, EngineError> {
    let Some(user_id) = context.actor.user_id() else { return Err(EngineError::NotFound) };
    let kinds: Vec<JsonValue> = settings::read(tx, user_id)?
        .into_iter()
        .map(|(kind, channels)| {
            let Channels { page, mail, push } = channels;
            json!({ "kind": kind.key, "label": kind.label(&context.language), "page": page, "mail": mail, "push": push })
        })
        .collect();
    let is_mail_set_up = mail::read_settings(tx)?.is_set_up();
    let row = tx.query_optional("SELECT email FROM \"user\" WHERE id = ?", &[user_id.into()])?;
    let address = row.map(|row| row.optional_text(0)).transpose()?.flatten();
    Ok(json!({ "kinds": kinds, "is_mail_set_up": is_mail_set_up, "has_address": address.is_some() }))
}
