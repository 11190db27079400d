//! Keys of programs over HTTP: what they may, what they never may, and what ends them (S22).

use std::io::BufRead;
use std::time::Instant;

use kartoteka::http_client::{Answer, Connection};
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, PASSWORD, SOON, User, expect, field_errors, for_each_app};
use crate::it::person::person;

const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// 2026-11-23T08:00:00Z.
const NOW: i64 = 1_795_420_800_000;

/// A program with a key.
struct Program<'a> {
    app: &'a App,
    key: String,
}

impl Program<'_> {
    fn send(&self, method: &str, path: &str, body: &Json) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = if method == "GET" { String::new() } else { body.to_string() };
        Connection::new(self.app.address).send(method, &format!("/api/v1{path}"), &headers, body.as_bytes()).unwrap()
    }

    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &Json::Null)
    }

    fn post(&self, path: &str, body: &Json) -> Answer {
        self.send("POST", path, body)
    }
}

/// Makes a key; gives it as the list shows it and the program that has it.
fn key<'a>(app: &'a App, owner: &mut User, more: &Json) -> (Json, Program<'a>) {
    let mut input = json!({ "name": "Склад", "may_write": true });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    let made = expect(&owner.post("/session/api-keys", &input), 201);
    let key = made["key"].as_str().unwrap().to_owned();
    (made, Program { app, key })
}

fn create(program: &Program<'_>, last_name: &str) -> Answer {
    program.post("/records/contact", &json!({ "values": person(last_name) }))
}

#[test]
fn a_key_may_what_its_owner_may_and_its_operations_name_it() {
    for_each_app(|app| {
        let (mut administrator, mut owner) = (app.administrator(), app.with_user(Role::Employee));
        let hidden = administrator.create_contact(person("Прихована"));
        let (made, program) = key(app, &mut owner, &json!({}));
        assert!(program.key.starts_with(&format!("ktk_{}_", made["id"])));
        assert_eq!(expect(&program.get("/session"), 200)["user"]["id"], owner.id);
        expect(&program.get(&format!("/records/contact/{}", hidden["id"])), 404);
        let created = expect(&create(&program, "Зі складу"), 201);
        let id = created["record"]["id"].clone();
        let history = expect(&owner.get(&format!("/records/contact/{id}/history")), 200);
        let operation = &history["items"][0]["operation"];
        assert_eq!((&operation["source"], &operation["reason"]), (&json!("api"), &json!("Склад")));
        assert_eq!(operation["user"]["id"], owner.id);
        // What came of it: counted, with the address; the text of the key stands nowhere.
        let seen = expect(&owner.get("/session/api-keys"), 200)["items"][0].clone();
        assert_eq!((&seen["written_today"], &seen["refused_today"]), (&json!(1), &json!(1)));
        assert_eq!((&seen["last_error"], &seen["last_address"]), (&json!("not_found"), &json!("127.0.0.1")));
        let stored = crate::it::app::content_of(&app.engine, &["api_keys"]);
        assert!(!stored.contains(program.key.rsplit('_').next().unwrap()), "{stored}");
        // Rights that its owner gets or loses are those of the key at the next request.
        let change = json!({ "values": { "managers": [owner.id, administrator.id] } });
        expect(&administrator.patch(&format!("/records/contact/{}", hidden["id"]), &change), 200);
        expect(&program.get(&format!("/records/contact/{}", hidden["id"])), 200);
    });
}

#[test]
fn a_key_narrows_the_rights_of_its_owner() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let contact = owner.create_contact(person("Відома"));
        let at = format!("/records/contact/{}", contact["id"]);
        let (_, reader) = key(app, &mut owner, &json!({ "may_write": false }));
        expect(&reader.get(&at), 200);
        expect(&reader.post("/records/contact/query", &json!({ "filter": "all" })), 200);
        for (method, path, body) in [
            ("POST", "/records/contact".to_owned(), json!({ "values": person("Нова") })),
            ("PATCH", at.clone(), json!({ "values": { "position": "x" } })),
            ("DELETE", at.clone(), json!({})),
            ("POST", "/records/contact/bulk".to_owned(), json!({})),
        ] {
            assert_eq!(expect(&reader.send(method, &path, &body), 403)["code"], "key_reads_only", "{method} {path}");
        }
        let (_, limited) = key(app, &mut owner, &json!({ "types": ["contact"] }));
        expect(&create(&limited, "Ще одна"), 201);
        let tags = expect(&limited.get("/catalog"), 200);
        assert!(tags["object_types"].as_array().unwrap().iter().any(|one| one["name"] == "contact"));
        // It administers nothing, not even for an administrator.
        let field = json!({ "labels": { "en": "Shoe size" }, "kind": "text" });
        expect(&limited.post("/catalog/contact/fields", &field), 403);
        expect(&limited.send("PATCH", "/installation", &json!({ "company_name": "Моя" })), 403);
        let (_, outside) = key(app, &mut owner, &json!({ "types": ["saved_view"] }));
        expect(&outside.get(&at), 404);
        assert_eq!(expect(&outside.get("/records/contact"), 200)["items"], json!([]));
        expect(&create(&outside, "Чужа"), 403);
        // What it started goes on with its limits: a whole list is changed by nobody who sees none of it.
        let found = expect(&outside.get("/search?q=%D0%92%D1%96%D0%B4%D0%BE%D0%BC%D0%B0"), 200);
        assert!(!found.to_string().contains("Відома"));
    });
}

#[test]
fn accounts_are_not_for_keys() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let other = app.with_user(Role::Employee);
        let (made, program) = key(app, &mut owner, &json!({}));
        for (method, path, body) in [
            ("DELETE", "/session".to_owned(), json!({})),
            ("PATCH", "/session".to_owned(), json!({ "language": "en" })),
            (
                "POST",
                "/session/password".to_owned(),
                json!({ "current_password": PASSWORD, "new_password": "another secret 1" }),
            ),
            ("GET", "/session/all".to_owned(), json!({})),
            ("GET", "/session/api-keys".to_owned(), json!({})),
            ("POST", "/session/api-keys".to_owned(), json!({ "name": "Ще" })),
            ("GET", "/api-keys".to_owned(), json!({})),
            ("DELETE", format!("/api-keys/{}", made["id"]), json!({})),
            ("POST", "/session/app-passwords".to_owned(), json!({ "name": "Телефон" })),
            ("POST", "/users".to_owned(), json!({})),
            ("POST", format!("/users/{}/password", other.id), json!({ "new_password": "another secret 1" })),
            ("GET", "/webhooks".to_owned(), json!({})),
        ] {
            let answer = expect(&program.send(method, &path, &body), 403);
            assert_eq!(answer["code"], "session_required", "{method} {path}");
        }
        // Nor by the way of records, undo included.
        let at = format!("/records/user/{}", other.id);
        let change = json!({ "values": { "name": "Підмінений" } });
        expect(&program.send("PATCH", &at, &change), 403);
        let roles = expect(&program.get("/records/role"), 200);
        let role = roles["items"].as_array().unwrap().iter().find(|role| role["values"]["key"] == "employee").unwrap();
        expect(&program.send("PATCH", &format!("/records/role/{}", role["id"]), &change), 403);
        expect(&program.post("/records/role", &json!({ "values": { "name": "Нова", "rights": "{}" } })), 403);
        let changed = expect(&owner.patch(&at, &change), 200);
        let undo = program.post(&format!("/operations/{}/undo", changed["operation_id"]), &json!({}));
        assert_ne!(expect(&owner.get(&at), 200)["values"]["name"], expect(&owner.get("/session"), 200)["user"]["name"]);
        assert_eq!(expect(&owner.get(&at), 200)["values"]["name"], "Підмінений", "{}", undo.text());
        // A cookie beside a key is no mistake that one guesses about.
        let bearer = format!("Bearer {}", program.key);
        let both = owner.send("GET", "/records/contact", &[("authorization", bearer.as_str())], &json!({}));
        assert_eq!(expect(&both, 400)["code"], "two_credentials");
        // And the address book of phones is no place for keys.
        let dav =
            Connection::new(app.address).send("PROPFIND", "/dav/", &[("authorization", bearer.as_str())], &[]).unwrap();
        assert_eq!(dav.status, 401);
    });
}

#[test]
fn a_key_ends_at_once() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        type End = fn(&mut User, &User, &Json);
        let ends: [(&str, End); 4] = [
            ("revoked by its owner or an administrator", |administrator, _, made| {
                expect(&administrator.delete(&format!("/api-keys/{}", made["id"])), 204);
            }),
            ("deactivated", |administrator, owner, _| {
                let change = json!({ "values": { "is_active": false } });
                expect(&administrator.patch(&format!("/records/user/{}", owner.id), &change), 200);
            }),
            ("another password", |administrator, owner, _| {
                let path = format!("/users/{}/password", owner.id);
                expect(&administrator.post(&path, &json!({ "new_password": "quite another one" })), 204);
            }),
            ("fewer roles", |administrator, owner, _| {
                let roles = expect(&administrator.get("/records/role"), 200);
                let items = roles["items"].as_array().unwrap();
                let employee = items.iter().find(|role| role["values"]["key"] == "employee").unwrap();
                let change = json!({ "values": { "roles": [employee["id"]] } });
                expect(&administrator.patch(&format!("/records/user/{}", owner.id), &change), 200);
            }),
        ];
        for (cause, end) in ends {
            let mut owner = app.with_user(Role::Supervisor);
            let (made, program) = key(app, &mut owner, &json!({}));
            let bearer = format!("Bearer {}", program.key);
            let mut opened = Connection::new(app.address);
            let (head, mut stream) =
                opened.open_stream("/api/v1/events", &[("authorization", bearer.as_str())]).unwrap();
            assert_eq!(head.status, 200);
            expect(&program.get("/records/contact"), 200);
            end(&mut administrator, &owner, &made);
            let ended = Instant::now();
            assert_eq!(expect(&program.get("/records/contact"), 401)["code"], "unauthenticated", "{cause}");
            assert_eq!(create(&program, "Запізніла").status, 401, "{cause}");
            // The open stream hears of it too.
            let mut line = String::new();
            while !line.contains("session_ended") {
                line.clear();
                assert!(stream.read_line(&mut line).unwrap() > 0 && ended.elapsed() < SOON, "{cause}");
            }
            assert!(ended.elapsed().as_secs() < 5, "{cause}: {:?}", ended.elapsed());
        }
    });
}

#[test]
fn a_stream_that_ends_with_its_key_is_no_wrong_key_and_a_wrong_key_is_told_of() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Supervisor);
        let (made, program) = key(app, &mut owner, &json!({}));
        let bearer = format!("Bearer {}", program.key);
        let mut opened = Connection::new(app.address);
        let (head, mut stream) = opened.open_stream("/api/v1/events", &[("authorization", bearer.as_str())]).unwrap();
        assert_eq!(head.status, 200);
        let mut administrator = app.administrator();
        expect(&administrator.delete(&format!("/api-keys/{}", made["id"])), 204);
        // To its last chunk, so that all it might have told has been told.
        let mut rest = String::new();
        while !rest.ends_with("\r\n0\r\n\r\n") {
            assert!(stream.read_line(&mut rest).unwrap() > 0, "{rest}");
        }
        assert!(rest.contains("session_ended"), "{rest}");
        let wrong = |administrator: &mut User| {
            let log = expect(&administrator.get("/audit?kinds=login&outcome=failure"), 200);
            let items = log["items"].as_array().unwrap().iter();
            items.map(|item| item["details"].clone()).collect::<Vec<Json>>()
        };
        assert_eq!(wrong(&mut administrator), Vec::<Json>::new());
        expect(&program.get("/records/contact"), 401);
        let told = wrong(&mut administrator);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((&told[0]["reason"], &told[0]["method"]), (&json!("wrong_api_key"), &json!("api_key")));
        assert!(!told[0].to_string().contains("ktk_"), "{told:?}");
    });
}

#[test]
fn what_is_closed_to_everybody_is_closed_to_administrators_and_keys() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let (_, program) = key(app, &mut admin, &json!({}));
        expect(&program.get("/records/contact"), 200);
        let close = |admin: &mut User, parts: &Json| admin.patch("/installation", &json!({ "closed_features": parts }));
        // What shapes the installation stays: somebody has to open again.
        assert_eq!(expect(&close(&mut admin, &json!(["roles"])), 422)["errors"][0]["code"], "unknown_option");
        let mut employee = app.with_user(Role::Employee);
        expect(&close(&mut employee, &json!([])), 403);
        expect(&close(&mut admin, &json!(["api_keys", "import"])), 200);
        let session = expect(&admin.get("/session"), 200);
        assert!(!session["permissions"]["features"].to_string().contains("import"), "{session}");
        assert_eq!(session["installation"]["closed_features"], json!(["api_keys", "import"]));
        assert_eq!(admin.upload("/imports?type=contact&file_name=a.csv", "Прізвище\nНовий".as_bytes()).status, 403);
        expect(&program.get("/records/contact"), 403);
        expect(&close(&mut admin, &json!([])), 200);
        expect(&program.get("/records/contact"), 200);
    });
}

#[test]
fn a_key_is_valid_for_its_time() {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = &App::with_clock(database, clock.clone());
        let mut administrator = app.administrator();
        let mut owner = app.with_user(Role::Employee);
        let (usual, year) = key(app, &mut owner, &json!({}));
        assert_eq!(usual["expires_at"], "2027-11-23T08:00:00.000Z");
        let (_, week) = key(app, &mut owner, &json!({ "valid_days": 7 }));
        let (for_ever, program) = key(app, &mut administrator, &json!({ "never_expires": true }));
        assert_eq!(for_ever["expires_at"], Json::Null);
        let refused =
            |owner: &mut User, input: Json| field_errors(&expect(&owner.post("/session/api-keys", &input), 422));
        let at = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
        assert_eq!(
            refused(&mut owner, json!({ "name": "x", "never_expires": true })),
            at("/never_expires", "only_administrators")
        );
        assert_eq!(refused(&mut owner, json!({ "name": "x", "valid_days": 731 })), at("/valid_days", "out_of_range"));
        assert_eq!(refused(&mut owner, json!({ "name": " " })), at("/name", "required"));
        assert_eq!(refused(&mut owner, json!({ "name": "x", "types": [] })), at("/types", "required"));
        assert_eq!(refused(&mut owner, json!({ "name": "x", "types": ["moon"] })), at("/types/0", "unknown_option"));
        clock.advance(7 * DAY_MS - 1);
        expect(&week.get("/session"), 200);
        clock.advance(1);
        expect(&week.get("/session"), 401);
        expect(&year.get("/session"), 200);
        clock.advance(800 * DAY_MS);
        expect(&year.get("/session"), 401);
        expect(&program.get("/session"), 200);
    });
}

#[test]
fn guesses_are_counted_and_a_right_key_is_not_made_to_wait() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let (made, program) = key(app, &mut owner, &json!({}));
        let mut last = 0;
        for at in 0..80 {
            let guess = Program { app, key: format!("ktk_{}_{at:036}", made["id"]) };
            last = guess.get("/session").status;
            if last == 429 {
                break;
            }
            assert_eq!(last, 401);
        }
        assert_eq!(last, 429);
        expect(&program.get("/session"), 200);
    });
}

#[test]
fn who_keeps_users_sees_and_takes_all_keys() {
    for_each_app(|app| {
        let (mut administrator, mut owner) = (app.administrator(), app.with_user(Role::Employee));
        let mut other = app.with_user(Role::Employee);
        let (made, program) = key(app, &mut owner, &json!({}));
        expect(&owner.get("/api-keys"), 403);
        expect(&other.delete(&format!("/api-keys/{}", made["id"])), 404);
        let all = expect(&administrator.get("/api-keys"), 200);
        assert_eq!((&all["items"][0]["name"], &all["items"][0]["user"]["id"]), (&json!("Склад"), &json!(owner.id)));
        assert!(!all.to_string().contains(&program.key));
        expect(&owner.delete(&format!("/api-keys/{}", made["id"])), 204);
        expect(&program.get("/session"), 401);
    });
}

#[test]
fn a_repeated_request_of_a_key_is_answered_once_and_apart_from_others() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let (_, one) = key(app, &mut owner, &json!({}));
        let (_, other) = key(app, &mut owner, &json!({ "name": "Сайт" }));
        let send = |program: &Program<'_>| {
            let bearer = format!("Bearer {}", program.key);
            let headers =
                [("authorization", bearer.as_str()), ("content-type", "application/json"), ("idempotency-key", "k1")];
            let body = json!({ "values": person("Одинак") }).to_string();
            expect(
                &Connection::new(app.address)
                    .send("POST", "/api/v1/records/contact", &headers, body.as_bytes())
                    .unwrap(),
                201,
            )
        };
        let first = send(&one);
        assert_eq!(send(&one)["record"]["id"], first["record"]["id"]);
        assert_ne!(send(&other)["record"]["id"], first["record"]["id"]);
    });
}

#[test]
fn a_key_for_some_types_tells_nothing_of_what_its_owner_does_with_others() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let (_, tags) = key(app, &mut owner, &json!({ "types": ["tag"], "may_write": false }));
        let (_, contacts) = key(app, &mut owner, &json!({ "types": ["contact"] }));
        let bearer = format!("Bearer {}", tags.key);
        let mut opened = Connection::new(app.address);
        let (head, mut stream) = opened.open_stream("/api/v1/events", &[("authorization", bearer.as_str())]).unwrap();
        assert_eq!(head.status, 200);

        let contact = owner.create_contact(person("Таємниця"))["id"].clone();
        let comment = json!({ "values": { "record": contact, "text": "таємний коментар" } });
        expect(&owner.post("/records/comment", &comment), 201);
        let table = "Прізвище;Мобільний телефон\nТаємниця;невідомо\n";
        let import = expect(&owner.upload("/imports?type=contact&file_name=a.csv", table.as_bytes()), 201);
        let import = format!("/imports/{}", import["id"]);
        let started = expect(&owner.post(&format!("{import}/start"), &json!({})), 202);
        let job = owner.wait_for_job(&started["job"]);
        let body = json!({ "type": "contact", "format": "csv" });
        let export = expect(&owner.post("/exports", &body), 202);
        let export = owner.wait_for_job(&export["job"]);
        let file = expect(&owner.upload("/files?name=a.txt", "таємниця".as_bytes()), 201);
        let tag = json!({ "values": { "name": "Відома" } });
        let tag = expect(&owner.post("/records/tag", &tag), 201);

        for path in [
            import.clone(),
            format!("{import}/problems"),
            format!("{import}/failed-rows?format=csv"),
            format!("/jobs/{}", job["id"]),
            format!("/exports/{}/file", export["id"]),
            format!("/files/{}", file["id"].as_str().unwrap()),
            format!("/operations/{}/later-changes", job["operation_id"]),
        ] {
            let answer = tags.get(&path);
            assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        }
        assert_eq!(expect(&tags.get("/imports"), 200)["items"], json!([]));
        assert_eq!(expect(&tags.get("/jobs"), 200)["items"], json!([]));
        let operations = expect(&tags.get("/operations"), 200);
        assert!(operations.to_string().contains("Відома"), "{operations}");
        let told = |operations: &Json, type_name: &str| {
            operations["items"].as_array().unwrap().iter().any(|operation| operation["object_type"] == type_name)
        };
        assert!(!told(&operations, "contact") && !told(&operations, "comment"), "{operations}");
        // A key for contacts knows of them and of what belongs to them.
        expect(&contacts.get(&import), 200);
        let operations = expect(&contacts.get("/operations"), 200);
        assert!(told(&operations, "contact") && told(&operations, "comment"), "{operations}");

        // What it hears is the tag, and no job before it.
        let mut heard = String::new();
        while !heard.contains(&format!("[{}]", tag["record"]["id"])) {
            assert!(stream.read_line(&mut heard).unwrap() > 0, "{heard}");
        }
        assert!(!heard.contains("event: job") && !heard.contains("\"contact\""), "{heard}");
    });
}

#[test]
fn a_key_for_some_types_writes_only_them_and_what_belongs_to_them() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let contact = owner.create_contact(person("Відома"))["id"].clone();
        let make = |owner: &mut User, path: &str, values: &Json| {
            expect(&owner.post(&format!("/records/{path}"), &json!({ "values": values })), 201)["record"]["id"].clone()
        };
        let tag = make(&mut owner, "tag", &json!({ "name": "Важливі" }));
        let group = make(&mut owner, "group", &json!({ "name": "Клієнти" }));
        let purpose = json!({ "name": "Розсилка", "text": "Надсилаємо листи" });
        let (_, program) = key(app, &mut owner, &json!({ "types": ["contact"] }));
        for (path, values) in [
            (format!("/records/tag/{tag}"), json!({ "name": "Інші" })),
            (format!("/records/group/{group}"), json!({ "name": "Інші" })),
        ] {
            expect(&program.get(&path), 200);
            expect(&program.send("PATCH", &path, &json!({ "values": values })), 403);
            expect(&program.send("DELETE", &path, &json!({})), 403);
        }
        for (path, values) in [
            ("tag", json!({ "name": "Нові" })),
            ("saved_view", json!({ "name": "Мій", "object_type": "contact", "definition": "{}" })),
            ("processing_purpose", purpose),
        ] {
            let answer = program.post(&format!("/records/{path}"), &json!({ "values": values }));
            assert_eq!(answer.status, 403, "{path}: {}", answer.text());
        }
        let at = format!("/records/contact/{contact}");
        expect(&program.send("PATCH", &at, &json!({ "values": { "tags": [tag], "groups": [group] } })), 200);
        let comment = json!({ "values": { "record": contact, "text": "Зателефонувати" } });
        expect(&program.post("/records/comment", &comment), 201);
    });
}
