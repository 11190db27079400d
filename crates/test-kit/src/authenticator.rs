//! The app on the phone: one-time codes of a key, as RFC 6238 has them.

use ring::hmac;

/// The code of a base32 key at a moment, milliseconds UTC.
///
/// # Panics
/// When the key is not base32.
pub fn authenticator_code(key: &str, at_ms: i64) -> String {
    let tag =
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &decode(key)), &(at_ms / 30_000).to_be_bytes());
    let start = usize::from(tag.as_ref()[19] & 0xf);
    let number = u32::from_be_bytes(tag.as_ref()[start..start + 4].try_into().expect("four bytes"));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

fn decode(base32: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = base32
        .chars()
        .map(|letter| LETTERS.find(letter).expect("a letter of base32"))
        .flat_map(|five| (0..5).rev().map(move |bit| u8::from(five >> bit & 1 == 1)))
        .collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |number, bit| number * 2 + bit)).collect()
}
