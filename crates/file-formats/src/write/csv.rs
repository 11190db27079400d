//! CSV: quoted where needed, CRLF line ends, UTF-8.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::{OutCell, RowWriter};
use crate::cell::Cell;
use crate::error::FormatError;
use crate::formula_guard::guard;

/// By which Excel recognises UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// Puts rows together as lines of CSV.
pub(crate) struct CsvLine {
    delimiter: char,
    line: String,
}

impl CsvLine {
    pub(crate) fn new(delimiter: char) -> Result<Self, FormatError> {
        if !matches!(delimiter, ',' | ';' | '\t' | '|') {
            return Err(FormatError::InvalidOption { name: "delimiter" });
        }
        Ok(Self { delimiter, line: String::new() })
    }

    /// The line of a row, with its end.
    pub(crate) fn of(&mut self, cells: &[OutCell]) -> &[u8] {
        self.line.clear();
        for (column, cell) in cells.iter().enumerate() {
            if column > 0 {
                self.line.push(self.delimiter);
            }
            match cell {
                OutCell::Empty => {}
                OutCell::Text(text) | OutCell::Date(text) | OutCell::DateTime(text) => self.push_text(text),
                OutCell::Integer(number) => self.line.push_str(&number.to_string()),
                OutCell::Number(number) if number.is_finite() => {
                    self.line.push_str(&Cell::Number(*number).to_text());
                }
                OutCell::Number(_) => {}
                OutCell::Boolean(value) => self.line.push_str(if *value { "true" } else { "false" }),
            }
        }
        self.line.push_str("\r\n");
        self.line.as_bytes()
    }

    /// The line of the headers.
    pub(crate) fn of_headers(&mut self, headers: &[String]) -> &[u8] {
        let headers: Vec<OutCell> = headers.iter().cloned().map(OutCell::Text).collect();
        self.of(&headers)
    }

    fn push_text(&mut self, text: &str) {
        let text = guard(text);
        let needs_quotes =
            text.contains([',', ';', '\t', '|', '"', '\'', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ');
        if needs_quotes {
            self.line.push('"');
            self.line.push_str(&text.replace('"', "\"\""));
            self.line.push('"');
        } else {
            self.line.push_str(&text);
        }
    }
}

pub(super) struct CsvWriter {
    out: BufWriter<File>,
    line: CsvLine,
}

impl CsvWriter {
    pub(super) fn create(path: &Path, delimiter: char, bom: bool, headers: &[String]) -> Result<Self, FormatError> {
        let mut line = CsvLine::new(delimiter)?;
        let mut out = BufWriter::with_capacity(64 << 10, File::create(path)?);
        if bom {
            out.write_all(BYTE_ORDER_MARK)?;
        }
        out.write_all(line.of_headers(headers))?;
        Ok(Self { out, line })
    }
}

impl RowWriter for CsvWriter {
    fn write_row(&mut self, cells: &[OutCell]) -> Result<(), FormatError> {
        self.out.write_all(self.line.of(cells))?;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), FormatError> {
        self.out.flush()?;
        Ok(())
    }
}
