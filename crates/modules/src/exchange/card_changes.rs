//! A card that an address book sent back, as a change of its record; a new card, as a record.
//!
//! What must stay true: a change is what differs between the card that the device got and the card that came back, both read by the same code.
//! What a card does not hold is never touched. Emptied is only what was sent and is gone, and of that only what every address book has: another
//! property may be gone because the program does not know it. What no field takes becomes a line of the notes, and no picture goes by being
//! absent.

mod entries;

use std::collections::BTreeSet;

use database::Tx;
use file_formats::{Card, SourceRow};
use record_engine::catalog::{Field, ObjectType};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::field_types::FieldKind;
use record_engine::files::FileStore;
use record_engine::pictures::look_alike;
use record_engine::write::{Change, Operation, OperationKind, Outcome, apply};
use record_engine::{Record, RequestContext, Values};
use serde_json::{Value as Json, json};

use super::assemble::{Assembler, Candidate, LinkTitle, Problem};
use super::importable::{CardPicture, Importable, RawRow, importable};
use super::links::Links;
use super::pictures::{self, Pictures};
use super::settings::{FileOptions, Mode, OnPartialMatch, Settings};
use super::targets::text_in;

/// The files of cards come from no import.
const NO_IMPORT: i64 = 0;

/// What cards are read with.
pub(crate) struct CardReading<'a> {
    /// Catalog and settings.
    pub snapshot: &'a Snapshot,
    /// Whose address book it is.
    pub context: &'a RequestContext,
    /// The type of the record.
    pub object_type: &'a ObjectType,
    /// Where pictures go.
    pub files: &'a FileStore,
}

/// What is to be written of a card.
pub struct CardChange {
    candidate: Candidate,
    /// The bytes of its new picture.
    picture: Option<Vec<u8>>,
}

impl CardChange {
    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.candidate.values.is_empty() && self.candidate.titles.is_empty()
    }

    /// Sets a field besides what the card says.
    pub(crate) fn set(&mut self, field: &str, value: Json) {
        self.candidate.values.insert(field.to_owned(), value);
    }
}

/// Where a card goes.
pub(crate) enum CardTarget {
    /// A record of its own.
    New,
    /// Into this record, which had this version when its card was compared.
    Standing(Record),
}

impl CardReading<'_> {
    /// A new card, read as an import reads it.
    ///
    /// # Errors
    /// `Invalid` for what no field and no note takes.
    pub(crate) fn new_record(&self, mut card: Card) -> Result<CardChange> {
        let importable = importable(&self.object_type.name);
        importable.align_cards(&Card { kind: card.kind, ..Card::default() }, &mut card);
        let settings = self.settings();
        let assembler = Assembler::new(self.object_type, importable, self.snapshot.normalise(), &[], &settings);
        let row = SourceRow { number: self.mark(), cells: Vec::new(), card: Some(card) };
        let mut candidate = assembler.candidate(&row);
        refuse(std::mem::take(&mut candidate.problems))?;
        for (name, value) in std::mem::take(&mut candidate.defaults) {
            candidate.values.entry(name).or_insert(value);
        }
        let picture = self.fit_picture(importable, &mut candidate);
        Ok(CardChange { candidate, picture })
    }

    /// What a card that came `back` changes of a record whose device got `sent`.
    ///
    /// # Errors
    /// `State` for a type without cards.
    pub(crate) fn change(&self, record: &Record, sent: &Card, mut back: Card) -> Result<CardChange> {
        let importable = importable(&self.object_type.name);
        importable.align_cards(sent, &mut back);
        let read = |card: &Card| {
            importable.read_card(card, &self.context.language).ok_or(EngineError::State("cards_not_supported"))
        };
        let (before, now) = (read(sent)?, read(&back)?);
        let mut made = Made { reading: self, importable, values: Values::new(), lines: Vec::new() };
        made.compare(record, &before, &now);
        let note = (sent.note.trim() != back.note.trim()).then_some(back.note.as_str());
        made.take_note(record, note, &before.lines, &now.lines);
        let mut candidate = Candidate::default();
        (candidate.number, candidate.values) = (self.mark(), made.values);
        let is_kept = |name: &str| importable.fields_of_every_address_book().contains(&name);
        for name in before.titles.keys().chain(now.titles.keys()).collect::<BTreeSet<_>>() {
            match (before.titles.get(name), now.titles.get(name)) {
                (sent, back) if sent == back => {}
                (_, Some(titles)) => {
                    let links = titles.iter().map(|title| LinkTitle::new(title.clone())).collect();
                    candidate.titles.insert(name.clone(), links);
                }
                (_, None) if is_kept(name) => {
                    candidate.values.insert(name.clone(), Json::Null);
                }
                (_, None) => {}
            }
        }
        let is_another = match (&sent.photo, &now.picture) {
            (_, None) => false,
            (Some(sent), Some(CardPicture::File(bytes))) => sent.bytes != *bytes && !look_alike(&sent.bytes, bytes),
            (_, Some(_)) => true,
        };
        let mut picture = None;
        if is_another {
            pictures::attach(&mut candidate, now.picture, importable);
            picture = self.fit_picture(importable, &mut candidate);
        }
        Ok(CardChange { candidate, picture })
    }

    fn settings(&self) -> Settings {
        Settings {
            options: FileOptions::default(),
            recognised: None,
            mapping: Vec::new(),
            mode: Mode::CreateOnly,
            match_keys: Vec::new(),
            defaults: Values::new(),
            on_partial_match: OnPartialMatch::Skip,
            keep_unreadable: true,
            admits_erased: false,
            decide_all: None,
            remember: false,
            language: self.context.language.clone(),
        }
    }

    /// What tells the picture of one card from the same picture of another; it stands in the id of its file.
    fn mark(&self) -> u64 {
        u64::try_from(self.context.now_ms).unwrap_or_default() & u64::from(u32::MAX)
    }

    /// The bytes of the picture, made to fit. What is no picture is left out; the phone then gets the card as it stands.
    fn fit_picture(&self, importable: &dyn Importable, candidate: &mut Candidate) -> Option<Vec<u8>> {
        let pictures = Pictures::of(self.object_type, importable)?;
        pictures.fit(std::slice::from_mut(candidate));
        pictures.name(self.context, NO_IMPORT, candidate)
    }
}

/// Writes what a card says, as one operation. Its picture is put on the disk last: what is refused leaves no file behind, and nobody reads the row
/// that names it before the transaction ends.
///
/// # Errors
/// As the write path of the engine; `Invalid` for a title that names nothing; those of the file system.
pub(crate) fn write_card_change(
    tx: &mut Tx,
    reading: &CardReading<'_>,
    change: &CardChange,
    target: &CardTarget,
) -> Result<Outcome> {
    let CardReading { snapshot, context, object_type, .. } = *reading;
    let importable = importable(&object_type.name);
    let writer = snapshot.writer();
    let candidate = &change.candidate;
    let mut links = Links::look_up(tx, context, &snapshot.catalog, object_type, importable, &[candidate])?;
    let missing: BTreeSet<(String, String)> = links.missing_of(candidate, &BTreeSet::new()).into_iter().collect();
    let (kind, before) = match target {
        _ if !missing.is_empty() => (OperationKind::Bulk, None),
        CardTarget::New => (OperationKind::Create, None),
        CardTarget::Standing(record) => (OperationKind::Update, Some(record)),
    };
    let mut operation = Operation::new(kind, Some(object_type.id));
    if !missing.is_empty() {
        links.make(tx, writer, context, &mut operation, object_type, importable, &missing)?;
    }
    let mut values = candidate.values.clone();
    if let Err(problems) = links.fill(object_type, candidate, &BTreeSet::new(), before, false, &mut values) {
        refuse(problems)?;
    }
    if let Some(pictures) = Pictures::of(object_type, importable) {
        pictures.record(tx, context, std::iter::once(candidate))?;
    }
    let one = match target {
        CardTarget::New => Change::Create { values },
        CardTarget::Standing(record) => Change::Update { id: record.id, base_version: Some(record.version), values },
    };
    let results = apply(tx, writer, context, &mut operation, object_type, vec![one])?;
    let outcome = results.into_iter().next().unwrap_or(Err(EngineError::NotFound))?;
    if let Some(bytes) = &change.picture {
        pictures::put_down(reading.files, bytes)?;
    }
    Ok(outcome)
}

fn refuse(problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let errors = problems.into_iter().map(|problem| {
        let error = FieldError::new(problem.field.as_deref().unwrap_or_default(), &problem.code);
        FieldError { params: problem.params, ..error }
    });
    Err(EngineError::Invalid(errors.collect()))
}

/// A change in the making.
struct Made<'a> {
    reading: &'a CardReading<'a>,
    importable: &'a dyn Importable,
    values: Values,
    /// What no field takes.
    lines: Vec<String>,
}

impl Made<'_> {
    /// Field by field.
    fn compare(&mut self, record: &Record, before: &RawRow, now: &RawRow) {
        let notes = self.importable.notes_field();
        let names: BTreeSet<&String> = before.values.keys().chain(now.values.keys()).collect();
        for name in names.into_iter().filter(|name| Some(name.as_str()) != notes) {
            let Some(field) = self.reading.object_type.field(name) else { continue };
            let [sent, back] = [before, now].map(|row| row.values.get(name).unwrap_or(&Json::Null));
            match &field.kind {
                FieldKind::Channels(_) => self.channels(field, record, sent, back),
                FieldKind::Addresses(_) => self.addresses(field, record, sent, back),
                _ => self.value(field, before.text(name), now.text(name)),
            }
        }
    }

    fn value(&mut self, field: &Field, sent: &str, back: &str) {
        if sent == back {
            return;
        }
        if back.is_empty() {
            if self.importable.fields_of_every_address_book().contains(&field.name.as_str()) {
                self.values.insert(field.name.clone(), Json::Null);
            }
            return;
        }
        match self.normalised(field, &json!(back)) {
            Some(value) => {
                self.values.insert(field.name.clone(), value);
            }
            None => self.line(field, back),
        }
    }

    fn channels(&mut self, field: &Field, record: &Record, sent: &Json, back: &Json) {
        let kept = self.importable.channels_of_every_address_book();
        let normalise = |entry: &Json| self.one(field, entry);
        let made = entries::channels(record.value(&field.name), sent, back, kept, &normalise);
        self.take_entries(field, record, made);
    }

    fn addresses(&mut self, field: &Field, record: &Record, sent: &Json, back: &Json) {
        let normalise = |entry: &Json| self.one(field, entry);
        let made = entries::addresses(record.value(&field.name), sent, back, &normalise);
        self.take_entries(field, record, made);
    }

    fn take_entries(&mut self, field: &Field, record: &Record, made: entries::Merged) {
        if made.entries.as_slice() != record.value(&field.name).as_array().map(Vec::as_slice).unwrap_or_default() {
            self.values.insert(field.name.clone(), Json::Array(made.entries));
        }
        for text in made.unreadable {
            self.line(field, &text);
        }
    }

    /// The note, and below it the lines that are new on this card and do not stand there yet.
    fn take_note(&mut self, record: &Record, note: Option<&str>, before: &[String], now: &[String]) {
        let Some(notes) = self.importable.notes_field() else { return };
        let changed = note.map(|note| self.importable.fields_of_note(&record.values, note)).unwrap_or_default();
        for (name, value) in changed {
            let Some(field) = self.reading.object_type.field(&name) else { continue };
            match self.normalised(field, &value) {
                Some(value) => {
                    self.values.insert(name, value);
                }
                None => self.line(field, value.as_str().unwrap_or_default()),
            }
        }
        self.lines.extend(now.iter().filter(|line| !before.contains(line)).cloned());
        let standing = self.values.get(notes).unwrap_or(record.value(notes)).as_str().unwrap_or_default().to_owned();
        let mut row = RawRow { values: Values::from([(notes.to_owned(), json!(standing))]), ..RawRow::default() };
        for line in std::mem::take(&mut self.lines) {
            if !row.text(notes).lines().any(|known| known == line) {
                row.append_line(notes, &line);
            }
        }
        if row.text(notes) != standing.trim() {
            self.values.insert(notes.to_owned(), json!(row.text(notes)));
        }
    }

    fn line(&mut self, field: &Field, text: &str) {
        let label = text_in(&field.labels, &self.reading.context.language);
        self.lines.push(format!("{label}: {}", text.trim().replace('\n', " ")));
    }

    fn normalised(&self, field: &Field, value: &Json) -> Option<Json> {
        field.behaviour().normalise(field, value, self.reading.snapshot.normalise()).ok()
    }

    /// One entry of a field of many, as it is stored; `None` when the field refuses it.
    fn one(&self, field: &Field, entry: &Json) -> Option<Json> {
        match self.normalised(field, &json!([entry]))? {
            Json::Array(entries) => entries.into_iter().next(),
            _ => None,
        }
    }
}
