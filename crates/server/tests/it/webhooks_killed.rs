//! Webhooks of a program that is killed again and again, with a receiver of which three messages in ten fail at first (R5): every event arrives,
//! signed, and those of one record in their order.
//!
//! The receiver answers late, so that kills meet requests under way: a program that notes a delivery as done before its receiver has said so loses
//! those. `KARTOTEKA_WEBHOOK_EVENTS` and `KARTOTEKA_WEBHOOK_KILLS` make the run longer.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use kartoteka::bench::Server;
use kartoteka::demo::create_team;
use kartoteka::http_client::Connection;
use kartoteka::installation::Place;
use record_engine::Clock;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use test_kit::TestDatabase;

use crate::it::app::{PASSWORD, expect};
use crate::it::person::person;
use crate::it::receiver::{Received, Receiver, Reply};

/// How long the whole run may take.
const LONGEST: Duration = Duration::from_secs(600);
/// How long the receiver takes its time.
const LATE: Duration = Duration::from_millis(15);

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Three messages in ten fail when they come for the first time.
fn fails_first(message: &Received) -> bool {
    message.id.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 10 < 3
}

struct Run {
    folder: TempDir,
    database: TestDatabase,
    cookie: Option<String>,
}

impl Run {
    fn start(&mut self) -> (Server, Connection) {
        let binary = env!("CARGO_BIN_EXE_kartoteka").as_ref();
        let server =
            Server::start_with(binary, self.folder.path(), Some(&self.database.url), &["--allow-local-services"]);
        let server = server.unwrap();
        let mut connection = Connection::new(server.address);
        if self.cookie.is_none() {
            connection.log_in("olena", PASSWORD).unwrap();
            self.cookie.clone_from(&connection.cookie);
        }
        connection.cookie.clone_from(&self.cookie);
        (server, connection)
    }
}

/// Makes contacts and changes each once; gives the versions of each record that must have been told.
fn write(connection: &mut Connection, from: usize, count: usize, expected: &mut BTreeMap<i64, Vec<&'static str>>) {
    for at in from..from + count / 2 {
        let values = json!({ "values": person(&format!("Людина{at}")) });
        let made = expect(&connection.json("POST", "/api/v1/records/contact", &values).unwrap(), 201);
        let id = made["record"]["id"].as_i64().unwrap();
        let change = json!({ "values": { "position": "Директор" } });
        expect(&connection.json("PATCH", &format!("/api/v1/records/contact/{id}"), &change).unwrap(), 200);
        expected.insert(id, vec!["contact.created", "contact.updated"]);
    }
}

#[test]
fn a_program_killed_on_the_way_tells_everything_in_order() {
    let (events, kills) = (number("KARTOTEKA_WEBHOOK_EVENTS", 200), number("KARTOTEKA_WEBHOOK_KILLS", 5));
    test_kit::for_each_backend(|database| {
        let mut run = Run { folder: TempDir::new().unwrap(), database, cookie: None };
        let installation = Place::new(run.folder.path(), Some(&run.database.url)).open(Clock::system()).unwrap();
        create_team(&installation.engine, PASSWORD).unwrap();
        installation.engine.database().close();
        let receiver = Receiver::answering(|message, before| {
            std::thread::sleep(LATE);
            Reply::Status(if before == 0 && fails_first(message) { 500 } else { 200 })
        });
        let (mut server, mut connection) = run.start();
        let input = json!({
            "name": "Склад",
            "url": receiver.url(),
            "subscriptions": [{ "type": "contact", "actions": ["created", "updated"] }],
        });
        let webhook = expect(&connection.json("POST", "/api/v1/webhooks", &input).unwrap(), 201);
        let mut expected = BTreeMap::new();
        for kill in 0..kills {
            write(&mut connection, kill * events / kills, events / kills, &mut expected);
            // While its last messages are under way.
            let heard = receiver.received().len();
            receiver.wait_for(heard + 1);
            server.kill().unwrap();
            (server, connection) = run.start();
        }
        let path = format!("/api/v1/webhooks/{}/deliveries?limit=1&state=", webhook["id"]);
        let open = |connection: &mut Connection, state: &str| -> Json {
            expect(&connection.get(&format!("{path}{state}")).unwrap(), 200)["items"].clone()
        };
        let started = Instant::now();
        while open(&mut connection, "waiting") != json!([]) {
            assert!(started.elapsed() < LONGEST, "deliveries are left");
            std::thread::sleep(Duration::from_millis(100));
        }
        for state in ["failed", "skipped"] {
            assert_eq!(open(&mut connection, state), json!([]), "{state}");
        }
        server.kill().unwrap();

        let secret = webhook["secret"].as_str().unwrap();
        let received = receiver.received();
        assert!(received.iter().all(|message| message.is_signed_with(secret)));
        // What was answered with success, each message once: kills may make some come twice, with the same id.
        let (mut seen, mut refused, mut told) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::<i64, Vec<&str>>::new());
        for message in &received {
            let is_refused = fails_first(message) && refused.insert(message.id.clone());
            if !is_refused && seen.insert(message.id.clone()) {
                told.entry(message.record()).or_default().push(message.kind());
            }
        }
        assert_eq!(told, expected);
        let doubles = received.len() - seen.len() - refused.len();
        println!("{:?}: {} events, {doubles} sent twice", run.database.backend, seen.len());
        assert!(doubles <= kills * 8, "{doubles}");
    });
}
