//! XML of a request as a small tree: bounded in size, depth and number of elements, without document types and so without entities.

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::problem::Problem;

/// Elements inside one another; real requests stay below eight.
const MAX_DEPTH: usize = 24;
/// Elements in all: some ten thousand addresses of cards.
const MAX_ELEMENTS: usize = 20_000;

/// `DAV:`.
pub(super) const DAV: &str = "DAV:";
/// CardDAV.
pub(super) const CARD: &str = "urn:ietf:params:xml:ns:carddav";
/// CalDAV.
pub(super) const CALENDAR: &str = "urn:ietf:params:xml:ns:caldav";
/// What calendars of Apple say of themselves beyond that.
pub(super) const APPLE: &str = "http://apple.com/ns/ical/";
/// The extension by which older phones ask whether anything has changed.
pub(super) const SERVER: &str = "http://calendarserver.org/ns/";

/// The name of an element with its namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub space: String,
    pub local: String,
}

impl Name {
    pub fn is(&self, space: &str, local: &str) -> bool {
        self.space == space && self.local == local
    }
}

/// An element with what is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Element {
    pub name: Name,
    /// By local name.
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// The first child of a name.
    pub fn child(&self, space: &str, local: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name.is(space, local))
    }

    /// The children of a name.
    pub fn children_of<'a>(&'a self, space: &'a str, local: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name.is(space, local))
    }

    /// An attribute.
    pub fn attribute(&self, local: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == local).map(|(_, value)| value.as_str())
    }
}

/// The root element of a body; nothing for an empty one.
pub(super) fn read(body: &[u8]) -> Result<Option<Element>, Problem> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let mut reader = NsReader::from_reader(body);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut count = 0;
    loop {
        let (space, event) = reader.read_resolved_event().map_err(refuse)?;
        match event {
            Event::Start(start) => {
                count += 1;
                if open.len() >= MAX_DEPTH || count > MAX_ELEMENTS || (open.is_empty() && root.is_some()) {
                    return Err(refuse("the XML is too deep or too large"));
                }
                open.push(element(&space, &start)?);
            }
            Event::End(_) => {
                let Some(done) = open.pop() else { return Err(refuse("an end without a beginning")) };
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => root = Some(done),
                }
            }
            Event::Text(text) => push(&mut open, &text.xml10_content().map_err(refuse)?),
            Event::CData(text) => push(&mut open, &text.xml10_content().map_err(refuse)?),
            Event::GeneralRef(reference) => {
                let character = resolve(&reference)?;
                push(&mut open, character.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(refuse("a document type is not allowed")),
            Event::Eof if open.is_empty() => break,
            Event::Eof => return Err(refuse("the XML ends in the middle")),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    root.map(Some).ok_or_else(|| refuse("no element"))
}

fn element(space: &ResolveResult<'_>, start: &BytesStart<'_>) -> Result<Element, Problem> {
    let space = match space {
        ResolveResult::Bound(space) => std::str::from_utf8(space.as_ref()).map_err(refuse)?.to_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(_) => return Err(refuse("an undeclared prefix")),
    };
    let local = std::str::from_utf8(start.local_name().as_ref()).map_err(refuse)?.to_owned();
    // Unknown names are written back in the answer.
    let is_name = local.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && local.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if !is_name {
        return Err(refuse("an element with a strange name"));
    }
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(refuse)?;
        let name = std::str::from_utf8(attribute.key.local_name().as_ref()).map_err(refuse)?.to_owned();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(refuse)?.into_owned();
        attributes.push((name, value));
    }
    Ok(Element { name: Name { space, local }, attributes, ..Element::default() })
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// A character reference or one of the five entities that need no declaration.
fn resolve(reference: &BytesRef<'_>) -> Result<char, Problem> {
    if let Some(character) = reference.resolve_char_ref().map_err(refuse)? {
        return Ok(character);
    }
    match &**reference {
        b"amp" => Ok('&'),
        b"lt" => Ok('<'),
        b"gt" => Ok('>'),
        b"quot" => Ok('"'),
        b"apos" => Ok('\''),
        _ => Err(refuse("an undeclared entity")),
    }
}

fn refuse(cause: impl std::fmt::Display) -> Problem {
    Problem::new("malformed_request").detail(cause.to_string())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_request_becomes_a_tree() {
        let text = "<?xml version=\"1.0\"?><d:propfind xmlns:d='DAV:'><d:prop><d:getetag/><x xmlns='urn:x' a='1&amp;2'>A &lt; B</x></d:prop></d:propfind>";
        let root = read(text.as_bytes()).unwrap().unwrap();
        assert!(root.name.is(DAV, "propfind"));
        let prop = root.child(DAV, "prop").unwrap();
        assert!(prop.child(DAV, "getetag").is_some());
        let other = prop.child("urn:x", "x").unwrap();
        assert_eq!((other.text.as_str(), other.attribute("a")), ("A < B", Some("1&2")));
        assert_eq!(read(b" \n").unwrap(), None);
    }

    #[test]
    fn hostile_requests_are_refused() {
        let check =
            |text: &str| assert_eq!(read(text.as_bytes()).unwrap_err().code(), "malformed_request", "{text:.80}");
        check("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>");
        check("<!DOCTYPE a><a/>");
        check("<a>&undeclared;</a>");
        check("<a>&#0;</a>");
        check("<a><b></a>");
        check("<a>");
        check("<a/><b/>");
        check("<p:a/>");
        check("<a b='1' b='2'/>");
        check("{\"json\": true}");
        check(&format!("{}{}", "<a>".repeat(30), "</a>".repeat(30)));
        check(&format!("<a>{}</a>", "<b/>".repeat(MAX_ELEMENTS)));
        assert!(read(b"<a>\xff</a>").is_err());
    }
}
