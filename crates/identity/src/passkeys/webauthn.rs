//! What the browser of a user says about a key of his (WebAuthn level 3), judged: pure, without users and database.
//!
//! What must stay true: only an answer to our own challenge, from our own page, by a key of our own site, with the person present and verified by
//! the device, counts. Attestation is not asked for: whose device made a key is nobody's business here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::cbor::Cbor;

/// The algorithms that are asked for, best first: ES256, EdDSA, RS256.
pub(super) const ALGORITHMS: [i64; 3] = [-7, -8, -257];
/// Longest id of a key, in bytes (WebAuthn level 3).
const MAX_ID: usize = 1_023;
/// Bytes before the key in what an authenticator says: hash of the site, flags, count.
const HEAD: usize = 37;
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const HAS_KEY: u8 = 0x40;

/// The site that keys are made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The host: a key works for nothing else.
    pub id: String,
    /// Where its pages come from, with scheme and port.
    pub origin: String,
}

impl Site {
    /// The site of a public address; `None` where browsers make no keys: over plain HTTP, but for this machine, and at bare numbers.
    pub fn of(public_url: &str) -> Option<Site> {
        let origin = public_url.trim_end_matches('/').to_lowercase();
        let (scheme, rest) = origin.split_once("://")?;
        let host = rest.split([':', '/']).next().filter(|host| !host.is_empty())?;
        let is_local = host == "localhost" || host.ends_with(".localhost");
        let is_name = !rest.starts_with('[') && host.parse::<std::net::IpAddr>().is_err();
        let is_secure = scheme == "https" || (scheme == "http" && is_local);
        (is_name && is_secure && !rest.contains('/')).then(|| Site { id: host.to_owned(), origin: origin.clone() })
    }
}

/// A new key, as the browser hands it over; binary parts in base64url.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What the browser has signed about the page.
    pub client_data: String,
    /// What the authenticator says, in CBOR.
    pub attestation_object: String,
}

/// A proof of having a key; binary parts in base64url.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Which key.
    pub id: String,
    /// What the browser has signed about the page.
    pub client_data: String,
    /// What the authenticator says.
    pub authenticator_data: String,
    /// Over both.
    pub signature: String,
}

/// A key that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AcceptedKey {
    pub id: String,
    /// The key in COSE, base64url.
    pub public_key: String,
    pub sign_count: u32,
}

/// Judges a new key; `None` for one that is not accepted.
pub(super) fn accept(site: &Site, challenge: &str, key: &NewKey) -> Option<AcceptedKey> {
    let client_data = decode(&key.client_data)?;
    check_client_data(&client_data, "webauthn.create", site, challenge)?;
    let object = decode(&key.attestation_object)?;
    let (object, _) = Cbor::read(&object)?;
    let said = Said::read(object.get(&Cbor::Text("authData"))?.bytes()?, site)?;
    if said.flags & HAS_KEY == 0 {
        return None;
    }
    // Sixteen bytes name the model of the device, two the length of the id.
    let (length, rest) = said.rest.get(16..)?.split_first_chunk::<2>()?;
    let (id, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let (_, after) = Cbor::read(rest)?;
    let public_key = rest.get(..rest.len() - after.len())?;
    PublicKey::read(public_key)?;
    (!id.is_empty() && id.len() <= MAX_ID).then(|| AcceptedKey {
        id: URL_SAFE_NO_PAD.encode(id),
        public_key: URL_SAFE_NO_PAD.encode(public_key),
        sign_count: said.sign_count,
    })
}

/// Judges a proof by a stored key; answers the new count of signatures, `None` for a wrong one.
pub(super) fn verify(site: &Site, challenge: &str, proof: &Proof, public_key: &str, stored_count: u32) -> Option<u32> {
    let client_data = decode(&proof.client_data)?;
    check_client_data(&client_data, "webauthn.get", site, challenge)?;
    let authenticator_data = decode(&proof.authenticator_data)?;
    let said = Said::read(&authenticator_data, site)?;
    let message = [authenticator_data.as_slice(), Sha256::digest(&client_data).as_slice()].concat();
    let stored = decode(public_key)?;
    PublicKey::read(&stored)?.verify(&message, &decode(&proof.signature)?)?;
    // A key that counts and does not go on was copied.
    let is_fresh = said.sign_count > stored_count || (said.sign_count == 0 && stored_count == 0);
    is_fresh.then_some(said.sign_count)
}

/// What the browser says about the page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

fn check_client_data(bytes: &[u8], kind: &str, site: &Site, challenge: &str) -> Option<()> {
    let data: ClientData = serde_json::from_slice(bytes).ok()?;
    let is_ours =
        data.r#type == kind && data.challenge == challenge && data.origin == site.origin && !data.cross_origin;
    is_ours.then_some(())
}

/// What an authenticator says about itself and the person.
struct Said<'a> {
    flags: u8,
    sign_count: u32,
    rest: &'a [u8],
}

impl Said<'_> {
    fn read<'a>(bytes: &'a [u8], site: &Site) -> Option<Said<'a>> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
        let (hash, head) = head.split_first_chunk::<32>()?;
        let (flags, count) = head.split_first()?;
        let is_ours = hash.as_slice() == Sha256::digest(&site.id).as_slice();
        let is_verified = flags & PRESENT != 0 && flags & VERIFIED != 0;
        let sign_count = u32::from_be_bytes(count.try_into().ok()?);
        (is_ours && is_verified).then_some(Said { flags: *flags, sign_count, rest })
    }
}

/// A key of COSE (RFC 9053).
enum PublicKey {
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
    Rsa { n: Vec<u8>, e: Vec<u8> },
}

impl PublicKey {
    fn read(bytes: &[u8]) -> Option<PublicKey> {
        let (key, _) = Cbor::read(bytes)?;
        let number = |label: i64| key.get(&Cbor::Integer(label)).and_then(Cbor::integer);
        let part = |label: i64| key.get(&Cbor::Integer(label)).and_then(Cbor::bytes);
        match (number(1)?, number(3)?, number(-1)) {
            (2, -7, Some(1)) => {
                let (x, y) = (part(-2)?, part(-3)?);
                (x.len() == 32 && y.len() == 32).then(|| PublicKey::P256([&[4], x, y].concat()))
            }
            (1, -8, Some(6)) => part(-2).filter(|x| x.len() == 32).map(|x| PublicKey::Ed25519(x.to_vec())),
            (3, -257, _) => Some(PublicKey::Rsa { n: part(-1)?.to_vec(), e: part(-2)?.to_vec() }),
            _ => None,
        }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Option<()> {
        match self {
            PublicKey::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature),
            PublicKey::Ed25519(x) => UnparsedPublicKey::new(&ED25519, x).verify(message, signature),
            PublicKey::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        }
        .ok()
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites() {
        let check = |url: &str, id: Option<&str>| {
            assert_eq!(Site::of(url).map(|site| site.id).as_deref(), id, "{url}");
        };
        check("https://crm.example.org", Some("crm.example.org"));
        check("https://CRM.example.org:8443/", Some("crm.example.org"));
        check("http://localhost:8080", Some("localhost"));
        check("http://crm.example.org", None);
        check("https://192.0.2.7", None);
        check("https://[2001:db8::1]:8443", None);
        check("https://crm.example.org/path", None);
        check("crm.example.org", None);
        check("https://", None);
    }
}
