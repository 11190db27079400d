//! Personal data: what is kept of a person, erasing it, the acts of destruction, the data map.

use axum::extract::State;
use axum::response::Response;
use modules::exchange;
use modules::personal_data::consents::NewConsent;
use modules::personal_data::erase::EraseRequest;
use modules::personal_data::restriction::{self, Lift, Restrict};
use modules::personal_data::{acts, consents, data_map, ensure_manager, erase, subject_export};
use serde::Deserialize;
use serde_json::json;

use super::files::attachment;
use super::jobs::present_job;
use super::record_lists::checked_limit;
use crate::error::Result;
use crate::extract::{Caller, Command, Nothing, Params, Path};
use crate::response::Answer;
use crate::route::{Content, Parameter, Route, route};
use crate::state::ApiState;
use crate::transaction::Work;
use crate::uploads::Incoming;

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/personal-data/subjects/{id}" get_subject)
            .summary("What erasing a contact would take away, and what would stay; for who works with personal data")
            .answers(200, "SubjectPreview"),
        route!(post "/personal-data/subjects/{id}/erase" erase_subject)
            .summary("Erases the personal data of a contact for good, in a job; it cannot be taken back")
            .retryable()
            .body("EraseInput")
            .answers(202, "JobAnswer"),
        route!(post "/personal-data/subjects/{id}/restrict" restrict_subject)
            .summary("Restricts the use of a contact: it is kept, and nobody but who works with personal data sees it")
            .retryable()
            .body("RestrictInput")
            .answers(200, "RestrictionAnswer"),
        route!(post "/personal-data/subjects/{id}/lift-restriction" lift_subject_restriction)
            .summary("Lets a restricted contact be used again")
            .retryable()
            .body("LiftInput")
            .answers(200, "RestrictionAnswer"),
        route!(get "/personal-data/subjects/{id}/consents" list_consents)
            .summary("What a contact has consented to, purpose by purpose")
            .answers(200, "ConsentList"),
        route!(post "/personal-data/subjects/{id}/consents" create_consent)
            .summary("Records a consent of a contact or its withdrawal; it is never changed")
            .retryable()
            .body("ConsentInput")
            .answers(201, "ConsentAnswer"),
        route!(post "/personal-data/subjects/{id}/export" export_subject)
            .summary("Gathers everything about a contact into an archive, in a job; the file is that of an export")
            .retryable()
            .answers(202, "JobAnswer"),
        route!(get "/personal-data/acts" list_destruction_acts)
            .summary("Acts of destruction, newest first")
            .query(&[Parameter::integer("limit"), Parameter::integer("before")])
            .answers(200, "DestructionActPage"),
        route!(get "/personal-data/acts/{id}" get_destruction_act)
            .summary("One act of destruction")
            .answers(200, "DestructionAct"),
        route!(get "/personal-data/acts/{id}/page" get_destruction_act_page)
            .summary("An act of destruction as a page to be printed, in the language of the reader")
            .lasting()
            .answers_with(Content::Bytes),
        route!(get "/personal-data/map" get_data_map)
            .summary("Where personal data is kept, for how long, and what an erasure makes of it")
            .answers(200, "DataMap"),
    ]
}

async fn get_subject(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let (snapshot, context) = (engine.snapshot(), caller.context(engine));
            let preview = engine.database().read(|tx| erase::preview(tx, &snapshot, &context, id))?;
            Ok(Answer::ok(&preview))
        })
        .await
}

async fn erase_subject(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Command { body, retry }: Command<EraseRequest>,
) -> Result<Answer> {
    state
        .write(caller, retry, move |Work { tx, snapshot, context }| {
            let job = erase::start(tx, snapshot, context, id, &body)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, job)? })))
        })
        .await
}

async fn export_subject(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let new = subject_export::prepare(tx, snapshot, context, id)?;
            let job = exchange::enqueue_export(tx, context, &new)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, job)? })))
        })
        .await
}

async fn restrict_subject(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Command { body, retry }: Command<Restrict>,
) -> Result<Answer> {
    state
        .write(caller, retry, move |Work { tx, snapshot, context }| {
            let operation = restriction::restrict(tx, snapshot, context, id, &body)?;
            Ok(Answer::ok(&json!({ "operation_id": operation })))
        })
        .await
}

async fn lift_subject_restriction(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Command { body, retry }: Command<Lift>,
) -> Result<Answer> {
    state
        .write(caller, retry, move |Work { tx, snapshot, context }| {
            let operation = restriction::lift(tx, snapshot, context, id, &body)?;
            Ok(Answer::ok(&json!({ "operation_id": operation })))
        })
        .await
}

async fn list_consents(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let (snapshot, context) = (engine.snapshot(), caller.context(engine));
            let shown = engine.database().read(|tx| consents::present(tx, &snapshot, &context, id))?;
            Ok(Answer::ok(&shown))
        })
        .await
}

async fn create_consent(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    Command { body, retry }: Command<NewConsent>,
) -> Result<Answer> {
    state
        .write(caller, retry, move |Work { tx, snapshot, context }| {
            let (consent, operation) = consents::record_consent(tx, snapshot, context, id, &body)?;
            Ok(Answer::created(&json!({ "id": consent, "operation_id": operation })))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActParams {
    limit: Option<usize>,
    before: Option<i64>,
}

async fn list_destruction_acts(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<ActParams>,
) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, MAX_LIMIT)?;
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let (items, next) = engine.database().read(|tx| acts::list(tx, &context, params.before, limit))?;
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": next.map(|id| id.to_string()) })))
        })
        .await
}

async fn get_destruction_act(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let act = engine.database().read(|tx| acts::find(tx, &context, id))?;
            Ok(Answer::ok(&acts::present(id, &act)))
        })
        .await
}

async fn get_destruction_act_page(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response> {
    let written = Incoming::fresh(&state);
    let (written, name) = state
        .run(move |engine| {
            let context = caller.context(engine);
            let act = engine.database().read(|tx| acts::find(tx, &context, id))?;
            std::fs::write(written.path(), acts::act_page(&act, &engine.snapshot().catalog, &context.language))?;
            Ok((written, format!("act-{}.html", act.number)))
        })
        .await?;
    attachment(written.path(), &name, "text/html; charset=utf-8").await
}

async fn get_data_map(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            ensure_manager(&context)?;
            Ok(Answer::ok(&data_map::describe(&engine.snapshot().catalog, &context.language)))
        })
        .await
}
