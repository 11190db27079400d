//! XLSX through `rust_xlsxwriter` in its constant-memory mode; what is not finished yet lies in temporary files beside the
//! target, so that only one disk can be full.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{OutCell, RowWriter};
use crate::date::{parse_clock, parse_date};
use crate::error::FormatError;

/// Rows of one sheet, the header included.
const MAX_SHEET_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: usize = 16_384;
/// Characters that Excel keeps in a cell, counted as UTF-16.
const MAX_CELL_CHARS: usize = 32_767;
const MAX_NAME_CHARS: usize = 31;
/// The largest magnitude up to which a spreadsheet stores every integer exactly (15 digits).
const EXACT_INTEGER: u64 = 999_999_999_999_999;

pub(super) struct WorkbookWriter {
    workbook: Workbook,
    path: PathBuf,
    sheet_name: String,
    headers: Vec<OutCell>,
    formats: Formats,
    sheet: usize,
    next_row: u32,
    /// Rows written before the current sheet.
    rows_before: u64,
    max_sheet_rows: u32,
}

struct Formats {
    header: Format,
    date: Format,
    date_time: Format,
}

impl WorkbookWriter {
    pub(super) fn create(path: &Path, sheet_name: &str, headers: &[String]) -> Result<Self, FormatError> {
        let mut workbook = Workbook::new();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        workbook.set_tempdir(folder.unwrap_or(Path::new("."))).map_err(to_error)?;
        let mut writer = Self {
            workbook,
            path: path.to_owned(),
            sheet_name: clean_sheet_name(sheet_name),
            headers: headers.iter().cloned().map(OutCell::Text).collect(),
            formats: Formats {
                header: Format::new().set_bold(),
                date: Format::new().set_num_format("yyyy-mm-dd"),
                date_time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            },
            sheet: 0,
            next_row: 0,
            rows_before: 0,
            max_sheet_rows: MAX_SHEET_ROWS,
        };
        writer.add_sheet(1)?;
        Ok(writer)
    }

    fn add_sheet(&mut self, ordinal: usize) -> Result<(), FormatError> {
        let name = if ordinal == 1 {
            self.sheet_name.clone()
        } else {
            let suffix = format!(" {ordinal}");
            let room = MAX_NAME_CHARS - suffix.len();
            let head: String = self.sheet_name.chars().take(room).collect();
            format!("{head}{suffix}")
        };
        let sheet = self.workbook.add_worksheet_with_constant_memory().map_err(to_error)?;
        sheet.set_name(name).map_err(to_error)?;
        sheet.set_freeze_panes(1, 0).map_err(to_error)?;
        for (column, cell) in self.headers.iter().enumerate() {
            write_cell(sheet, &self.formats, 0, column, cell, 1, true)?;
        }
        self.sheet = ordinal - 1;
        self.next_row = 1;
        Ok(())
    }
}

impl RowWriter for WorkbookWriter {
    fn write_row(&mut self, cells: &[OutCell]) -> Result<(), FormatError> {
        if self.next_row == self.max_sheet_rows {
            self.rows_before += u64::from(self.next_row);
            self.add_sheet(self.sheet + 2)?;
        }
        let number = self.rows_before + u64::from(self.next_row) + 1;
        let sheet = self.workbook.worksheet_from_index(self.sheet).map_err(to_error)?;
        for (column, cell) in cells.iter().enumerate() {
            write_cell(sheet, &self.formats, self.next_row, column, cell, number, false)?;
        }
        self.next_row += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), FormatError> {
        self.workbook.save(&self.path).map_err(to_error)
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    column: usize,
    cell: &OutCell,
    number: u64,
    is_header: bool,
) -> Result<(), FormatError> {
    let too_many = || FormatError::TooManyColumns { found: column as u64 + 1, limit: MAX_COLUMNS as u64 };
    if column >= MAX_COLUMNS {
        return Err(too_many());
    }
    let column = u16::try_from(column).map_err(|_| too_many())?;
    match cell {
        OutCell::Empty => Ok(sheet),
        OutCell::Text(text) if text.is_empty() => Ok(sheet),
        OutCell::Text(text) if text.encode_utf16().count() > MAX_CELL_CHARS => {
            return Err(FormatError::CellTooLong { row: number, limit: MAX_CELL_CHARS as u64 });
        }
        OutCell::Text(text) if is_header => sheet.write_string_with_format(row, column, text, &formats.header),
        OutCell::Text(text) => sheet.write_string(row, column, text),
        OutCell::Integer(value) if value.unsigned_abs() > EXACT_INTEGER => {
            sheet.write_string(row, column, value.to_string())
        }
        #[expect(clippy::cast_precision_loss, reason = "the arm above takes what would lose digits")]
        OutCell::Integer(value) => sheet.write_number(row, column, *value as f64),
        OutCell::Number(value) if value.is_finite() => sheet.write_number(row, column, *value),
        OutCell::Number(_) => Ok(sheet),
        OutCell::Date(text) => match excel_date(text, None) {
            Some(date) => sheet.write_datetime_with_format(row, column, &date, &formats.date),
            None => sheet.write_string(row, column, text),
        },
        OutCell::DateTime(text) => {
            let parsed = text.split_once('T').and_then(|(date, clock)| excel_date(date, Some(clock)));
            match parsed {
                Some(moment) => sheet.write_datetime_with_format(row, column, &moment, &formats.date_time),
                None => sheet.write_string(row, column, text),
            }
        }
        OutCell::Boolean(value) => sheet.write_boolean(row, column, *value),
    }
    .map(|_| ())
    .map_err(to_error)
}

/// A date that Excel can hold: from 1900 on. Seconds must be whole, because the format shows no more.
fn excel_date(date: &str, clock: Option<&str>) -> Option<ExcelDateTime> {
    let (year, month, day) = parse_date(date)?;
    let date = ExcelDateTime::from_ymd(year, month, day).ok()?;
    match clock {
        None => Some(date),
        Some(clock) if clock.len() == 8 => {
            let (hour, minute, second) = parse_clock(clock)?;
            date.and_hms(u16::from(hour), minute, f64::from(second)).ok()
        }
        Some(_) => None,
    }
}

/// A sheet may not be called everything.
fn clean_sheet_name(name: &str) -> String {
    let clean: String =
        name.chars().filter(|c| !c.is_control() && !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\')).collect();
    let clean: String = clean.trim().trim_matches('\'').chars().take(MAX_NAME_CHARS).collect();
    if clean.is_empty() { "1".to_owned() } else { clean }
}

fn to_error(error: XlsxError) -> FormatError {
    match error {
        XlsxError::IoError(error) => FormatError::Io(error),
        other => FormatError::Io(std::io::Error::other(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::{ReadOptions, inspect};

    #[test]
    fn a_full_sheet_is_followed_by_another() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut writer = WorkbookWriter::create(file.path(), "Клиенты", &["Имя".to_owned()]).unwrap();
        writer.max_sheet_rows = 3;
        for name in ["a", "b", "c"] {
            writer.write_row(&[OutCell::Text(name.to_owned())]).unwrap();
        }
        Box::new(writer).finish().unwrap();
        let second = ReadOptions { sheet: Some("Клиенты 2".to_owned()), ..ReadOptions::default() };
        let found = inspect(file.path(), &second).unwrap();
        assert_eq!(found.sheets, ["Клиенты", "Клиенты 2"]);
        assert_eq!((found.headers, found.sample.len()), (vec!["Имя".to_owned()], 1));
    }

    #[test]
    fn sheet_names_are_made_valid() {
        assert_eq!(clean_sheet_name("a/b:[c]*?'"), "abc");
        assert_eq!(clean_sheet_name(" '' "), "1");
        assert_eq!(clean_sheet_name(&"я".repeat(40)).chars().count(), 31);
    }
}
