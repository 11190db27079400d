//! A record as an export writes it: its cells, one for each of the columns that `columns` makes, or its address book card.

use std::collections::BTreeMap;

use database::Query;
use file_formats::{Card, CardPhoto, OutCell};
use record_engine::Record;
use record_engine::catalog::{Field, ObjectType};
use record_engine::context::instant_text;
use record_engine::currency;
use record_engine::error::Result;
use record_engine::field_types::FieldKind;
use record_engine::files::{self, FileStore, StoredFile};
use record_engine::query::present::Titles;
use serde_json::Value as Json;

use super::columns::{ExportColumn, PART_LENGTH, Shown};
use super::importable::importable;
use super::lines::{write_addresses, write_channels};
use super::targets::text_in;

/// What the cells of a type are made with.
pub(crate) struct RecordCells<'a> {
    /// The type.
    pub object_type: &'a ObjectType,
    /// The language of option labels.
    pub language: &'a str,
}

impl RecordCells<'_> {
    /// The cells of a record.
    pub(crate) fn row(&self, columns: &[ExportColumn], record: &Record, titles: &Titles) -> Vec<OutCell> {
        columns.iter().map(|column| self.cell(&column.shown, record, titles)).collect()
    }

    fn cell(&self, shown: &Shown, record: &Record, titles: &Titles) -> OutCell {
        let language = self.language;
        let text = |text: String| if text.is_empty() { OutCell::Empty } else { OutCell::Text(text) };
        let field_of = |name: &str| self.object_type.field(name);
        match shown {
            Shown::Id => OutCell::Integer(record.id),
            Shown::Ids { field } => {
                let ids: Vec<String> = reference_ids(field, record).into_iter().map(|id| id.to_string()).collect();
                match ids.as_slice() {
                    [only] => only.parse().map_or(OutCell::Empty, OutCell::Integer),
                    several => text(several.join("\n")),
                }
            }
            Shown::Titles { field } => {
                let Some(settings) = field_of(field).and_then(|field| field.kind.reference_target()) else {
                    return OutCell::Empty;
                };
                let titles: Vec<String> = reference_ids(field, record)
                    .into_iter()
                    .filter_map(|id| titles.title(&settings.target, id).map(String::from))
                    .collect();
                text(titles.join("\n"))
            }
            Shown::Channels { field, kind } => match field_of(field).map(|field| &field.kind) {
                Some(FieldKind::Channels(settings)) => {
                    text(write_channels(record.value(field), kind, &settings.channel_labels, language))
                }
                _ => OutCell::Empty,
            },
            Shown::Addresses { field } => match field_of(field).map(|field| &field.kind) {
                Some(FieldKind::Addresses(settings)) => {
                    text(write_addresses(record.value(field), &settings.address_labels, language))
                }
                _ => OutCell::Empty,
            },
            Shown::Point { field, part } => {
                let mut entries = record.value(field).as_array().into_iter().flatten();
                let primary = entries.find(|entry| entry.get("is_primary") == Some(&Json::Bool(true)));
                let degrees = primary.and_then(|entry| entry.get(*part)).and_then(Json::as_f64);
                degrees.map_or(OutCell::Empty, OutCell::Number)
            }
            Shown::Value { field, part } => match field_of(field) {
                Some(field) if field.is_system => system_cell(&field.name, record),
                Some(field) => value_cell(field, record.value(&field.name), *part, language),
                None => OutCell::Empty,
            },
        }
    }
}

fn reference_ids(field: &str, record: &Record) -> Vec<i64> {
    match field {
        "created_by" => record.created_by.into_iter().collect(),
        "updated_by" => record.updated_by.into_iter().collect(),
        field => ids(record.value(field)).collect(),
    }
}

/// A record as an address book card, with the titles of what it refers to; `None` when its type has no cards.
pub(crate) fn card_of(object_type: &ObjectType, record: &Record, titles: &Titles) -> Option<Card> {
    let mut by_field = BTreeMap::new();
    for field in object_type.value_fields() {
        let Some(settings) = field.kind.reference_target() else { continue };
        let found: Vec<String> = ids(record.value(&field.name))
            .filter_map(|id| titles.title(&settings.target, id).map(String::from))
            .collect();
        by_field.insert(field.name.clone(), found);
    }
    importable(&object_type.name).write_card(&record.values, &by_field)
}

/// The stored pictures of some records' cards, by record.
///
/// # Errors
/// Those of the database.
pub(crate) fn pictures_of(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    records: &[Record],
) -> Result<BTreeMap<i64, StoredFile>> {
    let Some(field) = importable(&object_type.name).picture_field() else { return Ok(BTreeMap::new()) };
    let ids: Vec<(i64, &str)> =
        records.iter().filter_map(|record| Some((record.id, record.value(field).as_str()?))).collect();
    let found = files::find_all(tx, ids.iter().map(|(_, id)| *id))?;
    let of_record = |(record, id): (i64, &str)| Some((record, found.get(id)?.clone()));
    // Bytes of a stranger never leave as a picture.
    Ok(ids.into_iter().filter_map(of_record).filter(|(_, file)| file.pixels.is_some()).collect())
}

/// A stored picture as a card holds it; `None` when its bytes cannot be read, which is logged: a card is of use without it.
pub(crate) fn card_photo(store: &FileStore, file: &StoredFile) -> Option<CardPhoto> {
    match std::fs::read(store.path(&file.hash)) {
        Ok(bytes) => Some(CardPhoto { media_type: file.media_type.clone(), bytes }),
        Err(error) => {
            tracing::warn!(%error, file = file.id, "a picture cannot be read");
            None
        }
    }
}

/// The ids in a stored reference.
fn ids(value: &Json) -> impl Iterator<Item = i64> + '_ {
    let several = value.as_array().into_iter().flatten().filter_map(Json::as_i64);
    value.as_i64().into_iter().chain(several)
}

fn system_cell(name: &str, record: &Record) -> OutCell {
    match name {
        "created_at" => instant_cell(&instant_text(record.created_at)),
        "updated_at" => instant_cell(&instant_text(record.updated_at)),
        _ => OutCell::Empty,
    }
}

/// A moment as a cell of a spreadsheet where that loses nothing.
pub(crate) fn instant_cell(text: &str) -> OutCell {
    match text.strip_suffix(".000Z") {
        Some(seconds) => OutCell::DateTime(seconds.to_owned()),
        None if text.is_empty() => OutCell::Empty,
        None => OutCell::Text(text.to_owned()),
    }
}

fn value_cell(field: &Field, value: &Json, part: usize, language: &str) -> OutCell {
    if value.is_null() {
        return OutCell::Empty;
    }
    let own = |text: &str| if text.is_empty() { OutCell::Empty } else { OutCell::Text(text.to_owned()) };
    match &field.kind {
        FieldKind::LongText(_) => own(part_of(value.as_str().unwrap_or_default(), part)),
        FieldKind::Choice(_) => own(&option_text(field, value.as_str().unwrap_or_default(), language)),
        FieldKind::ChoiceSet(_) => {
            let keys = value.as_array().into_iter().flatten().filter_map(Json::as_str);
            own(&keys.map(|key| option_text(field, key, language)).collect::<Vec<_>>().join("\n"))
        }
        FieldKind::Number(_) => match (value.as_i64(), value.as_f64()) {
            (Some(whole), _) => OutCell::Integer(whole),
            (None, Some(number)) => OutCell::Number(number),
            (None, None) => OutCell::Empty,
        },
        FieldKind::Money(_) => {
            let amount = value.get("amount").and_then(Json::as_i64).unwrap_or_default();
            let code = value.get("currency").and_then(Json::as_str).unwrap_or_default();
            own(&currency::text(amount, code))
        }
        FieldKind::Checkbox | FieldKind::Referred(_) => OutCell::Boolean(value == &Json::Bool(true)),
        FieldKind::Date => OutCell::Date(value.as_str().unwrap_or_default().to_owned()),
        FieldKind::DateTime => instant_cell(value.as_str().unwrap_or_default()),
        FieldKind::Text(_)
        | FieldKind::Link
        | FieldKind::Filter(_)
        | FieldKind::Recurrence
        | FieldKind::Reference(_)
        | FieldKind::ReferenceSet(_)
        | FieldKind::File(_)
        | FieldKind::Channels(_)
        | FieldKind::Addresses(_) => own(value.as_str().unwrap_or_default()),
    }
}

/// The label of an option, unless another option has the same: then its key.
fn option_text(field: &Field, key: &str, language: &str) -> String {
    let options = field.kind.options().unwrap_or_default();
    let Some(option) = options.iter().find(|option| option.key == key) else { return key.to_owned() };
    let label = text_in(&option.labels, language);
    let is_exact = match &field.kind {
        FieldKind::Choice(settings) | FieldKind::ChoiceSet(settings) => {
            settings.find(label).is_some_and(|found| found.key == key)
        }
        _ => false,
    };
    if is_exact && !label.contains('\n') { label.to_owned() } else { key.to_owned() }
}

/// A part of a text that is too long for one cell, cut where no blank stands, since blanks at the ends of cells are lost.
fn part_of(text: &str, part: usize) -> &str {
    let mut rest = text;
    for _ in 0..part {
        rest = rest.get(cut_of(rest)..).unwrap_or_default();
    }
    rest.get(..cut_of(rest)).unwrap_or_default()
}

fn cut_of(text: &str) -> usize {
    let Some((limit, _)) = text.char_indices().nth(PART_LENGTH) else { return text.len() };
    let is_inner = |at: usize| {
        let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
        !before.ends_with(char::is_whitespace) && !behind.starts_with(char::is_whitespace)
    };
    let mut places = text.char_indices().map(|(at, _)| at).filter(|at| *at <= limit && *at > limit / 2);
    places.rfind(|at| is_inner(*at)).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_letters() {
        let text = format!("{} {}", "слово ".repeat(7_000).trim_end(), "в".repeat(40_000));
        let parts: Vec<&str> = (0..4).map(|part| part_of(&text, part)).collect();
        assert_eq!(parts.concat(), text);
        for part in parts {
            assert!(part.chars().count() <= PART_LENGTH);
            assert_eq!(part.trim(), part);
        }
    }
}
