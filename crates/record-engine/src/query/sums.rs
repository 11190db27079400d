//! Sums of the amounts that a list shows: for each currency, and for each day by whose rates they are counted.
//!
//! A list can also be taken apart by fields ([`figures`], [`pivot`]): how many records each user has in each month, and what they come to.
//!
//! What must stay true: a sum is exact, or there is none; amounts of two currencies are never added here.

mod grouping;
mod pivot;

use std::collections::BTreeMap;
use std::time::Duration;

use database::{Backend, Query, ReadTx, Value, in_list, quote_identifier};
use filter_language::CheckedExpr;

use super::compile::Predicate;
use super::conditions::Fragment;
use super::page::{smallest_source, too_slow};
use super::search;
use crate::access::{Action, Scope};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::FieldKind;
pub use grouping::{Grain, Grouping};
pub use pivot::{Cell, Line, MAX_COLUMNS, MAX_GROUPS, MAX_ROWS, Pivot, Wanted, check_pivot, pivot};

/// How long the sums of one field may take; the list stands there already.
const DEADLINE: Duration = Duration::from_secs(4);
/// Sums read every record that matches: sources are worth while up to the size that a walk for so many records allows.
const WALK: usize = 1_000_000;
/// Most rows that are read of one question: groups by currency and day.
const MOST_ROWS: usize = 100_000;
/// Amounts are added in two parts, above and below this, so that no sum within the database overflows.
const PART: i64 = 1_000_000_000;

/// The amounts of one currency, and of one day when the field is dated by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// ISO 4217.
    pub currency: String,
    /// `YYYY-MM-DD`; `None` where the field has no date, or the record none.
    pub day: Option<String>,
    /// How many there are.
    pub count: i64,
    /// Their sum in minor units.
    pub sum: i128,
    /// The same, each amount times its chance in percent: hundredths of minor units. Zero for a field without chances.
    pub weighted: i128,
}

/// What became of the sums of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summed {
    /// The field by whose day amounts are counted in another currency; `None` for the day of today.
    pub dated_by: Option<String>,
    /// The field that says how sure amounts are; `None` without one that the reader sees.
    pub weighted_by: Option<String>,
    /// By currency and day; `None` when it took too long.
    pub amounts: Option<Vec<Amounts>>,
}

/// What a list has in one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// The key of an option, or the id of a record as text; `None` for the records without a value.
    pub key: Option<String>,
    /// How many records there are, those without an amount among them.
    pub count: i64,
    /// What they come to.
    pub amounts: Vec<Amounts>,
}

/// A list by a field of its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// As of [`Summed`].
    pub dated_by: Option<String>,
    /// As of [`Summed`].
    pub weighted_by: Option<String>,
    /// Ascending by their keys; `None` when it took too long.
    pub groups: Option<Vec<Figure>>,
}

/// What a list shows.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// Its filter.
    pub filter: &'a CheckedExpr,
    /// Its search.
    pub search: Option<&'a str>,
    /// Whether it is the trash.
    pub is_trash: bool,
}

/// The fields of a sum, as far as the reader sees them.
struct Asked<'a> {
    measure: Measure<'a>,
    groups: Vec<Grouping<'a>>,
}

/// What is added up.
#[derive(Clone, Copy)]
enum Measure<'a> {
    /// Nothing: the records are counted.
    Records,
    Money {
        field: &'a Field,
        day: Option<&'a Field>,
        weight: Option<&'a Field>,
    },
    Number {
        field: &'a Field,
        /// Places behind the point that the column counts in whole numbers.
        places: i32,
    },
}

impl<'a> Measure<'a> {
    fn money(scope: &Scope, object_type: &'a ObjectType, field: &str) -> Result<Measure<'a>> {
        let unknown = || EngineError::field(FieldError::new("fields", "unknown_field").with("value", field));
        let seen = |name: &str| object_type.field(name).filter(|field| scope.shows(field));
        let field = seen(field).ok_or_else(unknown)?;
        let FieldKind::Money(settings) = &field.kind else { return Err(unknown()) };
        if settings.is_price {
            return Err(unknown());
        }
        // A day or a chance that the reader may not see says nothing to him: he is told the sum by the rates of today, and none by chance.
        let day = settings.dated_by.as_deref().and_then(seen).filter(|day| matches!(day.kind, FieldKind::Date));
        let is_percent = |weight: &&Field| matches!(&weight.kind, FieldKind::Number(number) if number.decimals == 0 && !number.is_exact);
        let weight = settings.weighted_by.as_deref().and_then(seen).filter(is_percent);
        Ok(Measure::Money { field, day, weight })
    }

    /// The field by whose day amounts are counted in another currency, and the one that says how sure they are.
    fn dated_and_weighted_by(&self) -> (Option<String>, Option<String>) {
        match self {
            Measure::Money { day, weight, .. } => {
                (day.map(|day| day.name.clone()), weight.map(|weight| weight.name.clone()))
            }
            _ => (None, None),
        }
    }
}

/// One row of a sum: the groups, then what it comes to; without a currency only how many.
struct Row {
    keys: Vec<Option<String>>,
    /// How many records.
    count: i64,
    /// How many of them have a number, and what these come to.
    number: (i64, f64),
    amounts: Option<Amounts>,
}

/// Adds up the amounts of `field` over what a list shows.
///
/// # Errors
/// `Invalid` for a field that is no money, a price, or that the reader may not see.
pub fn sum(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    field: &str,
    shown: Shown<'_>,
) -> Result<Summed> {
    let scope = Scope::of(context, object_type, Action::See)?;
    scope.check_fields(shown.filter.expr())?;
    let asked = Asked { measure: Measure::money(&scope, object_type, field)?, groups: Vec::new() };
    let rows = in_time(tx, context, object_type, &asked, shown, &scope)?;
    let (dated_by, weighted_by) = asked.measure.dated_and_weighted_by();
    let amounts = rows.map(|rows| rows.into_iter().filter_map(|row| row.amounts).collect());
    Ok(Summed { dated_by, weighted_by, amounts })
}

/// Takes what a list shows apart by a reference or a choice field, and adds up the amounts of `field` in each group.
///
/// # Errors
/// As [`sum`], and `Invalid` for a field that nothing is taken apart by.
pub fn figures(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    by: &str,
    field: &str,
    shown: Shown<'_>,
) -> Result<Figures> {
    let scope = Scope::of(context, object_type, Action::See)?;
    scope.check_fields(shown.filter.expr())?;
    let measure = Measure::money(&scope, object_type, field)?;
    let unknown = || EngineError::field(FieldError::new("by", "unknown_field").with("value", by));
    let group = Grouping::new(&scope, object_type, by).filter(Grouping::is_whole).ok_or_else(unknown)?;
    let asked = Asked { measure, groups: vec![group] };
    let rows = in_time(tx, context, object_type, &asked, shown, &scope)?;
    let (dated_by, weighted_by) = measure.dated_and_weighted_by();
    let groups = rows.map(|rows| {
        let mut groups: BTreeMap<Option<String>, Figure> = BTreeMap::new();
        for Row { keys, count, amounts, .. } in rows {
            let key = keys.into_iter().next().flatten();
            let figure = groups.entry(key.clone()).or_default();
            figure.key = key;
            figure.count += count;
            figure.amounts.extend(amounts);
        }
        groups.into_values().collect()
    });
    Ok(Figures { dated_by, weighted_by, groups })
}

fn in_time(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    asked: &Asked<'_>,
    shown: Shown<'_>,
    scope: &Scope,
) -> Result<Option<Vec<Row>>> {
    tx.set_deadline(DEADLINE)?;
    match summed(tx, context, object_type, asked, shown, scope) {
        Ok(rows) => Ok(Some(rows)),
        Err(error) => match too_slow(error) {
            EngineError::TooSlow => Ok(None),
            error => Err(error),
        },
    }
}

fn summed(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    asked: &Asked<'_>,
    shown: Shown<'_>,
    scope: &Scope,
) -> Result<Vec<Row>> {
    let predicate = Predicate::of_filter(tx, object_type, scope.rows(), shown.filter)?;
    let table = quote_identifier(object_type.table());
    let backend = tx.backend();
    let keys: Vec<String> = asked.groups.iter().map(|group| group.expression(backend)).collect();
    let (values, grouped) = asked.measure.columns(backend);
    let key_columns: String = keys.iter().enumerate().map(|(at, key)| format!("{key} AS group_{at}, ")).collect();
    let select = format!("SELECT {key_columns}COUNT(*), {values} FROM");
    let live = if shown.is_trash { "t.deleted_at IS NOT NULL" } else { "t.deleted_at IS NULL" };
    let mut statement = Fragment::default();
    if let Some(text) = shown.search.filter(|text| !text.trim().is_empty()) {
        let ids = search::candidates(tx, context, object_type, &predicate, text, shown.is_trash)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        statement.push(&format!("{select} {table} t WHERE t.id IN {} AND {live}", in_list(ids.len())));
        statement.params.extend(ids.into_iter().map(Value::Integer));
    } else {
        let source = if shown.is_trash { None } else { smallest_source(tx, object_type, &predicate, WALK)? };
        if let Some(source) = source {
            statement.push("WITH d (id) AS (SELECT DISTINCT * FROM (");
            statement.append(&source);
            statement.push(&format!(") s) {select} d CROSS JOIN {table} t WHERE t.id = d.id AND {live}"));
        } else {
            statement.push(&format!("{select} {table} t WHERE {live}"));
        }
        statement.append(&predicate.and_sql());
    }
    // Of groups all records count, of sums those with an amount.
    if let (Measure::Money { field, .. }, true) = (asked.measure, asked.groups.is_empty()) {
        statement.push(&format!(" AND t.{} IS NOT NULL", field.column));
    }
    let grouped: Vec<String> = keys.into_iter().chain(grouped).collect();
    if !grouped.is_empty() {
        statement.push(&format!(" GROUP BY {}", grouped.join(", ")));
    }
    // Who takes a list apart into more than this reads nothing of it.
    statement.push(&format!(" ORDER BY 1, 2, 3 LIMIT {}", MOST_ROWS + 1));
    let rows = tx.query(&statement.sql, &statement.params)?;
    if rows.len() > MOST_ROWS {
        return Err(EngineError::TooSlow);
    }
    rows.into_iter().map(|row| asked.read(&row)).collect()
}

impl Measure<'_> {
    /// What is selected beside the groups and the number of records, and by what of it rows are grouped.
    fn columns(&self, _: Backend) -> (String, Vec<String>) {
        match self {
            // As many columns as there are to order by.
            Measure::Records => ("0, 0".into(), Vec::new()),
            Measure::Number { field, .. } => {
                let column = format!("t.{}", quote_identifier(&field.column));
                (format!("COUNT({column}), SUM(CAST({column} AS DOUBLE PRECISION))"), Vec::new())
            }
            Measure::Money { field, day, weight } => {
                let column = &field.column;
                let day = day.map_or("NULL".into(), |day| format!("t.{}", quote_identifier(&day.column)));
                let weight =
                    weight.map_or("0".into(), |weight| format!("CAST(COALESCE(t.{}, 0) AS BIGINT)", weight.column));
                let parts = [format!("t.{column} / {PART}"), format!("t.{column} % {PART}")];
                let sums = |weight: &str| {
                    parts.each_ref().map(|part| format!("CAST(SUM(({part}) * {weight}) AS BIGINT)")).join(", ")
                };
                let values = format!("t.{column}_currency, {day} AS amount_day, {}, {}", sums("1"), sums(&weight));
                // NULL stands where a database takes none for an expression.
                let grouped = [format!("t.{column}_currency"), day].into_iter().filter(|column| column != "NULL");
                (values, grouped.collect())
            }
        }
    }
}

impl Asked<'_> {
    fn read(&self, row: &database::Row) -> Result<Row> {
        let keys = (0..self.groups.len()).map(|at| Ok(row.optional_text(at)?)).collect::<Result<Vec<_>>>()?;
        let first = keys.len();
        let count = row.integer(first)?;
        let mut read = Row { keys, count, number: (0, 0.0), amounts: None };
        match self.measure {
            Measure::Records => {}
            Measure::Number { places, .. } => {
                let sum = row.optional_real(first + 2)?.unwrap_or_default();
                read.number = (row.integer(first + 1)?, sum / 10_f64.powi(places));
            }
            Measure::Money { .. } => {
                let Some(currency) = row.optional_text(first + 1)? else { return Ok(read) };
                let whole = |at: usize| -> Result<i128> {
                    Ok(i128::from(row.integer(at)?) * i128::from(PART) + i128::from(row.integer(at + 1)?))
                };
                let day = row.optional_text(first + 2)?;
                let (sum, weighted) = (whole(first + 3)?, whole(first + 5)?);
                read.amounts = Some(Amounts { currency, day, count, sum, weighted });
            }
        }
        Ok(read)
    }
}
