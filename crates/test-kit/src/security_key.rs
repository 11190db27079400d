//! A passkey in memory: what a browser and its authenticator answer, and what a dishonest one would.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};

/// A key of one site; its fields can be set to lie.
pub struct SecurityKey {
    /// Id of the key.
    pub id: Vec<u8>,
    /// The host that it believes to be at.
    pub site: String,
    /// Where the page comes from.
    pub origin: String,
    /// What it says about the person: present 1, verified 4.
    pub flags: u8,
    /// Signatures so far; 0 for a key that does not count.
    pub count: u32,
    pair: EcdsaKeyPair,
}

impl SecurityKey {
    /// A new honest key.
    ///
    /// # Panics
    /// When the system has no randomness.
    pub fn new(site: &str, origin: &str) -> SecurityKey {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).expect("a key");
        let id = digest(&SHA256, pair.public_key().as_ref()).as_ref().to_vec();
        SecurityKey { id, site: site.into(), origin: origin.into(), flags: 5, count: 0, pair }
    }

    /// Id of the key, base64url.
    pub fn id_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.id)
    }

    /// What it answers to who asks for a new key: client data and attestation object, base64url.
    pub fn create(&self, challenge: &str) -> (String, String) {
        let point = self.pair.public_key().as_ref();
        let mut data = self.head(self.flags | 0x40);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("a short id").to_be_bytes());
        data.extend(&self.id);
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..65]);
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x59");
        object.extend(u16::try_from(data.len()).expect("a short text").to_be_bytes());
        object.extend(data);
        (self.client_data("webauthn.create", challenge), URL_SAFE_NO_PAD.encode(object))
    }

    /// What it answers to a challenge: client data, authenticator data, signature, base64url.
    pub fn prove(&self, challenge: &str) -> (String, String, String) {
        let client_data = self.client_data("webauthn.get", challenge);
        let data = self.head(self.flags);
        let hash = digest(&SHA256, &URL_SAFE_NO_PAD.decode(&client_data).expect("base64url"));
        let message = [data.as_slice(), hash.as_ref()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &message).expect("a signature");
        (client_data, URL_SAFE_NO_PAD.encode(data), URL_SAFE_NO_PAD.encode(signature))
    }

    fn client_data(&self, kind: &str, challenge: &str) -> String {
        let origin = &self.origin;
        URL_SAFE_NO_PAD
            .encode(format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#))
    }

    fn head(&self, flags: u8) -> Vec<u8> {
        let site = digest(&SHA256, self.site.as_bytes());
        [site.as_ref(), &[flags], self.count.to_be_bytes().as_slice()].concat()
    }
}
