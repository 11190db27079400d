//! What can go wrong, by what a caller must do differently. No variant carries anything of a password or token.

use record_engine::{EngineError, FieldError};

use crate::providers::ProviderFault;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// No such login, a wrong password, or a user who is deactivated; deliberately not told apart.
    #[error("wrong credentials")]
    WrongCredentials,
    /// Too many wrong guesses.
    #[error("too many attempts")]
    Throttled {
        /// Seconds until the next guess is looked at, at least 1.
        retry_after_s: i64,
    },
    /// The installation has its first administrator already.
    #[error("the set-up is done already")]
    SetupClosed,
    /// The token of the set-up link is unknown, replaced by a newer one or too old.
    #[error("the set-up token is not valid")]
    WrongSetupToken,
    /// The token of a link is unknown, used, replaced by a newer one, taken back or too old.
    #[error("the link is not valid")]
    WrongLink,
    /// The ticket between two steps of a sign-in or set-up is unknown, used or older than ten minutes.
    #[error("the sign-in has to start again")]
    SignInExpired,
    /// A passkey that is not known here, or an answer that it did not sign for this page.
    #[error("the passkey is not accepted")]
    WrongPasskey,
    /// An identity provider cannot be asked, or has answered what is not believed.
    #[error("an identity provider: {0}")]
    Provider(#[from] ProviderFault),
    /// A directory could not be asked whether it knows somebody; that says nothing about him.
    #[error("a directory: {0}")]
    DirectoryUnavailable(#[source] ProviderFault),
    /// The login is too long ago for this: the password must be given again.
    #[error("the password must be given again")]
    ConfirmationRequired,
    /// He showed who he is, and his working hours are over or have not begun.
    #[error("outside of working hours")]
    OutsideHours {
        /// Who he is.
        user_id: i64,
        /// When he may come in, milliseconds UTC; `None` when no time is near.
        opens_at: Option<i64>,
    },
    /// He showed who he is, and his last day is over.
    #[error("the last day is over")]
    AccountOver {
        /// Who he is.
        user_id: i64,
    },
    /// Too many passwords wait to be looked at; the same call may succeed later.
    #[error("too many passwords wait to be looked at")]
    Overloaded,
    /// The system gave no randomness, or a password could not be hashed.
    #[error("cryptography failed: {0}")]
    Cryptography(String),
    /// Wrong input, missing rights, trouble below.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<database::DatabaseError> for IdentityError {
    fn from(error: database::DatabaseError) -> Self {
        IdentityError::Engine(EngineError::Database(error))
    }
}

impl IdentityError {
    /// Whether somebody was faster to take the login; the index of that table knows no other column.
    pub(crate) fn is_taken_login(&self) -> bool {
        use database::DatabaseError::Unique;
        matches!(self, IdentityError::Engine(EngineError::Database(Unique { table, .. })) if table == "user_credentials")
    }

    /// Wrong input.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> IdentityError {
        IdentityError::Engine(EngineError::Invalid(errors))
    }
}

/// Result of this crate.
pub type Result<T, E = IdentityError> = std::result::Result<T, E>;
