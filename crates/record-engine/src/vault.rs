//! Secrets at rest: what the program must be able to read again (keys of one-time codes, passwords of mail servers, secrets of other services)
//! is stored encrypted, with a key that does not stand in the database.
//!
//! What must stay true: a copy of the database alone gives no secret away; a sealed text opens only for the purpose that it was sealed for, so
//! that nobody moves one to another row; a key that is lost is never replaced silently.
//!
//! XChaCha20-Poly1305 with random nonces. The key is a file of 64 hexadecimal digits that only the owner of the process reads.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use database::{Query, Tx, hex, unhex};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::error::{EngineError, Result};
use crate::settings;

/// Bytes of the key.
const KEY_BYTES: usize = 32;
/// Bytes of the nonce that stands before each sealed text.
const NONCE_BYTES: usize = 24;
/// The way of sealing; a later one gets another number.
const VERSION: &str = "v1";
/// Bytes that SHA-256 takes at once.
const BLOCK: usize = 64;
/// Hexadecimal digits that tell keys apart.
const KEY_ID_LENGTH: usize = 8;
/// The setting that says with which key the secrets of the database are sealed.
const KEY_ID: &str = "secret_key_id";

/// What seals and opens. It lives in the engine: [`crate::Engine::vault`].
pub struct Vault {
    cipher: XChaCha20Poly1305,
    key_id: String,
    mark_key: [u8; 32],
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Vault({})", self.key_id)
    }
}

impl Vault {
    /// Reads the key; makes one where there is no file. Of two processes that start at once, one makes it and the other waits for it.
    ///
    /// # Errors
    /// `File` when it cannot be read or made, or holds something else.
    pub fn at(path: &Path) -> Result<Vault> {
        let text = match File::open(path) {
            Ok(file) => {
                file.lock_shared()?;
                read(file)?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(naming(path, &error)),
        };
        let text = if text.is_empty() { make(path).map_err(|error| naming(path, &error))? } else { text };
        let wrong = || naming(path, &std::io::Error::new(ErrorKind::InvalidData, "not a key of 64 hexadecimal digits"));
        Vault::new(&decode(text.trim()).ok_or_else(wrong)?)
    }

    fn new(key: &[u8; KEY_BYTES]) -> Result<Vault> {
        let cipher = XChaCha20Poly1305::new_from_slice(key).map_err(cryptography)?;
        let digest = Sha256::new().chain_update("kartoteka secret.key").chain_update(key).finalize();
        let mut key_id = hex(&digest);
        key_id.truncate(KEY_ID_LENGTH);
        let mark_key = hmac(key, b"marks");
        Ok(Vault { cipher, key_id, mark_key })
    }

    /// Encrypts. `purpose` names what the secret is and whose, for example `totp/5`: the sealed text opens for nothing else.
    ///
    /// # Errors
    /// `File` when the system gives no randomness.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(std::io::Error::from)?;
        let bound = self.bound_to(purpose);
        let payload = Payload { msg: plain, aad: &bound };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(cryptography)?;
        Ok(format!("{VERSION}.{}.{}", self.key_id, URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// Decrypts what was sealed for the same purpose.
    ///
    /// # Errors
    /// `State("secret_key_changed")` when it was sealed with another key: the secret must be given anew; `Stored` for everything else that is no
    /// sealed text of this purpose.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<Vec<u8>> {
        let wrong = || EngineError::Stored(format!("a sealed secret of {purpose}"));
        let mut parts = sealed.split('.');
        let (Some(VERSION), Some(key_id), Some(text), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong());
        };
        if key_id != self.key_id {
            return Err(EngineError::State("secret_key_changed"));
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
        let (nonce, body) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or_else(wrong)?;
        let bound = self.bound_to(purpose);
        let payload = Payload { msg: body, aad: &bound };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| wrong())
    }

    /// A mark by which equal bytes are known again, in hexadecimal digits. Without the key nobody tells by it what was marked, nor tries passwords on it.
    pub fn mark(&self, bytes: &[u8]) -> String {
        hex(&hmac(&self.mark_key, bytes))
    }

    /// [`Vault::seal`] for a text.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub fn seal_text(&self, purpose: &str, plain: &str) -> Result<String> {
        self.seal(purpose, plain.as_bytes())
    }

    /// [`Vault::open`] for a text.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_text(&self, purpose: &str, sealed: &str) -> Result<String> {
        String::from_utf8(self.open(purpose, sealed)?)
            .map_err(|_| EngineError::Stored(format!("a sealed text of {purpose}")))
    }

    /// What the tag covers beside the text: way of sealing, key and purpose. None of the first two contains the separator.
    fn bound_to(&self, purpose: &str) -> Vec<u8> {
        format!("{VERSION}.{}.{purpose}", self.key_id).into_bytes()
    }

    /// Notes with which key the secrets of the database are sealed, and warns when it was another one.
    pub(crate) fn note_key(&self, tx: &mut Tx) -> Result<()> {
        let before = key_id(tx)?;
        if before.as_deref() == Some(self.key_id.as_str()) {
            return Ok(());
        }
        if let Some(before) = before {
            let now = self.key_id.as_str();
            tracing::warn!(
                before,
                now,
                "the key file is not the one that this database was used with; what was sealed before cannot be read"
            );
        }
        settings::write(tx, KEY_ID, &json!(self.key_id))
    }
}

fn key_id(tx: &mut dyn Query) -> Result<Option<String>> {
    Ok(settings::read(tx, KEY_ID)?.and_then(|value| value.as_str().map(str::to_owned)))
}

/// Makes the key, unless another process did so in between; answers what stands in the file.
fn make(path: &Path) -> std::io::Result<String> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.lock()?;
    let found = read(&file)?;
    if !found.is_empty() {
        return Ok(found);
    }
    let mut key = [0_u8; KEY_BYTES];
    getrandom::fill(&mut key)?;
    let text = hex(&key);
    file.write_all(format!("{text}\n").as_bytes())?;
    file.sync_all()?;
    Ok(text)
}

fn read(mut file: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(text)
}

fn decode(text: &str) -> Option<[u8; KEY_BYTES]> {
    unhex(text)?.try_into().ok()
}

fn naming(path: &Path, error: &std::io::Error) -> EngineError {
    std::io::Error::new(error.kind(), format!("{}: {error}", path.display())).into()
}

/// HMAC-SHA256 as RFC 2104 has it.
pub fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; BLOCK];
    let short: Vec<u8> = if key.len() > BLOCK { Sha256::digest(key).to_vec() } else { key.to_vec() };
    for (place, byte) in block.iter_mut().zip(short) {
        *place = byte;
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

fn cryptography(error: impl std::fmt::Display) -> EngineError {
    std::io::Error::other(format!("encryption failed: {error}")).into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn vault(byte: u8) -> Vault {
        Vault::new(&[byte; KEY_BYTES]).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only() {
        let vault = vault(1);
        let sealed = vault.seal_text("totp/5", "JBSWY3DPEHPK3PXP").unwrap();
        assert!(!sealed.contains("JBSWY3DP"));
        assert_eq!(vault.open_text("totp/5", &sealed).unwrap(), "JBSWY3DPEHPK3PXP");
        assert!(matches!(vault.open("totp/6", &sealed), Err(EngineError::Stored(_))));
        assert_ne!(vault.seal_text("totp/5", "JBSWY3DPEHPK3PXP").unwrap(), sealed);
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let vault = vault(1);
        let sealed = vault.seal("mail/1", b"secret").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            *changed.get_mut(at).unwrap() ^= 1;
            assert!(vault.open("mail/1", &String::from_utf8(changed).unwrap()).is_err(), "{at}");
        }
        for text in ["", "v1", "v1..", "v1.ab", "v2.00000000.AAAA", "plain text", &format!("{sealed}.x")] {
            assert!(vault.open("mail/1", text).is_err(), "{text}");
        }
        assert_eq!(vault.open("mail/1", &vault.seal("mail/1", b"").unwrap()).unwrap(), b"");
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

    #[test]
    fn a_mark_is_known_again_under_the_same_key_only() {
        assert_eq!(vault(1).mark(b"a"), vault(1).mark(b"a"));
        assert_ne!(vault(1).mark(b"a"), vault(1).mark(b"b"));
        assert_ne!(vault(1).mark(b"a"), vault(2).mark(b"a"));
    }

    #[test]
    fn another_key_says_so() {
        let sealed = vault(1).seal("mail/1", b"secret").unwrap();
        assert!(matches!(vault(2).open("mail/1", &sealed), Err(EngineError::State("secret_key_changed"))));
        assert!(!format!("{:?}", vault(1)).contains("0101"));
    }

    #[test]
    fn a_key_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let vaults: Vec<Vault> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| Vault::at(&path).unwrap())).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        let sealed = vaults.first().unwrap().seal("x", b"secret").unwrap();
        assert!(vaults.iter().all(|vault| vault.open("x", &sealed).unwrap() == b"secret"));
        assert_eq!(Vault::at(&path).unwrap().open("x", &sealed).unwrap(), b"secret");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_no_key_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        for text in ["abc", &"x".repeat(64), &"0".repeat(63), &"0".repeat(66)] {
            std::fs::write(&path, text).unwrap();
            assert!(Vault::at(&path).unwrap_err().to_string().contains("secret.key"), "{text}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), *text);
        }
        std::fs::write(&path, format!("{}\n", "0F".repeat(32))).unwrap();
        assert!(Vault::at(&path).is_ok());
    }
}
