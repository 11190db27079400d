//! The few places where the two databases spell the same thing differently.
//!
//! Text on PostgreSQL is always `COLLATE "C"`, so that both databases compare
//! and sort it byte by byte and a keyset page continues where it ended.

use crate::Value;

/// The database behind a [`crate::Database`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// An embedded SQLite file.
    Sqlite,
    /// A PostgreSQL server, or one that speaks its protocol.
    Postgres,
}

/// The storage of a column, independent of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// A 64-bit primary key, filled by the program.
    Id,
    /// A signed 64-bit integer.
    Integer,
    /// Text, compared byte by byte.
    Text,
    /// A double-precision number.
    Real,
    /// Arbitrary bytes.
    Bytes,
}

/// The SQL spelling of a column type, to be written after the column's name.
pub fn column_type(backend: Backend, column: ColumnType) -> &'static str {
    match (backend, column) {
        (Backend::Sqlite, ColumnType::Id) => "INTEGER PRIMARY KEY",
        (Backend::Postgres, ColumnType::Id) => "BIGINT PRIMARY KEY",
        (Backend::Sqlite, ColumnType::Integer) => "INTEGER",
        (Backend::Postgres, ColumnType::Integer) => "BIGINT",
        (Backend::Sqlite, ColumnType::Text) => "TEXT",
        (Backend::Postgres, ColumnType::Text) => "TEXT COLLATE \"C\"",
        (Backend::Sqlite, ColumnType::Real) => "REAL",
        (Backend::Postgres, ColumnType::Real) => "DOUBLE PRECISION",
        (Backend::Sqlite, ColumnType::Bytes) => "BLOB",
        (Backend::Postgres, ColumnType::Bytes) => "BYTEA",
    }
}

/// Replaces `{id}`, `{int}`, `{text}`, `{real}` and `{bytes}` by the spelling of the database.
pub fn expand_types(backend: Backend, sql: &str) -> String {
    [
        ("{id}", ColumnType::Id),
        ("{int}", ColumnType::Integer),
        ("{text}", ColumnType::Text),
        ("{real}", ColumnType::Real),
        ("{bytes}", ColumnType::Bytes),
    ]
    .iter()
    .fold(sql.to_owned(), |sql, (token, column)| sql.replace(token, column_type(backend, *column)))
}

/// Quotes a table, column or index name for use in SQL; both databases use double quotes.
pub fn quote_identifier(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    for character in name.chars() {
        if character == '"' {
            quoted.push('"');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

/// The most values that one statement can take on either database (the limit of SQLite).
pub const MOST_PARAMETERS: usize = 32_766;

/// Placeholders for `count` values after `IN`: `(?,?,?)`.
///
/// For no values it gives `(NULL)`, which matches nothing, also after `NOT IN`.
pub fn in_list(count: usize) -> String {
    if count == 0 {
        return "(NULL)".to_owned();
    }
    let mut list = String::with_capacity(count * 2 + 1);
    for index in 0..count {
        list.push(if index == 0 { '(' } else { ',' });
        list.push('?');
    }
    list.push(')');
    list
}

/// [`in_list`] for so many values that few different statements come of it: short lists are filled up with their last value.
///
/// A page refers to now 23 and now 24 records; without this each number would be a statement of its own, and preparing it
/// costs more than running it.
pub fn padded_in_list(values: &[Value]) -> (String, Vec<Value>) {
    let mut padded = values.to_vec();
    if let Some(last) = values.last() {
        padded.resize(values.len().next_power_of_two(), last.clone());
    }
    (in_list(padded.len()), padded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(quote_identifier("ім'я"), "\"ім'я\"");
        assert_eq!(quote_identifier("a\"b"), "\"a\"\"b\"");
    }

    #[test]
    fn in_lists() {
        assert_eq!(in_list(0), "(NULL)");
        assert_eq!(in_list(1), "(?)");
        assert_eq!(in_list(3), "(?,?,?)");
    }

    #[test]
    fn types_are_expanded() {
        let sql = "CREATE TABLE t (id {id}, name {text}, n {int}, r {real}, b {bytes})";
        assert_eq!(
            expand_types(Backend::Sqlite, sql),
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, n INTEGER, r REAL, b BLOB)"
        );
        assert_eq!(
            expand_types(Backend::Postgres, sql),
            "CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT COLLATE \"C\", n BIGINT, \
             r DOUBLE PRECISION, b BYTEA)"
        );
    }
}
