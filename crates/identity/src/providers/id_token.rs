//! ID tokens of OpenID Connect: who a provider says has logged in.
//!
//! What must stay true: the signature is one of the provider's published keys, by an algorithm that fits the kind of the key and never by one that the
//! token alone names, so neither `none` nor a public key used as a password passes; issuer, audience, nonce and time are those of this login.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value as Json;

/// Longest token that is looked at, in bytes; some providers put long lists of groups into it.
const MAX_TOKEN: usize = 64 * 1024;
/// Most keys of a provider that are kept.
const MAX_KEYS: usize = 50;
/// How far the clocks of two servers may differ, in seconds.
const CLOCK_SKEW_S: i64 = 60;
/// Longest name of an account at a provider, in characters, as the standard has it.
const MAX_SUBJECT: usize = 255;
/// What of `amr` alone is no second step: something known.
const KNOWLEDGE: [&str; 3] = ["pwd", "pin", "kba"];

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("it is no signed token")]
    Malformed,
    #[error("its algorithm is not accepted")]
    Algorithm,
    #[error("its key is not among those of the provider")]
    UnknownKey,
    #[error("its signature is wrong")]
    Signature,
    #[error("it is of another issuer")]
    Issuer,
    #[error("it is for another program")]
    Audience,
    #[error("its time is over, or has not come")]
    Time,
    #[error("it belongs to another login")]
    Nonce,
    #[error("it names nobody")]
    Subject,
}

/// The published keys of a provider that can sign.
#[derive(Clone, Debug, Default)]
pub(super) struct KeySet(Vec<Key>);

#[derive(Clone, Debug)]
struct Key {
    id: Option<String>,
    /// The only algorithm that it is for, where it says so.
    algorithm: Option<String>,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl KeySet {
    /// Reads a JSON web key set; keys that are not for signatures, or of an unknown kind, are left out.
    pub(super) fn read(document: &Json) -> KeySet {
        let keys = document.get("keys").and_then(Json::as_array).into_iter().flatten();
        KeySet(keys.filter_map(Key::read).take(MAX_KEYS).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Key {
    fn read(document: &Json) -> Option<Key> {
        let text = |name: &str| document.get(name).and_then(Json::as_str);
        let part = |name: &str| decode(text(name)?);
        if text("use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let point = |length: usize| {
            let (x, y) = (part("x")?, part("y")?);
            (x.len() == length && y.len() == length).then(|| [&[4], x.as_slice(), y.as_slice()].concat())
        };
        let material = match (text("kty")?, text("crv")) {
            ("RSA", _) => Material::Rsa { n: part("n")?, e: part("e")? },
            ("EC", Some("P-256")) => Material::P256(point(32)?),
            ("EC", Some("P-384")) => Material::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(part("x").filter(|x| x.len() == 32)?),
            _ => return None,
        };
        Some(Key { id: text("kid").map(str::to_owned), algorithm: text("alg").map(str::to_owned), material })
    }

    /// Whether it may sign by this algorithm.
    fn fits(&self, header: &Header) -> bool {
        let is_named = header.kid.is_none() || self.id.is_none() || header.kid == self.id;
        is_named && self.algorithm.as_ref().is_none_or(|only| *only == header.alg)
    }

    /// `None` when the kind of the key does not know the algorithm.
    fn verify(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> Option<bool> {
        let verified = match &self.material {
            Material::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(rsa_parameters(algorithm)?, message, signature)
            }
            Material::P256(point) if algorithm == "ES256" => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            Material::P384(point) if algorithm == "ES384" => {
                UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).verify(message, signature)
            }
            Material::Ed25519(x) if algorithm == "EdDSA" || algorithm == "Ed25519" => {
                UnparsedPublicKey::new(&ED25519, x).verify(message, signature)
            }
            _ => return None,
        };
        Some(verified.is_ok())
    }
}

fn rsa_parameters(algorithm: &str) -> Option<&'static RsaParameters> {
    match algorithm {
        "RS256" => Some(&RSA_PKCS1_2048_8192_SHA256),
        "RS384" => Some(&RSA_PKCS1_2048_8192_SHA384),
        "RS512" => Some(&RSA_PKCS1_2048_8192_SHA512),
        "PS256" => Some(&RSA_PSS_2048_8192_SHA256),
        "PS384" => Some(&RSA_PSS_2048_8192_SHA384),
        "PS512" => Some(&RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    /// What must be understood; nothing of it is.
    crit: Option<Json>,
}

/// What the token must say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'e> {
    pub issuer: &'e str,
    pub client_id: &'e str,
    pub nonce: &'e str,
    pub now_ms: i64,
}

/// What it says about the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Claims {
    /// His account at the issuer; never another's.
    pub subject: String,
    /// Lower case.
    pub email: Option<String>,
    pub is_email_verified: bool,
    pub name: Option<String>,
    /// When he last showed who he is, seconds UTC.
    pub authenticated_at: Option<i64>,
    /// The provider says that he showed no more than something he knows.
    pub is_knowledge_alone: bool,
    /// His login at a directory.
    pub login: Option<String>,
    /// The same as he has typed it there, in the form in which logins are compared.
    pub login_key: Option<String>,
}

impl Claims {
    /// The e-mail address, if the provider stands for it.
    pub(super) fn verified_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.is_email_verified)
    }

    /// Takes what is said of the person; the subject has been looked at before.
    pub(super) fn read(subject: &str, claims: &Json) -> Claims {
        let text = |name: &str| claims.get(name).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty());
        let methods: Vec<&str> =
            claims.get("amr").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
        Claims {
            subject: subject.to_owned(),
            email: text("email").map(str::to_lowercase),
            // Some providers write the truth as a text.
            is_email_verified: matches!(claims.get("email_verified"), Some(Json::Bool(true)))
                || text("email_verified") == Some("true"),
            name: text("name").map(str::to_owned),
            authenticated_at: claims.get("auth_time").and_then(Json::as_i64),
            is_knowledge_alone: !methods.is_empty() && methods.iter().all(|method| KNOWLEDGE.contains(method)),
            login: None,
            login_key: None,
        }
    }
}

/// Believes a token, or says why not.
pub(super) fn verify(token: &str, keys: &KeySet, expected: Expected<'_>) -> Result<Claims, Fault> {
    let (message, signature) = token.rsplit_once('.').filter(|_| token.len() <= MAX_TOKEN).ok_or(Fault::Malformed)?;
    let (head, body) = message.split_once('.').filter(|(_, body)| !body.contains('.')).ok_or(Fault::Malformed)?;
    let header: Header = read_part(head)?;
    if header.crit.is_some() || header.typ.as_ref().is_some_and(|kind| !kind.eq_ignore_ascii_case("jwt")) {
        return Err(Fault::Malformed);
    }
    let signature = decode(signature).ok_or(Fault::Malformed)?;
    check_signature(&header, message.as_bytes(), &signature, keys)?;
    let claims: Json = read_part(body)?;
    check_claims(&claims, expected)
}

fn check_signature(header: &Header, message: &[u8], signature: &[u8], keys: &KeySet) -> Result<(), Fault> {
    let is_known =
        rsa_parameters(&header.alg).is_some() || ["ES256", "ES384", "EdDSA", "Ed25519"].contains(&header.alg.as_str());
    if !is_known {
        return Err(Fault::Algorithm);
    }
    let mut fault = Fault::UnknownKey;
    for key in keys.0.iter().filter(|key| key.fits(header)) {
        match key.verify(&header.alg, message, signature) {
            Some(true) => return Ok(()),
            Some(false) => fault = Fault::Signature,
            None => {}
        }
    }
    Err(fault)
}

fn check_claims(claims: &Json, expected: Expected<'_>) -> Result<Claims, Fault> {
    let text = |name: &str| claims.get(name).and_then(Json::as_str);
    let time = |name: &str| claims.get(name).and_then(Json::as_f64);
    if text("iss") != Some(expected.issuer) {
        return Err(Fault::Issuer);
    }
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Json::String(one)) => vec![one.as_str()],
        Some(Json::Array(many)) => many.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let is_party = match text("azp") {
        Some(party) => party == expected.client_id,
        // A token for several programs says whose it is.
        None => audience.len() == 1,
    };
    if !audience.contains(&expected.client_id) || !is_party {
        return Err(Fault::Audience);
    }
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below the limit of whole numbers")]
    let (now, skew) = ((expected.now_ms / 1_000) as f64, CLOCK_SKEW_S as f64);
    let is_over = time("exp").is_none_or(|end| end + skew <= now);
    let is_early = time("iat").is_none_or(|made| made - skew > now) || time("nbf").is_some_and(|at| at - skew > now);
    if is_over || is_early {
        return Err(Fault::Time);
    }
    if text("nonce") != Some(expected.nonce) {
        return Err(Fault::Nonce);
    }
    let subject = text("sub").filter(|subject| !subject.is_empty() && subject.chars().count() <= MAX_SUBJECT);
    Ok(Claims::read(subject.ok_or(Fault::Subject)?, claims))
}

fn read_part<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, Fault> {
    serde_json::from_slice(&decode(part).ok_or(Fault::Malformed)?).map_err(|_| Fault::Malformed)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}
