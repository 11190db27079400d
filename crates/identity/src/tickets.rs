//! Tickets: what is between two steps of a sign-in or of a set-up, for ten minutes (ASVS 6.5.5).
//!
//! What must stay true: a ticket is no session and opens nothing but its next step; only its hash is stored; it works once; a new password, a
//! deactivation and an end of all sessions take the tickets of a user with them.

use database::{Query, Tx};
use record_engine::EngineError;
use serde_json::Value as Json;

use crate::error::{IdentityError, Result};
use crate::secret::Secret;

/// How long a ticket works.
pub(crate) const LIFETIME_MS: i64 = 10 * 60 * 1_000;

/// What a ticket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The password was right, the second step is missing.
    SecondStep,
    /// A key of one-time codes that is not confirmed yet.
    CodeSetup,
    /// A challenge that a passkey is to answer.
    Passkey,
    /// The password was given again, the second step is missing.
    Confirmation,
    /// A login at an identity provider that is to come back.
    Provider,
}

impl Purpose {
    fn key(self) -> &'static str {
        match self {
            Purpose::SecondStep => "second_step",
            Purpose::CodeSetup => "code_setup",
            Purpose::Passkey => "passkey",
            Purpose::Confirmation => "confirmation",
            Purpose::Provider => "provider",
        }
    }
}

/// A ticket as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    /// Whose it is; `None` while nobody is known yet.
    pub user_id: Option<i64>,
    /// What the next step needs.
    pub data: Json,
}

impl Ticket {
    /// The user of a ticket that has one.
    pub(crate) fn owner(&self) -> Result<i64> {
        self.user_id.ok_or(IdentityError::SignInExpired)
    }
}

/// Stores a ticket. `token` is made outside, because a transaction may run twice.
pub(crate) fn issue(tx: &mut Tx, purpose: Purpose, token: &Secret, ticket: &Ticket, now_ms: i64) -> Result<i64> {
    tx.execute("DELETE FROM sign_in_tickets WHERE expires_at <= ?", &[now_ms.into()])?;
    let expires_at = now_ms + LIFETIME_MS;
    tx.execute(
        "INSERT INTO sign_in_tickets (ticket_hash, purpose, user_id, data, expires_at) VALUES (?, ?, ?, ?, ?)",
        &[
            token.token_hash().into(),
            purpose.key().into(),
            ticket.user_id.into(),
            ticket.data.to_string().into(),
            expires_at.into(),
        ],
    )?;
    Ok(expires_at)
}

/// The ticket of a token.
///
/// # Errors
/// `SignInExpired` when there is none; those of the database.
pub(crate) fn find(tx: &mut dyn Query, purpose: Purpose, token: &Secret, now_ms: i64) -> Result<Ticket> {
    const SQL: &str =
        "SELECT user_id, data FROM sign_in_tickets WHERE ticket_hash = ? AND purpose = ? AND expires_at > ?";
    let params = [token.token_hash().into(), purpose.key().into(), now_ms.into()];
    let row = tx.query_optional(SQL, &params)?.ok_or(IdentityError::SignInExpired)?;
    let data = serde_json::from_str(row.text_str(1)?).map_err(|_| EngineError::Stored("a ticket".into()))?;
    Ok(Ticket { user_id: row.optional_integer(0)?, data })
}

/// Stores other data with a ticket.
pub(crate) fn note(tx: &mut Tx, token: &Secret, data: &Json) -> Result<()> {
    let sql = "UPDATE sign_in_tickets SET data = ? WHERE ticket_hash = ?";
    tx.execute(sql, &[data.to_string().into(), token.token_hash().into()])?;
    Ok(())
}

/// Takes the ticket of a token: of two who bring it at once, one gets it.
///
/// # Errors
/// `SignInExpired` when there is none; those of the database.
pub(crate) fn take(tx: &mut Tx, purpose: Purpose, token: &Secret, now_ms: i64) -> Result<Ticket> {
    let ticket = find(tx, purpose, token, now_ms)?;
    let taken = tx.execute("DELETE FROM sign_in_tickets WHERE ticket_hash = ?", &[token.token_hash().into()])?;
    if taken == 1 { Ok(ticket) } else { Err(IdentityError::SignInExpired) }
}

/// Takes all tickets of a user back.
pub(crate) fn revoke_all(tx: &mut Tx, user_id: i64) -> Result<(), EngineError> {
    tx.execute("DELETE FROM sign_in_tickets WHERE user_id = ?", &[user_id.into()])?;
    Ok(())
}
