//! The address book of a phone: which contacts are in it ([`contacts`]), their cards, what has changed since the phone last asked, and what the
//! phone writes ([`writing`]).
//!
//! What must stay true:
//! - a card is in the book of a device exactly while its reader sees the contact, it is in what he asked for, and it has a phone or an e-mail;
//!   the cards that the device itself made stay in it also when they do not fit, since it looks for them;
//! - the tag of a card changes whenever its text does, whatever the cause: a company renamed changes the cards of its people;
//! - who asks "what has changed since" hears of everything that came, changed or went, and of nothing that was never in his book.
//!
//! A book is compared as a whole with what was told before ([`store`]), instead of following events: rights, rules and references change what
//! is in it without touching the contact. See `docs/decisions/0016-the-address-book-of-phones.md`.
//!
//! It requires `exchange`, for how a record becomes a card and a card a record, and `groups`. It knows no HTTP.

mod contacts;
mod store;
mod writing;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use database::{ReadTx, hex};
use file_formats::{Card, write_card_as};
use filter_language::CheckedExpr;
use record_engine::access::compile;
use record_engine::catalog::ObjectType;
use record_engine::context::date_of;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::files::StoredFile;
use record_engine::query::page::MAX_LIMIT;
use record_engine::query::present::{References, Titles};
use record_engine::query::{ListQuery, list, list_whole};
use record_engine::{Engine, Record, RequestContext, outbox};
use sha2::{Digest, Sha256};

use crate::exchange::{card_of, card_photo, pictures_of};

pub use contacts::{Contacts, may_have_all, title_of};
pub use file_formats::CardVersion;
pub use store::{Changes, MIGRATIONS, forget, forget_all_but};
pub use writing::{Expected, MAX_CARD_BYTES, WriteError, Written};

use contacts::{Choice, Lists, choose, list_of};
use store::Names;

/// Most cards of a book; phones get slow with more.
pub const MAX_CARDS: usize = 10_000;
/// Most cards of a book that has pictures: each is some ten kilobytes, and an answer is put together in memory.
const MAX_PICTURED: usize = 2_000;

/// The type whose records are cards.
const TYPE: &str = "contact";
/// Who cannot be called or written to has no use in a phone.
const REACHABLE: &str = "(channels.phone is not empty or channels.email is not empty)";
const OWN: &str = "managers has me";
/// What the identifier of a card begins with, unless its device gave it one.
const UID_PREFIX: &str = "kartoteka-contact-";
/// Bytes of a tag.
const TAG_BYTES: usize = 12;

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
    choice: Choice,
    /// The lists of the choice with what they say about the map, once somebody has read them.
    lists: OnceCell<Lists>,
    names: Names,
}

impl<'a> AddressBook<'a> {
    /// The book of `device`, a number that only this device has. Who may not export gets only contacts of his own, whatever was asked for.
    ///
    /// # Errors
    /// `NotFound` in an installation without contacts; those of the database.
    pub fn of(engine: &'a Engine, context: &'a RequestContext, device: i64, contacts: Contacts) -> Result<Self> {
        let snapshot = engine.snapshot();
        let (choice, names) = engine
            .database()
            .read(|tx| Ok::<_, EngineError>((choose(tx, &snapshot, context, contacts)?, store::names(tx, device)?)))?;
        Ok(AddressBook { engine, snapshot, context, device, contacts, choice, lists: OnceCell::new(), names })
    }

    /// The contact behind the name of a card, whether it is in the book or not.
    pub fn id_of(&self, name: &str) -> Option<i64> {
        self.names.by_name(name).or_else(|| {
            let id = name.strip_suffix(".vcf")?;
            // One name for one card: no signs, no zeros in front.
            let is_plain = !id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit());
            let id = id.parse().ok().filter(|_| is_plain)?;
            self.names.name(id).is_none().then_some(id)
        })
    }

    /// The name of a contact's card on this device: the one that it gave, else the id.
    pub fn name_of(&self, id: i64) -> String {
        self.names.name(id).map_or_else(|| format!("{id}.vcf"), String::from)
    }

    /// The device.
    pub fn device(&self) -> i64 {
        self.device
    }

    /// Whether there is a book that new cards can come into: not where its view or group is gone, is not seen any more or cannot be read.
    ///
    /// # Errors
    /// Those of the database.
    pub fn takes_cards(&self) -> Result<bool> {
        let object_type = &*self.snapshot.object_type(TYPE)?;
        self.engine.database().read(|tx| Ok(self.lists(tx, object_type)?.own_cards.is_some()))
    }

    /// Compares the book with what was told of it before; answers the number of the last change.
    ///
    /// # Errors
    /// Those of the database.
    pub fn refresh(&self) -> Result<i64> {
        let key = self.key();
        let (seen, known) = self.engine.database().read(|tx| {
            Ok::<_, EngineError>((outbox::last_id_of(tx, &["records", "catalog"])?, store::find(tx, self.device)?))
        })?;
        // Where nothing has happened to records or the catalog there is nothing to compare, unless time itself is a condition. An event that
        // becomes visible late is found at the next one.
        let is_same = |known: &store::Told| known.outbox_id == seen && known.contacts == key;
        if let Some(known) = known.filter(|known| is_same(known) && !self.choice.follows_clock) {
            return Ok(known.number);
        }
        let mut tags = BTreeMap::new();
        self.each_card(CardVersion::V3, &mut |card| {
            tags.insert(card.id, card.tag);
            Ok(())
        })?;
        self.engine.write(|tx| store::compare(tx, self.device, seen, &key, &tags))
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
        let mut cards = Vec::with_capacity(ids.len());
        let object_type = &*self.snapshot.object_type(TYPE)?;
        self.engine.database().read(|tx| {
            let mut open: BTreeSet<i64> = ids.iter().copied().collect();
            let made: Vec<i64> = self.names.ids().into_iter().filter(|id| open.contains(id)).collect();
            for part in self.queries(tx, object_type, &made)? {
                let wanted: Vec<i64> = open.iter().copied().collect();
                for chunk in wanted.chunks(MAX_LIMIT) {
                    let chosen = self.among(object_type, chunk)?;
                    let filter = CheckedExpr::all_of([chosen, part.filter.clone()]);
                    self.page(tx, object_type, &ListQuery { filter, ..part.clone() }, version, &mut |card| {
                        open.remove(&card.id);
                        cards.push(card);
                        Ok(())
                    })?;
                }
            }
            Ok(cards)
        })
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
        let object_type = &*self.snapshot.object_type(TYPE)?;
        self.engine.database().read(|tx| {
            for mut query in self.queries(tx, object_type, &self.names.ids())? {
                loop {
                    query.cursor = self.page(tx, object_type, &query, version, &mut |card| {
                        if told.len() < MAX_CARDS && told.insert(card.id) { each(card) } else { Ok(()) }
                    })?;
                    if query.cursor.is_none() || told.len() >= MAX_CARDS {
                        break;
                    }
                }
            }
            Ok(())
        })
    }

    /// Which book was told; one that a day may change is another one on the next day.
    fn key(&self) -> String {
        match self.contacts {
            Contacts::Own | Contacts::All => self.contacts.key(),
            Contacts::View(_) | Contacts::Group(_) => {
                format!("{} {}", self.contacts.key(), date_of(self.context.now_ms))
            }
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
        compile(&format!("id in ({ids})"), object_type, self.context)
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
        let page = read(tx, self.context, object_type, query)?;
        let mut wanted = References::default();
        page.records.iter().for_each(|record| wanted.add_record(object_type, record));
        let titles = Titles::load(tx, self.context, &self.snapshot.catalog, &wanted)?;
        let mut pictures = pictures_of(tx, object_type, &page.records)?;
        for record in page.records {
            let uid = self.names.uid(record.id).map_or_else(|| format!("{UID_PREFIX}{}", record.id), String::from);
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
    let whole = Sha256::digest(format!("{plain}{picture_hash}"));
    let tag = hex(whole.get(..TAG_BYTES).unwrap_or_default());
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
