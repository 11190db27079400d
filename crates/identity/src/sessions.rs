//! Sessions: who is logged in, on which device, until when.
//!
//! What must stay true: a session is a row, so ending it works at once in every process; a token is known only to its holder.

use std::net::IpAddr;
use std::sync::Arc;

use database::{Backend, DatabaseError, Query, Tx};
use record_engine::access::Access;
use record_engine::audit::{Event, Kind, record};
use record_engine::formats::OwnFormats;
use record_engine::{Clock, Engine, EngineError, RequestContext, Source, outbox};
use serde_json::json;

use crate::audit::holder;
use crate::error::{IdentityError, Result};
use crate::roles::refuse_beyond;
use crate::secret::Secret;
use crate::tickets;
use crate::working_hours::{closed_reason, end_session, require_open};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// A session that nobody uses for so long is over.
const IDLE_LIMIT_MS: i64 = 14 * DAY_MS;
/// A session is over after so long, however much it is used.
const ABSOLUTE_LIMIT_MS: i64 = 90 * DAY_MS;
/// For so long after a login, or after the password was given again, one may change how one logs in (ASVS 7.5.1).
const CONFIRMED_MS: i64 = 15 * MINUTE_MS;
/// The last use is noted at most this often.
const TOUCH_EVERY_MS: i64 = MINUTE_MS;
/// Most characters of a browser's name that are kept.
const USER_AGENT_LENGTH: usize = 300;

/// The device at the other end.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its address, as seen behind trusted proxies.
    pub address: IpAddr,
    /// What it says about itself.
    pub user_agent: Option<String>,
}

/// A session that was just opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// For the cookie; it is not stored and cannot be asked for again.
    pub token: Secret,
    /// Whose session it is.
    pub user_id: i64,
    /// When it ends at the latest, milliseconds UTC.
    pub expires_at: i64,
}

/// Who is behind a token.
#[derive(Clone, Debug)]
pub struct Session {
    /// Id of the session.
    pub id: i64,
    /// Record id of the user.
    pub user_id: i64,
    /// His name.
    pub name: String,
    /// His login.
    pub login: String,
    /// Id of the file with his face.
    pub photo: Option<String>,
    /// What he may do now.
    pub access: Arc<Access>,
    /// Language of his interface: `ru`, `uk` or `en`.
    pub language: String,
    /// IANA name of his time zone.
    pub time_zone: String,
    /// `system`, `light` or `dark`; `None` if he never chose.
    pub theme: Option<String>,
    /// `comfortable` or `dense`; `None` if he never chose.
    pub density: Option<String>,
    /// What he has chosen of the formats of dates and numbers.
    pub formats: OwnFormats,
    /// When he last showed who he is, milliseconds UTC: by the login, or by his password since.
    pub confirmed_at: i64,
    /// When the session ends at the latest, milliseconds UTC.
    pub expires_at: i64,
    /// Whether he has a second step of login.
    pub has_second_step: bool,
    /// Whether one of his own roles asks for one, also while he sees as somebody else.
    pub needs_second_step: bool,
    /// An identity provider opened it whose login stands for both steps.
    pub is_strong: bool,
    /// Ids of the saved views that stand in his menu, in their order.
    pub pinned_views: Vec<i64>,
    /// Ids of the saved views that he sees first, one for each type and section.
    pub default_views: Vec<i64>,
    /// When his working hours end, milliseconds UTC; `None` when no end is near.
    pub open_until: Option<i64>,
    /// The administrator who looks with the eyes of this user, and changes nothing meanwhile: his id and name.
    pub seen_by: Option<(i64, String)>,
}

impl Session {
    /// The context of a request of this session.
    pub fn context(&self, source: Source, clock: &Clock) -> RequestContext {
        let context = RequestContext::of(self.user_id, self.access.clone(), source, clock);
        RequestContext { language: self.language.clone(), ..context }.in_zone(&self.time_zone)
    }
}

/// A session in the list of its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Id of the session.
    pub id: i64,
    /// When it was opened, milliseconds UTC.
    pub created_at: i64,
    /// When it was last used, to the minute, milliseconds UTC.
    pub last_seen_at: i64,
    /// From which address it was opened.
    pub address: Option<String>,
    /// With which program.
    pub user_agent: Option<String>,
}

/// The identity provider by which somebody came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Through {
    pub provider_id: i64,
    /// The login there stands for both steps, as long as the provider says so.
    pub is_strong: bool,
}

/// Opens a session in the caller's transaction, within the working hours of the user. `token` is made outside, because a transaction may run twice.
pub(crate) fn open_session(
    tx: &mut Tx,
    user_id: i64,
    token: &Secret,
    client: &Client,
    now_ms: i64,
) -> Result<NewSession> {
    open_session_through(tx, user_id, token, client, now_ms, None)
}

/// [`open_session`] for somebody who came by an identity provider.
pub(crate) fn open_session_through(
    tx: &mut Tx,
    user_id: i64,
    token: &Secret,
    client: &Client,
    now_ms: i64,
    through: Option<Through>,
) -> Result<NewSession> {
    require_open(tx, user_id, now_ms)?;
    tx.execute(
        "DELETE FROM sessions WHERE expires_at <= ? OR last_seen_at <= ?",
        &[now_ms.into(), (now_ms - IDLE_LIMIT_MS).into()],
    )?;
    let id = tx.allocate_ids("sessions", 1)?.into_iter().next();
    let user_agent = client.user_agent.as_ref().map(|text| text.chars().take(USER_AGENT_LENGTH).collect::<String>());
    let expires_at = now_ms + ABSOLUTE_LIMIT_MS;
    let event = Event::new(Kind::Login).by(user_id).with("user_agent", user_agent.clone());
    let event = match through {
        Some(Through { provider_id, .. }) => event.with("provider_id", provider_id),
        None => event,
    };
    record(tx, &holder(client, id.unwrap_or_default(), now_ms), event);
    tx.insert_many(
        "sessions",
        &[
            "id",
            "token_hash",
            "user_id",
            "created_at",
            "last_seen_at",
            "confirmed_at",
            "expires_at",
            "address",
            "user_agent",
            "provider_id",
            "is_strong",
        ],
        &[vec![
            id.into(),
            token.token_hash().into(),
            user_id.into(),
            now_ms.into(),
            now_ms.into(),
            now_ms.into(),
            expires_at.into(),
            client.address.to_canonical().to_string().into(),
            user_agent.into(),
            through.map(|through| through.provider_id).into(),
            i64::from(through.is_some_and(|through| through.is_strong)).into(),
        ]],
    )?;
    Ok(NewSession { token: token.clone(), user_id, expires_at })
}

/// The session of a token; `None` when there is none, it is over, its user is deactivated, or his working hours or his last day are over, which ends it.
///
/// # Errors
/// Those of the database; `Stored` for a role that the program does not know.
pub fn authenticate(engine: &Engine, token: &Secret) -> Result<Option<Session>> {
    const SQL: &str = "SELECT s.id, s.last_seen_at, u.id, u.name, u.login, u.language, u.time_zone, p.theme, p.density, p.pinned_views, p.default_views, s.seen_as, \
        s.confirmed_at, s.expires_at, u.has_second_step, s.is_strong, i.is_second_step, u.photo, p.formats \
        FROM sessions s LEFT JOIN identity_providers i ON i.id = s.provider_id AND i.is_active = 1 JOIN \"user\" u ON u.id = s.user_id LEFT JOIN user_preferences p ON p.user_id = u.id \
        WHERE s.token_hash = ? AND s.expires_at > ? AND s.last_seen_at > ? AND u.is_active = 1 AND u.deleted_at IS NULL";
    let now = engine.clock().now_ms();
    let params = [token.token_hash().into(), now.into(), (now - IDLE_LIMIT_MS).into()];
    let snapshot = engine.snapshot();
    let found = engine.database().read(|tx| {
        let Some(row) = tx.query_optional(SQL, &params)? else { return Ok::<_, IdentityError>(None) };
        let user_id = row.integer(2)?;
        let Some(access) = engine.access(tx, &snapshot, user_id)? else { return Ok(None) };
        Ok(Some((row, access, require_open(tx, user_id, now))))
    })?;
    let Some((row, access, hours)) = found else { return Ok(None) };
    let open_until = match hours {
        Err(error) => match closed_reason(&error) {
            Some(closed) => {
                end_session(engine, row.integer(0)?, closed)?;
                return Ok(None);
            }
            None => return Err(error),
        },
        Ok(open_until) => open_until,
    };
    let session = Session {
        id: row.integer(0)?,
        user_id: row.integer(2)?,
        name: row.text(3)?,
        login: row.optional_text(4)?.unwrap_or_default(),
        photo: row.optional_text(17)?,
        needs_second_step: access.needs_second_step(),
        access,
        language: row.text(5)?,
        time_zone: row.text(6)?,
        theme: row.optional_text(7)?,
        density: row.optional_text(8)?,
        formats: own_formats(row.optional_text(18)?)?,
        pinned_views: ids(row.optional_text(9)?)?,
        default_views: ids(row.optional_text(10)?)?,
        confirmed_at: row.integer(12)?,
        expires_at: row.integer(13)?,
        has_second_step: row.optional_integer(14)? == Some(1),
        open_until,
        is_strong: row.integer(15)? == 1 && row.optional_integer(16)? == Some(1),
        seen_by: None,
    };
    if now - row.integer(1)? >= TOUCH_EVERY_MS {
        touch(engine, session.id, now)?;
    }
    match row.optional_integer(11)? {
        Some(seen) if session.access.is_administrator() => with_eyes_of(engine, session, seen).map(Some),
        _ => Ok(Some(session)),
    }
}

/// Whether a session goes on, under whatever token.
///
/// # Errors
/// Those of the database.
pub fn is_session_open(engine: &Engine, id: i64) -> Result<bool> {
    let sql = "SELECT id FROM sessions WHERE id = ?";
    Ok(engine.database().read(|tx| tx.query_optional(sql, &[id.into()]))?.is_some())
}

/// Whether a session of a user is neither over nor forgotten, and his hours are open.
pub(crate) fn session_stands(
    tx: &mut dyn Query,
    id: i64,
    user_id: i64,
    now_ms: i64,
) -> std::result::Result<bool, EngineError> {
    const SQL: &str = "SELECT id FROM sessions WHERE id = ? AND user_id = ? AND expires_at > ? AND last_seen_at > ?";
    let params = [id.into(), user_id.into(), now_ms.into(), (now_ms - IDLE_LIMIT_MS).into()];
    if tx.query_optional(SQL, &params)?.is_none() {
        return Ok(false);
    }
    match require_open(tx, user_id, now_ms) {
        Ok(_) => Ok(true),
        Err(error) if closed_reason(&error).is_some() => Ok(false),
        Err(IdentityError::Engine(error)) => Err(error),
        Err(error) => Err(EngineError::Stored(error.to_string())),
    }
}

/// The session as the user `seen` has it, for the administrator whose session it is; his own when that user is not active any more.
fn with_eyes_of(engine: &Engine, session: Session, seen: i64) -> Result<Session> {
    let snapshot = engine.snapshot();
    let found = engine.database().read(|tx| {
        let sql = "SELECT name, login, photo FROM \"user\" WHERE id = ?";
        let Some(row) = tx.query_optional(sql, &[seen.into()])? else { return Ok::<_, IdentityError>(None) };
        Ok(engine.access(tx, &snapshot, seen)?.map(|access| (row, access)))
    })?;
    let Some((row, access)) = found else { return Ok(session) };
    Ok(Session {
        user_id: seen,
        name: row.text(0)?,
        login: row.optional_text(1)?.unwrap_or_default(),
        photo: row.optional_text(2)?,
        access,
        pinned_views: Vec::new(),
        default_views: Vec::new(),
        seen_by: Some((session.user_id, session.name)),
        ..session
    })
}

/// From now on the session sees what another user sees, and changes nothing. For administrators.
///
/// # Errors
/// `Forbidden`, `NotFound` without such an active user; those of the database.
pub fn see_as(engine: &Engine, session: &Session, context: &RequestContext, user_id: i64) -> Result<()> {
    if !session.access.is_administrator() || session.seen_by.is_some() {
        return Err(EngineError::Forbidden.into());
    }
    let snapshot = engine.snapshot();
    engine.write(|tx| {
        engine.access(tx, &snapshot, user_id)?.ok_or(EngineError::NotFound)?;
        record(tx, context, Event::new(Kind::SeenAs).on("user", user_id));
        store_seen(tx, session.id, Some(user_id))
    })
}

/// The session is its owner's again.
///
/// # Errors
/// Those of the database.
pub fn stop_seeing_as(engine: &Engine, session: &Session) -> Result<()> {
    engine.write(|tx| store_seen(tx, session.id, None))
}

fn store_seen(tx: &mut Tx, session_id: i64, seen: Option<i64>) -> Result<()> {
    tx.execute("UPDATE sessions SET seen_as = ? WHERE id = ?", &[seen.into(), session_id.into()])?;
    Ok(())
}

fn ids(stored: Option<String>) -> Result<Vec<i64>> {
    let Some(text) = stored else { return Ok(Vec::new()) };
    serde_json::from_str(&text).map_err(|_| EngineError::Stored(format!("views {text}")).into())
}

/// The formats that somebody has chosen, out of his preferences.
pub(crate) fn own_formats(stored: Option<String>) -> Result<OwnFormats> {
    let Some(text) = stored else { return Ok(OwnFormats::default()) };
    serde_json::from_str(&text).map_err(|_| EngineError::Stored(format!("formats {text}")).into())
}

fn touch(engine: &Engine, id: i64, now_ms: i64) -> Result<()> {
    let sql = "UPDATE sessions SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?";
    let touched = engine.database().write(|tx| tx.execute(sql, &[now_ms.into(), id.into(), now_ms.into()]));
    match touched {
        // A request that only reads must not fail because the writer is busy; the next one notes the use.
        Ok(_) | Err(DatabaseError::Busy(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The open sessions of a user, the last used first.
///
/// # Errors
/// Those of the database.
pub fn list_sessions(engine: &Engine, user_id: i64) -> Result<Vec<OpenSession>> {
    const SQL: &str = "SELECT id, created_at, last_seen_at, address, user_agent FROM sessions \
        WHERE user_id = ? AND expires_at > ? AND last_seen_at > ? ORDER BY last_seen_at DESC, id DESC";
    let now = engine.clock().now_ms();
    let params = [user_id.into(), now.into(), (now - IDLE_LIMIT_MS).into()];
    let rows = engine.database().read(|tx| tx.query(SQL, &params))?;
    let open = |row: &database::Row| {
        Ok(OpenSession {
            id: row.integer(0)?,
            created_at: row.integer(1)?,
            last_seen_at: row.integer(2)?,
            address: row.optional_text(3)?,
            user_agent: row.optional_text(4)?,
        })
    };
    rows.iter().map(open).collect()
}

/// The open sessions of another user. Keepers of the users only.
///
/// # Errors
/// `Forbidden`; those of the database.
pub fn list_sessions_of(engine: &Engine, context: &RequestContext, user_id: i64) -> Result<Vec<OpenSession>> {
    let catalog = engine.snapshot().catalog.clone();
    engine.database().read(|tx| refuse_beyond(tx, &catalog, context, user_id))?;
    list_sessions(engine, user_id)
}

/// Refuses what may follow a recent login only.
///
/// # Errors
/// `ConfirmationRequired`.
pub fn require_confirmed(session: &Session, now_ms: i64) -> Result<()> {
    if now_ms - session.confirmed_at <= CONFIRMED_MS { Ok(()) } else { Err(IdentityError::ConfirmationRequired) }
}

/// Refuses, in the transaction of the write, what a session would leave behind that has just ended: a key made by it would outlive a new password.
pub(crate) fn require_standing(tx: &mut Tx, session: &Session) -> Result<()> {
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let stands = tx.query_optional(&format!("SELECT id FROM sessions WHERE id = ?{lock}"), &[session.id.into()])?;
    stands.map(drop).ok_or(IdentityError::ConfirmationRequired)
}

/// Gives a session another token, because its rights changed: who has seen the old one has nothing.
pub(crate) fn renew(tx: &mut Tx, session: &Session, token: &Secret) -> Result<NewSession> {
    let sql = "UPDATE sessions SET token_hash = ? WHERE id = ?";
    match tx.execute(sql, &[token.token_hash().into(), session.id.into()])? {
        1 => Ok(NewSession { token: token.clone(), user_id: session.user_id, expires_at: session.expires_at }),
        _ => Err(EngineError::NotFound.into()),
    }
}

/// Ends one session: an own one, or, for administrators, anybody's.
///
/// # Errors
/// `NotFound` when there is no such session or it is not the actor's to end; those of the database.
pub fn revoke_session(engine: &Engine, context: &RequestContext, id: i64) -> Result<()> {
    let catalog = engine.snapshot().catalog.clone();
    engine.write(|tx| {
        let owner = tx.query_optional("SELECT user_id FROM sessions WHERE id = ?", &[id.into()])?;
        let owner = owner.map(|row| row.integer(0)).transpose()?.ok_or(EngineError::NotFound)?;
        if context.actor.user_id() != Some(owner) && refuse_beyond(tx, &catalog, context, owner).is_err() {
            return Err(EngineError::NotFound.into());
        }
        tx.execute("DELETE FROM sessions WHERE id = ?", &[id.into()])?;
        announce_end(tx, context, owner)?;
        record(tx, context, Event::new(Kind::SessionEnded).on("user", owner).with("session_id", id));
        Ok::<(), IdentityError>(())
    })
}

/// Ends all sessions of another user. Keepers of the users only; answers how many.
///
/// # Errors
/// `Forbidden`; those of the database.
pub fn end_sessions_of(engine: &Engine, context: &RequestContext, user_id: i64) -> Result<u64> {
    let catalog = engine.snapshot().catalog.clone();
    Ok(engine.write(|tx| {
        refuse_beyond(tx, &catalog, context, user_id)?;
        end_all_sessions(tx, context, user_id, None)
    })?)
}

/// Ends one session of a user. Keepers of the users only.
///
/// # Errors
/// `Forbidden`, `NotFound`; those of the database.
pub fn end_session_of(engine: &Engine, context: &RequestContext, user_id: i64, id: i64) -> Result<()> {
    let catalog = engine.snapshot().catalog.clone();
    engine.write(|tx| {
        refuse_beyond(tx, &catalog, context, user_id)?;
        let ended = tx.execute("DELETE FROM sessions WHERE id = ? AND user_id = ?", &[id.into(), user_id.into()])?;
        if ended == 0 {
            return Err(EngineError::NotFound.into());
        }
        announce_end(tx, context, user_id)?;
        record(tx, context, Event::new(Kind::SessionEnded).on("user", user_id).with("session_id", id));
        Ok::<(), IdentityError>(())
    })
}

/// Ends all sessions of a user in the caller's transaction, but for `kept`; answers how many.
///
/// # Errors
/// Those of the database.
pub fn end_all_sessions(
    tx: &mut Tx,
    context: &RequestContext,
    user_id: i64,
    kept: Option<i64>,
) -> Result<u64, EngineError> {
    tickets::revoke_all(tx, user_id)?;
    // No session has the id 0.
    let params = [user_id.into(), kept.unwrap_or_default().into()];
    let ended = tx.execute("DELETE FROM sessions WHERE user_id = ? AND id <> ?", &params)?;
    if ended > 0 {
        announce_end(tx, context, user_id)?;
        record(tx, context, Event::new(Kind::SessionEnded).on("user", user_id).with("count", ended));
    }
    Ok(ended)
}

/// Tells everyone who holds a connection open for the user to ask again whether his session stands.
pub(crate) fn announce_end(tx: &mut Tx, context: &RequestContext, user_id: i64) -> Result<(), EngineError> {
    outbox::emit(tx, context, None, "session_ended", &json!({ "user_id": user_id }))
}
