//! Whose time is taken when, by the records of a type: beginnings and ends, and nothing else of them.
//!
//! What must stay true: nothing but a span of time leaves this module; which fields say so is read from those that the reader may see. Whether only
//! records of the reader's lists count, or all, is said by whoever asks ([`Sight`]).

use database::{Backend, Query, ReadTx, Value, in_list, quote_identifier};
use filter_language::CheckedExpr;

use super::compile::Predicate;
use super::conditions::Fragment;
use super::page::{DEADLINE, too_slow};
use super::work::WorkFields;
use crate::access::{Action, RowRule, Scope};
use crate::catalog::{CalendarFields, Field, ObjectType};
use crate::context::{RequestContext, instant_text};
use crate::error::Result;
use crate::field_types::FieldKind;
use crate::filter_form::Filter;

/// Most spans of a type in one answer.
const MAX_SPANS: usize = 20_000;
/// What has a beginning and no end takes so long.
const MOMENT_MS: i64 = 30 * 60_000;
const DAY_MS: i64 = 86_400_000;

/// Which records count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Those that the reader sees.
    Own,
    /// All: that somebody is busy is told to whoever sees him.
    All,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct BusyQuery<'a> {
    /// Beginning of the span, milliseconds UTC.
    pub from_ms: i64,
    /// Its end, milliseconds UTC, which does not belong to it.
    pub to_ms: i64,
    /// Whose time.
    pub users: &'a [i64],
    /// Which records count.
    pub sight: Sight,
    /// A record that does not count: the one that is being moved.
    pub except: Option<i64>,
}

/// Time of somebody that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Whose.
    pub user_id: i64,
    /// From, milliseconds UTC.
    pub from_ms: i64,
    /// To, milliseconds UTC; behind the beginning.
    pub to_ms: i64,
    /// It takes the working hours of whole days.
    pub is_whole: bool,
}

/// The time that the open records of a type take, in no order; nothing for a type that is not in the reader's calendar.
///
/// What has to be done by an end that may be days ahead takes time only where it was given hours of a day; what is closed takes none.
///
/// # Errors
/// `TooSlow`; those of the database.
pub fn taken(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    query: &BusyQuery<'_>,
) -> Result<Vec<Taken>> {
    let Some(fields) = object_type.calendar_of(&context.permissions(object_type)) else { return Ok(Vec::new()) };
    let Ok(scope) = Scope::of(context, object_type, Action::See) else { return Ok(Vec::new()) };
    let (Some(begins), Some(ends)) = (fields.begins, fields.ends) else { return Ok(Vec::new()) };
    if query.users.is_empty() {
        return Ok(Vec::new());
    }
    tx.set_deadline(DEADLINE)?;
    let rows = match query.sight {
        Sight::Own => scope.rows().clone(),
        Sight::All => RowRule::All,
    };
    let (from, to) = (instant_text(query.from_ms), instant_text(query.to_ms));
    let is_work = WorkFields::of(object_type).is_some();
    // What has both times is looked up in the index of spans, by its end: years of what has ended are behind.
    let mut spans = vec![(format!("{ends} >= {from} and {begins} < {to}"), true)];
    if !is_work {
        let early = instant_text(query.from_ms - MOMENT_MS);
        spans.push((format!("{begins} > {early} and {begins} < {to} and {ends} is empty"), false));
    }
    let mut found = Vec::new();
    for (span, has_both) in spans {
        let filter = open_condition(object_type).map_or(span.clone(), |open| format!("{span} and {open}"));
        let filter = Filter::Text(filter).compile(object_type, context)?;
        for name in &fields.people {
            let Some(people) = object_type.field(name) else { continue };
            let statement = statement(object_type, &fields, people, (&rows, &filter, has_both), query, tx.backend());
            let rows = tx.query(&statement.sql, &statement.params).map_err(|error| too_slow(error.into()))?;
            for row in rows {
                let from_ms = row.integer(1)?;
                let to_ms = row.optional_integer(2)?.unwrap_or(from_ms + MOMENT_MS);
                let is_whole = row.optional_integer(3)? == Some(1);
                let is_slot = !is_whole && to_ms - from_ms < DAY_MS;
                let is_met = to_ms > query.from_ms && to_ms > from_ms;
                if is_met && (is_slot || !is_work) {
                    found.push(Taken { user_id: row.integer(0)?, from_ms, to_ms, is_whole: !is_slot });
                }
            }
        }
    }
    Ok(found)
}

/// What is open, in the filter language; `None` for a type whose records are never done.
fn open_condition(object_type: &ObjectType) -> Option<String> {
    let done = object_type.definition.done_by?;
    let is_choice = matches!(object_type.field(done)?.kind, FieldKind::Choice(_));
    Some(if is_choice { format!("{done}.meaning = open") } else { format!("{done} = false") })
}

/// The spans of the people of one field. Records are found by their time: what has ended is behind, however many there were.
fn statement(
    object_type: &ObjectType,
    fields: &CalendarFields,
    people: &Field,
    (rows, filter, has_both): (&RowRule, &CheckedExpr, bool),
    query: &BusyQuery<'_>,
    backend: Backend,
) -> Fragment {
    let column = |name: Option<&str>| {
        let field = name.and_then(|name| object_type.field(name));
        field.map_or("NULL".to_owned(), |field| format!("t.{}", quote_identifier(&field.column)))
    };
    let named =
        |field: Option<&Field>, name: Option<&str>| field.is_some_and(|field| name == Some(field.name.as_str()));
    let of_spans = object_type
        .ordered_indexes()
        .into_iter()
        .find(|index| has_both && named(index.holds, fields.begins) && named(Some(index.by), fields.ends));
    let index = match of_spans.filter(|_| backend == Backend::Sqlite) {
        Some(index) => format!(" INDEXED BY {}", index.name),
        None => String::new(),
    };
    let table = format!("{} t{index}", quote_identifier(object_type.table()));
    let list = in_list(query.users.len());
    let is_set = matches!(people.kind, FieldKind::ReferenceSet(_));
    // The sign keeps SQLite from starting at all that somebody ever had.
    let (who, from) = if is_set {
        let child = quote_identifier(&object_type.child_table(people));
        ("c.value".to_owned(), format!("{table} CROSS JOIN {child} c WHERE c.record_id = t.id AND c.value IN {list}"))
    } else {
        let who = column(Some(&people.name));
        (who.clone(), format!("{table} WHERE +{who} IN {list}"))
    };
    let (begins, ends, whole) = (column(fields.begins), column(fields.ends), column(fields.whole_days));
    let mut made =
        Fragment::new(format!("SELECT {who}, {begins}, {ends}, {whole} FROM {from} AND t.deleted_at IS NULL"), vec![]);
    made.params.extend(query.users.iter().map(|id| Value::Integer(*id)));
    if let Some(id) = query.except {
        made.append(&Fragment::new(" AND t.id <> ?".to_owned(), vec![id.into()]));
    }
    made.append(&Predicate::new(object_type, rows, filter, backend).and_sql());
    made.push(&format!(" LIMIT {MAX_SPANS}"));
    made
}
