//! What can be wrong with the text form.

use serde::Serialize;

use crate::limits::{Exceeded, MAX_DEPTH};

/// Why a text is not a filter, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message} (at byte {offset})")]
pub struct ParseError {
    /// Where the offending token begins, in bytes from the start of the text.
    pub offset: usize,
    /// What kind of mistake it is; stable, for programs.
    pub code: ParseErrorCode,
    /// The mistake in English, for people who write filters.
    pub message: String,
}

/// The kinds of mistakes in a text form. Serialized in snake case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ParseErrorCode {
    /// A character that begins no token.
    UnexpectedCharacter,
    /// A text without its closing quote.
    UnterminatedText,
    /// A backslash before anything but `"` and `\`.
    UnknownEscape,
    /// Digits that make no number, or one out of range.
    InvalidNumber,
    /// A date or instant that does not exist.
    InvalidDate,
    /// A token where the grammar wants another one.
    UnexpectedToken,
    /// The text ends too early.
    UnexpectedEnd,
    /// The text is longer than [`crate::MAX_TEXT_BYTES`].
    TooLong,
    /// The nesting is deeper than [`MAX_DEPTH`].
    TooDeep,
    /// There are more than [`crate::MAX_CONDITIONS`] conditions.
    TooManyConditions,
    /// There are more than [`crate::MAX_LIST_VALUES`] values in a list, or
    /// [`crate::MAX_VALUES`] in all.
    TooManyValues,
}

impl ParseError {
    pub(crate) fn new(offset: usize, code: ParseErrorCode, message: impl Into<String>) -> Self {
        Self { offset, code, message: message.into() }
    }

    pub(super) fn exceeded(offset: usize, limit: Exceeded) -> Self {
        let code = match limit {
            Exceeded::Conditions => ParseErrorCode::TooManyConditions,
            Exceeded::ListValues | Exceeded::Values => ParseErrorCode::TooManyValues,
        };
        Self::new(offset, code, limit.to_string())
    }

    pub(super) fn too_deep(offset: usize) -> Self {
        let message = format!("at most {MAX_DEPTH} levels of nesting are allowed");
        Self::new(offset, ParseErrorCode::TooDeep, message)
    }
}
