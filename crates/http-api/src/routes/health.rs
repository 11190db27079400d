//! Whether the process lives, and whether it can work.

use std::time::Duration;

use axum::extract::State;
use database::Query;
use serde_json::json;

use crate::error::{ApiError, Result};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;

/// A database that does not answer within this is not ready.
const LONGEST_LOOK: Duration = Duration::from_secs(2);

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/health/live" get_liveness).public().summary("Whether the process answers").answers(200, "Health"),
        route!(get "/health/ready" get_readiness)
            .public()
            .summary("Whether the database answers")
            .answers(200, "Health"),
    ]
}

async fn get_liveness() -> Answer {
    Answer::ok(&json!({ "status": "live" }))
}

async fn get_readiness(State(state): State<ApiState>) -> Result<Answer> {
    let look = state.run(|engine| {
        engine.database().read(|tx| {
            tx.set_deadline(LONGEST_LOOK)?;
            tx.query_one("SELECT version FROM catalog_versions WHERE id = 1", &[])?;
            Ok::<(), ApiError>(())
        })
    });
    match tokio::time::timeout(LONGEST_LOOK, look).await {
        Ok(Ok(())) => Ok(Answer::ok(&json!({ "status": "ready" }))),
        Ok(Err(error)) => Err(Problem::new("unavailable").caused_by(error).into()),
        Err(_) => Err(Problem::new("unavailable").caused_by("the database did not answer in time").into()),
    }
}
