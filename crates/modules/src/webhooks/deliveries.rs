//! The deliveries: which messages there are, which of them is due, how each ended. What was sent and answered is kept for a month.
//!
//! What must stay true: a delivery leaves the state `waiting` only together with the outcome of an attempt, and only by the process that claimed
//! it last. A claim moves `next_at` to the end of its lease, so a delivery whose process died is due again by itself.

use database::{Backend, Query, Row, Tx, Value};
use record_engine::context::RequestContext;
use record_engine::error::{EngineError, Result};
use record_engine::jobs;
use record_engine::outbox::Event;

use super::schedule::pause_ms;
use super::store::{self, OffReason, Webhook};

/// How long a claim lasts; longer than any request.
const LEASE_MS: i64 = 60_000;
/// So many due deliveries are looked at for some that may go.
const CANDIDATES: usize = 50;
/// Why nothing was sent: its user does not see the record.
pub(super) const NOT_VISIBLE: &str = "not_visible";

/// How a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is to be sent, for the first time or again.
    Waiting,
    /// The receiver has it.
    Done,
    /// It was given up: a dead letter.
    Failed,
    /// There was nothing to tell: the user does not see the record or what changed, or the filter did not match.
    Skipped,
}

impl DeliveryState {
    /// The stored key.
    pub fn key(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Done => "done",
            DeliveryState::Failed => "failed",
            DeliveryState::Skipped => "skipped",
        }
    }

    /// The state of a key; `None` for anything else.
    pub fn from_key(key: &str) -> Option<DeliveryState> {
        use DeliveryState::{Done, Failed, Skipped, Waiting};
        [Waiting, Done, Failed, Skipped].into_iter().find(|state| state.key() == key)
    }
}

/// A delivery.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its id; the message is `msg_` and this.
    pub id: i64,
    /// Of which webhook.
    pub webhook_id: i64,
    /// The event; `None` for a trial.
    pub outbox_id: Option<i64>,
    /// Type of the record; empty for a trial.
    pub object_type: String,
    /// The record; 0 for a trial.
    pub record_id: i64,
    /// Stored key of what happened to it.
    pub action: String,
    /// The operation that did it.
    pub operation_id: Option<i64>,
    /// When it happened, milliseconds UTC.
    pub event_at: i64,
    /// How it stands.
    pub state: DeliveryState,
    /// Attempts since it was made or sent again by hand.
    pub attempts: i64,
    /// When it is tried next, while it waits; milliseconds UTC.
    pub next_at: i64,
    /// The status of the last answer.
    pub status: Option<i64>,
    /// Why the last attempt failed, or why nothing was sent: a stable code.
    pub error: Option<String>,
    /// Milliseconds UTC.
    pub created_at: i64,
    /// When it ended, milliseconds UTC.
    pub finished_at: Option<i64>,
    locked_by: Option<String>,
}

/// One attempt of a delivery.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// When, milliseconds UTC.
    pub at: i64,
    /// Status of the answer.
    pub status: Option<i64>,
    /// Why it failed: a stable code.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: i64,
    /// What was sent; not kept for long when it went well.
    pub request: Option<String>,
    /// The beginning of the answer.
    pub answer: Option<String>,
}

/// Which deliveries of a webhook.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeliveryQuery {
    /// Only those that stand so.
    pub state: Option<DeliveryState>,
    /// Where the last page ended: an id.
    pub before: Option<i64>,
    /// Page size.
    pub limit: usize,
}

pub(super) const COLUMNS: &str = "id, webhook_id, outbox_id, object_type, record_id, action, operation_id, event_at, state, attempts, next_at, status, error, \
    created_at, finished_at, locked_by";

impl Delivery {
    pub(super) fn read(row: &Row) -> Result<Delivery> {
        let state = row.text_str(8)?;
        Ok(Delivery {
            id: row.integer(0)?,
            webhook_id: row.integer(1)?,
            outbox_id: row.optional_integer(2)?,
            object_type: row.text(3)?,
            record_id: row.integer(4)?,
            action: row.text(5)?,
            operation_id: row.optional_integer(6)?,
            event_at: row.integer(7)?,
            state: DeliveryState::from_key(state)
                .ok_or_else(|| EngineError::Stored(format!("a delivery in the state {state}")))?,
            attempts: row.integer(9)?,
            next_at: row.integer(10)?,
            status: row.optional_integer(11)?,
            error: row.optional_text(12)?,
            created_at: row.integer(13)?,
            finished_at: row.optional_integer(14)?,
            locked_by: row.optional_text(15)?,
        })
    }

    /// The id of its message.
    pub fn message_id(&self) -> String {
        format!("msg_{}", self.id)
    }

    /// Whether it only tries the receiver.
    pub fn is_trial(&self) -> bool {
        self.outbox_id.is_none()
    }
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The receiver took it.
    Arrived { status: i64 },
    /// It did not arrive.
    Failed { status: Option<i64>, error: &'static str },
    /// There was nothing to tell.
    Skipped { reason: &'static str },
    /// The webhook was switched off before it could be sent.
    Withheld,
}

/// What went over the line.
#[derive(Clone, Debug, Default)]
pub(super) struct Exchanged {
    pub duration_ms: i64,
    pub request: Option<String>,
    pub answer: Option<String>,
}

/// Makes the deliveries of an event, one for each record.
pub(super) fn insert(tx: &mut Tx, webhook: &Webhook, event: &Event, ids: &[i64], now_ms: i64) -> Result<()> {
    let payload = |member: &str| event.payload.get(member).and_then(serde_json::Value::as_str).unwrap_or_default();
    let numbers = tx.allocate_ids("webhook_deliveries", ids.len())?;
    let rows: Vec<Vec<Value>> = ids
        .iter()
        .zip(numbers)
        .map(|(record, id)| {
            vec![
                id.into(),
                webhook.id.into(),
                event.id.into(),
                payload("type").into(),
                (*record).into(),
                payload("action").into(),
                event.operation_id.into(),
                event.at_ms.into(),
                DeliveryState::Waiting.key().into(),
                now_ms.into(),
                now_ms.into(),
            ]
        })
        .collect();
    insert_rows(tx, &rows)
}

/// Makes a trial, claimed by whoever makes it.
pub(super) fn insert_trial(tx: &mut Tx, webhook_id: i64, owner: &str, now_ms: i64) -> Result<Delivery> {
    let id = tx.allocate_ids("webhook_deliveries", 1)?.first().copied();
    let id = id.ok_or_else(|| EngineError::Stored("the sequence gave no id".into()))?;
    insert_rows(
        tx,
        &[vec![
            id.into(),
            webhook_id.into(),
            Value::Null,
            "".into(),
            0.into(),
            "trial".into(),
            Value::Null,
            now_ms.into(),
            DeliveryState::Waiting.key().into(),
            (now_ms + LEASE_MS).into(),
            now_ms.into(),
        ]],
    )?;
    tx.execute("UPDATE webhook_deliveries SET locked_by = ? WHERE id = ?", &[owner.into(), id.into()])?;
    load(tx, id)?.ok_or(EngineError::NotFound)
}

fn insert_rows(tx: &mut Tx, rows: &[Vec<Value>]) -> Result<()> {
    const INSERTED: [&str; 11] = [
        "id",
        "webhook_id",
        "outbox_id",
        "object_type",
        "record_id",
        "action",
        "operation_id",
        "event_at",
        "state",
        "next_at",
        "created_at",
    ];
    Ok(tx.insert_many("webhook_deliveries", &INSERTED, rows)?)
}

/// Whether something of a webhook is due.
pub(super) fn is_due(tx: &mut dyn Query, webhook_id: i64, now_ms: i64) -> Result<bool> {
    const SQL: &str =
        "SELECT 1 FROM webhook_deliveries WHERE webhook_id = ? AND state = 'waiting' AND next_at <= ? LIMIT 1";
    Ok(tx.query_optional(SQL, &[webhook_id.into(), now_ms.into()])?.is_some())
}

/// Claims up to `limit` due deliveries of a webhook, of each record the oldest only.
pub(super) fn claim(tx: &mut Tx, webhook_id: i64, owner: &str, now_ms: i64, limit: usize) -> Result<Vec<Delivery>> {
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "SELECT {COLUMNS} FROM webhook_deliveries WHERE webhook_id = ? AND state = 'waiting' AND next_at <= ? \
         ORDER BY next_at, id LIMIT {CANDIDATES}{lock}"
    );
    let candidates = tx.query(&sql, &[webhook_id.into(), now_ms.into()])?;
    let mut claimed = Vec::new();
    for row in &candidates {
        if claimed.len() == limit {
            break;
        }
        let mut delivery = Delivery::read(row)?;
        if let Some((before, next_at)) = earlier(tx, &delivery)? {
            // It waits for one that waits itself; whoever ends that one calls it. Those behind are not looked at again and again meanwhile.
            if next_at > now_ms && still_waits(tx, before, lock)? {
                set_next_at(tx, delivery.id, next_at + 1)?;
            }
            continue;
        }
        tx.execute(
            "UPDATE webhook_deliveries SET locked_by = ?, next_at = ? WHERE id = ?",
            &[owner.into(), (now_ms + LEASE_MS).into(), delivery.id.into()],
        )?;
        delivery.locked_by = Some(owner.into());
        claimed.push(delivery);
    }
    Ok(claimed)
}

/// The oldest delivery that waits before this one for the same record, and when it is tried next.
fn earlier(tx: &mut Tx, delivery: &Delivery) -> Result<Option<(i64, i64)>> {
    const SQL: &str = "SELECT id, next_at FROM webhook_deliveries WHERE webhook_id = ? AND record_id = ? AND outbox_id < ? AND object_type = ? \
        AND state = 'waiting' ORDER BY outbox_id LIMIT 1";
    let params = [
        delivery.webhook_id.into(),
        delivery.record_id.into(),
        delivery.outbox_id.into(),
        delivery.object_type.as_str().into(),
    ];
    tx.query_optional(SQL, &params)?.map(|row| Ok((row.integer(0)?, row.integer(1)?))).transpose()
}

/// Whether a delivery waits and nobody is ending it at this moment: who ends it later sees what this transaction wrote, and calls the next.
fn still_waits(tx: &mut Tx, id: i64, lock: &str) -> Result<bool> {
    let sql = format!("SELECT 1 FROM webhook_deliveries WHERE id = ? AND state = 'waiting'{lock}");
    Ok(tx.query_optional(&sql, &[id.into()])?.is_some())
}

fn set_next_at(tx: &mut Tx, id: i64, next_at: i64) -> Result<()> {
    tx.execute("UPDATE webhook_deliveries SET next_at = ? WHERE id = ?", &[next_at.into(), id.into()])?;
    Ok(())
}

/// Notes how an attempt ended. Nothing happens when the claim has passed to somebody else meanwhile: he notes his own.
pub(super) fn finish(
    tx: &mut Tx,
    context: &RequestContext,
    delivery: &Delivery,
    outcome: &Outcome,
    exchanged: &Exchanged,
) -> Result<()> {
    let now_ms = context.now_ms;
    let attempts = delivery.attempts + 1;
    let (state, next_at, status, error) = match outcome {
        Outcome::Arrived { status } => (DeliveryState::Done, now_ms, Some(*status), None),
        Outcome::Skipped { reason } => (DeliveryState::Skipped, now_ms, None, Some(*reason)),
        Outcome::Withheld => (DeliveryState::Waiting, now_ms, delivery.status, None),
        Outcome::Failed { status, error } => {
            let again = pause_ms(delivery.id, attempts).filter(|_| !delivery.is_trial() && *status != Some(GONE));
            let state = if again.is_some() { DeliveryState::Waiting } else { DeliveryState::Failed };
            (state, now_ms + again.unwrap_or_default(), *status, Some(*error))
        }
    };
    let is_over = state != DeliveryState::Waiting;
    let was_sent = matches!(outcome, Outcome::Arrived { .. } | Outcome::Failed { .. });
    let noted = tx.execute(
        "UPDATE webhook_deliveries SET state = ?, next_at = ?, status = ?, error = ?, attempts = ?, finished_at = ?, locked_by = NULL \
         WHERE id = ? AND locked_by = ? AND state = 'waiting'",
        &[
            state.key().into(),
            next_at.into(),
            status.into(),
            error.into(),
            (if was_sent { attempts } else { delivery.attempts }).into(),
            is_over.then_some(now_ms).into(),
            delivery.id.into(),
            delivery.locked_by.clone().into(),
        ],
    )?;
    if noted != 1 {
        return Ok(());
    }
    if was_sent {
        note_attempt(tx, delivery.id, now_ms, status, error, exchanged)?;
    }
    if is_over {
        call_next(tx, delivery, now_ms)?;
    }
    match outcome {
        Outcome::Arrived { .. } => store::note_success(tx, delivery.webhook_id),
        // A trial says nothing about what really is to be told.
        Outcome::Failed { .. } if delivery.is_trial() => Ok(()),
        Outcome::Failed { status: Some(GONE), .. } => {
            store::switch_off(tx, context, delivery.webhook_id, OffReason::Gone)
        }
        Outcome::Failed { .. } => store::note_failure(tx, context, delivery.webhook_id),
        Outcome::Skipped { .. } | Outcome::Withheld => Ok(()),
    }
}

/// The status of a receiver that wants nothing any more.
const GONE: i64 = 410;

/// What is next of the same record may go now.
fn call_next(tx: &mut Tx, delivery: &Delivery, now_ms: i64) -> Result<()> {
    const SQL: &str = "UPDATE webhook_deliveries SET next_at = ? WHERE locked_by IS NULL AND attempts = 0 AND id = \
        (SELECT id FROM webhook_deliveries WHERE webhook_id = ? AND record_id = ? AND outbox_id > ? AND object_type = ? AND state = 'waiting' \
         ORDER BY outbox_id LIMIT 1)";
    let params = [
        now_ms.into(),
        delivery.webhook_id.into(),
        delivery.record_id.into(),
        delivery.outbox_id.unwrap_or(i64::MAX).into(),
        delivery.object_type.as_str().into(),
    ];
    tx.execute(SQL, &params)?;
    Ok(())
}

fn note_attempt(
    tx: &mut Tx,
    id: i64,
    now_ms: i64,
    status: Option<i64>,
    error: Option<&'static str>,
    exchanged: &Exchanged,
) -> Result<()> {
    let sql = "SELECT COALESCE(MAX(number), 0) + 1 FROM webhook_attempts WHERE delivery_id = ?";
    let number = tx.query_one(sql, &[id.into()])?.integer(0)?;
    let row = vec![
        id.into(),
        number.into(),
        now_ms.into(),
        status.into(),
        error.into(),
        exchanged.duration_ms.into(),
        exchanged.request.clone().into(),
        exchanged.answer.clone().into(),
    ];
    let columns = ["delivery_id", "number", "at", "status", "error", "duration_ms", "request", "answer"];
    Ok(tx.insert_many("webhook_attempts", &columns, &[row])?)
}

/// Frees what processes of this machine had claimed that no longer run.
pub(super) fn release_dead(tx: &mut Tx, now_ms: i64) -> Result<()> {
    let sql = "SELECT DISTINCT locked_by FROM webhook_deliveries WHERE state = 'waiting' AND locked_by IS NOT NULL";
    for mut row in tx.query(sql, &[])? {
        let owner = row.take_text(0)?;
        if !jobs::is_alive(&owner) {
            tx.execute(
                "UPDATE webhook_deliveries SET next_at = ?, locked_by = NULL WHERE state = 'waiting' AND locked_by = ?",
                &[now_ms.into(), owner.into()],
            )?;
        }
    }
    Ok(())
}

pub(super) fn load(tx: &mut dyn Query, id: i64) -> Result<Option<Delivery>> {
    let row = tx.query_optional(&format!("SELECT {COLUMNS} FROM webhook_deliveries WHERE id = ?"), &[id.into()])?;
    row.as_ref().map(Delivery::read).transpose()
}
