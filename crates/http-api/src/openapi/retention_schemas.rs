//! Schemas of the retention rules: the rules, what each would reach, what they did.

use serde_json::{Value as Json, json};

use super::{list_of, object};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let integer = || json!({ "type": "integer" });
    let flag = || json!({ "type": "boolean" });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let optional_instant = || json!({ "type": ["string", "null"], "format": "date-time" });
    let optional_integer = || json!({ "type": ["integer", "null"] });
    let action = || json!({ "type": "string", "enum": ["trash", "erase"] });
    let run = || json!({ "anyOf": [{ "$ref": "#/components/schemas/RetentionRun" }, { "type": "null" }] });
    let input = json!({
        "name": text(), "object_type": text(), "filter": { "type": "string", "description": "In the filter language; empty for all." },
        "basis": { "type": "string", "enum": ["activity", "creation"] }, "period": integer(),
        "unit": { "type": "string", "enum": ["months", "days"] }, "action": action(),
    });
    let more = json!({
        "id": integer(), "is_active": flag(), "checked_at": optional_instant(), "cutoff": optional_instant(), "last_run": run(),
    });
    let members = [&input, &more].into_iter().filter_map(Json::as_object).flatten();
    let rule: Json =
        members.map(|(name, schema)| (name.clone(), schema.clone())).collect::<serde_json::Map<_, _>>().into();
    let named = ["name", "object_type", "basis", "period", "unit", "action"];
    let of_rule = [&named[..], &["filter", "id", "is_active", "checked_at", "cutoff", "last_run"]].concat();
    let left = || {
        let why = ["held", "restricted", "staff", "blocked"];
        object(&why, json!({ "held": integer(), "restricted": integer(), "staff": integer(), "blocked": integer() }))
    };
    let of_type = json!({ "name": text(), "label": { "type": ["string", "null"] }, "can_be_erased": flag() });
    let example = json!({ "id": integer(), "title": text(), "created_at": instant(), "updated_at": instant() });
    [
        ("RetentionRuleInput", object(&named, input)),
        ("RetentionRule", object(&of_rule, rule)),
        ("RetentionType", object(&["name", "label", "can_be_erased"], of_type)),
        (
            "RetentionRules",
            object(&["items", "types"], json!({ "items": list_of("RetentionRule"), "types": list_of("RetentionType") })),
        ),
        ("RetentionSwitch", object(&["is_active"], json!({ "is_active": flag() }))),
        ("RetentionExample", object(&["id", "title", "created_at", "updated_at"], example)),
        (
            "RetentionReach",
            object(
                &["count", "is_capped", "left", "examples", "cutoff", "list_filter"],
                json!({
                    "count": integer(), "is_capped": flag(), "left": left(), "examples": list_of("RetentionExample"), "cutoff": instant(),
                    "list_filter": { "type": "string", "description": "Shows the same records in a list, with those that something keeps." },
                }),
            ),
        ),
        (
            "RetentionRun",
            object(
                &["id", "rule_id", "name", "action", "started_at", "finished_at", "done", "left", "is_complete", "operation_id"],
                json!({
                    "id": integer(), "rule_id": integer(), "name": text(), "action": action(), "started_at": instant(),
                    "finished_at": optional_instant(), "done": integer(), "left": left(),
                    "is_complete": { "type": "boolean", "description": "Nothing was left for the next night." }, "operation_id": optional_integer(),
                }),
            ),
        ),
        ("RetentionRuns", object(&["items"], json!({ "items": list_of("RetentionRun") }))),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .to_vec()
}
