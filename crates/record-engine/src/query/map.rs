//! Records on a map: those that a list would show, each at the place of its primary address, as clusters.
//!
//! A record stands at the exact point of its address or, without one, in the town that the gazetteer finds. The database counts: records
//! without a point by the text of their town, those with one by small squares; so the work in memory is that of the towns and squares, however
//! many records there are. What must stay true: the rows and the field are those that the reader sees.

use std::collections::HashMap;
use std::time::Duration;

use database::{Query, ReadTx, Row, Value, quote_identifier};
use filter_language::{Area, CheckedExpr, Condition, FieldPath, Literal, Operand, Operator, Point};
use gazetteer::Bounds;

use super::compile::Predicate;
use super::conditions::Fragment;
use super::page::{MAX_LIMIT, ids_term, smallest_source, too_slow};
use super::search;
use crate::access::{Action, Scope};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::field_types::{FieldKind, PLACE};

/// The closest look at the world.
pub const MAX_ZOOM: u32 = 18;
/// How long a map may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// Pixels of the whole world at zoom 0, as maps on the web have it.
const WORLD: f64 = 256.0;
/// Nearer than so many pixels two places are one cluster.
const RADIUS: f64 = 48.0;
/// Squares of so many pixels are counted by the database.
const SQUARE: f64 = 6.0;
/// A picture is no wider than so many pixels: a closer look at more of the world is answered as one from further away.
const MAX_PIXELS: f64 = 4096.0;
/// Beyond this latitude the world of the web maps ends.
const MAX_LATITUDE: f64 = 85.0511;
const DEGREE: f64 = 1e6;

/// What a map asks for.
#[derive(Clone, Debug)]
pub struct MapQuery {
    /// Checked and resolved filter.
    pub filter: CheckedExpr,
    /// Part of a name, phone, e-mail …
    pub search: Option<String>,
    /// The part of the world that is looked at.
    pub bounds: Bounds,
    /// How closely: the world is 256 pixels wide at 0, and twice as wide with each step.
    pub zoom: u32,
}

/// Records that stand together, as far as one can see at the zoom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Where it is drawn: the place that has most of its records. Millionths of a degree.
    pub latitude_e6: i64,
    /// East of Greenwich.
    pub longitude_e6: i64,
    /// How many records.
    pub count: i64,
    /// What it spans.
    pub bounds: Bounds,
    /// Its record, when it has only one.
    pub record: Option<i64>,
    /// Whether the place of the most is an exact point and no town.
    pub is_exact: bool,
    /// The town with the most records, as an address has it.
    pub city: Option<String>,
    /// When all of it is one town: how its addresses write the city, and the country.
    pub town: Option<Spellings>,
}

/// How addresses write one town.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spellings {
    /// The cities, the most frequent first.
    pub cities: Vec<String>,
    /// The country that they all have.
    pub country: Option<String>,
}

/// A map.
#[derive(Clone, Debug)]
pub struct Map {
    /// What is seen in the part that was asked for, the largest first.
    pub clusters: Vec<Cluster>,
    /// How many records the list shows, wherever they are.
    pub total: i64,
    /// Those of them that have no place anywhere: no address, or a town that nobody knows.
    pub without_place: i64,
    /// The search took only the first of what it found.
    pub is_capped: bool,
}

/// Some records at one place.
struct Place {
    latitude_e6: i64,
    longitude_e6: i64,
    bounds: Bounds,
    count: i64,
    record: i64,
    /// City and country as they are written; `None` for exact points.
    written: Option<(String, Option<String>)>,
}

/// The field of the addresses, if the type has one and the reader may see it.
///
/// # Errors
/// `NotFound`.
fn address_field<'a>(object_type: &'a ObjectType, scope: &Scope) -> Result<&'a Field> {
    let mut fields = object_type.value_fields();
    fields
        .find(|field| matches!(field.kind, FieldKind::Addresses(_)) && scope.shows(field))
        .ok_or(EngineError::NotFound)
}

/// Draws a map of what a list shows.
///
/// # Errors
/// `NotFound` for a type without addresses, `TooSlow` when it takes too long, those of filters.
pub fn map(tx: &mut ReadTx, context: &RequestContext, object_type: &ObjectType, query: &MapQuery) -> Result<Map> {
    let scope = Scope::of(context, object_type, Action::See)?;
    scope.check_fields(query.filter.expr())?;
    let field = address_field(object_type, &scope)?;
    tx.set_deadline(DEADLINE)?;
    let mut predicate = Predicate::of_filter(tx, object_type, scope.rows(), &query.filter).map_err(too_slow)?;
    let mut is_capped = false;
    if let Some(text) = query.search.as_deref().filter(|text| !text.trim().is_empty()) {
        let ids = search::candidates(tx, context, object_type, &predicate, text, false).map_err(too_slow)?;
        is_capped = ids.len() >= search::MAX_CANDIDATES;
        predicate = Predicate { terms: vec![ids_term(&ids)] };
    }
    let source = smallest_source(tx, object_type, &predicate, MAX_LIMIT).map_err(too_slow)?;
    let matching = Matching { object_type, child: object_type.child_table(field), predicate, source };
    let zoom = possible_zoom(&query.bounds, query.zoom);
    let total = matching.count(tx).map_err(too_slow)?;
    let (mut places, with_place) = matching.in_towns(tx, &query.bounds).map_err(too_slow)?;
    places.extend(matching.at_points(tx, &query.bounds, zoom).map_err(too_slow)?);
    Ok(Map { clusters: clusters(places, zoom), total, without_place: total - with_place, is_capped })
}

/// The condition that a map shows a record in a part of the world.
///
/// # Errors
/// `NotFound` for a type without addresses.
pub(super) fn within(object_type: &ObjectType, scope: &Scope, bounds: &Bounds) -> Result<CheckedExpr> {
    let field = address_field(object_type, scope)?;
    let corner = |latitude_e6, longitude_e6| Point { latitude_e6, longitude_e6 };
    let area = Area::rectangle(corner(bounds.south, bounds.west), corner(bounds.north, bounds.east));
    Ok(CheckedExpr::condition(Condition {
        field: FieldPath::part(&field.name, PLACE),
        operator: Operator::In,
        value: Operand::Many(vec![Literal::Text(area.to_string())]),
    }))
}

/// The records that a list shows.
struct Matching<'a> {
    object_type: &'a ObjectType,
    child: String,
    predicate: Predicate,
    source: Option<Fragment>,
}

impl Matching<'_> {
    /// A statement over the live records that match, as `t`.
    fn statement(&self, select: &str, join: &str, then: &str) -> Fragment {
        let table = quote_identifier(self.object_type.table());
        let mut made = Fragment::default();
        match &self.source {
            Some(source) => {
                made.push("WITH d (id) AS (SELECT DISTINCT * FROM (");
                made.append(source);
                made.push(&format!(
                    ") s) SELECT {select} FROM d JOIN {table} t ON t.id = d.id {join} WHERE t.deleted_at IS NULL"
                ));
            }
            None => made.push(&format!("SELECT {select} FROM {table} t {join} WHERE t.deleted_at IS NULL")),
        }
        made.append(&self.predicate.and_sql());
        made.push(then);
        made
    }

    /// How many there are.
    fn count(&self, tx: &mut dyn Query) -> Result<i64> {
        let statement = self.statement("COUNT(*)", "", "");
        Ok(tx.query_one(&statement.sql, &statement.params)?.integer(0)?)
    }

    /// The places of records without an exact point, and how many have a place of either kind anywhere.
    fn in_towns(&self, tx: &mut dyn Query, bounds: &Bounds) -> Result<(Vec<Place>, i64)> {
        let statement = self.statement(
            "COUNT(*), MIN(t.id), MIN(c.country), MIN(c.region), MIN(c.city), MAX(c.latitude)",
            &format!("JOIN {} c ON c.record_id = t.id AND c.is_primary = 1", self.child),
            " GROUP BY c.country_key, c.region_key, c.city_key, CASE WHEN c.latitude IS NULL THEN 0 ELSE 1 END",
        );
        let mut places = Vec::new();
        let mut with_place = 0;
        let mut known = Towns::default();
        for mut row in tx.query(&statement.sql, &statement.params)? {
            let (count, record) = (row.integer(0)?, row.integer(1)?);
            if row.optional_integer(5)?.is_some() {
                with_place += count;
                continue;
            }
            let [country, region, city] = [2, 3, 4].map(|at| text(&mut row, at));
            let found = known.place(country.as_deref(), region.as_deref(), city.as_deref());
            let Some((latitude_e6, longitude_e6)) = found else { continue };
            with_place += count;
            if bounds.holds(latitude_e6, longitude_e6) {
                places.push(Place {
                    latitude_e6,
                    longitude_e6,
                    bounds: point(latitude_e6, longitude_e6),
                    count,
                    record,
                    written: city.map(|city| (city, country)),
                });
            }
        }
        Ok((places, with_place))
    }

    /// The exact points, those of a small square together.
    #[expect(clippy::cast_possible_truncation, reason = "at most 360 million")]
    fn at_points(&self, tx: &mut dyn Query, bounds: &Bounds, zoom: u32) -> Result<Vec<Place>> {
        let side = ((360.0 * DEGREE * SQUARE / world_width(zoom)) as i64).max(1);
        let mut statement = self.statement(
            "COUNT(*), MIN(t.id), MIN(c.latitude), MAX(c.latitude), MIN(c.longitude), MAX(c.longitude)",
            &format!("JOIN {} c ON c.record_id = t.id AND c.is_primary = 1", self.child),
            " AND c.latitude BETWEEN ? AND ? AND c.longitude BETWEEN ? AND ?",
        );
        statement.params.extend([bounds.south, bounds.north, bounds.west, bounds.east].map(Value::Integer));
        // Both numbers are made positive, so that the division rounds to one side.
        statement.push(&format!(" GROUP BY (c.latitude + 90000000) / {side}, (c.longitude + 180000000) / {side}"));
        let rows = tx.query(&statement.sql, &statement.params)?;
        rows.into_iter()
            .map(|row| {
                let [south, north, west, east] = [row.integer(2)?, row.integer(3)?, row.integer(4)?, row.integer(5)?];
                Ok(Place {
                    latitude_e6: south.midpoint(north),
                    longitude_e6: west.midpoint(east),
                    bounds: Bounds { west, south, east, north },
                    count: row.integer(0)?,
                    record: row.integer(1)?,
                    written: None,
                })
            })
            .collect()
    }
}

pub(super) fn text(row: &mut Row, at: usize) -> Option<String> {
    match row.take_value(at) {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// Where towns lie; each spelling is looked up once.
#[derive(Default)]
pub(super) struct Towns(HashMap<[String; 3], Option<(i64, i64)>>);

impl Towns {
    pub(super) fn place(
        &mut self,
        country: Option<&str>,
        region: Option<&str>,
        city: Option<&str>,
    ) -> Option<(i64, i64)> {
        let city = city?;
        let names = [country.unwrap_or_default(), region.unwrap_or_default(), city].map(String::from);
        *self.0.entry(names).or_insert_with_key(|[country, region, city]| {
            gazetteer::find(country, region, city).map(|town| (town.latitude_e6, town.longitude_e6))
        })
    }
}

fn point(latitude_e6: i64, longitude_e6: i64) -> Bounds {
    Bounds { west: longitude_e6, south: latitude_e6, east: longitude_e6, north: latitude_e6 }
}

fn world_width(zoom: u32) -> f64 {
    WORLD * f64::from(2_u32.pow(zoom.min(MAX_ZOOM)))
}

/// The asked zoom, or the closest one at which the part of the world is no picture of thousands of pixels.
#[expect(clippy::cast_precision_loss, reason = "at most 360 million")]
fn possible_zoom(bounds: &Bounds, zoom: u32) -> u32 {
    let share = (bounds.east - bounds.west).max(bounds.north - bounds.south) as f64 / (360.0 * DEGREE);
    (0..=zoom.min(MAX_ZOOM)).rev().find(|zoom| share * world_width(*zoom) <= MAX_PIXELS).unwrap_or(0)
}

/// Where a place lies in the picture of the world (Mercator), in pixels.
#[expect(clippy::cast_precision_loss, reason = "at most 180 million")]
fn pixels(place: &Place, width: f64) -> (f64, f64) {
    let x = (place.longitude_e6 as f64 / DEGREE / 360.0 + 0.5) * width;
    let latitude = (place.latitude_e6 as f64 / DEGREE).clamp(-MAX_LATITUDE, MAX_LATITUDE).to_radians();
    let y = (0.5 - latitude.tan().asinh() / std::f64::consts::TAU) * width;
    (x, y)
}

/// A cluster that is being put together.
struct Growing {
    x: f64,
    y: f64,
    cluster: Cluster,
    /// Spellings of its towns; `None` as soon as they are not one town.
    town: Option<Vec<(String, Option<String>)>>,
}

/// Puts together what is too near to each other: the place with the most records draws those around it.
#[expect(clippy::cast_possible_truncation, reason = "cells of a picture of some thousand pixels")]
fn clusters(mut places: Vec<Place>, zoom: u32) -> Vec<Cluster> {
    let width = world_width(zoom);
    places.sort_by_key(|place| (-place.count, place.record));
    let cell = |x: f64, y: f64| ((x / RADIUS).floor() as i64, (y / RADIUS).floor() as i64);
    let mut growing: Vec<Growing> = Vec::new();
    let mut by_cell: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    for place in places {
        let (x, y) = pixels(&place, width);
        let (column, row) = cell(x, y);
        let near = (column - 1..=column + 1)
            .flat_map(|column| (row - 1..=row + 1).map(move |row| (column, row)))
            .filter_map(|cell| by_cell.get(&cell))
            .flatten()
            .filter_map(|at| growing.get(*at).map(|other| (*at, (other.x - x).hypot(other.y - y))))
            .filter(|(_, distance)| *distance < RADIUS)
            .min_by(|(_, one), (_, other)| one.total_cmp(other));
        match near.and_then(|(at, _)| growing.get_mut(at)) {
            Some(found) => found.add(place),
            None => {
                by_cell.entry((column, row)).or_default().push(growing.len());
                growing.push(Growing::new(place, x, y));
            }
        }
    }
    let mut made: Vec<Cluster> = growing.into_iter().map(Growing::finished).collect();
    made.sort_by_key(|cluster| (-cluster.count, cluster.longitude_e6, cluster.latitude_e6));
    made
}

impl Growing {
    fn new(place: Place, x: f64, y: f64) -> Growing {
        let cluster = Cluster {
            latitude_e6: place.latitude_e6,
            longitude_e6: place.longitude_e6,
            count: place.count,
            bounds: place.bounds,
            record: (place.count == 1).then_some(place.record),
            is_exact: place.written.is_none(),
            city: place.written.as_ref().map(|(city, _)| city.clone()),
            town: None,
        };
        Growing { x, y, cluster, town: place.written.map(|written| vec![written]) }
    }

    fn add(&mut self, place: Place) {
        let Cluster { bounds, count, record, city, latitude_e6, longitude_e6, .. } = &mut self.cluster;
        *count += place.count;
        *record = None;
        bounds.west = bounds.west.min(place.bounds.west);
        bounds.south = bounds.south.min(place.bounds.south);
        bounds.east = bounds.east.max(place.bounds.east);
        bounds.north = bounds.north.max(place.bounds.north);
        if city.is_none() {
            *city = place.written.as_ref().map(|(city, _)| city.clone());
        }
        let is_same = (place.latitude_e6, place.longitude_e6) == (*latitude_e6, *longitude_e6);
        match (&mut self.town, place.written) {
            (Some(spellings), Some(written)) if is_same => spellings.push(written),
            (town, _) => *town = None,
        }
    }

    fn finished(self) -> Cluster {
        let Growing { mut cluster, town, .. } = self;
        cluster.town = town.map(|spellings| {
            let first = spellings.first().and_then(|(_, country)| country.clone());
            let country = first.filter(|first| spellings.iter().all(|(_, country)| country.as_ref() == Some(first)));
            let mut cities: Vec<String> = Vec::new();
            for (city, _) in spellings {
                if !cities.contains(&city) {
                    cities.push(city);
                }
            }
            Spellings { cities, country }
        });
        cluster
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    fn place(latitude: i64, longitude: i64, count: i64, city: Option<&str>) -> Place {
        let (latitude_e6, longitude_e6) = (latitude * 10_000, longitude * 10_000);
        Place {
            latitude_e6,
            longitude_e6,
            bounds: point(latitude_e6, longitude_e6),
            count,
            record: count,
            written: city.map(|city| (city.into(), Some("UA".into()))),
        }
    }

    fn around_kyiv() -> Vec<Place> {
        vec![
            place(5051, 3079, 1, Some("Бровари")),
            place(5045, 3052, 40, Some("Київ")),
            place(5045, 3052, 2, Some("Киев")),
            place(4984, 2402, 7, Some("Львів")),
        ]
    }

    #[test]
    fn near_places_are_one_cluster_until_one_looks_closer() {
        let counts =
            |zoom: u32| -> Vec<i64> { clusters(around_kyiv(), zoom).iter().map(|found| found.count).collect() };
        assert_eq!(counts(2), [50]);
        assert_eq!(counts(6), [43, 7]);
        assert_eq!(counts(9), [42, 7, 1]);
    }

    #[test]
    fn a_cluster_tells_what_it_holds() {
        let found = clusters(around_kyiv(), 9);
        let kyiv = found.first().unwrap();
        assert_eq!(
            kyiv.town,
            Some(Spellings { cities: vec!["Київ".into(), "Киев".into()], country: Some("UA".into()) })
        );
        assert_eq!((kyiv.record, kyiv.bounds.west == kyiv.bounds.east), (None, true));
        assert_eq!(found.last().unwrap().record, Some(1));
        let wide = clusters(around_kyiv(), 6);
        assert_eq!((wide[0].city.as_deref(), wide[0].town.as_ref()), (Some("Київ"), None));
        assert_eq!(wide[0].bounds.east, 30_790_000);
    }

    #[test]
    fn the_whole_world_is_not_drawn_at_its_closest() {
        let world = Bounds { west: -180_000_000, south: -85_000_000, east: 180_000_000, north: 85_000_000 };
        assert_eq!(possible_zoom(&world, 18), 4);
        assert_eq!(possible_zoom(&point(0, 0), 30), MAX_ZOOM);
    }
}
