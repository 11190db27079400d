//! What a user sets for an import: how the file is read, where columns go, what the import may do.

use file_formats::ReadOptions;
use record_engine::record::Values;
use serde::{Deserialize, Serialize};

use super::recognise::Guess;

/// What an import may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Make new records and change matching ones.
    #[default]
    CreateAndUpdate,
    /// Leave matching records alone.
    CreateOnly,
    /// Leave rows without a match alone.
    UpdateOnly,
}

/// What makes a row and a record the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchKey {
    /// The id column.
    Id,
    /// Name, phone, e-mail and company, as far as the row has them.
    Full,
    /// A phone number alone.
    Phone,
    /// An e-mail address alone.
    Email,
    /// The name alone.
    Name,
}

/// What becomes of a row that matches a record only in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Change the record.
    Update,
    /// Fill the record: what it lacks comes from the row, what it has stays.
    Merge,
    /// Leave the row out.
    Skip,
    /// Make a new record; the channels that both have are marked as shared.
    CreateShared,
}

impl Decision {
    pub(crate) fn key(self) -> &'static str {
        match self {
            Decision::Update => "update",
            Decision::Merge => "merge",
            Decision::Skip => "skip",
            Decision::CreateShared => "create_shared",
        }
    }

    pub(crate) fn from_key(key: &str) -> Option<Decision> {
        [Decision::Update, Decision::Merge, Decision::Skip, Decision::CreateShared]
            .into_iter()
            .find(|decision| decision.key() == key)
    }
}

/// What becomes of such rows when nobody has decided on the single row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnPartialMatch {
    /// They wait for a decision; without one they are skipped.
    #[default]
    Ask,
    /// See [`Decision::Update`].
    Update,
    /// See [`Decision::Merge`].
    Merge,
    /// See [`Decision::Skip`].
    Skip,
    /// See [`Decision::CreateShared`].
    CreateShared,
}

impl OnPartialMatch {
    pub(crate) fn decision(self) -> Option<Decision> {
        match self {
            OnPartialMatch::Ask => None,
            OnPartialMatch::Update => Some(Decision::Update),
            OnPartialMatch::Merge => Some(Decision::Merge),
            OnPartialMatch::Skip => Some(Decision::Skip),
            OnPartialMatch::CreateShared => Some(Decision::CreateShared),
        }
    }
}

/// How the file is to be read; what is absent is found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileOptions {
    /// Sheet of a workbook.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Encoding of a text file.
    #[serde(default)]
    pub encoding: Option<String>,
    /// Between the fields of a text file.
    #[serde(default)]
    pub delimiter: Option<char>,
    /// Around the fields of a text file.
    #[serde(default)]
    pub quote: Option<char>,
    /// Whether the first row holds names.
    #[serde(default)]
    pub has_header: Option<bool>,
}

impl FileOptions {
    pub(crate) fn read_options(&self) -> ReadOptions {
        ReadOptions {
            sheet: self.sheet.clone(),
            encoding: self.encoding.clone(),
            delimiter: self.delimiter,
            quote: self.quote,
            has_header: self.has_header,
            ..ReadOptions::default()
        }
    }
}

/// Everything the user may set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub options: FileOptions,
    pub recognised: Option<String>,
    pub mapping: Vec<Guess>,
    pub mode: Mode,
    pub match_keys: Vec<MatchKey>,
    pub defaults: Values,
    pub on_partial_match: OnPartialMatch,
    /// What a field refuses goes to the notes as text, and the row is loaded without it; else the whole row waits for a correction.
    #[serde(default)]
    pub keep_unreadable: bool,
    /// Rows with a phone or an e-mail of somebody who was erased are loaded all the same.
    #[serde(default)]
    pub admits_erased: bool,
    pub decide_all: Option<Decision>,
    pub remember: bool,
    pub language: String,
}

impl Settings {
    /// The mapping as target keys by column.
    pub(crate) fn targets(&self) -> Vec<Option<String>> {
        self.mapping.iter().map(|guess| guess.target.clone()).collect()
    }
}
