//! Problem documents (RFC 9457): the one table from code to status and title, and the answer made from it.
//!
//! What must stay true: the text of a cause is logged, never sent; every code that the API answers stands in [`TABLE`] or, for rules of modules,
//! comes from [`Problem::state`].

use std::net::IpAddr;
use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use record_engine::FieldError;
use serde_json::{Map, Value as Json, json};

/// Code, status, title.
const TABLE: &[(&str, u16, &str)] = &[
    ("malformed_request", 400, "The request cannot be read"),
    ("two_credentials", 400, "A key and a session at once"),
    ("sign_in_expired", 401, "The sign-in has to start again"),
    ("unauthenticated", 401, "No valid login"),
    ("wrong_credentials", 401, "Wrong login or password"),
    ("wrong_passkey", 401, "The passkey is not accepted"),
    ("account_over", 403, "The last day of the account is over"),
    ("confirmation_required", 403, "The password must be given again"),
    ("cross_origin", 403, "The request comes from another site"),
    ("export_forbidden", 403, "Export is not allowed"),
    ("forbidden", 403, "Not allowed"),
    ("key_reads_only", 403, "The key only reads"),
    ("link_invalid", 403, "The link is not valid"),
    ("outside_hours", 403, "Outside of working hours"),
    ("second_step_missing", 403, "A second step of login must be set up first"),
    ("seeing_as", 403, "Nothing is changed while seeing as somebody else"),
    ("session_required", 403, "Only a person who logged in may do this"),
    ("setup_token_invalid", 403, "The set-up link is not valid"),
    ("not_found", 404, "Not found"),
    ("method_not_allowed", 405, "The resource does not know this method"),
    ("too_slow_upload", 408, "The upload came too slowly"),
    ("already_undone", 409, "The operation is undone already"),
    ("cannot_be_undone", 409, "This cannot be taken back"),
    ("conflict", 409, "Not possible in the present state"),
    ("erased", 409, "The personal data in the record was erased"),
    ("import_under_way", 409, "An import of the record still runs"),
    ("in_trash", 409, "The record is in the trash"),
    ("job_is_over", 409, "The job has ended"),
    ("legal_hold", 409, "The record must not be erased"),
    ("no_address_service", 409, "No address service is set up"),
    ("operation_under_way", 409, "The job of the operation still runs"),
    ("service_is_local", 409, "The address service is in the local network"),
    ("service_strange", 409, "The address service answers something strange"),
    ("service_unreachable", 409, "The address service cannot be reached"),
    ("setup_closed", 409, "Set-up is done already"),
    ("version_conflict", 409, "Changed meanwhile"),
    ("body_too_large", 413, "The body is too large"),
    ("unsupported_media_type", 415, "Another content type is expected"),
    ("file_cell_too_long", 422, "A cell of the file is too long"),
    ("file_damaged", 422, "The file is damaged"),
    ("file_empty", 422, "The file holds no data"),
    ("file_encoding", 422, "The encoding of the file is unclear"),
    ("file_invalid_option", 422, "The file cannot be read with this option"),
    ("file_line_too_long", 422, "A line of the file is too long"),
    ("file_over_limit", 422, "The file is larger than its field takes"),
    ("file_password_protected", 422, "The file is protected by a password"),
    ("file_sheet_not_found", 422, "The file has no such sheet"),
    ("file_too_large", 422, "The file is too large"),
    ("file_too_many_columns", 422, "The file has too many columns"),
    ("file_unclosed_quote", 422, "A quoted cell of the file does not end"),
    ("file_unknown_encoding", 422, "The encoding of the file is not known"),
    ("file_unsupported_version", 422, "This version of the format cannot be read"),
    ("file_wrong_kind", 422, "This kind of file cannot be read"),
    ("filter_invalid", 422, "The filter is not valid"),
    ("idempotency_key_mismatch", 422, "The idempotency key was used for another request"),
    ("not_a_picture", 422, "The file is no picture that can be read"),
    ("picture_damaged", 422, "The picture is damaged"),
    ("picture_too_many_pixels", 422, "The picture has too many pixels"),
    ("too_slow", 422, "The question takes too long to answer"),
    ("validation_failed", 422, "The input breaks rules"),
    ("too_many_attempts", 429, "Too many attempts"),
    ("too_many_questions", 429, "Too many questions to the address service"),
    ("file_io", 500, "The file could not be read"),
    ("internal", 500, "Something broke"),
    ("provider_failed", 502, "The identity provider cannot be asked, or its answer is not believed"),
    ("directory_unavailable", 503, "A directory cannot be asked whether it knows this login"),
    ("overloaded", 503, "Too much work at once"),
    ("unavailable", 503, "The database cannot be reached"),
    ("timed_out", 504, "The answer took too long"),
    ("disk_full", 507, "No space left"),
];

/// An answer that refuses. Boxed, because most results are none.
#[derive(Debug)]
pub(crate) struct Problem(Box<Content>);

#[derive(Debug)]
struct Content {
    code: String,
    status: StatusCode,
    title: &'static str,
    detail: Option<String>,
    params: Map<String, Json>,
    errors: Vec<FieldError>,
    retry_after: Option<Duration>,
    /// For the log.
    cause: Option<String>,
}

impl Problem {
    /// The problem of a code of the table; an unknown code is a defect and answers `internal`.
    pub fn new(code: &str) -> Problem {
        let found = TABLE.iter().find(|(known, ..)| *known == code);
        let (code, status, title) = found.copied().unwrap_or(("internal", 500, "Something broke"));
        Problem::made(code, status, title)
    }

    /// The problem of a rule about states; codes that the table does not name belong to modules.
    pub fn state(code: &str) -> Problem {
        match TABLE.iter().any(|(known, ..)| *known == code) {
            true => Problem::new(code),
            false => Problem::made(code, 409, "Not possible in the present state"),
        }
    }

    fn made(code: &str, status: u16, title: &'static str) -> Problem {
        Problem(Box::new(Content {
            code: code.into(),
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            title,
            detail: None,
            params: Map::new(),
            errors: Vec::new(),
            retry_after: None,
            cause: None,
        }))
    }

    /// Field errors, whose pointers start below the body member `below` (`/values`, or nothing).
    pub fn invalid(errors: Vec<FieldError>, below: &str) -> Problem {
        Problem::new("validation_failed").errors(errors, below)
    }

    /// With field errors, whose pointers start below `below`.
    #[must_use]
    pub fn errors(mut self, errors: Vec<FieldError>, below: &str) -> Problem {
        self.0.errors = errors;
        for error in &mut self.0.errors {
            error.pointer = format!("{below}{}", error.pointer);
        }
        self
    }

    /// One field error at a member of the body.
    pub fn field(member: &str, code: &str) -> Problem {
        Problem::invalid(vec![FieldError::new(member, code)], "")
    }

    /// A broken part of the program: the cause is logged, the answer says nothing about it.
    pub fn internal(cause: impl std::fmt::Display) -> Problem {
        Problem::new("internal").caused_by(cause)
    }

    /// English, for developers.
    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Problem {
        self.0.detail = Some(text.into());
        self
    }

    /// A value for the text of the code.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> Problem {
        self.0.params.insert(key.into(), value.into());
        self
    }

    /// The values for the text of the code.
    #[must_use]
    pub fn params(mut self, params: Map<String, Json>) -> Problem {
        self.0.params = params;
        self
    }

    /// When to try again.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Problem {
        self.0.retry_after = Some(wait);
        self
    }

    /// What the log shall say.
    #[must_use]
    pub fn caused_by(mut self, cause: impl std::fmt::Display) -> Problem {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The status of the answer.
    #[cfg(test)]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The document, with what only the request knows.
    pub fn document(&self, instance: &str, request_id: &str) -> Json {
        let mut document = json!({
            "type": format!("urn:kartoteka:problem:{}", self.0.code),
            "title": self.0.title,
            "status": self.0.status.as_u16(),
            "detail": self.0.detail,
            "instance": instance,
            "code": self.0.code,
            "request_id": request_id,
        });
        if let Some(object) = document.as_object_mut() {
            if self.0.detail.is_none() {
                object.remove("detail");
            }
            if !self.0.params.is_empty() {
                object.insert("params".into(), Json::Object(self.0.params.clone()));
            }
            if !self.0.errors.is_empty() {
                object.insert("errors".into(), json!(self.0.errors));
            }
        }
        document
    }

    /// Logs the cause once; without one, only refusals that may be part of an attack.
    pub fn log(&self, method: &str, path: &str, client: IpAddr, request_id: &str) {
        let code = self.0.code.as_str();
        match &self.0.cause {
            Some(cause) if self.0.status.is_server_error() => {
                tracing::error!(request_id, method, path, code, cause, "a request failed");
            }
            Some(cause) => tracing::warn!(request_id, method, path, %client, code, cause, "a request was refused"),
            None if matches!(self.0.status.as_u16(), 403 | 429) || code == "wrong_credentials" => {
                tracing::info!(request_id, method, path, %client, code, "a request was refused");
            }
            None => {}
        }
    }
}

/// The problem travels beside an empty body; the outermost layer, which knows the request, writes the document.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = self.0.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_no_code_twice() {
        let codes: Vec<_> = TABLE.iter().map(|(code, status, _)| (*status, *code)).collect();
        assert!(codes.is_sorted());
        let mut names: Vec<_> = codes.iter().map(|(_, code)| code).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
    }

    #[test]
    fn pointers_start_below_the_values() {
        let problem = Problem::invalid(vec![FieldError::new("channels", "not_a_phone").at("0/value")], "/values");
        let document = problem.document("/api/v1/records/contact", "r1");
        assert_eq!(document["errors"][0]["pointer"], "/values/channels/0/value");
        assert_eq!(document["code"], "validation_failed");
        assert_eq!(document["status"], 422);
        assert_eq!(document["request_id"], "r1");
    }

    #[test]
    fn a_cause_is_never_part_of_the_document() {
        let text = Problem::internal("password of the database").document("/", "r").to_string();
        assert!(!text.contains("password"));
    }

    #[test]
    fn a_rule_of_a_module_is_a_conflict_with_its_own_code() {
        let problem = Problem::state("deal_is_won");
        assert_eq!((problem.code(), problem.status().as_u16()), ("deal_is_won", 409));
        assert_eq!(Problem::state("in_trash").status().as_u16(), 409);
    }
}
