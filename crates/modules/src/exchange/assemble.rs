//! From a row of the file to a [`RawRow`], by the mapping of its columns, and from there to a [`Candidate`] with checked values.
//!
//! What must stay true: it looks at nothing but the row, so it runs beside the writer; each bad cell is named with its column.

use std::collections::BTreeMap;

use file_formats::{Cell, SourceRow};
use filter_language::sort_key;
use record_engine::catalog::ObjectType;
use record_engine::error::FieldError;
use record_engine::field_types::{ChannelFormat, ChannelsSettings, FieldKind, NormaliseContext};
use record_engine::record::Values;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::cells::{field_input, split_channels, split_titles};
use super::importable::{Importable, RawRow};
use super::lines::{label_key, read_addresses, read_channels};
use super::recognise::OWN_EXPORT;
use super::recognise::words::{address_label_of, channel_label_of};
use super::store::Settings;
use super::targets::{Target, number_of};

/// Longest piece of a bad value that a report shows, in characters.
const MAX_SHOWN: usize = 200;

/// Something wrong with a row, at a column where it is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Problem {
    /// From 0.
    pub column: Option<usize>,
    /// Name of the field.
    pub field: Option<String>,
    /// Stable code.
    pub code: String,
    /// Values for its text.
    pub params: Map<String, Json>,
    /// What stands in the cell.
    pub value: Option<String>,
}

/// A row that is ready to be looked up and written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidate {
    /// Row of the file as people see it.
    pub number: u64,
    /// From the id column.
    pub id: Option<i64>,
    /// Checked values by field.
    pub values: Values,
    /// Checked values for a new record only.
    pub defaults: Values,
    /// References by title, by field.
    pub titles: BTreeMap<String, Vec<String>>,
    /// Everything wrong with it.
    pub problems: Vec<Problem>,
    /// Whether channels and addresses come in the form of our own export, with all their details.
    pub is_detailed: bool,
    /// Sort key of the name that the record would have.
    pub title_key: Option<String>,
    /// The channels by which a record is found: kind and sort key of the value.
    pub channel_keys: Vec<(String, String)>,
    /// For each entry of a many-valued field the column that it came from.
    columns: BTreeMap<String, Vec<usize>>,
}

/// A mapping made ready for thousands of rows.
pub(crate) struct Assembler<'a> {
    object_type: &'a ObjectType,
    importable: &'a dyn Importable,
    normalise: &'a NormaliseContext,
    columns: Vec<Column>,
    defaults: Values,
    language: String,
    is_own: bool,
}

struct Column {
    index: usize,
    target: Target,
    /// Which unlabelled channel of its kind, or which unlabelled address, the column belongs to.
    place: usize,
    /// The header of the column, where its target wants it.
    header: String,
}

/// Places by number come first; those by order begin here.
const FIRST_ORDERED_PLACE: usize = 1_000;

/// Takes the number off a target that has one in the place of its label.
fn numbered(target: Target) -> (Target, Option<usize>) {
    let number = |label: &Option<String>| label.as_deref().and_then(number_of);
    match target {
        Target::Channel { field, kind, label } if number(&label).is_some() => {
            (Target::Channel { field, kind, label: None }, number(&label))
        }
        Target::ChannelLabel { field, kind, number: label } => {
            (Target::ChannelLabel { field, kind, number: None }, number(&label))
        }
        Target::Address { field, label, part } if number(&label).is_some() => {
            (Target::Address { field, label: None, part }, number(&label))
        }
        Target::AddressLabel { field, number: label } => (Target::AddressLabel { field, number: None }, number(&label)),
        other => (other, None),
    }
}

/// An address that is put together from columns.
struct GatheredAddress {
    /// The first of its columns.
    column: usize,
    label: Option<String>,
    place: usize,
    parts: Map<String, Json>,
}

/// Texts gathered from one row, with the columns they came from.
#[derive(Default)]
struct Gathered {
    raw: RawRow,
    channels: BTreeMap<String, Vec<(usize, Json)>>,
    addresses: BTreeMap<String, Vec<GatheredAddress>>,
    channel_labels: Vec<(String, String, usize, String)>,
    address_labels: Vec<(String, usize, String)>,
    problems: Vec<Problem>,
}

impl<'a> Assembler<'a> {
    /// For the mapping of the settings; keys that the type no longer knows are left out.
    pub(crate) fn new(
        object_type: &'a ObjectType,
        importable: &'a dyn Importable,
        normalise: &'a NormaliseContext,
        headers: &[String],
        settings: &Settings,
    ) -> Assembler<'a> {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut columns = Vec::new();
        for (index, guess) in settings.mapping.iter().enumerate() {
            let target = guess.target.as_deref().and_then(|key| Target::parse(key, object_type, importable));
            let Some(target) = target else { continue };
            let (target, number) = numbered(target);
            let place = match number {
                Some(number) => number,
                None => {
                    let ordered = places.entry(target.key()).or_insert(FIRST_ORDERED_PLACE);
                    *ordered += 1;
                    *ordered
                }
            };
            let header = match &target {
                Target::Line(_) => headers.get(index).map_or(String::new(), |header| header.trim().to_owned()),
                _ => String::new(),
            };
            columns.push(Column { index, target, place, header });
        }
        Assembler {
            object_type,
            importable,
            normalise,
            columns,
            defaults: settings.defaults.clone(),
            language: settings.language.clone(),
            is_own: settings.recognised.as_deref() == Some(OWN_EXPORT),
        }
    }

    /// The first column that fills a field.
    pub(crate) fn column_of(&self, field: &str) -> Option<usize> {
        let fills = |column: &&Column| match &column.target {
            Target::Id => field == "id",
            Target::Field(name) | Target::Titles(name) | Target::Ids(name) => name == field,
            Target::Channel { field: name, .. }
            | Target::ChannelLabel { field: name, .. }
            | Target::ChannelLines { field: name, .. }
            | Target::Address { field: name, .. }
            | Target::AddressLabel { field: name, .. }
            | Target::Line(name)
            | Target::AddressLines { field: name } => name == field,
            Target::Extra(_) => false,
        };
        let of_extra = || self.columns.iter().find(|column| matches!(column.target, Target::Extra(_)));
        self.columns.iter().find(fills).or_else(of_extra).map(|column| column.index)
    }

    /// A row of a table, or a card. What a card holds and the type cannot take is counted in `ignored`.
    pub(crate) fn candidate(&self, row: &SourceRow, ignored: &mut BTreeMap<String, u64>) -> Candidate {
        match &row.card {
            Some(card) => match self.importable.read_card(card, &self.language, ignored) {
                Some(raw) => self.finish(row.number, Gathered { raw, ..Gathered::default() }, true),
                None => {
                    let problem = problem("cards_not_supported");
                    Candidate { number: row.number, problems: vec![problem], ..Candidate::default() }
                }
            },
            None => self.finish(row.number, self.gather(&row.cells), false),
        }
    }

    fn gather(&self, cells: &[Cell]) -> Gathered {
        let mut gathered = Gathered::default();
        for column in &self.columns {
            let Some(cell) = cells.get(column.index).filter(|cell| !cell.is_empty()) else { continue };
            if let Cell::Error(text) = cell {
                gathered.problems.push(Problem {
                    column: Some(column.index),
                    value: Some(text.clone()),
                    ..problem("cell_error")
                });
                continue;
            }
            let text = cell.to_text();
            if text.trim().is_empty() {
                continue;
            }
            self.take(column, cell, text.trim(), &mut gathered);
        }
        self.join(&mut gathered);
        gathered
    }

    fn take(&self, column: &Column, cell: &Cell, text: &str, gathered: &mut Gathered) {
        let index = column.index;
        match &column.target {
            Target::Id => gathered.raw.id = Some(text.to_owned()),
            Target::Extra(key) => match gathered.raw.extras.get_mut(key) {
                Some(before) => {
                    before.push(' ');
                    before.push_str(text);
                }
                None => {
                    gathered.raw.extras.insert(key.clone(), text.to_owned());
                }
            },
            Target::Field(name) => {
                let Some(field) = self.object_type.field(name) else { return };
                let is_second = gathered.raw.values.contains_key(name);
                match &field.kind {
                    // Our own export cuts a text that no cell can hold; elsewhere two columns are two texts.
                    FieldKind::LongText(_) if is_second && self.is_own => {
                        let whole = format!("{}{text}", gathered.raw.text(name));
                        gathered.raw.set_text(name, &whole);
                    }
                    FieldKind::LongText(_) if is_second => gathered.raw.append_line(name, text),
                    // Two columns for one value: the first that is filled counts.
                    _ if is_second => {}
                    kind => {
                        gathered.raw.values.insert(name.clone(), field_input(kind, cell));
                    }
                }
            }
            Target::Line(name) => {
                let line = if column.header.is_empty() { text.to_owned() } else { format!("{}: {text}", column.header) };
                gathered.raw.append_line(name, &line);
            }
            Target::Titles(name) => {
                let is_several =
                    self.object_type.field(name).is_some_and(|field| matches!(field.kind, FieldKind::ReferenceSet(_)));
                gathered.raw.titles.entry(name.clone()).or_default().extend(split_titles(text, is_several));
            }
            Target::Ids(name) => {
                let ids = split_titles(text, true).into_iter().map(Json::String).collect();
                gathered.raw.values.insert(name.clone(), Json::Array(ids));
            }
            Target::Channel { field, kind, label } => {
                let Some(format) = self.channel_format(field, kind) else { return };
                let entries = gathered.channels.entry(field.clone()).or_default();
                for value in split_channels(text, format) {
                    let place = if label.is_none() { Some(column.place) } else { None };
                    entries.push((index, json!({ "kind": kind, "label": label, "value": value, "place": place })));
                }
            }
            Target::ChannelLabel { field, kind, .. } => {
                gathered.channel_labels.push((field.clone(), kind.clone(), column.place, text.to_owned()));
            }
            Target::ChannelLines { field, kind } => {
                let Some(settings) = self.channels(field) else { return };
                let entries = gathered.channels.entry(field.clone()).or_default();
                entries.extend(
                    read_channels(text, kind, &settings.channel_labels).into_iter().map(|entry| (index, entry)),
                );
            }
            Target::Address { field, label, part } => {
                let entries = gathered.addresses.entry(field.clone()).or_default();
                // Columns with a label fill one address; without one, the n-th column of a part fills the n-th address.
                let place = if label.is_some() { 0 } else { column.place };
                let known = entries.iter().position(|known| known.label == *label && known.place == place);
                let at = known.unwrap_or_else(|| {
                    entries.push(GatheredAddress { column: index, label: label.clone(), place, parts: Map::new() });
                    entries.len() - 1
                });
                let Some(address) = entries.get_mut(at) else { return };
                let joined = match address.parts.get(part).and_then(Json::as_str) {
                    Some(before) => format!("{before}, {text}"),
                    None => text.to_owned(),
                };
                address.parts.insert(part.clone(), Json::String(joined));
            }
            Target::AddressLabel { field, .. } => {
                gathered.address_labels.push((field.clone(), column.place, text.to_owned()));
            }
            Target::AddressLines { field } => {
                let Some(FieldKind::Addresses(settings)) = self.object_type.field(field).map(|field| &field.kind)
                else {
                    return;
                };
                let entries = gathered.addresses.entry(field.clone()).or_default();
                for (at, entry) in read_addresses(text, &settings.address_labels).into_iter().enumerate() {
                    if let Json::Object(entry) = entry {
                        // Whole addresses never share a place with those put together from columns.
                        let place = usize::MAX - at;
                        entries.push(GatheredAddress { column: index, label: None, place, parts: entry });
                    }
                }
            }
        }
    }

    fn channels(&self, field: &str) -> Option<&ChannelsSettings> {
        match self.object_type.field(field).map(|field| &field.kind) {
            Some(FieldKind::Channels(settings)) => Some(settings),
            _ => None,
        }
    }

    fn channel_format(&self, field: &str, kind: &str) -> Option<ChannelFormat> {
        self.channels(field)?.kinds.iter().find(|known| known.key == kind).map(|kind| kind.format)
    }

    /// Gives labels to what stood without one and moves everything into the row.
    fn join(&self, gathered: &mut Gathered) {
        for (name, entries) in &mut gathered.channels {
            let Some(settings) = self.channels(name) else { continue };
            for (_, entry) in entries.iter_mut() {
                let Some(object) = entry.as_object_mut() else { continue };
                let Some(place) = object.remove("place").and_then(|place| place.as_u64()) else { continue };
                let kind = object.get("kind").and_then(Json::as_str).unwrap_or_default();
                let of_entry = |(field, of, at, _): &&(String, String, usize, String)| {
                    field == name && of == kind && *at as u64 == place
                };
                let Some((_, _, _, text)) = gathered.channel_labels.iter().find(of_entry) else { continue };
                // Google marks the preferred one with a star.
                let (text, is_primary) = match text.strip_prefix("* ") {
                    Some(text) => (text, true),
                    None => (text.as_str(), false),
                };
                let label = channel_label_of(text).map_or_else(
                    || label_key(&settings.channel_labels, text),
                    |label| label_key(&settings.channel_labels, label),
                );
                object.insert("label".into(), Json::String(label));
                object.insert("is_primary".into(), Json::Bool(is_primary));
            }
        }
        for (name, entries) in std::mem::take(&mut gathered.addresses) {
            let Some(FieldKind::Addresses(settings)) = self.object_type.field(&name).map(|field| &field.kind) else {
                continue;
            };
            let mut made = Vec::with_capacity(entries.len());
            for GatheredAddress { column, label, place, mut parts } in entries {
                let text = gathered.address_labels.iter().find(|(field, at, _)| *field == name && *at == place);
                let label = label.or_else(|| {
                    let (_, _, text) = text?;
                    let text = text.strip_prefix("* ").unwrap_or(text);
                    Some(label_key(&settings.address_labels, address_label_of(text).unwrap_or(text)))
                });
                if let Some(label) = label {
                    parts.insert("label".into(), Json::String(label));
                }
                made.push((column, Json::Object(parts)));
            }
            gathered.channels.insert(name, made);
        }
        for (name, entries) in &gathered.channels {
            let array = entries.iter().map(|(_, entry)| entry.clone()).collect();
            gathered.raw.values.insert(name.clone(), Json::Array(array));
        }
    }

    /// Lets the type complete the row and checks every value.
    fn finish(&self, number: u64, gathered: Gathered, is_card: bool) -> Candidate {
        let Gathered { mut raw, channels, problems, .. } = gathered;
        raw.defaults.clone_from(&self.defaults);
        self.importable.prepare(self.object_type, &mut raw);
        let mut candidate = Candidate {
            number,
            problems,
            is_detailed: self.is_own,
            columns: channels
                .into_iter()
                .map(|(name, entries)| (name, entries.into_iter().map(|(column, _)| column).collect()))
                .collect(),
            ..Candidate::default()
        };
        if let Some(text) = raw.id.take() {
            match text.parse::<i64>().ok().filter(|id| *id > 0) {
                Some(id) => candidate.id = Some(id),
                None => candidate.problems.push(Problem {
                    column: self.column_of("id"),
                    field: Some("id".into()),
                    value: Some(shown(&text)),
                    ..problem("not_an_id")
                }),
            }
        }
        if is_card {
            self.keep_unreadable(&mut raw);
        }
        candidate.values = self.checked(std::mem::take(&mut raw.values), &mut candidate);
        candidate.defaults = self.checked(std::mem::take(&mut raw.defaults), &mut candidate);
        // An id says more than a title.
        candidate.titles =
            raw.titles.into_iter().filter(|(name, _)| !candidate.values.contains_key(name)).collect();
        self.identify(&mut candidate);
        candidate
    }

    /// By what the row will be looked up. The rules of the type make its name, as they will when it is written.
    fn identify(&self, candidate: &mut Candidate) {
        let mut whole = candidate.values.clone();
        for (name, value) in &candidate.defaults {
            whole.entry(name.clone()).or_insert_with(|| value.clone());
        }
        // What is wrong with the row is reported by the write path; here only the derived name counts.
        self.object_type.rules().apply(None, &mut whole);
        let title = whole.get(self.object_type.definition.title_field).and_then(Json::as_str);
        candidate.title_key = title.map(sort_key).filter(|key| !key.is_empty());
        for field in self.object_type.value_fields() {
            let FieldKind::Channels(settings) = &field.kind else { continue };
            let entries = candidate.values.get(&field.name).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
            for entry in entries {
                let text = |part: &str| entry.get(part).and_then(Json::as_str).unwrap_or_default();
                if settings.kinds.iter().any(|kind| kind.is_unique && kind.key == text("kind")) {
                    candidate.channel_keys.push((text("kind").to_owned(), sort_key(text("value"))));
                }
            }
        }
    }

    fn checked(&self, input: Values, candidate: &mut Candidate) -> Values {
        let mut values = Values::new();
        for (name, value) in input {
            let Some(field) = self.object_type.field(&name) else { continue };
            // A reference takes one id; a column of ids gives a list.
            let value = match (&field.kind, value) {
                (FieldKind::Reference(_), Json::Array(mut ids)) if ids.len() == 1 => ids.pop().unwrap_or(Json::Null),
                (_, value) => value,
            };
            match field.behaviour().normalise(field, &value, self.normalise) {
                Ok(Json::Null) => {}
                Ok(value) => {
                    values.insert(name, value);
                }
                Err(errors) => {
                    let problems = errors.iter().map(|error| self.problem(candidate, error, Some(&value)));
                    let problems: Vec<Problem> = problems.collect();
                    candidate.problems.extend(problems);
                }
            }
        }
        values
    }

    /// What is wrong, at the column that the value came from. `input` is the value of the whole field.
    pub(crate) fn problem(&self, candidate: &Candidate, error: &FieldError, input: Option<&Json>) -> Problem {
        let mut steps = error.pointer.trim_start_matches('/').split('/');
        let name = steps.next().unwrap_or_default();
        let entry = steps.next().and_then(|step| step.parse::<usize>().ok());
        let of_entry = entry.and_then(|at| candidate.columns.get(name).and_then(|columns| columns.get(at)).copied());
        let inner = match (input, entry) {
            (Some(Json::Array(entries)), Some(at)) => entries.get(at),
            (input, _) => input,
        };
        let value = match inner {
            Some(Json::String(text)) => Some(text.clone()),
            Some(Json::Object(object)) => object.get("value").and_then(Json::as_str).map(String::from),
            Some(Json::Null) | None => None,
            Some(other) => Some(other.to_string()),
        };
        Problem {
            column: of_entry.or_else(|| self.column_of(name)),
            field: Some(name.to_owned()),
            code: error.code.clone(),
            params: error.params.clone(),
            value: value.map(|text| shown(&text)),
        }
    }

    /// A card must lose nothing: what its fields refuse goes to the notes as text.
    fn keep_unreadable(&self, raw: &mut RawRow) {
        let Some(notes) = self.importable.notes_field() else { return };
        let mut lines: Vec<String> = Vec::new();
        let names: Vec<String> = raw.values.keys().filter(|name| *name != notes).cloned().collect();
        for name in names {
            let (Some(field), Some(value)) = (self.object_type.field(&name), raw.values.get_mut(&name)) else {
                continue;
            };
            let label = super::targets::text_in(&field.labels, &self.language).to_owned();
            match value {
                Json::Array(entries) => entries.retain(|entry| {
                    let single = Json::Array(vec![entry.clone()]);
                    let is_good = field.behaviour().normalise(field, &single, self.normalise).is_ok();
                    if !is_good {
                        lines.push(format!("{label}: {}", text_of_entry(entry)));
                    }
                    is_good
                }),
                other => {
                    if field.behaviour().normalise(field, other, self.normalise).is_err() {
                        lines.push(format!("{label}: {}", text_of_entry(other)));
                        *other = Json::Null;
                    }
                }
            }
        }
        for line in lines {
            raw.append_line(notes, &line);
        }
    }
}

fn text_of_entry(entry: &Json) -> String {
    match entry {
        Json::String(text) => text.clone(),
        Json::Object(parts) => {
            let texts = parts.iter().filter(|(name, _)| *name != "kind").filter_map(|(_, value)| value.as_str());
            texts.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// A problem that is all code.
pub(crate) fn problem(code: &str) -> Problem {
    Problem { column: None, field: None, code: code.into(), params: Map::new(), value: None }
}

fn shown(text: &str) -> String {
    text.chars().take(MAX_SHOWN).collect()
}
