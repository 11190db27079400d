//! OpenDocument spreadsheets (.ods), read as a stream of rows.
//!
//! All sheets lie in one XML part, one behind the other. Repeated rows and cells are stored once with a number that a
//! hostile file sets to billions: empty repetitions are skipped by arithmetic and filled ones are bounded.

mod content;

use std::path::Path;

use quick_xml::events::Event;

use crate::error::FormatError;
use crate::options::{Limits, ReadOptions};
use crate::package::Package;
use crate::table::{RowSource, SheetChoice};
use crate::xml::{XmlReader, attribute};
use content::ContentRows;

const CONTENT_PART: &str = "content.xml";
const MANIFEST_PART: &str = "META-INF/manifest.xml";
/// Sheets that a document may have.
const MAX_SHEETS: usize = 4_096;

/// Opens the asked or the first sheet.
pub(crate) fn open(path: &Path, options: &ReadOptions) -> Result<(Box<dyn RowSource>, SheetChoice), FormatError> {
    let limits = &options.limits;
    let package = Package::open(path, limits)?;
    if is_encrypted(&package, limits)? {
        return Err(FormatError::PasswordProtected);
    }
    let open_content = || {
        XmlReader::open(&package, CONTENT_PART, limits)?
            .ok_or_else(|| FormatError::damaged("the content part is missing"))
    };
    let sheets = read_sheet_names(open_content()?)?;
    let chosen = match &options.sheet {
        Some(name) => sheets
            .iter()
            .position(|sheet| sheet == name)
            .ok_or_else(|| FormatError::SheetNotFound { name: name.clone() })?,
        None => 0,
    };
    let choice = SheetChoice { sheet: sheets.get(chosen).cloned(), sheets };
    if choice.sheet.is_none() {
        return Err(FormatError::Empty);
    }
    let rows = ContentRows::new(open_content()?, chosen, limits);
    Ok((Box::new(rows), choice))
}

fn is_encrypted(package: &Package, limits: &Limits) -> Result<bool, FormatError> {
    if package.contains("encrypted-package") {
        return Ok(true);
    }
    let Some(mut xml) = XmlReader::open(package, MANIFEST_PART, limits)? else {
        return Ok(false);
    };
    let mut buffer = Vec::new();
    loop {
        match xml.next(&mut buffer)? {
            Event::Start(element) if element.local_name().as_ref() == b"encryption-data" => {
                return Ok(true);
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

/// The names are spread over the whole part, so this reads through it once.
fn read_sheet_names(mut xml: XmlReader) -> Result<Vec<String>, FormatError> {
    let mut names = Vec::new();
    let mut tables = 0_usize;
    let mut buffer = Vec::new();
    loop {
        match xml.next(&mut buffer)? {
            Event::Start(element) if element.local_name().as_ref() == b"table" => {
                // A table inside a cell is part of that cell.
                if tables == 0 {
                    names.push(attribute(&element, "name")?.unwrap_or_default());
                }
                tables += 1;
                if names.len() > MAX_SHEETS {
                    return Err(FormatError::TooLarge { what: "sheets", limit: MAX_SHEETS as u64 });
                }
            }
            Event::End(element) if element.local_name().as_ref() == b"table" => tables -= 1,
            Event::Eof => return Ok(names),
            _ => {}
        }
    }
}
