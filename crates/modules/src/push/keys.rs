//! The pair of keys by which push services know the installation: RFC 8292. It is made once, at first use; the private key lies in the vault.
//!
//! What must stay true: a browser that subscribed with one public key takes messages of no other. So a pair is made anew only where the key of the
//! vault was lost, and then every subscription goes with it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use record_engine::error::{EngineError, Result};
use record_engine::{Engine, settings};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Name of the setting.
const SETTING: &str = "web_push_keys";
/// What the private key is sealed for.
const PURPOSE: &str = "web_push/private_key";
/// `{"typ":"JWT","alg":"ES256"}`.
const HEAD: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9";
/// How long a token is good; services accept a day at most.
const GOOD_SECONDS: i64 = 12 * 3_600;

#[derive(Serialize, Deserialize)]
struct Stored {
    public: String,
    sealed: String,
}

/// Both keys.
pub(super) struct Keys {
    pair: EcdsaKeyPair,
    public: String,
}

impl Keys {
    /// Those of the installation; made where there are none yet, or none that can be read.
    ///
    /// # Errors
    /// Those of the database and of sealing.
    pub fn of(engine: &Engine) -> Result<Keys> {
        if let Some(keys) = engine.database().read(|tx| read(engine, tx))? {
            return Ok(keys);
        }
        let rng = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).map_err(cryptography)?;
        engine.write(|tx| {
            // Another process may have been first.
            settings::lock(tx)?;
            if let Some(keys) = read(engine, tx)? {
                return Ok(keys);
            }
            let is_anew = settings::read(tx, SETTING)?.is_some();
            let keys = Keys::from_document(document.as_ref())?;
            let sealed = engine.vault().seal(PURPOSE, document.as_ref())?;
            settings::write(tx, SETTING, &json!(Stored { public: keys.public.clone(), sealed }))?;
            // Of an earlier pair, where there was one, no browser takes anything any more.
            if is_anew {
                tx.execute("DELETE FROM push_deliveries", &[])?;
                tx.execute("DELETE FROM push_subscriptions", &[])?;
            }
            Ok(keys)
        })
    }

    fn from_document(document: &[u8]) -> Result<Keys> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document, &SystemRandom::new())
            .map_err(cryptography)?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Keys { pair, public })
    }

    /// The value of the header `Authorization` for a push service. `contact` is where its people may write to: `mailto:` or `https:`.
    ///
    /// # Errors
    /// `File` when the system gives no randomness.
    pub fn authorization(&self, origin: &str, contact: Option<&str>, now_ms: i64) -> Result<String> {
        let claims = claims(origin, contact, now_ms / 1_000 + GOOD_SECONDS);
        let signature = self.pair.sign(&SystemRandom::new(), claims.as_bytes()).map_err(cryptography)?;
        Ok(format!("vapid t={claims}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.as_ref()), self.public))
    }
}

/// What is signed: who is asked, until when, and who asks.
fn claims(origin: &str, contact: Option<&str>, expires_at: i64) -> String {
    let mut body = json!({ "aud": origin, "exp": expires_at });
    if let (Some(contact), Some(object)) = (contact, body.as_object_mut()) {
        object.insert("sub".into(), contact.into());
    }
    format!("{HEAD}.{}", URL_SAFE_NO_PAD.encode(body.to_string()))
}

fn read(engine: &Engine, tx: &mut dyn database::Query) -> Result<Option<Keys>> {
    let Some(stored) = settings::read(tx, SETTING)? else { return Ok(None) };
    let stored: Stored = serde_json::from_value(stored).map_err(|error| EngineError::Stored(error.to_string()))?;
    match engine.vault().open(PURPOSE, &stored.sealed) {
        Ok(document) => Keys::from_document(&document).map(Some),
        // The key of the vault was lost: nobody can sign with the old pair any more.
        Err(EngineError::State(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The public key that browsers subscribe with, base64url; the pair is made when there is none.
///
/// # Errors
/// Those of the database and of sealing.
pub fn public_key(engine: &Engine) -> Result<String> {
    Ok(Keys::of(engine)?.public)
}

fn cryptography(error: impl std::fmt::Display) -> EngineError {
    std::io::Error::other(format!("the keys of push messages: {error}")).into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    fn is_signed(token: &str, public: &str) -> bool {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, bytes(public));
        key.verify(signed.as_bytes(), &bytes(signature)).is_ok()
    }

    /// RFC 8292, section 2.4: what is signed is equal to the byte, and its signature is accepted by what accepts ours.
    #[test]
    fn a_token_is_that_of_the_standard() {
        let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA";
        let public = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";
        let claims = claims("https://push.example.net", Some("mailto:push@example.com"), 1_453_523_768);
        assert_eq!(token.rsplit_once('.').unwrap().0, claims);
        assert!(is_signed(token, public));

        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let keys = Keys::from_document(document.as_ref()).unwrap();
        let header = keys.authorization("https://push.example.net", None, 0).unwrap();
        let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        assert!(is_signed(token, key));
        assert!(!is_signed(token, public));
    }
}
