//! Refuses a write inside a write on the same thread and database.
//!
//! On SQLite the inner one would wait for the outer one for ever; on PostgreSQL it
//! would only seem to work. Reading inside a write is allowed and sees the state
//! before it.

use std::cell::RefCell;

use crate::DatabaseError;

thread_local! {
    /// The databases in whose write transactions this thread is.
    static WRITING: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// The mark that this thread writes to a database, until it is dropped.
pub(crate) struct WriteMark {
    database: usize,
}

impl WriteMark {
    /// Sets the mark, or fails when the thread has set it before. `database` is any number unique to it.
    pub(crate) fn set(database: usize) -> Result<Self, DatabaseError> {
        WRITING.with_borrow_mut(|writing| {
            if writing.contains(&database) {
                return Err(DatabaseError::Unsupported(
                    "a write transaction inside another one of the same database".to_owned(),
                ));
            }
            writing.push(database);
            Ok(WriteMark { database })
        })
    }
}

impl Drop for WriteMark {
    fn drop(&mut self) {
        WRITING.with_borrow_mut(|writing| writing.retain(|database| *database != self.database));
    }
}
