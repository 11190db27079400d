//! A value as it stands in a file, before anything is known about the field that it is meant for.

use serde::{Deserialize, Serialize};

/// One cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// Nothing, or an empty text.
    #[default]
    Empty,
    /// A text, exactly as stored: not trimmed, line breaks kept.
    Text(String),
    /// A number that is not formatted as a date.
    Number(f64),
    /// A truth value.
    Boolean(bool),
    /// A calendar date, `YYYY-MM-DD`.
    Date(String),
    /// A date with a time of day in no particular zone, `YYYY-MM-DDTHH:MM:SS`.
    DateTime(String),
    /// The error that a formula ended with, as the spreadsheet shows it: `#N/A`, `#DIV/0!`.
    Error(String),
}

/// The largest magnitude below which every integer is written out as such.
const EXACT_INTEGER: f64 = 1e15;

impl Cell {
    /// A text cell, or [`Cell::Empty`] if there is no character in it.
    #[must_use]
    pub fn from_text(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// Whether the cell holds nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The cell as a person would read it. A number never gets an exponent, an integer no decimal point, and a fraction at
    /// most 15 significant digits, as in a spreadsheet, so that a phone number stored as a number stays one.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Date(text) | Self::DateTime(text) | Self::Error(text) => text.clone(),
            Self::Number(number) => number_to_text(*number),
            Self::Boolean(value) => if *value { "true" } else { "false" }.to_owned(),
        }
    }

    /// Bytes of text that the cell keeps in memory.
    pub(crate) fn text_bytes(&self) -> usize {
        match self {
            Self::Text(text) | Self::Date(text) | Self::DateTime(text) | Self::Error(text) => text.len(),
            Self::Empty | Self::Number(_) | Self::Boolean(_) => 0,
        }
    }
}

fn number_to_text(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.fract() == 0.0 && number.abs() < EXACT_INTEGER {
        return format!("{number:.0}");
    }
    // Binary fractions carry noise after the fifteenth digit (0.1 + 0.2) that no spreadsheet ever shows.
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn numbers_read_as_people_write_them() {
        let check = |number: f64, expect: &str| assert_eq!(Cell::Number(number).to_text(), expect);
        check(380_501_234_567.0, "380501234567");
        check(999_999_999_999_999.0, "999999999999999");
        check(1e20, "100000000000000000000");
        check(0.1 + 0.2, "0.3");
        check(-12.50, "-12.5");
        check(-0.0, "0");
        check(1e-7, "0.0000001");
    }
}
