//! The rows of one worksheet, taken from its XML one after another.

use quick_xml::events::{BytesStart, Event};

use super::shared_strings::SharedStrings;
use crate::cell::Cell;
use crate::date::{DateStyle, iso_to_cell, serial_to_cell};
use crate::error::FormatError;
use crate::options::Limits;
use crate::row::{RowBuilder, SourceRow};
use crate::table::RowSource;
use crate::xml::{TextBuffer, XmlReader, attribute};

/// Where the value of a cell comes from (attribute `t`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ValueKind {
    Number,
    SharedString,
    Text,
    Boolean,
    Error,
    IsoDate,
}

/// A stream of the rows of one worksheet.
pub(super) struct SheetRows {
    xml: XmlReader,
    strings: SharedStrings,
    formats: Vec<DateStyle>,
    is_1904: bool,
    limits: Limits,
    buffer: Vec<u8>,
    text: TextBuffer,
    row: RowBuilder,
    last_number: u64,
    last_row_in_dimension: Option<u64>,
    is_at_end: bool,
}

impl SheetRows {
    pub(super) fn new(
        xml: XmlReader,
        strings: SharedStrings,
        formats: Vec<DateStyle>,
        is_1904: bool,
        limits: &Limits,
    ) -> Self {
        Self {
            xml,
            strings,
            formats,
            is_1904,
            limits: limits.clone(),
            buffer: Vec::new(),
            text: TextBuffer::new(limits),
            row: RowBuilder::new(limits),
            last_number: 0,
            last_row_in_dimension: None,
            is_at_end: false,
        }
    }

    /// Reads to the end of a row whose start gave `number`.
    fn read_row(&mut self, number: u64) -> Result<(), FormatError> {
        let mut next_column = 0;
        loop {
            match self.xml.next(&mut self.buffer)? {
                Event::Start(element) if element.local_name().as_ref() == b"c" => {
                    let head = CellHead::of(&element)?;
                    let column = head.column.unwrap_or(next_column);
                    next_column = column.saturating_add(1);
                    let style = head.style.and_then(|style| self.formats.get(style).copied());
                    self.read_value(number)?;
                    let cell = self.take_cell(head.kind, style.unwrap_or(DateStyle::None))?;
                    self.row.set(number, column, cell)?;
                }
                Event::End(element) if element.local_name().as_ref() == b"row" => return Ok(()),
                Event::Eof => return Err(FormatError::damaged("the sheet ends in a row")),
                _ => {}
            }
        }
    }

    /// Gathers the text of the value, up to the end of the cell.
    fn read_value(&mut self, row: u64) -> Result<(), FormatError> {
        self.text.clear();
        let mut is_value = false;
        loop {
            match self.xml.next(&mut self.buffer)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    b"v" | b"t" => is_value = true,
                    b"f" | b"rPh" => self.xml.skip_element(&mut self.buffer)?,
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    b"v" | b"t" => is_value = false,
                    b"c" => return Ok(()),
                    _ => {}
                },
                Event::Eof => return Err(FormatError::damaged("the sheet ends in a cell")),
                event if is_value => {
                    self.text.push_event(&event).map_err(|error| match error {
                        FormatError::TooLarge { what: "text", .. } => {
                            FormatError::CellTooLong { row, limit: self.limits.max_cell_chars as u64 }
                        }
                        other => other,
                    })?;
                }
                _ => {}
            }
        }
    }

    /// The cell for the text that was gathered.
    fn take_cell(&mut self, kind: ValueKind, style: DateStyle) -> Result<Cell, FormatError> {
        let text = self.text.as_str();
        let trimmed = text.trim();
        Ok(match kind {
            ValueKind::Text => Cell::from_text(unescape_control_characters(text)),
            _ if trimmed.is_empty() => Cell::Empty,
            ValueKind::SharedString => {
                let text = match trimmed.parse() {
                    Ok(number) => self.strings.get(number)?,
                    Err(_) => None,
                };
                let text = text.ok_or_else(|| FormatError::damaged("a missing shared string"))?;
                Cell::from_text(unescape_control_characters(&text))
            }
            ValueKind::Boolean => Cell::Boolean(matches!(trimmed, "1" | "true")),
            ValueKind::Error => Cell::Error(trimmed.to_owned()),
            ValueKind::IsoDate => iso_to_cell(trimmed),
            ValueKind::Number => match trimmed.parse::<f64>() {
                Ok(number) if number.is_finite() => serial_to_cell(number, style, self.is_1904),
                _ => Cell::Text(text.to_owned()),
            },
        })
    }
}

impl RowSource for SheetRows {
    fn next_row(&mut self) -> Result<Option<SourceRow>, FormatError> {
        while !self.is_at_end {
            match self.xml.next(&mut self.buffer)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    b"row" => {
                        let given = attribute(&element, "r")?.and_then(|r| r.trim().parse().ok());
                        // Numbers must rise, because an interrupted import continues after the last one it has stored.
                        let next = self.last_number.saturating_add(1);
                        let number = given.map_or(next, |given: u64| given.max(next));
                        self.last_number = number;
                        self.read_row(number)?;
                        if let Some(row) = self.row.finish(number) {
                            return Ok(Some(row));
                        }
                    }
                    b"dimension" => {
                        self.last_row_in_dimension = attribute(&element, "ref")?.and_then(|range| last_row_of(&range));
                    }
                    _ => {}
                },
                Event::End(element) if element.local_name().as_ref() == b"sheetData" => {
                    self.is_at_end = true;
                    self.xml.finish()?;
                }
                Event::Eof => self.is_at_end = true,
                _ => {}
            }
        }
        Ok(None)
    }

    fn estimated_last_row(&self) -> Option<u64> {
        self.last_row_in_dimension
    }
}

/// What the attributes of a cell say.
#[derive(Debug)]
struct CellHead {
    column: Option<usize>,
    kind: ValueKind,
    style: Option<usize>,
}

impl CellHead {
    /// Taken from the bytes in one go, because a sheet has millions of cells; none of these values can need unescaping.
    fn of(cell: &BytesStart<'_>) -> Result<Self, FormatError> {
        let mut head = Self { column: None, kind: ValueKind::Number, style: None };
        for attribute in cell.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| FormatError::damaged(error.to_string()))?;
            let value = attribute.value.as_ref();
            match attribute.key.as_ref() {
                b"r" => head.column = column_of(value),
                b"t" => head.kind = ValueKind::of(value),
                b"s" => head.style = std::str::from_utf8(value).ok().and_then(|style| style.parse().ok()),
                _ => {}
            }
        }
        Ok(head)
    }
}

impl ValueKind {
    fn of(word: &[u8]) -> Self {
        match word {
            b"s" => Self::SharedString,
            b"str" | b"inlineStr" => Self::Text,
            b"b" => Self::Boolean,
            b"e" => Self::Error,
            b"d" => Self::IsoDate,
            _ => Self::Number,
        }
    }
}

/// The column, from 0, of a reference like `BC23`.
fn column_of(reference: &[u8]) -> Option<usize> {
    let letters =
        reference.iter().take_while(|byte| byte.is_ascii_alphabetic()).try_fold(0_usize, |column, letter| {
            let value = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
            column.checked_mul(26)?.checked_add(value)
        })?;
    letters.checked_sub(1)
}

/// The last row of a range like `A1:L100001`. A single cell is what producers write who do not know the size yet.
fn last_row_of(range: &str) -> Option<u64> {
    let (_, last) = range.split_once(':')?;
    last.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '$').parse().ok()
}

/// Undoes `_xHHHH_`, by which OOXML stores characters that XML cannot hold, among them the carriage return.
fn unescape_control_characters(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("_x") {
        let (before, escape) = rest.split_at(start);
        plain.push_str(before);
        let character = escape
            .get(2..6)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .filter(|_| escape.get(6..7) == Some("_"))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .and_then(char::from_u32);
        let taken = match character {
            Some(character) => {
                plain.push(character);
                7
            }
            None => {
                plain.push_str("_x");
                2
            }
        };
        rest = escape.get(taken..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_name_columns() {
        assert_eq!(column_of(b"A1"), Some(0));
        assert_eq!(column_of(b"XFD1048576"), Some(16_383));
        assert_eq!(column_of(b"17"), None);
        assert_eq!(column_of(b"ZZZZZZZZZZZZZZZZZZZZ1"), None);
    }

    #[test]
    fn escaped_characters_come_back() {
        assert_eq!(unescape_control_characters("a_x000D_\nb"), "a\r\nb");
        assert_eq!(unescape_control_characters("_x005F_x000D_"), "_x000D_");
        assert_eq!(unescape_control_characters("_xyz_x00"), "_xyz_x00");
    }
}
