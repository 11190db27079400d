//! Merging records of one type, and what a merge would do.

use std::collections::BTreeMap;

use axum::extract::State;
use record_engine::EngineError;
use record_engine::merge::{self, MergeRequest};
use record_engine::query;
use serde::Deserialize;
use serde_json::json;

use super::record_lists::{name_list_errors, present_one};
use crate::error::Result;
use crate::extract::{Caller, Command, Json, Path};
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/records/{type}/merge/preview" preview_merge)
            .reads()
            .summary("What a merge would make of some records, field by field; writes nothing")
            .body("MergeInput")
            .answers(200, "MergePreview"),
        route!(post "/records/{type}/merge" merge_records)
            .summary("Makes one record of several; the undo of its operation makes several of it again")
            .retryable()
            .body("MergeInput")
            .answers(200, "MergeAnswer"),
    ]
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MergeInput {
    survivor: i64,
    losers: Vec<i64>,
    #[serde(default)]
    choices: BTreeMap<String, i64>,
    #[serde(default)]
    versions: BTreeMap<i64, i64>,
}

impl From<MergeInput> for MergeRequest {
    fn from(MergeInput { survivor, losers, choices, versions }: MergeInput) -> MergeRequest {
        MergeRequest { survivor, losers, choices, versions }
    }
}

async fn preview_merge(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Json(input): Json<MergeInput>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let request = MergeRequest::from(input);
            let (shown, fields, relations) = engine.database().read(|tx| {
                let preview = merge::preview(tx, &snapshot, &context, &object_type, &request)?;
                let mut records = preview.records;
                records.push(preview.merged);
                let presented = query::present(tx, &context, &snapshot.catalog, &object_type, &records)?;
                let shown: Vec<_> = presented.iter().map(|record| record.to_json()).collect();
                Ok::<_, EngineError>((shown, preview.fields, preview.relations))
            })
            .map_err(name_list_errors)?;
            let (merged, records) = shown.split_last().ok_or(EngineError::NotFound)?;
            let fields: Vec<_> = fields
                .into_iter()
                .map(|field| json!({ "field": field.field, "from": field.from, "is_united": field.is_united, "is_conflict": field.is_conflict }))
                .collect();
            let relations: Vec<_> = relations
                .into_iter()
                .map(|relation| json!({ "type": relation.object_type, "field": relation.field, "count": relation.count }))
                .collect();
            Ok(Answer::ok(&json!({ "records": records, "merged": merged, "fields": fields, "relations": relations })))
        })
        .await
}

async fn merge_records(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    command: Command<MergeInput>,
) -> Result<Answer> {
    let request = MergeRequest::from(command.body);
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let object_type = snapshot.object_type(&type_name)?;
            let merged = merge::merge(tx, snapshot, context, &object_type, &request).map_err(name_list_errors)?;
            let record =
                present_one(tx, context, &snapshot.catalog, &object_type, request.survivor)?.unwrap_or_default();
            let body = json!({ "record": record, "operation_id": merged.operation_id, "moved": merged.moved });
            Ok(Answer::ok(&body).tagged(&record))
        })
        .await
}
