//! Work schedules and the holidays of the company: what they are as records, and the rules for them.
//!
//! What must stay true: what is stored can be read as hours; a schedule that somebody has does not go; who keeps the users, but is no administrator,
//! does not open his own hours; whoever changes them makes every process, and every open page, look again who may still work.

use database::{Query, Tx};
use jiff::tz::TimeZone;
use record_engine::access::Feature;
use record_engine::audit::Kind;
use record_engine::catalog::{Catalog, FieldDefinition, HOLIDAY_TYPE, ObjectTypeDefinition, SCHEDULE_TYPE};
use record_engine::field_types::{FieldKind, NumberSettings, TextSettings};
use record_engine::write::{Intent, Occasion, Operation, Proposal, Rules};
use record_engine::{EngineError, FieldError, RequestContext, Values};
use serde_json::{Value as Json, json};

use crate::audit::tell_of_records;
use crate::hours::plan::{read_plan, read_spans};
use crate::object_type::TIME_ZONE_LENGTH;
use crate::roles::kept_by;

/// Longest name, in characters.
const NAME_LENGTH: usize = 100;
/// Longest JSON of hours, in characters.
const HOURS_LENGTH: usize = 40_000;
/// Most minutes of grace.
const MOST_GRACE: f64 = 240.0;

/// Work schedules.
pub(crate) fn schedule_type() -> ObjectTypeDefinition {
    let field = FieldDefinition::new;
    let text = |max_length| FieldKind::Text(TextSettings { max_length });
    let minutes = || {
        FieldKind::Number(NumberSettings { minimum: Some(0.0), maximum: Some(MOST_GRACE), ..NumberSettings::default() })
    };
    ObjectTypeDefinition {
        name: SCHEDULE_TYPE,
        labels: ["Work schedule", "Рабочий график", "Робочий графік"],
        labels_plural: ["Work schedules", "Рабочие графики", "Робочі графіки"],
        icon: "calendar-time",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: vec![
            field("name", ["Name", "Название", "Назва"], text(NAME_LENGTH)).required().indexed().searched(),
            field("hours", ["Hours", "Часы", "Години"], FieldKind::LongText(TextSettings { max_length: HOURS_LENGTH }))
                .required(),
            field("time_zone", ["Time zone", "Часовой пояс", "Часовий пояс"], text(TIME_ZONE_LENGTH)),
            field(
                "observes_holidays",
                ["Holidays are days off", "Праздники — выходные", "Свята — вихідні"],
                FieldKind::Checkbox,
            )
            .default(true),
            field("minutes_before", ["Minutes before", "Минут до начала", "Хвилин до початку"], minutes()).default(0),
            field("minutes_after", ["Minutes after", "Минут после конца", "Хвилин після кінця"], minutes()).default(0),
        ],
        sections: Vec::new(),
        default_columns: &["name"],
        default_sort: "name",
        membership: None,
        done_by: None,
        part_of: &[],
        access: kept_by(Feature::Users, &[]),
        rules: &ScheduleRules,
    }
}

/// Days on which the company works otherwise.
pub(crate) fn holiday_type() -> ObjectTypeDefinition {
    let field = FieldDefinition::new;
    ObjectTypeDefinition {
        name: HOLIDAY_TYPE,
        labels: ["Holiday", "Праздник", "Свято"],
        labels_plural: ["Holidays", "Праздники", "Свята"],
        icon: "calendar-off",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: vec![
            field("name", ["Name", "Название", "Назва"], FieldKind::Text(TextSettings { max_length: NAME_LENGTH }))
                .required()
                .searched(),
            field("date", ["Date", "Дата", "Дата"], FieldKind::Date).required().indexed(),
            field("is_yearly", ["Every year", "Каждый год", "Щороку"], FieldKind::Checkbox).default(false),
            field("hours", ["Hours", "Часы", "Години"], FieldKind::LongText(TextSettings { max_length: HOURS_LENGTH })),
        ],
        sections: Vec::new(),
        default_columns: &["date", "name", "is_yearly"],
        default_sort: "date",
        membership: None,
        done_by: None,
        part_of: &[],
        access: kept_by(Feature::Users, &[]),
        rules: &HolidayRules,
    }
}

/// Reads a text of hours, and puts it back in its one spelling; empty stays empty.
pub(crate) fn normalise<T: serde::Serialize>(
    after: &mut Values,
    field: &str,
    read: impl Fn(&str) -> Result<T, FieldError>,
) -> Vec<FieldError> {
    let Some(text) = after.get(field).and_then(Json::as_str) else { return Vec::new() };
    match read(text) {
        Err(error) => vec![error],
        Ok(value) => {
            after.insert(field.into(), json!(serde_json::to_string(&value).unwrap_or_default()));
            Vec::new()
        }
    }
}

/// See the module.
struct ScheduleRules;

impl Rules for ScheduleRules {
    fn apply(&self, _: Occasion<'_>, _: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let mut errors = normalise(after, "hours", read_plan);
        if let Some(zone) = after.get("time_zone").and_then(Json::as_str)
            && TimeZone::get(zone).is_err()
        {
            errors.push(FieldError::new("time_zone", "unknown_time_zone").with("value", zone));
        }
        errors
    }

    fn check_batch(
        &self,
        tx: &mut dyn Query,
        _: &Catalog,
        context: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>, EngineError> {
        const HELD: &str = "SELECT 1 FROM \"user\" WHERE schedule = ? AND deleted_at IS NULL LIMIT 1";
        const OWN: &str = "SELECT 1 FROM \"user\" WHERE schedule = ? AND id = ?";
        let mut refused = Vec::new();
        for (place, proposal) in proposals.iter().enumerate() {
            let Some(id) = proposal.id else { continue };
            if proposal.intent == Intent::Delete && tx.query_optional(HELD, &[id.into()])?.is_some() {
                refused.push((place, EngineError::State("schedule_in_use")));
            } else if let Some(actor) = context.actor.user_id().filter(|_| !context.is_administrator())
                && tx.query_optional(OWN, &[id.into(), actor.into()])?.is_some()
            {
                refused.push((place, EngineError::State("own_schedule")));
            }
        }
        Ok(refused)
    }

    fn follow_batch(
        &self,
        tx: &mut Tx,
        context: &RequestContext,
        _: &Operation,
        proposals: &[Proposal<'_>],
    ) -> Result<(), EngineError> {
        tell_of_records(tx, context, Kind::ScheduleChanged, SCHEDULE_TYPE, proposals);
        Ok(())
    }

    fn announces(&self, _: &[Proposal<'_>]) -> bool {
        true
    }
}

/// See the module.
struct HolidayRules;

impl Rules for HolidayRules {
    fn apply(&self, _: Occasion<'_>, _: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        normalise(after, "hours", |text| read_spans("hours", text))
    }

    fn follow_batch(
        &self,
        tx: &mut Tx,
        context: &RequestContext,
        _: &Operation,
        proposals: &[Proposal<'_>],
    ) -> Result<(), EngineError> {
        tell_of_records(tx, context, Kind::ScheduleChanged, HOLIDAY_TYPE, proposals);
        Ok(())
    }

    fn announces(&self, _: &[Proposal<'_>]) -> bool {
        true
    }
}
