//! `If-Match`: the version of the record that the caller saw.

use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;

use crate::problem::Problem;

/// The version, when the caller named one. `*` is any.
pub(crate) struct IfMatch(pub Option<i64>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(IF_MATCH) else { return Ok(IfMatch(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(IfMatch(None));
        }
        let version: Option<i64> =
            text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|version| version.parse().ok());
        match version.filter(|version| *version >= 1) {
            Some(version) => Ok(IfMatch(Some(version))),
            None => Err(Problem::new("malformed_request").detail("If-Match holds one version, 1 or more, in quotes")),
        }
    }
}
