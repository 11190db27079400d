//! Excel 97–2003 workbooks (.xls, BIFF8) and those of Excel 5 and 95 (BIFF5), read as a stream of rows.
//!
//! Written against [MS-XLS] and [MS-CFB] rather than taken from a library, because a general reader lays every sheet out as
//! a full rectangle: two cells in opposite corners then cost half a gigabyte. Formulas give their saved value; charts,
//! macros and pivot caches are not looked at.

mod cells;
pub(crate) mod compound;
mod globals;
mod records;
mod rows;
mod strings;

use std::path::Path;

use crate::error::FormatError;
use crate::options::ReadOptions;
use crate::table::{RowSource, SheetChoice};
use cells::CellRecords;
use compound::CompoundFile;
use globals::Globals;
use records::Records;
use rows::XlsRows;

/// Opens the asked or the first visible sheet.
pub(crate) fn open(path: &Path, options: &ReadOptions) -> Result<(Box<dyn RowSource>, SheetChoice), FormatError> {
    let compound = CompoundFile::open(path, &options.limits)?;
    let stream = match compound.stream("Workbook")? {
        Some(stream) => stream,
        None => compound.stream("Book")?.ok_or_else(|| FormatError::damaged("the workbook stream is missing"))?,
    };
    let mut records = Records::new(stream);
    let globals = Globals::read(&mut records, &options.limits)?;
    let chosen = match &options.sheet {
        Some(name) => globals
            .sheets
            .iter()
            .find(|sheet| &sheet.name == name)
            .ok_or_else(|| FormatError::SheetNotFound { name: name.clone() })?,
        None => globals
            .sheets
            .iter()
            .find(|sheet| !sheet.is_hidden)
            .or_else(|| globals.sheets.first())
            .ok_or(FormatError::Empty)?,
    };
    let choice = SheetChoice {
        sheet: Some(chosen.name.clone()),
        sheets: globals.sheets.iter().map(|sheet| sheet.name.clone()).collect(),
    };
    let offset = chosen.offset;
    let cells = CellRecords::new(records, globals, offset);
    Ok((Box::new(XlsRows::new(cells, &options.limits)?), choice))
}
