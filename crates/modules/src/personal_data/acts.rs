//! Acts of destruction: what was destroyed, by whom, when, how and why, without what it was. Kept for three years, as the law of some countries asks.
//!
//! What must stay true: an act holds kinds and numbers, never a value; it is never changed.

mod page;

use database::{Query, Tx};
use record_engine::catalog::USER_TYPE;
use record_engine::context::instant_text;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::query::load_records;
use record_engine::{Engine, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::erase::{Cause, Inventory, WorkChoice};
use super::{SUBJECT, ensure_manager};

pub use page::act_page;
pub(super) use page::{STYLE, escaped};

/// How long acts are kept, in days: three years.
pub const KEEP_DAYS: i64 = 1_096;
const DAY_MS: i64 = 86_400_000;
/// Most acts of a page.
const MAX_LIMIT: usize = 100;

/// What an act says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// Its number, unlike that of any other act of the installation.
    pub number: String,
    /// When, as an instant.
    pub at: String,
    /// The company that kept the data.
    pub company: String,
    /// The type of the records.
    pub object_type: String,
    /// Their ids.
    pub records: Vec<i64>,
    /// The user who did it; `None` for a rule.
    pub user_id: Option<i64>,
    /// His name then.
    pub user: Option<String>,
    /// Why.
    pub cause: Cause,
    /// Kinds of what went, with numbers.
    pub goes: Json,
    /// Kinds of what stayed.
    pub stays: Json,
    /// The database that held it.
    pub database: String,
    /// What became of the work that was done for them; acts of older releases do not say it: it stayed.
    #[serde(default, skip_serializing_if = "WorkChoice::is_keeping")]
    pub work: WorkChoice,
}

impl Act {
    /// The act of an erasure.
    pub(super) fn of(
        tx: &mut dyn Query,
        snapshot: &Snapshot,
        context: &RequestContext,
        ids: &[i64],
        cause: Cause,
        inventory: &Inventory,
    ) -> Result<Act> {
        let user_id = context.actor.user_id();
        let users = snapshot.object_type(USER_TYPE)?;
        let user = match user_id {
            Some(id) => load_records(tx, &users, &[id], false)?.remove(&id),
            None => None,
        };
        let first = ids.first().copied().unwrap_or_default();
        // To the second: a restored database gives out its ids again.
        let moment: String = instant_text(context.now_ms).chars().filter(char::is_ascii_digit).take(14).collect();
        Ok(Act {
            number: format!("{moment}-{first}"),
            at: instant_text(context.now_ms),
            company: snapshot.installation.company_name.clone(),
            object_type: SUBJECT.into(),
            records: ids.to_vec(),
            user_id,
            user: user.and_then(|user| user.value("name").as_str().map(String::from)),
            cause,
            goes: inventory.goes(),
            stays: inventory.stays(),
            database: format!("{:?}", tx.backend()),
            work: WorkChoice::default(),
        })
    }

    fn parse(text: &str) -> Result<Act> {
        serde_json::from_str(text).map_err(|error| EngineError::Stored(error.to_string()))
    }
}

/// Stores an act; answers its id. One of the same number, which a replayed ledger may bring, is that one.
pub(super) fn insert(tx: &mut Tx, at_ms: i64, act: &Act) -> Result<i64> {
    let known = "SELECT id FROM destruction_acts WHERE number = ?";
    if let Some(row) = tx.query_optional(known, &[act.number.as_str().into()])? {
        return Ok(row.integer(0)?);
    }
    let ids = tx.allocate_ids("destruction_acts", 1)?;
    let id = ids.first().copied().ok_or_else(|| EngineError::Stored("the sequence of acts gave no id".into()))?;
    let document = serde_json::to_string(act).map_err(|error| EngineError::Stored(error.to_string()))?;
    tx.insert_many(
        "destruction_acts",
        &["id", "number", "at", "user_id", "document"],
        &[vec![id.into(), act.number.as_str().into(), at_ms.into(), act.user_id.into(), document.into()]],
    )?;
    Ok(id)
}

/// An act by id.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn find(tx: &mut dyn Query, context: &RequestContext, id: i64) -> Result<Act> {
    ensure_manager(context)?;
    stored(tx, id)?.ok_or(EngineError::NotFound)
}

pub(super) fn stored(tx: &mut dyn Query, id: i64) -> Result<Option<Act>> {
    let row = tx.query_optional("SELECT document FROM destruction_acts WHERE id = ?", &[id.into()])?;
    row.map(|row| Act::parse(row.text_str(0)?)).transpose()
}

/// Acts, newest first, those with an id below `before`; where the next page begins.
///
/// # Errors
/// `Forbidden`.
pub fn list(
    tx: &mut dyn Query,
    context: &RequestContext,
    before: Option<i64>,
    limit: usize,
) -> Result<(Vec<Json>, Option<i64>)> {
    ensure_manager(context)?;
    let limit = limit.clamp(1, MAX_LIMIT);
    let sql = format!("SELECT id, document FROM destruction_acts WHERE id < ? ORDER BY id DESC LIMIT {}", limit + 1);
    let mut found = Vec::new();
    for row in tx.query(&sql, &[before.unwrap_or(i64::MAX).into()])? {
        let act = Act::parse(row.text_str(1)?)?;
        found.push((row.integer(0)?, act));
    }
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|(id, _)| *id);
    Ok((found.into_iter().map(|(id, act)| present(id, &act)).collect(), next))
}

/// An act as clients read it.
pub fn present(id: i64, act: &Act) -> Json {
    let mut shown = json!(act);
    if let Some(members) = shown.as_object_mut() {
        // What became of work stands among what went, with its numbers.
        members.remove("work");
        members.insert("id".into(), id.into());
    }
    shown
}

/// Removes the acts whose time is over; gives how many.
///
/// # Errors
/// Those of the database.
pub fn remove_old(engine: &Engine) -> Result<u64> {
    let before = engine.clock().now_ms() - KEEP_DAYS * DAY_MS;
    engine.write(|tx| Ok(tx.execute("DELETE FROM destruction_acts WHERE at < ?", &[before.into()])?))
}
