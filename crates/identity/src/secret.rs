//! Texts that must not be seen: passwords and tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::error::{IdentityError, Result};

/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;

/// A password or token on its way in or out. Its `Debug` text says nothing, and it cannot be serialised by accident.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes a text into care.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text, for the one place that hands it on.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A new token of 256 random bits, 43 characters of base64url.
    pub(crate) fn random_token() -> Result<Secret> {
        let mut bytes = [0u8; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| IdentityError::Cryptography(error.to_string()))?;
        Ok(Secret(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// What is stored of a token. It has 256 random bits, so a plain hash cannot be searched backwards.
    pub(crate) fn token_hash(&self) -> String {
        hash(&[&self.0])
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Letters and digits that nobody takes for one another; 32 of them, so each stands for five bits.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A random text for people who type it, with a dash behind each group.
pub(crate) fn random_text(length: usize, group: usize) -> Result<Secret> {
    let mut bytes = vec![0_u8; length];
    getrandom::fill(&mut bytes).map_err(|error| IdentityError::Cryptography(error.to_string()))?;
    let mut text = String::with_capacity(length + length / group);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % group == 0 {
            text.push('-');
        }
        text.push(ALPHABET.get(usize::from(byte & 31)).copied().map_or('a', char::from));
    }
    Ok(Secret(text))
}

/// SHA-256 over the parts, base64url. A part that contains the separator cannot be taken for two: no part is a control character.
pub(crate) fn hash(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    URL_SAFE_NO_PAD.encode(digest.finalize())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn tokens_differ_and_stay_hidden() {
        let (one, other) = (Secret::random_token().unwrap(), Secret::random_token().unwrap());
        assert_eq!(one.expose().len(), 43);
        assert_ne!(one.expose(), other.expose());
        assert_ne!(one.token_hash(), one.expose());
        assert!(!format!("{one:?}").contains(one.expose()));
    }

    #[test]
    fn parts_are_kept_apart() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
