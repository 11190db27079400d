//! Signatures as Standard Webhooks describes them: HMAC-SHA256 over id, time and body, under a secret that begins with `whsec_`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use record_engine::error::{EngineError, Result};
use record_engine::vault::hmac;

/// What a secret begins with, so that people and scanners know it.
const PREFIX: &str = "whsec_";
/// Random bytes of a secret.
const SECRET_BYTES: usize = 32;

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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

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
