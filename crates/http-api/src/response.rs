//! Answers of handlers.

use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value as Json;

/// A JSON answer in the form in which it is stored for repeated requests: a replay is the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The version of the record in it, without quotes.
    pub etag: Option<String>,
    /// JSON text; empty for an answer without a body.
    pub body: String,
}

impl Answer {
    /// 200 with a body.
    pub fn ok(body: &impl Serialize) -> Answer {
        Answer::of(StatusCode::OK, body)
    }

    /// 201 with a body.
    pub fn created(body: &impl Serialize) -> Answer {
        Answer::of(StatusCode::CREATED, body)
    }

    /// 202 with a body: a job goes on with it.
    pub fn accepted(body: &impl Serialize) -> Answer {
        Answer::of(StatusCode::ACCEPTED, body)
    }

    /// 204.
    pub fn empty() -> Answer {
        Answer { status: StatusCode::NO_CONTENT.as_u16(), etag: None, body: String::new() }
    }

    fn of(status: StatusCode, body: &impl Serialize) -> Answer {
        let body = serde_json::to_string(body).unwrap_or_default();
        Answer { status: status.as_u16(), etag: None, body }
    }

    /// With the version of a presented record as its entity tag.
    #[must_use]
    pub fn tagged(mut self, record: &Json) -> Answer {
        self.etag = record.get("version").and_then(Json::as_i64).map(|version| version.to_string());
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = (status, self.body).into_response();
        let headers = response.headers_mut();
        if status == StatusCode::NO_CONTENT {
            headers.remove(CONTENT_TYPE);
        } else {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(tag) = self.etag.and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok()) {
            headers.insert(ETAG, tag);
        }
        response
    }
}
