//! Writes the text form in its one canonical shape: key words in lower case, texts always quoted,
//! brackets around every group inside another group and around what `not` negates.
//!
//! Brackets never outnumber the nodes of the tree, so the text of a tree within the depth limit is
//! itself within it. A tree that is not well-formed (see [`Expr`]) is written with the same
//! meaning where there is one, and does not read back as the same tree.

use std::fmt::{self, Display, Formatter, Write};

use crate::ast::{Condition, Expr, Literal, Operand, Operator};
use crate::calendar;

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::And(parts) => write_group(f, parts, " and ", "all"),
            Self::Or(parts) => write_group(f, parts, " or ", "not all"),
            Self::Not(inner) => match inner.as_ref() {
                Self::All | Self::Not(_) => write!(f, "not {inner}"),
                Self::And(_) | Self::Or(_) | Self::Condition(_) => write!(f, "not ({inner})"),
            },
            Self::Condition(condition) => condition.fmt(f),
        }
    }
}

fn write_group(f: &mut Formatter<'_>, parts: &[Expr], word: &str, empty: &str) -> fmt::Result {
    if parts.is_empty() {
        return f.write_str(empty);
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        match part {
            Expr::And(_) | Expr::Or(_) => write!(f, "({part})")?,
            Expr::All | Expr::Not(_) | Expr::Condition(_) => part.fmt(f)?,
        }
    }
    Ok(())
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.operator)?;
        match &self.value {
            Operand::None => Ok(()),
            Operand::One(literal) => write!(f, " {literal}"),
            Operand::Many(ends) if self.operator == Operator::Between => match ends.as_slice() {
                [low, high] => write!(f, " {low} and {high}"),
                other => write_list(f, other),
            },
            Operand::Many(literals) => write_list(f, literals),
        }
    }
}

fn write_list(f: &mut Formatter<'_>, literals: &[Literal]) -> fmt::Result {
    f.write_str(" (")?;
    for (index, literal) in literals.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        literal.fmt(f)?;
    }
    f.write_char(')')
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write_quoted(f, text),
            // The debug form always has a point or an exponent, which keeps it a number.
            Self::Number(number) => write!(f, "{number:?}"),
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Boolean(boolean) => write!(f, "{boolean}"),
            Self::Date(date) | Self::Day { date, .. } => f.write_str(date),
            Self::Instant(ms) => f.write_str(&calendar::format_instant(*ms)),
            Self::Today { offset_days } => {
                f.write_str("today")?;
                write_offset(f, i64::from(*offset_days), &[(1, 'd')])
            }
            Self::Now { offset_minutes } => {
                f.write_str("now")?;
                write_offset(f, *offset_minutes, &[(1_440, 'd'), (60, 'h'), (1, 'm')])
            }
            Self::Me => f.write_str("me"),
            Self::MyPeople => f.write_str("my_people"),
            Self::MyTeams => f.write_str("my_teams"),
        }
    }
}

fn write_quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}

/// Writes ` + 2h` in the largest of `units` that leaves no remainder, and nothing for zero.
fn write_offset(f: &mut Formatter<'_>, offset: i64, units: &[(u64, char)]) -> fmt::Result {
    if offset == 0 {
        return Ok(());
    }
    let sign = if offset < 0 { '-' } else { '+' };
    let size = offset.unsigned_abs();
    match units.iter().find(|(each, _)| size.is_multiple_of(*each)) {
        Some((each, unit)) => write!(f, " {sign} {}{unit}", size / each),
        None => Ok(()),
    }
}
