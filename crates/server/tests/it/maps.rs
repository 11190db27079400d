//! Contacts on a map (VW04): what stands where, for whom, and what a part of the world holds.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, field_errors, for_each_app};
use crate::it::person::{person, with};

const UKRAINE: &str = "22,44,40.5,52.5";

fn living_in(user: &mut User, name: &str, address: Json) -> Json {
    user.create_contact(with(person(name), "addresses", json!([address])))
}

fn counts(map: &Json) -> Vec<(String, i64)> {
    let clusters = map["clusters"].as_array().unwrap();
    clusters
        .iter()
        .map(|one| (one["city"].as_str().unwrap_or("point").to_owned(), one["count"].as_i64().unwrap()))
        .collect()
}

#[test]
fn a_map_shows_what_its_reader_sees_in_the_list() {
    for_each_app(|app| {
        let (mut boss, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        living_in(&mut boss, "Адамчук", json!({ "city": "Київ", "country": "UA" }));
        living_in(&mut boss, "Бойко", json!({ "city": "г. Киев", "country": "UA" }));
        let own = living_in(&mut employee, "Власенко", json!({ "city": "Львов", "country": "UA" }));
        let placed = json!({ "city": "Одеса", "country": "UA", "latitude": 46.4825, "longitude": 30.7233 });
        living_in(&mut employee, "Гнатюк", placed);
        boss.create_contact(person("Дорошенко"));

        let path = format!("/records/contact/map?bbox={UKRAINE}&zoom=7");
        let map = expect(&boss.get(&path), 200);
        let expected = [("Київ", 2), ("Львов", 1), ("point", 1)].map(|(city, count)| (city.to_owned(), count));
        assert_eq!(counts(&map), expected, "{map}");
        assert_eq!((&map["without_place"], &map["is_capped"]), (&json!(1), &json!(false)));
        let kyiv = &map["clusters"][0];
        assert_eq!((kyiv["record"].is_null(), &kyiv["is_exact"]), (true, &json!(false)));
        assert_eq!(kyiv["town"]["country"], "UA");
        assert_eq!(map["clusters"][1]["record"]["id"], own["id"]);
        assert!(map["clusters"][1]["record"]["title"].as_str().unwrap().contains("Власенко"));
        assert_eq!(map["clusters"][2]["latitude"], 46.4825);

        let filter = encoded("addresses.city = \"Київ\"");
        assert_eq!(counts(&expect(&boss.get(&format!("{path}&filter={filter}")), 200)), [("Київ".to_owned(), 1)]);
        let search = encoded("власен");
        assert_eq!(counts(&expect(&boss.get(&format!("{path}&search={search}")), 200)), [("Львов".to_owned(), 1)]);
        let seen = expect(&employee.get(&path), 200);
        assert_eq!((counts(&seen).len(), &seen["without_place"]), (2, &json!(0)));

        let bounds: Vec<String> = kyiv["bounds"].as_array().unwrap().iter().map(ToString::to_string).collect();
        let list = format!("/records/contact?bbox={}&sort=id", bounds.join(","));
        assert_eq!(expect(&boss.get(&list), 200)["items"].as_array().unwrap().len(), 2);
        assert_eq!(expect(&employee.get(&list), 200)["items"], json!([]));
    });
}

#[test]
fn a_map_refuses_what_it_cannot_read() {
    for_each_app(|app| {
        let mut user = app.administrator();
        for path in ["/records/contact/map?bbox=1,2,3", "/records/contact?bbox=40,44,22,52", "/places/towns?bbox=x"] {
            assert_eq!(
                field_errors(&expect(&user.get(path), 422)),
                [("/bbox".to_owned(), "wrong_type".to_owned())],
                "{path}"
            );
        }
        expect(&user.get("/records/tag/map"), 404);
        let half = with(person("Ґудзь"), "addresses", json!([{ "city": "Київ", "latitude": 50.5 }]));
        let answer = user.post("/records/contact", &json!({ "values": half }));
        assert_eq!(
            field_errors(&expect(&answer, 422)),
            [("/values/addresses/0/longitude".to_owned(), "required".to_owned())]
        );
    });
}

#[test]
fn towns_are_found_by_the_address_and_by_the_part_of_the_world() {
    for_each_app(|app| {
        let mut user = app.with_user(Role::Employee);
        let find = |city: &str, region: &str| {
            format!("/places/town?city={}&region={}&country=UA", encoded(city), encoded(region))
        };
        let found = expect(&user.get(&find("г. Харьков", "")), 200);
        assert_eq!(found["town"]["names"], json!({ "en": "Kharkiv", "ru": "Харьков", "uk": "Харків" }));
        assert_eq!(expect(&user.get(&find("Китеж", "")), 200)["town"], Json::Null);
        let towns = expect(&user.get(&format!("/places/towns?bbox={UKRAINE}&limit=1")), 200);
        assert_eq!(towns["towns"][0]["names"]["uk"], "Київ");
        assert_eq!(towns["towns"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn an_area_is_a_condition_like_any_other() {
    for_each_app(|app| {
        let (mut boss, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        let kyiv = living_in(&mut boss, "Адамчук", json!({ "city": "г. Киев", "country": "UA" }));
        let point = living_in(&mut boss, "Бойко", json!({ "city": "Львів", "latitude": 50.4, "longitude": 30.4 }));
        living_in(&mut boss, "Власенко", json!({ "city": "Львів", "country": "UA" }));
        boss.create_contact(person("Гнатюк"));
        let area = "addresses.place in (\"50 30, 50 31, 51 30.5\")";
        let inside = |user: &mut User, filter: &str| user.contact_ids(&format!("sort=id&filter={}", encoded(filter)));
        let both = [kyiv["id"].as_i64().unwrap(), point["id"].as_i64().unwrap()];
        assert_eq!(inside(&mut boss, area), both);
        assert_eq!(inside(&mut boss, "addresses.place not in (\"50 30, 50 31, 51 30.5\")").len(), 2);
        assert_eq!(inside(&mut employee, area), Vec::<i64>::new());
        let count = expect(&boss.get(&format!("/records/contact/count?filter={}", encoded(area))), 200);
        assert_eq!(count["count"], 2);

        // A town that comes into the base later is inside as well: nothing of it stands in the filter.
        let rule = json!({ "values": { "name": "Навколо Києва", "kind": "smart", "rule": area } });
        let group = expect(&boss.post("/records/group", &rule), 201)["record"]["id"].clone();
        let late = living_in(&mut boss, "Дорошенко", json!({ "city": "Київ" }));
        assert_eq!(inside(&mut boss, &format!("groups has {group}")).len(), 3);
        let explained = expect(&boss.get(&format!("/records/contact/{}/sets", late["id"])), 200);
        assert!(explained.to_string().contains("Навколо Києва"), "{explained}");

        let body = json!({ "action": "update", "filter": area, "values": { "warmth": "hot" } });
        let started = expect(&boss.post("/records/contact/bulk", &body), 202);
        assert_eq!(boss.wait_for_job(&started["job"])["report"]["changed"], 3);

        for wrong in
            ["addresses.place in (\"50 30\")", "addresses.place in (\"x\")", "addresses.place = \"50 30, 51 31\""]
        {
            let refused = expect(&boss.get(&format!("/records/contact?filter={}", encoded(wrong))), 422);
            assert_eq!(refused["code"], "filter_invalid", "{wrong}");
        }
    });
}
