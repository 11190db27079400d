//! Records on a map: where they stand, how many have no place, and who sees them.

use gazetteer::Bounds;
use record_engine::query::map::{Map, MapQuery, map};
use record_engine::query::{ListQuery, Sort, list};
use record_engine::undo::{Undo, undo};
use record_engine::{EngineError, RequestContext};
use serde_json::{Value as Json, json};

use crate::bench_type::{Bench, for_each_bench};

const WORLD: Bounds = Bounds { west: -180_000_000, south: -85_000_000, east: 180_000_000, north: 85_000_000 };
const UKRAINE: Bounds = Bounds { west: 22_000_000, south: 44_000_000, east: 40_500_000, north: 52_500_000 };

fn drawn(
    bench: &Bench,
    context: &RequestContext,
    filter: &str,
    search: Option<&str>,
    bounds: Bounds,
    zoom: u32,
) -> Map {
    let object_type = bench.engine.snapshot().object_type("thing").unwrap();
    let filter = record_engine::access::compile(filter, &object_type, context).unwrap();
    let query = MapQuery { filter, search: search.map(String::from), bounds, zoom };
    bench.engine.database().read(|tx| map(tx, context, &object_type, &query)).unwrap()
}

/// Towns and counts of the clusters, the largest first.
fn towns(map: &Map) -> Vec<(&str, i64)> {
    map.clusters.iter().map(|cluster| (cluster.city.as_deref().unwrap_or("point"), cluster.count)).collect()
}

fn thing(bench: &Bench, name: &str, address: Json) -> i64 {
    bench.create(json!({"name": name, "team": [2], "addresses": [address]}))
}

fn ids_within(bench: &Bench, context: &RequestContext, bounds: Bounds) -> Result<Vec<i64>, EngineError> {
    let object_type = bench.engine.snapshot().object_type("thing").unwrap();
    let query = ListQuery { sort: Sort::parse("id"), within: Some(bounds), ..ListQuery::default() };
    let page = bench.engine.database().read(|tx| list(tx, context, &object_type, &query))?;
    Ok(page.records.iter().map(|record| record.id).collect())
}

#[test]
fn records_stand_in_their_towns_and_at_their_points() {
    for_each_bench(|bench| {
        let admin = bench.admin();
        let kyiv = [
            thing(bench, "One", json!({"city": "Київ", "country": "UA"})),
            thing(bench, "Two", json!({"city": "г. Киев", "country": "UA"})),
        ];
        let brovary = thing(bench, "Three", json!({"city": "Бровари", "region": "Київська область", "country": "UA"}));
        let point = thing(bench, "Four", json!({"city": "Київ", "latitude": 49.0, "longitude": 32.0}));
        thing(bench, "Five", json!({"city": "Warszawa", "country": "PL"}));
        thing(bench, "Six", json!({"city": "Китеж", "country": "RU"}));
        bench.create(json!({"name": "Seven"}));

        let near = drawn(bench, &admin, "all", None, UKRAINE, 10);
        assert_eq!(towns(&near), [("Київ", 2), ("Бровари", 1), ("point", 1)]);
        assert_eq!(near.without_place, 2);
        let town = near.clusters[0].town.as_ref().unwrap();
        assert_eq!((town.cities.len(), town.country.as_deref()), (2, Some("UA")));
        let exact = near.clusters.iter().find(|cluster| cluster.is_exact).unwrap();
        assert_eq!((exact.record, exact.latitude_e6, exact.longitude_e6), (Some(point), 49_000_000, 32_000_000));

        let far = drawn(bench, &admin, "all", None, WORLD, 2);
        assert_eq!((far.clusters.len(), far.clusters[0].count, far.total, far.without_place), (1, 5, 7, 2));
        assert_eq!((near.total, near.clusters.len()), (7, 3));

        assert_eq!(ids_within(bench, &admin, near.clusters[0].bounds).unwrap(), kyiv);
        assert_eq!(ids_within(bench, &admin, exact.bounds).unwrap(), [point]);
        assert_eq!(ids_within(bench, &admin, UKRAINE).unwrap(), [kyiv[0], kyiv[1], brovary, point]);
        let nowhere = Bounds { west: 0, south: 0, east: 1, north: 1 };
        assert_eq!(ids_within(bench, &admin, nowhere).unwrap(), Vec::<i64>::new());
    });
}

#[test]
fn filter_search_trash_and_rights_hold_as_in_lists() {
    for_each_bench(|bench| {
        let admin = bench.admin();
        let own = thing(bench, "Own", json!({"city": "Львів", "country": "UA"}));
        let gone = thing(bench, "Gone", json!({"city": "Львів", "country": "UA"}));
        bench.create(json!({"name": "Foreign", "team": [3], "addresses": [{"city": "Львов", "country": "UA"}]}));
        bench.create(
            json!({"name": "Foreign point", "team": [3], "addresses": [{"latitude": 48.0, "longitude": 30.0}]}),
        );
        bench.create(json!({"name": "Foreign nowhere", "team": [3]}));
        bench
            .try_apply(&admin, "thing", record_engine::write::Change::Delete { id: gone, base_version: None })
            .unwrap();

        let counted = |context: &RequestContext, filter: &str, search: Option<&str>| {
            let map = drawn(bench, context, filter, search, UKRAINE, 9);
            (map.clusters.iter().map(|cluster| cluster.count).sum::<i64>(), map.without_place)
        };
        assert_eq!(counted(&admin, "all", None), (3, 1));
        assert_eq!(counted(&bench.employee(), "all", None), (1, 0));
        assert_eq!(counted(&admin, "name contains \"point\"", None), (1, 0));
        assert_eq!(counted(&admin, "name contains \"point\"", Some("own")), (0, 0));
        assert_eq!(counted(&admin, "all", Some("own")), (1, 0));
        assert_eq!(ids_within(bench, &bench.employee(), UKRAINE).unwrap(), [own]);

        let object_type = bench.engine.snapshot().object_type("note").unwrap();
        let query = MapQuery { filter: filter_language::CheckedExpr::all(), search: None, bounds: WORLD, zoom: 2 };
        let answer = bench.engine.database().read(|tx| map(tx, &admin, &object_type, &query));
        assert!(matches!(answer, Err(EngineError::NotFound)));
    });
}

#[test]
fn a_point_is_part_of_its_address_in_history_and_undo() {
    for_each_bench(|bench| {
        let id = thing(bench, "One", json!({"city": "Київ", "country": "UA"}));
        let before = bench.get(&bench.admin(), id).unwrap().value("addresses").clone();
        assert!(before[0].get("latitude").is_none());
        let placed = json!([{"city": "Київ", "country": "UA", "is_primary": true, "latitude": 50.450_123_4, "longitude": 30.52}]);
        let operation = bench.update(id, json!({"addresses": placed})).unwrap();
        let after = bench.get(&bench.admin(), id).unwrap().value("addresses").clone();
        assert_eq!((&after[0]["latitude"], &after[0]["longitude"]), (&json!(50.450_123), &json!(30.52)));
        assert!(matches!(undo(&bench.engine, &bench.admin(), operation).unwrap(), Undo::Done(_)));
        assert_eq!(bench.get(&bench.admin(), id).unwrap().value("addresses"), &before);
    });
}

#[test]
fn addresses_of_an_older_release_get_their_points_and_titles() {
    for_each_bench(|bench| {
        let id = thing(bench, "One", json!({"city": "Київ", "country": "UA"}));
        let object_type = bench.engine.snapshot().object_type("thing").unwrap();
        let table = object_type.child_table(object_type.field("addresses").unwrap());
        let older = format!(
            "DROP INDEX {table}_latitude; ALTER TABLE {table} DROP COLUMN latitude; ALTER TABLE {table} DROP COLUMN longitude; \
             DROP INDEX {table}_city_key_title_key; ALTER TABLE {table} DROP COLUMN title_key; \
             CREATE INDEX {table}_city_key ON {table} (city_key, record_id)"
        );
        bench
            .engine
            .database()
            .write_alone(|tx| {
                tx.execute_batch(&older)?;
                record_engine::schema_sync::synchronise_type(tx, &object_type)
            })
            .unwrap();
        let titled =
            format!("SELECT COUNT(*) FROM {table} a JOIN thing t ON t.id = a.record_id AND t.name_key = a.title_key");
        assert_eq!(bench.rows(&titled), 1);
        assert_eq!(drawn(bench, &bench.admin(), "all", None, UKRAINE, 9).clusters[0].record, Some(id));
        bench.update(id, json!({"addresses": [{"city": "Київ", "latitude": 50.0, "longitude": 30.0}]}));
        assert!(drawn(bench, &bench.admin(), "all", None, UKRAINE, 9).clusters[0].is_exact);
    });
}

#[test]
fn the_towns_of_an_area_are_looked_up_once_for_all_pages() {
    for_each_bench(|bench| {
        let admin = bench.admin();
        let kyiv = thing(bench, "One", json!({"city": "Київ", "country": "UA"}));
        let object_type = bench.engine.snapshot().object_type("thing").unwrap();
        let area = "addresses.place in (\"50 30, 50 31, 51 30.5\")";
        let mut query = ListQuery {
            filter: record_engine::access::compile(area, &object_type, &admin).unwrap(),
            sort: Sort::parse("id"),
            ..ListQuery::default()
        };
        let ids = |query: &ListQuery| -> Vec<i64> {
            let page = bench.engine.database().read(|tx| list(tx, &admin, &object_type, query)).unwrap();
            page.records.iter().map(|record| record.id).collect()
        };
        let fresh = query.clone();
        bench.engine.database().read(|tx| query.ground(tx, &object_type)).unwrap();
        // A known spelling is found where it comes later, a new one only by who looks again.
        let late = thing(bench, "Two", json!({"city": "Київ", "country": "UA"}));
        let other = thing(bench, "Three", json!({"city": "г. Киев", "country": "UA"}));
        assert_eq!(ids(&query), [kyiv, late]);
        assert_eq!(ids(&fresh), [kyiv, late, other]);
        bench.engine.database().read(|tx| query.ground(tx, &object_type)).unwrap();
        assert_eq!(ids(&query), [kyiv, late]);
    });
}
