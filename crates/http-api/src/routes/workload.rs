//! Workload: of each person how much is open and due when, and how much of his days is planned, as far as the reader sees it.

use axum::extract::State;
use identity::{named_holidays, work_days};
use modules::free_time::{Stretch, busy_of, day_of, days, length, merged, usual_hours, within};
use modules::work::{zone_named, zone_of};
use record_engine::FieldError;
use record_engine::catalog::USER_TYPE;
use record_engine::context::{instant_text, parse_instant};
use record_engine::filter_form::Filter;
use record_engine::query::busy::{BusyQuery, Sight, taken};
use record_engine::query::page::{ListQuery, Sort, list};
use record_engine::query::present::{References, Titles};
use record_engine::query::work::load::{Load, load};
use record_engine::query::work::{day_start, days_to_monday};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::{check_length, checked_limit, name_list_errors};
use crate::error::Result;
use crate::extract::{Caller, Params};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

/// The type whose records are counted.
const TASKS: &str = "task";
const DEFAULT_LIMIT: usize = 30;
const MAX_LIMIT: usize = 50;
const DAYS: i64 = 7;
const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/work/load" get_work_load)
            .summary("How much work each person has, and how much of a week is planned")
            .query(&[
                Parameter::text("from"),
                Parameter::flag("mine"),
                Parameter::text("search"),
                Parameter::integer("limit"),
                Parameter::text("cursor"),
            ])
            .answers(200, "WorkLoad"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoadParams {
    /// A moment of the first day.
    from: Option<String>,
    /// Only the people below the reader, and himself.
    #[serde(default)]
    mine: bool,
    search: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn get_work_load(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<LoadParams>,
) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, MAX_LIMIT)?;
    check_length("cursor", params.cursor.as_deref())?;
    check_length("search", params.search.as_deref())?;
    let from = match params.from.as_deref() {
        None => None,
        Some(text) => Some(parse_instant(text).ok_or_else(|| {
            Problem::invalid(vec![FieldError::new("from", "not_an_instant").with("value", text)], "")
        })?),
    };
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let me = context.actor.user_id().unwrap_or_default();
            let users = snapshot.object_type(USER_TYPE)?;
            let tasks = snapshot.object_type(TASKS)?;
            let my_people = context.access.my_people().clone();
            engine.database().read(|tx| {
                let zone = zone_of(tx, me)?;
                let now = context.now_ms;
                let from_ms = day_start(from.unwrap_or(now), 0, &zone);
                let to_ms = day_start(from_ms, DAYS, &zone);
                let mut filter = "is_active = true".to_owned();
                if params.mine {
                    let ids = my_people.iter().copied().chain([me]).map(|id| id.to_string()).collect::<Vec<_>>();
                    filter = format!("{filter} and id in ({})", ids.join(", "));
                }
                let asked = ListQuery {
                    filter: Filter::Text(filter).compile(&users, &context)?,
                    sort: Sort::parse("name"),
                    fields: Some(vec!["name".to_owned()]),
                    limit,
                    cursor: params.cursor.clone(),
                    search: params.search.clone(),
                    ..ListQuery::default()
                };
                let page = list(tx, &context, &users, &asked).map_err(name_list_errors)?;
                let ids: Vec<i64> = page.records.iter().map(|record| record.id).collect();
                let moments = [now, day_start(now, 1, &zone), day_start(now, days_to_monday(now, &zone), &zone)];
                let loads = load(tx, &context, &tasks, &ids, (&zone, &moments))?;
                // Hours of a day of somebody on the other side of the world lie a day beside.
                let wide = (from_ms - DAY_MS, to_ms + DAY_MS);
                let work = work_days(tx, &snapshot, &context, &ids, wide)?;
                let holidays = named_holidays(tx, &snapshot, &context, wide)?;
                let mut all = Vec::new();
                for object_type in &snapshot.catalog.object_types {
                    let query = BusyQuery { from_ms: wide.0, to_ms: wide.1, users: &ids, sight: Sight::Own, except: None };
                    all.extend(taken(tx, &context, object_type, &query)?);
                }
                let wanted = References::to(USER_TYPE, ids.iter().copied());
                let titles = Titles::load(tx, &context, &snapshot.catalog, &wanted)?;
                let dates = days(&zone, (from_ms, to_ms));
                let mut items = Vec::new();
                for &id in &ids {
                    let own = work.iter().find(|days| days.user_id == id);
                    let his = match own {
                        Some(days) => zone_named(&days.time_zone),
                        None => zone_of(tx, id)?,
                    };
                    let hours: Vec<Stretch> = match own {
                        Some(days) => days.days.iter().flat_map(|day| day.hours.clone()).collect(),
                        None => usual_hours(&his, wide, |date| holidays.iter().any(|(day, _)| *day == date)),
                    };
                    let busy = busy_of(id, &all, &hours);
                    let of_day = dates.iter().filter_map(|date| {
                        let stretch = day_of(&his, *date)?;
                        let planned = length(&within(&busy, &[stretch])) / MINUTE_MS;
                        let plan = own.and_then(|days| days.days.iter().find(|day| day.date == *date));
                        let working = plan.map(|day| length(&merged(day.hours.clone())) / MINUTE_MS);
                        let name = plan.and_then(|day| day.name.clone());
                        Some(json!({
                            "date": date.to_string(), "planned_minutes": planned, "working_minutes": working, "name": name,
                        }))
                                        });
                    let days_of: Vec<JsonValue> = of_day.collect();
                    items.push(json!({
                        "user": titles.reference(USER_TYPE, id),
                        "counts": counts(loads.get(&id)),
                        "is_capped": loads.get(&id).is_some_and(|load| load.is_capped),
                        "days": days_of,
                    }));
                }
                Ok(Answer::ok(&json!({
                    "items": items,
                    "next_cursor": page.next_cursor,
                    "from": instant_text(from_ms),
                    "has_people": my_people.iter().any(|id| *id != me),
                })))
            })
        })
        .await
}

/// Late; due today from now on; due this week from now on, today too; without a deadline; all of it.
fn counts(load: Option<&Load>) -> JsonValue {
    let part = |at: usize| load.and_then(|load| load.parts.get(at)).copied().unwrap_or_default();
    let (late, today, week, later, none) = (part(0), part(1), part(2), part(3), part(4));
    json!({
        "open": late + today + week + later + none, "overdue": late, "today": today, "week": today + week, "none": none,
    })
}
