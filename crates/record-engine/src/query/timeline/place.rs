//! Where an entry stands in the one order of a timeline, and where a page of it ended.

use std::cmp::{Ordering, Reverse};

use database::{hex, unhex};
use serde::{Deserialize, Serialize};

use crate::error::{EngineError, FieldError, Result};

/// The rank of changes of fields; those of records are the ids of their types.
pub(super) const CHANGES: i64 = 0;

/// A place in the order: by the moment, the newest first, then by what it is, then by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// Milliseconds UTC.
    pub at: i64,
    pub rank: i64,
    pub id: i64,
}

impl Place {
    fn key(&self) -> (Reverse<i64>, i64, Reverse<i64>) {
        (Reverse(self.at), self.rank, Reverse(self.id))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Place) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Place) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Where a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// Its last entry.
    pub behind: Place,
    /// The last operation of the record that stood on it or before it: only versions order the changes of a record, so they have an order of their own.
    pub change: Option<i64>,
}

impl Cursor {
    /// As a client gets it.
    pub fn encode(&self) -> String {
        hex(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }

    /// # Errors
    /// `Invalid` for what no page gave.
    pub fn read(text: &str) -> Result<Cursor> {
        let read = unhex(text).and_then(|bytes| serde_json::from_slice(&bytes).ok());
        read.ok_or_else(|| EngineError::field(FieldError::new("cursor", "wrong_type")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_order() {
        let place = |at, rank, id| Place { at, rank, id };
        let mut places = vec![place(1, 7, 1), place(2, 9, 1), place(2, 7, 1), place(2, 7, 5), place(3, 9, 1)];
        places.sort();
        assert_eq!(places, [place(3, 9, 1), place(2, 7, 5), place(2, 7, 1), place(2, 9, 1), place(1, 7, 1)]);
    }

    #[test]
    fn a_cursor_comes_back() {
        let cursor = Cursor { behind: Place { at: -5, rank: 7, id: 12 }, change: Some(3) };
        assert_eq!(Cursor::read(&cursor.encode()).ok(), Some(cursor));
        assert!(Cursor::read("zz").is_err());
        assert!(Cursor::read("7b7d").is_err());
    }
}
