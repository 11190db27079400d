//! The exact place of an address, found by a service that an administrator has named (CD22, GM02).

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, expect, field_errors, for_each_app};
use crate::it::person::{person, with};

/// A service that gives one answer to everybody and remembers what it was asked; its address.
fn service(answer: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/search?q={{query}}&format=jsonv2&key=secret", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = asked.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let lines: Vec<String> =
                BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            heard.lock().unwrap().extend(lines.first().cloned());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (url, asked)
}

const HOUSE: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[{\"lat\": \"50.0045\", \"lon\": \"36.2314\", \"display_name\": \"1, Сумська\", \"place_rank\": 30}]";
const NOTHING: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[]";
const GARBAGE: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<html>";
const REDIRECT: &str = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";

#[test]
fn an_address_is_asked_of_the_service_that_an_administrator_names() {
    for_each_app(|app| {
        let (mut administrator, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        let question = json!({ "street": "Сумська, 1", "city": "Харків", "country": "UA" });
        let refused = expect(&employee.post("/places/find", &question), 409);
        assert_eq!(refused["code"], "no_address_service");
        assert_eq!(expect(&employee.get("/session"), 200)["installation"]["has_geocoder"], false);

        let wrong = expect(
            &administrator.patch("/installation", &json!({ "geocoder_url": "https://geo.example/search" })),
            422,
        );
        assert_eq!(field_errors(&wrong), [("/geocoder_url".to_owned(), "missing_place".to_owned())]);
        let (url, asked) = service(HOUSE);
        expect(&employee.patch("/installation", &json!({ "geocoder_url": url })), 403);
        expect(&administrator.patch("/installation", &json!({ "geocoder_url": url })), 200);
        // It may hold a key.
        let seen = expect(&employee.get("/session"), 200)["installation"].clone();
        assert_eq!((&seen["has_geocoder"], &seen["geocoder_url"]), (&json!(true), &json!(null)));
        assert_eq!(expect(&administrator.get("/session"), 200)["installation"]["geocoder_url"], url);

        let found = expect(&employee.post("/places/find", &question), 200);
        let expected = json!({ "latitude": 50.0045, "longitude": 36.2314, "name": "1, Сумська", "is_exact": true });
        assert_eq!(found["place"], expected);
        let heard = asked.lock().unwrap().clone();
        assert_eq!(heard.len(), 1);
        assert!(heard[0].contains("q=%D0%A1%D1%83%D0%BC%D1%81%D1%8C%D0%BA%D0%B0%2C%201%2C%20"), "{heard:?}");
        expect(&app.anonymous().post("/places/find", &question), 401);
        expect(&employee.post("/places/find", &json!({})), 422);

        for (answer, status, code) in
            [(NOTHING, 200, None), (GARBAGE, 409, Some("service_strange")), (REDIRECT, 409, Some("service_strange"))]
        {
            let (url, _) = service(answer);
            expect(&administrator.patch("/installation", &json!({ "geocoder_url": url })), 200);
            let answer = expect(&employee.post("/places/find", &question), status);
            assert_eq!(answer["code"].as_str(), code, "{answer}");
            assert!(!answer.to_string().contains("secret"), "{answer}");
        }
        let gone = format!("http://{}/{{query}}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
        expect(&administrator.patch("/installation", &json!({ "geocoder_url": gone })), 200);
        assert_eq!(expect(&employee.post("/places/find", &question), 409)["code"], "service_unreachable");
    });
}

#[test]
fn an_administrator_tries_a_service_before_he_names_it() {
    for_each_app(|app| {
        let (mut administrator, mut supervisor) = (app.administrator(), app.with_user(Role::Supervisor));
        let (url, asked) = service(HOUSE);
        let trial = |url: &str| json!({ "street": "Ukraine", "geocoder_url": url });
        let found = expect(&administrator.post("/places/find", &trial(&url)), 200);
        assert_eq!(found["place"]["name"], "1, Сумська");
        assert_eq!(asked.lock().unwrap().len(), 1);
        assert_eq!(expect(&administrator.get("/session"), 200)["installation"]["has_geocoder"], false);

        expect(&supervisor.post("/places/find", &trial(&url)), 403);
        let wrong = expect(&administrator.post("/places/find", &trial("https://geo.example/search")), 422);
        assert_eq!(field_errors(&wrong), [("/geocoder_url".to_owned(), "missing_place".to_owned())]);
        let strange = expect(&administrator.post("/places/find", &trial(&service(GARBAGE).0)), 409);
        assert_eq!(strange["code"], "service_strange");
    });
}

#[test]
fn what_was_answered_lately_is_not_asked_again() {
    for_each_app(|app| {
        let (mut administrator, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        let (url, asked) = service(HOUSE);
        expect(&administrator.patch("/installation", &json!({ "geocoder_url": url })), 200);
        let question = json!({ "street": "Сумська, 1" });
        for user in [&mut employee, &mut administrator] {
            assert_eq!(expect(&user.post("/places/find", &question), 200)["place"]["is_exact"], true);
        }
        assert_eq!(asked.lock().unwrap().len(), 1);
    });
}

/// A service that answers by what it is asked: a house for "Sumska", garbage for "Strange", no place for the rest.
fn choosy_service() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/{{query}}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = asked.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let first =
                BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).next();
            let question = first.unwrap_or_default();
            let of = |word: &str| question.contains(word);
            let answer = if of("Sumska") {
                HOUSE
            } else if of("Strange") {
                GARBAGE
            } else {
                NOTHING
            };
            heard.lock().unwrap().push(question);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (url, asked)
}

#[test]
fn exact_places_of_many_cards_are_one_job_and_one_undo() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let address = |street: &str| json!([{ "street": street, "city": "Харків", "is_primary": true }]);
        let mut make = |name: &str, addresses: Json| {
            user.create_contact(with(person(name), "addresses", addresses))["id"].as_i64().unwrap()
        };
        let house = make("Знайденко", address("Sumska, 1"));
        let nowhere = make("Загубленко", address("Nowhere, 2"));
        let strange = make("Дивенко", address("Strange, 3"));
        let exact = make("Точенко", json!([{ "street": "Sumska, 4", "latitude": 1.5, "longitude": 2.5 }]));
        let bare = make("Безвуличний", json!([{ "city": "Київ" }]));
        let refused = expect(&user.post("/records/contact/places", &json!({ "ids": [house] })), 409);
        assert_eq!(refused["code"], "no_address_service");
        let (url, asked) = choosy_service();
        expect(&user.patch("/installation", &json!({ "geocoder_url": url })), 200);
        expect(&user.post("/records/contact/places", &json!({})), 422);
        expect(&user.post("/records/tag/places", &json!({ "ids": [1] })), 422);

        let answer = expect(&user.post("/records/contact/places", &json!({ "filter": "all" })), 202);
        let ended = user.wait_for_job(&answer["job"]);
        assert_eq!(ended["state"], "done", "{ended}");
        let report = &ended["report"];
        let counts =
            ["changed", "not_found", "already_exact", "without_street", "failed_count"].map(|name| &report[name]);
        assert_eq!(counts, [&json!(1), &json!(1), &json!(1), &json!(1), &json!(1)], "{report}");
        assert_eq!(report["failed"], json!([{ "id": strange, "code": "service_strange", "params": {} }]));
        assert_eq!(asked.lock().unwrap().len(), 3, "what is exact or has no street is not asked about");
        let point = |user: &mut User, id: i64| {
            let first = expect(&user.get(&format!("/records/contact/{id}")), 200)["values"]["addresses"][0].clone();
            (first["latitude"].clone(), first["longitude"].clone())
        };
        assert_eq!(point(&mut user, house), (json!(50.0045), json!(36.2314)));
        assert_eq!(point(&mut user, exact), (json!(1.5), json!(2.5)));
        for id in [nowhere, bare, strange] {
            assert!(point(&mut user, id).0.is_null());
        }
        let operation = ended["operation_id"].as_i64().unwrap();
        expect(&user.post(&format!("/operations/{operation}/undo"), &json!({})), 200);
        assert!(point(&mut user, house).0.is_null());

        // Who may not change a card does not send its address away either.
        let mut colleague = app.with_user(Role::Employee);
        let before = asked.lock().unwrap().len();
        expect(&user.patch(&format!("/records/contact/{house}"), &json!({ "values": { "visibility": "read" } })), 200);
        let answer = expect(&colleague.post("/records/contact/places", &json!({ "ids": [house, nowhere] })), 202);
        let report = colleague.wait_for_job(&answer["job"])["report"].clone();
        let codes: Vec<&str> =
            report["failed"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["forbidden", "not_found"]);
        assert_eq!(asked.lock().unwrap().len(), before);

        // Who may not change many at once asks about one card.
        let rights = json!({ "base": "supervisor", "types": { "contact": { "actions": { "bulk": [] } } } });
        let role = json!({ "values": { "name": "По одному", "rights": rights.to_string() } });
        let role = expect(&user.post("/records/role", &role), 201)["record"]["id"].clone();
        let one_by_one = app.with_user(Role::Supervisor);
        let at = format!("/records/user/{}", one_by_one.id);
        let changed = expect(&user.patch(&at, &json!({ "values": { "roles": [role] } })), 200);
        let mut one_by_one = app.log_in(changed["record"]["values"]["login"].as_str().unwrap());
        let mut found = |ids: Json| {
            let answer = expect(&one_by_one.post("/records/contact/places", &json!({ "ids": ids })), 202);
            let report = one_by_one.wait_for_job(&answer["job"])["report"].clone();
            (report["changed"].clone(), report["failed_count"].clone())
        };
        assert_eq!(found(json!([house, nowhere])), (json!(0), json!(2)));
        assert_eq!(found(json!([house])), (json!(1), json!(0)));
    });
}

#[test]
fn a_service_that_is_away_ends_the_job_and_keeps_what_was_found() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let gone = format!("http://{}/{{query}}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
        expect(&user.patch("/installation", &json!({ "geocoder_url": gone })), 200);
        let address = json!([{ "street": "Sumska, 1", "city": "Харків" }]);
        let ids: Vec<i64> = (0..7)
            .map(|at| {
                let contact = user.create_contact(with(person(&format!("Людина{at}")), "addresses", address.clone()));
                contact["id"].as_i64().unwrap()
            })
            .collect();
        let answer = expect(&user.post("/records/contact/places", &json!({ "ids": ids })), 202);
        let ended = user.wait_for_job(&answer["job"]);
        assert_eq!((&ended["state"], &ended["error"]["code"]), (&json!("failed"), &json!("service_unreachable")));
        assert_eq!(ended["done"], 4, "{ended}");
    });
}
