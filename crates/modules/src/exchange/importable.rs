//! What an object type adds to the general import and export: targets of its own, words for its fields, links that may make records, cards.
//! A type without such knowledge needs nothing of this: its fields are targets already.

use std::collections::BTreeMap;

use file_formats::Card;
use record_engine::catalog::ObjectType;
use record_engine::record::Values;
use serde_json::Value as Json;

use super::contact::ContactExchange;

/// A target beside the fields.
pub(crate) struct ExtraTarget {
    /// Key in mappings.
    pub key: &'static str,
    /// English, Russian, Ukrainian.
    pub labels: [&'static str; 3],
    /// Group in the list of targets.
    pub group: &'static str,
}

/// What values of a column without a known header look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Days.
    Date,
    /// Two to four capitalised words.
    PersonName,
}

/// The picture of a card, before anybody has looked into it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CardPicture {
    /// A file within the card.
    File(Vec<u8>),
    /// An address in the net, which is never asked.
    Link(String),
    /// It is said to be within the card and cannot be taken out.
    Unreadable,
}

/// A row between the file and the fields: texts sorted by where they go, nothing checked yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RawRow {
    /// The id column.
    pub id: Option<String>,
    /// Input by field, as the API would take it.
    pub values: Values,
    /// Texts of the type's own targets.
    pub extras: BTreeMap<String, String>,
    /// References by title, by field.
    pub titles: BTreeMap<String, Vec<String>>,
    /// Values for a new record only: what was guessed or chosen as a default.
    pub defaults: Values,
    /// Of a card.
    pub picture: Option<CardPicture>,
    /// What a card says that no field holds, line by line, for the notes.
    pub lines: Vec<String>,
}

impl RawRow {
    /// The text of a field, trimmed; empty when there is none.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.values.get(field).and_then(Json::as_str).map_or("", str::trim)
    }

    /// Sets a text field unless the text is empty.
    pub(crate) fn set_text(&mut self, field: &str, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.values.insert(field.into(), Json::String(text.into()));
        }
    }

    /// Appends a line to a long text.
    pub(crate) fn append_line(&mut self, field: &str, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        let text = match self.text(field) {
            "" => line.to_owned(),
            before => format!("{before}\n{line}"),
        };
        self.values.insert(field.into(), Json::String(text));
    }
}

/// See the module. Everything has a default that adds nothing.
pub(crate) trait Importable: Send + Sync {
    /// Targets beside the fields.
    fn extra_targets(&self) -> &'static [ExtraTarget] {
        &[]
    }

    /// Further words by which headers mean a target: target key, folded headers.
    fn header_words(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[]
    }

    /// The target of values that look like this.
    fn target_of_look(&self, _look: Look) -> Option<&'static str> {
        None
    }

    /// Works on the texts before they are checked: splits, moves and completes them.
    fn prepare(&self, _object_type: &ObjectType, _row: &mut RawRow) {}

    /// The long text to which values go that no field can hold, when a file is read card by card.
    fn notes_field(&self) -> Option<&'static str> {
        None
    }

    /// Values of the record that is made when a row names one by a title that does not exist; `None` refuses the row.
    fn made_by_title(&self, _field: &str, _title: &str) -> Option<Values> {
        None
    }

    /// For a row that describes a record of the sort that [`Importable::made_by_title`] makes: the values by which such a record is known.
    fn stub_like(&self, _values: &Values) -> Option<Values> {
        None
    }

    /// The texts of an address book card in `language`; `None` when the type takes no cards.
    fn read_card(&self, _card: &Card, _language: &str) -> Option<RawRow> {
        None
    }

    /// Makes what an address book sent back comparable with the card that it got: what such programs change by themselves is no change.
    fn align_cards(&self, _sent: &Card, _back: &mut Card) {}

    /// The fields whose property every address book has, so that somebody emptied them when it is gone from a card that comes back.
    fn fields_of_every_address_book(&self) -> &'static [&'static str] {
        &[]
    }

    /// The kinds of channels that every address book has; of another one that does not come back nobody knows whether it was understood.
    fn channels_of_every_address_book(&self) -> &'static [&'static str] {
        &[]
    }

    /// The fields of which the note of a card is made, with what they become by a note that was changed.
    fn fields_of_note(&self, _values: &Values, _note: &str) -> Values {
        Values::new()
    }

    /// The field whose picture is that of the card.
    fn picture_field(&self) -> Option<&'static str> {
        None
    }

    /// A record as an address book card; `titles` are those of its references by field.
    fn write_card(&self, _values: &Values, _titles: &BTreeMap<String, Vec<String>>) -> Option<Card> {
        None
    }
}

struct Plain;

impl Importable for Plain {}

/// What is known about a type.
pub(crate) fn importable(object_type: &str) -> &'static dyn Importable {
    match object_type {
        "contact" => &ContactExchange,
        _ => &Plain,
    }
}
