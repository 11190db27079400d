//! The addresses below the root: four collections and the cards.

/// What an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Where one begins.
    Root,
    /// The one who is logged in.
    Principal,
    /// Where his books are.
    Home,
    /// The book.
    Book,
    /// A card, by the id of its contact.
    Card(i64),
}

const BOOK: &str = "/dav/books/contacts/";

impl Place {
    /// The place of a path; a collection may lack its last slash.
    pub fn of(path: &str) -> Option<Place> {
        match path.trim_end_matches('/') {
            "/dav" => Some(Place::Root),
            "/dav/principal" => Some(Place::Principal),
            "/dav/books" => Some(Place::Home),
            "/dav/books/contacts" => Some(Place::Book),
            card => {
                let id = card.strip_prefix(BOOK)?.strip_suffix(".vcf")?;
                // One address for one card: no signs, no zeros in front.
                let is_plain = !id.is_empty() && !id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit());
                if is_plain { id.parse().ok().map(Place::Card) } else { None }
            }
        }
    }

    /// The place of an address as a client writes it: a path or a whole address, with or without percent signs.
    pub fn of_href(href: &str) -> Option<Place> {
        let href = href.trim();
        let path = match href.split_once("://") {
            Some((_, rest)) => rest.get(rest.find('/')?..)?,
            None => href,
        };
        // Nothing in our own addresses needs to be encoded but the dot, which some clients encode all the same.
        Place::of(&path.replace("%2E", ".").replace("%2e", "."))
    }

    /// Its path.
    pub fn path(self) -> String {
        match self {
            Place::Root => "/dav/".into(),
            Place::Principal => "/dav/principal/".into(),
            Place::Home => "/dav/books/".into(),
            Place::Book => BOOK.into(),
            Place::Card(id) => format!("{BOOK}{id}.vcf"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let check = |href: &str, place: Option<Place>| assert_eq!(Place::of_href(href), place, "{href}");
        check("/dav/", Some(Place::Root));
        check("/dav", Some(Place::Root));
        check("/dav/books/contacts/42.vcf", Some(Place::Card(42)));
        check("https://crm.example/dav/books/contacts/42%2Evcf", Some(Place::Card(42)));
        check("/dav/books/contacts/042.vcf", None);
        check("/dav/books/contacts/-1.vcf", None);
        check("/dav/books/contacts/99999999999999999999.vcf", None);
        check("/dav/books/contacts/../../principal", None);
        check("/api/v1/session", None);
    }
}
