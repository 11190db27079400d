//! Where a column of a file can go: every writable field of the object type, by kind, and what the type adds of its own.
//!
//! What must stay true: a key read by [`Target::parse`] is the key that [`Target::key`] writes; keys are stored in remembered mappings.
//!
//! | Key | Meaning |
//! |---|---|
//! | `id` | the record to update |
//! | `last_name`, `x12` | a plain field |
//! | `parent`, `parent.id` | a reference by title, by id |
//! | `channels.phone.mobile`, `channels.phone` | channels with this label, without a label |
//! | `channels.phone.2` | the second channel that has its label in a column of its own |
//! | `channels.phone.2:label`, `channels.phone:label` | that column; without a number the n-th such column serves the n-th unlabelled one |
//! | `channels.phone.*` | all channels of the kind, in the form of our own export |
//! | `addresses.office.city`, `addresses.city`, `addresses.2.city`, `addresses:label`, `addresses.2:label`, `addresses.*` | the same for addresses |
//! | `description:line` | a line of a long text, with the header of the column before it |

use record_engine::RequestContext;
use record_engine::catalog::{Field, Labels, ObjectType, labels};
use record_engine::field_types::{AddressesSettings, ChannelLabel, ChannelsSettings, FieldKind};
use serde_json::{Value as Json, json};

use super::importable::Importable;

/// The parts of an address in the order of the form.
pub(crate) const ADDRESS_PARTS: [(&str, [&str; 3]); 5] = [
    ("street", ["street", "улица", "вулиця"]),
    ("city", ["city", "город", "місто"]),
    ("region", ["region", "область", "область"]),
    ("postcode", ["postcode", "индекс", "індекс"]),
    ("country", ["country", "страна", "країна"]),
];

/// The parts of the exact point of an address, in degrees.
pub(crate) const POINT_PARTS: [(&str, [&str; 3]); 2] =
    [("latitude", ["latitude", "широта", "широта"]), ("longitude", ["longitude", "долгота", "довгота"])];

/// Where a column goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The id of the record.
    Id,
    /// A field with a value of its own.
    Field(String),
    /// A reference or several, by title.
    Titles(String),
    /// A reference or several, by id.
    Ids(String),
    /// Channels of a kind.
    Channel { field: String, kind: String, label: Option<String> },
    /// The label of an unlabelled channel column: of that number, or the next one.
    ChannelLabel { field: String, kind: String, number: Option<String> },
    /// Channels of a kind in the form of our export.
    ChannelLines { field: String, kind: String },
    /// A part of an address.
    Address { field: String, label: Option<String>, part: String },
    /// The label of an unlabelled address: of that number, or the next one.
    AddressLabel { field: String, number: Option<String> },
    /// Addresses in the form of our export.
    AddressLines { field: String },
    /// A line of a long text, with the header of the column before it.
    Line(String),
    /// Something that only the object type understands.
    Extra(String),
}

/// The number that stands in a key in the place of a label.
pub(crate) fn number_of(label: &str) -> Option<usize> {
    label.parse().ok().filter(|number| (1..100).contains(number))
}

impl Target {
    /// The target of a key; `None` when the type has no such target.
    pub(crate) fn parse(key: &str, object_type: &ObjectType, importable: &dyn Importable) -> Option<Target> {
        if key == "id" {
            return Some(Target::Id);
        }
        if importable.extra_targets().iter().any(|extra| extra.key == key) {
            return Some(Target::Extra(key.into()));
        }
        if let Some(name) = key.strip_suffix(":line") {
            let field = object_type.field(name).filter(|field| is_importable(field))?;
            return matches!(field.kind, FieldKind::LongText(_)).then(|| Target::Line(field.name.clone()));
        }
        let (path, is_label) = match key.strip_suffix(":label") {
            Some(path) => (path, true),
            None => (key, false),
        };
        let mut steps = path.splitn(3, '.');
        let field = object_type.field(steps.next()?).filter(|field| is_importable(field))?;
        let (first, second) = (steps.next(), steps.next());
        let name = field.name.clone();
        match &field.kind {
            FieldKind::Channels(settings) => channel_target(settings, name, first?, second, is_label),
            FieldKind::Addresses(_) => address_target(name, first, second, is_label),
            _ if is_label || second.is_some() => None,
            FieldKind::Reference(_) | FieldKind::ReferenceSet(_) => match first {
                None => Some(Target::Titles(name)),
                Some("id") => Some(Target::Ids(name)),
                Some(_) => None,
            },
            _ => first.is_none().then_some(Target::Field(name)),
        }
    }

    /// The key of the target.
    pub(crate) fn key(&self) -> String {
        match self {
            Target::Id => "id".into(),
            Target::Field(field) | Target::Titles(field) | Target::Extra(field) => field.clone(),
            Target::Ids(field) => format!("{field}.id"),
            Target::Channel { field, kind, label: Some(label) } => format!("{field}.{kind}.{label}"),
            Target::Channel { field, kind, label: None } => format!("{field}.{kind}"),
            Target::ChannelLabel { field, kind, number: Some(number) } => format!("{field}.{kind}.{number}:label"),
            Target::ChannelLabel { field, kind, number: None } => format!("{field}.{kind}:label"),
            Target::ChannelLines { field, kind } => format!("{field}.{kind}.*"),
            Target::Address { field, label: Some(label), part } => format!("{field}.{label}.{part}"),
            Target::Address { field, label: None, part } => format!("{field}.{part}"),
            Target::AddressLabel { field, number: Some(number) } => format!("{field}.{number}:label"),
            Target::AddressLabel { field, number: None } => format!("{field}:label"),
            Target::AddressLines { field } => format!("{field}.*"),
            Target::Line(field) => format!("{field}:line"),
        }
    }
}

fn channel_target(
    settings: &ChannelsSettings,
    field: String,
    kind: &str,
    label: Option<&str>,
    is_label: bool,
) -> Option<Target> {
    let kind = settings.kinds.iter().find(|known| known.key == kind)?.key.clone();
    Some(match (label, is_label) {
        (None, true) => Target::ChannelLabel { field, kind, number: None },
        (Some(number), true) => Target::ChannelLabel { field, kind, number: Some(number_text(number)?) },
        (Some("*"), false) => Target::ChannelLines { field, kind },
        (label, false) => Target::Channel { field, kind, label: label.map(String::from) },
    })
}

fn address_target(field: String, first: Option<&str>, second: Option<&str>, is_label: bool) -> Option<Target> {
    let is_part = |text: &str| ADDRESS_PARTS.iter().chain(&POINT_PARTS).any(|(part, _)| *part == text);
    match (first, second, is_label) {
        (None, None, true) => Some(Target::AddressLabel { field, number: None }),
        (Some(number), None, true) => Some(Target::AddressLabel { field, number: Some(number_text(number)?) }),
        (Some("*"), None, false) => Some(Target::AddressLines { field }),
        (Some(part), None, false) if is_part(part) => Some(Target::Address { field, label: None, part: part.into() }),
        (Some(label), Some(part), false) if is_part(part) => {
            Some(Target::Address { field, label: Some(label.into()), part: part.into() })
        }
        _ => None,
    }
}

fn number_text(number: &str) -> Option<String> {
    number_of(number).map(|number| number.to_string())
}

/// Whether files can fill the field at all.
pub(crate) fn is_importable(field: &Field) -> bool {
    !field.is_system && !field.is_read_only && !field.is_retired && !matches!(field.kind, FieldKind::File(_))
}

/// Whether a target is a field that the actor does not know of.
pub(crate) fn is_hidden(context: &RequestContext, object_type: &ObjectType, key: &str) -> bool {
    let field = key.split(['.', ':']).next().unwrap_or_default();
    context.permissions(object_type).hides(field)
}

/// All targets of a type as clients read them: key, labels by language, group.
pub(crate) fn describe(context: &RequestContext, object_type: &ObjectType, importable: &dyn Importable) -> Vec<Json> {
    let permissions = context.permissions(object_type);
    let is_open = |field: &&Field| is_importable(field) && permissions.writes(&field.name);
    let mut targets = vec![entry("id", &labels(["Number (ID)", "Номер (ID)", "Номер (ID)"]), "system")];
    for extra in importable.extra_targets() {
        targets.push(entry(extra.key, &labels(extra.labels), extra.group));
    }
    for field in object_type.fields.iter().filter(is_open) {
        describe_field(field, &mut targets);
    }
    targets
}

fn entry(key: &str, labels: &Labels, group: &str) -> Json {
    json!({ "key": key, "labels": labels, "group": group })
}

fn describe_field(field: &Field, targets: &mut Vec<Json>) {
    let mut add = |key: String, labels: Labels| targets.push(entry(&key, &labels, &field.group));
    let name = &field.name;
    match &field.kind {
        FieldKind::Channels(settings) => {
            for kind in &settings.kinds {
                add(format!("{name}.{}", kind.key), kind.labels.clone());
                for label in &settings.channel_labels {
                    add(format!("{name}.{}.{}", kind.key, label.key), joined(&kind.labels, ": ", &label.labels));
                }
                add(
                    format!("{name}.{}:label", kind.key),
                    with_suffix(&kind.labels, ["what for", "назначение", "призначення"]),
                );
                add(
                    format!("{name}.{}.*", kind.key),
                    with_suffix(&kind.labels, ["as exported", "как в экспорте", "як в експорті"]),
                );
            }
        }
        FieldKind::Addresses(settings) => describe_addresses(field, settings, &mut add),
        FieldKind::Reference(_) | FieldKind::ReferenceSet(_) => {
            add(name.clone(), field.labels.clone());
            add(format!("{name}.id"), with_suffix(&field.labels, ["ID", "ID", "ID"]));
        }
        FieldKind::LongText(_) => {
            add(name.clone(), field.labels.clone());
            add(
                format!("{name}:line"),
                with_suffix(&field.labels, ["with the column’s name", "с названием столбца", "з назвою стовпця"]),
            );
        }
        _ => add(name.clone(), field.labels.clone()),
    }
}

/// A target that is not on the list because it carries a number.
pub(crate) fn describe_numbered(key: &str, object_type: &ObjectType) -> Json {
    let field = key.split(['.', ':']).next().and_then(|name| object_type.field(name));
    let suffix = key.split_once(['.', ':']).map_or(key, |(_, rest)| rest);
    let labels = field.map(|field| with_suffix(&field.labels, [suffix, suffix, suffix])).unwrap_or_default();
    entry(key, &labels, field.map_or("", |field| field.group.as_str()))
}

fn describe_addresses(field: &Field, settings: &AddressesSettings, add: &mut impl FnMut(String, Labels)) {
    let name = &field.name;
    let plain: [Option<&ChannelLabel>; 1] = [None];
    for label in plain.into_iter().chain(settings.address_labels.iter().map(Some)) {
        for (part, words) in ADDRESS_PARTS.into_iter().chain(POINT_PARTS) {
            match label {
                Some(label) => add(
                    format!("{name}.{}.{part}", label.key),
                    joined(&joined(&field.labels, ": ", &label.labels), ", ", &labels(words)),
                ),
                None => add(format!("{name}.{part}"), joined(&field.labels, ": ", &labels(words))),
            }
        }
    }
    add(format!("{name}:label"), with_suffix(&field.labels, ["what for", "назначение", "призначення"]));
    add(format!("{name}.*"), with_suffix(&field.labels, ["as exported", "как в экспорте", "як в експорті"]));
}

fn joined(first: &Labels, separator: &str, second: &Labels) -> Labels {
    first
        .iter()
        .map(|(language, text)| {
            let other = text_in(second, language).to_lowercase();
            (language.clone(), format!("{text}{separator}{other}"))
        })
        .collect()
}

fn with_suffix(first: &Labels, suffix: [&str; 3]) -> Labels {
    let suffix = labels(suffix);
    first
        .iter()
        .map(|(language, text)| (language.clone(), format!("{text} ({})", text_in(&suffix, language))))
        .collect()
}

/// A text in a language, else in English, else in any.
pub(crate) fn text_in<'a>(labels: &'a Labels, language: &str) -> &'a str {
    labels.get(language).or_else(|| labels.get("en")).or_else(|| labels.values().next()).map_or("", String::as_str)
}
