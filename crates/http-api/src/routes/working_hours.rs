//! When somebody may work, and letting him in outside of it. Schedules, holidays and who has which are records.

use axum::extract::State;
use identity::{Admission, Cause, DayPlan, Hours, WorkingHours};
use record_engine::catalog::USER_TYPE;
use record_engine::context::{instant_text, parse_instant};
use record_engine::{EngineError, FieldError};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::present_one;
use crate::error::Result;
use crate::extract::{Caller, Command, Nothing, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/session/hours" get_own_hours)
            .session_only()
            .summary("The own working hours")
            .answers(200, "WorkingHours"),
        route!(get "/users/{id}/hours" get_user_hours)
            .session_only()
            .summary("The working hours of a user; for whoever keeps the users")
            .answers(200, "WorkingHours"),
        route!(post "/users/{id}/admission" admit_user)
            .session_only()
            .summary("Lets a user in outside of his working hours until a time; for whoever keeps the users")
            .retryable()
            .body("AdmissionInput")
            .answers(200, "WriteAnswer"),
        route!(delete "/users/{id}/admission" end_admission)
            .session_only()
            .summary("Takes the exception from somebody's working hours back; for whoever keeps the users")
            .retryable()
            .answers(200, "WriteAnswer"),
    ]
}

async fn get_own_hours(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    let user_id = caller.session.user_id;
    answer_hours(state, caller, user_id).await
}

async fn get_user_hours(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    answer_hours(state, caller, id).await
}

async fn answer_hours(state: ApiState, caller: Caller, user_id: i64) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let hours = engine.database().read(|tx| identity::working_hours_of(tx, &context, user_id))?;
            Ok(Answer::ok(&describe(&hours)))
        })
        .await
}

fn describe(hours: &WorkingHours) -> JsonValue {
    let instant = |ms: Option<i64>| ms.map(instant_text);
    let (is_open, open_until, opens_at) = match hours.hours {
        None => (true, None, None),
        Some(Hours::Open { until }) => (true, until, None),
        Some(Hours::Closed { opens_at }) => (false, None, opens_at),
    };
    json!({
        "schedule": hours.schedule.as_ref().map(|(id, name)| json!({ "id": id, "title": name })),
        "is_exempt": hours.is_exempt,
        "time_zone": hours.time_zone,
        "minutes_before": hours.grace_minutes.0,
        "minutes_after": hours.grace_minutes.1,
        "is_open": is_open,
        "open_until": instant(open_until),
        "opens_at": instant(opens_at),
        "admitted_until": instant(hours.admitted_until),
        "own_days": hours.own_days,
        "days": hours.days.iter().map(describe_day).collect::<Vec<_>>(),
    })
}

fn describe_day(day: &DayPlan) -> JsonValue {
    let cause = match day.cause {
        Cause::Plan => "plan",
        Cause::Holiday => "holiday",
        Cause::Own => "own",
    };
    json!({ "date": day.date.to_string(), "hours": day.hours, "cause": cause, "name": day.name })
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdmissionInput {
    until: String,
    reason: String,
}

async fn admit_user(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<AdmissionInput>,
) -> Result<Answer> {
    let AdmissionInput { until, reason } = command.body;
    let until_ms = parse_instant(&until)
        .ok_or_else(|| Problem::invalid(vec![FieldError::new("until", "not_an_instant").with("value", until)], ""))?;
    let admission = Admission { until_ms, reason };
    state
        .write(caller, command.retry, move |work| {
            let operation_id = identity::admit_user(work.tx, work.snapshot, work.context, id, &admission)?;
            answer_user(work, id, operation_id)
        })
        .await
}

async fn end_admission(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |work| {
            let operation_id = identity::end_admission(work.tx, work.snapshot, work.context, id)?;
            answer_user(work, id, operation_id)
        })
        .await
}

fn answer_user(work: Work<'_>, id: i64, operation_id: Option<i64>) -> Result<Answer> {
    let Work { tx, snapshot, context } = work;
    let object_type = snapshot.object_type(USER_TYPE)?;
    let record = present_one(tx, context, &snapshot.catalog, &object_type, id)?.ok_or(EngineError::NotFound)?;
    Ok(Answer::ok(&json!({ "record": record, "operation_id": operation_id })).tagged(&record))
}
