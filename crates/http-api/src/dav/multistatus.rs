//! Answers about several places at once (RFC 4918, 13): for each what was found and what is not there.

use std::fmt::Write;

use super::place::Place;
use super::xml::{CALENDAR, CARD, DAV, Name, SERVER};

/// What every document begins with.
pub(super) const PROLOGUE: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

/// Nothing is added beyond so many bytes.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// An answer in the making.
pub(super) struct Multistatus {
    text: String,
}

/// A property with its content, which is XML.
pub(super) type Found = (Name, String);

impl Multistatus {
    pub fn new() -> Multistatus {
        let text = format!(
            "{PROLOGUE}<D:multistatus xmlns:D=\"{DAV}\" xmlns:C=\"{CARD}\" xmlns:L=\"{CALENDAR}\" xmlns:S=\"{SERVER}\">"
        );
        Multistatus { text }
    }

    /// What a place has of what was asked for.
    pub fn add(&mut self, place: &Place, found: &[Found], missing: &[Name]) {
        self.push("<D:response>");
        self.href(place);
        if !found.is_empty() || missing.is_empty() {
            self.push("<D:propstat><D:prop>");
            for (name, content) in found {
                self.property(name, content);
            }
            self.push("</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>");
        }
        if !missing.is_empty() {
            self.push("<D:propstat><D:prop>");
            for name in missing {
                self.property(name, "");
            }
            self.push("</D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>");
        }
        self.push("</D:response>");
    }

    /// A place of which there is only a status to tell.
    pub fn add_status(&mut self, href: &str, status: &str) {
        // A text takes all that is written to it.
        let _ = write!(
            self.text,
            "<D:response><D:href>{}</D:href><D:status>HTTP/1.1 {status}</D:status></D:response>",
            escaped(href)
        );
    }

    /// What to ask with the next time.
    pub fn add_token(&mut self, token: &str) {
        let _ = write!(self.text, "<D:sync-token>{}</D:sync-token>", escaped(token));
    }

    /// The document.
    pub fn text(mut self) -> String {
        self.push("</D:multistatus>");
        self.text
    }

    /// Whether it holds as much as one answer may.
    pub fn is_full(&self) -> bool {
        self.text.len() > MOST_BYTES
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn href(&mut self, place: &Place) {
        let _ = write!(self.text, "<D:href>{}</D:href>", escaped(&place.path()));
    }

    fn property(&mut self, name: &Name, content: &str) {
        let local = &name.local;
        let (tag, declaration) = match name.space.as_str() {
            DAV => (format!("D:{local}"), String::new()),
            CARD => (format!("C:{local}"), String::new()),
            CALENDAR => (format!("L:{local}"), String::new()),
            SERVER => (format!("S:{local}"), String::new()),
            "" => (local.clone(), " xmlns=\"\"".to_owned()),
            space => (format!("x:{local}"), format!(" xmlns:x=\"{}\"", escaped(space))),
        };
        let _ = if content.is_empty() {
            write!(self.text, "<{tag}{declaration}/>")
        } else {
            write!(self.text, "<{tag}{declaration}>{content}</{tag}>")
        };
    }
}

/// A text as XML has it; what XML cannot hold is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => made.push_str("&amp;"),
            '<' => made.push_str("&lt;"),
            '>' => made.push_str("&gt;"),
            '"' => made.push_str("&quot;"),
            // Readers turn a bare return into a line feed.
            '\r' => made.push_str("&#13;"),
            '\n' | '\t' => made.push(character),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => made.push(c),
        }
    }
    made
}
