//! The columns of an export: for each field one, for channels one per kind, for references title and id, for addresses the point as well.
//!
//! What must stay true: headers are made by [`export_columns`] alone, so an export is recognised on its way back in any of the languages,
//! whatever columns were left out; each column says by which target it is read again.

use record_engine::catalog::{Field, Labels, ObjectType, labels};
use record_engine::field_types::FieldKind;

use super::targets::{POINT_PARTS, Target, is_importable, text_in};

/// The languages in which an export may have been written.
pub(crate) const LANGUAGES: [&str; 3] = ["ru", "uk", "en"];

/// Characters of a long text in one column: a cell of a workbook takes 32,767.
pub(crate) const PART_LENGTH: usize = 32_000;

/// What a column of an export shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The id of the record.
    Id,
    /// The value of a field; of a long text the part of this number.
    Value { field: String, part: usize },
    /// The titles of what a field refers to.
    Titles { field: String },
    /// The ids of what a field refers to.
    Ids { field: String },
    /// The channels of a kind.
    Channels { field: String, kind: String },
    /// The addresses.
    Addresses { field: String },
    /// A number of the exact point of the primary address.
    Point { field: String, part: &'static str },
}

/// A column of an export.
#[derive(Clone, Debug)]
pub(crate) struct ExportColumn {
    /// Text in the first row.
    pub header: String,
    /// What it shows.
    pub shown: Shown,
    /// How it is read again; `None` for what only the program sets.
    pub target: Option<Target>,
}

/// The columns of the fields that `is_wanted`, in the order of the card, the id first.
pub(crate) fn export_columns(
    object_type: &ObjectType,
    language: &str,
    is_wanted: &dyn Fn(&Field) -> bool,
) -> Vec<ExportColumn> {
    let mut columns = vec![ExportColumn { header: "ID".into(), shown: Shown::Id, target: Some(Target::Id) }];
    for field in object_type.fields.iter().filter(|field| field.name != "id" && is_wanted(field)) {
        push_field(&mut columns, object_type, field, language);
    }
    columns
}

fn push_field(columns: &mut Vec<ExportColumn>, object_type: &ObjectType, field: &Field, language: &str) {
    let header = header_of(object_type, field, language);
    let name = field.name.clone();
    let target = |target: Target| is_importable(field).then_some(target);
    let mut push = |header: String, shown: Shown, target: Option<Target>| {
        columns.push(ExportColumn { header, shown, target });
    };
    match &field.kind {
        FieldKind::Channels(settings) => {
            for kind in &settings.kinds {
                let header = format!("{header}: {}", text_in(&kind.labels, language));
                let shown = Shown::Channels { field: name.clone(), kind: kind.key.clone() };
                push(header, shown, target(Target::ChannelLines { field: name.clone(), kind: kind.key.clone() }));
            }
        }
        FieldKind::Addresses(_) => {
            push(
                header.clone(),
                Shown::Addresses { field: name.clone() },
                target(Target::AddressLines { field: name.clone() }),
            );
            // For people and other programs; on the way back the cell of the addresses says it all.
            for (part, words) in POINT_PARTS {
                let header = format!("{header}: {}", text_in(&labels(words), language));
                push(header, Shown::Point { field: name.clone(), part }, None);
            }
        }
        FieldKind::Reference(_) | FieldKind::ReferenceSet(_) => {
            let id_header = format!("{header} (ID)");
            push(header, Shown::Titles { field: name.clone() }, target(Target::Titles(name.clone())));
            push(id_header, Shown::Ids { field: name.clone() }, target(Target::Ids(name)));
        }
        FieldKind::LongText(settings) => {
            for part in 0..settings.max_length.div_ceil(PART_LENGTH).max(1) {
                let header = if part == 0 { header.clone() } else { format!("{header} ({})", part + 1) };
                let shown = Shown::Value { field: name.clone(), part };
                push(header, shown, target(Target::Field(name.clone())));
            }
        }
        FieldKind::File(_) => {}
        _ => push(header, Shown::Value { field: name.clone(), part: 0 }, target(Target::Field(name))),
    }
}

/// The label of a field; fields with the same label carry their name behind it.
pub(crate) fn header_of(object_type: &ObjectType, field: &Field, language: &str) -> String {
    let label = text_in(&field.labels, language);
    let is_ambiguous = object_type
        .fields
        .iter()
        .any(|other| other.name != field.name && text_in(&other.labels, language).eq_ignore_ascii_case(label));
    if is_ambiguous || label == "ID" { format!("{label} ({})", field.name) } else { label.to_owned() }
}

/// The columns that a file of failed rows has in front.
pub(crate) fn failed_row_headers() -> [Labels; 2] {
    [labels(["Row", "Строка", "Рядок"]), labels(["Cause", "Причина", "Причина"])]
}

/// Whether a header is one of those.
pub(crate) fn is_failed_row_header(header: &str) -> bool {
    failed_row_headers().iter().any(|labels| labels.values().any(|label| label == header.trim()))
}

/// The targets of the columns when the headers are those of our export in one of the languages; inner `None`: read by nobody.
pub(crate) fn own_mapping(object_type: &ObjectType, headers: &[String]) -> Option<Vec<Option<Target>>> {
    LANGUAGES.iter().find_map(|language| {
        let columns = export_columns(object_type, language, &|_| true);
        let mut has_id = false;
        let mapping: Option<Vec<Option<Target>>> = headers
            .iter()
            .map(|header| {
                if is_failed_row_header(header) {
                    return Some(None);
                }
                let column = columns.iter().find(|column| column.header == header.trim())?;
                has_id |= column.shown == Shown::Id;
                Some(column.target.clone())
            })
            .collect();
        mapping.filter(|mapping| has_id && mapping.len() > 1)
    })
}
