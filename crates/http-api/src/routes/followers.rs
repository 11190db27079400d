//! Who follows a record, and who reacts to a note.

use axum::extract::State;
use modules::comments::COMMENT_TYPE;
use record_engine::catalog::{Catalog, USER_TYPE};
use record_engine::query::present::{References, Titles};
use record_engine::{EngineError, RequestContext, followers, reactions};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use crate::error::{ApiError, Result};
use crate::extract::{Caller, Json, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/records/{type}/{id}/followers" list_followers)
            .summary("Who follows a record and may see it")
            .answers(200, "FollowerList"),
        route!(post "/records/{type}/{id}/followers" set_follower)
            .summary("Lets oneself, or as whoever may share the record a colleague, follow it or stop; answers who follows it now")
            .body("FollowerInput")
            .answers(200, "FollowerList"),
        route!(post "/comments/{id}/reactions" set_reaction)
            .summary("Reacts to a note, or takes a reaction back; answers the reactions to it now")
            .body("ReactionInput")
            .answers(200, "ReactionList"),
    ]
}

async fn list_followers(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, id)): Path<(String, i64)>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let (context, snapshot) = (caller.context(engine), engine.snapshot());
            let object_type = snapshot.object_type(&type_name)?;
            Ok(Answer::ok(&engine.database().read(|tx| {
                let found = followers::list(tx, engine, &snapshot, &context, &object_type, id)?;
                described(tx, &context, &snapshot.catalog, &found)
            })?))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FollowerInput {
    user_id: i64,
    follows: bool,
}

async fn set_follower(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, id)): Path<(String, i64)>,
    Json(input): Json<FollowerInput>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let (context, snapshot) = (caller.context(engine), engine.snapshot());
            let object_type = snapshot.object_type(&type_name)?;
            let done = engine.write(|tx| {
                let wanted = (input.user_id, input.follows);
                followers::set(tx, engine, &snapshot, &context, &object_type, id, wanted)?;
                let found = followers::list(tx, engine, &snapshot, &context, &object_type, id)?;
                described(tx, &context, &snapshot.catalog, &found)
            });
            Ok(Answer::ok(&done.map_err(of_input)?))
        })
        .await
}

fn described(
    tx: &mut dyn database::Query,
    context: &RequestContext,
    catalog: &Catalog,
    found: &followers::Followers,
) -> Result<JsonValue, EngineError> {
    let titles = Titles::load(tx, context, catalog, &References::to(USER_TYPE, found.user_ids.iter().copied()))?;
    let items: Vec<JsonValue> = found.user_ids.iter().map(|id| titles.reference(USER_TYPE, *id)).collect();
    let is_following = context.actor.user_id().is_some_and(|me| found.user_ids.contains(&me));
    Ok(json!({ "items": items, "is_following": is_following, "may_choose": found.may_choose }))
}

/// What is wrong is wrong with the input itself, not with values of a record.
fn of_input(error: EngineError) -> ApiError {
    match error {
        EngineError::Invalid(errors) => Problem::invalid(errors, "").into(),
        other => other.into(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReactionInput {
    reaction: String,
    is_on: bool,
}

async fn set_reaction(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(input): Json<ReactionInput>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let (context, snapshot) = (caller.context(engine), engine.snapshot());
            let object_type = snapshot.object_type(COMMENT_TYPE)?;
            let done = engine.write(|tx| {
                reactions::set(tx, &context, &object_type, id, &input.reaction, input.is_on)?;
                let of_note = reactions::of_records(tx, &context, &snapshot.catalog, &object_type, &[id])?;
                Ok::<_, EngineError>(json!({ "items": of_note.get(&id).cloned().unwrap_or_else(|| json!([])) }))
            });
            Ok(Answer::ok(&done.map_err(of_input)?))
        })
        .await
}
