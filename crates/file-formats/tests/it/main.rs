//! The crate from outside: real and generated files in, what a caller sees out.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod archive;
mod csv;
mod hostile;
mod icalendar;
mod ods;
mod round_trip;
mod vcard;
mod written_archives;
mod xls;
mod xlsx;

use std::io::Write;

use file_formats::{Cell, FormatError, ReadOptions, SourceRow, open};
use tempfile::NamedTempFile;

/// A temporary file with this content.
fn file_with(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file.flush().unwrap();
    file
}

/// Header and rows of a file.
fn read_all(file: &NamedTempFile, options: &ReadOptions) -> Result<(Vec<String>, Vec<SourceRow>), FormatError> {
    let mut reader = open(file.path(), options)?;
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row()? {
        rows.push(row);
    }
    Ok((reader.headers().to_vec(), rows))
}

/// Rows as texts, with their numbers.
fn texts(rows: &[SourceRow]) -> Vec<(u64, Vec<String>)> {
    rows.iter().map(|row| (row.number, row.cells.iter().map(Cell::to_text).collect())).collect()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}
