//! CSV and its relatives: text with one row per line, in any encoding, with any delimiter, read as a stream.
//!
//! Encoding, delimiter, quote and header are found out from the content and can be overruled. Values are texts only: what is
//! a number or a date is known to the field, not to the file. The mark by which [`crate::create`] makes a text harmless for
//! spreadsheets is taken off again, so that an export can be loaded back unchanged.

pub(crate) mod decoder;
mod dialect;
pub(crate) mod encoding;
mod parser;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::cell::Cell;
use crate::error::FormatError;
use crate::formula_guard::unguard;
use crate::options::ReadOptions;
use crate::row::{RowBuilder, SourceRow};
use crate::table::RowSource;
use decoder::Decoder;
use dialect::Dialect;
use parser::{Line, LineParser};

/// What was found out about the text.
#[derive(Clone, Debug)]
pub(crate) struct TextFacts {
    pub(crate) encoding: &'static str,
    pub(crate) delimiter: char,
    pub(crate) quote: Option<char>,
}

/// Decoded bytes from which the dialect is guessed.
const SAMPLE_BYTES: usize = 256 << 10;
/// Rows from which the size of a file is extrapolated.
const ESTIMATE_ROWS: u64 = 200;

pub(crate) fn open(path: &Path, options: &ReadOptions) -> Result<(Box<dyn RowSource>, TextFacts), FormatError> {
    let encoding = encoding::choose(path, options.encoding.as_deref())?;
    let sample = decoder::read_sample(path, encoding, SAMPLE_BYTES)?;
    let dialect = Dialect::choose(&sample, options)?;
    let file = File::open(path)?;
    let file_bytes = file.metadata()?.len();
    let decoder = Decoder::new(BufReader::new(file), encoding);
    let source = DelimitedRows {
        parser: LineParser::new(decoder, &dialect, &options.limits),
        row: RowBuilder::new(&options.limits),
        line: Line::default(),
        estimated_rows: estimate_rows(&sample, &dialect, file_bytes, options)?,
        number: 0,
    };
    let facts = TextFacts {
        encoding: encoding.name(),
        delimiter: char::from(dialect.delimiter),
        quote: dialect.quote.map(char::from),
    };
    Ok((Box::new(source), facts))
}

/// The rows of the sample, scaled to the size of the file. The sample counts decoded bytes, the file encoded ones; for an
/// estimate that is near enough.
fn estimate_rows(
    sample: &[u8],
    dialect: &Dialect,
    file_bytes: u64,
    options: &ReadOptions,
) -> Result<Option<u64>, FormatError> {
    let mut parser = LineParser::new(sample, dialect, &options.limits);
    let mut line = Line::default();
    let mut rows = 0;
    while rows < ESTIMATE_ROWS && matches!(parser.next_line(rows + 1, &mut line), Ok(true)) {
        rows += 1;
    }
    let bytes = parser.bytes_taken();
    if bytes == 0 {
        return Ok(None);
    }
    let is_whole = rows < ESTIMATE_ROWS && sample.len() < SAMPLE_BYTES;
    Ok(Some(if is_whole { rows } else { rows.saturating_mul(file_bytes) / bytes }))
}

struct DelimitedRows {
    parser: LineParser<Decoder<BufReader<File>>>,
    row: RowBuilder,
    line: Line,
    estimated_rows: Option<u64>,
    number: u64,
}

impl RowSource for DelimitedRows {
    fn next_row(&mut self) -> Result<Option<SourceRow>, FormatError> {
        while self.parser.next_line(self.number + 1, &mut self.line)? {
            self.number += 1;
            for (column, field) in self.line.fields().enumerate() {
                let text = String::from_utf8_lossy(field);
                let cell = Cell::from_text(unguard(&text).into_owned());
                self.row.set(self.number, column, cell)?;
            }
            if let Some(row) = self.row.finish(self.number) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    fn estimated_last_row(&self) -> Option<u64> {
        self.estimated_rows
    }
}
