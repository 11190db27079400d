//! The OpenAPI document of the installation.

use axum::extract::State;

use crate::error::Result;
use crate::extract::Caller;
use crate::openapi::document_for;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/openapi.json" get_openapi_document)
            .summary("This document, custom fields included")
            .answers(200, "Document"),
    ]
}

async fn get_openapi_document(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state.run(move |engine| Ok(Answer::ok(&document_for(&engine.snapshot().catalog, &caller.context(engine))))).await
}
