//! The cells of one sheet in the order of the file.

use super::globals::Globals;
use super::records::{Records, kind};
use crate::cell::Cell;
use crate::date::serial_to_cell;
use crate::error::FormatError;
use crate::package::{le_u16, le_u32, le_u64};

/// A value and its place, both counted from 0.
#[derive(Debug)]
pub(super) struct PlacedCell {
    pub(super) row: u16,
    pub(super) column: u16,
    pub(super) cell: Cell,
}

/// A stream of the cells of one sheet.
pub(super) struct CellRecords {
    records: Records,
    globals: Globals,
    offset: u64,
    /// Substreams around the current record: the sheet itself, and charts inside it.
    depth: usize,
    /// The rest of a record that holds several cells: place of the next one in the body.
    multiple: Option<usize>,
    last_row: Option<u64>,
    is_at_end: bool,
}

impl CellRecords {
    pub(super) fn new(records: Records, globals: Globals, offset: u64) -> Self {
        Self { records, globals, offset, depth: 0, multiple: None, last_row: None, is_at_end: false }
    }

    /// The number of the last row, from 1, as the sheet announces it.
    pub(super) fn announced_last_row(&self) -> Option<u64> {
        self.last_row
    }

    /// Goes to the first record of the sheet.
    pub(super) fn rewind(&mut self) -> Result<(), FormatError> {
        self.depth = 0;
        self.multiple = None;
        self.is_at_end = false;
        self.records.seek(self.offset)
    }

    /// The next cell, `None` at the end of the sheet.
    pub(super) fn next(&mut self) -> Result<Option<PlacedCell>, FormatError> {
        // Behind the sheet lies the next one.
        while !self.is_at_end {
            if let Some(cell) = self.next_of_multiple() {
                return Ok(Some(cell));
            }
            let Some(found) = self.records.next()? else {
                return if self.depth == 0 { Ok(None) } else { Err(FormatError::damaged("the sheet has no end")) };
            };
            match found {
                kind::BOF => self.depth += 1,
                kind::EOF => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        self.is_at_end = true;
                        return Ok(None);
                    }
                }
                _ if self.depth != 1 => {
                    if self.depth == 0 {
                        return Err(FormatError::damaged("the sheet has no beginning"));
                    }
                }
                kind::DIMENSIONS => self.last_row = Some(self.last_row_of_dimensions()),
                kind::MUL_RK => self.multiple = Some(4),
                _ => {
                    if let Some(cell) = self.cell_of_record(found)? {
                        return Ok(Some(cell));
                    }
                }
            }
        }
        Ok(None)
    }

    fn last_row_of_dimensions(&self) -> u64 {
        let body = self.records.body();
        if self.globals.text_form.is_unicode { u64::from(le_u32(body, 4)) } else { u64::from(le_u16(body, 2)) }
    }

    fn next_of_multiple(&mut self) -> Option<PlacedCell> {
        let at = self.multiple.take()?;
        let body = self.records.body();
        // The last two bytes repeat the last column.
        if at + 6 > body.len().saturating_sub(2) {
            return None;
        }
        let first_column = le_u16(body, 2);
        let index = u16::try_from((at - 4) / 6).unwrap_or_default();
        let (row, format, packed) = (le_u16(body, 0), le_u16(body, at), le_u32(body, at + 2));
        self.multiple = Some(at + 6);
        Some(PlacedCell {
            row,
            column: first_column.saturating_add(index),
            cell: self.number(unpack_number(packed), format),
        })
    }

    fn cell_of_record(&mut self, found: u16) -> Result<Option<PlacedCell>, FormatError> {
        let body = self.records.body();
        let (row, column, format) = (le_u16(body, 0), le_u16(body, 2), le_u16(body, 4));
        let text_form = self.globals.text_form;
        let cell = match found {
            kind::LABEL_SST => {
                let number = usize::try_from(le_u32(body, 6)).unwrap_or(usize::MAX);
                let text = self.globals.texts.get(number)?;
                Cell::from_text(text.ok_or_else(|| FormatError::damaged("a missing shared text"))?)
            }
            kind::LABEL | kind::RICH_STRING => Cell::from_text(text_form.long_text(body.get(6..).unwrap_or_default())),
            kind::NUMBER => self.number(f64::from_bits(le_u64(body, 6)), format),
            kind::RK => self.number(unpack_number(le_u32(body, 6)), format),
            kind::BOOL_ERR => match (body.get(6), body.get(7)) {
                (Some(value), Some(0)) => Cell::Boolean(*value != 0),
                (Some(code), _) => Cell::Error(error_text(*code).to_owned()),
                _ => Cell::Empty,
            },
            kind::FORMULA => self.formula_result(format)?,
            _ => return Ok(None),
        };
        Ok(Some(PlacedCell { row, column, cell }).filter(|placed| !placed.cell.is_empty()))
    }

    /// The value that a formula had when the file was saved; a text follows in a record of its own.
    fn formula_result(&mut self, format: u16) -> Result<Cell, FormatError> {
        let body = self.records.body();
        let result = body.get(6..14).unwrap_or_default();
        let [tag, _, value, _, _, _, 0xFF, 0xFF] = result else {
            return Ok(self.number(f64::from_bits(le_u64(result, 0)), format));
        };
        Ok(match tag {
            0 => self.following_text()?,
            1 => Cell::Boolean(*value != 0),
            2 => Cell::Error(error_text(*value).to_owned()),
            _ => Cell::Empty,
        })
    }

    fn following_text(&mut self) -> Result<Cell, FormatError> {
        // A shared or array formula may stand between a formula and its text.
        for _ in 0..3 {
            match self.records.peek()? {
                Some(kind::STRING) => {
                    self.records.next()?;
                    let text = self.globals.text_form.long_text(self.records.body());
                    return Ok(Cell::from_text(text));
                }
                Some(0x0221 | 0x0236 | 0x04BC | kind::CONTINUE) => {
                    self.records.next()?;
                }
                _ => break,
            }
        }
        Ok(Cell::Empty)
    }

    fn number(&self, value: f64, format: u16) -> Cell {
        if value.is_finite() {
            serial_to_cell(value, self.globals.date_style(format), self.globals.is_1904)
        } else {
            Cell::Error("#NUM!".to_owned())
        }
    }
}

/// A number in 30 bits: an integer or the upper half of a float, possibly in hundredths.
fn unpack_number(packed: u32) -> f64 {
    let value = if packed & 2 != 0 {
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & !3) << 32)
    };
    if packed & 1 != 0 { value / 100.0 } else { value }
}

fn error_text(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR!",
    }
}

#[cfg(test)]
mod tests {
    use super::unpack_number;

    #[test]
    fn packed_numbers_unpack() {
        let check = |packed: u32, expect: f64| assert!((unpack_number(packed) - expect).abs() < 1e-9);
        check((12_345 << 2) | 2, 12_345.0);
        check((12_345 << 2) | 3, 123.45);
        check(0xFFFF_FFFE, -1.0);
        check(0x3FF0_0000, 1.0);
        check(0x4059_0001, 1.0);
    }
}
