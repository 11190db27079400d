//! The catalog: what there is, and the fields that administrators add.

use std::sync::Arc;

use axum::extract::State;
use record_engine::access::Feature;
use record_engine::catalog::{self, FieldChange, Labels, Layout, NewField};
use record_engine::engine::Snapshot;
use record_engine::field_types::FieldKind;
use record_engine::index_job::{self, index_job};
use record_engine::{EngineError, FieldError, jobs};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as JsonValue, json};

use super::jobs::present_job;
use crate::error::{ApiError, Result};
use crate::extract::{Caller, Command, Json, Nothing, Params, Path};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/catalog" get_catalog)
            .summary("Object types and fields, as far as the caller may know them; an administrator may look as another role does")
            .query(&[Parameter::integer("as_role")])
            .answers(200, "Catalog"),
        route!(post "/catalog/{type}/fields" create_field)
            .summary("Adds a field while the system works; for administrators")
            .body("FieldInput")
            .retryable()
            .answers(201, "Field"),
        route!(patch "/catalog/{type}/fields/{field}" update_field)
            .summary("Renames or retires a field, changes its settings; for administrators")
            .body("FieldChange")
            .answers(200, "Field"),
        route!(put "/catalog/{type}/layout" replace_layout)
            .summary("Arranges the card of a type: blocks, their fields, pop-up, names of sections; for administrators")
            .body("Layout")
            .answers(200, "ChangedLayout"),
        route!(post "/catalog/{type}/fields/{field}/index" index_field)
            .summary("Builds the index of a field in a job; for administrators")
            .retryable()
            .answers(202, "JobAnswer"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogParams {
    as_role: Option<i64>,
}

async fn get_catalog(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<CatalogParams>,
) -> Result<Answer> {
    let mut context = caller.context(state.engine());
    if let Some(role) = params.as_role {
        if !context.may(Feature::Fields) {
            return Err(EngineError::Forbidden.into());
        }
        let access = state.run(move |engine| Ok(engine.database().read(|tx| identity::access_of_role(tx, role))?));
        context.access = Arc::new(access.await?);
    }
    Ok(Answer::ok(&state.engine().snapshot().catalog.describe(&context)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldInput {
    labels: Labels,
    kind: String,
    #[serde(default)]
    settings: Map<String, JsonValue>,
    group: Option<String>,
    #[serde(default)]
    is_required: bool,
}

async fn create_field(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Command { body, retry }: Command<FieldInput>,
) -> Result<Answer> {
    let kind = field_kind(&body.kind, body.settings)?;
    let new = NewField { labels: body.labels, kind, group: body.group, is_required: body.is_required };
    state
        .run(move |engine| {
            let context = caller.context(engine);
            engine.change_catalog(&context, |tx, snapshot| {
                retry.once(tx, engine.vault(), &context, |tx| {
                    let object_type = snapshot.object_type(&type_name)?;
                    let name =
                        catalog::add_field(tx, &snapshot.catalog, &object_type, &new).map_err(name_field_errors)?;
                    Ok(Answer::created(&describe(&engine.load(tx)?, &type_name, &name)?))
                })
            })
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldChangeInput {
    labels: Option<Labels>,
    settings: Option<Map<String, JsonValue>>,
    group: Option<String>,
    is_required: Option<bool>,
    is_retired: Option<bool>,
    /// `null` is a value here: none.
    #[serde(default, deserialize_with = "given")]
    default: Option<JsonValue>,
    shown_if: Option<String>,
    required_if: Option<String>,
    hint: Option<Labels>,
}

fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<JsonValue>, D::Error> {
    JsonValue::deserialize(deserializer).map(Some)
}

async fn update_field(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, field_name)): Path<(String, String)>,
    Json(input): Json<FieldChangeInput>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let object_type = engine.snapshot().object_type(&type_name)?;
            let field = object_type.field(&field_name).filter(|field| !field.is_system).ok_or(EngineError::NotFound)?;
            let kind = input.settings.map(|settings| field_kind(field.kind.name(), settings)).transpose()?;
            let FieldChangeInput {
                labels,
                group,
                is_required,
                is_retired,
                default,
                shown_if,
                required_if,
                hint,
                settings: _,
            } = FieldChangeInput { settings: None, ..input };
            let change =
                FieldChange { labels, kind, group, is_required, is_retired, default, shown_if, required_if, hint };
            engine
                .change_field(&caller.context(engine), &type_name, &field_name, &change)
                .map_err(name_field_errors)?;
            Ok(Answer::ok(&describe(&engine.snapshot(), &type_name, &field_name)?))
        })
        .await
}

#[derive(Serialize)]
struct ChangedLayout<'a> {
    #[serde(flatten)]
    layout: &'a Layout,
    operation_id: Option<i64>,
}

async fn replace_layout(
    State(state): State<ApiState>,
    caller: Caller,
    Path(type_name): Path<String>,
    Json(layout): Json<Layout>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let ((), operation_id) = engine
                .change_catalog_noted(&context, |tx, snapshot| {
                    let object_type = snapshot.object_type(&type_name)?;
                    catalog::change_layout(tx, &context, &object_type, &layout)
                })
                .map_err(name_field_errors)?;
            let layout = &engine.snapshot().object_type(&type_name)?.layout;
            Ok(Answer::ok(&ChangedLayout { layout, operation_id }))
        })
        .await
}

async fn index_field(
    State(state): State<ApiState>,
    caller: Caller,
    Path((type_name, field_name)): Path<(String, String)>,
    command: Command<Nothing>,
) -> Result<Answer> {
    let engine = state.engine().clone();
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            if !context.may(Feature::Fields) {
                return Err(EngineError::Forbidden.into());
            }
            index_job::check(&engine, &type_name, &field_name)?;
            let id = jobs::enqueue(tx, context, &index_job(&type_name, &field_name))?;
            Ok(Answer::accepted(&json!({ "job": present_job(tx, snapshot, context, id)? })))
        })
        .await
}

/// A kind from its name and settings, as the registry of field types reads them.
fn field_kind(name: &str, settings: Map<String, JsonValue>) -> Result<FieldKind, Problem> {
    let is_empty = settings.is_empty();
    let with_settings = serde_json::from_value(json!({ "kind": name, "settings": settings }));
    // Kinds without settings know no such member.
    let read: Result<FieldKind, _> = if is_empty {
        with_settings.or_else(|_| serde_json::from_value(json!({ "kind": name })))
    } else {
        with_settings
    };
    read.map_err(|error| {
        let text = error.to_string();
        let (member, code) =
            if text.starts_with("unknown variant") { ("kind", "unknown_option") } else { ("settings", "wrong_type") };
        Problem::invalid(vec![FieldError::new(member, code)], "").detail(text)
    })
}

fn describe(snapshot: &Snapshot, type_name: &str, field_name: &str) -> Result<JsonValue, EngineError> {
    let object_type = snapshot.object_type(type_name)?;
    let field = object_type.field(field_name).ok_or(EngineError::NotFound)?;
    Ok(object_type.describe_field(field, !field.is_read_only))
}

/// The body of these requests has no `values`.
fn name_field_errors(error: EngineError) -> ApiError {
    match error {
        EngineError::Invalid(errors) => Problem::invalid(errors, "").into(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn kinds_are_read_with_and_without_settings() {
        let check = |name: &str, settings: JsonValue, is_known: bool| {
            let settings = settings.as_object().cloned().unwrap();
            assert_eq!(field_kind(name, settings).map(|kind| kind.name() == name).unwrap_or(false), is_known, "{name}");
        };
        check("checkbox", json!({}), true);
        check("date", json!({}), true);
        check("text", json!({ "max_length": 40 }), true);
        check("number", json!({ "decimals": 2 }), true);
        check("choice", json!({ "options": [{ "key": "a", "labels": { "en": "A" } }] }), true);
        check("reference", json!({ "target": "contact" }), true);
        check("spaceship", json!({}), false);
        check("number", json!({ "decimals": "two" }), false);
    }
}
