//! What can be wrong with a file, told by what a caller does about it.
//!
//! Every error has a stable [`FormatError::code`] and [`FormatError::params`], from which the interface makes a sentence in
//! the user's language; the English `Display` text is for the log. Limits met deep inside a decompressor or an XML parser
//! travel outwards in an [`std::io::Error`] as a [`LimitHit`] and are unpacked by the `From` implementations here.

use std::fmt;
use std::io;

/// Why a file cannot be read or written. Rows are numbered as the user sees them in a spreadsheet, from 1.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The content contradicts its own format: truncated, wrong checksum, malformed XML, impossible offsets.
    #[error("the file is damaged: {detail}")]
    Damaged {
        /// What was found, in English, for the log and for a support request.
        detail: String,
    },
    /// The file is encrypted; it must be saved without a password first.
    #[error("the file is protected by a password")]
    PasswordProtected,
    /// The content is of a kind that holds no table and no cards.
    #[error("the file is not a table or a set of cards but {found}")]
    WrongKind {
        /// A short stable word: `pdf`, `docx`, `html`, `image`, `zip`, `binary`, ….
        found: &'static str,
    },
    /// A table, but in a version of the format that this crate does not read (`xlsb`, Excel 4 and older).
    #[error("unsupported format version: {found}")]
    UnsupportedVersion {
        /// A short stable word for the version.
        found: String,
    },
    /// The named text encoding is unknown.
    #[error("unknown text encoding {name}")]
    UnknownEncoding {
        /// The label that was asked for.
        name: String,
    },
    /// A read or write option is outside what the format allows.
    #[error("the option {name} is not usable")]
    InvalidOption {
        /// The field of the options structure.
        name: &'static str,
    },
    /// The asked sheet does not exist in the workbook.
    #[error("there is no sheet named {name}")]
    SheetNotFound {
        /// The name that was asked for.
        name: String,
    },
    /// The file has no row and no card at all.
    #[error("the file has no data")]
    Empty,
    /// A part of the file is larger than allowed, packed or unpacked.
    #[error("too large: {what} above {limit}")]
    TooLarge {
        /// Which part: `file`, `unpacked`, `entries`, `element`, `shared_strings`, `text`, `sheets`, `rows`, `card`.
        what: &'static str,
        /// The limit, in bytes, or in pieces where `what` is counted in pieces.
        limit: u64,
    },
    /// A row has values to the right of the last column that is read.
    #[error("{found} columns, at most {limit} are read")]
    TooManyColumns {
        /// The column, from 1, in which a value was found.
        found: u64,
        /// The number of columns that are read.
        limit: u64,
    },
    /// One row holds more text than allowed.
    #[error("row {row} is longer than {limit} bytes")]
    LineTooLong {
        /// The row.
        row: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// One cell holds more text than allowed.
    #[error("a cell in row {row} is longer than {limit} characters")]
    CellTooLong {
        /// The row.
        row: u64,
        /// The limit in characters.
        limit: u64,
    },
    /// A quoted field opens in this row and is never closed.
    #[error("the quote that opens in row {row} is never closed")]
    UnclosedQuote {
        /// The row in which the field begins.
        row: u64,
    },
    /// The file system failed.
    #[error("reading or writing failed: {0}")]
    Io(#[source] io::Error),
}

impl FormatError {
    /// A stable identifier of the error, in snake case, by which texts are looked up.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "file_damaged",
            Self::PasswordProtected => "file_password_protected",
            Self::WrongKind { .. } => "file_wrong_kind",
            Self::UnsupportedVersion { .. } => "file_unsupported_version",
            Self::UnknownEncoding { .. } => "file_unknown_encoding",
            Self::InvalidOption { .. } => "file_invalid_option",
            Self::SheetNotFound { .. } => "file_sheet_not_found",
            Self::Empty => "file_empty",
            Self::TooLarge { .. } => "file_too_large",
            Self::TooManyColumns { .. } => "file_too_many_columns",
            Self::LineTooLong { .. } => "file_line_too_long",
            Self::CellTooLong { .. } => "file_cell_too_long",
            Self::UnclosedQuote { .. } => "file_unclosed_quote",
            Self::Io(_) => "file_io",
        }
    }

    /// The values that belong into the sentence for [`FormatError::code`], by name.
    #[must_use]
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Damaged { detail } => vec![("detail", detail.clone())],
            Self::WrongKind { found } => vec![("found", (*found).to_owned())],
            Self::UnsupportedVersion { found } => vec![("found", found.clone())],
            Self::UnknownEncoding { name } | Self::SheetNotFound { name } => {
                vec![("name", name.clone())]
            }
            Self::InvalidOption { name } => vec![("name", (*name).to_owned())],
            Self::TooLarge { what, limit } => {
                vec![("what", (*what).to_owned()), ("limit", limit.to_string())]
            }
            Self::TooManyColumns { found, limit } => {
                vec![("found", found.to_string()), ("limit", limit.to_string())]
            }
            Self::LineTooLong { row, limit } | Self::CellTooLong { row, limit } => {
                vec![("row", row.to_string()), ("limit", limit.to_string())]
            }
            Self::UnclosedQuote { row } => vec![("row", row.to_string())],
            Self::PasswordProtected | Self::Empty | Self::Io(_) => Vec::new(),
        }
    }

    pub(crate) fn damaged(detail: impl Into<String>) -> Self {
        Self::Damaged { detail: detail.into() }
    }
}

/// A limit that was met inside a reader, where only [`std::io::Error`] can be returned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LimitHit {
    pub(crate) what: &'static str,
    pub(crate) limit: u64,
}

impl LimitHit {
    pub(crate) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }
}

impl fmt::Display for LimitHit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} above {}", self.what, self.limit)
    }
}

impl std::error::Error for LimitHit {}

/// The error behind an I/O error of a reader that unpacks or decodes: a limit, damaged content, or the file system.
fn classify(error: &io::Error) -> Option<FormatError> {
    if let Some(hit) = error.get_ref().and_then(|inner| inner.downcast_ref::<LimitHit>()) {
        return Some(FormatError::TooLarge { what: hit.what, limit: hit.limit });
    }
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            Some(FormatError::damaged(error.to_string()))
        }
        _ => None,
    }
}

impl From<io::Error> for FormatError {
    fn from(error: io::Error) -> Self {
        classify(&error).unwrap_or(Self::Io(error))
    }
}

impl From<quick_xml::Error> for FormatError {
    fn from(error: quick_xml::Error) -> Self {
        match error {
            quick_xml::Error::Io(error) => {
                classify(&error).unwrap_or_else(|| Self::Io(io::Error::new(error.kind(), error.to_string())))
            }
            other => Self::damaged(other.to_string()),
        }
    }
}
