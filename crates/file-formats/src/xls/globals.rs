//! What holds for the whole workbook: sheets, texts, number formats, the date system.

use std::collections::HashMap;

use super::records::{Records, kind};
use super::strings::{TextForm, encoding_of_code_page, read_shared_texts};
use crate::date::DateStyle;
use crate::error::FormatError;
use crate::number_format::{style_of_builtin, style_of_code};
use crate::options::Limits;
use crate::package::{le_u16, le_u32};
use crate::text_table::TextTable;

const VERSION_BIFF8: u16 = 0x0600;
const VERSION_BIFF5: u16 = 0x0500;
/// Cell formats and sheets that a workbook may have.
const MAX_ENTRIES: usize = 100_000;

#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// Where its records begin.
    pub(super) offset: u64,
    pub(super) is_hidden: bool,
}

pub(super) struct Globals {
    pub(super) sheets: Vec<Sheet>,
    pub(super) texts: TextTable,
    pub(super) text_form: TextForm,
    pub(super) is_1904: bool,
    styles: Vec<u16>,
    formats: HashMap<u16, DateStyle>,
}

impl Globals {
    /// Reads the records before the first sheet.
    pub(super) fn read(records: &mut Records, limits: &Limits) -> Result<Self, FormatError> {
        if records.next()? != Some(kind::BOF) {
            return Err(FormatError::damaged("the workbook has no beginning"));
        }
        let version = le_u16(records.body(), 0);
        if !matches!(version, VERSION_BIFF8 | VERSION_BIFF5) {
            return Err(FormatError::UnsupportedVersion { found: format!("BIFF {version:#06x}") });
        }
        let mut globals = Self {
            sheets: Vec::new(),
            texts: TextTable::new(limits.max_shared_strings_bytes),
            text_form: TextForm { is_unicode: version == VERSION_BIFF8, encoding: encoding_of_code_page(1252) },
            is_1904: false,
            styles: Vec::new(),
            formats: HashMap::new(),
        };
        while let Some(found) = records.next()? {
            match found {
                kind::EOF => return Ok(globals),
                kind::FILE_PASS => return Err(FormatError::PasswordProtected),
                kind::SST => {
                    let texts = &mut globals.texts;
                    read_shared_texts(records, |text| texts.push(text))?;
                }
                _ => globals.take(found, records.body()),
            }
            if globals.styles.len() + globals.sheets.len() + globals.formats.len() > MAX_ENTRIES {
                return Err(FormatError::damaged("more formats or sheets than a workbook can have"));
            }
        }
        Err(FormatError::damaged("the workbook ends before its sheets"))
    }

    fn take(&mut self, found: u16, body: &[u8]) {
        match found {
            kind::CODE_PAGE => self.text_form.encoding = encoding_of_code_page(le_u16(body, 0)),
            kind::DATE_MODE => self.is_1904 = le_u16(body, 0) == 1,
            kind::FORMAT => {
                let text = body.get(2..).unwrap_or_default();
                let code = if self.text_form.is_unicode {
                    self.text_form.long_text(text)
                } else {
                    self.text_form.short_text(text)
                };
                self.formats.insert(le_u16(body, 0), style_of_code(&code));
            }
            kind::XF => self.styles.push(le_u16(body, 2)),
            // Only worksheets (type 0) have rows; charts and macro sheets stand in the list too.
            kind::BOUND_SHEET if body.get(5) == Some(&0) => self.sheets.push(Sheet {
                name: self.text_form.short_text(body.get(6..).unwrap_or_default()),
                offset: u64::from(le_u32(body, 0)),
                is_hidden: body.get(4).is_some_and(|state| state & 0x03 != 0),
            }),
            _ => {}
        }
    }

    /// What a cell format shows of a number.
    pub(super) fn date_style(&self, cell_format: u16) -> DateStyle {
        let format = self.styles.get(usize::from(cell_format)).copied().unwrap_or_default();
        let known = self.formats.get(&format).copied();
        known.unwrap_or_else(|| style_of_builtin(u32::from(format)))
    }
}
