//! What can go wrong in a handler, and the problem document of each case.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use database::DatabaseError;
use identity::IdentityError;
use modules::exchange::ExchangeError;
use record_engine::EngineError;
use serde_json::Value as Json;

use crate::problem::Problem;

/// Errors of handlers. What callers need to tell apart stays apart until the answer is made: a lost race is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The engine refused or failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Sessions and users.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Import and export.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// An answer that is ready.
    #[error("refused")]
    Problem(Problem),
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> ApiError {
        ApiError::Problem(problem)
    }
}

impl From<DatabaseError> for ApiError {
    fn from(error: DatabaseError) -> ApiError {
        ApiError::Engine(EngineError::Database(error))
    }
}

impl From<std::io::Error> for ApiError {
    fn from(error: std::io::Error) -> ApiError {
        ApiError::Engine(EngineError::from(error))
    }
}

impl ApiError {
    /// Whether a unique index refused what the checks had let through: somebody else was faster.
    pub fn is_lost_race(&self) -> bool {
        let engine_error = match self {
            ApiError::Engine(error) | ApiError::Identity(IdentityError::Engine(error)) => error,
            _ => return false,
        };
        matches!(engine_error, EngineError::Database(DatabaseError::Unique { .. }))
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Problem {
        match error {
            ApiError::Engine(error) => engine_problem(error),
            ApiError::Identity(error) => identity_problem(error),
            ApiError::Exchange(error) => exchange_problem(error),
            ApiError::Problem(problem) => problem,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

/// Result of handlers.
pub(crate) type Result<T, E = ApiError> = std::result::Result<T, E>;

fn engine_problem(error: EngineError) -> Problem {
    match error {
        EngineError::Invalid(errors) => Problem::invalid(errors, "/values"),
        // Handlers that know the record present both values; this is what is left for the others.
        EngineError::Conflict { version, .. } => Problem::new("version_conflict").with("version", version),
        EngineError::NotFound => Problem::new("not_found"),
        EngineError::Forbidden => Problem::new("forbidden"),
        EngineError::State(code) => Problem::state(code),
        EngineError::Filter(text) => Problem::new("filter_invalid").detail(text),
        EngineError::TooSlow => Problem::new("too_slow"),
        EngineError::Database(error) => database_problem(&error),
        EngineError::Stored(text) => Problem::internal(text),
        EngineError::File(error) if error.kind() == std::io::ErrorKind::StorageFull => {
            Problem::new("disk_full").caused_by(error)
        }
        EngineError::File(error) => Problem::internal(error),
    }
}

fn database_problem(error: &DatabaseError) -> Problem {
    let soon = Duration::from_secs(1);
    match error {
        DatabaseError::Busy(_) | DatabaseError::Serialization(_) => {
            Problem::new("overloaded").retry_after(soon).caused_by(error)
        }
        DatabaseError::Connection(_) => Problem::new("unavailable").retry_after(soon * 5).caused_by(error),
        DatabaseError::DiskFull(_) => Problem::new("disk_full").caused_by(error),
        DatabaseError::TimedOut => Problem::new("too_slow"),
        DatabaseError::Unique { .. } => Problem::new("conflict").caused_by(error),
        other => Problem::internal(other),
    }
}

fn identity_problem(error: IdentityError) -> Problem {
    match error {
        IdentityError::WrongCredentials => Problem::new("wrong_credentials"),
        IdentityError::Throttled { retry_after_s } => {
            let seconds = u64::try_from(retry_after_s).unwrap_or(1);
            Problem::new("too_many_attempts").with("retry_after", seconds).retry_after(Duration::from_secs(seconds))
        }
        IdentityError::AccountOver { .. } => Problem::new("account_over"),
        IdentityError::OutsideHours { opens_at, .. } => {
            Problem::new("outside_hours").with("opens_at", opens_at.map(record_engine::context::instant_text))
        }
        IdentityError::SetupClosed => Problem::new("setup_closed"),
        IdentityError::SignInExpired => Problem::new("sign_in_expired"),
        IdentityError::WrongPasskey => Problem::new("wrong_passkey"),
        IdentityError::Provider(fault) => Problem::new("provider_failed").with("reason", fault.code).caused_by(&fault),
        IdentityError::DirectoryUnavailable(fault) => {
            Problem::new("directory_unavailable").with("reason", fault.code).caused_by(&fault)
        }
        IdentityError::ConfirmationRequired => Problem::new("confirmation_required"),
        IdentityError::WrongSetupToken => Problem::new("setup_token_invalid"),
        IdentityError::WrongLink => Problem::new("link_invalid"),
        IdentityError::Overloaded => Problem::new("overloaded").retry_after(Duration::from_secs(1)),
        IdentityError::Cryptography(text) => Problem::internal(text),
        // The bodies of these requests have no `values`.
        IdentityError::Engine(EngineError::Invalid(errors)) => Problem::invalid(errors, ""),
        IdentityError::Engine(error) => engine_problem(error),
    }
}

fn exchange_problem(error: ExchangeError) -> Problem {
    match error {
        ExchangeError::Engine(EngineError::Invalid(errors)) => Problem::invalid(errors, ""),
        ExchangeError::Engine(error) => engine_problem(error),
        ExchangeError::File(ref file) => match error.code_and_params() {
            (code, Json::Object(params)) => Problem::new(&code).params(params).caused_by(file),
            (code, _) => Problem::new(&code).caused_by(file),
        },
        ExchangeError::ExportForbidden => Problem::new("export_forbidden"),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use file_formats::FormatError;
    use record_engine::FieldError;

    use super::*;

    #[test]
    fn every_error_has_its_status_and_code() {
        let check = |error: ApiError, status: u16, code: &str| {
            let problem = Problem::from(error);
            assert_eq!((problem.status().as_u16(), problem.code()), (status, code));
        };
        check(EngineError::Invalid(vec![FieldError::new("name", "required")]).into(), 422, "validation_failed");
        check(EngineError::Conflict { version: 2, fields: Vec::new() }.into(), 409, "version_conflict");
        check(EngineError::NotFound.into(), 404, "not_found");
        check(EngineError::Forbidden.into(), 403, "forbidden");
        check(EngineError::State("import_is_busy").into(), 409, "import_is_busy");
        check(EngineError::Filter("x".into()).into(), 422, "filter_invalid");
        check(EngineError::TooSlow.into(), 422, "too_slow");
        check(EngineError::Stored("x".into()).into(), 500, "internal");
        check(io::Error::from(io::ErrorKind::StorageFull).into(), 507, "disk_full");
        check(io::Error::from(io::ErrorKind::PermissionDenied).into(), 500, "internal");
        check(DatabaseError::Busy("x".into()).into(), 503, "overloaded");
        check(DatabaseError::Connection("x".into()).into(), 503, "unavailable");
        check(DatabaseError::DiskFull("x".into()).into(), 507, "disk_full");
        check(DatabaseError::TimedOut.into(), 422, "too_slow");
        check(DatabaseError::Corrupt("x".into()).into(), 500, "internal");
        check(IdentityError::WrongCredentials.into(), 401, "wrong_credentials");
        check(IdentityError::Throttled { retry_after_s: 9 }.into(), 429, "too_many_attempts");
        check(IdentityError::SetupClosed.into(), 409, "setup_closed");
        check(IdentityError::OutsideHours { user_id: 1, opens_at: Some(0) }.into(), 403, "outside_hours");
        check(IdentityError::AccountOver { user_id: 1 }.into(), 403, "account_over");
        check(IdentityError::WrongSetupToken.into(), 403, "setup_token_invalid");
        check(IdentityError::SignInExpired.into(), 401, "sign_in_expired");
        check(IdentityError::WrongPasskey.into(), 401, "wrong_passkey");
        let fault = identity::ProviderFault { code: "unreachable", detail: "no such host".into() };
        check(IdentityError::Provider(fault).into(), 502, "provider_failed");
        let fault = identity::ProviderFault { code: "unreachable", detail: "too slow".into() };
        check(IdentityError::DirectoryUnavailable(fault).into(), 503, "directory_unavailable");
        check(IdentityError::ConfirmationRequired.into(), 403, "confirmation_required");
        check(IdentityError::Overloaded.into(), 503, "overloaded");
        check(ExchangeError::ExportForbidden.into(), 403, "export_forbidden");
        check(ExchangeError::File(FormatError::Empty).into(), 422, "file_empty");
        check(ExchangeError::File(FormatError::PasswordProtected).into(), 422, "file_password_protected");
    }
}
