//! What is to be sent to which browser. A delivery is a row until it has ended.
//!
//! What must stay true: it goes only together with the outcome of an attempt, and only by the process with the last claim.

use database::{Query, Tx};
use record_engine::error::{EngineError, Result};
use record_engine::lease::{Claim, Queue};
use record_engine::notifications::pushing;

use super::schedule::{HOST_REST_MS, LIFE_MS, pause_ms};
use super::subscriptions;

/// The deliveries that wait. A claim lasts longer than a request.
pub(super) const QUEUE: Queue = Queue { table: "push_deliveries", lease_ms: 60_000 };

/// A delivery that one attempt owns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delivery {
    pub claim: Claim,
    pub notification_id: i64,
    pub subscription_id: i64,
    /// When it is no news any more, milliseconds UTC.
    pub expires_at: i64,
    /// A longer message was too long for the service.
    pub is_short: bool,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The service took it.
    Arrived,
    /// There is nothing to tell any more, or nobody who may be told.
    Nothing,
    /// The service does not know the browser any more.
    Gone,
    /// The message was too long.
    TooLong,
    /// The service does not take it now; it may have said for how long.
    Refused { asked_ms: Option<i64> },
    /// The service could not be reached.
    Unreachable,
}

/// Makes the deliveries of what is due to be told; answers whether there was something.
pub(super) fn make(tx: &mut Tx, now_ms: i64) -> Result<bool> {
    const COLUMNS: [&str; 7] =
        ["id", "notification_id", "subscription_id", "attempts", "due_at", "expires_at", "is_short"];
    let taken = pushing::take(tx, now_ms)?;
    let mut pairs = Vec::new();
    for (notification_id, user_id) in &taken {
        let browsers = subscriptions::of_user(tx, *user_id)?;
        pairs.extend(browsers.into_iter().map(|subscription_id| (*notification_id, subscription_id)));
    }
    let ids = tx.allocate_ids("push_deliveries", pairs.len())?;
    let rows: Vec<Vec<database::Value>> = ids
        .iter()
        .zip(pairs)
        .map(|(id, (notification_id, subscription_id))| {
            vec![
                (*id).into(),
                notification_id.into(),
                subscription_id.into(),
                0.into(),
                now_ms.into(),
                (now_ms + LIFE_MS).into(),
                0.into(),
            ]
        })
        .collect();
    tx.insert_many("push_deliveries", &COLUMNS, &rows)?;
    Ok(!taken.is_empty())
}

/// Takes the delivery that waits longest.
pub(super) fn claim(tx: &mut Tx, now_ms: i64) -> Result<Option<Delivery>> {
    const SQL: &str = "SELECT notification_id, subscription_id, expires_at, is_short FROM push_deliveries WHERE id = ?";
    tx.execute("DELETE FROM push_deliveries WHERE due_at <= ? AND expires_at <= ?", &[now_ms.into(), now_ms.into()])?;
    let Some(claim) = QUEUE.claim(tx, now_ms, 1)?.pop() else { return Ok(None) };
    let row = tx.query_one(SQL, &[claim.id.into()])?;
    Ok(Some(Delivery {
        claim,
        notification_id: row.integer(0)?,
        subscription_id: row.integer(1)?,
        expires_at: row.integer(2)?,
        is_short: row.boolean(3)?,
    }))
}

/// Notes how an attempt ended, unless another claim has followed it.
pub(super) fn finish(tx: &mut Tx, delivery: &Delivery, outcome: Outcome, now_ms: i64) -> Result<()> {
    let Delivery { claim, subscription_id, .. } = *delivery;
    let again_at = match outcome {
        Outcome::TooLong if !delivery.is_short => {
            const SHORTER: &str = "UPDATE push_deliveries SET is_short = 1, due_at = ? WHERE id = ? AND attempts = ?";
            tx.execute(SHORTER, &[[now_ms.into()].as_slice(), &claim.params()].concat())?;
            return Ok(());
        }
        Outcome::Refused { asked_ms } => Some(now_ms + pause_ms(claim.id, claim.attempt, asked_ms)),
        Outcome::Unreachable => Some(now_ms + pause_ms(claim.id, claim.attempt, None).max(HOST_REST_MS)),
        Outcome::Arrived | Outcome::Nothing | Outcome::Gone | Outcome::TooLong => None,
    };
    let noted = match again_at.filter(|at| *at < delivery.expires_at) {
        Some(at) => {
            const AGAIN: &str = "UPDATE push_deliveries SET due_at = ? WHERE id = ? AND attempts = ?";
            tx.execute(AGAIN, &[[at.into()].as_slice(), &claim.params()].concat())?
        }
        None => tx.execute("DELETE FROM push_deliveries WHERE id = ? AND attempts = ?", &claim.params())?,
    };
    if noted != 1 {
        return Ok(());
    }
    match outcome {
        Outcome::Nothing => Ok(()),
        Outcome::Arrived => subscriptions::note_success(tx, subscription_id, now_ms),
        Outcome::Gone => subscriptions::remove(tx, subscription_id),
        Outcome::Refused { .. } | Outcome::TooLong => subscriptions::note_failure(tx, subscription_id, now_ms),
        Outcome::Unreachable => {
            subscriptions::note_failure(tx, subscription_id, now_ms)?;
            rest(tx, subscription_id, now_ms)
        }
    }
}

/// Nothing goes to the host of a browser for a while: one that hangs must leave room for the others.
fn rest(tx: &mut Tx, subscription_id: i64, now_ms: i64) -> Result<()> {
    const SQL: &str = "UPDATE push_deliveries SET due_at = ? WHERE due_at <= ? AND subscription_id IN \
        (SELECT id FROM push_subscriptions WHERE host = (SELECT host FROM push_subscriptions WHERE id = ?))";
    tx.execute(SQL, &[(now_ms + HOST_REST_MS).into(), now_ms.into(), subscription_id.into()])?;
    Ok(())
}

/// Whether something is to be done; looking needs no turn to write.
pub(super) fn is_any_due(tx: &mut dyn Query, now_ms: i64) -> std::result::Result<(bool, bool), EngineError> {
    Ok((pushing::is_any_due(tx, now_ms)?, QUEUE.is_any_due(tx, now_ms)?))
}
