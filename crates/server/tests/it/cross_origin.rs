//! What a page of another site can make a browser send: with the cookie of the victim, to every operation that changes something (S24).
//!
//! Made from the live description, so that no new route is forgotten. Every attempt is refused before anything is looked up: no row of any table
//! changes but those of the audit log, not even that of the session. The same request without the marks of a foreign page gets further; else this would prove nothing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::it::acl_matrix::{
    Operation, Things, WRITTEN_BY_REFUSALS, address_of, content_for, everything_but, operations,
};
use crate::it::app::{App, expect, for_each_app};
use crate::it::person::person;

/// All that a refused attempt may write: the log tells of it.
const UNCHANGED_BUT: [&str; 3] = ["audit_events", "audit_chain", "sqlite_sequence"];

/// Sends a request exactly as it is given, on a connection of its own; gives status, head and body.
pub(crate) fn raw(address: SocketAddr, first_line: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let mut text = format!("{first_line} HTTP/1.1\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
    if !headers.iter().any(|(name, _)| *name == "host") {
        text.push_str(&format!("host: {address}\r\n"));
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    stream.write_all(text.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("{first_line}: {answer}")), answer)
}

/// What browsers say of a request that another page caused.
fn foreign_marks(host: &str) -> Vec<Vec<(&'static str, String)>> {
    let origin = |text: &str| vec![("origin", text.to_owned())];
    let site = |text: &str| vec![("sec-fetch-site", text.to_owned())];
    vec![
        site("cross-site"),
        site("same-site"),
        site("Same-Origin"),
        site(""),
        origin("https://evil.example"),
        origin("null"),
        origin(""),
        origin(&format!("http://{host}.evil.example")),
        origin(&format!("http://{host}@evil.example")),
        origin(&format!("http://evil.example/{host}")),
        origin(&format!("http://{}:1", host.split(':').next().unwrap())),
        origin(&format!("http://{host}, https://evil.example")),
        [site("cross-site"), origin(&format!("http://{host}"))].concat(),
    ]
}

/// The media types that a form of any page sends without asking first.
const FORM_TYPES: [&str; 5] = [
    "text/plain",
    "text/plain; charset=application/json",
    "application/x-www-form-urlencoded",
    "Application/X-WWW-Form-URLencoded ; charset=utf-8",
    "multipart/form-data; boundary=x",
];

fn writes(app: &App) -> Vec<Operation> {
    let found = operations(&mut app.administrator());
    let writes: Vec<Operation> = found.into_iter().filter(|operation| operation.method != "GET").collect();
    assert!(writes.len() > 60, "{}", writes.len());
    writes
}

#[test]
fn no_page_of_another_site_changes_anything() {
    for_each_app(|app| {
        let writes = writes(app);
        let mut admin = app.administrator();
        let things = Things::of(&mut admin);
        let contact = admin.create_contact(person("Шевчук"))["id"].as_i64().unwrap();
        let cookie = admin.connection.cookie.clone().unwrap();
        let host = app.address.to_string();
        let before = everything_but(app, &UNCHANGED_BUT);
        let mut wrong = Vec::new();
        for operation in &writes {
            let first_line = format!("{} {}", operation.method, address_of(operation, &things, contact, "x"));
            let (media_type, body) = content_for(operation, contact);
            for marks in foreign_marks(&host) {
                let mut headers = vec![("cookie", cookie.as_str()), ("content-type", media_type)];
                headers.extend(marks.iter().map(|(name, value)| (*name, value.as_str())));
                let (status, answer) = raw(app.address, &first_line, &headers, &body);
                if status != 403 || !answer.contains("\"code\":\"cross_origin\"") {
                    wrong.push(format!("{first_line} with {marks:?}: {answer}"));
                }
                if answer.to_lowercase().contains("access-control-allow") {
                    wrong.push(format!("{first_line} invites another site: {answer}"));
                }
            }
            // Forms are refused wherever they come from: an old browser says nothing of where that is.
            for form in FORM_TYPES {
                for mark in [("sec-fetch-site", "same-origin"), ("x-nothing", "")] {
                    let headers = [("cookie", cookie.as_str()), ("content-type", form), mark];
                    let (status, answer) = raw(app.address, &first_line, &headers, &body);
                    if status != 415 {
                        wrong.push(format!("{first_line} as {form}: {answer}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
        assert_eq!(everything_but(app, &UNCHANGED_BUT), before);
    });
}

#[test]
fn the_marks_of_a_foreign_page_are_all_that_was_refused() {
    for_each_app(|app| {
        let writes = writes(app);
        let things = Things { import: 1, job: 1, operation: 1 };
        let host = app.address.to_string();
        let own = format!("http://{host}");
        for operation in &writes {
            let first_line = format!("{} {}", operation.method, address_of(operation, &things, 1, "x"));
            let (media_type, body) = content_for(operation, 1);
            for mark in [("sec-fetch-site", "same-origin"), ("origin", own.as_str()), ("x-nothing", "")] {
                // Without a cookie, so that nothing happens: it is asked who that is, or refused for what it says.
                let (status, answer) = raw(app.address, &first_line, &[("content-type", media_type), mark], &body);
                let is_refused_as_foreign = status == 415 || answer.contains("\"code\":\"cross_origin\"");
                assert!(!is_refused_as_foreign, "{first_line} with {mark:?}: {answer}");
            }
        }
    });
}

#[test]
fn no_preflight_is_answered_with_yes_and_no_header_names_another_method() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let things = Things::of(&mut admin);
        let contact = admin.create_contact(person("Шевчук"))["id"].as_i64().unwrap();
        let cookie = admin.connection.cookie.clone().unwrap();
        let found = operations(&mut admin);
        let before = everything_but(app, &WRITTEN_BY_REFUSALS);
        for operation in &found {
            let path = address_of(operation, &things, contact, "x");
            let asked = [
                ("cookie", cookie.as_str()),
                ("origin", "https://evil.example"),
                ("access-control-request-method", operation.method.as_str()),
                ("access-control-request-headers", "content-type"),
            ];
            let (status, answer) = raw(app.address, &format!("OPTIONS {path}"), &asked, "");
            assert!(status >= 400, "{path}: {answer}");
            assert!(!answer.to_lowercase().contains("access-control-"), "{path}: {answer}");
            if operation.method == "GET" || operation.id == "stream_events" {
                continue;
            }
            // Frameworks that believe such a header let a link or a picture write.
            for name in ["x-http-method-override", "x-method-override", "x-http-method"] {
                let headers =
                    [("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site"), (name, operation.method.as_str())];
                let separator = if path.contains('?') { '&' } else { '?' };
                for method in ["GET", "HEAD"] {
                    if method == "GET" && path.ends_with("/events") {
                        continue;
                    }
                    raw(app.address, &format!("{method} {path}{separator}_method={}", operation.method), &headers, "");
                }
            }
        }
        assert_eq!(everything_but(app, &WRITTEN_BY_REFUSALS), before);
    });
}

#[test]
fn address_books_and_calendars_take_no_writes_from_pages() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let contact = admin.create_contact(person("Шевчук"))["id"].as_i64().unwrap();
        let task = serde_json::json!({ "values": { "title": "Подзвонити" } });
        let task = expect(&admin.post("/records/task", &task), 201)["record"]["id"].clone();
        let device = expect(&admin.post("/session/app-passwords", &serde_json::json!({ "name": "Pixel" })), 201);
        let login = base64_of(&format!("administrator:{}", device["password"].as_str().unwrap()));
        let authorization = format!("Basic {login}");
        // A browser that was once asked for the login of the address book sends it along by itself.
        let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Підкинута\r\nN:Підкинута;;;;\r\nEND:VCARD\r\n";
        let before = everything_but(app, &UNCHANGED_BUT);
        for marks in foreign_marks(&app.address.to_string()) {
            for (method, path) in [
                ("PUT", "/dav/books/contacts/new.vcf".to_owned()),
                ("DELETE", format!("/dav/books/contacts/{contact}.vcf")),
                ("PUT", "/dav/calendars/tasks/new.ics".to_owned()),
                ("DELETE", format!("/dav/calendars/tasks/{task}.ics")),
            ] {
                let mut headers = vec![("authorization", authorization.as_str()), ("content-type", "text/vcard")];
                headers.extend(marks.iter().map(|(name, value)| (*name, value.as_str())));
                let (status, answer) = raw(app.address, &format!("{method} {path}"), &headers, card);
                assert_eq!(status, 403, "{method} {path} with {marks:?}: {answer}");
            }
        }
        assert_eq!(everything_but(app, &UNCHANGED_BUT), before);
    });
}

fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
