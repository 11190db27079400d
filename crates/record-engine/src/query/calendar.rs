//! What stands in a span of time: the records of a type whose time meets it, as the lists of the reader show them: of some people in a calendar
//! ([`entries`]), of a list on a time axis ([`spans`]).
//!
//! What must stay true: an entry is a record of a list of the reader, read through the same scope and the same filter; whose time a record takes is read
//! from fields that he may see. Nothing is said of other records; that somebody is busy is told by [`super::busy`] alone.

use database::ReadTx;
use filter_language::CheckedExpr;

use super::page::{ListQuery, Sort, list_up_to};
use crate::access::{Action, Scope};
use crate::catalog::{CalendarFields, ObjectType};
use crate::context::{RequestContext, date_of, instant_text, parse_instant};
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::FieldKind;
use crate::filter_form::Filter;
use crate::record::Record;

/// Most entries of a type in one answer: more than a screen can show.
pub const MAX_ENTRIES: usize = 1_000;
/// Most bars on a time axis: more than anybody can tell apart.
pub const MAX_BARS: usize = 500;

/// What a calendar asks for.
#[derive(Clone, Debug)]
pub struct CalendarQuery<'a> {
    /// Beginning of the span, milliseconds UTC.
    pub from_ms: i64,
    /// Its end, milliseconds UTC, which does not belong to it.
    pub to_ms: i64,
    /// Whose time.
    pub users: &'a [i64],
    /// Whether what is done is left out.
    pub leaves_done: bool,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    /// By their beginning, then what has none by its end.
    pub records: Vec<Record>,
    /// Whether there are more than these, which are [`MAX_ENTRIES`] or a few more.
    pub is_capped: bool,
}

/// The records of a type in a span of time.
///
/// # Errors
/// `Forbidden` for a type that the reader does not see, `TooSlow`; those of the database.
pub fn entries(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    fields: &CalendarFields,
    query: &CalendarQuery<'_>,
) -> Result<Entries> {
    let mut names: Vec<String> = fields.names().into_iter().map(String::from).collect();
    names.push(object_type.definition.title_field.to_owned());
    names.extend(object_type.definition.done_by.map(String::from));
    let permissions = context.permissions(object_type);
    names.retain(|name| !permissions.hides(name));
    let rest = condition(object_type, fields, query);
    let times = Times { begins: fields.begins, ends: fields.ends, from_ms: query.from_ms, to_ms: query.to_ms };
    let compiled = |(span, by): (String, _)| {
        let filter = Filter::Text(format!("{span} and {rest}")).compile(object_type, context)?;
        Ok(ListQuery { filter, sort: Sort::parse(by), fields: Some(names.clone()), ..ListQuery::default() })
    };
    let parts = times.parts(object_type).into_iter().map(compiled).collect::<Result<Vec<_>>>()?;
    let mut found = read(tx, context, object_type, parts, MAX_ENTRIES, |record| meets(fields, query, record))?;
    times.sort(&mut found.records);
    Ok(found)
}

/// What a time axis asks for: the records of a list whose time meets a span.
#[derive(Clone, Debug)]
pub struct SpanQuery<'a> {
    /// Beginning of the span, milliseconds UTC.
    pub from_ms: i64,
    /// Its end, milliseconds UTC, which does not belong to it.
    pub to_ms: i64,
    /// The field, a date or a date-time, that says when a record begins.
    pub begins: Option<&'a str>,
    /// The one that says when it ends. At least one of the two is asked for.
    pub ends: Option<&'a str>,
    /// The filter of the list.
    pub filter: CheckedExpr,
    /// Its search.
    pub search: Option<String>,
    /// What is read of each record besides the two fields.
    pub fields: Vec<String>,
}

/// The records of a list in a span of time.
#[derive(Clone, Debug)]
pub struct Spans {
    /// [`MAX_BARS`] at most, by their beginning.
    pub records: Vec<Record>,
    /// Whether there are more.
    pub is_capped: bool,
    /// The list that these are of, to be counted where they are not all.
    pub filter: CheckedExpr,
}

/// The records of a list whose time meets a span.
///
/// # Errors
/// `Invalid` for fields that the reader does not see or that are no times, `Forbidden` for a type that he does not see, `TooSlow`; those of the
/// database.
pub fn spans(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    query: SpanQuery<'_>,
) -> Result<Spans> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let wrong = |name: &str, code: &str, value: &str| {
        EngineError::field(FieldError::new(name, code).with("value", value.to_owned()))
    };
    for (name, field) in [("begins", query.begins), ("ends", query.ends)] {
        let Some(asked) = field else { continue };
        let field = object_type.field(asked).filter(|field| scope.shows(field));
        let field = field.ok_or_else(|| wrong(name, "unknown_field", asked))?;
        if !is_time(&field.kind) {
            return Err(wrong(name, "not_a_date_field", asked));
        }
    }
    if query.begins.or(query.ends).is_none() {
        return Err(wrong("begins", "required", ""));
    }
    let times = Times { begins: query.begins, ends: query.ends, from_ms: query.from_ms, to_ms: query.to_ms };
    let mut names = query.fields;
    names.extend([query.begins, query.ends].into_iter().flatten().map(String::from));
    let mut parts = Vec::new();
    let mut all = Vec::new();
    for (span, by) in times.parts(object_type).into_iter().chain(times.reversed(object_type)) {
        let span = Filter::Text(span).compile(object_type, context)?;
        all.push(span.clone());
        parts.push(ListQuery {
            filter: CheckedExpr::all_of([query.filter.clone(), span]),
            sort: Sort::parse(by),
            fields: Some(names.clone()),
            search: query.search.clone(),
            ..ListQuery::default()
        });
    }
    let mut found = read(tx, context, object_type, parts, MAX_BARS, |_| true)?;
    times.sort(&mut found.records);
    let filter = CheckedExpr::all_of([query.filter, CheckedExpr::any_of(all)]);
    Ok(Spans { records: found.records, is_capped: found.is_capped, filter })
}

fn is_time(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Date | FieldKind::DateTime)
}

/// Reads the lists one behind the other until there are `most` records.
fn read(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    parts: Vec<ListQuery>,
    most: usize,
    is_meant: impl Fn(&Record) -> bool,
) -> Result<Entries> {
    let mut found = Entries::default();
    for mut asked in parts {
        loop {
            let is_full = found.records.len() >= most;
            // In one go: the next page would look again at what others have to do.
            asked.limit = most.saturating_sub(found.records.len()).max(1);
            let page = list_up_to(tx, context, object_type, &asked, most)?;
            // A search that finds too many says so.
            found.is_capped |= page.is_capped;
            if is_full {
                found.is_capped |= !page.records.is_empty();
                break;
            }
            found.records.extend(page.records.into_iter().filter(&is_meant));
            match page.next_cursor {
                Some(cursor) => asked.cursor = Some(cursor),
                None => break,
            }
        }
    }
    Ok(found)
}

/// What ends with the moment at which the span begins does not meet it; what is but a moment does.
fn meets(fields: &CalendarFields, query: &CalendarQuery<'_>, record: &Record) -> bool {
    let at = |name: Option<&str>| name.and_then(|name| record.value(name).as_str()).and_then(parse_instant);
    match (at(fields.begins), at(fields.ends)) {
        (Some(begins), Some(ends)) => ends > query.from_ms || begins >= query.from_ms,
        _ => true,
    }
}

/// Two fields of a type, and a span.
struct Times<'a> {
    begins: Option<&'a str>,
    ends: Option<&'a str>,
    from_ms: i64,
    to_ms: i64,
}

impl<'a> Times<'a> {
    /// What meets the span, in the filter language, in parts of which none has a record of another; each with the field in whose order it is read, so
    /// that an index has its records beside each other, whatever was before and comes after. What has only one of the two times is at it.
    fn parts(&self, object_type: &ObjectType) -> Vec<(String, &'a str)> {
        let at = |field: &str| self.at(object_type, field);
        match (self.begins, self.ends) {
            (Some(begins), Some(ends)) => {
                let (before, since) = (self.before(object_type, begins), self.since(object_type, ends));
                vec![
                    (format!("{before} and {since}"), ends),
                    (format!("{} and ({since} or {ends} is empty)", at(begins)), begins),
                    (format!("{} and {begins} is empty", at(ends)), ends),
                ]
            }
            (Some(one), None) | (None, Some(one)) => vec![(at(one), one)],
            (None, None) => Vec::new(),
        }
    }

    /// What ends in the span and begins after it: an imported deal that should have been closed before it was made. None of the parts has it.
    fn reversed(&self, object_type: &ObjectType) -> Option<(String, &'a str)> {
        let (begins, ends) = self.begins.zip(self.ends)?;
        let after = match is_day(object_type, begins) {
            true => format!("{begins} > {}", date_of(self.to_ms)),
            false => format!("{begins} >= {}", instant_text(self.to_ms)),
        };
        Some((format!("{} and {after}", self.at(object_type, ends)), ends))
    }

    fn before(&self, object_type: &ObjectType, field: &str) -> String {
        match is_day(object_type, field) {
            true => format!("{field} < {}", date_of(self.from_ms)),
            false => format!("{field} < {}", instant_text(self.from_ms)),
        }
    }

    fn since(&self, object_type: &ObjectType, field: &str) -> String {
        match is_day(object_type, field) {
            true => format!("{field} >= {}", date_of(self.from_ms)),
            false => format!("{field} >= {}", instant_text(self.from_ms)),
        }
    }

    /// Days have no hours: one at the border of the span belongs to it.
    fn at(&self, object_type: &ObjectType, field: &str) -> String {
        let since = self.since(object_type, field);
        match is_day(object_type, field) {
            true => format!("{since} and {field} <= {}", date_of(self.to_ms)),
            false => format!("{since} and {field} < {}", instant_text(self.to_ms)),
        }
    }

    /// By their beginning, those without one last.
    fn sort(&self, records: &mut [Record]) {
        let at = |record: &Record| -> i64 {
            let at = self.begins.or(self.ends).and_then(|field| match field {
                "created_at" => Some(record.created_at),
                "updated_at" => Some(record.updated_at),
                field => {
                    let text = record.value(field).as_str()?;
                    parse_instant(text).or_else(|| parse_instant(&format!("{text}T00:00:00Z")))
                }
            });
            at.unwrap_or(i64::MAX)
        };
        records.sort_by_key(at);
    }
}

fn is_day(object_type: &ObjectType, field: &str) -> bool {
    object_type.field(field).is_some_and(|field| matches!(field.kind, FieldKind::Date))
}

/// The people, and whether it is open, in the filter language.
fn condition(object_type: &ObjectType, fields: &CalendarFields, query: &CalendarQuery<'_>) -> String {
    let users = query.users.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let people = fields.people.iter().map(|name| {
        let is_set = object_type.field(name).is_some_and(|field| field.kind.name() == "reference_set");
        format!("{name} {} ({users})", if is_set { "has" } else { "in" })
    });
    let mut parts = vec![format!("({})", people.collect::<Vec<_>>().join(" or "))];
    if let Some(done) = object_type.definition.done_by.filter(|_| query.leaves_done) {
        let is_choice = object_type.field(done).is_some_and(|field| field.kind.name() == "choice");
        parts.push(if is_choice { format!("{done}.meaning = open") } else { format!("{done} = false") });
    }
    parts.join(" and ")
}
