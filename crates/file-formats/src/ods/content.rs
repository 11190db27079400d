//! The rows of one table of `content.xml`.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use crate::cell::Cell;
use crate::date::iso_to_cell;
use crate::error::FormatError;
use crate::options::Limits;
use crate::row::{RowBuilder, SourceRow};
use crate::table::RowSource;
use crate::xml::{TextBuffer, XmlReader, attribute};

/// The last row that spreadsheet programs have; more can only be announced, not made.
const MAX_ROWS: u64 = 1 << 20;

/// A stream of the rows of one table.
pub(super) struct ContentRows {
    xml: XmlReader,
    buffer: Vec<u8>,
    text: TextBuffer,
    row: RowBuilder,
    limits: Limits,
    /// Tables to pass before the one that is read; `None` once it is reached.
    tables_before: Option<usize>,
    is_at_end: bool,
    last_number: u64,
    /// A filled row that the file repeats, and how often it is still due.
    repeated: Option<(SourceRow, u64)>,
}

impl ContentRows {
    pub(super) fn new(xml: XmlReader, table: usize, limits: &Limits) -> Self {
        Self {
            xml,
            buffer: Vec::new(),
            text: TextBuffer::new(limits),
            row: RowBuilder::new(limits),
            limits: limits.clone(),
            tables_before: Some(table),
            is_at_end: false,
            last_number: 0,
            repeated: None,
        }
    }

    /// Reads to the end of a row whose start has been read.
    fn read_row(&mut self, number: u64) -> Result<(), FormatError> {
        let mut column = 0_usize;
        loop {
            match self.xml.next(&mut self.buffer)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    b"table-cell" | b"covered-table-cell" => {
                        let repeats = repetitions(&element, "number-columns-repeated")?;
                        let value = CellValue::of(&element)?;
                        self.read_text(number)?;
                        let cell = value.to_cell(self.text.as_str());
                        let repeats = usize::try_from(repeats).unwrap_or(usize::MAX);
                        if !cell.is_empty() {
                            // Refused by the row as soon as it passes the last column, so this ends.
                            for offset in 0..repeats {
                                self.row.set(number, column.saturating_add(offset), cell.clone())?;
                            }
                        }
                        column = column.saturating_add(repeats);
                    }
                    _ => self.xml.skip_element(&mut self.buffer)?,
                },
                Event::End(element) if element.local_name().as_ref() == b"table-row" => {
                    return Ok(());
                }
                Event::Eof => return Err(FormatError::damaged("the table ends in a row")),
                _ => {}
            }
        }
    }

    /// Gathers the paragraphs of a cell, joined by line breaks, up to the end of the cell.
    fn read_text(&mut self, row: u64) -> Result<(), FormatError> {
        self.text.clear();
        let mut paragraphs = 0_usize;
        let mut depth = 0_usize;
        // White space in the XML stands for one space, and for none at the start of a paragraph.
        let mut is_after_space = true;
        loop {
            let event = self.xml.next(&mut self.buffer)?;
            let pushed = match event {
                Event::Start(element) => match element.local_name().as_ref() {
                    b"p" => {
                        paragraphs += 1;
                        depth += 1;
                        is_after_space = true;
                        if paragraphs > 1 { self.text.push("\n") } else { Ok(()) }
                    }
                    b"s" => {
                        let count = attribute(&element, "c")?.and_then(|count| count.parse().ok());
                        let count = count.unwrap_or(1_usize);
                        self.xml.skip_element(&mut self.buffer)?;
                        is_after_space = false;
                        self.push_spaces(count)
                    }
                    b"tab" | b"line-break" => {
                        let is_tab = element.local_name().as_ref() == b"tab";
                        self.xml.skip_element(&mut self.buffer)?;
                        is_after_space = false;
                        self.text.push(if is_tab { "\t" } else { "\n" })
                    }
                    b"span" | b"a" if depth > 0 => {
                        depth += 1;
                        Ok(())
                    }
                    // Comments, drawings and nested tables are not the value.
                    _ => {
                        self.xml.skip_element(&mut self.buffer)?;
                        Ok(())
                    }
                },
                Event::End(_) if depth > 0 => {
                    depth -= 1;
                    Ok(())
                }
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(FormatError::damaged("the table ends in a cell")),
                Event::Text(text) if depth > 0 => {
                    let text = text.xml10_content().map_err(|error| FormatError::damaged(error.to_string()))?;
                    collapse_white_space(&text, &mut is_after_space, &mut self.text)
                }
                event if depth > 0 => {
                    is_after_space = false;
                    self.text.push_event(&event)
                }
                _ => Ok(()),
            };
            pushed.map_err(|error| self.name_row(error, row))?;
        }
    }

    fn push_spaces(&mut self, count: usize) -> Result<(), FormatError> {
        if count > self.limits.max_cell_chars {
            return Err(FormatError::TooLarge { what: "text", limit: self.limits.max_cell_chars as u64 });
        }
        self.text.push(&" ".repeat(count))
    }

    fn name_row(&self, error: FormatError, row: u64) -> FormatError {
        match error {
            FormatError::TooLarge { what: "text", .. } => {
                FormatError::CellTooLong { row, limit: self.limits.max_cell_chars as u64 }
            }
            other => other,
        }
    }

    /// Passes the tables before the one that is read.
    fn enter_table(&mut self) -> Result<(), FormatError> {
        while let Some(before) = self.tables_before {
            match self.xml.next(&mut self.buffer)? {
                Event::Start(element) if element.local_name().as_ref() == b"table" => {
                    if before == 0 {
                        self.tables_before = None;
                    } else {
                        self.xml.skip_element(&mut self.buffer)?;
                        self.tables_before = Some(before - 1);
                    }
                }
                Event::Eof => {
                    self.is_at_end = true;
                    self.tables_before = None;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn next_repetition(&mut self) -> Option<SourceRow> {
        let (row, due) = self.repeated.as_mut()?;
        if *due == 0 {
            return None;
        }
        *due -= 1;
        row.number += 1;
        Some(row.clone())
    }
}

impl RowSource for ContentRows {
    fn next_row(&mut self) -> Result<Option<SourceRow>, FormatError> {
        if let Some(row) = self.next_repetition() {
            return Ok(Some(row));
        }
        self.enter_table()?;
        while !self.is_at_end {
            match self.xml.next(&mut self.buffer)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    b"table-row" => {
                        let repeats = repetitions(&element, "number-rows-repeated")?;
                        let number = self.last_number.saturating_add(1);
                        self.last_number = self.last_number.saturating_add(repeats);
                        self.read_row(number)?;
                        if let Some(row) = self.row.finish(number) {
                            if self.last_number > MAX_ROWS {
                                return Err(FormatError::TooLarge { what: "rows", limit: MAX_ROWS });
                            }
                            self.repeated = (repeats > 1).then(|| (row.clone(), repeats - 1));
                            return Ok(Some(row));
                        }
                    }
                    b"table-row-group" | b"table-header-rows" | b"table-rows" => {}
                    _ => self.xml.skip_element(&mut self.buffer)?,
                },
                Event::End(element) if element.local_name().as_ref() == b"table" => self.is_at_end = true,
                Event::Eof => self.is_at_end = true,
                _ => {}
            }
        }
        Ok(None)
    }

    fn estimated_last_row(&self) -> Option<u64> {
        None
    }
}

/// How often a row or cell stands for itself; at least once.
fn repetitions(element: &BytesStart<'_>, name: &str) -> Result<u64, FormatError> {
    let count = attribute(element, name)?.and_then(|count| count.trim().parse().ok());
    Ok(count.unwrap_or(1).max(1))
}

/// The value that stands in the attributes of a cell; texts stand in its paragraphs.
#[derive(Debug)]
struct CellValue {
    kind: String,
    value: Option<String>,
    is_error: bool,
}

impl CellValue {
    fn of(element: &BytesStart<'_>) -> Result<Self, FormatError> {
        let (mut kind, mut value, mut is_error) = (String::new(), None, false);
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| FormatError::damaged(error.to_string()))?;
            let text = attribute.normalized_value(XmlVersion::Implicit1_0)?;
            match attribute.key.as_ref() {
                b"office:value-type" => kind = text.into_owned(),
                b"calcext:value-type" => is_error = text == "error",
                b"office:value"
                | b"office:date-value"
                | b"office:time-value"
                | b"office:boolean-value"
                | b"office:string-value" => value = Some(text.into_owned()),
                _ => {}
            }
        }
        Ok(Self { kind, value, is_error })
    }

    fn to_cell(&self, text: &str) -> Cell {
        if self.is_error {
            return Cell::Error(text.to_owned());
        }
        let value = self.value.as_deref();
        match (self.kind.as_str(), value) {
            ("float" | "currency" | "percentage", Some(value)) => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => Cell::Number(number),
                _ => Cell::from_text(text.to_owned()),
            },
            ("date", Some(value)) => iso_to_cell(value),
            ("time", Some(value)) => Cell::from_text(duration_text(value).unwrap_or_else(|| text.to_owned())),
            ("boolean", Some(value)) => Cell::Boolean(value == "true"),
            ("string", Some(value)) => Cell::from_text(value.to_owned()),
            _ => Cell::from_text(text.to_owned()),
        }
    }
}

/// `HH:MM:SS` of an ISO 8601 duration of hours, minutes and seconds: `PT12H30M00S`.
fn duration_text(value: &str) -> Option<String> {
    let rest = value.strip_prefix("PT")?;
    let (hours, rest) = rest.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?.split(['.', ',']).next()?;
    let number = |text: &str| text.parse::<u32>().ok();
    Some(format!("{:02}:{:02}:{:02}", number(hours)?, number(minutes)?, number(seconds)?))
}

fn collapse_white_space(text: &str, is_after_space: &mut bool, target: &mut TextBuffer) -> Result<(), FormatError> {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, ' ' | '\t' | '\n' | '\r') {
            if !*is_after_space {
                plain.push(' ');
            }
            *is_after_space = true;
        } else {
            plain.push(character);
            *is_after_space = false;
        }
    }
    target.push(&plain)
}
