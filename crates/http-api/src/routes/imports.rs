//! Imports: upload, settings, check, decisions, start, and the rows that failed.

use axum::extract::{Request, State};
use axum::response::Response;
use modules::exchange::{self, Decisions, ImportChange, NewImport, TableFormat};
use record_engine::engine::Snapshot;
use record_engine::{FieldError, RequestContext};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::files::{file_name, require_bytes, send_table};
use super::jobs::present_job;
use super::operations::present_undo;
use super::record_lists::checked_limit;
use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::{Caller, Command, Json, Nothing, Params, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Content, Parameter, Route, route};
use crate::state::ApiState;
use crate::transaction::Work;
use crate::uploads;

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/imports" create_import)
            .summary("Stores a file and recognises what is in it")
            .query(&[Parameter::text("type").required(), Parameter::text("file_name").required()])
            .upload()
            .lasting()
            .answers(201, "Import"),
        route!(get "/imports" list_imports)
            .summary("Earlier imports, newest first")
            .query(&[Parameter::text("cursor"), Parameter::integer("limit")])
            .answers(200, "ImportPage"),
        route!(get "/imports/{id}" get_import).summary("One import with a preview").answers(200, "Import"),
        route!(patch "/imports/{id}" update_import)
            .summary("Changes the settings of an import")
            .body("ImportChange")
            .retryable()
            .answers(200, "Import"),
        route!(post "/imports/{id}/check" check_import)
            .summary("Tries all rows without writing, in a job")
            .retryable()
            .answers(202, "JobAnswer"),
        route!(get "/imports/{id}/problems" list_import_problems)
            .summary("What is wrong or needs a decision, row by row")
            .query(&[Parameter::text("kind"), Parameter::text("cursor"), Parameter::integer("limit")])
            .answers(200, "ImportProblemPage"),
        route!(put "/imports/{id}/decisions" decide_import)
            .summary("Answers what needs a decision")
            .body("ImportDecisions"),
        route!(post "/imports/{id}/start" start_import)
            .summary("Imports, in a job; undecided rows are counted as skipped and wait for a decision")
            .retryable()
            .answers(202, "JobAnswer"),
        route!(post "/imports/{id}/queue" load_import_queue)
            .summary("After the end of an import: loads the rows that were decided on since, in a job that is an operation of its own")
            .retryable()
            .answers(202, "JobAnswer"),
        route!(post "/imports/{id}/undo" undo_import)
            .summary("Takes an import back, with what its queue loaded after its end, newest first. A large operation answers 202 with a job; ask again at its end while `left` is not 0")
            .retryable()
            .answers(200, "ImportUndoAnswer"),
        route!(get "/imports/{id}/failed-rows" get_failed_rows)
            .summary("The rows that failed or were skipped, with causes, to be corrected and loaded again")
            .query(&[Parameter::text("format")])
            .lasting()
            .answers_with(Content::Bytes),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UploadParams {
    r#type: String,
    file_name: String,
}

async fn create_import(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<UploadParams>,
    request: Request,
) -> Result<Answer> {
    require_bytes(request.headers())?;
    let file_name = file_name(&params.file_name).map_err(|_| Problem::field("file_name", "required"))?;
    let incoming = uploads::receive(&state, request.into_body()).await?;
    state
        .run_in(Lane::File, move |engine| {
            let context = caller.context(engine);
            let new = NewImport { object_type: params.r#type, file_name, path: incoming.path().to_owned() };
            let id = exchange::create_import(engine, &context, new)?;
            Ok(Answer::created(&exchange::import_json(engine, &context, id)?))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageParams {
    cursor: Option<i64>,
    limit: Option<usize>,
}

async fn list_imports(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<PageParams>,
) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, MAX_LIMIT)?;
    check_cursor(params.cursor)?;
    state
        .run(move |engine| {
            let (items, next) = exchange::list_imports(engine, &caller.context(engine), params.cursor, limit)?;
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": next.map(|cursor| cursor.to_string()) })))
        })
        .await
}

/// Cursors of these lists are numbers that the page before gave.
fn check_cursor(cursor: Option<i64>) -> Result<(), Problem> {
    match cursor {
        Some(number) if number < 0 => Err(Problem::invalid(vec![FieldError::new("cursor", "wrong_type")], "")),
        _ => Ok(()),
    }
}

async fn get_import(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run_in(Lane::File, move |engine| Ok(Answer::ok(&exchange::import_json(engine, &caller.context(engine), id)?)))
        .await
}

async fn update_import(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Command { body, retry }: Command<ImportChange>,
) -> Result<Answer> {
    let engine = state.engine().clone();
    let files = engine.files().clone();
    let prepare =
        move |_: &Snapshot, context: &RequestContext| Ok(exchange::prepare_change(&engine, context, id, body)?);
    state
        .write_prepared_in(Lane::File, caller, retry, prepare, move |change, Work { tx, snapshot, context }| {
            Ok(Answer::ok(&exchange::change_import_in(tx, &files, snapshot, context, id, change)?))
        })
        .await
}

async fn check_import(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let job = exchange::start_check_in(tx, snapshot, context, id)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, job)? })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProblemParams {
    kind: Option<ProblemKind>,
    cursor: Option<i64>,
    limit: Option<usize>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ProblemKind {
    Error,
    Decision,
    Skipped,
    Warning,
}

impl ProblemKind {
    fn key(self) -> &'static str {
        match self {
            ProblemKind::Error => "error",
            ProblemKind::Decision => "decision",
            ProblemKind::Skipped => "skipped",
            ProblemKind::Warning => "warning",
        }
    }
}

async fn list_import_problems(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Params(params): Params<ProblemParams>,
) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, MAX_LIMIT)?;
    check_cursor(params.cursor)?;
    state
        .run(move |engine| {
            let kind = params.kind.map(ProblemKind::key);
            let (items, next) = exchange::problems(engine, &caller.context(engine), id, kind, params.cursor, limit)?;
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": next.map(|cursor| cursor.to_string()) })))
        })
        .await
}

async fn decide_import(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(decisions): Json<Decisions>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            exchange::decide(engine, &caller.context(engine), id, &decisions)?;
            Ok(Answer::empty())
        })
        .await
}

async fn start_import(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let job = exchange::start_import_in(tx, snapshot, context, id)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, job)? })))
        })
        .await
}

async fn load_import_queue(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let job = exchange::start_queue_in(tx, snapshot, context, id)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, job)? })))
        })
        .await
}

async fn undo_import(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let exchange::ImportUndone { report, job, left, foreign_records } =
                exchange::undo_import_in(tx, snapshot, context, id)?;
            let mut answer = present_undo(&report);
            answer.insert("left".into(), json!(left));
            answer.insert("queue_records_of_others".into(), json!(foreign_records));
            let Some(job) = job else { return Ok(Answer::ok(&JsonValue::Object(answer))) };
            answer.insert("job".into(), present_job(tx, snapshot, context, job)?);
            Ok(Answer::accepted(&JsonValue::Object(answer)))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FailedRowsParams {
    format: Option<TableFormat>,
}

async fn get_failed_rows(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Params(params): Params<FailedRowsParams>,
) -> Result<Response> {
    let format = params.format.unwrap_or(TableFormat::Xlsx);
    send_table(&state, format, "failed-rows", move |engine, path| {
        exchange::write_failed_rows(engine, &caller.context(engine), id, format, path)
    })
    .await
}
