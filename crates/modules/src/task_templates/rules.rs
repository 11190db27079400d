//! Checks of the lines of templates.

use std::collections::BTreeMap;

use database::Query;
use record_engine::RequestContext;
use record_engine::catalog::Catalog;
use record_engine::error::{EngineError, FieldError};
use record_engine::field_types::FieldKind;
use record_engine::record::{Record, Values};
use record_engine::write::{Intent, Occasion, Proposal, Rules};
use serde_json::{Value as Json, json};

use super::moments::time_of;
use super::objects::{LINE_TYPE, TEMPLATE_TYPE};
use super::{MOST_LINES, MOST_STEPS, STEP_LENGTH};
use crate::tasks::TASK_TYPE;
use crate::whole::{WholeField, refuse_without_right};

/// What a line is part of.
const WHOLES: [WholeField; 1] = [("template", TEMPLATE_TYPE)];
/// The times of a line, with the unit that has none, and what they are without another word: a deadline ends the working day, work begins with it.
const TIMES: [[&str; 4]; 2] = [
    ["deadline_time", "deadline_unit", "deadline_offset", "18:00"],
    ["starts_time", "starts_unit", "starts_offset", "09:00"],
];

/// The rules of lines.
pub(super) struct LineRules;

impl Rules for LineRules {
    fn apply(&self, _: Occasion<'_>, _: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for [time, unit, offset, usual] in TIMES {
            if !after.contains_key(offset) || after.get(unit).and_then(Json::as_str) == Some("hour") {
                after.remove(time);
                continue;
            }
            if !after.contains_key(unit) {
                after.insert(unit.into(), json!("working_day"));
            }
            match after.get(time).and_then(Json::as_str).map(time_of) {
                None => drop(after.insert(time.into(), json!(usual))),
                Some(Some(read)) => drop(after.insert(time.into(), json!(read.strftime("%H:%M").to_string()))),
                Some(None) => errors.push(FieldError::new(time, "not_a_time")),
            }
        }
        if after.get("responsible_role").and_then(Json::as_str) != Some("user") {
            after.remove("responsible");
        }
        let number = |values: &Values, field: &str| values.get(field).and_then(Json::as_f64);
        if let (Some(starts), Some(deadline)) = (number(after, "starts_offset"), number(after, "deadline_offset"))
            && after.get("starts_unit") == after.get("deadline_unit")
            && starts > deadline
        {
            errors.push(FieldError::new("starts_offset", "after_deadline"));
        }
        let steps = steps_of(after);
        if steps.len() > MOST_STEPS {
            errors.push(FieldError::new("checklist", "too_many_values").with("max", MOST_STEPS));
        } else if steps.iter().any(|step| step.chars().count() > STEP_LENGTH) {
            errors.push(FieldError::new("checklist", "too_long").with("max", STEP_LENGTH));
        }
        errors
    }

    fn check_values(&self, catalog: &Catalog, proposal: &Proposal<'_>) -> Vec<FieldError> {
        let is_unknown = |field: &&str| match proposal.after.get(*field).and_then(Json::as_str) {
            Some(key) => !is_option(catalog, field, key),
            None => false,
        };
        // What stood there before may be an option that is gone; the task does without it.
        let is_new =
            |field: &&str| proposal.before.is_none_or(|before| before.values.get(*field) != proposal.after.get(*field));
        let fields = ["category", "reminder"].into_iter().filter(is_new).filter(is_unknown);
        fields.map(|field| FieldError::new(field, "unknown_option")).collect()
    }

    fn check_batch(
        &self,
        tx: &mut dyn Query,
        catalog: &Catalog,
        context: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>, EngineError> {
        let mut refused = refuse_without_right(tx, catalog, context, &WHOLES, proposals)?;
        let mut lines: BTreeMap<i64, i64> = BTreeMap::new();
        for (place, one) in proposals.iter().enumerate().filter(|(_, one)| one.intent != Intent::Delete) {
            let template = one.after.get("template").and_then(Json::as_i64);
            let stands = |record: &&Record| record.deleted_at.is_none() && one.intent == Intent::Update;
            let stood = one.before.filter(stands).and_then(|record| record.value("template").as_i64());
            let Some(template) = template.filter(|template| stood != Some(*template)) else { continue };
            let count = match lines.get(&template) {
                Some(known) => *known,
                None => {
                    let sql = format!("SELECT COUNT(*) FROM {LINE_TYPE} WHERE template = ? AND deleted_at IS NULL");
                    tx.query_one(&sql, &[template.into()])?.integer(0)?
                }
            };
            let is_full = usize::try_from(count).is_ok_and(|count| count >= MOST_LINES);
            if is_full && !refused.iter().any(|(at, _)| *at == place) {
                let error = FieldError::new("template", "too_many_lines").with("max", MOST_LINES);
                refused.push((place, EngineError::field(error)));
            } else {
                lines.insert(template, count + 1);
            }
        }
        Ok(refused)
    }
}

/// Whether a choice field of tasks has such an option.
pub(super) fn is_option(catalog: &Catalog, field: &str, key: &str) -> bool {
    let field = catalog.object_type(TASK_TYPE).and_then(|tasks| tasks.field(field));
    match field.map(|field| &field.kind) {
        Some(FieldKind::Choice(settings)) => {
            settings.options.iter().any(|option| option.key == key && !option.is_retired)
        }
        _ => false,
    }
}

/// The steps of a line: its lines of text.
pub(super) fn steps_of(line: &Values) -> Vec<String> {
    let text = line.get("checklist").and_then(Json::as_str).unwrap_or_default();
    text.lines().map(str::trim).filter(|step| !step.is_empty()).map(String::from).collect()
}
