//! The event stream shows each reader what he may see.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, StatusCode};
use futures_util::StreamExt;
use serde_json::{Value as Json, json};

use crate::app::{App, User, for_each_app};

/// An open stream and the events that came.
struct Events {
    body: BodyDataStream,
    buffer: String,
}

#[derive(Debug)]
struct Told {
    id: Option<i64>,
    name: String,
    data: Json,
}

impl Events {
    async fn open(app: &App, user: &User, last_event_id: Option<i64>) -> Events {
        let mut request = Request::get("/api/v1/events").header("cookie", &user.cookie);
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id.to_string());
        }
        let response = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Events { body: response.into_body().into_data_stream(), buffer: String::new() }
    }

    /// The next event with a name; `None` when the stream ends.
    async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((event, rest)) = self.buffer.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.buffer = rest;
                let field = |name: &str| {
                    event.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
                };
                if let Some(name) = field("event:") {
                    let id = field("id:").and_then(|id| id.parse().ok());
                    return Some(Told {
                        id,
                        name,
                        data: serde_json::from_str(&field("data:").unwrap_or_default()).unwrap(),
                    });
                }
                continue;
            }
            let piece =
                tokio::time::timeout(Duration::from_secs(20), self.body.next()).await.expect("no event came")?;
            self.buffer.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        }
    }

    async fn next_records(&mut self) -> Told {
        loop {
            let told = self.next().await.expect("the stream ended");
            if told.name == "records" && told.data["type"] == "card" {
                return told;
            }
        }
    }
}

#[test]
fn a_reader_hears_of_what_he_sees_and_of_nothing_else() {
    for_each_app(async |app| {
        let mut events = Events::open(&app, &app.employee, None).await;
        let owner = &app.administrator;
        let private = app.card(owner, json!({ "name": "private" })).await;
        let shared = app.card(owner, json!({ "name": "shared", "shared": "read" })).await;
        let told = events.next_records().await;
        assert_eq!(told.data["ids"], json!([shared]), "{told:?}");
        assert_eq!((&told.data["action"], &told.data["user_id"]), (&json!("created"), &json!(owner.id)));

        for id in [private, shared] {
            let answer = app.call(Some(owner), Method::DELETE, &format!("/records/card/{id}"), None, &[]).await;
            assert_eq!(answer.status, StatusCode::OK);
        }
        let told = events.next_records().await;
        assert_eq!((&told.data["ids"], &told.data["action"]), (&json!([shared]), &json!("deleted")), "{told:?}");
    });
}

#[test]
fn a_stream_resumes_where_it_ended() {
    for_each_app(async |app| {
        let owner = &app.administrator;
        let mut events = Events::open(&app, owner, None).await;
        let first = app.card(owner, json!({ "name": "a" })).await;
        let told = events.next_records().await;
        assert_eq!(told.data["ids"], json!([first]));
        drop(events);
        let second = app.card(owner, json!({ "name": "b" })).await;
        let mut resumed = Events::open(&app, owner, told.id).await;
        let mut heard = Vec::new();
        while !heard.contains(&json!([second])) {
            heard.push(resumed.next_records().await.data["ids"].clone());
        }
    });
}

#[test]
fn a_stream_ends_with_its_session() {
    for_each_app(async |app| {
        let mut events = Events::open(&app, &app.employee, None).await;
        let mut others = Events::open(&app, &app.other, None).await;
        let answer = app.call(Some(&app.employee), Method::DELETE, "/session", None, &[]).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(events.next().await.unwrap().name, "session_ended");
        assert!(events.next().await.is_none());
        let shared = app.card(&app.administrator, json!({ "name": "x", "shared": "read" })).await;
        assert_eq!(others.next_records().await.data["ids"], json!([shared]));
    });
}

#[test]
fn the_catalog_and_own_jobs_are_told() {
    for_each_app(async |app| {
        let mut events = Events::open(&app, &app.administrator, None).await;
        let mut others = Events::open(&app, &app.supervisor, None).await;
        let started =
            app.post(&app.administrator, "/records/card/bulk", json!({ "action": "delete", "ids": [1] })).await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.text);
        let told = events.next().await.unwrap();
        assert_eq!(
            (told.name.as_str(), &told.data["id"], &told.data["state"]),
            ("job", &started.json["job"]["id"], &json!("queued"))
        );
        let field = app
            .post(&app.administrator, "/catalog/card/fields", json!({ "labels": { "en": "Size" }, "kind": "number" }))
            .await;
        assert_eq!(field.status, StatusCode::CREATED, "{}", field.text);
        for stream in [&mut events, &mut others] {
            let told = stream.next().await.unwrap();
            assert_eq!(told.name, "catalog", "{told:?}");
        }
    });
}

#[test]
fn a_stream_that_fell_behind_looks_at_its_session_before_it_tells_more() {
    for_each_app(async |app| {
        let mut behind = Events::open(&app, &app.employee, None).await;
        let mut others = Events::open(&app, &app.administrator, None).await;
        let answer = app.call(Some(&app.employee), Method::DELETE, "/session", None, &[]).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        // More than the channel holds, while nobody reads the stream that is behind.
        let shared = app.card(&app.administrator, json!({ "name": "shared", "shared": "read" })).await;
        let engine = app.engine.clone();
        let emitted = tokio::task::spawn_blocking(move || {
            let context = record_engine::RequestContext::system(engine.clock());
            let payload = json!({ "type": "card", "ids": [shared], "action": "updated" });
            engine.write(|tx| {
                (0..6_000).try_for_each(|_| record_engine::outbox::emit(tx, &context, None, "records", &payload))
            })
        });
        emitted.await.unwrap().unwrap();
        let last = app.card(&app.administrator, json!({ "name": "last" })).await;
        while others.next_records().await.data["ids"] != json!([last]) {}
        let told = behind.next().await.map(|told| told.name);
        assert_eq!(told.as_deref(), Some("session_ended"));
        assert!(behind.next().await.is_none());
    });
}
