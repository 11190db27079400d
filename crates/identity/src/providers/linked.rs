//! The accounts of providers that are tied to a user.

use database::{Query, Tx};
use record_engine::audit::{Event, Kind, record};
use record_engine::{Engine, EngineError, RequestContext};

use super::are_passwords_closed;
use crate::error::Result;
use crate::secret::Secret;
use crate::sessions::{NewSession, Session, end_all_sessions, renew, require_confirmed};

/// An account of a provider that is tied to a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedIdentity {
    /// Its id.
    pub id: i64,
    /// The provider, while one of its issuer is open.
    pub provider_id: Option<i64>,
    /// Its name; the issuer, when there is none any more.
    pub provider: String,
    /// Whether that is a directory.
    pub is_directory: bool,
    /// The address that the account had when it was tied.
    pub email: Option<String>,
    /// When it was tied, milliseconds UTC.
    pub created_at: i64,
    /// When it last opened a session, milliseconds UTC.
    pub last_used_at: Option<i64>,
}

/// The accounts tied to a user, the newest first.
///
/// # Errors
/// Those of the database.
pub fn list_identities(engine: &Engine, user_id: i64) -> Result<Vec<LinkedIdentity>> {
    const SQL: &str = "SELECT i.id, p.id, COALESCE(p.name, i.issuer), i.email, i.created_at, i.last_used_at, \
        CASE WHEN p.directory IS NULL THEN 0 ELSE 1 END \
        FROM user_identities i LEFT JOIN identity_providers p ON p.issuer = i.issuer AND p.is_active = 1 \
        WHERE i.user_id = ? ORDER BY i.id DESC";
    let rows = engine.database().read(|tx| tx.query(SQL, &[user_id.into()]))?;
    let identity = |row: &database::Row| {
        Ok(LinkedIdentity {
            id: row.integer(0)?,
            provider_id: row.optional_integer(1)?,
            provider: row.text(2)?,
            is_directory: row.integer(6)? == 1,
            email: row.optional_text(3)?,
            created_at: row.integer(4)?,
            last_used_at: row.optional_integer(5)?,
        })
    };
    rows.iter().map(identity).collect()
}

/// An account as it is to be tied.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewIdentity<'n> {
    pub user_id: i64,
    pub issuer: &'n str,
    pub subject: &'n str,
    pub email: Option<&'n str>,
}

/// Ties an account to a user. That it is tied to nobody the index holds.
pub(super) fn link(tx: &mut Tx, context: &RequestContext, new: NewIdentity<'_>) -> Result<()> {
    let id = tx.allocate_ids("user_identities", 1)?.into_iter().next();
    tx.insert_many(
        "user_identities",
        &["id", "user_id", "issuer", "subject", "email", "created_at"],
        &[vec![
            id.into(),
            new.user_id.into(),
            new.issuer.into(),
            new.subject.into(),
            new.email.map(str::to_owned).into(),
            context.now_ms.into(),
        ]],
    )?;
    record(
        tx,
        context,
        Event::new(Kind::IdentityLinked).by(new.user_id).on("user", new.user_id).with("issuer", new.issuer),
    );
    Ok(())
}

/// Whose account it is.
pub(super) fn owner(tx: &mut dyn Query, issuer: &str, subject: &str) -> Result<Option<i64>> {
    const SQL: &str = "SELECT user_id FROM user_identities WHERE issuer = ? AND subject = ?";
    let row = tx.query_optional(SQL, &[issuer.into(), subject.into()])?;
    Ok(row.map(|row| row.integer(0)).transpose()?)
}

/// Whether any account is tied to a user.
pub(super) fn has_any(tx: &mut dyn Query, user_id: i64) -> Result<bool> {
    Ok(tx.query_optional("SELECT id FROM user_identities WHERE user_id = ? LIMIT 1", &[user_id.into()])?.is_some())
}

/// Unties an own account; the other sessions end, and the session goes on under another token.
///
/// # Errors
/// `ConfirmationRequired`, `NotFound`; `State("last_way_in")` when nothing else is left to log in with; those of the database.
pub fn unlink_identity(engine: &Engine, session: &Session, context: &RequestContext, id: i64) -> Result<NewSession> {
    require_confirmed(session, engine.clock().now_ms())?;
    let (user_id, token) = (session.user_id, Secret::random_token()?);
    let snapshot = engine.snapshot();
    engine.write(|tx| {
        const SQL: &str = "SELECT issuer FROM user_identities WHERE id = ? AND user_id = ?";
        let row = tx.query_optional(SQL, &[id.into(), user_id.into()])?.ok_or(EngineError::NotFound)?;
        tx.execute("DELETE FROM user_identities WHERE id = ?", &[id.into()])?;
        let is_closed = !session.access.is_administrator() && are_passwords_closed(tx, &snapshot)?;
        if !has_any(tx, user_id)? && (is_closed || !has_own_way_in(tx, user_id)?) {
            return Err(EngineError::State("last_way_in").into());
        }
        let event = Event::new(Kind::IdentityUnlinked).on("user", user_id);
        record(tx, context, event.with("issuer", row.text(0)?));
        end_all_sessions(tx, context, user_id, Some(session.id))?;
        renew(tx, session, &token)
    })
}

/// Whether he can log in without a provider: by a passkey, or a password that he knows.
fn has_own_way_in(tx: &mut dyn Query, user_id: i64) -> Result<bool> {
    const PASSWORD: &str = "SELECT user_id FROM user_credentials WHERE user_id = ? AND is_unknown = 0";
    const PASSKEY: &str = "SELECT id FROM passkeys WHERE user_id = ? LIMIT 1";
    let has_password = tx.query_optional(PASSWORD, &[user_id.into()])?.is_some();
    Ok(has_password || tx.query_optional(PASSKEY, &[user_id.into()])?.is_some())
}
