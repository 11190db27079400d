//! The audit log, for administrators.

use axum::extract::State;
use axum::response::Response;
use modules::audit as log;
use modules::exchange::{ExchangeError, TableFormat};
use record_engine::FieldError;
use record_engine::audit::retention::{self, AuditSettings};
use record_engine::audit::{AuditFilter, Cursor, Kind, MAX_LIMIT, Outcome};
use serde::Deserialize;
use serde_json::json;

use super::files::send_table;
use super::history::instant;
use super::record_lists::{check_length, checked_limit};
use crate::error::Result;
use crate::extract::{Caller, Json, Params};
use crate::problem::Problem;
use crate::response::Answer;
use crate::route::{Content, Parameter, Route, route};
use crate::state::ApiState;

const DEFAULT_LIMIT: usize = 100;

const FILTER: [Parameter; 9] = [
    Parameter::text("from"),
    Parameter::text("to"),
    Parameter::integer("person"),
    Parameter::text("kinds"),
    Parameter::text("outcome"),
    Parameter::text("type"),
    Parameter::integer("record"),
    Parameter::text("address"),
    Parameter::text("text"),
];

pub(super) fn routes() -> Vec<Route> {
    let page = [FILTER.as_slice(), &[Parameter::text("cursor"), Parameter::integer("limit")]].concat();
    vec![
        route!(get "/audit" list_audit_events)
            .summary("The audit log, newest first; for administrators")
            .query(&page)
            .answers(200, "AuditPage"),
        route!(get "/audit/file" get_audit_file)
            .summary("What a filter finds in the audit log as CSV; for administrators")
            .query(&FILTER)
            .lasting()
            .answers_with(Content::Bytes),
        route!(get "/audit/settings" get_audit_settings)
            .summary("How long the audit log is kept and whether views are told of; for administrators")
            .answers(200, "AuditSettings"),
        route!(put "/audit/settings" replace_audit_settings)
            .summary("Changes how the audit log is kept; for administrators")
            .body("AuditSettings")
            .answers(200, "AuditSettings"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuditParams {
    from: Option<String>,
    to: Option<String>,
    person: Option<i64>,
    kinds: Option<String>,
    outcome: Option<String>,
    #[serde(rename = "type")]
    object_type: Option<String>,
    record: Option<i64>,
    address: Option<String>,
    text: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

impl AuditParams {
    fn filter(&self) -> Result<AuditFilter> {
        let unknown = |name: &str, value: &str| {
            Problem::invalid(vec![FieldError::new(name, "unknown_option").with("value", value)], "")
        };
        check_length("text", self.text.as_deref())?;
        let mut kinds = Vec::new();
        for key in self.kinds.iter().flat_map(|keys| keys.split(',')).filter(|key| !key.is_empty()) {
            kinds.push(Kind::from_key(key).ok_or_else(|| unknown("kinds", key))?);
        }
        let outcome = match self.outcome.as_deref() {
            Some(key) => Some(Outcome::from_key(key).ok_or_else(|| unknown("outcome", key))?),
            None => None,
        };
        Ok(AuditFilter {
            from_ms: instant("from", self.from.as_deref())?,
            to_ms: instant("to", self.to.as_deref())?,
            person_id: self.person,
            kinds,
            outcome,
            object_type: self.object_type.clone(),
            record_id: self.record,
            address: self.address.as_deref().map(|text| text.trim().to_owned()),
            text: self.text.clone(),
            ..AuditFilter::default()
        })
    }

    fn behind(&self) -> Result<Option<Cursor>> {
        let Some(text) = &self.cursor else { return Ok(None) };
        Ok(Some(log::cursor_of(text).ok_or_else(|| Problem::field("cursor", "unknown_option"))?))
    }
}

async fn list_audit_events(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<AuditParams>,
) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, MAX_LIMIT)?;
    let (filter, behind) = (params.filter()?, params.behind()?);
    state
        .run(move |engine| Ok(Answer::ok(&log::read_page(engine, &caller.context(engine), &filter, behind, limit)?)))
        .await
}

async fn get_audit_file(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<AuditParams>,
) -> Result<Response> {
    let filter = params.filter()?;
    send_table(&state, TableFormat::Csv, "audit", move |engine, path| {
        log::write_file(engine, &caller.context(engine), &filter, path).map(drop)
    })
    .await
}

async fn get_audit_settings(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            log::check_access(&caller.context(engine))?;
            Ok(Answer::ok(&engine.database().read(|tx| retention::read_settings(tx))?))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsInput {
    retention_days: i64,
    records_views: bool,
}

async fn replace_audit_settings(
    State(state): State<ApiState>,
    caller: Caller,
    Json(input): Json<SettingsInput>,
) -> Result<Answer> {
    let SettingsInput { retention_days, records_views } = input;
    let changed = AuditSettings { retention_days, records_views };
    state
        .run(move |engine| {
            let context = caller.context(engine);
            log::check_access(&context)?;
            engine.write(|tx| retention::write_settings(tx, &context, changed)).map_err(ExchangeError::Engine)?;
            Ok(Answer::ok(&json!(changed)))
        })
        .await
}
