//! Which cell styles of a workbook show a number as a date.
//!
//! A cell names a style, the style a number format, and only the format code tells a date from a number.

use std::collections::HashMap;

use quick_xml::events::Event;

use crate::date::DateStyle;
use crate::error::FormatError;
use crate::number_format::{style_of_builtin, style_of_code};
use crate::xml::{XmlReader, attribute};

/// Styles that Excel itself allows in a workbook, and a margin for other producers.
const MAX_STYLES: usize = 100_000;

/// The date style of every cell style, by its index.
pub(super) fn read_number_formats(xml: Option<XmlReader>) -> Result<Vec<DateStyle>, FormatError> {
    let Some(mut xml) = xml else {
        return Ok(Vec::new());
    };
    let mut custom: HashMap<u32, DateStyle> = HashMap::new();
    let mut styles = Vec::new();
    let mut is_in_cell_styles = false;
    let mut buffer = Vec::new();
    loop {
        match xml.next(&mut buffer)? {
            Event::Start(element) => match element.local_name().as_ref() {
                b"numFmt" => {
                    let id = attribute(&element, "numFmtId")?.and_then(|id| id.parse().ok());
                    let code = attribute(&element, "formatCode")?.unwrap_or_default();
                    if let Some(id) = id {
                        custom.insert(id, style_of_code(&code));
                    }
                }
                b"cellXfs" => is_in_cell_styles = true,
                b"xf" if is_in_cell_styles => {
                    let id = attribute(&element, "numFmtId")?.and_then(|id| id.parse::<u32>().ok()).unwrap_or_default();
                    let known = custom.get(&id).copied();
                    styles.push(known.unwrap_or_else(|| style_of_builtin(id)));
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == b"cellXfs" => {
                is_in_cell_styles = false;
            }
            Event::Eof => return Ok(styles),
            _ => {}
        }
        if styles.len() > MAX_STYLES || custom.len() > MAX_STYLES {
            return Err(FormatError::damaged("more styles than a workbook can have"));
        }
    }
}
