//! The web client, built into the program.
//!
//! What must stay true: a path that is no file of the client is one of its pages and answers `index.html`, unless it can only be a mistake or a
//! probe; below `/api/` nothing of the client is ever answered. No path leads out of the embedded folder, because there is none.

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use database::hex;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
struct Files;

const INDEX: &str = "index.html";
/// The build gives files of this folder names that change with their content.
const HASHED_FOLDER: &str = "assets/";
/// Files that the build has compressed beside the plain ones, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Serves a file or page of the client.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if path.starts_with("/api/") || path == "/api" {
        return Problem::new("not_found").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return Problem::new("method_not_allowed").into_response();
    }
    let name = path.trim_start_matches('/');
    if !is_plain(path) {
        return Problem::new("not_found").into_response();
    }
    if let Some(response) = file(name, &headers) {
        return response;
    }
    // A missing file must not answer a page: browsers would run it as a script or keep it as an image.
    let is_page = !name.starts_with(HASHED_FOLDER) && !name.rsplit('/').next().unwrap_or_default().contains('.');
    match is_page.then(|| file(INDEX, &headers)).flatten() {
        Some(page) => page,
        None => Problem::new("not_found").into_response(),
    }
}

/// One slash at a time, no dots between them, nothing encoded: the client has no other addresses.
fn is_plain(path: &str) -> bool {
    let is_known = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
    path.chars().all(is_known)
        && path.trim_end_matches('/').split('/').skip(1).all(|part| !part.is_empty() && part != "." && part != "..")
        && !path.ends_with("//")
}

fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    let name = if name.is_empty() { INDEX } else { name };
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let compressed = ENCODINGS
        .into_iter()
        .filter(|(encoding, _)| {
            accepted.split(',').any(|part| part.split(';').next().unwrap_or_default().trim() == *encoding)
        })
        .find_map(|(encoding, ending)| Files::get(&format!("{name}{ending}")).map(|file| (file, Some(encoding))));
    let (file, encoding) = compressed.or_else(|| Files::get(name).map(|file| (file, None)))?;
    let tag = tag(&file);
    let is_known = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(file.data).into_response() };
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.insert(ETAG, tag);
    }
    if let Some(encoding) = encoding {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    let caching = if name.starts_with(HASHED_FOLDER) { "public, max-age=31536000, immutable" } else { "no-cache" };
    answer.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    Some(response)
}

fn tag(file: &EmbeddedFile) -> String {
    format!("\"{}\"", hex(file.metadata.sha256_hash().get(..16).unwrap_or_default()))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn odd_paths_are_no_pages() {
        let check = |path: &str, expect: bool| assert_eq!(is_plain(path), expect, "{path}");
        check("/", true);
        check("/contacts/42", true);
        check("/assets/index-B2x_9.js", true);
        check("/contacts/", true);
        check("//", false);
        check("//evil.example", false);
        check("/a//b", false);
        check("/a//", false);
        check("/../etc/passwd", false);
        check("/a/./b", false);
        check("/%2e%2e/etc", false);
        check("/a\\b", false);
    }
}
