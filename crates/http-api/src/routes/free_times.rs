//! Who is free: the hours of some people and what of them is taken, and the next gaps that all have in common.
//!
//! Of what takes somebody's time nothing is told but when, to whoever sees the person (decision 0045).

use axum::extract::State;
use identity::{MOST_DAYS, away_hours, named_holidays, work_days};
use modules::free_time::{Person, Stretch, busy_of, common_gaps, merged, usual_hours, within};
use modules::work::zone_of;
use record_engine::FieldError;
use record_engine::catalog::USER_TYPE;
use record_engine::context::instant_text;
use record_engine::error::EngineError;
use record_engine::query::busy::{BusyQuery, Sight, taken};
use record_engine::query::present::{References, Titles};
use record_engine::query::visible_ids;
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::calendar::{describe_days, span, user_ids};
use crate::error::Result;
use crate::extract::{Caller, Params};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

/// Most gaps that are proposed.
const MOST_GAPS: usize = 12;
/// Longest that is looked for, in minutes.
const LONGEST: i64 = 24 * 60;
const MINUTE_MS: i64 = 60_000;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/calendar/free" get_free_times)
            .summary("When some people are busy, without what with, and the next gaps that all of them have in common")
            .query(&[
                Parameter::text("users").required(),
                Parameter::text("from").required(),
                Parameter::text("to").required(),
                Parameter::integer("minutes"),
                Parameter::text("except"),
            ])
            .answers(200, "FreeTimes"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FreeParams {
    users: String,
    from: String,
    to: String,
    minutes: Option<i64>,
    /// `event-12`: what is being moved takes nobody's time.
    except: Option<String>,
}

async fn get_free_times(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<FreeParams>,
) -> Result<Answer> {
    let span = span(&params.from, &params.to, MOST_DAYS)?;
    let users = user_ids(&params.users)?;
    let minutes = params.minutes.unwrap_or(60);
    if !(1..=LONGEST).contains(&minutes) {
        let problem = FieldError::new("minutes", "out_of_range").with("minimum", 1).with("maximum", LONGEST);
        return Err(Problem::invalid(vec![problem], "").into());
    }
    let except = params.except.as_deref().map(record_key).transpose()?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            engine.database().read(|tx| {
                let object_type = snapshot.object_type(USER_TYPE)?;
                let seen = match visible_ids(tx, &context, &object_type, &users) {
                    Err(EngineError::Forbidden | EngineError::NotFound) => Default::default(),
                    seen => seen?,
                };
                let wanted = References::to(USER_TYPE, seen.iter().copied());
                let titles = Titles::load(tx, &context, &snapshot.catalog, &wanted)?;
                let is_there = |id: &i64| titles.title(USER_TYPE, *id).is_some();
                let users: Vec<i64> = users.iter().copied().filter(is_there).collect();
                let work = work_days(tx, &snapshot, &context, &users, span)?;
                let away = away_hours(tx, &users, span)?;
                let holidays = named_holidays(tx, &snapshot, &context, span)?;
                let mut all = Vec::new();
                for object_type in &snapshot.catalog.object_types {
                    let except = except.as_ref().filter(|(name, _)| *name == object_type.name).map(|(_, id)| *id);
                    let query = BusyQuery { from_ms: span.0, to_ms: span.1, users: &users, sight: Sight::All, except };
                    all.extend(taken(tx, &context, object_type, &query)?);
                }
                let mut people = Vec::new();
                let mut described = Vec::new();
                for &id in &users {
                    let own = work.iter().find(|days| days.user_id == id);
                    let hours = match own {
                        Some(days) => merged(days.days.iter().flat_map(|day| day.hours.clone()).collect()),
                        None => {
                            let zone = zone_of(tx, id)?;
                            usual_hours(&zone, span, |date| holidays.iter().any(|(day, _)| *day == date))
                        }
                    };
                    let mut busy = busy_of(id, &all, &hours);
                    busy.extend(away.iter().filter(|(user, _)| *user == id).flat_map(|(_, hours)| hours.clone()));
                    let person = Person { hours, busy: within(&merged(busy), &[span]) };
                    described.push(json!({
                        "user": titles.reference(USER_TYPE, id),
                        "work": own.map(describe_days),
                        "hours": stretches(&within(&person.hours, &[span])),
                        "busy": stretches(&person.busy),
                    }));
                    people.push(person);
                }
                let gaps = common_gaps(&people, span.0.max(context.now_ms), minutes * MINUTE_MS, MOST_GAPS);
                let gaps = gaps.into_iter().filter(|(_, to)| *to <= span.1).collect::<Vec<_>>();
                let holidays: Vec<JsonValue> =
                    holidays.iter().map(|(date, name)| json!({ "date": date.to_string(), "name": name })).collect();
                Ok(Answer::ok(&json!({ "people": described, "gaps": stretches(&gaps), "holidays": holidays })))
            })
        })
        .await
}

fn stretches(all: &[Stretch]) -> Vec<JsonValue> {
    all.iter().map(|(from, to)| json!({ "from": instant_text(*from), "to": instant_text(*to) })).collect()
}

fn record_key(text: &str) -> Result<(String, i64), Problem> {
    let wrong = || Problem::invalid(vec![FieldError::new("except", "wrong_type")], "");
    let (name, id) = text.rsplit_once('-').ok_or_else(wrong)?;
    Ok((name.to_owned(), id.parse().map_err(|_| wrong())?))
}
