//! Templates of tasks: what one would make, and making it.

use axum::extract::State;
use modules::task_templates::{Made, PlannedTask, Template, UseForEach, use_template};
use record_engine::catalog::USER_TYPE;
use record_engine::query::present::{References, Titles};
use record_engine::{EngineError, jobs};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::jobs::present_job;
use super::record_lists::Filter;
use super::record_writes::selection_of;
use crate::error::Result;
use crate::extract::{Caller, Command, Params, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/task-templates/{id}/plan" get_template_plan)
            .summary("The tasks that a template would make, with their exact moments")
            .query(&[Parameter::text("record_type"), Parameter::integer("record"), Parameter::text("date")])
            .answers(200, "TemplatePlan"),
        route!(post "/task-templates/{id}/use" use_task_template)
            .summary("Makes the tasks of a template, for a record or for none, in one operation")
            .retryable()
            .body("TemplateUse")
            .answers(201, "TemplateUsed"),
        route!(post "/task-templates/{id}/use-for-each" use_task_template_for_each)
            .summary("Makes the tasks of a template for each of many records, in a job")
            .retryable()
            .body("TemplateForEach")
            .answers(202, "JobAnswer"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanParams {
    record_type: Option<String>,
    record: Option<i64>,
    date: Option<String>,
}

async fn get_template_plan(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Params(params): Params<PlanParams>,
) -> Result<Answer> {
    if params.record.is_some() && params.record_type.is_none() {
        return Err(Problem::field("record_type", "required").into());
    }
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            engine
                .database()
                .read(|tx| {
                    let template = Template::load(tx, &snapshot, &context, id)?;
                    let needs_date = template.needs_date(&[]);
                    let used_for = params.record_type.as_deref().map(|name| (name, params.record));
                    // Before a date is chosen there is nothing to show but that one is wanted.
                    let planned = match params.date.as_deref() {
                        None if needs_date => Vec::new(),
                        date => template.preview(tx, &snapshot, &context, used_for, date, &[])?,
                    };
                    let people = References::to(USER_TYPE, planned.iter().filter_map(|task| task.responsible));
                    let titles = Titles::load(tx, &context, &snapshot.catalog, &people)?;
                    let tasks: Vec<Json> = planned.iter().map(|task| present(task, &titles)).collect();
                    Ok::<_, EngineError>(Answer::ok(&json!({ "needs_date": needs_date, "tasks": tasks })))
                })
                .map_err(Into::into)
        })
        .await
}

fn present(task: &PlannedTask, titles: &Titles) -> Json {
    let value = |name: &str| task.values.get(name).cloned().unwrap_or_default();
    json!({
        "line": task.line_id,
        "title": value("title"),
        "category": value("category"),
        "starts_at": value("starts_at"),
        "deadline": value("deadline"),
        "description": value("description"),
        "responsible": task.responsible.map(|user| titles.reference(USER_TYPE, user)),
        "checklist": task.checklist,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateUse {
    record_type: Option<String>,
    record: Option<i64>,
    date: Option<String>,
    #[serde(default)]
    left_out: Vec<i64>,
}

async fn use_task_template(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<TemplateUse>,
) -> Result<Answer> {
    let asked = command.body;
    let (name, record) = (asked.record_type.as_deref(), asked.record);
    if name.is_some() != record.is_some() {
        let missing = if name.is_none() { "record_type" } else { "record" };
        return Err(Problem::field(missing, "required").into());
    }
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let template = Template::load(tx, snapshot, context, id)?;
            let used_for = asked.record_type.as_deref().zip(asked.record);
            let date = asked.date.as_deref();
            let Made { task_ids, operation_id } =
                use_template(tx, snapshot, context, &template, used_for, date, &asked.left_out)?;
            Ok(Answer::created(&json!({ "task_ids": task_ids, "operation_id": operation_id })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateForEach {
    record_type: String,
    ids: Option<Vec<i64>>,
    filter: Option<Filter>,
    date: Option<String>,
    #[serde(default)]
    left_out: Vec<i64>,
}

async fn use_task_template_for_each(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<TemplateForEach>,
) -> Result<Answer> {
    let TemplateForEach { record_type, ids, filter, date, left_out } = command.body;
    let selection = selection_of(ids, filter)?;
    let work = UseForEach { template_id: id, record_type, selection, date, left_out };
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let new = work.clone().into_job(tx, snapshot, context)?;
            let id = jobs::enqueue(tx, context, &new)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, id)? })))
        })
        .await
}
