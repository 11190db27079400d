//! How a module declares its object types: data, no logic.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::calendar::CalendarPart;
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
    /// The field by which a record is done: a checkbox, or a choice with the meanings `open` and `closed`. Lists and cards have a tick for it.
    pub done_by: Option<&'static str>,
    /// The references that name the whole of which a record is a part, of which it has exactly one: who does not see the whole does not see the part.
    pub part_of: &'static [&'static str],
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
    /// Of a reference: a search finds the record by the name of what it refers to (`super::ObjectType::named_by`).
    pub is_found_by_name: bool,
    /// See [`super::Field::shown_if`].
    pub shown_if: Option<&'static str>,
    /// See [`super::Field::required_if`].
    pub required_if: Option<&'static str>,
    /// See [`super::Field::overdue_if`].
    pub overdue_if: Option<&'static str>,
    /// See [`super::Field::default`].
    pub default: Option<Json>,
    /// What it says about the place of a record in a calendar.
    pub in_calendar: Option<CalendarPart>,
    /// See [`super::Field::timeline`].
    pub timeline: Option<OnTimeline>,
    /// See [`super::Field::rolls_up`].
    pub rolls_up: bool,
    /// By this moment or day somebody has to have done something with the record.
    pub work: Option<Work>,
    /// An undo brings back what stood there, although nobody writes it.
    pub comes_back: bool,
    /// An index has the records of each value of it in the order of this field.
    pub listed_by: Option<&'static str>,
}

/// Records stand on the timelines of those which a reference of theirs names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnTimeline {
    /// The date and time of a record that says when, or `created_at`; a record without it stands where it was created.
    pub at: &'static str,
    /// Whether a timeline shows them until its reader says otherwise.
    pub is_shown: bool,
}

/// What makes the records of a type work of somebody, to be done by the moment or day in the field that has it: lists of work go over all such types.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// The reference to the user who has to do it.
    pub of: &'static str,
    /// The choice that says by its meaning whether it is `open`.
    pub state: &'static str,
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
            is_found_by_name: false,
            shown_if: None,
            required_if: None,
            overdue_if: None,
            default: None,
            in_calendar: None,
            timeline: None,
            rolls_up: false,
            work: None,
            comes_back: false,
            listed_by: None,
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

    /// A search finds the record by the name of what it refers to, as a task by that of its client; an indexed reference.
    #[must_use]
    pub fn found_by_name(mut self) -> Self {
        self.is_found_by_name = true;
        self
    }

    /// What has passed is too late while the condition holds.
    #[must_use]
    pub fn overdue_if(mut self, condition: &'static str) -> Self {
        self.overdue_if = Some(condition);
        self
    }

    /// Puts the record on the timelines of those that the reference names, at the moment of a field.
    #[must_use]
    pub fn on_timeline(mut self, at: &'static str) -> Self {
        self.timeline = Some(OnTimeline { at, is_shown: true });
        self
    }

    /// The same for whoever asks for it; a fresh timeline does not show it.
    #[must_use]
    pub fn on_timeline_if_asked(mut self, at: &'static str) -> Self {
        self.timeline = Some(OnTimeline { at, is_shown: false });
        self
    }

    /// Whom the reference names shows the timeline of the record, too.
    #[must_use]
    pub fn rolled_up(mut self) -> Self {
        self.rolls_up = true;
        self
    }

    /// By then the user in `of` has to have done what the choice `state` calls open.
    #[must_use]
    pub fn work(mut self, of: &'static str, state: &'static str) -> Self {
        self.work = Some(Work { of, state });
        self
    }

    /// Nobody writes it, and it is derived from the moment of a change: an undo brings back what stood there, for the moment of the undo says something else.
    #[must_use]
    pub fn kept_by_undo(mut self) -> Self {
        self.is_read_only = true;
        self.comes_back = true;
        self
    }

    /// The records of each of its values stand in an index in the order of another field: a list that asks for some values of this one, by that order,
    /// costs what it shows ([`super::OrderedIndex`]). Each save of a record pays for it.
    #[must_use]
    pub fn listed_by(mut self, order: &'static str) -> Self {
        self.listed_by = Some(order);
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

    /// The field says when a record is, or whose time it takes: a type with a beginning or an end, and with people, stands in the calendar.
    #[must_use]
    pub fn in_calendar(mut self, part: CalendarPart) -> Self {
        self.in_calendar = Some(part);
        self
    }
}
