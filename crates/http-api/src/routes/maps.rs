//! Maps: records as clusters, the place of an address, and the towns that a map is labelled with.

use axum::extract::State;
use filter_language::CheckedExpr;
use gazetteer::{Bounds, Town};
use record_engine::FieldError;
use record_engine::query::map::{Cluster, MAX_ZOOM, MapQuery, map};
use record_engine::query::present::{References, Titles};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::{Filter, check_length, checked_limit};
use crate::error::Result;
use crate::extract::{Caller, Params, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

/// Most towns that a map is labelled with.
const MAX_TOWNS: usize = 200;
const DEFAULT_TOWNS: usize = 60;
/// Millionths of a degree.
const DEGREE: f64 = 1e6;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/records/{type}/map" get_map)
            .summary("What a list shows, as clusters on a map")
            .query(&[
                Parameter::text("filter"),
                Parameter::text("search"),
                Parameter::text("bbox"),
                Parameter::integer("zoom"),
            ])
            .answers(200, "RecordMap"),
        route!(get "/places/town" get_town)
            .summary("Where the town of an address lies")
            .query(&[Parameter::text("city").required(), Parameter::text("region"), Parameter::text("country")])
            .answers(200, "FoundPlace"),
        route!(get "/places/towns" list_towns)
            .summary("The largest towns of a part of the world")
            .query(&[Parameter::text("bbox"), Parameter::integer("limit")])
            .answers(200, "Towns"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MapParams {
    filter: Option<String>,
    search: Option<String>,
    bbox: Option<String>,
    zoom: Option<u32>,
}

async fn get_map(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Params(params): Params<MapParams>,
) -> Result<Answer> {
    check_length("search", params.search.as_deref())?;
    let bounds = bounds(params.bbox.as_deref())?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let filter = match params.filter {
                Some(text) => Filter::Text(text).compile(&object_type, &context)?,
                None => CheckedExpr::all(),
            };
            let zoom = params.zoom.unwrap_or(0).min(MAX_ZOOM);
            let query = MapQuery { filter, search: params.search, bounds, zoom };
            engine.database().read(|tx| {
                let drawn = map(tx, &context, &object_type, &query)?;
                let alone = drawn.clusters.iter().filter_map(|cluster| cluster.record);
                let wanted = References::to(&object_type.name, alone);
                let titles = Titles::load(tx, &context, &snapshot.catalog, &wanted)?;
                let clusters: Vec<JsonValue> =
                    drawn.clusters.iter().map(|cluster| shown(cluster, &object_type.name, &titles)).collect();
                Ok(Answer::ok(&json!({
                    "clusters": clusters,
                    "total": drawn.total,
                    "without_place": drawn.without_place,
                    "is_capped": drawn.is_capped,
                })))
            })
        })
        .await
}

fn shown(cluster: &Cluster, type_name: &str, titles: &Titles) -> JsonValue {
    let Bounds { west, south, east, north } = cluster.bounds;
    let bounds = [west, south, east, north].map(degrees);
    let town = cluster.town.as_ref().map(|town| json!({ "cities": town.cities, "country": town.country }));
    json!({
        "latitude": degrees(cluster.latitude_e6),
        "longitude": degrees(cluster.longitude_e6),
        "count": cluster.count,
        "bounds": bounds,
        "is_exact": cluster.is_exact,
        "city": cluster.city,
        "town": town,
        "record": cluster.record.map(|id| titles.reference(type_name, id)),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TownQuery {
    city: String,
    region: Option<String>,
    country: Option<String>,
}

async fn get_town(State(state): State<ApiState>, _caller: Caller, Params(params): Params<TownQuery>) -> Result<Answer> {
    let TownQuery { city, region, country } = params;
    state
        .run(move |_| {
            let found = gazetteer::find(&country.unwrap_or_default(), &region.unwrap_or_default(), &city);
            Ok(Answer::ok(&json!({ "town": found.map(town) })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TownParams {
    bbox: Option<String>,
    limit: Option<usize>,
}

async fn list_towns(
    State(state): State<ApiState>,
    _caller: Caller,
    Params(params): Params<TownParams>,
) -> Result<Answer> {
    let bounds = bounds(params.bbox.as_deref())?;
    let limit = checked_limit(params.limit, DEFAULT_TOWNS, MAX_TOWNS)?;
    state
        .run(move |_| {
            let towns: Vec<JsonValue> = gazetteer::largest_within(&bounds, limit).into_iter().map(town).collect();
            Ok(Answer::ok(&json!({ "towns": towns })))
        })
        .await
}

fn town(town: &Town) -> JsonValue {
    let [en, ru, uk] = &town.names;
    json!({
        "latitude": degrees(town.latitude_e6),
        "longitude": degrees(town.longitude_e6),
        "names": { "en": en, "ru": ru, "uk": uk },
    })
}

#[expect(clippy::cast_precision_loss, reason = "at most 180 million")]
fn degrees(millionths: i64) -> f64 {
    millionths as f64 / DEGREE
}

/// Reads `west,south,east,north` in degrees; the whole world when there is nothing to read.
#[expect(clippy::cast_possible_truncation, reason = "at most 180 million")]
pub(super) fn bounds(text: Option<&str>) -> Result<Bounds, Problem> {
    let numbers: Vec<f64> =
        text.unwrap_or("-180,-90,180,90").split(',').filter_map(|part| part.trim().parse().ok()).collect();
    let wrong = || Problem::invalid(vec![FieldError::new("bbox", "wrong_type")], "");
    let [west, south, east, north] = *numbers.as_slice() else { return Err(wrong()) };
    let is_within = [west, east].iter().all(|number| number.abs() <= 180.0)
        && [south, north].iter().all(|number| number.abs() <= 90.0)
        && west <= east
        && south <= north;
    if !is_within {
        return Err(wrong());
    }
    let [west, south, east, north] = [west, south, east, north].map(|number| (number * DEGREE).round() as i64);
    Ok(Bounds { west, south, east, north })
}

#[cfg(test)]
mod tests {
    use super::bounds;

    #[test]
    fn a_part_of_the_world_has_four_sides() {
        let check = |text: &str, expect: Option<i64>| {
            assert_eq!(bounds(Some(text)).ok().map(|found| found.west), expect, "{text}");
        };
        check("22.5,44,40,52", Some(22_500_000));
        check("-180, -85, 180, 85", Some(-180_000_000));
        for wrong in ["", "1,2,3", "1,2,3,4,5", "40,44,22,52", "0,0,181,1", "0,-91,1,1", "NaN,0,1,1", "a,b,c,d"] {
            check(wrong, None);
        }
        assert!(bounds(None).is_ok());
    }
}
