//! Showing once more who one is, before one changes how one logs in (ASVS 7.5.1): the same steps as at the login, for the session that is there.
//!
//! What must stay true: whoever has a second step gives it here as well, so that a password alone never makes new recovery codes, keys or passkeys;
//! what was begun by one session confirms that session and no other; guesses are counted where those of the login are.

use database::Tx;
use record_engine::audit::{Event, Kind, record};
use record_engine::{Engine, EngineError};
use serde_json::{Value as Json, json};

use crate::audit::{holder, tell};
use crate::directory::is_own_password;
use crate::error::{IdentityError, Result};
use crate::login::{OpenSecondStep, second_step_subjects};
use crate::passkeys::{KeyRequest, Proof, Site, ask_for_key, challenge_of, prove};
use crate::providers::ProviderClient;
use crate::second_step::totp::read_code;
use crate::second_step::{SecondStep, check_password_or, stored_key, use_code};
use crate::secret::Secret;
use crate::sessions::{Client, Session};
use crate::throttle::{self, network_of};
use crate::tickets::{self, Purpose, Ticket};

/// The key in the data of a ticket under which the session stands.
const SESSION: &str = "session";

/// The password was given again: for a while one may change how one logs in, unless the second step is missing, which is answered. Whoever has an
/// account of a directory may give its password; that waits for the directory, so it belongs where waiting is allowed.
///
/// # Errors
/// `Invalid` at `/password`; `Throttled`, `Overloaded`, `DirectoryUnavailable`; those of the database.
pub fn confirm_session(
    engine: &Engine,
    providers: &ProviderClient,
    session: &Session,
    password: &Secret,
) -> Result<Option<OpenSecondStep>> {
    check_password_or(engine, session, password, || is_own_password(engine, providers, session.user_id, password))?;
    let token = Secret::random_token()?;
    engine.database().write(|tx| go_on(tx, session, false, &token, engine.clock().now_ms()))
}

/// What follows the first step: the second one, or the session is confirmed. `is_strong`: what he has shown stands for both steps.
pub(crate) fn go_on(
    tx: &mut Tx,
    session: &Session,
    is_strong: bool,
    token: &Secret,
    now_ms: i64,
) -> Result<Option<OpenSecondStep>> {
    let has = SecondStep::read(tx, session.user_id)?;
    if is_strong || !has.is_set() {
        confirmed(tx, session, now_ms)?;
        return Ok(None);
    }
    let ticket = Ticket { user_id: Some(session.user_id), data: json!({ SESSION: session.id }) };
    let expires_at = tickets::issue(tx, Purpose::Confirmation, token, &ticket, now_ms)?;
    Ok(Some(OpenSecondStep { ticket: token.clone(), expires_at, has }))
}

/// The second step of a confirmation: a code of the app, or a recovery code.
///
/// # Errors
/// `Invalid` at `/code`; `SignInExpired`, `Throttled`; `State("secret_key_changed")`; those of the database.
pub fn confirm_with_code(
    engine: &Engine,
    session: &Session,
    ticket: &Secret,
    code: &Secret,
    client: &Client,
) -> Result<()> {
    let (now, user_id) = (engine.clock().now_ms(), session.user_id);
    let subjects = engine.database().write(|tx| {
        own(&tickets::find(tx, Purpose::Confirmation, ticket, now)?, session)?;
        let subjects = second_step_subjects(tx, user_id, &network_of(client.address))?;
        throttle::reserve(tx, &subjects, now)?;
        Ok::<_, IdentityError>(subjects)
    })?;
    // A recovery code works without the key, also when the key cannot be read.
    let key = if read_code(code.expose()).is_some() { stored_key(engine, user_id)? } else { None };
    let method = if key.is_some() { "code" } else { "recovery_code" };
    let done = engine.write(|tx| {
        use_code(tx, user_id, key.as_ref(), code, now)?;
        tickets::take(tx, Purpose::Confirmation, ticket, now)?;
        throttle::forgive(tx, &subjects)?;
        record(tx, &holder(client, session.id, now), shown(session, method));
        confirmed(tx, session, now)
    });
    if let Err(IdentityError::Engine(EngineError::Invalid(_))) = done {
        refuse(engine, session, client, method, now)?;
    }
    done
}

/// Begins the second step of a confirmation with a passkey.
///
/// # Errors
/// `SignInExpired`; those of the system and of the database.
pub fn begin_passkey_confirmation(engine: &Engine, session: &Session, ticket: &Secret) -> Result<KeyRequest> {
    let now = engine.clock().now_ms();
    let challenge = Secret::random_token()?;
    engine.database().write(|tx| {
        let found = tickets::find(tx, Purpose::Confirmation, ticket, now)?;
        own(&found, session)?;
        ask_for_key(tx, ticket, &found, session.user_id, &challenge)
    })
}

/// The second step of a confirmation: a passkey.
///
/// # Errors
/// `SignInExpired`, `WrongPasskey`, `Throttled`; those of the database.
pub fn confirm_with_passkey(
    engine: &Engine,
    session: &Session,
    site: &Site,
    ticket: &Secret,
    proof: &Proof,
    client: &Client,
) -> Result<()> {
    let (now, user_id) = (engine.clock().now_ms(), session.user_id);
    let subjects = engine.database().write(|tx| {
        own(&tickets::find(tx, Purpose::Confirmation, ticket, now)?, session)?;
        let subjects = second_step_subjects(tx, user_id, &network_of(client.address))?;
        throttle::reserve(tx, &subjects, now)?;
        Ok::<_, IdentityError>(subjects)
    })?;
    let done = engine.write(|tx| {
        let asked = tickets::take(tx, Purpose::Confirmation, ticket, now)?;
        own(&asked, session)?;
        prove(tx, site, challenge_of(&asked), proof, Some(user_id), now)?;
        throttle::forgive(tx, &subjects)?;
        record(tx, &holder(client, session.id, now), shown(session, "passkey"));
        confirmed(tx, session, now)
    });
    if let Err(IdentityError::WrongPasskey) = done {
        refuse(engine, session, client, "passkey", now)?;
    }
    done
}

/// What one session has begun no other one finishes, not even of the same person.
fn own(ticket: &Ticket, session: &Session) -> Result<()> {
    let is_own =
        ticket.user_id == Some(session.user_id) && ticket.data.get(SESSION).and_then(Json::as_i64) == Some(session.id);
    if is_own { Ok(()) } else { Err(IdentityError::SignInExpired) }
}

fn confirmed(tx: &mut Tx, session: &Session, now_ms: i64) -> Result<()> {
    tx.execute("UPDATE sessions SET confirmed_at = ? WHERE id = ?", &[now_ms.into(), session.id.into()])?;
    Ok(())
}

fn shown(session: &Session, method: &str) -> Event {
    Event::new(Kind::SecondFactor).by(session.user_id).with("method", method)
}

fn refuse(engine: &Engine, session: &Session, client: &Client, method: &str, now_ms: i64) -> Result<()> {
    let event = Event::new(Kind::SecondFactor).failed().on("user", session.user_id).with("method", method);
    tell(engine, &holder(client, session.id, now_ms), &event)
}
