//! `Idempotency-Key`: a request that is sent again has one effect and the same answer (R4).

use record_engine::Clock;
use serde_json::json;

use crate::it::app::{App, expect, for_each_app};
use crate::it::person::{person, with};

const KEY: [(&str, &str); 1] = [("idempotency-key", "7f9c2ba4-e88f-4d3c-8f3a-1e5f0a9c2b4d")];

#[test]
fn eight_duplicates_at_once_have_one_effect() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let body = json!({ "values": person("Шевчук") });
        let answers: Vec<_> = std::thread::scope(|scope| {
            let send = || {
                let mut twin = app.anonymous();
                twin.connection.cookie.clone_from(&user.connection.cookie);
                twin.send("POST", "/records/contact", &KEY, &body)
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for answer in &answers {
            assert_eq!(answer.text(), answers[0].text());
            assert_eq!(answer.status, 201);
            assert_eq!(answer.header("etag"), Some("\"1\""));
        }
        assert_eq!(user.contact_ids("").len(), 1);
    });
}

#[test]
fn another_body_under_the_same_key_is_refused() {
    for_each_app(|app| {
        let mut user = app.administrator();
        expect(&user.send("POST", "/records/contact", &KEY, &json!({ "values": person("Шевчук") })), 201);
        let body = expect(&user.send("POST", "/records/contact", &KEY, &json!({ "values": person("Ковальчук") })), 422);
        assert_eq!(body["code"], "idempotency_key_mismatch");
        assert_eq!(user.contact_ids("").len(), 1);
    });
}

#[test]
fn keys_of_two_users_have_nothing_in_common() {
    for_each_app(|app| {
        let (mut one, mut two) = (app.administrator(), app.with_user(record_engine::Role::Supervisor));
        let first = expect(&one.send("POST", "/records/contact", &KEY, &json!({ "values": person("Шевчук") })), 201);
        let second =
            expect(&two.send("POST", "/records/contact", &KEY, &json!({ "values": person("Ковальчук") })), 201);
        assert_ne!(first["record"]["id"], second["record"]["id"]);
    });
}

#[test]
fn a_refused_request_may_be_corrected_under_its_key() {
    for_each_app(|app| {
        let mut user = app.administrator();
        expect(&user.send("POST", "/records/contact", &KEY, &json!({ "values": { "kind": "person" } })), 422);
        expect(&user.send("POST", "/records/contact", &KEY, &json!({ "values": person("Шевчук") })), 201);
    });
}

#[test]
fn a_key_outlives_a_restart() {
    test_kit::for_each_backend(|database| {
        let url = database.url.clone();
        let app = App::new(database);
        let mut user = app.administrator();
        let contact = user.create_contact(person("Шевчук"));
        let path = format!("/records/contact/{}", contact["id"]);
        let change = json!({ "values": { "remark": "раз" } });
        let first = user.send("PATCH", &path, &KEY, &change);

        // A second process on the same database knows the answer too.
        let again = kartoteka::installation::Place::new(app.data.path(), Some(&url)).open(Clock::system()).unwrap();
        let state = http_api::ApiState::new(again.engine.clone(), http_api::ApiConfig::default()).unwrap();
        let address = serve(state);
        let mut elsewhere = kartoteka::http_client::Connection::new(address.0);
        elsewhere.cookie.clone_from(&user.connection.cookie);
        let headers = [("content-type", "application/json"), KEY[0]];
        let second =
            elsewhere.send("PATCH", &format!("/api/v1{path}"), &headers, change.to_string().as_bytes()).unwrap();
        assert_eq!(second.text(), first.text());
        assert_eq!(expect(&user.get(&path), 200)["version"], 2);
        address.1.shutdown_background();
    });
}

/// A second server; it ends with its runtime.
fn serve(state: http_api::ApiState) -> (std::net::SocketAddr, tokio::runtime::Runtime) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        http_api::serve(listener, http_api::router(state), http_api::ServerLimits::default(), std::future::pending())
            .await
    });
    (address, runtime)
}

#[test]
fn deleting_and_undoing_repeat_harmlessly() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(with(person("Шевчук"), "remark", json!("перша")));
        let path = format!("/records/contact/{}", contact["id"]);
        let first = user.send("DELETE", &path, &KEY, &json!({}));
        let second = user.send("DELETE", &path, &KEY, &json!({}));
        assert_eq!((second.status, second.text()), (200, first.text()));

        let undo = format!("/operations/{}/undo", expect(&first, 200)["operation_id"]);
        let key = [("idempotency-key", "undo-1")];
        let first = user.send("POST", &undo, &key, &json!({}));
        assert_eq!(first.status, 200, "{}", first.text());
        assert_eq!(user.send("POST", &undo, &key, &json!({})).text(), first.text());
        assert_eq!(expect(&user.get(&path), 200)["deleted_at"], json!(null));
    });
}

#[test]
fn what_is_kept_of_a_request_tells_nothing_without_the_key_of_the_installation() {
    let kept = || {
        let hashes = std::cell::RefCell::new(Vec::new());
        for_each_app(|app| {
            use database::Query;
            let mut user = app.administrator();
            let body = json!({ "name": "Нова", "login": "nova", "password": "a long enough secret", "roles": [] });
            expect(&user.send("POST", "/users", &KEY, &body), 201);
            expect(&user.send("POST", "/users", &KEY, &body), 201);
            let sql = "SELECT request_hash FROM idempotency_keys";
            let row = app.engine.database().read(|tx| tx.query_one(sql, &[])).unwrap();
            hashes.borrow_mut().push(row.text(0).unwrap());
        });
        hashes.into_inner()
    };
    let all = [kept(), kept()].concat();
    let different: std::collections::BTreeSet<&String> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "one request, one hash in every installation: {all:?}");
}
