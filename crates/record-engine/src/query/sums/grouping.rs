//! By what a list is taken apart: a choice, a reference, or a date by its month, quarter or year.

use database::{Backend, quote_identifier};

use crate::access::Scope;
use crate::catalog::{Field, ObjectType};
use crate::field_types::FieldKind;

/// How much time is one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// `2026-11`.
    Month,
    /// `2026-Q4`.
    Quarter,
    /// `2026`.
    Year,
}

/// A field whose values are groups.
#[derive(Clone, Copy, Debug)]
pub struct Grouping<'a> {
    field: &'a Field,
    grain: Option<Grain>,
}

impl<'a> Grouping<'a> {
    /// Reads `stage`, `responsible` or `closed_on:month`; `None` for what the reader does not see, and what makes no groups. Days of instants are those
    /// of UTC, as in filters.
    pub fn new(scope: &Scope, object_type: &'a ObjectType, text: &str) -> Option<Grouping<'a>> {
        let (name, grain) = text.split_once(':').map_or((text, None), |(name, grain)| (name, Some(grain)));
        let field = object_type.field(name).filter(|field| scope.shows(field))?;
        let is_dated = matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
        let grain = match grain {
            Some("month") => Some(Grain::Month),
            Some("quarter") => Some(Grain::Quarter),
            Some("year") => Some(Grain::Year),
            Some(_) => return None,
            None => None,
        };
        let is_whole = matches!(field.kind, FieldKind::Reference(_) | FieldKind::Choice(_));
        (if grain.is_some() { is_dated } else { is_whole }).then_some(Grouping { field, grain })
    }

    /// The field.
    pub fn field(&self) -> &'a Field {
        self.field
    }

    /// How much time is one group; `None` for what is no date.
    pub fn grain(&self) -> Option<Grain> {
        self.grain
    }

    /// Each value is a group of its own.
    pub(super) fn is_whole(&self) -> bool {
        self.grain.is_none()
    }

    /// The key of the group as text: that of an option, an id, a span of time.
    pub(super) fn expression(&self, backend: Backend) -> String {
        let column = format!("t.{}", quote_identifier(&self.field.column));
        let day = match (&self.field.kind, backend) {
            (FieldKind::Choice(_) | FieldKind::Date, _) => column,
            (FieldKind::DateTime, Backend::Sqlite) => {
                format!("strftime('%Y-%m-%d', {column} / 1000.0, 'unixepoch')")
            }
            (FieldKind::DateTime, Backend::Postgres) => {
                format!("to_char(to_timestamp({column} / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD')")
            }
            _ => format!("CAST({column} AS TEXT)"),
        };
        match self.grain {
            None => day,
            Some(Grain::Month) => format!("SUBSTR({day}, 1, 7)"),
            Some(Grain::Year) => format!("SUBSTR({day}, 1, 4)"),
            Some(Grain::Quarter) => {
                format!("SUBSTR({day}, 1, 4) || '-Q' || CAST((CAST(SUBSTR({day}, 6, 2) AS INTEGER) + 2) / 3 AS TEXT)")
            }
        }
    }
}
