//! Passwords of programs: what a phone logs in with to the address book or to the own calendars, or the secret in the address of a calendar, and
//! nothing else.
//!
//! What must stay true: only a hash is stored; the password is random and long, so that nobody guesses it; it opens no session; who is
//! deactivated or gets another password has none left; guesses are counted apart from those at logins, so that a forgotten phone locks nobody out.

use std::sync::Arc;

use database::{DatabaseError, Query, Row, Tx, Value};
use record_engine::access::Access;
use record_engine::audit::{Event, Kind, record};
use record_engine::{Engine, EngineError, FieldError, Origin, Proof, RequestContext, Source};
use std::net::IpAddr;

use crate::audit::{refused_login, stranger, tell};
use crate::directory::is_gone;
use crate::error::{IdentityError, Result};
use crate::login::login_key;
use crate::secret::{Secret, hash, random_text};
use crate::sessions::{Client, Session, require_confirmed, require_standing};
use crate::throttle::{self, Subject, network_of};
use crate::working_hours::require_open;

/// Longest name, in characters.
const MAX_NAME_LENGTH: usize = 100;
/// Most passwords of a user: devices that he has, and some that he forgot.
const MAX_PASSWORDS: i64 = 20;
/// The last use is noted at most this often.
const TOUCH_EVERY_MS: i64 = 60_000;
/// Characters of a password: 100 bits.
const LENGTH: usize = 20;
/// Characters between two dashes, for people who type it.
const GROUP: usize = 4;

/// The scope of a password that stands in the address of a calendar instead of being sent with a login.
pub const CALENDAR_SCOPE: &str = "calendar";

/// The scope of a password with which a device keeps the own events and tasks in step.
pub const EVENTS_AND_TASKS_SCOPE: &str = "events_and_tasks";

/// A password in the list of its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppPassword {
    /// Its id.
    pub id: i64,
    /// What its owner called it: the device.
    pub name: String,
    /// What it gives, in the words of whoever reads it.
    pub scope: String,
    /// Whether the program may change what it reads.
    pub may_write: bool,
    /// When it was made, milliseconds UTC.
    pub created_at: i64,
    /// When it was last used, to the minute, milliseconds UTC.
    pub last_used_at: Option<i64>,
}

/// Who is behind a password.
#[derive(Clone, Debug)]
pub struct AppCaller {
    /// Id of the password.
    pub password_id: i64,
    /// What its owner called it.
    pub device: String,
    /// What it gives.
    pub scope: String,
    /// Whether the program may change what it reads.
    pub may_write: bool,
    /// Record id of the user.
    pub user_id: i64,
    /// His name.
    pub name: String,
    /// What he may do now.
    pub access: Arc<Access>,
    /// Language of his interface.
    pub language: String,
    /// From where he asks.
    pub address: IpAddr,
}

impl AppCaller {
    /// The context of a request; what it writes names the device.
    pub fn context(&self, engine: &Engine) -> RequestContext {
        // A phone takes what it is given along: what is restricted stays here.
        let access = Arc::new(self.access.leaving_restricted());
        let context = RequestContext::of(self.user_id, access, Source::AddressBook, engine.clock());
        let origin = Origin {
            address: Some(self.address),
            proof: Some(Proof::AppPassword(self.password_id)),
            ..Origin::default()
        };
        RequestContext { language: self.language.clone(), reason: Some(self.device.clone()), origin, ..context }
    }
}

/// The passwords of a user, the newest first.
///
/// # Errors
/// Those of the database.
pub fn list_app_passwords(engine: &Engine, user_id: i64) -> Result<Vec<AppPassword>> {
    const SQL: &str = "SELECT id, name, scope, created_at, last_used_at, may_write FROM app_passwords WHERE user_id = ? ORDER BY id DESC";
    let rows = engine.database().read(|tx| tx.query(SQL, &[user_id.into()]))?;
    rows.iter().map(read).collect()
}

/// Makes a password of one's own; answers it with its text, which nobody can ask for again.
///
/// # Errors
/// `Invalid` at `/name`, `State("too_many_app_passwords")`; those of the system and of the database.
pub fn create_app_password(
    engine: &Engine,
    session: &Session,
    context: &RequestContext,
    name: &str,
    scope: &str,
    may_write: bool,
) -> Result<(AppPassword, Secret)> {
    require_confirmed(session, context.now_ms)?;
    let name = name.trim();
    let problem = match name.chars().count() {
        0 => Some(FieldError::new("name", "required")),
        length => (length > MAX_NAME_LENGTH).then(|| FieldError::new("name", "too_long").with("max", MAX_NAME_LENGTH)),
    };
    if let Some(problem) = problem {
        return Err(IdentityError::invalid(vec![problem]));
    }
    let user_id = session.user_id;
    let password = random_text(LENGTH, GROUP)?;
    let made = engine.write(|tx| {
        require_standing(tx, session)?;
        let count =
            tx.query_one("SELECT COUNT(*) FROM app_passwords WHERE user_id = ?", &[user_id.into()])?.integer(0)?;
        if count >= MAX_PASSWORDS {
            return Err(IdentityError::from(EngineError::State("too_many_app_passwords")));
        }
        let ids = tx.allocate_ids("app_passwords", 1)?;
        let id = ids.first().copied().ok_or_else(|| EngineError::Stored("the sequence gave no id".into()))?;
        tx.insert_many(
            "app_passwords",
            &["id", "user_id", "name", "scope", "password_hash", "created_at", "may_write"],
            &[vec![
                id.into(),
                user_id.into(),
                name.into(),
                scope.into(),
                hash_of(password.expose()).into(),
                context.now_ms.into(),
                may_write.into(),
            ]],
        )?;
        let event = Event::new(Kind::AppPasswordCreated).with("id", id).with("name", name);
        record(tx, context, event.with("scope", scope).with("may_write", may_write));
        let scope = scope.to_owned();
        Ok(AppPassword { id, name: name.into(), scope, may_write, created_at: context.now_ms, last_used_at: None })
    })?;
    Ok((made, password))
}

/// Takes back one of one's own passwords.
///
/// # Errors
/// `NotFound` when there is no such password of the actor; those of the database.
pub fn revoke_app_password(tx: &mut Tx, context: &RequestContext, id: i64) -> Result<()> {
    let user_id = context.actor.user_id().ok_or(EngineError::NotFound)?;
    let sql = "DELETE FROM app_passwords WHERE id = ? AND user_id = ?";
    if tx.execute(sql, &[id.into(), user_id.into()])? != 1 {
        return Err(EngineError::NotFound.into());
    }
    record(tx, context, Event::new(Kind::AppPasswordRevoked).with("id", id));
    Ok(())
}

/// Takes back all passwords of a user.
pub(crate) fn revoke_all(tx: &mut Tx, context: &RequestContext, user_id: i64) -> Result<(), EngineError> {
    let revoked = tx.execute("DELETE FROM app_passwords WHERE user_id = ?", &[user_id.into()])?;
    if revoked > 0 {
        record(tx, context, Event::new(Kind::AppPasswordRevoked).on("user", user_id).with("count", revoked));
    }
    Ok(())
}

/// The ids of all passwords that stand.
///
/// # Errors
/// Those of the database.
pub fn app_password_ids(tx: &mut dyn Query) -> Result<Vec<i64>, EngineError> {
    let rows = tx.query("SELECT id FROM app_passwords ORDER BY id", &[])?;
    rows.iter().map(|row| row.integer(0).map_err(EngineError::from)).collect()
}

/// Who is behind a login and a password. A right one is never made to wait: it cannot be guessed, so letting it pass tells an attacker nothing.
///
/// # Errors
/// `WrongCredentials`, `Throttled`, `OutsideHours`; those of the database.
pub fn authenticate_app(engine: &Engine, login: &str, password: &Secret, client: &Client) -> Result<AppCaller> {
    const OWNER: &str = "SELECT user_id FROM user_credentials WHERE login_key = ?";
    let key = login_key(login);
    let params = [hash_of(password.expose()).into(), key.as_str().into(), CALENDAR_SCOPE.into()];
    if let Some(caller) = caller_behind(engine, "c.login_key = ? AND a.scope <> ?", &params, client)? {
        return Ok(caller);
    }
    let network = network_of(client.address);
    let owner = engine.database().read(|tx| tx.query_optional(OWNER, &[key.as_str().into()]))?;
    let owner = owner.map(|row| row.integer(0)).transpose()?;
    Err(refuse(engine, client, &[Subject::app_password(&key), Subject::app_network(&network)], &key, owner))
}

/// Whose calendar has this secret in its address. A right one is never made to wait, as with [`authenticate_app`].
///
/// # Errors
/// `WrongCredentials`, `Throttled`, `OutsideHours`; those of the database.
pub fn authenticate_feed(engine: &Engine, secret: &Secret, client: &Client) -> Result<AppCaller> {
    let params = [hash_of(secret.expose()).into(), CALENDAR_SCOPE.into()];
    if let Some(caller) = caller_behind(engine, "a.scope = ?", &params, client)? {
        return Ok(caller);
    }
    let network = network_of(client.address);
    Err(refuse(engine, client, &[Subject::app_network(&network)], "", None))
}

/// Counts a wrong password and tells the audit log of it.
fn refuse(engine: &Engine, client: &Client, subjects: &[Subject], key: &str, owner: Option<i64>) -> IdentityError {
    let now = engine.clock().now_ms();
    let tell_of = |reason: &str| {
        let event = refused_login(client, key, owner, reason).with("method", "app_password");
        tell(engine, &stranger(client, now), &event)
    };
    let counted = engine
        .database()
        .read(|tx| throttle::check(tx, subjects, now))
        .and_then(|()| engine.database().write(|tx| throttle::reserve(tx, subjects, now)));
    let told = match &counted {
        Ok(()) => tell_of("wrong_app_password"),
        Err(IdentityError::Throttled { .. }) => tell_of("throttled"),
        Err(_) => Ok(()),
    };
    match counted.and(told) {
        Ok(()) => IdentityError::WrongCredentials,
        Err(error) => error,
    }
}

/// The caller whose password it is, where he may come in now.
fn caller_behind(engine: &Engine, condition: &str, params: &[Value], client: &Client) -> Result<Option<AppCaller>> {
    let sql = format!(
        "SELECT a.id, a.scope, a.last_used_at, u.id, u.name, u.language, a.name, a.may_write FROM app_passwords a \
         JOIN \"user\" u ON u.id = a.user_id JOIN user_credentials c ON c.user_id = a.user_id \
         WHERE a.password_hash = ? AND {condition} AND u.is_active = 1 AND u.deleted_at IS NULL"
    );
    let now = engine.clock().now_ms();
    let snapshot = engine.snapshot();
    let found = engine.database().read(|tx| {
        let Some(row) = tx.query_optional(&sql, params)? else { return Ok::<_, IdentityError>(None) };
        let user_id = row.integer(3)?;
        let Some(access) = engine.access(tx, &snapshot, user_id)? else { return Ok(None) };
        if is_gone(tx, user_id)? {
            return Ok(None);
        }
        require_open(tx, user_id, now)?;
        Ok(Some((row, access)))
    })?;
    let Some((row, access)) = found else { return Ok(None) };
    let caller = AppCaller {
        password_id: row.integer(0)?,
        scope: row.text(1)?,
        user_id: row.integer(3)?,
        name: row.text(4)?,
        access,
        language: row.text(5)?,
        device: row.text(6)?,
        address: client.address,
        may_write: row.boolean(7)?,
    };
    if row.optional_integer(2)?.is_none_or(|used| now - used >= TOUCH_EVERY_MS) {
        touch(engine, caller.password_id, now)?;
    }
    Ok(Some(caller))
}

fn touch(engine: &Engine, id: i64, now_ms: i64) -> Result<()> {
    let sql = "UPDATE app_passwords SET last_used_at = ? WHERE id = ?";
    match engine.database().write(|tx| tx.execute(sql, &[now_ms.into(), id.into()])) {
        // A request that only reads must not fail because the writer is busy; the next one notes the use.
        Ok(_) | Err(DatabaseError::Busy(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn read(row: &Row) -> Result<AppPassword> {
    Ok(AppPassword {
        id: row.integer(0)?,
        name: row.text(1)?,
        scope: row.text(2)?,
        created_at: row.integer(3)?,
        last_used_at: row.optional_integer(4)?,
        may_write: row.boolean(5)?,
    })
}

/// People type it: with or without dashes and blanks, in capitals if the keyboard wants.
fn hash_of(password: &str) -> String {
    let plain: String =
        password.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).collect();
    hash(&["app_password", &plain])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn passwords_are_long_and_forgive_how_they_are_typed() {
        let (one, other) = (random_text(LENGTH, GROUP).unwrap(), random_text(LENGTH, GROUP).unwrap());
        assert_eq!(one.expose().len(), 24);
        assert_ne!(one.expose(), other.expose());
        let typed = format!(" {} ", one.expose().replace('-', " ").to_uppercase());
        assert_eq!(hash_of(one.expose()), hash_of(&typed));
        assert_ne!(hash_of(one.expose()), hash_of(other.expose()));
    }
}
