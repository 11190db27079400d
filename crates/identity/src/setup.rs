//! The first start: one link makes the first administrator, and then the door is gone.
//!
//! What must stay true: there is no default user and no default password; the link is used once, by whoever reads the program's output.

use database::{Query, Tx};
use record_engine::audit::{Event, Kind, record};
use record_engine::settings::{self, Installation, currency_of};
use record_engine::{Engine, RequestContext, Role, Source, outbox};
use serde::Deserialize;
use serde_json::json;

use crate::audit::stranger;
use crate::error::{IdentityError, Result};
use crate::installation;
use crate::object_type::time_zone_of;
use crate::passwords::PasswordHash;
use crate::roles::{built_in_role, name_roles};
use crate::secret::Secret;
use crate::sessions::{Client, NewSession, open_session};
use crate::users::{NewUser, check_new_user, insert_user};

/// How long a set-up link works.
const TOKEN_LIFETIME_MS: i64 = 24 * 60 * 60 * 1_000;

/// What the set-up page sends.
#[derive(Clone, Debug, Deserialize)]
pub struct SetupRequest {
    /// From the set-up link.
    pub token: Secret,
    /// Name of the company.
    pub company_name: String,
    /// ISO 3166-1 alpha-2; decides currency, time zone and how phone numbers are read.
    pub country: String,
    /// Language of the installation and of the administrator: `ru`, `uk` or `en`.
    pub language: String,
    /// Name of the administrator.
    pub name: String,
    /// His login.
    pub login: String,
    /// His password.
    pub password: Secret,
}

/// Whether the first administrator exists.
///
/// # Errors
/// Those of the database.
pub fn is_set_up(tx: &mut dyn Query) -> Result<bool> {
    Ok(!tx.query("SELECT user_id FROM user_credentials LIMIT 1", &[])?.is_empty())
}

/// A new token for the set-up link, good for 24 hours; earlier ones are void. `None` once the installation is set up.
///
/// # Errors
/// `Cryptography`; those of the database.
pub fn create_setup_token(engine: &Engine) -> Result<Option<Secret>> {
    let token = Secret::random_token()?;
    let expires_at = engine.clock().now_ms() + TOKEN_LIFETIME_MS;
    engine.database().write(|tx| {
        tx.execute("DELETE FROM setup_tokens", &[])?;
        if is_set_up(tx)? {
            return Ok(None);
        }
        tx.execute(
            "INSERT INTO setup_tokens (token_hash, expires_at) VALUES (?, ?)",
            &[token.token_hash().into(), expires_at.into()],
        )?;
        Ok(Some(token.clone()))
    })
}

/// Makes the first administrator, stores the settings of the installation, logs him in.
///
/// # Errors
/// `SetupClosed`, `WrongSetupToken`; `Invalid` with pointers into the request; those of hashing and of the database.
pub fn complete_setup(engine: &Engine, request: &SetupRequest, client: &Client) -> Result<NewSession> {
    let now = engine.clock().now_ms();
    // Whoever has no token learns nothing, and costs no hashing.
    engine.database().read(|tx| check_token(tx, &request.token, now))?;
    let user = NewUser {
        name: request.name.clone(),
        login: request.login.clone(),
        email: None,
        password: request.password.clone(),
        roles: vec![engine.database().read(|tx| built_in_role(tx, Role::Administrator))?],
        language: Some(request.language.clone()),
        time_zone: Some(time_zone_of(&request.country).to_owned()),
        employment: crate::employment::Employment::default(),
    };
    let installation = Installation {
        company_name: request.company_name.trim().to_owned(),
        country: request.country.clone(),
        currency: currency_of(&request.country).to_owned(),
        language: request.language.clone(),
        currencies: engine.snapshot().installation.currencies.clone(),
        ..Installation::default()
    };
    let mut errors = installation::check(&installation);
    errors.extend(check_new_user(&user));
    if !errors.is_empty() {
        return Err(IdentityError::invalid(errors));
    }
    let hash = PasswordHash::new(&request.password)?;
    let token = Secret::random_token()?;
    let context = RequestContext { source: Source::Web, language: request.language.clone(), ..stranger(client, now) };
    let snapshot = engine.snapshot();
    let session = engine.write(|tx| {
        check_token(tx, &request.token, now)?;
        use_token(tx, &request.token, now)?;
        settings::write_installation(tx, &installation)?;
        name_roles(tx, &snapshot, &context, &request.language)?;
        let created = insert_user(tx, &snapshot, &context, &user, &hash)?;
        // Other processes on this database read the settings again.
        outbox::emit(tx, &context, None, "catalog", &json!({ "version": snapshot.catalog.version }))?;
        record(tx, &context, Event::new(Kind::SetUp).by(created.id));
        open_session(tx, created.id, &token, client, now)
    })?;
    engine.reload().map_err(IdentityError::Engine)?;
    Ok(session)
}

fn check_token(tx: &mut dyn Query, token: &Secret, now_ms: i64) -> Result<()> {
    if is_set_up(tx)? {
        return Err(IdentityError::SetupClosed);
    }
    const SQL: &str = "SELECT expires_at FROM setup_tokens WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?";
    match tx.query_optional(SQL, &[token.token_hash().into(), now_ms.into()])? {
        Some(_) => Ok(()),
        None => Err(IdentityError::WrongSetupToken),
    }
}

/// Of two requests with one token, the second waits here for the first and then finds it used.
fn use_token(tx: &mut Tx, token: &Secret, now_ms: i64) -> Result<()> {
    const SQL: &str = "UPDATE setup_tokens SET used_at = ? WHERE token_hash = ? AND used_at IS NULL";
    match tx.execute(SQL, &[now_ms.into(), token.token_hash().into()])? {
        1 => Ok(()),
        _ => Err(IdentityError::SetupClosed),
    }
}
