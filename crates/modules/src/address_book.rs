//! The address book of a phone: which contacts are in it, their cards, and what has changed since the phone last asked.
//!
//! What must stay true:
//! - a card is in the book of a device exactly while its reader sees the contact, it is in what he asked for, and it has a phone or an e-mail;
//! - the tag of a card changes whenever its text does, whatever the cause: a company renamed changes the cards of its people;
//! - who asks "what has changed since" hears of everything that came, changed or went, and of nothing that was never in his book.
//!
//! A book is compared as a whole with what was told before ([`store`]), instead of following events: rights, rules and references change what
//! is in it without touching the contact. See `docs/decisions/0016-the-address-book-of-phones.md`.
//!
//! It requires `exchange`, for how a record becomes a card. It knows no HTTP.

mod store;

use std::collections::{BTreeMap, BTreeSet};

use database::ReadTx;
use file_formats::{Card, write_card_as};
use record_engine::access::compile;
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::files::StoredFile;
use record_engine::query::page::MAX_LIMIT;
use record_engine::query::present::{References, Titles};
use record_engine::query::{ListQuery, Sort, list};
use record_engine::{Engine, Record, RequestContext, outbox};
use sha2::{Digest, Sha256};

use crate::exchange::{card_of, card_photo, pictures_of};

pub use file_formats::CardVersion;
pub use store::{Changes, MIGRATIONS, forget, forget_all_but};

/// Most cards of a book; phones get slow with more.
pub const MAX_CARDS: usize = 10_000;
/// Most cards of a book that has pictures: each is some ten kilobytes, and an answer is put together in memory.
const MAX_PICTURED: usize = 2_000;

/// The type whose records are cards.
const TYPE: &str = "contact";
/// Who cannot be called or written to has no use in a phone.
const REACHABLE: &str = "(channels.phone is not empty or channels.email is not empty)";
const OWN: &str = "managers has me";
/// Bytes of a tag.
const TAG_BYTES: usize = 12;

/// Which contacts a device gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contacts {
    /// Those that the reader is responsible for.
    Own,
    /// All that he sees, his own first; for those who may export.
    All,
}

impl Contacts {
    /// By its key.
    pub fn from_key(key: &str) -> Option<Contacts> {
        match key {
            "own" => Some(Contacts::Own),
            "all" => Some(Contacts::All),
            _ => None,
        }
    }
}

/// Whether the reader may have all contacts that he sees on a device: who may export.
///
/// # Errors
/// `NotFound` in an installation without contacts.
pub fn may_have_all(engine: &Engine, context: &RequestContext) -> Result<bool> {
    Ok(engine.snapshot().object_type(TYPE)?.access().grants(context.actor).export)
}

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
}

impl BookCard {
    /// Whether the contact has a picture.
    pub fn has_picture(&self) -> bool {
        self.picture.is_some()
    }
}

/// The book of one device.
pub struct AddressBook<'a> {
    engine: &'a Engine,
    snapshot: Snapshot,
    context: &'a RequestContext,
    device: i64,
    contacts: Contacts,
}

impl<'a> AddressBook<'a> {
    /// The book of `device`, a number that only this device has. Who may not export gets his own contacts, whatever was asked for.
    ///
    /// # Errors
    /// `NotFound` in an installation without contacts.
    pub fn of(engine: &'a Engine, context: &'a RequestContext, device: i64, contacts: Contacts) -> Result<Self> {
        let snapshot = engine.snapshot();
        let may_export = snapshot.object_type(TYPE)?.access().grants(context.actor).export;
        let contacts = if may_export { contacts } else { Contacts::Own };
        Ok(AddressBook { engine, snapshot, context, device, contacts })
    }

    /// The device.
    pub fn device(&self) -> i64 {
        self.device
    }

    /// Compares the book with what was told of it before; answers the number of the last change.
    ///
    /// # Errors
    /// Those of the database.
    pub fn refresh(&self) -> Result<i64> {
        let (seen, known) = self.engine.database().read(|tx| {
            Ok::<_, EngineError>((outbox::last_id_of(tx, &["records", "catalog"])?, store::find(tx, self.device)?))
        })?;
        // Where nothing has happened to records or the catalog there is nothing to compare. An event that becomes visible late is found at the next one.
        if let Some(known) = known.filter(|known| known.outbox_id == seen && known.contacts == self.key()) {
            return Ok(known.number);
        }
        let mut tags = BTreeMap::new();
        self.each_card(CardVersion::V3, &mut |card| {
            tags.insert(card.id, card.tag);
            Ok(())
        })?;
        self.engine.write(|tx| store::compare(tx, self.device, seen, self.key(), &tags))
    }

    /// The ids and tags of all cards, as they were told last.
    ///
    /// # Errors
    /// Those of the database.
    pub fn tags(&self) -> Result<Vec<(i64, String)>> {
        self.engine.database().read(|tx| store::tags(tx, self.device))
    }

    /// What has changed behind a number, at most `limit` cards; `None` for a number that was never given out.
    ///
    /// # Errors
    /// Those of the database.
    pub fn changes(&self, after: i64, limit: usize) -> Result<Option<Changes>> {
        self.engine.database().read(|tx| store::changes(tx, self.device, after, limit))
    }

    /// The cards of some contacts, as they are now and without their pictures; what is not in the book is left out.
    ///
    /// # Errors
    /// Those of the database.
    pub fn cards(&self, ids: &[i64], version: CardVersion) -> Result<Vec<BookCard>> {
        let own = self.filters().join(" or ");
        let mut cards = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(MAX_LIMIT) {
            let wanted = chunk.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let filter = format!("id in ({wanted}) and ({own})");
            self.engine.database().read(|tx| {
                self.page(tx, &filter, None, version, &mut |card| {
                    cards.push(card);
                    Ok(())
                })
            })?;
        }
        Ok(cards)
    }

    /// Whether the cards have their pictures: not in a book of very many. Of a book that was never compared it says so by comparing it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn has_pictures(&self) -> Result<bool> {
        let count = |tx: &mut ReadTx| store::count_to(tx, self.device, MAX_PICTURED + 1);
        let counted = self.engine.database().read(count)?;
        let cards = match counted {
            Some(cards) => cards,
            None => {
                self.refresh()?;
                self.engine.database().read(count)?.unwrap_or_default()
            }
        };
        Ok(cards <= MAX_PICTURED)
    }

    /// The text of a card with its picture, which is read now.
    ///
    /// # Errors
    /// `Stored` for a card that is no text.
    pub fn with_picture(&self, found: BookCard) -> Result<String> {
        let photo = found.picture.as_ref().and_then(|file| card_photo(self.engine.files(), file));
        match photo {
            None => Ok(found.text),
            photo => text_of(&Card { photo, ..found.card }, found.version),
        }
    }

    /// Hands every card of the book to `each`, without its picture, the own contacts first, then the newest; at most [`MAX_CARDS`].
    ///
    /// # Errors
    /// Those of the database and of `each`.
    pub fn each_card(&self, version: CardVersion, each: &mut dyn FnMut(BookCard) -> Result<()>) -> Result<()> {
        let mut told = BTreeSet::new();
        self.engine.database().read(|tx| {
            for filter in self.filters() {
                let mut cursor = None;
                loop {
                    cursor = self.page(tx, &filter, cursor.as_deref(), version, &mut |card| {
                        if told.len() < MAX_CARDS && told.insert(card.id) { each(card) } else { Ok(()) }
                    })?;
                    if cursor.is_none() || told.len() >= MAX_CARDS {
                        break;
                    }
                }
            }
            Ok(())
        })
    }

    fn key(&self) -> &'static str {
        match self.contacts {
            Contacts::Own => "own",
            Contacts::All => "all",
        }
    }

    /// Who is in the book, the most wanted first.
    fn filters(&self) -> Vec<String> {
        let own = format!("({OWN} and {REACHABLE})");
        match self.contacts {
            Contacts::Own => vec![own],
            Contacts::All => vec![own, REACHABLE.to_owned()],
        }
    }

    /// One page of cards; answers where the next one begins.
    fn page(
        &self,
        tx: &mut ReadTx,
        filter: &str,
        cursor: Option<&str>,
        version: CardVersion,
        each: &mut dyn FnMut(BookCard) -> Result<()>,
    ) -> Result<Option<String>> {
        let object_type = &*self.snapshot.object_type(TYPE)?;
        let query = ListQuery {
            filter: compile(filter, object_type, self.context)?,
            sort: vec![Sort { field: "id".into(), is_descending: true }],
            limit: MAX_LIMIT,
            cursor: cursor.map(String::from),
            ..ListQuery::default()
        };
        let page = list(tx, self.context, object_type, &query)?;
        let mut wanted = References::default();
        page.records.iter().for_each(|record| wanted.add_record(object_type, record));
        let titles = Titles::load(tx, self.context, &self.snapshot.catalog, &wanted)?;
        let mut pictures = pictures_of(tx, object_type, &page.records)?;
        for record in &page.records {
            each(book_card(object_type, record, &titles, version, pictures.remove(&record.id))?)?;
        }
        Ok(page.next_cursor)
    }
}

/// The tag stands for the picture too, by the hash of it: comparing a book reads no pictures.
fn book_card(
    object_type: &ObjectType,
    record: &Record,
    titles: &Titles,
    version: CardVersion,
    picture: Option<StoredFile>,
) -> Result<BookCard> {
    let card = card_of(object_type, record, titles).ok_or(EngineError::State("cards_not_supported"))?;
    let card = Card { uid: format!("kartoteka-contact-{}", record.id), ..card };
    let plain = text_of(&card, CardVersion::V3)?;
    let picture_hash = picture.as_ref().map(|file| file.hash.as_str()).unwrap_or_default();
    // One tag for both versions: it stands for the contact, not for how it is written.
    let tag = Sha256::digest(format!("{plain}{picture_hash}"))
        .iter()
        .take(TAG_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let text = match version {
        CardVersion::V3 => plain,
        CardVersion::V4 => text_of(&card, version)?,
    };
    Ok(BookCard { id: record.id, tag, text, card, version, picture })
}

fn text_of(card: &Card, version: CardVersion) -> Result<String> {
    let mut bytes = Vec::new();
    write_card_as(&mut bytes, card, version)?;
    String::from_utf8(bytes).map_err(|error| EngineError::Stored(error.to_string()))
}
