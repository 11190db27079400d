//! Live events: delivered to whoever may see the records, and to nobody else.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{SOON, User, expect, for_each_app};
use crate::it::person::{person, with};

/// An open event stream.
pub(super) struct Events {
    stream: BufReader<TcpStream>,
}

/// One event.
#[derive(Debug, Default)]
pub(super) struct Event {
    id: String,
    pub name: String,
    pub data: Json,
}

impl Events {
    pub fn open(user: &mut User, headers: &[(&str, &str)]) -> Events {
        let (answer, stream) = user.connection.open_stream("/api/v1/events", headers).unwrap();
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-type").unwrap().starts_with("text/event-stream"));
        stream.get_ref().set_read_timeout(Some(SOON)).unwrap();
        Events { stream }
    }

    /// The next event; `None` when the stream has ended.
    pub fn next(&mut self) -> Option<Event> {
        let mut event = Event::default();
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end();
            // The stream comes in chunks, and the empty chunk is its end; the connection stays.
            if line == "0" {
                return None;
            }
            if let Some(id) = line.strip_prefix("id:") {
                id.trim().clone_into(&mut event.id);
            } else if let Some(name) = line.strip_prefix("event:") {
                name.trim().clone_into(&mut event.name);
            } else if let Some(data) = line.strip_prefix("data:") {
                event.data = serde_json::from_str(data.trim()).unwrap_or_default();
            } else if line.is_empty() && !event.name.is_empty() {
                return Some(event);
            }
        }
    }

    /// The next event about records.
    fn next_records(&mut self) -> Event {
        let started = Instant::now();
        while started.elapsed() < SOON {
            let event = self.next().expect("the stream goes on");
            if event.name == "records" {
                return event;
            }
        }
        panic!("no event about records came")
    }
}

#[test]
fn events_reach_those_who_may_see_the_record() {
    for_each_app(|app| {
        let (mut owner, mut stranger, mut head) =
            (app.with_user(Role::Employee), app.with_user(Role::Employee), app.with_user(Role::Supervisor));
        let (mut to_stranger, mut to_head) = (Events::open(&mut stranger, &[]), Events::open(&mut head, &[]));
        let private = owner.create_contact(person("Прихована"));
        let shared = owner.create_contact(with(person("Спільна"), "visibility", json!("read")));

        let first = to_head.next_records();
        assert_eq!(
            (&first.data["type"], &first.data["action"], &first.data["ids"]),
            (&json!("contact"), &json!("created"), &json!([private["id"]]))
        );
        assert_eq!(first.data["user_id"], owner.id);
        assert_eq!(to_head.next_records().data["ids"], json!([shared["id"]]));
        // The first thing that a stranger hears of is the second record.
        assert_eq!(to_stranger.next_records().data["ids"], json!([shared["id"]]));
    });
}

#[test]
fn a_stream_resumes_behind_the_last_event() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let mut events = Events::open(&mut user, &[]);
        user.create_contact(person("Перша"));
        let seen = events.next_records();
        drop(events);
        let second = user.create_contact(person("Друга"));
        let mut resumed = Events::open(&mut user, &[("last-event-id", &seen.id)]);
        // At least once: with several writers a late event may have a lower number, so PostgreSQL tells the last ones again.
        while resumed.next_records().data["ids"] != json!([second["id"]]) {}
    });
}

#[test]
fn a_stream_ends_with_its_session() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        let mut events = Events::open(&mut employee, &[]);
        let started = Instant::now();
        expect(
            &administrator
                .patch(&format!("/records/user/{}", employee.id), &json!({ "values": { "is_active": false } })),
            200,
        );
        let mut names = Vec::new();
        while let Some(event) = events.next() {
            names.push(event.name);
        }
        assert!(names.contains(&"session_ended".to_owned()), "{names:?}");
        assert!(started.elapsed() < Duration::from_secs(10));
    });
}

#[test]
fn comments_and_signs_of_presence_stay_with_those_who_see_the_contact() {
    for_each_app(|app| {
        let (mut owner, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let hidden = owner.create_contact(with(person("Спершу видима"), "visibility", json!("read")));
        let open = owner.create_contact(with(person("Видима"), "visibility", json!("read")));
        let say = |user: &mut User, contact: &Json| {
            let values = json!({ "record": contact["id"], "text": "Подзвонив" });
            expect(&user.post("/records/comment", &json!({ "values": values })), 201)["record"]["id"].clone()
        };
        let come = |user: &mut User, contact: &Json| {
            let body = json!({ "view": "window", "doing": "editing" });
            expect(&user.post(&format!("/records/contact/{}/presence", contact["id"]), &body), 200);
        };
        // He saw the contact and spoke on it himself; that gives him nothing once it is out of his sight.
        let own = say(&mut stranger, &hidden);
        let path = format!("/records/contact/{}", hidden["id"]);
        expect(&owner.patch(&path, &json!({ "values": { "visibility": "private" } })), 200);

        let (mut to_stranger, mut to_owner) = (Events::open(&mut stranger, &[]), Events::open(&mut owner, &[]));
        let unheard = say(&mut owner, &hidden);
        come(&mut owner, &hidden);
        expect(&owner.patch(&format!("/records/comment/{unheard}"), &json!({ "values": { "text": "Двічі" } })), 200);
        let heard = say(&mut owner, &open);
        come(&mut owner, &open);

        // All that a stream tells of comments and of who has a card open, up to the last thing that happened.
        let told = |events: &mut Events| {
            let mut told = Vec::new();
            loop {
                let event = events.next().expect("the stream goes on");
                if event.name == "presence" {
                    told.push(("presence", event.data["id"].clone()));
                    if event.data["id"] == open["id"] {
                        return told;
                    }
                } else if event.name == "records" && event.data["type"] == "comment" {
                    told.push(("comment", event.data["ids"][0].clone()));
                }
            }
        };
        let (seen, hidden_signs) = (told(&mut to_owner), [("comment", unheard), ("presence", hidden["id"].clone())]);
        assert!(hidden_signs.iter().all(|sign| seen.contains(sign)), "{seen:?}");
        assert_eq!(told(&mut to_stranger), [("comment", heard), ("presence", open["id"].clone())]);
        expect(&stranger.get(&format!("/records/comment/{own}")), 404);
    });
}
