//! Schemas of the templates of tasks.

use serde_json::{Value as Json, json};

use super::{list_of, object, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let integer = || json!({ "type": "integer" });
    let optional_text = || json!({ "type": ["string", "null"] });
    let optional_instant = || json!({ "type": ["string", "null"], "format": "date-time" });
    let record_type = || json!({ "type": "string", "enum": ["contact", "deal", "event"] });
    let date = || json!({ "type": "string", "description": "The day that lines count from which count from a chosen date, `2026-12-24` or `2026-12-24T18:00`, in the time zone of the caller." });
    let left_out = || json!({ "type": "array", "items": { "type": "integer" }, "description": "Lines of the template that make nothing." });
    let ids = json!({ "type": "array", "items": { "type": "integer" }, "maxItems": 100_000 });
    let filter = json!({ "description": "In the text or the JSON form of the filter language." });
    let task = json!({
        "line": integer(), "title": text(), "category": optional_text(), "starts_at": optional_instant(), "deadline": optional_instant(),
        "description": optional_text(),
        "responsible": { "anyOf": [reference("Reference"), { "type": "null" }], "description": "Null while it depends on a record that is not named." },
        "checklist": { "type": "array", "items": { "type": "string" } },
    });
    let used = json!({ "task_ids": { "type": "array", "items": { "type": "integer" } }, "operation_id": { "type": ["integer", "null"] } });
    [
        (
            "TemplatePlan",
            object(
                &["needs_date", "tasks"],
                json!({ "needs_date": { "type": "boolean" }, "tasks": list_of("PlannedTask") }),
            ),
        ),
        (
            "PlannedTask",
            object(
                &["line", "title", "category", "starts_at", "deadline", "description", "responsible", "checklist"],
                task,
            ),
        ),
        (
            "TemplateUse",
            object(
                &[],
                json!({ "record_type": record_type(), "record": integer(), "date": date(), "left_out": left_out() }),
            ),
        ),
        ("TemplateUsed", object(&["task_ids", "operation_id"], used)),
        (
            "TemplateForEach",
            object(
                &["record_type"],
                json!({ "record_type": record_type(), "ids": ids, "filter": filter, "date": date(), "left_out": left_out() }),
            ),
        ),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .to_vec()
}
