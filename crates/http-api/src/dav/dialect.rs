//! What differs between an address book and a calendar: the words of the standard, and how a filter is held against an item.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use modules::address_book::{AddressBook, BookCard, CardVersion, MAX_CARD_BYTES, MAX_CARDS};
use modules::collections::Collection;
use modules::device_calendar::{CalendarKind, DeviceCalendar, DeviceEntry, MAX_CALENDAR_BYTES, MAX_ENTRIES};
use record_engine::error::Result;

use super::calendar_filter::CalendarFilter;
use super::card_filter::CardFilter;
use super::multistatus::{Found, escaped};
use super::place::Shelf;
use super::properties::name;
use super::xml::{APPLE, CALENDAR, CARD, Element};

/// The words of a standard.
pub(super) struct Words {
    /// Its namespace.
    pub space: &'static str,
    /// The prefix that answers give it.
    pub prefix: &'static str,
    /// The property that is an item itself.
    pub data: &'static str,
    /// The condition that an item has this form.
    pub supported_data: &'static str,
    /// The condition that an item is sound.
    pub valid_data: &'static str,
    /// The report of some items.
    pub multiget: &'static str,
    /// The report of what a filter finds.
    pub query: &'static str,
    /// The media type of an item.
    pub media_type: &'static str,
    /// The media types under which programs send it.
    pub accepted: &'static [&'static str],
    /// What kind of collection it is.
    pub collection: &'static str,
    /// Largest item, in bytes.
    pub max_bytes: usize,
}

const CARDS: Words = Words {
    space: CARD,
    prefix: "C",
    data: "address-data",
    supported_data: "supported-address-data",
    valid_data: "valid-address-data",
    multiget: "addressbook-multiget",
    query: "addressbook-query",
    media_type: "text/vcard",
    accepted: &["text/vcard", "text/x-vcard", "text/directory"],
    collection: "addressbook",
    max_bytes: MAX_CARD_BYTES,
};

const CALENDARS: Words = Words {
    space: CALENDAR,
    prefix: "L",
    data: "calendar-data",
    supported_data: "supported-calendar-data",
    valid_data: "valid-calendar-data",
    multiget: "calendar-multiget",
    query: "calendar-query",
    media_type: "text/calendar",
    accepted: &["text/calendar"],
    collection: "calendar",
    max_bytes: MAX_CALENDAR_BYTES,
};

impl Words {
    /// Those of a shelf.
    pub fn of(shelf: Shelf) -> &'static Words {
        match shelf {
            Shelf::Contacts => &CARDS,
            Shelf::Events | Shelf::Tasks => &CALENDARS,
        }
    }

    /// An empty element of the standard.
    pub fn element(&self, local: &str) -> String {
        format!("<{}:{local}/>", self.prefix)
    }

    /// An element with a content, which is XML.
    pub fn with(&self, local: &str, content: &str) -> String {
        let prefix = self.prefix;
        format!("<{prefix}:{local}>{content}</{prefix}:{local}>")
    }
}

/// A collection with the words that are spoken about it.
pub(super) trait Dialect: Collection {
    /// A filter of a query.
    type Filter;

    /// What it is.
    fn shelf_name(&self) -> Shelf;
    /// The form in which the element of a report wants items; `None` for one that there is not.
    fn form_of(data: &Element) -> Option<Self::Form>;
    /// The form that the headers of a request want.
    fn accepted_form(headers: &HeaderMap) -> Self::Form;
    /// What finds everything.
    fn no_filter() -> Self::Filter;
    /// A filter element; `None` when it asks for what is not known here.
    fn filter_of(filter: &Element) -> Option<Self::Filter>;
    /// Whether an item fits. `is_whole` is whether items are told with their pictures.
    fn admits(&self, filter: &Self::Filter, item: &Self::Item, is_whole: bool) -> bool;
    /// Whether items are told with their pictures.
    fn is_whole(&self) -> Result<bool>;
    /// The text of an item, with its picture if so.
    fn text(&self, item: Self::Item, is_whole: bool) -> Result<String>;
    /// What the collection says of itself beside what all say.
    fn properties(&self, may_write: bool) -> Result<Vec<Found>>;

    /// The words of its standard.
    fn words(&self) -> &'static Words {
        Words::of(self.shelf_name())
    }
}

impl Dialect for AddressBook<'_> {
    type Filter = CardFilter;

    fn shelf_name(&self) -> Shelf {
        Shelf::Contacts
    }

    fn form_of(data: &Element) -> Option<CardVersion> {
        has_media_type(data, CARDS.media_type).then_some(())?;
        match data.attribute("version") {
            None | Some("3.0") => Some(CardVersion::V3),
            Some("4.0") => Some(CardVersion::V4),
            Some(_) => None,
        }
    }

    fn accepted_form(headers: &HeaderMap) -> CardVersion {
        let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let wants_v4 = accept.replace([' ', '"'], "").contains("text/vcard;version=4.0");
        if wants_v4 { CardVersion::V4 } else { CardVersion::V3 }
    }

    fn no_filter() -> CardFilter {
        CardFilter::all()
    }

    fn filter_of(filter: &Element) -> Option<CardFilter> {
        CardFilter::of(filter)
    }

    fn admits(&self, filter: &CardFilter, card: &BookCard, is_whole: bool) -> bool {
        if is_whole && card.has_picture() {
            // A filter may ask whether there is a picture; for that it is not read.
            filter.admits(&card.text.replace("END:VCARD", "PHOTO:\r\nEND:VCARD"))
        } else {
            filter.admits(&card.text)
        }
    }

    fn is_whole(&self) -> Result<bool> {
        self.has_pictures()
    }

    fn text(&self, card: BookCard, is_whole: bool) -> Result<String> {
        if is_whole { self.with_picture(card) } else { Ok(card.text) }
    }

    fn properties(&self, may_write: bool) -> Result<Vec<Found>> {
        let end = if may_write { "" } else { "; read only" };
        let description = format!("Contacts with a phone or an e-mail, at most {MAX_CARDS}{end}");
        let data = "<C:address-data-type content-type=\"text/vcard\" version=\"3.0\"/>\
                    <C:address-data-type content-type=\"text/vcard\" version=\"4.0\"/>";
        Ok(vec![
            (name("DAV:", "displayname"), "Kartoteka".to_owned()),
            (name(CARD, "addressbook-description"), description),
            (name(CARD, "supported-address-data"), data.to_owned()),
        ])
    }
}

impl Dialect for DeviceCalendar<'_> {
    type Filter = CalendarFilter;

    fn shelf_name(&self) -> Shelf {
        match self.kind() {
            CalendarKind::Events => Shelf::Events,
            CalendarKind::Tasks => Shelf::Tasks,
        }
    }

    fn form_of(data: &Element) -> Option<()> {
        let is_known =
            has_media_type(data, CALENDARS.media_type) && matches!(data.attribute("version"), None | Some("2.0"));
        is_known.then_some(())
    }

    fn accepted_form(_: &HeaderMap) {}

    fn no_filter() -> CalendarFilter {
        CalendarFilter::all()
    }

    fn filter_of(filter: &Element) -> Option<CalendarFilter> {
        CalendarFilter::of(filter)
    }

    fn admits(&self, filter: &CalendarFilter, entry: &DeviceEntry, _: bool) -> bool {
        filter.admits(self, entry)
    }

    fn is_whole(&self) -> Result<bool> {
        Ok(true)
    }

    fn text(&self, entry: DeviceEntry, _: bool) -> Result<String> {
        Ok(entry.text)
    }

    fn properties(&self, may_write: bool) -> Result<Vec<Found>> {
        let (component, what, color) = match self.kind() {
            CalendarKind::Events => ("VEVENT", "The own events of the last year and all that come", "#7C5CD6FF"),
            CalendarKind::Tasks => ("VTODO", "The own tasks that are open or were closed within a year", "#2F5FD0FF"),
        };
        let end = if may_write { "" } else { "; read only" };
        let own = |local: &str, content: String| (name(CALENDAR, local), content);
        let mut known = vec![
            (name("DAV:", "displayname"), escaped(&self.title()?)),
            own("calendar-description", format!("{what}, at most {MAX_ENTRIES}{end}")),
            own("supported-calendar-component-set", format!("<L:comp name=\"{component}\"/>")),
            own(
                "supported-calendar-data",
                "<L:calendar-data content-type=\"text/calendar\" version=\"2.0\"/>".to_owned(),
            ),
            (name(APPLE, "calendar-color"), color.to_owned()),
        ];
        // Events do not come again here.
        if self.kind() == CalendarKind::Events {
            known.push(own("max-instances", "1".to_owned()));
        }
        Ok(known)
    }
}

fn has_media_type(data: &Element, known: &str) -> bool {
    data.attribute("content-type").is_none_or(|found| found.eq_ignore_ascii_case(known))
}
