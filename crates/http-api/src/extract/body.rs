//! JSON bodies: read up to a limit, parsed with the place of every error, unknown members refused.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use record_engine::FieldError;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use crate::idempotency::{MAX_KEY_LENGTH, Retry};
use crate::problem::Problem;

/// Largest JSON body.
const MAX_JSON_BYTES: usize = 2 * 1024 * 1024;
/// Longest wait for a JSON body: what fits into the limit arrives in this time even over a poor line.
const LONGEST_BODY: std::time::Duration = std::time::Duration::from_secs(20);

/// A JSON body.
pub(crate) struct Json<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read(body).await?;
        require_json(&parts.headers)?;
        parse(&bytes).map(Json)
    }
}

/// A JSON body of a request that may be repeated under its `Idempotency-Key`. Requests without content take `Command<Nothing>`.
pub(crate) struct Command<T> {
    /// The body.
    pub body: T,
    /// The key and what makes the request the same.
    pub retry: Retry,
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Command<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let key = idempotency_key(&parts.headers)?;
        let bytes = read(body).await?;
        let path_and_query = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let retry = Retry::new(key, parts.method.as_str(), path_and_query, &bytes);
        let body = if bytes.is_empty() {
            // A request without content means the same as one with an empty object.
            parse(b"{}")?
        } else {
            require_json(&parts.headers)?;
            parse(&bytes)?
        };
        Ok(Command { body, retry })
    }
}

/// The content of a request that has none: nothing, or `{}`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| !key.is_empty() && key.len() <= MAX_KEY_LENGTH);
    match key {
        Some(key) => Ok(Some(key.into())),
        None => {
            Err(Problem::new("malformed_request").detail("Idempotency-Key holds 1 to 128 visible ASCII characters"))
        }
    }
}

async fn read(body: Body) -> Result<Bytes, Problem> {
    let collected = tokio::time::timeout(LONGEST_BODY, Limited::new(body, MAX_JSON_BYTES).collect()).await;
    match collected {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(Problem::new("body_too_large").with("max", MAX_JSON_BYTES))
        }
        Ok(Err(error)) => Err(Problem::new("malformed_request").detail("the body broke off").caused_by(error)),
        Err(_) => Err(Problem::new("too_slow_upload")),
    }
}

fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(Problem::new("unsupported_media_type")) }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| refuse(&error))?;
    deserializer.end().map_err(|error| Problem::new("malformed_request").detail(error.to_string()))?;
    Ok(value)
}

fn refuse(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let inner = error.inner();
    let text = inner.to_string();
    if inner.is_syntax() || inner.is_eof() || inner.is_io() {
        return Problem::new("malformed_request").detail(text);
    }
    let mut pointer = String::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escape(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    // serde names a member that is missing or unknown only in its text.
    let named = |prefix: &str| text.strip_prefix(prefix).and_then(|rest| rest.split('`').next()).map(escape);
    let (pointer, code) = if let Some(member) = named("missing field `") {
        (format!("{pointer}/{member}"), "required")
    } else if let Some(member) = named("unknown field `") {
        let stands_in_path = pointer.ends_with(&format!("/{member}"));
        (if stands_in_path { pointer } else { format!("{pointer}/{member}") }, "unknown_field")
    } else if text.starts_with("unknown variant `") {
        (pointer, "unknown_option")
    } else {
        (pointer, "wrong_type")
    };
    let error = FieldError { pointer, code: code.into(), params: serde_json::Map::new() };
    Problem::invalid(vec![error], "").detail(text)
}

fn escape(member: &str) -> String {
    member.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[serde(rename = "values")]
        _values: BTreeMap<String, i64>,
        #[serde(rename = "rows", default)]
        _rows: Vec<Row>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        #[serde(rename = "row")]
        _row: i64,
    }

    #[test]
    fn errors_say_where() {
        let check = |text: &str, code: &str, expect: &[(&str, &str)]| {
            let problem = parse::<Body>(text.as_bytes()).unwrap_err();
            let document = problem.document("/", "r");
            assert_eq!(document["code"], code, "{text}");
            let errors = document["errors"].as_array().cloned().unwrap_or_default();
            let found: Vec<_> = errors
                .iter()
                .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
                .collect();
            assert_eq!(found, expect, "{text}");
        };
        check("{", "malformed_request", &[]);
        check("{}x", "validation_failed", &[("/values", "required")]);
        check(r#"{"values": {}} x"#, "malformed_request", &[]);
        check(r#"{"values": {}, "owner_id": 1}"#, "validation_failed", &[("/owner_id", "unknown_field")]);
        check(r#"{"values": {"a": "b"}}"#, "validation_failed", &[("/values/a", "wrong_type")]);
        check(
            r#"{"values": {}, "rows": [{"row": 1}, {"row": 2, "x/y": 3}]}"#,
            "validation_failed",
            &[("/rows/1/x~1y", "unknown_field")],
        );
        check(r#"{"values": {}, "rows": [{}]}"#, "validation_failed", &[("/rows/0/row", "required")]);
        check("[]", "validation_failed", &[("", "wrong_type")]);
    }
}
