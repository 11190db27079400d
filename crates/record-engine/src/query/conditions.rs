//! Conditions in SQL: the building blocks that field types put together.
//!
//! What must stay true: no text of the user gets into the SQL, only bound values; names come from the catalog.

use database::{Backend, Value};
use filter_language::{Condition, Literal, Operator, sort_key};

use crate::catalog::Field;

/// SQL with its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fragment {
    /// Text with `?` for each value.
    pub sql: String,
    /// The values in order.
    pub params: Vec<Value>,
}

impl Fragment {
    /// A fragment of a text and its values.
    pub fn new(sql: impl Into<String>, params: Vec<Value>) -> Fragment {
        Fragment { sql: sql.into(), params }
    }

    /// Appends text.
    pub fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    /// Appends another fragment.
    pub fn append(&mut self, other: &Fragment) {
        self.sql.push_str(&other.sql);
        self.params.extend(other.params.iter().cloned());
    }
}

/// One condition, still knowing where it can be looked up.
#[derive(Clone, Debug, PartialEq)]
pub enum Leaf {
    /// About columns of the record itself (alias `t`).
    Own {
        /// The condition.
        condition: Fragment,
        /// Whether an index finds the records of it.
        is_indexed: bool,
    },
    /// About entries of a child table (alias `c`).
    Child {
        /// The child table.
        table: String,
        /// The condition on an entry.
        condition: Fragment,
        /// Which index finds the entries of it.
        index: EntryIndex,
        /// True: no entry may satisfy it.
        is_negated: bool,
        /// The entries of one record are looked up by the record. Else SQLite would go for each record through the index that has all those of the
        /// value in the order of titles, or ask the index of values once for each of many values (a thousand teams: 170 times as slow).
        is_by_record: bool,
    },
}

/// How an index finds entries of a child table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryIndex {
    /// None does.
    None,
    /// One over the compared column.
    Plain,
    /// One in which those of one value stand in the order of the titles of their records, [`crate::field_types::ChildTable::in_title_order`].
    InTitleOrder,
}

/// A literal as a database value: texts as sort keys are made by [`text`], everything else is stored as it is.
fn literal_value(literal: &Literal) -> Value {
    match literal {
        Literal::Text(text) | Literal::Date(text) | Literal::Day { date: text, .. } => Value::Text(text.clone()),
        Literal::Number(number) => Value::Real(*number),
        Literal::Integer(number) | Literal::Instant(number) => Value::Integer(*number),
        Literal::Boolean(flag) => Value::Integer(i64::from(*flag)),
        // Resolved before SQL is made; a leftover matches nothing.
        Literal::Today { .. } | Literal::Now { .. } | Literal::Me | Literal::MyPeople | Literal::MyTeams => Value::Null,
    }
}

fn placeholders(count: usize) -> String {
    database::in_list(count)
}

/// A condition on a text through its sort key column.
pub fn text(key_column: &str, operator: Operator, values: &[Literal], backend: Backend) -> Fragment {
    let keys: Vec<String> = values
        .iter()
        .map(|literal| match literal {
            Literal::Text(text) => sort_key(text),
            other => sort_key(&literal_text(other)),
        })
        .collect();
    let first = keys.first().cloned().unwrap_or_default();
    let length = first.chars().count();
    match operator {
        Operator::Contains => {
            let function = if backend == Backend::Sqlite { "instr" } else { "strpos" };
            Fragment::new(format!("{function}({key_column}, ?) > 0"), vec![first.into()])
        }
        Operator::StartsWith => {
            let end = prefix_end(&first);
            Fragment::new(format!("({key_column} >= ? AND {key_column} < ?)"), vec![first.into(), end.into()])
        }
        Operator::EndsWith => {
            let tail = match backend {
                Backend::Sqlite => format!("substr({key_column}, -{length})"),
                Backend::Postgres => format!("right({key_column}, {length})"),
            };
            Fragment::new(format!("{tail} = ?"), vec![first.into()])
        }
        _ => scalar(key_column, operator, keys.into_iter().map(Value::Text).collect()),
    }
}

/// The end of the range of all keys that begin with `prefix`.
pub fn prefix_end(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

fn literal_text(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) | Literal::Date(text) | Literal::Day { date: text, .. } => text.clone(),
        Literal::Number(number) => number.to_string(),
        Literal::Integer(number) | Literal::Instant(number) => number.to_string(),
        Literal::Boolean(flag) => flag.to_string(),
        Literal::Today { .. } | Literal::Now { .. } | Literal::Me | Literal::MyPeople | Literal::MyTeams => {
            String::new()
        }
    }
}

/// A condition on a column that is compared as it is stored.
pub fn scalar(column: &str, operator: Operator, values: Vec<Value>) -> Fragment {
    let count = values.len();
    let sql = match operator {
        Operator::Equal => format!("{column} = ?"),
        Operator::NotEqual => format!("{column} IS DISTINCT FROM ?"),
        Operator::Less => format!("{column} < ?"),
        Operator::LessOrEqual => format!("{column} <= ?"),
        Operator::Greater => format!("{column} > ?"),
        Operator::GreaterOrEqual => format!("{column} >= ?"),
        Operator::Between => format!("({column} >= ? AND {column} <= ?)"),
        Operator::In | Operator::Has => format!("{column} IN {}", placeholders(count)),
        Operator::NotIn => format!("({column} IS NULL OR {column} NOT IN {})", placeholders(count)),
        Operator::IsEmpty => format!("{column} IS NULL"),
        Operator::IsNotEmpty => format!("{column} IS NOT NULL"),
        // The checker lets these reach text and sets only.
        Operator::Contains | Operator::StartsWith | Operator::EndsWith | Operator::HasAll => "1 = 0".into(),
    };
    if sql == "1 = 0" { Fragment::new(sql, Vec::new()) } else { Fragment::new(sql, values) }
}

/// The values of which a column has one by a condition that [`scalar`] made of it, each once; `None` for a condition that says something else.
pub fn values_of(column: &str, condition: &Fragment) -> Option<Vec<Value>> {
    let says = |operator| scalar(column, operator, condition.params.clone()).sql == condition.sql;
    if !says(Operator::Equal) && !says(Operator::In) {
        return None;
    }
    let mut values: Vec<Value> = Vec::new();
    for value in &condition.params {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    Some(values)
}

/// A condition on a column of whole numbers: a bound with a fraction moves to the next whole number, so that both databases compare
/// integers and can use the index.
pub fn whole(column: &str, operator: Operator, values: &[f64]) -> Fragment {
    #[expect(clippy::cast_possible_truncation, reason = "the checker refuses numbers beyond the exact range")]
    let integer = |number: f64| Value::Integer(number as i64);
    let exact = |number: &&f64| number.fract() == 0.0;
    let first = values.first().copied().unwrap_or_default();
    let bounds: Vec<Value> = match operator {
        Operator::Less | Operator::GreaterOrEqual => vec![integer(first.ceil())],
        Operator::LessOrEqual | Operator::Greater => vec![integer(first.floor())],
        Operator::Between => {
            vec![integer(first.ceil()), integer(values.get(1).copied().unwrap_or_default().floor())]
        }
        // A fraction equals no whole number.
        _ => values.iter().filter(exact).map(|number| integer(*number)).collect(),
    };
    let is_value_needed = !matches!(operator, Operator::IsEmpty | Operator::IsNotEmpty);
    match operator {
        Operator::NotEqual | Operator::NotIn if bounds.is_empty() => Fragment::new("1 = 1", Vec::new()),
        _ if is_value_needed && bounds.is_empty() => Fragment::new("1 = 0", Vec::new()),
        _ => scalar(column, operator, bounds),
    }
}

/// The numbers among literals.
pub fn numbers(values: &[Literal]) -> Vec<f64> {
    #[expect(clippy::cast_precision_loss, reason = "the checker refuses numbers beyond the exact range")]
    let number = |literal: &Literal| match literal {
        Literal::Number(number) => Some(*number),
        Literal::Integer(number) => Some(*number as f64),
        _ => None,
    };
    values.iter().filter_map(number).collect()
}

/// The numbers among literals, counted in units of a decimal place. Rounding undoes the binary error of the multiplication.
pub fn in_places(values: &[Literal], places: u32) -> Vec<f64> {
    let units = 10_f64.powi(places.cast_signed());
    numbers(values).into_iter().map(|number| (number * units * 1000.0).round() / 1000.0).collect()
}

/// A condition on a column with the literals as they are.
pub fn plain(column: &str, condition: &Condition) -> Fragment {
    scalar(column, condition.operator, condition.literals().iter().map(literal_value).collect())
}

/// A condition on the one column of a field.
pub fn own(field: &Field, condition: &Condition) -> Leaf {
    Leaf::Own {
        condition: plain(&format!("t.{}", field.column), condition),
        // The records without a value stand in the index, too.
        is_indexed: field.is_indexed && (is_lookup(condition.operator) || condition.operator == Operator::IsEmpty),
    }
}

/// A condition that holds for every record, or for none.
pub fn fixed(holds: bool) -> Leaf {
    let sql = if holds { "1 = 1" } else { "1 = 0" };
    Leaf::Own { condition: Fragment::new(sql, Vec::new()), is_indexed: false }
}

/// Whether an index on the compared column finds the matches.
pub fn is_lookup(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Equal
            | Operator::In
            | Operator::Has
            | Operator::StartsWith
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::Between
    )
}

/// A condition on the entries of a child table: positive operators ask for an entry that satisfies them, negative ones for none that
/// satisfies the opposite. `entry` makes the condition on one entry (alias `c`) for an operator and its literals.
pub fn child(
    table: &str,
    condition: &Condition,
    index: EntryIndex,
    entry: impl Fn(Operator, &[Literal]) -> Fragment,
) -> Vec<Leaf> {
    let values = condition.literals();
    let leaf = |operator: Operator, values: &[Literal], is_negated: bool| Leaf::Child {
        table: table.into(),
        condition: entry(operator, values),
        index: match index {
            _ if is_negated || !is_lookup(operator) => EntryIndex::None,
            EntryIndex::InTitleOrder if operator != Operator::Equal => EntryIndex::Plain,
            index => index,
        },
        is_negated,
        is_by_record: index == EntryIndex::InTitleOrder || values.len() > 1,
    };
    match condition.operator {
        Operator::NotEqual => vec![leaf(Operator::Equal, values, true)],
        Operator::NotIn => vec![leaf(Operator::In, values, true)],
        Operator::IsEmpty => vec![leaf(Operator::IsNotEmpty, values, true)],
        Operator::HasAll => {
            values.iter().map(|value| leaf(Operator::Equal, std::slice::from_ref(value), false)).collect()
        }
        Operator::Has => vec![leaf(Operator::In, values, false)],
        operator => vec![leaf(operator, values, false)],
    }
}

/// A condition on one entry of a set.
pub fn entry(column: &str, operator: Operator, values: &[Literal]) -> Fragment {
    scalar(column, operator, values.iter().map(literal_value).collect())
}
