//! A table of any format as a stream of rows below a header.
//!
//! The formats only deliver rows ([`RowSource`]); where the header stands, what comes before it, and continuing at a row
//! after an interruption are decided here, once for all of them. Blank rows are counted in the numbers but not delivered.

mod header;

use std::collections::VecDeque;

use crate::error::FormatError;
use crate::options::Limits;
use crate::reader::RowReader;
use crate::row::SourceRow;
use header::{PEEKED_ROWS, locate_header};

/// What a format delivers: its rows from the top, blank ones left out, with rising numbers.
pub(crate) trait RowSource: Send {
    /// The next row with anything in it, `None` at the end.
    fn next_row(&mut self) -> Result<Option<SourceRow>, FormatError>;

    /// The number of the last row as far as the file says it without being read through.
    fn estimated_last_row(&self) -> Option<u64>;
}

/// The sheets of a workbook and the one that is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct SheetChoice {
    pub(crate) sheets: Vec<String>,
    pub(crate) sheet: Option<String>,
}

/// Rows below the header of a table.
pub(crate) struct TableReader {
    source: Box<dyn RowSource>,
    /// Rows that were read ahead to find the header, or put back by `skip_to`.
    ahead: VecDeque<SourceRow>,
    headers: Vec<String>,
    header_row: u64,
    text_bytes: u64,
    max_text_bytes: u64,
}

impl TableReader {
    /// Reads ahead far enough to find the header.
    ///
    /// # Errors
    /// [`FormatError::Empty`] if there is no row at all, and whatever the source reports.
    pub(crate) fn new(
        mut source: Box<dyn RowSource>,
        has_header: Option<bool>,
        limits: &Limits,
    ) -> Result<Self, FormatError> {
        let mut ahead = VecDeque::new();
        let mut peeked_bytes = 0;
        while ahead.len() < PEEKED_ROWS && peeked_bytes <= limits.max_line_bytes {
            let Some(row) = source.next_row()? else {
                break;
            };
            peeked_bytes += text_bytes(&row);
            ahead.push_back(row);
        }
        if ahead.is_empty() {
            return Err(FormatError::Empty);
        }
        let width = ahead.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        let (mut headers, mut header_row) = (vec![String::new(); width], 0);
        if let Some(index) = locate_header(ahead.make_contiguous(), has_header) {
            let header = ahead.drain(..=index).next_back().unwrap_or_default();
            headers = header.cells.iter().map(|cell| cell.to_text()).collect();
            header_row = header.number;
        }
        Ok(Self { source, ahead, headers, header_row, text_bytes: 0, max_text_bytes: limits.max_unpacked_bytes })
    }

    /// The row of the header, 0 if the table has none.
    pub(crate) fn header_row(&self) -> u64 {
        self.header_row
    }

    pub(crate) fn estimated_last_row(&self) -> Option<u64> {
        self.source.estimated_last_row()
    }

    fn pull(&mut self) -> Result<Option<SourceRow>, FormatError> {
        let row = match self.ahead.pop_front() {
            Some(row) => Some(row),
            None => self.source.next_row()?,
        };
        // A small file can repeat one long text in millions of cells; each row is harmless, all of them are not.
        self.text_bytes += row.as_ref().map_or(0, text_bytes) as u64;
        if self.text_bytes > self.max_text_bytes {
            return Err(FormatError::TooLarge { what: "text", limit: self.max_text_bytes });
        }
        Ok(row)
    }
}

impl RowReader for TableReader {
    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn next_row(&mut self) -> Result<Option<SourceRow>, FormatError> {
        self.pull()
    }

    fn skip_to(&mut self, row_number: u64) -> Result<(), FormatError> {
        while let Some(row) = self.pull()? {
            if row.number >= row_number {
                self.ahead.push_front(row);
                break;
            }
        }
        Ok(())
    }
}

fn text_bytes(row: &SourceRow) -> usize {
    row.cells.iter().map(|cell| cell.text_bytes()).sum()
}
