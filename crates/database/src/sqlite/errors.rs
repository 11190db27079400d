//! SQLite's errors in the words of this crate.

use rusqlite::{Error, ErrorCode, ffi};

use crate::DatabaseError;

/// Translates an error of the driver.
pub(super) fn translate(error: &Error) -> DatabaseError {
    match error {
        Error::SqliteFailure(code, message) => from_code(*code, message.as_deref().unwrap_or_default()),
        Error::SqlInputError { error, msg, .. } => from_code(*error, msg),
        other => DatabaseError::Other(other.to_string()),
    }
}

fn from_code(error: ffi::Error, message: &str) -> DatabaseError {
    let text = if message.is_empty() { error.to_string() } else { message.to_owned() };
    match error.code {
        ErrorCode::ConstraintViolation => from_constraint(error.extended_code, text),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DatabaseError::Busy(text),
        ErrorCode::OperationInterrupted => DatabaseError::TimedOut,
        ErrorCode::DiskFull => DatabaseError::DiskFull(text),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => DatabaseError::Corrupt(text),
        ErrorCode::CannotOpen | ErrorCode::SystemIoFailure => DatabaseError::Connection(text),
        _ => DatabaseError::Other(text),
    }
}

fn from_constraint(extended_code: i32, text: String) -> DatabaseError {
    // The texts are "<KIND> constraint failed: <what>" in every release of SQLite.
    let what = text.split_once(": ").map_or("", |(_, what)| what);
    match extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            unique(what)
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => DatabaseError::ForeignKey { detail: what.to_owned() },
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            let (table, column) = what.split_once('.').unwrap_or(("", what));
            DatabaseError::NotNull { table: table.to_owned(), column: column.to_owned() }
        }
        ffi::SQLITE_CONSTRAINT_CHECK => DatabaseError::Check { constraint: what.to_owned() },
        _ => DatabaseError::Other(text),
    }
}

/// Reads `table.a, table.b` or `index 'name'`.
fn unique(what: &str) -> DatabaseError {
    if let Some(index) = what.strip_prefix("index ") {
        return DatabaseError::Unique { table: String::new(), detail: index.trim_matches('\'').to_owned() };
    }
    let table = what.split_once('.').map_or("", |(table, _)| table);
    let columns: Vec<&str> =
        what.split(", ").map(|column| column.split_once('.').map_or(column, |(_, column)| column)).collect();
    DatabaseError::Unique { table: table.to_owned(), detail: columns.join(", ") }
}
