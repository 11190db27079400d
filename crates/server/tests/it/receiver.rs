//! A receiver of webhooks that behaves badly on demand: it runs in the test, remembers what came, and answers as the test says.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value as Json;

use crate::it::app::until;

/// A message as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub id: String,
    pub timestamp: String,
    pub signatures: String,
    pub text: String,
    pub body: Json,
}

impl Received {
    /// `contact.updated` and the like.
    pub fn kind(&self) -> &str {
        self.body["type"].as_str().unwrap()
    }

    /// The record's id; 0 for a trial.
    pub fn record(&self) -> i64 {
        self.body["data"]["record"]["id"].as_i64().unwrap_or_default()
    }

    /// Whether one of its signatures is that of the secret.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let now_ms = self.timestamp.parse::<i64>().unwrap() * 1_000;
        let made = modules::webhooks::sign(&[secret.to_owned()], &self.id, now_ms, &self.text).unwrap();
        self.signatures.split(' ').any(|signature| signature == made.signatures)
    }
}

/// What to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    Status(u16),
    /// No answer at all until the other side gives up.
    Silence,
}

/// What to answer to a message that came before so many times.
type Answering = dyn Fn(&Received, usize) -> Reply + Send + Sync;

/// See the module.
pub struct Receiver {
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    visits: Arc<AtomicUsize>,
}

impl Receiver {
    /// One that answers 200.
    pub fn new() -> Receiver {
        Receiver::answering(|_, _| Reply::Status(200))
    }

    /// One that answers as it is told.
    pub fn answering(answer: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let visits = Arc::new(AtomicUsize::new(0));
        let answer: Arc<Answering> = Arc::new(answer);
        let (heard, counted) = (received.clone(), visits.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::SeqCst);
                let (heard, answer) = (heard.clone(), answer.clone());
                std::thread::spawn(move || serve(stream, &heard, &*answer));
            }
        });
        Receiver { address, received, visits }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Everything that came, in its order.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// How often somebody connected.
    pub fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }

    /// Waits until so many messages have come; gives them.
    #[track_caller]
    pub fn wait_for(&self, count: usize) -> Vec<Received> {
        until(|| self.received.lock().unwrap().len() >= count);
        self.received()
    }
}

fn serve(mut stream: TcpStream, heard: &Mutex<Vec<Received>>, answer: &Answering) {
    let Some(message) = read(&mut stream) else { return };
    let before = {
        let mut all = heard.lock().unwrap();
        let before = all.iter().filter(|other| other.id == message.id).count();
        all.push(message.clone());
        before
    };
    match answer(&message, before) {
        Reply::Status(status) => {
            let text = format!("HTTP/1.1 {status} X\r\ncontent-length: 5\r\nconnection: close\r\n\r\nnoted");
            // The sender may have been killed meanwhile.
            let _ = stream.write_all(text.as_bytes());
        }
        Reply::Silence => {
            let _ = stream.read(&mut [0; 1]);
        }
    }
}

fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let (head, length) = loop {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&part[..count]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length: usize = header(&head, "content-length").parse().unwrap_or(0);
            break (head, end + 4 + length);
        }
    };
    while bytes.len() < length {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&part[..count]);
    }
    let text = String::from_utf8_lossy(bytes.split_at(head.len() + 4).1).into_owned();
    Some(Received {
        id: header(&head, "webhook-id"),
        timestamp: header(&head, "webhook-timestamp"),
        signatures: header(&head, "webhook-signature"),
        body: serde_json::from_str(&text).unwrap(),
        text,
    })
}

fn header(head: &str, name: &str) -> String {
    let found =
        head.lines().filter_map(|line| line.split_once(": ")).find(|(found, _)| found.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.to_owned()).unwrap_or_default()
}
