//! The addresses below the root: the collections, and the items in them.

use std::fmt::Write;

/// A collection of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shelf {
    /// The address book.
    Contacts,
    /// The calendar of events.
    Events,
    /// The calendar of tasks.
    Tasks,
}

impl Shelf {
    const ALL: [Shelf; 3] = [Shelf::Contacts, Shelf::Events, Shelf::Tasks];

    /// Its path.
    pub fn path(self) -> &'static str {
        match self {
            Shelf::Contacts => "/dav/books/contacts/",
            Shelf::Events => "/dav/calendars/events/",
            Shelf::Tasks => "/dav/calendars/tasks/",
        }
    }

    /// The collection around it.
    pub fn home(self) -> Home {
        match self {
            Shelf::Contacts => Home::Books,
            Shelf::Events | Shelf::Tasks => Home::Calendars,
        }
    }
}

/// A collection of collections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// Address books.
    Books,
    /// Calendars.
    Calendars,
}

impl Home {
    /// What is in it.
    pub fn shelves(self) -> impl Iterator<Item = Shelf> {
        Shelf::ALL.into_iter().filter(move |shelf| shelf.home() == self)
    }
}

/// What an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Where one begins.
    Root,
    /// The one who is logged in.
    Principal,
    /// Where his books or his calendars are.
    Home(Home),
    /// A book or a calendar.
    Shelf(Shelf),
    /// An item, by its name, which the device may have given.
    Item(Shelf, String),
}

impl Place {
    /// The place of a path as it stands in a request; a collection may lack its last slash.
    pub fn of(path: &str) -> Option<Place> {
        let bare = path.trim_end_matches('/');
        match bare {
            "/dav" => Some(Place::Root),
            "/dav/principal" => Some(Place::Principal),
            "/dav/books" => Some(Place::Home(Home::Books)),
            "/dav/calendars" => Some(Place::Home(Home::Calendars)),
            _ => Shelf::ALL.into_iter().find_map(|shelf| {
                if shelf.path().trim_end_matches('/') == bare {
                    return Some(Place::Shelf(shelf));
                }
                decoded(bare.strip_prefix(shelf.path())?).map(|name| Place::Item(shelf, name))
            }),
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

    /// The collections to which it belongs; none of the root and the principal, which belong to all.
    pub fn home(&self) -> Option<Home> {
        match self {
            Place::Root | Place::Principal => None,
            Place::Home(home) => Some(*home),
            Place::Shelf(shelf) | Place::Item(shelf, _) => Some(shelf.home()),
        }
    }

    /// Its path.
    pub fn path(&self) -> String {
        match self {
            Place::Root => "/dav/".into(),
            Place::Principal => "/dav/principal/".into(),
            Place::Home(Home::Books) => "/dav/books/".into(),
            Place::Home(Home::Calendars) => "/dav/calendars/".into(),
            Place::Shelf(shelf) => shelf.path().into(),
            Place::Item(shelf, name) => format!("{}{}", shelf.path(), encoded(name)),
        }
    }
}

/// The name of an item out of its address, without percent signs; none of two steps, nor one that leads elsewhere or holds what no name does.
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
        let card = |name: &str| Some(Place::Item(Shelf::Contacts, name.into()));
        let check = |href: &str, place: Option<Place>| assert_eq!(Place::of_href(href), place, "{href}");
        check("/dav/", Some(Place::Root));
        check("/dav", Some(Place::Root));
        check("/dav/books/contacts/42.vcf", card("42.vcf"));
        check("https://crm.example/dav/books/contacts/42%2Evcf", card("42.vcf"));
        check("/dav/books/contacts/%D0%AF%20b%26.vcf", card("Я b&.vcf"));
        check("/dav/books/contacts/no-ending", card("no-ending"));
        check("/dav/calendars", Some(Place::Home(Home::Calendars)));
        check("/dav/calendars/tasks", Some(Place::Shelf(Shelf::Tasks)));
        check("/dav/calendars/events/a.ics", Some(Place::Item(Shelf::Events, "a.ics".into())));
        check("/dav/calendars/others/a.ics", None);
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
            let place = Place::Item(Shelf::Events, name.into());
            assert_eq!(Place::of(&place.path()), Some(place));
        }
    }
}
