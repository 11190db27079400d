//! The tree of a filter, as written: names and values are not yet checked against any schema.
//!
//! The text form and the JSON form are two spellings of this tree and carry nothing else.

use std::fmt;
use std::str::FromStr;

/// Words that begin or join conditions and therefore cannot name a field.
pub const RESERVED_NAMES: [&str; 4] = ["all", "and", "not", "or"];

/// A filter.
///
/// Well-formed means: `And` and `Or` have at least two parts ([`Expr::all_of`] and
/// [`Expr::any_of`] see to it), names are names ([`FieldPath::from_str`]), the operand has the shape
/// that the operator takes ([`Operator::takes`]), numbers are finite, dates exist, instants lie in
/// the years 0 to 9999, and the limits hold. [`crate::check`] accepts nothing else.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// Matches every record.
    All,
    /// Matches where every part does.
    And(Vec<Expr>),
    /// Matches where at least one part does.
    Or(Vec<Expr>),
    /// Matches where the inner filter does not.
    Not(Box<Expr>),
    /// A test of one field.
    Condition(Condition),
}

/// A test of one field, such as `addresses.city = "Київ"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The field that is tested.
    pub field: FieldPath,
    /// How it is tested.
    pub operator: Operator,
    /// What it is compared with.
    pub value: Operand,
}

/// The name of a field, or of one part of it: `warmth`, `addresses.city`, `channels.phone`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath {
    /// The field's name in the catalog: `[a-z][a-z0-9_]*`, none of [`RESERVED_NAMES`].
    pub field: String,
    /// The part of a composite field: `[a-z][a-z0-9_]*`.
    pub part: Option<String>,
}

/// How a field is tested. The crate documentation says what each operator means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`; holds for an empty value.
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `between a and b`, both ends included.
    Between,
    /// `in (…)`: equal to one of the list.
    In,
    /// `not in (…)`: equal to none of the list; holds for an empty value.
    NotIn,
    /// `contains`: the pattern stands anywhere in the text.
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `has`: any of the list is in the set.
    Has,
    /// `has all`: all of the list are in the set.
    HasAll,
    /// `is empty`
    IsEmpty,
    /// `is not empty`
    IsNotEmpty,
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// Nothing, for `is empty` and `is not empty`.
    None,
    /// One value.
    One(Literal),
    /// A list; for `between`, its two ends.
    Many(Vec<Literal>),
}

/// A value written in a filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Text, or the key of a choice.
    Text(String),
    /// A finite number written with a point or an exponent.
    Number(f64),
    /// A whole number; also the id of a record.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A calendar day, `YYYY-MM-DD`, years 0000 to 9999.
    Date(String),
    /// Milliseconds since 1970-01-01T00:00:00Z, within the years 0000 to 9999.
    Instant(i64),
    /// The current day of whoever asks, moved by some days.
    Today {
        /// Days after today; negative before it.
        offset_days: i32,
    },
    /// A day of whoever asks: what [`Literal::Today`] becomes for somebody whose days do not begin with those of UTC. Nobody writes it.
    Day {
        /// As in [`Literal::Date`].
        date: String,
        /// Its first millisecond since 1970-01-01T00:00:00Z.
        from_ms: i64,
        /// The first millisecond of the next day.
        to_ms: i64,
    },
    /// The current instant, moved by some minutes.
    Now {
        /// Minutes after now; negative before it.
        offset_minutes: i64,
    },
    /// The user who asks.
    Me,
    /// The user who asks, the members of his teams and everybody below him. Several ids, so it stands after `in` and `has` only.
    MyPeople,
    /// The teams of the user who asks. Several ids, so it stands after `in` and `has` only.
    MyTeams,
}

impl Expr {
    /// The filter that matches where all of `parts` match; everything, if there are none.
    pub fn all_of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut parts: Vec<Self> = parts.into_iter().collect();
        if parts.len() > 1 {
            return Self::And(parts);
        }
        parts.pop().unwrap_or(Self::All)
    }

    /// The filter that matches where any of `parts` matches; nothing, if there are none.
    pub fn any_of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut parts: Vec<Self> = parts.into_iter().collect();
        if parts.len() > 1 {
            return Self::Or(parts);
        }
        parts.pop().unwrap_or_else(Self::nothing)
    }

    /// The filter that matches no record.
    pub fn nothing() -> Self {
        Self::Not(Box::new(Self::All))
    }

    /// Whether it is [`Expr::nothing`].
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Self::Not(inner) if **inner == Self::All)
    }

    /// Every condition, from left to right.
    pub fn conditions(&self) -> Vec<&Condition> {
        let mut found = Vec::new();
        // Nodes are pushed in reverse, so that the leftmost is taken next.
        let mut open = vec![self];
        while let Some(expr) = open.pop() {
            match expr {
                Self::All => {}
                Self::And(parts) | Self::Or(parts) => open.extend(parts.iter().rev()),
                Self::Not(inner) => open.push(inner),
                Self::Condition(condition) => found.push(condition),
            }
        }
        found
    }
}

impl Condition {
    /// Whether it names people or teams of the user, which is more than one value, after an operator that takes a single one.
    pub(crate) fn misplaces_a_group(&self) -> bool {
        let is_group = |literal: &Literal| matches!(literal, Literal::MyPeople | Literal::MyTeams);
        !matches!(self.operator, Operator::In | Operator::Has) && self.literals().iter().any(is_group)
    }

    /// The values of the operand, however many.
    pub fn literals(&self) -> &[Literal] {
        match &self.value {
            Operand::None => &[],
            Operand::One(literal) => std::slice::from_ref(literal),
            Operand::Many(literals) => literals,
        }
    }
}

impl Operator {
    /// Every operator, in the order in which a builder offers them.
    pub const EVERY: [Self; 16] = [
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Between,
        Self::In,
        Self::NotIn,
        Self::Contains,
        Self::StartsWith,
        Self::EndsWith,
        Self::Has,
        Self::HasAll,
        Self::IsEmpty,
        Self::IsNotEmpty,
    ];

    /// The spelling in the text form and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Between => "between",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Contains => "contains",
            Self::StartsWith => "starts with",
            Self::EndsWith => "ends with",
            Self::Has => "has",
            Self::HasAll => "has all",
            Self::IsEmpty => "is empty",
            Self::IsNotEmpty => "is not empty",
        }
    }

    /// Whether the operand has the shape that this operator takes. An empty list has the right
    /// shape; it is [`crate::check`] that refuses it.
    pub const fn takes(self, operand: &Operand) -> bool {
        match self {
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessOrEqual
            | Self::Greater
            | Self::GreaterOrEqual
            | Self::Contains
            | Self::StartsWith
            | Self::EndsWith => matches!(operand, Operand::One(_)),
            Self::Between => matches!(operand, Operand::Many(ends) if ends.len() == 2),
            Self::In | Self::NotIn => matches!(operand, Operand::Many(_)),
            Self::Has | Self::HasAll => matches!(operand, Operand::One(_) | Operand::Many(_)),
            Self::IsEmpty | Self::IsNotEmpty => matches!(operand, Operand::None),
        }
    }
}

impl FieldPath {
    /// The path of a whole field. The name is not examined; [`FieldPath::from_str`] does that.
    pub fn field(name: impl Into<String>) -> Self {
        Self { field: name.into(), part: None }
    }

    /// The path of one part of a field. The names are not examined.
    pub fn part(name: impl Into<String>, part: impl Into<String>) -> Self {
        Self { field: name.into(), part: Some(part.into()) }
    }
}

/// Answered when a text is not `name` or `name.name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a field name")]
pub struct NotAFieldPath;

impl FromStr for FieldPath {
    type Err = NotAFieldPath;

    fn from_str(text: &str) -> Result<Self, NotAFieldPath> {
        let (field, part) = match text.split_once('.') {
            Some((field, part)) => (field, Some(part)),
            None => (text, None),
        };
        if !is_name(field) || RESERVED_NAMES.contains(&field) || !part.is_none_or(is_name) {
            return Err(NotAFieldPath);
        }
        Ok(Self { field: field.to_owned(), part: part.map(str::to_owned) })
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.field)?;
        match &self.part {
            Some(part) => write!(f, ".{part}"),
            None => Ok(()),
        }
    }
}

/// Whether `text` is `[a-z][a-z0-9_]*`.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}
