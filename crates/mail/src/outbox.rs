//! The letters that are to leave, as rows.
//!
//! What must stay true: a letter is claimed, with a lease, before anything is said to a server, and each claim has a number, so that of two
//! processes only the one that holds the last claim says how it ended; the text of a letter is encrypted and goes when the letter is done.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use database::{Query, Row, Tx};
use record_engine::lease::{Claim, Queue};
use record_engine::{Engine, EngineError};
use serde_json::json;

use crate::address::{domain_of, is_address, is_line};
use crate::letters::Content;
use crate::settings::read_settings;
use crate::smtp::{Failure, Refusal};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How long after each attempt the next one comes; after the last nobody tries any more.
const PAUSES: [i64; 6] = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, DAY_MS];
/// The letters that wait. A claim lasts longer than a dialogue with a slow server.
pub(crate) const QUEUE: Queue = Queue { table: "letters", lease_ms: 5 * MINUTE_MS };
/// A letter that holds no link is worth sending for so long.
pub const USUAL_LIFE_MS: i64 = 7 * DAY_MS;
/// What was sent or not is remembered for so long.
const KEPT_MS: i64 = 30 * DAY_MS;
/// Random bytes of a message id.
const ID_BYTES: usize = 18;

/// A letter to be.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// What it is about: `trial`, `invitation`, `password_reset`, `notifications`.
    pub kind: &'a str,
    /// Who gets it, when it is a user.
    pub user_id: Option<i64>,
    /// His address.
    pub receiver: &'a str,
    /// His name.
    pub receiver_name: &'a str,
    /// What it says.
    pub content: &'a Content,
    /// When it is of no use any more, milliseconds UTC.
    pub expires_at: i64,
}

/// Writes a letter in the transaction that causes it; `None` when no mail is set up. One that cannot be written stands in the list as refused.
///
/// # Errors
/// Those of the database and of sealing.
pub fn post(tx: &mut Tx, engine: &Engine, now_ms: i64, letter: &Letter<'_>) -> Result<Option<i64>, EngineError> {
    let settings = read_settings(tx)?;
    if !settings.is_set_up() {
        return Ok(None);
    }
    let mut random = [0_u8; ID_BYTES];
    getrandom::fill(&mut random).map_err(std::io::Error::from)?;
    let domain = domain_of(&settings.sender_address).unwrap_or("localhost");
    let message_id = format!("<{}@{domain}>", URL_SAFE_NO_PAD.encode(random));
    let Content { subject, text, html } = letter.content;
    let is_writable = is_address(letter.receiver) && is_line(letter.receiver_name) && is_line(subject);
    let body = json!({ "text": text, "html": html }).to_string();
    let body = is_writable.then(|| engine.vault().seal_text(&purpose(&message_id), &body)).transpose()?;
    let id = tx.allocate_ids("letters", 1)?.first().copied();
    let id = id.ok_or_else(|| EngineError::Stored("the sequence of letters gave no id".into()))?;
    let shown = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
    let error = (!is_writable).then_some(Failure::Unwritable.code());
    tx.insert_many(
        "letters",
        &[
            "id",
            "message_id",
            "kind",
            "user_id",
            "receiver",
            "receiver_name",
            "subject",
            "body",
            "state",
            "attempts",
            "created_at",
            "expires_at",
            "due_at",
            "error_code",
        ],
        &[vec![
            id.into(),
            message_id.into(),
            letter.kind.into(),
            letter.user_id.into(),
            shown(letter.receiver).into(),
            shown(letter.receiver_name).into(),
            shown(subject).into(),
            body.into(),
            if is_writable { "waiting" } else { "refused" }.into(),
            0.into(),
            now_ms.into(),
            letter.expires_at.into(),
            is_writable.then_some(now_ms).into(),
            error.into(),
        ]],
    )?;
    Ok(Some(id))
}

fn purpose(message_id: &str) -> String {
    format!("letter/{message_id}")
}

/// A letter that one attempt owns.
pub(crate) struct Claimed {
    pub claim: Claim,
    pub message_id: String,
    pub created_at: i64,
    pub receiver: String,
    pub receiver_name: String,
    pub subject: String,
    body: String,
}

impl Claimed {
    /// The text and its HTML.
    pub(crate) fn texts(&self, engine: &Engine) -> Result<(String, String), EngineError> {
        let body = engine.vault().open_text(&purpose(&self.message_id), &self.body)?;
        let body: serde_json::Value =
            serde_json::from_str(&body).map_err(|error| EngineError::Stored(error.to_string()))?;
        let part = |name: &str| body.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        Ok((part("text"), part("html")))
    }
}

/// Takes the letter that waits longest.
pub(crate) fn claim(tx: &mut Tx, now_ms: i64) -> Result<Option<Claimed>, EngineError> {
    expire(tx, now_ms)?;
    let Some(claim) = QUEUE.claim(tx, now_ms, 1)?.pop() else { return Ok(None) };
    const SQL: &str = "UPDATE letters SET state = 'sending' WHERE id = ? \
        RETURNING message_id, created_at, receiver, receiver_name, subject, body";
    let row = tx.query_one(SQL, &[claim.id.into()])?;
    Ok(Some(Claimed {
        claim,
        message_id: row.text(0)?,
        created_at: row.integer(1)?,
        receiver: row.text(2)?,
        receiver_name: row.text(3)?,
        subject: row.text(4)?,
        body: row.optional_text(5)?.unwrap_or_default(),
    }))
}

/// What is of no use any more leaves nobody.
fn expire(tx: &mut Tx, now_ms: i64) -> Result<(), EngineError> {
    const SQL: &str =
        "UPDATE letters SET state = 'expired', body = NULL, due_at = NULL WHERE due_at <= ? AND expires_at <= ?";
    tx.execute(SQL, &[now_ms.into(), now_ms.into()])?;
    Ok(())
}

/// Notes how an attempt ended, unless another claim has followed it.
pub(crate) fn finish(
    tx: &mut Tx,
    claimed: &Claimed,
    result: &Result<(), Refusal>,
    now_ms: i64,
) -> Result<(), EngineError> {
    let id_and_claim = claimed.claim.params();
    let Err(Refusal { failure, text }) = result else {
        const SENT: &str = "UPDATE letters SET state = 'sent', sent_at = ?, due_at = NULL, body = NULL, error_code = NULL, error_text = NULL \
            WHERE id = ? AND attempts = ? AND state = 'sending'";
        tx.execute(SENT, &[&[now_ms.into()], id_and_claim.as_slice()].concat())?;
        return Ok(());
    };
    let pause = usize::try_from(claimed.claim.attempt - 1).ok().and_then(|at| PAUSES.get(at));
    let (state, due_at) = match pause {
        _ if failure.is_final() => ("refused", None),
        Some(pause) => ("waiting", Some(now_ms + pause)),
        None => ("given_up", None),
    };
    const FAILED: &str = "UPDATE letters SET state = ?, due_at = ?, error_code = ?, error_text = ? \
        WHERE id = ? AND attempts = ? AND state = 'sending'";
    let values = [state.into(), due_at.into(), failure.code().into(), text.as_str().into()];
    tx.execute(FAILED, &[values.as_slice(), id_and_claim.as_slice()].concat())?;
    Ok(())
}

/// A letter in the list of administrators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: i64,
    /// What it is about.
    pub kind: String,
    /// Its address.
    pub receiver: String,
    /// The name there.
    pub receiver_name: String,
    /// Its subject.
    pub subject: String,
    /// `waiting`, `sending`, `sent`, `refused`, `given_up`, `expired`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was written, milliseconds UTC.
    pub created_at: i64,
    /// When it is tried next, milliseconds UTC.
    pub due_at: Option<i64>,
    /// When the server took it, milliseconds UTC.
    pub sent_at: Option<i64>,
    /// Why the last attempt failed: a code of [`Failure`].
    pub error_code: Option<String>,
    /// The same in the words of the server.
    pub error_text: Option<String>,
    /// Whether it can be sent once more.
    pub can_resend: bool,
}

const LISTED: &str = "id, kind, receiver, receiver_name, subject, state, attempts, created_at, due_at, sent_at, error_code, error_text, \
    CASE WHEN body IS NULL THEN 0 ELSE 1 END";

fn listed(row: &Row) -> Result<Listed, EngineError> {
    Ok(Listed {
        id: row.integer(0)?,
        kind: row.text(1)?,
        receiver: row.text(2)?,
        receiver_name: row.text(3)?,
        subject: row.text(4)?,
        state: row.text(5)?,
        attempts: row.integer(6)?,
        created_at: row.integer(7)?,
        due_at: row.optional_integer(8)?,
        sent_at: row.optional_integer(9)?,
        error_code: row.optional_text(10)?,
        error_text: row.optional_text(11)?,
        can_resend: row.integer(12)? == 1,
    })
}

/// Letters before `before` (an id), the newest first, at most `limit`; of one group of states when one is named: `open`, `sent` or `failed`.
///
/// # Errors
/// Those of the database.
pub fn list(
    tx: &mut dyn Query,
    group: Option<&str>,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Listed>, EngineError> {
    let states = match group {
        Some("open") => "'waiting', 'sending'",
        Some("sent") => "'sent'",
        Some("failed") => "'refused', 'given_up', 'expired'",
        _ => "'waiting', 'sending', 'sent', 'refused', 'given_up', 'expired'",
    };
    let sql =
        format!("SELECT {LISTED} FROM letters WHERE state IN ({states}) AND id < ? ORDER BY id DESC LIMIT {limit}");
    tx.query(&sql, &[before.unwrap_or(i64::MAX).into()])?.iter().map(listed).collect()
}

/// The last letter to a user of a kind.
///
/// # Errors
/// Those of the database.
pub fn last_to(tx: &mut dyn Query, user_id: i64, kind: &str) -> Result<Option<Listed>, EngineError> {
    let sql = format!("SELECT {LISTED} FROM letters WHERE user_id = ? AND kind = ? ORDER BY id DESC LIMIT 1");
    tx.query_optional(&sql, &[user_id.into(), kind.into()])?.map(|row| listed(&row)).transpose()
}

/// Sends a letter once more, at once, with all attempts before it; under the same `Message-ID`.
///
/// # Errors
/// `NotFound`; `State("letter_is_gone")` when its text is gone: it was sent, or is of no use any more; those of the database.
pub fn resend(tx: &mut Tx, id: i64, now_ms: i64) -> Result<Listed, EngineError> {
    const SQL: &str = "UPDATE letters SET state = 'waiting', attempts = 0, due_at = ? \
        WHERE id = ? AND body IS NOT NULL AND expires_at > ? AND state <> 'sending'";
    let is_back = tx.execute(SQL, &[now_ms.into(), id.into(), now_ms.into()])? == 1;
    let row = tx.query_optional(&format!("SELECT {LISTED} FROM letters WHERE id = ?"), &[id.into()])?;
    let found = listed(&row.ok_or(EngineError::NotFound)?)?;
    if is_back { Ok(found) } else { Err(EngineError::State("letter_is_gone")) }
}

/// Takes back what has not left yet of one kind to a user: a newer letter replaces it, or its link leads nowhere any more.
///
/// # Errors
/// Those of the database.
pub fn withdraw(tx: &mut Tx, user_id: i64, kind: &str) -> Result<(), EngineError> {
    const SQL: &str = "UPDATE letters SET state = 'expired', body = NULL, due_at = NULL WHERE user_id = ? AND kind = ? AND body IS NOT NULL";
    tx.execute(SQL, &[user_id.into(), kind.into()])?;
    Ok(())
}

/// Removes texts that are of no use any more, and letters that were done long ago.
///
/// # Errors
/// Those of the database.
pub fn prune(tx: &mut Tx, now_ms: i64) -> Result<(), EngineError> {
    expire(tx, now_ms)?;
    tx.execute(
        "UPDATE letters SET body = NULL WHERE due_at IS NULL AND body IS NOT NULL AND expires_at <= ?",
        &[now_ms.into()],
    )?;
    tx.execute("DELETE FROM letters WHERE due_at IS NULL AND created_at < ?", &[(now_ms - KEPT_MS).into()])?;
    Ok(())
}
