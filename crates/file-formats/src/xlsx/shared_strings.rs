//! The table of texts that the cells of a workbook refer to by number.
//!
//! It is read no further than the sheet asks for, because producers number texts in the order of first use.

use quick_xml::events::Event;

use crate::error::FormatError;
use crate::options::Limits;
use crate::text_table::TextTable;
use crate::xml::{TextBuffer, XmlReader};

/// Texts by number.
pub(super) struct SharedStrings {
    /// What has not been read yet; `None` at the end.
    source: Option<XmlReader>,
    buffer: Vec<u8>,
    text: TextBuffer,
    table: TextTable,
}

impl SharedStrings {
    pub(super) fn new(source: Option<XmlReader>, limits: &Limits) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            text: TextBuffer::new(limits),
            table: TextTable::new(limits.max_shared_strings_bytes),
        }
    }

    /// The text of this number, `None` if the table has fewer.
    pub(super) fn get(&mut self, number: usize) -> Result<Option<String>, FormatError> {
        while self.table.len() <= number {
            if !self.read_one()? {
                return Ok(None);
            }
        }
        self.table.get(number)
    }

    /// Reads one `si` element; `false` at the end of the table.
    fn read_one(&mut self) -> Result<bool, FormatError> {
        let Some(source) = &mut self.source else {
            return Ok(false);
        };
        self.text.clear();
        let mut is_text = false;
        loop {
            match source.next(&mut self.buffer)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    b"t" => is_text = true,
                    // The phonetic reading of East Asian texts repeats the text in another script.
                    b"rPh" => source.skip_element(&mut self.buffer)?,
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    b"t" => is_text = false,
                    b"si" => break,
                    _ => {}
                },
                Event::Eof => {
                    self.source = None;
                    return Ok(false);
                }
                event if is_text => self.text.push_event(&event)?,
                _ => {}
            }
        }
        self.table.push(self.text.as_str())?;
        Ok(true)
    }
}
