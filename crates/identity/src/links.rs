//! Links that open a door once: to accept an invitation, to choose a new password.
//!
//! What must stay true: of a token only a hash is stored; it belongs to one user and one purpose, works once, and not after its time; a newer
//! link makes the older one void; addresses are made of the public address of the installation and never of what a request says about itself.

use database::{Query, Tx};

use crate::error::{IdentityError, Result};
use crate::secret::Secret;
use crate::url_template::origin;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Invitation,
    PasswordReset,
}

impl Purpose {
    /// The stored name, and that of the letter.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Purpose::Invitation => "invitation",
            Purpose::PasswordReset => "password_reset",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Purpose::Invitation => "/invitation",
            Purpose::PasswordReset => "/new-password",
        }
    }

    /// The page of the link below the public address. The token stands behind `#`, so that no server and no proxy writes it into a log.
    pub(crate) fn page(self, token: &Secret) -> String {
        format!("{}#{}", self.path(), token.expose())
    }
}

/// A new link of a user; earlier ones of the same purpose are void.
pub(crate) fn create(
    tx: &mut Tx,
    user_id: i64,
    purpose: Purpose,
    token: &Secret,
    now_ms: i64,
    expires_at: i64,
) -> Result<()> {
    tx.execute("DELETE FROM user_links WHERE user_id = ? AND purpose = ?", &[user_id.into(), purpose.key().into()])?;
    tx.execute(
        "INSERT INTO user_links (token_hash, user_id, purpose, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        &[token.token_hash().into(), user_id.into(), purpose.key().into(), now_ms.into(), expires_at.into()],
    )?;
    Ok(())
}

/// The user of a link that is good.
///
/// # Errors
/// `WrongLink`; those of the database.
pub(crate) fn find(tx: &mut dyn Query, purpose: Purpose, token: &Secret, now_ms: i64) -> Result<i64> {
    const SQL: &str =
        "SELECT user_id FROM user_links WHERE token_hash = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?";
    let row = tx.query_optional(SQL, &[token.token_hash().into(), purpose.key().into(), now_ms.into()])?;
    Ok(row.ok_or(IdentityError::WrongLink)?.integer(0)?)
}

/// Uses a link up. Of two requests with one link, the second waits here for the first and then finds it used.
///
/// # Errors
/// As [`find`].
pub(crate) fn consume(tx: &mut Tx, purpose: Purpose, token: &Secret, now_ms: i64) -> Result<i64> {
    let user_id = find(tx, purpose, token, now_ms)?;
    const SQL: &str = "UPDATE user_links SET used_at = ? WHERE token_hash = ? AND used_at IS NULL";
    match tx.execute(SQL, &[now_ms.into(), token.token_hash().into()])? {
        1 => Ok(user_id),
        _ => Err(IdentityError::WrongLink),
    }
}

/// Makes the links of a user of a purpose void; answers whether one was good.
///
/// # Errors
/// Those of the database.
pub(crate) fn revoke(tx: &mut Tx, user_id: i64, purpose: Purpose, now_ms: i64) -> Result<bool> {
    const SQL: &str =
        "UPDATE user_links SET expires_at = ? WHERE user_id = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?";
    Ok(tx.execute(SQL, &[now_ms.into(), user_id.into(), purpose.key().into(), now_ms.into()])? > 0)
}

/// The public address of an installation as it is stored: scheme, host and port; `None` for anything else.
pub fn public_address(text: &str) -> Option<String> {
    let bare = text.trim().trim_end_matches('/');
    (origin(bare)? == bare).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(public_address(text).as_deref(), expect, "{text}");
        check("https://crm.example.org", Some("https://crm.example.org"));
        check(" https://crm.example.org:8443/ ", Some("https://crm.example.org:8443"));
        check("http://localhost:8080", Some("http://localhost:8080"));
        for wrong in
            ["", "crm.example.org", "https://crm.example.org/x", "https://a@crm.example.org", "javascript:alert(1)"]
        {
            check(wrong, None);
        }
    }
}
