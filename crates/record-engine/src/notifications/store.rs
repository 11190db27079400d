//! How notifications come and go.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Tx, Value, in_list};
use serde_json::json;

use super::kind::Kind;
use super::settings::{Channels, of_users};
use super::{NAMED, TOPIC, pushing};
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::jobs::Job;
use crate::outbox;
use crate::write::Operation;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// A letter waits so long for more to tell.
const MAIL_DELAY_MS: i64 = 2 * MINUTE_MS;
/// What goes over all windows waits so long: an operation that goes on adds to it, and whoever looks at the page reads it there.
const PUSH_DELAY_MS: i64 = 3_000;
/// Whoever started a job that takes less still looks at it.
const WATCHED_MS: i64 = 10_000;
/// What was read stays so long.
const READ_STAYS_MS: i64 = 90 * DAY_MS;
/// What nobody reads does not stay for ever.
const UNREAD_STAYS_MS: i64 = 365 * DAY_MS;
/// Notifications that one cleaning removes.
const BATCH: i64 = 5_000;

/// Tells people of what an operation did to records of a type, in its transaction: which records, for each person. Its author, whoever is not active and
/// whoever does not want this kind are left out; an operation that goes on adds to what it told before.
///
/// # Errors
/// Those of the database.
pub fn file(
    tx: &mut Tx,
    context: &RequestContext,
    operation: &Operation,
    kind: &'static Kind,
    object_type: &str,
    mut told: BTreeMap<i64, Vec<i64>>,
) -> Result<()> {
    let (Some(actor), Some(operation_id)) = (context.actor.user_id(), operation.stored_id()) else { return Ok(()) };
    told.retain(|user_id, records| *user_id != actor && !records.is_empty());
    if told.is_empty() || operation.is_quiet {
        return Ok(());
    }
    if let Some(undone) = operation.undone_id(tx)? {
        // What they have not read is taken back; that it was there and went is no news.
        let of_undone = of_operation(tx, undone, object_type, Some(kind))?;
        of_undone.iter().filter(|known| !known.is_read).for_each(|known| drop(told.remove(&known.user_id)));
    }
    let receivers = receivers(tx, kind, told.keys().copied().collect())?;
    let before = of_operation(tx, operation_id, object_type, Some(kind))?;
    let (mail_at, push_at) = (context.now_ms + MAIL_DELAY_MS, context.now_ms + PUSH_DELAY_MS);
    let mut heard = Vec::new();
    for (user_id, channels) in receivers {
        let Some(records) = told.get(&user_id) else { continue };
        let count = count_of(records);
        let known = before.iter().find(|known| known.user_id == user_id);
        let id = match known {
            Some(known) => {
                // More of the same: it is news again, and a letter that waits goes on waiting.
                const SQL: &str = "UPDATE notifications SET record_count = record_count + ?, read_at = NULL, \
                    mail_at = CASE WHEN mail_at IS NULL THEN NULL ELSE CAST(? AS BIGINT) END, \
                    push_at = CASE WHEN push_at IS NULL THEN NULL ELSE CAST(? AS BIGINT) END WHERE id = ?";
                tx.execute(SQL, &[count.into(), mail_at.into(), push_at.into(), known.id.into()])?;
                known.id
            }
            None => {
                let row = Row {
                    user_id,
                    kind,
                    object_type: Some(object_type),
                    operation_id: Some(operation_id),
                    job_id: None,
                    actor_id: Some(actor),
                    count,
                    channels,
                };
                insert(tx, context.now_ms, &row)?
            }
        };
        let room = NAMED.saturating_sub(known.map_or(0, |known| usize::try_from(known.count).unwrap_or(NAMED)));
        name_records(tx, id, records.iter().take(room))?;
        if channels.page {
            heard.push(user_id);
        }
    }
    announce(tx, context, &heard)
}

/// Tells people of records of a type what nobody did: that a time has come. For each person and call it is one notification.
///
/// # Errors
/// Those of the database.
pub fn file_by_program(
    tx: &mut Tx,
    context: &RequestContext,
    kind: &'static Kind,
    object_type: &str,
    told: BTreeMap<i64, Vec<i64>>,
) -> Result<()> {
    let mut heard = Vec::new();
    for (user_id, channels) in receivers(tx, kind, told.keys().copied().collect())? {
        let Some(records) = told.get(&user_id) else { continue };
        let row = Row {
            user_id,
            kind,
            object_type: Some(object_type),
            operation_id: None,
            job_id: None,
            actor_id: None,
            count: count_of(records),
            channels,
        };
        let id = insert(tx, context.now_ms, &row)?;
        name_records(tx, id, records.iter().take(NAMED))?;
        if channels.page {
            heard.push(user_id);
        }
    }
    announce(tx, context, &heard)
}

/// Tells the one who started a job that it has ended, in the transaction of its end; nothing of one that he has stopped, or that he has hardly waited for.
pub(crate) fn file_end_of_job(tx: &mut Tx, context: &RequestContext, kind: &'static Kind, job: &Job) -> Result<()> {
    let waited = job.started_at.map_or(0, |started| context.now_ms - started);
    let Some(user_id) = job.user_id.filter(|_| waited >= WATCHED_MS) else { return Ok(()) };
    let Some(channels) = receivers(tx, kind, vec![user_id])?.remove(&user_id) else { return Ok(()) };
    let row = Row {
        user_id,
        kind,
        object_type: None,
        operation_id: None,
        job_id: Some(job.id),
        actor_id: None,
        count: 1,
        channels,
    };
    insert(tx, context.now_ms, &row)?;
    if channels.page { announce(tx, context, &[user_id]) } else { Ok(()) }
}

/// Takes back what was told of an operation that is being undone, as far as nobody has read it: these records of a type are what they were before.
pub(crate) fn take_back(
    tx: &mut Tx,
    context: &RequestContext,
    undone: i64,
    object_type: &str,
    ids: &BTreeSet<i64>,
) -> Result<()> {
    let mut heard = Vec::new();
    for known in of_operation(tx, undone, object_type, None)?.into_iter().filter(|known| !known.is_read) {
        let removed = forget_records(tx, known.id, ids)?;
        let is_named = known.count <= count_of(&[0; NAMED]);
        let gone = if is_named { removed } else { i64::try_from(ids.len()).unwrap_or(i64::MAX) };
        if gone == 0 {
            continue;
        }
        if gone >= known.count {
            remove(tx, known.id)?;
        } else {
            let sql = "UPDATE notifications SET record_count = record_count - ? WHERE id = ?";
            tx.execute(sql, &[gone.into(), known.id.into()])?;
        }
        heard.push(known.user_id);
    }
    announce(tx, context, &heard)
}

/// Removes a notification with all that waits to be told of it.
pub(super) fn remove(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute("DELETE FROM notification_records WHERE notification_id = ?", &[id.into()])?;
    tx.execute("DELETE FROM push_deliveries WHERE notification_id = ?", &[id.into()])?;
    tx.execute("DELETE FROM notifications WHERE id = ?", &[id.into()])?;
    Ok(())
}

/// Removes what was read long ago, and what nobody has read for a year.
///
/// # Errors
/// Those of the database.
pub fn prune(tx: &mut Tx, now_ms: i64) -> Result<()> {
    const OLD: &str = "SELECT id FROM notifications WHERE read_at < ? OR created_at < ? ORDER BY id LIMIT ?";
    let rows = tx.query(OLD, &[(now_ms - READ_STAYS_MS).into(), (now_ms - UNREAD_STAYS_MS).into(), BATCH.into()])?;
    let ids = rows.iter().map(|row| Ok(Value::Integer(row.integer(0)?))).collect::<Result<Vec<Value>>>()?;
    for chunk in ids.chunks(500) {
        let list = in_list(chunk.len());
        tx.execute(&format!("DELETE FROM notification_records WHERE notification_id IN {list}"), chunk)?;
        tx.execute(&format!("DELETE FROM notifications WHERE id IN {list}"), chunk)?;
    }
    Ok(())
}

/// Lets people hear that their notifications are others than before.
pub(super) fn announce(tx: &mut Tx, context: &RequestContext, user_ids: &[i64]) -> Result<()> {
    if user_ids.is_empty() {
        return Ok(());
    }
    outbox::emit(tx, context, None, TOPIC, &json!({ "user_ids": user_ids }))
}

/// What is stored of an operation.
struct Known {
    id: i64,
    user_id: i64,
    count: i64,
    is_read: bool,
}

fn of_operation(tx: &mut Tx, operation_id: i64, object_type: &str, kind: Option<&Kind>) -> Result<Vec<Known>> {
    const SQL: &str =
        "SELECT id, user_id, record_count, read_at, kind FROM notifications WHERE operation_id = ? AND object_type = ?";
    let mut found = Vec::new();
    for row in tx.query(SQL, &[operation_id.into(), object_type.into()])? {
        if kind.is_none_or(|kind| row.text_str(4).is_ok_and(|key| key == kind.key)) {
            let is_read = row.optional_integer(3)?.is_some();
            found.push(Known { id: row.integer(0)?, user_id: row.integer(1)?, count: row.integer(2)?, is_read });
        }
    }
    Ok(found)
}

/// The active ones among people, with where they want to hear of a kind; whoever wants it nowhere is left out.
pub(super) fn receivers(tx: &mut Tx, kind: &Kind, user_ids: Vec<i64>) -> Result<BTreeMap<i64, Channels>> {
    let own = of_users(tx, kind, &user_ids)?;
    let subscribed = pushing::subscribed(tx, &user_ids)?;
    let mut found = BTreeMap::new();
    for chunk in user_ids.chunks(500) {
        let sql = format!(
            "SELECT id FROM \"user\" WHERE is_active = 1 AND deleted_at IS NULL AND id IN {}",
            in_list(chunk.len())
        );
        let ids: Vec<Value> = chunk.iter().map(|id| Value::Integer(*id)).collect();
        for row in tx.query(&sql, &ids)? {
            let id = row.integer(0)?;
            let wanted = own.get(&id).copied().unwrap_or(kind.channels);
            let channels = Channels { push: wanted.push && subscribed.contains(&id), ..wanted };
            if channels.page || channels.mail || channels.push {
                found.insert(id, channels);
            }
        }
    }
    Ok(found)
}

/// A notification to be.
pub(super) struct Row<'a> {
    pub user_id: i64,
    pub kind: &'static Kind,
    pub object_type: Option<&'a str>,
    pub operation_id: Option<i64>,
    pub job_id: Option<i64>,
    pub actor_id: Option<i64>,
    pub count: i64,
    pub channels: Channels,
}

pub(super) fn insert(tx: &mut Tx, now_ms: i64, row: &Row<'_>) -> Result<i64> {
    let ids = tx.allocate_ids("notifications", 1)?;
    let id = ids.first().copied();
    let id = id.ok_or_else(|| EngineError::Stored("the sequence of notifications gave no id".into()))?;
    tx.insert_many(
        "notifications",
        &[
            "id",
            "user_id",
            "kind",
            "object_type",
            "operation_id",
            "job_id",
            "actor_id",
            "record_count",
            "created_at",
            "is_on_page",
            "mail_at",
            "push_at",
        ],
        &[vec![
            id.into(),
            row.user_id.into(),
            row.kind.key.into(),
            row.object_type.into(),
            row.operation_id.into(),
            row.job_id.into(),
            row.actor_id.into(),
            row.count.into(),
            now_ms.into(),
            row.channels.page.into(),
            row.channels.mail.then_some(now_ms + MAIL_DELAY_MS).into(),
            row.channels.push.then_some(now_ms + PUSH_DELAY_MS).into(),
        ]],
    )?;
    Ok(id)
}

pub(super) fn name_records<'a>(tx: &mut Tx, id: i64, records: impl Iterator<Item = &'a i64>) -> Result<()> {
    const SQL: &str = "INSERT INTO notification_records (notification_id, record_id) VALUES (?, ?) \
        ON CONFLICT (notification_id, record_id) DO NOTHING";
    for record in records {
        tx.execute(SQL, &[id.into(), (*record).into()])?;
    }
    Ok(())
}

fn forget_records(tx: &mut Tx, id: i64, records: &BTreeSet<i64>) -> Result<i64> {
    let records: Vec<Value> = records.iter().map(|record| Value::Integer(*record)).collect();
    let mut removed = 0;
    for chunk in records.chunks(500) {
        let sql = format!(
            "DELETE FROM notification_records WHERE notification_id = ? AND record_id IN {}",
            in_list(chunk.len())
        );
        removed += tx.execute(&sql, &[&[id.into()], chunk].concat())?;
    }
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}

fn count_of(records: &[i64]) -> i64 {
    i64::try_from(records.len()).unwrap_or(i64::MAX)
}
