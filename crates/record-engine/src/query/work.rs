//! Lists of work: what one person has to do, records of several types in one list by their deadlines.
//!
//! A type takes part when one of its fields says so ([`crate::catalog::Work`]); an index has what is open of each person in the order of the
//! deadlines, so a page costs what it holds, however much was done before. A day is over at its end by the wall clock of the reader, and stands among
//! the moments there. What has no deadline comes last, the older first.
//!
//! What must stay true: the rows and the fields are those that the reader sees; a type of which he may not see who does what by when is not there.

pub mod load;

use std::sync::Arc;

use database::{Query, ReadTx, Value, hex, quote_identifier, unhex};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, civil};
use serde::{Deserialize, Serialize};

use super::compile::Predicate;
use super::conditions::Fragment;
use super::get_many;
use super::page::{DEADLINE, too_slow};
use crate::access::{Action, Scope};
use crate::catalog::{Catalog, Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::FieldKind;
use crate::record::Record;
use filter_language::CheckedExpr;

/// Most records of a page.
pub const MAX_LIMIT: usize = 200;
/// Of one type no more are counted.
pub const MAX_COUNTED: i64 = 10_000;
/// What the choice of a type means while there is something to do.
const OPEN: &str = "open";
/// More statements than this are not joined into one.
const JOINED: usize = 50;

/// The fields that make the records of a type work.
#[derive(Clone, Copy)]
pub struct WorkFields<'a> {
    /// Who has to do it.
    pub of: &'a Field,
    /// What says whether it is open.
    pub state: &'a Field,
    /// By when: a moment or a day.
    pub by: &'a Field,
}

impl<'a> WorkFields<'a> {
    /// Those of a type; `None` for types whose records are nobody's work.
    pub fn of(object_type: &'a ObjectType) -> Option<WorkFields<'a>> {
        let (by, work) = object_type.definition.fields.iter().find_map(|field| Some((field.name, field.work?)))?;
        let field = |name: &str| object_type.field(name);
        Some(WorkFields { of: field(work.of)?, state: field(work.state)?, by: field(by)? })
    }

    /// The keys of the options under which a record is open, retired ones too.
    pub fn open_keys(&self) -> Vec<&'a str> {
        let FieldKind::Choice(settings) = &self.state.kind else { return Vec::new() };
        let is_open = |option: &&crate::field_types::ChoiceOption| option.traits.meaning.as_deref() == Some(OPEN);
        settings.options.iter().filter(is_open).map(|option| option.key.as_str()).collect()
    }
}

/// What a list of work asks for.
#[derive(Clone, Debug)]
pub struct WorkQuery {
    /// Whose work.
    pub user_id: i64,
    /// By whose wall clock a day ends.
    pub zone: TimeZone,
    /// Page size, at most [`MAX_LIMIT`].
    pub limit: usize,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// Something to do.
#[derive(Clone, Debug)]
pub struct WorkItem {
    /// Place of its type in [`WorkPage::types`].
    pub place: usize,
    /// By when, milliseconds UTC.
    pub by_ms: Option<i64>,
    /// The record.
    pub record: Record,
}

/// A page.
pub struct WorkPage {
    /// The types of the items.
    pub types: Vec<Arc<ObjectType>>,
    /// What there is to do, the most urgent first.
    pub items: Vec<WorkItem>,
    /// Where the next page begins; `None` at the end.
    pub next_cursor: Option<String>,
}

/// Where a page ended.
#[derive(Serialize, Deserialize)]
struct Place {
    by_ms: Option<i64>,
    object_type: String,
    id: i64,
}

/// A record as its index has it: deadline (those without one last), place of the type, id.
type Entry = (bool, i64, usize, i64);

fn entry(by_ms: Option<i64>, place: usize, id: i64) -> Entry {
    (by_ms.is_none(), by_ms.unwrap_or_default(), place, id)
}

/// A type as the reader may see its work.
struct Source<'a> {
    object_type: &'a Arc<ObjectType>,
    fields: WorkFields<'a>,
    open: Vec<&'a str>,
    /// What the reader may see.
    predicate: Predicate,
    rows: Fragment,
}

impl<'a> Source<'a> {
    fn of(tx: &ReadTx, context: &RequestContext, object_type: &'a Arc<ObjectType>) -> Result<Option<Source<'a>>> {
        let Some(fields) = WorkFields::of(object_type) else { return Ok(None) };
        let scope = Scope::of(context, object_type, Action::See)?;
        let open = fields.open_keys();
        if open.is_empty() || [fields.of, fields.state, fields.by].iter().any(|field| !scope.shows(field)) {
            return Ok(None);
        }
        let predicate = Predicate::new(object_type, scope.rows(), &CheckedExpr::all(), tx.backend());
        let rows = predicate.and_sql();
        Ok(Some(Source { object_type, fields, open, predicate, rows }))
    }

    fn is_day(&self) -> bool {
        matches!(self.fields.by.kind, FieldKind::Date)
    }

    /// The value of a moment as the column has it.
    fn stored(&self, at_ms: i64, zone: &TimeZone) -> Value {
        if self.is_day() { day_of(at_ms, zone).into() } else { at_ms.into() }
    }

    /// `FROM … WHERE` of the open records of somebody, as `t`, with one of these states.
    fn open_of(&self, user_id: i64, states: &[&str]) -> Fragment {
        let column = |field: &Field| quote_identifier(&field.column);
        let marks = vec!["?"; states.len()].join(", ");
        let mut made = Fragment::new(
            format!(
                "FROM {} t WHERE t.deleted_at IS NULL AND t.{} = ? AND t.{} IN ({marks})",
                quote_identifier(self.object_type.table()),
                column(self.fields.of),
                column(self.fields.state),
            ),
            vec![user_id.into()],
        );
        made.params.extend(states.iter().map(|key| Value::from(*key)));
        made.append(&self.rows);
        made
    }
}

/// The calendar day of a moment on the wall.
fn day_of(at_ms: i64, zone: &TimeZone) -> String {
    match Timestamp::from_millisecond(at_ms) {
        Ok(at) => at.to_zoned(zone.clone()).date().to_string(),
        Err(_) => civil::Date::MAX.to_string(),
    }
}

/// The last millisecond of a day on the wall.
fn end_of(day: &str, zone: &TimeZone) -> i64 {
    let next = day.parse::<civil::Date>().ok().and_then(|day| day.tomorrow().ok());
    let start = next.and_then(|day| day.to_zoned(zone.clone()).ok());
    start.map_or(i64::MAX, |start| start.timestamp().as_millisecond() - 1)
}

fn sources<'a>(tx: &ReadTx, context: &RequestContext, catalog: &'a Catalog) -> Result<Vec<Source<'a>>> {
    let found = catalog.object_types.iter().map(|object_type| Source::of(tx, context, object_type));
    found.filter_map(Result::transpose).collect()
}

/// What somebody has to do, as far as the reader sees it.
///
/// # Errors
/// `Invalid` for a broken cursor, `TooSlow`; those of the database.
pub fn list(tx: &mut ReadTx, context: &RequestContext, catalog: &Catalog, query: &WorkQuery) -> Result<WorkPage> {
    tx.set_deadline(DEADLINE)?;
    let sources = sources(tx, context, catalog)?;
    let limit = query.limit.clamp(1, MAX_LIMIT);
    let place = |name: &str| sources.iter().position(|source| source.object_type.name == name);
    let from = match query.cursor.as_deref() {
        None => None,
        Some(text) => {
            let broken = || EngineError::field(FieldError::new("cursor", "wrong_type"));
            let read: Place = unhex(text).and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(broken)?;
            // A type that the reader sees no more stood before all others.
            Some(entry(read.by_ms, place(&read.object_type).unwrap_or_default(), read.id))
        }
    };
    let mut entries: Vec<Entry> = Vec::new();
    for (place, source) in sources.iter().enumerate() {
        let mut found = walk(tx, source, place, query, from, true, limit + 1).map_err(too_slow)?;
        if found.len() <= limit {
            let rest = limit + 1 - found.len();
            found.extend(walk(tx, source, place, query, from, false, rest).map_err(too_slow)?);
        }
        entries.extend(found);
    }
    entries.sort_unstable();
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let next_cursor = entries.last().filter(|_| has_more).and_then(|(has_none, by_ms, place, id)| {
        let object_type = sources.get(*place)?.object_type.name.clone();
        let ended = Place { by_ms: (!has_none).then_some(*by_ms), object_type, id: *id };
        Some(hex(serde_json::to_string(&ended).unwrap_or_default().as_bytes()))
    });
    let mut items: Vec<(Entry, WorkItem)> = Vec::with_capacity(entries.len());
    for (place, source) in sources.iter().enumerate() {
        let own: Vec<&Entry> = entries.iter().filter(|one| one.2 == place).collect();
        let ids: Vec<i64> = own.iter().map(|one| one.3).collect();
        for record in get_many(tx, context, source.object_type, &ids)? {
            if let Some(entry) = own.iter().find(|one| one.3 == record.id) {
                let by_ms = (!entry.0).then_some(entry.1);
                items.push((**entry, WorkItem { place, by_ms, record }));
            }
        }
    }
    items.sort_by_key(|(entry, _)| *entry);
    Ok(WorkPage {
        types: sources.iter().map(|source| source.object_type.clone()).collect(),
        items: items.into_iter().map(|(_, item)| item).collect(),
        next_cursor,
    })
}

/// The first entries of one type behind a place, with a deadline or without.
fn walk(
    tx: &mut ReadTx,
    source: &Source,
    place: usize,
    query: &WorkQuery,
    from: Option<Entry>,
    is_dated: bool,
    limit: usize,
) -> Result<Vec<Entry>> {
    let by = format!("t.{}", quote_identifier(&source.fields.by.column));
    let mut beyond = match (from, is_dated) {
        (Some((true, ..)), true) => return Ok(Vec::new()),
        (None, true) => Fragment::new(format!(" AND {by} IS NOT NULL"), Vec::new()),
        (Some((false, at_ms, type_place, id)), true) => {
            let value = source.stored(at_ms, &query.zone);
            let is_there = match &value {
                Value::Text(day) => end_of(day, &query.zone) == at_ms,
                _ => true,
            };
            let behind = match place.cmp(&type_place) {
                _ if !is_there => i64::MIN,
                std::cmp::Ordering::Less => i64::MAX,
                std::cmp::Ordering::Equal => id,
                std::cmp::Ordering::Greater => i64::MIN,
            };
            Fragment::new(format!(" AND ({by}, t.id) > (?, ?)"), vec![value, behind.into()])
        }
        (Some((true, _, type_place, id)), false) => match place.cmp(&type_place) {
            std::cmp::Ordering::Less => return Ok(Vec::new()),
            std::cmp::Ordering::Equal => Fragment::new(format!(" AND {by} IS NULL AND t.id > ?"), vec![id.into()]),
            std::cmp::Ordering::Greater => Fragment::new(format!(" AND {by} IS NULL"), Vec::new()),
        },
        (_, false) => Fragment::new(format!(" AND {by} IS NULL"), Vec::new()),
    };
    beyond.push(&format!(" ORDER BY {by}, t.id LIMIT {limit}"));
    let mut found = Vec::new();
    for states in source.open.chunks(JOINED) {
        let mut statement = Fragment::default();
        for (at, state) in states.iter().enumerate() {
            if at > 0 {
                statement.push(" UNION ALL ");
            }
            // One state at a time: of several the index does not have the deadlines in order.
            statement.push(&format!("SELECT * FROM (SELECT t.id AS id, {by} AS by_when "));
            statement.append(&source.open_of(query.user_id, &[state]));
            statement.append(&beyond);
            statement.push(&format!(") s{at}"));
        }
        for row in tx.query(&statement.sql, &statement.params)? {
            let by_ms = match source.is_day() {
                true => row.optional_text(1)?.map(|day| end_of(&day, &query.zone)),
                false => row.optional_integer(1)?,
            };
            found.push(entry(by_ms, place, row.integer(0)?));
        }
    }
    found.sort_unstable();
    found.truncate(limit);
    Ok(found)
}

/// How much of somebody's work is due before each of some moments and not before the one ahead of it, then what is due later, and what has no deadline;
/// and whether there is more than was counted.
///
/// # Errors
/// `TooSlow`; those of the database.
pub fn counts(
    tx: &mut ReadTx,
    context: &RequestContext,
    catalog: &Catalog,
    (user_id, zone): (i64, &TimeZone),
    moments: &[i64],
) -> Result<(Vec<i64>, bool)> {
    tx.set_deadline(DEADLINE)?;
    let mut counted = vec![0; moments.len() + 2];
    let mut is_capped = false;
    for source in sources(tx, context, catalog)? {
        let by = format!("t.{}", quote_identifier(&source.fields.by.column));
        let mut statement =
            Fragment::new(format!("SELECT CASE WHEN n.by_when IS NULL THEN {}", moments.len() + 1), Vec::new());
        for (at, moment) in moments.iter().enumerate() {
            // A day is due at its end: before a moment within it, it is not.
            statement
                .append(&Fragment::new(format!(" WHEN n.by_when < ? THEN {at}"), vec![source.stored(*moment, zone)]));
        }
        statement.push(&format!(" ELSE {} END AS part, COUNT(*) FROM (SELECT {by} AS by_when ", moments.len()));
        statement.append(&source.open_of(user_id, &source.open));
        statement.push(&format!(" LIMIT {}) n GROUP BY 1", MAX_COUNTED + 1));
        let mut all = 0;
        for row in tx.query(&statement.sql, &statement.params).map_err(|error| too_slow(error.into()))? {
            all += row.integer(1)?;
            if let Some(part) = usize::try_from(row.integer(0)?).ok().and_then(|part| counted.get_mut(part)) {
                *part += row.integer(1)?;
            }
        }
        is_capped |= all > MAX_COUNTED;
    }
    Ok((counted, is_capped))
}

/// The first moment of the day so many days after that of a moment, on the wall.
pub fn day_start(at_ms: i64, days: i64, zone: &TimeZone) -> i64 {
    let start = || {
        let day =
            Timestamp::from_millisecond(at_ms).ok()?.to_zoned(zone.clone()).date().checked_add(days.days()).ok()?;
        Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
    };
    start().unwrap_or(at_ms)
}

/// Days from that of a moment to the next Monday, on the wall: one to seven.
pub fn days_to_monday(at_ms: i64, zone: &TimeZone) -> i64 {
    let day = Timestamp::from_millisecond(at_ms).map(|at| at.to_zoned(zone.clone()).weekday().to_monday_zero_offset());
    day.map_or(7, |day| 7 - i64::from(day))
}
