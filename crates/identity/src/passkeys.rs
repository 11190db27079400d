//! Passkeys: keys on the device of a user, which a fingerprint or its PIN opens. They are a second step, and a login without a password.
//!
//! What must stay true: a challenge is answered once; a key works for the site that it was made for; who has one has a second step, with
//! recovery codes; the person is verified by the device, so that a found phone is not enough.

mod cbor;
mod webauthn;

use database::{DatabaseError, Query, Tx};
use record_engine::audit::{Event, Kind, record};
use record_engine::{Engine, EngineError, FieldError, RequestContext};
use serde_json::{Value as Json, json};

use crate::audit::{refused, stranger, tell};
use crate::error::{IdentityError, Result};
use crate::login::{arrive, arrive_through, closed_to, refuse_second_step, second_step_subjects, through_of};
use crate::passkeys::webauthn::{ALGORITHMS, accept, verify};
use crate::second_step::{self, ChangedSecondStep, SecondStep, added, check_password_and_count, refuse_last, removed};
use crate::secret::Secret;
use crate::sessions::{Client, NewSession, Session, require_confirmed};
use crate::throttle::{self, Subject, network_of};
use crate::tickets::{self, Purpose, Ticket};
use crate::working_hours::note_closed;

pub use webauthn::{NewKey, Proof, Site};

/// Longest name, in characters.
const MAX_NAME_LENGTH: usize = 100;
/// Most passkeys of a user.
const MAX_PASSKEYS: i64 = 20;

/// The key in the data of a ticket under which the challenge stands.
const CHALLENGE: &str = "challenge";

/// A passkey in the list of its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its id.
    pub id: i64,
    /// What its owner called it.
    pub name: String,
    /// When it was made, milliseconds UTC.
    pub created_at: i64,
    /// When it last opened a session, milliseconds UTC.
    pub last_used_at: Option<i64>,
}

/// What a browser needs to make a key.
#[derive(Clone, Debug)]
pub struct KeyRequest {
    /// For the next step.
    pub ticket: Secret,
    /// What the key signs, base64url.
    pub challenge: Secret,
    /// Ids of keys: those that are there already, or, at a login, those that may answer. Empty for any.
    pub keys: Vec<String>,
    /// Algorithms of COSE, best first.
    pub algorithms: [i64; 3],
}

/// The own passkeys, the newest first.
///
/// # Errors
/// Those of the database.
pub fn list_passkeys(engine: &Engine, user_id: i64) -> Result<Vec<Passkey>> {
    const SQL: &str = "SELECT id, name, created_at, last_used_at FROM passkeys WHERE user_id = ? ORDER BY id DESC";
    let rows = engine.database().read(|tx| tx.query(SQL, &[user_id.into()]))?;
    let passkey = |row: &database::Row| {
        Ok(Passkey {
            id: row.integer(0)?,
            name: row.text(1)?,
            created_at: row.integer(2)?,
            last_used_at: row.optional_integer(3)?,
        })
    };
    rows.iter().map(passkey).collect()
}

/// Begins to make a passkey.
///
/// # Errors
/// `ConfirmationRequired`; `State("too_many_passkeys")`; those of the system and of the database.
pub fn begin_passkey(engine: &Engine, session: &Session) -> Result<KeyRequest> {
    let now = engine.clock().now_ms();
    require_confirmed(session, now)?;
    let (ticket, challenge) = (Secret::random_token()?, Secret::random_token()?);
    let stored = asking(Some(session.user_id), &challenge);
    engine.database().write(|tx| {
        let keys = key_ids(tx, session.user_id)?;
        if i64::try_from(keys.len()).is_ok_and(|count| count >= MAX_PASSKEYS) {
            return Err(EngineError::State("too_many_passkeys").into());
        }
        tickets::issue(tx, Purpose::Passkey, &ticket, &stored, now)?;
        Ok(KeyRequest { ticket: ticket.clone(), challenge: challenge.clone(), keys, algorithms: ALGORITHMS })
    })
}

/// Stores a passkey that the browser has made. All other sessions end.
///
/// # Errors
/// `Invalid` at `/name`; `SignInExpired`, `WrongPasskey`, `ConfirmationRequired`; those of the database.
pub fn create_passkey(
    engine: &Engine,
    session: &Session,
    context: &RequestContext,
    site: &Site,
    ticket: &Secret,
    name: &str,
    key: &NewKey,
) -> Result<ChangedSecondStep> {
    let now = engine.clock().now_ms();
    require_confirmed(session, now)?;
    let name = name.trim();
    if name.is_empty() {
        return Err(IdentityError::invalid(vec![FieldError::new("name", "required")]));
    }
    if name.chars().count() > MAX_NAME_LENGTH {
        return Err(IdentityError::invalid(vec![FieldError::new("name", "too_long").with("max", MAX_NAME_LENGTH)]));
    }
    let (codes, token) = (second_step::recovery::make()?, Secret::random_token()?);
    let snapshot = engine.snapshot();
    let stored = engine.write(|tx| {
        let asked = tickets::take(tx, Purpose::Passkey, ticket, now)?;
        if asked.user_id != Some(session.user_id) {
            return Err(IdentityError::SignInExpired);
        }
        let accepted = accept(site, challenge_of(&asked), key).ok_or(IdentityError::WrongPasskey)?;
        let id = tx.allocate_ids("passkeys", 1)?.into_iter().next();
        tx.insert_many(
            "passkeys",
            &["id", "user_id", "name", "credential_id", "public_key", "sign_count", "created_at"],
            &[vec![
                id.into(),
                session.user_id.into(),
                name.into(),
                accepted.id.into(),
                accepted.public_key.into(),
                i64::from(accepted.sign_count).into(),
                now.into(),
            ]],
        )?;
        let event = Event::new(Kind::SecondFactorAdded).on("user", session.user_id).with("method", "passkey");
        record(tx, context, event);
        added(tx, &snapshot, session, context, &codes, &token)
    });
    stored.map_err(|error| match error {
        // A key with the id of another one is a forgery: ids are random.
        IdentityError::Engine(EngineError::Database(DatabaseError::Unique { table, .. })) if table == "passkeys" => {
            IdentityError::WrongPasskey
        }
        other => other,
    })
}

/// Takes a passkey away. It takes the password, and for the last second step a recovery code, too.
///
/// # Errors
/// `NotFound`; `Invalid` at `/password` or `/code`; `State("second_step_is_required")`; `Throttled`, `Overloaded`; those of the database.
pub fn remove_passkey(
    engine: &Engine,
    session: &Session,
    context: &RequestContext,
    id: i64,
    password: &Secret,
    code: Option<&Secret>,
) -> Result<ChangedSecondStep> {
    let (now, user_id) = (engine.clock().now_ms(), session.user_id);
    let snapshot = engine.snapshot();
    let has = engine.database().read(|tx| {
        const SQL: &str = "SELECT id FROM passkeys WHERE id = ? AND user_id = ?";
        tx.query_optional(SQL, &[id.into(), user_id.into()])?.ok_or(EngineError::NotFound)?;
        SecondStep::read(tx, user_id)
    })?;
    let others_of = |has: &SecondStep| has.passkeys - 1 + i64::from(has.code_since.is_some());
    let others = others_of(&has);
    refuse_last(&snapshot, session, others)?;
    check_password_and_count(engine, session, password)?;
    let subjects = [Subject::second_step(user_id)];
    if others == 0 {
        engine.database().write(|tx| throttle::reserve(tx, &subjects, now))?;
    }
    let token = Secret::random_token()?;
    engine.write(|tx| {
        // Another may have gone while the password was looked at.
        let others = others_of(&second_step::read_alone(tx, user_id)?);
        refuse_last(&snapshot, session, others)?;
        if others == 0 {
            let code = code.ok_or_else(second_step::wrong_code)?;
            second_step::use_code(tx, user_id, None, code, now)?;
            throttle::forgive(tx, &subjects)?;
        }
        tx.execute("DELETE FROM passkeys WHERE id = ? AND user_id = ?", &[id.into(), user_id.into()])?;
        record(tx, context, Event::new(Kind::SecondFactorRemoved).on("user", user_id).with("method", "passkey"));
        removed(tx, &snapshot, session, context, &token)
    })
}

/// Begins a login without a password: any passkey of the site may answer.
///
/// # Errors
/// `Throttled`; those of the system and of the database.
pub fn begin_passkey_login(engine: &Engine, client: &Client) -> Result<KeyRequest> {
    let now = engine.clock().now_ms();
    let subjects = [Subject::passkey_network(&network_of(client.address))];
    engine.database().write(|tx| throttle::reserve(tx, &subjects, now))?;
    let (ticket, challenge) = (Secret::random_token()?, Secret::random_token()?);
    let stored = asking(None, &challenge);
    engine.database().write(|tx| tickets::issue(tx, Purpose::Passkey, &ticket, &stored, now))?;
    Ok(KeyRequest { ticket, challenge, keys: Vec::new(), algorithms: ALGORITHMS })
}

/// Opens a session for who has proved to have a passkey.
///
/// # Errors
/// `SignInExpired`, `WrongPasskey`, `Throttled`, `OutsideHours`; those of the database.
pub fn log_in_with_passkey(
    engine: &Engine,
    site: &Site,
    ticket: &Secret,
    proof: &Proof,
    client: &Client,
) -> Result<NewSession> {
    let now = engine.clock().now_ms();
    let subjects = [Subject::network(&network_of(client.address))];
    let refuse = |user_id: Option<i64>, reason: &str, error: IdentityError| {
        let event = refused(client, user_id, reason).with("method", "passkey");
        tell(engine, &stranger(client, now), &event).err().unwrap_or(error)
    };
    let counted = engine.database().write(|tx| throttle::reserve(tx, &subjects, now));
    counted.map_err(|error| match error {
        IdentityError::Throttled { .. } => refuse(None, "throttled", error),
        other => other,
    })?;
    // Taken for itself: a challenge that was answered wrongly is not answered again.
    let asked = engine.database().write(|tx| tickets::take(tx, Purpose::Passkey, ticket, now))?;
    if asked.user_id.is_some() {
        return Err(IdentityError::SignInExpired);
    }
    let token = Secret::random_token()?;
    let snapshot = engine.snapshot();
    let mut proved = None;
    let arrived = engine.write(|tx| {
        proved = None;
        let user_id = prove(tx, site, challenge_of(&asked), proof, None, now)?;
        proved = Some(user_id);
        if closed_to(tx, engine, &snapshot, user_id)?.is_some() {
            return Err(IdentityError::WrongPasskey);
        }
        throttle::forgive(tx, &subjects)?;
        arrive(tx, user_id, &token, client, now).map_err(|error| match error {
            // He is deactivated, which a stranger is not told.
            IdentityError::SignInExpired => IdentityError::WrongPasskey,
            other => other,
        })
    });
    let opened = arrived.map_err(|error| match (&error, proved) {
        (IdentityError::WrongPasskey, None) => refuse(None, "wrong_passkey", error),
        (IdentityError::WrongPasskey, Some(_)) => refuse(proved, "deactivated", error),
        _ => error,
    });
    note_closed(engine, client, &subjects, opened)
}

/// Begins the second step of a login with a passkey.
///
/// # Errors
/// `SignInExpired`; those of the system and of the database.
pub fn begin_passkey_step(engine: &Engine, ticket: &Secret) -> Result<KeyRequest> {
    let now = engine.clock().now_ms();
    let challenge = Secret::random_token()?;
    engine.database().write(|tx| {
        let found = tickets::find(tx, Purpose::SecondStep, ticket, now)?;
        ask_for_key(tx, ticket, &found, found.owner()?, &challenge)
    })
}

/// Notes a challenge with a ticket, beside what stands there, for the keys of a user.
pub(crate) fn ask_for_key(
    tx: &mut Tx,
    ticket: &Secret,
    found: &Ticket,
    user_id: i64,
    challenge: &Secret,
) -> Result<KeyRequest> {
    let mut data = found.data.as_object().cloned().unwrap_or_default();
    data.insert(CHALLENGE.into(), challenge.expose().into());
    tickets::note(tx, ticket, &data.into())?;
    let keys = key_ids(tx, user_id)?;
    Ok(KeyRequest { ticket: ticket.clone(), challenge: challenge.clone(), keys, algorithms: ALGORITHMS })
}

/// The second step of a login: a passkey.
///
/// # Errors
/// `SignInExpired`, `WrongPasskey`, `Throttled`, `OutsideHours`; those of the database.
pub fn finish_login_with_passkey(
    engine: &Engine,
    site: &Site,
    ticket: &Secret,
    proof: &Proof,
    client: &Client,
) -> Result<NewSession> {
    let now = engine.clock().now_ms();
    let network = network_of(client.address);
    let (user_id, subjects) = engine.database().write(|tx| {
        let user_id = tickets::find(tx, Purpose::SecondStep, ticket, now)?.owner()?;
        let subjects = second_step_subjects(tx, user_id, &network)?;
        throttle::reserve(tx, &subjects, now)?;
        Ok::<_, IdentityError>((user_id, subjects))
    })?;
    let token = Secret::random_token()?;
    let finished = engine.write(|tx| {
        let asked = tickets::take(tx, Purpose::SecondStep, ticket, now)?;
        prove(tx, site, challenge_of(&asked), proof, Some(user_id), now)?;
        throttle::forgive(tx, &subjects)?;
        let event = Event::new(Kind::SecondFactor).by(user_id).with("method", "passkey");
        record(tx, &stranger(client, now), event);
        arrive_through(tx, user_id, &token, client, now, through_of(&asked))
    });
    if let Err(IdentityError::WrongPasskey) = finished {
        refuse_second_step(engine, client, user_id, "passkey", now)?;
    }
    note_closed(engine, client, &subjects, finished)
}

/// Whose passkey has answered; `owner` when only his may.
pub(crate) fn prove(
    tx: &mut Tx,
    site: &Site,
    challenge: &str,
    proof: &Proof,
    owner: Option<i64>,
    now_ms: i64,
) -> Result<i64> {
    const SQL: &str = "SELECT id, user_id, public_key, sign_count FROM passkeys WHERE credential_id = ?";
    let id = proof.id.trim_end_matches('=');
    let row = tx.query_optional(SQL, &[id.into()])?.ok_or(IdentityError::WrongPasskey)?;
    let (key_id, user_id, stored_count) = (row.integer(0)?, row.integer(1)?, row.integer(3)?);
    if challenge.is_empty() || owner.is_some_and(|owner| owner != user_id) {
        return Err(IdentityError::WrongPasskey);
    }
    let before = u32::try_from(stored_count).unwrap_or(u32::MAX);
    let count = verify(site, challenge, proof, row.text_str(2)?, before).ok_or(IdentityError::WrongPasskey)?;
    // Of two processes that got one signature of a key that counts, one finds the count moved.
    let sql = "UPDATE passkeys SET sign_count = ?, last_used_at = ? WHERE id = ? AND sign_count = ?";
    let params = [i64::from(count).into(), now_ms.into(), key_id.into(), stored_count.into()];
    if tx.execute(sql, &params)? == 1 { Ok(user_id) } else { Err(IdentityError::WrongPasskey) }
}

fn key_ids(tx: &mut dyn Query, user_id: i64) -> Result<Vec<String>> {
    let rows = tx.query("SELECT credential_id FROM passkeys WHERE user_id = ? ORDER BY id", &[user_id.into()])?;
    rows.iter().map(|row| Ok(row.text(0)?)).collect()
}

fn asking(user_id: Option<i64>, challenge: &Secret) -> Ticket {
    Ticket { user_id, data: json!({ CHALLENGE: challenge.expose() }) }
}

pub(crate) fn challenge_of(ticket: &Ticket) -> &str {
    ticket.data.get(CHALLENGE).and_then(Json::as_str).unwrap_or_default()
}
