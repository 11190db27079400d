//! The texts of a workbook: 8-bit in a code page before Excel 97, afterwards UTF-16, stored in one byte a character where
//! that is enough, and cut anywhere by the records that continue a long one.

use encoding_rs::{Encoding, UTF_16LE, WINDOWS_1252};

use super::records::{Records, kind};
use crate::error::FormatError;
use crate::package::{le_u16, le_u32};

const IS_WIDE: u8 = 0x01;
const HAS_EXTENSION: u8 = 0x04;
const HAS_RUNS: u8 = 0x08;

/// The encoding of a Windows or DOS code page.
pub(super) fn encoding_of_code_page(page: u16) -> &'static Encoding {
    let label = match page {
        1200 => return UTF_16LE,
        866 => "ibm866".to_owned(),
        874 => "windows-874".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10007 => "x-mac-cyrillic".to_owned(),
        page => format!("windows-{page}"),
    };
    Encoding::for_label_no_replacement(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

/// How the texts of one workbook are stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextForm {
    /// Excel 97 and later.
    pub(super) is_unicode: bool,
    /// The code page of earlier versions.
    pub(super) encoding: &'static Encoding,
}

impl TextForm {
    /// A text with a length of one byte (sheet names, formats of Excel 5).
    pub(super) fn short_text(self, bytes: &[u8]) -> String {
        let length = usize::from(bytes.first().copied().unwrap_or_default());
        self.text_of(length, bytes.get(1..).unwrap_or_default())
    }

    /// A text with a length of two bytes.
    pub(super) fn long_text(self, bytes: &[u8]) -> String {
        self.text_of(usize::from(le_u16(bytes, 0)), bytes.get(2..).unwrap_or_default())
    }

    fn text_of(self, length: usize, bytes: &[u8]) -> String {
        if !self.is_unicode {
            let bytes = bytes.get(..length).unwrap_or(bytes);
            return self.encoding.decode_without_bom_handling(bytes).0.into_owned();
        }
        let Some((flags, characters)) = bytes.split_first() else {
            return String::new();
        };
        let mut units = Vec::new();
        push_units(&mut units, characters, length, *flags & IS_WIDE != 0);
        String::from_utf16_lossy(&units)
    }
}

/// Adds up to `count` units of UTF-16 and returns the number that the bytes held. They become text only when all are there,
/// because a record may end between the two halves of a character.
fn push_units(units: &mut Vec<u16>, bytes: &[u8], count: usize, is_wide: bool) -> usize {
    let before = units.len();
    if is_wide {
        units.extend(bytes.chunks_exact(2).take(count).map(|unit| le_u16(unit, 0)));
    } else {
        units.extend(bytes.iter().take(count).map(|byte| u16::from(*byte)));
    }
    units.len() - before
}

/// Reads the table of shared texts from the record that was read last and those that continue it.
pub(super) fn read_shared_texts(
    records: &mut Records,
    mut store: impl FnMut(&str) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let count = le_u32(records.body(), 4);
    let mut cursor = Cursor { records, at: 8 };
    for _ in 0..count {
        // A table that is shorter than announced is met in files of careless programs; what is there is used.
        let Some(text) = cursor.shared_text()? else {
            return Ok(());
        };
        store(&text)?;
    }
    Ok(())
}

/// A place in a record that may go on in the next.
struct Cursor<'records> {
    records: &'records mut Records,
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &[u8] {
        self.records.body().get(self.at..).unwrap_or_default()
    }

    /// Moves to the record that continues this one; `false` if there is none.
    fn go_on(&mut self) -> Result<bool, FormatError> {
        if self.records.peek()? != Some(kind::CONTINUE) {
            return Ok(false);
        }
        self.records.next()?;
        self.at = 0;
        Ok(true)
    }

    fn byte(&mut self) -> Result<Option<u8>, FormatError> {
        while self.rest().is_empty() {
            if !self.go_on()? {
                return Ok(None);
            }
        }
        let byte = self.rest().first().copied();
        self.at += 1;
        Ok(byte)
    }

    fn number(&mut self, bytes: usize) -> Result<Option<usize>, FormatError> {
        let mut number = 0;
        for shift in 0..bytes {
            match self.byte()? {
                Some(byte) => number |= usize::from(byte) << (8 * shift),
                None => return Ok(None),
            }
        }
        Ok(Some(number))
    }

    fn skip(&mut self, mut bytes: usize) -> Result<(), FormatError> {
        while bytes > 0 {
            let here = self.rest().len().min(bytes);
            self.at += here;
            bytes -= here;
            if bytes > 0 && !self.go_on()? {
                return Ok(());
            }
        }
        Ok(())
    }

    fn shared_text(&mut self) -> Result<Option<String>, FormatError> {
        let (Some(mut left), Some(mut flags)) = (self.number(2)?, self.byte()?) else {
            return Ok(None);
        };
        let runs = if flags & HAS_RUNS != 0 { self.number(2)?.unwrap_or_default() } else { 0 };
        let extension = if flags & HAS_EXTENSION != 0 { self.number(4)?.unwrap_or_default() } else { 0 };
        let mut units = Vec::new();
        while left > 0 {
            if self.rest().is_empty() {
                if !self.go_on()? {
                    break;
                }
                // The width of the characters is stated anew in every record.
                flags = self.byte()?.unwrap_or_default();
            }
            let is_wide = flags & IS_WIDE != 0;
            let taken = push_units(&mut units, self.rest(), left, is_wide);
            if taken == 0 {
                // Half a unit at the end of a record.
                self.at += self.rest().len();
            }
            self.at += if is_wide { taken * 2 } else { taken };
            left -= taken;
        }
        self.skip(runs * 4 + extension)?;
        Ok(Some(String::from_utf16_lossy(&units)))
    }
}
