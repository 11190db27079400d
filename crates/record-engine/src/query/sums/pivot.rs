//! A list as a table of groups: rows by one or two fields, columns by one, in each cell how many records and what they come to.
//!
//! What must stay true: a cell is the list with the conditions of its row and column, so it counts what its reader would find there; the table has a
//! bound, and says where it was cut. What was cut is in no total.

use std::collections::{BTreeMap, HashMap};

use database::ReadTx;

use super::{Amounts, Asked, Grouping, Measure, Shown, in_time};
use crate::access::{Action, Scope};
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::FieldKind;

/// Most rows of a table; those with the most records stay.
pub const MAX_ROWS: usize = 500;
/// Most columns of a table; those with the most records stay.
pub const MAX_COLUMNS: usize = 50;
/// Most fields that rows are made of.
pub const MAX_GROUPS: usize = 2;

/// What a table is made of: names of fields, dates with their grain (`closed_on:month`).
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// One or two.
    pub rows: &'a [&'a str],
    /// One, or none for a table of one column.
    pub columns: Option<&'a str>,
    /// A field of money or numbers to add up; records are counted without it.
    pub value: Option<&'a str>,
    /// What it is read for: to be looked at, or to be taken out in a file.
    pub action: Action,
}

/// A row or a column: one key for each of its fields; `None` for the records without a value.
pub type Line = Vec<Option<String>>;

/// What stands in a cell, a total, or all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// How many records.
    pub count: i64,
    /// How many of them have a number.
    pub numbers: i64,
    /// What the numbers come to.
    pub number: f64,
    /// What the amounts of money come to, by currency and day.
    pub amounts: Vec<Amounts>,
}

impl Cell {
    /// Adds another one to it.
    pub fn add(&mut self, other: &Cell) {
        self.count += other.count;
        self.numbers += other.numbers;
        self.number += other.number;
        self.amounts.extend(other.amounts.iter().cloned());
    }
}

/// A table.
#[derive(Clone, Debug)]
pub struct Pivot<'a> {
    /// The fields of the rows.
    pub row_groups: Vec<Grouping<'a>>,
    /// The field of the columns.
    pub column_group: Option<Grouping<'a>>,
    /// The field by whose day amounts are counted in another currency.
    pub dated_by: Option<String>,
    /// In no order that means anything.
    pub rows: Vec<Line>,
    /// The same.
    pub columns: Vec<Line>,
    /// By the places of row and column; where nothing stands there is none.
    pub cells: BTreeMap<(usize, usize), Cell>,
    /// There are more rows.
    pub has_more_rows: bool,
    /// There are more columns.
    pub has_more_columns: bool,
}

/// Takes what a list shows apart into a table; `None` when that takes too long, or comes to more groups than can be read.
///
/// # Errors
/// `Invalid` for fields that the reader does not see or that make no groups, and for a value that cannot be added up; those of filters.
pub fn pivot<'a>(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &'a ObjectType,
    wanted: Wanted<'_>,
    shown: Shown<'_>,
) -> Result<Option<Pivot<'a>>> {
    let scope = Scope::of(context, object_type, wanted.action)?;
    let Parts { row_groups, column_group, measure } = parts(&scope, object_type, wanted, shown)?;
    let groups = row_groups.iter().chain(&column_group).copied().collect();
    let asked = Asked { measure, groups };
    let Some(read) = in_time(tx, context, object_type, &asked, shown, &scope)? else { return Ok(None) };

    let depth = row_groups.len();
    let mut found: HashMap<(Line, Line), Cell> = HashMap::new();
    let (mut rows, mut columns): (BTreeMap<Line, i64>, BTreeMap<Line, i64>) = Default::default();
    for mut row in read {
        let column = row.keys.split_off(depth);
        *rows.entry(row.keys.clone()).or_default() += row.count;
        *columns.entry(column.clone()).or_default() += row.count;
        let (numbers, number) = row.number;
        let cell = Cell { count: row.count, numbers, number, amounts: row.amounts.into_iter().collect() };
        found.entry((row.keys, column)).or_default().add(&cell);
    }
    let (has_more_rows, has_more_columns) = (rows.len() > MAX_ROWS, columns.len() > MAX_COLUMNS);
    let (rows, columns) = (largest(rows, MAX_ROWS), largest(columns, MAX_COLUMNS));
    let place = |lines: &[Line]| -> HashMap<Line, usize> {
        lines.iter().cloned().enumerate().map(|(at, line)| (line, at)).collect()
    };
    let (row_places, column_places) = (place(&rows), place(&columns));
    let placed = found
        .into_iter()
        .filter_map(|((row, column), cell)| Some(((*row_places.get(&row)?, *column_places.get(&column)?), cell)));
    let cells = placed.collect();
    let (dated_by, _) = measure.dated_and_weighted_by();
    Ok(Some(Pivot { row_groups, column_group, dated_by, rows, columns, cells, has_more_rows, has_more_columns }))
}

/// Refuses what [`pivot`] would refuse, without reading.
///
/// # Errors
/// As [`pivot`].
pub fn check_pivot(
    context: &RequestContext,
    object_type: &ObjectType,
    wanted: Wanted<'_>,
    shown: Shown<'_>,
) -> Result<()> {
    parts(&Scope::of(context, object_type, wanted.action)?, object_type, wanted, shown).map(|_| ())
}

/// What is asked for, as far as the reader may know it.
struct Parts<'a> {
    row_groups: Vec<Grouping<'a>>,
    column_group: Option<Grouping<'a>>,
    measure: Measure<'a>,
}

fn parts<'a>(scope: &Scope, object_type: &'a ObjectType, wanted: Wanted<'_>, shown: Shown<'_>) -> Result<Parts<'a>> {
    scope.check_fields(shown.filter.expr())?;
    let group = |name: &str, text: &str| {
        let wrong = || EngineError::field(FieldError::new(name, "not_a_group").with("value", text));
        Grouping::new(scope, object_type, text).ok_or_else(wrong)
    };
    if wanted.rows.is_empty() || wanted.rows.len() > MAX_GROUPS {
        return Err(EngineError::field(FieldError::new("rows", "too_many_values").with("max", MAX_GROUPS)));
    }
    let row_groups = wanted.rows.iter().map(|text| group("rows", text)).collect::<Result<Vec<_>>>()?;
    let column_group = wanted.columns.map(|text| group("columns", text)).transpose()?;
    let measure = wanted.value.map_or(Ok(Measure::Records), |name| measure(scope, object_type, name))?;
    Ok(Parts { row_groups, column_group, measure })
}

fn measure<'a>(scope: &Scope, object_type: &'a ObjectType, name: &str) -> Result<Measure<'a>> {
    let wrong = |code: &str| EngineError::field(FieldError::new("value", code).with("value", name));
    let field = object_type.field(name).filter(|field| scope.shows(field)).ok_or_else(|| wrong("unknown_field"))?;
    match &field.kind {
        FieldKind::Money(_) => Measure::money(scope, object_type, name).map_err(|_| wrong("not_summable")),
        FieldKind::Number(settings) if !field.is_system => {
            Ok(Measure::Number { field, places: settings.places_in_units() })
        }
        _ => Err(wrong("not_summable")),
    }
}

/// The lines with the most records, up to so many.
fn largest(lines: BTreeMap<Line, i64>, most: usize) -> Vec<Line> {
    let mut lines: Vec<(Line, i64)> = lines.into_iter().collect();
    lines.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    lines.truncate(most);
    lines.into_iter().map(|(line, _)| line).collect()
}
