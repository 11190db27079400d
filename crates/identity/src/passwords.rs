//! Which passwords are allowed, and how they are hashed and compared: Argon2id with 19 MiB, two passes and one lane (OWASP, RFC 9106).
//!
//! What must stay true: at most [`MAX_HASHING`] passwords are hashed at once in the process, however many ask, so a flood of logins takes neither
//! the memory nor all processors. There are no rules about kinds of characters: they make passwords worse (ASVS 6.2.5).

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use record_engine::FieldError;
use unicode_normalization::UnicodeNormalization;

use crate::common_passwords::is_common;
use crate::error::{IdentityError, Result};
use crate::secret::Secret;

/// Shortest password, in characters.
pub const MIN_PASSWORD_LENGTH: usize = 8;
/// Longest password, in characters.
pub const MAX_PASSWORD_LENGTH: usize = 128;

/// Memory of one hash, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Passwords hashed at the same time in this process.
const MAX_HASHING: usize = 2;
/// Passwords that wait for their turn; about two seconds of work.
const MAX_WAITING: usize = 64;

/// The turns of all who hash. One for the process, because it guards the memory of the process.
static TURNS: Turns = Turns { queue: Mutex::new(Queue { hashing: 0, waiting: 0 }), freed: Condvar::new() };

struct Turns {
    queue: Mutex<Queue>,
    freed: Condvar,
}

struct Queue {
    hashing: usize,
    waiting: usize,
}

/// The right to hash, until it is dropped.
pub(crate) struct Turn {
    turns: &'static Turns,
}

impl Turn {
    /// Waits for a turn.
    ///
    /// # Errors
    /// `Overloaded` when too many wait already.
    pub(crate) fn take() -> Result<Turn> {
        Turn::take_of(&TURNS)
    }

    fn take_of(turns: &'static Turns) -> Result<Turn> {
        let mut queue = turns.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.hashing >= MAX_HASHING {
            if queue.waiting >= MAX_WAITING {
                return Err(IdentityError::Overloaded);
            }
            queue.waiting += 1;
            let is_full = |queue: &mut Queue| queue.hashing >= MAX_HASHING;
            queue = turns.freed.wait_while(queue, is_full).unwrap_or_else(PoisonError::into_inner);
            queue.waiting -= 1;
        }
        queue.hashing += 1;
        Ok(Turn { turns })
    }

    /// Hashes a password with a salt of its own.
    pub(crate) fn hash(&self, password: &Secret) -> Result<PasswordHash> {
        let hash: phc::PasswordHash = argon2()?.hash_password(canonical(password).as_bytes()).map_err(cryptography)?;
        Ok(PasswordHash(hash.to_string()))
    }

    /// Whether the password belongs to the hash. Without a hash it takes as long and answers no.
    pub(crate) fn verify(&self, password: &Secret, hash: Option<&PasswordHash>) -> Result<bool> {
        if password.expose().chars().count() > MAX_PASSWORD_LENGTH {
            // Too long to have been accepted; that depends on the input alone and tells nothing about the user.
            return Ok(false);
        }
        let Some(PasswordHash(stored)) = hash else {
            self.hash(password)?;
            return Ok(false);
        };
        match argon2()?.verify_password(canonical(password).as_bytes(), stored.as_str()) {
            Ok(()) => Ok(true),
            Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(cryptography(error)),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.queue.lock().unwrap_or_else(PoisonError::into_inner).hashing -= 1;
        self.turns.freed.notify_one();
    }
}

/// What is stored of a password: the PHC text with its parameters and salt. Its `Debug` text says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Hashes a password, which takes tens of milliseconds; never call it inside a transaction.
    ///
    /// # Errors
    /// `Overloaded`, `Cryptography`.
    pub fn new(password: &Secret) -> Result<PasswordHash> {
        Turn::take()?.hash(password)
    }

    pub(crate) fn stored(text: String) -> PasswordHash {
        PasswordHash(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PasswordHash(…)")
    }
}

/// What is wrong with a new password, at the field that holds it. `login` is the login of its owner.
pub(crate) fn check_password(field: &str, password: &Secret, login: &str) -> Option<FieldError> {
    let length = password.expose().chars().count();
    if length < MIN_PASSWORD_LENGTH {
        return Some(FieldError::new(field, "password_too_short").with("min", MIN_PASSWORD_LENGTH));
    }
    if length > MAX_PASSWORD_LENGTH {
        return Some(FieldError::new(field, "password_too_long").with("max", MAX_PASSWORD_LENGTH));
    }
    let is_login = password.expose().to_lowercase() == login.trim().to_lowercase();
    (is_login || is_common(password.expose())).then(|| FieldError::new(field, "password_too_common"))
}

/// Keyboards write й and ї in one or in two code points; both must open the same door.
fn canonical(password: &Secret) -> String {
    password.expose().nfc().collect()
}

fn argon2() -> Result<Argon2<'static>> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| IdentityError::Cryptography(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn cryptography(error: argon2::password_hash::Error) -> IdentityError {
    IdentityError::Cryptography(error.to_string())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn policy() {
        let check = |password: &str, code: Option<&str>| {
            let error = check_password("password", &Secret::new(password), "Olena.Kovalchuk");
            assert_eq!(error.map(|error| error.code).as_deref(), code, "{password}");
        };
        check("короткі", Some("password_too_short"));
        check("зелений чай уранці", None);
        check("ясний день", None);
        check(&"ж".repeat(129), Some("password_too_long"));
        check(&"жи".repeat(64), None);
        check("olena.kovalchuk", Some("password_too_common"));
        check("Password1", Some("password_too_common"));
        check("йцукенгш", Some("password_too_common"));
        check("11111111", Some("password_too_common"));
    }

    #[test]
    fn a_hash_fits_its_password_only() {
        let turn = Turn::take().unwrap();
        let hash = turn.hash(&Secret::new("зелений чай уранці")).unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(turn.verify(&Secret::new("зелений чай уранці"), Some(&hash)).unwrap());
        // The same letters, decomposed.
        assert!(turn.verify(&Secret::new("зелении\u{306} чаи\u{306} уранці"), Some(&hash)).unwrap());
        assert!(!turn.verify(&Secret::new("Зелений чай уранці"), Some(&hash)).unwrap());
        assert!(!turn.verify(&Secret::new("зелений чай уранці"), None).unwrap());
        assert_ne!(turn.hash(&Secret::new("зелений чай уранці")).unwrap(), hash);
        assert!(!format!("{hash:?}").contains("argon2"));
    }

    #[test]
    fn turns_are_limited_and_come_back() {
        static OWN: Turns = Turns { queue: Mutex::new(Queue { hashing: 0, waiting: 0 }), freed: Condvar::new() };
        let first = Turn::take_of(&OWN).unwrap();
        let second = Turn::take_of(&OWN).unwrap();
        let waiting = std::thread::spawn(|| drop(Turn::take_of(&OWN).unwrap()));
        drop(first);
        waiting.join().unwrap();
        OWN.queue.lock().unwrap().waiting = MAX_WAITING;
        let third = Turn::take_of(&OWN).unwrap();
        assert!(matches!(Turn::take_of(&OWN), Err(IdentityError::Overloaded)));
        drop((second, third));
        assert!(Turn::take_of(&OWN).is_ok());
    }
}
