//! What leaks or opens beside the answer itself: who has an account (S26), what a cache would hand to the next person (S32), paths that a router and a
//! check read differently (S36), requests with two ends, and addresses of files that outlive the right to them (S37).

use std::time::{Duration, Instant};

use kartoteka::http_client::Answer;
use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::acl_matrix::{Things, WRITTEN_BY_REFUSALS, address_of, everything_but, operations};
use crate::it::app::{App, PASSWORD, User, encoded, expect, for_each_app};
use crate::it::cross_origin::raw;
use crate::it::person::{person, with};

/// An answer without what is the request's own: its number, its path, its moment.
fn bare(answer: &Answer) -> (u16, Vec<(String, String)>, Json) {
    let mut body = answer.json();
    if let Some(members) = body.as_object_mut() {
        members.remove("request_id");
        members.remove("instance");
    }
    let mut headers = answer.headers.clone();
    headers.retain(|(name, _)| !["x-request-id", "date", "content-length"].contains(&name.as_str()));
    headers.sort();
    (answer.status, headers, body)
}

#[test]
fn no_way_in_tells_whether_there_is_such_a_user() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let gone = app.with_user(Role::Employee).id;
        let login_of = |admin: &mut User, id: i64| {
            expect(&admin.get(&format!("/records/user/{id}")), 200)["values"]["login"].as_str().unwrap().to_owned()
        };
        let deactivated = login_of(&mut admin, gone);
        expect(&admin.patch(&format!("/records/user/{gone}"), &json!({ "values": { "is_active": false } })), 200);
        let known_id = app.with_user(Role::Employee).id;
        let known = login_of(&mut admin, known_id);
        let unknown = "nobody.here".to_owned();
        // The right password of somebody who is out says no more than a wrong one.
        let attempts = [
            (&known, "wrong wrong wrong"),
            (&unknown, "wrong wrong wrong"),
            (&deactivated, "wrong wrong wrong"),
            (&deactivated, PASSWORD),
        ];
        let answers: Vec<_> = attempts
            .iter()
            .map(|(login, password)| {
                bare(&app.anonymous().post("/session", &json!({ "login": login, "password": password })))
            })
            .collect();
        assert_eq!(answers[0].0, 401);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");

        let asked: Vec<_> = [&known, &unknown, &deactivated]
            .iter()
            .map(|login| bare(&app.anonymous().post("/password-resets", &json!({ "login_or_email": login }))))
            .collect();
        assert!(asked.iter().all(|answer| *answer == asked[0]), "{asked:#?}");

        // The address book, which has passwords of its own.
        let books: Vec<_> = [&known, &unknown, &deactivated]
            .iter()
            .map(|login| {
                use base64::Engine as _;
                let text = base64::engine::general_purpose::STANDARD.encode(format!("{login}:wrong"));
                let authorization = format!("Basic {text}");
                let answer =
                    app.anonymous().connection.send("PROPFIND", "/dav/", &[("authorization", &authorization)], &[]);
                bare(&answer.unwrap())
            })
            .collect();
        assert_eq!(books[0].0, 401);
        assert!(books.iter().all(|answer| *answer == books[0]), "{books:#?}");

        for path in ["/invitations/look", "/password-resets/look"] {
            let answers: Vec<_> = ["x", "0", "' OR 1=1 --"]
                .iter()
                .map(|token| bare(&app.anonymous().post(path, &json!({ "token": token }))))
                .collect();
            assert!(answers[0].0 >= 400 && answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        }
    });
}

/// The middle of some durations.
fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort();
    durations[durations.len() / 2]
}

#[test]
fn an_unknown_login_costs_as_much_time_as_a_wrong_password() {
    // Without the work of a hash for nobody, the answer for an unknown login comes many times sooner; the machine's own moods are far smaller.
    let app = App::new(test_kit::TestDatabase::sqlite());
    let mut durations = [Vec::new(), Vec::new()];
    for round in 0..4 {
        // Each login is guessed at once, so that none is made to wait.
        let known = app.with_user(Role::Employee);
        let mut admin = app.administrator();
        let login = expect(&admin.get(&format!("/records/user/{}", known.id)), 200)["values"]["login"].clone();
        for (which, login) in [(0, login), (1, json!(format!("nobody{round}")))] {
            let mut stranger = app.anonymous();
            let started = Instant::now();
            let answer = stranger.post("/session", &json!({ "login": login, "password": "wrong wrong wrong" }));
            durations[which].push(started.elapsed());
            assert_eq!(answer.status, 401, "{}", answer.text());
        }
    }
    let [known, unknown] = durations.map(median);
    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} {unknown:?}");
}

#[test]
fn nothing_of_one_person_waits_in_a_cache_for_the_next() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        let things = Things::of(&mut admin);
        let contact = admin.create_contact(person("Таємна"))["id"].as_i64().unwrap();
        let file = expect(&admin.upload("/files?name=a.txt", b"secret"), 201)["id"].as_str().unwrap().to_owned();
        let reads = operations(&mut admin);
        for operation in reads.iter().filter(|operation| operation.method == "GET" && operation.id != "stream_events") {
            let path = address_of(operation, &things, contact, &file);
            let first = admin.connection.get(&path).unwrap();
            let caching = first.header("cache-control").unwrap_or_default().to_owned();
            assert!(caching.contains("no-store"), "{path}: {caching:?}");
            // What he is told does not depend on who asked before, nor on what he says he has.
            let fresh = bare(&employee.connection.get(&path).unwrap());
            let tag = first.header("etag").unwrap_or("*").to_owned();
            let again = employee
                .connection
                .send("GET", &path, &[("if-none-match", &tag), ("range", "bytes=0-3")], &[])
                .unwrap();
            assert_eq!(bare(&again).0, fresh.0, "{path}");
            assert!(fresh.0 != 304 && fresh.0 != 206, "{path}");
        }
    });
}

/// Other ways to write a path that some programs in front take for the same, and some for another.
fn disguises(path: &str) -> Vec<String> {
    let (plain, query) =
        path.split_once('?').map_or((path, String::new()), |(plain, query)| (plain, format!("?{query}")));
    let rest = plain.trim_start_matches("/api/v1/");
    let with = |text: String| format!("{text}{query}");
    vec![
        with(format!("/{plain}")),
        with(format!("//api/v1/{rest}")),
        with(format!("/api//v1/{rest}")),
        with(format!("/api/v1//{rest}")),
        with(format!("/./api/v1/{rest}")),
        with(format!("/api/./v1/{rest}")),
        with(format!("/api/v1/./{rest}")),
        with(format!("/x/../api/v1/{rest}")),
        with(format!("/api/v1/health/../{rest}")),
        with(format!("/api/v1/health/..%2f{rest}")),
        with(format!("/api/v1/setup/%2e%2e/{rest}")),
        with(format!("/api/v1/session;x=1/../{rest}")),
        with(format!("/%61pi/v1/{rest}")),
        with(format!("/api%2fv1%2f{rest}")),
        with(format!("/api/v1/{}", rest.replace('/', "%2f"))),
        with(format!("/api/v1/{}", rest.replace('/', "%252f"))),
        with(format!("/api/v1/{}", rest.replace('/', "\\"))),
        with(format!("/API/V1/{rest}")),
        with(format!("/api/v1/{}", rest.to_uppercase())),
        with(format!("{plain}/")),
        with(format!("{plain}//")),
        with(format!("{plain};.css")),
        with(format!("{plain}%20")),
        with(format!("{plain}%00")),
        with(format!("{plain}.json")),
        with(format!("/assets/../api/v1/{rest}")),
        with(format!("/dav/../api/v1/{rest}")),
        format!("http://127.0.0.1{plain}"),
    ]
}

#[test]
fn a_path_in_disguise_opens_nothing() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let employee = app.with_user(Role::Employee);
        let things = Things::of(&mut admin);
        let contact = admin.create_contact(person("Таємна"))["id"].as_i64().unwrap();
        let found = operations(&mut admin);
        let cookie = employee.connection.cookie.clone().unwrap();
        let stranger = vec![("content-type", "application/json")];
        let colleague = [stranger.clone(), vec![("cookie", cookie.as_str())]].concat();
        // What is refused by its own path to a stranger and to an employee, and all that is only read.
        let mut closed = Vec::new();
        for operation in found.iter().filter(|operation| operation.id != "stream_events") {
            let path = address_of(operation, &things, contact, "x");
            for headers in [&stranger, &colleague] {
                let (plain, _) = raw(app.address, &format!("{} {path}", operation.method), headers, "[]");
                if plain >= 400 || operation.method == "GET" {
                    closed.push((operation.method.as_str(), path.clone(), headers, plain));
                }
            }
        }
        assert!(closed.len() > 200, "{}", closed.len());
        let before = everything_but(app, &WRITTEN_BY_REFUSALS);
        let mut wrong = Vec::new();
        for (method, path, headers, plain) in closed {
            for disguise in disguises(&path) {
                let (status, answer) = raw(app.address, &format!("{method} {disguise}"), headers, "[]");
                let is_page = answer.contains("content-type: text/html");
                // Not found, or exactly what the plain path answers to the same person; never more.
                if (status < 400 && !is_page && status != plain) || status >= 500 {
                    wrong.push(format!("{method} {disguise} answers {status} for {plain}: {answer}"));
                }
                if answer.contains("Таємна") {
                    wrong.push(format!("{method} {disguise} tells of what is hidden: {answer}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
        assert_eq!(everything_but(app, &WRITTEN_BY_REFUSALS), before);
    });
}

/// What a server in front and this one could read as two requests, or as one and a half.
const AMBIGUOUS: [&str; 12] = [
    "content-length: 4\r\ncontent-length: 40\r\n",
    "content-length: 4, 40\r\n",
    "content-length: +4\r\n",
    "content-length: 0x4\r\n",
    "content-length: -1\r\n",
    "content-length: 4\r\ntransfer-encoding: chunked\r\n",
    "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
    "transfer-encoding: identity\r\ncontent-length: 4\r\n",
    "transfer-encoding: chunked, identity\r\n",
    "transfer-encoding: xchunked\r\n",
    "transfer-encoding : chunked\r\n",
    "content-length\t: 4\r\n",
];

#[test]
fn a_request_has_one_end() {
    use std::io::{Read, Write};
    let app = App::new(test_kit::TestDatabase::sqlite());
    let admin = app.administrator();
    let cookie = admin.connection.cookie.clone().unwrap();
    for lengths in AMBIGUOUS {
        let mut stream = std::net::TcpStream::connect(app.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // As chunks it ends behind the zero; by a length it goes on, and what follows is a request that nobody in front has seen.
        let smuggled =
            format!("DELETE /api/v1/session HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\ncontent-length: 0\r\n\r\n");
        let head =
            format!("POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{lengths}\r\n");
        stream.write_all(format!("{head}0\r\n\r\n{smuggled}").as_bytes()).unwrap();
        let mut answer = Vec::new();
        // Cut off by the server, with an answer or without.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{lengths:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), usize::from(!answer.is_empty()), "{lengths:?}: {answer}");
        assert_eq!(app.log_in("administrator").get("/session").status, 200);
    }
    let mut same = app.anonymous();
    same.connection.cookie = Some(cookie);
    assert_eq!(same.get("/session").status, 200, "a request that was smuggled in ended the session");
}

#[test]
fn the_address_of_a_file_is_no_key_to_it() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let mut reader = app.with_user(Role::Employee);
        let contact = owner.create_contact(with(person("Спільна"), "visibility", json!("read")))["id"].clone();
        let file = expect(&owner.upload("/files?name=a.txt", b"secret"), 201)["id"].as_str().unwrap().to_owned();
        let document = json!({ "values": { "name": "a.txt", "record": contact, "file": file } });
        expect(&owner.post("/records/document", &document), 201);
        let path = format!("/files/{file}");
        assert_eq!(reader.get(&path).body, b"secret");
        assert!(file.len() >= 32, "{file}");

        // Whoever has the address alone has nothing.
        expect(&app.anonymous().get(&path), 401);
        let mut leaving = app.with_user(Role::Employee);
        assert_eq!(leaving.get(&path).status, 200);
        expect(&leaving.delete("/session"), 204);
        expect(&leaving.get(&path), 401);

        // The right goes, and with it the file, the export and the table of rows that were refused: at once, in whatever way it is asked for.
        let closed = json!({ "values": { "visibility": "private" } });
        expect(&owner.patch(&format!("/records/contact/{contact}"), &closed), 200);
        for headers in [
            vec![],
            vec![("if-none-match", "*")],
            vec![("range", "bytes=0-1")],
            vec![("if-modified-since", "Thu, 01 Jan 2026 00:00:00 GMT")],
        ] {
            let answer = reader.connection.send("GET", &format!("/api/v1{path}"), &headers, &[]).unwrap();
            assert_eq!(answer.status, 404, "{headers:?}: {}", answer.text());
        }
        let started = expect(&owner.post("/exports", &json!({ "type": "contact", "format": "csv" })), 202);
        let export = format!("/exports/{}/file", started["job"]["id"]);
        owner.wait_for_job(&started["job"]);
        assert_eq!(owner.get(&export).status, 200);
        expect(&reader.get(&export), 404);
        expect(&app.anonymous().get(&export), 401);
        // Numbers of exports can be guessed; guessing tells nothing.
        let absent = bare(&reader.get("/exports/999999/file"));
        assert_eq!(bare(&reader.get(&export)), absent);
        expect(&reader.get(&format!("/records/contact?search={}", encoded("Спільна"))), 200);
    });
}
