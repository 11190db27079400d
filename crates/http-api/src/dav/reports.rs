//! REPORT: some cards by their addresses, the cards that a filter finds, and what has changed since the last time (RFC 6578).

use std::collections::BTreeMap;

use axum::http::StatusCode;
use modules::address_book::{AddressBook, BookCard, CardVersion, MAX_CARDS};
use record_engine::error::EngineError;

use super::card_filter::CardFilter;
use super::multistatus::{Found, Multistatus, escaped};
use super::place::Place;
use super::properties::{name, names, pick, tag_property, type_property};
use super::xml::{CARD, DAV, Element, Name};
use super::{Question, Refusal};

/// What a token begins with.
const TOKEN: &str = "urn:kartoteka:book:";
const VALID_TOKEN: &str = "<D:valid-sync-token/>";
const SUPPORTED_REPORT: &str = "<D:supported-report/>";
const SUPPORTED_DATA: &str = "<C:supported-address-data/>";
const SUPPORTED_FILTER: &str = "<C:supported-filter/>";

/// The token of a device for a number; that of another device is none of its own.
pub(super) fn token(device: i64, number: i64) -> String {
    format!("{TOKEN}{device}:{number}")
}

/// The number in a token, if it is one of this device.
fn number_of(book: &AddressBook<'_>, token: &str) -> Option<i64> {
    let (device, number) = token.strip_prefix(TOKEN)?.split_once(':')?;
    let is_own = device.parse() == Ok(book.device());
    number.parse().ok().filter(|_| is_own)
}

/// Answers a REPORT.
pub(super) fn answer(book: &AddressBook<'_>, question: &Question) -> Result<Multistatus, Refusal> {
    let refused = || Refusal::Condition(StatusCode::FORBIDDEN, SUPPORTED_REPORT.into());
    let body = question.body.as_ref().ok_or_else(refused)?;
    if question.place != Place::Book {
        return Err(refused());
    }
    match (body.name.space.as_str(), body.name.local.as_str()) {
        (CARD, "addressbook-multiget") => multiget(book, body),
        (CARD, "addressbook-query") => query(book, body),
        (DAV, "sync-collection") => sync(book, body),
        _ => Err(refused()),
    }
}

/// What is wanted of each card.
struct Wanted {
    names: Vec<Name>,
    version: CardVersion,
    /// The cards themselves and not only their tags.
    has_data: bool,
}

impl Wanted {
    fn of(body: &Element) -> Result<Wanted, Refusal> {
        let prop = body.child(DAV, "prop");
        let data = prop.and_then(|prop| prop.child(CARD, "address-data"));
        let refused = || Refusal::Condition(StatusCode::FORBIDDEN, SUPPORTED_DATA.into());
        let version = match data.map(|data| (data.attribute("content-type"), data.attribute("version"))) {
            None => CardVersion::V3,
            Some((media_type, _)) if media_type.is_some_and(|found| !found.eq_ignore_ascii_case("text/vcard")) => {
                return Err(refused());
            }
            Some((_, None | Some("3.0"))) => CardVersion::V3,
            Some((_, Some("4.0"))) => CardVersion::V4,
            Some(_) => return Err(refused()),
        };
        Ok(Wanted { names: prop.map(names).unwrap_or_default(), version, has_data: data.is_some() })
    }

    /// Whether the cards are told with their pictures.
    fn has_pictures(&self, book: &AddressBook<'_>) -> Result<bool, Refusal> {
        Ok(self.has_data && book.has_pictures()?)
    }

    fn add(
        &self,
        answer: &mut Multistatus,
        book: &AddressBook<'_>,
        card: BookCard,
        has_pictures: bool,
    ) -> Result<(), EngineError> {
        let (id, tag) = (card.id, tag_property(&card.tag));
        let text = if has_pictures { book.with_picture(card)? } else { card.text };
        self.add_known(answer, book, id, vec![tag, type_property(), (name(CARD, "address-data"), escaped(&text))]);
        Ok(())
    }

    fn add_known(&self, answer: &mut Multistatus, book: &AddressBook<'_>, id: i64, known: Vec<Found>) {
        let (found, missing) = pick(&self.names, &known);
        answer.add(&Place::Card(book.name_of(id)), &found, &missing);
    }
}

fn multiget(book: &AddressBook<'_>, body: &Element) -> Result<Multistatus, Refusal> {
    let wanted = Wanted::of(body)?;
    let hrefs: Vec<&str> = body.children_of(DAV, "href").map(|href| href.text.trim()).collect();
    let id_of = |href: &str| match Place::of_href(href) {
        Some(Place::Card(name)) => book.id_of(&name),
        _ => None,
    };
    let ids: Vec<i64> = hrefs.iter().filter_map(|href| id_of(href)).collect();
    let cards = by_id(book.cards(&ids, wanted.version)?);
    let has_pictures = wanted.has_pictures(book)?;
    let mut answer = Multistatus::new();
    for href in hrefs {
        match id_of(href).and_then(|id| cards.get(&id)) {
            Some(card) => wanted.add(&mut answer, book, card.clone(), has_pictures)?,
            None => answer.add_status(href, "404 Not Found"),
        }
    }
    Ok(answer)
}

fn query(book: &AddressBook<'_>, body: &Element) -> Result<Multistatus, Refusal> {
    let wanted = Wanted::of(body)?;
    let filter = match body.child(CARD, "filter") {
        Some(filter) => {
            CardFilter::of(filter).ok_or(Refusal::Condition(StatusCode::FORBIDDEN, SUPPORTED_FILTER.into()))?
        }
        None => CardFilter::all(),
    };
    let limit = limit_of(body, CARD);
    let mut answer = Multistatus::new();
    let mut count = 0;
    // How many cards there are decides about their pictures: it is not what was told long ago that counts.
    if wanted.has_data {
        book.refresh()?;
    }
    let has_pictures = wanted.has_pictures(book)?;
    book.each_card(wanted.version, &mut |card| {
        let is_admitted = if has_pictures && card.has_picture() {
            // A filter may ask whether there is a picture; for that it is not read.
            filter.admits(&card.text.replace("END:VCARD", "PHOTO:\r\nEND:VCARD"))
        } else {
            filter.admits(&card.text)
        };
        if is_admitted {
            if count < limit {
                wanted.add(&mut answer, book, card, has_pictures)?;
            }
            count += 1;
        }
        Ok(())
    })?;
    if count > limit {
        answer.add_status(&Place::Book.path(), "507 Insufficient Storage");
    }
    Ok(answer)
}

fn sync(book: &AddressBook<'_>, body: &Element) -> Result<Multistatus, Refusal> {
    let wanted = Wanted::of(body)?;
    let invalid = || Refusal::Condition(StatusCode::FORBIDDEN, VALID_TOKEN.into());
    let after = match body.child(DAV, "sync-token").map(|token| token.text.trim()).filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => number_of(book, token).ok_or_else(invalid)?,
    };
    book.refresh()?;
    let changes = book.changes(after, limit_of(body, DAV))?.ok_or_else(invalid)?;
    let mut answer = Multistatus::new();
    let standing: Vec<i64> = changes.cards.iter().filter(|(_, tag)| tag.is_some()).map(|(id, _)| *id).collect();
    let cards = by_id(if wanted.has_data { book.cards(&standing, wanted.version)? } else { Vec::new() });
    let has_pictures = wanted.has_pictures(book)?;
    let path_of = |id: i64| Place::Card(book.name_of(id)).path();
    for (id, tag) in &changes.cards {
        match (tag, wanted.has_data) {
            (None, _) => answer.add_status(&path_of(*id), "404 Not Found"),
            (Some(tag), false) => wanted.add_known(&mut answer, book, *id, vec![tag_property(tag), type_property()]),
            (Some(_), true) => match cards.get(id) {
                Some(card) => wanted.add(&mut answer, book, card.clone(), has_pictures)?,
                // It went in this very moment.
                None => answer.add_status(&path_of(*id), "404 Not Found"),
            },
        }
    }
    if changes.is_cut {
        answer.add_status(&Place::Book.path(), "507 Insufficient Storage");
    }
    answer.add_token(&token(book.device(), changes.number));
    Ok(answer)
}

fn by_id(cards: Vec<BookCard>) -> BTreeMap<i64, BookCard> {
    cards.into_iter().map(|card| (card.id, card)).collect()
}

/// The most that a client wants at once.
fn limit_of(body: &Element, space: &str) -> usize {
    let limit = body.child(space, "limit").and_then(|limit| limit.child(space, "nresults"));
    limit.and_then(|limit| limit.text.trim().parse().ok()).filter(|limit| *limit > 0).unwrap_or(MAX_CARDS)
}
