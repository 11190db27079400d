//! Recovery codes: ten passwords for one use each, for who has lost his phone.
//!
//! What must stay true: only hashes are stored. A code has 120 random bits, so a plain hash does (ASVS 6.5.2).

use database::{Query, Tx};
use record_engine::EngineError;

use crate::error::{IdentityError, Result};
use crate::secret::{Secret, hash, random_text};

/// Codes that are made at once.
const COUNT: usize = 10;
/// Characters of a code, five bits each.
const LENGTH: usize = 24;
/// Characters between two dashes.
const GROUP: usize = 6;

/// New codes. They are stored by [`replace`].
pub(crate) fn make() -> Result<Vec<Secret>> {
    (0..COUNT).map(|_| random_text(LENGTH, GROUP)).collect()
}

/// Stores codes instead of all earlier ones.
pub(crate) fn replace(tx: &mut Tx, user_id: i64, codes: &[Secret]) -> Result<()> {
    forget(tx, user_id)?;
    let rows: Vec<_> = codes.iter().map(|code| vec![hash_of(user_id, code.expose()).into(), user_id.into()]).collect();
    tx.insert_many("recovery_codes", &["code_hash", "user_id"], &rows)?;
    Ok(())
}

/// Uses a code up; false when there is no such code any more.
pub(crate) fn use_up(tx: &mut Tx, user_id: i64, typed: &str) -> Result<bool> {
    let sql = "DELETE FROM recovery_codes WHERE code_hash = ? AND user_id = ?";
    Ok(tx.execute(sql, &[hash_of(user_id, typed).into(), user_id.into()])? == 1)
}

/// How many are left.
pub(crate) fn count(tx: &mut dyn Query, user_id: i64) -> Result<i64, IdentityError> {
    Ok(tx.query_one("SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?", &[user_id.into()])?.integer(0)?)
}

/// Removes all codes.
pub(crate) fn forget(tx: &mut Tx, user_id: i64) -> Result<(), EngineError> {
    tx.execute("DELETE FROM recovery_codes WHERE user_id = ?", &[user_id.into()])?;
    Ok(())
}

/// People type it: with or without dashes and blanks, in capitals if the keyboard wants.
fn hash_of(user_id: i64, typed: &str) -> String {
    let plain: String = typed.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    hash(&["recovery_code", &user_id.to_string(), &plain])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn codes_are_long_and_forgive_how_they_are_typed() {
        let codes = make().unwrap();
        assert_eq!(codes.len(), COUNT);
        let code = codes[0].expose();
        assert_eq!(code.len(), LENGTH + 3);
        assert_ne!(code, codes[1].expose());
        assert_eq!(hash_of(1, code), hash_of(1, &format!(" {} ", code.replace('-', " ").to_uppercase())));
        assert_ne!(hash_of(1, code), hash_of(2, code));
    }
}
