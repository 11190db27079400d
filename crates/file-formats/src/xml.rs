//! XML of an untrusted package, event by event: bounded in the size of an event and in depth, without document types, so
//! that there is neither an external nor an expanding entity.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::error::FormatError;
use crate::options::Limits;
use crate::package::{Package, PartReader};

/// Elements inside one another; real documents stay below 30.
const MAX_DEPTH: usize = 256;

/// Bytes that one event may have: the longest cell with every character escaped, and room for a tag.
fn max_event_bytes(limits: &Limits) -> usize {
    limits.max_cell_chars.saturating_mul(4).saturating_add(64 << 10)
}

/// Reads the events of one part.
pub(crate) struct XmlReader {
    reader: Reader<PartReader>,
    depth: usize,
}

impl XmlReader {
    /// The XML of a part of the package, `None` if there is no such part.
    pub(crate) fn open(package: &Package, part: &str, limits: &Limits) -> Result<Option<Self>, FormatError> {
        Ok(package.part(part, max_event_bytes(limits))?.map(|content| {
            let mut reader = Reader::from_reader(content);
            reader.config_mut().expand_empty_elements = true;
            Self { reader, depth: 0 }
        }))
    }

    /// The next event. An empty element arrives as a start and an end.
    pub(crate) fn next<'buffer>(&mut self, buffer: &'buffer mut Vec<u8>) -> Result<Event<'buffer>, FormatError> {
        buffer.clear();
        self.reader.get_mut().start_piece();
        let event = self.reader.read_event_into(buffer)?;
        match event {
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(FormatError::damaged("elements are nested too deeply"));
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => {
                return Err(FormatError::damaged("a document type is not allowed"));
            }
            Event::Eof if self.depth > 0 => {
                return Err(FormatError::damaged("the XML ends in the middle"));
            }
            _ => {}
        }
        Ok(event)
    }

    /// Passes everything that is left; fails if the part as a whole is not what the package says it is.
    pub(crate) fn finish(&mut self) -> Result<(), FormatError> {
        Ok(self.reader.get_mut().drain()?)
    }

    /// Reads past the end of the element whose start was just returned.
    pub(crate) fn skip_element(&mut self, buffer: &mut Vec<u8>) -> Result<(), FormatError> {
        let outer = self.depth.saturating_sub(1);
        while self.depth > outer {
            if matches!(self.next(buffer)?, Event::Eof) {
                break;
            }
        }
        Ok(())
    }
}

/// The value of an attribute by its local name, entities resolved; `None` if absent.
pub(crate) fn attribute(element: &BytesStart<'_>, local_name: &str) -> Result<Option<String>, FormatError> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| FormatError::damaged(error.to_string()))?;
        if attribute.key.local_name().as_ref() == local_name.as_bytes() {
            return Ok(Some(attribute.normalized_value(XmlVersion::Implicit1_0)?.into_owned()));
        }
    }
    Ok(None)
}

/// Text gathered from the events inside one element, bounded in characters.
#[derive(Debug, Default)]
pub(crate) struct TextBuffer {
    text: String,
    max_bytes: usize,
}

impl TextBuffer {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            text: String::new(),
            // Four bytes are the longest character; the exact count is taken once, when the cell is complete.
            max_bytes: limits.max_cell_chars.saturating_mul(4),
        }
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn push(&mut self, text: &str) -> Result<(), FormatError> {
        if self.text.len().saturating_add(text.len()) > self.max_bytes {
            return Err(FormatError::TooLarge { what: "text", limit: self.max_bytes as u64 });
        }
        self.text.push_str(text);
        Ok(())
    }

    /// Adds what a text, CDATA or reference event stands for; other events add nothing.
    pub(crate) fn push_event(&mut self, event: &Event<'_>) -> Result<(), FormatError> {
        let encoding = |error: quick_xml::encoding::EncodingError| FormatError::damaged(error.to_string());
        match event {
            Event::Text(text) => self.push(&text.xml10_content().map_err(encoding)?),
            Event::CData(text) => self.push(&text.xml10_content().map_err(encoding)?),
            Event::GeneralRef(reference) => {
                let character = resolve(reference)?;
                self.push(character.encode_utf8(&mut [0; 4]))
            }
            _ => Ok(()),
        }
    }
}

/// A character reference or one of the five entities that need no declaration.
fn resolve(reference: &BytesRef<'_>) -> Result<char, FormatError> {
    if let Some(character) = reference.resolve_char_ref()? {
        return Ok(character);
    }
    match &**reference {
        b"amp" => Ok('&'),
        b"lt" => Ok('<'),
        b"gt" => Ok('>'),
        b"quot" => Ok('"'),
        b"apos" => Ok('\''),
        _ => Err(FormatError::damaged("an undeclared entity")),
    }
}
