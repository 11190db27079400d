//! Writing records: create, change, delete, restore, and the start of bulk jobs.

use axum::extract::State;
use modules::erased_addresses;
use record_engine::bulk::{Bulk, BulkAction, CreateForEach, Selection};
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::error::FieldConflict;
use record_engine::field_types::FieldKind;
use record_engine::query::present::{References, Titles};
use record_engine::write::{Change, Outcome, apply_one, apply_prepared_one, prepare};
use record_engine::{Engine, EngineError, FieldError, RequestContext, Values, catalog, context, jobs, query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::jobs::present_job;
use super::record_lists::{Filter, present_one};
use crate::error::{ApiError, Result};
use crate::extract::{Caller, Command, IfMatch, Nothing, Params, Path};
use crate::idempotency::Retry;
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

/// Most ids of one bulk request; more are chosen by a filter.
const MAX_BULK_IDS: usize = 100_000;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/records/{type}" create_record)
            .summary("Creates a record")
            .retryable()
            .query(&[Parameter::flag("check_only")])
            .body("RecordInput")
            .answers(201, "WriteAnswer")
            .or_answers(200, "WriteAnswer", "Checked, as asked: nothing was saved, and there is no record"),
        route!(patch "/records/{type}/{id}" update_record)
            .summary("Changes the given fields of a record")
            .retryable()
            .versioned()
            .body("RecordInput")
            .answers(200, "WriteAnswer"),
        route!(delete "/records/{type}/{id}" delete_record)
            .summary("Moves a record to the trash")
            .retryable()
            .versioned()
            .answers(200, "DeleteAnswer"),
        route!(post "/records/{type}/{id}/restore" restore_record)
            .summary("Takes a record out of the trash")
            .retryable()
            .answers(200, "WriteAnswer"),
        route!(post "/records/{type}/for-each" create_for_each)
            .summary("Makes one equal record for each of many others, in a job")
            .retryable()
            .body("ForEachInput")
            .answers(202, "JobAnswer"),
        route!(post "/records/{type}/bulk" bulk_records)
            .summary("Changes, deletes or restores many records in a job")
            .retryable()
            .body("BulkInput")
            .answers(202, "JobAnswer"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordInput {
    values: Values,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateParams {
    #[serde(default)]
    check_only: bool,
}

async fn create_record(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Params(params): Params<CreateParams>,
    command: Command<RecordInput>,
) -> Result<Answer> {
    let values = command.body.values;
    if params.check_only {
        return check_record(state, caller, type_name, values).await;
    }
    let change = Change::Create { values };
    write_one(state, caller, command.retry, type_name, change, Answer::created).await
}

/// All checks of a create, without the record.
async fn check_record(state: ApiState, caller: Caller, type_name: String, values: Values) -> Result<Answer> {
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let object_type = snapshot.object_type(&type_name)?;
            let writer = record_engine::write::Writer { is_rehearsal: true, ..snapshot.writer() };
            engine
                .database()
                .write(|tx| apply_one(tx, writer, &context, &object_type, Change::Create { values: values.clone() }))?;
            let tidy = tidied(&snapshot, &object_type, values);
            let warnings = engine.database().read(|tx| warnings(tx, engine, &object_type, &tidy, None))?;
            Ok(Answer::ok(&with_warnings(json!({ "record": null, "operation_id": null }), warnings)))
        })
        .await
}

async fn update_record(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, id)): Path<(String, i64)>,
    IfMatch(base_version): IfMatch,
    command: Command<RecordInput>,
) -> Result<Answer> {
    let values = command.body.values;
    let reader = caller.clone();
    let type_of_conflict = type_name.clone();
    let change = Change::Update { id, base_version, values };
    match write_one(state.clone(), caller, command.retry, type_name, change, Answer::ok).await {
        Err(ApiError::Engine(EngineError::Conflict { version, fields })) => {
            let problem = state.run(move |engine| {
                present_conflict(engine, &reader.context(engine), &type_of_conflict, version, &fields)
            });
            Err(problem.await?.into())
        }
        other => other,
    }
}

async fn delete_record(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, id)): Path<(String, i64)>,
    IfMatch(base_version): IfMatch,
    command: Command<Nothing>,
) -> Result<Answer> {
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let object_type = snapshot.object_type(&type_name)?;
            let change = Change::Delete { id, base_version };
            let (_, operation_id) = apply_one(tx, snapshot.writer(), context, &object_type, change)?;
            Ok(Answer::ok(&json!({ "operation_id": operation_id })))
        })
        .await
}

async fn restore_record(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, id)): Path<(String, i64)>,
    command: Command<Nothing>,
) -> Result<Answer> {
    write_one(state, caller, command.retry, type_name, Change::Restore { id }, Answer::ok).await
}

/// Applies a change and answers the record as it stands then; `null` when the writer does not see it any more.
async fn write_one(
    state: ApiState,
    caller: Caller,
    retry: Retry,
    type_name: String,
    change: Change,
    answer: fn(&Json) -> Answer,
) -> Result<Answer> {
    let engine = state.engine().clone();
    let (written, id_before): (Vec<String>, Option<i64>) = match &change {
        Change::Create { values } => (values.keys().cloned().collect(), None),
        Change::Update { id, values, .. } => (values.keys().cloned().collect(), Some(*id)),
        _ => (Vec::new(), None),
    };
    let prepare = move |snapshot: &Snapshot, context: &RequestContext| {
        let object_type = snapshot.object_type(&type_name)?;
        let prepared = prepare(snapshot.writer(), context, &object_type, vec![change])?;
        Ok((object_type, prepared))
    };
    state
        .write_prepared(caller, retry, prepare, move |(object_type, prepared), Work { tx, snapshot, context }| {
            let is_channels = |name: &String| {
                object_type.field(name).is_some_and(|field| matches!(field.kind, FieldKind::Channels(_)))
            };
            let tells_addresses = written.iter().any(is_channels);
            let before = match id_before.filter(|_| tells_addresses) {
                Some(id) => query::get(tx, context, object_type, id)?,
                None => None,
            };
            let (outcome, operation_id) =
                apply_prepared_one(tx, snapshot.writer(), context, object_type, prepared.clone())?;
            let record = present_one(tx, context, &snapshot.catalog, object_type, outcome.id())?.unwrap_or_default();
            let mut body = json!({ "record": record, "operation_id": operation_id });
            if let Outcome::Created(id) = outcome {
                let in_trash = in_trash(tx, context, object_type, id)?;
                if let Some(body) = body.as_object_mut().filter(|_| !in_trash.is_empty()) {
                    body.insert("in_trash".into(), Json::Array(in_trash));
                }
            }
            if tells_addresses {
                let after = query::get(tx, context, object_type, outcome.id())?.map(|record| record.values);
                let before = before.map(|record| record.values);
                let found = warnings(tx, &engine, object_type, &after.unwrap_or_default(), before.as_ref())?;
                body = with_warnings(body, found);
            }
            Ok(answer(&body).tagged(&record))
        })
        .await
}

/// What is to be thought of in a record as it was written: addresses of somebody who was erased at his request. It is done all the same.
fn warnings(
    tx: &mut dyn database::Query,
    engine: &Engine,
    object_type: &ObjectType,
    after: &Values,
    before: Option<&Values>,
) -> Result<Vec<Json>, EngineError> {
    let found = erased_addresses::find(tx, engine.vault(), object_type, &[(after, before)])?;
    let warning = |one: erased_addresses::Listed| json!({ "code": erased_addresses::CODE, "field": one.field, "place": one.at, "display": one.display });
    Ok(found.into_iter().flatten().map(warning).collect())
}

fn with_warnings(mut body: Json, warnings: Vec<Json>) -> Json {
    if let Some(members) = body.as_object_mut().filter(|_| !warnings.is_empty()) {
        members.insert("warnings".into(), Json::Array(warnings));
    }
    body
}

/// Values in the form in which they are stored; what cannot be read has been refused before.
fn tidied(snapshot: &Snapshot, object_type: &ObjectType, values: Values) -> Values {
    let tidy = |(name, value): (String, Json)| {
        let field = object_type.field(&name)?;
        let normalised = field.behaviour().normalise(field, &value, snapshot.writer().normalise).ok()?;
        Some((name, normalised))
    };
    values.into_iter().filter_map(tidy).collect()
}

/// Deleted records with a channel of a new one: perhaps one of them was meant. The trash frees its values, so this refuses nothing.
fn in_trash(
    tx: &mut dyn database::Query,
    context: &RequestContext,
    object_type: &ObjectType,
    id: i64,
) -> Result<Vec<Json>, EngineError> {
    let Some(record) = query::get(tx, context, object_type, id)? else { return Ok(Vec::new()) };
    let holders = query::trashed_holders(tx, context, object_type, &record)?;
    let shown = holders.into_iter().map(
        |holder| json!({ "id": holder.id, "title": holder.title, "field": holder.field, "display": holder.display }),
    );
    Ok(shown.collect())
}

/// What both sides did, in the shapes that clients read.
fn present_conflict(
    engine: &Engine,
    context: &RequestContext,
    type_name: &str,
    version: i64,
    conflicts: &[FieldConflict],
) -> Result<Problem> {
    let snapshot: Snapshot = engine.snapshot();
    let object_type = snapshot.object_type(type_name)?;
    let mut wanted = References::default();
    for conflict in conflicts {
        wanted.add_user(conflict.by);
        if let Some(field) = object_type.field(&conflict.field) {
            for value in [&conflict.yours, &conflict.theirs, &conflict.base] {
                wanted.add_value(field, value);
            }
        }
    }
    let errors = engine.database().read(|tx| {
        let titles = Titles::load(tx, context, &snapshot.catalog, &wanted)?;
        let mut errors = Vec::with_capacity(conflicts.len());
        for conflict in conflicts {
            let Some(field) = object_type.field(&conflict.field) else { continue };
            let by = conflict.by.map(|id| titles.reference(catalog::USER_TYPE, id));
            errors.push(
                FieldError::new(&conflict.field, "changed_meanwhile")
                    .with("yours", titles.value(field, &conflict.yours))
                    .with("theirs", titles.value(field, &conflict.theirs))
                    .with("base", titles.value(field, &conflict.base))
                    .with("by", by)
                    .with("at", context::instant_text(conflict.at_ms)),
            );
        }
        Ok::<_, EngineError>(errors)
    })?;
    Ok(Problem::new("version_conflict").with("version", version).errors(errors, "/values"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BulkInput {
    action: BulkAction,
    ids: Option<Vec<i64>>,
    filter: Option<Filter>,
    #[serde(default)]
    values: Values,
    #[serde(default)]
    add: Values,
    #[serde(default)]
    remove: Values,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ForEachInput {
    field: String,
    ids: Option<Vec<i64>>,
    filter: Option<Filter>,
    values: Values,
}

async fn create_for_each(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    command: Command<ForEachInput>,
) -> Result<Answer> {
    let ForEachInput { field, ids, filter, values } = command.body;
    let selection = selection_of(ids, filter)?;
    let work = CreateForEach { object_type: type_name, field, selection, values };
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let object_type = snapshot.object_type(&work.object_type)?;
            if object_type.field(&work.field).is_none_or(|field| field.kind.reference_target().is_none()) {
                return Err(Problem::field("field", "unknown_field").into());
            }
            let new = work.clone().into_job(snapshot, context)?;
            let id = jobs::enqueue(tx, context, &new)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, id)? })))
        })
        .await
}

/// What a job over many records is about: either ids or a filter.
///
/// # Errors
/// `too_many_values`, or `required` for an empty filter, for both and for neither.
pub(super) fn selection_of(ids: Option<Vec<i64>>, filter: Option<Filter>) -> Result<Selection> {
    let selection = match (ids, filter) {
        (Some(ids), None) if ids.len() > MAX_BULK_IDS => {
            return Err(Problem::invalid(
                vec![FieldError::new("ids", "too_many_values").with("max", MAX_BULK_IDS)],
                "",
            )
            .into());
        }
        (Some(ids), None) => Selection::Ids(ids),
        // An empty filter says nothing; who means everything writes `all`.
        (None, Some(filter)) if filter.is_empty() => return Err(Problem::field("filter", "required").into()),
        (None, Some(filter)) => Selection::Filter(filter.text()?),
        // Both would leave open which of them counts; neither must not mean "everything".
        _ => return Err(Problem::field("ids", "required").detail("give either ids or a filter").into()),
    };
    Ok(selection)
}

async fn bulk_records(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    command: Command<BulkInput>,
) -> Result<Answer> {
    let BulkInput { action, ids, filter, values, add, remove } = command.body;
    let is_empty = values.is_empty() && add.is_empty() && remove.is_empty();
    if (action == BulkAction::Update) == is_empty {
        return Err(Problem::field("values", if is_empty { "required" } else { "unknown_field" }).into());
    }
    let selection = selection_of(ids, filter)?;
    let bulk = Bulk { object_type: type_name, action, selection, values, add, remove };
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let new = bulk.clone().into_job(snapshot, context)?;
            let id = jobs::enqueue(tx, context, &new)?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, id)? })))
        })
        .await
}
