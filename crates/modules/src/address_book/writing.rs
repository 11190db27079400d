//! The cards of a book as a collection, and those that a device writes.
//!
//! What must stay true: only what differs from the card as the device got it is written; everything goes through the write path of the engine, as the
//! owner of the device.

use std::collections::BTreeSet;

use database::Tx;
use file_formats::{Card, CardVersion, read_card};
use filter_language::CheckedExpr;
use record_engine::catalog::ObjectType;
use record_engine::context::date_of;
use record_engine::error::Result;
use record_engine::query::ListQuery;
use record_engine::query::page::MAX_LIMIT;
use record_engine::write::Outcome;
use serde_json::json;

use super::{AddressBook, BookCard, Contacts, MAX_CARDS, TYPE, text_of};
use crate::collections::{Collection, Shelf, Unfit, WriteError, Written, write};
use crate::exchange::{CardChange, CardReading, CardTarget, card_photo, write_card_change};

/// Largest card, in bytes: a picture of three megabytes and some text.
pub const MAX_CARD_BYTES: usize = 4 << 20;

impl Collection for AddressBook<'_> {
    type Form = CardVersion;
    type Item = BookCard;
    type Sent = Card;
    type New = CardChange;

    fn shelf(&self) -> &Shelf<'_> {
        &self.shelf
    }

    /// One that a day may change is another one on the next day.
    fn contents(&self) -> String {
        match self.contacts {
            Contacts::Own | Contacts::All => self.contacts.key(),
            Contacts::View(_) | Contacts::Group(_) => {
                format!("{} {}", self.contacts.key(), date_of(self.shelf.context.now_ms))
            }
        }
    }

    fn follows_clock(&self) -> bool {
        self.choice.follows_clock
    }

    fn most(&self) -> usize {
        MAX_CARDS
    }

    /// Not where its view or group is gone, is not seen any more or cannot be read.
    fn takes_new(&self) -> Result<bool> {
        let object_type = &*self.shelf.snapshot.object_type(TYPE)?;
        self.shelf.engine.database().read(|tx| Ok(self.lists(tx, object_type)?.own_cards.is_some()))
    }

    /// Without their pictures.
    fn items(&self, ids: &[i64], version: CardVersion) -> Result<Vec<BookCard>> {
        let mut cards = Vec::with_capacity(ids.len());
        let object_type = &*self.shelf.snapshot.object_type(TYPE)?;
        self.shelf.engine.database().read(|tx| {
            let mut open: BTreeSet<i64> = ids.iter().copied().collect();
            let made: Vec<i64> = self.shelf.made_here().into_iter().filter(|id| open.contains(id)).collect();
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

    /// Without their pictures, the own contacts first, then the newest.
    fn each_item(&self, version: CardVersion, each: &mut dyn FnMut(BookCard) -> Result<()>) -> Result<()> {
        let mut told = BTreeSet::new();
        let object_type = &*self.shelf.snapshot.object_type(TYPE)?;
        self.shelf.engine.database().read(|tx| {
            for mut query in self.queries(tx, object_type, &self.shelf.made_here())? {
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

    fn read(&self, bytes: &[u8]) -> Result<Card, WriteError> {
        read_card(bytes).map_err(|error| WriteError::Unfit(Unfit::Data, error.to_string()))
    }

    fn uid<'s>(&self, sent: &'s Card) -> &'s str {
        &sent.uid
    }

    fn change(&self, found: BookCard, back: Card) -> Result<Written, WriteError> {
        let object_type = self.shelf.snapshot.object_type(TYPE)?;
        let reading = self.reading(&object_type);
        // As the device got it: written and read, so that what a card cannot hold is no difference.
        let mut sent = self.read(text_of(&found.card, CardVersion::V3)?.as_bytes())?;
        // Also in a book that is sent without pictures: the device may have it from before.
        sent.photo = found.picture.as_ref().and_then(|file| card_photo(self.shelf.engine.files(), file));
        let change = reading.change(&found.record, &sent, back)?;
        if change.is_empty() {
            return Ok(Written::Changed);
        }
        let target = CardTarget::Standing(found.record);
        write(&self.shelf, |tx| {
            write_card_change(tx, &reading, &change, &target)?;
            Ok(Written::Changed)
        })
    }

    fn prepare(&self, card: Card) -> Result<CardChange, WriteError> {
        let object_type = self.shelf.snapshot.object_type(TYPE)?;
        let mut change = self.reading(&object_type).new_record(card)?;
        if let Some(group) = self.choice.joins {
            change.set("groups", json!([group]));
        }
        Ok(change)
    }

    fn make(&self, tx: &mut Tx, change: &CardChange) -> Result<Outcome, WriteError> {
        let object_type = self.shelf.snapshot.object_type(TYPE)?;
        Ok(write_card_change(tx, &self.reading(&object_type), change, &CardTarget::New)?)
    }
}

impl AddressBook<'_> {
    fn reading<'r>(&'r self, object_type: &'r ObjectType) -> CardReading<'r> {
        let Shelf { engine, snapshot, context, .. } = &self.shelf;
        CardReading { snapshot, context, object_type, files: engine.files() }
    }
}
