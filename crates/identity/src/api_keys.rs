//! Keys of programs for the API.
//!
//! What must stay true: only a hash is stored; a key may what its owner may at that moment, less what it was limited to, and never touches users,
//! roles, teams, schedules, sessions or keys; it ends at once when it is revoked or its time is over, and with its owner's access or password. Whoever guesses
//! is counted by his network; a right key is never made to wait, since it cannot be guessed.
//!
//! A key is `ktk_<id>_<secret>`: scanners for secrets know it by its beginning and by the checksum that it ends with.

use std::collections::BTreeSet;
use std::sync::Arc;

use database::{DatabaseError, Query, Row, Tx};
use record_engine::access::{Access, Feature, Limits};
use record_engine::audit::{Event, Kind, record};
use record_engine::catalog::{Catalog, HOLIDAY_TYPE, ROLE_TYPE, SCHEDULE_TYPE, TEAM_TYPE, USER_TYPE};
use record_engine::context::date_of;
use record_engine::formats::OwnFormats;
use record_engine::{Engine, EngineError, FieldError, RequestContext, Source};

use crate::audit::{refused, stranger, tell};
use crate::directory::is_gone;
use crate::error::{IdentityError, Result};
use crate::roles::{is_beyond, refuse_beyond};
use crate::secret::{Secret, hash};
use crate::sessions::{Client, Session, announce_end, require_confirmed, require_standing};
use crate::throttle::{self, Subject, network_of};
use crate::working_hours::require_open;

/// What a key begins with.
const PREFIX: &str = "ktk_";
/// Longest name, in characters.
const MAX_NAME_LENGTH: usize = 100;
/// Most keys of a user.
const MAX_KEYS: i64 = 50;
/// The last use is noted at most this often.
const TOUCH_EVERY_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// How long a key is valid unless its owner says otherwise.
const USUAL_DAYS: i64 = 365;
/// The longest that he may say.
const MOST_DAYS: i64 = 2 * 365;
/// Digits of the secret and its checksum; each of the 62 stands for nearly six bits.
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Characters of the secret: 178 bits.
const SECRET_LENGTH: usize = 30;
/// Characters of the checksum.
const CHECK_LENGTH: usize = 6;

/// A key to be made.
#[derive(Clone, Debug, Default)]
pub struct NewApiKey {
    /// What its owner calls it.
    pub name: String,
    /// The only types of records that it is for; `None` for all.
    pub types: Option<Vec<String>>,
    /// Whether it writes.
    pub may_write: bool,
    /// How long it is valid; a year when nothing is said.
    pub valid_days: Option<i64>,
    /// It never ends: for those who administer.
    pub never_expires: bool,
}

/// A key in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id, which stands in its text.
    pub id: i64,
    /// Whose it is.
    pub user_id: i64,
    /// What its owner calls it.
    pub name: String,
    /// The only types of records that it is for; `None` for all.
    pub types: Option<Vec<String>>,
    /// Whether it writes.
    pub may_write: bool,
    /// Milliseconds UTC.
    pub created_at: i64,
    /// When it ends, milliseconds UTC.
    pub expires_at: Option<i64>,
    /// When it was last used, to the minute, milliseconds UTC.
    pub last_used_at: Option<i64>,
    /// From which address.
    pub last_address: Option<String>,
    /// Writing requests of today (UTC).
    pub written_today: i64,
    /// Refused requests of today (UTC).
    pub refused_today: i64,
    /// Code of the last refusal.
    pub last_error: Option<String>,
    /// When that was, milliseconds UTC.
    pub last_error_at: Option<i64>,
}

/// Who is behind a key.
#[derive(Clone, Debug)]
pub struct KeyCaller {
    /// Id of the key.
    pub key_id: i64,
    /// What its owner calls it.
    pub name: String,
    /// When it ends, milliseconds UTC.
    pub expires_at: Option<i64>,
    /// Whether it writes.
    pub may_write: bool,
    /// Record id of its owner.
    pub user_id: i64,
    /// His name.
    pub user_name: String,
    /// His login.
    pub login: String,
    /// Language of his interface.
    pub language: String,
    /// IANA name of his time zone.
    pub time_zone: String,
    /// When the working hours of its owner end, milliseconds UTC; `None` when no end is near.
    pub open_until: Option<i64>,
    /// What he may now, less what the key was limited to.
    pub access: Arc<Access>,
}

impl KeyCaller {
    /// The context of a request; what it writes names the key.
    pub fn context(&self, engine: &Engine) -> RequestContext {
        let context = RequestContext::of(self.user_id, self.access.clone(), Source::Api, engine.clock());
        RequestContext { language: self.language.clone(), reason: Some(self.name.clone()), ..context }
            .in_zone(&self.time_zone)
    }

    /// The key in the shape of a session that is none: its id belongs to nobody.
    pub fn as_session(&self) -> Session {
        Session {
            id: 0,
            user_id: self.user_id,
            name: self.user_name.clone(),
            login: self.login.clone(),
            photo: None,
            access: self.access.clone(),
            language: self.language.clone(),
            time_zone: self.time_zone.clone(),
            theme: None,
            density: None,
            formats: OwnFormats::default(),
            pinned_views: Vec::new(),
            default_views: Vec::new(),
            seen_by: None,
            open_until: self.open_until,
            // A key confirms nothing, and no step stands behind it.
            confirmed_at: 0,
            expires_at: self.expires_at.unwrap_or(i64::MAX),
            has_second_step: false,
            needs_second_step: false,
            is_strong: false,
        }
    }

    /// Whether its time is over.
    pub fn is_over(&self, now_ms: i64) -> bool {
        self.expires_at.is_some_and(|end| now_ms >= end)
    }
}

const COLUMNS: &str = "id, user_id, name, types, may_write, created_at, expires_at, last_used_at, last_address, counted_on, written_count, refused_count, \
    last_error, last_error_at";

/// The own keys, the newest first.
///
/// # Errors
/// Those of the database.
pub fn list_api_keys(engine: &Engine, context: &RequestContext) -> Result<Vec<ApiKey>> {
    let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE user_id = ? ORDER BY id DESC");
    let user_id = context.actor.user_id().ok_or(EngineError::Forbidden)?;
    let rows = engine.database().read(|tx| tx.query(&sql, &[user_id.into()]))?;
    rows.iter().map(|row| read(row, context.now_ms)).collect()
}

/// The keys of everybody, the newest first, but for those of people who may more than the actor.
///
/// # Errors
/// `Forbidden` without [`Feature::Users`]; those of the database.
pub fn list_all_api_keys(engine: &Engine, context: &RequestContext) -> Result<Vec<ApiKey>> {
    if !context.may(Feature::Users) {
        return Err(EngineError::Forbidden.into());
    }
    let sql = format!("SELECT {COLUMNS} FROM api_keys ORDER BY id DESC");
    let catalog = engine.snapshot().catalog.clone();
    let keys = engine.database().read(|tx| {
        let rows = tx.query(&sql, &[])?;
        let mut keys = rows.iter().map(|row| read(row, context.now_ms)).collect::<Result<Vec<ApiKey>>>()?;
        let owners: BTreeSet<i64> = keys.iter().map(|key| key.user_id).collect();
        for owner in owners {
            if is_beyond(tx, &catalog, context, owner)? {
                keys.retain(|key| key.user_id != owner);
            }
        }
        Ok::<_, IdentityError>(keys)
    })?;
    Ok(keys)
}

fn read(row: &Row, now_ms: i64) -> Result<ApiKey> {
    let is_of_today = row.optional_text(9)?.as_deref() == Some(date_of(now_ms).as_str());
    let today = |count: i64| if is_of_today { count } else { 0 };
    Ok(ApiKey {
        id: row.integer(0)?,
        user_id: row.integer(1)?,
        name: row.text(2)?,
        types: types_of(row.optional_text(3)?)?,
        may_write: row.boolean(4)?,
        created_at: row.integer(5)?,
        expires_at: row.optional_integer(6)?,
        last_used_at: row.optional_integer(7)?,
        last_address: row.optional_text(8)?,
        written_today: today(row.integer(10)?),
        refused_today: today(row.integer(11)?),
        last_error: row.optional_text(12)?,
        last_error_at: row.optional_integer(13)?,
    })
}

fn types_of(stored: Option<String>) -> Result<Option<Vec<String>>> {
    let Some(text) = stored else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|_| EngineError::Stored("types of a key".into()).into())
}

/// Makes a key of one's own; answers it with its text, which nobody can ask for again.
///
/// # Errors
/// `ConfirmationRequired`; `Forbidden` without [`Feature::ApiKeys`], `Invalid`, `State("too_many_api_keys")`; those of the system and of the database.
pub fn create_api_key(
    engine: &Engine,
    session: &Session,
    context: &RequestContext,
    new: &NewApiKey,
) -> Result<(ApiKey, Secret)> {
    if !context.may(Feature::ApiKeys) {
        return Err(EngineError::Forbidden.into());
    }
    // Who finds an open session does not leave with a key to the house.
    require_confirmed(session, context.now_ms)?;
    let user_id = session.user_id;
    let name = new.name.trim();
    let errors = errors_of(engine, context, new, name);
    if !errors.is_empty() {
        return Err(IdentityError::invalid(errors));
    }
    let days = new.valid_days.unwrap_or(USUAL_DAYS);
    let expires_at = (!new.never_expires).then_some(context.now_ms + days * DAY_MS);
    let types = new.types.as_ref().map(serde_json::to_string).transpose();
    let types = types.map_err(|error| EngineError::Stored(error.to_string()))?;
    let secret = random_secret()?;
    engine.write(|tx| {
        require_standing(tx, session)?;
        let count = tx.query_one("SELECT COUNT(*) FROM api_keys WHERE user_id = ?", &[user_id.into()])?.integer(0)?;
        if count >= MAX_KEYS {
            return Err(IdentityError::from(EngineError::State("too_many_api_keys")));
        }
        let ids = tx.allocate_ids("api_keys", 1)?;
        let id = ids.first().copied().ok_or_else(|| EngineError::Stored("the sequence gave no id".into()))?;
        tx.insert_many(
            "api_keys",
            &["id", "user_id", "name", "secret_hash", "types", "may_write", "created_at", "expires_at"],
            &[vec![
                id.into(),
                user_id.into(),
                name.into(),
                hash_of(id, &secret).into(),
                types.clone().into(),
                new.may_write.into(),
                context.now_ms.into(),
                expires_at.into(),
            ]],
        )?;
        let event = Event::new(Kind::ApiKeyCreated).with("id", id).with("name", name).with("may_write", new.may_write);
        record(tx, context, event.with("types", new.types.clone()));
        let row = tx.query_one(&format!("SELECT {COLUMNS} FROM api_keys WHERE id = ?"), &[id.into()])?;
        Ok((read(&row, context.now_ms)?, text_of(id, &secret)))
    })
}

fn errors_of(engine: &Engine, context: &RequestContext, new: &NewApiKey, name: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    match name.chars().count() {
        0 => errors.push(FieldError::new("name", "required")),
        length if length > MAX_NAME_LENGTH => {
            errors.push(FieldError::new("name", "too_long").with("max", MAX_NAME_LENGTH));
        }
        _ => {}
    }
    if new.valid_days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) {
        errors.push(FieldError::new("valid_days", "out_of_range").with("minimum", 1).with("maximum", MOST_DAYS));
    }
    if new.never_expires && !context.is_administrator() {
        errors.push(FieldError::new("never_expires", "only_administrators"));
    }
    let catalog = engine.snapshot().catalog;
    match &new.types {
        Some(types) if types.is_empty() => errors.push(FieldError::new("types", "required")),
        Some(types) => {
            let unknown = types.iter().enumerate().filter(|(_, name)| catalog.object_type(name).is_none());
            errors.extend(
                unknown
                    .map(|(at, name)| FieldError::new("types", "unknown_option").at(at).with("value", name.as_str())),
            );
        }
        None => {}
    }
    errors
}

/// Takes a key back: an own one, or, with [`Feature::Users`], that of anybody who may no more than the actor.
///
/// # Errors
/// `NotFound` when there is no such key or it is not the actor's to take; those of the database.
pub fn revoke_api_key(tx: &mut Tx, catalog: &Catalog, context: &RequestContext, id: i64) -> Result<()> {
    let owner = tx.query_optional("SELECT user_id FROM api_keys WHERE id = ?", &[id.into()])?;
    let owner = owner.map(|row| row.integer(0)).transpose()?.ok_or(EngineError::NotFound)?;
    if context.actor.user_id() != Some(owner) && refuse_beyond(tx, catalog, context, owner).is_err() {
        return Err(EngineError::NotFound.into());
    }
    tx.execute("DELETE FROM api_keys WHERE id = ?", &[id.into()])?;
    record(tx, context, Event::new(Kind::ApiKeyRevoked).on("user", owner).with("id", id));
    announce_end(tx, context, owner)?;
    Ok(())
}

/// Takes back all keys of a user.
pub(crate) fn revoke_all_keys(tx: &mut Tx, context: &RequestContext, user_id: i64) -> Result<(), EngineError> {
    let revoked = tx.execute("DELETE FROM api_keys WHERE user_id = ?", &[user_id.into()])?;
    if revoked > 0 {
        record(tx, context, Event::new(Kind::ApiKeyRevoked).on("user", user_id).with("count", revoked));
        announce_end(tx, context, user_id)?;
    }
    Ok(())
}

/// Who is behind the text of a key.
///
/// # Errors
/// `WrongCredentials`, `Throttled`, `OutsideHours` of its owner; `Forbidden` when its owner may have no keys; those of the database.
pub fn authenticate_key(engine: &Engine, text: &Secret, client: &Client) -> Result<KeyCaller> {
    if let Some(caller) = key_caller(engine, text, client)? {
        return Ok(caller);
    }
    let now = engine.clock().now_ms();
    let subjects = [Subject::key_network(&network_of(client.address))];
    let refuse =
        |reason: &str| tell(engine, &stranger(client, now), &refused(client, None, reason).with("method", "api_key"));
    let counted = engine
        .database()
        .read(|tx| throttle::check(tx, &subjects, now))
        .and_then(|()| engine.database().write(|tx| throttle::reserve(tx, &subjects, now)));
    match counted {
        Ok(()) => refuse("wrong_api_key")?,
        Err(IdentityError::Throttled { .. }) => refuse("throttled")?,
        Err(_) => {}
    }
    counted?;
    Err(IdentityError::WrongCredentials)
}

/// Who is behind the text of a key that was right before: whoever holds a connection open asks again, and that is neither a guess to be counted nor a
/// login to be told of. `None` when it has ended since.
///
/// # Errors
/// `OutsideHours` of its owner; `Forbidden` when its owner may have no keys; those of the database.
pub fn key_caller(engine: &Engine, text: &Secret, client: &Client) -> Result<Option<KeyCaller>> {
    const SQL: &str = "SELECT k.id, k.name, k.types, k.may_write, k.expires_at, k.last_used_at, u.id, u.name, u.login, u.language, u.time_zone \
        FROM api_keys k JOIN \"user\" u ON u.id = k.user_id \
        WHERE k.id = ? AND k.secret_hash = ? AND (k.expires_at IS NULL OR k.expires_at > ?) AND u.is_active = 1 AND u.deleted_at IS NULL";
    let now = engine.clock().now_ms();
    let snapshot = engine.snapshot();
    let found = match parse(text.expose()) {
        Some((id, secret)) => engine.database().read(|tx| {
            let params = [id.into(), hash_of(id, &secret).into(), now.into()];
            let Some(row) = tx.query_optional(SQL, &params)? else { return Ok::<_, IdentityError>(None) };
            let user_id = row.integer(6)?;
            let Some(access) = engine.access(tx, &snapshot, user_id)? else { return Ok(None) };
            if is_gone(tx, user_id)? {
                return Ok(None);
            }
            let open_until = require_open(tx, user_id, now)?;
            Ok(Some((row, access, open_until)))
        })?,
        None => None,
    };
    let Some((row, access, open_until)) = found else { return Ok(None) };
    // Closed to its owner or to everybody since it was made.
    if !access.may(Feature::ApiKeys) {
        return Err(EngineError::Forbidden.into());
    }
    let types = types_of(row.optional_text(2)?)?;
    let may_write = row.boolean(3)?;
    let caller = KeyCaller {
        key_id: row.integer(0)?,
        name: row.text(1)?,
        expires_at: row.optional_integer(4)?,
        may_write,
        user_id: row.integer(6)?,
        user_name: row.text(7)?,
        login: row.optional_text(8)?.unwrap_or_default(),
        language: row.text(9)?,
        time_zone: row.text(10)?,
        open_until,
        access: Arc::new(access.narrowed(limits_of(types, may_write))),
    };
    if row.optional_integer(5)?.is_none_or(|used| now - used >= TOUCH_EVERY_MS) {
        let address = client.address.to_canonical().to_string();
        let sql = "UPDATE api_keys SET last_used_at = ?, last_address = ? WHERE id = ?";
        note(engine, sql, &[now.into(), address.into(), caller.key_id.into()])?;
    }
    Ok(Some(caller))
}

fn limits_of(types: Option<Vec<String>>, may_write: bool) -> Limits {
    Limits {
        types: types.map(BTreeSet::from_iter),
        may_write,
        untouched: [USER_TYPE, ROLE_TYPE, TEAM_TYPE, SCHEDULE_TYPE, HOLIDAY_TYPE].map(String::from).into(),
    }
}

/// Counts a writing request of a key.
///
/// # Errors
/// Those of the database.
pub fn note_write(engine: &Engine, key_id: i64) -> Result<()> {
    count(engine, key_id, 1, None)
}

/// Counts a refused request of a key, with the code of its refusal.
///
/// # Errors
/// Those of the database.
pub fn note_refusal(engine: &Engine, key_id: i64, code: &str) -> Result<()> {
    count(engine, key_id, 0, Some(code))
}

fn count(engine: &Engine, key_id: i64, writes: i64, refusal: Option<&str>) -> Result<()> {
    const SQL: &str = "UPDATE api_keys SET written_count = CASE WHEN counted_on = ? THEN written_count ELSE 0 END + ?, \
        refused_count = CASE WHEN counted_on = ? THEN refused_count ELSE 0 END + ?, counted_on = ?, \
        last_error = COALESCE(?, last_error), last_error_at = COALESCE(?, last_error_at) WHERE id = ?";
    let now = engine.clock().now_ms();
    let today = date_of(now);
    let params = [
        today.as_str().into(),
        writes.into(),
        today.as_str().into(),
        i64::from(refusal.is_some()).into(),
        today.as_str().into(),
        refusal.into(),
        refusal.map(|_| now).into(),
        key_id.into(),
    ];
    note(engine, SQL, &params)
}

fn note(engine: &Engine, sql: &str, params: &[database::Value]) -> Result<()> {
    match engine.database().write(|tx| tx.execute(sql, params)) {
        // A request must not fail because the writer is busy; the next one notes again.
        Ok(_) | Err(DatabaseError::Busy(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn hash_of(id: i64, secret: &str) -> String {
    hash(&["api_key", &id.to_string(), secret])
}

fn text_of(id: i64, secret: &str) -> Secret {
    let text = format!("{PREFIX}{id}_{secret}");
    let check = checksum(&text);
    Secret::new(format!("{text}{check}"))
}

/// Id and secret of a text that is a key by its form.
fn parse(text: &str) -> Option<(i64, String)> {
    let at = text.len().checked_sub(CHECK_LENGTH)?;
    let (body, check) = text.split_at_checked(at)?;
    let (id, secret) = body.strip_prefix(PREFIX)?.split_once('_')?;
    let is_plain = !id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit());
    let is_ours = is_plain && secret.len() == SECRET_LENGTH && checksum(body) == check;
    if is_ours { Some((id.parse().ok()?, secret.to_owned())) } else { None }
}

fn random_secret() -> Result<String> {
    let mut secret = String::with_capacity(SECRET_LENGTH);
    while secret.len() < SECRET_LENGTH {
        let mut bytes = [0_u8; SECRET_LENGTH];
        getrandom::fill(&mut bytes).map_err(|error| IdentityError::Cryptography(error.to_string()))?;
        // The last bytes are left out, so that no digit is likelier than another.
        let digits = bytes.iter().filter(|byte| **byte < 248).filter_map(|byte| ALPHABET.get(usize::from(byte % 62)));
        secret.extend(digits.copied().map(char::from).take(SECRET_LENGTH - secret.len()));
    }
    Ok(secret)
}

/// CRC-32 in six digits of the alphabet: it keeps nothing secret, it tells a key from other texts.
fn checksum(text: &str) -> String {
    let mut register = u32::MAX;
    for byte in text.bytes() {
        register ^= u32::from(byte);
        for _ in 0..8 {
            let mask = (register & 1).wrapping_neg();
            register = (register >> 1) ^ (0xedb8_8320 & mask);
        }
    }
    let mut rest = !register;
    let mut digits = vec!['0'; CHECK_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = usize::try_from(rest % 62).ok().and_then(|at| ALPHABET.get(at)).copied().map_or('0', char::from);
        rest /= 62;
    }
    digits.into_iter().collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_key_is_told_from_other_texts_by_its_form() {
        let secret = random_secret().unwrap();
        assert_eq!(secret.len(), SECRET_LENGTH);
        assert_ne!(secret, random_secret().unwrap());
        let key = text_of(17, &secret);
        assert!(key.expose().starts_with("ktk_17_"));
        assert_eq!(parse(key.expose()), Some((17, secret.clone())));
        for at in 0..key.expose().len() {
            let mut changed: Vec<char> = key.expose().chars().collect();
            if let Some(letter) = changed.get_mut(at) {
                *letter = if *letter == '1' { '2' } else { '1' };
            }
            assert_eq!(parse(&changed.into_iter().collect::<String>()), None, "{at}");
        }
        for text in ["", "ktk_", "ktk_1_", "ключ", "ktk_17_ключключключключ", &format!("{}x", key.expose())]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_checksum_is_crc_32() {
        // The check value of the algorithm, 0xcbf43926.
        let digits = checksum("123456789");
        let number = digits.bytes().fold(0_u64, |sum, digit| {
            sum * 62 + u64::try_from(ALPHABET.iter().position(|known| *known == digit).unwrap()).unwrap()
        });
        assert_eq!(number, 0xcbf4_3926);
    }
}
