//! Several walks for one page: an index that has the records of one value in the order of the page ([`crate::catalog::OrderedIndex`]) is followed once for
//! each value that the filter leaves, and what the walks find is merged. So the open tasks of somebody are read by their deadlines without a look at what
//! was closed before. An index that holds another field, too, is followed without a look at the records that have begun too late.

use std::cmp::Ordering;

use database::{Backend, Query, Value, quote_identifier};

use super::Order;
use crate::catalog::ObjectType;
use crate::query::compile::Predicate;
use crate::query::conditions::Fragment;

/// More walks than this are not merged; an index with fewer values is followed instead, or that of the order alone.
const MOST: usize = 32;

/// The walks that make up an order.
pub(super) struct Streams {
    /// The index.
    name: String,
    /// What the records of each walk have in common.
    pub each: Vec<Fragment>,
    /// Which terms of the predicate are said by that.
    said: Vec<usize>,
    /// Which are asked of the index itself, without a look at the record.
    held: Vec<usize>,
}

impl Streams {
    /// Those that leave out the most; `None` where no index is made for the filter and the order.
    pub fn of(object_type: &ObjectType, predicate: &Predicate, order: &Order) -> Option<Streams> {
        let indexes = object_type.ordered_indexes().into_iter().filter(|index| index.by.name == order.field.name);
        let made = indexes.filter_map(|index| {
            let mut made =
                Streams { name: index.name, each: vec![Fragment::default()], said: Vec::new(), held: Vec::new() };
            if let Some(holds) = index.holds {
                made.held = bounds(predicate, &holds.name);
                if made.held.is_empty() || bounds(predicate, &index.by.name).is_empty() {
                    return None;
                }
            }
            for field in &index.equal {
                let (place, values) = few_values(predicate, &field.name)?;
                made.said.push(place);
                if made.each.len() * values.len() > MOST {
                    return None;
                }
                let column = quote_identifier(&field.column);
                let one = |value: &Value| Fragment::new(format!(" AND t.{column} = ?"), vec![value.clone()]);
                let with = |each: &Fragment| {
                    let joined = values.iter().map(|value| {
                        let mut joined = each.clone();
                        joined.append(&one(value));
                        joined
                    });
                    joined.collect::<Vec<_>>()
                };
                made.each = made.each.iter().flat_map(with).collect();
            }
            Some(made)
        });
        made.max_by_key(|streams| streams.said.len())
    }

    /// Whether each record of the walks satisfies a term of the predicate.
    pub fn says(&self, place: usize) -> bool {
        self.said.contains(&place)
    }

    /// Whether the index itself knows of a term whether it is satisfied.
    pub fn holds(&self, place: usize) -> bool {
        self.held.contains(&place)
    }

    /// How the index is named behind the table: SQLite does not always find it by itself.
    pub fn hint(&self, tx: &dyn Query) -> String {
        match tx.backend() {
            Backend::Sqlite => format!(" INDEXED BY {}", self.name),
            Backend::Postgres => String::new(),
        }
    }
}

/// The terms that leave out the records without a value of a field.
pub(super) fn bounds(predicate: &Predicate, field: &str) -> Vec<usize> {
    let terms = predicate.terms.iter().enumerate();
    terms.filter(|(_, term)| term.has_value && term.field.as_deref() == Some(field)).map(|(place, _)| place).collect()
}

/// The term that leaves the fewest values of a field, with its place.
fn few_values<'a>(predicate: &'a Predicate, field: &str) -> Option<(usize, &'a [Value])> {
    let terms = predicate.terms.iter().enumerate().filter(|(_, term)| term.field.as_deref() == Some(field));
    let values = terms.filter_map(|(place, term)| Some((place, term.values.as_deref()?)));
    values.min_by_key(|(_, values)| values.len())
}

/// Of the ends of several walks the one that a page reaches first. It says how far is looked, so values of different kinds need no order.
pub(super) fn nearest(ends: Vec<Vec<Value>>, is_descending: bool) -> Option<Vec<Value>> {
    let compared = |one: &Vec<Value>, other: &Vec<Value>| {
        let unequal = one.iter().zip(other).map(|(one, other)| compare(one, other)).find(|found| found.is_ne());
        let ascending = unequal.unwrap_or(Ordering::Equal);
        if is_descending { ascending.reverse() } else { ascending }
    };
    ends.into_iter().min_by(compared)
}

fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => one.cmp(other),
        (Value::Real(one), Value::Real(other)) => one.total_cmp(other),
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        _ => Ordering::Equal,
    }
}
