//! Finds out what the columns of a file hold: our own export, the export of a known program, known words, else the look of the values.
//!
//! What must stay true: a guess is marked as one (`is_sure`), so the user sees what to look at; no two columns go to one single-valued field.

pub(crate) mod layouts;
pub(crate) mod looks;
pub(crate) mod words;

use std::collections::HashSet;

use file_formats::{Cell, Inspection};
use filter_language::search_fold;
use record_engine::catalog::ObjectType;
use record_engine::field_types::FieldKind;
use serde::{Deserialize, Serialize};

use super::columns::{is_failed_row_header, own_mapping};
use super::importable::{Importable, Look};
use super::targets::{Target, is_importable};
use layouts::{Program, program_of};
use looks::{ColumnLook, look_of};
use words::meaning;

/// Key of our own export among the programs.
pub(crate) const OWN_EXPORT: &str = "kartoteka";

/// What a column is taken for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Guess {
    /// Target key; `None` when it is left out.
    pub target: Option<String>,
    /// Whether the program is sure.
    pub is_sure: bool,
}

/// What a file is taken for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Recognition {
    /// Key of the program that wrote it.
    pub program: Option<&'static str>,
    /// One for each column.
    pub columns: Vec<Guess>,
}

/// Recognises the columns of an inspected table.
pub(crate) fn recognise(object_type: &ObjectType, importable: &dyn Importable, inspection: &Inspection) -> Recognition {
    let width = inspection.sample.iter().map(Vec::len).max().unwrap_or(0).max(inspection.headers.len());
    if let Some(mapping) = own_mapping(object_type, &inspection.headers) {
        let mut columns: Vec<Guess> = mapping
            .into_iter()
            .map(|target| Guess { target: target.map(|target| target.key()), is_sure: true })
            .collect();
        columns.resize(width, Guess::default());
        return Recognition { program: Some(OWN_EXPORT), columns };
    }
    let program = program_of(&inspection.headers);
    let recogniser = Recogniser { object_type, importable, program };
    let mut columns: Vec<Guess> = (0..width)
        .map(|index| {
            let header = inspection.headers.get(index).map_or("", |header| header.trim());
            recogniser.by_header(header).unwrap_or_default()
        })
        .collect();
    number_labelled(&mut columns, &inspection.headers);
    drop_repeated(object_type, &mut columns);
    for (index, column) in columns.iter_mut().enumerate() {
        let header = inspection.headers.get(index).map_or("", |header| header.trim());
        if column.target.is_none() && !column.is_sure && !is_failed_row_header(header) && program.is_none() {
            *column = recogniser.by_values(inspection.sample.iter().filter_map(|row| row.get(index)));
        }
    }
    drop_repeated(object_type, &mut columns);
    let rest = program.and_then(|program| program.rest).and_then(|key| recogniser.known(key));
    for (index, column) in columns.iter_mut().enumerate() {
        let is_named = inspection.headers.get(index).is_some_and(|header| !header.trim().is_empty());
        if column.target.is_none() && !column.is_sure && is_named {
            column.target.clone_from(&rest);
        }
    }
    Recognition { program: program.map(|program| program.key), columns }
}

struct Recogniser<'a> {
    object_type: &'a ObjectType,
    importable: &'a dyn Importable,
    program: Option<&'static Program>,
}

impl Recogniser<'_> {
    fn known(&self, key: &str) -> Option<String> {
        Target::parse(key, self.object_type, self.importable).map(|target| target.key())
    }

    fn by_header(&self, header: &str) -> Option<Guess> {
        let folded = search_fold(header);
        if folded.is_empty() || is_failed_row_header(header) {
            return None;
        }
        let of_program = self.program.and_then(|program| find(program.words, &folded));
        if let Some(key) = of_program {
            return Some(Guess { target: self.known(key), is_sure: true });
        }
        if folded == "id" {
            // An id of another program must not pass for ours without a look.
            return Some(Guess { target: Some("id".into()), is_sure: false });
        }
        if let Some(key) = find(self.importable.header_words(), &folded).and_then(|key| self.known(key)) {
            return Some(Guess { target: Some(key), is_sure: true });
        }
        self.by_label(header, &folded).or_else(|| self.by_words(header))
    }

    /// The label or the name of a field.
    fn by_label(&self, header: &str, folded: &str) -> Option<Guess> {
        let field =
            self.object_type.fields.iter().filter(|field| is_importable(field)).find(|field| {
                field.name == header || field.labels.values().any(|label| search_fold(label) == *folded)
            })?;
        let key = self.known(&field.name)?;
        Some(Guess { target: Some(key), is_sure: true })
    }

    /// Words for channels and addresses.
    fn by_words(&self, header: &str) -> Option<Guess> {
        let meaning = meaning(header)?;
        if meaning.is_repetition {
            return Some(Guess { target: None, is_sure: true });
        }
        let number = meaning.number.map(|number| format!(".{number}")).unwrap_or_default();
        let key = if let Some(kind) = meaning.kind {
            let (field, settings) = self.object_type.value_fields().find_map(|field| match &field.kind {
                FieldKind::Channels(settings) => Some((field, settings)),
                _ => None,
            })?;
            let kind = settings
                .kinds
                .iter()
                .find(|known| known.key == kind)
                .or_else(|| settings.kinds.iter().find(|known| known.key == "other"))?;
            let label =
                meaning.channel_label().filter(|label| settings.channel_labels.iter().any(|known| known.key == *label));
            match label {
                _ if meaning.is_type => format!("{}.{}{number}:label", field.name, kind.key),
                Some(label) => format!("{}.{}.{label}", field.name, kind.key),
                None => format!("{}.{}{number}", field.name, kind.key),
            }
        } else {
            let (field, settings) = self.object_type.value_fields().find_map(|field| match &field.kind {
                FieldKind::Addresses(settings) => Some((field, settings)),
                _ => None,
            })?;
            let part = meaning.part?;
            let label =
                meaning.address_label().filter(|label| settings.address_labels.iter().any(|known| known.key == *label));
            match label {
                _ if meaning.is_type => format!("{}{number}:label", field.name),
                Some(label) => format!("{}.{label}.{part}", field.name),
                None => format!("{}{number}.{part}", field.name),
            }
        };
        let key = self.known(&key)?;
        Some(Guess { target: Some(key), is_sure: meaning.is_sure })
    }

    fn by_values<'a>(&self, cells: impl Iterator<Item = &'a Cell>) -> Guess {
        let target = look_of(cells).and_then(|look| match look {
            ColumnLook::Channel(format) => self.object_type.value_fields().find_map(|field| match &field.kind {
                FieldKind::Channels(settings) => {
                    let kind = settings.kinds.iter().find(|kind| kind.format == format)?;
                    self.known(&format!("{}.{}", field.name, kind.key))
                }
                _ => None,
            }),
            ColumnLook::Other(look) => self.of_look(look),
        });
        Guess { target, is_sure: false }
    }

    fn of_look(&self, look: Look) -> Option<String> {
        self.importable.target_of_look(look).and_then(|key| self.known(key))
    }
}

fn find(words: &'static [(&'static str, &'static [&'static str])], folded: &str) -> Option<&'static str> {
    words.iter().find(|(_, headers)| headers.contains(&folded)).map(|(key, _)| *key)
}

/// "Phone 1" needs its number only beside "Phone 1 - Type"; without such a column all phones are alike.
fn number_labelled(columns: &mut [Guess], headers: &[String]) {
    let labels: HashSet<String> = columns
        .iter()
        .filter_map(|column| column.target.as_deref().and_then(|key| key.strip_suffix(":label")).map(String::from))
        .collect();
    for (column, header) in columns.iter_mut().zip(headers) {
        let Some(key) = &column.target else { continue };
        if key.ends_with(":label") || labels.contains(key) {
            continue;
        }
        let Some(number) = meaning(header).and_then(|meaning| meaning.number) else { continue };
        // Parts of one address belong together by their number, with or without a label column.
        let bare = key.strip_suffix(&format!(".{number}"));
        if let Some(bare) = bare {
            column.target = Some(bare.to_owned());
        }
    }
}

/// The second column for a single value is left out, but shown as a doubt.
fn drop_repeated(object_type: &ObjectType, columns: &mut [Guess]) {
    let mut seen: HashSet<String> = HashSet::new();
    for column in columns {
        let Some(key) = &column.target else { continue };
        let name = key.split(['.', ':']).next().unwrap_or_default();
        let is_single = match object_type.field(name).map(|field| &field.kind) {
            Some(FieldKind::Channels(_) | FieldKind::Addresses(_) | FieldKind::LongText(_)) => false,
            Some(_) => true,
            None => key == "id",
        };
        if is_single && !seen.insert(key.clone()) {
            *column = Guess::default();
        }
    }
}
