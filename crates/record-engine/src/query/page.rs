//! One page of a list: keyset paging in a chosen order, never an offset, never a count.
//!
//! How the records of a page are found is decided in [`plan`], and done in [`reader`].

mod plan;
mod reader;
mod streams;

use std::time::Duration;

use database::{Query, ReadTx, Value, hex, unhex};
use filter_language::CheckedExpr;
use gazetteer::Bounds;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::areas;
use super::compile::{Predicate, Term};
use super::conditions::Fragment;
use super::load::{Projection, masked};
use super::map;
use super::search;
use crate::access::{Action, Scope};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::record::Record;
pub(super) use plan::smallest_source;
pub(super) use reader::Reader;

/// Most records of a page.
pub const MAX_LIMIT: usize = 200;
/// Most sort fields.
const MAX_SORTS: usize = 3;
/// A list that takes longer is given up with a clear message.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);
/// A job waits longer for a page than a person does.
const WHOLE_DEADLINE: Duration = Duration::from_secs(30);

/// A sort field and its direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Name of the field.
    pub field: String,
    /// From large to small.
    pub is_descending: bool,
}

impl Sort {
    /// Reads `-updated_at,name`.
    pub fn parse(text: &str) -> Vec<Sort> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| match part.strip_prefix('-') {
                Some(field) => Sort { field: field.into(), is_descending: true },
                None => Sort { field: part.into(), is_descending: false },
            })
            .collect()
    }
}

/// What a list asks for.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// Checked and resolved filter.
    pub filter: CheckedExpr,
    /// Order; empty for the default of the type. The id is always the last tie-break.
    pub sort: Vec<Sort>,
    /// Fields to read; `None` for all. What the order and the rights of the reader depend on is read besides.
    pub fields: Option<Vec<String>>,
    /// Page size, at most [`MAX_LIMIT`].
    pub limit: usize,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Part of a name, phone, e-mail …
    pub search: Option<String>,
    /// Of the records that the reader sees, those with which he may do this.
    pub action: Action,
    /// The trash instead of the live records.
    pub is_trash: bool,
    /// Only those that a map shows in this part of the world.
    pub within: Option<Bounds>,
    /// Whether what the filter says about the map has been looked up: see [`ListQuery::ground`].
    pub is_grounded: bool,
}

impl Default for ListQuery {
    fn default() -> Self {
        ListQuery {
            filter: CheckedExpr::all(),
            sort: Vec::new(),
            fields: None,
            limit: 50,
            cursor: None,
            search: None,
            action: Action::See,
            is_trash: false,
            within: None,
            is_grounded: false,
        }
    }
}

impl ListQuery {
    /// Looks up what the filter says about the map, once for whoever reads page after page: each page would read all towns of the base for it
    /// again. A spelling of a town that comes into the base later is not among them.
    ///
    /// # Errors
    /// `Invalid` for areas of the map with too many towns, `TooSlow` when it takes longer than a page may; those of the database.
    pub fn ground(&mut self, tx: &mut ReadTx, object_type: &ObjectType) -> Result<()> {
        if !self.is_grounded {
            tx.set_deadline(DEADLINE)?;
            self.filter = areas::ground(tx, object_type, &self.filter).map_err(too_slow)?;
            self.is_grounded = true;
        }
        Ok(())
    }
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The records.
    pub records: Vec<Record>,
    /// Where the next page begins; `None` at the end.
    pub next_cursor: Option<String>,
    /// The search took only the first of what it found, so the end of the list is not the end of the matches.
    pub is_capped: bool,
}

/// Where a page ended: the sort values of its last record.
#[derive(Serialize, Deserialize)]
pub(super) struct Place {
    pub values: Vec<Json>,
    pub id: i64,
}

impl Place {
    /// As a client gets it.
    pub fn encode(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        hex(text.as_bytes())
    }

    fn decode(text: &str) -> Option<Place> {
        serde_json::from_slice(&unhex(text)?).ok()
    }
}

/// A sort field with its column.
pub(super) struct Order<'a> {
    field: &'a Field,
    column: String,
    pub is_descending: bool,
}

impl Order<'_> {
    fn direction(&self) -> &'static str {
        if self.is_descending { "DESC" } else { "ASC" }
    }

    fn beyond(&self) -> &'static str {
        if self.is_descending { "<" } else { ">" }
    }

    fn before(&self) -> &'static str {
        if self.is_descending { ">" } else { "<" }
    }
}

/// Reads one page. A search shows the [`search::MAX_CANDIDATES`] newest of what it finds and says so.
///
/// # Errors
/// `Invalid` for an unknown field or a broken cursor, `TooSlow` when it takes too long.
pub fn list(tx: &mut ReadTx, context: &RequestContext, object_type: &ObjectType, query: &ListQuery) -> Result<Page> {
    list_up_to(tx, context, object_type, query, MAX_LIMIT)
}

/// [`list`] with pages of another size, for answers that are no list.
///
/// # Errors
/// As [`list`].
pub(super) fn list_up_to(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    query: &ListQuery,
    max_limit: usize,
) -> Result<Page> {
    tx.set_deadline(DEADLINE)?;
    read_page(tx, context, object_type, query, (Searching::Candidates, max_limit), None)
}

/// [`list`] of no others than these records, which are few.
///
/// # Errors
/// As [`list`].
pub(super) fn list_among(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    query: &ListQuery,
    ids: &[i64],
) -> Result<Page> {
    tx.set_deadline(DEADLINE)?;
    read_page(tx, context, object_type, query, (Searching::Candidates, MAX_LIMIT), Some(ids))
}

/// [`list`] for those who go through all pages: a search finds every record whose text holds all its words. A page may be shorter than asked for, even
/// empty, with a cursor to go on.
///
/// # Errors
/// As [`list`].
pub fn list_whole(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    query: &ListQuery,
) -> Result<Page> {
    tx.set_deadline(WHOLE_DEADLINE)?;
    read_page(tx, context, object_type, query, (Searching::Whole, MAX_LIMIT), None)
}

/// How a list takes part of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Searching {
    /// The first few hundred matches, at once.
    Candidates,
    /// As a condition like any other.
    Whole,
}

fn read_page(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    query: &ListQuery,
    (searching, max_limit): (Searching, usize),
    among: Option<&[i64]>,
) -> Result<Page> {
    let scope = Scope::of(context, object_type, Action::See)?;
    scope.check_fields(query.filter.expr())?;
    let orders = orders(object_type, &scope, &query.sort)?;
    let cursor = query.cursor.as_deref().map(|text| read_place(text, &orders)).transpose()?;
    let filter = match &query.within {
        Some(bounds) => CheckedExpr::all_of([query.filter.clone(), map::within(object_type, &scope, bounds)?]),
        None => query.filter.clone(),
    };
    let mut predicate = if query.is_grounded && query.within.is_none() {
        Predicate::new(object_type, scope.rows(), &filter, tx.backend())
    } else {
        Predicate::of_filter(tx, object_type, scope.rows(), &filter).map_err(too_slow)?
    };
    if query.action != Action::See {
        predicate.narrow(object_type, Scope::of(context, object_type, query.action)?.rows(), tx.backend());
    }
    let mut is_capped = false;
    let mut containing = None;
    match query.search.as_deref().filter(|text| !text.trim().is_empty()) {
        Some(text) if searching == Searching::Whole => {
            let found =
                search::containing(tx, context, object_type, &predicate, text, query.is_trash).map_err(too_slow)?;
            predicate.terms.push(found.term.clone());
            containing = Some(found);
        }
        Some(text) => {
            let ids =
                search::candidates(tx, context, object_type, &predicate, text, query.is_trash).map_err(too_slow)?;
            is_capped = ids.len() >= search::MAX_CANDIDATES;
            predicate = Predicate { terms: vec![ids_term(&ids)] };
        }
        None => {}
    }
    if let Some(names) = &query.fields {
        check_names(object_type, &scope, names)?;
    }
    let fields = query.fields.as_ref().map(|names| needed_fields(context, object_type, &orders, names)).transpose()?;
    let reader = Reader {
        object_type,
        predicate: &predicate,
        orders: &orders,
        is_trash: query.is_trash,
        among,
        projection: Projection::new(object_type, fields.as_deref()),
    };
    let limit = query.limit.clamp(1, max_limit);
    let mut records = reader.read(tx, cursor.as_ref(), limit + 1).map_err(too_slow)?;
    let has_more = records.len() > limit;
    records.truncate(limit);
    reader.projection.load_children(tx, &mut records)?;
    let next_cursor = records.last().filter(|_| has_more).map(|last| {
        let values = orders.iter().map(|order| sort_value(order, last)).collect();
        Place { values, id: last.id }.encode()
    });
    if let Some(containing) = &containing {
        // The end of the page stays where it is: whoever goes through all pages goes on behind it.
        records = containing.keep_visible(tx, object_type, records).map_err(too_slow)?;
    }
    let records = records.into_iter().map(|record| masked(object_type, &scope, record)).collect();
    Ok(Page { records, next_cursor, is_capped })
}

/// Where a page begins.
///
/// # Errors
/// `Invalid` for a cursor that no page of this order gave.
pub(super) fn read_place(text: &str, orders: &[Order]) -> Result<Place> {
    Place::decode(text)
        .filter(|place| place.values.len() == orders.len())
        .ok_or_else(|| EngineError::field(FieldError::new("cursor", "wrong_type")))
}

/// Refuses names of fields that the reader does not know.
///
/// # Errors
/// `Invalid`.
pub fn check_names(object_type: &ObjectType, scope: &Scope, names: &[String]) -> Result<()> {
    match names.iter().find(|name| object_type.field(name).is_none_or(|field| !scope.shows(field))) {
        Some(name) => Err(EngineError::field(FieldError::new("fields", "unknown_field").with("value", name.as_str()))),
        None => Ok(()),
    }
}

/// The fields asked for, those that the cursor is made of, and those that tell whether the reader may change and delete a record.
pub(super) fn needed_fields(
    context: &RequestContext,
    object_type: &ObjectType,
    orders: &[Order],
    names: &[String],
) -> Result<Vec<String>> {
    let mut all = names.to_vec();
    all.extend(orders.iter().map(|order| order.field.name.clone()));
    for action in [Action::Change, Action::Delete] {
        let scope = Scope::of(context, object_type, action)?;
        all.extend(scope.asked_fields().into_iter().map(String::from));
    }
    all.extend(object_type.access().restriction.map(|restriction| restriction.field.to_owned()));
    Ok(all)
}

pub(super) fn too_slow(error: EngineError) -> EngineError {
    match error {
        EngineError::Database(database::DatabaseError::TimedOut) => EngineError::TooSlow,
        other => other,
    }
}

pub(super) fn ids_term(ids: &[i64]) -> Term {
    if ids.is_empty() {
        return Term::of(Fragment::new("1 = 0", Vec::new()));
    }
    // Ids come from the database itself, so they are written out: one list serves several statements without limits on parameters.
    let list = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Term::of(Fragment::new(format!("t.id IN ({list})"), Vec::new()))
}

/// The fields that a list is ordered by, without repeats.
pub(super) fn orders<'a>(object_type: &'a ObjectType, scope: &Scope, sorts: &[Sort]) -> Result<Vec<Order<'a>>> {
    let default = Sort::parse(object_type.definition.default_sort);
    let sorts = if sorts.is_empty() { &default } else { sorts };
    let error = |code: &str, field: &str| EngineError::field(FieldError::new("sort", code).with("value", field));
    if sorts.len() > MAX_SORTS {
        return Err(error("too_many_values", ""));
    }
    let mut made: Vec<Order> = Vec::with_capacity(sorts.len());
    for sort in sorts {
        let field = object_type
            .field(&sort.field)
            .filter(|field| scope.shows(field))
            .ok_or_else(|| error("unknown_field", &sort.field))?;
        let column = field.behaviour().sort_column(field).ok_or_else(|| error("not_sortable", &sort.field))?;
        if !made.iter().any(|order| order.column == column) {
            made.push(Order { field, column, is_descending: sort.is_descending });
        }
    }
    Ok(made)
}

/// The value of the sort column of a record, as the cursor keeps it.
pub(super) fn sort_value(order: &Order, record: &Record) -> Json {
    match order.field.name.as_str() {
        "id" => Json::from(record.id),
        "created_at" => Json::from(record.created_at),
        "updated_at" => Json::from(record.updated_at),
        name => match order.field.sort_value(record.value(name)) {
            Value::Integer(number) => Json::from(number),
            Value::Real(number) => Json::from(number),
            Value::Text(text) => Json::from(text),
            _ => Json::Null,
        },
    }
}
