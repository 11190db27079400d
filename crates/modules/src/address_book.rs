//! The address book of a phone: which contacts are in it ([`contacts`]), their cards, and what the phone writes ([`writing`]).
//!
//! What must stay true:
//! - a card is in the book of a device exactly while its reader sees the contact, it is in what he asked for, and it has a phone or an e-mail;
//!   the cards that the device itself made stay in it also when they do not fit, since it looks for them;
//! - the tag of a card changes whenever its text does, whatever the cause: a company renamed changes the cards of its people.
//!
//! See `docs/decisions/0016-the-address-book-of-phones.md`.
//!
//! It requires `collections`, for what a device was told and how it writes.
//! It requires `exchange`, for how a record becomes a card and a card a record, and requires `groups`. It knows no HTTP.

mod contacts;
mod writing;

use std::cell::OnceCell;

use database::ReadTx;
use file_formats::{Card, write_card_as};
use filter_language::CheckedExpr;
use record_engine::access::compile;
use record_engine::catalog::ObjectType;
use record_engine::error::{EngineError, Result};
use record_engine::files::StoredFile;
use record_engine::query::page::MAX_LIMIT;
use record_engine::query::present::{References, Titles};
use record_engine::query::{ListQuery, list, list_whole};
use record_engine::{Engine, Record, RequestContext};

use crate::collections::{Collection, CollectionKind, Item, Shelf, tag_of};
use crate::exchange::{card_of, card_photo, pictures_of};

pub use contacts::{Contacts, may_have_all, title_of};
pub use file_formats::CardVersion;
pub use writing::MAX_CARD_BYTES;

use contacts::{Choice, Lists, choose, list_of};

/// Most cards of a book; phones get slow with more.
pub const MAX_CARDS: usize = 10_000;
/// Most cards of a book that has pictures: each is some ten kilobytes, and an answer is put together in memory.
const MAX_PICTURED: usize = 2_000;

/// The type whose records are cards.
const TYPE: &str = "contact";
/// Who cannot be called or written to has no use in a phone.
const REACHABLE: &str = "(channels.phone is not empty or channels.email is not empty)";
const OWN: &str = "managers has me";
const KIND: CollectionKind =
    CollectionKind { key: "contacts", type_name: TYPE, ending: ".vcf", uid_prefix: "kartoteka-contact-" };

/// A card of the book.
#[derive(Clone, Debug)]
pub struct BookCard {
    /// Id of the contact.
    pub id: i64,
    /// Another one whenever the text is another one.
    pub tag: String,
    /// The vCard, without its picture.
    pub text: String,
    card: Card,
    version: CardVersion,
    picture: Option<StoredFile>,
    record: Record,
}

impl Item for BookCard {
    fn id(&self) -> i64 {
        self.id
    }

    fn tag(&self) -> &str {
        &self.tag
    }

    fn version(&self) -> i64 {
        self.record.version
    }
}

impl BookCard {
    /// Whether the contact has a picture.
    pub fn has_picture(&self) -> bool {
        self.picture.is_some()
    }
}

/// The book of one device.
pub struct AddressBook<'a> {
    shelf: Shelf<'a>,
    contacts: Contacts,
    choice: Choice,
    /// The lists of the choice with what they say about the map, once somebody has read them.
    lists: OnceCell<Lists>,
}

impl<'a> AddressBook<'a> {
    /// The book of `device`, a number that only this device has. Who may not export gets only contacts of his own, whatever was asked for.
    ///
    /// # Errors
    /// `NotFound` in an installation without contacts; those of the database.
    pub fn of(engine: &'a Engine, context: &'a RequestContext, device: i64, contacts: Contacts) -> Result<Self> {
        let snapshot = engine.snapshot();
        let choice = engine.database().read(|tx| choose(tx, &snapshot, context, contacts))?;
        let shelf = Shelf::of(engine, snapshot, context, &KIND, device)?;
        Ok(AddressBook { shelf, contacts, choice, lists: OnceCell::new() })
    }

    /// Whether the cards have their pictures: not in a book of very many. Of a book that was never compared it says so by comparing it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn has_pictures(&self) -> Result<bool> {
        let cards = match self.shelf.count_to(MAX_PICTURED + 1)? {
            Some(cards) => cards,
            None => {
                self.refresh()?;
                self.shelf.count_to(MAX_PICTURED + 1)?.unwrap_or_default()
            }
        };
        Ok(cards <= MAX_PICTURED)
    }

    /// The text of a card with its picture, which is read now.
    ///
    /// # Errors
    /// `Stored` for a card that is no text.
    pub fn with_picture(&self, found: BookCard) -> Result<String> {
        let photo = found.picture.as_ref().and_then(|file| card_photo(self.shelf.engine.files(), file));
        match photo {
            None => Ok(found.text),
            photo => text_of(&Card { photo, ..found.card }, found.version),
        }
    }

    /// The lists of which the book is made, the most wanted first: some of the cards that the device made, then what was chosen for it.
    fn queries(&self, tx: &mut ReadTx, object_type: &ObjectType, made: &[i64]) -> Result<Vec<ListQuery>> {
        let lists = self.lists(tx, object_type)?;
        let mut queries = Vec::new();
        if let Some(rule) = &lists.own_cards {
            for chunk in made.chunks(MAX_LIMIT) {
                queries.push(list_of(CheckedExpr::all_of([self.among(object_type, chunk)?, rule.clone()])));
            }
        }
        queries.extend(lists.parts.iter().cloned());
        Ok(queries)
    }

    fn lists(&self, tx: &mut ReadTx, object_type: &ObjectType) -> Result<&Lists> {
        if let Some(known) = self.lists.get() {
            return Ok(known);
        }
        let lists = self.choice.lists.clone().grounded(tx, object_type)?;
        Ok(self.lists.get_or_init(|| lists))
    }

    fn among(&self, object_type: &ObjectType, ids: &[i64]) -> Result<CheckedExpr> {
        let ids = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        compile(&format!("id in ({ids})"), object_type, self.shelf.context)
    }

    /// One page of cards; answers where the next one begins.
    fn page(
        &self,
        tx: &mut ReadTx,
        object_type: &ObjectType,
        query: &ListQuery,
        version: CardVersion,
        each: &mut dyn FnMut(BookCard) -> Result<()>,
    ) -> Result<Option<String>> {
        // All that a view finds by its words is in the book, not only the first of it.
        let read = if query.search.is_some() { list_whole } else { list };
        let page = read(tx, self.shelf.context, object_type, query)?;
        let mut wanted = References::default();
        page.records.iter().for_each(|record| wanted.add_record(object_type, record));
        let titles = Titles::load(tx, self.shelf.context, &self.shelf.snapshot.catalog, &wanted)?;
        let mut pictures = pictures_of(tx, object_type, &page.records)?;
        for record in page.records {
            let uid = self.shelf.uid_of(record.id);
            let picture = pictures.remove(&record.id);
            each(book_card(object_type, record, uid, &titles, version, picture)?)?;
        }
        Ok(page.next_cursor)
    }
}

/// The tag stands for the picture too, by the hash of it: comparing a book reads no pictures.
fn book_card(
    object_type: &ObjectType,
    record: Record,
    uid: String,
    titles: &Titles,
    version: CardVersion,
    picture: Option<StoredFile>,
) -> Result<BookCard> {
    let card = card_of(object_type, &record, titles).ok_or(EngineError::State("cards_not_supported"))?;
    let card = Card { uid, ..card };
    let plain = text_of(&card, CardVersion::V3)?;
    let picture_hash = picture.as_ref().map(|file| file.hash.as_str()).unwrap_or_default();
    // One tag for both versions: it stands for the contact, not for how it is written.
    let tag = tag_of(&format!("{plain}{picture_hash}"));
    let text = match version {
        CardVersion::V3 => plain,
        CardVersion::V4 => text_of(&card, version)?,
    };
    Ok(BookCard { id: record.id, tag, text, card, version, picture, record })
}

fn text_of(card: &Card, version: CardVersion) -> Result<String> {
    let mut bytes = Vec::new();
    write_card_as(&mut bytes, card, version)?;
    String::from_utf8(bytes).map_err(|error| EngineError::Stored(error.to_string()))
}
