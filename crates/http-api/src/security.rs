//! What holds for every request and answer: same origin for writes, no forms, headers that forbid browsers what no page of ours needs.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::state::ApiState;

/// Pictures come last: [`page_policy`] adds the host of those of a map.
const PAGE_POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; img-src 'self' data: blob:";
/// Media types that a form of a foreign page can send without asking.
const FORM_TYPES: [&str; 3] = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/// Refuses writes that another site caused.
pub(crate) async fn refuse_cross_origin(request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_same_origin(request.headers()) {
        if is_form(request.method(), request.headers()) {
            return Problem::new("unsupported_media_type").into_response();
        }
        return next.run(request).await;
    }
    let origin = request.headers().get(ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    Problem::new("cross_origin").caused_by(format!("a write from {origin:?}")).into_response()
}

/// Browsers say where a request comes from; programs that are no browsers say nothing and carry no foreign cookies.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(site) => site == b"same-origin" || site == b"none",
        None => match text(&ORIGIN) {
            None => true,
            Some(origin) => {
                let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
                host.is_some() && host == text(&HOST)
            }
        },
    }
}

fn is_form(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return false;
    }
    let Some(media_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    FORM_TYPES.iter().any(|form| essence.eq_ignore_ascii_case(form))
}

/// Sets the headers that every answer carries; an answer may have stricter ones of its own.
pub(crate) async fn add_headers(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert_with(|| page_policy(&state.engine().snapshot().installation.tiles_url));
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("x-frame-options"), "DENY");
    if is_api {
        set(CACHE_CONTROL, "no-store");
    }
    if state.config().is_https {
        set(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// What pages may load: nothing from another host, but the pictures of the map that an administrator has chosen.
fn page_policy(tiles_url: &str) -> HeaderValue {
    let widened = identity::origin(tiles_url).map(|origin| HeaderValue::from_str(&format!("{PAGE_POLICY} {origin}")));
    widened.and_then(|value| value.ok()).unwrap_or(HeaderValue::from_static(PAGE_POLICY))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn writes_come_from_the_own_site() {
        let check = |headers: &[(&'static str, &str)], expect: bool| {
            let map: HeaderMap =
                headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
            assert_eq!(is_same_origin(&map), expect, "{headers:?}");
        };
        check(&[("host", "crm.example:8080")], true);
        check(&[("host", "crm.example"), ("sec-fetch-site", "same-origin")], true);
        check(&[("host", "crm.example"), ("sec-fetch-site", "none")], true);
        check(&[("host", "crm.example"), ("sec-fetch-site", "same-site")], false);
        check(&[("host", "crm.example"), ("sec-fetch-site", "cross-site")], false);
        check(&[("host", "crm.example"), ("sec-fetch-site", "cross-site"), ("origin", "http://crm.example")], false);
        check(&[("host", "crm.example:8080"), ("origin", "http://crm.example:8080")], true);
        check(&[("host", "crm.example"), ("origin", "https://crm.example")], true);
        check(&[("host", "crm.example"), ("origin", "http://crm.example:8080")], false);
        check(&[("host", "crm.example"), ("origin", "http://evil.example")], false);
        check(&[("host", "crm.example"), ("origin", "http://crm.example.evil.example")], false);
        check(&[("host", "crm.example"), ("origin", "null")], false);
        check(&[("origin", "http://crm.example")], false);
    }

    #[test]
    fn pictures_of_the_map_widen_the_policy_by_their_host_alone() {
        let check = |url: &str, expect: &str| assert_eq!(page_policy(url).to_str().unwrap(), expect, "{url}");
        check("", PAGE_POLICY);
        check("https://tiles.example;script-src *", PAGE_POLICY);
        check("https://tiles.example/{z}/{x}/{y}.png?key=1", &format!("{PAGE_POLICY} https://tiles.example"));
    }

    #[test]
    fn forms_are_told_by_their_media_type() {
        let check = |method: Method, media_type: &str, expect: bool| {
            let map: HeaderMap = [(CONTENT_TYPE, media_type.parse().unwrap())].into_iter().collect();
            assert_eq!(is_form(&method, &map), expect, "{method} {media_type}");
        };
        check(Method::POST, "text/plain", true);
        check(Method::POST, "Multipart/Form-Data; boundary=x", true);
        check(Method::DELETE, "application/x-www-form-urlencoded", true);
        check(Method::POST, "application/json", false);
        check(Method::GET, "text/plain", false);
    }
}
