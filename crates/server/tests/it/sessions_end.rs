//! What a user held in his hands is worth nothing once he is deactivated, his password is another or his roles are:
//! cookies, event streams, passwords of programs and downloads, on the process that was told and on another over the same database.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use database::Backend;
use kartoteka::http_client::Connection;
use record_engine::Role;
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;

use crate::it::address_book::BOOK;
use crate::it::app::{App, SOON, User, expect};
use crate::it::events::Events;
use crate::it::person::{person, with};

/// What a user holds.
struct Holdings {
    user: User,
    login: String,
    download: String,
    app_password: String,
}

impl Holdings {
    fn new(app: &App, admin: &mut User) -> Holdings {
        let mut user = app.with_user(Role::Supervisor);
        let path = format!("/records/user/{}", user.id);
        let login = expect(&admin.get(&path), 200)["values"]["login"].as_str().unwrap().to_owned();
        user.create_contact(with(person("Власна"), "visibility", json!("private")));
        let started = expect(&user.post("/exports", &json!({ "type": "contact", "format": "csv" })), 202);
        let job = user.wait_for_job(&started["job"]);
        let made = expect(&user.post("/session/app-passwords", &json!({ "name": "Pixel", "contacts": "own" })), 201);
        let app_password = made["password"].as_str().unwrap().to_owned();
        Holdings { user, login, download: format!("/exports/{}/file", job["id"]), app_password }
    }

    /// The same session as another process sees it.
    fn at(&self, app: &App) -> User {
        let mut connection = Connection::new(app.address);
        connection.cookie.clone_from(&self.user.connection.cookie);
        User { id: self.user.id, connection }
    }

    fn phone(&self, app: &App) -> u16 {
        let authorization = format!("Basic {}", STANDARD.encode(format!("{}:{}", self.login, self.app_password)));
        let headers = [("authorization", authorization.as_str()), ("depth", "0")];
        Connection::new(app.address).send("PROPFIND", BOOK, &headers, &[]).unwrap().status
    }
}

/// Does something to a user and looks at what he holds, on all processes.
fn check(apps: &[App], act: impl Fn(&mut User, &mut Holdings)) {
    let mut admin = apps[0].administrator();
    let mut held = Holdings::new(&apps[0], &mut admin);
    let mut streams = Vec::new();
    for app in apps {
        assert_eq!((held.at(app).get("/session").status, held.phone(app)), (200, 207));
        assert_eq!(held.at(app).get(&held.download).status, 200);
        streams.push(Events::open(&mut held.at(app), &[]));
    }
    act(&mut admin, &mut held);
    let told = Instant::now();
    for app in apps {
        let mut user = held.at(app);
        assert_eq!(user.get("/session").status, 401);
        assert_eq!(user.get(&held.download).status, 401);
        let phone = held.phone(app);
        assert_ne!(phone, 207, "{phone}");
    }
    for mut stream in streams {
        while stream.next().is_some() {}
        assert!(told.elapsed() < SOON, "a stream went on for {:?}", told.elapsed());
    }
    eprintln!("all streams had ended {:?} later", told.elapsed());
}

fn change(values: &Json) -> impl Fn(&mut User, &mut Holdings) {
    move |admin, held| {
        let path = format!("/records/user/{}", held.user.id);
        expect(&admin.patch(&path, &json!({ "values": values })), 200);
    }
}

fn check_all(apps: &[App]) {
    check(apps, change(&json!({ "is_active": false })));
    check(apps, change(&json!({ "roles": [] })));
    check(apps, |admin, held| {
        let new = json!({ "new_password": "another long enough secret" });
        assert!(admin.post(&format!("/users/{}/password", held.user.id), &new).status < 300);
    });
}

#[test]
fn on_one_process() {
    for backend in test_kit::backends() {
        check_all(&[App::new(TestDatabase::new(*backend))]);
    }
}

#[test]
fn on_two_processes_over_one_database() {
    if test_kit::backends().contains(&Backend::Postgres) {
        let app = App::new(TestDatabase::postgres());
        // The first ends first, and the database goes with the second.
        check_all(&[app.beside(), app]);
    }
}
