//! How a module declares its object types: data, no logic.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::access::AccessPolicy;
use crate::field_types::FieldKind;
use crate::write::Rules;

/// Texts by language code.
pub type Labels = BTreeMap<String, String>;

/// English, Russian and Ukrainian texts as a map by language code.
pub fn labels(texts: [&str; 3]) -> Labels {
    ["en", "ru", "uk"].iter().zip(texts).map(|(language, text)| ((*language).into(), text.into())).collect()
}

/// A standard object type.
pub struct ObjectTypeDefinition {
    /// Name in the API and of the table, singular snake_case.
    pub name: &'static str,
    /// English, Russian, Ukrainian.
    pub labels: [&'static str; 3],
    /// The same in the plural.
    pub labels_plural: [&'static str; 3],
    /// Icon name of the web client.
    pub icon: &'static str,
    /// The text field that names a record.
    pub title_field: &'static str,
    /// Whether files can be imported into it.
    pub is_importable: bool,
    /// Whether it is furniture (users, views) and not a section of its own.
    pub is_system: bool,
    /// The standard fields in the order of the card.
    pub fields: Vec<FieldDefinition>,
    /// Sections of the navigation: parts of the base.
    pub sections: Vec<SectionDefinition>,
    /// Fields that a fresh list shows.
    pub default_columns: &'static [&'static str],
    /// Sort order of a fresh list.
    pub default_sort: &'static str,
    /// Whether its records are sets of other records, such as groups.
    pub membership: Option<Membership>,
    /// The reference that names the whole of which a record is a part: who does not see the whole does not see the part.
    pub part_of: Option<&'static str>,
    /// Who may do what.
    pub access: AccessPolicy,
    /// Checks and derived values.
    pub rules: &'static dyn Rules,
}

/// What makes the records of a type sets: others belong to one when they name it in a field, when they match its rule, or when they
/// belong to a set below it.
#[derive(Clone, Copy, Debug)]
pub struct Membership {
    /// The type of the members.
    pub of: &'static str,
    /// The members' field, a set of references, that names the sets they were put in.
    pub field: &'static str,
    /// The field of the set with its rule, a filter.
    pub rule: &'static str,
    /// The field of the set that names the set above it.
    pub parent: &'static str,
}

/// A part of the base with a place in the navigation.
pub struct SectionDefinition {
    /// Stable key.
    pub key: &'static str,
    /// English, Russian, Ukrainian.
    pub labels: [&'static str; 3],
    /// Icon name of the web client.
    pub icon: &'static str,
    /// What belongs to it, in the filter language.
    pub filter: &'static str,
}

/// A standard field.
pub struct FieldDefinition {
    /// Name in JSON, filters and imports; also its column.
    pub name: &'static str,
    /// English, Russian, Ukrainian.
    pub labels: [&'static str; 3],
    /// Kind with settings.
    pub kind: FieldKind,
    /// Block of the card: `name`, `main`, `contact`, `details`, `system`.
    pub group: &'static str,
    /// See [`super::Field::is_read_only`].
    pub is_read_only: bool,
    /// See [`super::Field::is_required`].
    pub is_required: bool,
    /// See [`super::Field::is_indexed`].
    pub is_indexed: bool,
    /// See [`super::Field::is_searched`].
    pub is_searched: bool,
    /// See [`super::Field::shown_if`].
    pub shown_if: Option<&'static str>,
    /// See [`super::Field::required_if`].
    pub required_if: Option<&'static str>,
    /// See [`super::Field::default`].
    pub default: Option<Json>,
}

impl FieldDefinition {
    /// An optional, writable, unindexed field of the group `main`.
    pub fn new(name: &'static str, labels: [&'static str; 3], kind: FieldKind) -> FieldDefinition {
        FieldDefinition {
            name,
            labels,
            kind,
            group: "main",
            is_read_only: false,
            is_required: false,
            is_indexed: false,
            is_searched: false,
            shown_if: None,
            required_if: None,
            default: None,
        }
    }

    /// Places the field in another block of the card.
    #[must_use]
    pub fn group(mut self, group: &'static str) -> Self {
        self.group = group;
        self
    }

    /// Only rules and the engine set it.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }

    /// Always needs a value.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// Gets an index.
    #[must_use]
    pub fn indexed(mut self) -> Self {
        self.is_indexed = true;
        self
    }

    /// Its text can be found by search.
    #[must_use]
    pub fn searched(mut self) -> Self {
        self.is_searched = true;
        self
    }

    /// Shown only where the condition holds.
    #[must_use]
    pub fn shown_if(mut self, condition: &'static str) -> Self {
        self.shown_if = Some(condition);
        self
    }

    /// Required where the condition holds.
    #[must_use]
    pub fn required_if(mut self, condition: &'static str) -> Self {
        self.required_if = Some(condition);
        self
    }

    /// Value of a new record.
    #[must_use]
    pub fn default(mut self, value: impl Into<Json>) -> Self {
        self.default = Some(value.into());
        self
    }
}
