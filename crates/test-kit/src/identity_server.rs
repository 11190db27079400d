//! An identity provider for tests: OpenID Connect on a free port of this machine, and what a dishonest or careless one would answer.
//!
//! It checks what it is asked as strictly as a good provider: a code works once, for the program that it was made for, with the right verifier.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
    RsaPublicKeyComponents,
};
use serde_json::{Value as Json, json};

/// A key that only tests know: the libraries of the house verify by RSA and make no keys for it.
const RSA_KEY: &str = include_str!("identity_server_key.txt");

/// By what tokens are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// RSA, the most common.
    Rs256,
    /// RSA with PSS.
    Ps256,
    /// The elliptic curve.
    Es256,
    /// Not at all, which the token says itself.
    None,
    /// With the public key as if it were a password.
    PublicKeyAsPassword,
    /// By a key that is not published, under the name of one that is.
    ForeignKey,
    /// By a key that is not published, under its own name.
    UnknownKey,
}

/// What the provider does; a test changes it.
#[derive(Clone, Debug)]
pub struct Conduct {
    /// Who logs in there: `sub`, `email`, `email_verified`, `name` and the like.
    pub account: Json,
    /// What the ID token says otherwise than it should; `null` takes a claim away.
    pub lies: Json,
    /// By what it signs.
    pub signing: Signing,
    /// What it publishes about itself otherwise; `null` takes an entry away.
    pub metadata: Json,
    /// What only the second question for the person tells.
    pub userinfo: Option<Json>,
    /// Its clock, seconds UTC.
    pub now_s: i64,
    /// The secret of the program; `None` for a program without.
    pub secret: Option<String>,
    /// What it is asked, in order: the paths.
    pub asked: Vec<String>,
}

/// A code that has not been used.
struct Code {
    client_id: String,
    redirect_uri: String,
    nonce: String,
    challenge: String,
}

struct State {
    conduct: Conduct,
    codes: BTreeMap<String, Code>,
    made: u32,
    rsa: RsaKeyPair,
    published: EcdsaKeyPair,
    foreign: EcdsaKeyPair,
}

/// See the module.
#[derive(Clone)]
pub struct IdentityServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl IdentityServer {
    /// Starts one at which somebody is logged in.
    ///
    /// # Panics
    /// When there is no free port or no randomness.
    pub fn start(now_s: i64) -> IdentityServer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let text: String = RSA_KEY.split_whitespace().collect();
        let conduct = Conduct {
            account: json!({ "sub": "account-1", "email": "olena@example.org", "email_verified": true, "name": "Олена" }),
            lies: json!({}),
            signing: Signing::Rs256,
            metadata: json!({}),
            userinfo: None,
            now_s,
            secret: Some("a secret".into()),
            asked: Vec::new(),
        };
        let state = State {
            conduct,
            codes: BTreeMap::new(),
            made: 0,
            rsa: RsaKeyPair::from_der(&STANDARD.decode(text).expect("base64")).expect("a key"),
            published: new_key(),
            foreign: new_key(),
        };
        let server = IdentityServer { address, state: Arc::new(Mutex::new(state)) };
        let answering = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = answering.clone();
                // Who hangs up gets no answer.
                thread::spawn(move || server.answer(&stream));
            }
        });
        server
    }

    /// Its issuer.
    pub fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes what it does; answers what the change answers.
    pub fn conduct<T>(&self, change: impl FnOnce(&mut Conduct) -> T) -> T {
        change(&mut self.lock().conduct)
    }

    /// Takes other keys, as providers do from time to time.
    pub fn take_other_keys(&self) {
        let mut state = self.lock();
        state.published = new_key();
        state.conduct.signing = Signing::Es256;
    }

    /// What a browser does that is sent there by an address and whose owner is logged in: answers what it brings back, by name.
    ///
    /// # Panics
    /// When the address asks for something that a good provider refuses.
    pub fn visit(&self, url: &str) -> BTreeMap<String, String> {
        let (endpoint, query) = url.split_once('?').expect("parameters");
        assert_eq!(endpoint, format!("{}/authorize", self.issuer()));
        let asked = parameters(query);
        let of = |name: &str| asked.get(name).cloned().unwrap_or_default();
        assert_eq!((of("response_type").as_str(), of("code_challenge_method").as_str()), ("code", "S256"));
        assert!(of("scope").split(' ').any(|scope| scope == "openid"));
        assert!(of("state").len() >= 43 && of("nonce").len() >= 43 && of("code_challenge").len() == 43);
        let mut state = self.lock();
        state.made += 1;
        let name = format!("code-{}", state.made);
        let code = Code {
            client_id: of("client_id"),
            redirect_uri: of("redirect_uri"),
            nonce: of("nonce"),
            challenge: of("code_challenge"),
        };
        state.codes.insert(name.clone(), code);
        BTreeMap::from([("code".to_owned(), name), ("state".to_owned(), of("state"))])
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, stream: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let path = line.split(' ').nth(1)?.to_owned();
        let (mut length, mut authorization) = (0, String::new());
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            let Some((name, value)) = header.trim().split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().ok()?,
                "authorization" => authorization = value.trim().to_owned(),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let body = String::from_utf8(body).ok()?;
        let (status, answer) = self.route(&path, &authorization, &body);
        let text = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            text.len()
        );
        let mut writer = stream;
        writer.write_all(head.as_bytes()).ok()?;
        writer.write_all(text.as_bytes()).ok()
    }

    fn route(&self, path: &str, authorization: &str, body: &str) -> (u16, Json) {
        let issuer = self.issuer();
        let mut state = self.lock();
        state.conduct.asked.push(path.to_owned());
        match path {
            "/.well-known/openid-configuration" => {
                let at = |path: &str| format!("{issuer}{path}");
                let published = json!({
                    "issuer": issuer,
                    "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"), "jwks_uri": at("/keys"),
                    "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"],
                });
                (200, with(published, &state.conduct.metadata))
            }
            "/keys" => (200, state.keys()),
            "/token" => state.token(&issuer, authorization, &parameters(body)),
            "/userinfo" if authorization == "Bearer access" => {
                (200, state.conduct.userinfo.clone().unwrap_or_default())
            }
            _ => (404, json!({})),
        }
    }
}

fn new_key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).expect("a key")
}

/// The id of a key of the curve follows from it, so that new keys have new ids.
fn key_id(key: &EcdsaKeyPair) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, key.public_key().as_ref()))
}

fn with(mut document: Json, changes: &Json) -> Json {
    for (name, value) in changes.as_object().into_iter().flatten() {
        if value.is_null() {
            document.as_object_mut().expect("an object").remove(name);
        } else {
            document[name] = value.clone();
        }
    }
    document
}

impl State {
    fn keys(&self) -> Json {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let point = self.published.public_key().as_ref();
        let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(self.rsa.public());
        json!({ "keys": [
            { "kty": "RSA", "use": "enc", "kid": "for-letters", "n": text(&n), "e": text(&e) },
            { "kty": "RSA", "use": "sig", "kid": "rsa", "n": text(&n), "e": text(&e) },
            { "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": key_id(&self.published), "x": text(&point[1..33]), "y": text(&point[33..65]) },
            { "kty": "oct", "kid": "shared", "k": "c2VjcmV0" },
        ] })
    }

    fn token(&mut self, issuer: &str, authorization: &str, form: &BTreeMap<String, String>) -> (u16, Json) {
        let of = |name: &str| form.get(name).cloned().unwrap_or_default();
        let refuse = |error: &str| (400, json!({ "error": error }));
        // Gone whatever comes of it.
        let Some(code) = self.codes.remove(&of("code")) else { return refuse("invalid_grant") };
        let is_program = match &self.conduct.secret {
            Some(secret) => {
                let encoded = secret.replace(' ', "%20");
                let basic = STANDARD.encode(format!("{}:{encoded}", code.client_id));
                authorization == format!("Basic {basic}")
                    || (of("client_secret") == *secret && of("client_id") == code.client_id)
            }
            None => of("client_id") == code.client_id,
        };
        if !is_program {
            return refuse("invalid_client");
        }
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, of("code_verifier").as_bytes()));
        if challenge != code.challenge
            || of("redirect_uri") != code.redirect_uri
            || of("grant_type") != "authorization_code"
        {
            return refuse("invalid_grant");
        }
        let now = self.conduct.now_s;
        let claims = json!({
            "iss": issuer, "aud": code.client_id, "nonce": code.nonce, "iat": now, "exp": now + 300, "auth_time": now,
        });
        let claims = with(with(claims, &self.conduct.account), &self.conduct.lies);
        (200, json!({ "access_token": "access", "token_type": "Bearer", "id_token": self.sign(&claims) }))
    }

    fn sign(&self, claims: &Json) -> String {
        let (algorithm, kid) = match self.conduct.signing {
            Signing::Rs256 => ("RS256", "rsa".to_owned()),
            Signing::Ps256 => ("PS256", "rsa".to_owned()),
            Signing::Es256 | Signing::ForeignKey => ("ES256", key_id(&self.published)),
            Signing::UnknownKey => ("ES256", key_id(&self.foreign)),
            Signing::None => ("none", "rsa".to_owned()),
            Signing::PublicKeyAsPassword => ("HS256", "rsa".to_owned()),
        };
        let part = |document: &Json| URL_SAFE_NO_PAD.encode(document.to_string());
        let message = format!("{}.{}", part(&json!({ "alg": algorithm, "typ": "JWT", "kid": kid })), part(claims));
        let curve = |key: &EcdsaKeyPair| {
            key.sign(&SystemRandom::new(), message.as_bytes()).expect("a signature").as_ref().to_vec()
        };
        let rsa = |padding: &'static dyn RsaEncoding| {
            let mut signature = vec![0; self.rsa.public().modulus_len()];
            self.rsa.sign(padding, &SystemRandom::new(), message.as_bytes(), &mut signature).expect("a signature");
            signature
        };
        let signature = match self.conduct.signing {
            Signing::Rs256 => rsa(&RSA_PKCS1_SHA256),
            Signing::Ps256 => rsa(&RSA_PSS_SHA256),
            Signing::Es256 => curve(&self.published),
            Signing::ForeignKey | Signing::UnknownKey => curve(&self.foreign),
            Signing::None => Vec::new(),
            Signing::PublicKeyAsPassword => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, self.rsa.public().as_ref());
                hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The parameters of a query or form.
fn parameters(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut made, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let code = text.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, code) {
            (b'%', Some(code)) => {
                made.push(code);
                at += 3;
            }
            (b'+', _) => {
                made.push(b' ');
                at += 1;
            }
            _ => {
                made.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(made).expect("a text")
}
