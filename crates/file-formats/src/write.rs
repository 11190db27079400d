//! Writes tables as XLSX or CSV, row by row, in constant memory.
//!
//! No cell can become a formula: XLSX stores texts as texts, and CSV marks what a spreadsheet would run
//! (see [`crate::formula_guard`]).

pub(crate) mod csv;
mod xlsx;

use std::path::Path;

use crate::error::FormatError;

/// A value on its way into a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum OutCell {
    /// Nothing.
    #[default]
    Empty,
    /// A text; never interpreted.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number; infinities and not-a-number are written as nothing.
    Number(f64),
    /// `YYYY-MM-DD`; anything else is written as text.
    Date(String),
    /// `YYYY-MM-DDTHH:MM:SS`; anything else is written as text.
    DateTime(String),
    /// A truth value.
    Boolean(bool),
}

/// The format of a table to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteKind {
    /// Excel workbook. Beyond the 1,048,576 rows of a sheet it goes on in further sheets with the same header.
    Xlsx,
    /// Text in UTF-8 with CRLF line ends.
    Csv {
        /// The character between two fields; ASCII.
        delimiter: char,
        /// Whether the file begins with a byte order mark, by which Excel recognises UTF-8.
        bom: bool,
    },
}

/// A table that is being written.
pub trait RowWriter: Send {
    /// Adds a row.
    ///
    /// # Errors
    /// [`FormatError::CellTooLong`] and [`FormatError::TooManyColumns`] if the format cannot hold the row, and
    /// [`FormatError::Io`].
    fn write_row(&mut self, cells: &[OutCell]) -> Result<(), FormatError>;

    /// Completes the file. Without this call it is not readable.
    ///
    /// # Errors
    /// [`FormatError::Io`].
    fn finish(self: Box<Self>) -> Result<(), FormatError>;
}

/// Creates a file and writes its header. CSV has no use for `sheet_name`; XLSX shortens it to what a sheet may be called.
///
/// # Errors
/// [`FormatError::Io`], and [`FormatError::InvalidOption`] for an unusable delimiter.
pub fn create(
    path: &Path,
    kind: WriteKind,
    sheet_name: &str,
    headers: &[String],
) -> Result<Box<dyn RowWriter>, FormatError> {
    Ok(match kind {
        WriteKind::Xlsx => Box::new(xlsx::WorkbookWriter::create(path, sheet_name, headers)?),
        WriteKind::Csv { delimiter, bom } => Box::new(csv::CsvWriter::create(path, delimiter, bom, headers)?),
    })
}
