//! The calendar: what stands in a span of time, of one person or several, and when they work.

use axum::extract::State;
use identity::{Cause, MOST_DAYS, WorkDay, WorkDays};
use record_engine::FieldError;
use record_engine::access::{Action, Scope};
use record_engine::catalog::USER_TYPE;
use record_engine::context::{instant_text, parse_instant};
use record_engine::query::calendar::{CalendarQuery, entries};
use record_engine::query::present;
use record_engine::query::present::{References, Titles};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::name_list_errors;
use crate::error::Result;
use crate::extract::{Caller, Params};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

/// Most people whose time is shown together.
const MAX_USERS: usize = 20;
const DAY_MS: i64 = 86_400_000;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/calendar" get_calendar)
            .summary("What stands in a span of time, of the reader or of several people, and when they work")
            .query(&[
                Parameter::text("from").required(),
                Parameter::text("to").required(),
                Parameter::text("users"),
                Parameter::text("types"),
                Parameter::flag("open"),
            ])
            .answers(200, "Calendar"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarParams {
    from: String,
    to: String,
    users: Option<String>,
    types: Option<String>,
    #[serde(default)]
    open: bool,
}

async fn get_calendar(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<CalendarParams>,
) -> Result<Answer> {
    let span = span(&params.from, &params.to, MOST_DAYS)?;
    let users = match params.users.as_deref() {
        Some(text) => user_ids(text)?,
        None => vec![caller.session.user_id],
    };
    let types = params.types.as_deref().map(names);
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            for name in types.iter().flatten() {
                snapshot.object_type(name)?;
            }
            let asked = CalendarQuery { from_ms: span.0, to_ms: span.1, users: &users, leaves_done: params.open };
            let (mut items, mut is_capped) = (Vec::new(), false);
            for object_type in &snapshot.catalog.object_types {
                let is_asked = types.as_ref().is_none_or(|names| names.contains(&object_type.name));
                let fields = object_type.calendar_of(&context.permissions(object_type));
                let (true, Some(fields)) = (is_asked, fields) else { continue };
                if Scope::of(&context, object_type, Action::See).is_err() {
                    continue;
                }
                // Each type has a deadline of its own, as a list has.
                engine.database().read(|tx| {
                    let found = entries(tx, &context, object_type, &fields, &asked).map_err(name_list_errors)?;
                    is_capped |= found.is_capped;
                    let shown = present(tx, &context, &snapshot.catalog, object_type, &found.records)?;
                    items.extend(shown.iter().map(|record| record.to_json()));
                    Ok::<_, crate::error::ApiError>(())
                })?;
            }
            engine.database().read(|tx| {
                let days = identity::work_days(tx, &snapshot, &context, &users, span)?;
                let holidays = identity::named_holidays(tx, &snapshot, &context, span)?;
                let wanted = References::to(USER_TYPE, users.iter().copied());
                let titles = Titles::load(tx, &context, &snapshot.catalog, &wanted)?;
                let people: Vec<JsonValue> = users
                    .iter()
                    .map(|id| {
                        let days = days.iter().find(|days| days.user_id == *id);
                        json!({ "user": titles.reference(USER_TYPE, *id), "work": days.map(describe_days) })
                    })
                    .collect();
                let holidays: Vec<JsonValue> =
                    holidays.iter().map(|(date, name)| json!({ "date": date.to_string(), "name": name })).collect();
                Ok(Answer::ok(&json!({
                    "items": items,
                    "is_capped": is_capped,
                    "people": people,
                    "holidays": holidays,
                })))
            })
        })
        .await
}

pub(super) fn describe_days(work: &WorkDays) -> JsonValue {
    json!({ "time_zone": work.time_zone, "days": work.days.iter().map(describe_day).collect::<Vec<_>>() })
}

fn describe_day(day: &WorkDay) -> JsonValue {
    let cause = match day.cause {
        Cause::Plan => "plan",
        Cause::Holiday => "holiday",
        Cause::Own => "own",
    };
    let hours: Vec<JsonValue> =
        day.hours.iter().map(|(from, to)| json!({ "from": instant_text(*from), "to": instant_text(*to) })).collect();
    json!({ "date": day.date.to_string(), "hours": hours, "cause": cause, "name": day.name })
}

/// Both moments, of which the first comes first, not further apart than so many days.
pub(super) fn span(from: &str, to: &str, most_days: i64) -> Result<(i64, i64), Problem> {
    let at = |name: &'static str, text: &str| {
        parse_instant(text).ok_or_else(|| FieldError::new(name, "not_an_instant").with("value", text))
    };
    let (from, to) = (at("from", from), at("to", to));
    let problem = match (from, to) {
        (Ok(from), Ok(to)) if from >= to => FieldError::new("from", "after_end"),
        (Ok(from), Ok(to)) if to - from > most_days * DAY_MS => {
            FieldError::new("to", "too_many_days").with("max", most_days)
        }
        (Ok(from), Ok(to)) => return Ok((from, to)),
        (Err(error), _) | (_, Err(error)) => error,
    };
    Err(Problem::invalid(vec![problem], ""))
}

fn names(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(String::from).collect()
}

pub(super) fn user_ids(text: &str) -> Result<Vec<i64>, Problem> {
    let wrong = |code: &str| Problem::invalid(vec![FieldError::new("users", code).with("max", MAX_USERS)], "");
    let mut ids = Vec::new();
    for part in names(text) {
        let id = part.parse::<i64>().ok().filter(|id| *id > 0).ok_or_else(|| wrong("wrong_type"))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    match ids.len() {
        0 => Err(wrong("required")),
        count if count > MAX_USERS => Err(wrong("too_many_values")),
        _ => Ok(ids),
    }
}
