//! Live events: delivered to whoever may see the records, and to nobody else.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::access::make_role;
use crate::it::app::{PASSWORD, SOON, User, expect, for_each_app};
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

#[test]
fn who_loses_sight_of_a_record_hears_that_it_is_gone_and_nothing_else() {
    for_each_app(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let mut head = app.with_user(Role::Supervisor);
        let (owner_id, head_id) = (owner.id, head.id);
        let change = |user: &mut User, contact: &Json, values: Json| {
            let path = format!("/records/contact/{}", contact["id"]);
            expect(&user.patch(&path, &json!({ "values": values })), 200);
        };
        let opened = owner.create_contact(with(person("Відкрита"), "visibility", json!("read")));
        let managed = owner.create_contact(with(person("Спільна"), "managers", json!([owner.id, reader.id])));
        let hidden = owner.create_contact(person("Прихована"));
        let last = owner.create_contact(with(person("Остання"), "visibility", json!("read")));
        let (mut to_reader, mut to_head) = (Events::open(&mut reader, &[]), Events::open(&mut head, &[]));

        // He was told of neither the one nor the other: it was never his.
        change(&mut owner, &hidden, json!({ "visibility": "private", "position": "Директор" }));
        change(&mut head, &hidden, json!({ "managers": [head_id] }));
        // The change that takes it away is followed at once by others, of which he must not hear.
        change(&mut owner, &opened, json!({ "visibility": "private", "remark": "Таємно" }));
        change(&mut owner, &opened, json!({ "position": "Бухгалтер" }));
        change(&mut owner, &managed, json!({ "managers": [owner_id] }));
        change(&mut owner, &managed, json!({ "position": "Головний бухгалтер" }));
        change(&mut owner, &last, json!({ "position": "Водій" }));

        let mut heard = Vec::new();
        let end = loop {
            let data = to_reader.next_records().data;
            if data["ids"] == json!([last["id"]]) {
                break data;
            }
            heard.push(data);
        };
        let gone = |contact: &Json| json!({ "type": "contact", "ids": [contact["id"]], "action": "gone", "operation_id": null, "user_id": null });
        assert_eq!(heard, [gone(&opened), gone(&managed)]);
        assert_eq!((&end["action"], &end["user_id"]), (&json!("updated"), &json!(owner.id)));

        // Whoever sees all goes on hearing what happened, and by whom.
        let mut actions = Vec::new();
        while actions.len() < 7 {
            actions.push(to_head.next_records().data["action"].clone());
        }
        assert!(actions.iter().all(|action| action == "updated"), "{actions:?}");

        // What comes into sight comes as ever.
        change(&mut owner, &opened, json!({ "visibility": "read" }));
        let back = to_reader.next_records().data;
        assert_eq!((&back["action"], &back["ids"]), (&json!("updated"), &json!([opened["id"]])));
    });
}

#[test]
fn what_stood_before_is_judged_as_it_stood() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        // Sees the clients that are his, and no others.
        let line = json!([{ "level": "own", "filter": "contact_type = client" }]);
        let rights = json!({ "base": "employee", "types": { "contact": { "actions": { "see": line } } } });
        let role = make_role(&mut administrator, "Продавець", &rights);
        let input = json!({ "name": "Читач", "login": "reader", "password": PASSWORD, "roles": [role] });
        expect(&administrator.post("/users", &input), 201);
        let mut reader = app.log_in("reader");
        let reader_id = reader.id;
        let make = |kind: &str, name: &str| {
            let values = with(with(person(name), "contact_type", json!(kind)), "managers", json!([reader_id]));
            expect(&app.administrator().post("/records/contact", &json!({ "values": values })), 201)["record"].clone()
        };
        let (supplier, client) = (make("supplier", "Ніколи"), make("client", "Був"));
        expect(&reader.get(&format!("/records/contact/{}", supplier["id"])), 404);
        expect(&reader.get(&format!("/records/contact/{}", client["id"])), 200);

        // The supplier went to somebody else, and only then became a client: at no time he was a client of the reader.
        let mut change = |contact: &Json, values: Json| {
            let path = format!("/records/contact/{}", contact["id"]);
            expect(&administrator.patch(&path, &json!({ "values": values })), 200);
        };
        change(&supplier, json!({ "managers": [1] }));
        change(&supplier, json!({ "contact_type": "client" }));
        change(&client, json!({ "contact_type": "supplier" }));
        change(&client, json!({ "managers": [1] }));
        let end = make("client", "Кінець");

        // All of it is told at once, when everything has happened.
        let mut events = Events::open(&mut reader, &[("last-event-id", "0")]);
        let mut heard = Vec::new();
        loop {
            let data = events.next_records().data;
            if data["type"] == "contact" && data["ids"] == json!([end["id"]]) {
                break;
            }
            if data["type"] == "contact" {
                heard.push((data["action"].clone(), data["ids"].clone()));
            }
        }
        assert_eq!(heard, [(json!("gone"), json!([client["id"]]))]);
    });
}
