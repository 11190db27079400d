//! Collections that devices keep in step with the program: what a device was told ([`store`]), and what it writes. The address book of a phone is one,
//! its calendars are others.
//!
//! What must stay true:
//! - the tag of an item changes whenever its text does, whatever the cause;
//! - who asks "what has changed since" hears of everything that came, changed or went, and of nothing that was never in his collection;
//! - an item is changed only by who names its tag as it stands; a new one is found under the name and the identifier that its device gave it;
//! - a device writes no faster than people need.
//!
//! A collection is compared as a whole with what was told before, instead of following events: rights, rules and references change what is in it without
//! touching its records. See `docs/decisions/0016-the-address-book-of-phones.md` and `docs/decisions/0044-calendars-of-phones.md`. It knows no HTTP.

mod store;

use std::collections::BTreeMap;

use database::{DatabaseError, Tx, hex};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::write::{Change, Outcome, apply_one};
use record_engine::{Engine, RequestContext, outbox};
use sha2::{Digest, Sha256};

pub use store::{Changes, MIGRATIONS, forget, forget_all_but};

use store::{Names, Place};

/// Most items that a device writes within [`WINDOW_MS`].
const MAX_WRITES: i64 = 300;
/// The time for that, in milliseconds.
const WINDOW_MS: i64 = 60_000;
/// Longest identifier of an item, in bytes.
const MAX_UID_LENGTH: usize = 255;
/// Bytes of a tag.
const TAG_BYTES: usize = 12;

/// What a collection is of.
#[derive(Debug)]
pub struct CollectionKind {
    /// Its key: `contacts`.
    pub key: &'static str,
    /// The type of its records.
    pub type_name: &'static str,
    /// What the names of items end with that the program gives.
    pub ending: &'static str,
    /// What the identifier of an item begins with, unless its device gave it one.
    pub uid_prefix: &'static str,
}

/// What every collection stands on: whose it is, and what his device called its items.
pub struct Shelf<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) snapshot: Snapshot,
    pub(crate) context: &'a RequestContext,
    pub(crate) kind: &'static CollectionKind,
    pub(crate) device: i64,
    names: Names,
}

impl<'a> Shelf<'a> {
    /// The shelf of a device, a number that only this device has.
    pub(crate) fn of(
        engine: &'a Engine,
        snapshot: Snapshot,
        context: &'a RequestContext,
        kind: &'static CollectionKind,
        device: i64,
    ) -> Result<Shelf<'a>> {
        let place = Place { device, collection: kind.key };
        let names = engine.database().read(|tx| store::names(tx, place))?;
        Ok(Shelf { engine, snapshot, context, kind, device, names })
    }

    fn place(&self) -> Place {
        Place { device: self.device, collection: self.kind.key }
    }

    /// The records that the device itself made, the newest first.
    pub(crate) fn made_here(&self) -> Vec<i64> {
        self.names.ids()
    }

    /// The identifier of a record.
    pub(crate) fn uid_of(&self, id: i64) -> String {
        self.names.uid(id).map_or_else(|| format!("{}{id}", self.kind.uid_prefix), String::from)
    }

    /// How many items there are, counted up to `most`; `None` when that was never looked at.
    pub(crate) fn count_to(&self, most: usize) -> Result<Option<usize>> {
        self.engine.database().read(|tx| store::count_to(tx, self.place(), most))
    }
}

/// An item of a collection.
pub trait Item: Clone {
    /// Id of the record.
    fn id(&self) -> i64;
    /// Another one whenever the text is another one.
    fn tag(&self) -> &str;
    /// Of the record.
    fn version(&self) -> i64;
}

/// The tag of what has this text.
pub(crate) fn tag_of(text: &str) -> String {
    hex(Sha256::digest(text).get(..TAG_BYTES).unwrap_or_default())
}

/// What a device says of the item that it writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It has this tag.
    Tag(String),
    /// It is there, whichever it is.
    Any,
    /// There is none.
    Nothing,
    /// Nothing was said.
    Unsaid,
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is new.
    Created,
    /// It was changed, or says what stood there already.
    Changed,
}

/// What is wrong with the text of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is none, or a value in it is none of its kind.
    Data,
    /// It is not one item.
    Object,
    /// It is of a kind that does not belong into the collection.
    Component,
    /// It comes again in a way that is not kept here.
    Repetition,
    /// It is too large.
    Size,
}

/// Why an item was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The item is another one than the device has, or it is there and should not be.
    #[error("the item is another one")]
    TagMismatch,
    /// The item stands, and the device did not say which one it has.
    #[error("no tag was named")]
    NoTag,
    /// It cannot be taken; what is wrong, and a word for it.
    #[error("the item cannot be taken: {1}")]
    Unfit(Unfit, String),
    /// Another item of the collection has its identifier; the name of that one.
    #[error("the identifier is that of {0}")]
    UidTaken(String),
    /// Names of this form are given by the program.
    #[error("the name is reserved")]
    ReservedName,
    /// The collection takes nothing: what it is made of is gone, not seen any more or cannot be read.
    #[error("the collection takes nothing")]
    TakesNothing,
    /// The device writes too much; when it may go on, in seconds.
    #[error("too many writes")]
    TooMany {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// The engine refused or failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<DatabaseError> for WriteError {
    fn from(error: DatabaseError) -> WriteError {
        WriteError::Engine(EngineError::Database(error))
    }
}

impl WriteError {
    /// Whether a unique index refused what the checks had let through: somebody else was faster.
    fn is_lost_race(&self) -> bool {
        matches!(self, WriteError::Engine(EngineError::Database(DatabaseError::Unique { .. })))
    }
}

/// A collection of one device. What is the same for all of them is provided: tags, tokens, names, and the order in which a write is checked.
pub trait Collection {
    /// In which forms its items can be had.
    type Form: Copy + Default;
    /// An item as it stands.
    type Item: Item;
    /// An item that a device sent, read.
    type Sent;
    /// A new record that is ready to be written.
    type New;

    /// What it stands on.
    fn shelf(&self) -> &Shelf<'_>;
    /// What it is made of; what a day may change is another one on the next day.
    fn contents(&self) -> String;
    /// What is in it changes from minute to minute without anything happening.
    fn follows_clock(&self) -> bool;
    /// Most items.
    fn most(&self) -> usize;
    /// Whether new items can come into it.
    ///
    /// # Errors
    /// Those of the database.
    fn takes_new(&self) -> Result<bool>;
    /// The items of some records, as they are now; what is not in the collection is left out.
    ///
    /// # Errors
    /// Those of the database.
    fn items(&self, ids: &[i64], form: Self::Form) -> Result<Vec<Self::Item>>;
    /// Hands every item to `each`.
    ///
    /// # Errors
    /// Those of the database and of `each`.
    fn each_item(&self, form: Self::Form, each: &mut dyn FnMut(Self::Item) -> Result<()>) -> Result<()>;
    /// Reads what a device sent.
    ///
    /// # Errors
    /// `Unfit`.
    fn read(&self, bytes: &[u8]) -> Result<Self::Sent, WriteError>;
    /// The identifier in it; empty for none.
    fn uid<'s>(&self, sent: &'s Self::Sent) -> &'s str;
    /// Writes what differs between an item and what came back.
    ///
    /// # Errors
    /// Why it was not written; then nothing has changed.
    fn change(&self, item: Self::Item, sent: Self::Sent) -> Result<Written, WriteError>;
    /// Makes a new record ready.
    ///
    /// # Errors
    /// What is wrong with it.
    fn prepare(&self, sent: Self::Sent) -> Result<Self::New, WriteError>;
    /// Writes a new record.
    ///
    /// # Errors
    /// Why it was not written.
    fn make(&self, tx: &mut Tx, new: &Self::New) -> Result<Outcome, WriteError>;

    /// The record behind the name of an item, whether it is in the collection or not.
    fn id_of(&self, name: &str) -> Option<i64> {
        let shelf = self.shelf();
        shelf.names.by_name(name).or_else(|| {
            let id = name.strip_suffix(shelf.kind.ending)?;
            // One name for one item: no signs, no zeros in front.
            let is_plain = !id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit());
            let id = id.parse().ok().filter(|_| is_plain)?;
            shelf.names.name(id).is_none().then_some(id)
        })
    }

    /// The name of a record's item on this device: the one that it gave, else the id.
    fn name_of(&self, id: i64) -> String {
        let shelf = self.shelf();
        shelf.names.name(id).map_or_else(|| format!("{id}{}", shelf.kind.ending), String::from)
    }

    /// The device.
    fn device(&self) -> i64 {
        self.shelf().device
    }

    /// Compares the collection with what was told of it before; answers the number of the last change.
    ///
    /// # Errors
    /// Those of the database.
    fn refresh(&self) -> Result<i64> {
        let (shelf, contents) = (self.shelf(), self.contents());
        let (seen, known) = shelf.engine.database().read(|tx| {
            Ok::<_, EngineError>((outbox::last_id_of(tx, &["records", "catalog"])?, store::find(tx, shelf.place())?))
        })?;
        // Where nothing has happened to records or the catalog there is nothing to compare, unless time itself is a condition. An event that
        // becomes visible late is found at the next one.
        let is_same = |known: &store::Told| known.outbox_id == seen && known.contents == contents;
        if let Some(known) = known.filter(|known| is_same(known) && !self.follows_clock()) {
            return Ok(known.number);
        }
        let mut tags = BTreeMap::new();
        self.each_item(Self::Form::default(), &mut |item| {
            tags.insert(item.id(), item.tag().to_owned());
            Ok(())
        })?;
        shelf.engine.write(|tx| store::compare(tx, shelf.place(), seen, &contents, &tags))
    }

    /// The ids and tags of all items, as they were told last.
    ///
    /// # Errors
    /// Those of the database.
    fn tags(&self) -> Result<Vec<(i64, String)>> {
        let shelf = self.shelf();
        shelf.engine.database().read(|tx| store::tags(tx, shelf.place()))
    }

    /// What has changed behind a number, at most `limit` items; `None` for a number that was never given out.
    ///
    /// # Errors
    /// Those of the database.
    fn changes(&self, after: i64, limit: usize) -> Result<Option<Changes>> {
        let shelf = self.shelf();
        shelf.engine.database().read(|tx| store::changes(tx, shelf.place(), after, limit))
    }

    /// The item of a name, if it is in the collection.
    ///
    /// # Errors
    /// Those of the database.
    fn standing(&self, name: &str, form: Self::Form) -> Result<Option<Self::Item>> {
        let Some(id) = self.id_of(name) else { return Ok(None) };
        Ok(self.items(&[id], form)?.pop())
    }

    /// Writes an item under a name.
    ///
    /// # Errors
    /// Why it was not written; then nothing has changed.
    fn put(&self, name: &str, expected: &Expected, bytes: &[u8]) -> Result<Written, WriteError> {
        count(self.shelf())?;
        let sent = self.read(bytes)?;
        let standing = self.standing(name, Self::Form::default())?;
        match (standing, expected) {
            (Some(found), Expected::Tag(tag)) if *tag == found.tag() => self.change(found, sent),
            // "Whatever it is" names no item either: nothing can be told from it.
            (Some(_), Expected::Unsaid | Expected::Any) => Err(WriteError::NoTag),
            (Some(_), _) | (None, Expected::Tag(_) | Expected::Any) => Err(WriteError::TagMismatch),
            (None, Expected::Nothing | Expected::Unsaid) => self.create(name, sent),
        }
    }

    /// Moves the record of an item to the trash. Without a tag too: some programs name none, and the trash gives it back.
    ///
    /// # Errors
    /// Why it still stands; `NotFound` for a name that is not in the collection.
    fn remove(&self, name: &str, expected: &Expected) -> Result<(), WriteError> {
        let shelf = self.shelf();
        count(shelf)?;
        let found = match (self.standing(name, Self::Form::default())?, expected) {
            (Some(found), Expected::Unsaid | Expected::Any) => found,
            (Some(found), Expected::Tag(tag)) if *tag == found.tag() => found,
            (Some(_), _) | (None, Expected::Tag(_) | Expected::Any) => return Err(WriteError::TagMismatch),
            (None, _) => return Err(EngineError::NotFound.into()),
        };
        let object_type = shelf.snapshot.object_type(shelf.kind.type_name)?;
        write(shelf, |tx| {
            let change = Change::Delete { id: found.id(), base_version: Some(found.version()) };
            apply_one(tx, shelf.snapshot.writer(), shelf.context, &object_type, change)?;
            Ok(())
        })
    }

    /// Makes a new item under a name.
    ///
    /// # Errors
    /// Why it was not made.
    fn create(&self, name: &str, sent: Self::Sent) -> Result<Written, WriteError> {
        let shelf = self.shelf();
        if is_own_form(shelf.kind, name) {
            return Err(WriteError::ReservedName);
        }
        if !self.takes_new()? {
            return Err(WriteError::TakesNothing);
        }
        let uid = self.free_uid(self.uid(&sent))?;
        let new = self.prepare(sent)?;
        let known = shelf.names.by_name(name);
        write(shelf, |tx| {
            // Two requests with one name: the second one finds the item of the first.
            if store::id_by_name(tx, shelf.place(), name)? != known {
                return Err(WriteError::TagMismatch);
            }
            if let Outcome::Created(id) = self.make(tx, &new)? {
                store::name_record(tx, shelf.place(), id, name, &uid)?;
            }
            Ok(Written::Created)
        })
    }

    /// The identifier under which a new item is kept; empty for our own, which the item of a record that is gone may still have.
    ///
    /// # Errors
    /// `UidTaken`; those of the database.
    fn free_uid(&self, uid: &str) -> Result<String, WriteError> {
        let shelf = self.shelf();
        let own: Option<i64> = uid.strip_prefix(shelf.kind.uid_prefix).and_then(|id| id.parse().ok());
        if let Some(id) = shelf.names.by_uid(uid).or(own)
            && let Some(found) = self.items(&[id], Self::Form::default())?.pop()
        {
            return Err(WriteError::UidTaken(self.name_of(found.id())));
        }
        let is_kept = own.is_none() && uid.len() <= MAX_UID_LENGTH;
        Ok(if is_kept { uid.to_owned() } else { String::new() })
    }
}

/// Writes once, and once more when somebody else was faster: the second time the checks see it.
pub(crate) fn write<T>(shelf: &Shelf<'_>, work: impl Fn(&mut Tx) -> Result<T, WriteError>) -> Result<T, WriteError> {
    match shelf.engine.write(&work) {
        Err(error) if error.is_lost_race() => shelf.engine.write(&work),
        result => result,
    }
}

/// Counts an attempt, whatever becomes of it: also an item that is refused has to be read, and a picture in it decoded.
fn count(shelf: &Shelf<'_>) -> Result<(), WriteError> {
    let now_ms = shelf.context.now_ms;
    let counted = shelf.engine.write(|tx| store::count_write(tx, shelf.device, now_ms, WINDOW_MS, MAX_WRITES))?;
    let Some(since) = counted else { return Ok(()) };
    let wait_ms = (since + WINDOW_MS - now_ms).max(1_000);
    Err(WriteError::TooMany { retry_after_s: u64::try_from(wait_ms / 1_000).unwrap_or(1) })
}

/// Whether a name is one that the program gives: the id of a record.
fn is_own_form(kind: &CollectionKind, name: &str) -> bool {
    let id = name.strip_suffix(kind.ending);
    id.is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
}
