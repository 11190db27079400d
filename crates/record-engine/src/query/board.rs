//! A board: what a list shows, in one column for each option of a choice field and one for the records without a value.
//!
//! A column is the list with one more condition, so its cards and its count are those that the list would give. Counted is in a transaction of
//! its own ([`tally`], before [`cards`]), for a count that takes too long must not take the cards with it. Where an index has the records of an
//! option, each column is counted by itself, up to the cap of lists; otherwise one look at all records counts and adds up for all columns, and what
//! is rare is looked up by one more, not by a walk for each column.
//!
//! What must stay true: the rows and the fields are those that the reader sees.

use std::collections::HashMap;
use std::time::Duration;

use database::{Backend, Query, ReadTx, Value, in_list, quote_identifier};
use filter_language::{CheckedExpr, Condition, FieldPath, Literal, Operand, Operator};

use super::compile::Predicate;
use super::conditions::Fragment;
use super::count::{CAP, Count};
use super::page::{ListQuery, Page, ids_term, list, list_among, smallest_source, too_slow};
use super::search;
use crate::access::{Action, Scope};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::{ChoiceOption, FieldKind};

/// Most cards of a column in one answer; lists go on.
pub const MAX_CARDS: usize = 100;
/// How long counting and adding up may take; whoever cannot wait asks for the cards alone.
const DEADLINE: Duration = Duration::from_secs(4);
/// A walk for a count ends at the cap, not at the end of a page: that makes shorter ways of more sources.
const WALK: usize = 10_000;
/// Of a column without an index of its own, so many records are looked up together with others of its kind.
const RARE: i64 = 500;

/// What a board asks for.
#[derive(Clone, Debug)]
pub struct BoardQuery {
    /// Name of the choice field whose options are the columns.
    pub field: String,
    /// Name of a field of money or numbers to add up in each column.
    pub sum: Option<String>,
    /// Of a field whose options stand within those of another: the key of one of the other, whose records and options alone are shown.
    pub within: Option<String>,
    /// Filter, order, search and fields of the cards; the limit is that of each column, zero for no cards.
    pub list: ListQuery,
}

/// A column: the key of its option; `None` for the records without a value.
pub type Key = Option<String>;

/// The sum of a column in one currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum {
    /// The currency of money, in whose minor units the total is; `None` for numbers.
    pub currency: Option<String>,
    /// The total.
    pub total: f64,
}

/// How many records a column has, and what their values come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// As a list counts.
    pub count: Count,
    /// One for each currency, by its code; `None` when nothing is added up, and when there are too many records for it.
    pub sums: Option<Vec<Sum>>,
}

/// What a statement counts: a currency, how many records have it, and what they come to.
type Counted = (Option<String>, i64, Option<f64>);

/// A column with its first cards.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its option.
    pub key: Key,
    /// How many records it has.
    pub amount: Amount,
    /// The first cards; further ones are a list with this option as one more condition.
    pub page: Page,
}

/// What is known of the columns of a board before their cards are read.
#[derive(Default)]
pub struct Tally {
    amounts: HashMap<Key, Amount>,
    /// The records that a search found, where it found all.
    found: Option<Vec<i64>>,
    /// The records of the option are looked up by no index.
    is_without_index: bool,
}

/// What is added up.
struct Summand {
    /// The column of the values.
    value: String,
    /// That of their currencies.
    currency: Option<String>,
    /// Places behind the point that the column counts in whole numbers.
    places: i32,
}

/// A question that was looked through.
struct Asked<'a> {
    field: &'a Field,
    sum: Option<Summand>,
    options: Vec<&'a ChoiceOption>,
    /// The list of all columns together.
    list: ListQuery,
}

impl<'a> Asked<'a> {
    fn new(scope: &Scope, object_type: &'a ObjectType, query: &BoardQuery) -> Result<Asked<'a>> {
        scope.check_fields(query.list.filter.expr())?;
        let wrong = |name: &str, code: &str, value: &str| {
            EngineError::field(FieldError::new(name, code).with("value", value.to_owned()))
        };
        let shown = |name: &str, asked: &str| {
            let field = object_type.field(asked).filter(|field| scope.shows(field));
            field.ok_or_else(|| wrong(name, "unknown_field", asked))
        };
        let field = shown("field", &query.field)?;
        let FieldKind::Choice(choice) = &field.kind else { return Err(wrong("field", "not_a_choice", &query.field)) };
        let sum = query.sum.as_deref().map(|name| shown("sum", name).map(|field| (name, field))).transpose()?;
        let sum = sum.map(|(name, field)| match field.kind {
            FieldKind::Money(_) => {
                let currency = column(&format!("{}_currency", field.column));
                Ok(Summand { value: column(&field.column), currency: Some(currency), places: 0 })
            }
            FieldKind::Number(ref settings) => {
                Ok(Summand { value: column(&field.column), currency: None, places: settings.places_in_units() })
            }
            _ => Err(wrong("sum", "not_summable", name)),
        });
        let mut list = query.list.clone();
        if let Some(within) = &query.within {
            let above = choice.within.as_deref().and_then(|name| object_type.field(name));
            let above =
                above.filter(|above| scope.shows(above)).ok_or_else(|| wrong("within", "unknown_field", within))?;
            list.filter = CheckedExpr::all_of([list.filter, has_option(above, within)]);
        }
        let is_offered = |option: &&ChoiceOption| match (&query.within, &option.traits.within) {
            (Some(within), Some(own)) => own == within,
            _ => true,
        };
        let options = choice.options.iter().filter(is_offered).collect();
        Ok(Asked { field, sum: sum.transpose()?, options, list })
    }

    /// What an answer could have as columns: without a value, then the options in their order.
    fn keys(&self) -> impl Iterator<Item = (Key, bool)> {
        let options = self.options.iter().map(|option| (Some(option.key.clone()), option.is_retired));
        std::iter::once((None, self.field.is_required)).chain(options)
    }

    /// The condition of a column.
    fn condition(&self, key: &Key) -> CheckedExpr {
        let field = FieldPath::field(self.field.name.as_str());
        match key {
            Some(key) => has_option(self.field, key),
            None => CheckedExpr::condition(Condition { field, operator: Operator::IsEmpty, value: Operand::None }),
        }
    }

    /// The list that a column is.
    fn list(&self, key: &Key) -> ListQuery {
        let mut list = self.list.clone();
        list.filter = CheckedExpr::all_of([list.filter, self.condition(key)]);
        list
    }

    /// What a statement selects to add up: a currency and a value.
    fn summed(&self) -> (String, String) {
        let nothing = || "NULL".to_owned();
        match &self.sum {
            Some(sum) => (sum.currency.clone().unwrap_or_else(nothing), sum.value.clone()),
            None => (nothing(), nothing()),
        }
    }
}

fn has_option(field: &Field, key: &str) -> CheckedExpr {
    CheckedExpr::condition(Condition {
        field: FieldPath::field(field.name.as_str()),
        operator: Operator::Equal,
        value: Operand::One(Literal::Text(key.to_owned())),
    })
}

fn column(name: &str) -> String {
    format!("t.{}", quote_identifier(name))
}

/// Whether the cards of a board are found without its [`tally`]. Where no index has the records of an option, each empty column would be a walk over
/// all records; and a text is searched for once, and not for each column.
pub fn is_quick_without_tally(object_type: &ObjectType, query: &BoardQuery) -> bool {
    query.list.search.is_none() && object_type.field(&query.field).is_none_or(|field| field.is_indexed)
}

/// Counts the columns of a board and adds them up, as far as there is time; what was not reached is unknown.
///
/// # Errors
/// `Invalid` for a field that the reader does not know, that is no choice, or that cannot be added up; those of filters.
pub fn tally(tx: &mut ReadTx, context: &RequestContext, object_type: &ObjectType, query: &BoardQuery) -> Result<Tally> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let asked = Asked::new(&scope, object_type, query)?;
    let mut tally = Tally::default();
    tx.set_deadline(DEADLINE)?;
    match tally.fill(tx, context, object_type, &scope, &asked).map_err(too_slow) {
        Err(EngineError::TooSlow) | Ok(()) => Ok(tally),
        Err(error) => Err(error),
    }
}

impl Tally {
    fn fill(
        &mut self,
        tx: &mut ReadTx,
        context: &RequestContext,
        object_type: &ObjectType,
        scope: &Scope,
        asked: &Asked,
    ) -> Result<()> {
        let mut predicate = Predicate::of_filter(tx, object_type, scope.rows(), &asked.list.filter)?;
        let text = asked.list.search.as_deref().filter(|text| !text.trim().is_empty());
        if let Some(text) = text {
            let ids = search::candidates(tx, context, object_type, &predicate, text, false)?;
            if ids.len() >= search::MAX_CANDIDATES {
                return self.fill_by_search(tx, context, object_type, &predicate, asked, text);
            }
            predicate.terms.push(ids_term(&ids));
            self.found = Some(ids);
        }
        let source = match self.found {
            Some(_) => None,
            None => smallest_source(tx, object_type, &predicate, WALK)?,
        };
        self.is_without_index = source.is_none() && self.found.is_none() && !asked.field.is_indexed;
        if source.is_some() || self.found.is_some() || self.is_without_index {
            return self.fill_at_once(tx, object_type, &predicate, source.as_ref(), asked);
        }
        for (key, _) in asked.keys() {
            let amount = capped(tx, object_type, &predicate, asked, &key)?;
            self.amounts.insert(key, amount);
        }
        Ok(())
    }

    /// A search that finds too much takes the first of each column, as its list does.
    fn fill_by_search(
        &mut self,
        tx: &mut ReadTx,
        context: &RequestContext,
        object_type: &ObjectType,
        predicate: &Predicate,
        asked: &Asked,
        text: &str,
    ) -> Result<()> {
        for (key, _) in asked.keys() {
            let mut within = predicate.clone();
            within.add(object_type, &asked.condition(&key), tx.backend());
            let ids = search::candidates(tx, context, object_type, &within, text, false)?;
            let is_capped = ids.len() >= search::MAX_CANDIDATES;
            within.terms.push(ids_term(&ids));
            let amount = capped(tx, object_type, &within, asked, &key)?;
            self.amounts.insert(key, Amount { count: Count { is_capped, ..amount.count }, ..amount });
        }
        Ok(())
    }

    /// One statement over all records of the board.
    fn fill_at_once(
        &mut self,
        tx: &mut ReadTx,
        object_type: &ObjectType,
        predicate: &Predicate,
        source: Option<&Fragment>,
        asked: &Asked,
    ) -> Result<()> {
        let option = column(&asked.field.column);
        let (currency, value) = asked.summed();
        let select = format!("{option}, {currency}, COUNT(*), SUM(CAST({value} AS DOUBLE PRECISION))");
        let mut statement = all_records(object_type, predicate, source, &select, tx.backend());
        statement.push(if asked.sum.as_ref().is_some_and(|sum| sum.currency.is_some()) {
            " GROUP BY 1, 2"
        } else {
            " GROUP BY 1"
        });
        let mut rows: HashMap<Key, Vec<Counted>> = HashMap::new();
        for row in tx.query(&statement.sql, &statement.params)? {
            rows.entry(row.optional_text(0)?).or_default().push((
                row.optional_text(1)?,
                row.integer(2)?,
                row.optional_real(3)?,
            ));
        }
        for (key, _) in asked.keys() {
            let amount = Amount::of(rows.remove(&key).unwrap_or_default(), asked);
            self.amounts.insert(key, amount);
        }
        Ok(())
    }

    /// What is known of a column.
    fn of(&self, key: &Key) -> Amount {
        let unknown = || Amount { count: Count { count: None, is_capped: true }, sums: None };
        self.amounts.get(key).cloned().unwrap_or_else(unknown)
    }
}

impl Amount {
    /// Puts together what was counted of each currency.
    fn of(rows: Vec<Counted>, asked: &Asked) -> Amount {
        let count: i64 = rows.iter().map(|(_, count, _)| count).sum();
        let sums = asked.sum.as_ref().map(|sum| {
            let units = 10_f64.powi(sum.places);
            let total = |(currency, _, total): Counted| Some(Sum { currency, total: rounded(total? / units) });
            let mut sums: Vec<Sum> = rows.into_iter().filter_map(total).collect();
            sums.sort_by(|one, other| one.currency.cmp(&other.currency));
            sums
        });
        let is_capped = count > CAP;
        Amount { count: Count { count: Some(count.min(CAP)), is_capped }, sums }
    }
}

/// Numbers have six digits after the point at most; in which order they were added must not show in the seventh.
fn rounded(total: f64) -> f64 {
    (total * 1e6).round() / 1e6
}

/// A statement over the live records that match, as `t`.
fn all_records(
    object_type: &ObjectType,
    predicate: &Predicate,
    source: Option<&Fragment>,
    select: &str,
    backend: Backend,
) -> Fragment {
    let table = quote_identifier(object_type.table());
    let mut made = Fragment::default();
    match source {
        Some(source) => {
            made.push("WITH d (id) AS (SELECT DISTINCT * FROM (");
            made.append(source);
            made.push(&format!(
                ") s) SELECT {select} FROM d CROSS JOIN {table} t WHERE t.id = d.id AND t.deleted_at IS NULL"
            ));
        }
        // The plus keeps SQLite from going through all records in the order of some index: four times as slow as the table.
        None if backend == Backend::Sqlite => {
            made.push(&format!("SELECT {select} FROM {table} t WHERE +t.deleted_at IS NULL"))
        }
        None => made.push(&format!("SELECT {select} FROM {table} t WHERE t.deleted_at IS NULL")),
    }
    made.append(&predicate.and_sql());
    made
}

/// Counts and adds up one column by its index, up to one more than the cap of lists; of more than that the sum would be that of some.
fn capped(
    tx: &mut ReadTx,
    object_type: &ObjectType,
    predicate: &Predicate,
    asked: &Asked,
    key: &Key,
) -> Result<Amount> {
    let mut within = predicate.clone();
    within.add(object_type, &asked.condition(key), tx.backend());
    let (currency, value) = asked.summed();
    let select = format!("{currency} AS currency, CAST({value} AS DOUBLE PRECISION) AS summed");
    let table = quote_identifier(object_type.table());
    let grouped = format!(
        "SELECT currency, COUNT(*), SUM(summed) FROM (SELECT {select} FROM {table} t WHERE t.deleted_at IS NULL"
    );
    let mut statement = Fragment::new(grouped, Vec::new());
    statement.append(&within.and_sql());
    statement.push(&format!(" LIMIT {}) n GROUP BY currency", CAP + 1));
    let mut rows = Vec::new();
    for row in tx.query(&statement.sql, &statement.params)? {
        rows.push((row.optional_text(0)?, row.integer(1)?, row.optional_real(2)?));
    }
    let amount = Amount::of(rows, asked);
    let sums = amount.sums.filter(|_| !amount.count.is_capped);
    Ok(Amount { sums, ..amount })
}

/// The columns of a board with their first cards, those without a value first. Retired options, and no value of a required field, only where
/// records have them.
///
/// # Errors
/// As [`tally`], and those of lists.
pub fn cards(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    query: &BoardQuery,
    tally: &Tally,
) -> Result<Vec<Column>> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let mut query = query.clone();
    query.list.ground(tx, object_type)?;
    let asked = Asked::new(&scope, object_type, &query)?;
    let rare = if asked.list.limit > 0 { rare(tx, object_type, &scope, &asked, tally)? } else { HashMap::new() };
    let mut columns = Vec::new();
    for (key, is_only_with_records) in asked.keys() {
        let amount = tally.of(&key);
        let is_empty = amount.count.count == Some(0);
        if is_empty && is_only_with_records {
            continue;
        }
        let has_cards = asked.list.limit > 0;
        let mut list_query = asked.list(&key);
        let page = match (&tally.found, rare.get(&key)) {
            _ if is_empty || !has_cards => Page { records: Vec::new(), next_cursor: None, is_capped: false },
            (Some(ids), _) | (None, Some(ids)) => {
                list_query.search = None;
                list_among(tx, context, object_type, &list_query, ids)?
            }
            (None, None) => list(tx, context, object_type, &list_query)?,
        };
        if !(has_cards && page.records.is_empty() && is_only_with_records) {
            columns.push(Column { key, amount, page });
        }
    }
    Ok(columns)
}

/// The records of columns with few of them, where no index has them.
fn rare(
    tx: &mut ReadTx,
    object_type: &ObjectType,
    scope: &Scope,
    asked: &Asked,
    tally: &Tally,
) -> Result<HashMap<Key, Vec<i64>>> {
    let is_rare = |key: &Key| matches!(tally.of(key).count.count, Some(1..=RARE));
    let mut rare: HashMap<Key, Vec<i64>> =
        asked.keys().map(|(key, _)| key).filter(is_rare).map(|key| (key, Vec::new())).collect();
    if !tally.is_without_index || rare.is_empty() {
        return Ok(HashMap::new());
    }
    let option = column(&asked.field.column);
    let predicate = Predicate::new(object_type, scope.rows(), &asked.list.filter, tx.backend());
    let mut statement = all_records(object_type, &predicate, None, &format!("t.id, {option}"), tx.backend());
    let keys: Vec<Value> = rare.keys().flatten().map(|key| Value::Text(key.clone())).collect();
    let mut any = Vec::new();
    if rare.contains_key(&None) {
        any.push(format!("{option} IS NULL"));
    }
    if !keys.is_empty() {
        any.push(format!("{option} IN {}", in_list(keys.len())));
    }
    statement.append(&Fragment::new(format!(" AND ({})", any.join(" OR ")), keys));
    for row in tx.query(&statement.sql, &statement.params).map_err(|error| too_slow(error.into()))? {
        if let Some(ids) = rare.get_mut(&row.optional_text(1)?) {
            ids.push(row.integer(0)?);
        }
    }
    Ok(rare)
}
