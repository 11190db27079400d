//! Messages that only the browser reads: RFC 8291 over RFC 8188, one record of `aes128gcm` under a key that is agreed on for this message alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use record_engine::error::{EngineError, Result};
use record_engine::vault::hmac;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::rand::SystemRandom;

/// An uncompressed point of P-256.
pub(super) const POINT_BYTES: usize = 65;
/// The secret that browser and program share.
const AUTH_BYTES: usize = 16;
const SALT_BYTES: usize = 16;
const KEY_BYTES: usize = 16;
const NONCE_BYTES: usize = 12;
/// What browsers must at least accept (RFC 8291, section 4).
const RECORD_BYTES: u32 = 4_096;
/// Marks the last record; there is no padding before it.
const LAST: u8 = 2;
/// Longest text: a record without its head, the mark and the tag.
pub(super) const MAX_PLAIN_BYTES: usize = 3_993;

/// What a browser gives of its side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BrowserKeys {
    public: [u8; POINT_BYTES],
    auth: [u8; AUTH_BYTES],
}

impl BrowserKeys {
    /// The keys of their texts, base64url as browsers write them; `None` for anything else.
    pub fn read(p256dh: &str, auth: &str) -> Option<BrowserKeys> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let public: [u8; POINT_BYTES] = bytes(p256dh)?.try_into().ok()?;
        let keys = BrowserKeys { public, auth: bytes(auth)?.try_into().ok()? };
        // A point that is none on the curve is noticed here and not with each message.
        agreed(&keys.public).ok().map(|_| keys)
    }
}

/// Encrypts a message for a browser.
///
/// # Errors
/// `File` when the system gives no randomness; `Stored` for a text that is too long.
pub(super) fn encrypt(plain: &[u8], browser: &BrowserKeys) -> Result<Vec<u8>> {
    let (public, secret) = agreed(&browser.public)?;
    let mut salt = [0_u8; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(std::io::Error::from)?;
    sealed(plain, browser, &public, &secret, &salt)
}

/// A public key of this message, and the secret that the browser finds with it.
fn agreed(browser: &[u8; POINT_BYTES]) -> Result<(Vec<u8>, Vec<u8>)> {
    let own = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).map_err(cryptography)?;
    let public = own.compute_public_key().map_err(cryptography)?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, browser);
    let secret = agree_ephemeral(own, &theirs, <[u8]>::to_vec).map_err(cryptography)?;
    Ok((public.as_ref().to_vec(), secret))
}

fn sealed(
    plain: &[u8],
    browser: &BrowserKeys,
    public: &[u8],
    secret: &[u8],
    salt: &[u8; SALT_BYTES],
) -> Result<Vec<u8>> {
    if plain.len() > MAX_PLAIN_BYTES {
        return Err(EngineError::Stored(format!("a push message of {} bytes", plain.len())));
    }
    let info = [b"WebPush: info\0".as_slice(), &browser.public, public].concat();
    let input = derived::<32>(&browser.auth, secret, &info);
    let key = derived::<KEY_BYTES>(salt, &input, b"Content-Encoding: aes128gcm\0");
    let nonce = derived::<NONCE_BYTES>(salt, &input, b"Content-Encoding: nonce\0");
    let mut record = [plain, &[LAST]].concat();
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).map_err(cryptography)?);
    cipher
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)
        .map_err(cryptography)?;
    let id_length = u8::try_from(public.len()).map_err(cryptography)?;
    Ok([salt.as_slice(), &RECORD_BYTES.to_be_bytes(), &[id_length], public, &record].concat())
}

/// HKDF with SHA-256 (RFC 5869) for outputs of at most one hash.
fn derived<const LENGTH: usize>(salt: &[u8], input: &[u8], info: &[u8]) -> [u8; LENGTH] {
    let expanded = hmac(&hmac(salt, input), &[info, &[1]].concat());
    let mut output = [0_u8; LENGTH];
    for (place, byte) in output.iter_mut().zip(expanded) {
        *place = byte;
    }
    output
}

fn cryptography(error: impl std::fmt::Display) -> EngineError {
    std::io::Error::other(format!("a push message could not be encrypted: {error}")).into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
    const BROWSER: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, appendix A.
    #[test]
    fn a_message_is_that_of_the_standard() {
        let browser = BrowserKeys::read(BROWSER, AUTH).unwrap();
        let public = bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let secret = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let salt: [u8; SALT_BYTES] = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let info = [b"WebPush: info\0".as_slice(), &browser.public, &public].concat();
        let input = derived::<32>(&browser.auth, &secret, &info);
        assert_eq!(URL_SAFE_NO_PAD.encode(input), "S4lYMb_L0FxCeq0WhDx813KgSYqU26kOyzWUdsXYyrg");
        let plain = b"When I grow up, I want to be a watermelon";
        let made = sealed(plain, &browser, &public, &secret, &salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(made),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A\
             _yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn no_two_messages_are_alike_and_none_is_too_long() {
        let browser = BrowserKeys::read(BROWSER, AUTH).unwrap();
        assert_ne!(encrypt(b"x", &browser).unwrap(), encrypt(b"x", &browser).unwrap());
        let longest = encrypt(&[0; MAX_PLAIN_BYTES], &browser).unwrap();
        assert_eq!(longest.len(), 4_096);
        assert!(encrypt(&[0; MAX_PLAIN_BYTES + 1], &browser).is_err());
    }

    #[test]
    fn what_are_no_keys_is_refused() {
        let check = |p256dh: &str, auth: &str| assert!(BrowserKeys::read(p256dh, auth).is_none(), "{p256dh} {auth}");
        check("", "");
        check(BROWSER, "AAAA");
        check(AUTH, AUTH);
        check(BROWSER, "BTBZMqHH6r4Tts7J_aSI+g");
        // A point that is not on the curve.
        check(&format!("BB{}", BROWSER.get(2..).unwrap()), AUTH);
        assert!(BrowserKeys::read(&format!("{BROWSER}="), &format!("{AUTH}==")).is_some());
    }
}
