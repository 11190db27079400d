//! Retries over a line that breaks (R4): the client repeats with the same `Idempotency-Key` what it has no answer to, and finds one effect and the
//! same bytes.
//!
//! [`Line`] stands between client and program. It carries a request over and then cuts: before it is read, as soon as it is sent, behind the
//! answer that nobody gets, or in the middle of it. The operations come from the live description: each that takes a key is asked.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};

use kartoteka::bench::Server;
use kartoteka::demo::create_team;
use kartoteka::http_client::{Answer, Connection};
use kartoteka::installation::Place;
use record_engine::Clock;
use serde_json::{Value as Json, json};

use crate::it::acl_matrix::{Operation, Things, address_of, content_for, everything_but, operations};
use crate::it::app::{App, PASSWORD, User, expect, for_each_app, until};
use crate::it::person::{person, with};

/// Where the line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// The program has the request, and nobody waits for it any more.
    Unanswered,
    /// The answer came over the half of the line that is the program's.
    Answered,
    /// So many bytes of the answer got through.
    Within(usize),
}

/// A line to a program that breaks once for each request.
struct Line {
    address: SocketAddr,
    /// The answers that nobody got.
    lost: Receiver<Vec<u8>>,
}

impl Line {
    fn to(program: SocketAddr, cut: Cut) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (say, lost) = channel();
        std::thread::spawn(move || {
            let (mut client, _) = listener.accept().unwrap();
            let request = read_message(&mut client);
            let mut beyond = TcpStream::connect(program).unwrap();
            beyond.write_all(&request).unwrap();
            let mut answer = Vec::new();
            match cut {
                Cut::Unanswered => beyond.shutdown(Shutdown::Both).unwrap(),
                Cut::Answered => answer = read_message(&mut beyond),
                Cut::Within(bytes) => {
                    answer = read_message(&mut beyond);
                    client.write_all(&answer[..bytes.min(answer.len() - 1)]).unwrap();
                }
            }
            client.shutdown(Shutdown::Both).unwrap();
            // Nobody may be listening.
            let _ = say.send(answer);
        });
        Line { address, lost }
    }
}

/// Head and body of a request or an answer with a length.
fn read_message(stream: &mut TcpStream) -> Vec<u8> {
    let mut message = Vec::new();
    let mut byte = [0];
    while !message.ends_with(b"\r\n\r\n") {
        assert_eq!(stream.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&message));
        message.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&message).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
    let start = message.len();
    message.resize(start + length, 0);
    stream.read_exact(&mut message[start..]).unwrap();
    message
}

fn body_of_message(message: &[u8]) -> &[u8] {
    let end = message.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    &message[end..]
}

fn fresh_key() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("retry-{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// A request that may be sent again.
struct Request<'a> {
    method: &'a str,
    path: &'a str,
    key: String,
    media_type: &'a str,
    body: String,
}

impl Request<'_> {
    fn send(&self, cookie: Option<&String>, address: SocketAddr) -> std::io::Result<Answer> {
        let mut connection = Connection::new(address);
        connection.cookie = cookie.cloned();
        let headers = [("content-type", self.media_type), ("idempotency-key", &self.key)];
        connection.send(self.method, self.path, &headers, self.body.as_bytes())
    }

    /// Sends it over a line that breaks; gives the answer that was lost.
    fn lose(&self, cookie: Option<&String>, program: SocketAddr, cut: Cut) -> Vec<u8> {
        let line = Line::to(program, cut);
        let got = self.send(cookie, line.address);
        assert!(got.is_err(), "{cut:?} cuts nothing: {}", got.unwrap().text());
        line.lost.recv().unwrap()
    }
}

/// A body for each operation that takes a key, for which the matrix has none that does something.
fn content(operation: &Operation, contact: i64, number: usize) -> (String, String) {
    let (media_type, body) = content_for(operation, contact);
    let body = match operation.id.as_str() {
        "create_user" => json!({
            "name": "Новий", "login": format!("novyi{number}"), "password": "a long enough secret", "roles": [3],
        })
        .to_string(),
        "create_record" => json!({ "values": person(&format!("Нова{number}")) }).to_string(),
        _ => body,
    };
    (media_type.to_owned(), body)
}

fn settle(app: &App) {
    until(|| !app.has_open_jobs());
}

#[test]
fn every_operation_with_a_key_answers_the_same_and_does_nothing_twice() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let cookie = admin.connection.cookie.clone();
        let found = operations(&mut admin);
        let with_keys: Vec<&Operation> = found.iter().filter(|operation| operation.is_retryable).collect();
        assert!(with_keys.len() >= 25, "{}", with_keys.len());
        let mut done = Vec::new();
        for (number, operation) in with_keys.iter().enumerate() {
            // Things of its own, which the operation before has not used up.
            let things = Things::of(&mut admin);
            let contact = admin.create_contact(person(&format!("Ціль{number}")))["id"].as_i64().unwrap();
            admin.create_contact(person(&format!("Друга{number}")));
            let path = address_of(operation, &things, contact, "x");
            let (media_type, body) = content(operation, contact, number);
            let request =
                Request { method: &operation.method, path: &path, key: fresh_key(), media_type: &media_type, body };
            let lost = request.lose(cookie.as_ref(), app.address, Cut::Answered);
            settle(app);
            // A refusal had no effect and may be answered anew; everything else is told again as it was.
            let first = String::from_utf8_lossy(&lost).into_owned();
            let status: u16 = first.split(' ').nth(1).unwrap().parse().unwrap();
            let unchanged = ["sessions", "sqlite_sequence"];
            let before = everything_but(app, &unchanged);
            for cut in [Cut::Within(1), Cut::Within(200), Cut::Within(usize::MAX)] {
                request.lose(cookie.as_ref(), app.address, cut);
            }
            let again = request.send(cookie.as_ref(), app.address).unwrap();
            settle(app);
            assert_eq!(again.status, status, "{} {first} {}", operation.id, again.text());
            if status < 300 {
                done.push(operation.id.as_str());
                assert_eq!(again.body, body_of_message(&lost), "{}", operation.id);
                assert_eq!(everything_but(app, &unchanged), before, "{} did something again", operation.id);
            }
        }
        // The others were refused for what they were asked about; these are the ones that make, change, and remove.
        for id in [
            "create_record",
            "update_record",
            "delete_record",
            "bulk_records",
            "create_user",
            "merge_records",
            "create_export",
        ] {
            assert!(done.contains(&id), "{id} is not among {done:?}");
        }
    });
}

/// Asks until an answer comes through; the first attempts break where nobody can say whether they were heard.
fn persist(app: &App, user: &User, method: &str, path: &str, body: &Json) -> Answer {
    let path = format!("/api/v1{path}");
    let request =
        Request { method, path: &path, key: fresh_key(), media_type: "application/json", body: body.to_string() };
    let cookie = user.connection.cookie.as_ref();
    for cut in [Cut::Unanswered, Cut::Unanswered, Cut::Within(12), Cut::Unanswered] {
        request.lose(cookie, app.address, cut);
    }
    request.send(cookie, app.address).unwrap()
}

#[test]
fn who_persists_has_done_it_once() {
    for_each_app(|app| {
        let mut user = app.administrator();
        for number in 0..10 {
            let name = format!("Упертий{number}");
            let made =
                expect(&persist(app, &user, "POST", "/records/contact", &json!({ "values": person(&name) })), 201);
            let id = made["record"]["id"].as_i64().unwrap();
            let filter = crate::it::app::encoded(&format!("last_name = \"{name}\""));
            assert_eq!(user.contact_ids(&format!("filter={filter}")), [id]);

            let path = format!("/records/contact/{id}");
            expect(&persist(app, &user, "PATCH", &path, &json!({ "values": { "remark": "раз" } })), 200);
            assert_eq!(expect(&user.get(&path), 200)["version"], 2);
        }
        let ids = user.contact_ids("");
        let bulk = json!({ "action": "update", "ids": ids, "values": { "warmth": "hot" } });
        let job = expect(&persist(app, &user, "POST", "/records/contact/bulk", &bulk), 202)["job"].clone();
        assert_eq!(user.wait_for_job(&job)["report"]["changed"], ids.len());
        let jobs = expect(&user.get("/jobs?limit=50"), 200);
        assert_eq!(jobs["items"].as_array().unwrap().len(), 1, "{jobs}");
        for id in &ids {
            assert_eq!(expect(&user.get(&format!("/records/contact/{id}")), 200)["version"], 3);
        }

        let import =
            expect(&user.upload("/imports?type=contact&file_name=a.csv", "Прізвище\nІмпортний\n".as_bytes()), 201);
        let start = format!("/imports/{}/start", import["id"]);
        let job = expect(&persist(app, &user, "POST", &start, &json!({})), 202)["job"].clone();
        assert_eq!(user.wait_for_job(&job)["state"], "done");
        let filter = crate::it::app::encoded("last_name = \"Імпортний\"");
        assert_eq!(user.contact_ids(&format!("filter={filter}")).len(), 1);

        let phone = json!({ "values": with(person("Видалений"), "remark", json!("x")) });
        let id = expect(&persist(app, &user, "POST", "/records/contact", &phone), 201)["record"]["id"].clone();
        let gone = expect(&persist(app, &user, "DELETE", &format!("/records/contact/{id}"), &json!({})), 200);
        expect(&persist(app, &user, "POST", &format!("/operations/{}/undo", gone["operation_id"]), &json!({})), 200);
        assert_eq!(expect(&user.get(&format!("/records/contact/{id}")), 200)["deleted_at"], Json::Null);
    });
}

#[test]
fn a_line_that_breaks_because_the_program_was_killed_is_told_the_same() {
    let kills: usize = std::env::var("KARTOTEKA_RETRY_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(6);
    test_kit::for_each_backend(|database| {
        let folder = tempfile::TempDir::new().unwrap();
        let installation = Place::new(folder.path(), Some(&database.url)).open(Clock::system()).unwrap();
        create_team(&installation.engine, PASSWORD).unwrap();
        installation.engine.database().close();
        let start =
            || Server::start(env!("CARGO_BIN_EXE_kartoteka").as_ref(), folder.path(), Some(&database.url)).unwrap();
        let mut server = start();
        let mut connection = Connection::new(server.address);
        connection.log_in("olena", PASSWORD).unwrap();
        let cookie = connection.cookie.clone();
        for kill in 0..kills {
            let name = format!("Вбитий{kill}");
            let body = json!({ "values": person(&name) }).to_string();
            let path = "/api/v1/records/contact";
            let request = Request { method: "POST", path, key: fresh_key(), media_type: "application/json", body };
            // By turns behind the answer, which was durable then, and while nobody knows how far the program came.
            let cut = if kill % 2 == 0 { Cut::Answered } else { Cut::Unanswered };
            let lost = request.lose(cookie.as_ref(), server.address, cut);
            server.kill().unwrap();
            server = start();
            let again = request.send(cookie.as_ref(), server.address).unwrap();
            expect(&again, 201);
            if cut == Cut::Answered {
                assert_eq!(again.body, body_of_message(&lost));
            }
            let mut connection = Connection::new(server.address);
            connection.cookie.clone_from(&cookie);
            let filter = crate::it::app::encoded(&format!("last_name = \"{name}\""));
            let found = expect(&connection.get(&format!("{path}?filter={filter}")).unwrap(), 200);
            assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
        }
    });
}
