//! Notifications of reactions: no operation makes them, so they are told apart by their note. One of a note reaches its author once, and what is taken
//! back before he has read it goes.

use database::{Query, Tx};

use super::kind::REACTED;
use super::store::{Row, announce, insert, name_records, receivers, remove};
use crate::context::RequestContext;
use crate::error::Result;
use crate::reactions::first_other;

/// Tells the author of a note that the actor reacted to it, unless he was told of a reaction to it before.
pub(crate) fn file_reaction(
    tx: &mut Tx,
    context: &RequestContext,
    object_type: &str,
    note: i64,
    author: i64,
) -> Result<()> {
    if known(tx, object_type, note, author)?.is_some() {
        return Ok(());
    }
    let Some(channels) = receivers(tx, &REACTED, vec![author])?.remove(&author) else { return Ok(()) };
    let row = Row {
        user_id: author,
        kind: &REACTED,
        object_type: Some(object_type),
        operation_id: None,
        job_id: None,
        actor_id: context.actor.user_id(),
        count: 1,
        channels,
    };
    let id = insert(tx, context.now_ms, &row)?;
    name_records(tx, id, [note].iter())?;
    if channels.page { announce(tx, context, &[author]) } else { Ok(()) }
}

/// Takes back what the author was told and has not read when nobody reacts to the note any more; otherwise it speaks of who still does.
pub(crate) fn drop_reaction(
    tx: &mut Tx,
    context: &RequestContext,
    object_type: &str,
    note: i64,
    author: i64,
) -> Result<()> {
    let Some((id, false)) = known(tx, object_type, note, author)? else { return Ok(()) };
    match first_other(tx, object_type, note, author)? {
        Some(other) => {
            tx.execute("UPDATE notifications SET actor_id = ? WHERE id = ?", &[other.into(), id.into()])?;
        }
        None => remove(tx, id)?,
    }
    announce(tx, context, &[author])
}

/// The notification of reactions to a note, and whether it was read.
fn known(tx: &mut dyn Query, object_type: &str, note: i64, author: i64) -> Result<Option<(i64, bool)>> {
    const SQL: &str = "SELECT n.id, n.read_at FROM notification_records r JOIN notifications n ON n.id = r.notification_id \
        WHERE r.record_id = ? AND n.user_id = ? AND n.kind = ? AND n.object_type = ?";
    let row = tx.query_optional(SQL, &[note.into(), author.into(), REACTED.key.into(), object_type.into()])?;
    row.map(|row| Ok((row.integer(0)?, row.optional_integer(1)?.is_some()))).transpose()
}
