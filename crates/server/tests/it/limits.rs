//! What greedy, slow and malformed clients get: a refusal, quickly, and the others notice nothing (R12, R13, S35, S36).

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use http_api::ServerLimits;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, TestRunner};
use record_engine::Clock;
use serde_json::json;
use test_kit::TestDatabase;

use crate::it::app::{App, expect, for_each_app};

#[test]
fn a_large_body_is_refused() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let values = json!({ "values": { "kind": "person", "last_name": "x".repeat(3 * 1024 * 1024) } });
        assert_eq!(expect(&user.post("/records/contact", &values), 413)["code"], "body_too_large");
    });
}

#[test]
fn a_slow_head_is_cut_off() {
    let limits = ServerLimits { head_timeout: Duration::from_millis(700), ..ServerLimits::default() };
    let app = App::with_limits(TestDatabase::sqlite(), Clock::system(), limits);
    let started = Instant::now();
    let mut slow = TcpStream::connect(app.address).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nhost: ").unwrap();
    let mut answer = Vec::new();
    // Ended by the server, with an answer or without.
    let ended = slow.read_to_end(&mut answer);
    assert!(ended.is_ok() || started.elapsed() < Duration::from_secs(15));
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert!(ServerLimits::default().head_timeout <= Duration::from_secs(15));
}

#[test]
fn one_address_gets_only_its_share_of_the_connections() {
    let limits = ServerLimits { connections_per_address: 5, ..ServerLimits::default() };
    let app = App::with_limits(TestDatabase::sqlite(), Clock::system(), limits);
    let mut open: Vec<TcpStream> = (0..5).map(|_| TcpStream::connect(app.address).unwrap()).collect();
    for stream in &mut open {
        stream.write_all(b"GET /api/v1/health/live HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        assert!(stream.read(&mut [0; 64]).unwrap() > 0);
    }
    let mut surplus = TcpStream::connect(app.address).unwrap();
    surplus.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    // The server may close before or after it has read the request.
    let _ = surplus.write_all(b"GET /api/v1/health/live HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(matches!(surplus.read(&mut [0; 64]), Ok(0) | Err(_)));
}

#[test]
fn no_path_breaks_the_server() {
    let app = App::new(TestDatabase::sqlite());
    let connection = std::cell::RefCell::new(app.administrator().connection);
    let piece = proptest::sample::select(vec![
        "api",
        "v1",
        "records",
        "contact",
        "user",
        "1",
        "0",
        "-1",
        "99999999999999999999",
        "%00",
        "..",
        "%2e%2e",
        "%2F",
        "",
        ".",
        "catalog",
        "imports",
        "exports",
        "history",
        "jobs",
        "files",
        "assets",
        "index.html",
        "%",
        "%zz",
        "%F0%28%8C%28",
        "events",
        "search",
        "~",
        "a'b",
        "a\"b",
        "x;y",
        "operations",
    ]);
    let query = proptest::sample::select(vec![
        "",
        "?",
        "?limit=1",
        "?limit=-1",
        "?filter=%00",
        "?q=%FF",
        "?sort=,,,",
        "?cursor=00",
        "?a[]=1&a[]=2",
    ]);
    let methods = proptest::sample::select(vec!["GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND"]);
    let paths = (methods, proptest::collection::vec(piece, 0..7), query, any::<bool>());
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 400, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let result = runner.run(
        &paths.prop_map(|(method, parts, query, is_rooted)| {
            let prefix = if is_rooted { "/api/v1/" } else { "/" };
            (method, format!("{prefix}{}{query}", parts.join("/")))
        }),
        |(method, path)| {
            if path.contains("/events") {
                return Ok(());
            }
            let answer = connection.borrow_mut().send(method, &path, &[], &[]).unwrap();
            proptest::prop_assert!(answer.status < 500, "{method} {path}: {}", answer.status);
            Ok(())
        },
    );
    result.unwrap();
}

#[test]
fn bodies_that_are_no_json_are_named() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let json = [("content-type", "application/json")];
        for (headers, body, status) in [
            (&json[..], "{", 400),
            (&json[..], "", 422),
            (&json[..], "[]", 422),
            (&json[..], "{\"values\": {}, \"values\": {}}", 422),
            (&[("content-type", "text/plain")][..], "{\"values\": {}}", 415),
            (&[("content-type", "application/x-www-form-urlencoded")][..], "values=1", 415),
        ] {
            let answer = user.connection.send("POST", "/api/v1/records/contact", headers, body.as_bytes()).unwrap();
            assert!(
                answer.status == status || (status != 415 && matches!(answer.status, 400 | 422)),
                "{body}: {} {}",
                answer.status,
                answer.text()
            );
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        }
        let deep = format!("{{\"values\": {}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
        let answer = user.connection.send("POST", "/api/v1/records/contact", &json, deep.as_bytes()).unwrap();
        assert!(matches!(answer.status, 400 | 422), "{}", answer.status);
    });
}

#[test]
fn a_nul_character_is_refused_or_dropped_everywhere() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let nul = "a\u{0}b";
        let channels = json!([{ "kind": "other", "value": nul, "label": nul, "comment": nul }, { "kind": "phone", "value": "067\u{0}4401285" }]);
        let addresses = json!([{ "label": nul, "street": nul, "city": nul }]);
        for values in [
            json!({ "kind": "person", "last_name": nul, "remark": nul, "description": nul }),
            json!({ "kind": "person", "last_name": "x", "channels": channels }),
            json!({ "kind": "person", "last_name": "x", "addresses": addresses }),
            json!({ "kind": nul, "last_name": "x" }),
            json!({ nul: nul }),
        ] {
            let answer = user.post("/records/contact", &json!({ "values": values }));
            assert!(answer.status < 500, "{values}: {}", answer.text());
        }
        for (path, body) in [
            ("/session", json!({ "login": nul, "password": nul })),
            (
                "/users",
                json!({ "name": nul, "login": "nullity", "password": "a long enough secret", "roles": [3], "language": "uk" }),
            ),
            ("/records/contact/query", json!({ "filter": format!("last_name = \"{nul}\"") })),
            ("/records/contact/query", json!({ "search": nul, "sort": nul, "cursor": nul })),
            ("/records/saved_view", json!({ "values": { "name": nul, "object_type": nul, "definition": nul } })),
            ("/catalog/contact/fields", json!({ "labels": { "en": nul }, "kind": "text", "settings": {} })),
            ("/exports", json!({ "type": nul, "format": "csv" })),
        ] {
            let answer = user.post(path, &body);
            assert!(answer.status < 500, "{path}: {}", answer.text());
        }
        expect(&user.patch("/session", &json!({ "name": nul })), 200);
        for path in [
            "/files/%00",
            "/records/%00",
            "/records/contact/%00",
            "/search?q=a%00b",
            "/records/contact?filter=last_name%20%3D%20%22%00%22",
            "/search?q=abc&types=%00",
        ] {
            let answer = user.get(path);
            assert!(answer.status < 500, "{path}: {}", answer.text());
        }
        for path in ["/files?name=a%00b.txt", "/imports?type=contact&file_name=a%00b.csv"] {
            let answer = user.upload(path, "Прізвище\nШевчук\n".as_bytes());
            assert!(answer.status < 500, "{path}: {}", answer.text());
        }
    });
}
