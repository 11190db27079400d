//! What can go wrong, by what a caller must do differently.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

/// One thing wrong with one field of the input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldError {
    /// JSON pointer below the values, for example `/channels/0/value`.
    pub pointer: String,
    /// Stable code that clients translate; the list stands in `docs/errors.md`.
    pub code: String,
    /// Values for the text of the code.
    pub params: Map<String, Json>,
}

impl FieldError {
    /// An error at a field.
    pub fn new(field: &str, code: &str) -> FieldError {
        FieldError { pointer: format!("/{field}"), code: code.into(), params: Map::new() }
    }

    /// Adds a value for the text.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> FieldError {
        self.params.insert(key.into(), value.into());
        self
    }

    /// Moves the error to a place inside the field, for example `0/value`.
    #[must_use]
    pub fn at(mut self, inside: impl std::fmt::Display) -> FieldError {
        self.pointer = format!("{}/{inside}", self.pointer);
        self
    }

    /// Moves the error into the field `outer`.
    #[must_use]
    pub fn below(mut self, outer: &str) -> FieldError {
        self.pointer = format!("/{outer}{}", self.pointer);
        self
    }
}

/// A field that two people changed at once.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldConflict {
    /// Name of the field.
    pub field: String,
    /// What the caller sent.
    pub yours: Json,
    /// What stands there now.
    pub theirs: Json,
    /// What stood there when the caller read the record.
    pub base: Json,
    /// User id of the other one.
    pub by: Option<i64>,
    /// When he changed it, milliseconds UTC.
    pub at_ms: i64,
}

/// Errors of the engine.
#[derive(Clone, Debug, thiserror::Error)]
pub enum EngineError {
    /// The input breaks rules; nothing was written.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// Fields changed since the version the caller saw; nothing was written.
    #[error("changed meanwhile")]
    Conflict {
        /// The version that stands now.
        version: i64,
        /// The fields that both changed.
        fields: Vec<FieldConflict>,
    },
    /// No such record, or the actor may not know of it.
    #[error("not found")]
    NotFound,
    /// The actor may know of it but may not do this.
    #[error("forbidden")]
    Forbidden,
    /// The state does not allow it; the code says which rule.
    #[error("not possible now: {0}")]
    State(&'static str),
    /// A filter that does not parse or does not fit the fields.
    #[error("invalid filter: {0}")]
    Filter(String),
    /// The question takes too long to answer.
    #[error("took too long")]
    TooSlow,
    /// Trouble below.
    #[error(transparent)]
    Database(#[from] database::DatabaseError),
    /// Stored data that this program cannot read.
    #[error("unreadable stored data: {0}")]
    Stored(String),
    /// Trouble with a stored file.
    #[error("file store: {0}")]
    File(Arc<std::io::Error>),
}

impl From<std::io::Error> for EngineError {
    fn from(error: std::io::Error) -> EngineError {
        EngineError::File(Arc::new(error))
    }
}

impl EngineError {
    /// A single field error.
    pub fn field(error: FieldError) -> EngineError {
        EngineError::Invalid(vec![error])
    }

    /// The stable code and the parameters of an error, for reports of jobs.
    pub fn code_and_params(&self) -> (String, Json) {
        match self {
            EngineError::Invalid(errors) => match errors.first() {
                Some(first) => (first.code.clone(), Json::Object(first.params.clone())),
                None => ("validation_failed".into(), json!({})),
            },
            EngineError::Conflict { version, .. } => ("version_conflict".into(), json!({ "version": version })),
            EngineError::NotFound => ("not_found".into(), json!({})),
            EngineError::Forbidden => ("forbidden".into(), json!({})),
            EngineError::State(code) => ((*code).into(), json!({})),
            EngineError::Filter(text) => ("filter_invalid".into(), json!({ "detail": text })),
            EngineError::TooSlow => ("too_slow".into(), json!({})),
            EngineError::Database(_) | EngineError::Stored(_) | EngineError::File(_) => ("internal".into(), json!({})),
        }
    }
}

/// Result of the engine.
pub type Result<T, E = EngineError> = std::result::Result<T, E>;
