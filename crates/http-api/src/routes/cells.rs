//! Cells of many records written at once, as a spreadsheet does.

use std::collections::BTreeMap;

use axum::extract::State;
use modules::exchange::{self, CellProblem, CellRow};
use record_engine::{FieldError, Values, query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::error::Result;
use crate::extract::{Caller, Command, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/records/{type}/cells" write_cells)
            .summary("Puts values and texts into cells of many records, as one operation; what cannot be written is named cell by cell")
            .retryable()
            .body("CellsInput")
            .answers(200, "CellsAnswer"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CellsInput {
    rows: Vec<RowInput>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowInput {
    id: i64,
    version: Option<i64>,
    #[serde(default)]
    values: Values,
    #[serde(default)]
    texts: BTreeMap<String, String>,
}

async fn write_cells(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    command: Command<CellsInput>,
) -> Result<Answer> {
    let rows = command.body.rows;
    if rows.len() > exchange::MAX_ROWS {
        let error = FieldError::new("rows", "too_many_values").with("max", exchange::MAX_ROWS);
        return Err(Problem::invalid(vec![error], "").into());
    }
    let rows: Vec<CellRow> = rows
        .into_iter()
        .map(|RowInput { id, version, values, texts }| CellRow { id, version, values, texts })
        .collect();
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let object_type = snapshot.object_type(&type_name)?;
            let written = exchange::write_cells(tx, snapshot, context, &object_type, &rows)?;
            let changed = query::get_many(tx, context, &object_type, &written.changed)?;
            let records = query::present(tx, context, &snapshot.catalog, &object_type, &changed)?;
            let records: Vec<_> = records.iter().map(|record| record.to_json()).collect();
            Ok(Answer::ok(&json!({
                "operation_id": written.operation_id,
                "records": records,
                "created": written.created.iter().map(|(row, id)| json!({ "row": row, "id": id })).collect::<Vec<_>>(),
                "changed": written.changed.len(),
                "unchanged": written.unchanged,
                "problems": written.problems.iter().map(problem).collect::<Vec<_>>(),
            })))
        })
        .await
}

fn problem(problem: &CellProblem) -> Json {
    json!({ "id": problem.id, "field": problem.field, "code": problem.code, "params": problem.params })
}
