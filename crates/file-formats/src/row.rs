//! A row of a table while it is put together, under the limits for columns and text.

use crate::cell::Cell;
use crate::error::FormatError;
use crate::options::Limits;
use crate::vcard::Card;

/// One row of a table or one card of a vCard file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceRow {
    /// The row as the user sees it in a spreadsheet, from 1, header and blank rows counted; for vCard the ordinal of the
    /// card, from 1.
    pub number: u64,
    /// The values from the first column; empty cells at the end are left out.
    pub cells: Vec<Cell>,
    /// The card, if the file is a vCard file; `cells` is then empty.
    pub card: Option<Card>,
}

/// Puts a row together and enforces the limits per row.
#[derive(Debug)]
pub(crate) struct RowBuilder {
    cells: Vec<Cell>,
    text_bytes: usize,
    limits: Limits,
}

impl RowBuilder {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { cells: Vec::new(), text_bytes: 0, limits: limits.clone() }
    }

    /// Puts a value into a column (from 0) of the given row. Empty values take no room, so a sheet that is formatted to its
    /// last column costs nothing.
    pub(crate) fn set(&mut self, row: u64, column: usize, cell: Cell) -> Result<(), FormatError> {
        if cell.is_empty() {
            return Ok(());
        }
        if column >= self.limits.max_columns {
            return Err(FormatError::TooManyColumns {
                found: column as u64 + 1,
                limit: self.limits.max_columns as u64,
            });
        }
        check_cell(&cell, row, &self.limits)?;
        self.text_bytes = self.text_bytes.saturating_add(cell.text_bytes());
        if self.text_bytes > self.limits.max_line_bytes {
            return Err(FormatError::LineTooLong { row, limit: self.limits.max_line_bytes as u64 });
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Cell::Empty);
        }
        if let Some(slot) = self.cells.get_mut(column) {
            *slot = cell;
        }
        Ok(())
    }

    /// Takes the finished row; `None` if it is blank.
    pub(crate) fn finish(&mut self, number: u64) -> Option<SourceRow> {
        self.text_bytes = 0;
        let cells = std::mem::take(&mut self.cells);
        (!cells.is_empty()).then_some(SourceRow { number, cells, card: None })
    }
}

fn check_cell(cell: &Cell, row: u64, limits: &Limits) -> Result<(), FormatError> {
    let bytes = cell.text_bytes();
    if bytes <= limits.max_cell_chars {
        return Ok(());
    }
    match cell {
        Cell::Text(text) if text.chars().count() > limits.max_cell_chars => {
            Err(FormatError::CellTooLong { row, limit: limits.max_cell_chars as u64 })
        }
        _ => Ok(()),
    }
}
