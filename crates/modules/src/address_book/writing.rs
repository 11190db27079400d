//! Cards that a device writes: changed, new, deleted.
//!
//! What must stay true: a card is changed only by who names the tag of the card as it stands, and only in what differs from that card; a new
//! card is found under the name and the identifier that its device gave it; everything goes through the write path of the engine, as the owner
//! of the device; a device writes no faster than people need.

use database::{DatabaseError, Tx};
use file_formats::{CardVersion, FormatError, read_card};
use record_engine::error::EngineError;
use record_engine::write::{Change, Outcome, apply_one};
use serde_json::json;

use super::{AddressBook, BookCard, TYPE, store, text_of};
use crate::exchange::{CardReading, CardTarget, card_photo, write_card_change};

/// Largest card, in bytes: a picture of three megabytes and some text.
pub const MAX_CARD_BYTES: usize = 4 << 20;
/// Most cards that a device writes within [`WINDOW_MS`].
const MAX_WRITES: i64 = 300;
/// The time for that, in milliseconds.
const WINDOW_MS: i64 = 60_000;
/// Longest identifier of a card, in bytes.
const MAX_UID_LENGTH: usize = 255;

/// What a device says of the card that it writes.
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

/// What became of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is new.
    Created,
    /// It was changed, or says what stood there already.
    Changed,
}

/// Why a card was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The card is another one than the device has, or it is there and should not be.
    #[error("the card is another one")]
    TagMismatch,
    /// The card stands, and the device did not say which one it has.
    #[error("no tag was named")]
    NoTag,
    /// It is no card.
    #[error("no card: {0}")]
    NotACard(FormatError),
    /// Another card of the book has its identifier; the name of that one.
    #[error("the identifier is that of {0}")]
    UidTaken(String),
    /// Names of this form are given by the program.
    #[error("the name is reserved")]
    ReservedName,
    /// The book takes no cards: its view or group is gone, not seen any more or cannot be read.
    #[error("the book takes no cards")]
    NoBook,
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

impl AddressBook<'_> {
    /// Writes a card under a name.
    ///
    /// # Errors
    /// Why it was not written; then nothing has changed.
    pub fn put(&self, name: &str, expected: &Expected, text: &[u8]) -> Result<Written, WriteError> {
        self.count()?;
        let card = read_card(text).map_err(WriteError::NotACard)?;
        let standing = self.standing(name)?;
        match (standing, expected) {
            (Some(found), Expected::Tag(tag)) if *tag == found.tag => self.change(found, card),
            // "Whatever it is" names no card either: nothing can be told from it.
            (Some(_), Expected::Unsaid | Expected::Any) => Err(WriteError::NoTag),
            (Some(_), _) | (None, Expected::Tag(_) | Expected::Any) => Err(WriteError::TagMismatch),
            (None, Expected::Nothing | Expected::Unsaid) => self.create(name, card),
        }
    }

    /// Moves the contact of a card to the trash. Without a tag too: some programs name none, and the trash gives it back.
    ///
    /// # Errors
    /// Why it still stands; `NotFound` for a name that is not in the book.
    pub fn remove(&self, name: &str, expected: &Expected) -> Result<(), WriteError> {
        self.count()?;
        let found = match (self.standing(name)?, expected) {
            (Some(found), Expected::Unsaid | Expected::Any) => found,
            (Some(found), Expected::Tag(tag)) if *tag == found.tag => found,
            (Some(_), _) | (None, Expected::Tag(_) | Expected::Any) => return Err(WriteError::TagMismatch),
            (None, _) => return Err(EngineError::NotFound.into()),
        };
        let object_type = self.snapshot.object_type(TYPE)?;
        self.write(|tx| {
            let change = Change::Delete { id: found.id, base_version: Some(found.record.version) };
            apply_one(tx, self.snapshot.writer(), self.context, &object_type, change)?;
            Ok(())
        })
    }

    fn standing(&self, name: &str) -> Result<Option<BookCard>, WriteError> {
        let Some(id) = self.id_of(name) else { return Ok(None) };
        Ok(self.cards(&[id], CardVersion::V3)?.pop())
    }

    fn change(&self, found: BookCard, back: file_formats::Card) -> Result<Written, WriteError> {
        let object_type = self.snapshot.object_type(TYPE)?;
        let reading = self.reading(&object_type);
        // As the device got it: written and read, so that what a card cannot hold is no difference.
        let mut sent = read_card(text_of(&found.card, CardVersion::V3)?.as_bytes()).map_err(WriteError::NotACard)?;
        // Also in a book that is sent without pictures: the device may have it from before.
        sent.photo = found.picture.as_ref().and_then(|file| card_photo(self.engine.files(), file));
        let change = reading.change(&found.record, &sent, back)?;
        if change.is_empty() {
            return Ok(Written::Changed);
        }
        let target = CardTarget::Standing(found.record);
        self.write(|tx| {
            write_card_change(tx, &reading, &change, &target)?;
            Ok(Written::Changed)
        })
    }

    fn create(&self, name: &str, card: file_formats::Card) -> Result<Written, WriteError> {
        if is_own_form(name) {
            return Err(WriteError::ReservedName);
        }
        if !self.takes_cards()? {
            return Err(WriteError::NoBook);
        }
        let uid = self.free_uid(&card.uid)?;
        let object_type = self.snapshot.object_type(TYPE)?;
        let reading = self.reading(&object_type);
        let mut change = reading.new_record(card)?;
        if let Some(group) = self.choice.joins {
            change.set("groups", json!([group]));
        }
        let known = self.names.by_name(name);
        self.write(|tx| {
            // Two requests with one name: the second one finds the card of the first.
            if store::id_by_name(tx, self.device, name)? != known {
                return Err(WriteError::TagMismatch);
            }
            let outcome = write_card_change(tx, &reading, &change, &CardTarget::New)?;
            if let Outcome::Created(id) = outcome {
                store::name_card(tx, self.device, id, name, &uid)?;
            }
            Ok(Written::Created)
        })
    }

    /// The identifier under which a new card is kept; empty for our own, which the card of a contact that is gone may still have.
    fn free_uid(&self, uid: &str) -> Result<String, WriteError> {
        let id = self.names.by_uid(uid).or_else(|| own_uid(uid));
        if let Some(id) = id
            && let Some(found) = self.cards(&[id], CardVersion::V3)?.pop()
        {
            return Err(WriteError::UidTaken(self.name_of(found.id)));
        }
        let is_kept = own_uid(uid).is_none() && uid.len() <= MAX_UID_LENGTH;
        Ok(if is_kept { uid.to_owned() } else { String::new() })
    }

    fn reading<'r>(&'r self, object_type: &'r record_engine::catalog::ObjectType) -> CardReading<'r> {
        CardReading { snapshot: &self.snapshot, context: self.context, object_type, files: self.engine.files() }
    }

    /// Writes once, and once more when somebody else was faster: the second time the checks see it.
    fn write<T>(&self, work: impl Fn(&mut Tx) -> Result<T, WriteError>) -> Result<T, WriteError> {
        match self.engine.write(&work) {
            Err(error) if error.is_lost_race() => self.engine.write(&work),
            result => result,
        }
    }

    /// Counts an attempt, whatever becomes of it: also a card that is refused has to be read, and its picture decoded.
    fn count(&self) -> Result<(), WriteError> {
        let now_ms = self.context.now_ms;
        let counted = self.engine.write(|tx| store::count_write(tx, self.device, now_ms, WINDOW_MS, MAX_WRITES))?;
        let Some(since) = counted else { return Ok(()) };
        let wait_ms = (since + WINDOW_MS - now_ms).max(1_000);
        Err(WriteError::TooMany { retry_after_s: u64::try_from(wait_ms / 1_000).unwrap_or(1) })
    }
}

/// Whether a name is one that the program gives: the id of a contact.
fn is_own_form(name: &str) -> bool {
    name.strip_suffix(".vcf").is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The contact that an identifier of our own names.
fn own_uid(uid: &str) -> Option<i64> {
    uid.strip_prefix(super::UID_PREFIX)?.parse().ok()
}
