//! A push service for tests, with the browsers behind it: it takes messages as RFC 8030 says, opens them with the keys of the browser, and behaves badly
//! on demand.

use std::collections::{BTreeMap, VecDeque};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::elliptic_curve::sec1::ToSec1Point as _;
use p256::{PublicKey, SecretKey};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value as Json, json};

/// What the service does with the next message for a browser; it takes it when nothing is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushMood {
    /// Answers with a status.
    Answers(u16),
    /// Is busy for so many seconds.
    Busy(u32),
    /// Never answers.
    Hangs,
    /// Takes the message and is gone without an answer.
    DropsAfterTaking,
}

/// A browser that was subscribed.
#[derive(Clone)]
pub struct PushBrowser {
    secret: SecretKey,
    auth: [u8; 16],
    /// The path of its endpoint.
    pub path: String,
    /// Where messages for it go.
    pub endpoint: String,
}

impl PushBrowser {
    /// What it gives to the program.
    pub fn subscription(&self) -> Json {
        let public = self.secret.public_key().to_sec1_point(false);
        json!({
            "endpoint": self.endpoint,
            "p256dh": URL_SAFE_NO_PAD.encode(public.as_bytes()),
            "auth": URL_SAFE_NO_PAD.encode(self.auth),
        })
    }

    /// What a message says: RFC 8291 from the other side.
    fn open(&self, body: &[u8]) -> Option<Json> {
        let (salt, rest) = body.split_at_checked(16)?;
        let (record_bytes, rest) = rest.split_at_checked(4)?;
        let (length, rest) = rest.split_first()?;
        let (theirs, sealed) = rest.split_at_checked(usize::from(*length))?;
        let record_bytes = u32::from_be_bytes(record_bytes.try_into().ok()?);
        if sealed.len() > usize::try_from(record_bytes).ok()? || body.len() > 4_096 {
            return None;
        }
        let public = PublicKey::from_sec1_bytes(theirs).ok()?;
        let shared = p256::ecdh::diffie_hellman(self.secret.to_nonzero_scalar(), public.as_affine());
        let own = self.secret.public_key().to_sec1_point(false);
        let info = [b"WebPush: info\0".as_slice(), own.as_bytes(), theirs].concat();
        let input = derived(&self.auth, shared.raw_secret_bytes(), &info, 32);
        let key = derived(salt, &input, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = derived(salt, &input, b"Content-Encoding: nonce\0", 12);
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).ok()?);
        let mut text = sealed.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(&nonce).ok()?;
        let plain = cipher.open_in_place(nonce, Aad::empty(), &mut text).ok()?;
        let end = plain.iter().rposition(|byte| *byte != 0)?;
        (plain.get(end) == Some(&2)).then(|| serde_json::from_slice(plain.get(..end)?).ok()).flatten()
    }
}

fn derived(salt: &[u8], input: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let sign = |key: &[u8], message: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message);
    let expanded = sign(sign(salt, input).as_ref(), &[info, &[1]].concat());
    expanded.as_ref().get(..length).unwrap_or_default().to_vec()
}

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Pushed {
    /// The path of the browser that it is for.
    pub path: String,
    /// What it says; null for what the browser cannot open.
    pub message: Json,
    /// Its head, without the request line.
    pub head: String,
    /// Whether the service said that it took it.
    pub is_taken: bool,
}

impl Pushed {
    /// The value of a header; empty without it.
    pub fn header(&self, name: &str) -> String {
        header(&self.head, name)
    }
}

/// See the module. It ends with the process.
#[derive(Clone)]
pub struct PushService {
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
    browsers: Vec<PushBrowser>,
    moods: BTreeMap<String, VecDeque<PushMood>>,
    most_bytes: Option<usize>,
    pushed: Vec<Pushed>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PushService {
    /// Starts a service.
    pub fn start() -> PushService {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port for the push service");
        let address = listener.local_addr().expect("the address of the push service");
        let service = PushService { address, shared: Arc::default() };
        let shared = service.shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                // A program that breaks off ends its thread; that is part of what is tried.
                thread::spawn(move || serve(stream, address, &shared));
            }
        });
        service
    }

    /// Another browser.
    pub fn browser(&self) -> PushBrowser {
        let mut auth = [0; 16];
        SystemRandom::new().fill(&mut auth).expect("randomness");
        let secret = loop {
            let mut bytes = [0; 32];
            SystemRandom::new().fill(&mut bytes).expect("randomness");
            if let Ok(secret) = SecretKey::from_slice(&bytes) {
                break secret;
            }
        };
        let mut state = self.shared.lock();
        let path = format!("/push/{}", state.browsers.len() + 1);
        let browser = PushBrowser { secret, auth, endpoint: format!("http://{}{path}", self.address), path };
        state.browsers.push(browser.clone());
        browser
    }

    /// What happens with the next messages for a browser, one after the other.
    pub fn expect(&self, browser: &PushBrowser, moods: impl IntoIterator<Item = PushMood>) {
        self.shared.lock().moods.entry(browser.path.clone()).or_default().extend(moods);
    }

    /// Refuses longer messages from now on.
    pub fn takes_at_most(&self, bytes: usize) {
        self.shared.lock().most_bytes = Some(bytes);
    }

    /// Everything that came so far.
    pub fn pushed(&self) -> Vec<Pushed> {
        self.shared.lock().pushed.clone()
    }

    /// What came for a browser.
    pub fn pushed_to(&self, browser: &PushBrowser) -> Vec<Pushed> {
        self.pushed().into_iter().filter(|message| message.path == browser.path).collect()
    }

    /// Waits until `count` messages have come for a browser; gives them.
    pub fn wait_for(&self, browser: &PushBrowser, count: usize) -> Vec<Pushed> {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let found = self.pushed_to(browser);
            if found.len() >= count {
                return found;
            }
            let rest = deadline.saturating_duration_since(Instant::now());
            assert!(!rest.is_zero(), "no push for {}: {:?}", browser.path, self.pushed());
            let state = self.shared.lock();
            drop(self.shared.changed.wait_timeout(state, rest.min(Duration::from_millis(50))));
        }
    }
}

fn serve(mut stream: TcpStream, address: SocketAddr, shared: &Shared) -> Option<()> {
    let (head, body) = read(&mut stream)?;
    let (first, head) = head.split_once("\r\n")?;
    let path = first.split(' ').nth(1)?.to_owned();
    let (answer, is_hanging) = {
        let mut state = shared.lock();
        let mood = state.moods.get_mut(&path).and_then(VecDeque::pop_front);
        let browser = state.browsers.iter().find(|browser| browser.path == path).cloned();
        let is_too_long = state.most_bytes.is_some_and(|most| body.len() > most);
        let answer = match (&browser, mood) {
            (None, _) => Some("404 Not Found".to_owned()),
            _ if !first.starts_with("POST ") || !is_from_program(head, address) => Some("403 Forbidden".to_owned()),
            (_, Some(PushMood::Answers(status))) => Some(format!("{status} X")),
            (_, Some(PushMood::Busy(seconds))) => Some(format!("429 Too Many\r\nretry-after: {seconds}")),
            (_, Some(PushMood::Hangs | PushMood::DropsAfterTaking)) => None,
            _ if is_too_long => Some("413 Too Large".to_owned()),
            _ => Some("201 Created".to_owned()),
        };
        let is_taken = answer.as_deref() == Some("201 Created") || matches!(mood, Some(PushMood::DropsAfterTaking));
        let message = browser.and_then(|browser| browser.open(&body)).unwrap_or_default();
        state.pushed.push(Pushed { path, message, head: head.to_owned(), is_taken });
        (answer, mood == Some(PushMood::Hangs))
    };
    shared.changed.notify_all();
    if is_hanging {
        let _ = stream.read(&mut [0; 1]);
    }
    let answer = answer?;
    stream.write_all(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes()).ok()
}

/// Whether the head shows a token for this service, signed with the key that it names, as RFC 8292 asks; and the headers that RFC 8030 wants.
fn is_from_program(head: &str, address: SocketAddr) -> bool {
    let authorization = header(head, "authorization");
    let shown = authorization.strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k="));
    let verified = shown.and_then(|(token, key)| {
        let (signed, signature) = token.rsplit_once('.')?;
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, URL_SAFE_NO_PAD.decode(key).ok()?);
        key.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        serde_json::from_slice::<Json>(&URL_SAFE_NO_PAD.decode(signed.split_once('.')?.1).ok()?).ok()
    });
    verified.is_some_and(|claims| claims["aud"] == json!(format!("http://{address}")) && claims["exp"].is_i64())
        && header(head, "ttl").parse::<u32>().is_ok()
        && header(head, "content-encoding") == "aes128gcm"
}

fn header(head: &str, name: &str) -> String {
    let found =
        head.lines().filter_map(|line| line.split_once(": ")).find(|(found, _)| found.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.to_owned()).unwrap_or_default()
}

fn read(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut part = [0; 4_096];
    loop {
        let count = stream.read(&mut part).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(part.get(..count)?);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
        let length: usize = header(&head, "content-length").parse().unwrap_or(0);
        if bytes.len() >= end + 4 + length {
            return Some((head, bytes.split_off(end + 4)));
        }
    }
}
