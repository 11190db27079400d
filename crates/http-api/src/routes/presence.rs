//! Who else has a card open: a browser says that it has, and hears who else.

use std::time::Instant;

use axum::extract::State;
use record_engine::query::visible_ids;
use record_engine::{EngineError, outbox};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::error::Result;
use crate::extract::{Caller, Json as Body, Path};
use crate::presence::{Doing, Sign, TOPIC};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

/// Longest name of a window, in characters; the browser makes it up.
const VIEW_LENGTH: usize = 64;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/records/{type}/{id}/presence" note_presence)
            .summary("Says that a card is open, for a minute and a quarter; answers who else has it open")
            .body("PresenceInput")
            .answers(200, "PresenceList"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PresenceInput {
    view: String,
    doing: Doing,
}

async fn note_presence(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, id)): Path<(String, i64)>,
    Body(input): Body<PresenceInput>,
) -> Result<Answer> {
    if input.view.is_empty() || input.view.chars().count() > VIEW_LENGTH || input.view.contains('\0') {
        return Err(Problem::field("view", "wrong_type").into());
    }
    let board = state.events().board();
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let object_type = engine.snapshot().object_type(&type_name)?;
            let visible = engine.database().read(|tx| visible_ids(tx, &context, &object_type, &[id]))?;
            if visible.is_empty() {
                return Err(EngineError::NotFound.into());
            }
            let PresenceInput { view, doing } = input;
            let name = caller.session.name.clone();
            let sign = json!(Sign { type_name: type_name.clone(), ids: [id], view, name, doing });
            engine.write(|tx| outbox::emit(tx, &context, None, TOPIC, &sign))?;
            let items: Vec<Json> = board
                .others(&type_name, id, caller.session.user_id, Instant::now())
                .into_iter()
                .map(|present| {
                    json!({
                        "user": { "id": present.user_id, "title": present.name, "type": "user" },
                        "is_editing": present.is_editing,
                    })
                })
                .collect();
            Ok(Answer::ok(&json!({ "items": items })))
        })
        .await
}
