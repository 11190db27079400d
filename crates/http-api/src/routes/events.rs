//! The event stream.

use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum::response::sse::Sse;
use axum::response::{IntoResponse, Response};

use crate::error::Result;
use crate::events::EventStream;
use crate::extract::Caller;
use crate::request::Connection;
use crate::route::{Content, Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/events" stream_events)
            .summary(
                "What changes, as server-sent events: records, presence, job, catalog, notification, session_ended",
            )
            .lasting()
            .answers_with(Content::Events),
    ]
}

async fn stream_events(
    State(state): State<ApiState>,
    caller: Caller,
    headers: HeaderMap,
    extensions: Extensions,
) -> Result<Response> {
    let resume_from = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let closing = extensions.get::<Connection>().map(|connection| connection.closing.clone());
    let stream = EventStream::open(state, caller, closing, resume_from).await?;
    let mut response = Sse::new(stream.into_stream()).into_response();
    // Proxies that gather answers would hold events back.
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    Ok(response)
}
