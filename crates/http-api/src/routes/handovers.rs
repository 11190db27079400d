//! What a colleague who leaves had, and who gets it.

use axum::extract::State;
use modules::handover::{self, Handover, Heir, Holding};
use record_engine::jobs;
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::jobs::present_job;
use super::record_lists::name_list_errors;
use crate::error::Result;
use crate::extract::{Caller, Command, Path};
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/users/{id}/holdings" list_holdings)
            .session_only()
            .summary("What refers to a user, by field; for whoever keeps the users")
            .answers(200, "HoldingList"),
        route!(post "/users/{id}/hand-over" hand_over_user)
            .session_only()
            .summary("Gives what a user has to others in a job, and deactivates him if wanted; one undo takes it back")
            .retryable()
            .body("HandoverInput")
            .answers(202, "JobAnswer"),
    ]
}

async fn list_holdings(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let (snapshot, context) = (engine.snapshot(), caller.context(engine));
            let found = engine.database().read(|tx| handover::holdings(tx, &snapshot, &context, id))?;
            let items: Vec<JsonValue> = found.iter().map(describe).collect();
            Ok(Answer::ok(&json!({ "items": items })))
        })
        .await
}

fn describe(holding: &Holding) -> JsonValue {
    json!({
        "type": holding.object_type, "field": holding.field, "count": holding.count, "is_capped": holding.is_capped,
    })
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandoverInput {
    heirs: Vec<Heir>,
    #[serde(default)]
    deactivates: bool,
}

async fn hand_over_user(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<HandoverInput>,
) -> Result<Answer> {
    let HandoverInput { heirs, deactivates } = command.body;
    let handover = Handover { user_id: id, heirs, deactivates };
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let new = handover::prepare(tx, snapshot, context, &handover).map_err(name_list_errors)?;
            let id = jobs::enqueue(tx, context, &new)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, id)? })))
        })
        .await
}
