//! The router: the table of routes, the web client behind it, and the layers around both.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use record_engine::Origin;
use tower_http::compression::CompressionLayer;

use crate::audit::{Asked, Asker, tell_of_refusal};
use crate::keys::{RouteKind, count_keys};
use crate::problem::Problem;
use crate::request::{client_address, random_hex};
use crate::security;
use crate::state::ApiState;
use crate::{calendar_feed, dav, routes, web_client};

/// Where the API lives.
pub(crate) const BASE_PATH: &str = "/api/v1";
/// How long an answer may take; event streams, uploads and downloads have limits of their own.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

/// All routes of the API, the address book and the calendars of phones, the calendars that programs fetch, the web client on every other path.
pub fn router(state: ApiState) -> Router {
    let mut router = Router::new();
    for route in routes::table() {
        let path = format!("{BASE_PATH}{}", route.path);
        let kind = RouteKind { is_session_only: route.is_session_only, is_reading: route.is_reading };
        let handler = if route.is_lasting { route.handler } else { route.handler.layer(from_fn(end_in_time)) };
        let handler = handler.layer(from_fn_with_state((state.clone(), kind), count_keys));
        router = router.route(&path, handler);
    }
    for path in ["/dav", "/dav/", "/dav/{*path}"] {
        router = router.route(path, any(dav::serve).layer(from_fn(end_in_time)));
    }
    router
        .route("/calendar/{file}", any(calendar_feed::serve).layer(from_fn(end_in_time)))
        .route("/.well-known/carddav", any(dav::redirect_to_root))
        .route("/.well-known/caldav", any(dav::redirect_to_root))
        .method_not_allowed_fallback(async || Problem::new("method_not_allowed"))
        .fallback(web_client::serve)
        .layer(from_fn(security::refuse_cross_origin))
        .layer(from_fn_with_state(state.clone(), finish))
        .layer(from_fn_with_state(state.clone(), security::add_headers))
        .layer(CompressionLayer::new())
        .with_state(state)
}

async fn end_in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LONGEST_ANSWER, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new("timed_out").retry_after(Duration::from_secs(5)).into_response(),
    }
}

/// Gives the request its id, writes problem documents, logs.
async fn finish(State(state): State<ApiState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = random_hex::<8>();
    let method = request.method().clone();
    let path = calendar_feed::told_path(request.uri().path());
    let client = client_address(request.extensions(), request.headers(), state.config());
    let asker = Asker::default();
    request.extensions_mut().insert(asker.clone());
    let mut response = next.run(request).await;
    let problem = response.extensions_mut().remove::<Arc<Problem>>();
    let origin = Origin { address: Some(client), proof: None, ..Origin::default() };
    let asked = Asked { asker, method: method.to_string(), path: path.clone(), origin };
    // The address book refuses in words of its own.
    let code = problem.as_ref().map_or("forbidden", |problem| problem.code());
    tell_of_refusal(&state, asked, response.status(), code);
    if let Some(problem) = problem {
        problem.log(method.as_str(), &path, client, &id);
        let body = problem.document(&path, &id).to_string();
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        *response.body_mut() = Body::from(body);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    // The path holds ids at most; queries hold names and numbers of people and stay out of the log.
    tracing::debug!(request_id = id, %method, path, status = response.status().as_u16(), elapsed_us = started.elapsed().as_micros(), "answered");
    response
}
