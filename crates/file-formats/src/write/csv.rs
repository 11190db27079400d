//! CSV: quoted where needed, CRLF line ends, UTF-8.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::{OutCell, RowWriter};
use crate::cell::Cell;
use crate::error::FormatError;
use crate::formula_guard::guard;

pub(super) struct CsvWriter {
    out: BufWriter<File>,
    delimiter: char,
    line: String,
}

impl CsvWriter {
    pub(super) fn create(path: &Path, delimiter: char, bom: bool, headers: &[String]) -> Result<Self, FormatError> {
        if !matches!(delimiter, ',' | ';' | '\t' | '|') {
            return Err(FormatError::InvalidOption { name: "delimiter" });
        }
        let mut writer =
            Self { out: BufWriter::with_capacity(64 << 10, File::create(path)?), delimiter, line: String::new() };
        if bom {
            writer.out.write_all("\u{FEFF}".as_bytes())?;
        }
        let headers: Vec<OutCell> = headers.iter().cloned().map(OutCell::Text).collect();
        writer.write_row(&headers)?;
        Ok(writer)
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

impl RowWriter for CsvWriter {
    fn write_row(&mut self, cells: &[OutCell]) -> Result<(), FormatError> {
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
        self.out.write_all(self.line.as_bytes())?;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), FormatError> {
        self.out.flush()?;
        Ok(())
    }
}
