//! The one way to read a file: [`open`] for its rows, [`inspect`] for what a user decides on before an import.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::cell::Cell;
use crate::error::FormatError;
use crate::kind::{FileKind, detect};
use crate::options::ReadOptions;
use crate::row::SourceRow;
use crate::table::{RowSource, SheetChoice, TableReader};
use crate::vcard::{Card, CardReader};
use crate::{delimited, ods, xls, xlsx};

/// Rows that an inspection shows.
pub const SAMPLE_ROWS: usize = 50;

/// The rows of a file from the top, in constant memory.
pub trait RowReader: Send {
    /// The column names as they stand in the file: possibly empty, repeated, or fewer than the cells of a row. A table
    /// without a header gives an empty name per column, a vCard file no names at all.
    fn headers(&self) -> &[String];

    /// The next row below the header that holds anything; `None` at the end. Blank rows are counted in
    /// [`SourceRow::number`] but not returned.
    ///
    /// # Errors
    /// Any [`FormatError`]; the reader is not usable afterwards.
    fn next_row(&mut self) -> Result<Option<SourceRow>, FormatError>;

    /// Goes on so that the next row is the first with this number or a higher one. Only forward, in time linear to the rows
    /// left out: an interrupted import opens the file again and continues behind the last row that it has stored.
    ///
    /// # Errors
    /// As [`RowReader::next_row`].
    fn skip_to(&mut self, row_number: u64) -> Result<(), FormatError>;
}

/// What a file is and how it was understood. Giving the found values back as [`ReadOptions`] reads it the same way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// The format.
    pub kind: FileKind,
    /// The sheets of a workbook, in order; empty for other formats.
    pub sheets: Vec<String>,
    /// The sheet that is read.
    pub sheet: Option<String>,
    /// The text encoding of a CSV or vCard file, by its WHATWG name.
    pub encoding: Option<String>,
    /// The character between the fields of a CSV file.
    pub delimiter: Option<char>,
    /// The character around the fields of a CSV file.
    pub quote: Option<char>,
    /// Whether a row of column names was found or asked for.
    pub has_header: bool,
    /// The number of that row; 0 without one.
    pub header_row: u64,
    /// The column names, as [`RowReader::headers`] gives them.
    pub headers: Vec<String>,
    /// The first [`SAMPLE_ROWS`] rows below the header; empty for vCard.
    pub sample: Vec<Vec<Cell>>,
    /// The first [`SAMPLE_ROWS`] cards, their photos left out; empty for tables.
    #[serde(skip)]
    pub sample_cards: Vec<Card>,
    /// About how many rows or cards there are, if the file tells it without being read to its end.
    pub row_estimate: Option<u64>,
}

/// Opens a file at its first row below the header.
///
/// # Errors
/// Any [`FormatError`]: what is damaged, encrypted, of another kind, empty or above its limits is refused here or, if it
/// only shows later, by the row at which it shows.
pub fn open(path: &Path, options: &ReadOptions) -> Result<Box<dyn RowReader>, FormatError> {
    Ok(match Opened::new(path, options)? {
        Opened::Table { reader, .. } => Box::new(reader),
        Opened::Cards { reader, .. } => Box::new(reader),
    })
}

/// Looks at the beginning of a file, to show what an import would make of it.
///
/// # Errors
/// As [`open`].
pub fn inspect(path: &Path, options: &ReadOptions) -> Result<Inspection, FormatError> {
    match Opened::new(path, options)? {
        Opened::Table { kind, mut reader, facts } => {
            let mut sample = Vec::new();
            let mut last_number = reader.header_row();
            while sample.len() < SAMPLE_ROWS
                && let Some(row) = reader.next_row()?
            {
                last_number = row.number;
                sample.push(row.cells);
            }
            let is_whole = sample.len() < SAMPLE_ROWS;
            let last_row = if is_whole {
                Some(last_number)
            } else {
                reader.estimated_last_row().map(|estimate| estimate.max(last_number))
            };
            Ok(Inspection {
                kind,
                sheets: facts.sheets.sheets,
                sheet: facts.sheets.sheet,
                encoding: facts.text.as_ref().map(|text| text.encoding.to_owned()),
                delimiter: facts.text.as_ref().map(|text| text.delimiter),
                quote: facts.text.as_ref().and_then(|text| text.quote),
                has_header: reader.header_row() > 0,
                header_row: reader.header_row(),
                headers: reader.headers().to_vec(),
                sample,
                sample_cards: Vec::new(),
                row_estimate: last_row.map(|last| last.saturating_sub(reader.header_row())),
            })
        }
        Opened::Cards { mut reader, encoding } => {
            let row_estimate = reader.estimated_cards();
            let mut sample_cards = Vec::new();
            while sample_cards.len() < SAMPLE_ROWS
                && let Some(row) = reader.next_row()?
            {
                sample_cards.extend(row.card.map(|card| Card { photo: None, ..card }));
            }
            Ok(Inspection {
                kind: FileKind::Vcard,
                sheets: Vec::new(),
                sheet: None,
                encoding: Some(encoding.to_owned()),
                delimiter: None,
                quote: None,
                has_header: false,
                header_row: 0,
                headers: Vec::new(),
                sample: Vec::new(),
                sample_cards,
                row_estimate,
            })
        }
    }
}

/// What only one of the table formats knows.
#[derive(Default)]
struct TableFacts {
    sheets: SheetChoice,
    text: Option<delimited::TextFacts>,
}

enum Opened {
    Table { kind: FileKind, reader: TableReader, facts: TableFacts },
    Cards { reader: CardReader, encoding: &'static str },
}

impl Opened {
    fn new(path: &Path, options: &ReadOptions) -> Result<Self, FormatError> {
        let kind = detect(path, &options.limits)?;
        let (source, facts): (Box<dyn RowSource>, TableFacts) = match kind {
            FileKind::Vcard => {
                let (reader, encoding) = CardReader::open(path, options)?;
                return Ok(Self::Cards { reader, encoding });
            }
            FileKind::Csv => {
                let (source, text) = delimited::open(path, options)?;
                let facts = TableFacts { text: Some(text), ..TableFacts::default() };
                (source, facts)
            }
            FileKind::Xlsx => of_sheets(xlsx::open(path, options)?),
            FileKind::Ods => of_sheets(ods::open(path, options)?),
            FileKind::Xls => of_sheets(xls::open(path, options)?),
        };
        let reader = TableReader::new(source, options.has_header, &options.limits)?;
        Ok(Self::Table { kind, reader, facts })
    }
}

fn of_sheets((source, sheets): (Box<dyn RowSource>, SheetChoice)) -> (Box<dyn RowSource>, TableFacts) {
    let facts = TableFacts { sheets, ..TableFacts::default() };
    (source, facts)
}
