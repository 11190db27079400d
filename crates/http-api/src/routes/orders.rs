//! Orders that are made of deals.

use axum::extract::State;
use modules::orders::{ORDER_TYPE, from_deal};

use super::record_lists::present_one;
use crate::error::Result;
use crate::extract::{Caller, Command, Nothing, Path};
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/deals/{id}/order" order_deal)
            .summary("Makes an order of a deal with copies of its lines, in one operation")
            .retryable()
            .answers(201, "WriteAnswer"),
    ]
}

async fn order_deal(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let made = from_deal(tx, snapshot, context, id)?;
            let object_type = snapshot.object_type(ORDER_TYPE)?;
            let record = present_one(tx, context, &snapshot.catalog, &object_type, made.order_id)?.unwrap_or_default();
            let body = serde_json::json!({ "record": record, "operation_id": made.operation_id });
            Ok(Answer::created(&body).tagged(&record))
        })
        .await
}
