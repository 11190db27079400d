//! The second step of a login: one-time codes of an app, passkeys, recovery codes.
//!
//! What must stay true: keys are sealed, codes work once, in whatever process they arrive; guesses are counted like those of passwords; who has a
//! second step has recovery codes; setting one up or taking it away ends the other sessions of its owner and stands in his history.

pub(crate) mod recovery;
pub(crate) mod totp;

use database::{Backend, Query, Tx};
use record_engine::audit::{Event, Kind, record};
use record_engine::catalog::USER_TYPE;
use record_engine::engine::Snapshot;
use record_engine::write::{Change, apply_one};
use record_engine::{Engine, EngineError, FieldError, RequestContext, Values};
use serde_json::json;

use crate::error::{IdentityError, Result};
use crate::object_type::HAS_SECOND_STEP;
use crate::passwords::Turn;
use crate::roles::refuse_beyond;
use crate::secret::Secret;
use crate::sessions::{NewSession, Session, end_all_sessions, renew, require_confirmed};
use crate::throttle::{self, Subject};
use crate::tickets::{self, Purpose, Ticket};
use crate::users::{refuse_all_but_keepers, stored_hash};

use totp::Key;

/// Longest reason of an administrator, in characters.
const REASON_LENGTH: usize = 500;

/// What a user has for the second step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondStep {
    /// Since when an app makes codes for him, milliseconds UTC.
    pub code_since: Option<i64>,
    /// His passkeys.
    pub passkeys: i64,
    /// Recovery codes that are left.
    pub recovery_codes: i64,
}

impl SecondStep {
    /// Whether a password alone does not open a session.
    pub fn is_set(&self) -> bool {
        self.code_since.is_some() || self.passkeys > 0
    }

    pub(crate) fn read(tx: &mut dyn Query, user_id: i64) -> Result<SecondStep> {
        const CODE: &str = "SELECT created_at FROM code_generators WHERE user_id = ?";
        const PASSKEYS: &str = "SELECT COUNT(*) FROM passkeys WHERE user_id = ?";
        let code = tx.query_optional(CODE, &[user_id.into()])?;
        Ok(SecondStep {
            code_since: code.map(|row| row.integer(0)).transpose()?,
            passkeys: tx.query_one(PASSKEYS, &[user_id.into()])?.integer(0)?,
            recovery_codes: recovery::count(tx, user_id)?,
        })
    }
}

/// A key of codes that is to be confirmed.
#[derive(Clone, Debug)]
pub struct CodeSetup {
    /// For the confirmation.
    pub ticket: Secret,
    /// The key for who types it, base32.
    pub key: Secret,
    /// The key for who takes a picture of it: an `otpauth` address.
    pub uri: Secret,
}

/// What changing the second step gives: the session goes on under another token.
#[derive(Clone, Debug)]
pub struct ChangedSecondStep {
    /// The session, with its new token.
    pub session: NewSession,
    /// New recovery codes; they are not stored and cannot be asked for again. Empty when there were some already.
    pub recovery_codes: Vec<Secret>,
}

/// Whether a user may not work without a second step. The one place that knows: the installation decides for everybody, a role for those who have it.
pub fn must_have_second_step(snapshot: &Snapshot, session: &Session) -> bool {
    snapshot.installation.needs_second_step || session.needs_second_step
}

/// Whether he must have one and has none: nothing opens to him but setting it up.
pub fn must_set_up_second_step(snapshot: &Snapshot, session: &Session) -> bool {
    !session.has_second_step && !session.is_strong && must_have_second_step(snapshot, session)
}

/// The own second step.
///
/// # Errors
/// Those of the database.
pub fn get_second_step(engine: &Engine, user_id: i64) -> Result<SecondStep> {
    engine.database().read(|tx| SecondStep::read(tx, user_id))
}

/// Makes a key of codes; nothing is asked for at the login before it is confirmed.
///
/// # Errors
/// `ConfirmationRequired`; `State("codes_are_set_up")`; those of the system and of the database.
pub fn begin_code_setup(engine: &Engine, session: &Session) -> Result<CodeSetup> {
    let now = engine.clock().now_ms();
    require_confirmed(session, now)?;
    let key = Key::random().map_err(|error| IdentityError::Cryptography(error.to_string()))?;
    let sealed = engine.vault().seal(&purpose(session.user_id), key.as_bytes())?;
    let token = Secret::random_token()?;
    let ticket = Ticket { user_id: Some(session.user_id), data: json!({ "key": sealed }) };
    engine.database().write(|tx| {
        refuse_second_key(tx, session.user_id)?;
        tickets::issue(tx, Purpose::CodeSetup, &token, &ticket, now)
    })?;
    let uri = totp::uri(&key, &engine.snapshot().installation.company_name, &session.login);
    Ok(CodeSetup { ticket: token, key: Secret::new(key.base32()), uri: Secret::new(uri) })
}

/// Puts a key into use: the first code of the app shows that it has it. All other sessions end.
///
/// # Errors
/// `Invalid` at `/code`; `SignInExpired`, `ConfirmationRequired`, `Throttled`; `State("codes_are_set_up")`; those of the database.
pub fn confirm_code_setup(
    engine: &Engine,
    session: &Session,
    context: &RequestContext,
    ticket: &Secret,
    code: &Secret,
) -> Result<ChangedSecondStep> {
    let now = engine.clock().now_ms();
    require_confirmed(session, now)?;
    let found = engine.database().read(|tx| tickets::find(tx, Purpose::CodeSetup, ticket, now))?;
    let sealed = found.data.get("key").and_then(|key| key.as_str()).unwrap_or_default().to_owned();
    if found.user_id != Some(session.user_id) {
        return Err(IdentityError::SignInExpired);
    }
    let subjects = [Subject::second_step(session.user_id)];
    engine.database().write(|tx| throttle::reserve(tx, &subjects, now))?;
    let key = open_key(engine, session.user_id, &sealed)?;
    let step = totp::read_code(code.expose()).and_then(|code| key.step_of(&code, now, 0)).ok_or_else(wrong_code)?;
    let (codes, token) = (recovery::make()?, Secret::random_token()?);
    let snapshot = engine.snapshot();
    engine.write(|tx| {
        tickets::take(tx, Purpose::CodeSetup, ticket, now)?;
        refuse_second_key(tx, session.user_id)?;
        throttle::forgive(tx, &subjects)?;
        tx.execute(
            "INSERT INTO code_generators (user_id, sealed_key, last_step, created_at) VALUES (?, ?, ?, ?)",
            &[session.user_id.into(), sealed.as_str().into(), step.into(), now.into()],
        )?;
        record(tx, context, Event::new(Kind::SecondFactorAdded).on("user", session.user_id).with("method", "code"));
        added(tx, &snapshot, session, context, &codes, &token)
    })
}

/// What follows when a user got a (further) second step: recovery codes if he has none, the end of his other sessions, a new token, a line in
/// his history.
pub(crate) fn added(
    tx: &mut Tx,
    snapshot: &Snapshot,
    session: &Session,
    context: &RequestContext,
    codes: &[Secret],
    token: &Secret,
) -> Result<ChangedSecondStep> {
    let needs_codes = recovery::count(tx, session.user_id)? == 0;
    if needs_codes {
        recovery::replace(tx, session.user_id, codes)?;
    }
    note(tx, snapshot, context, session.user_id, true)?;
    end_all_sessions(tx, context, session.user_id, Some(session.id))?;
    let session = renew(tx, session, token)?;
    Ok(ChangedSecondStep { session, recovery_codes: if needs_codes { codes.to_vec() } else { Vec::new() } })
}

/// Stops asking for codes of an app. It takes the password and a code, so that neither an open page nor a found phone is enough.
///
/// # Errors
/// `Invalid` at `/password` or `/code`; `State("no_codes")`, `State("second_step_is_required")`; `Throttled`, `Overloaded`; those of the database.
pub fn remove_codes(
    engine: &Engine,
    session: &Session,
    context: &RequestContext,
    password: &Secret,
    code: &Secret,
) -> Result<ChangedSecondStep> {
    let (now, user_id) = (engine.clock().now_ms(), session.user_id);
    let snapshot = engine.snapshot();
    let state = engine.database().read(|tx| SecondStep::read(tx, user_id))?;
    if state.code_since.is_none() {
        return Err(EngineError::State("no_codes").into());
    }
    refuse_last(&snapshot, session, state.passkeys)?;
    check_password_and_count(engine, session, password)?;
    let subjects = [Subject::second_step(user_id)];
    engine.database().write(|tx| throttle::reserve(tx, &subjects, now))?;
    let key = stored_key(engine, user_id)?;
    let token = Secret::random_token()?;
    engine.write(|tx| {
        // A passkey may have gone while the password was looked at.
        refuse_last(&snapshot, session, read_alone(tx, user_id)?.passkeys)?;
        use_code(tx, user_id, key.as_ref(), code, now)?;
        throttle::forgive(tx, &subjects)?;
        tx.execute("DELETE FROM code_generators WHERE user_id = ?", &[user_id.into()])?;
        record(tx, context, Event::new(Kind::SecondFactorRemoved).on("user", user_id).with("method", "code"));
        removed(tx, &snapshot, session, context, &token)
    })
}

/// The second step of a user, for somebody who takes a part of it away: of two at once, the second waits and reads what the first has left.
pub(crate) fn read_alone(tx: &mut Tx, user_id: i64) -> Result<SecondStep> {
    if tx.backend() == Backend::Postgres {
        tx.query_one("SELECT id FROM \"user\" WHERE id = ? FOR UPDATE", &[user_id.into()])?;
    }
    SecondStep::read(tx, user_id)
}

/// What follows when a user took a second step away.
pub(crate) fn removed(
    tx: &mut Tx,
    snapshot: &Snapshot,
    session: &Session,
    context: &RequestContext,
    token: &Secret,
) -> Result<ChangedSecondStep> {
    if !SecondStep::read(tx, session.user_id)?.is_set() {
        recovery::forget(tx, session.user_id)?;
        note(tx, snapshot, context, session.user_id, false)?;
    }
    end_all_sessions(tx, context, session.user_id, Some(session.id))?;
    Ok(ChangedSecondStep { session: renew(tx, session, token)?, recovery_codes: Vec::new() })
}

/// The last second step stays where one is required; `others` are those that would be left.
pub(crate) fn refuse_last(snapshot: &Snapshot, session: &Session, others: i64) -> Result<()> {
    if others == 0 && must_have_second_step(snapshot, session) {
        return Err(EngineError::State("second_step_is_required").into());
    }
    Ok(())
}

/// New recovery codes instead of the old ones; answers them this once.
///
/// # Errors
/// `ConfirmationRequired`; `State("no_second_step")`; those of the system and of the database.
pub fn renew_recovery_codes(engine: &Engine, session: &Session, context: &RequestContext) -> Result<Vec<Secret>> {
    require_confirmed(session, engine.clock().now_ms())?;
    let codes = recovery::make()?;
    engine.write(|tx| {
        if !SecondStep::read(tx, session.user_id)?.is_set() {
            return Err(EngineError::State("no_second_step").into());
        }
        record(tx, context, Event::new(Kind::RecoveryCodesMade).on("user", session.user_id));
        recovery::replace(tx, session.user_id, &codes)?;
        Ok(codes.clone())
    })
}

/// Takes the second step of another user away: he has lost phone and recovery codes. His sessions end; the reason stands in his history.
/// Keepers of the users only.
///
/// # Errors
/// `Forbidden`, also for a user who may more; `NotFound`; `Invalid` at `/reason`; `State("own_second_step")` for one's own, `State("no_second_step")`; those of the database.
pub fn reset_second_step(engine: &Engine, context: &RequestContext, user_id: i64, reason: Option<&str>) -> Result<()> {
    refuse_all_but_keepers(context)?;
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > REASON_LENGTH) {
        return Err(IdentityError::invalid(vec![FieldError::new("reason", "too_long").with("max", REASON_LENGTH)]));
    }
    if context.actor.user_id() == Some(user_id) {
        return Err(EngineError::State("own_second_step").into());
    }
    let context = RequestContext { reason: reason.map(str::to_owned), ..context.clone() };
    let snapshot = engine.snapshot();
    engine.write(|tx| {
        stored_hash(tx, user_id)?;
        refuse_beyond(tx, &snapshot.catalog, &context, user_id)?;
        if !SecondStep::read(tx, user_id)?.is_set() {
            return Err(EngineError::State("no_second_step").into());
        }
        tx.execute("DELETE FROM code_generators WHERE user_id = ?", &[user_id.into()])?;
        tx.execute("DELETE FROM passkeys WHERE user_id = ?", &[user_id.into()])?;
        recovery::forget(tx, user_id)?;
        note(tx, &snapshot, &context, user_id, false)?;
        record(tx, &context, Event::new(Kind::SecondFactorRemoved).on("user", user_id).with("method", "all"));
        throttle::forgive(tx, &[Subject::second_step(user_id)])?;
        end_all_sessions(tx, &context, user_id, None)?;
        Ok(())
    })
}

/// Uses a code of the app or a recovery code up.
///
/// # Errors
/// `Invalid` at `/code`; those of the database.
pub(crate) fn use_code(tx: &mut Tx, user_id: i64, key: Option<&StoredKey>, code: &Secret, now_ms: i64) -> Result<()> {
    let Some(digits) = totp::read_code(code.expose()) else {
        return if recovery::use_up(tx, user_id, code.expose())? { Ok(()) } else { Err(wrong_code()) };
    };
    let Some(StoredKey { key, sealed, last_step }) = key else { return Err(wrong_code()) };
    let step = key.step_of(&digits, now_ms, *last_step).ok_or_else(wrong_code)?;
    // Of two processes that got the same code, one finds the step used.
    let sql = "UPDATE code_generators SET last_step = ? WHERE user_id = ? AND sealed_key = ? AND last_step < ?";
    let used = tx.execute(sql, &[step.into(), user_id.into(), sealed.as_str().into(), step.into()])?;
    if used == 1 { Ok(()) } else { Err(wrong_code()) }
}

/// A key of codes as it is stored, opened.
pub(crate) struct StoredKey {
    key: Key,
    sealed: String,
    last_step: i64,
}

/// The key of a user; `None` when he has none.
///
/// # Errors
/// `State("secret_key_changed")`; those of the database.
pub(crate) fn stored_key(engine: &Engine, user_id: i64) -> Result<Option<StoredKey>> {
    let sql = "SELECT sealed_key, last_step FROM code_generators WHERE user_id = ?";
    let Some(row) = engine.database().read(|tx| tx.query_optional(sql, &[user_id.into()]))? else { return Ok(None) };
    let sealed = row.text(0)?;
    Ok(Some(StoredKey { key: open_key(engine, user_id, &sealed)?, sealed, last_step: row.integer(1)? }))
}

fn open_key(engine: &Engine, user_id: i64, sealed: &str) -> Result<Key> {
    let bytes = engine.vault().open(&purpose(user_id), sealed)?;
    Key::from_bytes(&bytes).ok_or_else(|| EngineError::Stored(format!("the key of codes of user {user_id}")).into())
}

fn purpose(user_id: i64) -> String {
    format!("totp/{user_id}")
}

fn refuse_second_key(tx: &mut dyn Query, user_id: i64) -> Result<()> {
    match SecondStep::read(tx, user_id)?.code_since {
        Some(_) => Err(EngineError::State("codes_are_set_up").into()),
        None => Ok(()),
    }
}

/// The password of who is logged in; guesses are counted.
///
/// # Errors
/// `Invalid` at `/password`; `Throttled`, `Overloaded`; those of the database.
pub(crate) fn check_password_and_count(engine: &Engine, session: &Session, password: &Secret) -> Result<()> {
    check_password_or(engine, session, password, || Ok(false))
}

/// The same, where somebody else may know the password as his: asked when it is not that of this program.
pub(crate) fn check_password_or(
    engine: &Engine,
    session: &Session,
    password: &Secret,
    elsewhere: impl FnOnce() -> Result<bool>,
) -> Result<()> {
    let now = engine.clock().now_ms();
    let subjects = [Subject::current_password(session.user_id)];
    let stored = engine.database().read(|tx| {
        throttle::check(tx, &subjects, now)?;
        stored_hash(tx, session.user_id)
    })?;
    let turn = Turn::take()?;
    engine.database().write(|tx| throttle::reserve(tx, &subjects, now))?;
    let is_right = turn.verify(password, Some(&stored))?;
    drop(turn);
    if !is_right && !elsewhere()? {
        return Err(IdentityError::invalid(vec![FieldError::new("password", "wrong_password")]));
    }
    engine.database().write(|tx| throttle::forgive(tx, &subjects))
}

/// Writes into the record of a user whether he has a second step, by which lists and history know.
fn note(tx: &mut Tx, snapshot: &Snapshot, context: &RequestContext, user_id: i64, is_set: bool) -> Result<()> {
    let object_type = snapshot.object_type(USER_TYPE)?;
    let values = Values::from([(HAS_SECOND_STEP.to_owned(), json!(is_set))]);
    let change = Change::Update { id: user_id, base_version: None, values };
    // Trusted, because the record API does not write this field.
    apply_one(tx, snapshot.trusted_writer(), context, &object_type, change)?;
    Ok(())
}

pub(crate) fn wrong_code() -> IdentityError {
    IdentityError::invalid(vec![FieldError::new("code", "wrong_code")])
}
