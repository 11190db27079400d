//! A directory for tests: LDAP on a free port of this machine, in clear text and under TLS, and what a broken or dishonest one would answer.
//!
//! It reads messages by code of its own, so that the program is not tried against itself, and takes an empty password for nobody in particular and says
//! yes, as real directories do.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The authority of the directory's certificate, which is for `localhost`.
pub const DIRECTORY_AUTHORITY: &str = include_str!("directory_authority.txt");
const CERTIFICATE: &str = include_str!("directory_certificate.txt");
const KEY: &str = include_str!("directory_key.txt");

/// What the directory is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DirectoryMood {
    /// It does what it is asked.
    #[default]
    Good,
    /// It takes connections and says nothing.
    Silent,
    /// It closes each connection at once.
    Closed,
    /// It names a length that nobody has room for.
    Oversized,
    /// It sends people without end.
    Endless,
    /// It sends what is no message.
    Garbage,
    /// It answers another question than the one that was asked.
    OtherQuestion,
    /// It sends people elsewhere.
    Referring,
    /// It is too busy to search.
    Busy,
    /// It has more people than may be looked for, and shows none.
    Hiding,
    /// It knows no TLS on a line that began in clear text.
    WithoutTls,
}

/// An entry.
#[derive(Clone, Debug)]
pub struct DirectoryEntry {
    /// Its name.
    pub dn: String,
    /// Its password.
    pub password: String,
    /// Its attributes, of one value each.
    pub attributes: BTreeMap<String, Vec<u8>>,
}

impl DirectoryEntry {
    /// Somebody with a login, a name, an address and an id.
    pub fn person(login: &str, password: &str, id: &str) -> DirectoryEntry {
        let text = |name: &str, value: String| (name.to_owned(), value.into_bytes());
        DirectoryEntry {
            dn: format!("uid={login},ou=people,dc=example,dc=org"),
            password: password.into(),
            attributes: BTreeMap::from([
                text("objectClass", "person".into()),
                text("uid", login.into()),
                text("cn", format!("Person {login}")),
                text("mail", format!("{login}@example.org")),
                text("entryUUID", id.into()),
            ]),
        }
    }
}

/// What a test says of the directory, and reads from it.
#[derive(Clone, Debug)]
pub struct DirectoryConduct {
    /// See [`DirectoryMood`].
    pub mood: DirectoryMood,
    /// Who is in it, and who may ask.
    pub entries: Vec<DirectoryEntry>,
    /// Each bind: whose, whether under TLS, and whether with a password.
    pub binds: Vec<(String, bool, bool)>,
    /// Whether it sends references along with people, as Active Directory does.
    pub has_references: bool,
}

struct Shared {
    conduct: Mutex<DirectoryConduct>,
    /// Told when it ends, for those who say nothing.
    ended: Condvar,
    is_over: Mutex<bool>,
}

/// See the module.
pub struct DirectoryServer {
    port: u16,
    shared: Arc<Shared>,
}

/// Who asks in the tests, and his password.
pub const DIRECTORY_ASKER: (&str, &str) = ("cn=kartoteka,dc=example,dc=org", "asker's secret");

impl DirectoryServer {
    /// A directory with the one who asks and nobody else.
    pub fn start() -> DirectoryServer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the directory of the tests");
        let port = listener.local_addr().expect("the directory of the tests").port();
        let asker = DirectoryEntry {
            dn: DIRECTORY_ASKER.0.into(),
            password: DIRECTORY_ASKER.1.into(),
            attributes: BTreeMap::new(),
        };
        let conduct = DirectoryConduct {
            mood: DirectoryMood::Good,
            entries: vec![asker],
            binds: Vec::new(),
            has_references: false,
        };
        let shared =
            Arc::new(Shared { conduct: Mutex::new(conduct), ended: Condvar::new(), is_over: Mutex::new(false) });
        let served = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = served.clone();
                thread::spawn(move || {
                    // A visitor who leaves in the middle is no concern of the directory.
                    let _ = serve(stream, &served);
                });
            }
        });
        DirectoryServer { port, shared }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Changes what it does.
    pub fn conduct<T>(&self, change: impl FnOnce(&mut DirectoryConduct) -> T) -> T {
        change(&mut self.shared.conduct.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds somebody.
    pub fn add(&self, entry: DirectoryEntry) {
        self.conduct(|conduct| conduct.entries.push(entry));
    }

    /// The binds since the last time.
    pub fn take_binds(&self) -> Vec<(String, bool, bool)> {
        self.conduct(|conduct| std::mem::take(&mut conduct.binds))
    }
}

impl Drop for DirectoryServer {
    fn drop(&mut self) {
        *self.shared.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.ended.notify_all();
    }
}

trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

fn under_tls(stream: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
    let certificates = CertificateDer::pem_slice_iter(CERTIFICATE.as_bytes())
        .map(|found| found.expect("the certificate of the tests"))
        .collect();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the directory of the tests")
        .with_no_client_auth()
        .with_single_cert(
            certificates,
            PrivateKeyDer::from_pem_slice(KEY.as_bytes()).expect("the directory of the tests"),
        )
        .expect("the directory of the tests");
    StreamOwned::new(ServerConnection::new(Arc::new(config)).expect("the directory of the tests"), stream)
}

fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mood = || shared.conduct.lock().unwrap_or_else(PoisonError::into_inner).mood;
    match mood() {
        DirectoryMood::Closed => return Ok(()),
        DirectoryMood::Silent => {
            let is_over = shared.is_over.lock().unwrap_or_else(PoisonError::into_inner);
            drop(shared.ended.wait_while(is_over, |is_over| !*is_over));
            return Ok(());
        }
        _ => {}
    }
    let mut first = [0];
    stream.peek(&mut first)?;
    if first == [0x16] {
        return talk(&mut under_tls(stream), shared, true).map(drop);
    }
    if talk(&mut stream, shared, false)? {
        talk(&mut under_tls(stream), shared, true)?;
    }
    Ok(())
}

/// Tag, content and what follows.
fn split(bytes: &[u8]) -> (u8, &[u8], &[u8]) {
    let (tag, first) = (bytes[0], bytes[1]);
    let (length, at) = if first < 0x80 {
        (usize::from(first), 2)
    } else {
        let count = usize::from(first & 0x7f);
        (bytes[2..2 + count].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), 2 + count)
    };
    (tag, &bytes[at..at + length], &bytes[at + length..])
}

fn parts(mut content: &[u8]) -> Vec<(u8, &[u8])> {
    let mut found = Vec::new();
    while !content.is_empty() {
        let (tag, inner, rest) = split(content);
        found.push((tag, inner));
        content = rest;
    }
    found
}

fn made(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("the directory of the tests").to_be_bytes();
    [&[tag, 0x84], length.as_slice(), content].concat()
}

fn message(id: &[u8], operation: &[u8]) -> Vec<u8> {
    made(0x30, &[made(2, id).as_slice(), operation].concat())
}

fn outcome(tag: u8, code: u8) -> Vec<u8> {
    made(tag, &[made(0x0a, &[code]), made(4, b""), made(4, b"said by the test")].concat())
}

fn read(wire: &mut dyn Wire) -> std::io::Result<Vec<u8>> {
    let mut head = vec![0; 2];
    wire.read_exact(&mut head)?;
    let more = if head[1] < 0x80 { 0 } else { usize::from(head[1] & 0x7f) };
    let mut length = vec![0; more];
    wire.read_exact(&mut length)?;
    let count =
        if more == 0 { usize::from(head[1]) } else { length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)) };
    let mut content = vec![0; count];
    wire.read_exact(&mut content)?;
    Ok(content)
}

/// Answers until the visitor leaves; `true` when he wants to go on under TLS.
fn talk(wire: &mut dyn Wire, shared: &Shared, is_secured: bool) -> std::io::Result<bool> {
    loop {
        let question = read(wire)?;
        let found = parts(&question);
        let (id, (tag, content)) = (found[0].1.to_vec(), found[1]);
        let conduct = shared.conduct.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match conduct.mood {
            DirectoryMood::Oversized => wire.write_all(&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x02, 0x01, 0x01])?,
            DirectoryMood::Garbage => wire.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\nwhat did you mean by that?")?,
            DirectoryMood::OtherQuestion => wire.write_all(&message(&[99], &outcome(0x61, 0)))?,
            _ => {}
        }
        let answer = match tag {
            0x42 => return Ok(false),
            0x77 if conduct.mood == DirectoryMood::WithoutTls => outcome(0x78, 2),
            0x77 => {
                wire.write_all(&message(&id, &outcome(0x78, 0)))?;
                return Ok(true);
            }
            0x60 => {
                let code = bind(content, shared, is_secured);
                outcome(0x61, if conduct.mood == DirectoryMood::Referring { 10 } else { code })
            }
            _ => search(wire, &id, content, &conduct)?,
        };
        wire.write_all(&message(&id, &answer))?;
        wire.flush()?;
    }
}

fn bind(content: &[u8], shared: &Shared, is_secured: bool) -> u8 {
    let found = parts(content);
    let (dn, password) = (String::from_utf8_lossy(found[1].1).into_owned(), found[2].1);
    let mut conduct = shared.conduct.lock().unwrap_or_else(PoisonError::into_inner);
    conduct.binds.push((dn.clone(), is_secured, !password.is_empty()));
    // Somebody who names himself and shows nothing is let in as nobody.
    let is_right = password.is_empty()
        || conduct.entries.iter().any(|entry| entry.dn == dn && entry.password.as_bytes() == password);
    if is_right { 0 } else { 49 }
}

fn search(wire: &mut dyn Wire, id: &[u8], content: &[u8], conduct: &DirectoryConduct) -> std::io::Result<Vec<u8>> {
    let found = parts(content);
    let limit = usize::from(*found[3].1.last().expect("the directory of the tests"));
    match conduct.mood {
        DirectoryMood::Busy => return Ok(outcome(0x65, 51)),
        DirectoryMood::Referring => return Ok(outcome(0x65, 10)),
        DirectoryMood::Hiding => return Ok(outcome(0x65, 0)),
        _ => {}
    }
    let people: Vec<&DirectoryEntry> =
        conduct.entries.iter().filter(|entry| matches(entry, found[6].0, found[6].1)).collect();
    let endless = conduct.mood == DirectoryMood::Endless;
    let people: Vec<&DirectoryEntry> = if endless { conduct.entries.iter().collect() } else { people };
    let sent = if endless { 100_000 } else { people.len().min(limit) };
    for entry in people.iter().cycle().take(sent) {
        let attributes: Vec<u8> = entry
            .attributes
            .iter()
            .flat_map(|(name, value)| made(0x30, &[made(4, name.as_bytes()), made(0x31, &made(4, value))].concat()))
            .collect();
        let entry = made(0x64, &[made(4, entry.dn.as_bytes()), made(0x30, &attributes)].concat());
        wire.write_all(&message(id, &entry))?;
    }
    if conduct.has_references {
        wire.write_all(&message(id, &made(0x73, &made(4, b"ldap://elsewhere.example/dc=elsewhere"))))?;
    }
    Ok(outcome(0x65, if people.len() > limit { 4 } else { 0 }))
}

fn matches(entry: &DirectoryEntry, tag: u8, content: &[u8]) -> bool {
    let value = |name: &[u8]| {
        let name = String::from_utf8_lossy(name).to_lowercase();
        entry
            .attributes
            .iter()
            .find(|(known, _)| known.to_lowercase() == name)
            .map(|(_, value)| value.to_ascii_lowercase())
    };
    match tag {
        0xa0 => parts(content).iter().all(|(tag, inner)| matches(entry, *tag, inner)),
        0xa1 => parts(content).iter().any(|(tag, inner)| matches(entry, *tag, inner)),
        0xa2 => {
            let (tag, inner, _) = split(content);
            !matches(entry, tag, inner)
        }
        0xa3 => {
            let found = parts(content);
            value(found[0].1).is_some_and(|value| value == found[1].1.to_ascii_lowercase())
        }
        0x87 => value(content).is_some(),
        0xa4 => {
            let found = parts(content);
            let Some(value) = value(found[0].1) else { return false };
            let value = String::from_utf8_lossy(&value).into_owned();
            parts(found[1].1).iter().all(|(tag, piece)| {
                let piece = String::from_utf8_lossy(piece).to_lowercase();
                match tag {
                    0x80 => value.starts_with(&piece),
                    0x82 => value.ends_with(&piece),
                    _ => value.contains(&piece),
                }
            })
        }
        _ => false,
    }
}
