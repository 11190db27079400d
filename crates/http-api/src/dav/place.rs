//! The addresses below the root: four collections and the cards.

use std::fmt::Write;

/// What an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Where one begins.
    Root,
    /// The one who is logged in.
    Principal,
    /// Where his books are.
    Home,
    /// The book.
    Book,
    /// A card, by its name, which the device may have given.
    Card(String),
}

const BOOK: &str = "/dav/books/contacts/";

impl Place {
    /// The place of a path as it stands in a request; a collection may lack its last slash.
    pub fn of(path: &str) -> Option<Place> {
        match path.trim_end_matches('/') {
            "/dav" => Some(Place::Root),
            "/dav/principal" => Some(Place::Principal),
            "/dav/books" => Some(Place::Home),
            "/dav/books/contacts" => Some(Place::Book),
            card => decoded(card.strip_prefix(BOOK)?).map(Place::Card),
        }
    }

    /// The place of an address as a client writes it: a path or a whole address.
    pub fn of_href(href: &str) -> Option<Place> {
        let href = href.trim();
        let path = match href.split_once("://") {
            Some((_, rest)) => rest.get(rest.find('/')?..)?,
            None => href,
        };
        Place::of(path)
    }

    /// Its path.
    pub fn path(&self) -> String {
        match self {
            Place::Root => "/dav/".into(),
            Place::Principal => "/dav/principal/".into(),
            Place::Home => "/dav/books/".into(),
            Place::Book => BOOK.into(),
            Place::Card(name) => format!("{BOOK}{}", encoded(name)),
        }
    }
}

/// The name of a card out of its address, without percent signs; none of two steps, nor one that leads elsewhere or holds what no name does.
fn decoded(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(behind.get(..2)?).ok().filter(|pair| !pair.starts_with('+'))?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = behind.get(2..)?;
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    let name = String::from_utf8(bytes).ok()?;
    let is_name = !matches!(name.as_str(), "" | "." | "..") && !name.chars().any(|c| c == '/' || c.is_control());
    is_name.then_some(name)
}

/// A name as it stands in an address.
fn encoded(name: &str) -> String {
    let mut made = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'@' | b'=' | b'+') {
            made.push(char::from(byte));
        } else {
            // A text takes all that is written to it.
            let _ = write!(made, "%{byte:02X}");
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let card = |name: &str| Some(Place::Card(name.into()));
        let check = |href: &str, place: Option<Place>| assert_eq!(Place::of_href(href), place, "{href}");
        check("/dav/", Some(Place::Root));
        check("/dav", Some(Place::Root));
        check("/dav/books/contacts/42.vcf", card("42.vcf"));
        check("https://crm.example/dav/books/contacts/42%2Evcf", card("42.vcf"));
        check("/dav/books/contacts/%D0%AF%20b%26.vcf", card("Я b&.vcf"));
        check("/dav/books/contacts/no-ending", card("no-ending"));
        check("/dav/books/contacts/%zz", None);
        check("/dav/books/contacts/%+1", None);
        check("/dav/books/contacts/%FF", None);
        check("/dav/books/contacts/a%00b", None);
        check("/dav/books/contacts/a/b.vcf", None);
        check("/dav/books/contacts/..%2f..%2fetc.vcf", None);
        check("/dav/books/contacts/../../principal", None);
        check("/dav/books/contacts/..", None);
        check("/api/v1/session", None);
        for name in ["42.vcf", "Я b&.vcf", "100%.vcf", "a<b>\"c\".vcf"] {
            let place = Place::Card(name.into());
            assert_eq!(Place::of(&place.path()), Some(place));
        }
    }
}
