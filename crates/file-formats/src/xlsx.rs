//! Excel workbooks of the Office Open XML kind (.xlsx, .xlsm), read as a stream of rows.
//!
//! Neither the sheet nor the table of shared strings is ever held as a whole: memory does not grow with the file. Formulas
//! give the value that was computed when the file was saved; a merged range has its value in the first cell only. Macros,
//! comments, drawings and external links are not looked at.

mod number_formats;
mod shared_strings;
mod sheet;

use std::path::Path;

use quick_xml::events::Event;

use crate::error::FormatError;
use crate::options::{Limits, ReadOptions};
use crate::package::Package;
use crate::table::{RowSource, SheetChoice};
use crate::xml::{XmlReader, attribute};
use number_formats::read_number_formats;
use shared_strings::SharedStrings;
use sheet::SheetRows;

/// Sheets that a workbook may have.
const MAX_SHEETS: usize = 4_096;
const DEFAULT_WORKBOOK: &str = "xl/workbook.xml";

#[derive(Debug)]
struct Relationship {
    id: String,
    /// The last word of the type address: `worksheet`, `sharedStrings`, `styles`, ….
    kind: String,
    /// The part, as a path from the root of the package.
    target: String,
}

#[derive(Debug)]
struct SheetEntry {
    name: String,
    relationship_id: String,
    is_hidden: bool,
}

#[derive(Debug, Default)]
struct Workbook {
    sheets: Vec<SheetEntry>,
    is_1904: bool,
}

/// Opens the asked or the first visible sheet.
pub(crate) fn open(path: &Path, options: &ReadOptions) -> Result<(Box<dyn RowSource>, SheetChoice), FormatError> {
    let limits = &options.limits;
    let package = Package::open(path, limits)?;
    let root = read_relationships(&package, "_rels/.rels", "", limits)?;
    let workbook_part = root
        .into_iter()
        .find(|relationship| relationship.kind == "officeDocument")
        .map_or_else(|| DEFAULT_WORKBOOK.to_owned(), |found| found.target);
    let (folder, file) = workbook_part.rsplit_once('/').unwrap_or(("", &workbook_part));
    let relationships =
        read_relationships(&package, &join_path(folder, &format!("_rels/{file}.rels")), folder, limits)?;
    let mut workbook = read_workbook(&package, &workbook_part, limits)?;
    // Chart and dialog sheets stand in the list of sheets but hold no rows.
    let target_of = |id: &str| {
        relationships
            .iter()
            .find(|relationship| relationship.id == id && relationship.kind == "worksheet")
            .map(|relationship| relationship.target.as_str())
    };
    workbook.sheets.retain(|sheet| target_of(&sheet.relationship_id).is_some());

    let chosen = match &options.sheet {
        Some(name) => workbook
            .sheets
            .iter()
            .find(|sheet| &sheet.name == name)
            .ok_or_else(|| FormatError::SheetNotFound { name: name.clone() })?,
        None => workbook
            .sheets
            .iter()
            .find(|sheet| !sheet.is_hidden)
            .or_else(|| workbook.sheets.first())
            .ok_or(FormatError::Empty)?,
    };
    let part = target_of(&chosen.relationship_id).unwrap_or_default();
    let rows = XmlReader::open(&package, part, limits)?
        .ok_or_else(|| FormatError::damaged(format!("the part {part} is missing")))?;

    let part_of_kind = |kind: &str| {
        relationships
            .iter()
            .find(|relationship| relationship.kind == kind)
            .map(|relationship| relationship.target.as_str())
    };
    let strings = match part_of_kind("sharedStrings") {
        Some(part) => XmlReader::open(&package, part, limits)?,
        None => None,
    };
    let formats = match part_of_kind("styles") {
        Some(part) => read_number_formats(XmlReader::open(&package, part, limits)?)?,
        None => Vec::new(),
    };
    let choice = SheetChoice {
        sheet: Some(chosen.name.clone()),
        sheets: workbook.sheets.iter().map(|sheet| sheet.name.clone()).collect(),
    };
    let strings = SharedStrings::new(strings, limits);
    let source = SheetRows::new(rows, strings, formats, workbook.is_1904, limits);
    Ok((Box::new(source), choice))
}

/// Reads a relationships part; an absent one is an empty list. Targets are relative to `folder`.
fn read_relationships(
    package: &Package,
    part: &str,
    folder: &str,
    limits: &Limits,
) -> Result<Vec<Relationship>, FormatError> {
    let mut relationships = Vec::new();
    let Some(mut xml) = XmlReader::open(package, part, limits)? else {
        return Ok(relationships);
    };
    let mut buffer = Vec::new();
    loop {
        match xml.next(&mut buffer)? {
            Event::Start(element) if element.local_name().as_ref() == b"Relationship" => {
                let kind = attribute(&element, "Type")?.unwrap_or_default();
                let target = attribute(&element, "Target")?.unwrap_or_default();
                relationships.push(Relationship {
                    id: attribute(&element, "Id")?.unwrap_or_default(),
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    target: join_path(folder, &target),
                });
                if relationships.len() > MAX_SHEETS * 2 {
                    return Err(too_many_sheets());
                }
            }
            Event::Eof => return Ok(relationships),
            _ => {}
        }
    }
}

fn read_workbook(package: &Package, part: &str, limits: &Limits) -> Result<Workbook, FormatError> {
    let mut xml =
        XmlReader::open(package, part, limits)?.ok_or_else(|| FormatError::damaged("the workbook part is missing"))?;
    let mut workbook = Workbook::default();
    let mut buffer = Vec::new();
    loop {
        match xml.next(&mut buffer)? {
            Event::Start(element) => match element.local_name().as_ref() {
                b"sheet" => {
                    let state = attribute(&element, "state")?.unwrap_or_default();
                    workbook.sheets.push(SheetEntry {
                        name: attribute(&element, "name")?.unwrap_or_default(),
                        relationship_id: attribute(&element, "id")?.unwrap_or_default(),
                        is_hidden: state == "hidden" || state == "veryHidden",
                    });
                    if workbook.sheets.len() > MAX_SHEETS {
                        return Err(too_many_sheets());
                    }
                }
                b"workbookPr" => {
                    workbook.is_1904 = matches!(attribute(&element, "date1904")?.as_deref(), Some("1" | "true"));
                }
                _ => {}
            },
            Event::Eof => return Ok(workbook),
            _ => {}
        }
    }
}

fn too_many_sheets() -> FormatError {
    FormatError::TooLarge { what: "sheets", limit: MAX_SHEETS as u64 }
}

/// A target of a relationship as a path from the root: absolute ones begin with a slash, others start in `folder`.
fn join_path(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::join_path;

    #[test]
    fn targets_resolve_from_their_folder() {
        assert_eq!(join_path("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(join_path("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(join_path("xl/a", "../b.xml"), "xl/b.xml");
        assert_eq!(join_path("", "../../etc/passwd"), "etc/passwd");
    }
}
