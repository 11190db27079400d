//! How long personal data is kept: the rules, what each would reach, what they did.

use axum::extract::State;
use modules::personal_data::retention::{self, RuleInput};
use serde::Deserialize;

use crate::error::Result;
use crate::extract::{Caller, Command, Nothing, Path};
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/personal-data/retention" list_retention_rules)
            .summary("The rules by which records are removed or erased when their time is over")
            .answers(200, "RetentionRules"),
        route!(post "/personal-data/retention" create_retention_rule)
            .summary("Makes a rule; it is off until somebody has seen what it would reach")
            .retryable()
            .body("RetentionRuleInput")
            .answers(201, "RetentionRule"),
        route!(get "/personal-data/retention/runs" list_retention_runs)
            .summary("What the rules did each night, and what they left, newest first")
            .answers(200, "RetentionRuns"),
        route!(put "/personal-data/retention/{id}" replace_retention_rule)
            .summary("Replaces a rule, which is off then until somebody has seen what it would reach")
            .retryable()
            .body("RetentionRuleInput")
            .answers(200, "RetentionRule"),
        route!(delete "/personal-data/retention/{id}" delete_retention_rule)
            .summary("Removes a rule; the reports of what it did stay")
            .retryable(),
        route!(post "/personal-data/retention/{id}/dry-run" try_retention_rule)
            .summary("What a rule would reach now, and what it would leave; nothing is removed")
            .lasting()
            .answers(200, "RetentionReach"),
        route!(post "/personal-data/retention/{id}/switch" switch_retention_rule)
            .summary("Switches a rule on or off; it works every night")
            .retryable()
            .body("RetentionSwitch")
            .answers(200, "RetentionRule"),
    ]
}

async fn list_retention_rules(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let (snapshot, context) = (engine.snapshot(), caller.context(engine));
            Ok(Answer::ok(&engine.database().read(|tx| retention::list(tx, &snapshot, &context))?))
        })
        .await
}

async fn list_retention_runs(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            Ok(Answer::ok(&engine.database().read(|tx| retention::list_runs(tx, &context))?))
        })
        .await
}

async fn create_retention_rule(
    State(state): State<ApiState>,
    caller: Caller,
    Command { body, retry }: Command<RuleInput>,
) -> Result<Answer> {
    state
        .write(caller, retry, move |Work { tx, snapshot, context }| {
            Ok(Answer::created(&retention::create(tx, snapshot, context, &body)?))
        })
        .await
}

async fn replace_retention_rule(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Command { body, retry }: Command<RuleInput>,
) -> Result<Answer> {
    state
        .write(caller, retry, move |Work { tx, snapshot, context }| {
            Ok(Answer::ok(&retention::replace(tx, snapshot, context, id, &body)?))
        })
        .await
}

async fn delete_retention_rule(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, context, .. }| {
            retention::remove(tx, context, id)?;
            Ok(Answer::empty())
        })
        .await
}

async fn try_retention_rule(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            Ok(Answer::ok(&retention::dry_run(engine, &context, id)?))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchInput {
    is_active: bool,
}

async fn switch_retention_rule(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Command { body, retry }: Command<SwitchInput>,
) -> Result<Answer> {
    state
        .write(caller, retry, move |Work { tx, context, .. }| {
            Ok(Answer::ok(&retention::switch(tx, context, id, body.is_active)?))
        })
        .await
}
