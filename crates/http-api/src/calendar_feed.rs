//! The address of a calendar: `/calendar/{secret}.ics`, for programs that fetch a file now and then and can send no password.
//!
//! What must stay true: the secret opens nothing else, and nothing but a secret opens this; it stands in no log, no problem document and no audit event;
//! an address that was taken back, or never was, is one that does not exist.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use identity::{IdentityError, Secret};
use modules::calendar_feed::calendar_feed;
use record_engine::access::Feature;

use crate::audit::Asker;
use crate::error::{ApiError, Result};
use crate::problem::Problem;
use crate::routes::client;
use crate::state::ApiState;

/// Where the calendars are.
const ROOT: &str = "/calendar/";
const ENDING: &str = ".ics";
/// Longest secret that is looked at.
const MAX_LENGTH: usize = 100;

/// A path as it may be told: without the secret.
pub(crate) fn told_path(path: &str) -> String {
    match path.strip_prefix(ROOT) {
        Some(rest) if !rest.is_empty() => format!("{ROOT}…"),
        _ => path.to_owned(),
    }
}

/// Serves a calendar.
pub(crate) async fn serve(State(state): State<ApiState>, request: Request) -> Response {
    respond(state, request).await.unwrap_or_else(IntoResponse::into_response)
}

async fn respond(state: ApiState, request: Request) -> Result<Response> {
    let (parts, _) = request.into_parts();
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return Err(Problem::new("method_not_allowed").into());
    }
    let name = parts.uri.path().strip_prefix(ROOT).and_then(|rest| rest.strip_suffix(ENDING));
    let is_secret = |text: &&str| !text.is_empty() && text.len() <= MAX_LENGTH;
    let secret = Secret::new(name.filter(is_secret).ok_or_else(|| Problem::new("not_found"))?);
    let client = client(&parts.extensions, &parts.headers, state.config());
    let extensions = parts.extensions;
    let fixed_url = state.config().public_url.clone();
    let feed = state
        .run(move |engine| {
            let caller = match identity::authenticate_feed(engine, &secret, &client) {
                Ok(caller) if caller.access.may(Feature::AddressBook) => caller,
                Ok(_) | Err(IdentityError::WrongCredentials) => return Err(Problem::new("not_found").into()),
                Err(error) => return Err(error.into()),
            };
            let context = caller.context(engine);
            Asker::note(&extensions, || context.clone());
            let origin = fixed_url.unwrap_or_else(|| engine.snapshot().installation.public_url.clone());
            Ok::<_, ApiError>(calendar_feed(engine, &context, &caller.name, origin.trim_end_matches('/'))?)
        })
        .await?;
    let tag = format!("\"{}\"", feed.tag);
    let is_known = parts.headers.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok()).is_some_and(|known| {
        // A proxy that packs the answer makes the tag a weak one.
        known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
    });
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let media_type = HeaderValue::from_static("text/calendar; charset=utf-8");
        ([(CONTENT_TYPE, media_type)], Body::from(feed.text)).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::told_path;

    #[test]
    fn a_secret_is_not_told() {
        for (path, told) in [
            ("/calendar/abcd-efgh.ics", "/calendar/…"),
            ("/calendar/abcd/efgh", "/calendar/…"),
            ("/calendar", "/calendar"),
            ("/api/v1/calendar", "/api/v1/calendar"),
        ] {
            assert_eq!(told_path(path), told);
        }
    }
}
