//! How much work several people have, of one type: what a screen of their workload counts.
//!
//! Of each person the open records are walked in the index of the lists of work, up to [`MAX_COUNTED`] of them, so what was done before costs nothing. For
//! a reader who sees few records, these are gone through instead: he does not pay for what others have to do.

use std::collections::BTreeMap;

use database::{Query, ReadTx, Value, in_list, quote_identifier};
use jiff::tz::TimeZone;

use super::{MAX_COUNTED, Source, too_slow};
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::query::conditions::Fragment;
use crate::query::page::{DEADLINE, smallest_source};

/// People whose work is counted in one statement.
const JOINED: usize = 50;

/// A reader who sees no more than a page of so many records would be looked for among sees few.
const SEEN: usize = 100;

/// The work of one person, as far as the reader sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// How much is due before each of the moments and not before the one ahead of it; then what is due later, and what has no deadline.
    pub parts: Vec<i64>,
    /// Whether there is more than was counted.
    pub is_capped: bool,
}

/// Counts the open records of a type for each of some people; who has none is not there.
///
/// # Errors
/// `Forbidden` for a type whose work the reader may not see, `TooSlow`; those of the database.
pub fn load(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &std::sync::Arc<ObjectType>,
    users: &[i64],
    (zone, moments): (&TimeZone, &[i64]),
) -> Result<BTreeMap<i64, Load>> {
    tx.set_deadline(DEADLINE)?;
    let source = Source::of(tx, context, object_type)?.ok_or(EngineError::Forbidden)?;
    let by = format!("t.{}", quote_identifier(&source.fields.by.column));
    let seen = smallest_source(tx, object_type, &source.predicate, SEEN).map_err(too_slow)?;
    let mut found: BTreeMap<i64, Load> = BTreeMap::new();
    for some in users.chunks(JOINED) {
        let mut statement = Fragment::default();
        if let Some(seen) = &seen {
            statement.push("WITH d (id) AS (SELECT DISTINCT * FROM (");
            statement.append(seen);
            statement.push(") s) ");
        }
        statement.push(&format!("SELECT n.who, CASE WHEN n.by_when IS NULL THEN {}", moments.len() + 1));
        for (at, moment) in moments.iter().enumerate() {
            statement
                .append(&Fragment::new(format!(" WHEN n.by_when < ? THEN {at}"), vec![source.stored(*moment, zone)]));
        }
        statement.push(&format!(" ELSE {} END AS part, COUNT(*) FROM (", moments.len()));
        if seen.is_some() {
            statement.append(&among(&source, some, &by));
        }
        for (at, user) in some.iter().enumerate().filter(|_| seen.is_none()) {
            statement.push(if at == 0 { "" } else { " UNION ALL " });
            statement.push(&format!("SELECT * FROM (SELECT t.{} AS who, {by} AS by_when ", source.fields.of.column));
            statement.append(&source.open_of(*user, &source.open));
            statement.push(&format!(" LIMIT {}) o{at}", MAX_COUNTED + 1));
        }
        statement.push(") n GROUP BY 1, 2");
        for row in tx.query(&statement.sql, &statement.params).map_err(|error| too_slow(error.into()))? {
            let load = found.entry(row.integer(0)?).or_default();
            load.parts.resize(moments.len() + 2, 0);
            if let Some(part) = usize::try_from(row.integer(1)?).ok().and_then(|part| load.parts.get_mut(part)) {
                *part += row.integer(2)?;
            }
        }
    }
    for load in found.values_mut() {
        load.is_capped = load.parts.iter().sum::<i64>() > MAX_COUNTED;
    }
    Ok(found)
}

/// The open records of some people among those that the reader sees, whose ids are `d`.
fn among(source: &Source<'_>, users: &[i64], by: &str) -> Fragment {
    let (of, state) = (quote_identifier(&source.fields.of.column), quote_identifier(&source.fields.state.column));
    let mut made = Fragment::new(
        format!(
            "SELECT t.{of} AS who, {by} AS by_when FROM d CROSS JOIN {} t \
             WHERE t.id = d.id AND t.deleted_at IS NULL AND t.{of} IN {} AND t.{state} IN {}",
            quote_identifier(source.object_type.table()),
            in_list(users.len()),
            in_list(source.open.len())
        ),
        users.iter().map(|user| Value::Integer(*user)).collect(),
    );
    made.params.extend(source.open.iter().map(|key| Value::from(*key)));
    made.append(&source.rows);
    made
}
