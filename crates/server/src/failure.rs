//! Why a command failed, in words for the one who typed it.

use std::path::{Path, PathBuf};

use database::DatabaseError;
use record_engine::{EngineError, FieldError};

/// Errors of the commands.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The command cannot do what was asked; the text says why and what would help.
    #[error("{0}")]
    Refused(String),
    /// A file or folder could not be read or written.
    #[error("{path}: {error}", path = path.display())]
    Path {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A user could not be made or looked up.
    #[error(transparent)]
    Identity(#[from] identity::IdentityError),
    /// A file could not be imported or exported.
    #[error("{}", code_in_words(.0))]
    Exchange(#[from] modules::exchange::ExchangeError),
    /// The engine refused.
    #[error("{}", in_words(.0))]
    Engine(#[from] EngineError),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The web interface could not start or broke.
    #[error("the server stopped: {0}")]
    Server(#[from] std::io::Error),
}

/// Result of the commands.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// A refusal with its text.
    pub fn refused(text: impl Into<String>) -> Failure {
        Failure::Refused(text.into())
    }

    /// Trouble with a file.
    pub fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
        let path = path.to_owned();
        move |error| Failure::Path { path, error }
    }

    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Refused(_) => 2,
            _ => 1,
        }
    }
}

/// Field errors name their fields; everything else speaks for itself.
fn in_words(error: &EngineError) -> String {
    match error {
        EngineError::Invalid(errors) => {
            let texts: Vec<String> = errors
                .iter()
                .map(|FieldError { pointer, code, .. }| format!("{}: {code}", pointer.trim_start_matches('/')))
                .collect();
            texts.join("; ")
        }
        other => other.to_string(),
    }
}

/// A file that cannot be read has a sentence of its own; the engine's refusals go the usual way.
fn code_in_words(error: &modules::exchange::ExchangeError) -> String {
    match error {
        modules::exchange::ExchangeError::Engine(error) => in_words(error),
        other => other.to_string(),
    }
}
