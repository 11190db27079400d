//! The exact place of an address, asked of the service that an administrator has named.

use std::time::Duration;

use axum::extract::State;
use modules::geocoding::{EgressError, FindPlaces, FoundPlace, code_of};
use record_engine::EngineError;
use record_engine::access::Feature;
use record_engine::bulk::Selection;
use record_engine::jobs;
use serde::Deserialize;
use serde_json::json;

use super::jobs::present_job;
use super::record_lists::Filter;
use super::record_writes::selection_of;
use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::{Caller, Command, Json, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

/// Longest part of an address that is asked about, in characters; as long as a stored one may be.
const MAX_PART: usize = 500;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/places/find" find_place)
            .summary(
                "Asks the address service, or one that an administrator tries, where an address is; nothing is stored",
            )
            .body("AddressQuestion")
            .answers(200, "ExactPlace"),
        route!(post "/records/{type}/places" find_places)
            .summary("Finds the exact places of many records in a job, one question a second to the address service")
            .retryable()
            .body("PlacesInput")
            .answers(202, "JobAnswer"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressQuestion {
    street: String,
    postcode: Option<String>,
    city: Option<String>,
    region: Option<String>,
    country: Option<String>,
    /// Another service than the one in force, to be tried before it is named.
    geocoder_url: Option<String>,
}

async fn find_place(
    State(state): State<ApiState>,
    caller: Caller,
    Json(asked): Json<AddressQuestion>,
) -> Result<Answer> {
    let AddressQuestion { street, postcode, city, region, country, geocoder_url } = asked;
    let parts: Vec<String> = [Some(street), city, region, postcode, country]
        .into_iter()
        .flatten()
        .map(|part| part.chars().take(MAX_PART).collect())
        .collect();
    let words: Vec<&str> = parts.iter().map(String::as_str).collect();
    let geocoder = state.geocoder();
    let template = match geocoder_url {
        Some(url) => tried(&caller, &state, url.trim())?,
        None => state.engine().snapshot().installation.geocoder_url.clone(),
    };
    if template.is_empty() {
        return Err(Problem::state("no_address_service").into());
    }
    let now_ms = state.engine().clock().now_ms();
    if let Some(known) = geocoder.recall(now_ms, &template, &words) {
        return Ok(answer_of(known));
    }
    // Before the lane, which one user alone would fill.
    let turn = geocoder.admit(caller.session.user_id, now_ms).map_err(too_often)?;
    state
        .run_in(Lane::Outside, move |engine| {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let found = geocoder.find(engine.clock().now_ms(), &template, &parts).map_err(|error| refusal(&error))?;
            drop(turn);
            Ok(answer_of(found))
        })
        .await
}

/// The address of a service that is tried: what only an administrator may name only he tries.
fn tried(caller: &Caller, state: &ApiState, url: &str) -> Result<String> {
    if !caller.context(state.engine()).may(Feature::Company) {
        return Err(EngineError::Forbidden.into());
    }
    match identity::check_geocoder_url(url) {
        Some(error) => Err(Problem::invalid(vec![error], "").into()),
        None => Ok(url.to_owned()),
    }
}

fn answer_of(found: Option<FoundPlace>) -> Answer {
    let place = found.map(|place| {
        json!({
            "latitude": place.latitude, "longitude": place.longitude, "name": place.name, "is_exact": place.is_exact,
        })
    });
    Answer::ok(&json!({ "place": place }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacesInput {
    ids: Option<Vec<i64>>,
    filter: Option<Filter>,
}

async fn find_places(
    State(state): State<ApiState>,
    caller: Caller,
    Path(object_type): Path<String>,
    command: Command<PlacesInput>,
) -> Result<Answer> {
    let PlacesInput { ids, filter } = command.body;
    let selection: Selection = selection_of(ids, filter)?;
    let wanted = FindPlaces { object_type, selection };
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let id = jobs::enqueue(tx, context, &wanted.clone().into_job(snapshot, context)?)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, id)? })))
        })
        .await
}

fn refusal(error: &EgressError) -> Problem {
    Problem::state(code_of(error)).caused_by(error)
}

fn too_often(retry_after_ms: i64) -> Problem {
    let seconds = u64::try_from(retry_after_ms).unwrap_or_default().div_ceil(1_000).max(1);
    Problem::new("too_many_questions").with("retry_after", seconds).retry_after(Duration::from_secs(seconds))
}
