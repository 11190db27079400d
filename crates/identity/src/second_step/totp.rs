//! One-time codes (RFC 6238) as every authenticator app knows them: SHA-1, six digits, thirty seconds. Twenty lines over the HMAC that the
//! program has already; nothing here knows users or the database.

use ring::hmac;

/// Bytes of a key: as long as the hash (RFC 4226, section 4).
const KEY_BYTES: usize = 20;
/// Length of a step.
const STEP_MS: i64 = 30_000;
/// Digits of a code.
const DIGITS: usize = 6;
/// Clocks of phones are off by so many steps.
const WINDOW: i64 = 1;
/// RFC 4648.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A key of codes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key([u8; KEY_BYTES]);

impl Key {
    /// A new key.
    pub(crate) fn random() -> Result<Key, getrandom::Error> {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Key(bytes))
    }

    /// A stored key.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Key> {
        bytes.try_into().ok().map(Key)
    }

    /// What is stored, sealed.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The key for people who type it: 32 letters and digits.
    pub(crate) fn base32(&self) -> String {
        let bits = self.0.iter().flat_map(|byte| (0..8).rev().map(move |bit| usize::from(byte >> bit & 1)));
        let bits: Vec<usize> = bits.collect();
        let letter = |five: &[usize]| five.iter().fold(0, |number, bit| number * 2 + bit);
        bits.chunks(5).filter_map(|five| BASE32.get(letter(five))).copied().map(char::from).collect()
    }

    /// The step that a code belongs to; `None` for a wrong one. Steps up to `last_step` are used up.
    pub(crate) fn step_of(&self, code: &str, now_ms: i64, last_step: i64) -> Option<i64> {
        let now = now_ms.div_euclid(STEP_MS);
        let mut found = None;
        // All are compared, so that the time tells nothing about which one was close.
        for step in now - WINDOW..=now + WINDOW {
            let is_equal = ring_eq(self.code(step).as_bytes(), code.as_bytes());
            if is_equal && step > last_step && found.is_none() {
                found = Some(step);
            }
        }
        found
    }

    /// The code of a step.
    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let start = usize::from(tag.last().copied().unwrap_or_default() & 0xf);
        let bytes: [u8; 4] = tag.get(start..start + 4).and_then(|part| part.try_into().ok()).unwrap_or_default();
        let number = u32::from_be_bytes(bytes) & 0x7fff_ffff;
        format!("{:0DIGITS$}", number % 10_u32.pow(6))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key(…)")
    }
}

/// Whether a typed text looks like a code: six digits, with or without blanks.
pub(crate) fn read_code(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    (digits.len() == DIGITS && digits.bytes().all(|c| c.is_ascii_digit())).then_some(digits)
}

fn ring_eq(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
}

/// The address that authenticator apps read from a picture. What is usual (SHA-1, six digits, thirty seconds) is left out: the picture stays coarse.
pub(crate) fn uri(key: &Key, issuer: &str, login: &str) -> String {
    let (issuer, login) = (percent_encoded(issuer), percent_encoded(login));
    format!("otpauth://totp/{login}?secret={}&issuer={issuer}", key.base32())
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn key() -> Key {
        Key::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(key().code(seconds / 30), code);
            assert_eq!(key().step_of(code, seconds * 1_000, 0), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_works_a_step_early_or_late_and_never_again() {
        let (key, step) = (key(), 1_000_000);
        let now = step * STEP_MS + 10_000;
        for (of, expect) in [
            (step - 2, None),
            (step - 1, Some(step - 1)),
            (step, Some(step)),
            (step + 1, Some(step + 1)),
            (step + 2, None),
        ] {
            assert_eq!(key.step_of(&key.code(of), now, 0), expect);
        }
        assert_eq!(key.step_of(&key.code(step), now, step), None);
        assert_eq!(key.step_of(&key.code(step + 1), now, step), Some(step + 1));
        assert_eq!(key.step_of("", now, 0), None);
    }

    #[test]
    fn keys_are_read_by_apps() {
        assert_eq!(key().base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            uri(&key(), "Карпати & Co", "olena@example.com"),
            "otpauth://totp/olena%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%D0%9A%D0%B0%D1%80%D0%BF%D0%B0%D1%82%D0%B8%20%26%20Co"
        );
        assert_ne!(Key::random().unwrap(), Key::random().unwrap());
        assert!(!format!("{:?}", key()).contains("12"));
    }

    #[test]
    fn what_looks_like_a_code() {
        let check = |typed: &str, expect: Option<&str>| assert_eq!(read_code(typed).as_deref(), expect, "{typed}");
        check("123456", Some("123456"));
        check(" 123 456 ", Some("123456"));
        check("12345", None);
        check("1234567", None);
        check("12345a", None);
        check("١٢٣٤٥٦", None);
    }
}
