//! Followers: who wants to hear what others do with a record. It stands beside the record and is no change of it: no version, no history.
//!
//! What must stay true:
//! - who stopped stays out, whatever he writes or is named in afterwards, until he follows again himself;
//! - a follower is told like everybody else: ids are kept, and rights are asked when he reads or a letter is written ([`crate::notifications::inbox`]).
//!   Who may not see the record hears nothing and does not count ([`list`]);
//! - one doing reaches a person once: who is told of it in another way is not told as a follower ([`tell`]).
//!
//! Types whose records have something to tell have followers ([`ObjectType::has_followers`]); none is named here.

pub(crate) mod asked;
mod news;

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Tx, Value, in_list};
use serde_json::json;

pub use news::tell;
pub(crate) use news::tell_changes;

use crate::access::{Action, Locks};
use crate::catalog::ObjectType;
use crate::context::{RequestContext, Source};
use crate::engine::{Engine, Snapshot};
use crate::error::{EngineError, FieldError, Result};
use crate::outbox;
use crate::query::{get, load_records, visible_ids};
use crate::record::Record;

/// The topic of outbox events by which a card hears that others follow it than before.
pub const TOPIC: &str = "followers";
/// Most followers of one record: more are a crowd, and each one's rights are asked wherever they are named.
pub const MOST: usize = 100;
/// Ids of one statement.
const CHUNK: usize = 500;

/// Who follows a record, as far as they may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followers {
    /// The active ones, in the order of their coming.
    pub user_ids: Vec<i64>,
    /// Whether the reader may add and take away others: he who may share the record.
    pub may_choose: bool,
}

/// Those of a record that the reader sees.
///
/// # Errors
/// `NotFound` for a record that he may not see, or whose type has no followers.
pub fn list(
    tx: &mut dyn Query,
    engine: &Engine,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &ObjectType,
    id: i64,
) -> Result<Followers> {
    standing(tx, context, object_type, id)?;
    let mut user_ids = Vec::new();
    for user_id in active(tx, &object_type.name, id)? {
        if sees(tx, engine, snapshot, object_type, id, user_id)? {
            user_ids.push(user_id);
        }
    }
    Ok(Followers { user_ids, may_choose: may_choose(tx, context, object_type, id)? })
}

/// Lets somebody follow a record or stop: oneself, or, for who may share the record, a colleague who sees it.
///
/// # Errors
/// `NotFound` as of [`list`]; `State` in the trash; `Forbidden` for whoever may not choose others; `Invalid` for a colleague who may not see the record,
/// and when there are too many.
pub fn set(
    tx: &mut Tx,
    engine: &Engine,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &ObjectType,
    id: i64,
    (user_id, follows): (i64, bool),
) -> Result<()> {
    let record = standing(tx, context, object_type, id)?;
    let is_own = context.actor.user_id() == Some(user_id);
    if !is_own && !may_choose(tx, context, object_type, id)? {
        return Err(EngineError::Forbidden);
    }
    if record.deleted_at.is_some() {
        return Err(EngineError::State("in_trash"));
    }
    if follows {
        let wrong = |code| EngineError::field(FieldError::new("user_id", code));
        if !is_own && !sees(tx, engine, snapshot, object_type, id, user_id)? {
            return Err(wrong("not_a_reader"));
        }
        let known = active(tx, &object_type.name, id)?;
        if known.len() >= MOST && !known.contains(&user_id) {
            return Err(EngineError::field(FieldError::new("user_id", "too_many_values").with("max", MOST)));
        }
        const SQL: &str = "INSERT INTO record_followers (object_type, record_id, user_id, is_following, at) VALUES (?, ?, ?, 1, ?) \
            ON CONFLICT (object_type, record_id, user_id) DO UPDATE SET is_following = 1, at = excluded.at \
            WHERE record_followers.is_following = 0";
        tx.execute(SQL, &[object_type.name.as_str().into(), id.into(), user_id.into(), context.now_ms.into()])?;
    } else if is_own {
        const SQL: &str = "INSERT INTO record_followers (object_type, record_id, user_id, is_following, at) VALUES (?, ?, ?, 0, ?) \
            ON CONFLICT (object_type, record_id, user_id) DO UPDATE SET is_following = 0, at = excluded.at";
        tx.execute(SQL, &[object_type.name.as_str().into(), id.into(), user_id.into(), context.now_ms.into()])?;
    } else {
        // It was not his own word: what he writes later makes him follow again.
        const SQL: &str =
            "DELETE FROM record_followers WHERE object_type = ? AND record_id = ? AND user_id = ? AND is_following = 1";
        tx.execute(SQL, &[object_type.name.as_str().into(), id.into(), user_id.into()])?;
    }
    announce(tx, context, &object_type.name, &[id])
}

/// Lets people follow records of a type from now on, but for those who stopped.
///
/// # Errors
/// Those of the database.
pub fn join(
    tx: &mut Tx,
    context: &RequestContext,
    object_type: &str,
    people: &BTreeMap<i64, BTreeSet<i64>>,
) -> Result<()> {
    const SQL: &str = "INSERT INTO record_followers (object_type, record_id, user_id, is_following, at) VALUES (?, ?, ?, 1, ?) \
        ON CONFLICT (object_type, record_id, user_id) DO NOTHING";
    let mut joined = Vec::new();
    for (id, user_ids) in people {
        let room = MOST.saturating_sub(active(tx, object_type, *id)?.len());
        let mut added = 0;
        for user_id in user_ids.iter().take(room) {
            added += tx.execute(SQL, &[object_type.into(), (*id).into(), (*user_id).into(), context.now_ms.into()])?;
        }
        if added > 0 {
            joined.push(*id);
        }
    }
    announce(tx, context, object_type, &joined)
}

/// Those who follow some records of a type, with which ones. Neither rights nor whether they are active is asked: that is for whoever tells them.
///
/// # Errors
/// Those of the database.
pub fn of_records(tx: &mut dyn Query, object_type: &str, ids: &[i64]) -> Result<BTreeMap<i64, Vec<i64>>> {
    let mut found: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let sql = format!(
            "SELECT user_id, record_id FROM record_followers WHERE object_type = ? AND is_following = 1 AND record_id IN {}",
            in_list(chunk.len())
        );
        for row in tx.query(&sql, &of_type(object_type, chunk))? {
            found.entry(row.integer(0)?).or_default().push(row.integer(1)?);
        }
    }
    Ok(found)
}

/// Whoever follows records that become one follows the one that stays; what he said about that one himself holds.
pub(crate) fn merge(
    tx: &mut Tx,
    context: &RequestContext,
    object_type: &str,
    losers: &[i64],
    survivor: i64,
) -> Result<()> {
    let gained: BTreeSet<i64> = of_records(tx, object_type, losers)?.into_keys().collect();
    join(tx, context, object_type, &BTreeMap::from([(survivor, gained)]))
}

/// Whoever gets records of a colleague who leaves follows those of them that he followed.
///
/// # Errors
/// Those of the database.
pub fn hand_over(
    tx: &mut Tx,
    context: &RequestContext,
    object_type: &str,
    ids: &[i64],
    (from, to): (i64, i64),
) -> Result<()> {
    let followed = of_records(tx, object_type, ids)?.remove(&from).unwrap_or_default();
    join(tx, context, object_type, &followed.into_iter().map(|id| (id, BTreeSet::from([to]))).collect())
}

/// Forgets who followed records that are no more, and whom a user who is no more followed.
///
/// # Errors
/// Those of the database.
pub fn forget(tx: &mut Tx, object_type: &ObjectType, ids: &[Value]) -> Result<()> {
    for chunk in ids.chunks(CHUNK) {
        let list = in_list(chunk.len());
        let sql = format!("DELETE FROM record_followers WHERE object_type = ? AND record_id IN {list}");
        tx.execute(&sql, &[&[object_type.name.as_str().into()], chunk].concat())?;
        if object_type.name == crate::catalog::USER_TYPE {
            tx.execute(&format!("DELETE FROM record_followers WHERE user_id IN {list}"), chunk)?;
        }
    }
    Ok(())
}

fn of_type(object_type: &str, ids: &[i64]) -> Vec<Value> {
    [Value::from(object_type)].into_iter().chain(ids.iter().map(|id| Value::Integer(*id))).collect()
}

/// The active users who follow a record, in the order of their coming.
fn active(tx: &mut dyn Query, object_type: &str, id: i64) -> Result<Vec<i64>> {
    const SQL: &str = "SELECT f.user_id FROM record_followers f JOIN \"user\" u ON u.id = f.user_id AND u.is_active = 1 AND u.deleted_at IS NULL \
        WHERE f.object_type = ? AND f.record_id = ? AND f.is_following = 1 ORDER BY f.at, f.user_id";
    tx.query(SQL, &[object_type.into(), id.into()])?.iter().map(|row| Ok(row.integer(0)?)).collect()
}

/// The record, as far as the reader sees it and it can have followers.
fn standing(tx: &mut dyn Query, context: &RequestContext, object_type: &ObjectType, id: i64) -> Result<Record> {
    let record = get(tx, context, object_type, id)?;
    record.filter(|_| object_type.has_followers()).ok_or(EngineError::NotFound)
}

/// Whether another user sees a record.
fn sees(
    tx: &mut dyn Query,
    engine: &Engine,
    snapshot: &Snapshot,
    object_type: &ObjectType,
    id: i64,
    user_id: i64,
) -> Result<bool> {
    let Some(access) = engine.access(tx, snapshot, user_id)? else { return Ok(false) };
    let theirs = RequestContext::of(user_id, access, Source::System, engine.clock());
    Ok(visible_ids(tx, &theirs, object_type, &[id])?.contains(&id))
}

/// Whether the actor may share the record.
fn may_choose(tx: &mut dyn Query, context: &RequestContext, object_type: &ObjectType, id: i64) -> Result<bool> {
    let Some(levels) = object_type.access().levels else { return Ok(false) };
    let Some(record) = load_records(tx, object_type, &[id], false)?.remove(&id) else { return Ok(false) };
    let permissions = context.permissions(object_type);
    let locked = Locks::of(context, object_type)?.fields(object_type, Some(&record));
    let is_open = |name: &&str| permissions.writes(name) && !locked.contains(name);
    Ok(permissions.may(Action::Share) && levels.sharing_fields.iter().any(is_open))
}

/// Lets the open cards of records hear of it.
fn announce(tx: &mut Tx, context: &RequestContext, object_type: &str, ids: &[i64]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    outbox::emit(tx, context, None, TOPIC, &json!({ "type": object_type, "ids": ids }))
}
