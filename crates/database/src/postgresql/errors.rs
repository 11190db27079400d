//! PostgreSQL's errors in the words of this crate.
//!
//! The detail of an error repeats values of the row, so only names are taken from it.

use std::error::Error as _;

use postgres::{
    Error,
    error::{DbError, Severity, SqlState},
};

use crate::DatabaseError;

/// Translates an error of the driver or the server.
pub(super) fn translate(error: &Error) -> DatabaseError {
    match error.as_db_error() {
        Some(error) => from_server(error),
        None => from_driver(error),
    }
}

/// Says whether a cached statement no longer fits its tables and must be prepared again.
pub(super) fn is_stale_statement(error: &Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        (*error.code() == SqlState::FEATURE_NOT_SUPPORTED && error.routine() == Some("RevalidateCachedQuery"))
            || *error.code() == SqlState::INVALID_SQL_STATEMENT_NAME
    })
}

fn from_driver(error: &Error) -> DatabaseError {
    let mut text = error.to_string();
    let mut cause = error.source();
    let mut from_network = error.is_closed();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        from_network |= inner.is::<std::io::Error>();
        cause = inner.source();
    }
    // The driver has no public name for its kinds of errors beyond these.
    if from_network || text.starts_with("error connecting") || text.starts_with("timeout") {
        DatabaseError::Connection(text)
    } else {
        DatabaseError::Other(text)
    }
}

fn from_server(error: &DbError) -> DatabaseError {
    let text = format!("{} ({})", error.message(), error.code().code());
    let table = error.table().unwrap_or_default().to_owned();
    let constraint = error.constraint().unwrap_or_default().to_owned();
    match error.code() {
        code if *code == SqlState::UNIQUE_VIOLATION => DatabaseError::Unique {
            table,
            detail: key_columns(error.detail().unwrap_or_default()).unwrap_or(constraint),
        },
        code if *code == SqlState::FOREIGN_KEY_VIOLATION => DatabaseError::ForeignKey { detail: constraint },
        code if *code == SqlState::NOT_NULL_VIOLATION => {
            DatabaseError::NotNull { table, column: error.column().unwrap_or_default().to_owned() }
        }
        code if *code == SqlState::CHECK_VIOLATION => DatabaseError::Check { constraint },
        code if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED => {
            DatabaseError::Serialization(text)
        }
        code if *code == SqlState::QUERY_CANCELED => DatabaseError::TimedOut,
        code if *code == SqlState::LOCK_NOT_AVAILABLE || *code == SqlState::TOO_MANY_CONNECTIONS => {
            DatabaseError::Busy(text)
        }
        code if *code == SqlState::DISK_FULL => DatabaseError::DiskFull(text),
        code if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED => DatabaseError::Corrupt(text),
        code if code.code().starts_with("08") => DatabaseError::Connection(text),
        _ if matches!(error.parsed_severity(), Some(Severity::Fatal | Severity::Panic)) => {
            DatabaseError::Connection(text)
        }
        _ => DatabaseError::Other(text),
    }
}

/// Reads the columns out of `Key (a, b)=(1, 2) already exists.`, in whatever language it is.
///
/// Gives nothing for an index on an expression.
fn key_columns(detail: &str) -> Option<String> {
    let (_, rest) = detail.split_once('(')?;
    let (columns, _) = rest.split_once(")=(")?;
    let columns: Vec<&str> = columns.split(", ").map(|column| column.trim_matches('"')).collect();
    let plain = columns.iter().all(|column| !column.contains(['(', ')', ':', ' ']));
    plain.then(|| columns.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_key() {
        let check = |detail: &str, expected: Option<&str>| {
            assert_eq!(key_columns(detail).as_deref(), expected);
        };
        check("Key (name)=(x) already exists.", Some("name"));
        check("Ключ \"(a, b)=(1, 2)\" уже существует.", Some("a, b"));
        check("Key (\"Order\")=(1) already exists.", Some("Order"));
        check("Key (lower(name))=(x) already exists.", None);
        check("", None);
    }
}
