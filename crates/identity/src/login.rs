//! Logging in and out.

use database::{Backend, Query, Tx};
use filter_language::sort_key;
use record_engine::audit::{Event, Kind, record};
use record_engine::engine::Snapshot;
use record_engine::{Engine, EngineError};
use serde_json::Value as Json;

use crate::audit::{holder, refused_login, stranger, tell};
use crate::directory::{PendingLogin, has_open_directory, is_gone};
use crate::error::{IdentityError, Result};
use crate::passwords::{PasswordHash, Turn};
use crate::providers::are_passwords_closed;
use crate::second_step::totp::read_code;
use crate::second_step::{self, SecondStep};
use crate::secret::Secret;
use crate::sessions::{Client, NewSession, Through, announce_end, open_session, open_session_through};
use crate::throttle::{self, Subject, network_of};
use crate::tickets::{self, Purpose, Ticket};
use crate::working_hours::note_closed;

/// The form in which logins are compared: without regard to case, diacritics and surplus blanks.
pub(crate) fn login_key(login: &str) -> String {
    sort_key(login)
}

/// A network that a user has not come from for so long is a strange one again.
const NETWORK_KEPT_MS: i64 = 180 * 24 * 60 * 60 * 1_000;

/// What is known about a login before its password is.
struct Account {
    user_id: i64,
    hash: PasswordHash,
    is_active: bool,
    is_known_network: bool,
}

/// What the right password leads to.
#[derive(Clone, Debug)]
pub enum LoggedIn {
    /// The session is open.
    Open(NewSession),
    /// The second step is missing.
    SecondStep(OpenSecondStep),
}

/// What this program makes of a login and a password.
#[derive(Clone, Debug)]
pub enum PasswordStep {
    /// They are its own, and right.
    Done(LoggedIn),
    /// They are not; a directory may know them.
    Directories(PendingLogin),
}

/// The key in the data of a ticket under which the provider stands by which somebody came.
pub(crate) const PROVIDER: &str = "provider";

/// The second step of a login that has begun.
#[derive(Clone, Debug)]
pub struct OpenSecondStep {
    /// For [`finish_login`]; it is no session and opens nothing else.
    pub ticket: Secret,
    /// When it ends, milliseconds UTC.
    pub expires_at: i64,
    /// What the user has to show.
    pub has: SecondStep,
}

/// The first step: the password.
///
/// # Errors
/// `WrongCredentials`, `Throttled`, `Overloaded`; `OutsideHours` where no second step is missing; those of the database.
pub fn log_in(engine: &Engine, login: &str, password: &Secret, client: &Client) -> Result<PasswordStep> {
    let now = engine.clock().now_ms();
    let (key, network) = (login_key(login), network_of(client.address));
    let context = stranger(client, now);
    let refuse = |account: Option<&Account>, reason: &str| {
        tell(engine, &context, &refused_login(client, &key, account.map(|account| account.user_id), reason))
    };
    let (account, subjects, has_directory) = engine.database().read(|tx| {
        let account = find_account(tx, &key, &network)?;
        let is_known = account.as_ref().is_some_and(|account| account.is_known_network)
            || is_network_of_directory_login(tx, &key, &network)?;
        let own = if is_known { Subject::login_from(&key, &network) } else { Subject::login(&key) };
        let subjects = [own, Subject::network(&network)];
        Ok::<_, IdentityError>((account, subjects, has_open_directory(tx)?))
    })?;
    let throttled = |error: IdentityError| match refuse(account.as_ref(), "throttled") {
        Ok(()) => error,
        Err(worse) => worse,
    };
    engine.database().read(|tx| throttle::check(tx, &subjects, now)).map_err(throttled)?;
    let turn = Turn::take()?;
    engine.database().write(|tx| throttle::reserve(tx, &subjects, now)).map_err(throttled)?;
    let is_right = turn.verify(password, account.as_ref().map(|account| &account.hash))?;
    drop(turn);
    let reason = match &account {
        None => Some("unknown_login"),
        Some(_) if !is_right => Some("wrong_password"),
        Some(account) if !account.is_active => Some("deactivated"),
        Some(account) => engine.database().read(|tx| closed_to(tx, engine, &engine.snapshot(), account.user_id))?,
    };
    if let Some(reason) = reason {
        // Whoever has shown a password of this program and is deactivated is known already; of an empty password directories think otherwise.
        if has_directory && reason != "deactivated" && !password.expose().is_empty() {
            let (login, password, client) = (login.to_owned(), password.clone(), client.clone());
            let user_id = account.map(|account| account.user_id);
            return Ok(PasswordStep::Directories(PendingLogin { login, password, user_id, reason, subjects, client }));
        }
        refuse(account.as_ref(), reason)?;
    }
    let Some(account) = account.filter(|_| reason.is_none()) else {
        return Err(IdentityError::WrongCredentials);
    };
    let token = Secret::random_token()?;
    let opened = engine.database().write(|tx| {
        check_unchanged(tx, &account)?;
        throttle::forgive(tx, &subjects)?;
        let has = SecondStep::read(tx, account.user_id)?;
        if has.is_set() {
            let ticket = Ticket { user_id: Some(account.user_id), data: Json::Null };
            let expires_at = tickets::issue(tx, Purpose::SecondStep, &token, &ticket, now)?;
            return Ok(LoggedIn::SecondStep(OpenSecondStep { ticket: token.clone(), expires_at, has }));
        }
        remember_network(tx, account.user_id, &network, now)?;
        open_session(tx, account.user_id, &token, client, now).map(LoggedIn::Open)
    });
    note_closed(engine, client, &subjects, opened).map(PasswordStep::Done)
}

/// Why neither a password nor a passkey of the user opens a session, where the installation lets people in by identity providers alone. An administrator
/// always comes in, so that a provider that fails keeps nobody out for ever. Nor do they open one to whom his directory does not have any more.
pub(crate) fn closed_to(
    tx: &mut dyn Query,
    engine: &Engine,
    snapshot: &Snapshot,
    user_id: i64,
) -> Result<Option<&'static str>> {
    if is_gone(tx, user_id)? {
        return Ok(Some("gone_from_directory"));
    }
    if !are_passwords_closed(tx, snapshot)? {
        return Ok(None);
    }
    let access = engine.access(tx, snapshot, user_id)?;
    Ok((!access.is_some_and(|access| access.is_administrator())).then_some("provider_only"))
}

/// The second step: a code of the app, or a recovery code.
///
/// # Errors
/// `Invalid` at `/code`; `SignInExpired`, `Throttled`, `OutsideHours`; `State("secret_key_changed")`; those of the database.
pub fn finish_login(engine: &Engine, ticket: &Secret, code: &Secret, client: &Client) -> Result<NewSession> {
    let now = engine.clock().now_ms();
    let network = network_of(client.address);
    let (user_id, subjects) = engine.database().read(|tx| {
        let user_id = tickets::find(tx, Purpose::SecondStep, ticket, now)?.owner()?;
        let subjects = second_step_subjects(tx, user_id, &network)?;
        throttle::check(tx, &subjects, now)?;
        Ok::<_, IdentityError>((user_id, subjects))
    })?;
    engine.database().write(|tx| throttle::reserve(tx, &subjects, now))?;
    // A recovery code works without the key, also when the key cannot be read.
    let key = if read_code(code.expose()).is_some() { second_step::stored_key(engine, user_id)? } else { None };
    let token = Secret::random_token()?;
    let method = if key.is_some() { "code" } else { "recovery_code" };
    let finished = engine.write(|tx| {
        second_step::use_code(tx, user_id, key.as_ref(), code, now)?;
        let ticket = tickets::take(tx, Purpose::SecondStep, ticket, now)?;
        throttle::forgive(tx, &subjects)?;
        record(tx, &stranger(client, now), Event::new(Kind::SecondFactor).by(user_id).with("method", method));
        arrive_through(tx, user_id, &token, client, now, through_of(&ticket))
    });
    if let Err(IdentityError::Engine(EngineError::Invalid(_))) = finished {
        refuse_second_step(engine, client, user_id, method, now)?;
    }
    note_closed(engine, client, &subjects, finished)
}

/// The provider by which the first step of a login came.
pub(crate) fn through_of(ticket: &Ticket) -> Option<Through> {
    let provider_id = ticket.data.get(PROVIDER)?.as_i64()?;
    Some(Through { provider_id, is_strong: false })
}

/// Tells of a second step that was not let in.
pub(crate) fn refuse_second_step(
    engine: &Engine,
    client: &Client,
    user_id: i64,
    method: &str,
    now_ms: i64,
) -> Result<()> {
    let event = Event::new(Kind::SecondFactor).failed().on("user", user_id).with("method", method);
    tell(engine, &stranger(client, now_ms), &event)
}

/// Opens the session of a user who has shown all that he must.
pub(crate) fn arrive(tx: &mut Tx, user_id: i64, token: &Secret, client: &Client, now_ms: i64) -> Result<NewSession> {
    arrive_through(tx, user_id, token, client, now_ms, None)
}

/// [`arrive`] for somebody who came by an identity provider.
pub(crate) fn arrive_through(
    tx: &mut Tx,
    user_id: i64,
    token: &Secret,
    client: &Client,
    now_ms: i64,
    through: Option<Through>,
) -> Result<NewSession> {
    const SQL: &str = "SELECT id FROM \"user\" WHERE id = ? AND is_active = 1 AND deleted_at IS NULL";
    tx.query_optional(SQL, &[user_id.into()])?.ok_or(IdentityError::SignInExpired)?;
    remember_network(tx, user_id, &network_of(client.address), now_ms)?;
    open_session_through(tx, user_id, token, client, now_ms, through)
}

/// Where guesses at the second step of a user are counted.
pub(crate) fn second_step_subjects(tx: &mut dyn Query, user_id: i64, network: &str) -> Result<[Subject; 2]> {
    const SQL: &str = "SELECT user_id FROM user_networks WHERE user_id = ? AND network = ?";
    let is_known = tx.query_optional(SQL, &[user_id.into(), network.into()])?.is_some();
    let own = if is_known { Subject::second_step_from(user_id, network) } else { Subject::second_step(user_id) };
    Ok([own, Subject::network(network)])
}

/// Ends the session of a token, as its holder wants it; does nothing when there is none.
///
/// # Errors
/// Those of the database.
pub fn log_out(engine: &Engine, token: &Secret, client: &Client) -> Result<()> {
    const SQL: &str = "SELECT user_id, id FROM sessions WHERE token_hash = ?";
    let hash = token.token_hash();
    engine.write(|tx| {
        if let Some(found) = tx.query_optional(SQL, &[hash.as_str().into()])? {
            let (owner, session_id) = (found.integer(0)?, found.integer(1)?);
            let context = holder(client, session_id, engine.clock().now_ms());
            tx.execute("DELETE FROM sessions WHERE token_hash = ?", &[hash.as_str().into()])?;
            announce_end(tx, &context, owner)?;
            record(tx, &context, Event::new(Kind::Logout).by(owner));
        }
        Ok(())
    })
}

fn find_account(tx: &mut dyn Query, login_key: &str, network: &str) -> Result<Option<Account>> {
    const SQL: &str = "SELECT c.user_id, c.password_hash, u.is_active, n.user_id FROM user_credentials c \
        JOIN \"user\" u ON u.id = c.user_id LEFT JOIN user_networks n ON n.user_id = c.user_id AND n.network = ? \
        WHERE c.login_key = ? AND u.deleted_at IS NULL";
    let row = tx.query_optional(SQL, &[network.into(), login_key.into()])?;
    let account = |row: database::Row| {
        Ok(Account {
            user_id: row.integer(0)?,
            hash: PasswordHash::stored(row.text(1)?),
            is_active: row.optional_integer(2)? == Some(1),
            is_known_network: !row.value(3).is_null(),
        })
    };
    row.map(account).transpose()
}

/// Whether somebody has logged in from this network whose login in a directory this was the last time.
fn is_network_of_directory_login(tx: &mut dyn Query, login_key: &str, network: &str) -> Result<bool> {
    // Who has the login here has the networks from which he came in himself, not those of a namesake in a directory.
    const SQL: &str = "SELECT i.id FROM user_identities i JOIN user_networks n ON n.user_id = i.user_id AND n.network = ? \
        WHERE i.login_key = ? AND NOT EXISTS (SELECT 1 FROM user_credentials c WHERE c.login_key = i.login_key \
        AND c.user_id <> i.user_id) LIMIT 1";
    Ok(tx.query_optional(SQL, &[network.into(), login_key.into()])?.is_some())
}

/// What was counted for a login, as a user takes it back who comes in with it: not the guesses at somebody else who has the same login, here or in a
/// directory. `user_id` is `None` for who is not made yet.
pub(crate) fn guesses_of(
    tx: &mut dyn Query,
    login_key: Option<&str>,
    user_id: Option<i64>,
    subjects: &[Subject],
) -> Result<Vec<Subject>> {
    const SQL: &str = "SELECT user_id FROM user_credentials WHERE login_key = ? AND user_id <> ? \
        UNION ALL SELECT user_id FROM user_identities WHERE login_key = ? AND user_id <> ? LIMIT 1";
    let own = user_id.unwrap_or_default();
    let has_namesake = match login_key {
        Some(key) => tx.query_optional(SQL, &[key.into(), own.into(), key.into(), own.into()])?.is_some(),
        None => false,
    };
    Ok(subjects.iter().map(|subject| if has_namesake { subject.shared() } else { subject.clone() }).collect())
}

/// A password that was changed while its old one was looked at opens no session.
fn check_unchanged(tx: &mut Tx, account: &Account) -> Result<()> {
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT password_hash FROM user_credentials WHERE user_id = ?{lock}");
    let row = tx.query_optional(&sql, &[account.user_id.into()])?.ok_or(EngineError::NotFound)?;
    if row.text_str(0)? == account.hash.as_str() { Ok(()) } else { Err(IdentityError::WrongCredentials) }
}

fn remember_network(tx: &mut Tx, user_id: i64, network: &str, now_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO user_networks (user_id, network, last_login_at) VALUES (?, ?, ?) \
         ON CONFLICT (user_id, network) DO UPDATE SET last_login_at = excluded.last_login_at",
        &[user_id.into(), network.into(), now_ms.into()],
    )?;
    let params = [user_id.into(), (now_ms - NETWORK_KEPT_MS).into()];
    tx.execute("DELETE FROM user_networks WHERE user_id = ? AND last_login_at < ?", &params)?;
    Ok(())
}
