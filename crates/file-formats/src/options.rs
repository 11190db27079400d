//! What a caller may say about a file before it is read, and how much of a file is ever held or looked at.

use serde::{Deserialize, Serialize};

/// How to read a file. Everything left `None` is found out from the content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadOptions {
    /// The sheet of a workbook, by name; the first visible sheet if absent.
    pub sheet: Option<String>,
    /// The text encoding of CSV and vCard files, by its WHATWG label (`windows-1251`, `utf-8`, …).
    pub encoding: Option<String>,
    /// The character between two CSV fields; ASCII.
    pub delimiter: Option<char>,
    /// The character around a CSV field; ASCII. `'\0'` reads every quote as an ordinary character.
    pub quote: Option<char>,
    /// Whether the table begins with a row of column names.
    pub has_header: Option<bool>,
    /// How much is read at most. Not part of the stored or transmitted form, so that no request can widen it.
    #[serde(skip)]
    pub limits: Limits,
}

/// Upper bounds that keep a hostile file from costing memory or time. There is deliberately no limit on rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file as it lies on the disk, in bytes.
    pub max_file_bytes: u64,
    /// Bytes that one part of a packed file may unpack to, and that all rows of one file may hold together.
    pub max_unpacked_bytes: u64,
    /// Columns that are read; a value further to the right is an error.
    pub max_columns: usize,
    /// Characters in one cell.
    pub max_cell_chars: usize,
    /// Bytes of text in one row.
    pub max_line_bytes: usize,
    /// Bytes of the table of shared strings of a workbook; what does not fit in memory goes to a temporary file.
    pub max_shared_strings_bytes: u64,
    /// Bytes of one vCard, its photo included.
    pub max_card_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: 2 << 30,
            max_unpacked_bytes: 4 << 30,
            max_columns: 1_000,
            max_cell_chars: 256 << 10,
            max_line_bytes: 8 << 20,
            max_shared_strings_bytes: 1 << 30,
            max_card_bytes: 16 << 20,
        }
    }
}
