//! A mail server for tests: it speaks SMTP on a free port of this machine, keeps what it gets, and misbehaves for those receivers that a test names.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What the server does at one attempt to reach a receiver; it takes letters when nothing is named.
#[derive(Clone, Debug)]
pub enum Mood {
    /// Takes the letter after a while.
    Slow(Duration),
    /// Reads the text, keeps it, and answers after [`MailSink::go_on`].
    Waits,
    /// Answers the receiver with a line, for example `451 4.7.1 Later`.
    Answers(&'static str),
    /// Answers the text of the letter with a line.
    AnswersText(&'static str),
    /// Reads the text, keeps it, and is gone without a word.
    DropsAfterText,
    /// Takes the letter and is gone at once.
    DropsAfterAnswer,
}

/// A letter as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// The receivers of the envelope.
    pub receivers: Vec<String>,
    /// The sender of the envelope.
    pub sender: String,
    /// Head and body.
    pub raw: String,
    /// Whether the server said that it took it.
    pub is_taken: bool,
}

impl Received {
    /// The values of a header.
    pub fn header(&self, name: &str) -> Vec<String> {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default();
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let prefix = format!("{}:", name.to_lowercase());
        let lines = unfolded.split("\r\n").filter(|line| line.to_lowercase().starts_with(&prefix));
        lines.map(|line| line.get(prefix.len()..).unwrap_or_default().trim().to_owned()).collect()
    }

    /// The decoded parts, the plain text first.
    pub fn parts(&self) -> Vec<String> {
        let mut parts = Vec::new();
        let mut rest = self.raw.as_str();
        while let Some((_, behind)) = rest.split_once("Content-Transfer-Encoding: ") {
            let Some((encoding, behind)) = behind.split_once("\r\n") else { break };
            let Some((_, behind)) = behind.split_once("\r\n") else { break };
            let (body, behind) = behind.split_once("\r\n--").unwrap_or((behind, ""));
            parts.push(decoded(encoding.trim(), body));
            rest = behind;
        }
        parts
    }

    /// The plain text.
    pub fn text(&self) -> String {
        self.parts().into_iter().next().unwrap_or_default()
    }

    /// The first address of the web in the plain text.
    pub fn link(&self) -> String {
        let text = self.text();
        let found = text.split_whitespace().find(|word| word.starts_with("http://") || word.starts_with("https://"));
        found.unwrap_or_default().to_owned()
    }
}

fn decoded(encoding: &str, body: &str) -> String {
    match encoding {
        "base64" => {
            let packed: String = body.chars().filter(|c| !c.is_whitespace()).collect();
            String::from_utf8_lossy(&STANDARD.decode(packed).unwrap_or_default()).into_owned()
        }
        "quoted-printable" => {
            let joined = body.replace("=\r\n", "");
            let mut bytes = Vec::with_capacity(joined.len());
            let mut rest = joined.as_bytes();
            while let [first, tail @ ..] = rest {
                let code = (*first == b'=').then(|| tail.get(..2)).flatten();
                let byte = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
                bytes.push(byte.unwrap_or(*first));
                rest = if byte.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
            }
            String::from_utf8_lossy(&bytes).into_owned()
        }
        _ => body.to_owned(),
    }
}

/// See the module. It ends with the process.
#[derive(Clone)]
pub struct MailSink {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    moods: BTreeMap<String, VecDeque<Mood>>,
    goes_on: bool,
}

impl MailSink {
    /// Starts a server.
    pub fn start() -> MailSink {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port for the mail server");
        let address = listener.local_addr().expect("the address of the mail server");
        let sink = MailSink { address, shared: Arc::default() };
        let shared = sink.shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                // A client that breaks off ends its thread; that is part of what is tried.
                thread::spawn(move || serve(stream, &shared));
            }
        });
        sink
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What happens at the next attempts to reach a receiver, one after the other.
    pub fn expect(&self, receiver: &str, moods: impl IntoIterator<Item = Mood>) {
        let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.moods.entry(receiver.to_owned()).or_default().extend(moods);
    }

    /// Lets those go who wait, now and from now on.
    pub fn go_on(&self) {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).goes_on = true;
        self.shared.changed.notify_all();
    }

    /// Everything that came so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).received.clone()
    }

    /// What came for a receiver.
    pub fn received_by(&self, receiver: &str) -> Vec<Received> {
        self.received().into_iter().filter(|letter| letter.receivers.iter().any(|to| to == receiver)).collect()
    }

    /// Waits until `count` letters have come for a receiver, and gives the last.
    pub fn wait_for(&self, receiver: &str, count: usize) -> Received {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let found = self.received_by(receiver);
            if found.len() >= count {
                return found.last().expect("a letter").clone();
            }
            let rest = deadline.saturating_duration_since(Instant::now());
            assert!(!rest.is_zero(), "no letter for {receiver}: {:?}", self.received());
            let state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
            drop(self.shared.changed.wait_timeout(state, rest.min(Duration::from_millis(50))));
        }
    }
}

fn serve(stream: TcpStream, shared: &Shared) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream);
    let mut say = move |line: &str| writer.write_all(format!("{line}\r\n").as_bytes()).ok();
    say("220 sink.test ESMTP")?;
    let (mut sender, mut receivers, mut mood) = (String::new(), Vec::new(), None);
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        let command = line.get(..4).unwrap_or(line).to_uppercase();
        let named = line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(name, _)| name);
        match command.as_str() {
            "EHLO" | "HELO" => say("250-sink.test\r\n250-8BITMIME\r\n250 AUTH PLAIN")?,
            "AUTH" => say(if line.ends_with("AGNybQBzZWNyZXQ=") { "235 Welcome" } else { "535 5.7.8 Wrong" })?,
            "MAIL" => {
                (sender, receivers, mood) = (named.to_owned(), Vec::new(), None);
                say("250 Ok")?;
            }
            "RCPT" => {
                let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
                mood = state.moods.get_mut(named).and_then(VecDeque::pop_front);
                drop(state);
                if let Some(Mood::Answers(answer)) = mood {
                    say(answer)?;
                } else {
                    receivers.push(named.to_owned());
                    say("250 Ok")?;
                }
            }
            "DATA" => {
                say("354 Go on")?;
                let raw = read_text(&mut lines)?;
                if let Some(Mood::Slow(wait)) = &mood {
                    thread::sleep(*wait);
                }
                let is_taken = !matches!(mood, Some(Mood::DropsAfterText | Mood::AnswersText(_)));
                let letter = Received { receivers: receivers.clone(), sender: sender.clone(), raw, is_taken };
                shared.state.lock().unwrap_or_else(PoisonError::into_inner).received.push(letter);
                shared.changed.notify_all();
                match mood {
                    Some(Mood::DropsAfterText) => return None,
                    Some(Mood::AnswersText(answer)) => say(answer)?,
                    Some(Mood::Waits) => {
                        let state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
                        drop(shared.changed.wait_while(state, |state| !state.goes_on));
                        say("250 Taken")?;
                    }
                    _ => say("250 Taken")?,
                }
                if matches!(mood, Some(Mood::DropsAfterAnswer)) {
                    return None;
                }
            }
            "QUIT" => {
                say("221 Bye")?;
                return None;
            }
            _ => say("502 What")?,
        }
    }
}

fn read_text(lines: &mut impl BufRead) -> Option<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
