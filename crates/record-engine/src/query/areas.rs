//! Conditions about parts of the map, made ready for SQL.
//!
//! An address without an exact point stands in the town that the gazetteer finds for its words, which no database knows. So before such a
//! condition becomes SQL, the spellings of towns in the base are read and those that lie inside are written into it, beside its areas.
//! What must stay true: the answer is that of [`filter_language::matches`] over the value of the field.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Value};
use filter_language::{Area, CheckedExpr, Condition, Literal, Operand, Point};

use super::conditions::Fragment;
use super::map::{Towns, text};
use crate::catalog::{Field, ObjectType};
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::{FieldKind, PLACE};

/// Most spellings of towns that the areas of one filter hold: each is three or four values, which stand in the plan and in the condition of
/// a statement, and SQLite takes 32,766 values in one.
const MAX_TOWNS: usize = 3_500;
/// Most areas of one filter: each is a branch of an `OR`, of which SQLite takes a thousand.
const MAX_AREAS: usize = 100;
/// Between the keys of country, region and city; no key holds it.
const SEPARATOR: char = '\n';

/// The spelling of a town as it stands in the columns of keys: country, region, city.
type Keys = [String; 3];

/// The filter with the towns of the base in its conditions about the map.
///
/// # Errors
/// `Invalid` for areas with too many towns; those of the database.
pub(super) fn ground(tx: &mut dyn Query, object_type: &ObjectType, filter: &CheckedExpr) -> Result<CheckedExpr> {
    let mut towns: BTreeMap<String, Vec<(Keys, Point)>> = BTreeMap::new();
    for condition in filter.expr().conditions() {
        if let Some(field) = place_field(object_type, condition)
            && !towns.contains_key(&field.name)
        {
            towns.insert(field.name.clone(), read_towns(tx, object_type, field)?);
        }
    }
    if towns.is_empty() {
        return Ok(filter.clone());
    }
    let (mut count, mut area_count) = (0, 0);
    let grounded = filter.substitute(&mut |condition| {
        place_field(object_type, condition)?;
        let areas = areas(condition.literals());
        let inside: BTreeSet<&Keys> = towns
            .get(&condition.field.field)?
            .iter()
            .filter(|(_, point)| areas.iter().any(|area| area.holds(*point)))
            .map(|(keys, _)| keys)
            .collect();
        count += inside.len();
        area_count += areas.len();
        let mut literals = condition.literals().to_vec();
        literals.extend(inside.iter().map(|keys| Literal::Text(keys.join(&SEPARATOR.to_string()))));
        Some(CheckedExpr::condition(Condition { value: Operand::Many(literals), ..condition.clone() }))
    });
    for (count, max) in [(count, MAX_TOWNS), (area_count, MAX_AREAS)] {
        if count > max {
            return Err(EngineError::field(FieldError::new("filter", "too_many_values").with("max", max)));
        }
    }
    Ok(grounded)
}

/// The field of addresses whose place a condition asks about.
fn place_field<'a>(object_type: &'a ObjectType, condition: &Condition) -> Option<&'a Field> {
    let field = object_type.field(&condition.field.field)?;
    (condition.field.part.as_deref() == Some(PLACE) && matches!(field.kind, FieldKind::Addresses(_))).then_some(field)
}

/// The areas among the values of a condition.
fn areas(values: &[Literal]) -> Vec<Area> {
    let texts = values.iter().filter_map(|value| match value {
        Literal::Text(text) => Some(text),
        _ => None,
    });
    texts.filter_map(|text| text.parse().ok()).collect()
}

/// Every spelling of a town in the base that the gazetteer knows, and where that is.
fn read_towns(tx: &mut dyn Query, object_type: &ObjectType, field: &Field) -> Result<Vec<(Keys, Point)>> {
    let rows = tx.query(
        &format!(
            "SELECT c.country_key, c.region_key, c.city_key, MIN(c.country), MIN(c.region), MIN(c.city) FROM {} c \
             WHERE c.is_primary = 1 AND c.latitude IS NULL AND c.city_key IS NOT NULL \
             GROUP BY c.country_key, c.region_key, c.city_key",
            object_type.child_table(field)
        ),
        &[],
    )?;
    let mut known = Towns::default();
    let mut found = Vec::new();
    for mut row in rows {
        let keys = [0, 1, 2].map(|at| text(&mut row, at).unwrap_or_default());
        let [country, region, city] = [3, 4, 5].map(|at| text(&mut row, at));
        if let Some((latitude_e6, longitude_e6)) = known.place(country.as_deref(), region.as_deref(), city.as_deref()) {
            found.push((keys, Point { latitude_e6, longitude_e6 }));
        }
    }
    Ok(found)
}

/// The condition that an address (alias `c`) is the primary one and lies in one of the areas; the values are those that [`ground`] made.
pub(crate) fn inside(values: &[Literal]) -> Fragment {
    let mut made = Fragment::new("(c.is_primary = 1 AND (1 = 0", Vec::new());
    for area in areas(values) {
        made.push(" OR ");
        made.append(&within(&area));
    }
    let towns: Vec<Vec<&str>> = values
        .iter()
        .filter_map(|value| match value {
            Literal::Text(text) if text.contains(SEPARATOR) => Some(text.split(SEPARATOR).collect()),
            _ => None,
        })
        .collect();
    if !towns.is_empty() {
        // The index knows the cities; the other two keys tell those of one name apart.
        let cities: BTreeSet<&str> = towns.iter().filter_map(|keys| keys.last().copied()).collect();
        made.push(&format!(
            " OR (c.latitude IS NULL AND c.city_key IN {} \
             AND (COALESCE(c.country_key, ''), COALESCE(c.region_key, ''), c.city_key) IN (VALUES {}))",
            database::in_list(cities.len()),
            vec!["(?, ?, ?)"; towns.len()].join(", ")
        ));
        made.params.extend(cities.into_iter().map(Value::from));
        made.params.extend(towns.into_iter().flatten().map(Value::from));
    }
    made.push("))");
    made
}

/// The condition that an exact point lies in an area, as [`Area::holds`] has it.
fn within(area: &Area) -> Fragment {
    let (low, high) = area.bounds();
    let limits = [low.latitude_e6, high.latitude_e6, low.longitude_e6, high.longitude_e6];
    let mut made = Fragment::new(
        "(c.latitude BETWEEN ? AND ? AND c.longitude BETWEEN ? AND ?",
        limits.map(Value::Integer).to_vec(),
    );
    let edges = area.edges();
    if !edges.is_empty() {
        made.push(" AND (0");
        for (south, north) in edges {
            made.push(
                " + CASE WHEN c.latitude >= ? AND c.latitude < ? AND (c.longitude - ?) * ? < (c.latitude - ?) * ? \
                 THEN 1 ELSE 0 END",
            );
            let width = north.longitude_e6 - south.longitude_e6;
            let height = north.latitude_e6 - south.latitude_e6;
            made.params.extend(
                [south.latitude_e6, north.latitude_e6, south.longitude_e6, height, south.latitude_e6, width]
                    .map(Value::Integer),
            );
        }
        made.push(") % 2 = 1");
    }
    made.push(")");
    made
}
