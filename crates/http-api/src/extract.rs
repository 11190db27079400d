//! What handlers take from a request. Everything that refuses does so with a problem document.

mod body;
mod caller;
mod version;

pub(crate) use body::{Command, Json, Nothing};
pub(crate) use caller::{
    Arriving, Caller, clear_session_cookie, session_token, set_session_cookie, set_sign_in_cookie, sign_in_token,
};
pub(crate) use version::IfMatch;

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Path parameters. What does not parse names nothing that exists.
pub(crate) struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found: Result<axum::extract::Path<T>, PathRejection> =
            axum::extract::Path::from_request_parts(parts, state).await;
        found.map(|axum::extract::Path(value)| Path(value)).map_err(|_| Problem::new("not_found"))
    }
}

/// Query parameters; unknown and repeated ones are refused.
pub(crate) struct Params<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(value)) => Ok(Params(value)),
            Err(rejection) => Err(Problem::new("malformed_request").detail(rejection.body_text())),
        }
    }
}
