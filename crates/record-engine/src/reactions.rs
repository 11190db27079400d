//! Reactions: one press says what a note is to somebody. They stand beside the note and are no change of it: no version, no history.
//!
//! What must stay true: whoever sees a note sees its reactions, and nobody else; each person has each reaction once. The author is told of a note once,
//! and not at all of what was taken back before he read it.

use std::collections::BTreeMap;

use database::{Query, Tx, Value, in_list};
use serde_json::{Value as Json, json};

use crate::catalog::{Catalog, ObjectType, USER_TYPE};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::FieldKind;
use crate::notifications;
use crate::outbox;
use crate::query::get;
use crate::query::present::{References, Titles};

/// The topic of outbox events by which the readers of a note hear that its reactions are others than before.
pub const TOPIC: &str = "reactions";
/// The reactions that there are, in their order, with their signs.
pub const REACTIONS: [(&str, &str); 6] =
    [("thumbs_up", "👍"), ("heart", "❤️"), ("party", "🎉"), ("smile", "😄"), ("eyes", "👀"), ("done", "✅")];

impl ObjectType {
    /// Whether people react to its records: parts of others that are texts.
    pub fn has_reactions(&self) -> bool {
        let title = self.field(self.definition.title_field);
        self.is_part() && title.is_some_and(|field| matches!(field.kind, FieldKind::LongText(_)))
    }
}

/// Adds a reaction of the actor to a note that he sees, or takes it back.
///
/// # Errors
/// `NotFound` for what he does not see, what lies in the trash, and types without reactions; `Invalid` for an unknown reaction.
pub fn set(
    tx: &mut Tx,
    context: &RequestContext,
    object_type: &ObjectType,
    id: i64,
    reaction: &str,
    is_on: bool,
) -> Result<()> {
    let Some(user_id) = context.actor.user_id() else { return Err(EngineError::Forbidden) };
    let standing = get(tx, context, object_type, id)?.filter(|note| note.deleted_at.is_none());
    let note = standing.filter(|_| object_type.has_reactions()).ok_or(EngineError::NotFound)?;
    if !REACTIONS.iter().any(|(key, _)| *key == reaction) {
        return Err(EngineError::field(FieldError::new("reaction", "unknown_option").with("value", reaction)));
    }
    let name = object_type.name.as_str();
    let params = [name.into(), id.into(), user_id.into(), reaction.into()];
    let changed = if is_on {
        const SQL: &str = "INSERT INTO reactions (object_type, record_id, user_id, reaction, at) VALUES (?, ?, ?, ?, ?) \
            ON CONFLICT (object_type, record_id, user_id, reaction) DO NOTHING";
        tx.execute(SQL, &[params.as_slice(), &[context.now_ms.into()]].concat())?
    } else {
        const SQL: &str =
            "DELETE FROM reactions WHERE object_type = ? AND record_id = ? AND user_id = ? AND reaction = ?";
        tx.execute(SQL, &params)?
    };
    if changed == 0 {
        return Ok(());
    }
    if let Some(author) = note.created_by.filter(|author| *author != user_id) {
        if is_on {
            notifications::file_reaction(tx, context, name, id, author)?;
        } else {
            notifications::drop_reaction(tx, context, name, id, author)?;
        }
    }
    outbox::emit(tx, context, None, TOPIC, &json!({ "type": name, "ids": [id] }))
}

/// The reactions of records as clients read them, by record; those without any are left out.
///
/// # Errors
/// Those of the database.
pub fn of_records(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    object_type: &ObjectType,
    ids: &[i64],
) -> Result<BTreeMap<i64, Json>> {
    if !object_type.has_reactions() {
        return Ok(BTreeMap::new());
    }
    let mut given: BTreeMap<(i64, usize), Vec<i64>> = BTreeMap::new();
    for chunk in ids.chunks(500) {
        let sql = format!(
            "SELECT record_id, reaction, user_id FROM reactions WHERE object_type = ? AND record_id IN {} ORDER BY at, user_id",
            in_list(chunk.len())
        );
        let params: Vec<Value> = [Value::from(object_type.name.as_str())]
            .into_iter()
            .chain(chunk.iter().map(|id| Value::Integer(*id)))
            .collect();
        for row in tx.query(&sql, &params)? {
            let Some(place) = place_of(row.text_str(1)?) else { continue };
            given.entry((row.integer(0)?, place)).or_default().push(row.integer(2)?);
        }
    }
    let titles = Titles::load(tx, context, catalog, &References::to(USER_TYPE, given.values().flatten().copied()))?;
    let me = context.actor.user_id();
    let mut found: BTreeMap<i64, Vec<Json>> = BTreeMap::new();
    for ((id, place), user_ids) in given {
        let Some((key, _)) = REACTIONS.get(place) else { continue };
        let users: Vec<Json> = user_ids.iter().map(|user_id| titles.reference(USER_TYPE, *user_id)).collect();
        let is_own = me.is_some_and(|me| user_ids.contains(&me));
        found.entry(id).or_default().push(json!({ "reaction": key, "users": users, "is_own": is_own }));
    }
    Ok(found.into_iter().map(|(id, items)| (id, Json::Array(items))).collect())
}

/// The signs that somebody has put to a note, in their order.
pub(crate) fn signs_of(tx: &mut dyn Query, object_type: &str, id: i64, user_id: i64) -> Result<String> {
    const SQL: &str = "SELECT reaction FROM reactions WHERE object_type = ? AND record_id = ? AND user_id = ?";
    let rows = tx.query(SQL, &[object_type.into(), id.into(), user_id.into()])?;
    let mut places: Vec<usize> = rows.iter().filter_map(|row| place_of(row.text_str(0).ok()?)).collect();
    places.sort_unstable();
    Ok(places.into_iter().filter_map(|place| REACTIONS.get(place)).map(|(_, sign)| *sign).collect())
}

/// Somebody else than the author who reacts to a note, the first one.
pub(crate) fn first_other(tx: &mut dyn Query, object_type: &str, id: i64, author: i64) -> Result<Option<i64>> {
    const SQL: &str = "SELECT user_id FROM reactions WHERE object_type = ? AND record_id = ? AND user_id <> ? ORDER BY at, user_id LIMIT 1";
    let row = tx.query_optional(SQL, &[object_type.into(), id.into(), author.into()])?;
    row.map(|row| Ok(row.integer(0)?)).transpose()
}

/// Forgets the reactions to records that are no more, and those of users who are no more.
///
/// # Errors
/// Those of the database.
pub fn forget(tx: &mut Tx, object_type: &ObjectType, ids: &[Value]) -> Result<()> {
    for chunk in ids.chunks(500) {
        let list = in_list(chunk.len());
        if object_type.has_reactions() {
            let sql = format!("DELETE FROM reactions WHERE object_type = ? AND record_id IN {list}");
            tx.execute(&sql, &[&[object_type.name.as_str().into()], chunk].concat())?;
        }
        if object_type.name == USER_TYPE {
            tx.execute(&format!("DELETE FROM reactions WHERE user_id IN {list}"), chunk)?;
        }
    }
    Ok(())
}

fn place_of(key: &str) -> Option<usize> {
    REACTIONS.iter().position(|(known, _)| *known == key)
}
