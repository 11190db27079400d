//! Address book cards: vCard 2.1, 3.0 and 4.0 in, 3.0 and 4.0 out.
//!
//! A file is read card by card, whatever its size. The parser is our own, because an import must neither lose nor normalise:
//! general libraries take text as Unicode (old phones wrote each property in an encoding of its own), turn dates into
//! structures that cannot hold what they did not understand, and drop what the standard does not name. Whatever a person
//! could miss ends in a field of [`Card`] or in its `extras`; what only a program could miss is named in `ignored`.

mod contact;
mod labels;
mod lines;
mod property;
mod values;
mod write;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::delimited::{decoder::Decoder, encoding};
use crate::error::FormatError;
use crate::options::ReadOptions;
use crate::reader::RowReader;
use crate::row::SourceRow;
use contact::card_from_properties;
use lines::CardLines;
pub(crate) use property::{Property, TextEncoding};

pub use labels::ChannelKind;
pub use write::{CardVersion, write_card, write_card_as};
pub(crate) use write::{escape, folded_line};

/// Whether a card stands for a human being.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardKind {
    /// A human being.
    #[default]
    Person,
    /// A company or another organisation.
    Company,
}

/// One card of an address book, free of the differences between versions and programs. Absent texts are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// Person or company.
    pub kind: CardKind,
    /// Family name.
    pub last_name: String,
    /// Given name.
    pub first_name: String,
    /// Patronymic or middle names.
    pub additional_names: String,
    /// Title before the name (`Mr.`, `Dr.`).
    pub prefix: String,
    /// Title behind the name (`Jr.`, `M.Sc.`).
    pub suffix: String,
    /// The name as the other program displayed it.
    pub full_name: String,
    /// Nicknames, separated by `, `.
    pub nickname: String,
    /// The company, without its departments.
    pub organisation: String,
    /// Departments from large to small, separated by `, `.
    pub department: String,
    /// Job title (`TITLE`).
    pub position: String,
    /// What the person does there (`ROLE`).
    pub role: String,
    /// `YYYY-MM-DD`, `--MM-DD` without a year, or the text of the file if it is neither.
    pub birthday: String,
    /// Wedding or other main anniversary, in the forms of `birthday`.
    pub anniversary: String,
    /// `M`, `F`, `O`, `N`, `U` or free text.
    pub gender: String,
    /// Groups and tags.
    pub categories: Vec<String>,
    /// Remarks; line breaks are `\n`.
    pub note: String,
    /// Phones, e-mails, sites and messengers in the order of the file.
    pub channels: Vec<CardChannel>,
    /// Postal addresses in the order of the file.
    pub addresses: Vec<CardAddress>,
    /// The first picture that is inside the file.
    pub photo: Option<CardPhoto>,
    /// Preferred language as a BCP 47 tag.
    pub language: String,
    /// Time zone name or offset, as written.
    pub timezone: String,
    /// Latitude and longitude in degrees, separated by a comma.
    pub geo: String,
    /// The identifier that the other program gave the card.
    pub uid: String,
    /// Everything else that a person would miss, as name and value. Names are `spouse`, `manager`, `assistant`,
    /// `phonetic_last_name`, `phonetic_first_name`, `phonetic_middle_name`, `photo_url`, `related:` and `date:` with the
    /// label behind, and for the rest the property's own name in capitals (`KEY`, `X-…`), with a colon and its label if the
    /// user gave it one.
    pub extras: Vec<(String, String)>,
    /// Properties that were left out on purpose, by name: technical traces such as `REV` or `PRODID`.
    pub ignored: Vec<String>,
}

/// A phone number, an address on the net or an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardChannel {
    /// What it is.
    pub kind: ChannelKind,
    /// `home`, `work`, `mobile`, `fax`, `pager`, `other`, two of them joined (`work_fax`), or the user's own words; empty if
    /// unlabelled.
    pub label: String,
    /// The number or address as written, without a scheme such as `tel:`.
    pub value: String,
    /// Whether it is marked as preferred.
    pub is_primary: bool,
}

/// A postal address. Parts may have several lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardAddress {
    /// `home`, `work`, `other` or the user's own words; empty if unlabelled.
    pub label: String,
    /// Street and house.
    pub street: String,
    /// City or village.
    pub city: String,
    /// Region, state or province.
    pub region: String,
    /// Postal code.
    pub postcode: String,
    /// Country by name.
    pub country: String,
    /// Post office box and flat or office, separated by `, `.
    pub extra: String,
}

/// A picture that is inside the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardPhoto {
    /// Media type, told from the bytes (`image/jpeg`).
    pub media_type: String,
    /// The file as it was put in.
    pub bytes: Vec<u8>,
}

/// Cards of a file, one after another.
pub(crate) struct CardReader {
    lines: CardLines<Box<dyn BufRead + Send>>,
    encoding: TextEncoding,
    ahead: VecDeque<SourceRow>,
    number: u64,
    estimated_cards: Option<u64>,
}

/// Cards from which the number in a file is extrapolated.
const ESTIMATE_CARDS: u64 = 20;

impl CardReader {
    pub(crate) fn open(path: &Path, options: &ReadOptions) -> Result<(Self, &'static str), FormatError> {
        let found = encoding::choose(path, options.encoding.as_deref())?;
        let file = File::open(path)?;
        let file_bytes = file.metadata()?.len();
        let is_wide = found == UTF_16LE || found == UTF_16BE;
        let source: Box<dyn BufRead + Send> = if is_wide {
            Box::new(Decoder::new(BufReader::new(file), found))
        } else {
            Box::new(BufReader::with_capacity(64 << 10, file))
        };
        let mut reader = Self {
            lines: CardLines::new(source, options.limits.max_card_bytes),
            encoding: text_encoding(found, is_wide, options.encoding.is_some()),
            ahead: VecDeque::new(),
            number: 0,
            estimated_cards: None,
        };
        reader.look_ahead(file_bytes)?;
        Ok((reader, found.name()))
    }

    pub(crate) fn estimated_cards(&self) -> Option<u64> {
        self.estimated_cards
    }

    /// Reads the first cards, to refuse a file without any and to know how large they are.
    fn look_ahead(&mut self, file_bytes: u64) -> Result<(), FormatError> {
        let mut ahead = VecDeque::new();
        while (ahead.len() as u64) < ESTIMATE_CARDS {
            // A later card that is broken is reported when it is reached.
            match self.read_card() {
                Ok(Some(row)) => ahead.push_back(row),
                Ok(None) => break,
                Err(error) if ahead.is_empty() => return Err(error),
                Err(error) => {
                    self.lines.fail_later(error);
                    break;
                }
            }
        }
        let cards = ahead.len() as u64;
        if cards == 0 {
            return Err(FormatError::Empty);
        }
        let is_whole = cards < ESTIMATE_CARDS;
        self.estimated_cards =
            Some(if is_whole { cards } else { cards.saturating_mul(file_bytes) / self.lines.bytes_taken().max(1) });
        self.ahead = ahead;
        Ok(())
    }

    fn read_card(&mut self) -> Result<Option<SourceRow>, FormatError> {
        let Some(lines) = self.lines.next_card()? else {
            return Ok(None);
        };
        self.number += 1;
        let card = card_of_lines(&lines, self.encoding);
        Ok(Some(SourceRow { number: self.number, cells: Vec::new(), card: Some(card) }))
    }
}

/// The one card of a text, in any version: what an address book sends.
///
/// # Errors
/// `Empty` for a text without a card, `Damaged` for a card without an end and for several cards.
pub fn read_card(text: &[u8]) -> Result<Card, FormatError> {
    let mut lines = CardLines::new(text, text.len().saturating_add(1));
    let first = lines.next_card()?.ok_or(FormatError::Empty)?;
    if lines.next_card()?.is_some() {
        return Err(FormatError::damaged("there is more than one card"));
    }
    Ok(card_of_lines(&first, TextEncoding::Guessed(UTF_8)))
}

fn card_of_lines(lines: &[Vec<u8>], encoding: TextEncoding) -> Card {
    card_from_properties(lines.iter().filter_map(|line| Property::parse(line, encoding)).collect())
}

fn text_encoding(found: &'static Encoding, is_wide: bool, is_asked: bool) -> TextEncoding {
    if is_wide {
        TextEncoding::Forced(encoding_rs::UTF_8)
    } else if is_asked {
        TextEncoding::Forced(found)
    } else {
        TextEncoding::Guessed(found)
    }
}

impl RowReader for CardReader {
    fn headers(&self) -> &[String] {
        &[]
    }

    fn next_row(&mut self) -> Result<Option<SourceRow>, FormatError> {
        match self.ahead.pop_front() {
            Some(row) => Ok(Some(row)),
            None => self.read_card(),
        }
    }

    fn skip_to(&mut self, row_number: u64) -> Result<(), FormatError> {
        while let Some(row) = self.next_row()? {
            if row.number >= row_number {
                self.ahead.push_front(row);
                break;
            }
        }
        Ok(())
    }
}
