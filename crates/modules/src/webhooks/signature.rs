//! Signatures as Standard Webhooks describes them: HMAC-SHA256 over id, time and body, under a secret that begins with `whsec_`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use record_engine::error::{EngineError, Result};
use sha2::{Digest, Sha256};

/// What a secret begins with, so that people and scanners know it.
const PREFIX: &str = "whsec_";
/// Random bytes of a secret.
const SECRET_BYTES: usize = 32;
/// Bytes that SHA-256 takes at once.
const BLOCK: usize = 64;

/// A new secret, `whsec_` and base64.
pub(super) fn random_secret() -> Result<String> {
    let mut bytes = [0_u8; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// The three headers of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// `webhook-id`: the same whenever this message is sent again.
    pub id: String,
    /// `webhook-timestamp`: seconds UTC of this attempt.
    pub timestamp: String,
    /// `webhook-signature`: one `v1,…` for each secret, separated by blanks.
    pub signatures: String,
}

/// Signs a message with each of the secrets.
///
/// # Errors
/// `Stored` for something that is no secret.
pub fn sign(secrets: &[String], id: &str, now_ms: i64, body: &str) -> Result<Signature> {
    let timestamp = (now_ms / 1_000).to_string();
    let signed = format!("{id}.{timestamp}.{body}");
    let signatures = secrets
        .iter()
        .map(|secret| Ok(format!("v1,{}", STANDARD.encode(hmac(&key_of(secret)?, signed.as_bytes())))))
        .collect::<Result<Vec<String>>>()?;
    Ok(Signature { id: id.into(), timestamp, signatures: signatures.join(" ") })
}

fn key_of(secret: &str) -> Result<Vec<u8>> {
    let text = secret.strip_prefix(PREFIX);
    text.and_then(|text| STANDARD.decode(text).ok())
        .ok_or_else(|| EngineError::Stored("the secret of a webhook".into()))
}

/// RFC 2104.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; BLOCK];
    let short: Vec<u8> = if key.len() > BLOCK { Sha256::digest(key).to_vec() } else { key.to_vec() };
    for (place, byte) in block.iter_mut().zip(short) {
        *place = byte;
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The cases of RFC 4231.
    #[test]
    fn hmac_is_that_of_the_standard() {
        let check = |key: &[u8], message: &[u8], expect: &str| assert_eq!(hex(&hmac(key, message)), expect);
        check(&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        check(
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        );
        check(
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        );
    }

    /// The example of the specification's own libraries.
    #[test]
    fn a_signature_is_that_of_standard_webhooks() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
        let made =
            sign(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330_000, r#"{"test": 2432232314}"#).unwrap();
        assert_eq!(made.timestamp, "1614265330");
        assert_eq!(made.signatures, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn two_secrets_give_two_signatures() {
        let secrets = [random_secret().unwrap(), random_secret().unwrap()];
        assert_ne!(secrets.first(), secrets.last());
        let both = sign(&secrets, "msg_1", 5_000, "{}").unwrap().signatures;
        let each: Vec<String> = secrets
            .iter()
            .map(|secret| sign(std::slice::from_ref(secret), "msg_1", 5_000, "{}").unwrap().signatures)
            .collect();
        assert_eq!(both, each.join(" "));
        assert!(sign(&["secret".into()], "msg_1", 5_000, "{}").is_err());
    }
}
