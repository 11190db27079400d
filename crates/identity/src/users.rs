//! Making users and changing passwords.
//!
//! What must stay true: a user without a password is not active (he is invited), and no two users have one login; a new password ends the sessions that the old one
//! opened; one's own password is changed only by who knows it.

use database::{Query, Tx};
use mail::letters;
use mail::outbox::{self, Letter, USUAL_LIFE_MS};
use record_engine::access::Feature;
use record_engine::audit::{Event, Kind, record};
use record_engine::engine::Snapshot;
use record_engine::write::{Change, apply_one};
use record_engine::{Engine, EngineError, FieldError, RequestContext, Values};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::api_keys::revoke_all_keys;
use crate::app_passwords::revoke_all;
use crate::audit::tell;
use crate::employment::Employment;
use crate::error::{IdentityError, Result};
use crate::login::login_key;
use crate::object_type::{MAX_LOGIN_LENGTH, time_zone_of};
use crate::passwords::{PasswordHash, Turn, check_password};
use crate::roles::refuse_beyond;
use crate::secret::Secret;
use crate::sessions::{Session, end_all_sessions, own_formats};
use crate::throttle::{self, Subject};

/// Shortest login, in characters.
const MIN_LOGIN_LENGTH: usize = 3;

/// A user to be.
#[derive(Clone, Debug, Deserialize)]
pub struct NewUser {
    /// First and last name.
    pub name: String,
    /// 3 to 100 characters without blanks: a name or an e-mail address. It never changes.
    pub login: String,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// The first password.
    pub password: Secret,
    /// The ids of his roles.
    pub roles: Vec<i64>,
    /// `ru`, `uk` or `en`; else that of the installation.
    #[serde(default)]
    pub language: Option<String>,
    /// IANA name; else that of the installation's country.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Who he is to the company.
    #[serde(default)]
    pub employment: Employment,
}

/// A user that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreatedUser {
    /// His record id.
    pub id: i64,
    /// The operation in the history.
    pub operation_id: Option<i64>,
}

/// Makes a user. Administrators only.
///
/// # Errors
/// `Forbidden`; `Invalid` with pointers into [`NewUser`] (`/login`, `/password`, …), among them `login_taken`; those of hashing and of the database.
pub fn create_user(engine: &Engine, context: &RequestContext, user: &NewUser) -> Result<CreatedUser> {
    refuse_all_but_keepers(context)?;
    let errors = check_new_user(user);
    if !errors.is_empty() {
        return Err(IdentityError::invalid(errors));
    }
    let hash = PasswordHash::new(&user.password)?;
    let snapshot = engine.snapshot();
    engine.write(|tx| insert_user(tx, &snapshot, context, user, &hash)).map_err(|error| {
        // Two administrators chose the same login at once.
        if error.is_taken_login() { login_taken() } else { error }
    })
}

/// Makes a user in the caller's transaction, for set-up and demo data. The password has been hashed outside and is not checked again.
///
/// # Errors
/// `Forbidden`, `Invalid`; those of the database.
pub fn insert_user(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    user: &NewUser,
    hash: &PasswordHash,
) -> Result<CreatedUser> {
    refuse_all_but_keepers(context)?;
    let key = login_key(&user.login);
    if tx.query_optional("SELECT user_id FROM user_credentials WHERE login_key = ?", &[key.as_str().into()])?.is_some()
    {
        return Err(login_taken());
    }
    let installation = &snapshot.installation;
    let mut values = Values::from([
        ("name".to_owned(), json!(user.name)),
        ("login".to_owned(), json!(user.login.trim())),
        ("email".to_owned(), user.email.as_ref().map_or(Json::Null, |email| json!(email))),
        ("roles".to_owned(), json!(user.roles)),
        ("language".to_owned(), json!(user.language.as_ref().unwrap_or(&installation.language))),
        ("time_zone".to_owned(), json!(user.time_zone.as_deref().unwrap_or(time_zone_of(&installation.country)))),
    ]);
    values.extend(user.employment.values());
    let object_type = snapshot.object_type(record_engine::catalog::USER_TYPE)?;
    // Trusted, because the record API makes no users and writes no logins.
    let (outcome, operation_id) =
        apply_one(tx, snapshot.trusted_writer(), context, &object_type, Change::Create { values })?;
    let id = outcome.id();
    tx.execute(
        "INSERT INTO user_credentials (user_id, login_key, password_hash, changed_at) VALUES (?, ?, ?, ?)",
        &[id.into(), key.into(), hash.as_str().into(), context.now_ms.into()],
    )?;
    record(tx, context, Event::new(Kind::UserCreated).on("user", id).with("roles", json!(user.roles)));
    Ok(CreatedUser { id, operation_id })
}

/// What is wrong with a user to be, before anything is hashed or read.
pub fn check_new_user(user: &NewUser) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if user.name.trim().is_empty() {
        errors.push(FieldError::new("name", "required"));
    }
    errors.extend(check_login(&user.login));
    errors.extend(check_password("password", &user.password, &user.login));
    errors
}

pub(crate) fn check_login(login: &str) -> Option<FieldError> {
    let login = login.trim();
    let length = login.chars().count();
    if length == 0 {
        Some(FieldError::new("login", "required"))
    } else if length < MIN_LOGIN_LENGTH {
        Some(FieldError::new("login", "too_short").with("min", MIN_LOGIN_LENGTH))
    } else if length > MAX_LOGIN_LENGTH {
        Some(FieldError::new("login", "too_long").with("max", MAX_LOGIN_LENGTH))
    } else {
        let is_plain = login.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@'))
            && login.contains(char::is_alphanumeric);
        (!is_plain).then(|| FieldError::new("login", "wrong_characters"))
    }
}

pub(crate) fn login_taken() -> IdentityError {
    IdentityError::invalid(vec![FieldError::new("login", "login_taken")])
}

/// Changes one's own password and ends all other sessions.
///
/// # Errors
/// `Invalid` at `/current_password` (`wrong_password`) or `/new_password`; `Throttled`, `Overloaded`; those of the database.
pub fn change_password(
    engine: &Engine,
    session: &Session,
    context: &RequestContext,
    current: &Secret,
    new: &Secret,
) -> Result<()> {
    let now = engine.clock().now_ms();
    let subjects = [Subject::current_password(session.user_id)];
    let stored = engine.database().read(|tx| {
        throttle::check(tx, &subjects, now)?;
        stored_hash(tx, session.user_id)
    })?;
    // What is wrong with the new one costs no guess.
    if let Some(error) = check_password("new_password", new, &session.login) {
        return Err(IdentityError::invalid(vec![error]));
    }
    let turn = Turn::take()?;
    engine.database().write(|tx| throttle::reserve(tx, &subjects, now))?;
    if !turn.verify(current, Some(&stored))? {
        tell(engine, context, &Event::new(Kind::PasswordChanged).failed().on("user", session.user_id))?;
        return Err(IdentityError::invalid(vec![FieldError::new("current_password", "wrong_password")]));
    }
    let hash = turn.hash(new)?;
    drop(turn);
    engine.write(|tx| {
        throttle::forgive(tx, &subjects)?;
        record(tx, context, Event::new(Kind::PasswordChanged).on("user", session.user_id));
        store_password(tx, context, session.user_id, &hash, Some(session.id))?;
        tell_owner(tx, engine, session.user_id, now)
    })
}

/// Gives another user a new password and ends all his sessions. Administrators, and the command line for an administrator who forgot his own.
///
/// # Errors
/// `Forbidden`, `NotFound`; `State` for the own password, which takes [`change_password`]; `Invalid` at `/new_password`; those of hashing and of the
/// database.
pub fn reset_password(engine: &Engine, context: &RequestContext, user_id: i64, new: &Secret) -> Result<()> {
    refuse_all_but_keepers(context)?;
    if context.actor.user_id() == Some(user_id) {
        return Err(EngineError::State("own_password").into());
    }
    let catalog = engine.snapshot().catalog.clone();
    let login = engine.database().read(|tx| {
        stored_hash(tx, user_id)?;
        refuse_beyond(tx, &catalog, context, user_id)?;
        let row = tx.query_one("SELECT login FROM \"user\" WHERE id = ?", &[user_id.into()])?;
        Ok::<String, IdentityError>(row.optional_text(0)?.unwrap_or_default())
    })?;
    if let Some(error) = check_password("new_password", new, &login) {
        return Err(IdentityError::invalid(vec![error]));
    }
    let hash = PasswordHash::new(new)?;
    let subjects = [Subject::login(&login_key(&login)), Subject::current_password(user_id)];
    engine.write(|tx| {
        // He may have been given more while the hash was made.
        refuse_beyond(tx, &catalog, context, user_id)?;
        throttle::forgive(tx, &subjects)?;
        record(tx, context, Event::new(Kind::PasswordReset).on("user", user_id));
        store_password(tx, context, user_id, &hash, None)?;
        tell_owner(tx, engine, user_id, context.now_ms)
    })
}

/// What is stored of the password of a user.
///
/// # Errors
/// `NotFound`; those of the database.
pub(crate) fn stored_hash(tx: &mut dyn Query, user_id: i64) -> Result<PasswordHash> {
    let row = tx.query_optional("SELECT password_hash FROM user_credentials WHERE user_id = ?", &[user_id.into()])?;
    Ok(PasswordHash::stored(row.ok_or(EngineError::NotFound)?.text(0)?))
}

/// Writes to the owner of a password that it is another one now, where he has an address.
pub(crate) fn tell_owner(tx: &mut Tx, engine: &Engine, user_id: i64, now_ms: i64) -> Result<()> {
    const SQL: &str = "SELECT u.name, u.login, u.email, u.language, u.time_zone, p.formats FROM \"user\" u \
        LEFT JOIN user_preferences p ON p.user_id = u.id WHERE u.id = ? AND u.email IS NOT NULL";
    let Some(row) = tx.query_optional(SQL, &[user_id.into()])? else { return Ok(()) };
    let (name, login, email) = (row.text(0)?, row.optional_text(1)?.unwrap_or_default(), row.text(2)?);
    let installation = &engine.snapshot().installation;
    let formats = own_formats(row.optional_text(5)?)?.over(installation.formats);
    let about = letters::PasswordChanged {
        company: &installation.company_name,
        name: &name,
        login: &login,
        when: &letters::moment(now_ms, row.text_str(4)?, formats, row.text_str(3)?),
    };
    let letter = Letter {
        kind: "password_changed",
        user_id: Some(user_id),
        receiver: &email,
        receiver_name: &name,
        content: &letters::password_changed(row.text_str(3)?, &about),
        expires_at: now_ms + USUAL_LIFE_MS,
    };
    outbox::post(tx, engine, now_ms, &letter)?;
    Ok(())
}

pub(crate) fn store_password(
    tx: &mut Tx,
    context: &RequestContext,
    user_id: i64,
    hash: &PasswordHash,
    kept: Option<i64>,
) -> Result<()> {
    tx.execute(
        "UPDATE user_credentials SET password_hash = ?, changed_at = ?, is_unknown = 0 WHERE user_id = ?",
        &[hash.as_str().into(), context.now_ms.into(), user_id.into()],
    )?;
    end_all_sessions(tx, context, user_id, kept)?;
    revoke_all(tx, context, user_id)?;
    revoke_all_keys(tx, context, user_id)?;
    Ok(())
}

/// Gives a user a password that nobody knows. What his former one had opened ends.
pub(crate) fn forget_password(tx: &mut Tx, context: &RequestContext, user_id: i64, spare: &PasswordHash) -> Result<()> {
    store_password(tx, context, user_id, spare, None)?;
    tx.execute("UPDATE user_credentials SET is_unknown = 1 WHERE user_id = ?", &[user_id.into()])?;
    Ok(())
}

/// What only those do who keep the users.
pub(crate) fn refuse_all_but_keepers(context: &RequestContext) -> Result<()> {
    if context.may(Feature::Users) { Ok(()) } else { Err(EngineError::Forbidden.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins() {
        let check = |login: &str, code: Option<&str>| {
            assert_eq!(check_login(login).map(|error| error.code).as_deref(), code, "{login}");
        };
        check("olena", None);
        check(" olena.kovalchuk@karpaty-bud.ua ", None);
        check("Олена", None);
        check("", Some("required"));
        check("ok", Some("too_short"));
        check(&"o".repeat(101), Some("too_long"));
        check("olena k", Some("wrong_characters"));
        check("olena\u{200b}k", Some("wrong_characters"));
        check("...", Some("wrong_characters"));
    }
}
