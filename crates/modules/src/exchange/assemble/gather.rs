//! Sorts the cells of a row by the mapping of their columns: several values in one cell are taken apart, columns that belong together joined.

use std::collections::BTreeMap;

use file_formats::Cell;
use record_engine::catalog::ObjectType;
use record_engine::field_types::{AddressesSettings, ChannelFormat, ChannelsSettings, FieldKind};
use serde_json::{Map, Value as Json, json};

use super::super::cells::{field_input, split_channels, split_titles};
use super::super::importable::{Importable, RawRow};
use super::super::lines::{label_key, read_addresses, read_channels};
use super::super::recognise::OWN_EXPORT;
use super::super::recognise::words::{address_label_of, channel_label_of};
use super::super::settings::Settings;
use super::super::targets::{POINT_PARTS, Target, number_of};
use super::{Problem, problem};

/// The mapped columns of a file.
pub(super) struct Columns<'a> {
    object_type: &'a ObjectType,
    columns: Vec<Column>,
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
pub(super) struct Gathered {
    pub raw: RawRow,
    /// The entries of many-valued fields with the column of each.
    pub channels: BTreeMap<String, Vec<(usize, Json)>>,
    addresses: BTreeMap<String, Vec<GatheredAddress>>,
    channel_labels: Vec<(String, String, usize, String)>,
    address_labels: Vec<(String, usize, String)>,
    pub problems: Vec<Problem>,
}

impl Gathered {
    /// Texts that were sorted already, from no columns.
    pub(super) fn of(raw: RawRow) -> Gathered {
        Gathered { raw, ..Gathered::default() }
    }

    /// Puts a part into the address with this label and place.
    fn add_to_address(
        &mut self,
        field: &str,
        column: usize,
        label: Option<&String>,
        place: usize,
        part: &str,
        text: &str,
    ) {
        let entries = self.addresses.entry(field.to_owned()).or_default();
        let known = entries.iter().position(|known| known.label.as_ref() == label && known.place == place);
        let at = known.unwrap_or_else(|| {
            entries.push(GatheredAddress { column, label: label.cloned(), place, parts: Map::new() });
            entries.len() - 1
        });
        let Some(address) = entries.get_mut(at) else { return };
        if POINT_PARTS.iter().any(|(known, _)| *known == part) {
            address.parts.entry(part).or_insert_with(|| degrees(text));
            return;
        }
        let joined = match address.parts.get(part).and_then(Json::as_str) {
            Some(before) => format!("{before}, {text}"),
            None => text.to_owned(),
        };
        address.parts.insert(part.to_owned(), Json::String(joined));
    }
}

/// A number of degrees as people write it; what is none stays a text, which the field refuses with its name.
fn degrees(text: &str) -> Json {
    let plain = text.trim().trim_end_matches('°').trim_end().replace(',', ".");
    plain
        .parse::<f64>()
        .ok()
        .filter(|degrees| degrees.is_finite())
        .map_or_else(|| json!(text), |degrees| json!(degrees))
}

impl<'a> Columns<'a> {
    /// For the mapping of the settings; keys that the type no longer knows are left out.
    pub(super) fn new(
        object_type: &'a ObjectType,
        importable: &dyn Importable,
        headers: &[String],
        settings: &Settings,
    ) -> Columns<'a> {
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
        Columns { object_type, columns, is_own: settings.recognised.as_deref() == Some(OWN_EXPORT) }
    }

    /// The first column that fills a field.
    pub(super) fn of_field(&self, field: &str) -> Option<usize> {
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

    /// The texts of a row.
    pub(super) fn gather(&self, cells: &[Cell]) -> Gathered {
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
            Target::Field(name) => self.take_value(name, cell, text, &mut gathered.raw),
            Target::Line(name) => {
                let line =
                    if column.header.is_empty() { text.to_owned() } else { format!("{}: {text}", column.header) };
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
                let place = label.is_none().then_some(column.place);
                for value in split_channels(text, format) {
                    let entry = json!({ "kind": kind, "label": label, "value": value, "place": place });
                    entries.push((column.index, entry));
                }
            }
            Target::ChannelLabel { field, kind, .. } => {
                gathered.channel_labels.push((field.clone(), kind.clone(), column.place, text.to_owned()));
            }
            Target::ChannelLines { field, kind } => {
                let Some(settings) = self.channels(field) else { return };
                let entries = read_channels(text, kind, &settings.channel_labels);
                let of_field = gathered.channels.entry(field.clone()).or_default();
                of_field.extend(entries.into_iter().map(|entry| (column.index, entry)));
            }
            Target::Address { field, label, part } => {
                // Columns with a label fill one address; without one, the n-th column of a part fills the n-th address.
                let place = if label.is_some() { 0 } else { column.place };
                gathered.add_to_address(field, column.index, label.as_ref(), place, part, text);
            }
            Target::AddressLabel { field, .. } => {
                gathered.address_labels.push((field.clone(), column.place, text.to_owned()));
            }
            Target::AddressLines { field } => {
                let Some(settings) = self.addresses(field) else { return };
                let entries = gathered.addresses.entry(field.clone()).or_default();
                for (at, parts) in read_addresses(text, &settings.address_labels).into_iter().enumerate() {
                    // Whole addresses never share a place with those put together from columns.
                    let place = usize::MAX - at;
                    entries.push(GatheredAddress { column: column.index, label: None, place, parts });
                }
            }
        }
    }

    /// A plain field. Of two columns for one value the first that is filled counts, except for long texts, which hold both.
    fn take_value(&self, name: &str, cell: &Cell, text: &str, raw: &mut RawRow) {
        let Some(field) = self.object_type.field(name) else { return };
        match &field.kind {
            kind if !raw.values.contains_key(name) => {
                raw.values.insert(name.to_owned(), field_input(kind, cell));
            }
            // Our own export cuts a text that no cell can hold; elsewhere two columns are two texts.
            FieldKind::LongText(_) if self.is_own => {
                let whole = format!("{}{text}", raw.text(name));
                raw.set_text(name, &whole);
            }
            FieldKind::LongText(_) => raw.append_line(name, text),
            _ => {}
        }
    }

    fn addresses(&self, field: &str) -> Option<&AddressesSettings> {
        match self.object_type.field(field).map(|field| &field.kind) {
            Some(FieldKind::Addresses(settings)) => Some(settings),
            _ => None,
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
            let Some(settings) = self.addresses(&name) else { continue };
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
}
