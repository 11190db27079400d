//! What one person has to do, and how much of it is due when: tasks and deals in one list (D4), in the days of who looks.
//!
//! It requires no module: which records are work is said by their types ([`record_engine::catalog::Work`]).

use database::{Query, ReadTx};
use jiff::tz::TimeZone;
use record_engine::RequestContext;
use record_engine::catalog::Catalog;
use record_engine::error::Result;
use record_engine::query::work::{self, day_start, days_to_monday};

/// The parts of a list of work, in their order.
pub const PARTS: [&str; 6] = ["overdue", "today", "tomorrow", "week", "later", "none"];

/// The time zone of a user; UTC for none that is known.
///
/// # Errors
/// Those of the database.
pub fn zone_of(tx: &mut dyn Query, user_id: i64) -> Result<TimeZone> {
    let row = tx.query_optional("SELECT time_zone FROM \"user\" WHERE id = ?", &[user_id.into()])?;
    let name = row.map(|row| row.optional_text(0)).transpose()?.flatten();
    Ok(name.map_or(TimeZone::UTC, |name| zone_named(&name)))
}

/// The time zone of a name; UTC for none that is known.
pub fn zone_named(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// How much of the work of `user_id` stands in each of the [`PARTS`], and whether there is more than was counted.
///
/// # Errors
/// Those of [`work::counts`].
pub fn counts(
    tx: &mut ReadTx,
    context: &RequestContext,
    catalog: &Catalog,
    user_id: i64,
    zone: &TimeZone,
) -> Result<(Vec<i64>, bool)> {
    let now = context.now_ms;
    let (tomorrow, after) = (day_start(now, 1, zone), day_start(now, 2, zone));
    let monday = day_start(now, days_to_monday(now, zone), zone);
    work::counts(tx, context, catalog, (user_id, zone), &[now, tomorrow, after, monday.max(after)])
}
