//! The exact place of an address, found by a service that an administrator has named (CD22, GM02).

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use record_engine::Role;
use serde_json::json;

use crate::it::app::{expect, field_errors, for_each_app};

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
