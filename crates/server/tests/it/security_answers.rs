//! What answers say and do not say, for the requirements of `security/asvs.toml` that no other test holds.

use std::fs;
use std::path::Path;

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, expect, for_each_app};
use crate::it::person::person;

/// The files below a folder of the repository whose names end so.
fn sources(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                if !["node_modules", "target", "dist", "generated"].iter().any(|made| name.ends_with(made)) {
                    walk(&path, ending, found);
                }
            } else if name.ends_with(ending) {
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    walk(&root.join(folder), ending, &mut found);
    assert!(!found.is_empty(), "{folder}");
    found
}

/// Method and path of every operation, with plausible values for what stands in braces.
fn operations(user: &mut User) -> Vec<(String, String, Json)> {
    let document = expect(&user.get("/openapi.json"), 200);
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let path = path.replace("{type}", "contact").replace("{field}", "remark").replace("{id}", "1");
            found.push((method.to_uppercase(), path, operation.clone()));
        }
    }
    found
}

#[test]
fn every_body_says_what_it_is() {
    for_each_app(|app| {
        let mut user = app.administrator();
        for (path, expect) in [
            ("/", "text/html; charset=utf-8"),
            ("/contacts/1", "text/html; charset=utf-8"),
            ("/favicon.svg", "image/svg+xml"),
            ("/api/v1/session", "application/json"),
            ("/api/v1/nowhere", "application/problem+json"),
            ("/api/v1/audit/file", "text/csv; charset=utf-8"),
        ] {
            let answer = user.connection.get(path).unwrap();
            assert_eq!(answer.header("content-type"), Some(expect), "{path}");
        }
    });
}

#[test]
fn reading_changes_nothing() {
    for_each_app(|app| {
        let mut user = app.administrator();
        user.create_contact(person("Незмінна"));
        let before = app.content();
        for (_, path, _) in
            operations(&mut user).into_iter().filter(|(method, path, _)| method == "GET" && !path.ends_with("/events"))
        {
            assert!(user.connection.get(&path).unwrap().status < 500, "{path}");
        }
        assert_eq!(app.content(), before);
    });
}

#[test]
fn unknown_methods_are_refused() {
    for_each_app(|app| {
        let mut user = app.administrator();
        for method in ["TRACE", "TRACK", "PROPPATCH", "DEBUG"] {
            for path in ["/api/v1/session", "/api/v1/records/contact"] {
                let answer = user.connection.send(method, path, &[("x-secret", "echo me")], &[]).unwrap();
                assert_eq!(answer.status, 405, "{method} {path}");
                assert!(!answer.text().contains("echo me"));
            }
        }
    });
}

#[test]
fn nothing_lies_open() {
    for_each_app(|app| {
        let mut visitor = app.anonymous();
        for path in [
            "/.git/HEAD",
            "/.git/config",
            "/.env",
            "/Cargo.toml",
            "/kartoteka.db",
            "/data/kartoteka.db",
            "/assets/..%2f",
        ] {
            // Every path without an ending is a page of the web client; no path is a file of the folder that the program stands in.
            let answer = visitor.connection.get(path).unwrap();
            let is_page = answer.text().to_lowercase().starts_with("<!doctype html");
            assert!(answer.status == 404 || is_page, "{path}: {}", answer.text());
        }
        for path in ["/assets/", "/assets", "/api/v1/files/", "/files/"] {
            let text = visitor.connection.get(path).unwrap().text();
            assert!(!text.contains("Index of") && !text.contains(".woff2"), "{path}: {text}");
        }
    });
}

#[test]
fn no_answer_leads_to_another_host() {
    for_each_app(|app| {
        let mut visitor = app.anonymous();
        for path in [
            "/.well-known/carddav",
            "/.well-known/caldav",
            "/login?next=//evil.example",
            "//evil.example/",
            "/dav",
            "/\\evil.example",
        ] {
            let answer = visitor.connection.get(path).unwrap();
            if let Some(location) = answer.header("location") {
                assert!(location.starts_with('/') && !location.starts_with("//"), "{path}: {location}");
            }
        }
    });
}

#[test]
fn an_address_is_believed_only_of_a_proxy() {
    for_each_app(|app| {
        let mut user = app.anonymous();
        let headers =
            [("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=203.0.113.9"), ("x-real-ip", "203.0.113.9")];
        let login = json!({ "login": "administrator", "password": crate::it::app::PASSWORD });
        expect(&user.send("POST", "/session", &headers, &login), 200);
        let mut administrator = app.administrator();
        let sessions = expect(&administrator.get("/session/all"), 200);
        for session in sessions["items"].as_array().unwrap() {
            assert_eq!(session["ip_address"], "127.0.0.1");
        }
    });
}

#[test]
fn a_broken_part_says_nothing_of_itself() {
    for_each_app(|app| {
        let mut user = app.administrator();
        app.engine.database().write(|tx| tx.execute_batch("DROP TABLE audit_events")).unwrap();
        let answer = user.get("/audit");
        let body = expect(&answer, 500);
        assert_eq!(body["code"], "internal");
        let text = answer.text().to_lowercase();
        for telling in ["audit_events", "select", "sqlite", "postgres", "crates/", "panicked"] {
            assert!(!text.contains(telling), "{text}");
        }
    });
}

#[test]
fn no_address_takes_a_secret() {
    for_each_app(|app| {
        let mut user = app.administrator();
        for (method, path, operation) in operations(&mut user) {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let (place, name) = (parameter["in"].as_str().unwrap(), parameter["name"].as_str().unwrap());
                let is_secret =
                    ["password", "token", "secret", "session", "code"].iter().any(|word| name.contains(word));
                // The number of a session opens nothing.
                let is_secret = is_secret && !name.ends_with("_id");
                assert!(place == "header" || !is_secret, "{method} {path}: {name}");
            }
        }
    });
}

#[test]
fn a_parameter_comes_once() {
    for_each_app(|app| {
        let mut user = app.with_user(Role::Employee);
        for path in ["/records/contact?limit=1&limit=2", "/search?q=a&q=b", "/records/contact?trash=false&trash=true"] {
            let status = user.get(path).status;
            assert!((400..500).contains(&status), "{path}: {status}");
        }
    });
}

#[test]
fn the_client_sets_no_html() {
    for ending in [".ts", ".tsx"] {
        for (file, text) in sources("web/src", ending) {
            for way in [
                "dangerouslySetInnerHTML",
                ".innerHTML",
                ".outerHTML",
                "insertAdjacentHTML",
                "document.write(",
                "new Function(",
                " eval(",
            ] {
                assert!(!text.contains(way), "{file} uses {way}");
            }
        }
    }
}

#[test]
fn no_program_is_started_with_input() {
    for (file, text) in sources("crates", ".rs") {
        // The measurement starts the program itself, by its own path.
        let is_of_tests = ["/tests/", "/test-kit/", "/bench/server.rs"].iter().any(|part| file.contains(part));
        assert!(is_of_tests || !text.contains("Command::new"), "{file} starts a program");
    }
}

#[test]
fn no_crate_may_use_unsafe_code() {
    let mut crates = 0;
    for (file, text) in sources("crates", "Cargo.toml") {
        if !file.contains("/fuzz/") {
            assert!(text.contains("[lints]\nworkspace = true"), "{file}");
            crates += 1;
        }
    }
    assert!(crates > 10);
    let root = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml")).unwrap();
    assert!(root.contains("unsafe_code = \"forbid\""));
}

/// What ASVS asks to be written down stands where people look for it.
#[test]
fn what_people_must_know_is_written_down() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../SECURITY.md")).unwrap();
    for promise in [
        "Five wrong passwords or codes",
        "within\nseven days",
        "once in three months",
        "**The ways in** are",
        "Serve it over TLS",
        "three working days",
    ] {
        assert!(text.contains(promise), "SECURITY.md does not say: {promise}");
    }
}
