//! A new password by mail, for who forgot his.
//!
//! What must stay true: asking answers the same and as fast whether there is such a user or not, because the work is done after the answer;
//! the link is good for thirty minutes and once; the new password ends all sessions and opens none, so a second factor is asked as ever.
//!
//! An address that several users share gets one letter for each of them, which names the login.

use std::net::IpAddr;

use database::Query;
use mail::letters;
use mail::outbox::{self, Letter};
use record_engine::Engine;
use record_engine::audit::{Event, Kind, record};

use crate::audit::stranger;
use crate::error::{IdentityError, Result};
use crate::links::{self, Purpose};
use crate::login::login_key;
use crate::passwords::{PasswordHash, check_password};
use crate::secret::Secret;
use crate::sessions::Client;
use crate::throttle::{self, Subject, network_of};
use crate::users::{store_password, tell_owner};

/// How long a link is good.
const RESET_MINUTES: i64 = 30;
const MINUTE_MS: i64 = 60_000;
/// Most users of one address who get a letter.
const MAX_USERS: usize = 10;

struct Forgetful {
    user_id: i64,
    name: String,
    login: String,
    email: String,
    language: String,
}

/// Counts a request of a network. The only refusal there is, and it says nothing about users.
///
/// # Errors
/// `Throttled`; those of the database.
pub fn admit_reset(engine: &Engine, address: IpAddr) -> Result<()> {
    let subjects = [Subject::reset_network(&network_of(address))];
    let now = engine.clock().now_ms();
    engine.database().write(|tx| throttle::reserve(tx, &subjects, now))
}

/// Sends links to whoever has this login or e-mail address; says nothing about it. Without mail or a public address it does nothing.
///
/// # Errors
/// Those of the database and of the system.
pub fn request_reset(engine: &Engine, login_or_email: &str, public_url: Option<&str>, client: &Client) -> Result<()> {
    let Some(public_url) = public_url else { return Ok(()) };
    let now = engine.clock().now_ms();
    let found = engine.database().read(|tx| find(tx, login_or_email))?;
    for user in found {
        let token = Secret::random_token()?;
        let sent = engine.write(|tx| {
            throttle::reserve(tx, &[Subject::reset(user.user_id)], now)?;
            let expires_at = now + RESET_MINUTES * MINUTE_MS;
            let content = letters::password_reset(
                &user.language,
                &letters::PasswordReset {
                    company: &engine.snapshot().installation.company_name,
                    name: &user.name,
                    login: &user.login,
                    url: &format!("{public_url}{}", Purpose::PasswordReset.page(&token)),
                    minutes: RESET_MINUTES,
                },
            );
            let letter = Letter {
                kind: Purpose::PasswordReset.key(),
                user_id: Some(user.user_id),
                receiver: &user.email,
                receiver_name: &user.name,
                content: &content,
                expires_at,
            };
            outbox::withdraw(tx, user.user_id, Purpose::PasswordReset.key())?;
            if outbox::post(tx, engine, now, &letter)?.is_some() {
                links::create(tx, user.user_id, Purpose::PasswordReset, &token, now, expires_at)?;
                let event = Event::new(Kind::PasswordResetRequested).on("user", user.user_id);
                record(tx, &stranger(client, now), event);
            }
            Ok::<(), IdentityError>(())
        });
        match sent {
            // He has asked often enough; the last letter is still on its way.
            Ok(()) | Err(IdentityError::Throttled { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Active users with a password and an address; whether the typed text is a login or an address one cannot tell.
fn find(tx: &mut dyn Query, typed: &str) -> Result<Vec<Forgetful>> {
    let sql = format!(
        "SELECT u.id, u.name, u.login, u.email, u.language FROM \"user\" u JOIN user_credentials c ON c.user_id = u.id \
         WHERE (c.login_key = ? OR u.email = ?) AND u.is_active = 1 AND u.deleted_at IS NULL AND u.email IS NOT NULL \
         ORDER BY u.id LIMIT {MAX_USERS}"
    );
    let rows = tx.query(&sql, &[login_key(typed).into(), typed.trim().to_lowercase().into()])?;
    let forgetful = |row: &database::Row| {
        Ok(Forgetful {
            user_id: row.integer(0)?,
            name: row.text(1)?,
            login: row.optional_text(2)?.unwrap_or_default(),
            email: row.text(3)?,
            language: row.text(4)?,
        })
    };
    rows.iter().map(forgetful).collect()
}

/// The login behind a link to a new password.
///
/// # Errors
/// `WrongLink`; those of the database.
pub fn look_at_reset(engine: &Engine, token: &Secret) -> Result<String> {
    let now = engine.clock().now_ms();
    engine.database().read(|tx| Ok(owner(tx, token, now)?.1))
}

fn owner(tx: &mut dyn Query, token: &Secret, now_ms: i64) -> Result<(i64, String)> {
    let user_id = links::find(tx, Purpose::PasswordReset, token, now_ms)?;
    const SQL: &str = "SELECT u.login FROM \"user\" u JOIN user_credentials c ON c.user_id = u.id \
        WHERE u.id = ? AND u.is_active = 1 AND u.deleted_at IS NULL";
    let row = tx.query_optional(SQL, &[user_id.into()])?.ok_or(IdentityError::WrongLink)?;
    Ok((user_id, row.optional_text(0)?.unwrap_or_default()))
}

/// Sets the new password and ends all sessions; opens none.
///
/// # Errors
/// `WrongLink`; `Invalid` at `/new_password`; those of hashing and of the database.
pub fn complete_reset(engine: &Engine, token: &Secret, new: &Secret, client: &Client) -> Result<()> {
    let now = engine.clock().now_ms();
    let (_, login) = engine.database().read(|tx| owner(tx, token, now))?;
    if let Some(error) = check_password("new_password", new, &login) {
        return Err(IdentityError::invalid(vec![error]));
    }
    let hash = PasswordHash::new(new)?;
    let context = stranger(client, now);
    engine.write(|tx| {
        let (user_id, login) = owner(tx, token, now)?;
        links::consume(tx, Purpose::PasswordReset, token, now)?;
        // Who proved that the address is his need not wait for those who guessed.
        throttle::forgive(tx, &[Subject::login(&login_key(&login)), Subject::current_password(user_id)])?;
        record(tx, &context, Event::new(Kind::PasswordReset).by(user_id).on("user", user_id));
        store_password(tx, &context, user_id, &hash, None)?;
        tell_owner(tx, engine, user_id, now)
    })
}
