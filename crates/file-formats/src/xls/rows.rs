//! Cells of a sheet gathered into rows.
//!
//! Excel writes its cells row by row, and so they are streamed. Some programs write column by column or as they please; then
//! the cells are collected and sorted first, up to a bound that such programs do not reach.

use super::cells::{CellRecords, PlacedCell};
use crate::error::FormatError;
use crate::options::Limits;
use crate::row::{RowBuilder, SourceRow};
use crate::table::RowSource;

/// Cells, and bytes of their texts, that are sorted in memory.
const MAX_UNORDERED_CELLS: usize = 1_500_000;
const MAX_UNORDERED_BYTES: usize = 48 << 20;

pub(super) struct XlsRows {
    cells: CellRecords,
    /// All cells in order, if the file does not have them in order.
    sorted: Option<std::vec::IntoIter<PlacedCell>>,
    row: RowBuilder,
    /// The first cell of the next row.
    pending: Option<PlacedCell>,
}

impl XlsRows {
    pub(super) fn new(mut cells: CellRecords, limits: &Limits) -> Result<Self, FormatError> {
        cells.rewind()?;
        let sorted = if is_in_order(&mut cells)? {
            None
        } else {
            cells.rewind()?;
            Some(collect_sorted(&mut cells)?.into_iter())
        };
        cells.rewind()?;
        Ok(Self { cells, sorted, row: RowBuilder::new(limits), pending: None })
    }

    fn next_cell(&mut self) -> Result<Option<PlacedCell>, FormatError> {
        if let Some(pending) = self.pending.take() {
            return Ok(Some(pending));
        }
        match &mut self.sorted {
            Some(sorted) => Ok(sorted.next()),
            None => self.cells.next(),
        }
    }
}

fn is_in_order(cells: &mut CellRecords) -> Result<bool, FormatError> {
    let mut last_row = 0;
    while let Some(placed) = cells.next()? {
        if placed.row < last_row {
            return Ok(false);
        }
        last_row = placed.row;
    }
    Ok(true)
}

fn collect_sorted(cells: &mut CellRecords) -> Result<Vec<PlacedCell>, FormatError> {
    let mut collected = Vec::new();
    let mut text_bytes = 0_usize;
    while let Some(placed) = cells.next()? {
        text_bytes += placed.cell.text_bytes();
        collected.push(placed);
        if collected.len() > MAX_UNORDERED_CELLS || text_bytes > MAX_UNORDERED_BYTES {
            return Err(FormatError::TooLarge { what: "unordered_cells", limit: MAX_UNORDERED_CELLS as u64 });
        }
    }
    collected.sort_by_key(|placed| (placed.row, placed.column));
    Ok(collected)
}

impl RowSource for XlsRows {
    fn next_row(&mut self) -> Result<Option<SourceRow>, FormatError> {
        while let Some(first) = self.next_cell()? {
            let row = first.row;
            let number = u64::from(row) + 1;
            self.row.set(number, usize::from(first.column), first.cell)?;
            while let Some(placed) = self.next_cell()? {
                if placed.row != row {
                    self.pending = Some(placed);
                    break;
                }
                self.row.set(number, usize::from(placed.column), placed.cell)?;
            }
            if let Some(row) = self.row.finish(number) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    fn estimated_last_row(&self) -> Option<u64> {
        self.cells.announced_last_row()
    }
}
