//! Which operators a field of each type takes. A builder offers exactly these.

use crate::ast::Operator;

/// The type of a field, as far as filters tell fields apart. Several field types of the catalog
/// share one: money and a plain number are both [`FieldType::Number`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// One text, or many (channels, cities); compared by [`crate::sort_key`].
    Text,
    /// An integer or a floating-point number.
    Number,
    /// A calendar day.
    Date,
    /// A moment, in milliseconds.
    Instant,
    /// Yes or no.
    Boolean,
    /// One key of a fixed list; compared exactly.
    Choice,
    /// Any number of keys of a fixed list.
    ChoiceSet,
    /// The id of one record.
    Reference,
    /// The ids of any number of records.
    ReferenceSet,
    /// A place on the map; compared with areas ([`crate::Area`]).
    Place,
}

const TEXT: &[Operator] = &[
    Operator::Equal,
    Operator::NotEqual,
    Operator::Less,
    Operator::LessOrEqual,
    Operator::Greater,
    Operator::GreaterOrEqual,
    Operator::Between,
    Operator::In,
    Operator::NotIn,
    Operator::Contains,
    Operator::StartsWith,
    Operator::EndsWith,
    Operator::IsEmpty,
    Operator::IsNotEmpty,
];

const ORDERED: &[Operator] = &[
    Operator::Equal,
    Operator::NotEqual,
    Operator::Less,
    Operator::LessOrEqual,
    Operator::Greater,
    Operator::GreaterOrEqual,
    Operator::Between,
    Operator::In,
    Operator::NotIn,
    Operator::IsEmpty,
    Operator::IsNotEmpty,
];

const YES_NO: &[Operator] = &[Operator::Equal, Operator::NotEqual, Operator::IsEmpty, Operator::IsNotEmpty];

const ONE_OF: &[Operator] =
    &[Operator::Equal, Operator::NotEqual, Operator::In, Operator::NotIn, Operator::IsEmpty, Operator::IsNotEmpty];

const SET: &[Operator] = &[
    Operator::Equal,
    Operator::NotEqual,
    Operator::In,
    Operator::NotIn,
    Operator::Has,
    Operator::HasAll,
    Operator::IsEmpty,
    Operator::IsNotEmpty,
];

const INSIDE: &[Operator] = &[Operator::In, Operator::NotIn];

impl FieldType {
    /// The operators that [`crate::check`] lets a field of this type be tested with.
    pub const fn operators(self) -> &'static [Operator] {
        match self {
            Self::Text => TEXT,
            Self::Number | Self::Date | Self::Instant => ORDERED,
            Self::Boolean => YES_NO,
            Self::Choice | Self::Reference => ONE_OF,
            Self::ChoiceSet | Self::ReferenceSet => SET,
            Self::Place => INSIDE,
        }
    }
}
