//! Pivot tables as people read them: groups in their order and with their names, amounts in one currency, totals of what is shown.
//!
//! What must stay true: the screen and the file are made of the same [`Table`], so they say the same.
//!
//! It requires `currencies`, for what amounts come to in the currency of the company.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use filter_language::sort_key;
use record_engine::catalog::ObjectType;
use record_engine::decimal::divided;
use record_engine::engine::Snapshot;
use record_engine::error::Result;
use record_engine::field_types::FieldKind;
use record_engine::query::present::{References, Titles};
use record_engine::query::sums::{Cell, Grouping, Line, Pivot, Wanted};
use record_engine::query::{self, Shown, Summed};
use record_engine::{Engine, RequestContext};

use crate::currencies::{self, Rates};

/// What a cell says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// How many records.
    pub count: i64,
    /// What they come to; of money in minor units of the currency of the company.
    pub sum: Option<Amount>,
    /// The same for one record that has a value.
    pub average: Option<Amount>,
    /// Some amounts are left out for want of a rate.
    pub is_partial: bool,
}

/// A number of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// Money in minor units.
    Money(i64),
    /// Any other, with six digits after the point at most.
    Number(f64),
}

/// A table with its names and totals.
pub struct Table<'a> {
    /// What stands in it, rows and columns in the order in which they are shown.
    pub pivot: Pivot<'a>,
    /// The names of the records that rows and columns stand for.
    pub titles: Titles,
    /// The currency of the amounts; `None` for what is no money.
    pub currency: Option<String>,
    /// By the places of row and column; where nothing stands there is none.
    pub cells: BTreeMap<(usize, usize), Figure>,
    /// Of each row.
    pub row_totals: Vec<Figure>,
    /// Of each column.
    pub column_totals: Vec<Figure>,
    /// Of all.
    pub total: Figure,
}

/// Reads a table; `None` when that takes too long, or comes to more groups than can be read.
///
/// # Errors
/// As [`query::pivot`]; those of the database.
pub fn read<'a>(
    engine: &Engine,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &'a ObjectType,
    wanted: Wanted<'_>,
    shown: Shown<'_>,
) -> Result<Option<Table<'a>>> {
    let (rates, _) = engine.database().read(|tx| currencies::seen_rates(tx, snapshot, context))?;
    // What takes too long ends its transaction on PostgreSQL; the names are read in another one.
    let found = engine.database().read(|tx| query::pivot(tx, context, object_type, wanted, shown))?;
    let Some(mut pivot) = found else { return Ok(None) };
    let titles = engine.database().read(|tx| Titles::load(tx, context, &snapshot.catalog, &references(&pivot)))?;
    in_order(&mut pivot, &titles);
    let own = snapshot.installation.currency.clone();
    let money = Money { rates: &rates, own: &own, today: context.today().to_string() };
    Ok(Some(table(object_type, pivot, titles, wanted.value, &money)))
}

/// The records that rows and columns stand for.
fn references(pivot: &Pivot<'_>) -> References {
    let mut wanted = References::default();
    let mut note = |groups: &[Grouping<'_>], lines: &[Line]| {
        for (at, group) in groups.iter().enumerate() {
            let Some(target) = group.field().kind.reference_target() else { continue };
            let ids = lines.iter().filter_map(|line| line.get(at)?.as_deref()?.parse().ok());
            ids.for_each(|id| wanted.add(&target.target, id));
        }
    };
    note(&pivot.row_groups, &pivot.rows);
    note(pivot.column_group.as_slice(), &pivot.columns);
    wanted
}

/// Options in the order of their list, times from the first on, records by name; what has no value stands last.
fn compare(groups: &[Grouping<'_>], titles: &Titles, one: &Line, other: &Line) -> Ordering {
    let place = |group: &Grouping<'_>, key: Option<&str>| -> (bool, usize, String) {
        let Some(key) = key else { return (true, 0, String::new()) };
        match &group.field().kind {
            FieldKind::Choice(settings) => {
                let place = settings.options.iter().position(|option| option.key == key);
                (false, place.unwrap_or(usize::MAX), key.to_owned())
            }
            kind => {
                let target = kind.reference_target().map(|target| target.target.as_str());
                let title = target.zip(key.parse().ok()).map(|(target, id)| titles.title(target, id));
                // A name that is not told stands behind those that are.
                let is_nameless = usize::from(title == Some(None));
                (false, is_nameless, title.flatten().map_or_else(|| key.to_owned(), sort_key))
            }
        }
    };
    let keys = groups.iter().zip(one.iter().zip(other));
    let mut orders =
        keys.map(|(group, (one, other))| place(group, one.as_deref()).cmp(&place(group, other.as_deref())));
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Puts rows and columns into the order in which they are shown.
fn in_order(pivot: &mut Pivot<'_>, titles: &Titles) {
    let sorted = |lines: &mut Vec<Line>, groups: &[Grouping<'_>]| -> Vec<usize> {
        let mut places: Vec<(usize, Line)> = std::mem::take(lines).into_iter().enumerate().collect();
        places.sort_by(|(_, one), (_, other)| compare(groups, titles, one, other));
        let mut moved = vec![0; places.len()];
        for (now, (before, line)) in places.into_iter().enumerate() {
            if let Some(slot) = moved.get_mut(before) {
                *slot = now;
            }
            lines.push(line);
        }
        moved
    };
    let rows = sorted(&mut pivot.rows, &pivot.row_groups);
    let columns = sorted(&mut pivot.columns, pivot.column_group.as_slice());
    let cells = std::mem::take(&mut pivot.cells);
    let moved =
        cells.into_iter().filter_map(|((row, column), cell)| Some(((*rows.get(row)?, *columns.get(column)?), cell)));
    pivot.cells = moved.collect();
}

/// How amounts become one.
struct Money<'a> {
    rates: &'a Rates,
    own: &'a str,
    today: String,
}

fn table<'a>(
    object_type: &ObjectType,
    pivot: Pivot<'a>,
    titles: Titles,
    value: Option<&str>,
    money: &Money<'_>,
) -> Table<'a> {
    let kind = value.and_then(|name| object_type.field(name)).map(|field| &field.kind);
    let is_money = matches!(kind, Some(FieldKind::Money(_)));
    let figure = |cell: &Cell| -> Figure {
        let (sum, average, is_partial) = match kind {
            Some(FieldKind::Money(_)) => amounts(cell, value.unwrap_or_default(), pivot.dated_by.clone(), money),
            Some(_) if cell.numbers > 0 => {
                let number = |number: f64| Some(Amount::Number(rounded(number)));
                (number(cell.number), number(cell.number / exact(cell.numbers)), false)
            }
            _ => (None, None, false),
        };
        Figure { count: cell.count, sum, average, is_partial }
    };
    let (mut rows, mut columns): (BTreeMap<usize, Cell>, BTreeMap<usize, Cell>) = Default::default();
    let mut all = Cell::default();
    for ((row, column), cell) in &pivot.cells {
        rows.entry(*row).or_default().add(cell);
        columns.entry(*column).or_default().add(cell);
        all.add(cell);
    }
    let totals = |lines: usize, totals: &BTreeMap<usize, Cell>| -> Vec<Figure> {
        (0..lines).map(|at| figure(totals.get(&at).unwrap_or(&Cell::default()))).collect()
    };
    Table {
        currency: is_money.then(|| money.own.to_owned()),
        cells: pivot.cells.iter().map(|(place, cell)| (*place, figure(cell))).collect(),
        row_totals: totals(pivot.rows.len(), &rows),
        column_totals: totals(pivot.columns.len(), &columns),
        total: figure(&all),
        pivot,
        titles,
    }
}

/// Sum and average in the currency of the company, and whether something is left out of both for want of a rate.
fn amounts(
    cell: &Cell,
    field: &str,
    dated_by: Option<String>,
    money: &Money<'_>,
) -> (Option<Amount>, Option<Amount>, bool) {
    let summed = Summed { dated_by, weighted_by: None, amounts: Some(cell.amounts.clone()) };
    let total = currencies::total(field, summed, money.rates, money.own, &money.today);
    let is_partial = !total.missing.is_empty();
    let Some(converted) = total.converted else { return (None, None, is_partial) };
    let average = converted.amount.and_then(|amount| divided(amount.into(), converted.count.into()));
    let average = average.and_then(|average| i64::try_from(average).ok());
    (converted.amount.map(Amount::Money), average.map(Amount::Money), is_partial)
}

/// Numbers have six digits after the point at most; in which order they were added must not show in the seventh.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "a number of records")]
fn exact(count: i64) -> f64 {
    count as f64
}
