//! What can go wrong with an import or export, by what a caller does about it.

use file_formats::FormatError;
use record_engine::error::{EngineError, FieldError};
use serde_json::{Map, Value as Json};

/// Errors of import and export.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] FormatError),
    /// The actor's role may not export.
    #[error("may not export")]
    ExportForbidden,
}

impl ExchangeError {
    /// The stable code and the parameters, for clients.
    pub fn code_and_params(&self) -> (String, Json) {
        match self {
            ExchangeError::Engine(error) => error.code_and_params(),
            ExchangeError::File(error) => (error.code().into(), Json::Object(params(error))),
            ExchangeError::ExportForbidden => ("export_forbidden".into(), Json::Object(Map::new())),
        }
    }
}

impl From<database::DatabaseError> for ExchangeError {
    fn from(error: database::DatabaseError) -> Self {
        ExchangeError::Engine(EngineError::Database(error))
    }
}

impl From<std::io::Error> for ExchangeError {
    fn from(error: std::io::Error) -> Self {
        ExchangeError::Engine(EngineError::from(error))
    }
}

fn params(error: &FormatError) -> Map<String, Json> {
    error.params().into_iter().map(|(name, value)| (name.to_owned(), Json::String(value))).collect()
}

/// An error of a file as jobs report it: with its own code and parameters.
pub(crate) fn of_file(error: &FormatError) -> EngineError {
    let mut made = FieldError::new("file", error.code());
    made.params = params(error);
    EngineError::Invalid(vec![made])
}
